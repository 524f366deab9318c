package integrationtest_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

func TestUpdateCreatesAndKeeps(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(once)
	created := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	server.SetTime(created)

	first := talonone.CustomerSessionUpdate{
		ProfileID:                    new("customer-1"),
		StoreIntegrationID:           new("store-1"),
		EvaluableCampaignIDs:         []int64{10},
		CouponCodes:                  []string{"XMAS-20", "SUMMER-10"},
		ReferralCode:                 new("FRIEND"),
		LoyaltyCards:                 []string{"card-1"},
		CartItems:                    []talonone.CartItem{item("A", 2, "9.50"), item("B", 1, "0.99")},
		ExperimentVariantAllocations: []talonone.ExperimentVariantAllocation{{ExperimentID: 1, VariantID: 2}},
		AdditionalCosts:              map[string]talonone.AdditionalCost{"shipping": {Price: decimal.RequireFromString("4.90")}},
		Identifiers:                  []string{"device"},
		Attributes:                   talonone.Attributes{"city": "Berlin", "size": "L"},
	}
	first.CartItems[1].AdditionalCosts = map[string]talonone.AdditionalCost{"gift": {Price: decimal.RequireFromString("1.00")}}
	state, err := client.UpdateCustomerSession(t.Context(), "order-1", withSession(first))
	require.NoError(t, err)

	want := talonone.CustomerSessionV2{
		ID:                           1,
		IntegrationID:                "order-1",
		Created:                      created,
		ApplicationID:                1,
		ProfileID:                    "customer-1",
		StoreIntegrationID:           "store-1",
		EvaluableCampaignIDs:         first.EvaluableCampaignIDs,
		CouponCodes:                  first.CouponCodes,
		ReferralCode:                 "FRIEND",
		LoyaltyCards:                 first.LoyaltyCards,
		State:                        talonone.StateOpen,
		CartItems:                    talonone.CustomerSessionV2{CartItems: first.CartItems}.Clone().CartItems,
		ExperimentVariantAllocations: first.ExperimentVariantAllocations,
		AdditionalCosts:              first.AdditionalCosts,
		Identifiers:                  first.Identifiers,
		Attributes:                   first.Attributes,
		FirstSession:                 true,
		UpdateCount:                  1,
		Total:                        decimal.RequireFromString("25.89"),
		CartItemTotal:                decimal.RequireFromString("19.99"),
		AdditionalCostTotal:          decimal.RequireFromString("4.90"),
		CartItemAdditionalCostTotal:  amount("1.00"),
		Updated:                      created,
	}
	want.CartItems[0].Position = amount("0")
	want.CartItems[1].Position = amount("1")
	requireEqual(t, want, *state.CustomerSession)

	// Members that an update leaves out stay unchanged. This update changes only the cart.
	updated := created.Add(time.Hour)
	server.SetTime(updated)
	state, err = client.UpdateCustomerSession(t.Context(), "order-1",
		withSession(talonone.CustomerSessionUpdate{CartItems: []talonone.CartItem{item("C", 3, "0.10")}}))
	require.NoError(t, err)
	want.CartItems = []talonone.CartItem{item("C", 3, "0.10")}
	want.CartItems[0].Position = amount("0")
	want.UpdateCount, want.Updated = 2, updated
	want.CartItemTotal, want.CartItemAdditionalCostTotal = decimal.RequireFromString("0.30"), amount("0")
	want.Total = decimal.RequireFromString("5.20")
	requireEqual(t, want, *state.CustomerSession)
	require.NoError(t, state.CustomerSession.CheckTotals())

	// GET and Server.Session return the same session.
	state, err = client.GetCustomerSession(t.Context(), "order-1")
	require.NoError(t, err)
	requireEqual(t, want, *state.CustomerSession)
	session, ok := server.Session("order-1")
	require.True(t, ok)
	requireEqual(t, want, session)
}

func requireEqual(t *testing.T, want, got talonone.CustomerSessionV2) {
	t.Helper()
	if !got.Equal(want) {
		wantText, err := want.MarshalJSON()
		require.NoError(t, err)
		gotText, err := got.MarshalJSON()
		require.NoError(t, err)
		require.JSONEq(t, string(wantText), string(gotText))
	}
}

