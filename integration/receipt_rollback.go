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

// rollBack subtracts the rollbacks from the discounts, one after another.
func (b *receiptBuilder) rollBack(rollbacks []rollback, effects []Effect) error {
	ledger, costs := b.ledger(), costNames(effects)
	for _, r := range rollbacks {
		named, err := b.named(r, costs)
		if err != nil {
			return err
		}
		switch left, found := ledger.Undo(named); {
		case !found:
			return effectError(r.index, "/props", ErrNothingToRollBack)
		case !left.IsZero():
			return effectError(r.index, "/props", fmt.Errorf("%w: the discounts that it names come to less", ErrNothingToRollBack))
		}
	}
	return nil
}

// ledger returns all discounts. Those of one line or cost are in the order of the effects.
func (b *receiptBuilder) ledger() netting.Ledger {
	l := make(netting.Ledger)
	add := func(at netting.Place, list []ReceiptDiscount) {
		for i := range list {
			d := &list[i]
			at.Name = d.Name
			l.Add(netting.Entry{Place: at, Unit: d.Unit, Scope: string(d.Scope), Amount: &d.Amount})
		}
	}
	addCosts := func(line int, costs map[string]*ReceiptCost) {
		for _, name := range slices.Sorted(maps.Keys(costs)) {
			add(netting.Place{Line: line, OnCost: true, Cost: name}, costs[name].Discounts)
		}
	}
	add(netting.Place{Line: netting.Whole}, b.discounts)
	addCosts(netting.Whole, b.costs)
	for i := range b.lines {
		add(netting.Place{Line: i}, b.lines[i].Discounts)
		addCosts(i, b.lineCosts[i])
	}
	return l
}

// costNames returns the names of the additional costs with discounts, by number. A rollback may name a cost by its number only.
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

// named returns the target and the amount of a rollback.
func (b *receiptBuilder) named(r rollback, costNames map[int64]string) (e netting.Entry, err error) {
	p := r.props
	amount, err := checkedAmount(p.Value)
	if err != nil {
		return e, effectError(r.index, "/props/value", err)
	}
	e = netting.Entry{
		Place: netting.Place{Name: p.Name, Line: netting.Whole, OnCost: p.AdditionalCost != "", Cost: p.AdditionalCost},
		Unit:  unitOf(p.CartItemSubPosition), Scope: string(p.Scope), Amount: &amount,
	}
	if id := p.AdditionalCostID; !e.OnCost && id != nil {
		e.Cost, e.OnCost = costNames[*id], true
	}
	if e.OnCost {
		e.Scope = "" // discounts on a cost have none
	}
	if line := p.CartItemPosition; line != nil {
		e.Line = *line
		return e, b.checkUnit(r.index, "/props/cartItemPosition", *line, "/props/cartItemSubPosition", p.CartItemSubPosition)
	}
	if p.CartItemSubPosition != nil {
		return e, effectError(r.index, "/props/cartItemSubPosition", fmt.Errorf("%w: a unit of no line", ErrNoTarget))
	}
	return e, nil
}
