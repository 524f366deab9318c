package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	// leastWait is the minimum time between two events, so that many requests at once cause one event.
	leastWait = 100 * time.Millisecond
	// mostWait is the maximum time without an event. A comment is sent then, and writing it fails if the connection is dead.
	mostWait = 15 * time.Second
)

// events sends the changes as server-sent events. The ID of an event is the number of the change, and its data describes the last
// change. A slow reader gets fewer events, and nothing waits for it.
func (s *Sandbox) events(w http.ResponseWriter, r *http.Request) {
	// A browser that reconnects sends the ID of the last event. On the first connection, a page sends its version as "after".
	seen, _ := strconv.Atoi(cmp.Or(r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after")))
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	stream := http.NewResponseController(w)
	for {
		latest, changed := s.traffic.latest()
		var err error
		if latest.version == seen {
			_, err = fmt.Fprint(w, ":\n\n") // a comment
		} else {
			// The text has no line break, because a method and an encoded path have none.
			_, err = fmt.Fprintf(w, "id: %d\nevent: change\ndata: %s\n\n", latest.version, latest.text)
			seen = latest.version
		}
		if err == nil {
			err = stream.Flush()
		}
		if err != nil || !s.wait(r, leastWait, nil) || !s.wait(r, mostWait, changed) {
			return
		}
	}
}

// wait waits until d has passed or changed is closed. It returns false if the reader has gone or the sandbox is stopping.
func (s *Sandbox) wait(r *http.Request, d time.Duration, changed <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-changed:
	case <-r.Context().Done():
		return false
	case <-s.stopping:
		return false
	}
	return true
}
