package integration_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

const (
	testKey     = "5f3c9e0b7d2a4861"
	testSession = "order-7c1d-session"
	testCoupon  = "SUMMER-COUPON-42"
	testDevice  = "device-identifier-9"

	// goodAnswer serves all four operations.
	goodAnswer = `{"customerSession":{},"effects":[]}`
)

// fast retries without waits.
var fast = integration.WithRetry(integration.Retry{MaxAttempts: 2, BaseDelay: 1, MaxDelay: time.Minute})

func newClient(t testing.TB, baseURL string, opts ...integration.Option) *integration.Client {
	t.Helper()
	client, err := integration.NewClient(baseURL, testKey, opts...)
	require.NoError(t, err)
	return client
}

func newServer(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// transport is a RoundTripper without a network, for bubbles of synctest.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return f(r)
}

// fakeClient returns a client with f as its transport.
func fakeClient(t testing.TB, f transport, opts ...integration.Option) *integration.Client {
	t.Helper()
	opts = append([]integration.Option{integration.WithHTTPClient(&http.Client{Transport: f})}, opts...)
	return newClient(t, "https://shop.example", opts...)
}

func reply(status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{
		StatusCode:    status,
		Header:        h,
		Body:          io.NopCloser(strings.NewReader(body)),
		ContentLength: int64(len(body)),
	}
}

func update() integration.UpdateRequest {
	return integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{
			CouponCodes: []string{testCoupon},
			Identifiers: []string{testDevice},
			CartItems: []talonone.CartItem{
				{SKU: "shoe", Quantity: 2, Price: new(decimal.RequireFromString("9.50"))},
			},
		},
	}
}

func giveBack() integration.ReturnRequest {
	return integration.ReturnRequest{ReturnedCartItems: []integration.ReturnedCartItem{{Position: new(0)}}}
}

type operation struct {
	name   string
	method string
	path   string
	writes bool
	call   func(context.Context, *integration.Client, ...integration.CallOption) (*integration.IntegrationState, error)
}

// operations are the four session calls of a client.
var operations = []operation{
	{"update", "PUT", "/v2/customer_sessions/" + testSession, true,
		func(ctx context.Context, c *integration.Client, opts ...integration.CallOption) (*integration.IntegrationState, error) {
			return c.UpdateCustomerSession(ctx, testSession, update(), opts...)
		}},
	{"get", "GET", "/v2/customer_sessions/" + testSession, false,
		func(ctx context.Context, c *integration.Client, opts ...integration.CallOption) (*integration.IntegrationState, error) {
			return c.GetCustomerSession(ctx, testSession, opts...)
		}},
	{"reopen", "PUT", "/v2/customer_sessions/" + testSession + "/reopen", true,
		func(ctx context.Context, c *integration.Client, opts ...integration.CallOption) (*integration.IntegrationState, error) {
			return c.ReopenCustomerSession(ctx, testSession, opts...)
		}},
	{"return", "POST", "/v2/customer_sessions/" + testSession + "/returns", true,
		func(ctx context.Context, c *integration.Client, opts ...integration.CallOption) (*integration.IntegrationState, error) {
			return c.ReturnCartItems(ctx, testSession, giveBack(), opts...)
		}},
}

func readFile(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../test/testdata/fixtures", name))
	require.NoError(t, err)
	return string(text)
}

// readTestdata returns a file beside the tests.
func readTestdata(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return string(text)
}
