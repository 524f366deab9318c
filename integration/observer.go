package integration

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/talonone-go/talonone"
)

// Observer watches the calls of a [Client], for traces and metrics: see [WithObserver]. Its methods are called by several
// goroutines at once.
type Observer interface {
	// StartCall is called once for each call, before the call waits for its session's turn. The whole call uses the returned
	// context: the wait, [WithAPIKeyFunc]'s function, the requests, the log records and the waits between attempts. Derive it
	// from ctx; otherwise the call outlives the caller's context. Nil means ctx.
	//
	// The returned function is called once, just before the call returns. It may be nil.
	//
	// A panic in either becomes the error of the call, as in a middleware. After a panic in StartCall nothing is sent.
	StartCall(ctx context.Context, call Call) (context.Context, func(CallResult))
}

// Call identifies a call of a [Client] and one of its attempts. It is safe for concurrent use.
type Call struct {
	// Operation is the kind of the call: [talonone.OperationUpdate], [talonone.OperationReopen], [talonone.OperationReturn],
	// "get" for a read, or "do" for [Client.Do].
	Operation talonone.Operation
	// SessionID is the session ID from the caller, unescaped. It identifies a customer's order: keep it out of logs, traces and
	// metrics. It is set even if the client refuses the ID, so it may be any text. It is empty for [Client.Do].
	SessionID string
	// Attempt counts the attempts of the call from 1. It is 0 in [Observer.StartCall].
	Attempt int
}

// CallResult is the result of a call. It is safe for concurrent use.
type CallResult struct {
	// Err is the error that the call returns, or nil.
	Err error
	// StatusCode is the HTTP status of the answer to the last attempt, or 0 if none came.
	StatusCode int
	// Attempts is the number of attempts, as in [Response]. It is 0 for a call that was refused.
	Attempts int
	// Queued is how long the call waited for its session's turn.
	Queued time.Duration
	// Waited is the total time that the call waited between its attempts.
	Waited time.Duration
}

// WithObserver sets the observer of the Client's calls. A nil observer is refused. A later WithObserver replaces an earlier
// one. To use two, write an Observer that calls both.
//
// Every call is observed. A call that is refused before anything is sent has a result with 0 attempts. Calls with a nil
// context, and calls of a Client that NewClient did not create, are not observed.
//
// StartCall runs before a call joins the queue of its session, so a slow StartCall may let later calls go first. The function
// that ends a call runs after the call has left the queue.
func WithObserver(observer Observer) Option {
	return func(s *settings) error {
		if observer == nil {
			return fmt.Errorf("%w: WithObserver(nil)", ErrInvalidConfig)
		}
		s.observer = observer
		return nil
	}
}

// CallFromContext returns the call and the attempt to which ctx belongs. Middleware passes the context of its request. The
// contexts of the function of [WithAPIKeyFunc] and of the handler of [WithLogger] work too. For any other context ok is false.
// No [Observer] is needed.
func CallFromContext(ctx context.Context) (Call, bool) {
	if ctx == nil {
		return Call{}, false
	}
	call, ok := ctx.Value(callKey{}).(Call)
	return call, ok
}

type callKey struct{}

// startCall calls the observer. The returned context is never nil. The caller must call end once, with the result.
func (s *settings) startCall(ctx context.Context, call Call) (_ context.Context, end func(CallResult)) {
	end = func(CallResult) {}
	if s.observer == nil {
		return ctx, end
	}
	observed, ended := s.observer.StartCall(ctx, call)
	if observed != nil {
		ctx = observed
	}
	if ended != nil {
		end = ended
	}
	return ctx, end
}

// errGoexit is the error in the CallResult of a call whose goroutine ends within it, because such a call returns nothing.
var errGoexit = errors.New("integration: the goroutine of the call ended")
