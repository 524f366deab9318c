package test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// TestMarshalEverywhere: a model marshals as a value, pointer, field, element, and behind an interface.
func TestMarshalEverywhere(t *testing.T) {
	for _, m := range models {
		t.Run(m.name, func(t *testing.T) {
			v := m.new()
			newGenerator(7).fill(v.pointer())
			direct, err := v.MarshalJSON()
			require.NoError(t, err)
			var compact bytes.Buffer
			require.NoError(t, json.Compact(&compact, direct))
			want := new(bytes.Buffer)
			json.HTMLEscape(want, compact.Bytes())

			pointer := v.pointer()
			value := reflect.ValueOf(pointer).Elem().Interface()
			list := reflect.MakeSlice(reflect.SliceOf(reflect.TypeOf(value)), 1, 1)
			list.Index(0).Set(reflect.ValueOf(value))
			array := reflect.New(reflect.ArrayOf(1, reflect.TypeOf(value))).Elem()
			array.Index(0).Set(reflect.ValueOf(value))
			object := reflect.MakeMap(reflect.MapOf(reflect.TypeFor[string](), reflect.TypeOf(value)))
			object.SetMapIndex(reflect.ValueOf("V"), reflect.ValueOf(value))
			field := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "V", Type: reflect.TypeOf(value)}})).Elem()
			field.Field(0).Set(reflect.ValueOf(value))
			for name, c := range map[string]struct {
				v             any
				before, after string
			}{
				"value": {value, "", ""}, "pointer": {pointer, "", ""}, "pointer to a pointer": {&pointer, "", ""},
				"element": {list.Interface(), "[", "]"}, "array": {array.Interface(), "[", "]"}, "interface": {[]any{value, pointer}, "[", "," + want.String() + "]"},
				"map": {object.Interface(), `{"V":`, "}"}, "field": {field.Interface(), `{"V":`, "}"}, "pointer to a struct": {field.Addr().Interface(), `{"V":`, "}"},
				"json.Marshaler": {json.Marshaler(v), "", ""},
			} {
				text, err := json.Marshal(c.v)
				require.NoError(t, err, name)
				assert.Equal(t, c.before+want.String()+c.after, string(text), name)
			}
			null, err := json.Marshal(reflect.Zero(reflect.TypeOf(pointer)).Interface())
			require.NoError(t, err)
			assert.Equal(t, "null", string(null), "a nil pointer")

			// And it comes back from there.
			var buf bytes.Buffer
			encoder := json.NewEncoder(&buf)
			encoder.SetEscapeHTML(false)
			encoder.SetIndent("", "\t")
			require.NoError(t, encoder.Encode(field.Addr().Interface()))
			back := reflect.New(field.Type())
			decoder := json.NewDecoder(&buf)
			decoder.DisallowUnknownFields()
			require.NoError(t, decoder.Decode(back.Interface()), "DisallowUnknownFields has no effect")
			again := m.new()
			reflect.ValueOf(again.pointer()).Elem().Set(back.Elem().Field(0))
			_, ok := checkEqual(t, m.schema, again, v)
			require.True(t, ok)
		})
	}
}

// TestUnmarshalEverywhere: the path and the offset of an error are those in the model's own text.
func TestUnmarshalEverywhere(t *testing.T) {
	type request struct {
		CustomerSession talonone.CustomerSessionUpdate
		Pointer         *talonone.CustomerSessionUpdate
		Items           []talonone.CartItem
		ByName          map[string]talonone.CartItem
	}
	const model = `{"sku":"a", "quantity":1.5}`
	const offset = len(`{"sku":"a", "quantity":`)
	for _, c := range []struct{ text, path string }{
		{`{"Items":[{}, ` + model + `]}`, "/quantity"},
		{`{"ByName" : { "x": ` + model + `}}`, "/quantity"},
	} {
		var r request
		err := json.Unmarshal([]byte(c.text), &r)
		decodeError, ok := err.(*talonone.DecodeError)
		require.True(t, ok, "it comes unwrapped, not as a %T", err)
		assert.Equal(t, c.path, decodeError.Path)
		assert.Equal(t, offset, int(decodeError.Offset))
	}
	var r request
	require.NoError(t, json.Unmarshal([]byte(`{"CustomerSession":null,"Pointer":null,"Items":[null],"ByName":{"a":null}}`), &r))
	assert.Equal(t, request{Items: make([]talonone.CartItem, 1), ByName: map[string]talonone.CartItem{"a": {}}}, r, "a null changes nothing")
	require.NoError(t, json.Unmarshal([]byte(`{"Pointer":{}}`), &r))
	assert.Equal(t, new(talonone.CustomerSessionUpdate), r.Pointer)
}

// TestMarshalError: an error comes inside *json.MarshalerError, with the path in the model.
func TestMarshalError(t *testing.T) {
	s := talonone.CustomerSessionV2{CartItems: []talonone.CartItem{{}, {SKU: "\xff"}}}
	requireEncodeError(t, &boxed[talonone.CustomerSessionV2]{s}, invalid, "/cartItems/1/sku")
	_, err := json.Marshal(map[string]any{"session": s})
	var encodeError *talonone.EncodeError
	require.ErrorAs(t, err, &encodeError)
	assert.Equal(t, "/cartItems/1/sku", encodeError.Path)
	var marshalerError *json.MarshalerError
	require.ErrorAs(t, err, &marshalerError)
	assert.NotContains(t, err.Error(), "\xff")
}

