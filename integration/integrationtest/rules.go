package integrationtest

import (
	"fmt"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// An outcome is the effects in the answer of an operation, and the effects of the session after it.
type outcome struct {
	answer []integration.Effect // never nil
	held   []integration.Effect // the effects that apply after the operation
}

// take returns the outcome of the effects that a function of the user returned for a session. earlier are the effects that applied
// before. An effect that the API would not give fails the test. undoesNothing is the text for a rollback that undoes no effect.
func (s *Server) take(
	function string, given []integration.Effect, session talonone.CustomerSessionV2, earlier []integration.Effect, undoesNothing string,
) (o outcome, refused *refusal) {
	if o.answer, refused = s.sendable(function, given); refused != nil {
		return o, refused
	}
	var unmatched []int
	o.held, unmatched = settle(earlier, o.answer)
	for _, i := range unmatched {
		s.fail("effect %d of %s (%s) %s", i, function, o.answer[i].Type, undoesNothing)
	}
	s.checkPlaces(function, o.answer, session)
	return o, nil
}

// sendable returns copies of the effects in the form that an answer has. The function of the user may change its own values later.
func (s *Server) sendable(function string, given []integration.Effect) ([]integration.Effect, *refusal) {
	text := append(make([]byte, 0, 256*(len(given)+1)), `{"effects":[`...)
	for i, e := range given {
		if i > 0 {
			text = append(text, ',')
		}
		var err error
		if text, err = e.AppendJSON(text); err != nil {
			return nil, s.broken("effect %d of %s cannot be sent: %v", i, function, err)
		}
	}
	var state integration.IntegrationState
	if err := state.UnmarshalJSON(append(text, "]}"...)); err != nil {
		return nil, s.broken("the effects of %s cannot be sent: %v", function, err)
	}
	return state.Effects, nil
}

// checkPlaces fails the test for each effect on a line, a unit or an additional cost that the session does not have.
func (s *Server) checkPlaces(function string, effects []integration.Effect, session talonone.CustomerSessionV2) {
	for i, e := range effects {
		if wrong := wrongPlace(e.Props, session); wrong != "" {
			s.fail("effect %d of %s (%s) is on %s. Return only effects for the lines, units and costs of the session that the "+
				"function gets. Positions count from 0", i, function, e.Type, wrong)
		}
	}
}

// wrongPlace describes the line, unit or cost of an effect if the session does not have it. Otherwise it returns "".
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
