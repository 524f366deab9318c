package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// Shop is the service that is tested: it sells, and leaves the discounts to Talon.One.
type Shop struct {
	Sessions *integration.Client
}

// Order is what a customer wants to buy.
type Order struct {
	ID, Customer, Coupon string
	Items                []talonone.CartItem
}

// Quote is what an order costs.
type Quote struct {
	Total decimal.Decimal
	// Notice is what the customer should know, or empty.
	Notice string
}

// Quote says what an order costs. While Talon.One is not available that is the price without discounts; a mistake in the
// order or in the service is an error.
func (s *Shop) Quote(ctx context.Context, order Order) (Quote, error) {
	update := talonone.CustomerSessionUpdate{
		ProfileID:   &order.Customer,
		CouponCodes: []string{}, // no code drops the one of an earlier quote
		CartItems:   order.Items,
	}
	if order.Coupon != "" {
		update.CouponCodes = []string{order.Coupon}
	}
	state, err := s.Sessions.UpdateCustomerSession(ctx, order.ID, integration.UpdateRequest{
		CustomerSession: update,
		ResponseContent: []integration.ResponseContent{integration.ContentCustomerSession},
	})
	// Nothing is wrong with the order: one can sell without discounts. A customer who has gone needs no price.
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
	// The rules may take off more than there is, which Receipt.Overdiscounted reports: Payable is never below zero.
	quote := Quote{Total: receipt.Round(2).Payable()}
	for _, effect := range state.Effects {
		if refused, ok := effect.Props.(*integration.RejectCoupon); ok {
			quote.Notice = "the code " + refused.Value + " is not valid"
		}
	}
	return quote, nil
}

// ErrPaid is an order that is paid already.
var ErrPaid = errors.New("the order is paid already")

// Pay closes the order. The key names the payment: paying twice with one key is paying once.
func (s *Shop) Pay(ctx context.Context, orderID, key string) error {
	_, err := s.Sessions.UpdateCustomerSession(ctx, orderID, integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{State: talonone.StateClosed},
	}, integration.WithIdempotencyKey(key))
	if !errors.Is(err, integration.ErrBadRequest) {
		return err
	}
	// A 400 says that the session cannot be closed, and the session itself says why: it may be cancelled as well.
	state, getErr := s.Sessions.GetCustomerSession(ctx, orderID)
	if getErr != nil {
		return errors.Join(err, getErr)
	}
	if session := state.CustomerSession; session != nil && paid(session.State) {
		return fmt.Errorf("%w: %w", ErrPaid, err)
	}
	return err
}

// paid reports whether an order in a state was paid. Returns come after that.
func paid(state talonone.State) bool {
	return state == talonone.StateClosed || state == talonone.StatePartiallyReturned
}
