package integration_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// required are the members that an effect always has.
const required = `"campaignId":1,"rulesetId":2,"ruleIndex":3,"ruleName":"r"`

func TestEffectMembersInAnyOrder(t *testing.T) {
	want := integration.Effect{
		CampaignID: 1, RulesetID: 2, RuleIndex: 3, RuleName: "r", Type: "setDiscount", TriggeredByCoupon: new(int64(4)),
		Props: &integration.SetDiscount{Name: "10% off", Value: decimal.New(1050, -2)},
	}
	text := `{` + required + `,"effectType":"setDiscount","triggeredByCoupon":4,"props":{"name":"10% off","value":10.50}}`
	for _, in := range []string{
		text,
		`{"props":{"value":10.50,"name":"10% off"},"triggeredByCoupon":4,"effectType":"setDiscount",` + required + `}`,
		"\n{ \"props\" :\t{ \"name\" : \"10% off\" , \"value\" : \"10.50\" } , " + required + `, "triggeredByCoupon": 4, "effectType": "setDiscount" } `,
	} {
		var e integration.Effect
		require.NoError(t, e.UnmarshalJSON([]byte(in)), in)
		assert.True(t, want.Equal(e), in)
		out, err := e.AppendJSON([]byte("x"))
		require.NoError(t, err)
		assert.Equal(t, "x"+text, string(out))
	}
}

// TestEffectRoundTrip decodes and encodes texts.
func TestEffectRoundTrip(t *testing.T) {
	for _, tc := range []struct{ name, in, out string }{
		{"an unknown type", `"effectType":"beamUp","props":{"b": 1,"a":[1.50, null]}`, ``},
		{"an unknown type without props", `"effectType":"beamUp"`, `"effectType":"beamUp","props":null`},
		{"no type", `"props":{"a":1}`, `"effectType":"","props":{"a":1}`},
		{"a null type", `"effectType":null,"props":7`, `"effectType":"","props":7`},
		{"null props", `"effectType":"setDiscount","props":null`, ``},
		{"no props", `"effectType":"setDiscount"`, `"effectType":"setDiscount","props":null`},
		{"empty props", `"effectType":"acceptCoupon","props":{}`, `"effectType":"acceptCoupon","props":{"value":""}`},
		{"empty props of a discount", `"effectType":"setDiscount","props":{}`, ``},
		{"props that are text", `"effectType":"rejectCoupon","props":"{}"`, ``},
		{"spacing in what is kept", `"effectType":"rejectCoupon","props":[ 1 ,2 ]`, ``},
		{"the other spelling", `"effectType":"ShowBundleMetadata","props":{"description":"d","bundleAttributes":["a"],"itemsIndices":[0,2]}`, ``},
		{"unknown members", `"effectType":"acceptCoupon","props":{"value":"A","later":{"x": 1.0},"also":null}`,
			`"effectType":"acceptCoupon","props":{"value":"A","also":null,"later":{"x": 1.0}}`},
		{"whole numbers", `"effectType":"setDiscountPerItem","props":{"name":"n","value":1,"position":3.0,"subPosition":2e0,"bundleIndex":1}`,
			`"effectType":"setDiscountPerItem","props":{"name":"n","value":1,"position":3,"subPosition":2,"bundleIndex":1}`},
		{"optional members that are zero", `"effectType":"setDiscountPerItem","props":{"name":"n","value":0.00,"position":0,"subPosition":0,"excludedFromPriceHistory":false,"desiredValue":0}`,
			`"effectType":"setDiscountPerItem","props":{"name":"n","value":0.00,"position":0,"subPosition":0,"desiredValue":0,"excludedFromPriceHistory":false}`},
		{"optional members that are null or empty", `"effectType":"rejectCoupon","props":{"value":"A","rejectionReason":"r","details":"","conditionIndex":null}`,
			`"effectType":"rejectCoupon","props":{"value":"A","rejectionReason":"r"}`},
		{"an attribute of any type", `"effectType":"updateAttribute","props":{"path":"p","value":[1.0,"a", null]}`, ``},
		{"an attribute that became null", `"effectType":"updateAttribute","props":{"path":"p","value":null}`, ``},
		{"a payload", `"effectType":"customEffect","props":{"effectId":1,"name":"n","payload":{"z": 1, "a": 2}}`, ``},
		{"no payload", `"effectType":"customEffect","props":{"effectId":1,"name":"n"}`, `"effectType":"customEffect","props":{"effectId":1,"name":"n","payload":{}}`},
		{"transactions", `"effectType":"setLoyaltyPointsExpiryDate","props":{"programId":1,"subLedgerId":"","newExpiryDate":"2026-01-02T03:04:05Z","affectedTransactions":[{"transactionUUID":"u","newExpiryDate":"2026-01-02T03:04:05+02:00","x":1}]}`, ``},
		{"an amount with many digits", `"effectType":"setDiscount","props":{"name":"n","value":12345678901234567890.12345678901234567890}`, ``},
	} {
		in := `{` + required + `,` + tc.in + `}`
		want := in
		if tc.out != "" {
			want = `{` + required + `,` + tc.out + `}`
		}
		var e, again integration.Effect
		require.NoError(t, e.UnmarshalJSON([]byte(in)), tc.name)
		require.NotNil(t, e.Props, tc.name)
		assert.True(t, strings.EqualFold(e.Type, e.Props.EffectType()), tc.name)
		out, err := e.MarshalJSON()
		require.NoError(t, err, tc.name)
		assert.Equal(t, want, string(out), tc.name)
		require.NoError(t, json.Unmarshal(out, &again), tc.name)
		assert.True(t, e.Equal(again), tc.name)
		assert.True(t, e.Clone().Equal(e), tc.name)
	}
}

