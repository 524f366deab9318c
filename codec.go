package talonone

import (
	"encoding/json"
	"fmt"

	"github.com/talonone-go/talonone/internal/jsonwire"
	"github.com/talonone-go/talonone/internal/member"
)

// The reasons for which JSON is refused. A [*DecodeError] and an [*EncodeError] wrap one of them.
var (
	// ErrSyntax is text that is not JSON by RFC 8259.
	ErrSyntax = jsonwire.ErrSyntax
	// ErrWrongType is a value of another type than the member has, or a string that is not what it should hold.
	ErrWrongType = jsonwire.ErrWrongType
	// ErrOutOfRange is a number that a member cannot hold: an integer that is not integral or does not fit, an amount of
	// more than 1024 characters in plain notation, a NaN, an infinity; or a time that RFC 3339 does not have.
	ErrOutOfRange = jsonwire.ErrOutOfRange
	// ErrDuplicateName is a name that stands twice in one object.
	ErrDuplicateName = jsonwire.ErrDuplicateName
	// ErrInvalidUTF8 is a string that is not valid UTF-8, or that has a lone surrogate as an escape.
	ErrInvalidUTF8 = jsonwire.ErrInvalidUTF8
	// ErrTooDeep is nesting of more than 10,000 levels, which is also what a value looks like that contains itself.
	ErrTooDeep = jsonwire.ErrTooDeep
)

// A DecodeError says why JSON was refused, and where. Its text is for people and may change. A value may be read by several
// goroutines at once.
type DecodeError struct {
	// Path is a JSON Pointer (RFC 6901) to the bad value, such as "/cartItems/3/quantity".
	Path string
	// Offset is the position, from 0, of the first byte of the bad value or name, or of the byte that breaks the syntax.
	Offset int64
	// Err wraps one of [ErrSyntax], [ErrWrongType], [ErrOutOfRange], [ErrDuplicateName], [ErrInvalidUTF8] and
	// [ErrTooDeep].
	Err error
}

// Error names the place and the reason, and shows of the text at most the byte that breaks the syntax.
func (e *DecodeError) Error() string {
	return fmt.Sprintf("talonone: decode %s at offset %d: %v", quotePath(e.Path), e.Offset, e.Err)
}

// Unwrap returns Err.
func (e *DecodeError) Unwrap() error { return e.Err }

// An EncodeError says why a value cannot be written as JSON, and where it stands. Its text is for people and may change. A
// value may be read by several goroutines at once.
type EncodeError struct {
	// Path is a JSON Pointer (RFC 6901) to the bad value, such as "/cartItems/3/attributes/color".
	Path string
	// Err wraps one of [ErrSyntax], [ErrWrongType], [ErrOutOfRange], [ErrDuplicateName], [ErrInvalidUTF8] and
	// [ErrTooDeep], and also the error of a MarshalJSON that is not ours.
	Err error
}

// Error names the place and the reason.
func (e *EncodeError) Error() string {
	return fmt.Sprintf("talonone: encode %s: %v", quotePath(e.Path), e.Err)
}

// Unwrap returns Err.
func (e *EncodeError) Unwrap() error { return e.Err }

// How many bytes of a path and of a value an error's text shows: both come from the document or the caller.
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

func newDecodeError(text []byte, err *jsonwire.Error) error {
	if err == nil {
		return nil
	}
	return &DecodeError{Path: jsonwire.Pointer(text, err.Offset), Offset: int64(err.Offset), Err: err}
}

func newEncodeError(err *member.EncodeError) error {
	if err == nil {
		return nil
	}
	return &EncodeError{Path: err.Path, Err: err}
}

func unmarshal[T any](m *member.Model[T], text []byte, v *T) error {
	if v == nil {
		return errNilTarget()
	}
	return newDecodeError(text, m.Unmarshal(text, v))
}

func errNilTarget() error {
	return &DecodeError{Err: fmt.Errorf("%w: the target is a nil pointer", ErrWrongType)}
}

func appendJSON[T any](m *member.Model[T], dst []byte, v T) ([]byte, error) {
	dst, err := m.Append(dst, v)
	return dst, newEncodeError(err)
}

func marshal[T any](m *member.Model[T], v T) ([]byte, error) {
	text, err := m.Marshal(v)
	return text, newEncodeError(err)
}

// Every model has the same methods.
type model[T any] interface {
	json.Marshaler
	AppendJSON(dst []byte) ([]byte, error)
	Equal(other T) bool
	Clone() T
}

var (
	_ model[CustomerSessionV2]           = CustomerSessionV2{}
	_ model[CustomerSessionUpdate]       = CustomerSessionUpdate{}
	_ model[CartItem]                    = CartItem{}
	_ model[AdditionalCost]              = AdditionalCost{}
	_ model[Product]                     = Product{}
	_ model[PriceDetail]                 = PriceDetail{}
	_ model[ExperimentVariantAllocation] = ExperimentVariantAllocation{}
	_ model[Attributes]                  = Attributes{}
)
