package talonone

import (
	"encoding/json"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/member"
)

// AdditionalCost is a cost beside the price of the goods, such as shipping or gift wrap. The map that it stands in has its
// name as the key, which must exist in the Campaign Manager.
//
// A value may be read by several goroutines at once, but not while one of them changes it. It corresponds to
// "AdditionalCost" in the API reference.
type AdditionalCost struct {
	// Price is the cost, in the Application's currency ("price"). Required.
	Price decimal.Decimal
	// Extra holds the members that this version does not know, as they were written. They are written after the known
	// ones, sorted by name.
	Extra map[string]json.RawMessage
}

var additionalCostModel = member.NewModel((*AdditionalCost).members)

func (c *AdditionalCost) members(m *member.List) {
	m.Required("price", &c.Price)
	m.Extra(&c.Extra)
}

// MarshalJSON returns the cost as JSON, or an [*EncodeError].
func (c AdditionalCost) MarshalJSON() ([]byte, error) { return marshal(additionalCostModel, c) }

// UnmarshalJSON replaces the cost by the one in text. On a [*DecodeError] it is left as it was.
func (c *AdditionalCost) UnmarshalJSON(text []byte) error {
	return unmarshal(additionalCostModel, text, c)
}

// AppendJSON appends the cost as JSON to dst. On an [*EncodeError] it returns dst at its old length.
func (c AdditionalCost) AppendJSON(dst []byte) ([]byte, error) {
	return appendJSON(additionalCostModel, dst, c)
}

// Equal reports whether both encode to the same JSON value. Amounts are compared by value.
func (c AdditionalCost) Equal(other AdditionalCost) bool { return additionalCostModel.Equal(c, other) }

// Clone returns a deep copy.
func (c AdditionalCost) Clone() AdditionalCost { return additionalCostModel.Clone(c) }
