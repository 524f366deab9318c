package test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// TestEncodeCycles is about values that hold themselves: an error, not a crash.
func TestEncodeCycles(t *testing.T) {
	type pointer *pointer
	plain := map[string]any{}
	plain["self"] = plain
	attributes := talonone.Attributes{}
	attributes["self"] = attributes
	attributesPointer := talonone.Attributes{}
	attributesPointer["self"] = &attributesPointer
	list := make([]any, 1)
	list[0] = list
	typed := map[string]map[string]any{"a": {}}
	typed["a"]["b"] = typed
	var p pointer
	p = &p
	var toInterface any
	toInterface = &toInterface
	item := talonone.CartItem{SKU: "a", Attributes: talonone.Attributes{}}
	item.Attributes["item"] = item
	itemPointer := &talonone.CartItem{SKU: "a", Attributes: talonone.Attributes{}}
	itemPointer.Attributes["item"] = itemPointer
	session := talonone.CustomerSessionV2{Attributes: talonone.Attributes{}}
	session.Attributes["sessions"] = []talonone.CustomerSessionV2{session}
	twice := talonone.Attributes{}
	twice["a"], twice["b"] = twice, []any{twice, twice}

	for name, v := range map[string]any{
		"a map": plain, "Attributes": attributes, "a pointer to Attributes": attributesPointer, "a slice": list,
		"a map of maps": typed, "a pointer to itself": p, "a pointer to an interface": toInterface, "an item": item,
		"a pointer to an item": itemPointer, "a slice of sessions": session, "a map that holds itself three times": twice,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := talonone.Attributes{"v": v}.AppendJSON(nil)
			require.ErrorIs(t, err, talonone.ErrTooDeep)
			assert.Less(t, len(err.Error()), 600)
			_, err = talonone.CartItem{Attributes: talonone.Attributes{"v": v}}.MarshalJSON()
			require.ErrorIs(t, err, talonone.ErrTooDeep)
		})
	}
}

// TestEncodeModelsAmongAttributes: attributes may hold models and attributes again, at any depth and behind pointers. They
// are written as they would be elsewhere, without the escapes of encoding/json, and copied deeply.
func TestEncodeModelsAmongAttributes(t *testing.T) {
	inner := talonone.Attributes{"text": "<&>"}
	item := talonone.CartItem{SKU: "<a>", Quantity: 1, Attributes: inner}
	a := talonone.Attributes{
		"attributes": inner, "pointer": &inner, "list": []talonone.Attributes{inner, nil}, "map": map[string]talonone.Attributes{"x": inner},
		"item": item, "itemPointer": &item, "items": []talonone.CartItem{item}, "nil": (*talonone.CartItem)(nil), "noAttributes": (*talonone.Attributes)(nil),
	}
	const itemText = `{"sku":"<a>","quantity":1,"attributes":{"text":"<&>"}}`
	const want = `{"attributes":{"text":"<&>"},"item":` + itemText + `,"itemPointer":` + itemText + `,"items":[` + itemText + `],` +
		`"list":[{"text":"<&>"},{}],"map":{"x":{"text":"<&>"}},"nil":null,"noAttributes":null,"pointer":{"text":"<&>"}}`
	text, err := a.AppendJSON(nil)
	require.NoError(t, err)
	assert.Equal(t, want, string(text))

	clone := a.Clone()
	assert.True(t, a.Equal(clone))
	inner["text"] = "changed"
	text, err = clone.AppendJSON(nil)
	require.NoError(t, err)
	assert.Equal(t, want, string(text))
	assert.False(t, a.Equal(clone))
}
