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

	"github.com/talonone-go/talonone"
)

// testEqual checks the rule of the contract: a.Equal(b) exactly when both encode to the same JSON value.
func testEqual[T model[T]](t *testing.T, name string, want bool, a, b T) {
	t.Helper()
	assert.Equal(t, want, a.Equal(b), name)
	assert.Equal(t, want, b.Equal(a), "%s, the other way round", name)
	assert.True(t, a.Equal(a), "%s: the first equals itself", name)
	assert.True(t, b.Equal(b), "%s: the second equals itself", name)
	assert.True(t, a.Equal(a.Clone()), "%s: the first equals its clone", name)
	assert.Equal(t, want, a.Clone().Equal(b.Clone()), "%s: the clones", name)
}

func TestEqualSessions(t *testing.T) {
	noon := time.Date(2026, 2, 7, 12, 0, 0, 0, time.UTC)
	now := time.Now()
	there := noon.In(time.FixedZone("", -5*3600))
	type S = talonone.CustomerSessionV2
	for _, c := range []struct {
		name string
		want bool
		a, b S
	}{
		{"nothing", true, S{}, S{}},
		{"zero state and open", true, S{}, S{State: talonone.StateOpen}},
		{"zero state and closed", false, S{}, S{State: talonone.StateClosed}},
		{"states in another case", false, S{State: "OPEN"}, S{State: talonone.StateOpen}},
		{"unknown states", true, S{State: "new"}, S{State: "new"}},
		{"id", false, S{ID: 1}, S{ID: 2}},
		{"nil and empty items, which are required", true, S{}, S{CartItems: []talonone.CartItem{}}},
		{"nil and empty attributes, which are required", true, S{}, S{Attributes: talonone.Attributes{}}},
		{"nil and empty codes, which are optional", false, S{}, S{CouponCodes: []string{}}},
		{"nil and empty loyalty cards", false, S{}, S{LoyaltyCards: []string{}}},
		{"nil and empty identifiers", false, S{}, S{Identifiers: []string{}}},
		{"nil and empty campaigns", false, S{}, S{EvaluableCampaignIDs: []int64{}}},
		{"nil and empty allocations", false, S{}, S{ExperimentVariantAllocations: []talonone.ExperimentVariantAllocation{}}},
		{"nil and empty costs", false, S{}, S{AdditionalCosts: map[string]talonone.AdditionalCost{}}},
		{"nil and empty Extra", true, S{}, S{Extra: map[string]json.RawMessage{}}},
		{"codes in another order", false, S{CouponCodes: []string{"a", "b"}}, S{CouponCodes: []string{"b", "a"}}},
		{"one code more", false, S{CouponCodes: []string{"a"}}, S{CouponCodes: []string{"a", "a"}}},
		{"amounts of another scale", true, S{Total: decimal.New(15, -1)}, S{Total: decimal.New(150, -2)}},
		{"amounts of another exponent", true, S{Total: decimal.New(1, 2)}, S{Total: decimal.New(100, 0)}},
		{"zero amounts of another scale", true, S{}, S{Total: decimal.New(0, -2)}},
		{"amounts of another sign", false, S{Total: decimal.New(1, 0)}, S{Total: decimal.New(-1, 0)}},
		{"other amounts", false, S{Total: decimal.New(15, -1)}, S{Total: decimal.New(151, -2)}},
		{"nil and zero amount", false, S{}, S{CartItemAdditionalCostTotal: new(decimal.Decimal{})}},
		{"one instant in two zones", true, S{Created: noon}, S{Created: there}},
		{"one instant with a monotonic clock", true, S{Created: now}, S{Created: now.Round(0)}},
		{"a nanosecond later", false, S{Created: noon}, S{Created: noon.Add(1)}},
		{"zero time in another zone", true, S{}, S{Created: time.Time{}.In(time.FixedZone("", 3600))}},
		{"the year 1 and no time", false, S{}, S{Created: time.Time{}.Add(1)}},
		{"items", false, S{CartItems: []talonone.CartItem{{SKU: "a"}}}, S{CartItems: []talonone.CartItem{{SKU: "b"}}}},
		{"one item more", false, S{CartItems: []talonone.CartItem{{}}}, S{CartItems: []talonone.CartItem{{}, {}}}},
		{"costs", true, S{AdditionalCosts: map[string]talonone.AdditionalCost{"a": {Price: decimal.New(1, 0)}}},
			S{AdditionalCosts: map[string]talonone.AdditionalCost{"a": {Price: decimal.New(10, -1)}}}},
		{"names of costs", false, S{AdditionalCosts: map[string]talonone.AdditionalCost{"a": {}}}, S{AdditionalCosts: map[string]talonone.AdditionalCost{"A": {}}}},
		{"Extra by value", true, S{Extra: map[string]json.RawMessage{"x": json.RawMessage(`{"a":1,"b":[]}`)}},
			S{Extra: map[string]json.RawMessage{"x": json.RawMessage("{ \"\\u0062\" : [ ] , \"a\" : 1.0e0 }")}}},
		{"other Extra", false, S{Extra: map[string]json.RawMessage{"x": json.RawMessage(`1`)}}, S{Extra: map[string]json.RawMessage{"x": json.RawMessage(`"1"`)}}},
		{"names in Extra", false, S{Extra: map[string]json.RawMessage{"x": json.RawMessage(`1`)}}, S{Extra: map[string]json.RawMessage{"y": json.RawMessage(`1`)}}},
		{"null in Extra and nothing", false, S{}, S{Extra: map[string]json.RawMessage{"x": json.RawMessage(`null`)}}},

		// Extra may hold a member that the model leaves out, which then stands for it.
		{"null for a member and nothing", false, S{}, S{Extra: map[string]json.RawMessage{"referralCode": json.RawMessage(`null`)}}},
		{"a member and the same in Extra", true, S{ReferralCode: "a"}, S{Extra: map[string]json.RawMessage{"referralCode": json.RawMessage(` "\u0061"`)}}},
		{"a member and another in Extra", false, S{ReferralCode: "a"}, S{Extra: map[string]json.RawMessage{"referralCode": json.RawMessage(`"b"`)}}},
		{"a list and the same in Extra", true, S{CouponCodes: []string{"a"}}, S{Extra: map[string]json.RawMessage{"couponCodes": json.RawMessage(`["a"]`)}}},
		{"an amount and the same in Extra", true, S{CartItemAdditionalCostTotal: new(decimal.New(150, -2))},
			S{Extra: map[string]json.RawMessage{"cartItemAdditionalCostTotal": json.RawMessage(`1.5`)}}},
		{"an amount and a string in Extra", false, S{CartItemAdditionalCostTotal: new(decimal.New(150, -2))},
			S{Extra: map[string]json.RawMessage{"cartItemAdditionalCostTotal": json.RawMessage(`"1.50"`)}}},
		{"models and the same in Extra", true, S{AdditionalCosts: map[string]talonone.AdditionalCost{"a": {Price: decimal.New(150, -2)}}},
			S{Extra: map[string]json.RawMessage{"additionalCosts": json.RawMessage(`{"a":{"price":1.5}}`)}}},
		{"a zero that is left out and the same in Extra", false, S{}, S{Extra: map[string]json.RawMessage{"id": json.RawMessage(`0`)}}},
		{"nulls for a member", true, S{Extra: map[string]json.RawMessage{"updated": json.RawMessage(`null`)}}, S{Extra: map[string]json.RawMessage{"updated": json.RawMessage(` null`)}}},
		{"nulls for two members", false, S{Extra: map[string]json.RawMessage{"updated": json.RawMessage(`null`)}}, S{Extra: map[string]json.RawMessage{"created": json.RawMessage(`null`)}}},
		{"one instant in two zones beside a null for a member", true, S{Created: noon, Extra: map[string]json.RawMessage{"referralCode": json.RawMessage(`null`)}},
			S{Created: there, Extra: map[string]json.RawMessage{"referralCode": json.RawMessage(`null`)}}},
		{"one instant in an item beside a null for a member", true,
			S{CartItems: []talonone.CartItem{{AdjustmentEffectiveFrom: noon}}, Extra: map[string]json.RawMessage{"id": json.RawMessage(`null`)}},
			S{CartItems: []talonone.CartItem{{AdjustmentEffectiveFrom: there}}, Extra: map[string]json.RawMessage{"id": json.RawMessage(`null`)}}},
		{"zero state and open beside a null for a member", true, S{Extra: map[string]json.RawMessage{"id": json.RawMessage(`null`)}},
			S{State: talonone.StateOpen, Extra: map[string]json.RawMessage{"id": json.RawMessage(`null`)}}},
		{"unknown members beside a null for a member", false, S{Extra: map[string]json.RawMessage{"id": json.RawMessage(`null`), "x": json.RawMessage(`1`)}},
			S{Extra: map[string]json.RawMessage{"id": json.RawMessage(`null`), "y": json.RawMessage(`1`)}}},
		{"a member and null in Extra beside an unknown one", false, S{ID: 1, Extra: map[string]json.RawMessage{"x": json.RawMessage(`1`)}},
			S{Extra: map[string]json.RawMessage{"id": json.RawMessage(`null`), "x": json.RawMessage(`1`)}}},
	} {
		testEqual(t, c.name, c.want, c.a, c.b)
	}
}

