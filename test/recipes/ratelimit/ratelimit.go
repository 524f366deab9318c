package ratelimit

import (
	"net/http"

	"golang.org/x/time/rate"

	"github.com/talonone-go/talonone/integration"
)

// NewClient returns a client that sends at most 50 requests a second, and at most 10 of them at once.
func NewClient(baseURL, apiKey string) (*integration.Client, error) {
	limiter := rate.NewLimiter(50, 10)
	return integration.NewClient(baseURL, apiKey, integration.WithMiddleware(Middleware(limiter)))
}

// Middleware delays each request, including repeats, until the limiter allows it.
func Middleware(limiter *rate.Limiter) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			// This is the context of the attempt, so WithTimeout limits this wait too.
			if err := limiter.Wait(r.Context()); err != nil {
				if r.Body != nil {
					_ = r.Body.Close() // a RoundTripper always closes it
				}
				return nil, err
			}
			return next.RoundTrip(r)
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
