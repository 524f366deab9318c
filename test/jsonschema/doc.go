// Package jsonschema sees what a tool that knows nothing of the library makes of the tags of its structs.
package jsonschema
