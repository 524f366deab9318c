package integration

import (
	"maps"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"
)

// How a receipt is rounded. It is made of parts: lines, additional costs, and discounts on the session, which are parts
// without a subtotal. Every amount is a number of steps and a rest, and goes down or up to a whole number of steps. Which
// go up is chosen so that every sum comes out:
//
//  1. The receipt's Subtotal and Total are rounded. That says how many parts' subtotals and totals go up.
//  2. Of the totals, those with the largest rests go up.
//  3. Of the subtotals too, but a part's subtotal less its total is its discount, which goes down or up as well. Where the
//     totals leave no such choice, as few of them as it takes change places.
//  4. In each part, the discounts with the largest rests go up, as many as it takes to come to that difference.
//
// There always is a choice, because the amounts are a flow: what flows into a part as its subtotal leaves it as its total
// and its discounts, and a flow can be made whole with each stream going down or up. But see bend.

// Round returns the receipt in steps of 10 to the power of -places: with 2 places every amount is a whole number of
// hundredths, with 0 of units, with -2 of hundreds.
//
// Subtotal and Total are rounded half away from zero. The amounts of lines, costs and discounts go down or up to a step, so
// that every sum that held before holds again: up go those with the largest remainders, of equal ones the earlier. Each
// discount is the Subtotal less the Total of its part. What is printed below each other adds up to what is charged.
//
// That every sum holds and every amount goes down or up by less than a step comes first. Where the largest remainder among
// the lines' totals would break it, as it can where prices are finer than a step, another amount goes up in its stead.
//
// There is one exception: a Subtotal and a Total of opposite signs that both lie halfway between two steps, and so are both
// rounded away from zero. A Subtotal of 10.50 less 20 is -9.50; Round(0) makes 11 and -10 of these, and 21 of what is taken off.
// Where no discount has a remainder that can make up for that, what is taken off one part is a whole step off, and one of its
// discounts by as much at most. Where no part with a discount has a remainder in its Total either, so is the Total of that part.
//
// With as many places as its amounts have, or more, a receipt stays as it is. So does one that [NewReceipt] did not make and
// whose amounts it would refuse.
func (r Receipt) Round(places int32) Receipt {
	r = r.clone()
	g := newGrid(&r, places)
	if g == nil {
		return r
	}
	subtotal, total := g.round(g.subtotal), g.round(g.total)
	g.bend(subtotal, total)
	subtotalUps := g.missing(subtotal, subtotalOf)
	g.raiseTotals(g.missing(total, totalOf), subtotalUps)
	g.raiseSubtotals(subtotalUps)
	i := 0
	r.each(func(c *ReceiptCost) {
		g.store(g.parts[i], c)
		i++
	})
	r.unitExcess = roundedExcess(r.unitExcess, places)
	r.Subtotal, r.Total, r.DiscountTotal = g.decimal(subtotal), g.decimal(total), g.decimal(new(big.Int).Sub(subtotal, total))
	return r
}

// clone returns a receipt that shares nothing with r that Round changes.
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

// each calls visit for each part, as if it was a cost, and takes over what visit changes.
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

// A grid is a receipt in steps. Its amounts are counted in units, which are as fine as the finest of them.
type grid struct {
	parts           []*gridPart
	scale           int32    // digits after the point of a unit
	places          int32    // digits after the point of an amount in steps
	step            *big.Int // in units
	subtotal, total *big.Int // of the receipt, in units
}

type gridPart struct {
	subtotal, total share
	discounts       []share
	low, high       int // what the part's discount can be, down or up, less the difference of the steps of subtotal and total
}

// A share is an amount of which the rest, less than a step, goes down or up.
type share struct {
	steps, rest *big.Int
	up          bool
}

func (s *share) rounded() *big.Int {
	if s.up {
		return new(big.Int).Add(s.steps, big.NewInt(1))
	}
	return s.steps
}

// maxScale bounds the exponents of amounts, and twice that their digits. What NewReceipt calculates stays far below.
const maxScale = 4096

