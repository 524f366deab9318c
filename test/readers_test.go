package test

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// TestReaders reads every kind of value with every reader: each takes what it says, and nothing else.
func TestReaders(t *testing.T) {
	noon := time.Date(2026, 2, 7, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		v    any
		want map[string]string // by reader, the value as text
	}{
		{"string", "a", map[string]string{"String": "a"}},
		{"empty string", "", map[string]string{"String": ""}},
		{"string of a number", "1", map[string]string{"String": "1"}},
		{"string of a boolean", "true", map[string]string{"String": "true"}},
		{"string of a time", "2026-02-07T13:00:00+01:00", map[string]string{"String": "2026-02-07T13:00:00+01:00", "Time": "2026-02-07T13:00:00+01:00"}},
		{"string of a date", "2026-02-07", map[string]string{"String": "2026-02-07"}},
		{"true", true, map[string]string{"Bool": "true"}},
		{"false", false, map[string]string{"Bool": "false"}},
		{"null", nil, nil},
		{"list", []any{json.Number("1")}, nil},
		{"object", map[string]any{"a": 1}, nil},
		{"integer", json.Number("7"), map[string]string{"Int64": "7", "Decimal": "7"}},
		{"integer with a fraction of zero", json.Number("7.00"), map[string]string{"Int64": "7", "Decimal": "7.00"}},
		{"integer with an exponent", json.Number("7e2"), map[string]string{"Int64": "700", "Decimal": "700"}},
		{"negative zero", json.Number("-0"), map[string]string{"Int64": "0", "Decimal": "0"}},
		{"fraction", json.Number("7.50"), map[string]string{"Decimal": "7.50"}},
		{"above 2^53", json.Number("9007199254740993"), map[string]string{"Int64": "9007199254740993", "Decimal": "9007199254740993"}},
		{"largest int64", json.Number("9223372036854775807"), map[string]string{"Int64": "9223372036854775807", "Decimal": "9223372036854775807"}},
		{"above int64", json.Number("9223372036854775808"), map[string]string{"Decimal": "9223372036854775808"}},
		{"hostile number", json.Number("1e999999999"), nil},
		{"no number", json.Number("x"), nil},
		{"empty number", json.Number(""), nil},
		{"int", 7, map[string]string{"Int64": "7", "Decimal": "7"}},
		{"int8", int8(-7), map[string]string{"Int64": "-7", "Decimal": "-7"}},
		{"uint64", uint64(math.MaxUint64), map[string]string{"Decimal": "18446744073709551615"}},
		{"named int", namedInt(7), map[string]string{"Int64": "7", "Decimal": "7"}},
		{"float64", 7.5, map[string]string{"Decimal": "7.5"}},
		{"integral float64", 7.0, map[string]string{"Int64": "7", "Decimal": "7"}},
		{"large float64", 1e21, map[string]string{"Decimal": "1000000000000000000000"}},
		{"float32", float32(0.1), map[string]string{"Decimal": "0.1"}},
		{"NaN", math.NaN(), nil},
		{"infinity", math.Inf(1), nil},
		{"decimal", decimal.New(750, -2), map[string]string{"Decimal": "7.50"}},
		{"integral decimal", decimal.New(700, -2), map[string]string{"Int64": "7", "Decimal": "7.00"}},
		{"pointer to decimal", new(decimal.New(7, 0)), map[string]string{"Int64": "7", "Decimal": "7"}},
		{"nil pointer to decimal", (*decimal.Decimal)(nil), nil},
		{"NullDecimal", decimal.NewNullDecimal(decimal.New(7, 0)), map[string]string{"Int64": "7", "Decimal": "7"}},
		{"NullDecimal without value", decimal.NullDecimal{}, nil},
		{"hostile decimal", decimal.New(7, math.MaxInt32), nil},
		{"pointer to int", new(7), map[string]string{"Int64": "7", "Decimal": "7"}},
		{"nil pointer", (*int)(nil), nil},
		{"big.Int", big.NewInt(7), map[string]string{"Int64": "7", "Decimal": "7"}},
		{"json.RawMessage", json.RawMessage("7.0"), map[string]string{"Int64": "7", "Decimal": "7.0"}},
		{"json.RawMessage of a string", json.RawMessage(`"7"`), nil},
		{"time", noon, map[string]string{"Time": "2026-02-07T12:00:00Z"}},
		{"pointer to time", &noon, map[string]string{"Time": "2026-02-07T12:00:00Z"}},
		{"nil pointer to time", (*time.Time)(nil), nil},
		{"zero time", time.Time{}, map[string]string{"Time": "0001-01-01T00:00:00Z"}},
		{"self", map[string]any(nil), nil},
		{"channel", make(chan int), nil},
		{"MarshalJSON that panics", panicking{}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := talonone.Attributes{"v": c.v}
			got := map[string]string{}
			if s, ok := a.String("v"); ok {
				got["String"] = s
			} else {
				assert.Empty(t, s)
			}
			if b, ok := a.Bool("v"); ok {
				got["Bool"] = string(must(json.Marshal(b)))
			} else {
				assert.False(t, b)
			}
			if n, ok := a.Int64("v"); ok {
				got["Int64"] = string(must(json.Marshal(n)))
			} else {
				assert.Zero(t, n)
			}
			if d, ok := a.Decimal("v"); ok {
				got["Decimal"] = encodedAmount(t, d)
			} else {
				assert.True(t, d.IsZero())
			}
			if at, ok := a.Time("v"); ok {
				got["Time"] = at.Format(time.RFC3339Nano)
			} else {
				assert.True(t, at.IsZero())
			}
			if c.want == nil {
				c.want = map[string]string{}
			}
			assert.Equal(t, c.want, got)
		})
	}
	for _, a := range []talonone.Attributes{nil, {}, {"V": "a"}} {
		_, isString := a.String("v")
		_, isBool := a.Bool("v")
		_, isInt := a.Int64("v")
		_, isDecimal := a.Decimal("v")
		_, isTime := a.Time("v")
		assert.False(t, isString || isBool || isInt || isDecimal || isTime, "there is none")
	}
}

