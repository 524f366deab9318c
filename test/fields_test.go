package test

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// TestLimitsOfTheAPIHaveRules: for each limit that the API's list of members gives, a value that breaks it is a violation
// at its place, and one that just keeps it is none.
func TestLimitsOfTheAPIHaveRules(t *testing.T) {
	var api map[string][]map[string]any
	require.NoError(t, json.Unmarshal(readFile(t, "testdata/fields.json"), &api))

	// A good value of each model, and what validates it when a member is added.
	type validated interface {
		Validate(...talonone.ValidateOption) error
	}
	models := []struct {
		name, good string
		decode     func(t *testing.T, text string) validated
		path       string // of the model in what is validated
	}{
		{"CustomerSessionV2", `{"integrationId":"s"}`, func(t *testing.T, text string) validated {
			return decode[talonone.CustomerSessionV2](t, text)
		}, ""},
		{"NewCustomerSessionV2", `{}`, func(t *testing.T, text string) validated {
			return decode[talonone.CustomerSessionUpdate](t, text)
		}, ""},
		{"CartItem", `{"sku":"a","quantity":1,"price":1}`, func(t *testing.T, text string) validated {
			good := talonone.CartItem{SKU: "a", Quantity: 1, Price: new(decimal.New(1, 0))}
			return talonone.CustomerSessionUpdate{CartItems: []talonone.CartItem{good, decode[talonone.CartItem](t, text)}}
		}, "/cartItems/1"},
		{"AdditionalCost", `{"price":1}`, func(t *testing.T, text string) validated {
			return talonone.CustomerSessionUpdate{AdditionalCosts: map[string]talonone.AdditionalCost{"a": decode[talonone.AdditionalCost](t, text)}}
		}, "/additionalCosts/a"},
		{"Product", `{}`, func(t *testing.T, text string) validated {
			return talonone.CustomerSessionUpdate{CartItems: []talonone.CartItem{
				{SKU: "a", Quantity: 1, Price: new(decimal.New(1, 0)), Product: new(decode[talonone.Product](t, text))}}}
		}, "/cartItems/0/product"},
		{"PriceDetail", `{}`, func(t *testing.T, text string) validated {
			return talonone.CustomerSessionUpdate{CartItems: []talonone.CartItem{
				{SKU: "a", Quantity: 1, Price: new(decimal.New(1, 0)), Prices: map[string]talonone.PriceDetail{"a": decode[talonone.PriceDetail](t, text)}}}}
		}, "/cartItems/0/prices/a"},
		{"ExperimentVariantAllocation", `{}`, func(t *testing.T, text string) validated {
			return talonone.CustomerSessionUpdate{ExperimentVariantAllocations: []talonone.ExperimentVariantAllocation{
				decode[talonone.ExperimentVariantAllocation](t, text)}}
		}, "/experimentVariantAllocations/0"},
	}
	text := func(n int) any { return strings.Repeat("é", n) }
	list := func(n int) any { return make([]string, n) }
	// What a limit is called, a value that just keeps it, and one that breaks it and where.
	limits := map[string]struct {
		value  func(n int) any
		beyond int
		path   string
	}{
		"minLength":       {text, -1, ""},
		"maxLength":       {text, +1, ""},
		"minItems":        {list, -1, ""},
		"maxItems":        {list, +1, ""},
		"items.maxLength": {func(n int) any { return []any{"", text(n)} }, +1, "/1"},
		"items.minLength": {func(n int) any { return []any{"a", text(n)} }, -1, "/1"},
		"minimum":         {func(n int) any { return n }, -1, ""},
		"maximum":         {func(n int) any { return n }, +1, ""},
	}
	known := map[string]bool{"name": true, "type": true, "required": true, "readOnly": true}

	checked := 0
	for _, m := range models {
		require.Contains(t, api, m.name)
		with := func(name string, value any) string {
			object := map[string]json.RawMessage{}
			require.NoError(t, json.Unmarshal([]byte(m.good), &object))
			object[name] = must(json.Marshal(value))
			return string(must(json.Marshal(object)))
		}
		require.NoError(t, m.decode(t, m.good).Validate(), m.name)
		for _, member := range api[m.name] {
			name := member["name"].(string)
			for keyword, bound := range member {
				limit, ok := limits[keyword]
				if !ok {
					assert.True(t, known[keyword], "%s.%s: this test does not know what %s is", m.name, name, keyword)
					continue
				}
				if m.name == "CustomerSessionV2" && name == "storeIntegrationId" && keyword == "minLength" {
					continue // an empty one is left out, so the API never sees it
				}
				checked++
				t.Run(m.name+"."+name+" "+keyword+" "+strconv.Itoa(int(bound.(float64))), func(t *testing.T) {
					keeps, breaks := limit.value(int(bound.(float64))), limit.value(int(bound.(float64))+limit.beyond)
					require.NoError(t, m.decode(t, with(name, keeps)).Validate())
					err := m.decode(t, with(name, breaks)).Validate()
					invalid, ok := errors.AsType[*talonone.ValidationError](err)
					require.True(t, ok, "no rule")
					require.Len(t, invalid.Violations, 1)
					assert.Equal(t, m.path+"/"+name+limit.path, invalid.Violations[0].Path)
				})
			}
		}
	}
	assert.GreaterOrEqual(t, checked, 11)
}
