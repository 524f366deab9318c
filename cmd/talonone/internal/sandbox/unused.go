package sandbox

import (
	"net"
	"net/http"
	"sync"
)

// unused are the connections that no request has used yet. A browser opens some in advance, and [http.Server.Shutdown] waits for
// them for five seconds.
type unused struct {
	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

// note is told of each new state of a connection.
func (u *unused) note(c net.Conn, state http.ConnState) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if state == http.StateNew {
		u.conns[c] = struct{}{}
	} else {
		delete(u.conns, c)
	}
}

func (u *unused) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for c := range u.conns {
		_ = c.Close()
	}
}