// TestUpdateSetsEveryMember updates each member by itself. The server stores every member that a caller may set.
func TestUpdateSetsEveryMember(t *testing.T) {
	samples := map[reflect.Type]any{}
	for _, sample := range []any{
		new("text"), talonone.StateClosed, []talonone.CartItem{item("A", 1, "1.50")}, []int64{7}, []string{"text"},
		[]talonone.ExperimentVariantAllocation{{ExperimentID: 1, VariantID: 2}},
		map[string]talonone.AdditionalCost{"shipping": {Price: *amount("4.90")}}, talonone.Attributes{"city": "Berlin"},
	} {
		samples[reflect.TypeOf(sample)] = sample
	}
	for i, field := range slices.Collect(reflect.TypeFor[talonone.CustomerSessionUpdate]().Fields()) {
		if field.Name == "Extra" {
			continue // members that the API does not know
		}
		t.Run(field.Name, func(t *testing.T) {
			sample, ok := samples[field.Type]
			require.True(t, ok, "a sample of type %v is missing here", field.Type)
			var given, kept talonone.CustomerSessionUpdate
			reflect.ValueOf(&given).Elem().Field(i).Set(reflect.ValueOf(sample))
			server := integrationtest.NewServer(t)
			_, err := server.Client(once).UpdateCustomerSession(t.Context(), "order-1", withSession(given))
			require.NoError(t, err)
			session, _ := server.Session("order-1")
			reflect.ValueOf(&kept).Elem().Field(i).Set(reflect.ValueOf(session.Update()).Field(i))
			require.True(t, kept.Equal(given), "merge sets %s", field.Name)
		})
	}
}

func TestUpdateEmptyValues(t *testing.T) {
	full := talonone.CustomerSessionUpdate{
		ProfileID:       new("customer-1"),
		ReferralCode:    new("FRIEND"),
		CouponCodes:     []string{"XMAS-20"},
		LoyaltyCards:    []string{"card-1"},
		Identifiers:     []string{"device"},
		CartItems:       []talonone.CartItem{item("A", 1, "5")},
		AdditionalCosts: map[string]talonone.AdditionalCost{"shipping": {Price: decimal.RequireFromString("4.90")}},
		Attributes:      talonone.Attributes{"city": "Berlin"},
	}
	tests := map[string]struct {
		update talonone.CustomerSessionUpdate
		gone   func(s talonone.CustomerSessionV2) any // the member that is empty after the update
	}{
		"no coupons": {
			talonone.CustomerSessionUpdate{CouponCodes: []string{}},
			func(s talonone.CustomerSessionV2) any { return s.CouponCodes },
		},
		"no referral": {
			talonone.CustomerSessionUpdate{ReferralCode: new("")},
			func(s talonone.CustomerSessionV2) any { return s.ReferralCode },
		},
		"anonymous": {
			talonone.CustomerSessionUpdate{ProfileID: new("")},
			func(s talonone.CustomerSessionV2) any { return s.ProfileID },
		},
		"no cards": {
			talonone.CustomerSessionUpdate{LoyaltyCards: []string{}},
			func(s talonone.CustomerSessionV2) any { return s.LoyaltyCards },
		},
		"no identifiers": {
			talonone.CustomerSessionUpdate{Identifiers: []string{}},
			func(s talonone.CustomerSessionV2) any { return s.Identifiers },
		},
		"no items": {
			talonone.CustomerSessionUpdate{CartItems: []talonone.CartItem{}},
			func(s talonone.CustomerSessionV2) any { return s.CartItems },
		},
		"no costs": {
			talonone.CustomerSessionUpdate{AdditionalCosts: map[string]talonone.AdditionalCost{}},
			func(s talonone.CustomerSessionV2) any { return s.AdditionalCosts },
		},
		"other attributes": {
			talonone.CustomerSessionUpdate{Attributes: talonone.Attributes{"size": "L"}},
			func(s talonone.CustomerSessionV2) any { return s.Attributes["city"] },
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := integrationtest.NewServer(t)
			client := server.Client(once)
			_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{CustomerSession: full})
			require.NoError(t, err)
			session, _ := server.Session("order-1")
			require.NotEmpty(t, test.gone(session))

			_, err = client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{CustomerSession: test.update})
			require.NoError(t, err)
			after, _ := server.Session("order-1")
			require.Empty(t, test.gone(after))
			require.EqualValues(t, 2, after.UpdateCount)
		})
	}
}

