package rules_test

import (
	"os"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/cmd/talonone/internal/rules"
	"github.com/talonone-go/talonone/integration"
)

func session() talonone.CustomerSessionV2 {
	s := talonone.CustomerSessionV2{
		IntegrationID: "order-1",
		ProfileID:     "anna",
		CouponCodes:   []string{"C", "C"},
		CartItems: []talonone.CartItem{
			{SKU: "A", Quantity: 2, Price: new(decimal.RequireFromString("49.95")),
				AdditionalCosts: map[string]talonone.AdditionalCost{"wrap": {Price: decimal.RequireFromString("2.00")}}},
			{SKU: "B", Quantity: 1, Price: new(decimal.RequireFromString("0.10"))},
			{SKU: "A", Quantity: 1, Price: new(decimal.RequireFromString("30"))},
			{SKU: "NOPRICE", Quantity: 1},
		},
		AdditionalCosts: map[string]talonone.AdditionalCost{"shipping": {Price: decimal.RequireFromString("4.90")}},
	}
	s.Total = s.ComputeTotals().Total // 136.90
	return s
}

// effects returns the JSON of the type and the props of each effect that the rules in text give a session.
func effects(t *testing.T, text string, s talonone.CustomerSessionV2) (list []string) {
	t.Helper()
	r, err := rules.Parse([]byte(text))
	require.NoError(t, err)
	for _, e := range r.Effects(s) {
		written, err := e.MarshalJSON()
		require.NoError(t, err)
		var back integration.Effect
		require.NoError(t, back.UnmarshalJSON(written))
		props, err := integration.Effect{Props: back.Props}.MarshalJSON()
		require.NoError(t, err)
		list = append(list, string(props[len(`{"campaignId":0,"rulesetId":0,"ruleIndex":0,"ruleName":"","effectType":`):len(props)-1]))
	}
	return list
}

