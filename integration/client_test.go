package integration_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

func TestNewClientBaseURL(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		baseURL string
		opts    []integration.Option
		want    string // URL of a session, or "" where the base URL is refused
		says    string // in the error
	}{
		{baseURL: "https://shop.example", want: "https://shop.example/v2/customer_sessions/s"},
		{baseURL: "https://shop.example/", want: "https://shop.example/v2/customer_sessions/s"},
		{baseURL: "https://shop.example:8443/a/b//", want: "https://shop.example:8443/a/b/v2/customer_sessions/s"},
		{baseURL: "HTTPS://shop.example/a%2Fb", want: "https://shop.example/a%2Fb/v2/customer_sessions/s"},
		{baseURL: "http://localhost:80", want: "http://localhost:80/v2/customer_sessions/s"},
		{baseURL: "http://LOCALHOST", want: "http://LOCALHOST/v2/customer_sessions/s"},
		{baseURL: "http://127.1.2.3:8080", want: "http://127.1.2.3:8080/v2/customer_sessions/s"},
		{baseURL: "http://[::1]:8080", want: "http://[::1]:8080/v2/customer_sessions/s"},
		{
			baseURL: "http://shop.example",
			opts:    []integration.Option{integration.WithPlainHTTP()},
			want:    "http://shop.example/v2/customer_sessions/s",
		},
		{baseURL: "http://shop.example"},
		{baseURL: "http://localhost.shop.example"},
		{baseURL: "http://127.0.0.1.shop.example"},
		{baseURL: "http://0.0.0.0"},
		{baseURL: ""},
		{baseURL: "shop.example"},
		{baseURL: "//shop.example"},
		{baseURL: "ftp://shop.example"},
		{baseURL: "https:shop.example"},
		{baseURL: "https://"},
		{baseURL: "https://:443"},
		{baseURL: "https://shop.example:port"},
		{baseURL: "https://shop.example "},
		{baseURL: "https://shop.example\r\n"},
		{baseURL: " https://shop.example"},
		{baseURL: "https://shop.example/ "},
		{baseURL: "https://shop.example/a\u00a0"},
		{baseURL: "https://shop.example:0"},
		{baseURL: "https://shop.example:65536"},
		{baseURL: "https://shop.example:65535", want: "https://shop.example:65535/v2/customer_sessions/s"},
		{baseURL: "https://shop.example:/", want: "https://shop.example/v2/customer_sessions/s"},
		{baseURL: "https://user:password@shop.example"},
		{baseURL: "https://user:pass%zzword@shop.example"},
		{baseURL: "https://shop.example?password"},
		{baseURL: "https://shop.example?"},
		{baseURL: "https://shop.example#password"},
		{baseURL: "https://shop.example/#"},
		{baseURL: "https://shop.example/v1", says: `leave "/v1" out`},
		{baseURL: "https://shop.example/v1/", says: `leave "/v1" out`},
		{baseURL: "https://shop.example/v2", says: `leave "/v2" out`},
		{baseURL: "https://shop.example/v2/", says: `leave "/v2" out`},
		{baseURL: "https://shop.example/a//v2//", says: `leave "/v2" out`},
		{baseURL: "https://shop.example/%76%32", says: `leave "/v2" out`},
		{baseURL: "https://shop.example/v2/customer_sessions", says: `leave "/v2/customer_sessions" out`},
		{baseURL: "https://shop.example/v2/customer_sessions/", says: `leave "/v2/customer_sessions" out`},
		{baseURL: "https://shop.example/a/v2/customer_sessions/", says: `leave "/v2/customer_sessions" out`},
		{baseURL: "https://shop.example/v2/customer_sessions/password", says: `leave "/v2/customer_sessions" out`},
		{baseURL: "https://shop.example/v1/customer_sessions", says: `leave "/v1/customer_sessions" out`},
		{baseURL: "http://shop.example/v2", opts: []integration.Option{integration.WithPlainHTTP()}, says: `leave "/v2" out`},
		{baseURL: "https://shop.example/v1/talonone", want: "https://shop.example/v1/talonone/v2/customer_sessions/s"},
		{baseURL: "https://shop.example/v3", want: "https://shop.example/v3/v2/customer_sessions/s"},
		{baseURL: "https://shop.example/av2", want: "https://shop.example/av2/v2/customer_sessions/s"},
		{baseURL: "https://v2", want: "https://v2/v2/customer_sessions/s"},
	} {
		t.Run(tt.baseURL, func(t *testing.T) {
			t.Parallel()
			var got string
			client := &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
				got = r.URL.String()
				return reply(200, goodAnswer), nil
			})}
			opts := append(tt.opts, integration.WithHTTPClient(client))
			c, err := integration.NewClient(tt.baseURL, testKey, opts...)
			if tt.want == "" {
				require.ErrorIs(t, err, integration.ErrInvalidConfig)
				assert.NotContains(t, err.Error(), "password")
				assert.NotContains(t, err.Error(), "pass%zzword")
				assert.ErrorContains(t, err, tt.says)
				return
			}
			require.NoError(t, err)
			_, err = c.GetCustomerSession(t.Context(), "s")
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestNewClientRefusesKeysThatAreNoHeader(t *testing.T) {
	t.Parallel()
	keys := []string{"", "secret\r\nX: y", "sécret", " ", "\u2028"}
	for c := range 256 {
		if c <= ' ' || c > '~' {
			keys = append(keys, "secret"+string([]byte{byte(c)}), string([]byte{byte(c)})+"secret", "sec"+string([]byte{byte(c)})+"ret")
		}
	}
	for _, key := range keys {
		client, err := integration.NewClient("https://shop.example", key)
		require.ErrorIs(t, err, integration.ErrInvalidConfig, "%q", key)
		assert.Nil(t, client)
		assert.NotContains(t, err.Error(), "secret")
		assert.ErrorContains(t, err, "API key")
	}
}

