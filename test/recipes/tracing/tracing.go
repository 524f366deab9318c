package tracing

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"github.com/talonone-go/talonone/integration"
)

// NewClient returns a client whose attempts are traced.
func NewClient(baseURL, apiKey string, opts ...otelhttp.Option) (*integration.Client, error) {
	return integration.NewClient(baseURL, apiKey, integration.WithMiddleware(Middleware(opts...)))
}

// Middleware traces each attempt with otelhttp. The spans do not have the session's ID.
func Middleware(opts ...otelhttp.Option) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		traced := otelhttp.NewTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
			r = r.Clone(r.Context())
			r.URL = r.Context().Value(urlKey{}).(*url.URL)
			return next.RoundTrip(r)
		}), opts...)
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			hidden := r.Clone(context.WithValue(r.Context(), urlKey{}, r.URL))
			hidden.URL = &url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host, Path: route(r.URL)}
			return traced.RoundTrip(hidden)
		})
	}
}

// route returns the path with {id} in place of the session's ID. It hides any other path.
func route(u *url.URL) string {
	segments := strings.Split(u.EscapedPath(), "/")
	i := slices.Index(segments, "customer_sessions")
	if i < 0 || i+1 == len(segments) {
		return "/"
	}
	segments[i+1] = "{id}"
	return strings.Join(segments, "/")
}

type urlKey struct{}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
