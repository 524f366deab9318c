package browser

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

func send(t *testing.T, client *integration.Client, id, sku, price string) error {
	t.Helper()
	_, err := client.UpdateCustomerSession(t.Context(), id, integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{
			ProfileID:       new("anna"),
			CouponCodes:     []string{"TEN", "OLD"},
			CartItems:       []talonone.CartItem{{SKU: sku, Name: sku, Quantity: 2, Price: new(decimal.RequireFromString(price))}},
			AdditionalCosts: map[string]talonone.AdditionalCost{"shipping": {Price: decimal.RequireFromString("4.90")}},
		},
	})
	return err
}

// TestLive opens the page and sends requests. The page must show them without a reload, with exact amounts.
func TestLive(t *testing.T) {
	address, client := sandbox(t)
	ctx := open(t, nothing)
	do(t, ctx, chromedp.Navigate(address+"/"))
	until(t, ctx, `document.body.innerText.includes("There is no session yet.")`)
	until(t, ctx, `document.getElementById("live").innerText === "Live"`)
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`window.loaded = true`))

	require.NoError(t, send(t, client, "order-1", "SHOE", "19999999.99"))
	until(t, ctx, `document.querySelector("#live-sessions tbody tr") !== null`)
	assert.Equal(t, "order-1\topen\t35999989.492\t40000004.88\t1\tanna", value[string](t, ctx,
		`[...document.querySelectorAll("#live-sessions tbody tr *:is(th, td)")].slice(0, 6).map(c => c.innerText).join("\t")`))
	assert.Equal(t, "1\t200\tPUT\t/v2/customer_sessions/order-1", value[string](t, ctx,
		`[...document.querySelectorAll("#log > li:first-child summary > *")].slice(0, 4).map(c => c.innerText).join("\t")`))
	assert.Equal(t, "PUT /v2/customer_sessions/order-1: 200", value[string](t, ctx, `document.getElementById("live").innerText`))
	assert.True(t, value[bool](t, ctx, `window.loaded`), "the page was not loaded again")

	do(t, ctx, chromedp.Click(chromedp.CSS(`#live-sessions tbody a`)))
	until(t, ctx, `document.querySelector(".pay")?.innerText === "35999989.492"`)
	receipt := value[string](t, ctx,
		`[...document.querySelectorAll(".receipt tbody tr")].map(r => [...r.cells].map(c => c.innerText).join(" | ")).join("\n")`)
	assert.Equal(t, strings.Join([]string{
		"2 x SHOE | 39999999.98 | −10.00 | 39999989.98",
		"shoe sale#0 (unit 0) |  | −5.00 | ",
		"shoe sale#0 (unit 1) |  | −5.00 | ",
		"shipping | 4.90 | −4.90 | 0.00",
		"free shipping |  | −4.90 | ",
		"ten percent |  | −4000000.488 | ",
		"total | 40000004.88 | −4000015.388 | 35999989.492",
	}, "\n"), receipt)

	until(t, ctx, `document.getElementById("live").innerText === "Live"`)
	require.NoError(t, send(t, client, "order-1", "SHOE", "10"))
	until(t, ctx, `document.querySelector(".pay")?.innerText === "14.90"`) // without the coupon, because the total is less than 50.00
	_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{State: talonone.StateCancelled},
	})
	require.NoError(t, err)
	until(t, ctx, `document.querySelector("dl .badge").innerText === "cancelled"`)

	do(t, ctx, chromedp.Click(chromedp.CSS(`#request-1 summary`)))
	until(t, ctx, `document.querySelector("#request-1 pre").innerText.includes('"price": 19999999.99')`)
	do(t, ctx, chromedp.Click(chromedp.CSS(`a[href="/request?n=1"]`)))
	until(t, ctx, `document.querySelector("h1").innerText === "Request 1"`)
	assert.Contains(t, value[string](t, ctx, `document.querySelector("pre").innerText`), `"price": 19999999.99`)
}