func TestNewClientRefusesKeysWithTheirScheme(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"ApiKey-v1 secret", "ApiKey-v1secret", "ApiKey-v1", "apikey-V1 secret", "ApiKey-v1\tsecret"} {
		_, err := integration.NewClient("https://shop.example", key)
		require.ErrorIs(t, err, integration.ErrInvalidConfig, key)
		assert.ErrorContains(t, err, `leave "ApiKey-v1" out of the API key`)
		assert.NotContains(t, err.Error(), "secret")
	}
	_, err := integration.NewClient("https://shop.example", "ApiKey-v")
	require.NoError(t, err)
}

func TestClientThatWasNotMade(t *testing.T) {
	t.Parallel()
	for _, c := range []*integration.Client{nil, {}} {
		_, err := c.GetCustomerSession(t.Context(), testSession)
		require.ErrorIs(t, err, integration.ErrInvalidRequest)
	}
	var noContext context.Context
	_, err := newClient(t, "https://shop.example").GetCustomerSession(noContext, testSession)
	require.ErrorIs(t, err, integration.ErrInvalidRequest)
}

// received is a request that a server received.
type received struct {
	method, uri, body string
	header            http.Header
}

// record returns a handler that stores the last request and answers it.
func record(last *received, status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		*last = received{r.Method, r.RequestURI, string(text), r.Header}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	const item = `{"sku":"shoe","quantity":2,"price":9.50}`
	now := time.Date(2030, 5, 4, 3, 2, 1, 5e8, time.FixedZone("", 2*60*60))
	for _, tt := range []struct {
		name string
		call func(context.Context, *integration.Client) (*integration.IntegrationState, error)
		want received
	}{
		{
			name: "update",
			call: func(ctx context.Context, c *integration.Client) (*integration.IntegrationState, error) {
				return c.UpdateCustomerSession(ctx, "s", update())
			},
			want: received{method: "PUT", uri: "/base/v2/customer_sessions/s", body: `{"customerSession":` +
				`{"cartItems":[` + item + `],"couponCodes":["SUMMER-COUPON-42"],"identifiers":["device-identifier-9"]}}`},
		},
		{
			name: "update with everything",
			call: func(ctx context.Context, c *integration.Client) (*integration.IntegrationState, error) {
				return c.UpdateCustomerSession(ctx, "s", integration.UpdateRequest{
					ResponseContent: []integration.ResponseContent{integration.ContentCustomerSession, "unknown"},
					DryRun:          true,
					Now:             now,
				})
			},
			want: received{
				method: "PUT",
				uri:    "/base/v2/customer_sessions/s?dry=true&now=2030-05-04T03%3A02%3A01.5%2B02%3A00",
				body:   `{"customerSession":{},"responseContent":["customerSession","unknown"]}`,
			},
		},
		{
			name: "get",
			call: func(ctx context.Context, c *integration.Client) (*integration.IntegrationState, error) {
				return c.GetCustomerSession(ctx, "s")
			},
			want: received{method: "GET", uri: "/base/v2/customer_sessions/s"},
		},
		{
			name: "reopen",
			call: func(ctx context.Context, c *integration.Client) (*integration.IntegrationState, error) {
				return c.ReopenCustomerSession(ctx, "s")
			},
			want: received{method: "PUT", uri: "/base/v2/customer_sessions/s/reopen"},
		},
		{
			name: "return",
			call: func(ctx context.Context, c *integration.Client) (*integration.IntegrationState, error) {
				return c.ReturnCartItems(ctx, "s", integration.ReturnRequest{
					ReturnedCartItems: []integration.ReturnedCartItem{
						{Position: new(0), Quantity: new(1)}, {SKU: "shoe"}, {Position: new(3), SKU: "hat"},
					},
				})
			},
			want: received{method: "POST", uri: "/base/v2/customer_sessions/s/returns", body: `{"return":` +
				`{"returnedCartItems":[{"position":0,"quantity":1},{"sku":"shoe"},{"position":3,"sku":"hat"}]}}`},
		},
		{
			name: "return with everything",
			call: func(ctx context.Context, c *integration.Client) (*integration.IntegrationState, error) {
				req := giveBack()
				req.ResponseContent = []integration.ResponseContent{}
				req.DryRun, req.RunRuleEngine = true, true
				return c.ReturnCartItems(ctx, "s", req)
			},
			want: received{method: "POST", uri: "/base/v2/customer_sessions/s/returns?dry=true&runRuleEngine=true",
				body: `{"return":{"returnedCartItems":[{"position":0}]},"responseContent":[]}`},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got received
			server := newServer(t, record(&got, 200, `{"customerSession":{"integrationId":"s"},"effects":[]}`))
			state, err := tt.call(t.Context(), newClient(t, server.URL+"/base/"))
			require.NoError(t, err)
			assert.Equal(t, "s", state.CustomerSession.IntegrationID)

			header := got.header
			got.header = nil
			assert.Equal(t, tt.want, got)
			assert.Equal(t, "ApiKey-v1 "+testKey, header.Get("Authorization"))
			assert.Equal(t, "application/json", header.Get("Accept"))
			assert.Equal(t, "gzip", header.Get("Accept-Encoding"))
			assert.Regexp(t, `^talonone-go/\S+$`, header.Get("User-Agent"))
			if tt.want.method == "GET" {
				assert.Empty(t, header.Get("Idempotency-Key"))
			} else {
				assert.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
					header.Get("Idempotency-Key"))
				assert.NotEmpty(t, header.Get("Content-Length"))
			}
			if tt.want.body == "" {
				assert.Empty(t, header.Get("Content-Type"))
			} else {
				assert.Equal(t, "application/json", header.Get("Content-Type"))
			}
		})
	}
}