// TestAppend: AppendJSON appends, in place where there is room, and leaves what is before it alone.
func TestAppend(t *testing.T) {
	s := fullSession(t)
	want := encode(t, s)
	buf := make([]byte, 3, 1<<16)
	copy(buf, "abc")
	text, err := s.AppendJSON(buf)
	require.NoError(t, err)
	assert.Equal(t, "abc"+want, string(text))
	assert.Same(t, &buf[0], &text[0])
	text, err = s.AppendJSON(text)
	require.NoError(t, err)
	assert.Equal(t, "abc"+want+want, string(text))
	text, err = s.AppendJSON(make([]byte, 0))
	require.NoError(t, err)
	assert.Equal(t, want, string(text))

	// What an error leaves: the buffer at its old length, with what was in it.
	s.Extra = map[string]raw{"zzz": raw("{")}
	text, err = s.AppendJSON(buf)
	require.Error(t, err)
	assert.Equal(t, "abc", string(text))
	text, err = s.AppendJSON(nil)
	require.Error(t, err)
	assert.Empty(t, text)
}

// TestMarshalResultIsOurs: what MarshalJSON returns is not used again by a later call.
func TestMarshalResultIsOurs(t *testing.T) {
	a := must(talonone.CartItem{SKU: "aaaa"}.MarshalJSON())
	kept := string(a)
	for range 10 {
		b := must(talonone.CartItem{SKU: "bbbb"}.MarshalJSON())
		for i := range b {
			b[i] = 'x'
		}
	}
	assert.Equal(t, kept, string(a))
	assert.Equal(t, `{"sku":"cccc","quantity":0}`, string(must(talonone.CartItem{SKU: "cccc"}.MarshalJSON())))
}

// TestZeroValues: what is always written, and in which order.
func TestZeroValues(t *testing.T) {
	for _, c := range []struct {
		v    anyModel
		want string
	}{
		{newModel[talonone.CustomerSessionV2](), `{"integrationId":"","applicationId":0,"profileId":"","state":"open","cartItems":[],"attributes":{},"firstSession":false,"total":0,"cartItemTotal":0,"additionalCostTotal":0}`},
		{newModel[talonone.CustomerSessionUpdate](), `{}`},
		{newModel[talonone.CartItem](), `{"sku":"","quantity":0}`},
		{newModel[talonone.AdditionalCost](), `{"price":0}`},
		{newModel[talonone.Product](), `{"name":""}`},
		{newModel[talonone.PriceDetail](), `{}`},
		{newModel[talonone.ExperimentVariantAllocation](), `{"experimentID":0,"variantID":0}`},
		{newModel[talonone.Attributes](), `{}`},
	} {
		text, err := c.v.MarshalJSON()
		require.NoError(t, err)
		assert.Equal(t, c.want, string(text))
	}
	// An empty optional list or object is written: it is how codes are dropped.
	assert.Equal(t, `{"cartItems":[],"evaluableCampaignIds":[],"couponCodes":[],"loyaltyCards":[],"rewardIntegrationIds":[],"experimentVariantAllocations":[],"additionalCosts":{},"identifiers":[],"attributes":{}}`,
		encode(t, talonone.CustomerSessionUpdate{
			EvaluableCampaignIDs: []int64{}, CouponCodes: []string{}, LoyaltyCards: []string{}, RewardIntegrationIDs: []string{}, CartItems: []talonone.CartItem{}, Identifiers: []string{},
			ExperimentVariantAllocations: []talonone.ExperimentVariantAllocation{}, AdditionalCosts: map[string]talonone.AdditionalCost{}, Attributes: talonone.Attributes{},
		}))
	assert.Equal(t, `{"profileId":"","storeIntegrationId":"","referralCode":""}`,
		encode(t, talonone.CustomerSessionUpdate{ProfileID: new(""), StoreIntegrationID: new(""), ReferralCode: new("")}))
	assert.Equal(t, `{"sku":"","quantity":0,"returnedQuantity":0,"remainingQuantity":0,"price":0,"product":{"name":""},"position":0,"attributes":{},"additionalCosts":{},"catalogItemID":0,"prices":{}}`,
		encode(t, talonone.CartItem{
			ReturnedQuantity: new(0), RemainingQuantity: new(0), Price: new(decimal.Decimal{}), Position: new(decimal.Decimal{}), Product: new(talonone.Product{}),
			Attributes: talonone.Attributes{}, AdditionalCosts: map[string]talonone.AdditionalCost{}, CatalogItemID: new(int64(0)), Prices: map[string]talonone.PriceDetail{},
		}))
}

// TestOutputOrder: members come in the order of the contract, the keys of maps sorted by their bytes.
func TestOutputOrder(t *testing.T) {
	for _, m := range append(ofPackage("integration"), models...) {
		v := m.full()
		text, err := v.AppendJSON(nil)
		require.NoError(t, err)
		var order []string
		d := json.NewDecoder(bytes.NewReader(text))
		_, _ = d.Token()
		for d.More() {
			name, err := d.Token()
			require.NoError(t, err)
			order = append(order, name.(string))
			var value json.RawMessage
			require.NoError(t, d.Decode(&value))
		}
		var want []string
		for _, member := range m.schema {
			want = append(want, member.name)
		}
		if m.schema == nil {
			want = []string{"list", "number", "object", "text"}
		} else {
			want = append(want, "x")
		}
		assert.Equal(t, want, order, m.name)
	}
	a := talonone.Attributes{"b": 1, "a": 2, "B": 3, "": 4, "é": 5, "a\x00": 6, "aa": 7, "😀": 8, "\uffff": 9}
	for range 20 {
		assert.Equal(t, `{"":4,"B":3,"a":2,"a\u0000":6,"aa":7,"b":1,"é":5,"`+"\uffff"+`":9,"😀":8}`, encode(t, a))
	}
}
