package integrationtest

import "github.com/talonone-go/talonone/integration"

// get answers GET /v2/customer_sessions/{customerSessionId}.
func (s *Server) get(c *call) (*integration.IntegrationState, *refusal) {
	session, known, refused := s.existing(c.sessionID)
	if refused != nil {
		return nil, refused
	}
	c.content = []string{"customerSession"}
	effects := append([]integration.Effect{}, known.effects...)
	return &integration.IntegrationState{CustomerSession: &session, Effects: effects}, nil
}
