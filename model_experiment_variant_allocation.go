package talonone

import (
	"encoding/json"
)

// ExperimentVariantAllocation says which variant of an experiment the customer sees.
//
// It corresponds to "ExperimentVariantAllocation" in the API reference.
//
//gen:model
type ExperimentVariantAllocation struct {
	// ExperimentID is the number of the experiment ("experimentID"). Required.
	ExperimentID int64 `json:"experimentID"`
	// VariantID is the number of the variant ("variantID"). Required.
	VariantID int64 `json:"variantID"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}
