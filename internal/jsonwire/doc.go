// Package jsonwire reads and writes the syntax of JSON (RFC 8259): tokens, strings, numbers and the location of an error. It
// does not depend on any model.
//
// Reading is strict: invalid syntax, invalid UTF-8, a lone surrogate, a duplicate name in an object and nesting beyond
// [MaxDepth] are errors. Numbers stay text until a caller asks for a value, and never pass through a float.
package jsonwire

import "errors"

// MaxDepth is the maximum nesting of arrays and objects. The outermost one is at depth 1.
const MaxDepth = 10_000

// MaxAmountLen is the maximum number of characters of an amount in plain notation, including sign and point.
const MaxAmountLen = 1024

// The reasons why a text or a value is refused.
var (
	ErrSyntax        = errors.New("malformed JSON")
	ErrWrongType     = errors.New("wrong type")
	ErrOutOfRange    = errors.New("out of range")
	ErrDuplicateName = errors.New("duplicate name")
	ErrInvalidUTF8   = errors.New("invalid UTF-8")
	ErrTooDeep       = errors.New("nested too deep")
)

// Error is an error at one byte of a text.
type Error struct {
	Offset int
	Reason error  // one of the sentinels of this package
	Detail string // what was expected or found; no text of the input

	missing string // the member that the object at Offset lacks
}

// Missing reports whether the object at Offset lacks a member.
func (e *Error) Missing() bool { return e.missing != "" }

// Pointer returns the JSON Pointer of the error in text, which must be the text that was read.
func (e *Error) Pointer(text []byte) string {
	p := Pointer(text, e.Offset)
	if e.missing != "" {
		p = string(AppendPointer([]byte(p), e.missing))
	}
	return p
}

func (e *Error) Error() string {
	if e.Detail == "" {
		return e.Reason.Error()
	}
	return e.Reason.Error() + ": " + e.Detail
}

func (e *Error) Unwrap() error { return e.Reason }
