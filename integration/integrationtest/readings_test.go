package integrationtest_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// A step is one request of a script, and what its answer must be.
type step struct {
	request string // the method, and what follows /v2/customer_sessions/
	body    string
	status  int
	has     string // a part of the answer's body
}

const (
	takeBackA = `{"return":{"returnedCartItems":[{"position":0,"quantity":1}]},"responseContent":["customerSession"]}`
	// The rules of the test give these effects for the code TEN.
	closeWithTen = `{"customerSession":{"state":"closed","couponCodes":["TEN"],"cartItems":[{"sku":"A","quantity":3,"price":20,` +
		`"additionalCosts":{"gift":{"price":3}}},{"sku":"B","quantity":1,"price":5}]}}`
)

// readings has a script for each strict reading that the package comment lists. They run with the sessions open, closed,
// returned and cancelled: three of A at 5 with a cost of 1, one of B, and two lines of C.
var readings = map[string][]step{
	"closed-update": {
		{"PUT closed", `{"customerSession":{"couponCodes":["X"]}}`, 400, `"pointer":"/state"`},
		{"PUT closed", `{"customerSession":{"state":"closed"}}`, 400, `from state \"closed\"`},
		{"PUT returned", `{"customerSession":{"state":"open"}}`, 400, `from state \"partially_returned\"`},
		{"PUT cancelled", `{"customerSession":{"state":"cancelled"}}`, 400, `from state \"cancelled\"`},
		{"PUT closed", `{"customerSession":{"state":"cancelled","couponCodes":["X"]},"responseContent":["customerSession"]}`, 200, `"state":"cancelled"`},
		{"GET closed", ``, 200, `"profileId":"","state":"cancelled"`}, // no couponCodes between them
		{"PUT returned", `{"customerSession":{"state":"cancelled"}}`, 200, ``},
	},
	"created-state": {
		{"PUT new", `{"customerSession":{"state":"cancelled"}}`, 400, `"pointer":"/state"`},
		{"PUT new", `{"customerSession":{"state":"partially_returned"}}`, 400, `"pointer":"/state"`},
		{"PUT new", `{"customerSession":{"state":"closed"}}`, 200, ``},
		{"PUT newer", `{"customerSession":{"state":"open"}}`, 200, ``},
	},
	"state-message": {
		{"PUT closed", `{"customerSession":{"state":"open"}}`, 400, `"message":"Cannot move session to state \"open\" from state \"closed\""`},
		{"PUT open/reopen", ``, 400, `"message":"Cannot move session to state \"open\" from state \"open\""`},
		{"POST open/returns", takeBackA, 400, `"message":"Cannot move session to state \"partially_returned\" from state \"open\""`},
		{"PUT closed", `{"customerSession":{}}`, 400, `"message":"The submitted data was invalid"`},
	},
	"reopen-state": {
		{"PUT open/reopen", ``, 400, ``}, {"PUT returned/reopen", ``, 400, ``}, {"PUT cancelled/reopen", ``, 400, ``}, {"PUT closed/reopen", ``, 200, ``},
	},
	"return-state": {
		{"POST open/returns", takeBackA, 400, ``}, {"POST cancelled/returns", takeBackA, 400, ``},
		{"POST closed/returns", takeBackA, 200, ``}, {"POST returned/returns", takeBackA, 200, ``},
	},
	"return-line": {
		{"POST closed/returns", `{"return":{"returnedCartItems":[{"position":0,"quantity":4}]}}`, 400, `/returnedCartItems/0/quantity`},
		{"POST closed/returns", `{"return":{"returnedCartItems":[]}}`, 400, `"pointer":"/returnedCartItems"`},
		{"POST closed/returns", `{"return":{"returnedCartItems":[{"position":9}]}}`, 400, `/returnedCartItems/0/position`},
		{"POST closed/returns", `{"return":{"returnedCartItems":[{"sku":"C"}]}}`, 400, `several lines have this SKU`},
		{"POST closed/returns", `{"return":{"returnedCartItems":[{"position":0,"sku":"B"}]}}`, 400, `/returnedCartItems/0/sku`},
	},
	"return-quantity": {
		{"POST closed/returns", `{"return":{"returnedCartItems":[{"position":0,"quantity":2},{"sku":"A","quantity":2}]}}`, 400, `/returnedCartItems/1/quantity`},
		{"POST closed/returns", `{"return":{"returnedCartItems":[{"position":0,"quantity":1},{"sku":"A"}]}}`, 200, `{"position":0,"sku":"A","quantity":2}`},
	},
	"return-all": {
		{"POST closed/returns", `{"return":{"returnedCartItems":[{"position":0},{"position":1},{"position":2},{"position":3}]},` +
			`"responseContent":["customerSession"]}`, 200, `"state":"partially_returned"`},
		{"GET closed", ``, 200, `"total":23,`},
	},
	"return-units": {
		{"PUT new", closeWithTen, 200, `"name":"unit"`},
		{"POST new/returns", takeBackA, 200, `{"name":"unit","value":1,"cartItemPosition":0,"cartItemSubPosition":0}`},
		{"POST new/returns", takeBackA, 200, `{"name":"line","value":3.34,"cartItemPosition":0}`}, // the half of 6.67
		{"POST new/returns", `{"return":{"returnedCartItems":[{"position":0},{"position":1}]}}`, 200,
			`{"name":"gift","value":2,"cartItemPosition":0,"additionalCostId":8,"additionalCost":"gift"}`},
		{"GET new", ``, 200, `{"name":"all","value":10}`},
	},
	"run-rule-engine": {
		{"PUT new", closeWithTen, 200, ``},
		{"POST new/returns?runRuleEngine=true", `{"return":{"returnedCartItems":[{"position":1}]}}`, 200, `"effects":[],`},
	},
	"rollback-all": {
		{"PUT new", strings.Replace(closeWithTen, `"closed"`, `"open"`, 1), 200, ``},
		{"PUT new", `{"customerSession":{"state":"cancelled"}}`, 200, `{"name":"all","value":10}`},
		{"GET new", ``, 200, `"effects":[{"campaignId":1,"rulesetId":0,"ruleIndex":0,"ruleName":"","effectType":"addFreeItem"`},
		{"PUT newer", closeWithTen, 200, ``},
		{"PUT newer/reopen", ``, 200, `"effectType":"rollbackAddedLoyaltyPoints"`},
	},
	"not-found": {
		{"GET new", ``, 404, ``}, {"PUT new/reopen", ``, 404, ``}, {"POST new/returns", takeBackA, 404, ``}, {"PUT new", `{"customerSession":{}}`, 200, ``},
	},
	"merge": {
		{"PUT open", `{"customerSession":{"attributes":{"a":1,"b":2},"identifiers":["i"]}}`, 200, ``},
		{"PUT open", `{"customerSession":{"attributes":{"b":3},"identifiers":null},"responseContent":["customerSession"]}`, 200,
			`"identifiers":["i"],"attributes":{"b":3}`},
		{"PUT open", `{"customerSession":{"attributes":{},"cartItems":[]},"responseContent":["customerSession"]}`, 200, `"cartItems":[]`},
		{"GET open", ``, 200, `"attributes":{}`},
	},
	"dry-update": {
		{"PUT closed?dry=true", `{"customerSession":{},"responseContent":["customerSession"]}`, 200, `"cartItems":[]`},
		{"GET closed", ``, 200, `"state":"closed"`},
	},
	"parameters": {
		{"PUT open?dry=", `{"customerSession":{}}`, 400, `"parameter":"dry"`},
		{"POST closed/returns?runRuleEngine=1", takeBackA, 400, `"parameter":"runRuleEngine"`},
		{"PUT closed/reopen?dry=true", ``, 400, `"parameter":"dry"`},
		{"PUT open?other=1", `{"customerSession":{}}`, 200, ``},
	},
	"now": {
		{"PUT open?now=2199-01-01T00:00:00Z", `{"customerSession":{}}`, 400, `"parameter":"now"`},
		{"PUT open?dry=true&now=2020-01-01T00:00:00Z", `{"customerSession":{}}`, 400, `"parameter":"now"`},
		{"PUT open?dry=true&now=2199-01-01T00:00:00Z", `{"customerSession":{}}`, 200, ``},
	},
	"response-content": {
		{"PUT open", `{"customerSession":{},"responseContent":["everything"]}`, 400, `/responseContent/0`},
		{"POST closed/returns", strings.Replace(takeBackA, "customerSession", "unlockedRewards", 1), 400, `/responseContent/0`},
		{"PUT open", `{"customerSession":{},"responseContent":["campaignEligibility"]}`, 400, `/responseContent/0`},
		{"PUT open?dry=true", `{"customerSession":{},"responseContent":["triggeredCampaigns","campaignEligibility"]}`, 400, `/responseContent/1`},
	},
	"schema": {
		{"PUT open", `{"customerSession":{"cartItems":[{"sku":"A","quantity":1,"price":"1"}]}}`, 400, `/cartItems/0/price`},
		{"PUT open", `{"customerSession":{"additionalCosts":{"a":{}}}}`, 400, `/additionalCosts/a/price`},
		{"PUT open", `{"customerSession":{"cartItems":[{"sku":"A","quantity":1,"price":1,"product":{}}]}}`, 400, `/cartItems/0/product/name`},
		{"PUT open", `{"customerSession":{"experimentVariantAllocations":[{"experimentID":1}]}}`, 400, `/experimentVariantAllocations/0/variantID`},
		{"PUT open", `{"customerSession":{"state":"open","state":"open"}}`, 400, `/state`},
	},
	"unknown-members": {
		{"PUT open", `{"customerSession":{"x":1,"total":7,"updateCount":9}}`, 200, ``},
		{"PUT open", `{"customerSession":{"cartItems":[{"sku":"A","quantity":1,"price":1,"position":"x"}]}}`, 400, `/cartItems/0/position`},
	},
	"pointers": {
		{"PUT open", `{"customerSession":{"cartItems":[{"quantity":1,"price":1}]}}`, 400, `"pointer":"/cartItems/0/sku"`},
		{"POST closed/returns", `{"return":{"returnedCartItems":[{}]}}`, 400, `"pointer":"/returnedCartItems/0"`},
	},
	"undefined-names": {
		{"PUT open", `{"customerSession":{"attributes":{"MyAttribute":1}}}`, 400, `"pointer":"/attributes/MyAttribute"`},
		{"PUT open", `{"customerSession":{"additionalCosts":{"other":{"price":1}}}}`, 400, `"title":"Unknown"`},
		{"PUT open", `{"customerSession":{"attributes":{"b":1}}}`, 200, ``},
	},
	"item-costs": {
		{"GET closed", ``, 200, `"cartItemAdditionalCostTotal":1,`},
	},
	"returned-quantity": {
		{"GET closed", ``, 200, `"sku":"B","quantity":1,"price"`},
		{"POST closed/returns", takeBackA, 200, `"sku":"B","quantity":1,"returnedQuantity":0,"remainingQuantity":1`},
	},
	"update-count": {
		{"PUT closed/reopen", ``, 200, ``}, {"GET closed", ``, 200, `"updateCount":1,`},
		{"PUT closed", `{"customerSession":{"state":"closed"}}`, 200, ``}, {"GET closed", ``, 200, `"updateCount":2,`},
		{"POST closed/returns", takeBackA, 200, `"updateCount":2,`},
	},
}