func TestEffects(t *testing.T) {
	none := session()
	none.CouponCodes, none.ProfileID = nil, ""
	wrapped, free, negative := none.Clone(), none.Clone(), none.Clone()
	wrapped.CartItems[1].AdditionalCosts = wrapped.CartItems[0].AdditionalCosts
	free.CartItems[1].Price = new(decimal.Decimal)
	negative.AdditionalCosts["shipping"] = talonone.AdditionalCost{Price: decimal.RequireFromString("-4.90")}
	for _, test := range []struct {
		name, rule string
		session    talonone.CustomerSessionV2
		want       []string
	}{
		{"a percentage of the session", `"then":[{"percentOff":10}]`, none,
			[]string{`"setDiscount","props":{"name":"r","value":13.69}`}},
		{"all places of a percentage", `"then":[{"percentOff":12.5}]`, none,
			[]string{`"setDiscount","props":{"name":"r","value":17.1125}`}},
		{"no zeros beyond the amount's places", `"then":[{"percentOff":100.00}]`, none,
			[]string{`"setDiscount","props":{"name":"r","value":136.90}`}},
		{"an amount", `"then":[{"amountOff":5.000}]`, none,
			[]string{`"setDiscount","props":{"name":"r","value":5.000}`}},
		{"no more than the total", `"then":[{"amountOff":500}]`, none,
			[]string{`"setDiscount","props":{"name":"r","value":136.90}`}},
		{"the units of the items", `"then":[{"percentOff":20,"sku":"A"}]`, none, []string{
			`"setDiscountPerItem","props":{"name":"r#0","value":9.99,"position":0,"subPosition":0}`,
			`"setDiscountPerItem","props":{"name":"r#0","value":9.99,"position":0,"subPosition":1}`,
			`"setDiscountPerItem","props":{"name":"r#2","value":6,"position":2}`,
		}},
		{"no more than a unit costs", `"then":[{"amountOff":1,"sku":"B"}]`, none,
			[]string{`"setDiscountPerItem","props":{"name":"r#1","value":0.10,"position":1}`}},
		{"an item without a price", `"then":[{"amountOff":1,"sku":"NOPRICE"}]`, none, nil},
		{"an item that the cart lacks", `"then":[{"amountOff":1,"sku":"Z"}]`, none, nil},
		{"a cost", `"then":[{"percentOff":50,"cost":"shipping"}]`, none,
			[]string{`"setDiscountPerAdditionalCost","props":{"name":"r","additionalCostId":1,"additionalCost":"shipping","value":2.45}`}},
		{"a cost that the session lacks", `"then":[{"percentOff":50,"cost":"wrap"}]`, none, nil},
		{"a cost of an item, once for the line", `"then":[{"amountOff":1,"sku":"A","cost":"wrap"}]`, none,
			[]string{`"setDiscountPerAdditionalCostPerItem","props":{"name":"r#0","additionalCostId":1,"value":1,"position":0,"additionalCost":"wrap"}`}},
		{"the cost of a later item", `"then":[{"amountOff":1,"sku":"B","cost":"wrap"}]`, wrapped,
			[]string{`"setDiscountPerAdditionalCostPerItem","props":{"name":"r#1","additionalCostId":1,"value":1,"position":1,"additionalCost":"wrap"}`}},
		{"an item that costs nothing", `"then":[{"percentOff":10,"sku":"B"}]`, free, nil},
		{"a session that costs nothing", `"then":[{"percentOff":10}]`, talonone.CustomerSessionV2{}, nil},
		{"no discount on a negative amount", `"then":[{"percentOff":10,"cost":"shipping"},{"amountOff":1,"cost":"shipping"}]`, negative, nil},
		{"a free item", `"then":[{"freeItem":"F"}]`, none, []string{`"addFreeItem","props":{"sku":"F","name":"r"}`}},
		{"no points without a profile", `"then":[{"points":7}]`, none, nil},
		{"several", `"then":[{"amountOff":1},{"freeItem":"F"}]`, none,
			[]string{`"setDiscount","props":{"name":"r","value":1}`, `"addFreeItem","props":{"sku":"F","name":"r"}`}},

		{"a SKU", `"when":{"sku":"B"},"then":[{"amountOff":1}]`, none, []string{`"setDiscount","props":{"name":"r","value":1}`}},
		{"no such SKU", `"when":{"sku":"b"},"then":[{"amountOff":1}]`, none, nil},
		{"a total", `"when":{"totalAtLeast":136.9},"then":[{"amountOff":1}]`, none, []string{`"setDiscount","props":{"name":"r","value":1}`}},
		{"too little", `"when":{"totalAtLeast":136.91},"then":[{"amountOff":1}]`, none, nil},
		{"no such profile", `"when":{"profile":"anna"},"then":[{"amountOff":1}]`, none, nil},
		{"one condition of two", `"when":{"sku":"B","totalAtLeast":1000},"then":[{"amountOff":1}]`, none, nil},

		{"a coupon that no rule names", `"when":{"profile":"anna"},"then":[{"amountOff":1}]`, session(), []string{
			`"rejectCoupon","props":{"value":"C","rejectionReason":"CouponNotFound"}`,
			`"setDiscount","props":{"name":"r","value":1}`,
		}},
		{"a coupon", `"when":{"coupon":"C"},"then":[{"amountOff":1}]`, session(), []string{
			`"acceptCoupon","props":{"value":"C"}`,
			`"setDiscount","props":{"name":"r","value":1}`,
		}},
		{"a coupon with another condition that is not met", `"when":{"coupon":"C","sku":"Z"},"then":[{"amountOff":1}]`, session(),
			[]string{`"rejectCoupon","props":{"value":"C","rejectionReason":"CouponRejectedByCondition"}`}},
		{"a coupon that the session does not have", `"when":{"coupon":"C"},"then":[{"amountOff":1}]`, none, nil},
		{"a rejection, whatever other rules say",
			`"when":{"coupon":"C"},"then":[{"amountOff":1}]},{"name":"q","when":{"coupon":"C","sku":"B"},"reject":"CouponExpired"`, session(),
			[]string{`"rejectCoupon","props":{"value":"C","rejectionReason":"CouponExpired"}`}},
		{"a rejection with another condition that is not met",
			`"when":{"coupon":"C"},"then":[{"amountOff":1}]},{"name":"q","when":{"coupon":"C","sku":"Z"},"reject":"CouponExpired"`, session(),
			[]string{`"acceptCoupon","props":{"value":"C"}`, `"setDiscount","props":{"name":"r","value":1}`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, effects(t, rule(test.rule), test.session))
		})
	}
}

