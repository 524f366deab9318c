package integrationtest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// TestDefinitions: a name that the Campaign Manager does not know is a 400 in the API's form.
func TestDefinitions(t *testing.T) {
	server := integrationtest.NewServer(t,
		integrationtest.WithAttributes("size", "a/b"), integrationtest.WithAdditionalCosts("shipping"))
	tests := map[string]struct {
		session  string
		pointers []string
	}{
		"known": {`{"attributes":{"size":1,"a/b":2},"additionalCosts":{"shipping":{"price":1}},
			"cartItems":[{"sku":"A","quantity":1,"price":1,"attributes":{"size":1},"additionalCosts":{"shipping":{"price":1}}}]}`, nil},
		"an attribute":       {`{"attributes":{"size":1,"MyAttribute":1}}`, []string{"/attributes/MyAttribute"}},
		"an escaped pointer": {`{"attributes":{"x/~":1}}`, []string{"/attributes/x~1~0"}},
		"a cost":             {`{"additionalCosts":{"gift":{"price":1}}}`, []string{"/additionalCosts/gift"}},
		"of an item": {`{"cartItems":[{"sku":"A","quantity":1,"price":1},{"sku":"A","quantity":1,"price":1,"attributes":{"y":1,"x":1},
			"additionalCosts":{"gift":{"price":1}}}]}`, []string{"/cartItems/1/attributes/x", "/cartItems/1/attributes/y", "/cartItems/1/additionalCosts/gift"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := send(t, server, "PUT", "/v2/customer_sessions/order-1?dry=true", `{"customerSession":`+test.session+`}`)
			if test.pointers == nil {
				require.Equal(t, 200, r.status, r.text)
				return
			}
			require.Equal(t, 400, r.status)
			require.Equal(t, "The submitted data was invalid", r.body.Message)
			title, _, _ := r.problem(t)
			require.Equal(t, "Unknown", title)
			var pointers []string
			for _, e := range r.body.Errors {
				var p struct{ Source struct{ Pointer string } }
				require.NoError(t, json.Unmarshal(e, &p))
				pointers = append(pointers, p.Source.Pointer)
			}
			require.Equal(t, test.pointers, pointers)
		})
	}

	// WithAttributes without names allows no attribute. The client reads the error like any other.
	_, err := integrationtest.NewServer(t, integrationtest.WithAttributes()).Client(once).UpdateCustomerSession(t.Context(), "order-1",
		integration.UpdateRequest{CustomerSession: talonone.CustomerSessionUpdate{Attributes: talonone.Attributes{"size": 1}}})
	var apiErr *integration.APIError
	require.ErrorAs(t, err, &apiErr)
	require.Equal(t, "/attributes/size", apiErr.Errors[0].Pointer)
}

// TestOnAnswer: the function adds the requested parts to an answer, and does not change what the server stores.
func TestOnAnswer(t *testing.T) {
	server := integrationtest.NewServer(t)
	var ops []talonone.Operation
	server.OnAnswer(func(op talonone.Operation, a *integration.IntegrationState) {
		ops = append(ops, op)
		everything := `{"customerProfile":{"id":1},"loyalty":{"cards":[]},"referral":{"id":1},"coupons":[],"event":{"id":1},` +
			`"triggeredCampaigns":[],"awardedGiveaways":[],"achievements":[],"ruleFailureReasons":[],"campaignEligibility":[],` +
			`"previousReturns":[],"rewards":[],"effects":[],"customerSession":{"integrationId":"changed","cartItems":[]},"x":1}`
		if a.CustomerSession != nil {
			a.CustomerSession.Attributes["changed"] = true
		}
		require.NoError(t, a.UnmarshalJSON([]byte(everything)))
	})
	const session = "/v2/customer_sessions/order-1"
	create := `{"customerSession":{"state":"closed","attributes":{"a":1},"cartItems":[{"sku":"A","quantity":2,"price":1}]},"responseContent":["loyalty"]}`
	require.ElementsMatch(t, []string{"effects", "loyalty", "x"}, members(t, send(t, server, "PUT", session, create, "Idempotency-Key", "k").text))
	require.ElementsMatch(t, []string{"effects", "loyalty", "x"}, members(t, send(t, server, "PUT", session, create, "Idempotency-Key", "k").text))
	returning := `{"return":{"returnedCartItems":[{"position":0,"quantity":1}]},"responseContent":["customerProfile","customerSession"]}`
	require.ElementsMatch(t, []string{"effects", "customerProfile", "customerSession", "x"},
		members(t, send(t, server, "POST", session+"/returns", returning).text))
	require.ElementsMatch(t, []string{"effects", "customerSession", "x"}, members(t, send(t, server, "GET", session, "").text))
	kept, _ := server.Session("order-1")
	require.Equal(t, "order-1", kept.IntegrationID)
	require.NotContains(t, kept.Attributes, "changed")
	server.SetSession(talonone.CustomerSessionV2{IntegrationID: "order-1", State: talonone.StateClosed, Attributes: talonone.Attributes{"a": 1}})
	require.ElementsMatch(t, []string{"effects", "x"}, members(t, send(t, server, "PUT", session+"/reopen", "").text))
	require.Equal(t, []talonone.Operation{talonone.OperationUpdate, talonone.OperationReturn, "get", talonone.OperationReopen}, ops,
		"a repeat with the key is the first answer")
	require.Equal(t, 400, send(t, server, "PUT", session+"/reopen", "").status)
	require.Len(t, ops, 4, "an error is no answer")

	server.OnAnswer(nil)
	require.ElementsMatch(t, []string{"effects", "customerSession"}, members(t, send(t, server, "GET", session, "").text))
}