func TestEqualUpdates(t *testing.T) {
	type U = talonone.CustomerSessionUpdate
	for _, c := range []struct {
		name string
		want bool
		a, b U
	}{
		{"nothing", true, U{}, U{}},
		{"zero state and open, which are not the same here", false, U{}, U{State: talonone.StateOpen}},
		{"nil and empty items, which are optional", false, U{}, U{CartItems: []talonone.CartItem{}}},
		{"nil and empty attributes, which are optional", false, U{}, U{Attributes: talonone.Attributes{}}},
		{"nil and empty string", false, U{}, U{ReferralCode: new("")}},
		{"two pointers to one string", true, U{ProfileID: new("a")}, U{ProfileID: new("a")}},
		{"strings", false, U{ProfileID: new("a")}, U{ProfileID: new("b")}},
		{"an empty string and the same in Extra", true, U{ProfileID: new("")}, U{Extra: map[string]json.RawMessage{"profileId": json.RawMessage(`""`)}}},
		{"a state and the same in Extra", true, U{State: "open"}, U{Extra: map[string]json.RawMessage{"state": json.RawMessage(`"open"`)}}},
		{"items and the same in Extra", true, U{CartItems: []talonone.CartItem{{SKU: "a"}}},
			U{Extra: map[string]json.RawMessage{"cartItems": json.RawMessage(`[{"quantity":0,"sku":"a"}]`)}}},
		{"attributes and the same in Extra", true, U{Attributes: talonone.Attributes{}}, U{Extra: map[string]json.RawMessage{"attributes": json.RawMessage(`{}`)}}},
	} {
		testEqual(t, c.name, c.want, c.a, c.b)
	}
}

