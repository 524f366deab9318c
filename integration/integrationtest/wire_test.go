package integrationtest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// TestPayloadsOfTheDocuments sends the requests of the API's documents, without our client.
func TestPayloadsOfTheDocuments(t *testing.T) {
	files, err := filepath.Glob("../../test/testdata/fixtures/update-request.*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			body, err := os.ReadFile(file)
			require.NoError(t, err)
			server := integrationtest.NewServer(t)
			r := send(t, server, "PUT", "/v2/customer_sessions/order-1", string(body))
			if strings.Contains(file, "sdk26.13") { // a generator put "" for the session
				require.Equal(t, 400, r.status)
				_, pointer, _ := r.problem(t)
				require.Equal(t, "/customerSession", pointer)
				return
			}
			require.Equal(t, 200, r.status, r.text)
			var sent struct {
				CustomerSession talonone.CustomerSessionUpdate
				ResponseContent []string
			}
			require.NoError(t, json.Unmarshal(body, &sent))
			session, ok := server.Session("order-1")
			require.True(t, ok)
			require.NoError(t, session.CheckTotals())
			require.Len(t, session.CartItems, len(sent.CustomerSession.CartItems))
			for i, item := range session.CartItems {
				// Read-only members of the request are ignored.
				require.Equal(t, fmt.Sprint(i), item.Position.StringFixed(0))
				require.Nil(t, item.ReturnedQuantity)
				require.Nil(t, item.RemainingQuantity)
				require.Nil(t, item.CatalogItemID)
				require.Empty(t, item.SelectedPriceType)
				require.Nil(t, item.Prices)
				require.Zero(t, item.AdjustmentEffectiveFrom)
			}
			var state integration.IntegrationState
			require.NoError(t, state.UnmarshalJSON([]byte(r.text)))
			require.Equal(t, len(sent.ResponseContent) > 0, state.CustomerSession != nil)
		})
	}
}

// TestOtherClients sends requests that the API allows and our client does not send.
func TestOtherClients(t *testing.T) {
	tests := map[string]string{
		"members in another order":   `{"responseContent":["customerSession"],"customerSession":{"state":"closed","cartItems":[{"price":5.50,"quantity":2,"sku":"A"}]}}`,
		"white space":                "\n{ \"responseContent\" :\t[ \"customerSession\" ] , \"customerSession\" : {\"state\":\"closed\",\"cartItems\":[{\"sku\":\"A\",\"quantity\":2,\"price\":5.50}]}}\r\n",
		"unknown members":            `{"x":1,"customerSession":{"y":{"z":[null]},"state":"closed","cartItems":[{"w":"passed over","sku":"A","quantity":2,"price":5.50}]},"responseContent":["customerSession"]}`,
		"unknown members further in": `{"customerSession":{"state":"closed","cartItems":[{"sku":"A","quantity":2,"price":5.50,"product":{"name":"a","x":"passed over"}}],"experimentVariantAllocations":[{"experimentID":1,"variantID":2,"x":"passed over"}]},"responseContent":["customerSession"]}`,
		"unknown members of costs":   `{"customerSession":{"state":"closed","additionalCosts":{"a":{"price":0,"x":"passed over"}},"cartItems":[{"sku":"A","quantity":2,"price":5.50,"additionalCosts":{"a":{"price":0,"x":"passed over"}}}]},"responseContent":["customerSession"]}`,
		"members that the API sets":  `{"customerSession":{"id":9,"total":1,"updateCount":7,"created":"2020-01-01T00:00:00Z","state":"closed","cartItems":[{"position":4,"returnedQuantity":1,"remainingQuantity":1,"sku":"A","quantity":2,"price":5.50}]},"responseContent":["customerSession"]}`,
		"null for what is left out":  `{"customerSession":{"couponCodes":null,"state":"closed","cartItems":[{"sku":"A","quantity":2,"price":5.50,"product":null}]},"responseContent":["customerSession"]}`,
		"numbers in another form":    `{"customerSession":{"state":"closed","cartItems":[{"sku":"A","quantity":2e0,"price":550e-2}]},"responseContent":["customerSession"]}`,
		"escapes":                    `{"\u0063ustomerSession":{"state":"clos\u0065d","cartItems":[{"sku":"\u0041","quantity":2,"price":5.50}]},"responseContent":["customerSession"]}`,
		"content that is not known":  `{"customerSession":{"state":"closed","cartItems":[{"sku":"A","quantity":2,"price":5.50}]},"responseContent":["customerSession","loyalty","event"]}`,
		"an item without a price":    `{"customerSession":{"state":"closed","cartItems":[{"sku":"A","quantity":2,"price":5.50},{"sku":"B","quantity":1}]},"responseContent":["customerSession"]}`,
		"costs that the items have":  `{"customerSession":{"state":"closed","cartItems":[{"sku":"A","quantity":2,"price":5.50,"additionalCosts":{"gift":{"price":0}}}]},"responseContent":["customerSession"]}`,
		"attributes of every type":   `{"customerSession":{"attributes":{"a":1.50,"b":[true,null],"c":{"d":"e"}},"state":"closed","cartItems":[{"sku":"A","quantity":2,"price":5.50}]},"responseContent":["customerSession"]}`,
		"the longest of each member": `{"customerSession":{"couponCodes":["` + strings.Repeat("é", 100) + `"],"state":"closed","cartItems":[{"sku":"A","quantity":2,"price":5.50}]},"responseContent":["customerSession"]}`,
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			server := integrationtest.NewServer(t)
			r := send(t, server, "PUT", "/v2/customer_sessions/order-1", body)
			require.Equal(t, 200, r.status, r.text)
			require.Equal(t, "application/json", r.header.Get("Content-Type"))
			var state integration.IntegrationState
			require.NoError(t, state.UnmarshalJSON([]byte(r.text)))
			require.Equal(t, talonone.StateClosed, state.CustomerSession.State)
			require.EqualValues(t, 1, state.CustomerSession.ID)
			require.Equal(t, "11.00", state.CustomerSession.Total.StringFixed(2))
			require.Nil(t, state.CustomerSession.CartItems[0].ReturnedQuantity)
			require.NotNil(t, state.Effects)
			require.NotContains(t, r.text, "passed over")
		})
	}

	// net/http does not know this type of Reader, so it sends the body without a Content-Length. There is no Content-Type either.
	server := integrationtest.NewServer(t)
	body := strings.NewReader(tests["white space"])
	req, err := http.NewRequestWithContext(t.Context(), "PUT", server.URL+"/v2/customer_sessions/order-1", struct{ *strings.Reader }{body})
	require.NoError(t, err)
	req.Header.Set("Authorization", "ApiKey-v1 "+server.APIKey)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, 200, resp.StatusCode)
}

