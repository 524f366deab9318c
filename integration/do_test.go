package integration_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

func get(path string) integration.Request { return integration.Request{Method: "GET", Path: path} }

func TestDo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		req  integration.Request
		url  string // what is requested
		body string
	}{
		{"a read", get("/v1/rewards/catalog"), "/v1/rewards/catalog", ""},
		{"a query", integration.Request{Method: "GET", Path: "/v1/customer_profiles/c/inventory", Query: url.Values{
			"profile": {"true"}, "coupons": {"a b", "&+="}, "ä": {"/"},
		}}, "/v1/customer_profiles/c/inventory?coupons=a%20b&coupons=%26%2B%3D&profile=true&%C3%A4=%2F", ""},
		{"what url.PathEscape leaves", get("/v2/customer_profiles/" + url.PathEscape("a$&+=:@b/c d~%2E")),
			"/v2/customer_profiles/a%24%26%2B%3D%3A%40b%2Fc%20d~%252E", ""},
		{"lower case in an escape", get("/v1/x/a%2fb"), "/v1/x/a%2Fb", ""},
		{"an escape that is not needed", get("/v1/%78"), "/v1/x", ""},
		{"dots within a segment", get("/v1/a..b/..."), "/v1/a..b/...", ""},
		{"a map", integration.Request{Method: "PUT", Path: "/v2/x", Body: map[string]any{"b": 1, "a": "<"}}, "/v2/x", `{"a":"\u003c","b":1}`},
		{"attributes", integration.Request{Method: "POST", Path: "/v2/x",
			Body: talonone.Attributes{"points": decimal.RequireFromString("12.50")}}, "/v2/x", `{"points":12.50}`},
		{"bytes", integration.Request{Method: "DELETE", Path: "/v2/x", Body: []byte(`{ "a": 1.0 }`)}, "/v2/x", `{ "a": 1.0 }`},
		{"raw JSON", integration.Request{Method: "PATCH", Path: "/v2/x", Body: json.RawMessage(`[ "<" ]`)}, "/v2/x", `[ "<" ]`},
		{"no body", integration.Request{Method: "POST", Path: "/v1/rewards/7/unlock"}, "/v1/rewards/7/unlock", ""},
	} {
		var got *http.Request
		var body []byte
		client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
			got, body = r, nil
			if r.Body != nil {
				body, _ = io.ReadAll(r.Body)
			}
			return reply(200, `{"balance":19999999.990}`), nil
		})
		var out struct{ Balance decimal.Decimal }
		require.NoError(t, client.Do(t.Context(), tt.req, &out, integration.WithHeader("X-Trace", "1")), tt.name)
		assert.Equal(t, "19999999.990", out.Balance.StringFixed(3), tt.name)
		assert.Equal(t, "https://shop.example"+tt.url, got.URL.String(), tt.name)
		assert.Equal(t, tt.req.Method, got.Method, tt.name)
		assert.Equal(t, tt.body, string(body), tt.name)
		assert.Equal(t, "ApiKey-v1 "+testKey, got.Header.Get("Authorization"), tt.name)
		assert.Equal(t, "1", got.Header.Get("X-Trace"), tt.name)
		assert.Equal(t, tt.req.Method == "GET", got.Header.Get("Idempotency-Key") == "", tt.name)
		assert.Equal(t, tt.body == "", got.Header.Get("Content-Type") == "", tt.name)
	}
}

// pathsThatAreRefused are also seeds of FuzzDoPath.
var pathsThatAreRefused = []string{
	"", "/", "v1/x", "/v1", "/v2", "/v3/events", "/v1x/y", "/V1/x", "/%761/x", "//other.example/v1/x", "https://other.example/v1/x",
	"@other.example/v1/x", ":80/v1/x", ".other.example/v1/x", `\v1\x`, " /v1/x", "/../v1/x", "/v1/../v2/x", "/v1/./x", "/v1/x/..", "/v1/.",
	"/v1/%2e%2e/x", "/v1/%2E/x", "/v1/.%2e/x", "/v1/a%2f..%2fb", "/v1/..%2fb", `/v1/..%5Cb`, "/v1/", "/v1//x", "/v1/x/", "/v1/x?y=z",
	"/v1/x?", "/v1/x#y", "/v1/x#", "/v1/%", "/v1/%2", "/v1/%zz", "/v1/x y", "/v1/ä", "/v1/\xff", "/v1/%ff", "/v1/x\n", "/v1/x\r\nHost: y", "/v1/x\x00",
	"/v1/x%00", "/v1/x%0a", "/v1/x%7F", "/v1/x%C2%85", "/v1/{id}", `/v1/a\..\b`, "/v1/\"", "/v1/[x]", "/v1/^",
	"/v2/customer_sessions/order-1", "/v2/customer_sessions/order-1/reopen", "/v2/customer_sessions/order-1/returns",
	"/v2/customer%5Fsessions/order-1", "/v2/customer_sessions/a%2Fb/r%65open",
}

