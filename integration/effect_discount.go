package integration

import (
	"encoding/json"

	"github.com/shopspring/decimal"
)

// SetDiscount takes an amount off the session as a whole. It replaces a discount of the same name in an earlier
// response: each response has all discounts that apply.
//
//gen:effect setDiscount
type SetDiscount struct {
	// Name is the name of the discount ("name"). Required: props without it do not fit.
	Name string `json:"name" api:"must"`
	// Value is the amount to take off, in the Application's currency ("value"). Required: props without it do not fit.
	Value decimal.Decimal `json:"value" api:"must"`
	// Scope is what the amount is taken off: [ScopeCartItems], [ScopeAdditionalCosts] or [ScopeSessionTotal] ("scope"). It
	// comes only with cascading discounts.
	Scope DiscountScope `json:"scope,omitzero"`
	// DesiredValue is the amount before a budget reduced it, in the Application's currency ("desiredValue"). It comes
	// only with partial discounts.
	DesiredValue *decimal.Decimal `json:"desiredValue,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// SetDiscountPerItem takes an amount off one cart item, or off one unit of it.
//
//gen:effect setDiscountPerItem
type SetDiscountPerItem struct {
	// Name is the name of the discount, to which "#" and the position may be appended ("name"). Required: props without it do not fit.
	Name string `json:"name" api:"must"`
	// Value is the amount to take off, in the Application's currency: of a pro-rata discount, the share of this item
	// ("value"). Required: props without it do not fit.
	Value decimal.Decimal `json:"value" api:"must"`
	// Position is the index, from 0, of the item in the session's CartItems ("position"). Required: props without it do not fit.
	Position int `json:"position" api:"must"`
	// SubPosition is which unit of the item it is, from 0 ("subPosition"). Nil is the item as a whole.
	SubPosition *int `json:"subPosition,omitzero"`
	// DesiredValue is the amount before a budget reduced it, in the Application's currency ("desiredValue"). It comes
	// only with partial discounts.
	DesiredValue *decimal.Decimal `json:"desiredValue,omitzero"`
	// Scope is what the amount is taken off: [ScopePrice], [ScopeAdditionalCosts] or [ScopeItemTotal] ("scope").
	Scope DiscountScope `json:"scope,omitzero"`
	// TotalDiscount is the whole of a pro-rata discount, in the Application's currency ("totalDiscount").
	TotalDiscount *decimal.Decimal `json:"totalDiscount,omitzero"`
	// DesiredTotalDiscount is that whole before a budget reduced it, in the Application's currency
	// ("desiredTotalDiscount").
	DesiredTotalDiscount *decimal.Decimal `json:"desiredTotalDiscount,omitzero"`
	// BundleIndex is which of the bundles of one definition it is, from 0 ("bundleIndex").
	BundleIndex *int `json:"bundleIndex,omitzero"`
	// BundleName is the name of the bundle's definition ("bundleName").
	BundleName string `json:"bundleName,omitzero"`
	// TargetedItemPosition is the index, from 0, of the bundle's item that the amount follows from
	// ("targetedItemPosition").
	TargetedItemPosition *int `json:"targetedItemPosition,omitzero"`
	// TargetedItemSubPosition is which unit of that item it is, from 0 ("targetedItemSubPosition").
	TargetedItemSubPosition *int `json:"targetedItemSubPosition,omitzero"`
	// ExcludedFromPriceHistory tells whether the discount is left out of the item's price history
	// ("excludedFromPriceHistory").
	ExcludedFromPriceHistory *bool `json:"excludedFromPriceHistory,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// SetDiscountPerAdditionalCost takes an amount off one of the session's additional costs.
//
//gen:effect setDiscountPerAdditionalCost
type SetDiscountPerAdditionalCost struct {
	// Name is the name of the discount ("name"). Required: props without it do not fit.
	Name string `json:"name" api:"must"`
	// AdditionalCostID is the number of the additional cost ("additionalCostId"). Required.
	AdditionalCostID int64 `json:"additionalCostId"`
	// AdditionalCost is the name of the additional cost: its key in AdditionalCosts ("additionalCost"). Required: props without it do not fit.
	AdditionalCost string `json:"additionalCost" api:"must"`
	// Value is the amount to take off, in the Application's currency ("value"). Required: props without it do not fit.
	Value decimal.Decimal `json:"value" api:"must"`
	// DesiredValue is the amount before a budget reduced it, in the Application's currency ("desiredValue"). It comes
	// only with partial discounts.
	DesiredValue *decimal.Decimal `json:"desiredValue,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// SetDiscountPerAdditionalCostPerItem takes an amount off one of the additional costs of a cart item, or of one unit of
// it.
//
//gen:effect setDiscountPerAdditionalCostPerItem
type SetDiscountPerAdditionalCostPerItem struct {
	// Name is the name of the discount, to which "#" and the position are appended ("name"). Required: props without it do not fit.
	Name string `json:"name" api:"must"`
	// AdditionalCostID is the number of the additional cost ("additionalCostId"). Required.
	AdditionalCostID int64 `json:"additionalCostId"`
	// Value is the amount to take off, in the Application's currency ("value"). Required: props without it do not fit.
	Value decimal.Decimal `json:"value" api:"must"`
	// Position is the index, from 0, of the item in the session's CartItems ("position"). Required: props without it do not fit.
	Position int `json:"position" api:"must"`
	// SubPosition is which unit of the item it is, from 0 ("subPosition"). Nil is the item as a whole.
	SubPosition *int `json:"subPosition,omitzero"`
	// AdditionalCost is the name of the additional cost: its key in AdditionalCosts ("additionalCost"). Required: props without it do not fit.
	AdditionalCost string `json:"additionalCost" api:"must"`
	// DesiredValue is the amount before a budget reduced it, in the Application's currency ("desiredValue"). It comes
	// only with partial discounts.
	DesiredValue *decimal.Decimal `json:"desiredValue,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RollbackDiscount says that a discount was undone, whole or in part, because the session was cancelled or reopened or
// some of its items were returned. What it names is the discount of this name at this place.
//
//gen:effect rollbackDiscount
type RollbackDiscount struct {
	// Name is the name of the discount ("name"). Required: props without it do not fit.
	Name string `json:"name" api:"must"`
	// Value is the amount that was undone, in the Application's currency ("value"). Required: props without it do not fit.
	Value decimal.Decimal `json:"value" api:"must"`
	// CartItemPosition is the index, from 0, of the item in the session's CartItems ("cartItemPosition"). Nil is the
	// session as a whole.
	CartItemPosition *int `json:"cartItemPosition,omitzero"`
	// CartItemSubPosition is which unit of the item it is, from 0 ("cartItemSubPosition"). Nil is the item as a whole.
	CartItemSubPosition *int `json:"cartItemSubPosition,omitzero"`
	// AdditionalCostID is the number of the additional cost that the discount was on ("additionalCostId").
	AdditionalCostID *int64 `json:"additionalCostId,omitzero"`
	// AdditionalCost is the name of that cost: its key in AdditionalCosts ("additionalCost").
	AdditionalCost string `json:"additionalCost,omitzero"`
	// Scope is the scope of the discount ("scope").
	Scope DiscountScope `json:"scope,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// ShowBundleMetadata says which cart items make up a bundle.
//
// Deprecated: the effects of a bundle name it themselves, in BundleName and BundleIndex.
//
//gen:effect showBundleMetadata ShowBundleMetadata
type ShowBundleMetadata struct {
	// Description says what the bundle is ("description"). Required.
	Description string `json:"description"`
	// BundleAttributes are the attributes of cart items that define the bundle ("bundleAttributes"). Required.
	BundleAttributes []string `json:"bundleAttributes"`
	// ItemsIndices are the indexes, from 0, of the items in the session's CartItems ("itemsIndices"). Required.
	ItemsIndices []int `json:"itemsIndices"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}
