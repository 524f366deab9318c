package test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
)

// The twin is what the same session is with float64 and encoding/json: the same struct with *float64 for *decimal.Decimal,
// float64 for Decimal, map[string]any for Attributes, and tags with omitempty.
type (
	twinSession struct {
		ID                           int64                                  `json:"id,omitempty"`
		IntegrationID                string                                 `json:"integrationId"`
		Created                      time.Time                              `json:"created,omitempty"`
		ApplicationID                int64                                  `json:"applicationId"`
		ProfileID                    string                                 `json:"profileId"`
		StoreIntegrationID           string                                 `json:"storeIntegrationId,omitempty"`
		EvaluableCampaignIDs         []int64                                `json:"evaluableCampaignIds,omitempty"`
		CouponCodes                  []string                               `json:"couponCodes,omitempty"`
		ReferralCode                 string                                 `json:"referralCode,omitempty"`
		LoyaltyCards                 []string                               `json:"loyaltyCards,omitempty"`
		State                        string                                 `json:"state"`
		CartItems                    []twinItem                             `json:"cartItems"`
		ExperimentVariantAllocations []talonone.ExperimentVariantAllocation `json:"experimentVariantAllocations,omitempty"`
		AdditionalCosts              map[string]twinCost                    `json:"additionalCosts,omitempty"`
		Identifiers                  []string                               `json:"identifiers,omitempty"`
		Attributes                   map[string]any                         `json:"attributes"`
		FirstSession                 bool                                   `json:"firstSession"`
		UpdateCount                  int64                                  `json:"updateCount,omitempty"`
		Total                        float64                                `json:"total"`
		CartItemTotal                float64                                `json:"cartItemTotal"`
		AdditionalCostTotal          float64                                `json:"additionalCostTotal"`
		CartItemAdditionalCostTotal  *float64                               `json:"cartItemAdditionalCostTotal,omitempty"`
		Updated                      time.Time                              `json:"updated,omitempty"`
	}
	twinItem struct {
		Name                     string                 `json:"name,omitempty"`
		SKU                      string                 `json:"sku"`
		Quantity                 int                    `json:"quantity"`
		ReturnedQuantity         *int                   `json:"returnedQuantity,omitempty"`
		RemainingQuantity        *int                   `json:"remainingQuantity,omitempty"`
		Price                    *float64               `json:"price,omitempty"`
		Category                 string                 `json:"category,omitempty"`
		Product                  *struct{ Name string } `json:"product,omitempty"`
		Weight                   *float64               `json:"weight,omitempty"`
		Height                   *float64               `json:"height,omitempty"`
		Width                    *float64               `json:"width,omitempty"`
		Length                   *float64               `json:"length,omitempty"`
		Position                 *float64               `json:"position,omitempty"`
		Attributes               map[string]any         `json:"attributes,omitempty"`
		AdditionalCosts          map[string]twinCost    `json:"additionalCosts,omitempty"`
		CatalogItemID            *int64                 `json:"catalogItemID,omitempty"`
		SelectedPriceType        string                 `json:"selectedPriceType,omitempty"`
		AdjustmentReferenceID    string                 `json:"adjustmentReferenceId,omitempty"`
		AdjustmentEffectiveFrom  time.Time              `json:"adjustmentEffectiveFrom,omitzero"`
		AdjustmentEffectiveUntil time.Time              `json:"adjustmentEffectiveUntil,omitzero"`
		Prices                   map[string]twinPrice   `json:"prices,omitempty"`
	}
	twinCost struct {
		Price float64 `json:"price"`
	}
	twinPrice struct {
		Price *float64 `json:"price,omitempty"`
	}
)

// benchSession returns a session whose items have every member that a shop commonly fills.
func benchSession(items int) talonone.CustomerSessionV2 {
	amount := func(value int64, exp int32) *decimal.Decimal { return new(decimal.New(value, exp)) }
	s := talonone.CustomerSessionV2{
		ID: 6, IntegrationID: "session-1", ApplicationID: 322, ProfileID: "customer-1", State: talonone.StateOpen,
		Created: time.Date(2026, 2, 7, 8, 15, 22, 0, time.UTC), Updated: time.Date(2026, 2, 8, 14, 15, 22, 0, time.UTC),
		CouponCodes: []string{"XMAS-20"}, UpdateCount: 3,
		AdditionalCosts: map[string]talonone.AdditionalCost{"shipping": {Price: decimal.New(990, -2)}},
		Attributes:      talonone.Attributes{"ShippingCity": "Berlin"},
	}
	for i := range items {
		s.CartItems = append(s.CartItems, talonone.CartItem{
			Name: fmt.Sprintf("Running shoe, model %d", i%50), SKU: fmt.Sprintf("SKU-%06d", i), Quantity: i%5 + 1,
			ReturnedQuantity: new(0), RemainingQuantity: new(i%5 + 1), Price: amount(int64(999+i*7), -2),
			Category: []string{"shoes", "shirts", "trousers"}[i%3], Weight: amount(int64(300+i%40), 0),
			Height: amount(int64(1200+i%90), -1), Width: amount(2105, -1), Length: amount(int64(330+i%7), 0),
			Position: amount(int64(i), 0),
			Attributes: talonone.Attributes{
				"color": []string{"black", "white", "red"}[i%3], "size": json.Number(fmt.Sprint(36 + i%12)), "giftWrapped": i%10 == 0,
			},
		})
	}
	totals := s.ComputeTotals()
	s.Total, s.CartItemTotal, s.AdditionalCostTotal = totals.Total, totals.CartItemTotal, totals.AdditionalCostTotal
	return s
}

func benchSizes(b *testing.B, run func(b *testing.B, s talonone.CustomerSessionV2, text []byte)) {
	for _, items := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("items=%d", items), func(b *testing.B) {
			s := benchSession(items)
			text, err := s.AppendJSON(nil)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			b.ResetTimer()
			run(b, s, text)
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	benchSizes(b, func(b *testing.B, _ talonone.CustomerSessionV2, text []byte) {
		for b.Loop() {
			var s talonone.CustomerSessionV2
			if err := s.UnmarshalJSON(text); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDecodeTwin(b *testing.B) {
	benchSizes(b, func(b *testing.B, _ talonone.CustomerSessionV2, text []byte) {
		for b.Loop() {
			var s twinSession
			if err := json.Unmarshal(text, &s); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDecodeValid(b *testing.B) {
	benchSizes(b, func(b *testing.B, _ talonone.CustomerSessionV2, text []byte) {
		for b.Loop() {
			if !json.Valid(text) {
				b.Fatal("not valid")
			}
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	benchSizes(b, func(b *testing.B, s talonone.CustomerSessionV2, text []byte) {
		buf := make([]byte, 0, 2*len(text))
		for b.Loop() {
			if _, err := s.AppendJSON(buf); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEncodeTwin(b *testing.B) {
	benchSizes(b, func(b *testing.B, _ talonone.CustomerSessionV2, text []byte) {
		var s twinSession
		if err := json.Unmarshal(text, &s); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := json.Marshal(s); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkValidate(b *testing.B) {
	benchSizes(b, func(b *testing.B, s talonone.CustomerSessionV2, _ []byte) {
		for b.Loop() {
			if err := s.Validate(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
