package integration

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/talonone-go/talonone"
)

// Client calls the customer-session operations of one deployment with one API key. It is safe for concurrent use, and one
// is enough for a program: calls for the same session are in order only within one Client. Make it with [NewClient].
type Client struct {
	settings

	sessionsURL string
	apiKey      func() string // not a string, so that a Client that is printed does not show it
	http        *http.Client
	queue       *queue // nil: WithParallelUpdates
	budget      *budget
}

// NewClient returns a Client for the deployment at baseURL, such as "https://mycompany.europe-west1.talon.one"; a path
// and a slash at the end are fine. The key is that of an Application, from the Campaign Manager. A baseURL, key or option
// that is not valid is an [ErrInvalidConfig]. Nothing is sent.
//
// The key goes nowhere but to the host of baseURL. Of redirects those alone are followed that stay at the same scheme,
// host and port and keep the method; any other is an [*APIError]. A baseURL of scheme http is refused but for localhost
// and loopback addresses, unless [WithPlainHTTP] is given.
func NewClient(baseURL, apiKey string, opts ...Option) (*Client, error) {
	c := &Client{
		settings: defaultSettings(),
		apiKey:   func() string { return apiKey },
		budget:   newBudget(),
	}
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(&c.settings); err != nil {
			return nil, err
		}
	}
	if apiKey == "" || !printableASCII(apiKey) || strings.Contains(apiKey, " ") {
		return nil, fmt.Errorf("%w: an API key that is empty, or has characters other than printable ASCII without spaces",
			ErrInvalidConfig)
	}
	var err error
	if c.sessionsURL, err = sessionsURL(baseURL, c.plainHTTP); err != nil {
		return nil, err
	}
	if c.retry, err = c.retry.withDefaults(); err != nil {
		return nil, err
	}
	if c.http, err = c.newHTTPClient(); err != nil {
		return nil, err
	}
	if !c.parallelUpdates {
		c.queue = newQueue()
	}
	return c, nil
}

// operation is one of the calls that the API has for a session.
type operation struct {
	name   talonone.Operation
	method string
	suffix string // of the path, after the session's ID
	writes bool
}

var (
	updateSession = operation{talonone.OperationUpdate, http.MethodPut, "", true}
	getSession    = operation{"get", http.MethodGet, "", false}
	reopenSession = operation{talonone.OperationReopen, http.MethodPut, "/reopen", true}
	returnItems   = operation{talonone.OperationReturn, http.MethodPost, "/returns", true}
)

// UpdateCustomerSession changes the session with that ID, or creates it, and returns what the rules make of it
// ("updateCustomerSessionV2" in the API reference). What the state is to hold beside the effects, req.ResponseContent says.
//
// An update that breaks a rule is not sent: the error is a [*talonone.ValidationError]. For the other errors see the
// package documentation.
func (c *Client) UpdateCustomerSession(
	ctx context.Context, sessionID string, req UpdateRequest, opts ...CallOption,
) (*IntegrationState, error) {
	return c.call(ctx, updateSession, sessionID, opts, func(r *request) (err error) {
		if c.validate {
			if err = req.validate(c.validateOptions); err != nil {
				return err
			}
		}
		if r.query, err = req.query(); err != nil {
			return err
		}
		r.body, err = req.body()
		return err
	})
}

// GetCustomerSession returns the session with that ID and the effects that hold, those of returned items and reopened
// sessions left out ("getCustomerSession" in the API reference). There is no session of that ID: [ErrNotFound].
func (c *Client) GetCustomerSession(ctx context.Context, sessionID string, opts ...CallOption) (*IntegrationState, error) {
	return c.call(ctx, getSession, sessionID, opts, nil)
}

// ReopenCustomerSession opens a closed session again and returns the effects that this rolls back
// ("reopenCustomerSession" in the API reference). The state has nothing else.
func (c *Client) ReopenCustomerSession(
	ctx context.Context, sessionID string, opts ...CallOption,
) (*IntegrationState, error) {
	return c.call(ctx, reopenSession, sessionID, opts, nil)
}

// ReturnCartItems gives back items of a closed session, or further items of one from which some were returned, and
// returns the effects that this rolls back ("returnCartItems" in the API reference).
//
// A return without items, an item with neither position nor SKU, a position below 0 and a quantity below 1 are not sent:
// the error is an [ErrInvalidRequest].
func (c *Client) ReturnCartItems(
	ctx context.Context, sessionID string, req ReturnRequest, opts ...CallOption,
) (*IntegrationState, error) {
	return c.call(ctx, returnItems, sessionID, opts, func(r *request) (err error) {
		if c.validate {
			if err = req.validate(); err != nil {
				return err
			}
		}
		r.query = req.query()
		r.body, err = req.body()
		return err
	})
}