func TestFirstSession(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(once)
	first := func(sessionID, profileID string) bool {
		t.Helper()
		state, err := client.UpdateCustomerSession(t.Context(), sessionID,
			withSession(talonone.CustomerSessionUpdate{ProfileID: &profileID}))
		require.NoError(t, err)
		return state.CustomerSession.FirstSession
	}
	assert.True(t, first("order-1", "customer-1"))
	assert.False(t, first("order-2", "customer-1"))
	assert.True(t, first("order-1", "customer-1"), "it stays the first one")
	assert.True(t, first("order-3", ""), "an anonymous session always is")
	assert.True(t, first("order-4", ""))
	assert.True(t, first("order-2", "customer-2"), "of another profile")
}

// TestStates tries every operation on a session in every state.
func TestStates(t *testing.T) {
	const none talonone.State = "none"
	update := func(next talonone.State) func(*testing.T, *integration.Client) error {
		return func(t *testing.T, c *integration.Client) error {
			_, err := c.UpdateCustomerSession(t.Context(), "order-1",
				integration.UpdateRequest{CustomerSession: talonone.CustomerSessionUpdate{State: next}})
			return err
		}
	}
	operations := map[string]func(*testing.T, *integration.Client) error{
		"update":           update(""),
		"update open":      update(talonone.StateOpen),
		"update closed":    update(talonone.StateClosed),
		"update cancelled": update(talonone.StateCancelled),
		"reopen": func(t *testing.T, c *integration.Client) error {
			_, err := c.ReopenCustomerSession(t.Context(), "order-1")
			return err
		},
		"return": func(t *testing.T, c *integration.Client) error {
			_, err := c.ReturnCartItems(t.Context(), "order-1", integration.ReturnRequest{
				ReturnedCartItems: []integration.ReturnedCartItem{{SKU: "A", Quantity: new(1)}},
			})
			return err
		},
		"get": func(t *testing.T, c *integration.Client) error {
			_, err := c.GetCustomerSession(t.Context(), "order-1")
			return err
		},
	}
	type outcome struct {
		status int
		state  talonone.State // after the operation
	}
	ok := func(state talonone.State) outcome { return outcome{200, state} }
	tests := map[talonone.State]map[string]outcome{
		none: {
			"update":           ok(talonone.StateOpen),
			"update open":      ok(talonone.StateOpen),
			"update closed":    ok(talonone.StateClosed),
			"update cancelled": {400, none},
			"reopen":           {404, none},
			"return":           {404, none},
			"get":              {404, none},
		},
		talonone.StateOpen: {
			"update":           ok(talonone.StateOpen),
			"update open":      ok(talonone.StateOpen),
			"update closed":    ok(talonone.StateClosed),
			"update cancelled": ok(talonone.StateCancelled),
			"reopen":           {400, talonone.StateOpen},
			"return":           {400, talonone.StateOpen},
			"get":              ok(talonone.StateOpen),
		},
		talonone.StateClosed: {
			"update":           {400, talonone.StateClosed},
			"update open":      {400, talonone.StateClosed},
			"update closed":    {400, talonone.StateClosed},
			"update cancelled": ok(talonone.StateCancelled),
			"reopen":           ok(talonone.StateOpen),
			"return":           ok(talonone.StatePartiallyReturned),
			"get":              ok(talonone.StateClosed),
		},
		talonone.StatePartiallyReturned: {
			"update":           {400, talonone.StatePartiallyReturned},
			"update open":      {400, talonone.StatePartiallyReturned},
			"update closed":    {400, talonone.StatePartiallyReturned},
			"update cancelled": ok(talonone.StateCancelled),
			"reopen":           {400, talonone.StatePartiallyReturned},
			"return":           ok(talonone.StatePartiallyReturned),
			"get":              ok(talonone.StatePartiallyReturned),
		},
		talonone.StateCancelled: {
			"update":           {400, talonone.StateCancelled},
			"update open":      {400, talonone.StateCancelled},
			"update closed":    {400, talonone.StateCancelled},
			"update cancelled": {400, talonone.StateCancelled},
			"reopen":           {400, talonone.StateCancelled},
			"return":           {400, talonone.StateCancelled},
			"get":              ok(talonone.StateCancelled),
		},
	}
	for from, outcomes := range tests {
		for name, operate := range operations {
			t.Run(string(from)+" "+name, func(t *testing.T) {
				server := integrationtest.NewServer(t)
				if from != none {
					server.SetSession(talonone.CustomerSessionV2{
						IntegrationID: "order-1", State: from, CartItems: []talonone.CartItem{item("A", 3, "5")},
					})
				}
				want := outcomes[name]
				require.Equal(t, want.status, status(t, operate(t, server.Client(once))))
				session, known := server.Session("order-1")
				require.Equal(t, want.state != none, known)
				if known {
					require.Equal(t, want.state, session.State)
				}
			})
		}
	}
}

