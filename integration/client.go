package integration

import (
	"context"
	"maps"
	"net/http"
	"time"

	"github.com/talonone-go/talonone"
)

// Client calls the customer-session operations of one deployment with one API key. It is safe for concurrent use, and one
// is enough for a program: calls for the same session are in order only within one Client. Make it with [NewClient].
type Client struct {
	settings

	sessionsURL string
	apiKey      apiKeyFunc
	http        *http.Client
	queue       *queue // nil: WithParallelUpdates
	budget      *budget
}

// NewClient returns a Client for the deployment at baseURL, such as "https://mycompany.europe-west1.talon.one"; a path
// and a slash at the end are fine. The key is that of an Application, from the Campaign Manager, without "ApiKey-v1"; it
// may be empty with [WithAPIKeyFunc]. A baseURL, key or option that is not valid is an [ErrInvalidConfig], and so is a baseURL
// that has the path of the API in it, such as "/v2". Nothing is sent.
//
// The key goes nowhere but to the host of baseURL. A redirect is followed only if it stays at the same scheme, host and port
// and keeps the method, and at most nine in a row; any other is an [*APIError]. A baseURL of scheme http is refused but for
// localhost and loopback addresses, unless [WithPlainHTTP] is given.
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

// CloseIdleConnections closes the connections that were used by calls and now wait for others, as the method of the same name
// of [http.Client] does. Calls under way go on, and later ones open new connections. Without it an idle connection stays open
// until its transport's idle timeout, 90 seconds by default, or until the server closes it: call it when a program is done with
// a Client that it does not keep.
//
// It reaches the transport through all middleware, and calls the method of that name which a middleware's transport has. Where
// the transport is your own, the idle connections of its other users are closed too: that is so for every http.Client without a
// Transport, since they share [http.DefaultTransport].
func (c *Client) CloseIdleConnections() {
	if c != nil && c.http != nil {
		c.http.CloseIdleConnections()
	}
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
// the error is a [*RequestError] with the place.
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

// request is what every attempt of a call sends.
type request struct {
	operation
	sessionID string
	path      string // after Client.sessionsURL
	query     string // with its question mark
	header    http.Header
	body      []byte // nil: none

	answered *Response   // nil: nobody asks
	result   *CallResult // for an observer
	apiKey   string      // of the last attempt that had one, or ""
}

// call makes one call. What differs between the operations, fill adds to the request.
func (c *Client) call(
	ctx context.Context, op operation, sessionID string, opts []CallOption, fill func(*request) error,
) (state *IntegrationState, err error) {
	s := newCallSettings(opts)
	switch {
	case c == nil || c.http == nil:
		return nil, invalidRequest("", "a Client that NewClient did not make")
	case ctx == nil:
		return nil, invalidRequest("", "a nil context")
	}
	defer catch(op, &state, &err) // panics of the observer
	ctx, end := c.startCall(ctx, Call{Operation: op.name, SessionID: sessionID})
	result := CallResult{Err: errGoexit}
	defer func() { end(result) }()
	state, err = c.observed(ctx, op, sessionID, s, fill, &result)
	result.Err = err
	return state, err
}

// observed is the part of a call that an observer watches. It fills in the result, but for the error.
func (c *Client) observed(
	ctx context.Context, op operation, sessionID string, s *callSettings, fill func(*request) error, result *CallResult,
) (state *IntegrationState, err error) {
	defer catch(op, &state, &err)
	if s.refused != nil {
		return nil, s.refused
	}
	if err := checkSessionID(sessionID); err != nil {
		return nil, err
	}
	// The place in the line is taken before the work that takes longer for a larger request.
	turn := c.queue.join(sessionID)
	defer turn.leave()
	r, err := c.newRequest(op, sessionID, s, fill)
	if err != nil {
		return nil, err
	}
	r.result = result
	start := time.Now()
	turn.wait(ctx)
	result.Queued = time.Since(start)
	return c.send(ctx, r)
}

func (c *Client) newRequest(
	op operation, sessionID string, s *callSettings, fill func(*request) error,
) (*request, error) {
	r := &request{
		operation: op,
		sessionID: sessionID,
		path:      string(appendEscaped(nil, sessionID)) + op.suffix,
		header:    http.Header{"Accept": {"application/json"}, "User-Agent": {c.userAgent}},
		answered:  s.response,
	}
	maps.Copy(r.header, s.header)
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
