package integrationtest

import (
	"maps"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/netting"
)

// settle adds further effects to the earlier ones, and returns those that still apply. A rollback in further undoes the effect that
// it names, in part or as a whole, by the rule of [integration.NewReceipt]. unmatched has the index in further of each rollback that
// undoes nothing, or less than it says. The result may be the slice further itself, because nobody changes it.
func settle(earlier, further []integration.Effect) (held []integration.Effect, unmatched []int) {
	if len(earlier) == 0 && !slices.ContainsFunc(further, isRollback) {
		return further, nil
	}
	all := slices.Concat(earlier, further)
	costs := costNames(all)
	ledger := make(netting.Ledger)            // effects that can be undone in part
	amounts := make(map[int]*decimal.Decimal) // the rest of the amount of each, by index in held
	wholes := make(map[netting.Place][]int)   // indexes in held of effects that can only be undone as a whole
	rollbacks := make(map[int]netting.Entry)  // by index in further: earlier rollbacks have taken effect already
	for i, e := range all {
		if r, ok := rollbackOf(e.Props, costs); ok {
			rollbacks[i-len(earlier)] = r
			continue
		}
		e = e.Clone()
		switch done, ok := undoable(e.Props); {
		case !ok:
		case done.Amount == nil:
			wholes[done.Place] = append(wholes[done.Place], len(held))
		case !done.Amount.IsZero():
			ledger.Add(done)
			amounts[len(held)] = done.Amount
		}
		held = append(held, e)
	}
	gone := make([]bool, len(held))
	for _, i := range slices.Sorted(maps.Keys(rollbacks)) {
		r := rollbacks[i]
		if r.Amount != nil {
			if left, found := ledger.Undo(r); !found || !left.IsZero() {
				unmatched = append(unmatched, i)
			}
			continue
		}
		if at := wholes[r.Place]; len(at) > 0 {
			gone[at[0]], wholes[r.Place] = true, at[1:]
		} else {
			unmatched = append(unmatched, i)
		}
	}
	for i, left := range amounts {
		gone[i] = left.IsZero()
	}
	kept := held[:0]
	for i, e := range held {
		if !gone[i] {
			kept = append(kept, e)
		}
	}
	return kept, unmatched
}

// costNames returns the names of the additional costs with a discount, by their numbers.
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

// undoable returns what a rollback must name to undo an effect. Amount points into the effect. It is nil if the effect can only be
// undone as a whole. Each effect with a rollback has a case here, in rollbackOf and in [undoing.rollback].
func undoable(p integration.EffectProps) (e netting.Entry, ok bool) {
	switch p := p.(type) {
	case *integration.SetDiscount:
		return onPlace(discount(p.Name, netting.Whole), nil, string(p.Scope), &p.Value), true
	case *integration.SetDiscountPerItem:
		return onPlace(discount(p.Name, p.Position), p.SubPosition, string(p.Scope), &p.Value), true
	case *integration.SetDiscountPerAdditionalCost:
		return onPlace(onCost(discount(p.Name, netting.Whole), p.AdditionalCost), nil, "", &p.Value), true
	case *integration.SetDiscountPerAdditionalCostPerItem:
		return onPlace(onCost(discount(p.Name, p.Position), p.AdditionalCost), p.SubPosition, "", &p.Value), true
	case *integration.AcceptCoupon:
		return simple("coupon", p.Value, nil), true
	case *integration.AcceptReferral:
		return simple("referral", p.Value, nil), true
	//lint:ignore SA1019 the API may still give it
	case *integration.RedeemReferral:
		return simple("referral", p.Value, nil), true
	case *integration.AddLoyaltyPoints:
		return simple("added points", p.TransactionUUID, &p.Value), true
	case *integration.DeductLoyaltyPoints:
		return simple("deducted points", p.TransactionUUID, &p.Value), true
	case *integration.IncreaseAchievementProgress:
		return simple("achievement", achievement(p.AchievementID, p.AchievementName), nil), true
	case *integration.UseReward:
		return simple("reward", p.IntegrationID, nil), true
	}
	return e, false
}

// rollbackOf returns what a rollback undoes. costs are the names of additional costs, because a rollback may have only the number.
func rollbackOf(p integration.EffectProps, costs map[int64]string) (e netting.Entry, ok bool) {
	switch p := p.(type) {
	case *integration.RollbackDiscount:
		place, scope := discount(p.Name, index(p.CartItemPosition)), string(p.Scope)
		if p.AdditionalCost != "" {
			place, scope = onCost(place, p.AdditionalCost), "" // discounts on a cost have no scope
		} else if p.AdditionalCostID != nil {
			place, scope = onCost(place, costs[*p.AdditionalCostID]), ""
		}
		return onPlace(place, p.CartItemSubPosition, scope, &p.Value), true
	case *integration.RollbackCoupon:
		return simple("coupon", p.Value, nil), true
	case *integration.RollbackReferral:
		return simple("referral", p.Value, nil), true
	case *integration.RollbackAddedLoyaltyPoints:
		return simple("added points", p.TransactionUUID, &p.Value), true
	case *integration.RollbackDeductedLoyaltyPoints:
		return simple("deducted points", p.TransactionUUID, &p.Value), true
	case *integration.RollbackIncreasedAchievementProgress:
		return simple("achievement", achievement(p.AchievementID, p.AchievementName), nil), true
	case *integration.RollbackUseReward:
		return simple("reward", p.IntegrationID, nil), true
	}
	return e, false
}

func isRollback(e integration.Effect) bool {
	_, ok := rollbackOf(e.Props, nil)
	return ok
}

func discount(name string, line int) netting.Place {
	return netting.Place{Kind: "discount", Name: name, Line: line}
}

func onCost(p netting.Place, cost string) netting.Place {
	p.OnCost, p.Cost = true, cost
	return p
}

func onPlace(place netting.Place, unit *int, scope string, amount *decimal.Decimal) netting.Entry {
	return netting.Entry{Place: place, Unit: index(unit), Scope: scope, Amount: amount}
}

// simple returns the entry of an effect that is on no line.
func simple(kind, name string, amount *decimal.Decimal) netting.Entry {
	return onPlace(netting.Place{Kind: kind, Name: name, Line: netting.Whole}, nil, "", amount)
}

func achievement(id int64, name string) string { return strconv.FormatInt(id, 10) + " " + name }

// index returns a position, or [netting.Whole] if there is none.
func index(i *int) int {
	if i == nil {
		return netting.Whole
	}
	return *i
}
