// Package netting takes rollbacks from what they undo. The rule: a rollback undoes what stands in its place and has its unit and
// its scope. Where it leaves the unit or the scope open, what leaves them open too comes first, then the rest, each time in the
// order in which it was added.
package netting

import "github.com/shopspring/decimal"

// A Place is what an effect is on, and what identifies it there.
type Place struct {
	Kind   string // what sort of effect it is, where there are several
	Name   string
	Line   int // or Whole, the session
	OnCost bool
	Cost   string // the name of the additional cost
}

// Whole is the Unit of an effect on a whole line, and of a rollback that leaves the unit open.
const Whole = -1

// An Entry is an effect, or a rollback of some.
type Entry struct {
	Place
	Unit   int
	Scope  string           // empty in a rollback that leaves it open
	Amount *decimal.Decimal // what is left of an effect, or what a rollback undoes
}

// A Ledger has effects that rollbacks may undo. Make it with make.
type Ledger map[target]*candidates

// A target is what a rollback may ask for.
type target struct {
	Place
	anyUnit, anyScope bool // left open
	unit              int
	scope             string
	negative          bool // a surcharge and its rollback have negative amounts
}

// candidates are what a rollback with that target may undo: first what leaves open what it leaves open.
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

// Undo takes the amount of a rollback from what it undoes. It returns what could not be taken. Found is false where there is
// nothing that the rollback names.
func (l Ledger) Undo(r Entry) (left decimal.Decimal, found bool) {
	t := target{Place: r.Place, unit: r.Unit, scope: r.Scope, negative: r.Amount.IsNegative()}
	if r.Unit == Whole {
		t.anyUnit, t.unit = true, 0
	}
	t.anyScope = r.Scope == ""
	if l[t] == nil && r.Amount.IsZero() {
		t.negative = true // zero has either sign
	}
	c := l[t]
	if c == nil {
		return *r.Amount, false
	}
	return take(&c.rest, take(&c.first, *r.Amount)), true
}

// take takes an amount from those in the list, one after another, and drops those of which nothing is left.
func take(list *[]*decimal.Decimal, amount decimal.Decimal) decimal.Decimal {
	for len(*list) > 0 && !amount.IsZero() {
		from := (*list)[0]
		part := amount
		if from.Abs().LessThanOrEqual(amount.Abs()) {
			part = *from
			*list = (*list)[1:]
		}
		if part.IsZero() { // another rollback was here before
			continue
		}
		*from, amount = from.Sub(part), amount.Sub(part)
	}
	return amount
}