// newGrid returns nil where there is nothing to round.
func newGrid(r *Receipt, places int32) *grid {
	g := &grid{places: places, subtotal: new(big.Int), total: new(big.Int)}
	sane := true
	look := func(d decimal.Decimal) {
		sane = sane && -maxScale <= d.Exponent() && d.Exponent() <= maxScale && d.NumDigits() <= 2*maxScale
		g.scale = max(g.scale, -d.Exponent())
	}
	r.each(func(c *ReceiptCost) {
		look(c.Subtotal)
		for _, d := range c.Discounts {
			look(d.Amount)
		}
	})
	if !sane || g.places >= g.scale {
		return nil
	}

	var amounts [][]*big.Int // of each part, its subtotal and its discounts
	all := new(big.Int)
	r.each(func(c *ReceiptCost) {
		units := []*big.Int{g.units(c.Subtotal)}
		for _, d := range c.Discounts {
			units = append(units, g.units(d.Amount))
		}
		amounts = append(amounts, units)
		for _, u := range units {
			all.Add(all, new(big.Int).Abs(u))
		}
	})
	// Where a step is more than twice of everything, all amounts become 0, as they do with any larger step.
	digits := int32(len(all.String()))
	g.step = pow10(g.scale - max(g.places, g.scale-digits-1))
	for _, units := range amounts {
		p := new(gridPart)
		g.set(p, units)
		g.parts = append(g.parts, p)
		g.subtotal.Add(g.subtotal, units[0])
		g.total.Add(g.total, g.value(&p.total))
	}
	return g
}

func pow10(n int32) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func (g *grid) units(d decimal.Decimal) *big.Int {
	return new(big.Int).Mul(d.Coefficient(), pow10(d.Exponent()+g.scale))
}

// set gives p a subtotal and discounts, in units.
func (g *grid) set(p *gridPart, units []*big.Int) {
	discount := new(big.Int)
	p.discounts = nil
	for _, u := range units[1:] {
		discount.Add(discount, u)
		p.discounts = append(p.discounts, g.share(u))
	}
	p.subtotal, p.total = g.share(units[0]), g.share(new(big.Int).Sub(units[0], discount))
	whole := g.share(discount)
	difference := new(big.Int).Sub(p.subtotal.steps, p.total.steps)
	p.low = int(whole.steps.Sub(whole.steps, difference).Int64())
	p.high = p.low + whole.rest.Sign()
}

func (g *grid) share(units *big.Int) (s share) {
	s.steps, s.rest = new(big.Int).DivMod(units, g.step, new(big.Int)) // the rest is never negative
	return s
}

// value returns a share in units.
func (g *grid) value(s *share) *big.Int {
	v := new(big.Int).Mul(s.steps, g.step)
	return v.Add(v, s.rest)
}

// round returns an amount in steps, half away from zero.
func (g *grid) round(units *big.Int) *big.Int {
	half := new(big.Int).Rsh(g.step, 1) // a step is at least 10 units
	steps := new(big.Int).Abs(units)
	steps.Quo(steps.Add(steps, half), g.step)
	if units.Sign() < 0 {
		steps.Neg(steps)
	}
	return steps
}

// bend makes one discount differ from its exact amount by a whole step, in the one case where otherwise the sums cannot
// hold. Where a subtotal of 10.5 has a discount of 20, the total is -9.5; rounded away from zero these are 11 and -10, and
// 21 the difference. If what is taken off no part has a rest that can go up, one discount goes from 20 to 21 nevertheless.
func (g *grid) bend(subtotal, total *big.Int) {
	missing := new(big.Int).Sub(subtotal, total)
	missing.Mul(missing, g.step)
	missing.Sub(missing, g.subtotal)
	missing.Add(missing, g.total)
	if missing.CmpAbs(g.step) < 0 {
		return
	}
	var first *gridPart
	for _, p := range g.parts {
		if p.low < p.high {
			return
		}
		// Best is a part whose subtotal and total have a rest: they need not stray.
		if len(p.discounts) > 0 && (first == nil || first.total.rest.Sign() == 0 && p.total.rest.Sign() > 0) {
			first = p
		}
	}
	// Of discounts with rests, which come to whole steps, some go up and some down. One of those that would stray the least
	// is bent.
	shares := first.shares()
	bent := shares[0]
	if sorted := byRest(shares, itself); len(sorted) > 0 {
		bent = sorted[len(sorted)-1] // which would go down
		if missing.Sign() < 0 {
			bent = sorted[0]
		}
	}
	units := []*big.Int{g.value(&first.subtotal)}
	for _, s := range shares {
		v := g.value(s)
		if s == bent {
			v.Add(v, missing)
		}
		units = append(units, v)
	}
	g.set(first, units)
	// The total is a step off now. With a rest it goes back to within a step of what it was, and the subtotal goes with it.
	for _, s := range []*share{&first.subtotal, &first.total} {
		s.up = missing.Sign() > 0 && s.rest.Sign() > 0
		*s = share{steps: s.rounded(), rest: new(big.Int)}
	}
}