// A session's ID arrives unchanged, and the path contains only characters that need no encoding.
func TestSessionIDsArriveAsSent(t *testing.T) {
	t.Parallel()
	var uri, path string
	server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		uri, path = r.RequestURI, r.URL.Path
		_, _ = io.WriteString(w, goodAnswer)
	})
	client := newClient(t, server.URL, integration.WithMiddleware(func(http.RoundTripper) http.RoundTripper {
		return http.DefaultTransport
	}))
	ids := []string{"...", "a/../b", "a/b c$%", "%2F", "%", "ünïcödé-購入-🛒", "?dry=true", strings.Repeat("x", 2000)}
	for c := range 128 {
		ids = append(ids, "id"+string(rune(c)))
		if c != '.' {
			ids = append(ids, string(rune(c)))
		}
	}
	for _, id := range ids {
		_, err := client.ReopenCustomerSession(t.Context(), id)
		require.NoError(t, err, "%q", id)
		require.Equal(t, "/v2/customer_sessions/"+id+"/reopen", path)
		segment := strings.TrimSuffix(strings.TrimPrefix(uri, "/v2/customer_sessions/"), "/reopen")
		require.Regexp(t, `^([A-Za-z0-9._~-]|%[0-9A-F]{2})+$`, segment, "%q", id)
	}
}

// nothingSent returns a client that fails the test if it sends anything.
func nothingSent(t *testing.T, opts ...integration.Option) *integration.Client {
	return fakeClient(t, func(r *http.Request) (*http.Response, error) {
		t.Errorf("sent %s %s", r.Method, r.URL)
		return reply(200, goodAnswer), nil
	}, opts...)
}

func TestSessionIDsThatAreRefused(t *testing.T) {
	t.Parallel()
	client := nothingSent(t, integration.WithoutValidation())
	ids := []string{"", ".", ".."}
	for _, bad := range []string{
		"\xff", "\xc0\xaf", "\xc0\x80", "\xe0\x80\xaf", "\xed\xa0\x80", "\xed\xb0\x80", "\xe2\x82", "\xf0\x9f\x98", "\xf4\x90\x80\x80", "\xfe\xff",
	} { // a slash, a NUL and surrogates among them
		ids = append(ids, "order-"+bad, bad+"order-", "order-"+bad+"-1")
	}
	for c := byte(utf8.RuneSelf); c != 0; c++ {
		ids = append(ids, string([]byte{c}))
	}
	for _, id := range ids {
		_, update := client.UpdateCustomerSession(t.Context(), id, integration.UpdateRequest{})
		_, get := client.GetCustomerSession(t.Context(), id)
		_, reopen := client.ReopenCustomerSession(t.Context(), id)
		_, giveBack := client.ReturnCartItems(t.Context(), id, giveBack())
		for _, err := range []error{update, get, reopen, giveBack} {
			require.ErrorIs(t, err, integration.ErrInvalidRequest, "%q", id)
			assert.NotContains(t, err.Error(), "order-")
		}
	}
}

func TestAnswersThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, body, contentType string
		status                  int
		want                    string
	}{
		{"empty", "", "application/json", 200, "200 OK with an empty body"},
		{"blank", " \r\n\t", "application/json", 200, "200 OK with an empty body"},
		{"no content", "", "", 204, "204 No Content with an empty body"},
		{"null", " null\n", "application/json", 200, "200 OK with a body that is null"},
		{"HTML", "<html>maintenance", "text/html", 200, `200 OK with a body that is not JSON, of type "text/html"`},
		{"cut", `{"effects":[`, "application/json", 200, "a body that is not JSON"},
		{"array", `[]`, "application/json", 200, "200 OK with a body that does not fit"},
		{"text", `"effects"`, "application/json", 200, "200 OK with a body that does not fit"},
		{"only a byte order mark", "\ufeff", "application/json", 200, "200 OK with an empty body"},
		{"two byte order marks", "\ufeff\ufeff" + goodAnswer, "application/json", 200, "a body that is not JSON"},
		{"a byte order mark after a space", " \ufeff" + goodAnswer, "application/json", 200, "a body that is not JSON"},
		{"member of another type", `{"customerSession":{"cartItems":7}}`, "application/json", 200,
			`talonone: decode "/customerSession/cartItems"`},
		{"too large", `{"effects":[]` + strings.Repeat(" ", 1000) + `}`, "application/json", 200,
			"200 OK with a body of more than 1000 bytes"},
	} {
		for _, op := range operations {
			t.Run(op.name+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				attempts := 0
				client := fakeClient(t, func(*http.Request) (*http.Response, error) {
					attempts++
					return reply(tt.status, tt.body, "Content-Type", tt.contentType), nil
				}, fast, integration.WithMaxResponseBytes(1000))
				state, err := op.call(t.Context(), client)
				require.ErrorIs(t, err, integration.ErrInvalidResponse)
				assert.Nil(t, state)
				assert.ErrorContains(t, err, tt.want)
				assert.NotContains(t, err.Error(), "maintenance")
				assert.Equal(t, 1, attempts)
			})
		}
	}
}

// TestAnswersOfAGateway: an answer that is JSON need not come from the API.
func TestAnswersOfAGateway(t *testing.T) {
	t.Parallel()
	noEffects := `200 OK with a body that has no "effects"`
	noSession := `200 OK with a body that has no "customerSession"`
	for _, tt := range []struct{ name, body, read, write string }{
		{"gateway", readTestdata(t, "gateway-200.json"), noSession, noEffects},
		{"empty object", `{}`, noSession, noEffects},
		{"message", `{"message":"Internal server error"}`, noSession, noEffects},
		{"status", `{"status":"ok"}`, noSession, noEffects},
		{"the API's own error", readFile(t, "error-400.docs-unknown-attribute.json"), noSession, noEffects},
		{"null", `{"customerSession":null,"effects":null}`, noSession, noEffects},
		{"effects alone", `{"effects":[]}`, noSession, ""},
		{"session alone", `{"customerSession":{}}`, "", noEffects},
		{"effects null", `{"customerSession":{},"effects":null}`, "", noEffects},
		{"session null", `{"customerSession":null,"effects":[]}`, noSession, ""},
		{"both", goodAnswer, "", ""},
		{"both after a byte order mark", "\ufeff" + goodAnswer, "", ""},
		{"a byte order mark and a space", "\ufeff\r\n" + goodAnswer, "", ""},
		{"neither after a byte order mark", "\ufeff{}", noSession, noEffects},
	} {
		for _, op := range operations {
			t.Run(op.name+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				attempts := 0
				client := fakeClient(t, func(*http.Request) (*http.Response, error) {
					attempts++
					return reply(200, tt.body), nil
				}, fast)
				state, err := op.call(t.Context(), client)
				want := tt.read
				if op.writes {
					want = tt.write
				}
				assert.Equal(t, 1, attempts)
				if want == "" {
					require.NoError(t, err)
					assert.NotNil(t, state)
					return
				}
				require.ErrorIs(t, err, integration.ErrInvalidResponse)
				assert.ErrorContains(t, err, want)
				assert.Nil(t, state)
			})
		}
	}
}

