package test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

type raw = json.RawMessage

// eachExtra runs a test with every model that has an Extra, with a function that sets it.
func eachExtra(t *testing.T, test func(t *testing.T, v anyModel, setExtra func(map[string]raw))) {
	for _, m := range models {
		if m.schema == nil {
			continue // Attributes
		}
		t.Run(m.name, func(t *testing.T) {
			v := m.new()
			extra := reflect.ValueOf(v.pointer()).Elem().FieldByName("Extra")
			test(t, v, func(e map[string]raw) { extra.Set(reflect.ValueOf(e)) })
		})
	}
}

func TestExtraIsKept(t *testing.T) {
	eachExtra(t, func(t *testing.T, v anyModel, setExtra func(map[string]raw)) {
		empty, err := v.AppendJSON(nil)
		require.NoError(t, err)
		separator := ","
		if string(empty) == "{}" {
			separator = ""
		}
		// Byte for byte, after the known members, sorted by name.
		const extra = `"":null,"Sku":1.50,"a/b~c": [ 1 , 2 ] ,"z":{"b":1,"a":"\u0061<&>"},"é":"é"`
		text := strings.TrimSuffix(string(empty), "}") + separator + extra + "}"
		require.NoError(t, v.UnmarshalJSON([]byte(`{"é":"é","z":{"b":1,"a":"\u0061<&>"},"a/b~c":[ 1 , 2 ],"Sku":1.50,"":null}`)))
		written, err := v.AppendJSON(nil)
		require.NoError(t, err)
		assert.Equal(t, strings.ReplaceAll(text, ": [ 1 , 2 ] ,", ":[ 1 , 2 ],"), string(written))

		// What the caller puts there may have space around it.
		setExtra(map[string]raw{"é": raw(`"é"`), "z": raw(`{"b":1,"a":"\u0061<&>"}`), "a/b~c": raw(` [ 1 , 2 ] `), "Sku": raw(`1.50`), "": raw(`null`)})
		written, err = v.MarshalJSON()
		require.NoError(t, err)
		assert.Equal(t, text, string(written))

		// encoding/json compacts and escapes it.
		written, err = json.Marshal(v.pointer())
		require.NoError(t, err)
		assert.Equal(t, strings.NewReplacer(" ", "", "<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(text), string(written))
	})
}

func TestExtraErrors(t *testing.T) {
	deep := func(levels int) raw { return raw(strings.Repeat("[", levels) + strings.Repeat("]", levels)) }
	for _, c := range []struct {
		name   string
		member string
		raw    raw
		reason error
		inside string // the place in the value
	}{
		{"nil", "x", nil, syntax, ""},
		{"empty", "x", raw{}, syntax, ""},
		{"space", "x", raw(" \n"), syntax, ""},
		{"half a value", "x", raw(`{"a":`), syntax, "/a"},
		{"no value", "x", raw(`secret`), syntax, ""},
		{"comma", "x", raw(`1,`), syntax, ""},
		{"two values", "x", raw(`1 2`), syntax, ""},
		{"a value and a member", "x", raw(`1,"total":2`), syntax, ""},
		{"a value that ends the object", "x", raw(`1}`), syntax, ""},
		{"comment", "x", raw(`1/*secret*/`), syntax, ""},
		{"number with a leading zero", "x", raw(`01`), syntax, ""},
		{"name twice", "x", raw(`{"a":1,"a":2}`), duplicate, "/a"},
		{"name twice, inside", "x", raw(`[{"a":{"b":1,"\u0062":2}}]`), duplicate, "/0/a/b"},
		{"invalid UTF-8", "x", raw("\"\xff\""), invalid, ""},
		{"invalid UTF-8 in a name", "x", raw("{\"\xff\":1}"), invalid, ""},
		{"wrong word in a name that must be escaped", "x", raw(`{"a":[0,1],"b/c~d":{"é":[true,tru]}}`), syntax, "/b~1c~0d/é/1"},
		{"lone surrogate", "x", raw(`["\udc00"]`), invalid, "/0"},
		{"invalid UTF-8 in the member's name", "a\xff", raw(`1`), invalid, ""},
		{"too deep", "x", deep(10_000), talonone.ErrTooDeep, strings.Repeat("/0", 9_999)},
		{"far too deep", "x", deep(1_000_000), talonone.ErrTooDeep, strings.Repeat("/0", 9_999)},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachExtra(t, func(t *testing.T, v anyModel, setExtra func(map[string]raw)) {
				setExtra(map[string]raw{"a good one": raw(`[1]`), c.member: c.raw})
				requireEncodeError(t, v, c.reason, "/"+c.member+c.inside)
			})
		})
	}
	eachExtra(t, func(t *testing.T, v anyModel, setExtra func(map[string]raw)) {
		setExtra(map[string]raw{"x": deep(9_999)})
		text, err := v.MarshalJSON()
		require.NoError(t, err, "the object itself is one level, and 10,000 are allowed")
		require.NoError(t, v.UnmarshalJSON(text))
	})
}

