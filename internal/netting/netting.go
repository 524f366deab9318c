// Package netting nets rollbacks against what they undo: it chooses what each takes from which discount.
//
// A rollback may leave open which discount it means, and another may mean one of these alone. So the choice is made for
// all rollbacks of a place at once: it is a flow from the rollbacks to the discounts, each stream of which is as wide as
// its ends. First each rollback takes what is nearest to it; where that leaves one short, streams are led elsewhere until
// no more can be met. All of it goes by what the entries hold, not by their order.
package netting

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// A Place is what a discount is on and what identifies it there. A rollback is of discounts in its place.
type Place struct {
	Kind   string // what sort of thing is undone, where there are several
	Name   string
	Line   int // or Whole
	OnCost bool
	Cost   string
}

// Whole is the Unit of a discount on a whole line and of a rollback that names no unit, and the Line of the session.
const Whole = -1

// An Entry is a discount or a rollback. Within a place, a rollback names those discounts whose unit and scope are its own,
// or are not said by the one or the other.
type Entry struct {
	Place  Place
	Unit   int
	Scope  string // empty where it is not said
	Amount decimal.Decimal
	Named  bool // of a rollback: Net found a discount that it names
}

// CostNames are the names of additional costs by number: a rollback may say no more than that.
type CostNames map[int64]string

// Add adds a name. Should a number have two, it is the first in the alphabet, whatever comes first.
func (c CostNames) Add(id int64, name string) {
	if known, ok := c[id]; !ok || name < known {
		c[id] = name
	}
}

// Net takes what the rollbacks take from the discounts that they name and that have their sign. It leaves in each Amount
// what is left, of a rollback what could not be taken. As much is taken as can be.
//
// A rollback takes from its own unit, or else from the whole line; one without a unit from the whole line, or else from
// any unit. So it is with the scope, within the unit. Those that say more come first, and of discounts with the same unit
// and scope the smaller ones. This yields where otherwise less could be taken.
func Net(discounts, rollbacks []Entry) {
	plainZeros(discounts)
	plainZeros(rollbacks)
	type group struct{ discounts, rollbacks []*Entry }
	places := make(map[Place]*group)
	for i := range rollbacks {
		r := &rollbacks[i]
		g := places[r.Place]
		if g == nil {
			g = new(group)
			places[r.Place] = g
		}
		g.rollbacks = append(g.rollbacks, r)
	}
	for i := range discounts {
		if g := places[discounts[i].Place]; g != nil {
			g.discounts = append(g.discounts, &discounts[i])
		}
	}
	for _, g := range places {
		for _, sign := range []int{1, -1} {
			net(classes(g.discounts, sign), classes(g.rollbacks, sign))
		}
	}
}

// plainZeros takes the exponents from zeros of tens and above: a zero may have one that is so large that to calculate with
// it would never end.
func plainZeros(entries []Entry) {
	for i := range entries {
		if e := &entries[i]; e.Amount.IsZero() && e.Amount.Exponent() > 0 {
			e.Amount = decimal.Decimal{}
		}
	}
}

// A class has the entries of one place and sign that have the same unit and scope, the smaller ones first.
type class struct {
	key
	entries []*Entry
	amount  decimal.Decimal // of all, without the sign
	edge    int             // to the sink, or from the source
}

type key struct {
	unit  int
	scope string
}

// classes sorts the entries of one sign into classes, and these by unit and scope. What is not said comes first. Zero has
// either sign.
func classes(entries []*Entry, sign int) (list []*class) {
	entries = slices.DeleteFunc(slices.Clone(entries), func(e *Entry) bool { return e.Amount.Sign() == -sign })
	slices.SortStableFunc(entries, func(x, y *Entry) int {
		return cmp.Or(
			cmp.Compare(x.Unit, y.Unit),
			cmp.Compare(x.Scope, y.Scope),
			x.Amount.Abs().Cmp(y.Amount.Abs()),
			cmp.Compare(x.Amount.Exponent(), y.Amount.Exponent()),
		)
	})
	for _, e := range entries {
		k := key{e.Unit, e.Scope}
		if len(list) == 0 || list[len(list)-1].key != k {
			list = append(list, &class{key: k})
		}
		c := list[len(list)-1]
		c.entries = append(c.entries, e)
		if !e.Amount.IsZero() {
			c.amount = c.amount.Add(e.Amount.Abs())
		}
	}
	return list
}

// vagueness is higher for a rollback that more discounts may answer to.
func (k key) vagueness() (n int) {
	if k.unit == Whole {
		n += 2
	}
	if k.scope == "" {
		n++
	}
	return n
}

// take takes an amount off the entries.
func (c *class) take(amount decimal.Decimal) {
	for _, e := range c.entries {
		if amount.IsZero() {
			return
		}
		if e.Amount.IsZero() { // it may have more places than all others
			continue
		}
		part := decimal.Min(e.Amount.Abs(), amount)
		amount = amount.Sub(part)
		if e.Amount.Sign() < 0 {
			part = part.Neg()
		}
		e.Amount = e.Amount.Sub(part)
	}
}

// net nets the rollbacks of one place and sign.
func net(discounts, rollbacks []*class) {
	if len(discounts) == 0 || len(rollbacks) == 0 {
		return
	}
	slices.SortStableFunc(rollbacks, func(x, y *class) int { return x.vagueness() - y.vagueness() })
	var total decimal.Decimal
	for _, r := range rollbacks {
		total = total.Add(r.amount)
	}
	vague := rollbacks[len(rollbacks)-1].vagueness() > 0

	// Rollbacks reach discounts directly or, so that there are not too many streams, through a node for all of a unit or of
	// a scope. The order of the edges is the order of choice.
	f := newFlow()
	all := make([]int, 0, len(discounts))
	nodes, ofUnit, ofScope := make(map[key]int), make(map[int]int), make(map[string]int)
	for _, d := range discounts {
		n := f.node(3)
		d.edge = f.connect(n, sink, d.amount)
		all, nodes[d.key] = append(all, n), n
		if !vague {
			continue
		}
		if ofUnit[d.unit] == 0 {
			ofUnit[d.unit] = f.node(2)
		}
		f.connect(ofUnit[d.unit], n, total)
		if ofScope[d.scope] == 0 {
			ofScope[d.scope] = f.node(2)
		}
		f.connect(ofScope[d.scope], n, total)
	}
	for _, r := range rollbacks {
		var to []int
		switch r.vagueness() {
		case 0:
			to = []int{nodes[r.key], nodes[key{r.unit, ""}], nodes[key{Whole, r.scope}], nodes[key{Whole, ""}]}
		case 1: // any scope
			to = []int{ofUnit[r.unit], ofUnit[Whole]}
		case 2: // any unit
			to = []int{nodes[r.key], nodes[key{Whole, ""}], ofScope[r.scope], ofScope[""]}
		default:
			to = append([]int{ofUnit[Whole], ofScope[""]}, all...)
		}
		n := f.node(1)
		r.edge = f.connect(source, n, r.amount)
		for _, at := range to {
			if at == 0 { // there is none
				continue
			}
			f.connect(n, at, total)
			for _, e := range r.entries {
				e.Named = true
			}
		}
	}

	f.run(total)
	for _, d := range discounts {
		d.take(f.through(d.edge))
	}
	for _, r := range rollbacks {
		r.take(f.through(r.edge))
	}
}
