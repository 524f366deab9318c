package tracing

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

func TestMiddleware(t *testing.T) {
	for _, c := range []struct {
		name       string
		middleware func(...otelhttp.Option) func(http.RoundTripper) http.RoundTripper
		url        string
		leaks      bool
	}{
		{"otelhttp alone", func(opts ...otelhttp.Option) func(http.RoundTripper) http.RoundTripper {
			return func(next http.RoundTripper) http.RoundTripper { return otelhttp.NewTransport(next, opts...) }
		}, "/v2/customer_sessions/order-1", true},
		{"the recipe", Middleware, "/v2/customer_sessions/%7Bid%7D", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := integrationtest.NewServer(t)
			exporter := tracetest.NewInMemoryExporter()
			provider := trace.NewTracerProvider(trace.WithSyncer(exporter))
			client := server.Client(
				integration.WithRetry(integration.Retry{BaseDelay: time.Millisecond}),
				integration.WithMiddleware(c.middleware(
					otelhttp.WithTracerProvider(provider),
					otelhttp.WithPropagators(propagation.NewCompositeTextMapPropagator()),
				)))
			server.FailNext(1, http.StatusServiceUnavailable, nil)
			if _, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{DryRun: true}); err != nil {
				t.Fatal(err)
			}
			spans := exporter.GetSpans()
			if len(spans) != 2 {
				t.Fatalf("%d spans, not one an attempt", len(spans))
			}
			for _, span := range spans {
				var full string
				for _, a := range span.Attributes {
					if a.Key == "url.full" {
						full = a.Value.AsString()
					}
				}
				if _, path, _ := strings.Cut(full, server.URL); strings.TrimSuffix(path, "?dry=true") != c.url {
					t.Errorf("url.full is %q", full)
				}
				if leaks := strings.Contains(fmt.Sprintf("%+v", span), "order-1"); leaks != c.leaks {
					t.Errorf("the ID is in a span: %t", leaks)
				}
			}
			for _, r := range server.Requests() {
				if r.Path != "/v2/customer_sessions/order-1" || r.Query.Get("dry") != "true" || r.Header.Get("Traceparent") != "" {
					t.Errorf("%s?%s %v", r.Path, r.Query.Encode(), r.Header)
				}
			}
		})
	}
}
