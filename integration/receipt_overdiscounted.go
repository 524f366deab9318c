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
// The discounts on one unit apply to the price of one unit. Those of the scope "additionalCosts" apply to the additional
// costs of the line or of the session, those of the scope "itemTotal" to the line and its costs. Those on the session as a
// whole apply to what the discounts on its parts leave. It is the exact amounts that count, also in a rounded receipt.
func (r Receipt) Overdiscounted() []string { return slices.Clone(r.overdiscounted) }

func (b *receiptBuilder) overdiscounted(r *Receipt) (pointers []string) {
	var left, on scoped // of the session: what the discounts on its parts leave, and those on the whole
	for i := range r.Lines {
		line := &r.Lines[i]
		var on scoped
		for _, d := range line.Discounts {
			on.add(d, &on.items)
		}
		costs := leftOfCosts(line.AdditionalCosts)
		path := "/cartItems/" + strconv.Itoa(i)
		if on.exceed(line.Subtotal, costs) || unitExceeded(line, b.prices[i], costs) {
			pointers = append(pointers, path)
		}
		pointers = appendExceeded(pointers, path, line.AdditionalCosts)
		// What is on the whole line comes off the goods, and where these do not suffice off the costs.
		items := line.Subtotal.Sub(on.items)
		offItems := decimal.Min(on.all, decimal.Max(items, decimal.Zero))
		left.items = left.items.Add(items).Sub(offItems)
		left.costs = left.costs.Add(costs).Sub(on.costs).Sub(on.all.Sub(offItems))
	}
	pointers = appendExceeded(pointers, "", r.AdditionalCosts)
	left.costs = left.costs.Add(leftOfCosts(r.AdditionalCosts))
	for _, d := range r.Discounts {
		on.add(d, &on.all)
	}
	if on.exceed(left.items, left.costs) {
		pointers = append(pointers, "")
	}
	return pointers
}

// unitExceeded reports whether the discounts on one unit are larger than what they apply to.
func unitExceeded(line *ReceiptLine, price, costs decimal.Decimal) bool {
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
	for _, on := range units {
		if on.exceed(price, costs) {
			return true
		}
	}
	return false
}

func appendExceeded(pointers []string, path string, costs map[string]ReceiptCost) []string {
	for _, name := range slices.Sorted(maps.Keys(costs)) {
		if cost := costs[name]; exceeds(cost.Discount, cost.Subtotal) {
			pointers = append(pointers, costPath(path, name))
		}
	}
	return pointers
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

// exceed reports whether any of the discounts is larger than what it applies to.
func (s *scoped) exceed(items, costs decimal.Decimal) bool {
	return exceeds(s.items, items) || exceeds(s.costs, costs) ||
		s.all.IsPositive() && exceeds(s.items.Add(s.costs).Add(s.all), items.Add(costs))
}

// exceeds reports whether a discount is larger than what it applies to. Where nothing is taken off, nothing is exceeded,
// not even a negative price.
func exceeds(discount, of decimal.Decimal) bool {
	return discount.IsPositive() && discount.GreaterThan(of)
}
