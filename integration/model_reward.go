package integration

import (
	"encoding/json"
	"time"
)

// RewardWithUnlocks is a reward, and the unlocks of it that the customer has not used yet.
//
// It corresponds to "RewardWithUnlocks" in the API reference.
//
//gen:model lenient
type RewardWithUnlocks struct {
	// ID is the number of the reward ("id"). Required.
	ID int64 `json:"id"`
	// IntegrationID is the ID of the reward in integrations ("integrationId"). Required.
	IntegrationID string `json:"integrationId"`
	// Name is the name of the reward ("name"). Required.
	Name string `json:"name"`
	// Description describes the reward ("description").
	Description string `json:"description,omitzero"`
	// Rule has the texts of the reward's rule ("rule"). Required.
	Rule RuleMetadata `json:"rule"`
	// Unlocked are the unlocks that the customer can still use ("unlocked").
	Unlocked []CustomerReward `json:"unlocked,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// CustomerReward is a reward that a customer has unlocked.
//
// It corresponds to "CustomerReward" in the API reference.
//
//gen:model lenient
type CustomerReward struct {
	// ApplicationID is the Application that the reward was unlocked in ("applicationId"). Required.
	ApplicationID int64 `json:"applicationId"`
	// ProfileIntegrationID is the integration ID of the profile ("profileIntegrationId"). Required.
	ProfileIntegrationID string `json:"profileIntegrationId"`
	// IntegrationID is the ID of this unlock ("integrationId"). A session that uses the reward has this ID in
	// RewardIntegrationIDs. Required.
	IntegrationID string `json:"integrationId"`
	// UnlockedAt is when the reward was unlocked ("unlockedAt"). Required.
	UnlockedAt time.Time `json:"unlockedAt"`
	// UsedAt is when the reward was used ("usedAt"). Zero if it was not used.
	UsedAt time.Time `json:"usedAt,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}
