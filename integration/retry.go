package integration

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Retry says how often and how fast a failed call is repeated. The package documentation says which failures are repeated. Each
// zero field means its default.
//
// The wait before repeat n is a random time between 0 and BaseDelay doubled n-1 times, but at most MaxDelay. If an answer's
// Retry-After is longer, the client waits for that time instead. The call ends at once, with the error of that attempt, if
// Retry-After is longer than MaxDelay, or if the wait would outlast the deadline of the call's context.
//
// It is safe for concurrent use, because a Client copies it.
type Retry struct {
	// MaxAttempts is the maximum number of attempts of a call, including the first. The default is 4. 1 turns retries off. See
	// [WithHTTPClient] for transports that repeat requests themselves.
	MaxAttempts int
	// BaseDelay is the maximum wait before the first repeat. The default is 200ms.
	BaseDelay time.Duration
	// MaxDelay is the maximum of every wait. The default is 10s.
	MaxDelay time.Duration
	// Decide has the last word on whether a failed attempt is repeated. It gets the error of the attempt, with which the call
	// would end, and the decision of this package's rules. Nil accepts the rules.
	//
	// It cannot extend MaxAttempts, the waits or the budget. It is not called after the last attempt, nor once the call's
	// context has ended. A panic in it ends the call with an error that wraps the attempt's. Several goroutines may call it at
	// once. It must not call the Client for the same session: that call would wait for this one forever.
	Decide func(err error, retry bool) bool
}

const (
	defaultMaxAttempts = 4
	defaultBaseDelay   = 200 * time.Millisecond
	defaultMaxDelay    = 10 * time.Second
)

// withDefaults returns r with the defaults for zero fields.
func (r Retry) withDefaults() (Retry, error) {
	if r.MaxAttempts < 0 || r.BaseDelay < 0 || r.MaxDelay < 0 {
		return Retry{}, fmt.Errorf("%w: a negative field of Retry", ErrInvalidConfig)
	}
	if r.MaxAttempts == 0 {
		r.MaxAttempts = defaultMaxAttempts
	}
	if r.BaseDelay == 0 {
		r.BaseDelay = defaultBaseDelay
	}
	if r.MaxDelay == 0 {
		r.MaxDelay = defaultMaxDelay
	}
	return r, nil
}

// retryTable says which failed attempts are repeated. The first row that applies decides. docs/client.md has the same rows.
//
// A read changes nothing. The API documents that the three writing operations on sessions honour the Idempotency-Key, so a
// repeat of these is safe too. A request of Do is sent again after any of these failures if it is idempotent by RFC 9110,
// section 9.2.2. A second POST may create a second referral, so it is sent only if the failure shows that the first was not
// carried out.
var retryTable = []struct {
	failure    string
	applies    func(error) bool
	retry      bool
	notCarried bool // out: the failure shows it
}{
	{"the end of the call's context", causedBy[*interruptedError], false, false},
	{"an API key that the function of WithAPIKeyFunc does not give", causedBy[*keyError], false, false},
	{"408 Request Timeout", status(http.StatusRequestTimeout, http.StatusRequestTimeout), true, false},
	{"409 Conflict", status(http.StatusConflict, http.StatusConflict), true, true},
	{"425 Too Early", status(http.StatusTooEarly, http.StatusTooEarly), true, true},
	{"429 Too Many Requests", status(http.StatusTooManyRequests, http.StatusTooManyRequests), true, true},
	{"5xx", status(500, 599), true, false},
	{"any other status that is not 2xx", status(0, math.MaxInt), false, false},
	{"2xx with a body that cannot be used", matches(ErrInvalidResponse), false, false},
	{"a server certificate that is not trusted", causedBy[*tls.CertificateVerificationError], false, false},
	{"a redirect that the CheckRedirect of your http.Client refuses", causedBy[*redirectError], false, false},
	{"a panic in code of yours: a transport, a middleware, a log handler, an UnmarshalJSON", causedBy[*panicError], false, false},
	{"no connection: refused, host unknown", notConnected, true, true},
	{"no whole answer: connection broken, timeout, body cut short", causedBy[*attemptError], true, false},
}

func status(low, high int) func(error) bool {
	return func(err error) bool {
		e, ok := errors.AsType[*APIError](err)
		return ok && low <= e.StatusCode && e.StatusCode <= high
	}
}

func matches(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func causedBy[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// notConnected reports whether an attempt failed before it had a connection to send the request.
func notConnected(err error) bool {
	_, isAttempt := errors.AsType[*attemptError](err)
	e, ok := errors.AsType[*net.OpError](err)
	return isAttempt && ok && e.Op == "dial"
}

// retryable reports whether an attempt that failed with err may be repeated: for an idempotent call, and for any other call.
func retryable(err error) (idempotent, other bool) {
	for _, row := range retryTable {
		if row.applies(err) {
			return row.retry, row.retry && row.notCarried
		}
	}
	return false, false
}

// decide reports whether a failed attempt is repeated. panicked is the error if Decide panics.
func (c *Client) decide(r *request, err error) (again bool, panicked error) {
	again, other := retryable(err)
	if r.notIdempotent {
		again = other
	}
	if c.retry.Decide == nil {
		return again, nil
	}
	defer func() {
		if v := recover(); v != nil {
			panicked = &decideError{operation: r.operation, text: c.redact(r, fmt.Sprint(v)), err: err}
		}
	}()
	return c.retry.Decide(err, again), nil
}

// endsWithin reports whether a context that has not ended yet will end within d.
func endsWithin(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && ctx.Err() == nil && time.Until(deadline) <= d
}

// delay returns how long to wait after an attempt, counted from 1, that ended with err. ok is false if the server wants
// the client to stay away for longer than MaxDelay.
func (r Retry) delay(attempt int, err error) (d time.Duration, ok bool) {
	limit := r.MaxDelay
	if doublings := attempt - 1; r.BaseDelay <= r.MaxDelay>>doublings {
		limit = r.BaseDelay << doublings
	}
	d = rand.N(limit)
	if e, isAnswer := errors.AsType[*APIError](err); isAnswer {
		d = max(d, retryAfter(e.Header))
	}
	return d, d <= r.MaxDelay
}

// retryAfter returns the wait that the Retry-After header asks for, as seconds or as a date, or 0.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, math.MaxInt64/uint64(time.Second))) * time.Second
	}
	if date, err := http.ParseTime(text); err == nil {
		return time.Until(date)
	}
	return 0
}

// wait returns after d or when ctx ends.
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// The retry budget, in tokens. While no call succeeds, a client sends at most 50 repeats, and then each request once. This
// keeps an outage from multiplying requests. Every success on the first attempt pays for a tenth of a repeat. A success after
// repeats gives back their cost.
const (
	budgetTokens  = 500
	retryCost     = 10
	successReward = 1
)

// A budget limits the repeats of all calls of a client together.
type budget struct {
	mu     sync.Mutex
	tokens int
}

func newBudget() *budget { return &budget{tokens: budgetTokens} }

// take pays for one repeat. It reports false if there is not enough left.
func (b *budget) take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tokens < retryCost {
		return false
	}
	b.tokens -= retryCost
	return true
}

// unused gives back the cost of a repeat that was not sent after all.
func (b *budget) unused() { b.add(retryCost) }

// succeeded records a call that succeeded after that many repeats.
func (b *budget) succeeded(repeats int) { b.add(max(successReward, repeats*retryCost)) }

func (b *budget) add(tokens int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens = min(b.tokens+tokens, budgetTokens)
}