// TestExtraForMembers: a name in Extra that is written anyway is an error; where the model leaves that member out, Extra's is
// written. It must be what the member may be.
func TestExtraForMembers(t *testing.T) {
	for _, m := range models {
		for _, member := range m.schema {
			t.Run(m.name+"."+member.name, func(t *testing.T) {
				v := m.new()
				set := func(text string) {
					reflect.ValueOf(v.pointer()).Elem().FieldByName("Extra").Set(reflect.ValueOf(map[string]raw{member.name: raw(text)}))
				}
				if member.required {
					// It is always written.
					for _, text := range []string{"null", member.sample(), "secret"} {
						set(text)
						requireEncodeError(t, v, duplicate, "/"+member.name)
					}
					return
				}
				empty, err := m.new().MarshalJSON()
				require.NoError(t, err)
				for _, text := range []string{"null", " null", member.sample()} {
					set(text)
					written, err := v.MarshalJSON()
					require.NoError(t, err)
					want := strings.TrimSuffix(string(empty), "}") + `,"` + member.name + `":` + text + "}"
					assert.Equal(t, strings.Replace(want, "{,", "{", 1), string(written))

					back := m.new()
					require.NoError(t, back.UnmarshalJSON(written))
					assert.Equal(t, text == member.sample(), reflect.ValueOf(back.pointer()).Elem().FieldByName("Extra").IsNil() && !back.equal(m.new()),
						"a value comes back as the member, a null as nothing")
					again, err := v.clone().AppendJSON(nil)
					require.NoError(t, err)
					assert.Equal(t, string(written), string(again))
				}
				// Where the member has a value too, there would be two.
				require.NoError(t, v.UnmarshalJSON([]byte(`{"`+member.name+`":`+member.sample()+`}`)))
				set("null")
				requireEncodeError(t, v, duplicate, "/"+member.name)

				// What is no value of the member would not be read.
				v = m.new()
				for _, text := range []string{"true", `{"a":1}`, `[null]`, `"secret"`} {
					set(text)
					if ps := problems([]byte(`{"`+member.name+`":`+text+`}`), m.schema); len(ps) > 0 {
						requireEncodeError(t, v, ps[0].reason, ps[0].path)
					} else {
						_, err := v.MarshalJSON()
						require.NoError(t, err)
					}
				}
				set("secret")
				requireEncodeError(t, v, syntax, "/"+member.name)
				// Nor can it end the member, and break off in another.
				for _, smuggled := range []string{`,"x":1`, `,"x":[x`, `,"` + member.name + `":[x`, `,"` + member.name + `2":[x`, `}`} {
					set(member.sample() + smuggled)
					_, err := v.MarshalJSON()
					requireEncodeError(t, v, reasonOf(t, err), "/"+member.name)
				}
			})
		}
	}
}

// TestExtraSendsNull is what a caller writes to send a null.
func TestExtraSendsNull(t *testing.T) {
	u := talonone.CustomerSessionUpdate{CouponCodes: []string{}, Extra: map[string]raw{"referralCode": raw("null")}}
	assert.Equal(t, `{"couponCodes":[],"referralCode":null}`, encode(t, u))
}

// TestExtraPlaces: Extra is kept, and refused, wherever a model stands in another.
func TestExtraPlaces(t *testing.T) {
	good, bad := map[string]raw{"x": raw(`1e1`)}, map[string]raw{"x": raw(`,`)}
	build := func(extra map[string]raw) talonone.CustomerSessionV2 {
		return talonone.CustomerSessionV2{
			CartItems: []talonone.CartItem{{}, {
				Product:         &talonone.Product{Extra: extra},
				AdditionalCosts: map[string]talonone.AdditionalCost{"c": {Extra: extra}},
				Prices:          map[string]talonone.PriceDetail{"p/q": {Extra: extra}},
				Extra:           extra,
			}},
			ExperimentVariantAllocations: []talonone.ExperimentVariantAllocation{{Extra: extra}},
			AdditionalCosts:              map[string]talonone.AdditionalCost{"c": {Price: decimal.New(1, 0), Extra: extra}},
			Extra:                        extra,
		}
	}
	assert.Equal(t, 7, strings.Count(encode(t, build(good)), `"x":1e1`))
	broken := build(good)
	for _, c := range []struct {
		path   string
		change func(*talonone.CustomerSessionV2)
	}{
		{"/x", func(s *talonone.CustomerSessionV2) { s.Extra = bad }},
		{"/additionalCosts/c/x", func(s *talonone.CustomerSessionV2) { s.AdditionalCosts["c"] = talonone.AdditionalCost{Extra: bad} }},
		{"/experimentVariantAllocations/0/x", func(s *talonone.CustomerSessionV2) { s.ExperimentVariantAllocations[0].Extra = bad }},
		{"/cartItems/1/x", func(s *talonone.CustomerSessionV2) { s.CartItems[1].Extra = bad }},
		{"/cartItems/1/product/x", func(s *talonone.CustomerSessionV2) { s.CartItems[1].Product.Extra = bad }},
		{"/cartItems/1/additionalCosts/c/x", func(s *talonone.CustomerSessionV2) {
			s.CartItems[1].AdditionalCosts["c"] = talonone.AdditionalCost{Extra: bad}
		}},
		{"/cartItems/1/prices/p~1q/x", func(s *talonone.CustomerSessionV2) { s.CartItems[1].Prices["p/q"] = talonone.PriceDetail{Extra: bad} }},
	} {
		s := broken.Clone()
		c.change(&s)
		requireEncodeError(t, &boxed[talonone.CustomerSessionV2]{s}, syntax, c.path)
	}
}

