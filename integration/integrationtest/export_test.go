package integrationtest

// UnderWay returns how many requests that write a session are worked on or wait.
func (s *Server) UnderWay(sessionID string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q := s.queues[sessionID]; q != nil {
		return q.underWay
	}
	return 0
}