func TestDoPathsThatAreRefused(t *testing.T) {
	t.Parallel()
	client := nothingSent(t)
	for _, path := range pathsThatAreRefused {
		err := client.Do(t.Context(), get(path), nil)
		assert.ErrorIs(t, err, integration.ErrInvalidRequest, "%q", path)
		_, ok := errors.AsType[*integration.RequestError](err)
		assert.True(t, ok, "%q", path)
	}
	for path, method := range map[string]string{
		"/v2/customer_sessions/order-1":         "UpdateCustomerSession",
		"/v2/customer_sessions/order-1/reopen":  "ReopenCustomerSession",
		"/v2/customer_sessions/order-1/returns": "ReturnCartItems",
	} {
		assert.ErrorContains(t, client.Do(t.Context(), get(path), nil), method)
	}
}

// FuzzDoPath: for any path, the request goes to the API and to exactly that path.
func FuzzDoPath(f *testing.F) {
	for _, path := range pathsThatAreRefused {
		f.Add(path)
	}
	f.Add("/v2/customer_profiles/" + url.PathEscape("a$&+=:@b/c d~%2E"))
	f.Add("/v1/loyalty_programs/5/profile/a..b/balances")
	f.Fuzz(func(t *testing.T, path string) {
		sent := false
		client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
			sent = true
			assert.Equal(t, "shop.example", r.URL.Host)
			assert.Empty(t, r.URL.RawQuery)
			decoded, err := url.PathUnescape(path)
			assert.NoError(t, err)
			assert.Equal(t, decoded, r.URL.Path)
			assert.Regexp(t, `^/v[12](/([A-Za-z0-9._~-]|%[0-9A-F]{2})+)+$`, r.URL.EscapedPath())
			assert.Equal(t, strings.Count(path, "/"), strings.Count(r.URL.EscapedPath(), "/"))
			for part := range strings.SplitSeq(decoded, "/") {
				assert.NotContains(t, []string{".", ".."}, part)
			}
			return reply(200, ""), nil
		})
		err := client.Do(t.Context(), get(path), nil)
		assert.Equal(t, sent, err == nil)
		assert.Equal(t, !sent, errors.Is(err, integration.ErrInvalidRequest))
	})
}

type badText struct{}

func (badText) MarshalJSON() ([]byte, error)     { return nil, fmt.Errorf("%s: %w", testCoupon, io.EOF) }
func (*badText) UnmarshalJSON(text []byte) error { return fmt.Errorf("%s: %w", text, io.EOF) }

type panicking struct{}

func (panicking) MarshalJSON() ([]byte, error) { panic(testCoupon) }
func (*panicking) UnmarshalJSON([]byte) error  { panic(fmt.Errorf("%s: %w", testCoupon, errInPanic)) }

func TestDoRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	client := nothingSent(t)
	post := func(body any) integration.Request {
		return integration.Request{Method: "POST", Path: "/v2/events", Body: body}
	}
	for name, req := range map[string]integration.Request{
		"no method":         {Path: "/v1/x"},
		"lower case":        {Method: "get", Path: "/v1/x"},
		"CONNECT":           {Method: "CONNECT", Path: "/v1/x"},
		"a bad method":      {Method: "GET\n", Path: "/v1/x"},
		"a GET with a body": {Method: "GET", Path: "/v1/x", Body: 1},
		"a parameter":       {Method: "GET", Path: "/v1/x", Query: url.Values{"a": {"\xff"}}},
		"a name":            {Method: "GET", Path: "/v1/x", Query: url.Values{"\xff": {"a"}}},
		"an empty name":     {Method: "GET", Path: "/v1/x", Query: url.Values{"": {"a"}}},
		"null":              post((*int)(nil)),
		"null text":         post([]byte(" null\n")),
		"no text":           post([]byte{}),
		"no JSON":           post([]byte(`{"a":1}x`)),
		"not UTF-8":         post(json.RawMessage("\"\xff\"")),
		"a name twice":      post(json.RawMessage(`{"a":1,"a":2}`)),
		"a function":        post(func() {}),
		"a bad MarshalJSON": post(badText{}),
		"a bad model":       post(talonone.CartItem{SKU: "\xff"}),
	} {
		err := client.Do(t.Context(), req, nil)
		assert.ErrorIs(t, err, integration.ErrInvalidRequest, name)
		_, ok := errors.AsType[*integration.RequestError](err)
		assert.True(t, ok, name)
	}
	err := client.Do(t.Context(), post(badText{}), nil)
	assert.ErrorIs(t, err, io.EOF)
	err = client.Do(t.Context(), post([]any{talonone.CartItem{SKU: "\xff"}}), nil)
	assert.ErrorIs(t, err, talonone.ErrInvalidUTF8)
	err = client.Do(t.Context(), post(map[string]any{"a": json.RawMessage(`[{"b":1,"b":2}]`)}), nil)
	assert.ErrorIs(t, err, talonone.ErrDuplicateName)
	refused, ok := errors.AsType[*integration.RequestError](err)
	require.True(t, ok)
	assert.Equal(t, "/a/0/b", refused.Path)

	var none *struct{}
	for name, out := range map[string]any{"a value": struct{}{}, "a nil pointer": none, "a map": map[string]any{}} {
		assert.ErrorIs(t, client.Do(t.Context(), get("/v1/x"), out), integration.ErrInvalidRequest, name)
	}
	var noContext context.Context
	assert.ErrorIs(t, client.Do(noContext, get("/v1/x"), nil), integration.ErrInvalidRequest)
	assert.ErrorIs(t, new(integration.Client).Do(t.Context(), get("/v1/x"), nil), integration.ErrInvalidRequest)
	assert.ErrorIs(t, client.Do(t.Context(), get("/v1/x"), nil, integration.WithIdempotencyKey("")), integration.ErrInvalidRequest)
}

