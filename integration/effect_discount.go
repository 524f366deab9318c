package integration

import (
	"encoding/json"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/member"
)

// SetDiscount takes an amount off the session as a whole. It replaces a discount of the same name in an earlier
// response: each response has all discounts that apply.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type SetDiscount struct {
	// Name is the name of the discount ("name"). Required.
	Name string
	// Value is the amount to take off, in the Application's currency ("value"). Required.
	Value decimal.Decimal
	// Scope is what the amount is taken off: "cartItems", "additionalCosts" or "sessionTotal" ("scope"). It comes only
	// with cascading discounts.
	Scope string
	// DesiredValue is the amount before a budget reduced it, in the Application's currency ("desiredValue"). It comes
	// only with partial discounts.
	DesiredValue *decimal.Decimal
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (s *SetDiscount) members(m *member.List) {
	m.Required("name", &s.Name)
	m.Required("value", &s.Value)
	m.Optional("scope", &s.Scope)
	m.Optional("desiredValue", &s.DesiredValue)
	m.Extra(&s.Extra)
}

// EffectType returns "setDiscount".
func (*SetDiscount) EffectType() string { return "setDiscount" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (s SetDiscount) MarshalJSON() ([]byte, error) { return marshal(setDiscountModel, s) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (s *SetDiscount) UnmarshalJSON(text []byte) error { return unmarshal(setDiscountModel, text, s) }

// SetDiscountPerItem takes an amount off one cart item, or off one unit of it.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type SetDiscountPerItem struct {
	// Name is the name of the discount, to which "#" and the position may be appended ("name"). Required.
	Name string
	// Value is the amount to take off, in the Application's currency: of a pro-rata discount, the share of this item
	// ("value"). Required.
	Value decimal.Decimal
	// Position is the index, from 0, of the item in the session's CartItems ("position"). Required.
	Position int
	// SubPosition is which unit of the item it is, from 0 ("subPosition"). Nil is the item as a whole.
	SubPosition *int
	// DesiredValue is the amount before a budget reduced it, in the Application's currency ("desiredValue"). It comes
	// only with partial discounts.
	DesiredValue *decimal.Decimal
	// Scope is what the amount is taken off: "price", "additionalCosts" or "itemTotal" ("scope").
	Scope string
	// TotalDiscount is the whole of a pro-rata discount, in the Application's currency ("totalDiscount").
	TotalDiscount *decimal.Decimal
	// DesiredTotalDiscount is that whole before a budget reduced it, in the Application's currency
	// ("desiredTotalDiscount").
	DesiredTotalDiscount *decimal.Decimal
	// BundleIndex is which of the bundles of one definition it is, from 0 ("bundleIndex").
	BundleIndex *int
	// BundleName is the name of the bundle's definition ("bundleName").
	BundleName string
	// TargetedItemPosition is the index, from 0, of the bundle's item that the amount follows from
	// ("targetedItemPosition").
	TargetedItemPosition *int
	// TargetedItemSubPosition is which unit of that item it is, from 0 ("targetedItemSubPosition").
	TargetedItemSubPosition *int
	// ExcludedFromPriceHistory tells whether the discount is left out of the item's price history
	// ("excludedFromPriceHistory").
	ExcludedFromPriceHistory *bool
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (s *SetDiscountPerItem) members(m *member.List) {
	m.Required("name", &s.Name)
	m.Required("value", &s.Value)
	m.Required("position", &s.Position)
	m.Optional("subPosition", &s.SubPosition)
	m.Optional("desiredValue", &s.DesiredValue)
	m.Optional("scope", &s.Scope)
	m.Optional("totalDiscount", &s.TotalDiscount)
	m.Optional("desiredTotalDiscount", &s.DesiredTotalDiscount)
	m.Optional("bundleIndex", &s.BundleIndex)
	m.Optional("bundleName", &s.BundleName)
	m.Optional("targetedItemPosition", &s.TargetedItemPosition)
	m.Optional("targetedItemSubPosition", &s.TargetedItemSubPosition)
	m.Optional("excludedFromPriceHistory", &s.ExcludedFromPriceHistory)
	m.Extra(&s.Extra)
}

// EffectType returns "setDiscountPerItem".
func (*SetDiscountPerItem) EffectType() string { return "setDiscountPerItem" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (s SetDiscountPerItem) MarshalJSON() ([]byte, error) { return marshal(setDiscountPerItemModel, s) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (s *SetDiscountPerItem) UnmarshalJSON(text []byte) error {
	return unmarshal(setDiscountPerItemModel, text, s)
}

// SetDiscountPerAdditionalCost takes an amount off one of the session's additional costs.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type SetDiscountPerAdditionalCost struct {
	// Name is the name of the discount ("name"). Required.
	Name string
	// AdditionalCostID is the number of the additional cost ("additionalCostId"). Required.
	AdditionalCostID int64
	// AdditionalCost is the name of the additional cost: its key in AdditionalCosts ("additionalCost"). Required.
	AdditionalCost string
	// Value is the amount to take off, in the Application's currency ("value"). Required.
	Value decimal.Decimal
	// DesiredValue is the amount before a budget reduced it, in the Application's currency ("desiredValue"). It comes
	// only with partial discounts.
	DesiredValue *decimal.Decimal
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (s *SetDiscountPerAdditionalCost) members(m *member.List) {
	m.Required("name", &s.Name)
	m.Required("additionalCostId", &s.AdditionalCostID)
	m.Required("additionalCost", &s.AdditionalCost)
	m.Required("value", &s.Value)
	m.Optional("desiredValue", &s.DesiredValue)
	m.Extra(&s.Extra)
}

// EffectType returns "setDiscountPerAdditionalCost".
func (*SetDiscountPerAdditionalCost) EffectType() string { return "setDiscountPerAdditionalCost" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (s SetDiscountPerAdditionalCost) MarshalJSON() ([]byte, error) {
	return marshal(setDiscountPerAdditionalCostModel, s)
}

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (s *SetDiscountPerAdditionalCost) UnmarshalJSON(text []byte) error {
	return unmarshal(setDiscountPerAdditionalCostModel, text, s)
}

// SetDiscountPerAdditionalCostPerItem takes an amount off one of the additional costs of a cart item, or of one unit of
// it.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type SetDiscountPerAdditionalCostPerItem struct {
	// Name is the name of the discount, to which "#" and the position are appended ("name"). Required.
	Name string
	// AdditionalCostID is the number of the additional cost ("additionalCostId"). Required.
	AdditionalCostID int64
	// Value is the amount to take off, in the Application's currency ("value"). Required.
	Value decimal.Decimal
	// Position is the index, from 0, of the item in the session's CartItems ("position"). Required.
	Position int
	// SubPosition is which unit of the item it is, from 0 ("subPosition"). Nil is the item as a whole.
	SubPosition *int
	// AdditionalCost is the name of the additional cost: its key in AdditionalCosts ("additionalCost"). Required.
	AdditionalCost string
	// DesiredValue is the amount before a budget reduced it, in the Application's currency ("desiredValue"). It comes
	// only with partial discounts.
	DesiredValue *decimal.Decimal
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (s *SetDiscountPerAdditionalCostPerItem) members(m *member.List) {
	m.Required("name", &s.Name)
	m.Required("additionalCostId", &s.AdditionalCostID)
	m.Required("value", &s.Value)
	m.Required("position", &s.Position)
	m.Optional("subPosition", &s.SubPosition)
	m.Required("additionalCost", &s.AdditionalCost)
	m.Optional("desiredValue", &s.DesiredValue)
	m.Extra(&s.Extra)
}

// EffectType returns "setDiscountPerAdditionalCostPerItem".
func (*SetDiscountPerAdditionalCostPerItem) EffectType() string {
	return "setDiscountPerAdditionalCostPerItem"
}

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (s SetDiscountPerAdditionalCostPerItem) MarshalJSON() ([]byte, error) {
	return marshal(setDiscountPerAdditionalCostPerItemModel, s)
}

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (s *SetDiscountPerAdditionalCostPerItem) UnmarshalJSON(text []byte) error {
	return unmarshal(setDiscountPerAdditionalCostPerItemModel, text, s)
}

// RollbackDiscount says that a discount was undone, whole or in part, because the session was cancelled or reopened or
// some of its items were returned. What it names is the discount of this name at this place.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type RollbackDiscount struct {
	// Name is the name of the discount ("name"). Required.
	Name string
	// Value is the amount that was undone, in the Application's currency ("value"). Required.
	Value decimal.Decimal
	// CartItemPosition is the index, from 0, of the item in the session's CartItems ("cartItemPosition"). Nil is the
	// session as a whole.
	CartItemPosition *int
	// CartItemSubPosition is which unit of the item it is, from 0 ("cartItemSubPosition"). Nil is the item as a whole.
	CartItemSubPosition *int
	// AdditionalCostID is the number of the additional cost that the discount was on ("additionalCostId").
	AdditionalCostID *int64
	// AdditionalCost is the name of that cost: its key in AdditionalCosts ("additionalCost").
	AdditionalCost string
	// Scope is the scope of the discount ("scope").
	Scope string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (r *RollbackDiscount) members(m *member.List) {
	m.Required("name", &r.Name)
	m.Required("value", &r.Value)
	m.Optional("cartItemPosition", &r.CartItemPosition)
	m.Optional("cartItemSubPosition", &r.CartItemSubPosition)
	m.Optional("additionalCostId", &r.AdditionalCostID)
	m.Optional("additionalCost", &r.AdditionalCost)
	m.Optional("scope", &r.Scope)
	m.Extra(&r.Extra)
}

// EffectType returns "rollbackDiscount".
func (*RollbackDiscount) EffectType() string { return "rollbackDiscount" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (r RollbackDiscount) MarshalJSON() ([]byte, error) { return marshal(rollbackDiscountModel, r) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (r *RollbackDiscount) UnmarshalJSON(text []byte) error {
	return unmarshal(rollbackDiscountModel, text, r)
}

// ShowBundleMetadata says which cart items make up a bundle.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
//
// Deprecated: the effects of a bundle name it themselves, in BundleName and BundleIndex.
type ShowBundleMetadata struct {
	// Description says what the bundle is ("description"). Required.
	Description string
	// BundleAttributes are the attributes of cart items that define the bundle ("bundleAttributes"). Required.
	BundleAttributes []string
	// ItemsIndices are the indexes, from 0, of the items in the session's CartItems ("itemsIndices"). Required.
	ItemsIndices []int
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (s *ShowBundleMetadata) members(m *member.List) {
	m.Required("description", &s.Description)
	m.Required("bundleAttributes", &s.BundleAttributes)
	m.Required("itemsIndices", &s.ItemsIndices)
	m.Extra(&s.Extra)
}

// EffectType returns "showBundleMetadata".
func (*ShowBundleMetadata) EffectType() string { return "showBundleMetadata" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (s ShowBundleMetadata) MarshalJSON() ([]byte, error) { return marshal(showBundleMetadataModel, s) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (s *ShowBundleMetadata) UnmarshalJSON(text []byte) error {
	return unmarshal(showBundleMetadataModel, text, s)
}
