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
	// CartItemAdditionalCostTotal is the sum of the items' additional costs, once a line or once a unit: see
	// [CustomerSessionV2.ComputeTotals].
	CartItemAdditionalCostTotal decimal.Decimal
	// Total is the sum of the three.
	Total decimal.Decimal
}

// ComputeTotals adds up the session exactly: nothing is rounded.
//
// A quantity counts as it is, even if it is 0 or negative (Validate reports both). Returned units count too. A nil price counts
// as 0, because only the server knows the catalog's price. An amount of more than 1024 characters in plain notation cannot be
// sent, and counts as 0 too.
//
// An item's additional costs count once a line. The API's documents do not say whether they count once a line or once a unit,
// so the session's CartItemAdditionalCostTotal decides. They count once a unit if that total is right for once a unit and wrong
// for once a line. Right means equal to 12 significant digits, because the API's totals are binary fractions. The total may
// count all units or, after a return, only the remaining units: the documents do not say which. NewReceipt of package
// integration counts the same way.
func (s CustomerSessionV2) ComputeTotals() Totals {
	var t Totals
	for i := range s.CartItems {
		item := &s.CartItems[i]
		if item.Price != nil {
			line := sendable(*item.Price).Mul(decimal.NewFromInt(int64(item.Quantity)))
			t.CartItemTotal = t.CartItemTotal.Add(line)
		}
	}
	t.AdditionalCostTotal = sumOf(s.AdditionalCosts)
	t.CartItemAdditionalCostTotal = s.itemCosts()
	t.Total = t.CartItemTotal.Add(t.AdditionalCostTotal).Add(t.CartItemAdditionalCostTotal)
	return t
}

// itemCosts adds up the items' own costs, once a line or once a unit.
func (s CustomerSessionV2) itemCosts() (onceALine decimal.Decimal) {
	for i := range s.CartItems {
		onceALine = onceALine.Add(sumOf(s.CartItems[i].AdditionalCosts))
	}
	if s.CartItemAdditionalCostTotal == nil {
		return onceALine
	}
	stated, ok := jsonwire.Bounded(*s.CartItemAdditionalCostTotal)
	if !ok || equalButForNoise(stated, onceALine) {
		return onceALine
	}
	var onceAUnit, linesLeft, unitsLeft decimal.Decimal
	for i := range s.CartItems {
		item := &s.CartItems[i]
		costs, left := sumOf(item.AdditionalCosts), unitsLeftOf(item)
		onceAUnit = onceAUnit.Add(costs.Mul(decimal.NewFromInt(int64(item.Quantity))))
		unitsLeft = unitsLeft.Add(costs.Mul(decimal.NewFromInt(int64(left))))
		if left != 0 {
			linesLeft = linesLeft.Add(costs)
		}
	}
	if !equalButForNoise(stated, linesLeft) && (equalButForNoise(stated, onceAUnit) || equalButForNoise(stated, unitsLeft)) {
		return onceAUnit
	}
	return onceALine
}

// unitsLeftOf returns the number of units of an item that were not returned.
func unitsLeftOf(item *CartItem) int {
	switch {
	case item.RemainingQuantity != nil:
		return *item.RemainingQuantity
	case item.ReturnedQuantity != nil:
		return item.Quantity - *item.ReturnedQuantity
	}
	return item.Quantity
}

// equalButForNoise reports whether a stated total equals a computed one to 12 significant digits. The API calculates with 16
// significant digits, and a sum of many amounts is a little less exact.
func equalButForNoise(stated, computed decimal.Decimal) bool {
	if jsonwire.DecimalsEqual(stated, computed) {
		return true
	}
	noise := decimal.Max(stated.Abs(), computed.Abs()).Mul(decimal.New(1, -12))
	return stated.Sub(computed).Abs().LessThanOrEqual(noise)
}

func sumOf(costs map[string]AdditionalCost) (sum decimal.Decimal) {
	for _, cost := range costs {
		sum = sum.Add(sendable(cost.Price))
	}
	return sum
}

// sendable returns d, or zero if d could not be sent. The cost of calculating with the result is bounded.
func sendable(d decimal.Decimal) decimal.Decimal {
	d, _ = jsonwire.Bounded(d)
	return d
}

// CheckTotals is [CustomerSessionV2.CheckTotalsWithin] with a tolerance of zero: 5.50 equals 5.5, and any other difference is
// reported. It suits prices without fractions of the currency's smallest unit. A total that the API calculated from finer
// prices may differ from the exact sum after its 16th significant digit.
func (s CustomerSessionV2) CheckTotals() error { return s.CheckTotalsWithin(decimal.Decimal{}) }

// CheckTotalsWithin compares the session's own totals with those of [CustomerSessionV2.ComputeTotals]. It returns nil, or a
// [*TotalsError] with every total that differs by more than the tolerance, an amount in the session's currency. decimal.New(5,
// -3), half a cent, finds every difference that could change a price and ignores the noise of binary fractions. A tolerance
// that is negative or has more than 1024 characters in plain notation counts as zero.
//
// A nil CartItemAdditionalCostTotal is not compared. A Total without the items' own costs is then right too, because such a
// session may be older than these costs. The tolerance does not influence whether these costs count once a line or once a unit.
//
// A difference need not be a mistake: this package does not know what the server calculates after a return, or from a
// catalog's prices.
func (s CustomerSessionV2) CheckTotalsWithin(tolerance decimal.Decimal) error {
	tolerance = sendable(tolerance)
	computed := s.ComputeTotals()
	var e TotalsError
	compare := func(name string, stated *decimal.Decimal, computed decimal.Decimal) {
		if stated != nil && !equalWithin(*stated, computed, tolerance) {
			e.Mismatches = append(e.Mismatches, TotalMismatch{Name: name, Stated: *stated, Computed: computed})
		}
	}
	compare("cartItemTotal", &s.CartItemTotal, computed.CartItemTotal)
	compare("additionalCostTotal", &s.AdditionalCostTotal, computed.AdditionalCostTotal)
	compare("cartItemAdditionalCostTotal", s.CartItemAdditionalCostTotal, computed.CartItemAdditionalCostTotal)
	if before := computed.CartItemTotal.Add(computed.AdditionalCostTotal); s.CartItemAdditionalCostTotal != nil ||
		!equalWithin(s.Total, before, tolerance) {
		compare("total", &s.Total, computed.Total)
	}
	if e.Mismatches == nil {
		return nil
	}
	return &e
}

// equalWithin reports whether a stated total differs by no more than the tolerance. A total that could not have been sent is
// never equal: its exponent may make a subtraction too slow.
func equalWithin(stated, computed, tolerance decimal.Decimal) bool {
	if jsonwire.DecimalsEqual(stated, computed) {
		return true
	}
	stated, ok := jsonwire.Bounded(stated)
	return ok && stated.Sub(computed).Abs().LessThanOrEqual(tolerance)
}

// A TotalsError lists the totals of a session that differ from the sums of its items and costs. Its text is for people and may
// change.
type TotalsError struct {
	// Mismatches are in the order of the fields of [Totals].
	Mismatches []TotalMismatch
}

// A TotalMismatch is one total that differs.
type TotalMismatch struct {
	// Name is the name of the member, such as "cartItemTotal".
	Name string
	// Stated is the session's own total, and Computed the total of [CustomerSessionV2.ComputeTotals].
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
