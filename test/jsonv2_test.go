//go:build go1.27 && goexperiment.jsonv2

package test

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// What the package comment and docs/json.md say of encoding/json/v2: it closes the four gaps of encoding/json.
func TestGapsThatJSONv2Closes(t *testing.T) {
	t.Parallel()
	type cart struct {
		Total       int    `json:"total"`
		StoreID     string `json:"storeIntegrationId"`
		CouponCodes []int  `json:"couponCodes"`
	}
	require.ErrorIs(t, json.Unmarshal([]byte(`{"total":1,"total":2}`), new(cart)), jsontext.ErrDuplicateName)

	var c cart
	require.NoError(t, json.Unmarshal([]byte(`{"TOTAL":1}`), &c))
	assert.Zero(t, c.Total)

	_, ok := errors.AsType[*jsontext.SyntacticError](json.Unmarshal([]byte("{\"storeIntegrationId\":\"a\xffb\"}"), new(cart)))
	assert.True(t, ok)

	e, ok := errors.AsType[*json.SemanticError](json.Unmarshal([]byte(`{"couponCodes":[1,2,3,"x"]}`), new(cart)))
	require.True(t, ok)
	assert.Equal(t, jsontext.Pointer("/couponCodes/3"), e.JSONPointer)

	text, err := json.Marshal(struct{ Price decimal.Decimal }{decimal.RequireFromString("5.50")})
	require.NoError(t, err)
	assert.Equal(t, `{"Price":"5.5"}`, string(text))
}

// The rules of the models hold through encoding/json/v2 too.
func TestModelsThroughJSONv2(t *testing.T) {
	t.Parallel()
	type order struct {
		Update talonone.CustomerSessionUpdate `json:"update"`
	}
	const text = `{"update":{"couponCodes":["<&>"],"cartItems":[{"sku":"A","quantity":1,"price":5.50}],"new":{"a":1.50}}}`
	var o order
	require.NoError(t, json.Unmarshal([]byte(text), &o))
	out, err := json.Marshal(o)
	require.NoError(t, err)
	var again order
	require.NoError(t, json.Unmarshal(out, &again))
	assert.True(t, o.Update.Equal(again.Update))
	assert.Contains(t, string(out), `"<&>"`)
	assert.Contains(t, string(out), `5.50`)
	assert.Contains(t, string(out), `{"a":1.50}`)

	err = json.Unmarshal([]byte(`{"update":{"cartItems":[{},{"quantity":"x"}]}}`), &o)
	e, ok := errors.AsType[*talonone.DecodeError](err)
	require.True(t, ok)
	assert.Equal(t, "/cartItems/1/quantity", e.Path)
	_, ok = errors.AsType[*json.SemanticError](err)
	assert.True(t, ok)
}
