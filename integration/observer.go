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
	// StartCall is called once for each call, before the call waits for its session's turn. The context that it returns is used
	// for all that the call does: the wait, [WithAPIKeyFunc]'s function, the requests, the log records and the waits between
	// attempts. It should be made from ctx, or the call outlives the caller's context; nil stands for ctx.
	//
	// The function that it returns is called once, when the call is about to return. It may be nil.
	//
	// A panic in either is the error of the call, as in a middleware. After one in StartCall nothing was sent.
	StartCall(ctx context.Context, call Call) (context.Context, func(CallResult))
}

// Call says which call of a [Client] is made, and which attempt of it. It is safe for concurrent use.
type Call struct {
	// Operation is what the call does: [talonone.OperationUpdate], [talonone.OperationReopen], [talonone.OperationReturn], "get" for a
	// read, or "do" for [Client.Do].
	Operation talonone.Operation
	// SessionID is the ID that the caller gave, unescaped. It identifies a customer's order: keep it out of logs, traces and
	// metrics. A call with an ID that the client refuses has it here too, whatever it is. It is empty for [Client.Do].
	SessionID string
	// Attempt counts the attempts of the call from 1. It is 0 in [Observer.StartCall].
	Attempt int
}

// CallResult is how a call ended. It is safe for concurrent use.
type CallResult struct {
	// Err is the error that the call returns, or nil.
	Err error
	// StatusCode is the HTTP status of the answer to the last attempt, or 0 if none came.
	StatusCode int
	// Attempts is how many attempts were made, as in [Response]. It is 0 for a call that was refused.
	Attempts int
	// Queued is how long the call waited for its session's turn.
	Queued time.Duration
	// Waited is how long the call waited between its attempts, all waits together.
	Waited time.Duration
}

// WithObserver sets what watches the calls of the Client. A nil observer is refused. A later WithObserver replaces an earlier one:
// for two, write an Observer that calls both.
//
// Every call is observed, also one that is refused before anything is sent: its result has no attempts. The exceptions are a call
// with a nil context and one of a Client that NewClient did not make.
//
// StartCall runs before a call takes its place in the line of its session, so a slow one may let later calls go first. The function
// that ends a call runs after the call has left the line.
func WithObserver(observer Observer) Option {
	return func(s *settings) error {
		if observer == nil {
			return fmt.Errorf("%w: WithObserver(nil)", ErrInvalidConfig)
		}
		s.observer = observer
		return nil
	}
}

// CallFromContext returns which call and which attempt of it a request belongs to, for middleware: ctx is the context of the
// request. The contexts that the function of [WithAPIKeyFunc] and the handler of [WithLogger] get have it too. It reports false for
// any other context. It works with and without an [Observer].
func CallFromContext(ctx context.Context) (Call, bool) {
	if ctx == nil {
		return Call{}, false
	}
	call, ok := ctx.Value(callKey{}).(Call)
	return call, ok
}

type callKey struct{}

// startCall calls the observer. The context is never nil, and end is to be called once, with the result.
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

// errGoexit is what an observer is told of a call whose goroutine ends within it: it returns nothing.
var errGoexit = errors.New("integration: the goroutine of the call ended")
