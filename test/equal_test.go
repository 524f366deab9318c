package test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/talonone-go/talonone"
)

// TestAttributesOfDifferentKinds compares each kind of value with each other kind.
func TestAttributesOfDifferentKinds(t *testing.T) {
	kinds := map[string]any{
		"null": nil, "string": "1", "boolean": true, "number": json.Number("1"), "array": []any{}, "object": map[string]any{},
	}
	for x, v := range kinds {
		for y, w := range kinds {
			a, b := talonone.Attributes{"v": v}, talonone.Attributes{"v": w}
			assert.Equal(t, x == y, a.Equal(b), "%s and %s", x, y)
		}
	}
	// What is written as null is null, whatever its type.
	null := talonone.Attributes{"v": nil}
	for _, v := range []any{[]any(nil), map[string]any(nil), []string(nil), (*int)(nil), json.RawMessage("null")} {
		assert.True(t, null.Equal(talonone.Attributes{"v": v}), "%T", v)
		assert.True(t, talonone.Attributes{"v": v}.Equal(null), "%T", v)
		assert.False(t, talonone.Attributes{"v": v}.Equal(talonone.Attributes{"v": "a"}), "%T", v)
		assert.False(t, talonone.Attributes{"v": v}.Equal(talonone.Attributes{"v": []any{}}), "%T", v)
	}
}
