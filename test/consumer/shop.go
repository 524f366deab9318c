// Package shop is a small shop in a module of its own. It uses the library as its users do: nothing but what is exported
// can be reached from here, and what the library depends on is what the shop depends on.
package shop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// ErrPaid is a change of an order that is paid.
var ErrPaid = errors.New("shop: the order is paid")

// Sessions is what the shop needs of a client, so that it can be given another.
type Sessions interface {
	UpdateCustomerSession(context.Context, string, integration.UpdateRequest, ...integration.CallOption) (*integration.IntegrationState, error)
	GetCustomerSession(context.Context, string, ...integration.CallOption) (*integration.IntegrationState, error)
	ReopenCustomerSession(context.Context, string, ...integration.CallOption) (*integration.IntegrationState, error)
	ReturnCartItems(context.Context, string, integration.ReturnRequest, ...integration.CallOption) (*integration.IntegrationState, error)
}

var _ Sessions = (*integration.Client)(nil)

// Shop prices carts and takes orders.
type Shop struct {
	sessions Sessions
	log      *slog.Logger
}

// New returns a shop.
func New(sessions Sessions, log *slog.Logger) *Shop { return &Shop{sessions, log} }

// Order is a row of the shop's own database: the library's models are fields like any other.
type Order struct {
	Number  string                     `json:"number"`
	Session talonone.CustomerSessionV2 `json:"session"`
	Paid    decimal.Decimal            `json:"paid"`
}

// Quote is what a cart costs, and what the customer is to be told.
type Quote struct {
	ToPay   decimal.Decimal
	Saved   decimal.Decimal
	Notices []string
}

// Price says what a cart would cost. It changes nothing.
func (s *Shop) Price(ctx context.Context, number string, cart []talonone.CartItem, codes ...string) (*Quote, error) {
	_, quote, err := s.update(ctx, number, integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{CartItems: cart, CouponCodes: codes},
		DryRun:          true,
	})
	return quote, err
}

// Keep keeps a cart for later.
func (s *Shop) Keep(ctx context.Context, number string, cart []talonone.CartItem) (*Quote, error) {
	_, quote, err := s.update(ctx, number, integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{CartItems: cart},
	})
	return quote, err
}

// Pay closes an order.
func (s *Shop) Pay(ctx context.Context, number string, cart []talonone.CartItem, codes ...string) (*Order, error) {
	session, quote, err := s.update(ctx, number, integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{CartItems: cart, CouponCodes: codes, State: talonone.StateClosed},
	}, integration.WithIdempotencyKey("pay-"+number))
	if err != nil {
		return nil, err
	}
	return &Order{Number: number, Session: *session, Paid: quote.ToPay}, nil
}

func (s *Shop) update(
	ctx context.Context, number string, request integration.UpdateRequest, opts ...integration.CallOption,
) (*talonone.CustomerSessionV2, *Quote, error) {
	request.ResponseContent = []integration.ResponseContent{integration.ContentCustomerSession}
	state, err := s.sessions.UpdateCustomerSession(ctx, number, request, opts...)
	if err != nil {
		if errors.Is(err, integration.ErrBadRequest) {
			if current, getErr := s.sessions.GetCustomerSession(ctx, number); getErr == nil && current.CustomerSession.State == talonone.StateClosed {
				return nil, nil, fmt.Errorf("%w: %w", ErrPaid, err)
			}
		}
		return nil, nil, err
	}
	s.log.InfoContext(ctx, "priced", "session", state.CustomerSession)
	receipt, err := integration.NewReceipt(state.CustomerSession, state.Effects)
	if err != nil {
		return nil, nil, err
	}
	rounded := receipt.Round(2)
	quote := &Quote{ToPay: rounded.Total, Saved: rounded.DiscountTotal}
	for _, effect := range state.Effects {
		switch props := effect.Props.(type) {
		case *integration.AcceptCoupon:
			quote.Notices = append(quote.Notices, props.Value+" is taken")
		case *integration.RejectCoupon:
			quote.Notices = append(quote.Notices, props.Value+" is not taken: "+string(props.RejectionReason))
		case *integration.ShowNotification:
			quote.Notices = append(quote.Notices, props.Title)
		}
	}
	return state.CustomerSession, quote, nil
}

// TakeBack returns all units of one line of a paid order.
func (s *Shop) TakeBack(ctx context.Context, number string, position int) (*Order, error) {
	_, err := s.sessions.ReturnCartItems(ctx, number, integration.ReturnRequest{
		ReturnedCartItems: []integration.ReturnedCartItem{{Position: &position}},
	})
	if err != nil {
		return nil, err
	}
	state, err := s.sessions.GetCustomerSession(ctx, number)
	if err != nil {
		return nil, err
	}
	return &Order{Number: number, Session: *state.CustomerSession}, nil
}

// Problems returns the places of a form that a customer has to correct.
func Problems(err error) (pointers []string) {
	if invalid, ok := errors.AsType[*talonone.ValidationError](err); ok {
		for _, violation := range invalid.Violations {
			pointers = append(pointers, violation.Path)
		}
	}
	if refused, ok := errors.AsType[*integration.APIError](err); ok {
		for _, detail := range refused.Errors {
			pointers = append(pointers, detail.Pointer)
		}
	}
	return pointers
}

// Save and Load are what a database does with an order.
func Save(order *Order) ([]byte, error) { return json.Marshal(order) }

// Load is the reverse of Save.
func Load(row []byte) (order *Order, err error) { return order, json.Unmarshal(row, &order) }
