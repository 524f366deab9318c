//go:build !race

// Under the race detector a sync.Pool drops values at random, so allocations cannot be checked.

package talonone_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

func TestValidateAllocations(t *testing.T) {
	s := session(items(1000, 10)...)
	s.CouponCodes, s.ReferralCode, s.LoyaltyCards = []string{"a", "b"}, "c", []string{"d"}
	s.Identifiers, s.ProfileID, s.StoreIntegrationID = []string{"e"}, "f", "Straße"
	s.Created, s.CartItemAdditionalCostTotal = time.Now(), new(decimal.New(5, 0))
	s.AdditionalCosts = map[string]talonone.AdditionalCost{"shipping": {Price: decimal.New(990, -2)}}
	s.ExperimentVariantAllocations = []talonone.ExperimentVariantAllocation{{ExperimentID: 1}}
	for i := range s.CartItems {
		s.CartItems[i].Name = fmt.Sprint("item ", i)
		s.CartItems[i].Product = &talonone.Product{Name: "product"}
		s.CartItems[i].Attributes = talonone.Attributes{
			"string": "red", "bool": true, "nil": nil, "number": json.Number("42"), "int": i, "int64": int64(i), "float": 1.5,
			"float32": float32(1.5), "array": []any{"a", json.Number("1"), []any{}}, "object": map[string]any{"a": map[string]any{}},
			"decimal": decimal.New(95, -1), "pointer": new(decimal.New(95, -1)), "time": time.Now(), "strings": []string{"a"},
			"null": decimal.NullDecimal{}, "raw": json.RawMessage(`{"a":[1,2]}`),
		}
		s.CartItems[i].AdditionalCosts = map[string]talonone.AdditionalCost{"wrap": {Price: decimal.New(1, 0)}}
		s.CartItems[i].Prices = map[string]talonone.PriceDetail{"base": {Price: new(decimal.New(1, 0))}}
		s.CartItems[i].Extra = map[string]json.RawMessage{"new": json.RawMessage(`{"a":"b"}`), "category": json.RawMessage("null")}
	}
	u := s.Update()
	for name, validate := range map[string]func() error{
		"session": func() error { return s.Validate() },
		"update":  func() error { return u.Validate() },
		"items":   func() error { return talonone.ValidateCartItems(s.CartItems) },
	} {
		require.NoError(t, validate())
		require.Zero(t, testing.AllocsPerRun(10, func() { _ = validate() }), name)
	}
}
