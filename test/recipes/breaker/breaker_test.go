package breaker

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

func TestBreaker(t *testing.T) {
	const pause = 700 * time.Millisecond // longer than the wait between the attempts
	server := integrationtest.NewServer(t)
	client := server.Client(Options(2, pause)...)
	update := func() error {
		_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
		return err
	}
	server.FailNext(10, http.StatusServiceUnavailable, nil)
	for range 2 { // the first call opens the breaker and ends at once, the second sends nothing
		err := update()
		if !errors.Is(err, gobreaker.ErrOpenState) || !integration.Unavailable(err) {
			t.Fatalf("%v, unavailable: %t", err, integration.Unavailable(err))
		}
		if n := len(server.Requests()); n != 2 {
			t.Fatalf("%d requests", n)
		}
	}
	time.Sleep(pause + 50*time.Millisecond)
	_ = update()
	if n := len(server.Requests()); n != 3 {
		t.Errorf("%d requests: after the pause one is let through", n)
	}
}

// A mistake in a request is not a failure of the service.
func TestBreakerStaysClosed(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(Options(2, time.Hour)...)
	server.FailNext(5, http.StatusBadRequest, nil)
	for range 5 {
		_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
		if !errors.Is(err, integration.ErrBadRequest) {
			t.Fatal(err)
		}
	}
	if _, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{}); err != nil {
		t.Error(err)
	}
}