func TestEqualItems(t *testing.T) {
	type I = talonone.CartItem
	for _, c := range []struct {
		name string
		want bool
		a, b I
	}{
		{"nothing", true, I{}, I{}},
		{"nil and empty attributes, which are optional", false, I{}, I{Attributes: talonone.Attributes{}}},
		{"nil and empty costs", false, I{}, I{AdditionalCosts: map[string]talonone.AdditionalCost{}}},
		{"nil and empty prices", false, I{}, I{Prices: map[string]talonone.PriceDetail{}}},
		{"nil and zero quantity", false, I{}, I{ReturnedQuantity: new(0)}},
		{"nil and zero price", false, I{}, I{Price: new(decimal.Decimal{})}},
		{"two pointers to one quantity", true, I{ReturnedQuantity: new(2)}, I{ReturnedQuantity: new(2)}},
		{"nil and empty product", false, I{}, I{Product: new(talonone.Product{})}},
		{"products", false, I{Product: &talonone.Product{Name: "a"}}, I{Product: &talonone.Product{Name: "b"}}},
		{"two pointers to one product", true, I{Product: &talonone.Product{Name: "a"}}, I{Product: &talonone.Product{Name: "a"}}},
		{"catalog items", false, I{CatalogItemID: new(int64(1))}, I{CatalogItemID: new(int64(2))}},
		{"prices of another scale", true, I{Price: new(decimal.New(15, -1))}, I{Price: new(decimal.New(1500, -3))}},
		{"prices with hostile exponents", false, I{Price: new(decimal.New(1, -1022))}, I{Price: new(decimal.New(1, -1021))}},
	} {
		testEqual(t, c.name, c.want, c.a, c.b)
	}
	// What cannot be written is compared all the same, and at no cost that grows with an exponent.
	a, b := I{Price: new(decimal.New(1, math.MaxInt32))}, I{Price: new(decimal.New(1, math.MinInt32))}
	assert.True(t, a.Equal(a))
	assert.False(t, a.Equal(b))
}

