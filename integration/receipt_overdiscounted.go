package integration

import (
	"maps"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// Overdiscounted returns JSON Pointers (RFC 6901) into the session, to the parts whose discount is larger than the amount it
// applies to. "/cartItems/0" is a line or one of its units, "/cartItems/0/additionalCosts/shipping" and
// "/additionalCosts/shipping" are costs, and "" is the session as a whole. They are in this order. The result is nil if there
// are none.
//
// Overdiscounted compares the amounts of this receipt. An exact receipt also reports a discount that is larger only by the
// noise of binary fractions, such as 1e-14. A receipt from [Receipt.Round] does not.
//
// The discounts on one unit apply to the price of one unit. Discounts with the scope "additionalCosts" apply to the additional
// costs of the line or of the session, and those with the scope "itemTotal" to the line and its costs. If the costs of items
// count once a unit, the discounts on one unit apply to the costs of one unit. The discounts on the session as a whole apply to
// its amounts after the discounts on its parts.
//
// A receipt does not contain the prices of units. In a rounded receipt, the discounts on a unit are therefore reported if they
// were larger by half a step or more before rounding. In a receipt that [NewReceipt] did not make, units are not checked. The
// result is nil if it has an amount that NewReceipt would refuse.
func (r Receipt) Overdiscounted() (pointers []string) {
	for _, amount := range r.amounts() {
		if !calculable(amount) {
			return nil
		}
	}
	var left, on scoped // of the session: the amounts after the discounts on its parts, and the discounts on the whole
	for i := range r.Lines {
		line := &r.Lines[i]
		var on scoped
		for _, d := range line.Discounts {
			on.add(d, &on.items)
		}
		costs := leftOfCosts(line.AdditionalCosts)
		path := "/cartItems/" + strconv.Itoa(i)
		if on.excess(line.Subtotal, costs).IsPositive() || r.unitExcess[path].IsPositive() {
			pointers = append(pointers, path)
		}
		pointers = r.appendExceeded(pointers, path, line.AdditionalCosts)
		// A discount on the line with its costs reduces the price of the goods first, then the costs.
		items := line.Subtotal.Sub(on.items)
		offItems := decimal.Min(on.all, decimal.Max(items, decimal.Decimal{}))
		left.items = left.items.Add(items).Sub(offItems)
		left.costs = left.costs.Add(costs).Sub(on.costs).Sub(on.all.Sub(offItems))
	}
	pointers = r.appendExceeded(pointers, "", r.AdditionalCosts)
	left.costs = left.costs.Add(leftOfCosts(r.AdditionalCosts))
	for _, d := range r.Discounts {
		on.add(d, &on.all)
	}
	if on.excess(left.items, left.costs).IsPositive() {
		pointers = append(pointers, "")
	}
	return pointers
}

// amounts returns the amounts that Overdiscounted calculates with.
func (r *Receipt) amounts() (all []decimal.Decimal) {
	discounts := func(list []ReceiptDiscount) {
		for _, d := range list {
			all = append(all, d.Amount)
		}
	}
	costs := func(costs map[string]ReceiptCost) {
		for _, c := range costs {
			all = append(all, c.Subtotal, c.Discount, c.Total)
		}
	}
	for i := range r.Lines {
		all = append(all, r.Lines[i].Subtotal)
		discounts(r.Lines[i].Discounts)
		costs(r.Lines[i].AdditionalCosts)
	}
	costs(r.AdditionalCosts)
	discounts(r.Discounts)
	return all
}

// calculable reports whether calculations with an amount have a bounded cost. This is true for all amounts from NewReceipt and
// Round.
func calculable(d decimal.Decimal) bool {
	return -maxScale <= d.Exponent() && d.Exponent() <= maxScale && d.NumDigits() <= 2*maxScale
}

func (r *Receipt) appendExceeded(pointers []string, path string, costs map[string]ReceiptCost) []string {
	for _, name := range slices.Sorted(maps.Keys(costs)) {
		pointer := costPath(path, name)
		if cost := costs[name]; excess(cost.Discount, cost.Subtotal).IsPositive() || r.unitExcess[pointer].IsPositive() {
			pointers = append(pointers, pointer)
		}
	}
	return pointers
}

// unitExcess returns by how much the discounts on one unit exceed the amount they apply to, by the pointers of Overdiscounted.
func (b *receiptBuilder) unitExcess(r *Receipt) map[string]decimal.Decimal {
	exceeded := make(map[string]decimal.Decimal)
	note := func(pointer string, by decimal.Decimal) {
		if by.GreaterThan(exceeded[pointer]) {
			exceeded[pointer] = by
		}
	}
	for i := range r.Lines {
		line, unit := &r.Lines[i], &b.units[i]
		path := "/cartItems/" + strconv.Itoa(i)
		allCosts := leftOfCosts(line.AdditionalCosts)

		// If costs count once a unit: the costs of one unit, and the discounts on them by unit.
		var costs decimal.Decimal // of a unit without such discounts
		offCosts := make(map[int]decimal.Decimal)
		for name, price := range unit.costs {
			costs = costs.Add(price)
			off := make(map[int]decimal.Decimal)
			for _, d := range line.AdditionalCosts[name].Discounts {
				if d.Unit != wholeLine {
					off[d.Unit] = off[d.Unit].Add(d.Amount)
				}
			}
			for u, amount := range off {
				note(costPath(path, name), excess(amount, price))
				offCosts[u] = offCosts[u].Add(amount)
			}
		}

		units := make(map[int]*scoped)
		for _, d := range line.Discounts {
			if d.Unit == wholeLine {
				continue
			}
			on := units[d.Unit]
			if on == nil {
				on = new(scoped)
				units[d.Unit] = on
			}
			on.add(d, &on.items)
		}
		for u, on := range units {
			left := allCosts
			if unit.costs != nil {
				left = decimal.Min(left, costs.Sub(offCosts[u]))
			}
			note(path, on.excess(unit.price, left))
		}
	}
	return exceeded
}

// roundedExcess returns the entries of half a step or more.
func roundedExcess(exceeded map[string]decimal.Decimal, places int32) map[string]decimal.Decimal {
	rounded := make(map[string]decimal.Decimal)
	if places < -maxScale { // a step is more than any amount
		return rounded
	}
	half := decimal.New(5, -places-1)
	for pointer, by := range exceeded {
		if by.GreaterThanOrEqual(half) {
			rounded[pointer] = by
		}
	}
	return rounded
}

// leftOfCosts returns the sum of costs after their discounts.
func leftOfCosts(costs map[string]ReceiptCost) (left decimal.Decimal) {
	for _, cost := range costs {
		left = left.Add(cost.Total)
	}
	return left
}

// scoped has amounts by what they apply to: the goods, their additional costs, or both.
type scoped struct{ items, costs, all decimal.Decimal }

// add adds a discount to the amount for its scope. A discount without a scope is added to unscoped, a field of s.
func (s *scoped) add(d ReceiptDiscount, unscoped *decimal.Decimal) {
	to := unscoped
	switch d.Scope {
	case ScopeCartItems, ScopePrice:
		to = &s.items
	case ScopeAdditionalCosts:
		to = &s.costs
	case ScopeSessionTotal, ScopeItemTotal:
		to = &s.all
	}
	*to = to.Add(d.Amount)
}

// excess returns the largest excess of any of the discounts over the amount it applies to.
func (s *scoped) excess(items, costs decimal.Decimal) decimal.Decimal {
	most := decimal.Max(excess(s.items, items), excess(s.costs, costs))
	if s.all.IsPositive() {
		most = decimal.Max(most, excess(s.items.Add(s.costs).Add(s.all), items.Add(costs)))
	}
	return most
}

// excess returns by how much a discount is larger than the amount it applies to, or zero. A discount of zero or less exceeds
// nothing, not even a negative price.
func excess(discount, of decimal.Decimal) decimal.Decimal {
	if discount.IsPositive() && discount.GreaterThan(of) {
		return discount.Sub(of)
	}
	return decimal.Decimal{}
}
