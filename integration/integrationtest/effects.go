package integrationtest

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/netting"
)

// evaluate asks the function that stands for the rule engine. It returns copies: what the function keeps of them, it may
// change.
func (s *Server) evaluate(op talonone.Operation, session talonone.CustomerSessionV2) ([]integration.Effect, *refusal) {
	s.mu.Lock()
	evaluate := s.effects
	s.mu.Unlock()
	if evaluate == nil {
		return []integration.Effect{}, nil
	}
	given := evaluate(op, session.Clone())
	effects := make([]integration.Effect, len(given))
	for i, e := range given {
		text, err := e.AppendJSON(nil)
		if err == nil {
			err = effects[i].UnmarshalJSON(text)
		}
		if err != nil {
			return nil, s.broken("effect %d of OnEffects cannot be sent: %v", i, err)
		}
	}
	return effects, nil
}

// remaining returns the effects that hold once further ones have come after the earlier ones: those that no rollback
// undoes, or what is left of them. Discounts are chosen as [integration.NewReceipt] does it. A rollback that finds nothing
// or too little undoes what there is.
func remaining(earlier, further []integration.Effect) []integration.Effect {
	effects := slices.Concat(earlier, further)
	costs := costNames(effects)
	undone := make(map[netting.Place]bool) // by rollbacks that have no amount
	var rollbacks []deed
	effects = slices.DeleteFunc(effects, func(e integration.Effect) bool {
		r, ok := rollbackOf(e.Props, costs)
		switch {
		case ok && r.amount == nil:
			undone[r.Place] = true
		case ok:
			rollbacks = append(rollbacks, r)
		}
		return ok
	})

	var kept []integration.Effect
	ledger := make(netting.Ledger)
	gone := make(map[int]bool)
	whole := make(map[int]*decimal.Decimal) // what could be undone in part, by its index among the kept
	for _, e := range effects {
		e = e.Clone()
		d, ok := deedOf(e.Props)
		if ok && undone[d.Place] {
			continue
		}
		if ok && d.amount != nil && !d.amount.IsZero() {
			ledger.Add(d.entry())
			whole[len(kept)] = d.amount
		}
		kept = append(kept, e)
	}
	for _, r := range rollbacks {
		ledger.Undo(r.entry())
	}
	for i, left := range whole {
		gone[i] = left.IsZero()
	}
	effects = effects[:0]
	for i, e := range kept {
		if !gone[i] {
			effects = append(effects, e)
		}
	}
	return effects
}

// costNames returns the names of the additional costs that discounts are on.
func costNames(effects []integration.Effect) map[int64]string {
	names := make(map[int64]string)
	for _, e := range effects {
		switch p := e.Props.(type) {
		case *integration.SetDiscountPerAdditionalCost:
			names[p.AdditionalCostID] = p.AdditionalCost
		case *integration.SetDiscountPerAdditionalCostPerItem:
			names[p.AdditionalCostID] = p.AdditionalCost
		}
	}
	return names
}

// A deed is what an effect does, or what a rollback undoes.
type deed struct {
	netting.Place
	unit   int
	scope  string
	amount *decimal.Decimal // what can be undone in part; nil for what cannot
}

func (d deed) entry() netting.Entry {
	return netting.Entry{Place: d.Place, Unit: d.unit, Scope: d.scope, Amount: d.amount}
}

func deedOf(p integration.EffectProps) (d deed, ok bool) {
	switch p := p.(type) {
	case *integration.SetDiscount:
		return deed{discount(p.Name, netting.Whole), netting.Whole, p.Scope, &p.Value}, true
	case *integration.SetDiscountPerItem:
		return deed{discount(p.Name, p.Position), index(p.SubPosition), p.Scope, &p.Value}, true
	case *integration.SetDiscountPerAdditionalCost:
		return deed{onCost(discount(p.Name, netting.Whole), p.AdditionalCost), netting.Whole, "", &p.Value}, true
	case *integration.SetDiscountPerAdditionalCostPerItem:
		return deed{onCost(discount(p.Name, p.Position), p.AdditionalCost), index(p.SubPosition), "", &p.Value}, true
	case *integration.AcceptCoupon:
		return simple("coupon", p.Value, nil), true
	case *integration.AcceptReferral:
		return simple("referral", p.Value, nil), true
	case *integration.AddLoyaltyPoints:
		return simple("added points", p.TransactionUUID, &p.Value), true
	case *integration.DeductLoyaltyPoints:
		return simple("deducted points", p.TransactionUUID, &p.Value), true
	case *integration.IncreaseAchievementProgress:
		return simple("achievement", p.AchievementName, nil), true
	}
	return d, false
}

func rollbackOf(p integration.EffectProps, costs map[int64]string) (d deed, ok bool) {
	switch p := p.(type) {
	case *integration.RollbackDiscount:
		place := discount(p.Name, index(p.CartItemPosition))
		if p.AdditionalCost != "" {
			place = onCost(place, p.AdditionalCost)
		} else if p.AdditionalCostID != nil {
			place = onCost(place, costs[*p.AdditionalCostID])
		}
		scope := p.Scope
		if place.OnCost {
			scope = "" // discounts on a cost have none
		}
		return deed{place, index(p.CartItemSubPosition), scope, &p.Value}, true
	case *integration.RollbackCoupon:
		return simple("coupon", p.Value, nil), true
	case *integration.RollbackReferral:
		return simple("referral", p.Value, nil), true
	case *integration.RollbackAddedLoyaltyPoints:
		return simple("added points", p.TransactionUUID, &p.Value), true
	case *integration.RollbackDeductedLoyaltyPoints:
		return simple("deducted points", p.TransactionUUID, &p.Value), true
	case *integration.RollbackIncreasedAchievementProgress:
		return simple("achievement", p.AchievementName, nil), true
	}
	return d, false
}

func discount(name string, line int) netting.Place {
	return netting.Place{Kind: "discount", Name: name, Line: line}
}

func onCost(p netting.Place, cost string) netting.Place {
	p.OnCost, p.Cost = true, cost
	return p
}

func simple(kind, name string, amount *decimal.Decimal) deed {
	return deed{netting.Place{Kind: kind, Name: name, Line: netting.Whole}, netting.Whole, "", amount}
}

// index returns a position, or that of nothing in particular.
func index(i *int) int {
	if i == nil {
		return netting.Whole
	}
	return *i
}
