package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// Shop is the tested service: it sells, and gets the discounts from Talon.One.
type Shop struct {
	Sessions *integration.Client
}

// Order has the items that a customer wants to buy.
type Order struct {
	ID, Customer, Coupon string
	Items                []talonone.CartItem
}

// Quote is the price of an order.
type Quote struct {
	Total decimal.Decimal
	// Notice is a message for the customer, or empty.
	Notice string
}

// Quote returns the price of an order. If Talon.One is not available, this is the price without discounts. A mistake in the order or
// in the service is an error.
func (s *Shop) Quote(ctx context.Context, order Order) (Quote, error) {
	update := talonone.CustomerSessionUpdate{
		ProfileID:   &order.Customer,
		CouponCodes: []string{}, // an empty list removes the code of an earlier quote
		CartItems:   order.Items,
	}
	if order.Coupon != "" {
		update.CouponCodes = []string{order.Coupon}
	}
	state, err := s.Sessions.UpdateCustomerSession(ctx, order.ID, integration.UpdateRequest{
		CustomerSession: update,
		ResponseContent: []integration.ResponseContent{integration.ContentCustomerSession},
	})
	// The order is correct, so the shop can sell without discounts. Unavailable is false if the customer has left: nobody needs
	// a price then.
	if integration.Unavailable(err) {
		full := talonone.CustomerSessionV2{CartItems: order.Items}
		return Quote{Total: full.ComputeTotals().Total.Round(2), Notice: "discounts are not available just now"}, nil
	}
	if err != nil {
		return Quote{}, fmt.Errorf("quote: %w", err)
	}
	receipt, err := integration.NewReceipt(state.CustomerSession, state.Effects)
	if err != nil {
		return Quote{}, fmt.Errorf("quote: %w", err)
	}
	// The rules may take off more than the price: Receipt.Overdiscounted reports that. Payable is never below zero.
	quote := Quote{Total: receipt.Round(2).Payable()}
	for _, effect := range state.Effects {
		if refused, ok := effect.Props.(*integration.RejectCoupon); ok {
			quote.Notice = "the code " + refused.Value + " is not valid"
		}
	}
	return quote, nil
}

// ErrPaid means that the order is already paid.
var ErrPaid = errors.New("the order is already paid")

// Pay closes the order. The key identifies the payment, so a second call with the same key does not pay again.
func (s *Shop) Pay(ctx context.Context, orderID, key string) error {
	_, err := s.Sessions.UpdateCustomerSession(ctx, orderID, integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{State: talonone.StateClosed},
	}, integration.WithIdempotencyKey(key))
	if !errors.Is(err, integration.ErrBadRequest) {
		return err
	}
	// A 400 means that the session cannot be closed. Read the session to see why: it may be paid or cancelled.
	state, getErr := s.Sessions.GetCustomerSession(ctx, orderID)
	if getErr != nil {
		return errors.Join(err, getErr)
	}
	if session := state.CustomerSession; session != nil && paid(session.State) {
		return fmt.Errorf("%w: %w", ErrPaid, err)
	}
	return err
}

// paid reports whether an order in this state was paid. Only a paid order can have returns.
func paid(state talonone.State) bool {
	return state == talonone.StateClosed || state == talonone.StatePartiallyReturned
}
