package codec

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// EqualDecimals compares amounts by value.
func EqualDecimals(x, y *decimal.Decimal) bool {
	if x == nil || y == nil {
		return x == y
	}
	return jsonwire.DecimalsEqual(*x, *y)
}

// EqualPointers compares what two pointers point to.
func EqualPointers[V comparable](x, y *V) bool {
	if x == nil || y == nil {
		return x == y
	}
	return *x == *y
}

// EqualLists compares optional arrays: nil differs from empty.
func EqualLists[V comparable](x, y []V) bool { return (x == nil) == (y == nil) && slices.Equal(x, y) }

// EqualModels compares optional objects.
func EqualModels[T any](x, y *T, equal func(x, y *T) bool) bool {
	if x == nil || y == nil {
		return x == y
	}
	return equal(x, y)
}

// EqualSlices compares arrays of models.
func EqualSlices[T any](x, y []T, equal func(x, y *T) bool) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !equal(&x[i], &y[i]) {
			return false
		}
	}
	return true
}

// EqualRaw compares two JSON texts by value. A text that is not JSON equals only itself.
func EqualRaw(x, y []byte) bool {
	if bytes.Equal(x, y) {
		return (x == nil) == (y == nil)
	}
	v, okX := parseAny(x)
	w, okY := parseAny(y)
	return okX && okY && equalAny(v, w)
}

// OrRaw returns raw, or whenNil if raw is nil.
func OrRaw(raw json.RawMessage, whenNil string) json.RawMessage {
	if raw == nil {
		return json.RawMessage(whenNil)
	}
	return raw
}

// EqualExtra compares the undeclared members in Extra of a model.
func EqualExtra(s *Shape, x, y map[string]json.RawMessage) bool {
	unknown := 0
	for name, v := range x {
		if s.find([]byte(name)) >= 0 {
			continue
		}
		unknown++
		if w, ok := y[name]; !ok || !EqualRaw(v, w) {
			return false
		}
	}
	for name := range y {
		if s.find([]byte(name)) < 0 {
			unknown--
		}
	}
	return unknown == 0
}
