package integration

import (
	"encoding/json"

	"github.com/talonone-go/talonone/internal/member"
)

// The effects on coupon codes, then those on referral codes. Each has its fields, its members, its type and its JSON.

// AcceptCoupon says that a coupon code of the session is valid. It is redeemed when the session is closed. What was shown
// about an earlier rejection can go.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type AcceptCoupon struct {
	// Value is the code ("value"). Required.
	Value string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (a *AcceptCoupon) members(m *member.List) {
	m.Required("value", &a.Value)
	m.Extra(&a.Extra)
}

// EffectType returns "acceptCoupon".
func (*AcceptCoupon) EffectType() string { return "acceptCoupon" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (a AcceptCoupon) MarshalJSON() ([]byte, error) { return marshal(acceptCouponModel, a) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (a *AcceptCoupon) UnmarshalJSON(text []byte) error { return unmarshal(acceptCouponModel, text, a) }

// RejectCoupon says that a coupon code of the session cannot be used, and why.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type RejectCoupon struct {
	// Value is the code ("value"). Required.
	Value string
	// RejectionReason is the reason, such as "CouponExpired" ("rejectionReason"). Required.
	RejectionReason string
	// ConditionIndex is the position, from 0, of the condition in its rule that was not met ("conditionIndex").
	ConditionIndex *int
	// EffectIndex is the position, from 0, of the effect in its rule that could not be applied ("effectIndex").
	EffectIndex *int
	// Details says more about the reason, for people ("details").
	Details string
	// CampaignExclusionReason is why the campaign was left out, where the reason is that it was
	// ("campaignExclusionReason").
	CampaignExclusionReason string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (r *RejectCoupon) members(m *member.List) {
	m.Required("value", &r.Value)
	m.Required("rejectionReason", &r.RejectionReason)
	m.Optional("conditionIndex", &r.ConditionIndex)
	m.Optional("effectIndex", &r.EffectIndex)
	m.Optional("details", &r.Details)
	m.Optional("campaignExclusionReason", &r.CampaignExclusionReason)
	m.Extra(&r.Extra)
}

// EffectType returns "rejectCoupon".
func (*RejectCoupon) EffectType() string { return "rejectCoupon" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (r RejectCoupon) MarshalJSON() ([]byte, error) { return marshal(rejectCouponModel, r) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (r *RejectCoupon) UnmarshalJSON(text []byte) error { return unmarshal(rejectCouponModel, text, r) }

// RollbackCoupon says that the redemption of a coupon was undone: its code can be used again.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type RollbackCoupon struct {
	// Value is the code ("value"). Required.
	Value string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (r *RollbackCoupon) members(m *member.List) {
	m.Required("value", &r.Value)
	m.Extra(&r.Extra)
}

// EffectType returns "rollbackCoupon".
func (*RollbackCoupon) EffectType() string { return "rollbackCoupon" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (r RollbackCoupon) MarshalJSON() ([]byte, error) { return marshal(rollbackCouponModel, r) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (r *RollbackCoupon) UnmarshalJSON(text []byte) error {
	return unmarshal(rollbackCouponModel, text, r)
}

// ReserveCoupon says that a coupon was reserved for a customer.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type ReserveCoupon struct {
	// CouponValue is the code ("couponValue"). Required.
	CouponValue string
	// ProfileIntegrationID is the integration ID of the profile ("profileIntegrationId"). Required.
	ProfileIntegrationID string
	// IsNewReservation tells whether the coupon was not reserved for the customer before ("isNewReservation"). Required.
	IsNewReservation bool
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (r *ReserveCoupon) members(m *member.List) {
	m.Required("couponValue", &r.CouponValue)
	m.Required("profileIntegrationId", &r.ProfileIntegrationID)
	m.Required("isNewReservation", &r.IsNewReservation)
	m.Extra(&r.Extra)
}

// EffectType returns "reserveCoupon".
func (*ReserveCoupon) EffectType() string { return "reserveCoupon" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (r ReserveCoupon) MarshalJSON() ([]byte, error) { return marshal(reserveCouponModel, r) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (r *ReserveCoupon) UnmarshalJSON(text []byte) error {
	return unmarshal(reserveCouponModel, text, r)
}

// CouponCreated says that a coupon was made for a customer. The whole coupon is among [IntegrationState]'s
// CreatedCoupons.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type CouponCreated struct {
	// Value is the new code ("value"). Required.
	Value string
	// ProfileID is the integration ID of the profile that the coupon is for ("profileId"). Required.
	ProfileID string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (c *CouponCreated) members(m *member.List) {
	m.Required("value", &c.Value)
	m.Required("profileId", &c.ProfileID)
	m.Extra(&c.Extra)
}

// EffectType returns "couponCreated".
func (*CouponCreated) EffectType() string { return "couponCreated" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (c CouponCreated) MarshalJSON() ([]byte, error) { return marshal(couponCreatedModel, c) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (c *CouponCreated) UnmarshalJSON(text []byte) error {
	return unmarshal(couponCreatedModel, text, c)
}

// AcceptReferral says that the referral code of the session is valid. It is redeemed when the session is closed.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type AcceptReferral struct {
	// Value is the code ("value"). Required.
	Value string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (a *AcceptReferral) members(m *member.List) {
	m.Required("value", &a.Value)
	m.Extra(&a.Extra)
}

// EffectType returns "acceptReferral".
func (*AcceptReferral) EffectType() string { return "acceptReferral" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (a AcceptReferral) MarshalJSON() ([]byte, error) { return marshal(acceptReferralModel, a) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (a *AcceptReferral) UnmarshalJSON(text []byte) error {
	return unmarshal(acceptReferralModel, text, a)
}

// RedeemReferral says that the referral code of the session is valid and was redeemed.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
//
// Deprecated: the API has [AcceptReferral] in its place.
type RedeemReferral struct {
	// ID is the number of the referral ("id"). Required.
	ID int64
	// Value is the code ("value"). Required.
	Value string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (r *RedeemReferral) members(m *member.List) {
	m.Required("id", &r.ID)
	m.Required("value", &r.Value)
	m.Extra(&r.Extra)
}

// EffectType returns "redeemReferral".
func (*RedeemReferral) EffectType() string { return "redeemReferral" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (r RedeemReferral) MarshalJSON() ([]byte, error) { return marshal(redeemReferralModel, r) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (r *RedeemReferral) UnmarshalJSON(text []byte) error {
	return unmarshal(redeemReferralModel, text, r)
}

// RejectReferral says that the referral code of the session cannot be used, and why.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type RejectReferral struct {
	// Value is the code ("value"). Required.
	Value string
	// RejectionReason is the reason, such as "ReferralNotFound" ("rejectionReason"). Required.
	RejectionReason string
	// ConditionIndex is the position, from 0, of the condition in its rule that was not met ("conditionIndex").
	ConditionIndex *int
	// EffectIndex is the position, from 0, of the effect in its rule that could not be applied ("effectIndex").
	EffectIndex *int
	// Details says more about the reason, for people ("details").
	Details string
	// CampaignExclusionReason is why the campaign was left out, where the reason is that it was
	// ("campaignExclusionReason").
	CampaignExclusionReason string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (r *RejectReferral) members(m *member.List) {
	m.Required("value", &r.Value)
	m.Required("rejectionReason", &r.RejectionReason)
	m.Optional("conditionIndex", &r.ConditionIndex)
	m.Optional("effectIndex", &r.EffectIndex)
	m.Optional("details", &r.Details)
	m.Optional("campaignExclusionReason", &r.CampaignExclusionReason)
	m.Extra(&r.Extra)
}

// EffectType returns "rejectReferral".
func (*RejectReferral) EffectType() string { return "rejectReferral" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (r RejectReferral) MarshalJSON() ([]byte, error) { return marshal(rejectReferralModel, r) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (r *RejectReferral) UnmarshalJSON(text []byte) error {
	return unmarshal(rejectReferralModel, text, r)
}

// RollbackReferral says that the redemption of a referral was undone: its code can be used again.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type RollbackReferral struct {
	// Value is the code ("value"). Required.
	Value string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (r *RollbackReferral) members(m *member.List) {
	m.Required("value", &r.Value)
	m.Extra(&r.Extra)
}

// EffectType returns "rollbackReferral".
func (*RollbackReferral) EffectType() string { return "rollbackReferral" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (r RollbackReferral) MarshalJSON() ([]byte, error) { return marshal(rollbackReferralModel, r) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (r *RollbackReferral) UnmarshalJSON(text []byte) error {
	return unmarshal(rollbackReferralModel, text, r)
}

// ReferralCreated says that a referral code was made. The whole referral is among [IntegrationState]'s CreatedReferrals.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type ReferralCreated struct {
	// Value is the new code ("value"). Required.
	Value string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (r *ReferralCreated) members(m *member.List) {
	m.Required("value", &r.Value)
	m.Extra(&r.Extra)
}

// EffectType returns "referralCreated".
func (*ReferralCreated) EffectType() string { return "referralCreated" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (r ReferralCreated) MarshalJSON() ([]byte, error) { return marshal(referralCreatedModel, r) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (r *ReferralCreated) UnmarshalJSON(text []byte) error {
	return unmarshal(referralCreatedModel, text, r)
}