// The offset in an error counts from the beginning of the body.
func TestOffsetAfterAByteOrderMark(t *testing.T) {
	t.Parallel()
	const before = "\ufeff" + `{"customerSession":{"total":`
	client := fakeClient(t, func(*http.Request) (*http.Response, error) { return reply(200, before+`true}}`), nil })
	_, err := client.GetCustomerSession(t.Context(), testSession)
	require.ErrorIs(t, err, integration.ErrInvalidResponse)
	var bad *talonone.DecodeError
	require.ErrorAs(t, err, &bad)
	assert.Equal(t, "/customerSession/total", bad.Path)
	assert.Equal(t, int64(len(before)), bad.Offset)
}

func TestMaxResponseBytes(t *testing.T) {
	t.Parallel()
	body := goodAnswer
	for _, tt := range []struct {
		limit int64
		ok    bool
	}{
		{int64(len(body)), true},
		{int64(len(body)) - 1, false},
		{1<<63 - 1, true},
	} {
		client := fakeClient(t, func(*http.Request) (*http.Response, error) { return reply(200, body), nil },
			integration.WithMaxResponseBytes(tt.limit))
		_, err := client.GetCustomerSession(t.Context(), testSession)
		assert.Equal(t, tt.ok, err == nil, "%d: %v", tt.limit, err)
	}
}

// endless is a body that never ends.
type endless struct{ read atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read.Add(int64(len(p)))
	return len(p), nil
}

func TestEndlessBodiesAreNotRead(t *testing.T) {
	t.Parallel()
	for status, limit := range map[int]int64{200: 32 << 20, 400: 1 << 20} {
		var body endless
		client := fakeClient(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Body: io.NopCloser(&body), ContentLength: -1}, nil
		})
		_, err := client.GetCustomerSession(t.Context(), testSession)
		require.Error(t, err)
		assert.Equal(t, limit+1, body.read.Load())
	}
}

// allocated returns how many bytes run allocates in all goroutines together. This is an upper bound of its memory at any time.
func allocated(run func()) int {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// countingConn counts the bytes read from a connection. The bytes written by the server would be less exact, because the system
// buffers some of them.
type countingConn struct {
	net.Conn
	read *atomic.Int64
}

func (c countingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.read.Add(int64(n))
	return n, err
}

// TestAnswersOfAGigabyte: a too large answer is read only up to the limit, and the connection is closed at once. The test is
// not parallel, because it counts allocations.
func TestAnswersOfAGigabyte(t *testing.T) {
	const gigabyte = 1 << 30
	piece := bytes.Repeat([]byte(" "), 1<<20)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write(piece)
	require.NoError(t, z.Close())
	for _, tt := range []struct {
		name   string
		status int
		header []string
		piece  []byte // a thousandth of the body
		// What the client may read, and allocate while its buffer grows, in whole MiB. With the race detector it allocates
		// twice as much.
		read, most int
		want       string
	}{
		{"length", 200, []string{"Content-Length", strconv.Itoa(gigabyte)}, piece, 32, 300, "200 OK with a body of more than 33554432 bytes"},
		{"chunks", 200, nil, piece, 32, 300, "200 OK with a body of more than 33554432 bytes"},
		{"gzip", 200, []string{"Content-Encoding", "gzip"}, zipped.Bytes(), 0, 300, "200 OK with a body of more than 33554432 bytes"},
		{"error", 400, []string{"Content-Length", strconv.Itoa(gigabyte)}, piece, 1, 16, "400 Bad Request"},
		{"error in chunks", 400, nil, piece, 1, 16, "400 Bad Request"},
		{"error in gzip", 400, []string{"Content-Encoding", "gzip"}, zipped.Bytes(), 0, 16, "400 Bad Request"},
		{"redirect", 307, []string{"Location", "https://other.example"}, piece, 1, 16, "307 Temporary Redirect"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			closed := make(chan struct{})
			server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
				defer close(closed)
				for i := 0; i < len(tt.header); i += 2 {
					w.Header().Set(tt.header[i], tt.header[i+1])
				}
				w.WriteHeader(tt.status)
				for range gigabyte / len(piece) {
					if _, err := w.Write(tt.piece); err != nil {
						return
					}
				}
				<-r.Context().Done() // what is zipped fits into the buffers
			})
			var read atomic.Int64
			dial := func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, address)
				return countingConn{conn, &read}, err
			}
			client := newClient(t, server.URL, integration.WithRetry(integration.Retry{MaxAttempts: 1}),
				integration.WithHTTPClient(&http.Client{Transport: &http.Transport{DialContext: dial}}),
				integration.WithTimeout(5*time.Minute)) // the race detector takes its time over so many bytes
			var err error
			start := time.Now()
			took := allocated(func() { _, err = client.GetCustomerSession(t.Context(), testSession) })
			require.ErrorContains(t, err, tt.want)
			select {
			case <-closed:
			case <-time.After(time.Minute):
				t.Error("the connection stays open")
			}
			t.Logf("%d bytes read, %d MiB allocated, %v", read.Load(), took>>20, time.Since(start))
			assert.LessOrEqual(t, read.Load()>>20, int64(tt.read))
			assert.LessOrEqual(t, took>>20, tt.most)
		})
	}
	t.Run("header", func(t *testing.T) {
		server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if !assert.NoError(t, err) {
				return
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
			for i := range gigabyte / len(piece) {
				if _, err := fmt.Fprintf(conn, "X-%d: %s\r\n", i, piece); err != nil {
					return
				}
			}
		})
		client := newClient(t, server.URL, integration.WithRetry(integration.Retry{MaxAttempts: 1}))
		var err error
		took := allocated(func() { _, err = client.GetCustomerSession(t.Context(), testSession) })
		require.ErrorContains(t, err, "server response headers exceeded")
		t.Logf("%d MiB allocated", took>>20)
		assert.LessOrEqual(t, took>>20, 100)
	})
}

