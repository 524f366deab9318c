package talonone

import (
	"encoding/json"

	"github.com/shopspring/decimal"
)

// AdditionalCost is a cost beside the price of the goods, such as shipping or gift wrap. Its name is the key in the map of
// costs. The name must exist in the Campaign Manager.
//
// It corresponds to "AdditionalCost" in the API reference.
//
//gen:model
type AdditionalCost struct {
	// Price is the cost, in the Application's currency ("price"). Required.
	Price decimal.Decimal `json:"price"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}