// TestAnswerThatCannotBeSent: the mistake is in the test, so the test fails. The server is unchanged.
func TestAnswerThatCannotBeSent(t *testing.T) {
	const path = "/v2/customer_sessions/order-1"
	tests := map[string]struct {
		state              talonone.State // of the session before; "" for no session
		method, path, body string
	}{
		"create": {"", "PUT", path, `{"customerSession":{"profileId":"customer-1"}}`},
		"update": {talonone.StateOpen, "PUT", path, `{"customerSession":{"profileId":"customer-1","couponCodes":["X"]}}`},
		"cancel": {talonone.StateClosed, "PUT", path, `{"customerSession":{"state":"cancelled"}}`},
		"reopen": {talonone.StateClosed, "PUT", path + "/reopen", ""},
		"return": {talonone.StateClosed, "POST", path + "/returns", `{"return":{"returnedCartItems":[{"position":0,"quantity":1}]}}`},
		"get":    {talonone.StateClosed, "GET", path, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			failed := &recorder{TB: t}
			server := integrationtest.NewServer(failed)
			server.OnEffects(func(integrationtest.Evaluation) []integration.Effect {
				return effects(&integration.SetDiscount{Name: "off", Value: *amount("1")})
			})
			if test.state != "" {
				body := `{"customerSession":{"state":"` + string(test.state) + `","cartItems":[{"sku":"A","quantity":2,"price":5}]}}`
				require.Equal(t, 200, send(t, server, "PUT", path, body).status)
			}
			session, known := server.Session("order-1")
			held, _ := server.Effects("order-1")

			server.OnAnswer(func(_ talonone.Operation, a *integration.IntegrationState) {
				a.Effects = []integration.Effect{{}}
			})
			r := send(t, server, test.method, test.path, test.body, "Idempotency-Key", "k")
			require.Equal(t, 500, r.status)
			require.Equal(t, 500, r.body.StatusCode)
			require.Len(t, failed.all(), 1)
			require.Contains(t, failed.all()[0], "the answer cannot be sent")

			after, ok := server.Session("order-1")
			require.Equal(t, known, ok)
			require.True(t, session.Equal(after), "the session is as before")
			heldAfter, _ := server.Effects("order-1")
			require.Equal(t, len(held), len(heldAfter))
			other := `{"customerSession":{"profileId":"customer-1"},"responseContent":["customerSession"]}`
			server.OnAnswer(nil)
			require.Contains(t, send(t, server, "PUT", "/v2/customer_sessions/order-2", other).text, `"firstSession":true`)

			r = send(t, server, test.method, test.path, test.body, "Idempotency-Key", "k")
			require.Equal(t, 200, r.status, "the key was not used")
			require.NotEqual(t, "true", r.header.Get("Idempotent-Replayed"))
			require.NotContains(t, r.text, `"previousReturns":[{`)
			if after, _ := server.Session("order-1"); test.method == "POST" {
				require.Equal(t, 1, *after.CartItems[0].ReturnedQuantity)
			}
			require.Len(t, failed.all(), 1)
		})
	}
}

