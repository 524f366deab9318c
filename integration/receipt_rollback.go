package integration

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

type rollback struct {
	index int // of the effect
	props *RollbackDiscount
}

// A target is what a rollback names and a discount answers to.
type target struct {
	line     int // -1 for the session
	onCost   bool
	cost     string
	name     string
	unit     int // or anyUnit
	scope    string
	anyScope bool
	negative bool // the amount is: a surcharge and its rollback
}

const anyUnit = -2

// A ledger has the discounts that can be rolled back. Each stands under its own unit and scope, and under any. What has
// nothing left is dropped from the front of a list when it is met, so that no discount is looked at twice.
type ledger map[target][]*ReceiptDiscount

// rollBack takes what was rolled back from the discounts.
func (b *receiptBuilder) rollBack(rollbacks []rollback, effects []Effect) error {
	l := make(ledger)
	l.enter(target{line: -1}, b.discounts)
	l.enterCosts(-1, b.costs)
	for i := range b.lines {
		l.enter(target{line: i}, b.lines[i].Discounts)
		l.enterCosts(i, b.lineCosts[i])
	}
	costNames := costNames(effects)

	// Those that name their discount more closely come first: they have less to choose from.
	slices.SortStableFunc(rollbacks, func(x, y rollback) int { return x.vagueness() - y.vagueness() })
	for _, r := range rollbacks {
		amount, err := checkedAmount(r.props.Value)
		if err != nil {
			return effectError(r.index, "/props/value", err)
		}
		t, err := b.target(r, costNames)
		if err != nil {
			return err
		}
		found := false
		for _, t.negative = range []bool{false, true} {
			if amount.IsZero() || t.negative == amount.IsNegative() {
				found = found || l.take(t, r.props, amount)
			}
		}
		if !found {
			return effectError(r.index, "/props", ErrNothingToRollBack)
		}
	}
	return nil
}

// vagueness is higher for a rollback that more discounts may answer to.
func (r rollback) vagueness() (n int) {
	if r.props.CartItemSubPosition == nil {
		n += 2
	}
	if r.props.Scope == "" {
		n++
	}
	return n
}

// costNames returns the names of the additional costs that discounts are on, by number.
func costNames(effects []Effect) map[int64]string {
	names := make(map[int64]string)
	for _, e := range effects {
		switch p := e.Props.(type) {
		case *SetDiscountPerAdditionalCost:
			names[p.AdditionalCostID] = p.AdditionalCost
		case *SetDiscountPerAdditionalCostPerItem:
			names[p.AdditionalCostID] = p.AdditionalCost
		}
	}
	return names
}

// target returns what a rollback names, but for the unit and the scope.
func (b *receiptBuilder) target(r rollback, costNames map[int64]string) (target, error) {
	t := target{line: -1, name: r.props.Name, cost: r.props.AdditionalCost, onCost: r.props.AdditionalCost != ""}
	if id := r.props.AdditionalCostID; !t.onCost && id != nil {
		t.cost, t.onCost = costNames[*id], true
	}
	if line := r.props.CartItemPosition; line != nil {
		t.line = *line
		err := b.checkUnit(r.index, "/props/cartItemPosition", *line, "/props/cartItemSubPosition", r.props.CartItemSubPosition)
		if err != nil {
			return t, err
		}
	} else if r.props.CartItemSubPosition != nil {
		return t, effectError(r.index, "/props/cartItemSubPosition", fmt.Errorf("%w: a unit of no line", ErrNoTarget))
	}
	return t, nil
}

func (l ledger) enterCosts(line int, costs map[string]*ReceiptCost) {
	for name, cost := range costs {
		l.enter(target{line: line, cost: name, onCost: true}, cost.Discounts)
	}
}

// enter puts in the discounts that stand at one place.
func (l ledger) enter(at target, discounts []ReceiptDiscount) {
	for i := range discounts {
		d := &discounts[i]
		at.name, at.negative = d.Name, d.Amount.Sign() < 0
		for _, unit := range []int{d.Unit, anyUnit} {
			at.unit = unit
			at.scope, at.anyScope = d.Scope, false
			l[at] = append(l[at], d)
			at.scope, at.anyScope = "", true
			l[at] = append(l[at], d)
		}
	}
}

// take takes an amount from the discounts that a rollback means: those of its unit, or else of the whole line, or else of
// any; and those of its scope, or else of none, or else of any. It reports false if there are none, or not enough.
func (l ledger) take(t target, r *RollbackDiscount, amount decimal.Decimal) bool {
	units := []int{wholeLine, anyUnit}
	if r.CartItemSubPosition != nil {
		units = []int{*r.CartItemSubPosition, wholeLine}
	}
	found := false
	for _, t.unit = range units {
		for _, scope := range []string{r.Scope, ""} {
			t.scope, t.anyScope = scope, false
			amount, found = l.takeFrom(t, amount, found)
		}
		if r.Scope == "" {
			t.scope, t.anyScope = "", true
			amount, found = l.takeFrom(t, amount, found)
		}
	}
	return found && amount.IsZero()
}

// takeFrom takes an amount from the discounts under one target, and returns what it could not take.
func (l ledger) takeFrom(t target, amount decimal.Decimal, found bool) (decimal.Decimal, bool) {
	list, ok := l[t]
	for len(list) > 0 && !amount.IsZero() {
		d := list[0]
		part := d.Amount
		if part.Abs().GreaterThan(amount.Abs()) {
			part = amount
		}
		d.Amount, amount = d.Amount.Sub(part), amount.Sub(part)
		if d.Amount.IsZero() {
			list = list[1:]
		}
	}
	if ok {
		l[t] = list
	}
	return amount, found || ok
}
