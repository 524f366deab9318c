package ratelimit

import (
	"net/http"

	"golang.org/x/time/rate"

	"github.com/talonone-go/talonone/integration"
)

// NewClient returns a client that sends 50 requests a second, and 10 of them at once, at most.
func NewClient(baseURL, apiKey string) (*integration.Client, error) {
	limiter := rate.NewLimiter(50, 10)
	return integration.NewClient(baseURL, apiKey, integration.WithMiddleware(Middleware(limiter)))
}

// Middleware lets the requests through one after another, repeats among them, as the limiter allows.
func Middleware(limiter *rate.Limiter) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			// The context is that of the attempt: WithTimeout bounds this wait too.
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
