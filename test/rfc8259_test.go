package test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// place is where a value may stand in the JSON of a model.
type place struct {
	name          string
	before, after string
	path          string
	new           func() anyModel
	get           func(v any) any // what was decoded there, from a pointer to the model
}

func session(v any) *talonone.CustomerSessionV2           { return v.(*talonone.CustomerSessionV2) }
func sessionUpdate(v any) *talonone.CustomerSessionUpdate { return v.(*talonone.CustomerSessionUpdate) }
func item(v any) *talonone.CartItem                       { return v.(*talonone.CartItem) }
func attributes(v any) talonone.Attributes                { return *v.(*talonone.Attributes) }

// freePlaces are those where any value may stand. What Extra keeps is a json.RawMessage.
var freePlaces = []place{
	{"attributes", `{"v":`, `}`, "/v", newModel[talonone.Attributes],
		func(v any) any { return attributes(v)["v"] }},
	{"array in attributes", `{"v":[true,`, `,null]}`, "/v/1", newModel[talonone.Attributes],
		func(v any) any { return attributes(v)["v"].([]any)[1] }},
	{"object in attributes", ` { "x" : {} , "v" : { "w" :` + "\n", `, "x" : 1 } }`, "/v/w", newModel[talonone.Attributes],
		func(v any) any { return attributes(v)["v"].(map[string]any)["w"] }},
	{"attributes of a session", `{"id":1,"attributes":{"v":`, `},"state":"closed"}`, "/attributes/v", newModel[talonone.CustomerSessionV2],
		func(v any) any { return session(v).Attributes["v"] }},
	{"attributes of an update", `{"attributes":{"u":[1],"v":`, `}}`, "/attributes/v", newModel[talonone.CustomerSessionUpdate],
		func(v any) any { return sessionUpdate(v).Attributes["v"] }},
	{"attributes of an item", `{"attributes":{"v":`, `}}`, "/attributes/v", newModel[talonone.CartItem],
		func(v any) any { return item(v).Attributes["v"] }},
	{"attributes of an item of a session", `{"cartItems":[{"sku":"a"},{"sku":"b","attributes":{"v":`, `}}]}`, "/cartItems/1/attributes/v",
		newModel[talonone.CustomerSessionV2], func(v any) any { return session(v).CartItems[1].Attributes["v"] }},
	{"attributes of an item of an update", `{"cartItems":[{"attributes":{"v":`, `}},{}]}`, "/cartItems/0/attributes/v",
		newModel[talonone.CustomerSessionUpdate], func(v any) any { return sessionUpdate(v).CartItems[0].Attributes["v"] }},

	{"Extra of a session", `{"unknown":`, `,"id":1}`, "/unknown", newModel[talonone.CustomerSessionV2],
		func(v any) any { return session(v).Extra["unknown"] }},
	{"array in the Extra of a session", `{"unknown":[[],`, `,0]}`, "/unknown/1", newModel[talonone.CustomerSessionV2],
		func(v any) any { return element(session(v).Extra["unknown"], 1) }},
	{"Extra of an update", `{"state":"open","unknown":`, `}`, "/unknown", newModel[talonone.CustomerSessionUpdate],
		func(v any) any { return sessionUpdate(v).Extra["unknown"] }},
	{"Extra of an item", `{"unknown":`, `}`, "/unknown", newModel[talonone.CartItem],
		func(v any) any { return item(v).Extra["unknown"] }},
	{"Extra of an item of a session", `{"cartItems":[{"unknown":`, `,"sku":"a"}]}`, "/cartItems/0/unknown", newModel[talonone.CustomerSessionV2],
		func(v any) any { return session(v).CartItems[0].Extra["unknown"] }},
	{"Extra of a product", `{"product":{"name":"a","unknown":`, `}}`, "/product/unknown", newModel[talonone.CartItem],
		func(v any) any { return item(v).Product.Extra["unknown"] }},
	{"Extra of a cost", `{"additionalCosts":{"x":{"unknown":`, `}}}`, "/additionalCosts/x/unknown", newModel[talonone.CustomerSessionV2],
		func(v any) any { return session(v).AdditionalCosts["x"].Extra["unknown"] }},
	{"Extra of a price", `{"prices":{"x":{"price":1},"y":{"unknown":`, `}}}`, "/prices/y/unknown", newModel[talonone.CartItem],
		func(v any) any { return item(v).Prices["y"].Extra["unknown"] }},
	{"Extra of an allocation", `{"experimentVariantAllocations":[{"unknown":`, `}]}`, "/experimentVariantAllocations/0/unknown",
		newModel[talonone.CustomerSessionV2], func(v any) any { return session(v).ExperimentVariantAllocations[0].Extra["unknown"] }},
}

