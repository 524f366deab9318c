package integration_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// printing starts a server that prints each request and returns the answers one after another.
func printing(answers ...string) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Println(strings.TrimSpace(fmt.Sprint(r.Method, " ", r.URL, " ", string(body))))
		var status int
		var text string
		_, _ = fmt.Sscanf(answers[0], "%d %q", &status, &text)
		answers = answers[1:]
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}))
}

func ExampleClient() {
	server := printing(
		`200 "{\"customerSession\":{\"state\":\"open\"},\"effects\":[]}"`,
		`200 "{\"effects\":[]}"`,
	)
	defer server.Close()
	client, err := integration.NewClient(server.URL, "5f3c9e0b7d2a4861")
	if err != nil {
		panic(err)
	}
	ctx := context.Background()

	state, err := client.UpdateCustomerSession(ctx, "order-1234", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{
			CartItems: []talonone.CartItem{
				{SKU: "shoe", Quantity: 2, Price: new(decimal.RequireFromString("9.50"))},
			},
		},
		ResponseContent: []integration.ResponseContent{integration.ContentCustomerSession},
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(state.CustomerSession.State, len(state.Effects))

	_, err = client.UpdateCustomerSession(ctx, "order-1234", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{State: talonone.StateClosed},
	})
	fmt.Println(err)
	// Output:
	// PUT /v2/customer_sessions/order-1234 {"customerSession":{"cartItems":[{"sku":"shoe","quantity":2,"price":9.50}]},"responseContent":["customerSession"]}
	// open 0
	// PUT /v2/customer_sessions/order-1234 {"customerSession":{"state":"closed"}}
	// <nil>
}

func ExampleNewClient() {
	_, err := integration.NewClient("http://mycompany.europe-west1.talon.one", "5f3c9e0b7d2a4861")
	fmt.Println(err)
	_, err = integration.NewClient("https://mycompany.europe-west1.talon.one", "5f3c9e0b7d2a4861",
		integration.WithTimeout(3*time.Second),
		integration.WithValidation(talonone.CatalogPrices()),
	)
	fmt.Println(err)
	// Output:
	// integration: invalid configuration: the API key would go over the network unencrypted: use https, or WithPlainHTTP
	// <nil>
}

func ExampleOption() {
	// Options are values: a program can collect them.
	opts := []integration.Option{integration.WithUserAgent("shop/1.0")}
	if testing := true; testing {
		opts = append(opts, integration.WithRetry(integration.Retry{MaxAttempts: 1}))
	}
	_, err := integration.NewClient("https://mycompany.europe-west1.talon.one", "5f3c9e0b7d2a4861", opts...)
	fmt.Println(err)
	// Output: <nil>
}

func ExampleRetry() {
	server := printing(`503 ""`, `409 ""`, `200 "{\"customerSession\":{}}"`)
	defer server.Close()
	client, err := integration.NewClient(server.URL, "5f3c9e0b7d2a4861",
		integration.WithRetry(integration.Retry{MaxAttempts: 3, BaseDelay: 10 * time.Millisecond}))
	if err != nil {
		panic(err)
	}
	_, err = client.GetCustomerSession(context.Background(), "order-1234")
	fmt.Println(err)
	// Output:
	// GET /v2/customer_sessions/order-1234
	// GET /v2/customer_sessions/order-1234
	// GET /v2/customer_sessions/order-1234
	// <nil>
}

// A gateway of this deployment answers 401 while it restarts.
func ExampleRetry_decide() {
	server := printing(`401 "<html>starting"`, `200 "{\"customerSession\":{}}"`)
	defer server.Close()
	decide := func(err error, retry bool) bool {
		apiErr, ok := errors.AsType[*integration.APIError](err)
		return retry || ok && apiErr.StatusCode == http.StatusUnauthorized && apiErr.Message == ""
	}
	client, err := integration.NewClient(server.URL, "5f3c9e0b7d2a4861",
		integration.WithRetry(integration.Retry{BaseDelay: 10 * time.Millisecond, Decide: decide}))
	if err != nil {
		panic(err)
	}
	_, err = client.GetCustomerSession(context.Background(), "order-1234")
	fmt.Println(err)
	// Output:
	// GET /v2/customer_sessions/order-1234
	// GET /v2/customer_sessions/order-1234
	// <nil>
}