// TestDeepAnswers: very deep nesting is refused anywhere, or skipped in parts that nobody reads.
func TestDeepAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, before, after string
		status              int
	}{
		{"unknown member", `{"x":`, `}`, 200},
		{"free JSON", `{"loyalty":`, `}`, 200},
		{"attributes", `{"customerSession":{"attributes":{"a":`, `}}}`, 200},
		{"session", `{"customerSession":`, `}`, 200},
		{"props", `{"effects":[{"effectType":"setDiscount","props":`, `}]}`, 200},
		{"props of no known type", `{"effects":[{"effectType":"new","props":`, `}]}`, 200},
		{"message", `{"message":`, `}`, 400},
		{"errors", `{"message":"m","errors":[`, `]}`, 400},
		{"source", `{"errors":[{"title":"t","source":`, `}]}`, 400},
	} {
		for _, nest := range [][3]string{{"[", "", "]"}, {`{"a":`, "1", "}"}, {`[{"a":`, "{}", "}]"}} {
			const levels = 20_000
			body := tt.before + strings.Repeat(nest[0], levels) + nest[1] + strings.Repeat(nest[2], levels) + tt.after
			client := fakeClient(t, func(*http.Request) (*http.Response, error) { return reply(tt.status, body), nil }, fast)
			_, err := client.GetCustomerSession(t.Context(), testSession)
			if tt.status == 400 {
				assert.Equal(t, 400, requireAPIError(t, err).StatusCode, tt.name)
				assert.Less(t, len(err.Error()), 1100)
				continue
			}
			require.ErrorIs(t, err, integration.ErrInvalidResponse, tt.name)
			if tt.name != "session" {
				require.ErrorIs(t, err, talonone.ErrTooDeep, tt.name)
			}
			assert.Less(t, len(err.Error()), 600)
		}
	}
}

func TestGzip(t *testing.T) {
	t.Parallel()
	var limit int64 = 1 << 20
	server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		_, _ = fmt.Fprintf(z, `{"customerSession":{}%s}`, strings.Repeat(" ", int(limit)-100))
		_ = z.Close()
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(zipped.Bytes())
	})
	_, err := newClient(t, server.URL).GetCustomerSession(t.Context(), testSession)
	require.NoError(t, err)
	_, err = newClient(t, server.URL, integration.WithMaxResponseBytes(limit/2)).
		GetCustomerSession(t.Context(), testSession)
	require.ErrorIs(t, err, integration.ErrInvalidResponse, "the limit is on what a small body unpacks to")
}

// A redirect to another origin is not followed, so that nobody there sees the key. A redirect that turns a write into a GET is
// not followed either.
func TestRedirects(t *testing.T) {
	t.Parallel()
	var stolen atomic.Int64
	other := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		stolen.Add(1)
		_, _ = io.WriteString(w, goodAnswer)
	})
	otherPort := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, op := range operations {
			for _, tt := range []struct {
				name, location string
				followed       bool
			}{
				{"other host", otherPort, false},
				{"other port", other.URL, false},
				{"other scheme", "https://" + strings.TrimPrefix(other.URL, "http://"), false},
				{"no location", "", false},
				{"no URL", "http://[::1", false},
				{"same origin", "/moved", !op.writes || status == 307 || status == 308},
			} {
				t.Run(fmt.Sprintf("%d/%s/%s", status, op.name, tt.name), func(t *testing.T) {
					t.Parallel()
					requests := 0
					var sent, moved received
					server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
						requests++
						if r.URL.Path == "/moved" {
							record(&moved, 200, goodAnswer)(w, r)
							return
						}
						if tt.location != "" {
							w.Header().Set("Location", tt.location)
						}
						record(&sent, status, goodAnswer)(w, r)
					})
					_, err := op.call(t.Context(), newClient(t, server.URL, fast))
					if !tt.followed {
						e := requireAPIError(t, err)
						assert.Equal(t, status, e.StatusCode)
						assert.ErrorContains(t, err, "a redirect that is not followed")
						assert.Equal(t, 1, requests)
						return
					}
					require.NoError(t, err)
					assert.Equal(t, sent.method, moved.method)
					assert.Equal(t, sent.body, moved.body)
					assert.Equal(t, sent.header.Get("Authorization"), moved.header.Get("Authorization"))
					assert.Equal(t, sent.header.Get("Idempotency-Key"), moved.header.Get("Idempotency-Key"))
				})
			}
		}
	}
	t.Cleanup(func() { assert.Zero(t, stolen.Load()) })
}