// TestUnknownEffect lists props that do not fit the struct of their type, and the errors.
func TestUnknownEffect(t *testing.T) {
	for _, tc := range []struct {
		effectType, props string
		reason            error // nil: no error
		at, path          string
	}{
		{"beamUp", `{"value":1}`, nil, "", ""},
		{"", `{"value":1}`, nil, "", ""},
		{"SetDiscount", `{"name":"n","value":1}`, nil, "", ""},
		{"setDiscount", `""`, talonone.ErrWrongType, ``, ""},
		{"setDiscount", `"{}"`, talonone.ErrWrongType, ``, ""},
		{"setDiscount", `[]`, talonone.ErrWrongType, ``, ""},
		{"setDiscount", `false`, talonone.ErrWrongType, ``, ""},
		{"setDiscount", `{"value":"1.5x"}`, talonone.ErrWrongType, `{"value":`, "/value"},
		{"setDiscount", `{"value": 1e2000}`, talonone.ErrOutOfRange, `{"value": `, "/value"},
		{"setDiscount", `{"name":7,"value":1}`, talonone.ErrWrongType, `{"name":`, "/name"},
		{"setDiscountPerItem", `{"position":1.5}`, talonone.ErrOutOfRange, `{"position":`, "/position"},
		{"setDiscountPerItem", `{"subPosition":"1"}`, talonone.ErrWrongType, `{"subPosition":`, "/subPosition"},
		{"setDiscountPerItem", `{"position":9223372036854775808}`, talonone.ErrOutOfRange, `{"position":`, "/position"},
		{"setDiscountPerItem", `{"excludedFromPriceHistory":0}`, talonone.ErrWrongType, `{"excludedFromPriceHistory":`, "/excludedFromPriceHistory"},
		{"triggerWebhook", `{"webhookId":7.5}`, talonone.ErrOutOfRange, `{"webhookId":`, "/webhookId"},
		{"addLoyaltyPoints", `{"startDate":"tomorrow"}`, talonone.ErrWrongType, `{"startDate":`, "/startDate"},
		{"showBundleMetadata", `{"itemsIndices":[0,1.5]}`, talonone.ErrOutOfRange, `{"itemsIndices":[0,`, "/itemsIndices/1"},
		{"showBundleMetadata", `{"bundleAttributes":[null]}`, talonone.ErrWrongType, `{"bundleAttributes":[`, "/bundleAttributes/0"},
		{"ShowBundleMetadata", `{"bundleAttributes":1}`, talonone.ErrWrongType, `{"bundleAttributes":`, "/bundleAttributes"},
		{"extendLoyaltyPointsExpiryDate", `{"affectedTransactions":[{"newExpiryDate":0}]}`, talonone.ErrWrongType,
			`{"affectedTransactions":[{"newExpiryDate":`, "/affectedTransactions/0/newExpiryDate"},
	} {
		for _, order := range []string{`{"effectType":"$type", "props": $props, "ruleIndex":5}`, `{"props": $props, "ruleIndex":5,"effectType":"$type"}`} {
			in := strings.NewReplacer("$type", tc.effectType, "$props", tc.props).Replace(order)
			var state integration.IntegrationState
			require.NoError(t, state.UnmarshalJSON([]byte(`{"effects":[`+in+`]}`)), in)
			e := state.Effects[0]
			assert.Equal(t, tc.effectType, e.Type)
			assert.Equal(t, 5, e.RuleIndex, "what stands after the props is read")
			u, ok := e.Props.(*integration.UnknownEffect)
			require.True(t, ok, in)
			assert.Equal(t, tc.effectType, u.Type)
			assert.Equal(t, tc.props, string(u.Raw))
			if tc.reason == nil {
				assert.NoError(t, u.Err)
				continue
			}
			require.ErrorIs(t, u.Err, tc.reason)
			err, ok := errors.AsType[*talonone.DecodeError](u.Err)
			require.True(t, ok)
			assert.Equal(t, tc.path, err.Path)
			assert.Equal(t, int64(len(tc.at)), err.Offset)
		}
	}

	for _, in := range []string{`{"effectType":"setDiscount"}`, `{"effectType":"addToAudience","props":null}`} {
		var e integration.Effect
		require.NoError(t, e.UnmarshalJSON([]byte(in)))
		u := e.Props.(*integration.UnknownEffect)
		assert.Nil(t, u.Raw)
		assert.ErrorIs(t, u.Err, talonone.ErrWrongType)
	}
}