func TestEqualAttributes(t *testing.T) {
	noon := time.Date(2026, 2, 7, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		want bool
		a, b any
	}{
		{"int and json.Number", true, 1, json.Number("1")},
		{"int and json.Number with scale", true, 1, json.Number("1.0")},
		{"json.Numbers", true, json.Number("1"), json.Number("1.00")},
		{"json.Numbers with exponent", true, json.Number("100"), json.Number("1E+2")},
		{"other json.Numbers", false, json.Number("1"), json.Number("1.01")},
		{"json.Numbers of another sign", false, json.Number("1"), json.Number("-1.0")},
		{"zeros", true, json.Number("0"), json.Number("-0.00e9")},
		{"hostile json.Numbers", true, json.Number("1e999999999"), json.Number("10e999999998")},
		{"other hostile json.Numbers", false, json.Number("1e999999999"), json.Number("1e999999998")},
		{"json.Numbers above 2^53", false, json.Number("9007199254740993"), json.Number("9007199254740992")},
		{"int and float64", true, 1, 1.0},
		{"int and decimal", true, 1, decimal.New(100, -2)},
		{"float64 and decimal", true, 0.1, decimal.New(1, -1)},
		{"float32 and float64", true, float32(0.5), 0.5},
		{"float32 and float64 by their text", true, float32(0.1), 0.1},
		{"float64 and json.Number", true, 1e21, json.Number("1000000000000000000000")},
		{"uint64 and json.Number", true, uint64(math.MaxUint64), json.Number("18446744073709551615")},
		{"negative zero", true, math.Copysign(0, -1), 0},
		{"pointer and value", true, new(1), 1},
		{"decimals", true, decimal.New(15, -1), new(decimal.New(150, -2))},
		{"NullDecimal and null", true, decimal.NullDecimal{}, nil},
		{"NullDecimal and decimal", true, decimal.NewNullDecimal(decimal.New(1, 0)), decimal.New(1, 0)},
		{"big.Int and json.Number", true, big.NewInt(1), json.Number("1")},
		{"number and string", false, 1, "1"},
		{"decimal and string", false, decimal.New(1, 0), "1"},
		{"bool and string", false, true, "true"},
		{"null and false", false, nil, false},
		{"null and empty string", false, nil, ""},
		{"null and empty list", false, nil, []any{}},
		{"null and empty object", false, nil, map[string]any{}},
		{"null and nil list", true, nil, []any(nil)},
		{"nil list and nil object", true, []any(nil), map[string]any(nil)},
		{"nil and empty list", false, []any(nil), []any{}},
		{"nil and empty object", false, map[string]any(nil), map[string]any{}},
		{"nil lists of two types", true, []any(nil), []string(nil)},
		{"empty list and object", false, []any{}, map[string]any{}},
		{"lists of two types", true, []any{"a", "b"}, []string{"a", "b"}},
		{"lists in another order", false, []any{"a", "b"}, []string{"b", "a"}},
		{"objects of two types", true, map[string]any{"a": 1}, map[namedString]decimal.Decimal{"a": decimal.New(1, 0)}},
		{"Attributes and object", true, talonone.Attributes{"a": 1}, map[string]any{"a": 1.0}},
		{"nil Attributes and empty object", true, talonone.Attributes(nil), map[string]any{}},
		{"struct and object", true, struct{ A int }{1}, map[string]any{"A": 1}},
		{"model and object", true, talonone.Product{Name: "a"}, map[string]any{"name": "a"}},
		{"named and plain string", true, namedString("a"), "a"},
		{"text and string", true, new(textByPointer(1)), "text 1"},
		{"bytes and base64", true, []byte("abc"), "YWJj"},
		{"json.RawMessage and value", true, json.RawMessage(` {"b":[1.0],"a":null} `), map[string]any{"a": nil, "b": []int{1}}},
		{"json.RawMessages", true, json.RawMessage(`[1]`), json.RawMessage(`[ 1.0 ]`)},
		{"json.RawMessage of a string", false, json.RawMessage(`"1"`), json.RawMessage(`1`)},
		{"time and text", true, noon, "2026-02-07T12:00:00Z"},
		// Attributes are compared by their JSON, and a time there is a string.
		{"one instant in two zones", false, noon, noon.In(time.FixedZone("", 3600))},
		{"difference deep inside", false, []any{map[string]any{"a": []any{1, "x"}}}, []any{map[string]any{"a": []any{1, "y"}}}},
		{"sameness deep inside", true, []any{map[string]any{"a": []any{1, "x"}}}, []map[string]any{{"a": []any{json.Number("1e0"), "x"}}}},
		{"kinds deep inside", false, []any{map[string]any{"a": nil}}, []any{map[string]any{"a": "null"}}},
		{"name missing", false, map[string]any{"a": nil}, map[string]any{}},
		{"other name with null", false, map[string]any{"a": nil}, map[string]any{"b": nil}},
	} {
		testEqual(t, c.name, c.want, talonone.Attributes{"v": c.a}, talonone.Attributes{"v": c.b})
		// Somewhere else it is no different.
		testEqual(t, c.name, c.want, talonone.CartItem{Attributes: talonone.Attributes{"a": []any{c.a}}}, talonone.CartItem{Attributes: talonone.Attributes{"a": []any{c.b}}})
	}
	testEqual(t, "nil and empty", true, talonone.Attributes(nil), talonone.Attributes{})
	testEqual(t, "null and nothing", false, talonone.Attributes{}, talonone.Attributes{"a": nil})
}

