package integration

import "github.com/talonone-go/talonone/internal/member"

// A receipt and its parts are only written. Every member is required, so the shape is always the same.

// MarshalJSON writes the receipt as a page or another service may read it: the fields under their names in lowerCamel, "sku",
// "quantity", "returned", "discountTotal", and amounts as JSON numbers with the scale they have. Every member is there, none
// is null: what is empty is [], {} or "", and "unit" is -1 for a whole line. The names of additional costs are sorted, so that
// equal receipts give equal bytes. What Overdiscounted and Payable return is not in it.
//
// The error is a [*talonone.EncodeError] with the path of a text that is not valid UTF-8, or of an amount of more than 1024
// characters in plain notation. The parts of a receipt are written in the same way when they are marshalled alone.
func (r Receipt) MarshalJSON() ([]byte, error) { return marshal(receiptModel, r) }

// MarshalJSON writes the line as it stands in the JSON of its receipt: see [Receipt.MarshalJSON].
func (l ReceiptLine) MarshalJSON() ([]byte, error) { return marshal(receiptLineModel, l) }

// MarshalJSON writes the cost as it stands in the JSON of its receipt: see [Receipt.MarshalJSON].
func (c ReceiptCost) MarshalJSON() ([]byte, error) { return marshal(receiptCostModel, c) }

// MarshalJSON writes the discount as it stands in the JSON of its receipt: see [Receipt.MarshalJSON].
func (d ReceiptDiscount) MarshalJSON() ([]byte, error) { return marshal(receiptDiscountModel, d) }

var (
	receiptModel         = member.NewModel((*Receipt).members)
	receiptLineModel     = member.NewModel((*ReceiptLine).members)
	receiptCostModel     = member.NewModel((*ReceiptCost).members)
	receiptDiscountModel = member.NewModel((*ReceiptDiscount).members)
)

func (r *Receipt) members(m *member.List) {
	m.Required("lines", &r.Lines)
	m.Required("additionalCosts", &r.AdditionalCosts)
	m.Required("discounts", &r.Discounts)
	m.Required("subtotal", &r.Subtotal)
	m.Required("discountTotal", &r.DiscountTotal)
	m.Required("total", &r.Total)
}

func (l *ReceiptLine) members(m *member.List) {
	m.Required("sku", &l.SKU)
	m.Required("quantity", &l.Quantity)
	m.Required("returned", &l.Returned)
	m.Required("subtotal", &l.Subtotal)
	m.Required("discount", &l.Discount)
	m.Required("total", &l.Total)
	m.Required("additionalCosts", &l.AdditionalCosts)
	m.Required("discounts", &l.Discounts)
}

func (c *ReceiptCost) members(m *member.List) {
	m.Required("subtotal", &c.Subtotal)
	m.Required("discount", &c.Discount)
	m.Required("total", &c.Total)
	m.Required("discounts", &c.Discounts)
}

func (d *ReceiptDiscount) members(m *member.List) {
	m.Required("effectIndex", &d.EffectIndex)
	m.Required("name", &d.Name)
	m.Required("scope", &d.Scope)
	m.Required("unit", &d.Unit)
	m.Required("amount", &d.Amount)
}
