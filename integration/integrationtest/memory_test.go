package integrationtest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMemoryOfSessions: a thousand carts of a hundred items fit in 300 MB, with an effect for each item and the log of the
// requests.
func TestMemoryOfSessions(t *testing.T) {
	sessions, most := 1000, int64(300e6)
	if raceEnabled {
		sessions, most = sessions/10, most/10
	}
	body := shopUpdate(t, 100)
	s := newBenchmarkServer(t)
	before := heap()
	w := &sink{header: http.Header{}}
	for i := range sessions {
		r := updateRequest(t, s, fmt.Sprintf("order-%d", i), nil)
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.Handler().ServeHTTP(w, r)
		require.Equal(t, http.StatusOK, w.status)
	}
	with := heap() - before
	s.mu.Lock()
	s.requests = nil
	s.mu.Unlock()
	without := heap() - before
	t.Logf("%d MB, %d MB without the log of the requests", with/1e6, without/1e6)
	require.Len(t, s.sessions, sessions)
	require.Less(t, with, most)
	require.Greater(t, without, int64(sessions*len(body)), "the sessions are in memory: they take at least as much as their text")
	require.Less(t, without, with)
}

// heap returns the bytes of the heap in use.
func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // a sync.Pool keeps its values for one collection
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