// TestCancelChangesNothingElse: a cancellation of a closed session changes only its state.
func TestCancelChangesNothingElse(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(once)
	_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{
			State: talonone.StateClosed, CartItems: []talonone.CartItem{item("A", 1, "5")},
		},
	})
	require.NoError(t, err)
	state, err := client.UpdateCustomerSession(t.Context(), "order-1", withSession(talonone.CustomerSessionUpdate{
		State: talonone.StateCancelled, CartItems: []talonone.CartItem{}, CouponCodes: []string{"XMAS"},
	}))
	require.NoError(t, err)
	require.Equal(t, talonone.StateCancelled, state.CustomerSession.State)
	require.Len(t, state.CustomerSession.CartItems, 1)
	require.Empty(t, state.CustomerSession.CouponCodes)

	// Positions and totals stay, even if the server would calculate others.
	closed := talonone.CustomerSessionV2{
		IntegrationID: "order-2", State: talonone.StateClosed, Total: *amount("7"), CartItems: []talonone.CartItem{item("A", 2, "10")},
	}
	closed.CartItems[0].Position = amount("5")
	server.SetSession(closed)
	before, _ := server.Session("order-2")
	_, err = client.UpdateCustomerSession(t.Context(), "order-2", withSession(talonone.CustomerSessionUpdate{State: talonone.StateCancelled}))
	require.NoError(t, err)
	after, _ := server.Session("order-2")
	require.Equal(t, talonone.StateCancelled, after.State)
	before.State, before.UpdateCount, before.Updated = after.State, after.UpdateCount, after.Updated
	require.True(t, before.Equal(after))
}

func TestReopen(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(once)
	closing := integration.UpdateRequest{CustomerSession: talonone.CustomerSessionUpdate{
		State: talonone.StateClosed, CartItems: []talonone.CartItem{item("A", 1, "5")},
	}}
	_, err := client.UpdateCustomerSession(t.Context(), "order-1", closing)
	require.NoError(t, err)
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	server.SetTime(now)
	reopened := send(t, server, "PUT", "/v2/customer_sessions/order-1/reopen", "")
	require.Equal(t, 200, reopened.status)
	require.Equal(t, `{"effects":[]}`, reopened.text)
	session, _ := server.Session("order-1")
	require.Equal(t, talonone.StateOpen, session.State)
	require.Equal(t, now, session.Updated)
	require.EqualValues(t, 1, session.UpdateCount, "a reopening is no update")

	// A reopened session can be updated like any open one.
	_, err = client.UpdateCustomerSession(t.Context(), "order-1", closing)
	require.NoError(t, err)
}

func TestDryRun(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(once)
	_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{
			ProfileID: new("customer-1"),
			State:     talonone.StateClosed,
			CartItems: []talonone.CartItem{item("A", 2, "5")},
		},
	})
	require.NoError(t, err)
	before, _ := server.Session("order-1")

	// The answer depends only on the request, not on the stored session.
	req := withSession(talonone.CustomerSessionUpdate{
		CouponCodes: []string{"XMAS"}, AdditionalCosts: map[string]talonone.AdditionalCost{"shipping": {Price: *amount("3.50")}},
	})
	req.DryRun = true
	req.Now = time.Now().Add(time.Hour)
	for _, id := range []string{"order-1", "order-2"} {
		state, err := client.UpdateCustomerSession(t.Context(), id, req)
		require.NoError(t, err)
		session := state.CustomerSession
		assert.Equal(t, id, session.IntegrationID)
		assert.Equal(t, talonone.StateOpen, session.State)
		assert.Empty(t, session.CartItems)
		assert.Equal(t, []string{"XMAS"}, session.CouponCodes)
		assert.Empty(t, session.ProfileID)
		assert.Equal(t, "3.50", session.Total.StringFixed(2))
		assert.EqualValues(t, 1, session.UpdateCount)
	}
	_, ok := server.Session("order-2")
	require.False(t, ok)
	after, _ := server.Session("order-1")
	requireEqual(t, before, after)

	// A new profile is not stored either.
	req.CustomerSession.ProfileID = new("customer-2")
	state, err := client.UpdateCustomerSession(t.Context(), "order-3", req)
	require.NoError(t, err)
	require.True(t, state.CustomerSession.FirstSession)
	state, err = client.UpdateCustomerSession(t.Context(), "order-4",
		withSession(talonone.CustomerSessionUpdate{ProfileID: new("customer-2")}))
	require.NoError(t, err)
	require.True(t, state.CustomerSession.FirstSession)

	ret, err := client.ReturnCartItems(t.Context(), "order-1", integration.ReturnRequest{
		ReturnedCartItems: []integration.ReturnedCartItem{{SKU: "A"}},
		ResponseContent:   []integration.ResponseContent{integration.ContentCustomerSession},
		DryRun:            true,
	})
	require.NoError(t, err)
	require.Equal(t, talonone.StatePartiallyReturned, ret.CustomerSession.State)
	after, _ = server.Session("order-1")
	requireEqual(t, before, after)
}

