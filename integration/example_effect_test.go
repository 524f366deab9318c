package integration_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// A possible answer to an update.
const answer = `{
	"customerSession": {
		"integrationId": "order-1",
		"state": "open",
		"cartItems": [
			{"sku": "SHOE", "quantity": 2, "price": 49.95},
			{"sku": "SOCK", "quantity": 1, "price": 9.90, "additionalCosts": {"giftWrap": {"price": 2.00}}}
		],
		"additionalCosts": {"shipping": {"price": 4.90}}
	},
	"effects": [
		{"effectType": "acceptCoupon", "props": {"value": "SUMMER"}},
		{"effectType": "setDiscount", "props": {"name": "10% off", "value": 10.98}},
		{"effectType": "setDiscountPerItem", "props": {"name": "second pair#0", "value": 12.4875, "position": 0, "subPosition": 1}},
		{"effectType": "setDiscountPerAdditionalCost", "props": {"name": "free shipping", "value": 4.90, "additionalCostId": 1, "additionalCost": "shipping"}},
		{"effectType": "rejectCoupon", "props": {"value": "WINTER", "rejectionReason": "CouponExpired"}},
		{"effectType": "openChest", "props": {"key": 7}}
	]
}`

func readAnswer() integration.IntegrationState {
	var state integration.IntegrationState
	if err := json.Unmarshal([]byte(answer), &state); err != nil {
		panic(err)
	}
	return state
}

// A type switch handles effects.
func ExampleEffect() {
	for _, e := range readAnswer().Effects {
		switch p := e.Props.(type) {
		case *integration.AcceptCoupon:
			fmt.Println("applied:", p.Value)
		case *integration.RejectCoupon:
			fmt.Println("not applied:", p.Value, p.RejectionReason)
		case *integration.SetDiscount:
			fmt.Println("off the order:", p.Name, p.Value.StringFixed(2))
		}
	}
	// Output:
	// applied: SUMMER
	// off the order: 10% off 10.98
	// not applied: WINTER CouponExpired
}

// Props are enough: they determine the type of the effect.
func ExampleEffect_MarshalJSON() {
	text, err := json.Marshal(integration.Effect{
		CampaignID: 4, RulesetID: 2, RuleName: "free sock",
		Props: &integration.AddFreeItem{SKU: "SOCK", Name: "a sock for each pair of shoes"},
	})
	fmt.Println(string(text), err)
	// Output:
	// {"campaignId":4,"rulesetId":2,"ruleIndex":0,"ruleName":"free sock","effectType":"addFreeItem","props":{"sku":"SOCK","name":"a sock for each pair of shoes"}} <nil>
}

// An effect that this version cannot read is not an error, and is kept unchanged.
func ExampleUnknownEffect() {
	for _, text := range []string{
		`{"effectType": "openChest", "props": {"key": 7}}`,
		`{"effectType": "setDiscount", "props": {"name": "10% off", "value": "much"}}`,
	} {
		var e integration.Effect
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			panic(err)
		}
		if u, ok := e.Props.(*integration.UnknownEffect); ok {
			fmt.Println(u.Type, string(u.Raw))
			fmt.Println(u.Err)
		}
	}
	// Output:
	// openChest {"key": 7}
	// <nil>
	// setDiscount {"name": "10% off", "value": "much"}
	// talonone: decode "/value" at offset 29: wrong type: got a string that is not a number
}

func ExampleIntegrationState() {
	state := readAnswer()
	fmt.Println(state.CustomerSession.State, len(state.Effects), state.Return == nil)

	var broken integration.IntegrationState
	fmt.Println(json.Unmarshal([]byte(`{"customerSession": ""}`), &broken))
	// Output:
	// open 6 true
	// talonone: decode "/customerSession" at offset 20: wrong type: want an object, got a string
}

// The lines add up to the amount that is charged, even after rounding.
func ExampleNewReceipt() {
	state := readAnswer()
	exact, err := integration.NewReceipt(state.CustomerSession, state.Effects)
	if err != nil {
		panic(err)
	}
	r := exact.Round(2)
	for _, line := range r.Lines {
		fmt.Printf("%d %-10s %7s\n", line.Quantity, line.SKU, line.Subtotal.StringFixed(2))
		for _, d := range line.Discounts {
			fmt.Printf("  %-10s %7s\n", d.Name, d.Amount.Neg().StringFixed(2))
		}
		for _, name := range slices.Sorted(maps.Keys(line.AdditionalCosts)) {
			fmt.Printf("  %-10s %7s\n", name, line.AdditionalCosts[name].Subtotal.StringFixed(2))
		}
	}
	shipping := r.AdditionalCosts["shipping"]
	fmt.Printf("%-12s %7s\n", "shipping", shipping.Subtotal.StringFixed(2))
	fmt.Printf("  %-10s %7s\n", shipping.Discounts[0].Name, shipping.Discount.Neg().StringFixed(2))
	for _, d := range r.Discounts {
		fmt.Printf("%-12s %7s\n", d.Name, d.Amount.Neg().StringFixed(2))
	}
	fmt.Printf("%-12s %7s\n", "to pay", r.Total.StringFixed(2))
	// Output:
	// 2 SHOE         99.90
	//   second pair#0  -12.49
	// 1 SOCK          9.90
	//   giftWrap      2.00
	// shipping        4.90
	//   free shipping   -4.90
	// 10% off       -10.98
	// to pay         88.33
}

