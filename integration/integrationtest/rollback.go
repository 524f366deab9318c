package integrationtest

import (
	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// OnRollback sets a function that can change the effects in the answer of a return, a reopening or a cancellation. nil removes the
// function. op is [talonone.OperationReturn], [talonone.OperationReopen], or [talonone.OperationUpdate] for a cancellation. session
// is a copy of the session after the operation. rollbacks are the rollbacks that the server would answer by itself: a cancellation
// and a reopening undo every effect that applies and has a rollback effect, and a return undoes the effects on the returned units.
// The effects that the function returns replace them, in a dry run too. An effect still applies if its rollback is left out.
//
// A rollback of an effect that does not apply, or of more than is left of one, fails the test under [NewServer]. Under [Start] it
// is logged: see [WithLogger]. The same is true of an effect that gives something after a cancellation or a reopening. The other
// rules for the function of [Server.OnEffects] also apply here.
func (s *Server) OnRollback(
	change func(op talonone.Operation, session talonone.CustomerSessionV2, rollbacks []integration.Effect) []integration.Effect,
) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onRollback = change
}

// rollBack undoes the effects that an operation undoes. held are the effects that apply, and session is the session after the
// operation.
func (s *Server) rollBack(
	c *call, session talonone.CustomerSessionV2, held []integration.Effect, units map[int]unitRange,
) (o outcome, refused *refusal) {
	rollbacks := undoing{session.ProfileID, units}.rollbacks(held)
	s.mu.Lock()
	change := s.onRollback
	s.mu.Unlock()
	if change != nil {
		rollbacks = change(c.op, session.Clone(), rollbacks)
	}
	o, refused = s.take("OnRollback", rollbacks, session, held, "undoes no effect that applies, or more than is left of one. "+
		"OnRollback gets a list of rollbacks: change that list, and add no rollback with another name, line, unit, cost, scope, code "+
		"or transaction")
	if refused != nil {
		return o, refused
	}
	if c.op != talonone.OperationReturn {
		for i, e := range o.answer {
			if gives(e.Props) {
				s.fail("effect %d of OnRollback (%s) gives something, but the session was cancelled or reopened. Return only "+
					"rollbacks. An open session gets its effects from OnEffects at the next update", i, e.Type)
			}
		}
	}
	return o, nil
}

// gives reports whether an effect gives the customer something.
func gives(p integration.EffectProps) bool {
	switch p.(type) {
	case *integration.AddFreeItem, *integration.AwardGiveaway, *integration.CouponCreated, *integration.ReferralCreated:
		return true
	}
	_, ok := undoable(p)
	return ok
}

// undoing describes what an operation undoes.
type undoing struct {
	profileID string // of the session
	// units are the units that a return takes back, by line. nil means all effects, for a cancellation or a reopening.
	units map[int]unitRange
}

// A unitRange is a range of units of one line that come back together.
type unitRange struct {
	first, end int // the first unit and the one after the last; counted from 0 over all bought units
	left       int // units of the line that were left before the return
}

// rollbacks returns the rollbacks of the effects that apply. They share no memory with these effects.
func (u undoing) rollbacks(held []integration.Effect) (rollbacks []integration.Effect) {
	for _, e := range held {
		if props := u.rollback(e.Props); props != nil {
			e.Type, e.Props, e.Extra = "", props, nil // the campaign and the rule stay those of the effect
			rollbacks = append(rollbacks, e.Clone())
		}
	}
	return rollbacks
}

