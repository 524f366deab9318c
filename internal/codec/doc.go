// Package codec is the runtime of the generated code. It reads, writes, checks, compares and copies values of every kind that a
// member of a model can have. It does not depend on any model. The generated code (written by internal/gen, in files named
// *_gen.go) lists the members of each model.
//
// Each file depends only on those above it in this list:
//
//	shape.go    the names of a model's members
//	cache.go    what saves allocations while decoding
//	decoder.go  reading: objects, arrays, maps and the basic kinds
//	encoder.go  writing: the same kinds, and where an error is
//	models.go   which types are models, for those that stand in values of any type
//	free.go     JSON of any shape: read, write, compare, copy
//	foreign.go  values of types that are known to nobody here, by reflection
//	equal.go    comparing the basic kinds
//	clone.go    copying the basic kinds
//	check.go    finding everything that cannot be written
//	model.go    what a model's methods call
//	sql.go      what the methods for database/sql call
package codec