// TestUnknownEffectKeepsNothing checks that Raw shares no memory with the input.
func TestUnknownEffectKeepsNothing(t *testing.T) {
	text := []byte(`{"effectType":"beamUp","props":{"a":1}}`)
	var e integration.Effect
	require.NoError(t, e.UnmarshalJSON(text))
	clone := e.Clone()
	clear(text)
	assert.Equal(t, `{"a":1}`, string(e.Props.(*integration.UnknownEffect).Raw))
	clear(e.Props.(*integration.UnknownEffect).Raw)
	assert.Equal(t, `{"a":1}`, string(clone.Props.(*integration.UnknownEffect).Raw))
}

// TestEffectDecodeErrors lists texts that are refused as a whole, split at the error.
func TestEffectDecodeErrors(t *testing.T) {
	for _, tc := range []struct {
		before, after string
		reason        error
		path          string
	}{
		{`{"effects":`, `{}}`, talonone.ErrWrongType, "/effects"},
		{`{"effects":[`, `null]}`, talonone.ErrWrongType, "/effects/0"},
		{`{"effects":[{"effectType":`, `5}]}`, talonone.ErrWrongType, "/effects/0/effectType"},
		{`{"effects":[{"props":{},"ruleIndex":`, `1.5,"effectType":"setDiscount"}]}`, talonone.ErrOutOfRange, "/effects/0/ruleIndex"},
		{`{"effects":[{"campaignId":`, `"1"}]}`, talonone.ErrWrongType, "/effects/0/campaignId"},
		{`{"effects":[{"effectType":"a",`, `"effectType":"b"}]}`, talonone.ErrDuplicateName, "/effects/0/effectType"},
		{`{"effects":[{"props":{},"effectType":"setDiscount",`, `"props":{}}]}`, talonone.ErrDuplicateName, "/effects/0/props"},
		{`{"effects":[{"effectType":"setDiscount","props":{"value":1,`, `"value":2}}]}`, talonone.ErrDuplicateName, "/effects/0/props/value"},
		{`{"effects":[{"effectType":"setDiscount","props":{"value":"x","name":"a",`, `"name":"b"}}]}`, talonone.ErrDuplicateName, "/effects/0/props/name"},
		{`{"effects":[{"effectType":"beamUp","props":{"a":{"b":1,`, `"b":2}}}]}`, talonone.ErrDuplicateName, "/effects/0/props/a/b"},
		{`{"effects":[{"props":{"a":[`, `01]},"effectType":"setDiscount"}]}`, talonone.ErrSyntax, "/effects/0/props/a/0"},
		{`{"effects":[{"effectType":"setDiscount","props":{"value":"x","name":`, "\"\xff\"}}]}", talonone.ErrInvalidUTF8, "/effects/0/props/name"},
		{`{"effects":[{"effectType":"setDiscount","props":{"name":`, `"\ud800"}}]}`, talonone.ErrInvalidUTF8, "/effects/0/props/name"},
		{`{"effects":[{"effectType":"beamUp","props":` + strings.Repeat("[", 9997), strings.Repeat("[", 10) + `]}]}`, talonone.ErrTooDeep, "/effects/0/props" + strings.Repeat("/0", 9997)},
		{`{"effects":[{"effectType":"setDiscount","props":{}`, ``, talonone.ErrSyntax, "/effects/0"},
		{`{"effects":[{"effectType":"setDiscount","props":{"name":"n"`, `]}]}`, talonone.ErrSyntax, "/effects/0/props"},
		{`{"customerSession":{"cartItems":[{"product":`, `""}]}}`, talonone.ErrWrongType, "/customerSession/cartItems/0/product"},
		{`{"return":{"returnedCartItems":[{"position":`, `-0.5}]}}`, talonone.ErrOutOfRange, "/return/returnedCartItems/0/position"},
	} {
		state := integration.IntegrationState{Loyalty: &integration.Loyalty{}}
		err := state.UnmarshalJSON([]byte(tc.before + tc.after))
		require.ErrorIs(t, err, tc.reason, tc.before)
		d, ok := errors.AsType[*talonone.DecodeError](err)
		require.True(t, ok)
		assert.Equal(t, int64(len(tc.before)), d.Offset-int64(syntaxByte(tc.reason, tc.after)), "%.200s", tc.before)
		if tc.reason != talonone.ErrSyntax {
			assert.Equal(t, tc.path, d.Path)
		}
		assert.JSONEq(t, `{"loyalty":{"programs":{}}}`, encode(t, state), "the target is left as it was")
	}
}