func TestReturns(t *testing.T) {
	type items = []integration.ReturnedCartItem
	tests := map[string]struct {
		items     items
		status    int
		remaining []int // for each line; nil: nothing was returned
		returned  items // the items in the answer
	}{
		"by position": {
			items{{Position: new(0), Quantity: new(2)}}, 200, []int{1, 2, 1, 1},
			items{{Position: new(0), SKU: "A", Quantity: new(2)}},
		},
		"by SKU": {
			items{{SKU: "B", Quantity: new(1)}}, 200, []int{3, 1, 1, 1},
			items{{Position: new(1), SKU: "B", Quantity: new(1)}},
		},
		"by both": {
			items{{Position: new(3), SKU: "C", Quantity: new(1)}}, 200, []int{3, 2, 1, 0},
			items{{Position: new(3), SKU: "C", Quantity: new(1)}},
		},
		"the whole line": {
			items{{SKU: "A"}}, 200, []int{0, 2, 1, 1},
			items{{Position: new(0), SKU: "A", Quantity: new(3)}},
		},
		"a line twice": {
			items{{Position: new(0), Quantity: new(1)}, {SKU: "A", Quantity: new(1)}}, 200, []int{1, 2, 1, 1},
			items{{Position: new(0), SKU: "A", Quantity: new(1)}, {Position: new(0), SKU: "A", Quantity: new(1)}},
		},
		"the rest of a line": {
			items{{Position: new(0), Quantity: new(1)}, {Position: new(0)}}, 200, []int{0, 2, 1, 1},
			items{{Position: new(0), SKU: "A", Quantity: new(1)}, {Position: new(0), SKU: "A", Quantity: new(2)}},
		},
		"everything": {
			items{{Position: new(0)}, {Position: new(1)}, {Position: new(2)}, {Position: new(3)}}, 200, []int{0, 0, 0, 0},
			items{
				{Position: new(0), SKU: "A", Quantity: new(3)}, {Position: new(1), SKU: "B", Quantity: new(2)},
				{Position: new(2), SKU: "C", Quantity: new(1)}, {Position: new(3), SKU: "C", Quantity: new(1)},
			},
		},
		"too many":                 {items{{SKU: "A", Quantity: new(4)}}, 400, nil, nil},
		"too many together":        {items{{SKU: "A", Quantity: new(2)}, {Position: new(0), Quantity: new(2)}}, 400, nil, nil},
		"nothing left of the line": {items{{SKU: "A"}, {SKU: "A"}}, 400, nil, nil},
		"no such position":         {items{{Position: new(4), Quantity: new(1)}}, 400, nil, nil},
		"no such SKU":              {items{{SKU: "D", Quantity: new(1)}}, 400, nil, nil},
		"another SKU there":        {items{{Position: new(0), SKU: "B", Quantity: new(1)}}, 400, nil, nil},
		"one of two lines":         {items{{SKU: "C", Quantity: new(1)}}, 400, nil, nil},
		"the second one wrong":     {items{{SKU: "A", Quantity: new(1)}, {SKU: "D"}}, 400, nil, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := integrationtest.NewServer(t)
			client := server.Client(once)
			now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
			server.SetTime(now)
			_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{
				CustomerSession: talonone.CustomerSessionUpdate{
					ProfileID: new("customer-1"),
					State:     talonone.StateClosed,
					CartItems: []talonone.CartItem{item("A", 3, "5"), item("B", 2, "2.50"), item("C", 1, "1"), item("C", 1, "1")},
				},
			})
			require.NoError(t, err)
			before, _ := server.Session("order-1")

			state, err := client.ReturnCartItems(t.Context(), "order-1", integration.ReturnRequest{
				ReturnedCartItems: test.items,
				ResponseContent:   []integration.ResponseContent{integration.ContentCustomerSession},
			})
			require.Equal(t, test.status, status(t, err))
			after, _ := server.Session("order-1")
			if test.remaining == nil {
				requireEqual(t, before, after)
				return
			}
			requireEqual(t, after, *state.CustomerSession)
			require.Equal(t, talonone.StatePartiallyReturned, after.State)
			require.True(t, before.Total.Equal(after.Total), "the totals are those of what was bought")
			for i, line := range after.CartItems {
				require.Equal(t, test.remaining[i], *line.RemainingQuantity)
				require.Equal(t, line.Quantity, *line.RemainingQuantity+*line.ReturnedQuantity)
			}
			want := integration.Return{
				ID: 1, Created: now, ApplicationID: 1, AccountID: 1, ReturnedCartItems: test.returned, EventID: 1,
				SessionID: 1, SessionIntegrationID: "order-1", ProfileID: new(int64(1)), ProfileIntegrationID: "customer-1",
			}
			require.True(t, want.Equal(*state.Return), "%+v", state.Return)
		})
	}
}

