// Package twin has the session that benchmarks compare ours with: the same structs for general-purpose JSON libraries.
package twin

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
)

// Session is talonone.CustomerSessionV2 with N for decimal.Decimal, *N for *decimal.Decimal, map[string]any for Attributes, tags
// with omitempty, and pointers for the times that an item has rarely: encoders write a zero time.Time or take long to leave it
// out. Nothing else is changed. With float64 it is what most programs have, with [Amount] what they have who want exact amounts
// from a general-purpose library.
type Session[N any] struct {
	ID                           int64                      `json:"id,omitempty"`
	IntegrationID                string                     `json:"integrationId"`
	Created                      time.Time                  `json:"created,omitempty"` //nolint:modernize // as it is in most programs: see above
	ApplicationID                int64                      `json:"applicationId"`
	ProfileID                    string                     `json:"profileId"`
	StoreIntegrationID           string                     `json:"storeIntegrationId,omitempty"`
	EvaluableCampaignIDs         []int64                    `json:"evaluableCampaignIds,omitempty"`
	CouponCodes                  []string                   `json:"couponCodes,omitempty"`
	ReferralCode                 string                     `json:"referralCode,omitempty"`
	LoyaltyCards                 []string                   `json:"loyaltyCards,omitempty"`
	State                        string                     `json:"state"`
	CartItems                    []CartItem[N]              `json:"cartItems"`
	ExperimentVariantAllocations []Allocation               `json:"experimentVariantAllocations,omitempty"`
	AdditionalCosts              map[string]Cost[N]         `json:"additionalCosts,omitempty"`
	Identifiers                  []string                   `json:"identifiers,omitempty"`
	Attributes                   map[string]any             `json:"attributes"`
	FirstSession                 bool                       `json:"firstSession"`
	UpdateCount                  int64                      `json:"updateCount,omitempty"`
	Total                        N                          `json:"total"`
	CartItemTotal                N                          `json:"cartItemTotal"`
	AdditionalCostTotal          N                          `json:"additionalCostTotal"`
	CartItemAdditionalCostTotal  *N                         `json:"cartItemAdditionalCostTotal,omitempty"`
	Updated                      time.Time                  `json:"updated,omitempty"` //nolint:modernize // as Created
	Extra                        map[string]json.RawMessage `json:"-"`
}

// CartItem is the twin of talonone.CartItem.
type CartItem[N any] struct {
	Name                     string                     `json:"name,omitempty"`
	SKU                      string                     `json:"sku"`
	Quantity                 int                        `json:"quantity"`
	ReturnedQuantity         *int                       `json:"returnedQuantity,omitempty"`
	RemainingQuantity        *int                       `json:"remainingQuantity,omitempty"`
	Price                    *N                         `json:"price,omitempty"`
	Category                 string                     `json:"category,omitempty"`
	Product                  *Product                   `json:"product,omitempty"`
	Weight                   *N                         `json:"weight,omitempty"`
	Height                   *N                         `json:"height,omitempty"`
	Width                    *N                         `json:"width,omitempty"`
	Length                   *N                         `json:"length,omitempty"`
	Position                 *N                         `json:"position,omitempty"`
	Attributes               map[string]any             `json:"attributes,omitempty"`
	AdditionalCosts          map[string]Cost[N]         `json:"additionalCosts,omitempty"`
	CatalogItemID            *int64                     `json:"catalogItemID,omitempty"`
	SelectedPriceType        string                     `json:"selectedPriceType,omitempty"`
	AdjustmentReferenceID    string                     `json:"adjustmentReferenceId,omitempty"`
	AdjustmentEffectiveFrom  *time.Time                 `json:"adjustmentEffectiveFrom,omitempty"`
	AdjustmentEffectiveUntil *time.Time                 `json:"adjustmentEffectiveUntil,omitempty"`
	Prices                   map[string]Price[N]        `json:"prices,omitempty"`
	Extra                    map[string]json.RawMessage `json:"-"`
}

// Cost is the twin of talonone.AdditionalCost.
type Cost[N any] struct {
	Price N                          `json:"price"`
	Extra map[string]json.RawMessage `json:"-"`
}

// Product is the twin of talonone.Product.
type Product struct {
	Name  string                     `json:"name"`
	Extra map[string]json.RawMessage `json:"-"`
}

// Price is the twin of talonone.PriceDetail.
type Price[N any] struct {
	Price                    *N                         `json:"price,omitempty"`
	AdjustmentContextID      string                     `json:"adjustmentContextId,omitempty"`
	AdjustmentReferenceID    string                     `json:"adjustmentReferenceId,omitempty"`
	AdjustmentEffectiveFrom  *time.Time                 `json:"adjustmentEffectiveFrom,omitempty"`
	AdjustmentEffectiveUntil *time.Time                 `json:"adjustmentEffectiveUntil,omitempty"`
	Extra                    map[string]json.RawMessage `json:"-"`
}

