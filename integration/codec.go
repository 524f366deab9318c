package integration

import (
	"fmt"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/internal/jsonwire"
	"github.com/talonone-go/talonone/internal/member"
)

// The models of this package report their errors as those of package talonone do. The functions are alike and not shared: the
// types of the errors are that package's, which exports no more than its users need, and no internal package may import it.

func unmarshal[T any](m *member.Model[T], text []byte, v *T) error {
	if v == nil {
		return errNilTarget()
	}
	return newDecodeError(text, m.Unmarshal(text, v))
}

func appendJSON[T any](m *member.Model[T], dst []byte, v T) ([]byte, error) {
	dst, err := m.Append(dst, v)
	return dst, newEncodeError(err)
}

func marshal[T any](m *member.Model[T], v T) ([]byte, error) {
	text, err := m.Marshal(v)
	return text, newEncodeError(err)
}

func newDecodeError(text []byte, err *jsonwire.Error) error {
	if err == nil {
		return nil
	}
	return &talonone.DecodeError{Path: jsonwire.Pointer(text, err.Offset), Offset: int64(err.Offset), Err: err}
}

func newEncodeError(err *member.EncodeError) error {
	if err == nil {
		return nil
	}
	return &talonone.EncodeError{Path: err.Path, Err: err}
}

func errNilTarget() error {
	return &talonone.DecodeError{Err: fmt.Errorf("%w: the target is a nil pointer", talonone.ErrWrongType)}
}