func TestRedirectFromHTTPSToPlainHTTPOfTheSameHost(t *testing.T) {
	t.Parallel()
	requests := 0
	client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
		requests++
		return reply(307, "", "Location", "http://shop.example/v2"), nil
	})
	_, err := client.GetCustomerSession(t.Context(), testSession)
	assert.Equal(t, 307, requireAPIError(t, err).StatusCode)
	assert.Equal(t, 1, requests)
}

// A 304 is a 3xx status but not a redirect.
func TestNotModified(t *testing.T) {
	t.Parallel()
	client := fakeClient(t, func(*http.Request) (*http.Response, error) { return reply(304, ""), nil })
	_, err := client.GetCustomerSession(t.Context(), testSession)
	assert.EqualError(t, requireAPIError(t, err), "integration: 304 Not Modified")
}

// After a 101 net/http leaves the connection to the caller, and no context ends a read from it.
func TestSwitchingProtocols(t *testing.T) {
	t.Parallel()
	server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if !assert.NoError(t, err) {
			return
		}
		defer conn.Close() // which a client that waits for the end would take for it
		const answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nnot a body"
		_, _ = io.WriteString(conn, answer)
	})
	client := newClient(t, server.URL, integration.WithTimeout(time.Minute))
	for _, op := range operations {
		_, err := op.call(t.Context(), client)
		e := requireAPIError(t, err)
		assert.Equal(t, 101, e.StatusCode)
		assert.Empty(t, e.Body)
	}
}

// Over HTTP/2, which most deployments speak, a read without a body says so: a gateway may refuse one that has a body.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				assert.Equal(t, "HTTP/2.0", r.Proto)
				body, err := io.ReadAll(r.Body)
				assert.NoError(t, err)
				assert.Equal(t, int64(len(body)), r.ContentLength)
				assert.Equal(t, op.name == "update" || op.name == "return", len(body) > 0)
				_, _ = io.WriteString(w, goodAnswer)
			}))
			server.EnableHTTP2 = true
			server.StartTLS()
			defer server.Close()
			_, err := op.call(t.Context(), newClient(t, server.URL, integration.WithHTTPClient(server.Client())))
			require.NoError(t, err)
		})
	}
}

func TestRedirectLoopEnds(t *testing.T) {
	t.Parallel()
	for name, check := range map[string]func(*http.Request, []*http.Request) error{
		"by default":                            nil,
		"also where a CheckRedirect has no end": func(*http.Request, []*http.Request) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			client := newClient(t, "https://shop.example", integration.WithHTTPClient(&http.Client{
				CheckRedirect: check,
				Transport: transport(func(*http.Request) (*http.Response, error) {
					requests++
					return reply(307, "", "Location", "/again"), nil
				}),
			}))
			_, err := client.GetCustomerSession(t.Context(), testSession)
			assert.Equal(t, 307, requireAPIError(t, err).StatusCode)
			assert.Equal(t, 10, requests)
		})
	}
}

func TestHTTPClientIsCopied(t *testing.T) {
	t.Parallel()
	var cookies []string
	server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if cookies = append(cookies, r.Header.Get("Cookie")); len(cookies) == 1 {
			w.WriteHeader(503)
		}
		_, _ = io.WriteString(w, goodAnswer)
	})
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	base, err := url.Parse(server.URL)
	require.NoError(t, err)
	jar.SetCookies(base, []*http.Cookie{{Name: "route", Value: "7", Path: "/"}})
	mine := &http.Client{Jar: jar}

	client := newClient(t, server.URL, integration.WithHTTPClient(mine), fast)
	assert.Nil(t, mine.CheckRedirect, "the caller's client is not changed")
	mine.Transport = transport(func(*http.Request) (*http.Response, error) { panic("changed later") })
	_, err = client.GetCustomerSession(t.Context(), testSession)
	require.NoError(t, err)
	assert.Equal(t, []string{"route=7", "route=7"}, cookies)
}

