package main

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// newShop returns a shop that uses a server in memory. Waits before repeats are short.
func newShop(t *testing.T, opts ...integration.Option) (*Shop, *integrationtest.Server) {
	server := integrationtest.NewServer(t)
	server.OnEffects(tenOff)
	retry := integration.WithRetry(integration.Retry{BaseDelay: time.Millisecond, MaxDelay: time.Millisecond})
	return &Shop{Sessions: server.Client(append(opts, retry)...)}, server
}

func order(coupon string) Order {
	return Order{ID: "order-1", Customer: "customer-1", Coupon: coupon, Items: twoShoes()}
}

func TestQuote(t *testing.T) {
	tests := map[string]struct {
		coupon, total, notice string
	}{
		"no coupon":       {"", "99.90", ""},
		"a coupon":        {"TEN", "89.90", ""},
		"no valid coupon": {"ELEVEN", "99.90", "the code ELEVEN is not valid"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			shop, _ := newShop(t)
			quote, err := shop.Quote(t.Context(), order(test.coupon))
			require.NoError(t, err)
			require.Equal(t, test.total, quote.Total.StringFixed(2))
			require.Equal(t, test.notice, quote.Notice)
		})
	}
}

func TestQuoteOfOddPrices(t *testing.T) {
	tests := map[string]struct{ coupon, price, total string }{
		"less than the coupon is worth": {"TEN", "2.00", "0"},
		"as much as it is worth":        {"TEN", "3.333", "0"},
		"finer than a cent":             {"", "0.3333", "1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			shop, server := newShop(t)
			odd := order(test.coupon)
			odd.Items = []talonone.CartItem{{SKU: "lace", Quantity: 3, Price: new(decimal.RequireFromString(test.price))}}
			quote, err := shop.Quote(t.Context(), odd)
			require.NoError(t, err)
			require.Equal(t, test.total, quote.Total.String())

			// Without Talon.One there is no coupon, but the price is rounded too.
			server.FailNext(4, http.StatusServiceUnavailable, nil)
			quote, err = shop.Quote(t.Context(), odd)
			require.NoError(t, err)
			require.Equal(t, odd.Items[0].Price.Mul(decimal.New(3, 0)).StringFixed(2), quote.Total.StringFixed(2))
			require.LessOrEqual(t, -quote.Total.Exponent(), int32(2))
		})
	}
}

// The session keeps a code until an update removes it.
func TestQuoteForgetsTheCoupon(t *testing.T) {
	shop, server := newShop(t)
	_, err := shop.Quote(t.Context(), order("TEN"))
	require.NoError(t, err)
	quote, err := shop.Quote(t.Context(), order(""))
	require.NoError(t, err)
	require.Equal(t, "99.90", quote.Total.StringFixed(2))
	session, _ := server.Session("order-1")
	require.Empty(t, session.CouponCodes)
	require.Equal(t, "customer-1", session.ProfileID)
}

// If Talon.One or the connection fails, the shop sells without discounts.
func TestQuoteWithoutTalonOne(t *testing.T) {
	// A client tries 4 times if a repeat may help.
	tests := map[string]func(*integrationtest.Server){
		"maintenance":      func(s *integrationtest.Server) { s.FailNext(4, http.StatusServiceUnavailable, nil) },
		"too many calls":   func(s *integrationtest.Server) { s.FailNext(4, http.StatusTooManyRequests, nil) },
		"the session busy": func(s *integrationtest.Server) { s.FailNext(4, http.StatusConflict, nil) },
		"an empty answer":  func(s *integrationtest.Server) { s.FailNext(1, http.StatusOK, nil) },
		"broken answers":   func(s *integrationtest.Server) { s.CutNext(4) },
		"too slow":         func(s *integrationtest.Server) { s.Delay(time.Hour) },
		"no connection":    func(s *integrationtest.Server) { s.Close() },
	}
	for name, fail := range tests {
		t.Run(name, func(t *testing.T) {
			shop, server := newShop(t, integration.WithTimeout(100*time.Millisecond))
			fail(server)
			quote, err := shop.Quote(t.Context(), order("TEN"))
			require.NoError(t, err)
			require.Equal(t, "99.90", quote.Total.StringFixed(2))
			require.NotEmpty(t, quote.Notice)
		})
	}
	t.Run("no time left", func(t *testing.T) {
		shop, server := newShop(t)
		server.Delay(time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		quote, err := shop.Quote(ctx, order("TEN"))
		require.NoError(t, err)
		require.Equal(t, "99.90", quote.Total.StringFixed(2))
	})
}

// A mistake of the shop is an error. Otherwise the shop would always sell without discounts.
func TestQuoteByMistake(t *testing.T) {
	for _, status := range []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound} {
		shop, server := newShop(t)
		server.FailNext(1, status, nil)
		_, err := shop.Quote(t.Context(), order("TEN"))
		require.Error(t, err, status)
		require.Len(t, server.Requests(), 1)
	}
	shop, server := newShop(t)
	ctx, cancel := context.WithCancel(t.Context())
	server.OnEffects(func(integrationtest.Evaluation) []integration.Effect {
		cancel()
		return nil
	})
	server.CutNext(1)
	_, err := shop.Quote(ctx, order("TEN"))
	require.ErrorIs(t, err, context.Canceled)
}

