package integration

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

// How a receipt is rounded. The parts of a receipt are its lines, its additional costs, and the discounts on the session, which
// have no subtotal. A step is 10 to the power of -places.
//
//  1. The receipt's Subtotal and Total are rounded.
//  2. Parts without a discount are rounded. Their Subtotal equals their Total, before and after.
//  3. The Totals of the other parts are rounded to what is left of the receipt's Total.
//  4. Their Subtotals are rounded to what is left of the receipt's Subtotal.
//  5. The Discount of a part is its Subtotal minus its Total. Its discounts are rounded to that sum.
//
// Amounts with a given sum are first rounded down. Those with the largest remainders are then rounded up, until the sum is
// reached (share).

// Round returns the receipt in steps of 10 to the power of -places: with 2 places every amount is a whole number of
// hundredths, with 0 of units, with -2 of hundreds.
//
// Subtotal and Total are rounded half away from zero. The other amounts are rounded down or up so that all sums still hold: the
// amounts with the largest remainders are rounded up, and of equal remainders the earlier one. The Discount of a part is its
// Subtotal minus its Total. So the printed amounts add up to the amount that is charged.
//
// No amount changes by a full step if the prices and additional costs have at most places decimal places. If they have more,
// the sums still hold, but the discounts of a part may change by more than a step.
//
// If no amount has more decimal places than places, the receipt is returned unchanged. So is a receipt with an amount that
// [NewReceipt] would refuse.
func (r Receipt) Round(places int32) Receipt {
	r = r.clone()
	if !r.finerThan(places) {
		return r
	}
	// With fewer places, a step is larger than any amount anyway.
	g := grid{max(places, -3*maxScale)}

	var parts, plain, costly []*part // plain: without a discount; costly: with a discount and a subtotal
	r.each(func(c *ReceiptCost) { parts = append(parts, newPart(c)) })
	session := len(parts) - len(r.Discounts) // the rest are discounts on the session
	for _, p := range parts[:session] {
		if len(p.discounts) == 0 {
			plain = append(plain, p)
		} else {
			costly = append(costly, p)
		}
	}
	discounted := slices.Concat(costly, parts[session:])

	subtotal, total := sum(parts, subtotalOf).Round(g.places), sum(parts, totalOf).Round(g.places)
	plainSum := subtotal // if no other part has a subtotal
	if len(costly) > 0 {
		plainSum = sum(plain, subtotalOf).Round(g.places)
	}
	share(g, plain, subtotalOf, plainSum)
	share(g, discounted, totalOf, total.Sub(plainSum))
	share(g, costly, subtotalOf, subtotal.Sub(plainSum))
	for _, p := range plain {
		p.total = p.subtotal
	}
	for _, p := range discounted {
		share(g, p.discounts, itself, p.subtotal.rounded.Sub(p.total.rounded))
	}

	i := 0
	r.each(func(c *ReceiptCost) {
		p := parts[i]
		i++
		c.Subtotal, c.Total = g.scaled(p.subtotal.rounded), g.scaled(p.total.rounded)
		c.Discount = g.scaled(p.subtotal.rounded.Sub(p.total.rounded))
		for i, d := range p.discounts {
			c.Discounts[i].Amount = g.scaled(d.rounded)
		}
	})
	r.unitExcess = roundedExcess(r.unitExcess, places)
	r.Subtotal, r.Total, r.DiscountTotal = g.scaled(subtotal), g.scaled(total), g.scaled(subtotal.Sub(total))
	return r
}

// clone returns a copy that shares with r only values that Round does not change.
func (r Receipt) clone() Receipt {
	r.Lines = slices.Clone(r.Lines)
	for i := range r.Lines {
		r.Lines[i].AdditionalCosts = maps.Clone(r.Lines[i].AdditionalCosts)
	}
	r.AdditionalCosts = maps.Clone(r.AdditionalCosts)
	r.Discounts = slices.Clone(r.Discounts)
	r.each(func(c *ReceiptCost) { c.Discounts = slices.Clone(c.Discounts) })
	return r
}