func TestRefusals(t *testing.T) {
	cart := func(items string) string { return `{"customerSession":{"cartItems":[` + items + `]}}` }
	const (
		session = "/v2/customer_sessions/order-1"
		open    = "/v2/customer_sessions/open"
		closed  = "/v2/customer_sessions/closed/returns"
		content = `{"customerSession":{},"responseContent":`
	)
	tests := map[string]struct {
		method, path, body string
		title, where       string // a pointer, or a parameter after a question mark
	}{
		"no body":                    {"PUT", session, ``, "Malformed JSON", ""},
		"no JSON":                    {"PUT", session, `{"customerSession":{"state":"open",}}`, "Malformed JSON", "/customerSession"},
		"cut JSON":                   {"PUT", session, `{"customerSession":{"cartItems":[{"sku":"A"`, "Malformed JSON", "/cartItems/0/sku"},
		"an array":                   {"PUT", session, `[]`, "Invalid type", ""},
		"no session":                 {"PUT", session, `{}`, "Required", "/customerSession"},
		"a null session":             {"PUT", session, `{"customerSession":null}`, "Required", "/customerSession"},
		"a session of a wrong type":  {"PUT", session, `{"customerSession":[]}`, "Invalid type", "/customerSession"},
		"a name twice":               {"PUT", session, `{"customerSession":{"state":"open","state":"closed"}}`, "Malformed JSON", "/state"},
		"a wrong type":               {"PUT", session, cart(`{"sku":"A","quantity":"1","price":1}`), "Invalid type", "/cartItems/0/quantity"},
		"a part of a unit":           {"PUT", session, cart(`{"sku":"A","quantity":1.5,"price":1}`), "Out of range", "/cartItems/0/quantity"},
		"a price in a string":        {"PUT", session, cart(`{"sku":"A","quantity":1,"price":"9.50"}`), "Invalid type", "/cartItems/0/price"},
		"a weight in a string":       {"PUT", session, cart(`{"sku":"A","quantity":1,"price":9,"weight":"9"}`), "Invalid type", "/cartItems/0/weight"},
		"a huge price":               {"PUT", session, cart(`{"sku":"A","quantity":1,"price":1e999999999}`), "Out of range", "/cartItems/0/price"},
		"a huge total":               {"PUT", session, cart(`{"sku":"A","quantity":10,"price":1e1023}`), "Out of range", "/cartItems"},
		"no SKU":                     {"PUT", session, cart(`{"quantity":1,"price":1}`), "required", "/cartItems/0/sku"},
		"an empty SKU":               {"PUT", session, cart(`{"sku":"","quantity":1,"price":1}`), "required", "/cartItems/0/sku"},
		"no quantity":                {"PUT", session, cart(`{"sku":"A","price":1}`), "quantity below 1", "/cartItems/0/quantity"},
		"quantity 0":                 {"PUT", session, cart(`{"sku":"B","quantity":1,"price":1},{"sku":"A","quantity":0,"price":1}`), "quantity below 1", "/cartItems/1/quantity"},
		"too many units":             {"PUT", session, cart(`{"sku":"A","quantity":10001,"price":1}`), "flattened quantity exceeded", "/cartItems"},
		"too many items":             {"PUT", session, cart(strings.Repeat(`{"sku":"A","quantity":1,"price":1},`, 1000) + `{"sku":"A","quantity":1,"price":1}`), "too many cart items", "/cartItems"},
		"a cost without a price":     {"PUT", session, `{"customerSession":{"additionalCosts":{"a/b":{}}}}`, "Required", "/additionalCosts/a~1b/price"},
		"an item's cost in a string": {"PUT", session, cart(`{"sku":"A","quantity":1,"price":1,"additionalCosts":{"gift":{"price":"1"}}}`), "Invalid type", "/cartItems/0/additionalCosts/gift/price"},
		"a product without a name":   {"PUT", session, cart(`{"sku":"A","quantity":1,"price":1,"product":{}}`), "Required", "/cartItems/0/product/name"},
		"half an allocation":         {"PUT", session, `{"customerSession":{"experimentVariantAllocations":[{"experimentID":1}]}}`, "Required", "/experimentVariantAllocations/0/variantID"},
		"a long coupon":              {"PUT", session, `{"customerSession":{"couponCodes":["A","` + strings.Repeat("x", 101) + `"]}}`, "too long", "/couponCodes/1"},
		"a long referral":            {"PUT", session, `{"customerSession":{"referralCode":"` + strings.Repeat("x", 101) + `"}}`, "too long", "/referralCode"},
		"two cards":                  {"PUT", session, `{"customerSession":{"loyaltyCards":["A","B"]}}`, "too many loyalty cards", "/loyaltyCards"},
		"six identifiers":            {"PUT", session, `{"customerSession":{"identifiers":["1","2","3","4","5","6"]}}`, "too many identifiers", "/identifiers"},
		"an empty store":             {"PUT", session, `{"customerSession":{"storeIntegrationId":""}}`, "empty value", "/storeIntegrationId"},
		"a name twice outside":       {"PUT", session, `{"customerSession":{},"x":1,"x":2}`, "Malformed JSON", "/x"},
		"an unknown name twice":      {"PUT", session, `{"customerSession":{"x":1,"x":2}}`, "Malformed JSON", "/x"},
		"a name twice in a return":   {"POST", closed, `{"return":{"x":1,"x":2,"returnedCartItems":[{"position":0}]}}`, "Malformed JSON", "/x"},
		"a name twice in an item":    {"POST", closed, `{"return":{"returnedCartItems":[{"position":0,"y":1,"y":2}]}}`, "Malformed JSON", "/returnedCartItems/0/y"},
		"an empty state":             {"PUT", session, `{"customerSession":{"state":""}}`, "enum", "/state"},
		"an unknown state":           {"PUT", session, `{"customerSession":{"state":"frozen"}}`, "enum", "/state"},
		"partially_returned":         {"PUT", session, `{"customerSession":{"state":"partially_returned"}}`, "enum", "/state"},
		"created cancelled":          {"PUT", session, `{"customerSession":{"state":"cancelled"}}`, "Invalid state", "/state"},
		"an ID that is no UTF-8":     {"PUT", "/v2/customer_sessions/%ff", `{"customerSession":{}}`, "Invalid UTF-8", ""},
		"unknown content":            {"PUT", session, content + `["customerSession","everything"]}`, "enum", "/responseContent/1"},
		"eligibility for good":       {"PUT", session, content + `["campaignEligibility"]}`, "Not allowed", "/responseContent/0"},
		"eligibility and failures":   {"PUT", session + "?dry=true", content + `["ruleFailureReasons","campaignEligibility"]}`, "Not allowed", "/responseContent/1"},
		"dry":                        {"PUT", session + "?dry=maybe", `{"customerSession":{}}`, "Invalid type", "?dry"},
		"a dry reopening":            {"PUT", session + "/reopen?dry=true", ``, "Invalid parameter", "?dry"},
		"a return at another time":   {"POST", closed + "?dry=true&now=2199-01-01T00:00:00Z", `{"return":{"returnedCartItems":[{"position":0}]}}`, "Invalid parameter", "?now"},
		"an update with the rules":   {"PUT", session + "?runRuleEngine=true", `{"customerSession":{}}`, "Invalid parameter", "?runRuleEngine"},
		"a read that is dry":         {"GET", session + "?dry=false", ``, "Invalid parameter", "?dry"},
		"dry that is only like true": {"PUT", session + "?dry=1", `{"customerSession":{}}`, "Invalid type", "?dry"},
		"now for good":               {"PUT", session + "?now=2199-01-01T00:00:00Z", `{"customerSession":{}}`, "Invalid parameter", "?now"},
		"now in the past":            {"PUT", session + "?dry=true&now=2020-01-01T00:00:00Z", `{"customerSession":{}}`, "Invalid parameter", "?now"},
		"now that is no time":        {"PUT", session + "?dry=true&now=tomorrow", `{"customerSession":{}}`, "Invalid parameter", "?now"},
		"a query that is no query":   {"PUT", session + "?dry=%zz", `{"customerSession":{}}`, "Malformed query", ""},
		"no return":                  {"POST", closed, `{}`, "Required", "/return"},
		"a return of a wrong type":   {"POST", closed, `{"return":""}`, "Invalid type", "/return"},
		"no returned items":          {"POST", closed, `{"return":{}}`, "Required", "/returnedCartItems"},
		"empty returned items":       {"POST", closed, `{"return":{"returnedCartItems":[]}}`, "Required", "/returnedCartItems"},
		"a return of nothing":        {"POST", closed, `{"return":{"returnedCartItems":[{}]}}`, "Unknown cart item", "/returnedCartItems/0"},
		"a return of an empty SKU":   {"POST", closed, `{"return":{"returnedCartItems":[{"sku":""}]}}`, "Unknown cart item", "/returnedCartItems/0/sku"},
		"a negative position":        {"POST", closed, `{"return":{"returnedCartItems":[{"position":-1}]}}`, "Unknown cart item", "/returnedCartItems/0/position"},
		"no units":                   {"POST", closed, `{"return":{"returnedCartItems":[{"position":0,"quantity":0}]}}`, "Invalid quantity", "/returnedCartItems/0/quantity"},
		"less than no units":         {"POST", closed, `{"return":{"returnedCartItems":[{"position":0,"quantity":-1}]}}`, "Invalid quantity", "/returnedCartItems/0/quantity"},
		"too many returned":          {"POST", closed, `{"return":{"returnedCartItems":[{"position":0,"quantity":1},{"position":0,"quantity":9}]}}`, "Invalid quantity", "/returnedCartItems/1/quantity"},
		"a position in a string":     {"POST", closed, `{"return":{"returnedCartItems":[{"position":"0"}]}}`, "Invalid type", "/returnedCartItems/0/position"},
		"content of updates":         {"POST", closed, `{"return":{"returnedCartItems":[{"position":0}]},"responseContent":["achievements"]}`, "enum", "/responseContent/0"},
		"runRuleEngine":              {"POST", closed + "?runRuleEngine=2", `{"return":{"returnedCartItems":[{"position":0}]}}`, "Invalid type", "?runRuleEngine"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := integrationtest.NewServer(t)
			for id, state := range map[string]talonone.State{"open": talonone.StateOpen, "closed": talonone.StateClosed} {
				server.SetSession(talonone.CustomerSessionV2{
					IntegrationID: id, State: state, CartItems: []talonone.CartItem{item("A", 2, "5")},
				})
			}
			before, _ := server.Session("closed")
			r := send(t, server, test.method, test.path, test.body)
			require.Equal(t, 400, r.status, r.text)
			require.Equal(t, "The submitted data was invalid", r.body.Message)
			require.Zero(t, r.body.StatusCode, "a 400 has none")
			title, pointer, parameter := r.problem(t)
			where := pointer
			if parameter != "" {
				where = "?" + parameter
			}
			assert.Equal(t, test.title, title, r.text)
			assert.Equal(t, test.where, where, r.text)
			_, created := server.Session("order-1")
			assert.False(t, created)
			after, _ := server.Session("closed")
			requireEqual(t, before, after)
			requests := server.Requests()
			require.Equal(t, 400, requests[len(requests)-1].Status)
		})
	}
}

