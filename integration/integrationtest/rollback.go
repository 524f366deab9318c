package integrationtest

import (
	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// OnRollback sets a function that may change what a return, a reopening or a cancelling answers, or none with nil. op is
// [talonone.OperationReturn], [talonone.OperationReopen], or [talonone.OperationUpdate] for a cancelling. The session is a copy of
// it as the operation leaves it. rollbacks are what the server undoes by itself: a cancelling and a reopening everything that
// holds and has a rollback effect, a return what is on the returned units. What the function returns takes their place, dry
// runs included. An effect whose rollback it leaves out still holds.
//
// A rollback of what does not hold, or of more than holds, fails the test under [NewServer], and under [Start] goes to the log of
// [WithLogger]. So does an effect that gives something when the session was cancelled or reopened. For the rest it is called
// as the function of [Server.OnEffects] is.
func (s *Server) OnRollback(
	change func(op talonone.Operation, session talonone.CustomerSessionV2, rollbacks []integration.Effect) []integration.Effect,
) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onRollback = change
}

// rollBack undoes what an operation undoes of the effects that hold. session is as the operation leaves it.
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
	o, refused = s.take("OnRollback", rollbacks, session, held, "undoes nothing that holds, or more than is left of it. OnRollback is "+
		"given what the operation undoes: change that list, and add no rollback of another name, line, unit, cost, scope, code or "+
		"transaction")
	if refused != nil {
		return o, refused
	}
	if c.op != talonone.OperationReturn {
		for i, e := range o.answer {
			if gives(e.Props) {
				s.fail("effect %d of OnRollback (%s) gives something, but the session was cancelled or reopened. Return rollbacks "+
					"alone: an open session gets its effects by the next update, from OnEffects", i, e.Type)
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

// undoing says what an operation undoes.
type undoing struct {
	profileID string // of the session
	// units are the units that a return takes back, by line. Nil is everything that holds: a cancelling or a reopening.
	units map[int]unitRange
}

// A unitRange is units of one line that come back together.
type unitRange struct {
	first, end int // from first, before end; counted from 0 over what was bought
	left       int // units of the line that were left before
}

// rollbacks returns the rollbacks of the effects that hold. They share nothing with these.
func (u undoing) rollbacks(held []integration.Effect) (rollbacks []integration.Effect) {
	for _, e := range held {
		e = e.Clone()
		if props := u.rollback(e.Props); props != nil {
			e.Type, e.Props, e.Extra = "", props, nil // the campaign and the rule are those of the effect
			rollbacks = append(rollbacks, e)
		}
	}
	return rollbacks
}

// rollback returns what undoes an effect, or nil: not all effects can be undone, and a return undoes only what is on the units
// that come back.
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
		return nil // codes and progress are the session's
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

// ofSession returns how much is undone of what is on the session as a whole.
func (u undoing) ofSession(amount decimal.Decimal) decimal.Decimal {
	if u.units != nil {
		return decimal.Zero
	}
	return amount
}

// ofLine returns how much is undone of what is on a line, or on one unit of it. What is on the whole line is undone by the
// share of the units where shared says so, and otherwise with the last unit.
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
		return amount // all that is left, so that nothing is lost by rounding
	case !shared:
		return decimal.Zero
	}
	places := max(2, -amount.Exponent())
	return amount.Mul(decimal.NewFromInt(int64(n))).DivRound(decimal.NewFromInt(int64(back.left)), places)
}