// request is what every attempt of a call sends.
type request struct {
	operation
	sessionID string
	path      string // after Client.sessionsURL
	query     string // with its question mark
	header    http.Header
	body      []byte // nil: none
}

// call makes one call. What differs between the operations, fill adds to the request.
func (c *Client) call(
	ctx context.Context, op operation, sessionID string, opts []CallOption, fill func(*request) error,
) (*IntegrationState, error) {
	if c == nil || c.http == nil {
		return nil, fmt.Errorf("%w: a Client that NewClient did not make", ErrInvalidRequest)
	}
	if ctx == nil {
		return nil, fmt.Errorf("%w: a nil context", ErrInvalidRequest)
	}
	if err := checkSessionID(sessionID); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, &interruptedError{operation: op, ended: contextError(ctx)}
	}
	// The place in the line is taken before the work that takes longer for a larger request.
	turn := c.queue.join(sessionID)
	defer turn.leave()
	r, err := c.newRequest(op, sessionID, opts, fill)
	if err != nil {
		return nil, err
	}
	turn.wait(ctx)
	return c.send(ctx, r)
}

func (c *Client) newRequest(
	op operation, sessionID string, opts []CallOption, fill func(*request) error,
) (*request, error) {
	r := &request{
		operation: op,
		sessionID: sessionID,
		path:      string(appendEscaped(nil, sessionID)) + op.suffix,
		header: http.Header{
			"Accept":        {"application/json"},
			"Authorization": {"ApiKey-v1 " + c.apiKey()},
			"User-Agent":    {c.userAgent},
		},
	}
	s := callSettings{header: r.header}
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(&s); err != nil {
			return nil, err
		}
	}
	if fill != nil {
		if err := fill(r); err != nil {
			return nil, err
		}
		r.header.Set("Content-Type", "application/json")
	}
	if op.writes {
		if s.idempotencyKey == "" {
			s.idempotencyKey = newIdempotencyKey()
		}
		r.header.Set("Idempotency-Key", s.idempotencyKey)
	}
	return r, nil
}

// send makes the attempts of a call.
func (c *Client) send(ctx context.Context, r *request) (*IntegrationState, error) {
	var last error
	for attempt := 1; ; attempt++ {
		// A transport need not look at a context that has ended already.
		if ctx.Err() != nil {
			return nil, &interruptedError{operation: r.operation, ended: contextError(ctx), last: last}
		}
		state, err := c.attempt(ctx, r, attempt)
		if err == nil {
			c.budget.succeeded(attempt - 1)
			return state, nil
		}
		if e, ok := err.(*interruptedError); ok {
			e.last = last
		}
		if attempt >= c.retry.MaxAttempts || !retryable(err) {
			return nil, err
		}
		delay, ok := c.retry.delay(attempt, err)
		if !ok || !c.budget.take() {
			return nil, err
		}
		last = err
		wait(ctx, delay)
	}
}

// attempt sends the request once and logs how it went.
func (c *Client) attempt(ctx context.Context, r *request, attempt int) (*IntegrationState, error) {
	start := time.Now()
	status, state, err := c.roundTrip(ctx, r, attempt)
	if c.logger != nil {
		level, text := slog.LevelInfo, "talonone: answered"
		if err != nil {
			level, text = slog.LevelWarn, "talonone: failed"
		}
		c.logger.LogAttrs(ctx, level, text,
			slog.String("method", r.method),
			slog.String("operation", string(r.name)),
			slog.Int("status", status),
			slog.Int("attempt", attempt),
			slog.Duration("duration", time.Since(start)),
		)
	}
	return state, err
}