// TestEveryViolationIsListed: the answer lists every violation, not only the first.
func TestEveryViolationIsListed(t *testing.T) {
	server := integrationtest.NewServer(t)
	r := send(t, server, "PUT", "/v2/customer_sessions/order-1",
		`{"customerSession":{"loyaltyCards":["A","B"],"cartItems":[{"quantity":0}]}}`)
	require.Equal(t, 400, r.status)
	require.Len(t, r.body.Errors, 3)
}

func TestResponseContent(t *testing.T) {
	all := []string{
		"customerSession", "customerProfile", "coupons", "triggeredCampaigns", "referral", "loyalty", "event",
		"previousReturns", "awardedGiveaways", "ruleFailureReasons", "achievements", "unlockedRewards",
	}
	always := []string{"effects", "createdCoupons", "createdReferrals"}
	served := map[string]bool{
		"customerSession": true, "coupons": true, "triggeredCampaigns": true, "previousReturns": true, "awardedGiveaways": true,
		"ruleFailureReasons": true, "achievements": true,
	}
	server := integrationtest.NewServer(t)
	check := func(content ...string) {
		t.Helper()
		text, err := json.Marshal(content)
		require.NoError(t, err)
		r := send(t, server, "PUT", "/v2/customer_sessions/order-1", `{"customerSession":{},"responseContent":`+string(text)+`}`)
		require.Equal(t, 200, r.status, r.text)
		want := append([]string{}, always...)
		for _, name := range content {
			if name == "unlockedRewards" {
				want = append(want, "rewards")
			} else if served[name] {
				want = append(want, name)
			}
		}
		require.ElementsMatch(t, want, members(t, r.text))
	}
	check()
	check(all...)
	for _, name := range all {
		check(name)
	}

	r := send(t, server, "PUT", "/v2/customer_sessions/order-1?dry=true",
		`{"customerSession":{},"responseContent":["campaignEligibility"]}`)
	require.Equal(t, 200, r.status, r.text)
	require.ElementsMatch(t, append([]string{"campaignEligibility"}, always...), members(t, r.text))

	require.ElementsMatch(t, []string{"customerSession", "effects"},
		members(t, send(t, server, "GET", "/v2/customer_sessions/order-1", "").text))

	server.SetSession(talonone.CustomerSessionV2{
		IntegrationID: "order-2", State: talonone.StateClosed, CartItems: []talonone.CartItem{item("A", 2, "5")},
	})
	r = send(t, server, "POST", "/v2/customer_sessions/order-2/returns?runRuleEngine=true",
		`{"return":{"returnedCartItems":[{"position":0,"quantity":1}]}}`)
	require.Equal(t, 200, r.status, r.text)
	require.ElementsMatch(t, append([]string{"return"}, always...), members(t, r.text))
}