// element returns one element of a JSON array as it is written.
func element(array json.RawMessage, i int) json.RawMessage {
	var elements []json.RawMessage
	if err := json.Unmarshal(array, &elements); err != nil {
		panic(err)
	}
	return elements[i]
}

var amountPlaces = []place{
	{"cost", `{"price":`, `}`, "/price", newModel[talonone.AdditionalCost],
		func(v any) any { return v.(*talonone.AdditionalCost).Price }},
	{"total", `{"id":1,"total":`, `,"updateCount":2}`, "/total", newModel[talonone.CustomerSessionV2],
		func(v any) any { return session(v).Total }},
	{"price of an item", `{"cartItems":[{"price":`, `}]}`, "/cartItems/0/price", newModel[talonone.CustomerSessionUpdate],
		func(v any) any { return *sessionUpdate(v).CartItems[0].Price }},
	{"position", `{"position":`, `}`, "/position", newModel[talonone.CartItem],
		func(v any) any { return *item(v).Position }},
	{"cost of an item", `{"additionalCosts":{"a b":{"price":`, `}}}`, "/additionalCosts/a b/price", newModel[talonone.CartItem],
		func(v any) any { return item(v).AdditionalCosts["a b"].Price }},
	{"price of the catalog", `{"prices":{"":{"price":`, `}}}`, "/prices//price", newModel[talonone.CartItem],
		func(v any) any { return *item(v).Prices[""].Price }},
}

var integerPlaces = []place{
	{"id", `{"id":`, `}`, "/id", newModel[talonone.CustomerSessionV2],
		func(v any) any { return session(v).ID }},
	{"campaign", `{"evaluableCampaignIds":[1,`, `]}`, "/evaluableCampaignIds/1", newModel[talonone.CustomerSessionUpdate],
		func(v any) any { return sessionUpdate(v).EvaluableCampaignIDs[1] }},
	{"catalog item", `{"catalogItemID":`, `}`, "/catalogItemID", newModel[talonone.CartItem],
		func(v any) any { return *item(v).CatalogItemID }},
	{"variant", `{"experimentID":1,"variantID":`, `}`, "/variantID", newModel[talonone.ExperimentVariantAllocation],
		func(v any) any { return v.(*talonone.ExperimentVariantAllocation).VariantID }},
}

var textPlaces = []place{
	{"sku", `{"sku":`, `}`, "/sku", newModel[talonone.CartItem],
		func(v any) any { return item(v).SKU }},
	{"coupon code", `{"couponCodes":["a",`, `,"b"]}`, "/couponCodes/1", newModel[talonone.CustomerSessionV2],
		func(v any) any { return session(v).CouponCodes[1] }},
	{"state", `{"state":`, `}`, "/state", newModel[talonone.CustomerSessionUpdate],
		func(v any) any { return string(sessionUpdate(v).State) }},
	{"pointer", `{"referralCode":`, `}`, "/referralCode", newModel[talonone.CustomerSessionUpdate],
		func(v any) any { return *sessionUpdate(v).ReferralCode }},
	{"name of a product", `{"cartItems":[{},{},{"product":{"name":`, `}}]}`, "/cartItems/2/product/name", newModel[talonone.CustomerSessionV2],
		func(v any) any { return session(v).CartItems[2].Product.Name }},
}

