package integration

import (
	"encoding/json"
	"time"

	"github.com/talonone-go/talonone"
)

// Referral is a referral. In an answer it is a referral that the request created.
//
// It corresponds to "Referral" in the API reference.
//
//gen:model lenient
type Referral struct {
	// ID is the number of the referral ("id"). Required.
	ID int64 `json:"id"`
	// Created is when the referral was created ("created"). Required.
	Created time.Time `json:"created"`
	// StartDate is when the code becomes valid ("startDate").
	StartDate time.Time `json:"startDate,omitzero"`
	// ExpiryDate is when the code expires ("expiryDate"). Zero if it does not expire.
	ExpiryDate time.Time `json:"expiryDate,omitzero"`
	// UsageLimit is how often the code may be used ("usageLimit"), at most 999999. 0 means no limit except that of the
	// campaign. Required.
	UsageLimit int `json:"usageLimit"`
	// CampaignID is the number of the campaign that the referral belongs to ("campaignId"). Required.
	CampaignID int64 `json:"campaignId"`
	// AdvocateProfileIntegrationID is the integration ID of the profile that invites others
	// ("advocateProfileIntegrationId"), at most 1000 characters. Required.
	AdvocateProfileIntegrationID string `json:"advocateProfileIntegrationId"`
	// FriendProfileIntegrationID is the integration ID of the only profile that may use the code
	// ("friendProfileIntegrationId"). Empty if any profile may.
	FriendProfileIntegrationID string `json:"friendProfileIntegrationId,omitzero"`
	// Attributes are the referral's attributes ("attributes").
	Attributes talonone.Attributes `json:"attributes,omitzero"`
	// ImportID is the number of the import that created the referral ("importId").
	ImportID *int64 `json:"importId,omitzero"`
	// Code is the code ("code"), at least 4 characters. Required.
	Code string `json:"code"`
	// UsageCounter is how often the code was used ("usageCounter"). Required.
	UsageCounter int `json:"usageCounter"`
	// BatchID is the ID of the batch that the referral was created in ("batchId").
	BatchID string `json:"batchId,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// InventoryReferral is the referral whose code the session has.
//
// It corresponds to "InventoryReferral" in the API reference.
//
//gen:model lenient
type InventoryReferral struct {
	// ID is the number of the referral ("id"). Required.
	ID int64 `json:"id"`
	// Created is when the referral was created ("created"). Required.
	Created time.Time `json:"created"`
	// StartDate is when the code becomes valid ("startDate").
	StartDate time.Time `json:"startDate,omitzero"`
	// ExpiryDate is when the code expires ("expiryDate"). Zero if it does not expire.
	ExpiryDate time.Time `json:"expiryDate,omitzero"`
	// UsageLimit is how often the code may be used ("usageLimit"), at most 999999. 0 means no limit except that of the
	// campaign. Required.
	UsageLimit int `json:"usageLimit"`
	// CampaignID is the number of the campaign that the referral belongs to ("campaignId"). Required.
	CampaignID int64 `json:"campaignId"`
	// AdvocateProfileIntegrationID is the integration ID of the profile that invites others
	// ("advocateProfileIntegrationId"), at most 1000 characters. Required.
	AdvocateProfileIntegrationID string `json:"advocateProfileIntegrationId"`
	// FriendProfileIntegrationID is the integration ID of the only profile that may use the code
	// ("friendProfileIntegrationId"). Empty if any profile may.
	FriendProfileIntegrationID string `json:"friendProfileIntegrationId,omitzero"`
	// Attributes are the referral's attributes ("attributes").
	Attributes talonone.Attributes `json:"attributes,omitzero"`
	// ImportID is the number of the import that created the referral ("importId").
	ImportID *int64 `json:"importId,omitzero"`
	// Code is the code ("code"), at least 4 characters. Required.
	Code string `json:"code"`
	// UsageCounter is how often the code was used ("usageCounter"). Required.
	UsageCounter int `json:"usageCounter"`
	// BatchID is the ID of the batch that the referral was created in ("batchId").
	BatchID string `json:"batchId,omitzero"`
	// ReferredCustomers are the integration IDs of the profiles that used the code ("referredCustomers"). Nil is written as
	// an empty list. Required.
	ReferredCustomers []string `json:"referredCustomers"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}
