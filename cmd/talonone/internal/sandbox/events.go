package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
	"time"
)

const (
	// leastWait is the minimum time between two events, so that many requests at once cause one event.
	leastWait = 100 * time.Millisecond
	// mostWait is the maximum time without an event. A comment is sent then, and writing it fails if the connection is dead. A
	// reader may take as long as that for an event.
	mostWait = 15 * time.Second
)

// events tells a page whenever something has changed, as server-sent events. An event has the version as its ID, and as its data
// what changed last. A reader that is slow gets fewer of them, and nobody waits for it.
func (s *Sandbox) events(w http.ResponseWriter, r *http.Request) {
	// A browser that connects again says what it has seen; a page says it when it connects for the first time.
	seen := cmp.Or(r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after"))
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	stream := http.NewResponseController(w)
	for {
		latest, changed := s.traffic.latest()
		// A test's writer has no deadline, and needs none.
		_ = stream.SetWriteDeadline(time.Now().Add(mostWait))
		var err error
		if latest.version == seen {
			_, err = fmt.Fprint(w, ":\n\n") // a comment
		} else {
			// The text is a method and an encoded path, which have no line break.
			_, err = fmt.Fprintf(w, "id: %s\nevent: change\ndata: %s\n\n", latest.version, latest.text)
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