// namePlaces are those where any name may stand. The path of a bad one is that of its object.
var namePlaces = []place{
	{"attribute", `{"v":0,`, `:1}`, "", newModel[talonone.Attributes],
		func(v any) any { return otherName(attributes(v), "v") }},
	{"name in attributes", `{"attributes":{"v":[{`, `:null}]}}`, "/attributes/v/0", newModel[talonone.CartItem],
		func(v any) any { return otherName(item(v).Attributes["v"].([]any)[0].(map[string]any), "") }},
	{"unknown member", `{"sku":"a",`, `:{}}`, "", newModel[talonone.CartItem],
		func(v any) any { return otherName(item(v).Extra, "") }},
	{"name of a cost", `{"additionalCosts":{`, `:{"price":1}}}`, "/additionalCosts", newModel[talonone.CustomerSessionUpdate],
		func(v any) any { return otherName(sessionUpdate(v).AdditionalCosts, "") }},
	{"name in Extra", `{"unknown":{`, `:[]}}`, "/unknown", newModel[talonone.Product],
		func(v any) any {
			var object map[string]any
			if err := json.Unmarshal(v.(*talonone.Product).Extra["unknown"], &object); err != nil {
				panic(err)
			}
			return otherName(object, "")
		}},
}

// otherName returns the one name in an object that is not the one given, which is "" where there is no other.
func otherName[V any](object map[string]V, name string) string {
	for other := range object {
		if other != name || len(object) == 1 {
			return other
		}
	}
	return name
}

// testMisfit checks that a value that does not fit its field is kept as it came, and that the rest is read. If the text itself
// is at fault, and the value as it stands is only the first fault, it is refused for that.
func testMisfit(t *testing.T, p place, member string, v anyModel, document string) {
	t.Helper()
	var members map[string]json.RawMessage
	err := v.UnmarshalJSON([]byte(document))
	if json.Unmarshal([]byte(document), &members) != nil {
		require.ErrorIs(t, err, syntax)
		return
	}
	require.NoError(t, err, "%s", document)
	model := reflect.ValueOf(v.pointer()).Elem()
	extra := model.FieldByName("Extra").Interface().(map[string]json.RawMessage)
	assert.Equal(t, string(bytes.TrimSpace(members[member])), string(extra[member]), "byte for byte")
	written, err := v.MarshalJSON()
	require.NoError(t, err)
	again := p.new()
	require.NoError(t, again.UnmarshalJSON(written), "%s", written)
	assert.True(t, v.equal(again), "%s", written)
	assert.True(t, v.equal(v.clone()))
}

// testCase puts a text in a place. A bad one is refused there both by the model itself and through encoding/json; a good one
// is read, and written so that it is read again.
func testCase(t *testing.T, p place, text string, cut bool, reason error, before, path string, check func(t *testing.T, got any)) {
	t.Helper()
	document := p.before + text
	if !cut {
		document += p.after
	}
	v := p.new()
	err := v.UnmarshalJSON([]byte(document))
	if member, lenient := lenientPlaces.Load(p.name); lenient && (reason == wrong || reason == outOfRange) {
		testMisfit(t, p, member.(string), v, document)
		return
	}
	if reason != nil {
		requireDecodeError(t, err, document, reason, p.path+path, p.before+before)
		assert.True(t, v.equal(p.new()), "the target is unchanged")
	} else {
		require.NoError(t, err, "%s", document)
		check(t, p.get(v.pointer()))
		written, err := v.MarshalJSON()
		require.NoError(t, err)
		again := p.new()
		require.NoError(t, again.UnmarshalJSON(written), "%s", written)
		check(t, p.get(again.pointer()))
		assert.True(t, v.equal(again), "%s\n%s", document, written)
		rewritten, err := again.AppendJSON([]byte("before"))
		require.NoError(t, err)
		assert.Equal(t, "before"+string(written), string(rewritten))
	}

	// encoding/json checks the syntax before it calls us, and hands us the value without the space around it.
	through := p.new()
	throughErr := json.Unmarshal([]byte(document), through.pointer())
	switch {
	case reason == nil:
		require.NoError(t, throughErr)
		assert.True(t, v.equal(through))
	case json.Valid([]byte(document)):
		requireDecodeError(t, throughErr, document, reason, p.path+path, strings.TrimLeft(p.before+before, " \t\r\n"))
	default:
		_, ok := errors.AsType[*json.SyntaxError](throughErr)
		assert.True(t, ok, "%v", throughErr)
	}
}