// rollback returns the rollback of an effect, or nil: some effects cannot be undone, and a return undoes only the effects on the
// units that come back.
func (u undoing) rollback(p integration.EffectProps) integration.EffectProps {
	switch p := p.(type) {
	case *integration.SetDiscount:
		if value := u.ofSession(p.Value); !value.IsZero() {
			return &integration.RollbackDiscount{Name: p.Name, Value: value, Scope: p.Scope}
		}
	case *integration.SetDiscountPerItem:
		// The additional costs of a line count until its last unit comes back.
		if value := u.ofLine(p.Value, p.Position, p.SubPosition, p.Scope != "additionalCosts"); !value.IsZero() {
			return &integration.RollbackDiscount{
				Name: p.Name, Value: value, CartItemPosition: &p.Position, CartItemSubPosition: p.SubPosition, Scope: p.Scope,
			}
		}
	case *integration.SetDiscountPerAdditionalCost:
		if value := u.ofSession(p.Value); !value.IsZero() {
			return &integration.RollbackDiscount{
				Name: p.Name, Value: value, AdditionalCostID: &p.AdditionalCostID, AdditionalCost: p.AdditionalCost,
			}
		}
	case *integration.SetDiscountPerAdditionalCostPerItem:
		if value := u.ofLine(p.Value, p.Position, p.SubPosition, false); !value.IsZero() {
			return &integration.RollbackDiscount{
				Name: p.Name, Value: value, CartItemPosition: &p.Position, CartItemSubPosition: p.SubPosition,
				AdditionalCostID: &p.AdditionalCostID, AdditionalCost: p.AdditionalCost,
			}
		}
	case *integration.AddLoyaltyPoints:
		value := u.ofSession(p.Value)
		if p.CartItemPosition != nil {
			value = u.ofLine(p.Value, *p.CartItemPosition, p.CartItemSubPosition, true)
		}
		if !value.IsZero() {
			return &integration.RollbackAddedLoyaltyPoints{
				ProgramID: p.ProgramID, SubLedgerID: p.SubLedgerID, Value: value, RecipientIntegrationID: p.RecipientIntegrationID,
				TransactionUUID: p.TransactionUUID, CartItemPosition: p.CartItemPosition,
				CartItemSubPosition: p.CartItemSubPosition, CardIdentifier: p.CardIdentifier,
			}
		}
	case *integration.DeductLoyaltyPoints:
		if value := u.ofSession(p.Value); !value.IsZero() {
			return &integration.RollbackDeductedLoyaltyPoints{
				ProgramID: p.ProgramID, SubLedgerID: p.SubLedgerID, Value: value, RecipientIntegrationID: u.profileID,
				TransactionUUID: p.TransactionUUID, CardIdentifier: p.CardIdentifier,
			}
		}
	}
	if u.units != nil {
		return nil // codes and progress belong to the session, not to units
	}
	switch p := p.(type) {
	case *integration.AcceptCoupon:
		return &integration.RollbackCoupon{Value: p.Value}
	case *integration.AcceptReferral:
		return &integration.RollbackReferral{Value: p.Value}
	//lint:ignore SA1019 the API may still give it
	case *integration.RedeemReferral:
		return &integration.RollbackReferral{Value: p.Value}
	case *integration.IncreaseAchievementProgress:
		r := &integration.RollbackIncreasedAchievementProgress{
			AchievementID: p.AchievementID, AchievementName: p.AchievementName,
			DecreaseProgressBy: p.Delta, CurrentProgress: p.Value.Sub(p.Delta), Target: p.Target,
		}
		if p.ProgressTrackerID != nil {
			r.ProgressTrackerID = *p.ProgressTrackerID
		}
		return r
	case *integration.UseReward:
		return &integration.RollbackUseReward{IntegrationID: p.IntegrationID, RewardID: p.RewardID, ApplicationID: p.ApplicationID}
	}
	return nil
}

// ofSession returns how much is undone of an effect on the session as a whole.
func (u undoing) ofSession(amount decimal.Decimal) decimal.Decimal {
	if u.units != nil {
		return decimal.Zero
	}
	return amount
}

// ofLine returns how much is undone of an effect on a line or on one unit of it. An effect on the whole line is undone by the share
// of the returned units if shared is true, and otherwise with the last unit.
func (u undoing) ofLine(amount decimal.Decimal, line int, unit *int, shared bool) decimal.Decimal {
	if u.units == nil {
		return amount
	}
	back, ok := u.units[line]
	n := back.end - back.first
	switch {
	case !ok:
		return decimal.Zero
	case unit != nil && back.first <= *unit && *unit < back.end:
		return amount
	case unit != nil:
		return decimal.Zero
	case n == back.left:
		return amount // the whole rest: a share would lose some of it by rounding
	case !shared:
		return decimal.Zero
	}
	places := max(2, -amount.Exponent())
	return amount.Mul(decimal.NewFromInt(int64(n))).DivRound(decimal.NewFromInt(int64(back.left)), places)
}
