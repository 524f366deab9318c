package integrationtest

import (
	"fmt"
	"net/http"
	"time"
)

// A fault is a fault that the next request meets.
type fault struct {
	status int // 0: the request is served
	header http.Header
	body   []byte // nil: the usual body for the status
	cut    bool   // the connection breaks inside the body of the answer
}

// FailNext makes the next n requests fail: the server answers each with the status and header fields, without checking the
// request or acting on it. The body is the usual one for the status: a gateway's page for 502, 503 and 504, the API's error for any
// other 4xx or 5xx, and none for 2xx and 3xx.
//
// Faults form a queue: the faults of a later call, or of CutNext, come after the earlier ones. A status below 200 or above 599
// ends the test, or panics under [Start].
func (s *Server) FailNext(n, status int, header http.Header) {
	if s.t != nil {
		s.t.Helper()
	}
	if status < 200 || status > 599 {
		s.misuse("FailNext: status %d", status)
	}
	s.addFaults(n, fault{status: status, header: header.Clone()})
}

// An Answer is the answer of [Server.FailNextWith].
type Answer struct {
	// Status is the status, from 200 to 599.
	Status int
	// Header has the header fields. The default Content-Type is application/json.
	Header http.Header
	// Body is the body, sent as it is.
	Body []byte
}

// FailNextWith is like [Server.FailNext], but with a body of the caller's choice, such as a recorded error or the page of a gateway.
func (s *Server) FailNextWith(n int, answer Answer) {
	if s.t != nil {
		s.t.Helper()
	}
	if answer.Status < 200 || answer.Status > 599 {
		s.misuse("FailNextWith: status %d", answer.Status)
	}
	s.addFaults(n, fault{status: answer.Status, header: answer.Header.Clone(), body: append([]byte{}, answer.Body...)})
}

// CutNext makes the connection break inside the body of the next n answers. The server has then acted on the request, but the
// client cannot know that. Idempotency keys exist for this case. Faults form a queue: see [Server.FailNext].
func (s *Server) CutNext(n int) { s.addFaults(n, fault{cut: true}) }

func (s *Server) addFaults(n int, f fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.faults = append(s.faults, f)
	}
}

// Delay delays each answer by d from now on. The server acts on the request first, and its session stays busy until the answer is
// sent. Some errors are not delayed: 401, 409, 413, 501, and the 400 for a query that cannot be decoded or that has a parameter of
// another operation.
func (s *Server) Delay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = d
}

// nextFault takes the next fault out of the queue, or returns the zero fault.
func (s *Server) nextFault() (f fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) > 0 {
		f, s.faults = s.faults[0], s.faults[1:]
	}
	return f
}

// answer returns the answer of the fault, with the usual body for its status unless it has one.
func (f fault) answer() answer {
	a := answer{status: f.status, header: http.Header{}}
	text := fmt.Sprintf("%d %s", f.status, http.StatusText(f.status))
	switch {
	case f.body != nil:
		a.body = f.body
	case f.status == http.StatusBadGateway || f.status == http.StatusServiceUnavailable || f.status == http.StatusGatewayTimeout:
		a.header.Set("Content-Type", "text/html; charset=utf-8")
		a.body = fmt.Appendf(nil, "<html>\n<head><title>%s</title></head>\n<body><h1>%s</h1></body>\n</html>\n", text, text)
	case f.status >= 400:
		a.body = refuse(f.status, http.StatusText(f.status)).answer().body
	}
	for name, values := range f.header {
		a.header[http.CanonicalHeaderKey(name)] = values
	}
	return a
}
