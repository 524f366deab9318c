// Package codec is the runtime of the generated code. It reads, writes, checks, compares and copies values of every kind that a
// member of a model can have. It does not depend on any model. The generated code (written by internal/gen, in files named
// *_gen.go) lists the members of each model.
//
// Each file depends only on those above it in this list:
//
//	shape.go    the names of a model's members
//	cache.go    what saves allocations while decoding
//	decoder.go  reading: objects, arrays, maps and the basic kinds
//	encoder.go  writing: the same kinds, and the path of an error
//	models.go   which types are models, for values of any type
//	any.go      JSON of any shape: read, write, compare, copy
//	reflect.go  values of other types, by reflection
//	equal.go    comparing the basic kinds
//	clone.go    copying the basic kinds
//	check.go    finding everything that cannot be written
//	model.go    what a model's methods call
//	sql.go      what the methods for database/sql call
package codec