// readingTests are tests of readings that one request after another does not show.
var readingTests = map[string]func(*testing.T){
	"idempotency-key":  TestIdempotencyKeys,
	"parallel-updates": TestFourthParallelUpdate,
	"session-id": func(t *testing.T) {
		for _, id := range []string{".", "..", "%2E", "%2e%2E"} {
			server := integrationtest.NewServer(&recorder{TB: t})
			require.Equal(t, 501, send(t, server, "PUT", "/v2/customer_sessions/"+id+"/reopen", "").status)
		}
		server := integrationtest.NewServer(t)
		require.Equal(t, 400, send(t, server, "PUT", "/v2/customer_sessions/%ff", `{"customerSession":{}}`).status)
		long := "/v2/customer_sessions/" + strings.Repeat("x", 100_000)
		require.Equal(t, 200, send(t, server, "PUT", long, `{"customerSession":{}}`).status)
		require.Equal(t, 200, send(t, server, "GET", long, "").status)
	},
	"body-size": TestBodyTooLarge,
}

func TestStrictReadings(t *testing.T) {
	for name, script := range readings {
		t.Run(name, func(t *testing.T) { runScript(t, script) })
	}
	for name, test := range readingTests {
		t.Run(name, test)
	}

	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, list, ok := strings.Cut(string(doc), "// # Strict readings\n")
	require.True(t, ok)
	var listed []string
	for _, match := range regexp.MustCompile(`(?m)^//   - ([a-z-]+): `).FindAllStringSubmatch(list, -1) {
		listed = append(listed, match[1])
	}
	tested := slices.Concat(slices.Collect(maps.Keys(readings)), slices.Collect(maps.Keys(readingTests)))
	require.Equal(t, strings.Count(list, "\n//   - "), len(listed), "a reading without a name")
	require.ElementsMatch(t, listed, tested)
}

