package integration

import (
	"context"
	"maps"
	"net/http"
	"time"

	"github.com/talonone-go/talonone"
)

// Client calls the customer-session operations of one deployment with one API key, and with [Client.Do] every other endpoint.
// It is safe for concurrent use. Use one Client for the whole program, because it orders only its own calls for a session.
// Create it with [NewClient].
type Client struct {
	settings

	baseURL string // without a slash at the end
	apiKey  apiKeyFunc
	http    *http.Client
	queue   *queue // nil: WithParallelUpdates
	budget  *budget
}

// NewClient returns a Client for the deployment at baseURL, such as "https://mycompany.europe-west1.talon.one". A path and a
// final slash are allowed. apiKey is the key of an Application, from the Campaign Manager, without "ApiKey-v1". It may be empty
// with [WithAPIKeyFunc]. An invalid baseURL, key or option is an [ErrInvalidConfig]. So is a baseURL with the path of the API,
// such as "/v2". NewClient sends nothing.
//
// The key is sent only to the host of baseURL. A redirect is followed only if it has the same scheme, host and port and keeps
// the method, and at most nine in a row. Any other redirect is an [*APIError]. A baseURL with scheme http is refused unless its
// host is localhost or a loopback address, or [WithPlainHTTP] is given.
func NewClient(baseURL, apiKey string, opts ...Option) (*Client, error) {
	c := &Client{
		settings: defaultSettings(),
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
	var err error
	if c.apiKey, err = c.newAPIKeyFunc(apiKey); err != nil {
		return nil, err
	}
	if c.baseURL, err = checkBaseURL(baseURL, c.plainHTTP); err != nil {
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

// CloseIdleConnections closes the idle connections of the Client, like the method of the same name of [http.Client]. Running
// calls continue, and later calls open new connections. Without it an idle connection stays open until its transport's idle
// timeout, 90 seconds by default, or until the server closes it. Call it when you no longer need a Client and the program goes
// on.
//
// It reaches the transport through all middleware, and also calls CloseIdleConnections of a middleware's transport if it
// exists. If you set the transport, the idle connections of its other users are closed too. All http.Clients without a
// Transport share [http.DefaultTransport].
func (c *Client) CloseIdleConnections() {
	if c != nil && c.http != nil {
		c.http.CloseIdleConnections()
	}
}

// operation is the kind of a call: one of the API's operations on sessions, or Do.
type operation struct {
	name          talonone.Operation
	method        string
	suffix        string // of the path, after the session's ID
	writes        bool
	notIdempotent bool // a repeat may have a further effect
}

var (
	updateSession = operation{name: talonone.OperationUpdate, method: http.MethodPut, writes: true}
	getSession    = operation{name: "get", method: http.MethodGet}
	reopenSession = operation{name: talonone.OperationReopen, method: http.MethodPut, suffix: "/reopen", writes: true}
	returnItems   = operation{name: talonone.OperationReturn, method: http.MethodPost, suffix: "/returns", writes: true}
)

// UpdateCustomerSession changes or creates the session with that ID and returns the effects of the rules
// ("updateCustomerSessionV2" in the API reference). req.ResponseContent names the further parts of the answer.
//
// An update that breaks a rule is not sent: the error is a [*talonone.ValidationError]. For other errors see the package
// documentation.
func (c *Client) UpdateCustomerSession(
	ctx context.Context, sessionID string, req UpdateRequest, opts ...CallOption,
) (*IntegrationState, error) {
	return c.call(ctx, updateSession, sessionID, opts, func(r *request) (err error) {
		if c.validate {
			if err = req.validate(c.validateOptions); err != nil {
				return err
			}
		}
		if req.ResponseContent == nil {
			req.ResponseContent = c.responseContent
		}
		if r.query, err = req.query(); err != nil {
			return err
		}
		r.body, err = req.body()
		return err
	})
}

// GetCustomerSession returns the session with that ID and the effects that apply now, without those that returns and reopenings
// rolled back ("getCustomerSession" in the API reference). If there is no such session, the error is [ErrNotFound].
func (c *Client) GetCustomerSession(ctx context.Context, sessionID string, opts ...CallOption) (*IntegrationState, error) {
	return c.call(ctx, getSession, sessionID, opts, nil)
}

// ReopenCustomerSession opens a closed session again and returns the effects that this rolls back ("reopenCustomerSession" in
// the API reference). The answer has only these effects.
func (c *Client) ReopenCustomerSession(
	ctx context.Context, sessionID string, opts ...CallOption,
) (*IntegrationState, error) {
	return c.call(ctx, reopenSession, sessionID, opts, nil)
}

// ReturnCartItems returns items of a closed or partially returned session, and returns the effects that this rolls back
// ("returnCartItems" in the API reference).
//
// A return without items, an item with neither position nor SKU, a position below 0 and a quantity below 1 are not sent. The
// error is a [*RequestError] that names the location.
func (c *Client) ReturnCartItems(
	ctx context.Context, sessionID string, req ReturnRequest, opts ...CallOption,
) (*IntegrationState, error) {
	return c.call(ctx, returnItems, sessionID, opts, func(r *request) (err error) {
		if c.validate {
			if err = req.validate(); err != nil {
				return err
			}
		}
		if req.ResponseContent == nil {
			req.ResponseContent = ofReturns(c.responseContent)
		}
		r.query = req.query()
		r.body, err = req.body()
		return err
	})
}

// request has what every attempt of a call sends, and how its answer is handled.
type request struct {
	operation
	path       string // after Client.baseURL
	query      string // with its question mark
	header     http.Header
	body       []byte                   // nil: none
	redactPath func(text string) string // removes the parts of path and query
	decode     func(text []byte) error  // reads a 2xx answer; nil: its body is dropped
	mayBeEmpty bool                     // a 204 is accepted
	answered   *Response                // nil: without WithResponse
	call       Call                     // with the number of the last attempt
	result     *CallResult              // for an observer
	apiKey     string                   // of the last attempt with a key, or ""
}

// call makes one call for a session. fill adds the parts of the request that depend on the operation.
func (c *Client) call(
	ctx context.Context, op operation, sessionID string, opts []CallOption, fill func(*request) error,
) (state *IntegrationState, err error) {
	err = c.observe(ctx, op, sessionID, opts, func(ctx context.Context, s *callSettings) error {
		if err := checkSessionID(sessionID); err != nil {
			return err
		}
		// Joins the queue first: encoding a large request takes longer, and later calls must not go first.
		turn := c.queue.join(sessionID)
		defer turn.leave()
		r := c.newRequest(op, s)
		r.path = "/v2/customer_sessions/" + string(appendEscaped(nil, sessionID)) + op.suffix
		r.redactPath = func(text string) string { return withoutSessionID(text, sessionID) }
		if fill != nil {
			if err := fill(r); err != nil {
				return err
			}
		}
		r.decode = func(text []byte) (err error) {
			state, err = decodeState(op, text)
			return err
		}
		start := time.Now()
		turn.wait(ctx)
		s.result.Queued = time.Since(start)
		return c.send(ctx, r)
	})
	if err != nil {
		return nil, err
	}
	return state, nil
}

// observe does the common part of all calls: it applies the options, and calls the observer before and after the call.
func (c *Client) observe(
	ctx context.Context, op operation, sessionID string, opts []CallOption, do func(context.Context, *callSettings) error,
) (err error) {
	s := newCallSettings(opts)
	switch {
	case c == nil || c.http == nil:
		return invalidRequest("", "a Client that NewClient did not make")
	case ctx == nil:
		return invalidRequest("", "a nil context")
	}
	s.call = Call{Operation: op.name, SessionID: sessionID}
	s.result = &CallResult{Err: errGoexit}
	defer catch(op, &err) // panics of the observer
	ctx, end := c.startCall(ctx, s.call)
	defer func() { end(*s.result) }()
	s.result.Err = func() (err error) {
		defer catch(op, &err)
		if s.refused != nil {
			return s.refused
		}
		return do(ctx, s)
	}()
	return s.result.Err
}

func (c *Client) newRequest(op operation, s *callSettings) *request {
	r := &request{
		operation: op,
		header:    http.Header{"Accept": {"application/json"}, "User-Agent": {c.userAgent}},
		answered:  s.response,
		call:      s.call,
		result:    s.result,
	}
	maps.Copy(r.header, s.header)
	if op.writes {
		if s.idempotencyKey == "" {
			s.idempotencyKey = newIdempotencyKey()
		}
		r.header.Set("Idempotency-Key", s.idempotencyKey)
	}
	return r
}
