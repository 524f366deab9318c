package breaker

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/talonone-go/talonone/integration"
)

// Options make a client that sends nothing during a pause after this number of failures in a row.
func Options(failures uint32, pause time.Duration) []integration.Option {
	breaker := gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:     pause,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= failures },
		IsExcluded:  func(err error) bool { return errors.Is(err, context.Canceled) }, // the customer has left
	})
	return []integration.Option{
		integration.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(r *http.Request) (*http.Response, error) {
				done, err := breaker.Allow()
				if err != nil {
					if r.Body != nil {
						_ = r.Body.Close() // a RoundTripper always closes it
					}
					return nil, err
				}
				outcome := errFailed // also after a panic
				defer func() { done(outcome) }()
				resp, err := next.RoundTrip(r)
				if err != nil || resp.StatusCode < 500 {
					outcome = err
				}
				return resp, err
			})
		}),
		integration.WithRetry(integration.Retry{
			Decide: func(err error, retry bool) bool { return retry && !open(err) },
		}),
	}
}

var errFailed = errors.New("an answer of 5xx")

// open reports whether the breaker did not let the request through.
func open(err error) bool {
	return errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
