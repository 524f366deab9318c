package integration

import (
	"encoding/json"
)

// The effects on coupon codes, then those on referral codes.

// AcceptCoupon says that a coupon code of the session is valid. It is redeemed when the session is closed. Remove any message
// about an earlier rejection.
//
//gen:effect acceptCoupon
type AcceptCoupon struct {
	// Value is the code ("value"). Required.
	Value string `json:"value"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RejectCoupon says that a coupon code of the session cannot be used, and why.
//
//gen:effect rejectCoupon
type RejectCoupon struct {
	// Value is the code ("value"). Required.
	Value string `json:"value"`
	// RejectionReason is the reason, such as [RejectionCouponExpired] ("rejectionReason"). Required.
	RejectionReason RejectionReason `json:"rejectionReason"`
	// ConditionIndex is the position in its rule, from 0, of the condition that was not met ("conditionIndex").
	ConditionIndex *int `json:"conditionIndex,omitzero"`
	// EffectIndex is the position in its rule, from 0, of the effect that could not be applied ("effectIndex").
	EffectIndex *int `json:"effectIndex,omitzero"`
	// Details describes the reason, for people ("details").
	Details string `json:"details,omitzero"`
	// CampaignExclusionReason is why the campaign was excluded, if that is the reason ("campaignExclusionReason").
	CampaignExclusionReason ExclusionReason `json:"campaignExclusionReason,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RollbackCoupon says that the redemption of a coupon was undone: its code can be used again.
//
//gen:effect rollbackCoupon
type RollbackCoupon struct {
	// Value is the code ("value"). Required.
	Value string `json:"value"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// ReserveCoupon says that a coupon was reserved for a customer.
//
//gen:effect reserveCoupon
type ReserveCoupon struct {
	// CouponValue is the code ("couponValue"). Required.
	CouponValue string `json:"couponValue"`
	// ProfileIntegrationID is the integration ID of the profile ("profileIntegrationId"). Required.
	ProfileIntegrationID string `json:"profileIntegrationId"`
	// IsNewReservation tells whether the coupon was not reserved for the customer before ("isNewReservation"). Required.
	IsNewReservation bool `json:"isNewReservation"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// CouponCreated says that a coupon was created for a customer. CreatedCoupons of [IntegrationState] has the whole coupon.
//
//gen:effect couponCreated
type CouponCreated struct {
	// Value is the new code ("value"). Required.
	Value string `json:"value"`
	// ProfileID is the integration ID of the profile that the coupon is for ("profileId"). Required.
	ProfileID string `json:"profileId"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// AcceptReferral says that the referral code of the session is valid. It is redeemed when the session is closed.
//
//gen:effect acceptReferral
type AcceptReferral struct {
	// Value is the code ("value"). Required.
	Value string `json:"value"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RedeemReferral says that the referral code of the session is valid and was redeemed.
//
// Deprecated: the API replaced it with [AcceptReferral].
//
//gen:effect redeemReferral
type RedeemReferral struct {
	// ID is the number of the referral ("id"). Required.
	ID int64 `json:"id"`
	// Value is the code ("value"). Required.
	Value string `json:"value"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RejectReferral says that the referral code of the session cannot be used, and why.
//
//gen:effect rejectReferral
type RejectReferral struct {
	// Value is the code ("value"). Required.
	Value string `json:"value"`
	// RejectionReason is the reason, such as [RejectionReferralNotFound] ("rejectionReason"). Required.
	RejectionReason RejectionReason `json:"rejectionReason"`
	// ConditionIndex is the position in its rule, from 0, of the condition that was not met ("conditionIndex").
	ConditionIndex *int `json:"conditionIndex,omitzero"`
	// EffectIndex is the position in its rule, from 0, of the effect that could not be applied ("effectIndex").
	EffectIndex *int `json:"effectIndex,omitzero"`
	// Details describes the reason, for people ("details").
	Details string `json:"details,omitzero"`
	// CampaignExclusionReason is why the campaign was excluded, if that is the reason ("campaignExclusionReason").
	CampaignExclusionReason ExclusionReason `json:"campaignExclusionReason,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RollbackReferral says that the redemption of a referral was undone: its code can be used again.
//
//gen:effect rollbackReferral
type RollbackReferral struct {
	// Value is the code ("value"). Required.
	Value string `json:"value"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// ReferralCreated says that a referral code was created. CreatedReferrals of [IntegrationState] has the whole referral.
//
//gen:effect referralCreated
type ReferralCreated struct {
	// Value is the new code ("value"). Required.
	Value string `json:"value"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}
