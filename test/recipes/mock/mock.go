package mock

import (
	"context"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// Sessions has the methods of the client that this program calls.
type Sessions interface {
	UpdateCustomerSession(context.Context, string, integration.UpdateRequest, ...integration.CallOption) (*integration.IntegrationState, error)
}

var _ Sessions = (*integration.Client)(nil)

// Checkout closes sessions. In the program, Sessions is a client.
type Checkout struct{ Sessions Sessions }

// Pay closes the session of an order that was paid.
func (c Checkout) Pay(ctx context.Context, order string) error {
	_, err := c.Sessions.UpdateCustomerSession(ctx, order, integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{State: talonone.StateClosed},
	})
	return err
}
