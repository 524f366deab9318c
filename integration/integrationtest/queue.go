package integrationtest

import (
	"context"

	"github.com/talonone-go/talonone"
)

// maxParallel is the maximum number of updates at once for one session: one is running and two wait.
const maxParallel = 3

// A queue runs the writing requests for one session one at a time, in the order of their arrival.
type queue struct {
	turn     chan struct{} // full while a request is running
	underWay int           // the number of requests that are running or waiting
	updates  int           // the number of updates among them
}

// enter waits for the turn to write a session, or for the end of ctx. It returns the function that the caller must call afterwards.
// busy is true if the session has too many updates already. Reopenings and returns have no limit.
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
	case q.turn <- struct{}{}: // goroutines that wait to send do so in order
		return func() {
			<-q.turn
			drop()
		}, false
	case <-ctx.Done():
		return drop, false
	}
}
