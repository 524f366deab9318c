package integrationtest

import "net/http"

// ServeHTTP answers a request, as the server does for those that come over its own listener.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.serve(w, r) }

// UnderWay returns how many requests that write a session are worked on or wait.
func (s *Server) UnderWay(sessionID string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q := s.queues[sessionID]; q != nil {
		return q.underWay
	}
	return 0
}
