package sandbox

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/cmd/talonone/internal/rules"
	"github.com/talonone-go/talonone/integration"
)

// browser requests pages from a sandbox and does not follow redirects.
type browser struct {
	t   *testing.T
	url string
}

// start runs a sandbox with the example rules until the test ends.
func start(t *testing.T, c Config) (browser, *integration.Client) {
	t.Helper()
	text, err := os.ReadFile("../../rules.json")
	require.NoError(t, err)
	c.Rules, err = rules.Parse(text)
	require.NoError(t, err)
	c.Log = log.New(io.Discard, "", 0)
	s, err := New(c)
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		assert.NoError(t, <-ended)
	})
	b := browser{t, "http://" + l.Addr().String()}
	client, err := integration.NewClient(b.url, s.APIKey, integration.WithRetry(integration.Retry{MaxAttempts: 1}))
	require.NoError(t, err)
	return b, client
}

// do sends a request and returns the status, the body and the header of the answer. header alternates names and values.
func (b browser) do(method, path, form string, header ...string) (status int, body string, h http.Header) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(form))
	require.NoError(b.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(b.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(b.t, err)
	return resp.StatusCode, string(text), resp.Header
}

// get returns a page with each run of white space replaced by one space.
func (b browser) get(path string) string {
	b.t.Helper()
	status, body, _ := b.do(http.MethodGet, path, "")
	require.Equal(b.t, 200, status, body)
	return strings.Join(strings.Fields(body), " ")
}

func send(t *testing.T, client *integration.Client, id, sku, price string) error {
	t.Helper()
	_, err := client.UpdateCustomerSession(t.Context(), id, integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{
			ProfileID:       new("anna"),
			CouponCodes:     []string{"TEN"},
			CartItems:       []talonone.CartItem{{SKU: sku, Quantity: 2, Price: new(decimal.RequireFromString(price))}},
			AdditionalCosts: map[string]talonone.AdditionalCost{"shipping": {Price: decimal.RequireFromString("4.90")}},
		},
	})
	return err
}

func TestOverview(t *testing.T) {
	b, client := start(t, Config{})
	page := b.get("/")
	assert.Contains(t, page, "There is no session yet.")
	assert.Contains(t, page, "curl -X PUT "+b.url+"/v2/customer_sessions/order-1 ")
	assert.Contains(t, page, "ApiKey-v1 integrationtest-api-key")
	assert.Contains(t, page, `<tr><th scope="row">ten percent</th><td>the coupon TEN, a total of at least 50.00</td><td>10 % off the total</td></tr>`)

	require.NoError(t, send(t, client, "order-1", "SHOE", "19999999.99"))
	require.NoError(t, send(t, client, "order-2", "SHOE", "49.95"))
	page = b.get("/")
	// 39999999.98 + 4.90, minus 5.00 for each shoe, 10 percent of the total, and the shipping.
	assert.Contains(t, page, `<td class="number"><strong>35999989.492</strong></td> <td class="number">40000004.88</td> <td class="number">1</td> <td>anna</td>`)
	assert.Contains(t, page, `<td class="number"><strong>79.42</strong></td> <td class="number">104.80</td>`)
	assert.Less(t, strings.Index(page, ">order-2<"), strings.Index(page, ">order-1<"), "the newest is the first")
	assert.Contains(t, page, `<td class="path">/v2/customer_sessions/order-1</td>`)
	assert.NotContains(t, page, "There is no session yet.")

	require.NoError(t, send(t, client, "order-1", "SHOE", "1"))
	page = b.get("/")
	assert.Less(t, strings.Index(page, ">order-1<"), strings.Index(page, ">order-2<"), "the newest is the first")
}

