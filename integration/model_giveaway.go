package integration

import (
	"encoding/json"
	"time"

	"github.com/talonone-go/talonone"
)

// Giveaway is a giveaway that the request awarded.
//
// It corresponds to "Giveaway" in the API reference.
//
//gen:model lenient
type Giveaway struct {
	// ID is the number of the giveaway ("id"). Required.
	ID int64 `json:"id"`
	// Created is when the giveaway was created ("created"). Required.
	Created time.Time `json:"created"`
	// Code is the code that the customer gets ("code"). Required.
	Code string `json:"code"`
	// PoolID is the number of the pool that the giveaway is from ("poolId"). Required.
	PoolID int64 `json:"poolId"`
	// StartDate is when the giveaway becomes valid ("startDate").
	StartDate time.Time `json:"startDate,omitzero"`
	// EndDate is when the giveaway expires ("endDate").
	EndDate time.Time `json:"endDate,omitzero"`
	// Attributes are the giveaway's attributes ("attributes").
	Attributes talonone.Attributes `json:"attributes,omitzero"`
	// Used tells whether the giveaway was awarded before ("used").
	Used *bool `json:"used,omitzero"`
	// ImportID is the number of the import that created the giveaway ("importId").
	ImportID *int64 `json:"importId,omitzero"`
	// ProfileIntegrationID is the integration ID of the profile that got the giveaway ("profileIntegrationId").
	ProfileIntegrationID string `json:"profileIntegrationId,omitzero"`
	// ProfileID is the number that Talon.One gave that profile ("profileId").
	ProfileID *int64 `json:"profileId,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}