// each calls visit for each part, as a cost, and stores the changes that visit makes.
func (r *Receipt) each(visit func(c *ReceiptCost)) {
	for i := range r.Lines {
		line := &r.Lines[i]
		c := ReceiptCost{line.Subtotal, line.Discount, line.Total, line.Discounts}
		visit(&c)
		line.Subtotal, line.Discount, line.Total, line.Discounts = c.Subtotal, c.Discount, c.Total, c.Discounts
		eachCost(line.AdditionalCosts, visit)
	}
	eachCost(r.AdditionalCosts, visit)
	for i := range r.Discounts {
		visit(&ReceiptCost{Discounts: r.Discounts[i : i+1]})
	}
}

func eachCost(costs map[string]ReceiptCost, visit func(c *ReceiptCost)) {
	for _, name := range slices.Sorted(maps.Keys(costs)) {
		c := costs[name]
		visit(&c)
		costs[name] = c
	}
}

// maxScale limits the exponents of amounts, and twice maxScale limits their digits. Amounts from NewReceipt are far below.
const maxScale = 4096

// finerThan reports whether an amount has more decimal places than places, and all amounts are calculable.
func (r Receipt) finerThan(places int32) bool {
	finer, sane := false, true
	look := func(d decimal.Decimal) {
		sane = sane && calculable(d)
		finer = finer || -d.Exponent() > places
	}
	r.each(func(c *ReceiptCost) {
		look(c.Subtotal)
		for _, d := range c.Discounts {
			look(d.Amount)
		}
	})
	return finer && sane
}

// A part is a part of a receipt during rounding.
type part struct {
	subtotal, total amount
	discounts       []*amount
}

type amount struct{ exact, rounded decimal.Decimal }

func newPart(c *ReceiptCost) *part {
	p := &part{subtotal: amount{exact: c.Subtotal}}
	var discount decimal.Decimal
	for _, d := range c.Discounts {
		p.discounts = append(p.discounts, &amount{exact: d.Amount})
		discount = discount.Add(d.Amount)
	}
	p.total.exact = c.Subtotal.Sub(discount)
	return p
}

func subtotalOf(p *part) *amount { return &p.subtotal }
func totalOf(p *part) *amount    { return &p.total }
func itself(a *amount) *amount   { return a }

func sum[T any](list []T, of func(T) *amount) (sum decimal.Decimal) {
	for _, v := range list {
		sum = sum.Add(of(v).exact)
	}
	return sum
}

// A grid rounds amounts to steps of 10 to the power of -places.
type grid struct{ places int32 }

// share rounds amounts so that they add up to sum, a whole number of steps. It rounds all down, then rounds up those with the
// largest remainders. If that does not reach sum, as with prices finer than a step, the first amount gets the difference.
func share[T any](g grid, list []T, of func(T) *amount, sum decimal.Decimal) {
	if len(list) == 0 {
		return
	}
	step := decimal.New(1, -g.places)
	type remainder struct {
		of   *amount
		rest decimal.Decimal
	}
	var remainders []remainder
	for _, v := range list {
		a := of(v)
		a.rounded = a.exact.RoundFloor(g.places)
		sum = sum.Sub(a.rounded)
		if rest := a.exact.Sub(a.rounded); rest.IsPositive() {
			remainders = append(remainders, remainder{a, rest})
		}
	}
	slices.SortStableFunc(remainders, func(x, y remainder) int { return y.rest.Cmp(x.rest) })
	for _, r := range remainders {
		if sum.LessThan(step) {
			break
		}
		r.of.rounded = r.of.rounded.Add(step)
		sum = sum.Sub(step)
	}
	first := of(list[0])
	first.rounded = first.rounded.Add(sum)
}

// scaled returns d, a number of steps, with the exponent of a step. In steps of hundreds, for example, the exponent is
// positive. Zero then keeps the exponent 0.
func (g grid) scaled(d decimal.Decimal) decimal.Decimal {
	if d.IsZero() && g.places < 0 {
		return decimal.Decimal{}
	}
	return d.Add(decimal.New(0, -g.places))
}