// requireDecodeError fails unless err is a *DecodeError with this reason and path, and the offset that follows a prefix of the
// document.
func requireDecodeError(t *testing.T, err error, document string, reason error, path, before string) {
	t.Helper()
	require.Error(t, err, "%q", document)
	decodeError, ok := err.(*talonone.DecodeError)
	require.True(t, ok, "a %T: %v", err, err)
	require.ErrorIs(t, err, reason, "%q", document)
	assert.Equal(t, path, decodeError.Path, "%q", document)
	require.True(t, strings.HasPrefix(document, before) || strings.HasPrefix(strings.TrimLeft(document, " \t\r\n"), before), "a bad row: %q %q", document, before)
	assert.Equal(t, len(before), int(decodeError.Offset), "%q: the error is after %q", document, before)
	for _, other := range []error{syntax, wrong, outOfRange, duplicate, invalid, talonone.ErrTooDeep} {
		assert.Equal(t, other == reason, errors.Is(err, other), "one reason only")
	}
}

func TestRFC8259Numbers(t *testing.T) {
	t.Parallel()
	all := allPlaces(t)
	for _, c := range numberCases {
		t.Run(c.name, func(t *testing.T) {
			for _, p := range slices.Concat(all.free, all.json) {
				testCase(t, p, c.text, false, c.err, c.before, "", func(t *testing.T, got any) {
					if raw, ok := got.(json.RawMessage); ok {
						got = json.Number(raw)
					}
					assert.Equal(t, json.Number(c.text), got, "character for character")
				})
			}
			amountErr, integerErr := c.err, c.err
			if c.err == nil && c.amount == "" {
				amountErr = outOfRange
			}
			if c.err == nil && c.integer == "" {
				integerErr = outOfRange
			}
			for _, p := range all.amount {
				checkAmount := func(t *testing.T, got any) {
					assert.Equal(t, c.amount, encodedAmount(t, got.(decimal.Decimal)))
				}
				testCase(t, p, c.text, false, amountErr, c.before, "", checkAmount)
				// In a string it is the same number; what is no number is no amount, whatever is wrong with it.
				if raw := strings.ContainsAny(c.text, "\x00"); raw {
					testCase(t, p, `"`+c.text+`"`, false, syntax, `"1`, "", nil)
				} else if c.err != nil {
					testCase(t, p, `"`+c.text+`"`, false, wrong, "", "", nil)
				} else {
					testCase(t, p, `"`+c.text+`"`, false, amountErr, "", "", checkAmount)
				}
			}
			before := c.before
			if whole := strings.TrimSpace(c.before); c.err != nil && jsonNumber.MatchString(whole) {
				// What is wrong comes after a number, which is no integer: that is wrong first.
				if _, ok := plainInteger(whole, 64); !ok {
					integerErr, before = outOfRange, ""
				}
			}
			for _, p := range all.integer {
				testCase(t, p, c.text, false, integerErr, before, "", func(t *testing.T, got any) {
					assert.Equal(t, c.integer, string(must(json.Marshal(got))))
				})
			}
			for _, p := range textPlaces { // that a number is no text, some places show
				before, _, reason := ofWrongType(c.err, c.before, "")
				testCase(t, p, c.text, false, reason, before, "", nil)
			}
			assert.NotEmpty(t, c.why)
		})
	}
}

// ofWrongType returns how a text is refused where a value of another type must stand: as it is refused anywhere, unless its
// value is good, or what is wrong comes after that.
func ofWrongType(err error, before, path string) (wrongBefore, wrongPath string, reason error) {
	if err == nil || isWhole(before) {
		return "", "", wrong
	}
	return before, path, err
}

// isWhole reports whether text is a value and at most space.
func isWhole(text string) bool { return json.Valid([]byte(text)) }

// encodedAmount returns an amount as a model writes it.
func encodedAmount(t *testing.T, amount decimal.Decimal) string {
	t.Helper()
	text := encode(t, talonone.AdditionalCost{Price: amount})
	return strings.TrimSuffix(strings.TrimPrefix(text, `{"price":`), `}`)
}