// hostileNames are names that a member may have, and that are something else to whoever writes or reads them carelessly.
func hostileNames() []string {
	names := []string{
		"", " ", `","total":0,"`, `":1,"total":0,"x`, `\u0022`, `\`, `\\`, `{}`, `[`, "/", "~", "~0", "~1", "a/b~c", "//", "..", "*/", "<!--", "</script>",
		"__proto__", "constructor", "toString", "$ref", "null", "true", "0", "-1", "Extra", "ID", "integrationid", "INTEGRATIONID", "integrationId ",
		"integrationId\x00", "cartItems/0", "sku\u200b", "ſku", "K", "\ufeff", "\u2028\u2029", "\ufffd", "\uffff", "\U0010ffff", "e\u0301", "é",
		"\u202egnp", strings.Repeat("n", 1<<16), strings.Repeat("\x00", 1<<12),
	}
	for c := range rune(0x100) {
		names = append(names, string(c), "x"+string(c)+"x")
	}
	return names
}

// TestHostileNames: a name is a text like any other. It adds no member, comes back as it was, and stands in the path of an error
// so that the path can be read again.
func TestHostileNames(t *testing.T) {
	names := hostileNames()
	values := map[string]raw{}
	for i, name := range names {
		values[name] = raw(strconv.Itoa(i))
	}
	// check reads what was written with another library, and again with ours.
	check := func(t *testing.T, v anyModel, at string, had int) {
		t.Helper()
		text, err := v.AppendJSON(nil)
		require.NoError(t, err)
		var members map[string]raw
		require.NoError(t, json.Unmarshal([]byte(valueAt(t, string(text), at)), &members))
		assert.Len(t, members, len(values)+had)
		for name, value := range values {
			assert.Contains(t, []string{string(value), `{"price":` + string(value) + `}`}, string(members[name]), "%.50q", name)
		}
		back := v.clone()
		require.NoError(t, back.UnmarshalJSON(text))
		assert.True(t, back.equal(v))
		again, err := back.AppendJSON(nil)
		require.NoError(t, err)
		assert.Equal(t, string(text), string(again))
	}
	eachExtra(t, func(t *testing.T, v anyModel, setExtra func(map[string]raw)) {
		empty, err := v.AppendJSON(nil)
		require.NoError(t, err)
		setExtra(values)
		check(t, v, "", strings.Count(string(empty), `":`))
		for _, name := range names {
			setExtra(map[string]raw{name: raw(`[1,{"a":tru}]`)})
			_, err := v.AppendJSON(nil)
			encodeError, ok := errors.AsType[*talonone.EncodeError](err)
			require.True(t, ok, "%.50q", name)
			assert.Equal(t, "/"+pointerToken(name)+"/1/a", encodeError.Path)
			assert.Less(t, len(err.Error()), 4*256+200)

			document := `{` + quoted(t, name) + `:[1,{"a":tru}]}`
			var decodeError *talonone.DecodeError
			require.ErrorAs(t, v.UnmarshalJSON([]byte(document)), &decodeError)
			assert.Equal(t, encodeError.Path, decodeError.Path)
			assert.Less(t, len(decodeError.Error()), 4*256+200)
		}
	})
	attributes, costs, prices := talonone.Attributes{}, map[string]talonone.AdditionalCost{}, map[string]talonone.PriceDetail{}
	for name, value := range values {
		attributes[name] = json.Number(value)
		amount := decimal.RequireFromString(string(value))
		costs[name], prices[name] = talonone.AdditionalCost{Price: amount}, talonone.PriceDetail{Price: &amount}
	}
	check(t, &boxed[talonone.Attributes]{attributes}, "", 0)
	session := talonone.CustomerSessionV2{
		Attributes: attributes, AdditionalCosts: costs,
		CartItems: []talonone.CartItem{{Attributes: attributes, AdditionalCosts: costs, Prices: prices}},
	}
	for _, at := range []string{
		"/attributes", "/additionalCosts", "/cartItems/0/attributes", "/cartItems/0/additionalCosts", "/cartItems/0/prices",
	} {
		check(t, &boxed[talonone.CustomerSessionV2]{session}, at, 0)
	}
}

// quoted returns a text as another library writes it.
func quoted(t *testing.T, text string) string {
	t.Helper()
	b, err := json.Marshal(text)
	require.NoError(t, err)
	return string(b)
}