// Allocation is the twin of talonone.ExperimentVariantAllocation.
type Allocation struct {
	ExperimentID int64                      `json:"experimentID"`
	VariantID    int64                      `json:"variantID"`
	Extra        map[string]json.RawMessage `json:"-"`
}

// Amount is a decimal that is written as a JSON number, as a program does that wraps decimal for a general-purpose library.
type Amount struct{ decimal.Decimal }

// MarshalJSON writes the amount without the quotes that decimal puts around it.
func (a Amount) MarshalJSON() ([]byte, error) { return []byte(a.Decimal.String()), nil }

// Shape is what the items of a session have in common.
type Shape int

const (
	// Common has names, categories, sizes and attributes that repeat, as those of a shop do.
	Common Shape = iota
	// Distinct has no string and no amount twice.
	Distinct
)

// New returns a session whose items have every member that a shop commonly fills.
func New(items int, shape Shape) talonone.CustomerSessionV2 { return Nth(0, items, shape) }

// Nth returns the nth session of a customer: each is like the others, but has other items.
func Nth(n, items int, shape Shape) talonone.CustomerSessionV2 {
	amount := func(value, exp int) *decimal.Decimal { return new(decimal.New(int64(value), int32(exp))) }
	s := talonone.CustomerSessionV2{
		ID: 6, IntegrationID: "session-1", ApplicationID: 322, ProfileID: "customer-1", State: talonone.StateOpen,
		Created: time.Date(2026, 2, 7, 8, 15, 22, 0, time.UTC), Updated: time.Date(2026, 2, 8, 14, 15, 22, 0, time.UTC),
		CouponCodes: []string{"XMAS-20"}, UpdateCount: 3,
		AdditionalCosts: map[string]talonone.AdditionalCost{"shipping": {Price: decimal.New(990, -2)}},
		Attributes:      talonone.Attributes{"ShippingCity": "Berlin"},
		CartItems:       make([]talonone.CartItem, items),
	}
	for at := range s.CartItems {
		i := at + 37*n
		c := talonone.CartItem{
			Name: fmt.Sprintf("Running shoe, model %d", i%50), SKU: fmt.Sprintf("SKU-%06d", i), Quantity: i%5 + 1,
			ReturnedQuantity: new(0), RemainingQuantity: new(i%5 + 1), Price: amount(999+i*7, -2),
			Category: []string{"shoes", "shirts", "trousers"}[i%3], Weight: amount(300+i%40, 0),
			Height: amount(1200+i%90, -1), Width: amount(2105, -1), Length: amount(330+i%7, 0), Position: amount(at, 0),
			Attributes: talonone.Attributes{
				"color": []string{"black", "white", "red"}[i%3], "size": json.Number(fmt.Sprint(36 + i%12)), "giftWrapped": i%10 == 0,
			},
		}
		if shape == Distinct {
			n := 100_000 + 10*i
			c.Name, c.Category = fmt.Sprintf("Running shoe, model %d", i), fmt.Sprintf("category %d", i)
			c.Price, c.Weight, c.Height = amount(n, -2), amount(n+1, -1), amount(n+2, -1)
			c.Width, c.Length, c.Position = amount(n+3, -1), amount(n+4, -1), amount(n+5, 0)
			c.Attributes["color"] = fmt.Sprintf("color %d", i)
			c.Attributes["size"] = json.Number(fmt.Sprint(n + 6))
		}
		s.CartItems[at] = c
	}
	totals := s.ComputeTotals()
	s.Total, s.CartItemTotal, s.AdditionalCostTotal = totals.Total, totals.CartItemTotal, totals.AdditionalCostTotal
	return s
}

// Sorted returns the same JSON with the members of every object sorted by name, an order in which no encoder of ours writes
// them.
func Sorted(text []byte) ([]byte, error) {
	var object map[string]json.RawMessage
	if json.Unmarshal(text, &object) == nil && object != nil {
		sorted := []byte{'{'}
		for i, name := range slices.Sorted(maps.Keys(object)) {
			if i > 0 {
				sorted = append(sorted, ',')
			}
			key, err := json.Marshal(name)
			if err != nil {
				return nil, err
			}
			value, err := Sorted(object[name])
			if err != nil {
				return nil, err
			}
			sorted = append(append(append(sorted, key...), ':'), value...)
		}
		return append(sorted, '}'), nil
	}
	var array []json.RawMessage
	if json.Unmarshal(text, &array) == nil && array != nil {
		for i := range array {
			var err error
			if array[i], err = Sorted(array[i]); err != nil {
				return nil, err
			}
		}
		return json.Marshal(array)
	}
	return text, nil
}
