// Retry shows what a caller sees when a server fails: repeated attempts, waits that end early, and errors that say what went
// wrong. It needs no account and no network:
//
//	go run ./examples/retry
//
// It prints:
//
//	a server that recovers: 3 requests, one idempotency key, <nil>
//	a server that is down: 4 requests, integration: update: attempt 4: EOF
//	a server that wants to be left alone: 1 request, integration: 429 Too Many Requests: come back later
//	    the server says: retry after 3600 s
//	a request that is wrong: 1 request, integration: 400 Bad Request: Unknown attribute at /attributes/size
//	a gateway that answers in HTML: 4 requests, integration: 502 Bad Gateway
//	a server that is too slow: 4 requests, integration: update: attempt 4: timeout: no whole answer within 20ms
//	a customer who does not wait that long: 1 request, integration: 503 Service Unavailable
//	    at once: true, and the shop can sell without discounts: true
//	a cart that cannot be sold: 0 requests
//	    /cartItems/0/quantity: below 1
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

func main() {
	ctx := context.Background()
	cart = []talonone.CartItem{{SKU: "shoe", Quantity: 1, Price: new(decimal.RequireFromString("99.90"))}}
	requests, keys, err := update(ctx, func(n int64, w http.ResponseWriter, r *http.Request) {
		if n < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		answer(w, http.StatusOK, `{"effects":[]}`)
	})
	if keys != 1 {
		log.Fatalf("%d idempotency keys", keys)
	}
	fmt.Printf("a server that recovers: %s, one idempotency key, %v\n", requests, err)

	requests, _, err = update(ctx, func(n int64, w http.ResponseWriter, r *http.Request) {
		panic(http.ErrAbortHandler) // this closes the connection
	})
	fmt.Printf("a server that is down: %s, %v\n", requests, err)

	requests, _, err = update(ctx, func(n int64, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "3600")
		answer(w, http.StatusTooManyRequests, `{"message":"come back later"}`)
	})
	fmt.Printf("a server that wants to be left alone: %s, %v\n", requests, err)
	if apiErr, ok := errors.AsType[*integration.APIError](err); ok {
		fmt.Printf("    the server says: retry after %s s\n", apiErr.Header.Get("Retry-After"))
	}

	requests, _, err = update(ctx, func(n int64, w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusBadRequest,
			`{"errors":[{"title":"Unknown attribute","source":{"pointer":"/attributes/size"}}]}`)
	})
	fmt.Printf("a request that is wrong: %s, %v\n", requests, err)

	requests, _, err = update(ctx, func(n int64, w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusBadGateway, `<html><h1>Bad Gateway</h1></html>`)
	})
	fmt.Printf("a gateway that answers in HTML: %s, %v\n", requests, err)

	requests, _, err = update(ctx, func(n int64, w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done() // until the client has left
	}, integration.WithTimeout(20*time.Millisecond))
	fmt.Printf("a server that is too slow: %s, %v\n", requests, err)

	impatient, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	requests, _, err = update(impatient, func(n int64, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "9")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	fmt.Printf("a customer who does not wait that long: %s, %v\n", requests, err)
	fmt.Printf("    at once: %t, and the shop can sell without discounts: %t\n",
		impatient.Err() == nil, integration.Unavailable(err))

	cart[0].Quantity = 0
	requests, _, err = update(ctx, func(n int64, w http.ResponseWriter, r *http.Request) {})
	fmt.Printf("a cart that cannot be sold: %s\n", requests)
	if invalid, ok := errors.AsType[*talonone.ValidationError](err); ok {
		fmt.Printf("    %s: below 1\n", invalid.Violations[0].Path)
	}
}

// cart is what update sends.
var cart []talonone.CartItem

// update sends an update to a server that answers the nth request with handle. It returns the number of requests, the number of
// different idempotency keys, and the error of the call.
func update(
	ctx context.Context, handle func(n int64, w http.ResponseWriter, r *http.Request), opts ...integration.Option,
) (requests string, keys int, err error) {
	var arrived atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A server notices that its client has left only after it has read the request.
		_, _ = io.Copy(io.Discard, r.Body)
		handle(arrived.Add(1), w, r)
	}))
	defer server.Close()

	// The waits are short so that the example does not take long.
	var seen []string
	opts = append(opts, integration.WithRetry(integration.Retry{BaseDelay: 5 * time.Millisecond}),
		integration.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(r *http.Request) (*http.Response, error) {
				seen = append(seen, r.Header.Get("Idempotency-Key"))
				return next.RoundTrip(r)
			})
		}))
	client, err := integration.NewClient(server.URL, "not-a-real-key", opts...)
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.UpdateCustomerSession(ctx, "order-1234", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{CartItems: cart},
	})
	requests = fmt.Sprintf("%d requests", len(seen))
	if len(seen) == 1 {
		requests = "1 request"
	}
	return requests, len(slices.Compact(seen)), err
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(w http.ResponseWriter, status int, body string) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}