// TestButtons clicks the buttons. The client must get the faults that they plan.
func TestButtons(t *testing.T) {
	address, client := sandbox(t)
	ctx := open(t, nothing)
	do(t, ctx, chromedp.Navigate(address+"/"), chromedp.SetValue(chromedp.CSS("#kind"), "429"), chromedp.SetValue(chromedp.CSS("#times"), "2"), chromedp.Click(chromedp.CSS(`form[action="/fault"] button`)))
	until(t, ctx, `document.querySelector("#live-controls li")?.innerText === "429 Too Many Requests, 2 times"`)
	require.ErrorIs(t, send(t, client, "order-1", "SHOE", "49.95"), integration.ErrRateLimited)
	until(t, ctx, `document.querySelector("#live-controls li")?.innerText === "429 Too Many Requests"`)
	require.ErrorIs(t, send(t, client, "order-1", "SHOE", "49.95"), integration.ErrRateLimited)
	until(t, ctx, `document.querySelector("#live-controls").innerText.includes("No fault is planned.")`)
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"))

	do(t, ctx, chromedp.SetValue(chromedp.CSS("#kind"), "cut"), chromedp.Click(chromedp.CSS(`form[action="/fault"] button`)))
	until(t, ctx, `document.querySelector("#live-controls li")?.innerText === "the connection breaks inside the answer"`)
	require.Error(t, send(t, client, "order-1", "SHOE", "49.95"))
	until(t, ctx, `document.querySelector("#log .badge").innerText === "200, cut"`)

	do(t, ctx, chromedp.SetValue(chromedp.CSS("#milliseconds"), "30"), chromedp.Click(chromedp.CSS(`form[action="/delay"] button`)))
	until(t, ctx, `document.querySelector("#live-controls").innerText.includes("Each answer takes 30ms longer.")`)
}

// TestKeyboard goes through the page with the Tab key. It must reach every control, and each must show that it has the focus.
func TestKeyboard(t *testing.T) {
	address, client := sandbox(t)
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"))
	ctx := open(t, nothing)
	do(t, ctx, chromedp.Navigate(address+"/"), chromedp.WaitReady(chromedp.CSS("#milliseconds")))
	want := value[[]string](t, ctx, `[...document.querySelectorAll("a, button, input, select, summary, [tabindex]")]
		.filter(e => e.checkVisibility()).map(e => e.outerHTML)`)
	require.Len(t, want, 14)
	var got []string
	for range want {
		do(t, ctx, chromedp.KeyEvent(kb.Tab))
		got = append(got, value[string](t, ctx, `document.activeElement.outerHTML`))
		assert.NotEqual(t, "none", value[string](t, ctx, `getComputedStyle(document.activeElement).outlineStyle`), got[len(got)-1])
	}
	assert.Equal(t, want, got)

	do(t, ctx, chromedp.Focus(chromedp.CSS("#request-1 summary")), chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	assert.Equal(t, "PRE", value[string](t, ctx, `document.activeElement.tagName`), "the body can be scrolled by keys")

	do(t, ctx, chromedp.Focus(chromedp.CSS(`form[action="/fault"] button`)), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `document.querySelectorAll("#live-controls li").length === 1`)
	require.ErrorIs(t, send(t, client, "order-1", "SHOE", "49.95"), integration.ErrServer)
}

// TestFocusStays has the focus on what the live part replaces.
func TestFocusStays(t *testing.T) {
	address, client := sandbox(t)
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"))
	ctx := open(t, nothing)
	watch(t, ctx, address+"/")
	do(t, ctx, chromedp.Focus(chromedp.CSS("#session-order-1")))
	require.NoError(t, send(t, client, "order-2", "SHOE", "49.95"))
	until(t, ctx, `document.querySelectorAll("#live-sessions tbody tr").length === 2`)
	until(t, ctx, `document.activeElement.id === "session-order-1"`)

	// A table that does not fit stays where it was scrolled to, so that the arrow keys go on from there.
	do(t, ctx, chromedp.EmulateViewport(360, 900), chromedp.Focus(chromedp.CSS("#sessions-table")))
	require.EqualValues(t, 40, value[int](t, ctx, `(() => { const e = document.activeElement; e.scrollLeft = 40; return e.scrollLeft })()`))
	require.NoError(t, send(t, client, "order-3", "SHOE", "49.95"))
	until(t, ctx, `document.querySelectorAll("#live-sessions tbody tr").length === 3`)
	until(t, ctx, `document.activeElement.id === "sessions-table" && document.activeElement.scrollLeft === 40`)
}

// TestOpenStays reads a body while other requests come in: it stays open, and what is selected in it stays selected.
func TestOpenStays(t *testing.T) {
	address, client := sandbox(t)
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"))
	ctx := open(t, nothing)
	watch(t, ctx, address+"/")
	do(t, ctx, chromedp.Click(chromedp.CSS("#request-1 summary")))
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`getSelection().selectAllChildren(document.querySelector("#request-1 pre"))`))
	for range 20 {
		require.NoError(t, send(t, client, "order-2", "SHOE", "49.95"))
	}
	until(t, ctx, `document.querySelectorAll("#log > li").length === 21`)
	assert.Equal(t, "request-21 request-20", value[string](t, ctx, `[...document.querySelectorAll("#log > li")].slice(0, 2).map(e => e.id).join(" ")`))
	assert.True(t, value[bool](t, ctx, `document.querySelector("#request-1 details").open`))
	assert.Contains(t, value[string](t, ctx, `getSelection().toString()`), `"price": 49.95`)
	for range 35 { // there is room for 50
		require.NoError(t, send(t, client, "order-2", "SHOE", "49.95"))
	}
	until(t, ctx, `document.querySelector("#log > li").id === "request-56"`)
	assert.Equal(t, "request-7", value[string](t, ctx, `document.querySelector("#log > li:last-child").id`))
}

