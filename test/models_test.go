package test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// model is what every model of the package can do.
type model[T any] interface {
	json.Marshaler
	AppendJSON(dst []byte) ([]byte, error)
	Equal(other T) bool
	Clone() T
}

// anyModel is a model of any type, for the tests that all of them go through.
type anyModel interface {
	json.Marshaler
	json.Unmarshaler
	AppendJSON(dst []byte) ([]byte, error)
	equal(other anyModel) bool
	clone() anyModel
	pointer() any // to the value of its real type
}

type boxed[T model[T]] struct{ v T }

func (b *boxed[T]) MarshalJSON() ([]byte, error) { return b.v.MarshalJSON() }
func (b *boxed[T]) UnmarshalJSON(text []byte) error {
	return any(&b.v).(json.Unmarshaler).UnmarshalJSON(text)
}
func (b *boxed[T]) AppendJSON(dst []byte) ([]byte, error) { return b.v.AppendJSON(dst) }
func (b *boxed[T]) equal(other anyModel) bool             { return b.v.Equal(other.(*boxed[T]).v) }
func (b *boxed[T]) clone() anyModel                       { return &boxed[T]{b.v.Clone()} }
func (b *boxed[T]) pointer() any                          { return &b.v }

func newModel[T model[T]]() anyModel { return new(boxed[T]) }

// models are all models, each with what the API's JSON of it looks like.
var models = []struct {
	name   string
	schema schema
	new    func() anyModel
}{
	{"CustomerSessionV2", sessionSchema, newModel[talonone.CustomerSessionV2]},
	{"CustomerSessionUpdate", updateSchema, newModel[talonone.CustomerSessionUpdate]},
	{"CartItem", itemSchema, newModel[talonone.CartItem]},
	{"AdditionalCost", costSchema, newModel[talonone.AdditionalCost]},
	{"Product", productSchema, newModel[talonone.Product]},
	{"PriceDetail", priceSchema, newModel[talonone.PriceDetail]},
	{"ExperimentVariantAllocation", allocationSchema, newModel[talonone.ExperimentVariantAllocation]},
	{"Attributes", nil, newModel[talonone.Attributes]},
}

// decode returns the T in text, which must be good.
func decode[T any](t testing.TB, text string) (v T) {
	t.Helper()
	require.NoError(t, any(&v).(json.Unmarshaler).UnmarshalJSON([]byte(text)))
	return v
}

// encode returns the JSON of v, which must be good.
func encode(t testing.TB, v interface {
	AppendJSON(dst []byte) ([]byte, error)
}) string {
	t.Helper()
	text, err := v.AppendJSON(nil)
	require.NoError(t, err)
	return string(text)
}
