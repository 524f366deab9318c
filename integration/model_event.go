package integration

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
)

// Event is the event that a request created.
//
// It corresponds to "Event" in the API reference.
//
//gen:model lenient
type Event struct {
	// ID is the number of the event ("id"). Required.
	ID int64 `json:"id"`
	// Created is when the event was created ("created"). Required.
	Created time.Time `json:"created"`
	// ApplicationID is the Application that the event belongs to ("applicationId"). Required.
	ApplicationID int64 `json:"applicationId"`
	// ProfileID is the integration ID of the customer's profile ("profileId").
	ProfileID string `json:"profileId,omitzero"`
	// StoreIntegrationID is the ID that the shop gave the store ("storeIntegrationId"), at most 1000 characters.
	StoreIntegrationID string `json:"storeIntegrationId,omitzero"`
	// Type is the name of the event, such as "talon_session_created" ("type"). Required.
	Type string `json:"type"`
	// Attributes are the event's attributes ("attributes"). Nil is written as an empty object. Required.
	Attributes talonone.Attributes `json:"attributes"`
	// IntegrationID is the ID that the caller gave the event ("integrationId").
	IntegrationID string `json:"integrationId,omitzero"`
	// SessionID is the integration ID of the session that the event belongs to ("sessionId").
	SessionID string `json:"sessionId,omitzero"`
	// Effects are the effects in an old form, a JSON array of arrays of any JSON ("effects"). Nil is written as an empty
	// array. Use [IntegrationState]'s Effects. Required.
	Effects json.RawMessage `json:"effects" api:"default=[]"`
	// LedgerEntries are the entries that the event created in loyalty ledgers ("ledgerEntries").
	LedgerEntries []LedgerEntry `json:"ledgerEntries,omitzero"`
	// Meta has further data about the evaluation of the event ("meta").
	Meta *Meta `json:"meta,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// EventV3 is the event that a request created, in the form of advanced events.
//
// It corresponds to "EventV3" in the API reference.
//
//gen:model lenient
type EventV3 struct {
	// ConnectedSessionID is the integration ID of the closed session that the event refers to ("connectedSessionId").
	ConnectedSessionID string `json:"connectedSessionId,omitzero"`
	// ID is the number of the event ("id"). Required.
	ID int64 `json:"id"`
	// Created is when the event was created ("created"). Required.
	Created time.Time `json:"created"`
	// ApplicationID is the Application that the event belongs to ("applicationId"). Required.
	ApplicationID int64 `json:"applicationId"`
	// ProfileID is the integration ID of the customer's profile ("profileId").
	ProfileID string `json:"profileId,omitzero"`
	// StoreIntegrationID is the ID that the shop gave the store ("storeIntegrationId"), at most 1000 characters.
	StoreIntegrationID string `json:"storeIntegrationId,omitzero"`
	// Type is the name of the event ("type"). Required.
	Type string `json:"type"`
	// Attributes are the event's attributes ("attributes"). Nil is written as an empty object. Required.
	Attributes talonone.Attributes `json:"attributes"`
	// IntegrationID is the ID that the caller gave the event ("integrationId"). It is unique.
	IntegrationID string `json:"integrationId,omitzero"`
	// ReferralCode is the referral code that the event was sent with ("referralCode"), at most [talonone.MaxCodeLength]
	// characters. Sending it neither checks nor redeems it.
	ReferralCode string `json:"referralCode,omitzero"`
	// Effects are the effects in an old form, a JSON array of arrays of any JSON ("effects"). Nil is written as an empty
	// array. Use [IntegrationState]'s Effects. Required.
	Effects json.RawMessage `json:"effects" api:"default=[]"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// LedgerEntry is an entry in the ledger of a loyalty program.
//
// It corresponds to "LedgerEntry" in the API reference.
//
//gen:model lenient
type LedgerEntry struct {
	// ID is the number of the entry ("id"). Required.
	ID int64 `json:"id"`
	// Created is when the entry was created ("created"). Required.
	Created time.Time `json:"created"`
	// ProfileID is the integration ID of the customer's profile ("profileId"). Required.
	ProfileID string `json:"profileId"`
	// AccountID is the account that the ledger belongs to ("accountId"). Required.
	AccountID int64 `json:"accountId"`
	// LoyaltyProgramID is the number of the loyalty program ("loyaltyProgramId"). Required.
	LoyaltyProgramID int64 `json:"loyaltyProgramId"`
	// EventID is the number of the event that caused the entry ("eventId"). Required.
	EventID int64 `json:"eventId"`
	// Amount is the number of points of the entry ("amount"). Required.
	Amount decimal.Decimal `json:"amount"`
	// Reason says why the entry was created ("reason"). Required.
	Reason string `json:"reason"`
	// ExpiryDate is when the points expire ("expiryDate"). Required.
	ExpiryDate time.Time `json:"expiryDate"`
	// ReferenceID is the number of the entry that balances this one ("referenceId").
	ReferenceID *int64 `json:"referenceId,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// Meta has further data about how an event was evaluated.
//
// It corresponds to "Meta" in the API reference.
//
//gen:model lenient
type Meta struct {
	// Campaigns are the attributes of the campaigns that were evaluated, by the number of the campaign ("campaigns").
	Campaigns talonone.Attributes `json:"campaigns,omitzero"`
	// Coupons are the attributes of the coupons, by their codes ("coupons").
	Coupons talonone.Attributes `json:"coupons,omitzero"`
	// CouponRejectionReason says why the coupon was rejected ("couponRejectionReason").
	CouponRejectionReason *CouponRejectionReason `json:"couponRejectionReason,omitzero"`
	// ReferralRejectionReason says why the referral code was rejected ("referralRejectionReason").
	ReferralRejectionReason *ReferralRejectionReason `json:"referralRejectionReason,omitzero"`
	// Warnings describe incorrect use of the API ("warnings").
	Warnings talonone.Attributes `json:"warnings,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// CouponRejectionReason says why a coupon was rejected.
//
// It corresponds to "CouponRejectionReason" in the API reference.
//
//gen:model lenient
type CouponRejectionReason struct {
	// CampaignID is the number of the campaign ("campaignId"). Required.
	CampaignID int64 `json:"campaignId"`
	// CouponID is the number of the coupon ("couponId"). Required.
	CouponID int64 `json:"couponId"`
	// Reason is the reason, such as [RejectionCouponExpired] ("reason"). Required.
	Reason RejectionReason `json:"reason"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// ReferralRejectionReason says why a referral code was rejected.
//
// It corresponds to "ReferralRejectionReason" in the API reference.
//
//gen:model lenient
type ReferralRejectionReason struct {
	// CampaignID is the number of the campaign ("campaignId"). Required.
	CampaignID int64 `json:"campaignId"`
	// ReferralID is the number of the referral ("referralId"). Required.
	ReferralID int64 `json:"referralId"`
	// Reason is the reason, such as [RejectionReferralExpired] ("reason"). Required.
	Reason RejectionReason `json:"reason"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}