func TestOverviewHasBounds(t *testing.T) {
	b, client := start(t, Config{})
	for i := range shownSessions + 3 {
		_, err := client.UpdateCustomerSession(t.Context(), fmt.Sprintf("order-%d", i), integration.UpdateRequest{})
		require.NoError(t, err)
	}
	for range keptExchanges {
		_, err := client.GetCustomerSession(t.Context(), "order-0")
		require.NoError(t, err)
	}
	page := b.get("/")
	assert.Equal(t, shownSessions, strings.Count(page, `href="/session?id=`))
	assert.Contains(t, page, "Sessions that changed earlier and are not shown: 3.")
	assert.Equal(t, shownExchanges, strings.Count(page, `href="/request?n=`))
	last := shownSessions + 3 + keptExchanges
	assert.Contains(t, b.get(fmt.Sprintf("/request?n=%d", last)), "order-0")
	status, _, _ := b.do(http.MethodGet, fmt.Sprintf("/request?n=%d", last-keptExchanges), "")
	assert.Equal(t, 404, status)
}

func TestSessionPage(t *testing.T) {
	b, client := start(t, Config{})
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"))
	page := b.get("/session?id=order-1")
	for _, row := range []string{
		`<tr class="line level0"> <th scope="row">2 x SHOE</th> <td class="number">99.90</td> <td class="number">−10.00</td> <td class="number">89.90</td> </tr>`,
		`<tr class="discount level1"> <th scope="row"><a href="#effect-2">shoe sale#0 (unit 0)</a></th> <td class="number"></td> <td class="number">−5.00</td> <td class="number"></td> </tr>`,
		`<tr class="cost level0"> <th scope="row">shipping</th> <td class="number">4.90</td> <td class="number">−4.90</td> <td class="number">0.00</td> </tr>`,
		`<tr class="total level0"> <th scope="row">total</th> <td class="number">104.80</td> <td class="number">−25.38</td> <td class="number">79.42</td> </tr>`,
		`<dd class="pay">79.42</dd>`,
		`<tr id="effect-2"><td class="number">2</td><th scope="row">setDiscountPerItem</th><td>shoe sale</td>`,
	} {
		assert.Contains(t, page, row)
	}
	status, body, _ := b.do(http.MethodGet, "/session?id=order-2", "")
	assert.Equal(t, 404, status)
	assert.Contains(t, body, "There is no session with this ID.")
}

// TestNoReceipt shows a session with effects that NewReceipt refuses.
func TestNoReceipt(t *testing.T) {
	b, _ := start(t, Config{})
	status, body, _ := b.do(http.MethodPut, "/v2/customer_sessions/order-1", `{"customerSession":{"cartItems":[{"sku":"SHOE","quantity":1}]}}`,
		"Authorization", "ApiKey-v1 integrationtest-api-key", "Content-Type", "application/json")
	require.Equal(t, 200, status, body)
	assert.Contains(t, b.get("/"), `<td colspan="2">no receipt: /cartItems/0/price: `)
	assert.Contains(t, b.get("/session?id=order-1"), "There is no receipt: /cartItems/0/price: ")
}

func TestRequestPage(t *testing.T) {
	b, client := start(t, Config{})
	require.NoError(t, send(t, client, "a b/c", "SHOE", "49.95"))
	page := b.get("/request?n=1")
	assert.Contains(t, page, `<dd class="path">PUT /v2/customer_sessions/a b/c</dd>`)
	assert.Contains(t, page, `<a href="/session?id=a%20b%2fc">a b/c</a>`)
	assert.Contains(t, page, `&#34;price&#34;: 49.95`)
	assert.Contains(t, page, `&#34;effectType&#34;: &#34;acceptCoupon&#34;`)
	assert.NotContains(t, page, "integrationtest-api-key")

	large := strings.Repeat("x", keptBody)
	require.NoError(t, send(t, client, "large", large, "49.95"))
	page = b.get("/request?n=2")
	assert.Regexp(t, `Further bytes that were not kept: [1-9][0-9]*\.`, page)
	for _, path := range []string{"/request", "/request?n=x", "/request?n=99"} {
		status, _, _ := b.do(http.MethodGet, path, "")
		assert.Equal(t, 404, status, path)
	}
}