func TestHTTPClientCheckRedirect(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		location string
		returns  error
		asked    bool
		check    func(t *testing.T, err error)
	}{
		{"follows", "/moved", nil, true, func(t *testing.T, err error) { require.NoError(t, err) }},
		{"uses the redirect", "/moved", http.ErrUseLastResponse, true, func(t *testing.T, err error) {
			assert.Equal(t, 307, requireAPIError(t, err).StatusCode)
		}},
		{"fails", "/moved", io.ErrClosedPipe, true, func(t *testing.T, err error) { require.ErrorIs(t, err, io.ErrClosedPipe) }},
		{"is not asked for another host", "https://evil.example/", nil, false, func(t *testing.T, err error) {
			assert.Equal(t, 307, requireAPIError(t, err).StatusCode)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			client := &http.Client{
				Transport: transport(func(r *http.Request) (*http.Response, error) {
					if r.URL.Path == "/moved" {
						return reply(200, goodAnswer), nil
					}
					return reply(307, "", "Location", tt.location), nil
				}),
				CheckRedirect: func(*http.Request, []*http.Request) error {
					asked++
					return tt.returns
				},
			}
			c := newClient(t, "https://shop.example", integration.WithHTTPClient(client), fast)
			_, err := c.GetCustomerSession(t.Context(), testSession)
			tt.check(t, err)
			assert.Equal(t, tt.asked, asked == 1, "asked %d times: a refusal is not repeated", asked)
		})
	}
}

func TestMiddlewareOrder(t *testing.T) {
	t.Parallel()
	var order []string
	layer := func(name string) integration.Option {
		return integration.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return transport(func(r *http.Request) (*http.Response, error) {
				order = append(order, name)
				return next.RoundTrip(r)
			})
		})
	}
	client := fakeClient(t, func(*http.Request) (*http.Response, error) {
		order = append(order, "transport")
		if len(order) == 3 {
			return reply(503, ``), nil
		}
		return reply(200, goodAnswer), nil
	}, layer("first"), layer("second"), fast)
	_, err := client.GetCustomerSession(t.Context(), testSession)
	require.NoError(t, err)
	assert.Equal(t, []string{"first", "second", "transport", "first", "second", "transport"}, order)
}

func TestUpdatesAreValidatedBeforeTheyAreSent(t *testing.T) {
	t.Parallel()
	req := update()
	req.CustomerSession.CartItems[0].SKU = ""
	_, err := nothingSent(t).UpdateCustomerSession(t.Context(), testSession, req)
	var invalid *talonone.ValidationError
	require.ErrorAs(t, err, &invalid)
	assert.Equal(t, "/cartItems/0/sku", invalid.Violations[0].Path)

	req = update()
	req.CustomerSession.CartItems[0].Price = nil
	sends := func(opts ...integration.Option) error {
		client := fakeClient(t, func(*http.Request) (*http.Response, error) { return reply(200, goodAnswer), nil }, opts...)
		_, err := client.UpdateCustomerSession(t.Context(), testSession, req)
		return err
	}
	withCatalog := integration.WithValidation(talonone.CatalogPrices())
	require.ErrorIs(t, sends(), talonone.ErrRequired)
	require.NoError(t, sends(withCatalog))
	require.NoError(t, sends(integration.WithoutValidation()))
	require.ErrorIs(t, sends(integration.WithoutValidation(), integration.WithValidation()), talonone.ErrRequired)
	require.NoError(t, sends(integration.WithValidation(), integration.WithoutValidation()))

	req.CustomerSession.CartItems[0].SKU = "\xff"
	require.ErrorIs(t, sends(integration.WithoutValidation()), talonone.ErrInvalidUTF8)
}

// An ended context stops the call before anything is sent, with any transport.
func TestEndedContexts(t *testing.T) {
	t.Parallel()
	cause := fmt.Errorf("shutting down")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	withCause, cancelCause := context.WithCancelCause(t.Context())
	cancelCause(cause)
	late, cancelLate := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancelLate()
	for _, op := range operations {
		_, err := op.call(cancelled, nothingSent(t))
		require.ErrorIs(t, err, context.Canceled)
		_, err = op.call(withCause, nothingSent(t))
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, cause)
		_, err = op.call(late, nothingSent(t, integration.WithParallelUpdates()))
		require.ErrorIs(t, err, context.DeadlineExceeded)
	}
}

func requireAPIError(t testing.TB, err error) *integration.APIError {
	t.Helper()
	var e *integration.APIError
	require.ErrorAs(t, err, &e)
	return e
}

func TestPrintedClientHidesTheKey(t *testing.T) {
	t.Parallel()
	client := newClient(t, "https://shop.example")
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		assert.NotContains(t, fmt.Sprintf(format, client), testKey)
		assert.NotContains(t, fmt.Sprintf(format, *client), testKey)
	}
}
