package mock

import (
	"context"
	"errors"
	"testing"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// updates is a function that replaces the client.
type updates func(id string, req integration.UpdateRequest) (*integration.IntegrationState, error)

func (f updates) UpdateCustomerSession(
	_ context.Context, id string, req integration.UpdateRequest, _ ...integration.CallOption,
) (*integration.IntegrationState, error) {
	return f(id, req)
}

func TestPay(t *testing.T) {
	down := &integration.APIError{StatusCode: 503}
	checkout := Checkout{updates(func(id string, req integration.UpdateRequest) (*integration.IntegrationState, error) {
		if id != "order-1" || req.CustomerSession.State != talonone.StateClosed {
			t.Errorf("%s becomes %q", id, req.CustomerSession.State)
		}
		return nil, down
	})}
	if err := checkout.Pay(t.Context(), "order-1"); !errors.Is(err, down) || !integration.Unavailable(err) {
		t.Error(err)
	}
}
