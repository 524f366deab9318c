package integration

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
)

// Coupon is a coupon. In an answer it is a coupon that the request created.
//
// It corresponds to "Coupon" in the API reference.
//
//gen:model lenient
type Coupon struct {
	// ID is the number of the coupon ("id"). Required.
	ID int64 `json:"id"`
	// Created is when the coupon was created ("created"). Required.
	Created time.Time `json:"created"`
	// CampaignID is the number of the campaign that the coupon belongs to ("campaignId"). Required.
	CampaignID int64 `json:"campaignId"`
	// Value is the code ("value"), at least 4 characters. Required.
	Value string `json:"value"`
	// UsageLimit is how often the coupon may be redeemed ("usageLimit"), at most 999999. 0 means no limit except that of the
	// campaign. Required.
	UsageLimit int `json:"usageLimit"`
	// DiscountLimit is the maximum sum of the coupon's discounts, in the Application's currency ("discountLimit").
	DiscountLimit *decimal.Decimal `json:"discountLimit,omitzero"`
	// ReservationLimit is how often the coupon may be reserved ("reservationLimit"), at most 999999.
	ReservationLimit *int `json:"reservationLimit,omitzero"`
	// StartDate is when the coupon becomes valid ("startDate").
	StartDate time.Time `json:"startDate,omitzero"`
	// ExpiryDate is when the coupon expires ("expiryDate"). Zero if it does not expire.
	ExpiryDate time.Time `json:"expiryDate,omitzero"`
	// Limits are the coupon's own limits, which replace those of its campaign ("limits").
	Limits []LimitConfig `json:"limits,omitzero"`
	// UsageCounter is how often the coupon was redeemed ("usageCounter"). Required.
	UsageCounter int `json:"usageCounter"`
	// DiscountCounter is the sum of the coupon's discounts so far, in the Application's currency ("discountCounter").
	DiscountCounter *decimal.Decimal `json:"discountCounter,omitzero"`
	// DiscountRemainder is the rest of DiscountLimit, in the Application's currency ("discountRemainder").
	DiscountRemainder *decimal.Decimal `json:"discountRemainder,omitzero"`
	// ReservationCounter is how often the coupon was reserved ("reservationCounter").
	ReservationCounter *int `json:"reservationCounter,omitzero"`
	// Attributes are the coupon's attributes ("attributes").
	Attributes talonone.Attributes `json:"attributes,omitzero"`
	// ReferralID is the number of the referral that created the coupon ("referralId").
	ReferralID *int64 `json:"referralId,omitzero"`
	// RecipientIntegrationID is the integration ID of the only profile that may redeem the coupon ("recipientIntegrationId"),
	// at most 1000 characters. Empty if any profile may.
	RecipientIntegrationID string `json:"recipientIntegrationId,omitzero"`
	// ImportID is the number of the import that created the coupon ("importId").
	ImportID *int64 `json:"importId,omitzero"`
	// Reservation tells whether several profiles may reserve the coupon ("reservation"). If it is false, only one may. Nil
	// means true.
	Reservation *bool `json:"reservation,omitzero"`
	// BatchID is the ID of the batch that the coupon was created in ("batchId").
	BatchID string `json:"batchId,omitzero"`
	// IsReservationMandatory tells whether the coupon must be reserved before it can be redeemed
	// ("isReservationMandatory").
	IsReservationMandatory *bool `json:"isReservationMandatory,omitzero"`
	// ImplicitlyReserved tells whether the coupon counts as reserved by every profile ("implicitlyReserved").
	ImplicitlyReserved *bool `json:"implicitlyReserved,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// IntegrationCoupon is a coupon whose code the session has.
//
// It corresponds to "IntegrationCoupon" in the API reference.
//
//gen:model lenient
type IntegrationCoupon struct {
	// ID is the number of the coupon ("id"). Required.
	ID int64 `json:"id"`
	// Created is when the coupon was created ("created"). Required.
	Created time.Time `json:"created"`
	// CampaignID is the number of the campaign that the coupon belongs to ("campaignId"). Required.
	CampaignID int64 `json:"campaignId"`
	// Value is the code ("value"), at least 4 characters. Required.
	Value string `json:"value"`
	// UsageLimit is how often the coupon may be redeemed ("usageLimit"), at most 999999. 0 means no limit except that of the
	// campaign. Required.
	UsageLimit int `json:"usageLimit"`
	// DiscountLimit is the maximum sum of the coupon's discounts, in the Application's currency ("discountLimit").
	DiscountLimit *decimal.Decimal `json:"discountLimit,omitzero"`
	// ReservationLimit is how often the coupon may be reserved ("reservationLimit"), at most 999999.
	ReservationLimit *int `json:"reservationLimit,omitzero"`
	// StartDate is when the coupon becomes valid ("startDate").
	StartDate time.Time `json:"startDate,omitzero"`
	// ExpiryDate is when the coupon expires ("expiryDate"). Zero if it does not expire.
	ExpiryDate time.Time `json:"expiryDate,omitzero"`
	// Limits are the coupon's own limits, which replace those of its campaign ("limits").
	Limits []LimitConfig `json:"limits,omitzero"`
	// UsageCounter is how often the coupon was redeemed ("usageCounter"). Required.
	UsageCounter int `json:"usageCounter"`
	// DiscountCounter is the sum of the coupon's discounts so far, in the Application's currency ("discountCounter").
	DiscountCounter *decimal.Decimal `json:"discountCounter,omitzero"`
	// DiscountRemainder is the rest of DiscountLimit, in the Application's currency ("discountRemainder").
	DiscountRemainder *decimal.Decimal `json:"discountRemainder,omitzero"`
	// ReservationCounter is how often the coupon was reserved ("reservationCounter").
	ReservationCounter *int `json:"reservationCounter,omitzero"`
	// Attributes are the coupon's attributes ("attributes").
	Attributes talonone.Attributes `json:"attributes,omitzero"`
	// ReferralID is the number of the referral that created the coupon ("referralId").
	ReferralID *int64 `json:"referralId,omitzero"`
	// RecipientIntegrationID is the integration ID of the only profile that may redeem the coupon ("recipientIntegrationId"),
	// at most 1000 characters. Empty if any profile may.
	RecipientIntegrationID string `json:"recipientIntegrationId,omitzero"`
	// ImportID is the number of the import that created the coupon ("importId").
	ImportID *int64 `json:"importId,omitzero"`
	// Reservation tells whether several profiles may reserve the coupon ("reservation"). If it is false, only one may. Nil
	// means true.
	Reservation *bool `json:"reservation,omitzero"`
	// BatchID is the ID of the batch that the coupon was created in ("batchId").
	BatchID string `json:"batchId,omitzero"`
	// IsReservationMandatory tells whether the coupon must be reserved before it can be redeemed
	// ("isReservationMandatory").
	IsReservationMandatory *bool `json:"isReservationMandatory,omitzero"`
	// ImplicitlyReserved tells whether the coupon counts as reserved by every profile ("implicitlyReserved").
	ImplicitlyReserved *bool `json:"implicitlyReserved,omitzero"`
	// ProfileRedemptionCount is how often the profile of the session redeemed the coupon ("profileRedemptionCount").
	// Required.
	ProfileRedemptionCount int `json:"profileRedemptionCount"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}