// TestEscaping puts markup in every text that a page shows.
func TestEscaping(t *testing.T) {
	const markup = `"><script>alert(1)</script><!--`
	b, client := start(t, Config{})
	_, err := client.UpdateCustomerSession(t.Context(), markup, integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{
			ProfileID:       new(markup),
			CouponCodes:     []string{markup},
			CartItems:       []talonone.CartItem{{SKU: markup, Name: markup, Quantity: 1, Price: new(decimal.New(1, 0))}},
			AdditionalCosts: map[string]talonone.AdditionalCost{markup: {Price: decimal.New(1, 0)}},
			Attributes:      talonone.Attributes{markup: markup},
		},
	})
	require.NoError(t, err)
	for _, path := range []string{"/", "/session?id=" + url.QueryEscape(markup), "/request?n=1"} {
		page := b.get(path)
		assert.NotContains(t, page, "<script>", path)
		assert.NotContains(t, page, "<!--", path)
		assert.Contains(t, page, "alert(1)", path)
	}
	status, body, _ := b.do(http.MethodGet, "/session?id=x"+url.QueryEscape(markup), "")
	assert.Equal(t, 404, status)
	assert.NotContains(t, body, "<script>")
}

func TestFaults(t *testing.T) {
	b, client := start(t, Config{})
	status, _, header := b.do(http.MethodPost, "/fault", "kind=503&times=2")
	assert.Equal(t, 303, status)
	assert.Equal(t, "/#controls", header.Get("Location"))
	_, _, _ = b.do(http.MethodPost, "/fault", "kind=cut&times=1")
	assert.Equal(t, 2, strings.Count(b.get("/"), "<li>503 Service Unavailable</li>"))
	assert.Contains(t, b.get("/"), "<li>the connection breaks inside the answer</li>")

	status, _, _ = b.do(http.MethodGet, "/v2/nothing", "")
	require.Equal(t, 501, status, "a path that the API does not have runs into no fault")
	for range 2 {
		err := send(t, client, "order-1", "SHOE", "49.95")
		require.ErrorIs(t, err, integration.ErrServer)
	}
	page := b.get("/")
	assert.NotContains(t, page, "<li>503")
	assert.Contains(t, page, "<li>the connection breaks inside the answer</li>")
	require.Error(t, send(t, client, "order-1", "SHOE", "49.95"))
	page = b.get("/")
	assert.Contains(t, page, "No fault is planned.")
	assert.Contains(t, page, `<span class="badge bad">200, cut</span>`)
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"))

	for _, form := range []string{"", "kind=503", "kind=503&times=0", "kind=503&times=101", "kind=200&times=1", "kind=x&times=1", "kind=600&times=1"} {
		status, _, _ := b.do(http.MethodPost, "/fault", form)
		assert.Equal(t, 400, status, form)
	}
	assert.Contains(t, b.get("/"), "No fault is planned.")
}

func TestDelay(t *testing.T) {
	b, client := start(t, Config{})
	status, _, _ := b.do(http.MethodPost, "/delay", "milliseconds=50")
	assert.Equal(t, 303, status)
	assert.Contains(t, b.get("/"), "Each answer takes 50ms longer.")
	begin := time.Now()
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"))
	assert.GreaterOrEqual(t, time.Since(begin), 50*time.Millisecond)
	for _, form := range []string{"", "milliseconds=-1", "milliseconds=60001", "milliseconds=x"} {
		status, _, _ := b.do(http.MethodPost, "/delay", form)
		assert.Equal(t, 400, status, form)
	}
	_, _, _ = b.do(http.MethodPost, "/delay", "milliseconds=0")
	assert.Contains(t, b.get("/"), "Answers are not delayed.")
}

