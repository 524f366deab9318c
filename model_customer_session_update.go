package talonone

import (
	"encoding/json"
	"log/slog"
)

// CustomerSessionUpdate is what an update request sends ("NewCustomerSessionV2" in the API reference). Every member is
// optional. A member that is left out keeps the session's value. The first update with an ID creates the session.
//
// An empty value is not the same as nil: empty CouponCodes and an empty ReferralCode discard the session's codes (but not in a
// dry run), and an empty ProfileID makes the session anonymous. The API's documents do not say what an empty value of the other
// members does.
//
//gen:model sql
type CustomerSessionUpdate struct {
	// ProfileID is the integration ID of the customer's profile ("profileId"). The API creates the profile if there is none.
	// Nil keeps the profile, empty makes the session anonymous. For an unknown customer the API advises a profile for guests,
	// not an anonymous session.
	ProfileID *string `json:"profileId,omitzero"`
	// StoreIntegrationID is the integration ID of the store ("storeIntegrationId"), 1 to [MaxIDLength] characters. Nil
	// keeps it.
	StoreIntegrationID *string `json:"storeIntegrationId,omitzero" api:"min=1,max=1000"`
	// ReferralCode is the referral code entered ("referralCode"), at most [MaxCodeLength] characters. Nil keeps that of the
	// session, empty discards it.
	ReferralCode *string `json:"referralCode,omitzero" api:"max=100"`
	// State is the state to move to ("state"): open, closed or cancelled. The zero value is left out.
	State State `json:"state,omitzero" api:"rule"`
	// CartItems is the whole cart ("cartItems"), at most [MaxCartItems] lines and, flattened, [MaxFlattenedQuantity]
	// units. It replaces the cart of the session; nil keeps it.
	CartItems []CartItem `json:"cartItems,omitzero" api:"max=1000,rule,apart"`
	// EvaluableCampaignIDs restricts a dry run to these campaigns, even disabled ones ("evaluableCampaignIds").
	EvaluableCampaignIDs []int64 `json:"evaluableCampaignIds,omitzero"`
	// CouponCodes are the coupon codes entered ("couponCodes"), each at most [MaxCodeLength] characters. Nil keeps those of
	// the session, empty discards them.
	CouponCodes []string `json:"couponCodes,omitzero" api:"each=100"`
	// LoyaltyCards identifies the loyalty cards used ("loyaltyCards"), at most [MaxLoyaltyCards].
	LoyaltyCards []string `json:"loyaltyCards,omitzero" api:"max=1"`
	// RewardIntegrationIDs identifies the unlocked rewards that the session uses ("rewardIntegrationIds"). The IDs come from
	// the effect that unlocked a reward, and from the rewards of an answer.
	RewardIntegrationIDs []string `json:"rewardIntegrationIds,omitzero"`
	// ExperimentVariantAllocations says which variant of which experiment the customer sees
	// ("experimentVariantAllocations").
	ExperimentVariantAllocations []ExperimentVariantAllocation `json:"experimentVariantAllocations,omitzero"`
	// AdditionalCosts are the costs of the session as a whole, such as shipping, by their name in the Campaign Manager
	// ("additionalCosts").
	AdditionalCosts map[string]AdditionalCost `json:"additionalCosts,omitzero"`
	// Identifiers are the caller's own identifiers of the customer, such as a device, for limits of discounts ("identifiers"),
	// at most [MaxIdentifiers].
	Identifiers []string `json:"identifiers,omitzero" api:"max=5"`
	// Attributes are the session's attributes, which the Campaign Manager must define first ("attributes").
	Attributes Attributes `json:"attributes,omitzero"`
	// Extra holds further members to send. It is also the way to send a null: {"referralCode": null} with ReferralCode nil.
	Extra map[string]json.RawMessage `json:"-"`
}

// LogValue returns what is safe to log: the state and the number of items, but no codes, identifiers, profile or attributes.
func (u CustomerSessionUpdate) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("state", string(u.State)),
		slog.Int("cartItems", len(u.CartItems)),
	)
}
