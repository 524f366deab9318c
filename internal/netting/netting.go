// Package netting subtracts rollbacks from the effects that they undo. A rollback undoes the effects with the same Place, unit
// and scope. A rollback without a unit or scope undoes the effects without them first, then the others, both in the order in
// which they were added.
package netting

import "github.com/shopspring/decimal"

// A Place is what an effect applies to, with the kind and name of the effect.
type Place struct {
	Kind   string // kind of effect, if a Ledger has several
	Name   string
	Line   int // or Whole: the session
	OnCost bool
	Cost   string // the name of the additional cost
}

// Whole is the Unit of an effect on a whole line, and of a rollback without a unit.
const Whole = -1

// An Entry is an effect, or a rollback of effects.
type Entry struct {
	Place
	Unit   int
	Scope  string           // empty: no scope
	Amount *decimal.Decimal // the remaining amount of an effect, or the amount of a rollback
}

// A Ledger has the effects that rollbacks may undo. Create it with make.
type Ledger map[target]*candidates

// A target is a combination of Place, unit and scope that a rollback may name.
type target struct {
	Place
	anyUnit, anyScope bool // not named
	unit              int
	scope             string
	negative          bool // a surcharge and its rollback have negative amounts
}

// candidates are the effects that a rollback with a given target may undo. first has those without the unit or scope that the
// rollback does not name.
type candidates struct{ first, rest []*decimal.Decimal }

// Add adds an effect.
func (l Ledger) Add(e Entry) {
	for _, t := range []target{
		{unit: e.Unit, scope: e.Scope}, {anyUnit: true, scope: e.Scope}, {anyScope: true, unit: e.Unit}, {anyUnit: true, anyScope: true},
	} {
		t.Place, t.negative = e.Place, e.Amount.IsNegative()
		c := l[t]
		if c == nil {
			c = new(candidates)
			l[t] = c
		}
		if t.anyUnit && e.Unit != Whole || t.anyScope && e.Scope != "" {
			c.rest = append(c.rest, e.Amount)
		} else {
			c.first = append(c.first, e.Amount)
		}
	}
}

// Undo subtracts the amount of a rollback from the effects that it undoes. left is the amount that exceeds these effects. found
// is false if there is no such effect.
func (l Ledger) Undo(r Entry) (left decimal.Decimal, found bool) {
	t := target{Place: r.Place, unit: r.Unit, scope: r.Scope, negative: r.Amount.IsNegative()}
	if r.Unit == Whole {
		t.anyUnit, t.unit = true, 0
	}
	t.anyScope = r.Scope == ""
	if l[t] == nil && r.Amount.IsZero() {
		t.negative = true // a zero rollback may also undo surcharges
	}
	c := l[t]
	if c == nil {
		return *r.Amount, false
	}
	return take(&c.rest, take(&c.first, *r.Amount)), true
}

// take subtracts an amount from those in the list, one after another, and drops those that become zero.
func take(list *[]*decimal.Decimal, amount decimal.Decimal) decimal.Decimal {
	for len(*list) > 0 && !amount.IsZero() {
		from := (*list)[0]
		part := amount
		if from.Abs().LessThanOrEqual(amount.Abs()) {
			part = *from
			*list = (*list)[1:]
		}
		if part.IsZero() { // an earlier rollback has used it up
			continue
		}
		*from, amount = from.Sub(part), amount.Sub(part)
	}
	return amount
}