// members returns the names of an object's members.
func members(t *testing.T, text string) (names []string) {
	t.Helper()
	var object map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(text), &object), text)
	for name := range object {
		names = append(names, name)
	}
	return names
}

func TestKey(t *testing.T) {
	server := integrationtest.NewServer(t, integrationtest.WithAPIKey("secret-1"))
	require.Equal(t, "secret-1", server.APIKey)
	_, err := server.Client(once).UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
	require.NoError(t, err)
	for _, authorization := range []string{"", "secret-1", "ApiKey-v1 secret-2", "ApiKey-v1  secret-1", "Bearer secret-1", "apikey-v1 secret-1"} {
		for _, request := range [][2]string{{"PUT", ""}, {"GET", ""}, {"PUT", "/reopen"}, {"POST", "/returns"}} {
			r := send(t, server, request[0], "/v2/customer_sessions/order-1"+request[1], `{"customerSession":{"state":"closed"}}`,
				"Authorization", authorization)
			require.Equal(t, 401, r.status)
			require.Equal(t, 401, r.body.StatusCode)
			require.NotEmpty(t, r.body.Message)
			r.problem(t)
		}
	}
	session, _ := server.Session("order-1")
	require.Equal(t, talonone.StateOpen, session.State)

	stranger, err := integration.NewClient(server.URL, "secret-2", once)
	require.NoError(t, err)
	_, err = stranger.GetCustomerSession(t.Context(), "order-1")
	require.ErrorIs(t, err, integration.ErrUnauthorized)
	require.EqualError(t, err, "integration: 401 Unauthorized: The request has no valid API key: Invalid: "+
		"the Authorization header must be ApiKey-v1, one space and the key")
}

