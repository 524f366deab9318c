package integration

import (
	"encoding/json"
)

// AddFreeItem asks for an item to be put in the cart at the price 0. Nothing adds it but the shop.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
//
//gen:effect addFreeItem
type AddFreeItem struct {
	// SKU is the stock keeping unit ("sku"). Required: props without it do not fit.
	SKU string `json:"sku" api:"must"`
	// Name says what the effect is ("name"). Required.
	Name string `json:"name"`
	// DesiredQuantity is how many items it would be without a budget ("desiredQuantity").
	DesiredQuantity *int `json:"desiredQuantity,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// AwardGiveaway gives a customer the code of a giveaway. It comes when the session is closed.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
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
	// Code is what the customer gets ("code"). Required.
	Code string `json:"code"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// WillAwardGiveaway says that closing the session would award a giveaway. Its code is not told before.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
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