// Three thirds are one, and no line differs from its exact amount by a full cent.
func ExampleReceipt_Round() {
	third := new(decimal.RequireFromString("0.3333333333"))
	session := &talonone.CustomerSessionV2{CartItems: []talonone.CartItem{
		{SKU: "A", Quantity: 1, Price: third}, {SKU: "B", Quantity: 1, Price: third}, {SKU: "C", Quantity: 1, Price: third},
	}}
	r, err := integration.NewReceipt(session, nil)
	if err != nil {
		panic(err)
	}
	fmt.Println("exactly", r.Total)
	rounded := r.Round(2)
	for _, line := range rounded.Lines {
		fmt.Println(line.SKU, line.Total)
	}
	fmt.Println("charged", rounded.Total)
	// Output:
	// exactly 0.9999999999
	// A 0.34
	// B 0.33
	// C 0.33
	// charged 1
}

// The noise of a binary fraction can turn half a cent into a difference of one cent. Round the noise away first if that
// matters.
func ExampleReceipt_Round_noise() {
	session := &talonone.CustomerSessionV2{CartItems: []talonone.CartItem{
		{SKU: "SOCK", Quantity: 1, Price: new(decimal.RequireFromString("9.99"))},
	}}
	exact, err := integration.NewReceipt(session, []integration.Effect{
		{Props: &integration.SetDiscount{Name: "50% off", Value: decimal.RequireFromString("4.995000000000001")}},
	})
	if err != nil {
		panic(err)
	}
	fmt.Println("exactly", exact.Total)
	fmt.Println("rounded", exact.Round(2).Total.StringFixed(2))
	fmt.Println("without the noise", exact.Round(8).Round(2).Total.StringFixed(2))
	// Output:
	// exactly 4.994999999999999
	// rounded 4.99
	// without the noise 5.00
}

// A receipt is encoded as JSON, with amounts as numbers.
func ExampleReceipt_MarshalJSON() {
	session := &talonone.CustomerSessionV2{CartItems: []talonone.CartItem{{
		SKU: "SOCK", Quantity: 1, Price: new(decimal.RequireFromString("9.90")),
		AdditionalCosts: map[string]talonone.AdditionalCost{"giftWrap": {Price: decimal.RequireFromString("2.00")}},
	}}}
	exact, err := integration.NewReceipt(session, []integration.Effect{
		{Props: &integration.SetDiscount{Name: "10% off", Value: decimal.RequireFromString("1.1875")}},
	})
	if err != nil {
		panic(err)
	}
	text, err := json.MarshalIndent(exact.Round(2), "", "  ")
	fmt.Println(string(text), err)
	// Output:
	// {
	//   "lines": [
	//     {
	//       "sku": "SOCK",
	//       "quantity": 1,
	//       "returned": 0,
	//       "subtotal": 9.90,
	//       "discount": 0.00,
	//       "total": 9.90,
	//       "additionalCosts": {
	//         "giftWrap": {
	//           "subtotal": 2.00,
	//           "discount": 0.00,
	//           "total": 2.00,
	//           "discounts": []
	//         }
	//       },
	//       "discounts": []
	//     }
	//   ],
	//   "additionalCosts": {},
	//   "discounts": [
	//     {
	//       "effectIndex": 0,
	//       "name": "10% off",
	//       "scope": "",
	//       "unit": -1,
	//       "amount": 1.19
	//     }
	//   ],
	//   "subtotal": 11.90,
	//   "discountTotal": 1.19,
	//   "total": 10.71
	// } <nil>
}

// The discounts of rules may exceed the price. Payable is never negative.
func ExampleReceipt_Payable() {
	session := &talonone.CustomerSessionV2{CartItems: []talonone.CartItem{
		{SKU: "SOCK", Quantity: 1, Price: new(decimal.RequireFromString("9.90"))},
	}}
	r, err := integration.NewReceipt(session, []integration.Effect{
		{Props: &integration.SetDiscount{Name: "10 off", Value: decimal.NewFromInt(10)}},
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(r.Total, r.Payable())
	// Output: -0.1 0
}

func ExampleReceipt_Overdiscounted() {
	session := &talonone.CustomerSessionV2{CartItems: []talonone.CartItem{
		{SKU: "SOCK", Quantity: 2, Price: new(decimal.RequireFromString("9.90"))},
	}}
	r, err := integration.NewReceipt(session, []integration.Effect{
		{Props: &integration.SetDiscountPerItem{Name: "10 off#0", Value: decimal.NewFromInt(10), Position: 0, SubPosition: new(1)}},
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(r.Total, r.Overdiscounted())
	// Output:
	// 9.8 [/cartItems/0]
}

// An error names the bad part of the answer.
func ExampleReceiptError() {
	session := &talonone.CustomerSessionV2{CartItems: []talonone.CartItem{{SKU: "SOCK", Quantity: 1}}}
	_, err := integration.NewReceipt(session, nil)
	fmt.Println(err)

	session.CartItems[0].Price = new(decimal.RequireFromString("9.90"))
	_, err = integration.NewReceipt(session, []integration.Effect{
		{Props: &integration.SetDiscountPerItem{Name: "10 off#1", Value: decimal.NewFromInt(10), Position: 1}},
	})
	fmt.Println(err)
	// Output:
	// integration: receipt: "/cartItems/0/price": the item has no price
	// integration: receipt: "/effects/0/props/position": the session has nothing there: no such line
}