func TestNotFound(t *testing.T) {
	server := integrationtest.NewServer(t)
	_, err := server.Client(once).ReopenCustomerSession(t.Context(), "order-1")
	require.ErrorIs(t, err, integration.ErrNotFound)
	require.EqualError(t, err, "integration: 404 Not Found: There is no such customer session: Unknown: no session has this integration ID")
}

func TestNotServed(t *testing.T) {
	tests := [][2]string{
		{"GET", "/"},
		{"GET", "/v2"},
		{"POST", "/v1/customer_sessions/order-1"},
		{"GET", "/v2/customer_sessions"},
		{"GET", "/v2/customer_sessions/"},
		{"PUT", "/v2/customer_sessions/order-1/"},
		{"PUT", "/v2/customer_sessions//reopen"},
		{"PUT", "/v2/customer_sessions/order-1/reopen/"},
		{"PUT", "/v2/customer_sessions/order-1/close"},
		{"PUT", "/v2/customer_sessions/a/b/reopen"},
		{"DELETE", "/v2/customer_sessions/order-1"},
		{"POST", "/v2/customer_sessions/order-1"},
		{"POST", "/v2/customer_sessions/order-1/reopen"},
		{"PUT", "/v2/customer_sessions/order-1/returns"},
		{"PUT", "/v2/customer_sessions/../reopen"},
		{"PUT", "/v2/customer_sessions/%2E%2E/reopen"},
		{"PUT", "/v2/customer_sessions/%2e"},
		{"PUT", "//v2/customer_sessions/order-1"},
		{"PUT", "/v2/customer_profiles/customer-1"},
	}
	for _, test := range tests {
		t.Run(test[0]+" "+test[1], func(t *testing.T) {
			failed := &recorder{TB: t}
			server := integrationtest.NewServer(failed)
			server.FailNext(1, 503, nil)
			r := send(t, server, test[0], test[1], "")
			require.Equal(t, 501, r.status)
			require.Equal(t, 501, r.body.StatusCode)
			path, err := url.PathUnescape(test[1])
			require.NoError(t, err)
			require.Equal(t, []string{"integrationtest: " + test[0] + " " + path + " is not served"}, failed.all())
			require.Equal(t, 501, server.Requests()[0].Status)
		})
	}

	// A server of Start has no test to fail.
	server := integrationtest.Start()
	defer server.Close()
	require.Equal(t, 501, send(t, server, "GET", "/", "").status)
}