// syntaxByte returns how far into the bad value the byte is that breaks the syntax.
func syntaxByte(reason error, after string) int {
	if reason == talonone.ErrSyntax && strings.HasPrefix(after, "01") {
		return 1
	}
	return 0
}

func encode(t testing.TB, v json.Marshaler) string {
	text, err := v.MarshalJSON()
	require.NoError(t, err)
	return string(text)
}

// ownProps are props of another package.
type ownProps struct {
	Speed float64 `json:"speed"`
}

func (ownProps) EffectType() string { return "warp" }

func TestEffectEncode(t *testing.T) {
	for _, tc := range []struct {
		effect integration.Effect
		want   string // from the type on
	}{
		{integration.Effect{Props: &integration.SetDiscount{Name: "n", Value: decimal.New(150, -2)}}, `"setDiscount","props":{"name":"n","value":1.50}`},
		{integration.Effect{Props: &integration.ErrorEffect{Message: "m"}}, `"error","props":{"message":"m"}`},
		{integration.Effect{Props: &integration.ShowBundleMetadata{}}, `"showBundleMetadata","props":{"description":"","bundleAttributes":[],"itemsIndices":[]}`},
		{integration.Effect{Props: &integration.UpdateAttribute{}}, `"updateAttribute","props":{"path":"","value":null}`},
		{integration.Effect{Props: &integration.CustomEffect{}}, `"customEffect","props":{"effectId":0,"name":"","payload":{}}`},
		{integration.Effect{Props: &integration.UnknownEffect{Type: "beamUp"}}, `"beamUp","props":null`},
		{integration.Effect{Props: &integration.UnknownEffect{Type: "beamUp", Raw: json.RawMessage(" 1.0 ")}}, `"beamUp","props": 1.0 `},
		{integration.Effect{Props: ownProps{Speed: 9.5}}, `"warp","props":{"speed":9.5}`},
		{integration.Effect{Type: "warp", Props: &ownProps{}}, `"warp","props":{"speed":0}`},
	} {
		want := `{"campaignId":0,"rulesetId":0,"ruleIndex":0,"ruleName":"","effectType":` + tc.want + `}`
		assert.Equal(t, want, encode(t, tc.effect))
		clone := tc.effect.Clone()
		assert.Equal(t, want, encode(t, clone))
		assert.True(t, tc.effect.Equal(clone))
		text, err := json.Marshal(tc.effect.Props)
		require.NoError(t, err)
		assert.Equal(t, strings.TrimSpace(want[strings.Index(want, `"props":`)+len(`"props":`):len(want)-1]), string(text), "on their own")
	}
}