func ExampleUnavailable() {
	server := printing(`200 "{\"errorMessage\":\"Task timed out after 3.00 seconds\"}"`)
	defer server.Close()
	client, err := integration.NewClient(server.URL, "5f3c9e0b7d2a4861")
	if err != nil {
		panic(err)
	}
	_, err = client.UpdateCustomerSession(context.Background(), "order-1234", integration.UpdateRequest{})
	if integration.Unavailable(err) {
		fmt.Println("sell without discounts:", err)
	}
	// Output:
	// PUT /v2/customer_sessions/order-1234 {"customerSession":{}}
	// sell without discounts: integration: update: unusable answer: 200 OK with a body that has no "effects"
}

func ExampleRequestError() {
	client, err := integration.NewClient("https://mycompany.europe-west1.talon.one", "5f3c9e0b7d2a4861")
	if err != nil {
		panic(err)
	}
	_, err = client.ReturnCartItems(context.Background(), "order-1234", integration.ReturnRequest{
		ReturnedCartItems: []integration.ReturnedCartItem{{SKU: "hat"}, {SKU: "shoe", Quantity: new(0)}},
	})
	if refused, ok := errors.AsType[*integration.RequestError](err); ok {
		fmt.Println(refused.Path, refused.Err)
	}
	// Output: /return/returnedCartItems/1/quantity a quantity below 1
}

func ExampleResponse() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Idempotent-Replayed", "true")
		_, _ = io.WriteString(w, `{"effects":[]}`)
	}))
	defer server.Close()
	client, err := integration.NewClient(server.URL, "5f3c9e0b7d2a4861")
	if err != nil {
		panic(err)
	}
	var resp integration.Response
	_, err = client.ReopenCustomerSession(context.Background(), "order-1234",
		integration.WithIdempotencyKey("reopening-17"), integration.WithResponse(&resp))
	fmt.Println(err, resp.StatusCode, resp.Attempts, resp.Replayed)
	// Output: <nil> 200 1 true
}

// The key comes from a secret store, where it changes from time to time.
func ExampleWithAPIKeyFunc() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Header.Get("Authorization"))
		_, _ = io.WriteString(w, `{"effects":[]}`)
	}))
	defer server.Close()
	var current atomic.Value
	client, err := integration.NewClient(server.URL, "", integration.WithAPIKeyFunc(func(context.Context) (string, error) {
		key, ok := current.Load().(string)
		if !ok {
			return "", errors.New("no key yet")
		}
		return key, nil
	}))
	if err != nil {
		panic(err)
	}
	for _, key := range []string{"5f3c9e0b7d2a4861", "0a64df71c2b95e38"} {
		current.Store(key)
		if _, err := client.ReopenCustomerSession(context.Background(), "order-1234"); err != nil {
			panic(err)
		}
	}
	// Output:
	// ApiKey-v1 5f3c9e0b7d2a4861
	// ApiKey-v1 0a64df71c2b95e38
}

func ExampleAPIError() {
	server := printing(`400 "{\"message\":\"The submitted data was invalid\",\"errors\":[{\"title\":\"Unknown\",` +
		`\"details\":\"The attribute is not defined.\",\"source\":{\"pointer\":\"/attributes/MyAttribute\"}}]}"`)
	defer server.Close()
	client, err := integration.NewClient(server.URL, "5f3c9e0b7d2a4861")
	if err != nil {
		panic(err)
	}
	_, err = client.UpdateCustomerSession(context.Background(), "order-1234", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{Attributes: talonone.Attributes{"MyAttribute": 1}},
	})
	fmt.Println(err)
	fmt.Println(errors.Is(err, integration.ErrBadRequest))
	if apiErr, ok := errors.AsType[*integration.APIError](err); ok {
		fmt.Println(apiErr.StatusCode, apiErr.Errors[0].Pointer)
	}
	// Output:
	// PUT /v2/customer_sessions/order-1234 {"customerSession":{"attributes":{"MyAttribute":1}}}
	// integration: 400 Bad Request: The submitted data was invalid: Unknown: The attribute is not defined at /attributes/MyAttribute
	// true
	// 400 /attributes/MyAttribute
}