func TestWhereEffectsComeFrom(t *testing.T) {
	r, err := rules.Parse([]byte(`{"rules":[
		{"name":"first","then":[{"amountOff":1}]},
		{"name":"second","when":{"coupon":"C"},"then":[{"points":7}]}
	]}`))
	require.NoError(t, err)
	s := session()
	s.CouponCodes = []string{"C", "C", "UNKNOWN", ""}
	require.Equal(t, 2, r.Len())
	effects := r.Effects(s)
	require.Len(t, effects, 5)
	for i, want := range []struct {
		campaign int64
		rule     int
		name     string
	}{{1, 1, "second"}, {-1, 0, ""}, {-1, 0, ""}, {1, 0, "first"}, {1, 1, "second"}} {
		assert.Equal(t, want.campaign, effects[i].CampaignID)
		assert.Equal(t, want.campaign, effects[i].RulesetID)
		assert.Equal(t, want.rule, effects[i].RuleIndex)
		assert.Equal(t, want.name, effects[i].RuleName)
	}

	points := effects[4].Props.(*integration.AddLoyaltyPoints)
	assert.Equal(t, "second", points.Name)
	assert.EqualValues(t, 1, points.ProgramID)
	assert.Equal(t, "anna", points.RecipientIntegrationID)
	assert.Equal(t, "7", points.Value.StringFixed(0))
	// The UUID must never change, because a shop may have stored it.
	assert.Equal(t, "82bdc342-ebeb-8d24-b704-041d435f758f", points.TransactionUUID)
	assert.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, points.TransactionUUID)
	again := r.Effects(s)[4].Props.(*integration.AddLoyaltyPoints)
	assert.Equal(t, points.TransactionUUID, again.TransactionUUID)
	s.IntegrationID = "order-3"
	other := r.Effects(s)[4].Props.(*integration.AddLoyaltyPoints)
	assert.Equal(t, "231d2def-c98b-8e3c-8426-6cda4f24818d", other.TransactionUUID)
}

// If several rules name a coupon, its effect comes from the first of them that applies, or from the first of all if none applies.
func TestRuleOfACoupon(t *testing.T) {
	for _, test := range []struct {
		name, rules string
		rule        int
		effectType  string
	}{
		{"both apply", `{"coupon":"C"} {"coupon":"C"}`, 0, "acceptCoupon"},
		{"the first does not", `{"coupon":"C","sku":"Z"} {"coupon":"C"}`, 1, "acceptCoupon"},
		{"neither does", `{"coupon":"C","sku":"Z"} {"coupon":"C","sku":"Z"}`, 0, "rejectCoupon"},
		{"another coupon's is before them", `{"coupon":"D"} {"coupon":"C"} {"coupon":"C"}`, 1, "acceptCoupon"},
		{"another coupon's is before them, and neither applies", `{"coupon":"D"} {"coupon":"C","sku":"Z"} {"coupon":"C","sku":"Z"}`, 1, "rejectCoupon"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var list []string
			for when := range strings.FieldsSeq(test.rules) {
				list = append(list, `{"name":"r","when":`+when+`,"then":[{"amountOff":1}]}`)
			}
			r, err := rules.Parse([]byte(`{"rules":[` + strings.Join(list, ",") + `]}`))
			require.NoError(t, err)
			effect := r.Effects(session())[0]
			assert.Equal(t, test.effectType, effect.Props.EffectType())
			assert.Equal(t, test.rule, effect.RuleIndex)
		})
	}
}

// TestExample evaluates rules.json, which the README shows.
func TestExample(t *testing.T) {
	text, err := os.ReadFile("../../rules.json")
	require.NoError(t, err)
	s := session()
	s.CouponCodes = []string{"TEN", "OLD"}
	s.CartItems[1].SKU = "SHOE"
	assert.Equal(t, []string{
		`"acceptCoupon","props":{"value":"TEN"}`,
		`"rejectCoupon","props":{"value":"OLD","rejectionReason":"CouponExpired"}`,
		`"setDiscount","props":{"name":"ten percent","value":13.69}`,
		`"setDiscountPerItem","props":{"name":"shoe sale#1","value":0.10,"position":1}`,
		`"addFreeItem","props":{"sku":"SOCK","name":"shoe sale"}`,
		`"setDiscountPerAdditionalCost","props":{"name":"free shipping","additionalCostId":1,"additionalCost":"shipping","value":4.90}`,
	}, effects(t, string(text), s)[:6])
}