// silentProps are invalid props: EffectType panics.
type silentProps struct{ integration.EffectProps }

func TestEffectOfAPanic(t *testing.T) {
	e := integration.Effect{CampaignID: 7, Props: silentProps{}}
	assert.Equal(t, "[effectType= campaignId=7]", e.LogValue().String())
	_, err := integration.NewReceipt(&talonone.CustomerSessionV2{}, []integration.Effect{e})
	require.ErrorIs(t, err, integration.ErrUnreadDiscount)
	e.Type = "warp" // which is none
	_, err = integration.NewReceipt(&talonone.CustomerSessionV2{}, []integration.Effect{e})
	require.NoError(t, err)
}

func TestEffectEncodeErrors(t *testing.T) {
	discount := &integration.SetDiscount{Name: "n"}
	for _, tc := range []struct {
		name   string
		effect integration.Effect
		reason error
		path   string
	}{
		{"no props", integration.Effect{Type: "setDiscount"}, talonone.ErrWrongType, "/effects/1/props"},
		{"a nil pointer", integration.Effect{Props: (*integration.SetDiscount)(nil)}, talonone.ErrWrongType, "/effects/1/props"},
		{"a nil pointer to another type", integration.Effect{Props: (*ownProps)(nil)}, talonone.ErrWrongType, "/effects/1/props"},
		{"a nil unknown effect", integration.Effect{Props: (*integration.UnknownEffect)(nil)}, talonone.ErrWrongType, "/effects/1/props"},
		{"props that do not say their type", integration.Effect{Props: silentProps{}}, talonone.ErrWrongType, "/effects/1/props"},
		{"another type", integration.Effect{Type: "setDiscountPerItem", Props: discount}, talonone.ErrWrongType, "/effects/1/effectType"},
		{"another spelling", integration.Effect{Type: "SetDiscount", Props: discount}, talonone.ErrWrongType, "/effects/1/effectType"},
		{"another unknown type", integration.Effect{Type: "a", Props: &integration.UnknownEffect{Type: "b"}}, talonone.ErrWrongType, "/effects/1/effectType"},
		{"a long amount", integration.Effect{Props: &integration.SetDiscount{Value: decimal.New(1, 2_000_000_000)}}, talonone.ErrOutOfRange, "/effects/1/props/value"},
		{"a bad string", integration.Effect{Props: &integration.SetDiscount{Name: "\xff"}}, talonone.ErrInvalidUTF8, "/effects/1/props/name"},
		{"a bad rule name", integration.Effect{RuleName: "\xff", Props: discount}, talonone.ErrInvalidUTF8, "/effects/1/ruleName"},
		{"bad free JSON", integration.Effect{Props: &integration.CustomEffect{Payload: json.RawMessage(`{`)}}, talonone.ErrSyntax, "/effects/1/props/payload"},
		{"empty free JSON", integration.Effect{Props: &integration.UpdateAttribute{Value: json.RawMessage{}}}, talonone.ErrSyntax, "/effects/1/props/value"},
		{"bad raw props", integration.Effect{Props: &integration.UnknownEffect{Raw: json.RawMessage(`{"a":1,"a":2}`)}}, talonone.ErrDuplicateName, "/effects/1/props/a"},
		{"a name that is there", integration.Effect{Props: discount, Extra: map[string]json.RawMessage{"props": json.RawMessage(`{}`)}}, talonone.ErrDuplicateName, "/effects/1/props"},
		{"a type that is there", integration.Effect{Props: discount, Extra: map[string]json.RawMessage{"effectType": json.RawMessage(`"a"`)}}, talonone.ErrDuplicateName, "/effects/1/effectType"},
		{"a name that is there in the props", integration.Effect{Props: &integration.SetDiscount{Extra: map[string]json.RawMessage{"name": json.RawMessage(`"a"`)}}}, talonone.ErrDuplicateName, "/effects/1/props/name"},
		{"props that are deep", integration.Effect{Props: &integration.UnknownEffect{Raw: json.RawMessage(strings.Repeat("[", 9998) + strings.Repeat("]", 9998))}}, talonone.ErrTooDeep, "/effects/1/props" + strings.Repeat("/0", 9_997)},
	} {
		state := integration.IntegrationState{Effects: []integration.Effect{{Props: discount}, tc.effect}}
		text, err := state.AppendJSON([]byte("before"))
		assert.Equal(t, "before", string(text))
		require.ErrorIs(t, err, tc.reason, tc.name)
		e, ok := errors.AsType[*talonone.EncodeError](err)
		require.True(t, ok, tc.name)
		assert.Equal(t, tc.path, e.Path, tc.name)

		_, err = json.Marshal(state)
		assert.ErrorIs(t, err, tc.reason, tc.name)
		assert.NotPanics(t, func() { state.Clone().Equal(state) }, tc.name)
	}
}

