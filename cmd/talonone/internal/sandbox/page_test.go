package sandbox

import (
	"bufio"
	"context"
	"fmt"
	"html"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
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
	assert.Contains(t, page, `<dt>ten percent</dt> <dd>For sessions with the coupon TEN, a total of at least 50.00:</dd> <dd class="gives">10 % off the total</dd>`)

	require.NoError(t, send(t, client, "order-1", "SHOE", "19999999.99"))
	require.NoError(t, send(t, client, "order-2", "SHOE", "49.95"))
	page = b.get("/")
	// 39999999.98 + 4.90, minus 5.00 for each shoe, 10 percent of the total, and the shipping.
	assert.Contains(t, page, `<td class="number"><strong>35999989.492</strong></td> <td class="number">40000004.88</td> <td class="number">1</td> <td>anna</td>`)
	assert.Contains(t, page, `<td class="number"><strong>79.42</strong></td> <td class="number">104.80</td>`)
	assert.Less(t, strings.Index(page, ">order-2<"), strings.Index(page, ">order-1<"), "the newest is the first")
	assert.Contains(t, page, `<span class="path">/v2/customer_sessions/order-1</span>`)
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
		`<tr class="discount level1"> <th scope="row"><a id="discount-2" href="#effect-2">shoe sale#0 (unit 0)</a></th> <td class="number"></td> <td class="number">−5.00</td> <td class="number"></td> </tr>`,
		`<tr class="cost level0"> <th scope="row">shipping</th> <td class="number">4.90</td> <td class="number">−4.90</td> <td class="number">0.00</td> </tr>`,
		`<tr class="total level0"> <th scope="row">total</th> <td class="number">104.80</td> <td class="number">−25.38</td> <td class="number">79.42</td> </tr>`,
		`<dd class="pay">79.42</dd>`,
		`<tr id="effect-2"><td class="number">2</td><th scope="row" class="type">setDiscountPerItem</th><td>shoe sale</td>` +
			`<td><code>{ &#34;name&#34;: &#34;shoe sale#0&#34;, &#34;value&#34;: 5.00, &#34;position&#34;: 0, &#34;subPosition&#34;: 0 }</code></td>`,
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

// TestLog shows the bodies beside each request: their beginnings, and all of them on a page of their own.
func TestLog(t *testing.T) {
	b, client := start(t, Config{})
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"))
	page := b.get("/")
	assert.Contains(t, page, `<li id="request-1"> <details> <summary><span class="no">1</span> <span class="badge good">200</span> <span>PUT</span> `)
	assert.Contains(t, page, `<h3>Request</h3> <pre tabindex="0"><code>{ &#34;customerSession&#34;: { &#34;profileId&#34;: &#34;anna&#34;,`)
	assert.Contains(t, page, `<h3>Answer</h3> <pre tabindex="0"><code>{ &#34;effects&#34;: [ { &#34;campaignId&#34;: 1,`)
	assert.NotContains(t, page, "This is the beginning of the body.")
	assert.Contains(t, b.get("/session?id=order-1"), `<li id="request-1">`)

	sku := strings.Repeat("ä", shownBody) + "END"
	require.NoError(t, send(t, client, "order-2", sku, "49.95"))
	page = b.get("/")
	assert.Contains(t, page, "This is the beginning of the body.")
	assert.NotContains(t, page, "äEND")
	assert.NotContains(t, page, "\uFFFD", "no character is cut in two")
	assert.Contains(t, b.get("/request?n=2"), "äEND")
}

// TestReplay repeats a call whose answer was cut: the log tells the second answer from the first.
func TestReplay(t *testing.T) {
	b, client := start(t, Config{})
	update := func() error {
		_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{}, integration.WithIdempotencyKey("one"))
		return err
	}
	_, _, _ = b.do(http.MethodPost, "/fault", "kind=cut&times=1")
	require.Error(t, update())
	require.NoError(t, update())
	page := b.get("/")
	assert.Contains(t, page, `<span class="badge good">200, replayed</span>`)
	assert.Contains(t, page, `<span class="badge bad">200, cut</span>`)
}

// TestFirstCommand sends what the empty page says as a shell would.
func TestFirstCommand(t *testing.T) {
	b, _ := start(t, Config{})
	_, page, _ := b.do(http.MethodGet, "/", "")
	m := regexp.MustCompile(`(?s)<pre class="command"[^>]*><code>(.*?)</code>`).FindStringSubmatch(page)
	require.NotNil(t, m)
	b.run(html.UnescapeString(m[1]))
	assert.Contains(t, b.get("/"), `<strong>79.91</strong></td> <td class="number">99.90</td>`)
}

// TestREADME sends what the README says to a sandbox with the example rules.
func TestREADME(t *testing.T) {
	b, _ := start(t, Config{})
	readme, err := os.ReadFile("../../../../README.md")
	require.NoError(t, err)
	m := regexp.MustCompile("(?s)\ncurl .*?\n```").FindString(string(readme))
	require.NotEmpty(t, m)
	b.run(strings.ReplaceAll(strings.Trim(m, "\n`"), "http://127.0.0.1:8080/", b.url+"/"))
	assert.Contains(t, b.get("/"), `<strong>79.91</strong></td> <td class="number">99.90</td>`)
}

