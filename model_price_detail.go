package talonone

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"
)

// PriceDetail is one of the prices of a catalog item. Only the server sets it. Its price type is the key in the map of prices.
//
// It corresponds to "PriceDetail" in the API reference.
//
//gen:model
type PriceDetail struct {
	// Price is what one unit costs, in the Application's currency ("price").
	Price *decimal.Decimal `json:"price,omitzero"`
	// AdjustmentContextID is the context of the price adjustment ("adjustmentContextId").
	AdjustmentContextID string `json:"adjustmentContextId,omitzero"`
	// AdjustmentReferenceID is the UUID of the price adjustment ("adjustmentReferenceId").
	AdjustmentReferenceID string `json:"adjustmentReferenceId,omitzero"`
	// AdjustmentEffectiveFrom is when the price adjustment begins ("adjustmentEffectiveFrom").
	AdjustmentEffectiveFrom time.Time `json:"adjustmentEffectiveFrom,omitzero"`
	// AdjustmentEffectiveUntil is when the price adjustment ends ("adjustmentEffectiveUntil").
	AdjustmentEffectiveUntil time.Time `json:"adjustmentEffectiveUntil,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}