// TestRestart starts the sandbox again with other rules while its page is open: the page shows them.
func TestRestart(t *testing.T) {
	address, key, stop := start(t, "127.0.0.1:0", "../../cmd/talonone/rules.json")
	client, err := integration.NewClient(address, key)
	require.NoError(t, err)
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"))
	ctx := open(t, func(text string) bool { return strings.Contains(text, "ERR_CONNECTION_REFUSED") })
	do(t, ctx, chromedp.Navigate(address+"/"))
	until(t, ctx, `document.querySelectorAll("#live-sessions tbody tr").length === 1`)
	until(t, ctx, `document.getElementById("live").innerText === "Live"`)
	rules := filepath.Join(t.TempDir(), "rules.json")
	require.NoError(t, os.WriteFile(rules, []byte(`{"rules": [{"name": "another rule", "then": [{"percentOff": 50}]}]}`), 0o600))
	stop()
	until(t, ctx, `document.getElementById("live").innerText === "The sandbox does not answer."`)
	start(t, strings.TrimPrefix(address, "http://"), rules)
	until(t, ctx, `document.querySelector(".rules").innerText.includes("another rule")`)
	assert.Contains(t, value[string](t, ctx, `document.body.innerText`), "There is no session yet.")
}

// TestManyPages opens more pages than a browser has connections for one host. Those that nobody sees do without theirs, and
// show what has changed once somebody sees them. A headless browser has no page that is not seen, so the page is told so.
func TestManyPages(t *testing.T) {
	address, client := sandbox(t)
	see := func(ctx context.Context, seen bool) {
		do(t, ctx, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
			`Object.defineProperty(document, "hidden", {value: %t, configurable: true}); document.dispatchEvent(new Event("visibilitychange"))`, !seen)))
	}
	var pages []context.Context
	for range 8 {
		ctx := open(t, nothing)
		watch(t, ctx, address+"/")
		see(ctx, false)
		pages = append(pages, ctx)
	}
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"))
	see(pages[0], true)
	until(t, pages[0], `document.querySelectorAll("#live-sessions tbody tr").length === 1`)
	assert.True(t, value[bool](t, pages[1], `document.querySelector("#live-sessions tbody tr") === null`))
}

// TestKeptPage comes back to a page that the browser has kept in the history, instead of loading it.
func TestKeptPage(t *testing.T) {
	address, client := sandbox(t)
	ctx := open(t, nothing)
	watch(t, ctx, address+"/")
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`dispatchEvent(new PageTransitionEvent("pagehide", {persisted: true}))`))
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"))
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}))`))
	until(t, ctx, `document.querySelectorAll("#live-sessions tbody tr").length === 1`)
}

// TestLaterSession opens the page of a session before there is one.
func TestLaterSession(t *testing.T) {
	address, client := sandbox(t)
	ctx := open(t, func(text string) bool { return strings.Contains(text, "404") })
	watch(t, ctx, address+"/session?id=order-1")
	require.NoError(t, send(t, client, "order-2", "SHOE", "49.95"))
	until(t, ctx, `document.getElementById("live").innerText.includes("order-2")`)
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"))
	until(t, ctx, `document.querySelector(".pay")?.innerText === "79.42"`)
}

// TestMarkup shows a session with markup in every text. The browser must not run it: a dialog or an error would fail the test.
func TestMarkup(t *testing.T) {
	const markup = `"><script>alert(1)</script><img src=x onerror=alert(2)><!--`
	address, client := sandbox(t)
	require.NoError(t, send(t, client, markup, markup, "49.95"))
	ctx := open(t, nothing)
	for _, path := range []string{"/", "/session?id=" + url.QueryEscape(markup), "/request?n=1"} {
		watch(t, ctx, address+path)
		assert.Equal(t, 1, value[int](t, ctx, `document.scripts.length`), path)
		assert.Equal(t, 0, value[int](t, ctx, `document.images.length`), path)
		assert.Contains(t, value[string](t, ctx, `document.body.innerText`), markup, path)
	}
}

