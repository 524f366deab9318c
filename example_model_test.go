package talonone_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
)

func ExampleCustomerSessionV2() {
	var session talonone.CustomerSessionV2
	err := json.Unmarshal([]byte(`{
		"integrationId": "order-1001",
		"profileId": "customer-42",
		"state": "open",
		"cartItems": [{"sku": "AUDIO-WH350", "quantity": 2, "price": 79.90}],
		"attributes": {"ShippingCity": "Berlin"},
		"total": 159.80
	}`), &session)
	if err != nil {
		fmt.Println(err)
		return
	}
	item := session.CartItems[0]
	fmt.Println(session.IntegrationID, session.State, item.SKU, item.Price.StringFixed(2), session.Total.StringFixed(2))
	// Output: order-1001 open AUDIO-WH350 79.90 159.80
}

// AppendJSON is the fastest way to encode: amounts keep their digits, and required members are always written.
func ExampleCustomerSessionV2_AppendJSON() {
	session := talonone.CustomerSessionV2{
		IntegrationID: "order-1001",
		CouponCodes:   []string{}, // empty is written, nil is left out
		Total:         decimal.RequireFromString("19999999.90"),
	}
	text, err := session.AppendJSON(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(text))
	// Output:
	// {"integrationId":"order-1001","applicationId":0,"profileId":"","couponCodes":[],"state":"open","cartItems":[],"attributes":{},"firstSession":false,"total":19999999.90,"cartItemTotal":0,"additionalCostTotal":0}
}