// TestSessionIDs: the server gets exactly the ID of the client, even if it has characters with a meaning in paths.
func TestSessionIDs(t *testing.T) {
	ids := []string{
		"order-1", "a/b", "/", "//", "../b", "./b", "a/..", "..%2F", "%2e%2e", "%", "%%30", "...", ". .", "a b", "a+b", "$&+=:@;,?#[]!'()*~",
		"?dry=true", "#top", "ü/日本/😀", "e\u0301", "\ufeffbom", "\u202e", "\U0010ffff", "reopen", "a/reopen", "returns", "a\r\nX-Injected: 1",
		"\x00\x1f\x7f", `"\`, "`", strings.Repeat("é", 10_000), // the API sets no limit
	}
	for c := range byte(utf8.RuneSelf) {
		ids = append(ids, "id"+string(rune(c))+"id")
		if c != '.' && c != '/' && c != '%' && c != '`' { // "." is not a valid ID, and the others are in the list already
			ids = append(ids, string(rune(c)))
		}
	}
	server := integrationtest.NewServer(t)
	client := server.Client(once)
	for i, id := range ids {
		t.Run(fmt.Sprintf("%.30q", id), func(t *testing.T) {
			state, err := client.UpdateCustomerSession(t.Context(), id, withSession(talonone.CustomerSessionUpdate{
				State: talonone.StateClosed, CartItems: []talonone.CartItem{item("A", 2, "1")},
			}))
			require.NoError(t, err)
			require.Equal(t, id, state.CustomerSession.IntegrationID)
			require.EqualValues(t, i+1, state.CustomerSession.ID)
			requests := server.Requests()
			require.Equal(t, "/v2/customer_sessions/"+id, requests[len(requests)-1].Path)
			require.Empty(t, requests[len(requests)-1].Query)
			_, err = client.ReopenCustomerSession(t.Context(), id)
			require.NoError(t, err)
			got, err := client.GetCustomerSession(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, id, got.CustomerSession.IntegrationID)
			require.Equal(t, talonone.StateOpen, got.CustomerSession.State)
			session, ok := server.Session(id)
			require.True(t, ok)

			session.State = talonone.StateClosed
			server.SetSession(session)
			_, err = client.ReturnCartItems(t.Context(), id, integration.ReturnRequest{
				ReturnedCartItems: []integration.ReturnedCartItem{{SKU: "A", Quantity: new(1)}},
			})
			require.NoError(t, err)
			session, _ = server.Session(id)
			require.Equal(t, 1, *session.CartItems[0].ReturnedQuantity)
		})
	}
}

