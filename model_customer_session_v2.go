package talonone

import (
	"encoding/json"
	"log/slog"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// CustomerSessionV2 is a customer session as the Integration API returns it: one visit of a customer, with the cart, the codes
// entered and the totals before discounts. To change a session, send a [CustomerSessionUpdate]. [CustomerSessionV2.Update]
// makes one from a session.
//
// Amounts are in the Application's currency, which the API does not name. Decoding demands no member, not even those that the
// API calls required, because recorded responses lack some of them.
//
// It corresponds to "CustomerSessionV2" in the API reference.
//
//gen:model sql
type CustomerSessionV2 struct {
	// ID is the number that Talon.One gave the session ("id"). Set by the server; 0 is left out.
	ID int64 `json:"id,omitzero"`
	// IntegrationID is the ID under which the caller created the session ("integrationId"), at most [MaxIDLength]
	// characters. Required.
	IntegrationID string `json:"integrationId" api:"min=1,max=1000"`
	// Created is when the session was created ("created"). Set by the server; a zero time is left out.
	Created time.Time `json:"created,omitzero"`
	// ApplicationID is the Application that owns the session ("applicationId"). Set by the server, required.
	ApplicationID int64 `json:"applicationId"`
	// ProfileID is the integration ID of the customer's profile ("profileId"). Required; empty for an anonymous session. For an
	// unknown customer a profile for guests is better than an anonymous session.
	ProfileID string `json:"profileId"`
	// StoreIntegrationID is the integration ID of the store ("storeIntegrationId"), at most [MaxIDLength] characters.
	StoreIntegrationID string `json:"storeIntegrationId,omitzero" api:"max=1000"`
	// EvaluableCampaignIDs restricts a dry run to these campaigns, even disabled ones ("evaluableCampaignIds").
	EvaluableCampaignIDs []int64 `json:"evaluableCampaignIds,omitzero"`
	// CouponCodes are the coupon codes entered ("couponCodes"), each at most [MaxCodeLength] characters.
	CouponCodes []string `json:"couponCodes,omitzero" api:"each=100"`
	// ReferralCode is the referral code entered ("referralCode"), at most [MaxCodeLength] characters.
	ReferralCode string `json:"referralCode,omitzero" api:"max=100"`
	// LoyaltyCards identifies the loyalty cards used ("loyaltyCards"), at most [MaxLoyaltyCards].
	LoyaltyCards []string `json:"loyaltyCards,omitzero" api:"max=1"`
	// RewardIntegrationIDs identifies the unlocked rewards that the session uses ("rewardIntegrationIds").
	RewardIntegrationIDs []string `json:"rewardIntegrationIds,omitzero"`
	// State is the state of the session ("state"). Required; the zero value counts as [StateOpen].
	State State `json:"state" api:"default=open,rule"`
	// CartItems is the cart ("cartItems"), at most [MaxCartItems] lines and, flattened, [MaxFlattenedQuantity] units.
	// Required: nil is written as an empty list.
	CartItems []CartItem `json:"cartItems" api:"max=1000,rule,apart"`
	// ExperimentVariantAllocations says which variant of which experiment the customer sees
	// ("experimentVariantAllocations").
	ExperimentVariantAllocations []ExperimentVariantAllocation `json:"experimentVariantAllocations,omitzero"`
	// AdditionalCosts are the costs of the session as a whole, such as shipping, by their name in the Campaign Manager
	// ("additionalCosts").
	AdditionalCosts map[string]AdditionalCost `json:"additionalCosts,omitzero"`
	// Identifiers are the caller's own identifiers of the customer, such as a device, for limits of discounts ("identifiers"),
	// at most [MaxIdentifiers].
	Identifiers []string `json:"identifiers,omitzero" api:"max=5"`
	// Attributes are the session's attributes, which the Campaign Manager defines ("attributes"). Required: nil is written
	// as an empty object.
	Attributes Attributes `json:"attributes"`
	// FirstSession tells whether this is the profile's first session; always true for an anonymous one
	// ("firstSession"). Set by the server, required.
	FirstSession bool `json:"firstSession"`
	// UpdateCount is the number of updates of the session, including its creation ("updateCount"). Set by the server; 0 is left
	// out.
	UpdateCount int64 `json:"updateCount,omitzero"`
	// Total is the sum of the three totals below, before discounts ("total"). In older responses, without the third, it is the
	// sum of the first two. Set by the server, required.
	Total decimal.Decimal `json:"total"`
	// CartItemTotal is what the items cost before discounts ("cartItemTotal"). Set by the server, required.
	CartItemTotal decimal.Decimal `json:"cartItemTotal"`
	// AdditionalCostTotal is the sum of the session's additional costs ("additionalCostTotal"). Set by the server,
	// required.
	AdditionalCostTotal decimal.Decimal `json:"additionalCostTotal"`
	// CartItemAdditionalCostTotal is the sum of the items' own additional costs ("cartItemAdditionalCostTotal"). Set by
	// the server; nil in responses from before it existed.
	CartItemAdditionalCostTotal *decimal.Decimal `json:"cartItemAdditionalCostTotal,omitzero" api:"readonly"`
	// Updated is when the session last received an event ("updated"). Set by the server; a zero time is left out.
	Updated time.Time `json:"updated,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// LogValue returns what is safe to log: the integration ID, the state, the number of items and the total, but no codes,
// identifiers, profile or attributes.
func (s CustomerSessionV2) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("integrationId", s.IntegrationID),
		slog.String("state", string(s.State.orOpen())),
		slog.Int("cartItems", len(s.CartItems)),
		slog.String("total", jsonwire.DecimalText(s.Total)),
	)
}

// Update returns the part of the session that a caller may send: a deep copy without the members that the server sets, in items
// too. Empty strings become nil. The state partially_returned becomes zero, because only a return can set it. Extra of the
// session and of its items is not copied.
//
// The items keep their Price. If a price came from a catalog, sending it overrides the catalog's price from then on. Set it to
// nil to keep using the catalog.
func (s CustomerSessionV2) Update() CustomerSessionUpdate {
	u := updateOf(&s)
	if u.State == StatePartiallyReturned {
		u.State = ""
	}
	u = u.Clone()
	for i := range u.CartItems {
		u.CartItems[i].Extra = nil
	}
	clearReadOnlyCustomerSessionUpdate(&u)
	return u
}