func runScript(t *testing.T, script []step) {
	t.Helper()
	server := integrationtest.NewServer(t, integrationtest.WithAttributes("a", "b"), integrationtest.WithAdditionalCosts("gift", "a"))
	server.OnEffects(func(e integrationtest.Evaluation) []integration.Effect {
		if !slices.Contains(e.Session.CouponCodes, "TEN") {
			return nil
		}
		var all []integration.Effect
		for _, props := range []integration.EffectProps{
			&integration.SetDiscount{Name: "all", Value: *amount("10")},
			&integration.SetDiscountPerItem{Name: "unit", Value: *amount("1"), SubPosition: new(0)},
			&integration.SetDiscountPerItem{Name: "line", Value: *amount("10")},
			&integration.SetDiscountPerAdditionalCostPerItem{Name: "gift", Value: *amount("2"), AdditionalCostID: 8, AdditionalCost: "gift"},
			&integration.AddLoyaltyPoints{Value: *amount("5"), TransactionUUID: "t"},
			&integration.AddFreeItem{SKU: "B"},
		} {
			all = append(all, integration.Effect{CampaignID: 1, Props: props})
		}
		return all
	})
	for id, state := range map[string]talonone.State{
		"open": talonone.StateOpen, "closed": talonone.StateClosed, "returned": talonone.StatePartiallyReturned, "cancelled": talonone.StateCancelled,
	} {
		lines := []talonone.CartItem{item("A", 3, "5"), item("B", 1, "5"), item("C", 1, "1"), item("C", 1, "1")}
		lines[0].AdditionalCosts = map[string]talonone.AdditionalCost{"gift": {Price: *amount("1")}}
		server.SetSession(talonone.CustomerSessionV2{IntegrationID: id, State: state, CartItems: lines})
	}
	for i, s := range script {
		method, path, _ := strings.Cut(s.request, " ")
		r := send(t, server, method, "/v2/customer_sessions/"+path, s.body)
		require.Equal(t, s.status, r.status, "%d: %s: %s", i, s.request, r.text)
		require.Contains(t, r.text, s.has, "%d: %s", i, s.request)
	}
}
