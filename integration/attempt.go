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
func (c *Client) send(ctx context.Context, r *request) error {
	var last error
	for attempt := 1; ; attempt++ {
		// A transport need not check whether the context has already ended.
		if ctx.Err() != nil {
			if attempt > 1 {
				c.budget.unused()
			}
			return newInterruptedError(ctx, r.operation, last)
		}
		err := c.attempt(ctx, r, attempt)
		if err == nil {
			c.budget.succeeded(attempt - 1)
			return nil
		}
		if e, ok := err.(*interruptedError); ok { //nolint:errorlint // ours alone: a wrapped one is that of another client
			e.last = last
			return err
		}
		if attempt >= c.retry.MaxAttempts {
			return err
		}
		again, decideErr := c.decide(r, err)
		if decideErr != nil {
			return decideErr
		}
		delay, ok := c.retry.delay(attempt, err)
		if !again || !ok || endsWithin(ctx, delay) || !c.budget.take() {
			return err
		}
		last = err
		start := time.Now()
		wait(ctx, delay)
		r.result.Waited += time.Since(start)
	}
}

// attempt sends the request once and logs the result. [Client.observe] recovers a panic of the log handler.
func (c *Client) attempt(ctx context.Context, r *request, attempt int) error {
	start := time.Now()
	r.call.Attempt = attempt
	ctx = context.WithValue(ctx, callKey{}, r.call)
	r.answered.reset(attempt)
	r.result.Attempts, r.result.StatusCode = attempt, 0
	status, err := c.roundTrip(ctx, r, attempt)
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
	return err
}

// roundTrip sends the request once. It returns the status of the answer, or 0 without one, and the error of the attempt.
func (c *Client) roundTrip(ctx context.Context, r *request, attempt int) (status int, err error) {
	defer catch(r.operation, &err) // here, so that a panic in the transport is logged as a failed attempt
	// Even without a timeout the attempt gets a context of its own, so that its end closes the connection if a panic left a
	// body open.
	attemptCtx, cancel := withTimeout(ctx, c.timeout)
	defer cancel()
	var body io.Reader = http.NoBody
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(attemptCtx, r.method, c.baseURL+r.path+r.query, body)
	if err != nil {
		return 0, c.failure(ctx, attemptCtx, r, attempt, err)
	}
	key, err := c.apiKey(attemptCtx)
	if err != nil {
		return 0, c.keyFailure(ctx, r, attempt, err)
	}
	r.apiKey = key
	req.Header = r.header.Clone() // a Jar adds headers
	req.Header.Set("Authorization", authorization(r.apiKey))
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, c.failure(ctx, attemptCtx, r, attempt, err)
	}
	defer resp.Body.Close()
	r.answered.set(resp, r.withoutKey)
	r.result.StatusCode = resp.StatusCode

	buf := buffers.Get().(*bytes.Buffer)
	defer giveBack(buf)
	if resp.StatusCode/100 != 2 {
		// An error while reading the body is ignored, because the status is enough. After a 101 the body is the connection, and
		// no context ends it.
		if resp.StatusCode != http.StatusSwitchingProtocols {
			_ = readBody(buf, resp, min(c.maxResponseBytes, maxErrorBody))
		}
		text := buf.Bytes()[:min(int64(buf.Len()), c.maxResponseBytes, maxErrorBody)]
		return resp.StatusCode, newAPIError(resp, text, r.withoutKey)
	}
	if r.decode == nil || r.mayBeEmpty && resp.StatusCode == http.StatusNoContent {
		_ = readBody(buf, resp, min(c.maxResponseBytes, maxErrorBody)) // to the end, so that the connection can be reused
		return resp.StatusCode, nil
	}
	if err := readBody(buf, resp, c.maxResponseBytes); err != nil {
		return resp.StatusCode, c.failure(ctx, attemptCtx, r, attempt, err)
	}
	return resp.StatusCode, c.decode(r, resp, buf.Bytes())
}

// withTimeout returns a context that ends with its parent, with cancel, and after d unless that is 0.
func withTimeout(parent context.Context, d time.Duration) (ctx context.Context, cancel context.CancelFunc) {
	if d > 0 {
		return context.WithTimeout(parent, d)
	}
	return context.WithCancel(parent)
}

// maxErrorBody is the number of bytes kept of the body of an error.
const maxErrorBody = 1 << 20