// A mistake in an order is found before it is sent.
func TestQuoteOfAnEmptyLine(t *testing.T) {
	shop, server := newShop(t)
	wrong := order("")
	wrong.Items[0].Quantity = 0
	_, err := shop.Quote(t.Context(), wrong)
	require.ErrorIs(t, err, talonone.ErrInvalidQuantity)
	require.Empty(t, server.Requests())
}

// After a lost answer, the request is sent again, and the order is not closed twice.
func TestPay(t *testing.T) {
	shop, server := newShop(t)
	_, err := shop.Quote(t.Context(), order("TEN"))
	require.NoError(t, err)
	server.CutNext(1)
	require.NoError(t, shop.Pay(t.Context(), "order-1", "payment-1"))
	session, _ := server.Session("order-1")
	require.Equal(t, talonone.StateClosed, session.State)
	require.EqualValues(t, 2, session.UpdateCount, "one quote, one payment")
	require.Len(t, server.Requests(), 3)

	require.NoError(t, shop.Pay(t.Context(), "order-1", "payment-1"), "the same payment")
	require.ErrorIs(t, shop.Pay(t.Context(), "order-1", "payment-2"), ErrPaid)
}

// A 400 does not always mean that the order was paid.
func TestPayWhatCannotBePaid(t *testing.T) {
	for state, paid := range map[talonone.State]bool{
		talonone.StateClosed: true, talonone.StatePartiallyReturned: true, talonone.StateCancelled: false,
	} {
		shop, server := newShop(t)
		server.SetSession(talonone.CustomerSessionV2{IntegrationID: "order-1", State: state, CartItems: twoShoes()})
		err := shop.Pay(t.Context(), "order-1", "payment-1")
		require.ErrorIs(t, err, integration.ErrBadRequest)
		require.Equal(t, paid, errors.Is(err, ErrPaid), state)
	}
	shop, server := newShop(t)
	_, err := shop.Quote(t.Context(), order(""))
	require.NoError(t, err)
	server.FailNext(1, http.StatusBadRequest, nil) // for another reason than the state
	err = shop.Pay(t.Context(), "order-1", "payment-1")
	require.ErrorIs(t, err, integration.ErrBadRequest)
	require.NotErrorIs(t, err, ErrPaid)
	server.FailNext(1, http.StatusBadRequest, nil)
	server.FailNext(4, http.StatusServiceUnavailable, nil) // the session cannot be read either
	err = shop.Pay(t.Context(), "order-1", "payment-1")
	require.ErrorIs(t, err, integration.ErrBadRequest)
	require.ErrorIs(t, err, integration.ErrServer)
	require.NotErrorIs(t, err, ErrPaid)
	require.NoError(t, shop.Pay(t.Context(), "order-1", "payment-1"))
}

func Example() {
	main()
	// Output:
	// two shoes with the code TEN: 89.90
	// two shoes with the code ELEVEN: 99.90 (the code ELEVEN is not valid)
	// paid: <nil>
	// requests: 3
}