// TestEqualKinds compares each kind of value with each other kind.
func TestEqualKinds(t *testing.T) {
	kinds := map[string]any{
		"null": nil, "string": "1", "boolean": true, "number": json.Number("1"), "array": []any{}, "object": map[string]any{},
		"full array": []any{1}, "full object": map[string]any{"1": 1}, "amount": decimal.New(15, -1), "text": namedString("x"),
	}
	for x, v := range kinds {
		for y, w := range kinds {
			a, b := talonone.Attributes{"v": v}, talonone.Attributes{"v": w}
			assert.Equal(t, x == y, a.Equal(b), "%s and %s", x, y)
			a, b = talonone.Attributes{"v": []any{v}}, talonone.Attributes{"v": []any{w}}
			assert.Equal(t, x == y, a.Equal(b), "%s and %s in a list", x, y)
		}
	}
}

// TestEqualDeep: what is nested as deep as a document may be is compared and copied.
func TestEqualDeep(t *testing.T) {
	const levels = 9_999
	text := `{"v":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + `}`
	a, b := decode[talonone.Attributes](t, text), decode[talonone.Attributes](t, text)
	testEqual(t, "deep", true, a, b)
	testEqual(t, "deep, and less so", false, a, talonone.Attributes{"v": a["v"].([]any)[0]})
}