// run does what a command of curl says.
func (b browser) run(command string) {
	b.t.Helper()
	m := regexp.MustCompile(`(?s)^curl -X (\S+) (\S+) (.*)-d '([^']*)'$`).FindStringSubmatch(command)
	require.NotNil(b.t, m, command)
	require.True(b.t, strings.HasPrefix(m[2], b.url), command)
	var header []string
	for _, h := range regexp.MustCompile(`-H "([^":]+): ([^"]+)"`).FindAllStringSubmatch(m[3], -1) {
		header = append(header, h[1:]...)
	}
	status, body, _ := b.do(m[1], strings.TrimPrefix(m[2], b.url), m[4], header...)
	require.Equal(b.t, 200, status, body)
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
	assert.Contains(t, b.get("/"), "<li>503 Service Unavailable, 2 times</li> <li>the connection breaks inside the answer</li>")

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
	assert.Contains(t, b.get("/"), ` value="50" required>`)
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

// An event as a page gets it.
type event struct{ id, name, data string }

// listen reads the stream of events. The comment that says that nothing has changed is an empty event.
func (b browser) listen(after string, header ...string) (next func() event) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.url+"/events?after="+after, nil)
	require.NoError(b.t, err)
	if len(header) > 0 {
		r.Header.Set(header[0], header[1])
	}
	resp, err := http.DefaultTransport.RoundTrip(r) //nolint:bodyclose // the test ends while it is open
	require.NoError(b.t, err)
	assert.Equal(b.t, "text/event-stream", resp.Header.Get("Content-Type"))
	lines := bufio.NewReader(resp.Body)
	return func() (e event) {
		for {
			line, err := lines.ReadString('\n')
			require.NoError(b.t, err)
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
			switch name {
			case "":
				return e
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				e.data = value
			}
		}
	}
}

// version returns the version that a page says it shows.
func (b browser) version() string {
	b.t.Helper()
	m := regexp.MustCompile(`data-version="([^"]+)"`).FindStringSubmatch(b.get("/"))
	require.NotNil(b.t, m)
	return m[1]
}

// TestEvents reads the stream as a page does.
func TestEvents(t *testing.T) {
	b, client := start(t, Config{})
	before := b.version()
	next := b.listen(before)
	assert.Zero(t, next(), "nothing has changed")
	require.NoError(t, send(t, client, "a b", "SHOE", "49.95"))
	after := b.version()
	require.NotEqual(t, before, after)
	update := event{after, "change", "PUT /v2/customer_sessions/a%20b: 200"}
	assert.Equal(t, update, next())
	assert.Equal(t, update, b.listen(before)(), "what has changed since the page was made")
	assert.Zero(t, b.listen(before, "Last-Event-ID", after)(), "what a browser that connects again has seen")
	assert.Equal(t, update, b.listen("another-run-1")(), "a page of an earlier run of the sandbox")

	// Nobody reads the stream now. Its reader then finds fewer events than there were changes, and the last one among them.
	for range 300 {
		_, err := client.GetCustomerSession(t.Context(), "a b")
		require.NoError(t, err)
	}
	last := b.version()
	for events := 1; ; events++ {
		if e := next(); e.id == last {
			break
		}
		require.Less(t, events, 300)
	}
}

// blockedWriter is the connection to a reader that takes nothing.
type blockedWriter struct {
	httptest.ResponseRecorder
	writing, unblock chan struct{}
}

func (w *blockedWriter) Write([]byte) (int, error) {
	close(w.writing)
	<-w.unblock
	return 0, io.ErrClosedPipe
}

// TestBlockedReader has a reader of events who takes nothing: the API and the other readers do not wait for it.
func TestBlockedReader(t *testing.T) {
	s, err := New(Config{})
	require.NoError(t, err)
	w := &blockedWriter{writing: make(chan struct{}), unblock: make(chan struct{})}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/events", nil))
	}()
	<-w.writing
	for range 3 {
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v2/customer_sessions/a", nil))
		require.Equal(t, 401, answer.Code)
		page := httptest.NewRecorder()
		s.ServeHTTP(page, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/", nil))
		require.Equal(t, 200, page.Code)
	}
	close(w.unblock)
	<-ended
}

// TestStopEndsPages stops a sandbox while pages are open, which would else keep it for as long as it is patient: they listen to
// events, and their browser has connections that no request has used yet.
func TestStopEndsPages(t *testing.T) {
	s, err := New(Config{})
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	b := browser{t, "http://" + l.Addr().String()}
	for range 10 {
		b.listen("")()
	}
	unused, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	defer unused.Close()
	require.Contains(t, b.get("/"), "No request yet.", "the sandbox has accepted the connection before this one")
	stop()
	select {
	case err := <-ended:
		require.NoError(t, err)
	case <-time.After(patience / 2):
		t.Fatal("the pages keep the sandbox")
	}
}

func TestAPIPathsAreNoPages(t *testing.T) {
	b, _ := start(t, Config{})
	for _, path := range []string{"/v2/customer_sessions/", "/v1/profiles", "/session/", "//", "/%2F", "/style.css/"} {
		status, body, _ := b.do(http.MethodGet, path, "")
		assert.Equal(t, 501, status, path)
		assert.Contains(t, body, "integrationtest does not serve this method and path", path)
	}
}
