package otel_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
	"github.com/talonone-go/talonone/otel"
)

// printer is an exporter that prints spans, without attributes that differ from run to run.
type printer struct{}

func (printer) ExportSpans(_ context.Context, spans []sdktrace.ReadOnlySpan) error {
	for _, span := range spans {
		fmt.Println(span.Name(), span.SpanKind(), span.Status().Code)
		sorted := attribute.NewSet(span.Attributes()...)
		for _, kv := range sorted.ToSlice() {
			if !strings.HasSuffix(string(kv.Key), ".duration") && kv.Key != "server.port" {
				fmt.Printf("    %s: %s\n", kv.Key, kv.Value.String())
			}
		}
	}
	return nil
}

func (printer) Shutdown(context.Context) error { return nil }

// An update whose first attempt fails has a span for each request, and one for the call.
func ExampleNewObserver() {
	server := integrationtest.Start()
	defer server.Close()
	server.FailNext(1, http.StatusServiceUnavailable, nil)

	observer := otel.NewObserver(otel.WithTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSyncer(printer{}))))
	client := server.Client(
		integration.WithObserver(observer),
		integration.WithMiddleware(observer.Middleware),
	)
	_, err := client.UpdateCustomerSession(context.Background(), "order-1234", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{ProfileID: new("customer-7")},
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// PUT client Error
	//     error.type: 503
	//     http.request.method: PUT
	//     http.response.status_code: 503
	//     network.protocol.version: 1.1
	//     server.address: 127.0.0.1
	//     talonone.attempt: 1
	//     talonone.operation: update
	// PUT client Unset
	//     http.request.method: PUT
	//     http.request.resend_count: 1
	//     http.response.status_code: 200
	//     network.protocol.version: 1.1
	//     server.address: 127.0.0.1
	//     talonone.attempt: 2
	//     talonone.operation: update
	// talonone update client Unset
	//     http.response.status_code: 200
	//     server.address: 127.0.0.1
	//     talonone.attempts: 2
	//     talonone.operation: update
}
