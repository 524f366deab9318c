package integration

import (
	"fmt"
	"maps"
	"slices"

	"github.com/talonone-go/talonone/internal/netting"
)

type rollback struct {
	index int // of the effect
	props *RollbackDiscount
}

// shortError is a rollback of more than is left.
type shortError struct{}

func (shortError) Error() string { return "the discounts that the rollback names come to less" }
func (shortError) Unwrap() error { return ErrNothingToRollBack }

// rollBack takes what was rolled back from the discounts.
func (b *receiptBuilder) rollBack(rollbacks []rollback, effects []Effect) error {
	costNames := costNames(effects)
	named := make([]netting.Entry, len(rollbacks))
	for i, r := range rollbacks {
		var err error
		if named[i], err = b.named(r, costNames); err != nil {
			return err
		}
	}
	entries, discounts := b.entries()
	netting.Net(entries, named)
	for i, r := range rollbacks {
		switch {
		case !named[i].Named:
			return effectError(r.index, "/props", ErrNothingToRollBack)
		case !named[i].Amount.IsZero():
			return effectError(r.index, "/props", shortError{})
		}
	}
	for i, d := range discounts {
		d.Amount = entries[i].Amount
	}
	return nil
}

// costNames returns the names of the additional costs that discounts are on.
func costNames(effects []Effect) netting.CostNames {
	names := make(netting.CostNames)
	for _, e := range effects {
		switch p := e.Props.(type) {
		case *SetDiscountPerAdditionalCost:
			names.Add(p.AdditionalCostID, p.AdditionalCost)
		case *SetDiscountPerAdditionalCostPerItem:
			names.Add(p.AdditionalCostID, p.AdditionalCost)
		}
	}
	return names
}

// named returns what a rollback names.
func (b *receiptBuilder) named(r rollback, costNames netting.CostNames) (e netting.Entry, err error) {
	e.Scope, e.Unit = string(r.props.Scope), unitOf(r.props.CartItemSubPosition)
	cost := r.props.AdditionalCost
	e.Place = netting.Place{Name: r.props.Name, Line: netting.Whole, OnCost: cost != "", Cost: cost}
	if e.Amount, err = checkedAmount(r.props.Value); err != nil {
		return e, effectError(r.index, "/props/value", err)
	}
	if id := r.props.AdditionalCostID; !e.Place.OnCost && id != nil {
		e.Place.Cost, e.Place.OnCost = costNames[*id], true
	}
	if line := r.props.CartItemPosition; line != nil {
		e.Place.Line = *line
		return e, b.checkUnit(r.index, "/props/cartItemPosition", *line, "/props/cartItemSubPosition", r.props.CartItemSubPosition)
	}
	if r.props.CartItemSubPosition != nil {
		return e, effectError(r.index, "/props/cartItemSubPosition", fmt.Errorf("%w: a unit of no line", ErrNoTarget))
	}
	return e, nil
}

// entries returns all discounts as rollbacks see them, and as the receipt has them.
func (b *receiptBuilder) entries() (entries []netting.Entry, discounts []*ReceiptDiscount) {
	enter := func(at netting.Place, list []ReceiptDiscount) {
		for i := range list {
			d := &list[i]
			at.Name = d.Name
			entries = append(entries, netting.Entry{Place: at, Unit: d.Unit, Scope: string(d.Scope), Amount: d.Amount})
			discounts = append(discounts, d)
		}
	}
	enterCosts := func(line int, costs map[string]*ReceiptCost) {
		for _, name := range slices.Sorted(maps.Keys(costs)) {
			enter(netting.Place{Line: line, OnCost: true, Cost: name}, costs[name].Discounts)
		}
	}
	enter(netting.Place{Line: netting.Whole}, b.discounts)
	enterCosts(netting.Whole, b.costs)
	for i := range b.lines {
		enter(netting.Place{Line: i}, b.lines[i].Discounts)
		enterCosts(i, b.lineCosts[i])
	}
	return entries, discounts
}
