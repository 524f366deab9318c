package talonone

//go:generate go run ./internal/gen

import (
	"fmt"

	"github.com/talonone-go/talonone/internal/codec"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// The reasons why JSON is refused. A [*DecodeError] or an [*EncodeError] wraps one of them.
var (
	// ErrSyntax is text that is not valid JSON by RFC 8259.
	ErrSyntax = jsonwire.ErrSyntax
	// ErrWrongType is a value whose type is not the member's, or a string without the expected content, such as a time.
	ErrWrongType = jsonwire.ErrWrongType
	// ErrOutOfRange is a number that a member cannot hold: an integer member with a fraction or out of its range, an amount of
	// more than 1024 characters in plain notation, a NaN or an infinity. It is also a time that RFC 3339 cannot express.
	ErrOutOfRange = jsonwire.ErrOutOfRange
	// ErrDuplicateName is a name that occurs twice in one object.
	ErrDuplicateName = jsonwire.ErrDuplicateName
	// ErrInvalidUTF8 is a string that is not valid UTF-8, or that has an escaped lone surrogate.
	ErrInvalidUTF8 = jsonwire.ErrInvalidUTF8
	// ErrTooDeep is nesting of more than 10,000 levels. A value that contains itself gives the same error.
	ErrTooDeep = jsonwire.ErrTooDeep
)

// A DecodeError says why JSON was refused, and where. Its text is for people and may change.
type DecodeError struct {
	// Path is a JSON Pointer (RFC 6901) to the bad value, such as "/cartItems/3/quantity".
	Path string
	// Offset is the position, from 0, of the first byte of the bad value or name, or of the byte that breaks the syntax.
	Offset int64
	// Err wraps one of [ErrSyntax], [ErrWrongType], [ErrOutOfRange], [ErrDuplicateName], [ErrInvalidUTF8] and
	// [ErrTooDeep].
	Err error
}

// Error names the location and the reason. It shows no text of the document except the byte that breaks the syntax.
func (e *DecodeError) Error() string {
	return fmt.Sprintf("talonone: decode %s at offset %d: %v", quotePath(e.Path), e.Offset, e.Err)
}

// Unwrap returns Err.
func (e *DecodeError) Unwrap() error { return e.Err }

// An EncodeError says why a value cannot be written as JSON, and where the value is. Its text is for people and may change.
type EncodeError struct {
	// Path is a JSON Pointer (RFC 6901) to the bad value, such as "/cartItems/3/attributes/color".
	Path string
	// Err wraps one of [ErrSyntax], [ErrWrongType], [ErrOutOfRange], [ErrDuplicateName], [ErrInvalidUTF8] and [ErrTooDeep], and
	// also the error of a MarshalJSON method of another package.
	Err error
}

// Error names the location and the reason.
func (e *EncodeError) Error() string {
	return fmt.Sprintf("talonone: encode %s: %v", quotePath(e.Path), e.Err)
}

// Unwrap returns Err.
func (e *EncodeError) Unwrap() error { return e.Err }

// Error texts show at most this many bytes of a path and of a value, because both come from the document or the caller.
const (
	maxPathText  = 256
	maxValueText = 64
)

func quotePath(path string) string { return quote(path, maxPathText) }

// quote returns at most the first max bytes of s in quotes.
func quote(s string, max int) string {
	if len(s) > max {
		return fmt.Sprintf("%q...", s[:max])
	}
	return fmt.Sprintf("%q", s)
}

// internal/codec creates these errors but cannot import this package, so it gets their constructors here.
func init() {
	codec.NewDecodeError = func(path string, offset int, err error) error {
		return &DecodeError{Path: path, Offset: int64(offset), Err: err}
	}
	codec.NewEncodeError = func(path string, err error) error { return &EncodeError{Path: path, Err: err} }
}
