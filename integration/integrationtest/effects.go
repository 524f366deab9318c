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
// undoes. A rollback that names nothing among them undoes nothing.
func remaining(earlier, further []integration.Effect) []integration.Effect {
	var effects []integration.Effect
	var rollbacks []rollback
	for _, e := range slices.Concat(earlier, further) {
		if r, ok := rollbackOf(e.Props); ok {
			rollbacks = append(rollbacks, r)
		} else {
			effects = append(effects, e.Clone())
		}
	}
	for _, r := range rollbacks {
		effects = r.undo(effects)
	}
	return effects
}

// subject is what an effect did and a rollback undoes.
type subject struct {
	what, name     string // the kind of thing, and what identifies it
	additionalCost string
	position, sub  int // of the cart item and its unit; -1 for none
}

// rollback is an effect that undoes others.
type rollback struct {
	subject
	scope  string           // empty: any
	amount *decimal.Decimal // nil: the whole of it
}

func rollbackOf(p integration.EffectProps) (r rollback, ok bool) {
	switch p := p.(type) {
	case *integration.RollbackDiscount:
		at := subject{"discount", p.Name, p.AdditionalCost, index(p.CartItemPosition), index(p.CartItemSubPosition)}
		return rollback{at, p.Scope, &p.Value}, true
	case *integration.RollbackCoupon:
		return rollback{subject: named("coupon", p.Value)}, true
	case *integration.RollbackReferral:
		return rollback{subject: named("referral", p.Value)}, true
	case *integration.RollbackAddedLoyaltyPoints:
		return rollback{named("added points", p.TransactionUUID), "", &p.Value}, true
	case *integration.RollbackDeductedLoyaltyPoints:
		return rollback{named("deducted points", p.TransactionUUID), "", &p.Value}, true
	case *integration.RollbackIncreasedAchievementProgress:
		return rollback{subject: named("achievement", p.AchievementName)}, true
	}
	return r, false
}

// undoable returns what a rollback must name to undo an effect. amount is what may be undone in part, nil if nothing may.
func undoable(p integration.EffectProps) (at subject, scope string, amount *decimal.Decimal) {
	switch p := p.(type) {
	case *integration.SetDiscount:
		return subject{"discount", p.Name, "", -1, -1}, p.Scope, &p.Value
	case *integration.SetDiscountPerItem:
		return subject{"discount", p.Name, "", p.Position, index(p.SubPosition)}, p.Scope, &p.Value
	case *integration.SetDiscountPerAdditionalCost:
		return subject{"discount", p.Name, p.AdditionalCost, -1, -1}, "", &p.Value
	case *integration.SetDiscountPerAdditionalCostPerItem:
		return subject{"discount", p.Name, p.AdditionalCost, p.Position, index(p.SubPosition)}, "", &p.Value
	case *integration.AcceptCoupon:
		return named("coupon", p.Value), "", nil
	case *integration.AcceptReferral:
		return named("referral", p.Value), "", nil
	case *integration.RedeemReferral:
		return named("referral", p.Value), "", nil
	case *integration.AddLoyaltyPoints:
		return named("added points", p.TransactionUUID), "", &p.Value
	case *integration.DeductLoyaltyPoints:
		return named("deducted points", p.TransactionUUID), "", &p.Value
	case *integration.IncreaseAchievementProgress:
		return named("achievement", p.AchievementName), "", nil
	}
	return at, "", nil
}

func named(what, name string) subject { return subject{what, name, "", -1, -1} }

func index(i *int) int {
	if i == nil {
		return -1
	}
	return *i
}

// undo takes what is rolled back off the effects, and drops those of which nothing is left.
func (r rollback) undo(effects []integration.Effect) []integration.Effect {
	left := decimal.Decimal{}
	if r.amount != nil {
		left = *r.amount
	}
	return slices.DeleteFunc(effects, func(e integration.Effect) bool {
		at, scope, amount := undoable(e.Props)
		if at != r.subject || r.scope != "" && scope != "" && r.scope != scope {
			return false
		}
		if r.amount == nil || amount == nil {
			return true
		}
		taken := left
		if amount.Cmp(left) < 0 {
			taken = *amount
		}
		*amount, left = amount.Sub(taken), left.Sub(taken)
		return amount.Sign() == 0
	})
}