// TestOtherOrigin sends a form to the sandbox from a page of another origin, as any page in the same browser could. The sandbox
// must refuse it.
func TestOtherOrigin(t *testing.T) {
	address, client := sandbox(t)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<link rel="icon" href="data:,"><form method="post" action="%s/fault"><input name="kind" value="503"><input name="times" value="1"><button>Win</button></form>`, address)
	}))
	defer func() {
		other.CloseClientConnections() // also those that the browser has not used yet
		other.Close()
	}()
	ctx := open(t, func(text string) bool { return strings.Contains(text, "403") })
	response, err := chromedp.RunResponse(ctx, chromedp.Navigate(other.URL))
	require.NoError(t, err)
	require.EqualValues(t, 200, response.Status)
	response, err = chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS("button")))
	require.NoError(t, err)
	assert.EqualValues(t, 403, response.Status)
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"), "no fault was planned")
}

// TestWithoutJavaScript reads the page and sends a form while JavaScript is off.
func TestWithoutJavaScript(t *testing.T) {
	address, client := sandbox(t)
	ctx := open(t, nothing)
	call(t, ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	do(t, ctx, chromedp.Navigate(address+"/"))
	require.NoError(t, send(t, client, "order-1", "SHOE", "49.95"))
	response, err := chromedp.RunResponse(ctx, chromedp.Reload())
	require.NoError(t, err)
	require.EqualValues(t, 200, response.Status)
	assert.Equal(t, "79.42", value[string](t, ctx, `document.querySelector("#live-sessions tbody strong").innerText`))
	response, err = chromedp.RunResponse(ctx, chromedp.Submit(chromedp.CSS(`form[action="/fault"]`)))
	require.NoError(t, err)
	assert.EqualValues(t, 200, response.Status)
	require.ErrorIs(t, send(t, client, "order-1", "SHOE", "49.95"), integration.ErrServer)
}

// TestAccessibility checks each page with axe-core: light, dark and narrow.
func TestAccessibility(t *testing.T) {
	check := axe(t)
	address, client := sandbox(t)
	ctx := open(t, func(text string) bool { return strings.Contains(text, "404") })
	looks := []struct {
		name, scheme string
		width        int64
	}{{"light", "light", 1280}, {"dark", "dark", 1280}, {"narrow", "light", 360}}
	inspect := func(name, path string, click ...string) {
		for _, look := range looks {
			scheme := &emulation.MediaFeature{Name: "prefers-color-scheme", Value: look.scheme}
			call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{scheme}})
			do(t, ctx, chromedp.EmulateViewport(look.width, 900), chromedp.Navigate(address+path), chromedp.WaitReady(chromedp.CSS("main")))
			for _, selector := range click {
				do(t, ctx, chromedp.Click(chromedp.CSS(selector)))
			}
			where := name + ", " + look.name
			assert.Empty(t, violations(t, ctx, check), where)
			assert.LessOrEqual(t, value[int64](t, ctx, `document.documentElement.scrollWidth`), look.width, "%s: only tables scroll sideways", where)
			screenshot(t, ctx, name+"-"+look.name)
		}
	}
	inspect("empty", "/")
	require.NoError(t, send(t, client, "order-1", "SHOE", "19999999.99"))
	require.NoError(t, send(t, client, "order-"+strings.Repeat("long-", 30), "AUDIO-WH350", "49.95"))
	require.Error(t, send(t, client, "order-3", "", "49.95"))
	do(t, ctx, chromedp.Navigate(address+"/"), chromedp.Click(chromedp.CSS(`form[action="/fault"] button`)), chromedp.WaitReady(chromedp.CSS("#live-controls li")))
	require.ErrorIs(t, send(t, client, "order-3", "SHOE", "49.95"), integration.ErrServer)
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#times"), "3"), chromedp.Click(chromedp.CSS(`form[action="/fault"] button`)))
	inspect("overview", "/", "#request-1 summary")
	inspect("session", "/session?id=order-1", "#request-1 summary")
	inspect("request", "/request?n=1")
	inspect("absent", "/session?id=nobody")
}

// violations returns the problems that axe-core finds, one in each line.
func violations(t *testing.T, ctx context.Context, axe string) []string {
	t.Helper()
	do(t, ctx, chromedp.Evaluate[chromedp.Void](axe))
	return value[[]string](t, ctx,
		`axe.run().then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.html + " " + n.failureSummary)))`)
}

// screenshot writes a picture of the page to the folder in SCREENSHOTS.
func screenshot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	require.NoError(t, err)
	kind := http.DetectContentType(picture)
	require.True(t, strings.HasPrefix(kind, "image/"), strconv.Quote(kind))
	require.NoError(t, os.WriteFile(filepath.Join(dir, name+"."+strings.TrimPrefix(kind, "image/")), picture, 0o644))
}
