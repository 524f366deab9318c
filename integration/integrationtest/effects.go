package integrationtest

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
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
// undoes, or what is left of them. A rollback that names nothing among them undoes nothing.
func remaining(earlier, further []integration.Effect) []integration.Effect {
	var effects []integration.Effect
	var rollbacks []deed
	for _, e := range slices.Concat(earlier, further) {
		if r, ok := rollbackOf(e.Props); ok {
			rollbacks = append(rollbacks, r)
		} else {
			effects = append(effects, e.Clone())
		}
	}
	// Those that name a unit or a scope have less to choose from.
	slices.SortStableFunc(rollbacks, func(x, y deed) int { return x.vagueness() - y.vagueness() })
	for _, r := range rollbacks {
		effects = r.undo(effects)
	}
	return effects
}

// A deed is what an effect does, or what a rollback undoes.
type deed struct {
	kind, name     string // of what sort it is, and what identifies it there
	position, unit int    // of the cart item and its unit; none for the session or the item as a whole
	cost           string // the additional cost
	costID         *int64
	scope          string
	amount         *decimal.Decimal // what can be undone in part; nil for what cannot
}

const none = -1

func deedOf(p integration.EffectProps) (d deed, ok bool) {
	switch p := p.(type) {
	case *integration.SetDiscount:
		return deed{"discount", p.Name, none, none, "", nil, p.Scope, &p.Value}, true
	case *integration.SetDiscountPerItem:
		return deed{"discount", p.Name, p.Position, index(p.SubPosition), "", nil, p.Scope, &p.Value}, true
	case *integration.SetDiscountPerAdditionalCost:
		return deed{"discount", p.Name, none, none, p.AdditionalCost, &p.AdditionalCostID, "", &p.Value}, true
	case *integration.SetDiscountPerAdditionalCostPerItem:
		return deed{
			"discount", p.Name, p.Position, index(p.SubPosition), p.AdditionalCost, &p.AdditionalCostID, "", &p.Value,
		}, true
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

func rollbackOf(p integration.EffectProps) (d deed, ok bool) {
	switch p := p.(type) {
	case *integration.RollbackDiscount:
		return deed{
			"discount", p.Name, index(p.CartItemPosition), index(p.CartItemSubPosition),
			p.AdditionalCost, p.AdditionalCostID, p.Scope, &p.Value,
		}, true
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

func simple(kind, name string, amount *decimal.Decimal) deed {
	return deed{kind: kind, name: name, position: none, unit: none, amount: amount}
}

func index(i *int) int {
	if i == nil {
		return none
	}
	return *i
}

// vagueness is higher for a rollback that may mean more.
func (d deed) vagueness() (n int) {
	if d.unit == none {
		n += 2
	}
	if d.scope == "" {
		n++
	}
	return n
}

// undo takes what a rollback undoes off the effects, and drops those of which nothing is left. Discounts are chosen as
// [integration.NewReceipt] does it.
func (d deed) undo(effects []integration.Effect) []integration.Effect {
	type choice struct{ at, rank int }
	var choices []choice
	for i, e := range effects {
		if done, ok := deedOf(e.Props); ok {
			if rank, ok := d.means(done); ok {
				choices = append(choices, choice{i, rank})
			}
		}
	}
	slices.SortStableFunc(choices, func(x, y choice) int { return x.rank - y.rank })

	var left decimal.Decimal
	if d.amount != nil {
		left = *d.amount
	}
	gone := make(map[int]bool)
	for _, c := range choices {
		done, _ := deedOf(effects[c.at].Props)
		if done.amount == nil || d.amount == nil {
			gone[c.at] = true
			continue
		}
		if done.amount.Sign() != left.Sign() {
			continue
		}
		part := *done.amount
		if part.Abs().Cmp(left.Abs()) > 0 {
			part = left
		}
		*done.amount, left = done.amount.Sub(part), left.Sub(part)
		gone[c.at] = done.amount.IsZero()
	}
	kept := effects[:0]
	for i, e := range effects {
		if !gone[i] {
			kept = append(kept, e)
		}
	}
	return kept
}

// means reports whether a rollback may be of what was done, and how near that is: the lower the rank, the nearer.
func (d deed) means(done deed) (rank int, ok bool) {
	onCost := d.cost == done.cost
	if d.cost == "" && d.costID != nil {
		onCost = done.costID != nil && *done.costID == *d.costID
	}
	if d.kind != done.kind || d.name != done.name || d.position != done.position || !onCost {
		return 0, false
	}
	switch {
	case done.unit == d.unit:
	case done.unit == none || d.unit == none:
		rank += 2
	default:
		return 0, false
	}
	switch {
	case done.scope == d.scope:
	case done.scope == "" || d.scope == "":
		rank++
	default:
		return 0, false
	}
	return rank, true
}
