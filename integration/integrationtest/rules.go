package integrationtest

import (
	"fmt"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// An Evaluation is what the function of [Server.OnEffects] decides on.
type Evaluation struct {
	// Session is a copy of the session as the update leaves it. Its state is open or closed.
	Session talonone.CustomerSessionV2
	// DryRun says that nothing is stored.
	DryRun bool
	// Previous are copies of the effects that held before the update. A new session and a dry run have none.
	Previous []integration.Effect
}

// OnEffects sets the function that stands for the rule engine, or none with nil. The server calls it for each update that
// leaves the session open or closed, dry runs too. It returns all effects that hold for the session now: they are the answer's,
// and take the place of those before. Without a function there are no effects.
//
// It is not called when a session is cancelled, reopened or returned, because the server rolls back by itself then: see
// [Server.OnRollback].
//
// For an effect that cannot be sent the answer is a 500, and the update is not carried out. An effect that the API would not give,
// such as a discount on a line that the session does not have, is sent as it is. Each fails the test under [NewServer], and under
// [Start] goes to the log of [WithLogger].
//
// The function is called by one goroutine at a time for one session, but by several at once for different ones. It may
// call the server's methods, but not Close, which waits for it. What it sets of the session at hand gives way to what the
// operation makes of that.
func (s *Server) OnEffects(effects func(e Evaluation) []integration.Effect) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onEffects = effects
}

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

// An outcome is what an operation does to the effects of a session.
type outcome struct {
	answer []integration.Effect // never nil
	held   []integration.Effect // afterwards
}

// evaluate asks the rules for the effects of an open or closed session.
func (s *Server) evaluate(c *call, session talonone.CustomerSessionV2, previous []integration.Effect) (o outcome, refused *refusal) {
	s.mu.Lock()
	ask := s.onEffects
	s.mu.Unlock()
	if ask == nil {
		return outcome{answer: []integration.Effect{}}, nil
	}
	given := ask(Evaluation{Session: session.Clone(), DryRun: c.dry, Previous: clone(previous)})
	if o.answer, refused = s.sendable("OnEffects", given); refused != nil {
		return o, refused
	}
	var unmatched []int
	o.held, unmatched = settle(nil, o.answer)
	for _, i := range unmatched {
		s.fail("effect %d of OnEffects (%s) undoes nothing in its list. OnEffects returns all effects that hold now: leave out what "+
			"no longer holds, and leave the rollbacks of a cancelling, a return and a reopening to the server", i, o.answer[i].Type)
	}
	s.checkPlaces("OnEffects", o.answer, session)
	return o, nil
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
	if o.answer, refused = s.sendable("OnRollback", rollbacks); refused != nil {
		return o, refused
	}
	var unmatched []int
	o.held, unmatched = settle(held, o.answer)
	for _, i := range unmatched {
		s.fail("effect %d of OnRollback (%s) undoes nothing that holds, or more than is left of it. OnRollback is given what the "+
			"operation undoes: change that list, and add no rollback of another name, line, unit, cost, scope, code or transaction",
			i, o.answer[i].Type)
	}
	if c.op != talonone.OperationReturn {
		for i, e := range o.answer {
			if gives(e.Props) {
				s.fail("effect %d of OnRollback (%s) gives something, but the session was cancelled or reopened. Return rollbacks "+
					"alone: an open session gets its effects by the next update, from OnEffects", i, e.Type)
			}
		}
	}
	s.checkPlaces("OnRollback", o.answer, session)
	return o, nil
}

// sendable returns the effects as the answer has them. They are copies: what the function keeps of them, it may change.
func (s *Server) sendable(function string, given []integration.Effect) ([]integration.Effect, *refusal) {
	effects := make([]integration.Effect, len(given))
	for i, e := range given {
		text, err := e.AppendJSON(nil)
		if err == nil {
			err = effects[i].UnmarshalJSON(text)
		}
		if err != nil {
			return nil, s.broken("effect %d of %s cannot be sent: %v", i, function, err)
		}
	}
	return effects, nil
}

// checkPlaces fails the test for each effect that is on a line, a unit or an additional cost that the session does not have.
func (s *Server) checkPlaces(function string, effects []integration.Effect, session talonone.CustomerSessionV2) {
	for i, e := range effects {
		if wrong := wrongPlace(e.Props, session); wrong != "" {
			s.fail("effect %d of %s (%s) is on %s. Return effects for the lines, units and costs of the session that the function "+
				"is given; positions count from 0", i, function, e.Type, wrong)
		}
	}
}

// wrongPlace says what the session does not have and an effect is on, or "".
func wrongPlace(p integration.EffectProps, session talonone.CustomerSessionV2) string {
	switch p := p.(type) {
	case *integration.SetDiscountPerItem:
		return wrongUnit(&p.Position, p.SubPosition, session)
	case *integration.SetDiscountPerAdditionalCost:
		return wrongCost(p.AdditionalCost, session.AdditionalCosts, "session")
	case *integration.SetDiscountPerAdditionalCostPerItem:
		if wrong := wrongUnit(&p.Position, p.SubPosition, session); wrong != "" {
			return wrong
		}
		return wrongCost(p.AdditionalCost, session.CartItems[p.Position].AdditionalCosts, "line")
	case *integration.AddLoyaltyPoints:
		return wrongUnit(p.CartItemPosition, p.CartItemSubPosition, session)
	case *integration.CustomEffect:
		return wrongUnit(p.CartItemPosition, p.CartItemSubPosition, session)
	}
	return ""
}

func wrongUnit(line, unit *int, session talonone.CustomerSessionV2) string {
	switch {
	case line == nil && unit != nil:
		return fmt.Sprintf("unit %d of no line", *unit)
	case line == nil:
		return ""
	case *line < 0 || *line >= len(session.CartItems):
		return fmt.Sprintf("line %d, but the session has %d", *line, len(session.CartItems))
	case unit != nil && (*unit < 0 || *unit >= session.CartItems[*line].Quantity):
		return fmt.Sprintf("unit %d of line %d, which has %d", *unit, *line, session.CartItems[*line].Quantity)
	}
	return ""
}

func wrongCost(name string, costs map[string]talonone.AdditionalCost, owner string) string {
	if _, ok := costs[name]; !ok {
		return "an additional cost that the " + owner + " does not have"
	}
	return ""
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

func clone(effects []integration.Effect) []integration.Effect {
	if effects == nil {
		return nil
	}
	copies := make([]integration.Effect, len(effects))
	for i, e := range effects {
		copies[i] = e.Clone()
	}
	return copies
}
