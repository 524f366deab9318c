package integration

import (
	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/internal/jsonwire"
	"github.com/talonone-go/talonone/internal/member"
)

// The models of this package report their errors as those of package talonone do.

func unmarshal[T any](m *member.Model[T], text []byte, v *T) error {
	if err := m.Unmarshal(text, v); err != nil {
		return &talonone.DecodeError{
			Path:   jsonwire.Pointer(text, err.Offset),
			Offset: int64(err.Offset),
			Err:    err,
		}
	}
	return nil
}

func appendJSON[T any](m *member.Model[T], dst []byte, v T) ([]byte, error) {
	dst, err := m.Append(dst, v)
	if err != nil {
		return dst, &talonone.EncodeError{Path: err.Path, Err: err}
	}
	return dst, nil
}

func marshal[T any](m *member.Model[T], v T) ([]byte, error) {
	text, err := m.Marshal(v)
	if err != nil {
		return nil, &talonone.EncodeError{Path: err.Path, Err: err}
	}
	return text, nil
}