func must[V any](v V, err error) V {
	if err != nil {
		panic(err)
	}
	return v
}

func TestRFC8259Strings(t *testing.T) {
	t.Parallel()
	all := allPlaces(t)
	for _, c := range stringCases {
		t.Run(c.name, func(t *testing.T) {
			checkText := func(t *testing.T, got any) {
				if raw, ok := got.(json.RawMessage); ok {
					assert.Equal(t, c.text, string(raw), "byte for byte")
					require.NoError(t, json.Unmarshal(raw, &got))
				}
				assert.Equal(t, c.want, got)
			}
			for _, p := range slices.Concat(all.free, all.json) {
				testCase(t, p, c.text, c.cut, c.err, c.before, "", checkText)
			}
			for _, p := range all.text {
				testCase(t, p, c.text, c.cut, c.err, c.before, "", checkText)
			}
			if c.text[0] == '"' {
				// None of the strings is a number or an integer.
				for _, p := range slices.Concat(amountPlaces, integerPlaces) {
					before, _, reason := ofWrongType(c.err, c.before, "")
					testCase(t, p, c.text, c.cut, reason, before, "", nil)
				}
			}
			for _, p := range namePlaces {
				path := ""
				if c.name == "two strings" || c.name == "sum of strings" || c.name == "quote inside" {
					path = "/a" // the name is good, and what follows is not
				}
				testCase(t, p, c.text, c.cut, c.err, c.before, path, func(t *testing.T, got any) { assert.Equal(t, c.want, got) })
			}
			assert.NotEmpty(t, c.why)
		})
	}
}

func TestRFC8259Values(t *testing.T) {
	t.Parallel()
	all := allPlaces(t)
	for _, c := range valueCases {
		t.Run(c.name, func(t *testing.T) {
			free := all.free
			if c.err != nil || c.want != nil {
				free = slices.Concat(free, all.json)
			}
			for _, p := range free {
				testCase(t, p, c.text, c.cut, c.err, c.before, c.path, func(t *testing.T, got any) {
					if raw, ok := got.(json.RawMessage); ok {
						assert.Equal(t, c.text, string(raw), "byte for byte")
						got = parse(t, raw)
					}
					assert.Equal(t, c.want, got)
				})
			}
			// A good value other than null is a wrong type for a typed member; of a bad one the syntax is reported, for its
			// names are not looked at.
			for _, places := range [][]place{amountPlaces, integerPlaces, textPlaces} {
				for _, p := range places {
					if c.err == nil && c.want == nil {
						continue // what a null is there has a test of its own
					}
					if c.err != nil && isWhole(c.before) {
						continue // what is wrong comes after a value that fits some of these places
					}
					before, path, reason := ofWrongType(c.err, c.before, c.path)
					testCase(t, p, c.text, c.cut, reason, before, path, nil)
				}
			}
			assert.NotEmpty(t, c.why)
		})
	}
}

func TestRFC8259Documents(t *testing.T) {
	all := append(ofPackage("integration"), models...)
	for _, c := range documentCases {
		t.Run(c.name, func(t *testing.T) {
			for _, m := range all {
				path := ""
				if c.name == "array that is malformed" {
					path = "/1"
				}
				if m.schema.zeros("") != "" {
					continue // these documents lack what must be there
				}
				if len(m.schema) == 0 && c.err == nil {
					continue // null is no props and {} is props, which is what Extra says here
				}
				p := place{name: m.name, new: m.new, get: func(v any) any { return v }}
				testCase(t, p, c.text, true, c.err, c.before, path, func(*testing.T, any) {})
			}
			assert.NotEmpty(t, c.why)
		})
	}
}

// TestRFC8259Names checks that each row has a name of its own.
func TestRFC8259Names(t *testing.T) {
	check := func(names map[string]bool, name string) {
		assert.False(t, names[name], "%q twice", name)
		names[name] = true
	}
	numbers, texts, values, documents := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, c := range numberCases {
		check(numbers, c.name)
	}
	for _, c := range stringCases {
		check(texts, c.name)
	}
	for _, c := range valueCases {
		check(values, c.name)
	}
	for _, c := range documentCases {
		check(documents, c.name)
	}
}
