package integrationtest

import (
	"fmt"
	"net/http"
	"time"
)

// A fault is what the next request runs into.
type fault struct {
	status int // 0: the request is served
	header http.Header
	body   []byte // nil: such a body as usually comes with the status
	cut    bool   // the connection breaks inside the body of the answer
}

// FailNext makes the next n requests fail: each is answered with the status and header fields, without looking at the
// request or acting on it. The body is what such a status comes with: the API's errors for a 4xx, a gateway's page for
// 502, 503 and 504, nothing for 2xx and 3xx.
//
// Faults form a queue: those of a second call, and of CutNext, come after those of the first. A status below 200 or above
// 599 ends the test, or panics under [Start].
func (s *Server) FailNext(n, status int, header http.Header) {
	if s.t != nil {
		s.t.Helper()
	}
	if status < 200 || status > 599 {
		s.misuse("FailNext: status %d", status)
	}
	s.addFaults(n, fault{status: status, header: header.Clone()})
}

// An Answer is what [Server.FailNextWith] answers.
type Answer struct {
	// Status is the status, from 200 to 599.
	Status int
	// Header holds header fields. Without a Content-Type it is application/json.
	Header http.Header
	// Body is the body, sent as it is.
	Body []byte
}

// FailNextWith does what [Server.FailNext] does, with a body of the caller's choice, such as an error that was recorded or the
// page of a gateway.
func (s *Server) FailNextWith(n int, answer Answer) {
	if s.t != nil {
		s.t.Helper()
	}
	if answer.Status < 200 || answer.Status > 599 {
		s.misuse("FailNextWith: status %d", answer.Status)
	}
	s.addFaults(n, fault{status: answer.Status, header: answer.Header.Clone(), body: append([]byte{}, answer.Body...)})
}

// CutNext makes the connection break inside the body of the next n answers. The request is acted on, as in the case that
// an idempotency key is for: the client cannot know. Faults form a queue, see [Server.FailNext].
func (s *Server) CutNext(n int) { s.addFaults(n, fault{cut: true}) }

func (s *Server) addFaults(n int, f fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.faults = append(s.faults, f)
	}
}

// Delay makes each answer take so much longer from now on. The request is acted on first, and its session stays busy
// until the answer is sent. Answers that take no work come at once: 401, 409, 413, 501, and the 400 to a query that cannot
// be decoded.
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

// answer returns the status with such a body as usually comes with it.
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