func ExampleAPIErrorDetail() {
	err := &integration.APIError{
		StatusCode: 400,
		Errors: []integration.APIErrorDetail{
			{Title: "Unknown attribute", Pointer: "/attributes/MyAttribute"},
			{Title: "Invalid type", Pointer: "/attributes/Name"},
		},
	}
	fmt.Println(err)
	// Output:
	// integration: 400 Bad Request: Unknown attribute at /attributes/MyAttribute; Invalid type at /attributes/Name
}

func ExampleUpdateRequest() {
	server := printing(`200 "{\"effects\":[]}"`)
	defer server.Close()
	client, err := integration.NewClient(server.URL, "5f3c9e0b7d2a4861")
	if err != nil {
		panic(err)
	}
	// What would the cart cost at Christmas?
	_, err = client.UpdateCustomerSession(context.Background(), "order-1234", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{CouponCodes: []string{"XMAS"}},
		DryRun:          true,
		Now:             time.Date(2030, 12, 24, 18, 0, 0, 0, time.UTC),
	})
	fmt.Println(err)
	// Output:
	// PUT /v2/customer_sessions/order-1234?dry=true&now=2030-12-24T18%3A00%3A00Z {"customerSession":{"couponCodes":["XMAS"]}}
	// <nil>
}

func ExampleReturnRequest() {
	server := printing(`200 "{\"effects\":[]}"`)
	defer server.Close()
	client, err := integration.NewClient(server.URL, "5f3c9e0b7d2a4861")
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	_, err = client.ReturnCartItems(ctx, "order-1234", integration.ReturnRequest{
		ReturnedCartItems: []integration.ReturnedCartItem{
			{Position: new(0), Quantity: new(1)}, // one unit of the first line
			{SKU: "hat"},                         // the whole line of hats
		},
		RunRuleEngine: true,
	})
	fmt.Println(err)
	_, err = client.ReturnCartItems(ctx, "order-1234", integration.ReturnRequest{})
	fmt.Println(err)
	// Output:
	// POST /v2/customer_sessions/order-1234/returns?runRuleEngine=true {"return":{"returnedCartItems":[{"position":0,"quantity":1},{"sku":"hat"}]}}
	// <nil>
	// integration: invalid request: a return of no items at /return/returnedCartItems
}

func ExampleReturnedCartItem() {
	var item integration.ReturnedCartItem
	if err := item.UnmarshalJSON([]byte(`{"position":2,"quantity":1}`)); err != nil {
		panic(err)
	}
	fmt.Println(*item.Position, *item.Quantity)
	// Output: 2 1
}

func ExampleResponseContent() {
	server := printing(`200 "{\"effects\":[]}"`)
	defer server.Close()
	client, err := integration.NewClient(server.URL, "5f3c9e0b7d2a4861")
	if err != nil {
		panic(err)
	}
	_, err = client.UpdateCustomerSession(context.Background(), "order-1234", integration.UpdateRequest{
		ResponseContent: []integration.ResponseContent{integration.ContentCustomerSession, integration.ContentLoyalty},
	})
	fmt.Println(err)
	// Output:
	// PUT /v2/customer_sessions/order-1234 {"customerSession":{},"responseContent":["customerSession","loyalty"]}
	// <nil>
}

func ExampleCallOption() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Header.Get("Idempotency-Key"), r.Header.Get("X-Trace"))
		_, _ = io.WriteString(w, `{"effects":[]}`)
	}))
	defer server.Close()
	client, err := integration.NewClient(server.URL, "5f3c9e0b7d2a4861")
	if err != nil {
		panic(err)
	}
	_, err = client.ReopenCustomerSession(context.Background(), "order-1234",
		integration.WithIdempotencyKey("reopening-17"),
		integration.WithHeader("X-Trace", "4bf92f3577b34da6"),
	)
	fmt.Println(err)
	_, err = client.ReopenCustomerSession(context.Background(), "order-1234", integration.WithHeader("Authorization", "x"))
	fmt.Println(err)
	// Output:
	// reopening-17 4bf92f3577b34da6
	// <nil>
	// integration: invalid request: WithHeader cannot set Authorization
}
