package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// newShop returns a shop whose Talon.One is a server in memory. Repeats do not wait long.
func newShop(t *testing.T) (*Shop, *integrationtest.Server) {
	server := integrationtest.NewServer(t)
	server.OnEffects(tenOff)
	return &Shop{Sessions: server.Client(
		integration.WithRetry(integration.Retry{BaseDelay: time.Millisecond, MaxDelay: time.Millisecond}),
	)}, server
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

// The session remembers a code until it is told otherwise.
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

func TestQuoteWithoutTalonOne(t *testing.T) {
	shop, server := newShop(t)
	server.FailNext(4, http.StatusServiceUnavailable, nil) // as often as the client tries
	quote, err := shop.Quote(t.Context(), order("TEN"))
	require.NoError(t, err)
	require.Equal(t, "99.90", quote.Total.StringFixed(2))
	require.NotEmpty(t, quote.Notice)
	require.Len(t, server.Requests(), 4)
}

// What is wrong with an order is seen before it is sent.
func TestQuoteOfAnEmptyLine(t *testing.T) {
	shop, server := newShop(t)
	wrong := order("")
	wrong.Items[0].Quantity = 0
	_, err := shop.Quote(t.Context(), wrong)
	require.ErrorIs(t, err, talonone.ErrInvalidQuantity)
	require.Empty(t, server.Requests())
}

// An answer that gets lost is asked for again, and the order is not closed twice.
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

func Example() {
	main()
	// Output:
	// two shoes with the code TEN: 89.90
	// two shoes with the code ELEVEN: 99.90 (the code ELEVEN is not valid)
	// paid: <nil>
	// requests: 3
}