func TestEffectEqual(t *testing.T) {
	discount := func(value decimal.Decimal) integration.Effect {
		return integration.Effect{Props: &integration.SetDiscount{Name: "n", Value: value}}
	}
	for _, tc := range []struct {
		name string
		a, b integration.Effect
		want bool
	}{
		{"the same amount", discount(decimal.New(1, 1)), discount(decimal.New(100, -1)), true},
		{"another amount", discount(decimal.New(1, 1)), discount(decimal.New(1, 0)), false},
		{"a type that is left out", discount(decimal.New(1, 0)), integration.Effect{Type: "setDiscount", Props: discount(decimal.New(1, 0)).Props}, true},
		{"another spelling", integration.Effect{Props: &integration.ShowBundleMetadata{}}, integration.Effect{Type: "ShowBundleMetadata", Props: &integration.ShowBundleMetadata{}}, false},
		{"the same text", discount(decimal.New(1, 0)), integration.Effect{Props: &integration.UnknownEffect{Type: "setDiscount", Raw: json.RawMessage(`{"value": 1.0, "name": "n"}`)}}, true},
		{"another text", discount(decimal.New(1, 0)), integration.Effect{Props: &integration.UnknownEffect{Type: "setDiscount", Raw: json.RawMessage(`{"value": 1.5, "name": "n"}`)}}, false},
		{"another type", integration.Effect{Props: &integration.AcceptCoupon{Value: "A"}}, integration.Effect{Props: &integration.AcceptReferral{Value: "A"}}, false},
		{"raw props", integration.Effect{Props: &integration.UnknownEffect{Raw: json.RawMessage(`null`)}}, integration.Effect{Props: &integration.UnknownEffect{}}, true},
		{"own props", integration.Effect{Props: ownProps{1}}, integration.Effect{Props: &ownProps{1}}, true},
		{"other own props", integration.Effect{Props: ownProps{1}}, integration.Effect{Props: &ownProps{2}}, false},
		{"no props", integration.Effect{}, integration.Effect{}, true},
		{"no props and some", integration.Effect{}, discount(decimal.New(1, 0)), false},
	} {
		assert.Equal(t, tc.want, tc.a.Equal(tc.b), tc.name)
		assert.Equal(t, tc.want, tc.b.Equal(tc.a), tc.name)
	}
}