// TestPanicOfAFunction: the connection breaks, as after a panic in any handler, and the server is unchanged.
func TestPanicOfAFunction(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(once)
	server.OnAnswer(func(talonone.Operation, *integration.IntegrationState) {
		panic(http.ErrAbortHandler) // net/http would log any other panic
	})
	_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
	require.Error(t, err)
	_, ok := server.Session("order-1")
	require.False(t, ok)
	server.OnAnswer(nil)
	_, err = client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
	require.NoError(t, err, "the session is not busy")
}

func TestFailNextWith(t *testing.T) {
	server := integrationtest.NewServer(t)
	answer := integrationtest.Answer{
		Status: 400, Header: http.Header{"x-request-id": {"r1"}}, Body: []byte(`{"message":"recorded","errors":[]}`),
	}
	server.FailNextWith(2, answer)
	server.FailNextWith(1, integrationtest.Answer{Status: 502, Header: http.Header{"Content-Type": {"text/plain"}}})
	answer.Header.Set("x-request-id", "r2") // the server has its own copy
	answer.Body[0] = 'x'
	for range 2 {
		r := send(t, server, "PUT", "/v2/customer_sessions/order-1", `{"customerSession":{}}`)
		require.Equal(t, 400, r.status)
		require.Equal(t, "application/json", r.header.Get("Content-Type"))
		require.Equal(t, "r1", r.header.Get("X-Request-Id"))
		require.Equal(t, `{"message":"recorded","errors":[]}`, r.text)
	}
	r := send(t, server, "GET", "/v2/customer_sessions/order-1", "")
	require.Equal(t, 502, r.status)
	require.Equal(t, "text/plain", r.header.Get("Content-Type"))
	require.Empty(t, r.text, "the body is the caller's")
	_, ok := server.Session("order-1")
	require.False(t, ok, "nothing is done")

	failed := &recorder{TB: t}
	require.Panics(t, func() { integrationtest.NewServer(failed).FailNextWith(1, integrationtest.Answer{}) })
	require.Contains(t, failed.all()[0], "FailNextWith: status 0")
}

func TestDump(t *testing.T) {
	server, _ := rules(t, func() []integration.EffectProps {
		return []integration.EffectProps{&integration.AcceptCoupon{Value: "XMAS"}}
	})
	server.FailNext(2, 503, nil)
	send(t, server, "GET", "/v2/customer_sessions/order-1?x=1", "")
	server.CutNext(1)
	send(t, server, "PUT", "/v2/customer_sessions/order-2", `{"customerSession":{"attributes":{"long":"`+strings.Repeat("é", 4096)+`"}}}`)
	text := server.Dump()
	for _, has := range []string{
		"sessions: 1\n", `"order-1" is closed`, `"sku":"A"`, `"effectType":"acceptCoupon"`, "faults to come: 1\n", "requests: 3\n",
		`GET "/v2/customer_sessions/order-1"?x=1: 503`, "body: " + `{"customerSession":{"attributes":{"long":"éé`, "é... (82",
	} {
		require.Contains(t, text, has)
	}
	require.NotContains(t, text, server.APIKey)
	require.NotContains(t, text, "Authorization")

	many := integrationtest.NewServer(t)
	for i := range 60 {
		many.SetSession(talonone.CustomerSessionV2{IntegrationID: strings.Repeat("s", i+1)})
		send(t, many, "GET", "/v2/customer_sessions/s", "")
	}
	text = many.Dump()
	require.Contains(t, text, "and 10 more\n")
	require.Contains(t, text, "10 earlier ones\n")
	require.Equal(t, 50, strings.Count(text, "GET "))
}

// cleaner is a testing.TB that may have failed. Its cleanups run when a test calls them.
type cleaner struct {
	recorder

	cleanups []func()
	failed   bool
	log      strings.Builder
}

func (c *cleaner) Cleanup(f func()) { c.cleanups = append(c.cleanups, f) }
func (c *cleaner) Failed() bool     { return c.failed }
func (c *cleaner) Logf(format string, args ...any) {
	c.log.WriteString(strings.TrimSpace(args[0].(string)))
}

// TestDumpOfAFailedTest: the log of a failed test has a dump, and the log of a passed test has none.
func TestDumpOfAFailedTest(t *testing.T) {
	for _, failed := range []bool{false, true} {
		c := &cleaner{recorder: recorder{TB: t}, failed: failed}
		server := integrationtest.NewServer(c)
		send(t, server, "GET", "/v2/customer_sessions/order-1", "")
		for _, f := range c.cleanups {
			f()
		}
		require.Equal(t, failed, strings.Contains(c.log.String(), "requests: 1"))
	}
}
