package integrationtest

import "context"

// maxParallel is how many requests may be under way for one session: one that is worked on and two that wait.
const maxParallel = 3

// A queue lets the writing requests for one session pass one at a time, in the order in which they came.
type queue struct {
	turn     chan struct{} // full while a request is worked on
	underWay int           // how many are worked on or wait
}

// enter waits for the turn to write a session, or for the end of ctx, and returns the function to call afterwards. busy
// says that too many wait already.
func (s *Server) enter(ctx context.Context, sessionID string) (leave func(), busy bool) {
	s.mu.Lock()
	q := s.queues[sessionID]
	if q == nil {
		q = &queue{turn: make(chan struct{}, 1)}
		s.queues[sessionID] = q
	}
	busy = q.underWay == maxParallel
	if !busy {
		q.underWay++
	}
	s.mu.Unlock()
	if busy {
		return nil, true
	}

	drop := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if q.underWay--; q.underWay == 0 {
			delete(s.queues, sessionID)
		}
	}
	select {
	case q.turn <- struct{}{}: // who waits here gets through in order
		return func() {
			<-q.turn
			drop()
		}, false
	case <-ctx.Done():
		return drop, false
	}
}
