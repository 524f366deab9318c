package integrationtest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The limits of a dump: the number of last requests, of first sessions, and of bytes in one text.
const (
	dumpedRequests = 50
	dumpedSessions = 50
	dumpedBytes    = 4 << 10
)

// Dump describes the server as text for people: each session with its returns and the effects that apply, the number of faults in
// the queue, and the requests with their bodies and the status of the answer. It shows at most the first 50 sessions by ID and the
// last 50 requests, and 4 KiB of a session, an effect, a return or a body. It has no header fields, so it has no API key. Under
// [NewServer] a failed test logs the dump by itself. The format of the text may change.
func (s *Server) Dump() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	fmt.Fprintf(&b, "sessions: %d\n", len(s.sessions))
	for i, id := range slices.Sorted(maps.Keys(s.sessions)) {
		if i == dumpedSessions {
			fmt.Fprintf(&b, "  and %d more\n", len(s.sessions)-i)
			break
		}
		known := s.sessions[id]
		fmt.Fprintf(&b, "  %q is %s\n", id, cmp.Or(known.session.State, "open"))
		dumpJSON(&b, "session", known.session)
		for _, e := range known.effects {
			dumpJSON(&b, "effect", e)
		}
		for _, r := range known.returns {
			dumpJSON(&b, "return", r)
		}
	}
	fmt.Fprintf(&b, "faults to come: %d\n", len(s.faults))
	fmt.Fprintf(&b, "requests: %d\n", len(s.requests))
	first := max(0, len(s.requests)-dumpedRequests)
	if first > 0 {
		fmt.Fprintf(&b, "  %d earlier ones\n", first)
	}
	for _, r := range s.requests[first:] {
		query := ""
		if len(r.Query) > 0 {
			query = "?" + r.Query.Encode()
		}
		fmt.Fprintf(&b, "  %s %q%s: %d\n", r.Method, r.Path, query, r.Status)
		if len(r.Body) > 0 {
			fmt.Fprintf(&b, "    body: %s\n", cut(string(r.Body)))
		}
	}
	return b.String()
}

func dumpJSON(b *strings.Builder, what string, v interface{ AppendJSON([]byte) ([]byte, error) }) {
	text, err := v.AppendJSON(nil)
	if err != nil { // SetSession does not check its session
		text = []byte(err.Error())
	}
	fmt.Fprintf(b, "    %s: %s\n", what, cut(string(text)))
}

func cut(text string) string {
	if len(text) > dumpedBytes {
		return fmt.Sprintf("%s... (%d bytes)", strings.ToValidUTF8(text[:dumpedBytes], ""), len(text))
	}
	return text
}
