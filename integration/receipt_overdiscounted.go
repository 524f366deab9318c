package integration

import (
	"maps"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// Overdiscounted returns JSON Pointers (RFC 6901), as into the session, to the parts whose discount is larger than what it
// applies to: "/cartItems/0" is a line or a unit of it, "/cartItems/0/additionalCosts/shipping" and
// "/additionalCosts/shipping" are costs, and "" is the session as a whole. They come in that order; nil says that there are
// none.
//
// The amounts are those that the receipt has. The exact receipt also names a part whose discount is larger by the noise of
// binary fractions, such as 1e-14; the one that [Receipt.Round] returns does not.
//
// The discounts on one unit apply to the price of one unit. Those of the scope "additionalCosts" apply to the additional
// costs of the line or of the session, those of the scope "itemTotal" to the line and its costs. Where the costs of items
// count once a unit, the discounts on one unit apply to the costs of one unit. Those on the session as a whole apply to what
// the discounts on its parts leave.
//
// A receipt does not have the prices of units, so of a rounded one the discounts on a unit are larger if they are so by half
// a step or more before rounding. A receipt that [NewReceipt] did not make has no units, and nil is returned for one whose
// amounts it would refuse.
func (r Receipt) Overdiscounted() (pointers []string) {
	for _, amount := range r.amounts() {
		if !calculable(amount) {
			return nil
		}
	}
	var left, on scoped // of the session: what the discounts on its parts leave, and those on the whole
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
		// What is on the whole line comes off the goods, and where these do not suffice off the costs.
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

// calculable reports whether to calculate with an amount has a bounded cost. All amounts that NewReceipt and Round make are so.
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

// unitExcess returns by how much the discounts on one unit exceed what they apply to.
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

		// Once a unit, what the discounts on the unit's own costs leave of these.
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

// roundedExcess returns what is half a step or more.
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

// leftOfCosts returns what the discounts on costs leave of them.
func leftOfCosts(costs map[string]ReceiptCost) (left decimal.Decimal) {
	for _, cost := range costs {
		left = left.Add(cost.Total)
	}
	return left
}

// scoped are amounts by what they apply to: the goods, their additional costs, or all of it.
type scoped struct{ items, costs, all decimal.Decimal }

// add adds a discount where its scope says, or else to unscoped, which is one of the amounts.
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

// excess returns by how much any of the discounts is larger than what it applies to.
func (s *scoped) excess(items, costs decimal.Decimal) decimal.Decimal {
	most := decimal.Max(excess(s.items, items), excess(s.costs, costs))
	if s.all.IsPositive() {
		most = decimal.Max(most, excess(s.items.Add(s.costs).Add(s.all), items.Add(costs)))
	}
	return most
}

// excess returns by how much a discount is larger than what it applies to, or zero. Where nothing is taken off, nothing is
// exceeded, not even a negative price.
func excess(discount, of decimal.Decimal) decimal.Decimal {
	if discount.IsPositive() && discount.GreaterThan(of) {
		return discount.Sub(of)
	}
	return decimal.Decimal{}
}