// roundTrip returns the status of the answer, 0 if none came, and the state or the error that it amounts to.
func (c *Client) roundTrip(ctx context.Context, r *request, attempt int) (int, *IntegrationState, error) {
	attemptCtx := ctx
	if c.timeout > 0 {
		var cancel context.CancelFunc
		attemptCtx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
	}
	var body io.Reader = http.NoBody
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(attemptCtx, r.method, c.sessionsURL+r.path+r.query, body)
	if err != nil {
		return 0, nil, c.failure(ctx, attemptCtx, r, attempt, err)
	}
	req.Header = r.header.Clone() // a Jar adds to it
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, nil, c.failure(ctx, attemptCtx, r, attempt, err)
	}
	defer resp.Body.Close()

	buf := buffers.Get().(*bytes.Buffer)
	defer giveBack(buf)
	if resp.StatusCode/100 != 2 {
		// That the body breaks off changes nothing: the status says enough.
		_ = readBody(buf, resp, min(c.maxResponseBytes, maxErrorBody))
		text := buf.Bytes()[:min(int64(buf.Len()), c.maxResponseBytes, maxErrorBody)]
		return resp.StatusCode, nil, newAPIError(resp, []byte(c.withoutKey(string(text))))
	}
	if err := readBody(buf, resp, c.maxResponseBytes); err != nil {
		return resp.StatusCode, nil, c.failure(ctx, attemptCtx, r, attempt, err)
	}
	state, err := c.decode(r, resp, buf.Bytes())
	return resp.StatusCode, state, err
}

// maxErrorBody is how much of the body of an error is kept.
const maxErrorBody = 1 << 20

// buffers holds those for bodies: what is decoded from one shares nothing with it.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func giveBack(buf *bytes.Buffer) {
	const maxPooled = 1 << 20
	if buf.Cap() <= maxPooled {
		buf.Reset()
		buffers.Put(buf)
	}
}

// readBody reads the body, and stops one byte after the limit.
func readBody(buf *bytes.Buffer, resp *http.Response, limit int64) error {
	const maxGuess = 1 << 20 // the length is only what the server says
	if 0 < resp.ContentLength && resp.ContentLength <= maxGuess {
		buf.Grow(int(resp.ContentLength) + bytes.MinRead)
	}
	_, err := buf.ReadFrom(io.LimitReader(resp.Body, min(limit, math.MaxInt64-1)+1))
	return err
}

// decode makes the state of the body of a 2xx answer.
func (c *Client) decode(r *request, resp *http.Response, body []byte) (*IntegrationState, error) {
	unusable := func(err error, format string, args ...any) error {
		text := statusText(resp.StatusCode) + " with " + fmt.Sprintf(format, args...)
		return &answerError{operation: r.operation, text: c.redact(r, text), err: err}
	}
	switch trimmed := bytes.Trim(body, " \t\r\n"); {
	case int64(len(body)) > c.maxResponseBytes:
		return nil, unusable(nil, "a body of more than %d bytes", c.maxResponseBytes)
	case len(trimmed) == 0:
		return nil, unusable(nil, "an empty body")
	case string(trimmed) == "null":
		// UnmarshalJSON would take it for nothing at all.
		return nil, unusable(nil, "a body that is null")
	}
	state := new(IntegrationState)
	err := state.UnmarshalJSON(body)
	if errors.Is(err, talonone.ErrSyntax) {
		return nil, unusable(err, "a body that is not JSON, of type %q", resp.Header.Get("Content-Type"))
	}
	if err != nil {
		return nil, unusable(err, "a body that does not fit: %v", err)
	}
	return state, nil
}

// failure returns the error for an attempt to which no whole answer came.
func (c *Client) failure(ctx, attemptCtx context.Context, r *request, attempt int, err error) error {
	err = withoutURL(err)
	e := &attemptError{operation: r.operation, attempt: attempt, err: err}
	timeout, isNetError := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	switch {
	case ctx.Err() != nil:
		return &interruptedError{operation: r.operation, ended: contextError(ctx)}
	case attemptCtx.Err() != nil:
		e.timeout, e.err = true, context.DeadlineExceeded
		e.text = fmt.Sprintf("timeout: no whole answer within %v", c.timeout)
	case isNetError && timeout.Timeout():
		e.timeout = true
		e.text = "timeout: " + c.redact(r, err.Error())
	default:
		e.text = c.redact(r, err.Error())
	}
	return e
}

// redact takes the API key, the session's ID and the idempotency key out of a text that is not ours.
func (c *Client) redact(r *request, text string) string {
	for _, id := range []string{string(appendEscaped(nil, r.sessionID)), r.sessionID} {
		text = strings.ReplaceAll(text, "/customer_sessions/"+id, "/customer_sessions/...")
		text = withoutSecret(text, id)
	}
	text = withoutSecret(text, r.header.Get("Idempotency-Key"))
	return printable(c.withoutKey(text), maxTextLen)
}

func (c *Client) withoutKey(text string) string { return withoutSecret(text, c.apiKey()) }

// withoutSecret takes a secret out of a text. One of a few characters is none, and may be part of any word.
func withoutSecret(text, secret string) string {
	const minLen = 8
	if len(secret) < minLen {
		return text
	}
	return strings.ReplaceAll(text, secret, "...")
}