func TestReturnsOfOneSession(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(once)
	_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{
			State: talonone.StateClosed, CartItems: []talonone.CartItem{item("A", 3, "5")},
		},
	})
	require.NoError(t, err)
	giveBack := func(quantity *int) (*integration.IntegrationState, error) {
		return client.ReturnCartItems(t.Context(), "order-1", integration.ReturnRequest{
			ReturnedCartItems: []integration.ReturnedCartItem{{Position: new(0), Quantity: quantity}},
			ResponseContent: []integration.ResponseContent{
				integration.ContentCustomerSession, integration.ContentPreviousReturns,
			},
		})
	}
	first, err := giveBack(new(1))
	require.NoError(t, err)
	require.Empty(t, first.PreviousReturns)

	second, err := giveBack(nil)
	require.NoError(t, err)
	require.EqualValues(t, 2, second.Return.ID)
	require.Equal(t, 2, *second.Return.ReturnedCartItems[0].Quantity, "what is left of the line")
	require.Equal(t, 3, *second.CustomerSession.CartItems[0].ReturnedQuantity)
	require.Len(t, second.PreviousReturns, 1)
	require.True(t, first.Return.Equal(second.PreviousReturns[0]))

	_, err = giveBack(nil)
	require.ErrorIs(t, err, integration.ErrBadRequest, "everything is returned already")

	cancelled, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{State: talonone.StateCancelled},
		ResponseContent: []integration.ResponseContent{integration.ContentPreviousReturns},
	})
	require.NoError(t, err)
	require.Len(t, cancelled.PreviousReturns, 2)
	require.Nil(t, cancelled.CustomerSession)
}

func TestSetSession(t *testing.T) {
	server := integrationtest.NewServer(t)
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	server.SetTime(now)
	session := talonone.CustomerSessionV2{
		IntegrationID: "order-1", State: talonone.StateClosed, CartItems: []talonone.CartItem{item("A", 2, "4.99")},
	}
	session.CartItemAdditionalCostTotal = amount("0.00")
	server.SetSession(session)
	got, ok := server.Session("order-1")
	require.True(t, ok)
	require.NoError(t, got.CheckTotals())
	require.Equal(t, "9.98", got.Total.StringFixed(2))
	require.EqualValues(t, 1, got.ID)
	require.Equal(t, now, got.Created)

	// The server has its own copy: changes of the caller's session or of a returned copy do not affect it.
	session.CartItems[0].SKU = "changed"
	got.CartItems[0].SKU = "changed"
	got, _ = server.Session("order-1")
	require.Equal(t, "A", got.CartItems[0].SKU)

	// Fields that are set stay unchanged, the totals too.
	given := talonone.CustomerSessionV2{
		ID: 77, IntegrationID: "order-2", ApplicationID: 322, Created: now.Add(-time.Hour), UpdateCount: 9,
		Total: *amount("1"), CartItems: []talonone.CartItem{item("A", 2, "4.99")},
	}
	server.SetSession(given)
	got, _ = server.Session("order-2")
	require.Equal(t, "1", got.Total.StringFixed(0))
	require.EqualValues(t, 77, got.ID)
	require.EqualValues(t, 322, got.ApplicationID)
	require.Equal(t, given.Created, got.Created)

	// A new session does not get a number that is in use.
	state, err := server.Client(once).UpdateCustomerSession(t.Context(), "order-3", withSession(talonone.CustomerSessionUpdate{}))
	require.NoError(t, err)
	require.EqualValues(t, 78, state.CustomerSession.ID)

	_, ok = server.Session("order-4")
	require.False(t, ok)
}

