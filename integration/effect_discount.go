package integration

import (
	"encoding/json"

	"github.com/shopspring/decimal"
)

// SetDiscount is a discount on the session as a whole. Each response has all discounts that apply, so discard those of earlier
// responses.
//
//gen:effect setDiscount
type SetDiscount struct {
	// Name is the name of the discount ("name"). Required: without it the props are an [UnknownEffect].
	Name string `json:"name" api:"must"`
	// Value is the discount, in the Application's currency ("value"). Required: without it the props are an [UnknownEffect].
	Value decimal.Decimal `json:"value" api:"must"`
	// Scope is what the discount applies to: [ScopeCartItems], [ScopeAdditionalCosts] or [ScopeSessionTotal] ("scope"). It is
	// set only with cascading discounts.
	Scope DiscountScope `json:"scope,omitzero"`
	// DesiredValue is the amount before a budget reduced it, in the Application's currency ("desiredValue"). It is set only
	// with partial discounts.
	DesiredValue *decimal.Decimal `json:"desiredValue,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// SetDiscountPerItem is a discount on one cart item, or on one unit of it.
//
//gen:effect setDiscountPerItem
type SetDiscountPerItem struct {
	// Name is the name of the discount, possibly followed by "#" and the position ("name"). Required: without it the props are
	// an [UnknownEffect].
	Name string `json:"name" api:"must"`
	// Value is the discount, in the Application's currency ("value"). For a pro-rata discount it is the share of this item.
	// Required: without it the props are an [UnknownEffect].
	Value decimal.Decimal `json:"value" api:"must"`
	// Position is the index, from 0, of the item in the session's CartItems ("position"). Required: without it the props are an
	// [UnknownEffect].
	Position int `json:"position" api:"must"`
	// SubPosition is the index, from 0, of the unit of the item ("subPosition"). Nil means the item as a whole.
	SubPosition *int `json:"subPosition,omitzero"`
	// DesiredValue is the amount before a budget reduced it, in the Application's currency ("desiredValue"). It is set only
	// with partial discounts.
	DesiredValue *decimal.Decimal `json:"desiredValue,omitzero"`
	// Scope is what the discount applies to: [ScopePrice], [ScopeAdditionalCosts] or [ScopeItemTotal] ("scope").
	Scope DiscountScope `json:"scope,omitzero"`
	// TotalDiscount is the total of a pro-rata discount, in the Application's currency ("totalDiscount").
	TotalDiscount *decimal.Decimal `json:"totalDiscount,omitzero"`
	// DesiredTotalDiscount is that total before a budget reduced it, in the Application's currency ("desiredTotalDiscount").
	DesiredTotalDiscount *decimal.Decimal `json:"desiredTotalDiscount,omitzero"`
	// BundleIndex is the index, from 0, of the bundle among those of one definition ("bundleIndex").
	BundleIndex *int `json:"bundleIndex,omitzero"`
	// BundleName is the name of the bundle's definition ("bundleName").
	BundleName string `json:"bundleName,omitzero"`
	// TargetedItemPosition is the index, from 0, of the bundle's item that determines the amount ("targetedItemPosition").
	TargetedItemPosition *int `json:"targetedItemPosition,omitzero"`
	// TargetedItemSubPosition is the index, from 0, of the unit of that item ("targetedItemSubPosition").
	TargetedItemSubPosition *int `json:"targetedItemSubPosition,omitzero"`
	// ExcludedFromPriceHistory tells whether the item's price history excludes the discount ("excludedFromPriceHistory").
	ExcludedFromPriceHistory *bool `json:"excludedFromPriceHistory,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// SetDiscountPerAdditionalCost is a discount on one of the session's additional costs.
//
//gen:effect setDiscountPerAdditionalCost
type SetDiscountPerAdditionalCost struct {
	// Name is the name of the discount ("name"). Required: without it the props are an [UnknownEffect].
	Name string `json:"name" api:"must"`
	// AdditionalCostID is the number of the additional cost ("additionalCostId"). Required.
	AdditionalCostID int64 `json:"additionalCostId"`
	// AdditionalCost is the name of the additional cost: its key in AdditionalCosts ("additionalCost"). Required: without it
	// the props are an [UnknownEffect].
	AdditionalCost string `json:"additionalCost" api:"must"`
	// Value is the discount, in the Application's currency ("value"). Required: without it the props are an [UnknownEffect].
	Value decimal.Decimal `json:"value" api:"must"`
	// DesiredValue is the amount before a budget reduced it, in the Application's currency ("desiredValue"). It is set only
	// with partial discounts.
	DesiredValue *decimal.Decimal `json:"desiredValue,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// SetDiscountPerAdditionalCostPerItem is a discount on one of the additional costs of a cart item, or of one unit of it.
//
//gen:effect setDiscountPerAdditionalCostPerItem
type SetDiscountPerAdditionalCostPerItem struct {
	// Name is the name of the discount, followed by "#" and the position ("name"). Required: without it the props are an
	// [UnknownEffect].
	Name string `json:"name" api:"must"`
	// AdditionalCostID is the number of the additional cost ("additionalCostId"). Required.
	AdditionalCostID int64 `json:"additionalCostId"`
	// Value is the discount, in the Application's currency ("value"). Required: without it the props are an [UnknownEffect].
	Value decimal.Decimal `json:"value" api:"must"`
	// Position is the index, from 0, of the item in the session's CartItems ("position"). Required: without it the props are an
	// [UnknownEffect].
	Position int `json:"position" api:"must"`
	// SubPosition is the index, from 0, of the unit of the item ("subPosition"). Nil means the item as a whole.
	SubPosition *int `json:"subPosition,omitzero"`
	// AdditionalCost is the name of the additional cost: its key in AdditionalCosts ("additionalCost"). Required: without it
	// the props are an [UnknownEffect].
	AdditionalCost string `json:"additionalCost" api:"must"`
	// DesiredValue is the amount before a budget reduced it, in the Application's currency ("desiredValue"). It is set only
	// with partial discounts.
	DesiredValue *decimal.Decimal `json:"desiredValue,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RollbackDiscount says that a discount was undone, wholly or in part, because the session was cancelled or reopened or some of
// its items were returned. Name, position, additional cost and scope identify the discount.
//
//gen:effect rollbackDiscount
type RollbackDiscount struct {
	// Name is the name of the discount ("name"). Required: without it the props are an [UnknownEffect].
	Name string `json:"name" api:"must"`
	// Value is the amount that was undone, in the Application's currency ("value"). Required: without it the props are an
	// [UnknownEffect].
	Value decimal.Decimal `json:"value" api:"must"`
	// CartItemPosition is the index, from 0, of the item in the session's CartItems ("cartItemPosition"). Nil means the session
	// as a whole.
	CartItemPosition *int `json:"cartItemPosition,omitzero"`
	// CartItemSubPosition is the index, from 0, of the unit of the item ("cartItemSubPosition"). Nil means the item as a whole.
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
// Deprecated: the effects of a bundle name it in BundleName and BundleIndex.
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