func TestDoAnswers(t *testing.T) {
	t.Parallel()
	type out struct {
		Points  decimal.Decimal
		Count   int
		Session *talonone.CustomerSessionV2
		Bad     *badText
	}
	for _, tt := range []struct {
		name   string
		status int
		body   string
		bad    error  // besides ErrInvalidResponse; nil: the answer is good
		points string // of a good one
	}{
		{"good", 200, `{"points":1.50,"other":[]}`, nil, "1.50"},
		{"created", 201, `{"points":12345678901234567890.123}`, nil, "12345678901234567890.123"},
		{"byte order mark", 200, "\ufeff{\"points\":2.00}", nil, "2.00"},
		{"no content", 204, "", nil, "7"},
		{"empty", 200, "", integration.ErrInvalidResponse, ""},
		{"empty and created", 201, " \n", integration.ErrInvalidResponse, ""},
		{"null", 200, "null", integration.ErrInvalidResponse, ""},
		{"HTML", 200, "<html>", talonone.ErrSyntax, ""},
		{"two values", 200, `{"points":1}{}`, talonone.ErrSyntax, ""},
		{"two byte order marks", 200, "\ufeff\ufeff{}", talonone.ErrSyntax, ""},
		{"a name twice", 200, `{"points":1,"points":2}`, talonone.ErrDuplicateName, ""},
		{"not UTF-8", 200, "{\"points\":1,\"x\":\"\xff\"}", talonone.ErrInvalidUTF8, ""},
		{"too deep", 200, strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001), talonone.ErrTooDeep, ""},
		{"too large", 200, `{"x":"` + strings.Repeat("x", 100_000) + `"}`, integration.ErrInvalidResponse, ""},
		{"another type", 200, `[]`, integration.ErrInvalidResponse, ""},
		{"a text for a number", 200, `{"count":"x"}`, integration.ErrInvalidResponse, ""},
		{"a text for an amount", 200, `{"points":"x"}`, integration.ErrInvalidResponse, ""},
		{"a bad model", 200, `{"session":{"cartItems":[{"quantity":"x"}]}}`, talonone.ErrWrongType, ""},
		{"an error of UnmarshalJSON", 200, `{"bad":1}`, io.EOF, ""},
	} {
		var sent int
		client := fakeClient(t, func(*http.Request) (*http.Response, error) {
			sent++
			return reply(tt.status, tt.body), nil
		}, fast, integration.WithMaxResponseBytes(50_000))
		got := out{Points: decimal.New(7, 0)}
		var resp integration.Response
		err := client.Do(t.Context(), get("/v1/x"), &got, integration.WithResponse(&resp))
		assert.Equal(t, 1, sent, tt.name)
		assert.Equal(t, tt.status, resp.StatusCode, tt.name)
		if tt.bad == nil {
			assert.NoError(t, err, tt.name)
			assert.Equal(t, tt.points, got.Points.StringFixed(-got.Points.Exponent()), tt.name)
		} else {
			assert.ErrorIs(t, err, integration.ErrInvalidResponse, tt.name)
			assert.ErrorIs(t, err, tt.bad, tt.name)
			assert.True(t, integration.Unavailable(err), tt.name)
		}
		assert.NoError(t, client.Do(t.Context(), get("/v1/x"), nil), "%s, dropped", tt.name)
	}

	client := fakeClient(t, func(*http.Request) (*http.Response, error) {
		return reply(200, "\ufeff"+`{"session":{"cartItems":[{"quantity":"x"}]},"count":"x"}`), nil
	})
	var got out
	err := client.Do(t.Context(), get("/v1/x"), &got)
	inside, ok := errors.AsType[*talonone.DecodeError](err)
	require.True(t, ok)
	assert.Equal(t, "/cartItems/0/quantity", inside.Path)
	assert.Equal(t, int64(len(`{"cartItems":[{"quantity":`)), inside.Offset)
	wrong, ok := errors.AsType[*json.UnmarshalTypeError](client.Do(t.Context(), get("/v1/x"), new(struct{ Count int })))
	require.True(t, ok)
	assert.Equal(t, "int", wrong.Type.String())

	client = fakeClient(t, func(*http.Request) (*http.Response, error) {
		resp := reply(200, "")
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"points":`), failingReader{}))
		return resp, nil
	}, fast)
	assert.ErrorIs(t, client.Do(t.Context(), get("/v1/x"), &got), syscall.ECONNRESET)
	assert.NoError(t, client.Do(t.Context(), get("/v1/x"), nil))
}

func TestDoErrors(t *testing.T) {
	t.Parallel()
	client := fakeClient(t, func(*http.Request) (*http.Response, error) {
		return reply(404, `{"message":"not found","errors":[{"title":"x","source":{"pointer":"/a"}}]}`), nil
	})
	err := client.Do(t.Context(), get("/v1/x"), nil)
	assert.ErrorIs(t, err, integration.ErrNotFound)
	apiErr, ok := errors.AsType[*integration.APIError](err)
	require.True(t, ok)
	assert.Equal(t, "/a", apiErr.Errors[0].Pointer)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, client.Do(ctx, get("/v1/x"), nil), context.Canceled)

	sent := 0
	client = fakeClient(t, func(*http.Request) (*http.Response, error) { sent++; return reply(200, `{"a":1}`), nil }, fast)
	var out struct{ A panicking }
	err = client.Do(t.Context(), get("/v1/x"), &out)
	assert.ErrorIs(t, err, errInPanic)
	assert.NotContains(t, err.Error(), testCoupon)
	assert.Equal(t, 1, sent)
	err = client.Do(t.Context(), integration.Request{Method: "PUT", Path: "/v1/x", Body: panicking{}}, nil)
	require.Error(t, err)
	assert.NotContains(t, err.Error(), testCoupon)
	assert.Equal(t, 1, sent)
}

// TestDoRetries checks whether a request is sent once or twice, with at most two attempts.
func TestDoRetries(t *testing.T) {
	t.Parallel()
	dial := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	read := &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	for _, tt := range []struct {
		failure           any
		idempotent, other int
	}{
		{400, 1, 1}, {401, 1, 1}, {403, 1, 1}, {404, 1, 1}, {302, 1, 1},
		{408, 2, 1}, {409, 2, 2}, {425, 2, 2}, {429, 2, 2}, {500, 2, 1}, {502, 2, 1}, {503, 2, 1}, {504, 2, 1},
		{dial, 2, 2}, {fmt.Errorf("a middleware: %w", dial), 2, 2}, {&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host"}}, 2, 2},
		{read, 2, 1}, {io.ErrUnexpectedEOF, 2, 1}, {syscall.ECONNREFUSED, 2, 1}, {timeoutError{}, 2, 1},
	} {
		for method, want := range map[string]int{
			"GET": tt.idempotent, "PUT": tt.idempotent, "DELETE": tt.idempotent, "POST": tt.other, "PATCH": tt.other,
		} {
			for _, decide := range []bool{false, true} {
				var keys []string
				retry := integration.Retry{MaxAttempts: 2, BaseDelay: 1}
				if decide {
					retry.Decide = func(_ error, retry bool) bool {
						assert.Equal(t, want == 2, retry, "%s %v", method, tt.failure)
						return true
					}
				}
				client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
					keys = append(keys, r.Header.Get("Idempotency-Key"))
					if err, ok := tt.failure.(error); ok {
						return nil, err
					}
					return reply(tt.failure.(int), ""), nil
				}, integration.WithRetry(retry))
				var resp integration.Response
				err := client.Do(t.Context(), integration.Request{Method: method, Path: "/v1/x"}, nil, integration.WithResponse(&resp))
				require.Error(t, err)
				sent := want
				if decide {
					sent = 2
				}
				require.Len(t, keys, sent, "%s %v", method, tt.failure)
				assert.Equal(t, sent, resp.Attempts)
				assert.Equal(t, method == "GET", keys[0] == "")
				assert.Equal(t, keys[0], keys[len(keys)-1])
			}
		}
	}
}

// A write that runs the rules may give points each time.
func TestDoRetriesOfRules(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		method string
		query  url.Values
		status int
		want   int
	}{
		{"PUT", url.Values{"runRuleEngine": {"true"}}, 503, 1},
		{"PUT", url.Values{"runRuleEngine": {"true"}}, 409, 2},
		{"PUT", url.Values{"runRuleEngine": {"false"}}, 503, 2},
		{"GET", url.Values{"runRuleEngine": {"true"}}, 503, 2},
	} {
		sent := 0
		client := fakeClient(t, func(*http.Request) (*http.Response, error) { sent++; return reply(tt.status, ""), nil }, fast)
		require.Error(t, client.Do(t.Context(), integration.Request{Method: tt.method, Path: "/v2/customer_profiles/c", Query: tt.query}, nil))
		assert.Equal(t, tt.want, sent, "%v", tt)
	}
}

func TestDoSharesTheBudget(t *testing.T) {
	t.Parallel()
	sent := 0
	client := fakeClient(t, func(*http.Request) (*http.Response, error) { sent++; return reply(503, ""), nil },
		integration.WithRetry(integration.Retry{BaseDelay: 1}))
	for range 100 {
		require.Error(t, client.Do(t.Context(), get("/v1/x"), nil))
	}
	assert.Equal(t, 150, sent)
	_, err := client.GetCustomerSession(t.Context(), testSession)
	require.Error(t, err)
	assert.Equal(t, 151, sent)
}

// Calls of Do wait neither for the calls of a session nor for each other.
func TestDoIsInNoLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var underWay atomic.Int32
		free := make(chan struct{})
		client := fakeClient(t, func(*http.Request) (*http.Response, error) {
			underWay.Add(1)
			<-free
			return reply(200, goodAnswer), nil
		}, integration.WithTimeout(time.Hour))
		var calls sync.WaitGroup
		calls.Go(func() {
			_, err := client.GetCustomerSession(t.Context(), testSession)
			assert.NoError(t, err)
		})
		for i := range 20 {
			calls.Go(func() {
				var out struct{ Effects []string }
				assert.NoError(t, client.Do(t.Context(), integration.Request{
					Method: "PUT", Path: fmt.Sprint("/v2/customer_profiles/", i%2), Body: map[string]int{"a": i},
				}, &out))
				assert.NotNil(t, out.Effects)
			})
		}
		synctest.Wait()
		assert.Equal(t, int32(21), underWay.Load())
		close(free)
		calls.Wait()
	})
}

func TestDoAsksForTheKey(t *testing.T) {
	t.Parallel()
	keys := []string{"first-key", "second-key"}
	var sent []string
	client, err := integration.NewClient("https://shop.example/base", "", fast,
		integration.WithAPIKeyFunc(func(context.Context) (string, error) {
			key := keys[0]
			keys = keys[1:]
			return key, nil
		}),
		integration.WithHTTPClient(&http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			sent = append(sent, r.URL.Path+" "+r.Header.Get("Authorization"))
			return reply(503, ""), nil
		})}))
	require.NoError(t, err)
	assert.ErrorIs(t, client.Do(t.Context(), get("/v1/x"), nil), integration.ErrServer)
	assert.Equal(t, []string{"/base/v1/x ApiKey-v1 first-key", "/base/v1/x ApiKey-v1 second-key"}, sent)
}
