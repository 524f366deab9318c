package integration

import (
	"context"
	"slices"
	"sync"
)

// A queue makes the calls for one session wait for each other, in the order in which they joined. A mutex would not do:
// it promises no order, and who waits for it cannot leave.
//
// A nil queue lets everyone pass.
type queue struct {
	mu    sync.Mutex
	lines map[string][]*turn // by session, the call under way first; no line is empty
}

// A turn is a call's place in the line of a session.
type turn struct {
	queue   *queue
	session string
	ready   chan struct{} // closed when the call is the first in its line
}

func newQueue() *queue { return &queue{lines: make(map[string][]*turn)} }

// join takes the last place in the line of a session.
func (q *queue) join(session string) *turn {
	if q == nil {
		return nil
	}
	t := &turn{queue: q, session: session, ready: make(chan struct{})}
	q.mu.Lock()
	defer q.mu.Unlock()
	line := append(q.lines[session], t)
	if len(line) == 1 {
		close(t.ready)
	}
	q.lines[session] = line
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

// leave gives the place up, whether it was waited for or not.
func (t *turn) leave() {
	if t == nil {
		return
	}
	q := t.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	line := q.lines[t.session]
	i := slices.Index(line, t)
	line = slices.Delete(line, i, i+1)
	if len(line) == 0 {
		delete(q.lines, t.session)
		return
	}
	q.lines[t.session] = line
	if i == 0 {
		close(line[0].ready)
	}
}