// TestAttributesDecode fills a caller's struct.
func TestAttributesDecode(t *testing.T) {
	a := decode[talonone.Attributes](t, `{"city":"Berlin","size":9007199254740993,"price":5.50,"tags":["a"],"since":"2026-02-07T12:00:00Z","any":1.50}`)
	var v struct {
		City  string
		Size  int64
		Price json.Number
		Tags  []string
		Since time.Time
		Any   any
	}
	require.NoError(t, a.Decode(&v))
	assert.Equal(t, "Berlin", v.City)
	assert.Equal(t, int64(9007199254740993), v.Size)
	assert.Equal(t, json.Number("5.50"), v.Price)
	assert.Equal(t, []string{"a"}, v.Tags)
	assert.Equal(t, time.Date(2026, 2, 7, 12, 0, 0, 0, time.UTC), v.Since)
	assert.Equal(t, json.Number("1.50"), v.Any, "nothing is rounded")

	var amount struct{ Price decimal.Decimal }
	require.NoError(t, a.Decode(&amount))
	assert.True(t, amount.Price.Equal(decimal.New(55, -1)))

	var object map[string]any
	require.NoError(t, a.Decode(&object))
	assert.True(t, a.Equal(object))
	require.NoError(t, talonone.Attributes(nil).Decode(&object), "nil is an empty object")

	var wrongType struct{ City int }
	var typeError *json.UnmarshalTypeError
	assert.ErrorAs(t, a.Decode(&wrongType), &typeError)
	assert.Error(t, a.Decode(nil))
	assert.Error(t, a.Decode(v), "not a pointer")
	assert.ErrorIs(t, talonone.Attributes{"a": math.NaN()}.Decode(&object), outOfRange)
	deep := decode[talonone.Attributes](t, `{"a":`+strings.Repeat("[", 9_999)+strings.Repeat("]", 9_999)+`}`)
	assert.NoError(t, deep.Decode(&object))
}