func TestUnknownEffectJSON(t *testing.T) {
	u := integration.UnknownEffect{Type: "beamUp", Err: errors.New("old")}
	require.NoError(t, u.UnmarshalJSON([]byte("null")))
	assert.Equal(t, integration.UnknownEffect{Type: "beamUp", Err: errors.New("old")}, u)
	require.NoError(t, json.Unmarshal([]byte(` {"a": 1} `), &u))
	assert.Equal(t, integration.UnknownEffect{Type: "beamUp", Raw: json.RawMessage(`{"a": 1}`)}, u)
	require.ErrorIs(t, u.UnmarshalJSON([]byte(`{"a":1,"a":2}`)), talonone.ErrDuplicateName)
	require.ErrorIs(t, (*integration.UnknownEffect)(nil).UnmarshalJSON([]byte(`{}`)), talonone.ErrWrongType)
	assert.Equal(t, `{"a": 1}`, encode(t, u))
	_, err := integration.UnknownEffect{Raw: json.RawMessage(`{`)}.MarshalJSON()
	assert.ErrorIs(t, err, talonone.ErrSyntax)
	assert.Empty(t, (*integration.UnknownEffect)(nil).EffectType())
}

// FuzzEffect checks that decoding and encoding loses nothing, and that a second round trip changes nothing.
func FuzzEffect(f *testing.F) {
	for _, fixture := range fixtures(f) {
		switch fixture.kind {
		case "effect":
			f.Add(fixture.text)
		case "effect-props":
			f.Add([]byte(`{"effectType":"` + fixture.name + `","props":` + string(fixture.text) + `}`))
		}
	}
	for _, s := range []string{
		`{"props":{"value":1e-7},"effectType":"setDiscount"}`, `{"props":{"a":1,"a":2}}`, `{"effectType":"updateAttribute","props":{"value":null}}`,
		`{"effectType":"customEffect","props":{"payload":"\ud800"}}`, `{"effectType":"showBundleMetadata","props":{"itemsIndices":[-0]}}`, `null`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var e, again integration.Effect
		if err := e.UnmarshalJSON(text); err != nil {
			_, ok := errors.AsType[*talonone.DecodeError](err)
			require.True(t, ok)
			return
		}
		if e.Props == nil {
			require.Equal(t, "null", strings.TrimSpace(string(text)))
			return
		}
		out, err := e.AppendJSON(nil)
		require.NoError(t, err)
		require.NoError(t, again.UnmarshalJSON(out))
		require.True(t, e.Equal(again))
		require.True(t, e.Clone().Equal(again))
		twice, err := again.AppendJSON(nil)
		require.NoError(t, err)
		require.Equal(t, string(out), string(twice))
		_, err = json.Marshal(e)
		require.NoError(t, err)
	})
}

// TestExtraOfPropsWithRequiredMembers: a member in Extra is checked alone, although the props have other required members.
func TestExtraOfPropsWithRequiredMembers(t *testing.T) {
	props := &integration.SetDiscount{Name: "n", Value: decimal.New(1, 0), Extra: map[string]json.RawMessage{"scope": json.RawMessage(`"cartItems"`)}}
	text, err := props.MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, `{"name":"n","value":1,"scope":"cartItems"}`, string(text))

	props.Extra["scope"] = json.RawMessage(`7`)
	_, err = props.MarshalJSON()
	require.ErrorIs(t, err, talonone.ErrWrongType)
	e, _ := errors.AsType[*talonone.EncodeError](err)
	assert.Equal(t, "/scope", e.Path)
}
