package integrationtest

import (
	"context"

	"github.com/talonone-go/talonone"
)

// maxParallel is how many updates may be under way for one session: one that is worked on and two that wait.
const maxParallel = 3

// A queue lets the writing requests for one session pass one at a time, in the order in which they came.
type queue struct {
	turn     chan struct{} // full while a request is worked on
	underWay int           // how many are worked on or wait
	updates  int           // how many of them are updates
}

// enter waits for the turn to write a session, or for the end of ctx, and returns the function to call afterwards. busy
// says that too many updates wait already. Reopenings and returns have no limit.
func (s *Server) enter(ctx context.Context, t target) (leave func(), busy bool) {
	updates := 0
	if t.op == talonone.OperationUpdate {
		updates = 1
	}
	s.mu.Lock()
	q := s.queues[t.sessionID]
	if q == nil {
		q = &queue{turn: make(chan struct{}, 1)}
		s.queues[t.sessionID] = q
	}
	busy = q.updates+updates > maxParallel
	if !busy {
		q.underWay++
		q.updates += updates
	}
	s.mu.Unlock()
	if busy {
		return nil, true
	}

	drop := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		q.updates -= updates
		if q.underWay--; q.underWay == 0 {
			delete(s.queues, t.sessionID)
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