func TestCatalog(t *testing.T) {
	prices := map[string]decimal.Decimal{"A": *amount("4.99")}
	cart := talonone.CustomerSessionUpdate{CartItems: []talonone.CartItem{{SKU: "A", Quantity: 2}, item("A", 1, "4.50")}}
	anyPrice := integration.WithValidation(talonone.CatalogPrices())

	server := integrationtest.NewServer(t, integrationtest.WithCatalog(prices))
	prices["B"] = *amount("1")
	client := server.Client(once, anyPrice)
	state, err := client.UpdateCustomerSession(t.Context(), "order-1", withSession(cart))
	require.NoError(t, err)
	require.Equal(t, "14.48", state.CustomerSession.Total.StringFixed(2))
	require.Equal(t, "4.99", state.CustomerSession.CartItems[0].Price.StringFixed(2))

	cart.CartItems[0].SKU = "B"
	_, err = client.UpdateCustomerSession(t.Context(), "order-1", withSession(cart))
	var apiErr *integration.APIError
	require.ErrorAs(t, err, &apiErr)
	require.Equal(t, "/cartItems/0/price", apiErr.Errors[0].Pointer)

	// Without a catalog the price stays nil.
	state, err = integrationtest.NewServer(t).Client(once, anyPrice).UpdateCustomerSession(t.Context(), "order-1", withSession(cart))
	require.NoError(t, err)
	require.Nil(t, state.CustomerSession.CartItems[0].Price)
	require.Equal(t, "4.50", state.CustomerSession.Total.StringFixed(2))
}

// TestItemCostsOfTwoCarts: the total of one cart's item costs does not affect how the item costs of the next cart count.
func TestItemCostsOfTwoCarts(t *testing.T) {
	client := integrationtest.NewServer(t).Client()
	for _, quantity := range []int{1, 3} {
		line := item("MUG", quantity, "10")
		line.AdditionalCosts = map[string]talonone.AdditionalCost{"wrap": {Price: decimal.New(int64(6/quantity), 0)}}
		state, err := client.UpdateCustomerSession(t.Context(), "order-1", withSession(talonone.CustomerSessionUpdate{CartItems: []talonone.CartItem{line}}))
		require.NoError(t, err)
		want := line.AdditionalCosts["wrap"].Price
		require.True(t, want.Equal(*state.CustomerSession.CartItemAdditionalCostTotal), quantity)
	}
}

// TestReturnsOfAStoredSession returns items of sessions that have only one of the two quantities, or both.
func TestReturnsOfAStoredSession(t *testing.T) {
	server := integrationtest.NewServer(t)
	for _, test := range []struct{ returned, remaining *int }{{new(1), nil}, {nil, new(2)}, {new(1), new(2)}} {
		line := item("SHOE", 3, "10.00")
		line.ReturnedQuantity, line.RemainingQuantity = test.returned, test.remaining
		server.SetSession(talonone.CustomerSessionV2{
			IntegrationID: "order-1", State: talonone.StatePartiallyReturned, CartItems: []talonone.CartItem{line},
		})
		_, err := server.Client().ReturnCartItems(t.Context(), "order-1", integration.ReturnRequest{
			ReturnedCartItems: []integration.ReturnedCartItem{{SKU: "SHOE", Quantity: new(1)}},
		})
		require.NoError(t, err)
		state, err := server.Client().GetCustomerSession(t.Context(), "order-1")
		require.NoError(t, err)
		require.Equal(t, 2, *state.CustomerSession.CartItems[0].ReturnedQuantity)
		require.Equal(t, 1, *state.CustomerSession.CartItems[0].RemainingQuantity)
		receipt, err := integration.NewReceipt(state.CustomerSession, state.Effects)
		require.NoError(t, err)
		require.Equal(t, 1, receipt.Lines[0].Quantity)
		require.Equal(t, 2, receipt.Lines[0].Returned)
	}
}
