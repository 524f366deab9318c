// Package shop has the code that the handlers of all frameworks share.
package shop

import (
	"context"
	"errors"
	"net/http"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// MaxBody is the maximum number of bytes of a request that a handler should read.
const MaxBody = 1 << 20

// Price sends a cart and returns what is left to pay. Do not trust the prices in a request of a browser: set them yourself.
func Price(ctx context.Context, client *integration.Client, id string, update talonone.CustomerSessionUpdate) (*integration.Receipt, error) {
	state, err := client.UpdateCustomerSession(ctx, id, integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{CartItems: update.CartItems, CouponCodes: update.CouponCodes},
		ResponseContent: []integration.ResponseContent{integration.ContentCustomerSession},
	})
	if err != nil {
		return nil, err
	}
	receipt, err := integration.NewReceipt(state.CustomerSession, state.Effects)
	if err != nil {
		return nil, err
	}
	return new(receipt.Round(2)), nil
}

// Status returns the status and the text to answer with. The text of the error itself is for your log.
func Status(err error) (status int, text string) {
	if decode, ok := errors.AsType[*talonone.DecodeError](err); ok {
		return http.StatusBadRequest, "cannot be read: " + decode.Path
	}
	if invalid, ok := errors.AsType[*talonone.ValidationError](err); ok {
		return http.StatusUnprocessableEntity, "breaks a rule: " + invalid.Violations[0].Path
	}
	switch {
	case errors.Is(err, integration.ErrNotFound):
		return http.StatusNotFound, "no such session"
	case integration.Unavailable(err):
		return http.StatusServiceUnavailable, "no discounts just now"
	}
	return http.StatusInternalServerError, "a mistake of ours"
}