// shares returns the discounts.
func (p *gridPart) shares() []*share {
	shares := make([]*share, len(p.discounts))
	for i := range p.discounts {
		shares[i] = &p.discounts[i]
	}
	return shares
}

func subtotalOf(p *gridPart) *share { return &p.subtotal }
func totalOf(p *gridPart) *share    { return &p.total }
func itself(s *share) *share        { return s }

// missing returns how many shares must go up to come to a number of steps.
func (g *grid) missing(steps *big.Int, of func(*gridPart) *share) int {
	n := new(big.Int).Set(steps)
	for _, p := range g.parts {
		n.Sub(n, of(p).steps)
	}
	return int(n.Int64())
}

// byRest returns those that can go up, the largest rests first, equal ones in their order.
func byRest[T any](all []T, of func(T) *share) (sorted []T) {
	for _, v := range all {
		if of(v).rest.Sign() > 0 {
			sorted = append(sorted, v)
		}
	}
	slices.SortStableFunc(sorted, func(v, w T) int { return of(w).rest.Cmp(of(v).rest) })
	return sorted
}

// raise makes the first n of them go up.
func raise[T any](sorted []T, n int, of func(T) *share) {
	for _, v := range sorted[:n] {
		of(v).up = true
	}
}

// raiseTotals chooses which totals go up, such that as many subtotals as should can go up beside them.
func (g *grid) raiseTotals(ups, subtotalUps int) {
	sorted := byRest(g.parts, totalOf)
	raise(sorted, ups, totalOf)
	low, high := 0, 0
	for _, p := range g.parts {
		l, h := p.subtotalUps(p.total.up)
		low, high = low+l, high+h
	}
	// Each exchange makes low smaller by one, or high larger by one.
	exchange(sorted, low-subtotalUps, func(p *gridPart) bool {
		down, _ := p.subtotalUps(false)
		up, _ := p.subtotalUps(true)
		return down < up
	})
	exchange(sorted, subtotalUps-high, func(p *gridPart) bool {
		_, down := p.subtotalUps(false)
		_, up := p.subtotalUps(true)
		return down == up
	})
}

// exchange lets the last n of those totals go down that are up and for which is holds, and in their place the first n of
// those up for which it does not.
func exchange(sorted []*gridPart, n int, is func(p *gridPart) bool) {
	for i, left := len(sorted)-1, n; left > 0; i-- {
		if p := sorted[i]; p.total.up && is(p) {
			p.total.up = false
			left--
		}
	}
	for i, left := 0, n; left > 0; i++ {
		if p := sorted[i]; !p.total.up && !is(p) {
			p.total.up = true
			left--
		}
	}
}

// subtotalUps returns whether the part's subtotal must (low is 1) and whether it can (high is 1) go up, so that its
// discounts can make up the difference from its total.
func (p *gridPart) subtotalUps(totalUp bool) (low, high int) {
	low, high = p.low, p.high
	if totalUp {
		low, high = low+1, high+1
	}
	return max(low, 0), min(high, p.subtotal.rest.Sign())
}

// raiseSubtotals chooses which subtotals go up, and then which discounts.
func (g *grid) raiseSubtotals(ups int) {
	var free []*gridPart
	for _, p := range g.parts {
		switch low, high := p.subtotalUps(p.total.up); {
		case low == 1:
			p.subtotal.up = true
			ups--
		case high == 1:
			free = append(free, p)
		}
	}
	raise(byRest(free, subtotalOf), ups, subtotalOf)
	for _, p := range g.parts {
		discount := p.discount()
		shares := p.shares()
		for _, s := range shares {
			discount.Sub(discount, s.steps)
		}
		raise(byRest(shares, itself), int(discount.Int64()), itself)
	}
}

// discount returns the part's discount in steps.
func (p *gridPart) discount() *big.Int {
	return new(big.Int).Sub(p.subtotal.rounded(), p.total.rounded())
}

// store sets the amounts of c to those of p.
func (g *grid) store(p *gridPart, c *ReceiptCost) {
	c.Subtotal, c.Total, c.Discount = g.decimal(p.subtotal.rounded()), g.decimal(p.total.rounded()), g.decimal(p.discount())
	for i := range c.Discounts {
		c.Discounts[i].Amount = g.decimal(p.discounts[i].rounded())
	}
}

// decimal returns a number of steps. That of hundreds, say, has a positive exponent, but zero does not need one.
func (g *grid) decimal(steps *big.Int) decimal.Decimal {
	if steps.Sign() == 0 && g.places < 0 {
		return decimal.Decimal{}
	}
	return decimal.NewFromBigInt(steps, -g.places)
}