// Unknown members survive a round trip, byte for byte.
func ExampleCustomerSessionV2_UnmarshalJSON() {
	var session talonone.CustomerSessionV2
	err := session.UnmarshalJSON([]byte(`{"integrationId":"order-1001","loyaltyTier":{"points": 1.50e2}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(session.Extra["loyaltyTier"]))
	// Output: {"points": 1.50e2}
}

// Update returns the part of a received session that may be sent.
func ExampleCustomerSessionV2_Update() {
	session := talonone.CustomerSessionV2{
		ID:            6,
		IntegrationID: "order-1001",
		ProfileID:     "customer-42",
		CartItems: []talonone.CartItem{{
			SKU:      "AUDIO-WH350",
			Quantity: 2,
			Price:    new(decimal.RequireFromString("79.90")),
			Position: new(decimal.RequireFromString("0")),
		}},
		Total: decimal.RequireFromString("159.80"),
	}
	update := session.Update()
	update.CouponCodes = []string{"XMAS-20"}
	text, err := update.AppendJSON(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(text))
	// Output:
	// {"profileId":"customer-42","cartItems":[{"sku":"AUDIO-WH350","quantity":2,"price":79.90}],"couponCodes":["XMAS-20"]}
}

func ExampleCustomerSessionV2_Equal() {
	a := talonone.CustomerSessionV2{Total: decimal.RequireFromString("5.5")}
	b := talonone.CustomerSessionV2{Total: decimal.RequireFromString("5.50"), State: talonone.StateOpen}
	c := talonone.CustomerSessionV2{Total: decimal.RequireFromString("5.50"), CouponCodes: []string{}}
	fmt.Println(a.Equal(b), b.Equal(c))
	// Output: true false
}

// A session logs only what helps to find it, and nothing about the customer.
func ExampleCustomerSessionV2_LogValue() {
	session := talonone.CustomerSessionV2{
		IntegrationID: "order-1001",
		ProfileID:     "jane.doe@example.com",
		CouponCodes:   []string{"SECRET-20"},
		Total:         decimal.RequireFromString("159.80"),
	}
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
	logger.Info("checkout", "session", session)
	// Output:
	// level=INFO msg=checkout session.integrationId=order-1001 session.state=open session.cartItems=0 session.total=159.80
}

// A nil field keeps the session's value. An empty field is sent.
func ExampleCustomerSessionUpdate() {
	for _, update := range []talonone.CustomerSessionUpdate{
		{},
		{CouponCodes: []string{}, ReferralCode: new("")},
		{ProfileID: new("customer-42"), State: talonone.StateClosed},
		{Extra: map[string]json.RawMessage{"referralCode": json.RawMessage("null")}},
	} {
		text, err := update.AppendJSON(nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(string(text))
	}
	// Output:
	// {}
	// {"referralCode":"","couponCodes":[]}
	// {"profileId":"customer-42","state":"closed"}
	// {"referralCode":null}
}

func ExampleCartItem() {
	item := talonone.CartItem{
		Name:       "Wireless headphones",
		SKU:        "AUDIO-WH350",
		Quantity:   2,
		Price:      new(decimal.RequireFromString("79.90")),
		Weight:     new(decimal.RequireFromString("310")), // grams
		Product:    &talonone.Product{Name: "Headphones"},
		Attributes: talonone.Attributes{"color": "black"},
	}
	text, err := item.AppendJSON(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(text))
	// Output:
	// {"name":"Wireless headphones","sku":"AUDIO-WH350","quantity":2,"price":79.90,"product":{"name":"Headphones"},"weight":310,"attributes":{"color":"black"}}
}

func ExampleCartItem_Clone() {
	item := talonone.CartItem{SKU: "AUDIO-WH350", Attributes: talonone.Attributes{"color": "black"}}
	other := item.Clone()
	other.Attributes["color"] = "white"
	fmt.Println(item.Attributes["color"], item.Equal(other))
	// Output: black false
}

func ExampleAdditionalCost() {
	session := talonone.CustomerSessionV2{
		AdditionalCosts: map[string]talonone.AdditionalCost{
			"shipping": {Price: decimal.RequireFromString("4.90")},
			"giftWrap": {Price: decimal.RequireFromString("2.50")},
		},
	}
	fmt.Println(session.ComputeTotals().AdditionalCostTotal.StringFixed(2))
	// Output: 7.40
}

func ExampleProduct() {
	var item talonone.CartItem
	if err := item.UnmarshalJSON([]byte(`{"sku":"AUDIO-WH350","product":{"name":"Headphones"}}`)); err != nil {
		fmt.Println(err)
		return
	}
	if item.Product != nil {
		fmt.Println(item.Product.Name)
	}
	// Output: Headphones
}

func ExamplePriceDetail() {
	var item talonone.CartItem
	err := item.UnmarshalJSON([]byte(`{
		"sku": "AUDIO-WH350",
		"price": 71.91,
		"selectedPriceType": "member",
		"prices": {
			"base": {"price": 79.90},
			"member": {"price": 71.91, "adjustmentEffectiveUntil": "2025-05-30T00:00:00Z"}
		}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	base, selected := item.Prices["base"], item.Prices[item.SelectedPriceType]
	fmt.Println(base.Price.StringFixed(2), selected.Price.StringFixed(2), selected.AdjustmentEffectiveUntil.Format(time.DateOnly))
	// Output: 79.90 71.91 2025-05-30
}

func ExampleExperimentVariantAllocation() {
	update := talonone.CustomerSessionUpdate{
		ExperimentVariantAllocations: []talonone.ExperimentVariantAllocation{{ExperimentID: 1, VariantID: 2}},
	}
	text, err := update.AppendJSON(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(text))
	// Output: {"experimentVariantAllocations":[{"experimentID":1,"variantID":2}]}
}

// The getters accept values from JSON and from Go code, and round nothing.
func ExampleAttributes() {
	var attributes talonone.Attributes
	err := json.Unmarshal([]byte(`{
		"ShippingCity": "Berlin",
		"Express": true,
		"Order": 9007199254740993,
		"Budget": 19999999.99,
		"Due": "2025-05-30T12:00:00Z"
	}`), &attributes)
	if err != nil {
		fmt.Println(err)
		return
	}
	city, _ := attributes.String("ShippingCity")
	express, _ := attributes.Bool("Express")
	order, _ := attributes.Int64("Order")
	budget, _ := attributes.Decimal("Budget")
	due, _ := attributes.Time("Due")
	_, ok := attributes.Int64("Budget")
	fmt.Println(city, express, order, budget.StringFixed(2), due.Year(), ok)
	// Output: Berlin true 9007199254740993 19999999.99 2025 false
}

func ExampleAttributes_Decode() {
	attributes := talonone.Attributes{
		"ShippingCity": "Berlin",
		"Budget":       decimal.RequireFromString("19999999.99"),
	}
	var order struct {
		ShippingCity string
		Budget       decimal.Decimal
	}
	if err := attributes.Decode(&order); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(order.ShippingCity, order.Budget.StringFixed(2))
	// Output: Berlin 19999999.99
}

// Amounts in attributes are written as numbers, with any Go number type.
func ExampleAttributes_MarshalJSON() {
	text, err := talonone.Attributes{
		"budget":  decimal.RequireFromString("5.50"),
		"items":   []int{1, 2},
		"nothing": nil,
		"since":   time.Date(2025, 5, 30, 12, 0, 0, 0, time.UTC),
	}.MarshalJSON()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(text))
	// Output: {"budget":5.50,"items":[1,2],"nothing":null,"since":"2025-05-30T12:00:00Z"}
}

func ExampleDecodeError() {
	var session talonone.CustomerSessionV2
	err := json.Unmarshal([]byte(`{"cartItems":[{"quantity":1},{"quantity":"two"}]}`), &session)
	if e, ok := errors.AsType[*talonone.DecodeError](err); ok {
		fmt.Println(e.Path, e.Offset, errors.Is(err, talonone.ErrWrongType))
	}
	// Output: /cartItems/1/quantity 41 true
}

func ExampleEncodeError() {
	session := talonone.CustomerSessionV2{
		CartItems: []talonone.CartItem{{SKU: "AUDIO-WH350", Attributes: talonone.Attributes{"note": "caf\xe9"}}},
	}
	_, err := session.MarshalJSON()
	if e, ok := errors.AsType[*talonone.EncodeError](err); ok {
		fmt.Println(e.Path, errors.Is(err, talonone.ErrInvalidUTF8))
	}
	// Output: /cartItems/0/attributes/note true
}
