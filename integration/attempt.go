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
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// send makes the attempts of a call.
func (c *Client) send(ctx context.Context, r *request) (*IntegrationState, error) {
	var last error
	for attempt := 1; ; attempt++ {
		// A transport need not look at a context that has ended already.
		if ctx.Err() != nil {
			if attempt > 1 {
				c.budget.unused()
			}
			return nil, newInterruptedError(ctx, r.operation, last)
		}
		state, err := c.attempt(ctx, r, attempt)
		if err == nil {
			c.budget.succeeded(attempt - 1)
			return state, nil
		}
		if e, ok := err.(*interruptedError); ok {
			e.last = last
			return nil, err
		}
		if attempt >= c.retry.MaxAttempts {
			return nil, err
		}
		again, decideErr := c.decide(r, err)
		if decideErr != nil {
			return nil, decideErr
		}
		delay, ok := c.retry.delay(attempt, err)
		if !again || !ok || endsWithin(ctx, delay) || !c.budget.take() {
			return nil, err
		}
		last = err
		start := time.Now()
		wait(ctx, delay)
		r.result.Waited += time.Since(start)
	}
}

// attempt sends the request once and logs how it went. A panic of the log handler is left to [Client.call].
func (c *Client) attempt(ctx context.Context, r *request, attempt int) (*IntegrationState, error) {
	start := time.Now()
	ctx = context.WithValue(ctx, callKey{}, Call{Operation: r.name, SessionID: r.sessionID, Attempt: attempt})
	r.answered.reset(attempt)
	r.result.Attempts, r.result.StatusCode = attempt, 0
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
func (c *Client) roundTrip(ctx context.Context, r *request, attempt int) (status int, state *IntegrationState, err error) {
	defer catch(r.operation, &state, &err) // here, so that a panic in the transport is logged as a failed attempt
	// Without a timeout too the context ends with the attempt: that closes the connection where a panic left a body open.
	attemptCtx, cancel := withTimeout(ctx, c.timeout)
	defer cancel()
	var body io.Reader = http.NoBody
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(attemptCtx, r.method, c.sessionsURL+r.path+r.query, body)
	if err != nil {
		return 0, nil, c.failure(ctx, attemptCtx, r, attempt, err)
	}
	key, err := c.apiKey(attemptCtx)
	if err != nil {
		return 0, nil, c.keyFailure(ctx, r, attempt, err)
	}
	r.apiKey = key
	req.Header = r.header.Clone() // a Jar adds to it
	req.Header.Set("Authorization", authorization(r.apiKey))
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, nil, c.failure(ctx, attemptCtx, r, attempt, err)
	}
	defer resp.Body.Close()
	r.answered.set(resp, r.withoutKey)
	r.result.StatusCode = resp.StatusCode

	buf := buffers.Get().(*bytes.Buffer)
	defer giveBack(buf)
	if resp.StatusCode/100 != 2 {
		// That the body breaks off changes nothing: the status says enough. After a 101 the body is the connection, which no
		// context ends.
		if resp.StatusCode != http.StatusSwitchingProtocols {
			_ = readBody(buf, resp, min(c.maxResponseBytes, maxErrorBody))
		}
		text := buf.Bytes()[:min(int64(buf.Len()), c.maxResponseBytes, maxErrorBody)]
		return resp.StatusCode, nil, newAPIError(resp, text, r.withoutKey)
	}
	if err := readBody(buf, resp, c.maxResponseBytes); err != nil {
		return resp.StatusCode, nil, c.failure(ctx, attemptCtx, r, attempt, err)
	}
	state, err = c.decode(r, resp, buf.Bytes())
	return resp.StatusCode, state, err
}

// withTimeout returns a context that ends with its parent, with cancel, and after d unless that is 0.
func withTimeout(parent context.Context, d time.Duration) (ctx context.Context, cancel context.CancelFunc) {
	if d > 0 {
		return context.WithTimeout(parent, d)
	}
	return context.WithCancel(parent)
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

// byteOrderMark may stand before JSON text: RFC 8259, section 8.1, lets a reader ignore it.
var byteOrderMark = []byte("\ufeff")

// decode makes the state of the body of a 2xx answer.
func (c *Client) decode(r *request, resp *http.Response, body []byte) (*IntegrationState, error) {
	unusable := func(err error, format string, args ...any) error {
		text := statusText(resp.StatusCode) + " with " + fmt.Sprintf(format, args...)
		return &answerError{operation: r.operation, text: c.redact(r, text), err: err}
	}
	if int64(len(body)) > c.maxResponseBytes {
		return nil, unusable(nil, "a body of more than %d bytes", c.maxResponseBytes)
	}
	text := bytes.TrimPrefix(body, byteOrderMark)
	switch trimmed := bytes.Trim(text, " \t\r\n"); {
	case len(trimmed) == 0:
		return nil, unusable(nil, "an empty body")
	case string(trimmed) == "null":
		// UnmarshalJSON would take it for nothing at all.
		return nil, unusable(nil, "a body that is null")
	}
	state := new(IntegrationState)
	err := state.UnmarshalJSON(text)
	if e, ok := err.(*talonone.DecodeError); ok {
		e.Offset += int64(len(body) - len(text))
		// The names in it are the server's, which may repeat the key anywhere.
		e.Path = withoutSecret(r.withoutKey(e.Path), string(jsonwire.AppendPointer(nil, r.apiKey)[1:]))
	}
	if errors.Is(err, talonone.ErrSyntax) {
		return nil, unusable(err, "a body that is not JSON, of type %q", resp.Header.Get("Content-Type"))
	}
	if err != nil {
		return nil, unusable(err, "a body that does not fit: %v", err)
	}
	// The models demand no member, because recorded answers lack some that the API calls required. These two always come. Without
	// this check a gateway's own JSON, such as {"message":"timed out"}, would look like a session without discounts.
	switch {
	case r.writes && state.Effects == nil:
		return nil, unusable(nil, `a body that has no "effects"`)
	case !r.writes && state.CustomerSession == nil:
		return nil, unusable(nil, `a body that has no "customerSession"`)
	}
	return state, nil
}

// failure returns the error for an attempt to which no whole answer came.
func (c *Client) failure(ctx, attemptCtx context.Context, r *request, attempt int, err error) error {
	err = withoutURL(err)
	e := &attemptError{operation: r.operation, attempt: attempt, err: err}
	if text := err.Error(); r.withoutKey(text) != text {
		e.err = &withheldError{is: func(target error) bool { return errors.Is(err, target) }}
	}
	timeout, isNetError := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	switch {
	case ctx.Err() != nil:
		return newInterruptedError(ctx, r.operation, nil)
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
	return printable(r.withoutKey(text), maxTextLen)
}

// withoutKey takes the API key of the attempt out of a text.
func (r *request) withoutKey(text string) string {
	if r.apiKey == "" {
		return text
	}
	return withoutSecret(strings.ReplaceAll(text, authorization(r.apiKey), authorization("...")), r.apiKey)
}

// withoutSecret takes a secret out of a text. One of a few characters is none, and may be part of any word.
func withoutSecret(text, secret string) string {
	const minLen = 6
	if len(secret) < minLen {
		return text
	}
	return strings.ReplaceAll(text, secret, "...")
}