// buffers has reusable buffers for bodies. Decoded values share no memory with them.
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
	const maxGuess = 1 << 20 // the server may state a wrong length
	if 0 < resp.ContentLength && resp.ContentLength <= maxGuess {
		buf.Grow(int(resp.ContentLength) + bytes.MinRead)
	}
	_, err := buf.ReadFrom(io.LimitReader(resp.Body, min(limit, math.MaxInt64-1)+1))
	return err
}

// byteOrderMark may precede JSON text. RFC 8259, section 8.1, allows a reader to ignore it.
var byteOrderMark = []byte("\ufeff")

// decode reads the body of a 2xx answer.
func (c *Client) decode(r *request, resp *http.Response, body []byte) error {
	unusable := func(err error, format string, args ...any) error {
		text := statusText(resp.StatusCode) + " with " + fmt.Sprintf(format, args...)
		return &answerError{operation: r.operation, text: c.redact(r, text), err: err}
	}
	if int64(len(body)) > c.maxResponseBytes {
		return unusable(nil, "a body of more than %d bytes", c.maxResponseBytes)
	}
	text := bytes.TrimPrefix(body, byteOrderMark)
	switch trimmed := bytes.Trim(text, " \t\r\n"); {
	case len(trimmed) == 0:
		return unusable(nil, "an empty body")
	case string(trimmed) == "null":
		// UnmarshalJSON would accept a null without an error.
		return unusable(nil, "a body that is null")
	}
	err := r.decode(text)
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[absentError](err); ok {
		return unusable(nil, "a body that has no %q", string(e))
	}
	if e, ok := errors.AsType[*outError](err); ok {
		if e.inside != nil {
			e.inside.Path = r.pathWithoutKey(e.inside.Path)
		}
	} else if e, ok := errors.AsType[*talonone.DecodeError](err); ok {
		e.Offset += int64(len(body) - len(text))
		e.Path = r.pathWithoutKey(e.Path)
	}
	if errors.Is(err, talonone.ErrSyntax) {
		return unusable(err, "a body that is not JSON, of type %q", resp.Header.Get("Content-Type"))
	}
	return unusable(err, "a body that does not fit: %v", err)
}

// absentError is an answer without the member with that name.
type absentError string

func (e absentError) Error() string { return "no " + string(e) }

// decodeState reads the answer to an operation on a session.
func decodeState(op operation, text []byte) (*IntegrationState, error) {
	state := new(IntegrationState)
	if err := state.UnmarshalJSON(text); err != nil {
		return nil, err
	}
	// The models demand no member, because recorded answers lack some that the API calls required. These two always come. Without
	// this check a gateway's own JSON, such as {"message":"timed out"}, would look like a session without discounts.
	switch {
	case op.writes && state.Effects == nil:
		return nil, absentError("effects")
	case !op.writes && state.CustomerSession == nil:
		return nil, absentError("customerSession")
	}
	return state, nil
}

// failure returns the error for an attempt without a complete answer.
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

// redact removes the API key, the idempotency key and the identifiers in the URL from a text of another package.
func (c *Client) redact(r *request, text string) string {
	text = withoutSecret(r.redactPath(text), r.header.Get("Idempotency-Key"))
	return printable(r.withoutKey(text), maxTextLen)
}

func withoutSessionID(text, sessionID string) string {
	for _, id := range []string{string(appendEscaped(nil, sessionID)), sessionID} {
		text = strings.ReplaceAll(text, "/customer_sessions/"+id, "/customer_sessions/...")
		text = withoutSecret(text, id)
	}
	return text
}

// withoutKey removes the API key of the attempt from a text.
func (r *request) withoutKey(text string) string {
	if r.apiKey == "" {
		return text
	}
	return withoutSecret(strings.ReplaceAll(text, authorization(r.apiKey), authorization("...")), r.apiKey)
}

// pathWithoutKey removes the API key from a JSON Pointer. The server chose the names in it and may repeat the key anywhere.
func (r *request) pathWithoutKey(path string) string {
	return withoutSecret(r.withoutKey(path), string(jsonwire.AppendPointer(nil, r.apiKey)[1:]))
}

// withoutSecret removes a secret from a text. A secret of only a few characters is not removed, because it may be part of any
// word.
func withoutSecret(text, secret string) string {
	const minLen = 6
	if len(secret) < minLen {
		return text
	}
	return strings.ReplaceAll(text, secret, "...")
}