func TestBodyTooLarge(t *testing.T) {
	server := integrationtest.NewServer(t)
	r := send(t, server, "PUT", "/v2/customer_sessions/order-1", strings.Repeat(" ", 8<<20+1))
	require.Equal(t, 413, r.status)
	require.Equal(t, 413, r.body.StatusCode)
	require.Len(t, server.Requests()[0].Body, 8<<20)
}

// spaces is an endless Reader of spaces.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// countingBody counts the bytes that the server reads. The number of bytes that a client could send says less, because buffers of
// the system can take any number of them.
type countingBody struct {
	io.ReadCloser
	read *atomic.Int64
}

func (b countingBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read.Add(int64(n))
	return n, err
}

// TestBodyOfAGigabyte: the server reads a body that is too large only up to the limit, and closes the connection.
func TestBodyOfAGigabyte(t *testing.T) {
	const gigabyte = 1 << 30
	for name, length := range map[string]int64{"length": gigabyte, "chunks": -1} {
		t.Run(name, func(t *testing.T) {
			server := integrationtest.NewServer(t)
			var read atomic.Int64
			counting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.Body = countingBody{r.Body, &read}
				server.Handler().ServeHTTP(w, r)
			}))
			defer counting.Close()
			transport := new(http.Transport)
			defer transport.CloseIdleConnections()
			body := io.LimitReader(spaces{}, gigabyte)
			req, err := http.NewRequestWithContext(t.Context(), "PUT", counting.URL+"/v2/customer_sessions/order-1", body)
			require.NoError(t, err)
			req.ContentLength = length
			req.Header.Set("Authorization", "ApiKey-v1 "+server.APIKey)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			resp, err := transport.RoundTrip(req)
			require.NoError(t, err)
			defer resp.Body.Close()
			text, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			runtime.ReadMemStats(&after)
			allocated := after.TotalAlloc - before.TotalAlloc
			t.Logf("%d bytes read, %d MiB allocated", read.Load(), allocated>>20)
			require.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode)
			require.True(t, resp.Close, "the connection is closed")
			require.Contains(t, string(text), "The body is too large")
			require.Equal(t, int64(8<<20+1), read.Load(), "one byte more shows that the body is too large")
			require.Less(t, allocated, uint64(64<<20), "a slice that grows to 8 MiB, and the copy in Requests")
			require.Equal(t, http.StatusOK, send(t, server, "PUT", "/v2/customer_sessions/order-1", `{"customerSession":{}}`).status)
		})
	}
}

// TestDeepRequests: very deep nesting is a 400 at every position.
func TestDeepRequests(t *testing.T) {
	server := integrationtest.NewServer(t)
	const levels = 20_000
	for _, around := range [][2]string{
		{`{"customerSession":{"attributes":{"a":`, `}}}`}, {`{"customerSession":{"x":`, `}}`}, {`{"customerSession":`, `}`},
		{`{"customerSession":{"cartItems":[{"product":`, `}]}}`}, {`{"x":`, `}`}, {``, ``},
	} {
		for _, nest := range [][2]string{{"[", "]"}, {`{"a":`, "}"}} {
			body := around[0] + strings.Repeat(nest[0], levels) + "1" + strings.Repeat(nest[1], levels) + around[1]
			for method, path := range map[string]string{"PUT": "", "POST": "/returns"} {
				r := send(t, server, method, "/v2/customer_sessions/order-1"+path, body)
				require.Equal(t, 400, r.status, "%.50s", body)
			}
		}
	}
}

