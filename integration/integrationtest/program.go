package integrationtest

import (
	"net/http"
	"slices"

	"github.com/talonone-go/talonone/integration"
)

// What a program needs that serves the API on a listener of its own.

// Handler returns what answers the requests, for a program that has a listener of its own. It works also after
// [Server.Close], which then only stops the server's own listener.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// Effects returns a copy of the effects that a GET of the session with an integration ID would return. ok is false if there is
// no such session.
func (s *Server) Effects(id string) (effects []integration.Effect, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.sessions[id]
	if !ok {
		return nil, false
	}
	effects = slices.Clone(known.effects)
	for i := range effects {
		effects[i] = effects[i].Clone()
	}
	return effects, true
}