// TestWhoMayAsk checks that other sites can neither read the pages nor press their buttons.
func TestWhoMayAsk(t *testing.T) {
	b, client := start(t, Config{Host: "shop.test", APIKey: "chosen"})
	for host, want := range map[string]int{
		strings.TrimPrefix(b.url, "http://"): 200, "localhost:80": 200, "[::1]:8080": 200, "192.0.2.1": 200, "shop.test:1": 200, "SHOP.test": 200,
		"evil.example": 403, "127.0.0.1.evil.example": 403, "localhost.evil.example:8080": 403, "x.shop.test": 403,
	} {
		for _, path := range []string{"/", "/session?id=a", "/request?n=1", "/style.css"} {
			status, _, _ := b.do(http.MethodGet, path, "", "Host", host)
			if want == 200 && status == 404 {
				status = 200 // the page says that there is nothing to show
			}
			assert.Equal(t, want, status, "%s %s", host, path)
		}
	}
	for _, header := range [][]string{
		{"Origin", "http://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
		{"Host", "evil.example"},
	} {
		for path, form := range map[string]string{"/fault": "kind=503&times=1", "/delay": "milliseconds=1"} {
			status, _, _ := b.do(http.MethodPost, path, form, header...)
			assert.Equal(t, 403, status, header)
		}
	}
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"), "no fault was planned")
	for path, method := range map[string]string{"/": "POST", "/events": "POST", "/fault": "GET", "/delay": "PUT", "/style.css": "DELETE"} {
		status, _, header := b.do(method, path, "")
		assert.Equal(t, 405, status, path)
		assert.NotEmpty(t, header.Get("Allow"), path)
	}
	_, page, header := b.do(http.MethodGet, "/", "")
	assert.NotContains(t, page, "chosen")
	assert.Contains(t, header.Get("Content-Security-Policy"), "default-src 'none'")
	assert.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
}

// TestEvents reads the stream as a page does.
func TestEvents(t *testing.T) {
	b, client := start(t, Config{})
	listen := func(header ...string) *bufio.Reader {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.url+"/events?after=0", nil)
		require.NoError(t, err)
		if len(header) > 0 {
			r.Header.Set(header[0], header[1])
		}
		resp, err := http.DefaultTransport.RoundTrip(r) //nolint:bodyclose // the test ends while it is open
		require.NoError(t, err)
		assert.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
		return bufio.NewReader(resp.Body)
	}
	event := func(r *bufio.Reader) (lines string) {
		for {
			line, err := r.ReadString('\n')
			require.NoError(t, err)
			if line == "\n" {
				return lines
			}
			lines += line
		}
	}
	stream := listen()
	assert.Equal(t, ":\n", event(stream), "nothing has changed")
	require.NoError(t, send(t, client, "a b", "SHOE", "49.95"))
	assert.Equal(t, "id: 1\nevent: change\ndata: PUT /v2/customer_sessions/a%20b: 200\n", event(stream))
	late := listen()
	assert.Equal(t, "id: 1\nevent: change\ndata: PUT /v2/customer_sessions/a%20b: 200\n", event(late), "the last change since the page was made")
	again := listen("Last-Event-ID", "1")
	assert.Equal(t, ":\n", event(again), "a browser that reconnects has seen the change")

	// Nothing reads the streams now, and the API must not wait for them.
	for range 500 {
		_, err := client.GetCustomerSession(t.Context(), "a b")
		require.NoError(t, err)
	}
	for !strings.Contains(event(stream), "id: 501\n") { // each event is newer than the last
		continue
	}
}

// TestEventsEnd checks that the sandbox ends the streams of events when it stops, and does not break their connections.
func TestEventsEnd(t *testing.T) {
	var stream io.ReadCloser
	t.Cleanup(func() { // runs when the sandbox has stopped
		if stream != nil {
			defer stream.Close()
			_, err := io.ReadAll(stream)
			assert.NoError(t, err)
		}
	})
	b, _ := start(t, Config{})
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, b.url+"/events", nil)
	require.NoError(t, err)
	resp, err := http.DefaultTransport.RoundTrip(r) //nolint:bodyclose // the cleanup closes it
	require.NoError(t, err)
	stream = resp.Body
}

func TestAPIPathsAreNoPages(t *testing.T) {
	b, _ := start(t, Config{})
	for _, path := range []string{"/v2/customer_sessions/", "/v1/profiles", "/session/", "//", "/%2F", "/style.css/"} {
		status, body, _ := b.do(http.MethodGet, path, "")
		assert.Equal(t, 501, status, path)
		assert.Contains(t, body, "integrationtest does not serve this method and path", path)
	}
}
