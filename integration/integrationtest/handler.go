package integrationtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// maxBody is how many bytes of a request the server reads. It is a bound for the server's memory, not a limit of the API.
const maxBody = 8 << 20

// A target is what a request is for.
type target struct {
	op        talonone.Operation // getOperation, or one that writes
	sessionID string
}

// getOperation stands beside the operations that write: package talonone has names for those that change a state.
const getOperation talonone.Operation = "get"

// A call is a request as the operations see it.
type call struct {
	target
	query url.Values
	body  []byte
	dry   bool
	now   time.Time // what the server's clock says
	// content names the parts of the answer that are asked for by the request, or that the operation always has.
	content []string
	undo    []func() // takes back what the operation has done so far; s.mu is held
}

// An answer is what the server says to a request. The zero answer is none, for a client that does not wait for it.
type answer struct {
	status int
	header http.Header
	body   []byte
	cut    bool // the connection breaks inside the body
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	logged := &Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header.Clone(), Body: body}
	s.keepRequest(logged)

	a := s.answer(r, body, err)
	// Before the client has the answer, so that Requests knows it when the client does.
	s.mu.Lock()
	logged.Status = a.status
	s.mu.Unlock()
	a.write(w)
}

// write sends the answer. Where the connection is to break it panics with [http.ErrAbortHandler], which net/http asks for.
func (a answer) write(w http.ResponseWriter) {
	if a.status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	for name, values := range a.header {
		w.Header()[http.CanonicalHeaderKey(name)] = values
	}
	if a.status != http.StatusNoContent && a.status != http.StatusNotModified { // those that must not have it
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	// A client that has gone by now gets nothing, and there is nobody else to tell.
	if !a.cut {
		_, _ = w.Write(a.body)
		return
	}
	_, _ = w.Write(a.body[:len(a.body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// answer finds out what to say to a request whose body was read, or could not be.
func (s *Server) answer(r *http.Request, body []byte, bodyErr error) answer {
	t, ok := parseTarget(r.Method, r.URL.EscapedPath())
	if !ok {
		s.fail("%s %s is not served", r.Method, s.loggable(r.URL.Path))
		return refuse(http.StatusNotImplemented, "integrationtest does not serve this method and path").answer()
	}
	f := s.nextFault()
	if f.status != 0 {
		return wait(r.Context(), s.currentDelay(), f.answer())
	}
	a := s.operate(t, r, body, bodyErr)
	a.cut = f.cut
	return a
}

func (s *Server) operate(t target, r *http.Request, body []byte, bodyErr error) answer {
	if r.Header.Get("Authorization") != "ApiKey-v1 "+s.APIKey {
		return refuse(http.StatusUnauthorized, "The request has no valid API key", problem{
			Title:   "Invalid",
			Details: "the Authorization header must be ApiKey-v1, one space and the key",
		}).answer()
	}
	if _, ok := errors.AsType[*http.MaxBytesError](bodyErr); ok {
		return refuse(http.StatusRequestEntityTooLarge, "The body is too large").answer()
	}
	if bodyErr != nil {
		return answer{} // the client broke off
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return invalid(problem{Title: "Malformed query", Details: "the query cannot be decoded"}).answer()
	}
	ctx := r.Context() // ends when the client goes away, and when the server is closed
	c := &call{target: t, query: query, body: body}
	if refused := c.checkParameters(); refused != nil {
		return refused.answer()
	}
	if t.op == getOperation {
		return wait(ctx, s.currentDelay(), s.result(c, s.get))
	}

	// A writing operation waits for its turn, and the session is busy until the answer is sent.
	leave, busy := s.enter(ctx, t)
	if busy {
		return refuse(http.StatusConflict, "Too many requests are updating this session at the same time").answer()
	}
	defer leave()
	if ctx.Err() != nil {
		return answer{}
	}
	delay := s.currentDelay() // whoever sees what the operation did may set another
	s.mu.Lock()
	c.now = s.time()
	s.mu.Unlock()
	a := s.once(c, r.Header.Get("Idempotency-Key"), r.URL.RawQuery, func() answer { return s.result(c, s.act) })
	return wait(ctx, delay, a)
}

// act runs an operation that writes: update.go, returns.go and reopen.go have one each, get.go the one that reads. They share
// session.go, what is known of a session; rules.go, rollback.go and effects.go, what holds and what is undone; and answer.go.
func (s *Server) act(c *call) (*integration.IntegrationState, *refusal) {
	switch c.op {
	case talonone.OperationReopen:
		return s.reopen(c)
	case talonone.OperationReturn:
		return s.returnItems(c)
	default:
		return s.update(c)
	}
}

// result runs an operation and makes the answer of what it returns. An operation without an answer has changed nothing, also where
// a function of the user panicked in it.
func (s *Server) result(c *call, operate func(*call) (*integration.IntegrationState, *refusal)) answer {
	answered := false
	defer func() {
		if !answered {
			s.takeBack(c)
		}
	}()
	state, refused := operate(c)
	if refused != nil {
		return refused.answer()
	}
	body, err := s.amend(c, state).MarshalJSON()
	if err != nil {
		return s.broken("the answer cannot be sent: %v. Look at what OnAnswer adds to it, and at what SetSession was given", err).answer()
	}
	answered = true
	return answer{status: http.StatusOK, body: body}
}

// takeBack takes back what an operation has done.
func (s *Server) takeBack(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, undo := range slices.Backward(c.undo) {
		undo()
	}
}

// broken reports what the user of the server gave it and the server cannot work with: no mistake of the client.
func (s *Server) broken(format string, args ...any) *refusal {
	s.fail(format, args...)
	return refuse(http.StatusInternalServerError, "integrationtest: "+fmt.Sprintf(format, args...))
}

// fail fails the test, or tells the log of a program.
func (s *Server) fail(format string, args ...any) {
	if s.t != nil {
		s.t.Errorf("integrationtest: "+format, args...)
		return
	}
	s.logger.Warn("integrationtest: " + fmt.Sprintf(format, args...))
}

// loggable returns a path for [Server.fail]. A test may see it; a log must not, since session IDs are in paths.
func (s *Server) loggable(path string) string {
	if s.t == nil {
		return "(a path)"
	}
	return path
}

// Handler returns what answers the requests, to be put behind another server or listener, under its root. It shares
// everything with the server's own listener; [Server.Close] does not end its requests.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

func (s *Server) currentDelay() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.delay
}

// wait returns the answer when it is time to send it, or none if the client or the server has gone by then.
func wait(ctx context.Context, delay time.Duration, a answer) answer {
	if delay <= 0 {
		return a
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return a
	case <-ctx.Done():
		return answer{}
	}
}

// parseTarget returns what a method and an encoded path are for. The IDs "." and ".." are refused, encoded or not: whatever
// stands between a client and a server may resolve them.
func parseTarget(method, path string) (t target, ok bool) {
	rest, ok := strings.CutPrefix(path, "/v2/customer_sessions/")
	if !ok {
		return t, false
	}
	id, action := rest, ""
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		id, action = rest[:i], rest[i:]
	}
	switch method + action {
	case "PUT":
		t.op = talonone.OperationUpdate
	case "GET":
		t.op = getOperation
	case "PUT/reopen":
		t.op = talonone.OperationReopen
	case "POST/returns":
		t.op = talonone.OperationReturn
	default:
		return t, false
	}
	id, err := url.PathUnescape(id)
	if err != nil || id == "" || id == "." || id == ".." {
		return t, false
	}
	t.sessionID = id
	return t, true
}
