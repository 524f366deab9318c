package integrationtest

// UnderWay returns the number of writing requests for a session that are running or waiting.
func (s *Server) UnderWay(sessionID string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q := s.queues[sessionID]; q != nil {
		return q.underWay
	}
	return 0
}
