// Package jsonwire reads and writes the syntax of JSON (RFC 8259): tokens, strings, numbers and the place of an error.
// It knows bytes and no model.
//
// Reading is strict: what the grammar does not allow, invalid UTF-8, a lone surrogate, a name given twice in one object
// and nesting beyond [MaxDepth] are errors. Numbers stay text until somebody asks, and never pass through a float.
package jsonwire

import "errors"

// MaxDepth is how deep arrays and objects may be nested. The outermost one is at depth 1.
const MaxDepth = 10_000

// MaxAmountLen is how many characters an amount may have in plain notation, its sign and point included.
const MaxAmountLen = 1024

// The reasons for which a text or a value is refused.
var (
	ErrSyntax        = errors.New("malformed JSON")
	ErrWrongType     = errors.New("wrong type")
	ErrOutOfRange    = errors.New("out of range")
	ErrDuplicateName = errors.New("duplicate name")
	ErrInvalidUTF8   = errors.New("invalid UTF-8")
	ErrTooDeep       = errors.New("nested too deep")
)

// Error is what is wrong at one byte of a text.
type Error struct {
	Offset int
	Reason error  // one of the sentinels of this package
	Detail string // what was expected or found; no text of the input

	missing string // the member that the object at Offset lacks
}

// Missing reports whether the object at Offset lacks a member.
func (e *Error) Missing() bool { return e.missing != "" }

// Pointer returns the JSON Pointer of the place in text, which must be the one that was read.
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