func TestRequests(t *testing.T) {
	server := integrationtest.NewServer(t, nil) // a nil option does nothing, like a nil option of the client
	require.Empty(t, server.Requests())
	body := `{"customerSession":{"couponCodes":["A B"]}}`
	send(t, server, "PUT", "/v2/customer_sessions/a%2Fb?dry=true&x=1&x=2%202", body, "X-Trace", "7")
	send(t, server, "GET", "/v2/customer_sessions/a%2Fb", "")
	got := server.Requests()
	require.Len(t, got, 2)
	require.Equal(t, "PUT", got[0].Method)
	require.Equal(t, "/v2/customer_sessions/a/b", got[0].Path)
	require.Equal(t, url.Values{"dry": {"true"}, "x": {"1", "2 2"}}, got[0].Query)
	require.Equal(t, "7", got[0].Header.Get("X-Trace"))
	require.Equal(t, body, string(got[0].Body))
	require.Equal(t, 200, got[0].Status)
	require.Equal(t, "GET", got[1].Method)
	require.Equal(t, 404, got[1].Status)

	// Requests returns copies.
	got[0].Body[0] = 'x'
	got[0].Header.Set("X-Trace", "8")
	got[0].Query["dry"][0] = "false"
	again := server.Requests()
	require.Equal(t, body, string(again[0].Body))
	require.Equal(t, "7", again[0].Header.Get("X-Trace"))
	require.Equal(t, "true", again[0].Query.Get("dry"))
}

func TestSetTime(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(once)
	before := time.Now()
	session := func() talonone.CustomerSessionV2 {
		state, err := client.UpdateCustomerSession(t.Context(), "order-1", withSession(talonone.CustomerSessionUpdate{}))
		require.NoError(t, err)
		return *state.CustomerSession
	}
	created := session().Created
	require.False(t, created.Before(before.Round(0)))

	at := time.Date(2030, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600))
	server.SetTime(at)
	require.True(t, at.Equal(session().Updated))
	require.True(t, created.Equal(session().Created))
	req := integration.UpdateRequest{DryRun: true, Now: at.Add(time.Second)}
	_, err := client.UpdateCustomerSession(t.Context(), "order-1", req)
	require.NoError(t, err)
	req.Now = at
	_, err = client.UpdateCustomerSession(t.Context(), "order-1", req)
	require.ErrorIs(t, err, integration.ErrBadRequest, "not in the future by the server's clock")

	server.SetTime(time.Time{})
	require.WithinDuration(t, time.Now(), session().Updated, time.Minute)
}

func TestClientMisuse(t *testing.T) {
	bad := integration.WithTimeout(-1)
	failed := &recorder{TB: t}
	server := integrationtest.NewServer(failed)
	require.Panics(t, func() { server.Client(bad) }, "Fatal does not return")
	require.Panics(t, func() { server.FailNext(1, 99, nil) })
	require.Panics(t, func() { server.FailNext(1, 600, nil) })
	require.Panics(t, func() { server.SetSession(talonone.CustomerSessionV2{}) })
	require.Len(t, failed.all(), 4)
	require.Contains(t, failed.all()[0], "integrationtest: Client: ")

	program := integrationtest.Start()
	defer program.Close()
	require.Panics(t, func() { program.Client(bad) })
	require.Panics(t, func() { program.FailNext(1, 0, nil) })
	require.Panics(t, func() { program.SetSession(talonone.CustomerSessionV2{}) })
}

// TestMessageOfAnUnsetState: a session without a state is open, also in the message. The scripts of test/conformance have the other
// messages.
func TestMessageOfAnUnsetState(t *testing.T) {
	server := integrationtest.NewServer(t)
	server.SetSession(talonone.CustomerSessionV2{IntegrationID: "order-1"})
	r := send(t, server, "PUT", "/v2/customer_sessions/order-1/reopen", "")
	require.Equal(t, 400, r.status)
	require.Equal(t, `Cannot move session to state "open" from state "open"`, r.body.Message)
}

func TestRequestLimit(t *testing.T) {
	for limit, want := range map[int][]string{-1: nil, 0: nil, 2: {"/v2/customer_sessions/b", "/v2/customer_sessions/c"}, 4: {
		"/v2/customer_sessions/a", "/v2/customer_sessions/b", "/v2/customer_sessions/c",
	}} {
		server := integrationtest.NewServer(t, integrationtest.WithRequestLimit(limit))
		for _, id := range []string{"a", "b", "c"} {
			_, err := server.Client().UpdateCustomerSession(t.Context(), id, integration.UpdateRequest{})
			require.NoError(t, err)
		}
		var got []string
		for _, r := range server.Requests() {
			assert.Equal(t, 200, r.Status)
			got = append(got, r.Path)
		}
		assert.Equal(t, want, got, limit)
	}
}
