// Package receiptrows makes rows from a receipt, for a terminal and for a page.
//
// The package belongs to cmd/talonone, and only that program can import it.
package receiptrows

import (
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// Exactly is the value of places for a receipt that is not rounded.
const Exactly = -1

// A Kind says what a row shows.
type Kind string

// The kinds of rows.
const (
	Line     Kind = "line"     // a line of the cart
	Cost     Kind = "cost"     // an additional cost
	Discount Kind = "discount" // the discount of one effect on the line or cost above it, or on the session
	Total    Kind = "total"    // the receipt as a whole
)

// A Row is one row of a receipt. Its amounts are texts. An empty amount is not shown.
type Row struct {
	Kind Kind
	// Level is 0 for a line and for a row of the session, 1 for a row below a line or a cost of the session, and 2 for a discount on
	// a cost of a line.
	Level int
	// Label contains names from the session and the effects. They are not escaped.
	Label                     string
	Subtotal, Discount, Total string
	// Effect is the index of the effect that gives the discount, or -1 if the row is not a discount.
	Effect int
}

// Of returns the rows of a receipt. Each amount has at least this many decimal places.
func Of(r *integration.Receipt, places int) []Row {
	l := layout{places: places}
	for _, line := range r.Lines {
		label := fmt.Sprintf("%d x %s", line.Quantity, line.SKU)
		l.sum(Line, 0, label, line.Subtotal, line.Discount, line.Total)
		l.discounts(1, line.Discounts)
		l.costs(1, line.AdditionalCosts)
	}
	l.costs(0, r.AdditionalCosts)
	l.discounts(0, r.Discounts)
	l.sum(Total, 0, "total", r.Subtotal, r.DiscountTotal, r.Total)
	return l.rows
}

type layout struct {
	places int
	rows   []Row
}

func (l *layout) sum(kind Kind, level int, label string, subtotal, discount, total decimal.Decimal) {
	row := Row{Kind: kind, Level: level, Label: label, Subtotal: l.amount(subtotal), Total: l.amount(total), Effect: -1}
	if !discount.IsZero() {
		row.Discount = l.amount(discount)
	}
	l.rows = append(l.rows, row)
}

func (l *layout) discounts(level int, list []integration.ReceiptDiscount) {
	for _, d := range list {
		label := d.Name
		if d.Unit >= 0 {
			label += fmt.Sprintf(" (unit %d)", d.Unit)
		}
		l.rows = append(l.rows, Row{Kind: Discount, Level: level, Label: label, Discount: l.amount(d.Amount), Effect: d.EffectIndex})
	}
}

func (l *layout) costs(level int, costs map[string]integration.ReceiptCost) {
	for _, name := range slices.Sorted(maps.Keys(costs)) {
		cost := costs[name]
		l.sum(Cost, level, name, cost.Subtotal, cost.Discount, cost.Total)
		l.discounts(level+1, cost.Discounts)
	}
}

func (l *layout) amount(d decimal.Decimal) string {
	if l.places > 0 {
		d = d.Add(decimal.New(0, int32(-l.places))) // a sum has the places of the longer summand
	}
	return jsonwire.DecimalText(d)
}
