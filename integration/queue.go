package integration

import (
	"container/list"
	"context"
	"sync"
)

// A queue makes the calls for one session run one after another, in the order in which they joined. A mutex does not suffice:
// it guarantees no order, and a wait for it cannot be cancelled.
//
// With a nil queue no call waits.
type queue struct {
	mu    sync.Mutex
	lines map[string]*list.List // of *turn, by session, the running call first; no list is empty
}

// A turn is a call's place in the queue of a session.
type turn struct {
	queue   *queue
	session string
	place   *list.Element // a list element, so that leaving takes constant time
	ready   chan struct{} // closed when the call is the first in its queue
}

func newQueue() *queue { return &queue{lines: make(map[string]*list.List)} }

// join adds a call at the end of the queue of a session.
func (q *queue) join(session string) *turn {
	if q == nil {
		return nil
	}
	t := &turn{queue: q, session: session, ready: make(chan struct{})}
	q.mu.Lock()
	defer q.mu.Unlock()
	line := q.lines[session]
	if line == nil {
		line = list.New()
		q.lines[session] = line
	}
	t.place = line.PushBack(t)
	if line.Front() == t.place {
		close(t.ready)
	}
	return t
}

// wait returns when it is the call's turn or when ctx ends.
func (t *turn) wait(ctx context.Context) {
	if t == nil {
		return
	}
	select {
	case <-t.ready:
	case <-ctx.Done():
	}
}

// leave removes the call from the queue, whether or not it is its turn.
func (t *turn) leave() {
	if t == nil {
		return
	}
	q := t.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	line := q.lines[t.session]
	first := line.Front() == t.place
	line.Remove(t.place)
	switch next := line.Front(); {
	case next == nil:
		delete(q.lines, t.session)
	case first:
		close(next.Value.(*turn).ready)
	}
}
