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

// maxBody is the maximum number of bytes in the body of a request. It bounds the server's memory, and is not a limit of the API.
const maxBody = 8 << 20

// A target is the operation and the session of a request.
type target struct {
	op        talonone.Operation // getOperation, or an operation that writes
	sessionID string
}

// getOperation has its name here, because package talonone names only operations that change a state.
const getOperation talonone.Operation = "get"

// A call is a request as the operations see it.
type call struct {
	target
	query url.Values
	body  []byte
	dry   bool
	now   time.Time // the time of the server's clock
	// content names the parts of the answer that the request asks for, or that the operation always has.
	content []string
	undo    []func() // take back the changes of the operation; called with s.mu held
}

// An answer is the server's answer to a request. The zero answer means that none is sent, because the client no longer waits.
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
	// The status is set before the answer is sent, so Requests has it as soon as the client has the answer.
	s.mu.Lock()
	logged.Status = a.status
	s.mu.Unlock()
	a.write(w)
}

// write sends the answer. To break the connection, it panics with [http.ErrAbortHandler], as net/http documents.
func (a answer) write(w http.ResponseWriter) {
	if a.status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	for name, values := range a.header {
		w.Header()[http.CanonicalHeaderKey(name)] = values
	}
	if a.status != http.StatusNoContent && a.status != http.StatusNotModified { // these must not have a Content-Length
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	// An error of Write means that the client has gone, so there is nobody to report it to.
	if !a.cut {
		_, _ = w.Write(a.body)
		return
	}
	_, _ = w.Write(a.body[:len(a.body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// answer returns the answer to a request. bodyErr is the error of reading the body.
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
		return answer{} // the client has gone
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return invalid(problem{Title: "Malformed query", Details: "the query cannot be decoded"}).answer()
	}
	ctx := r.Context() // ends when the client disconnects, and when the server is closed
	c := &call{target: t, query: query, body: body}
	if refused := c.checkParameters(); refused != nil {
		return refused.answer()
	}
	if t.op == getOperation {
		return wait(ctx, s.currentDelay(), s.result(c, s.get))
	}

	// A writing operation waits for its turn. The session is then busy until the delay of the answer is over.
	leave, busy := s.enter(ctx, t)
	if busy {
		return refuse(http.StatusConflict, "Too many requests are updating this session at the same time").answer()
	}
	defer leave()
	if ctx.Err() != nil {
		return answer{}
	}
	delay := s.currentDelay() // before the operation, because a test that sees its result may already set another delay
	s.mu.Lock()
	c.now = s.time()
	s.mu.Unlock()
	a := s.once(c, r.Header.Get("Idempotency-Key"), r.URL.RawQuery, func() answer { return s.result(c, s.act) })
	return wait(ctx, delay, a)
}

// act runs an operation that writes. update.go, returns.go and reopen.go have one each, and get.go has the one that reads. They
// share session.go for the stored session, answer.go for the answer, and rules.go, rollback.go and effects.go for the effects.
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

// result runs an operation and makes its answer. If there is an error, or a function of the user panics, the changes of the
// operation are taken back.
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
		return s.broken("the answer cannot be sent: %v. Look at the changes of OnAnswer and at the session of SetSession", err).answer()
	}
	answered = true
	return answer{status: http.StatusOK, body: body}
}

// takeBack takes back the changes of an operation.
func (s *Server) takeBack(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, undo := range slices.Backward(c.undo) {
		undo()
	}
}

// broken fails the test and refuses the request, because the user of the server gave it a value that cannot be sent. The client
// made no mistake.
func (s *Server) broken(format string, args ...any) *refusal {
	s.fail(format, args...)
	return refuse(http.StatusInternalServerError, "integrationtest: "+fmt.Sprintf(format, args...))
}

// fail fails the test, or logs the problem under [Start].
func (s *Server) fail(format string, args ...any) {
	if s.t != nil {
		s.t.Errorf("integrationtest: "+format, args...)
		return
	}
	s.logger.Warn("integrationtest: " + fmt.Sprintf(format, args...))
}

// loggable returns a path for [Server.fail]. A test may show it, but a log must not, because paths have session IDs.
func (s *Server) loggable(path string) string {
	if s.t == nil {
		return "(a path)"
	}
	return path
}

// Handler returns the handler of the requests, for use with another server or listener. Its paths begin at the root. It shares
// everything with the server's own listener. [Server.Close] does not end its requests.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

func (s *Server) currentDelay() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.delay
}

// wait returns the answer after the delay. If ctx ends first, it returns the zero answer.
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

// parseTarget returns the target of a method and an encoded path. It refuses the IDs "." and "..", encoded or not, because a proxy
// between client and server may resolve them.
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
