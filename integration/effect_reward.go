package integration

import (
	"encoding/json"

	"github.com/talonone-go/talonone/internal/member"
)

// AddFreeItem asks for an item to be put in the cart at the price 0. Nothing adds it but the shop.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type AddFreeItem struct {
	// SKU is the stock keeping unit ("sku"). Required.
	SKU string
	// Name says what the effect is ("name"). Required.
	Name string
	// DesiredQuantity is how many items it would be without a budget ("desiredQuantity").
	DesiredQuantity *int
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (a *AddFreeItem) members(m *member.List) {
	m.Required("sku", &a.SKU)
	m.Required("name", &a.Name)
	m.Optional("desiredQuantity", &a.DesiredQuantity)
	m.Extra(&a.Extra)
}

// EffectType returns "addFreeItem".
func (*AddFreeItem) EffectType() string { return "addFreeItem" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (a AddFreeItem) MarshalJSON() ([]byte, error) { return marshal(addFreeItemModel, a) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (a *AddFreeItem) UnmarshalJSON(text []byte) error { return unmarshal(addFreeItemModel, text, a) }

// AwardGiveaway gives a customer the code of a giveaway. It comes when the session is closed.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type AwardGiveaway struct {
	// PoolID is the number of the pool of giveaways ("poolId"). Required.
	PoolID int64
	// PoolName is the name of the pool of giveaways ("poolName"). Required.
	PoolName string
	// RecipientIntegrationID is the integration ID of the profile ("recipientIntegrationId"). Required.
	RecipientIntegrationID string
	// GiveawayID is the number of the giveaway ("giveawayId"). Required.
	GiveawayID int64
	// Code is what the customer gets ("code"). Required.
	Code string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (a *AwardGiveaway) members(m *member.List) {
	m.Required("poolId", &a.PoolID)
	m.Required("poolName", &a.PoolName)
	m.Required("recipientIntegrationId", &a.RecipientIntegrationID)
	m.Required("giveawayId", &a.GiveawayID)
	m.Required("code", &a.Code)
	m.Extra(&a.Extra)
}

// EffectType returns "awardGiveaway".
func (*AwardGiveaway) EffectType() string { return "awardGiveaway" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (a AwardGiveaway) MarshalJSON() ([]byte, error) { return marshal(awardGiveawayModel, a) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (a *AwardGiveaway) UnmarshalJSON(text []byte) error {
	return unmarshal(awardGiveawayModel, text, a)
}

// WillAwardGiveaway says that closing the session would award a giveaway. Its code is not told before.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type WillAwardGiveaway struct {
	// PoolID is the number of the pool of giveaways ("poolId"). Required.
	PoolID int64
	// PoolName is the name of the pool of giveaways ("poolName"). Required.
	PoolName string
	// RecipientIntegrationID is the integration ID of the profile ("recipientIntegrationId"). Required.
	RecipientIntegrationID string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (w *WillAwardGiveaway) members(m *member.List) {
	m.Required("poolId", &w.PoolID)
	m.Required("poolName", &w.PoolName)
	m.Required("recipientIntegrationId", &w.RecipientIntegrationID)
	m.Extra(&w.Extra)
}

// EffectType returns "willAwardGiveaway".
func (*WillAwardGiveaway) EffectType() string { return "willAwardGiveaway" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (w WillAwardGiveaway) MarshalJSON() ([]byte, error) { return marshal(willAwardGiveawayModel, w) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (w *WillAwardGiveaway) UnmarshalJSON(text []byte) error {
	return unmarshal(willAwardGiveawayModel, text, w)
}
