package integrationtest

import (
	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// reopen answers PUT /v2/customer_sessions/{customerSessionId}/reopen.
func (s *Server) reopen(c *call) (*integration.IntegrationState, *refusal) {
	session, known, refused := s.existing(c.sessionID)
	if refused != nil {
		return nil, refused
	}
	if op, _ := session.State.Via(talonone.StateOpen); op != talonone.OperationReopen {
		return nil, wrongState(session.State, talonone.StateOpen, "only a closed session can be reopened")
	}
	session.State = talonone.StateOpen
	session.Updated = c.now
	effects, refused := s.rollBack(c, session, known.effects, nil)
	if refused != nil {
		return nil, refused
	}
	s.store(c, session, effects.held, known.returns)
	return &integration.IntegrationState{Effects: effects.answer}, nil
}
