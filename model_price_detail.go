package talonone

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/member"
)

// PriceDetail is one of the prices of a catalog item. The server alone sets it; the map that it stands in has the price
// type as the key.
//
// A value may be read by several goroutines at once, but not while one of them changes it. It corresponds to
// "PriceDetail" in the API reference.
type PriceDetail struct {
	// Price is what one unit costs, in the Application's currency ("price").
	Price *decimal.Decimal
	// AdjustmentContextID is the context of the price adjustment ("adjustmentContextId").
	AdjustmentContextID string
	// AdjustmentReferenceID is the UUID of the price adjustment ("adjustmentReferenceId").
	AdjustmentReferenceID string
	// AdjustmentEffectiveFrom is when the price adjustment begins ("adjustmentEffectiveFrom").
	AdjustmentEffectiveFrom time.Time
	// AdjustmentEffectiveUntil is when the price adjustment ends ("adjustmentEffectiveUntil").
	AdjustmentEffectiveUntil time.Time
	// Extra holds the members that this version does not know, as they were written. They are written after the known
	// ones, sorted by name.
	Extra map[string]json.RawMessage
}

var priceDetailModel = member.NewModel((*PriceDetail).members)

func (p *PriceDetail) members(m *member.List) {
	m.Optional("price", &p.Price)
	m.Optional("adjustmentContextId", &p.AdjustmentContextID)
	m.Optional("adjustmentReferenceId", &p.AdjustmentReferenceID)
	m.Optional("adjustmentEffectiveFrom", &p.AdjustmentEffectiveFrom)
	m.Optional("adjustmentEffectiveUntil", &p.AdjustmentEffectiveUntil)
	m.Extra(&p.Extra)
}

// MarshalJSON returns the price as JSON, or an [*EncodeError].
func (p PriceDetail) MarshalJSON() ([]byte, error) { return marshal(priceDetailModel, p) }

// UnmarshalJSON replaces the price by the one in text. On a [*DecodeError] it is left as it was.
func (p *PriceDetail) UnmarshalJSON(text []byte) error { return unmarshal(priceDetailModel, text, p) }

// AppendJSON appends the price as JSON to dst. On an [*EncodeError] it returns dst at its old length.
func (p PriceDetail) AppendJSON(dst []byte) ([]byte, error) {
	return appendJSON(priceDetailModel, dst, p)
}

// Equal reports whether both encode to the same JSON value. Amounts are compared by value and times by instant.
func (p PriceDetail) Equal(other PriceDetail) bool { return priceDetailModel.Equal(p, other) }

// Clone returns a deep copy.
func (p PriceDetail) Clone() PriceDetail { return priceDetailModel.Clone(p) }
