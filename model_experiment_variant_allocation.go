package talonone

import (
	"encoding/json"

	"github.com/talonone-go/talonone/internal/member"
)

// ExperimentVariantAllocation says which variant of an experiment the customer sees.
//
// A value may be read by several goroutines at once, but not while one of them changes it. It corresponds to
// "ExperimentVariantAllocation" in the API reference.
type ExperimentVariantAllocation struct {
	// ExperimentID is the number of the experiment ("experimentID"). Required.
	ExperimentID int64
	// VariantID is the number of the variant ("variantID"). Required.
	VariantID int64
	// Extra holds the members that this version does not know, as they were written. They are written after the known
	// ones, sorted by name.
	Extra map[string]json.RawMessage
}

var experimentVariantAllocationModel = member.NewModel((*ExperimentVariantAllocation).members)

func (a *ExperimentVariantAllocation) members(m *member.List) {
	m.Required("experimentID", &a.ExperimentID)
	m.Required("variantID", &a.VariantID)
	m.Extra(&a.Extra)
}

// MarshalJSON returns the allocation as JSON, or an [*EncodeError].
func (a ExperimentVariantAllocation) MarshalJSON() ([]byte, error) {
	return marshal(experimentVariantAllocationModel, a)
}

// UnmarshalJSON replaces the allocation by the one in text. On a [*DecodeError] it is left as it was.
func (a *ExperimentVariantAllocation) UnmarshalJSON(text []byte) error {
	return unmarshal(experimentVariantAllocationModel, text, a)
}

// AppendJSON appends the allocation as JSON to dst. On an [*EncodeError] it returns dst at its old length.
func (a ExperimentVariantAllocation) AppendJSON(dst []byte) ([]byte, error) {
	return appendJSON(experimentVariantAllocationModel, dst, a)
}

// Equal reports whether both encode to the same JSON value.
func (a ExperimentVariantAllocation) Equal(other ExperimentVariantAllocation) bool {
	return experimentVariantAllocationModel.Equal(a, other)
}

// Clone returns a deep copy.
func (a ExperimentVariantAllocation) Clone() ExperimentVariantAllocation {
	return experimentVariantAllocationModel.Clone(a)
}
