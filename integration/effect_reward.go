package integration

import (
	"encoding/json"
	"time"
)

// AddFreeItem asks the shop to add an item to the cart at the price 0. The API does not add it.
//
//gen:effect addFreeItem
type AddFreeItem struct {
	// SKU is the stock keeping unit ("sku"). Required: without it the props are an [UnknownEffect].
	SKU string `json:"sku" api:"must"`
	// Name is the name of the effect ("name"). Required.
	Name string `json:"name"`
	// DesiredQuantity is the number of items without the limit of a budget ("desiredQuantity").
	DesiredQuantity *int `json:"desiredQuantity,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// AwardGiveaway gives a customer the code of a giveaway, when the session is closed.
//
//gen:effect awardGiveaway
type AwardGiveaway struct {
	// PoolID is the number of the pool of giveaways ("poolId"). Required.
	PoolID int64 `json:"poolId"`
	// PoolName is the name of the pool of giveaways ("poolName"). Required.
	PoolName string `json:"poolName"`
	// RecipientIntegrationID is the integration ID of the profile ("recipientIntegrationId"). Required.
	RecipientIntegrationID string `json:"recipientIntegrationId"`
	// GiveawayID is the number of the giveaway ("giveawayId"). Required.
	GiveawayID int64 `json:"giveawayId"`
	// Code is the code that the customer gets ("code"). Required.
	Code string `json:"code"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// WillAwardGiveaway says that closing the session would award a giveaway. The code is known only then.
//
//gen:effect willAwardGiveaway
type WillAwardGiveaway struct {
	// PoolID is the number of the pool of giveaways ("poolId"). Required.
	PoolID int64 `json:"poolId"`
	// PoolName is the name of the pool of giveaways ("poolName"). Required.
	PoolName string `json:"poolName"`
	// RecipientIntegrationID is the integration ID of the profile ("recipientIntegrationId"). Required.
	RecipientIntegrationID string `json:"recipientIntegrationId"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// UnlockReward says that the customer unlocked a reward. To use it, a session sends its IntegrationID in
// RewardIntegrationIDs.
//
//gen:effect unlockReward
type UnlockReward struct {
	// IntegrationID is the ID of the unlock ("integrationId"). Required.
	IntegrationID string `json:"integrationId"`
	// RewardID is the number of the reward ("rewardId"). Required.
	RewardID int64 `json:"rewardId"`
	// ApplicationID is the Application that the reward was unlocked in ("applicationId"). Required.
	ApplicationID int64 `json:"applicationId"`
	// ProfileIntegrationID is the integration ID of the profile ("profileIntegrationId"). Required.
	ProfileIntegrationID string `json:"profileIntegrationId"`
	// UnlockedAt is when the reward was unlocked ("unlockedAt"). Required.
	UnlockedAt time.Time `json:"unlockedAt"`
	// CardIdentifier identifies the loyalty card, in a program with cards ("cardIdentifier").
	CardIdentifier string `json:"cardIdentifier,omitzero"`
	// LoyaltyCardID is what some versions before 26.18 of the API call CardIdentifier ("loyaltyCardId").
	LoyaltyCardID string `json:"loyaltyCardId,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// UseReward says that the session uses a reward that the customer unlocked. The effects of the reward come with it.
//
//gen:effect useReward
type UseReward struct {
	// IntegrationID is the ID of the unlock ("integrationId"). Required.
	IntegrationID string `json:"integrationId"`
	// RewardID is the number of the reward ("rewardId"). Required.
	RewardID int64 `json:"rewardId"`
	// ApplicationID is the Application that the reward was unlocked in ("applicationId"). Required.
	ApplicationID int64 `json:"applicationId"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RollbackUseReward says that the use of a reward was undone: the customer can use it again.
//
//gen:effect rollbackUseReward
type RollbackUseReward struct {
	// IntegrationID is the ID of the unlock ("integrationId"). Required.
	IntegrationID string `json:"integrationId"`
	// RewardID is the number of the reward ("rewardId"). Required.
	RewardID int64 `json:"rewardId"`
	// ApplicationID is the Application that the reward was unlocked in ("applicationId"). Required.
	ApplicationID int64 `json:"applicationId"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}
