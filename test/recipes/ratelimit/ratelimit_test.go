package ratelimit

import (
	"context"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

func TestMiddleware(t *testing.T) {
	const every = 50 * time.Millisecond
	server := integrationtest.NewServer(t)
	client := server.Client(integration.WithMiddleware(Middleware(rate.NewLimiter(rate.Every(every), 1))))
	start := time.Now()
	for range 3 {
		if _, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{}); err != nil {
			t.Fatal(err)
		}
	}
	if d := time.Since(start); d < 2*every-5*time.Millisecond {
		t.Errorf("three requests in %v", d)
	}
}

// If the wait would outlast the deadline, nothing is sent.
func TestNoTurnInTime(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(integration.WithMiddleware(Middleware(rate.NewLimiter(rate.Every(time.Hour), 1))))
	if _, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := client.UpdateCustomerSession(ctx, "order-1", integration.UpdateRequest{})
	if !integration.Unavailable(err) || len(server.Requests()) != 1 {
		t.Errorf("%v, %d requests", err, len(server.Requests()))
	}
}
