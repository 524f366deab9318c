package talonone

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// Totals are the sums of a session before discounts, in the Application's currency.
type Totals struct {
	// CartItemTotal is quantity times price over the items.
	CartItemTotal decimal.Decimal
	// AdditionalCostTotal is the sum of the session's own additional costs.
	AdditionalCostTotal decimal.Decimal
	// CartItemAdditionalCostTotal is the sum of the items' additional costs.
	CartItemAdditionalCostTotal decimal.Decimal
	// Total is the sum of the three.
	Total decimal.Decimal
}

// ComputeTotals adds up the session exactly: nothing is rounded.
//
// A quantity counts as it is, also when it is 0 or negative, which Validate reports. A nil price counts 0, for only the
// server knows the catalog's, and so does an amount of more than 1024 characters in plain notation, which could not be
// sent. An item's additional costs count once a line and not once a unit; the API's documents do not say which.
func (s CustomerSessionV2) ComputeTotals() Totals {
	var t Totals
	for i := range s.CartItems {
		item := &s.CartItems[i]
		if item.Price != nil {
			line := sendable(*item.Price).Mul(decimal.NewFromInt(int64(item.Quantity)))
			t.CartItemTotal = t.CartItemTotal.Add(line)
		}
		t.CartItemAdditionalCostTotal = t.CartItemAdditionalCostTotal.Add(sumOf(item.AdditionalCosts))
	}
	t.AdditionalCostTotal = sumOf(s.AdditionalCosts)
	t.Total = t.CartItemTotal.Add(t.AdditionalCostTotal).Add(t.CartItemAdditionalCostTotal)
	return t
}

func sumOf(costs map[string]AdditionalCost) (sum decimal.Decimal) {
	for _, cost := range costs {
		sum = sum.Add(sendable(cost.Price))
	}
	return sum
}

// sendable returns an amount that can be calculated with at a bounded cost, zero for one that could not be sent.
func sendable(d decimal.Decimal) decimal.Decimal {
	d, _ = jsonwire.Bounded(d)
	return d
}

// CheckTotals compares the totals that the session states with what [CustomerSessionV2.ComputeTotals] makes of it, by
// value: 5.50 is 5.5. It returns nil, or a [*TotalsError] that has every total that differs. Where
// CartItemAdditionalCostTotal is nil, it is not compared, and a Total that leaves the items' own costs out is right too: such a
// session comes from before they counted.
//
// A difference need not be a mistake: what the server calculates after a return, or from a catalog's prices, this package
// does not know.
func (s CustomerSessionV2) CheckTotals() error {
	computed := s.ComputeTotals()
	var e TotalsError
	e.compare("cartItemTotal", &s.CartItemTotal, computed.CartItemTotal)
	e.compare("additionalCostTotal", &s.AdditionalCostTotal, computed.AdditionalCostTotal)
	e.compare("cartItemAdditionalCostTotal", s.CartItemAdditionalCostTotal, computed.CartItemAdditionalCostTotal)
	if before := computed.CartItemTotal.Add(computed.AdditionalCostTotal); s.CartItemAdditionalCostTotal != nil ||
		!jsonwire.DecimalsEqual(s.Total, before) {
		e.compare("total", &s.Total, computed.Total)
	}
	if e.Mismatches == nil {
		return nil
	}
	return &e
}

func (e *TotalsError) compare(name string, stated *decimal.Decimal, computed decimal.Decimal) {
	if stated != nil && !jsonwire.DecimalsEqual(*stated, computed) {
		e.Mismatches = append(e.Mismatches, TotalMismatch{Name: name, Stated: *stated, Computed: computed})
	}
}

// A TotalsError says which totals of a session differ from what its items and costs add up to. Its text is for people and may
// change.
type TotalsError struct {
	// Mismatches are in the order of the fields of [Totals].
	Mismatches []TotalMismatch
}

// A TotalMismatch is one total that differs.
type TotalMismatch struct {
	// Name is the name of the member, such as "cartItemTotal".
	Name string
	// Stated is what the session says, and Computed what it adds up to.
	Stated, Computed decimal.Decimal
}

// Error gives both amounts of each total.
func (e *TotalsError) Error() string {
	var b strings.Builder
	b.WriteString("talonone: totals differ")
	for i, m := range e.Mismatches {
		separator := "; "
		if i == 0 {
			separator = ": "
		}
		b.WriteString(separator + m.Name + " is stated as " + shortAmount(m.Stated) + ", computed as " + shortAmount(m.Computed))
	}
	return b.String()
}

// shortAmount returns an amount for an error's text.
func shortAmount(d decimal.Decimal) string {
	text := jsonwire.DecimalText(d)
	if len(text) > maxValueText {
		return text[:maxValueText] + "..."
	}
	return text
}
