package integrationtest_test

import (
	"bytes"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// effects puts each of the props in an effect.
func effects(props ...integration.EffectProps) (all []integration.Effect) {
	for _, p := range props {
		all = append(all, integration.Effect{CampaignID: 1, RuleName: "rule", Props: p})
	}
	return all
}

func TestOnEffects(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(once)
	type call struct {
		state    talonone.State
		updates  int64
		dry      bool
		previous string // the name of the discount that applied before
	}
	var calls []call
	discount := &integration.SetDiscount{Name: "first", Value: *amount("10.00")}
	server.OnEffects(func(e integrationtest.Evaluation) []integration.Effect {
		c := call{state: e.Session.State, updates: e.Session.UpdateCount, dry: e.DryRun}
		if len(e.Previous) > 0 {
			previous := e.Previous[0].Props.(*integration.SetDiscount)
			c.previous, previous.Name = previous.Name, "changed" // a copy
			kept, _ := server.Effects("order-1")
			assert.Equal(t, c.previous, kept[0].Props.(*integration.SetDiscount).Name)
		}
		calls = append(calls, c)
		e.Session.CartItems[0].SKU = "changed" // a copy
		return effects(discount)
	})
	cart := talonone.CustomerSessionUpdate{CartItems: []talonone.CartItem{item("A", 3, "5")}}
	state, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{CustomerSession: cart})
	require.NoError(t, err)
	require.Len(t, state.Effects, 1)
	require.Equal(t, "setDiscount", state.Effects[0].Type)
	require.Equal(t, "10.00", state.Effects[0].Props.(*integration.SetDiscount).Value.StringFixed(2))
	discount.Name = "second" // the server has its own copy
	got, err := client.GetCustomerSession(t.Context(), "order-1")
	require.NoError(t, err)
	require.Equal(t, "first", got.Effects[0].Props.(*integration.SetDiscount).Name)
	require.Equal(t, "A", got.CustomerSession.CartItems[0].SKU)

	_, err = client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{CustomerSession: cart, DryRun: true})
	require.NoError(t, err)
	update(t, client, talonone.CustomerSessionUpdate{State: talonone.StateClosed})
	_, err = client.ReopenCustomerSession(t.Context(), "order-1")
	require.NoError(t, err)
	update(t, client, talonone.CustomerSessionUpdate{State: talonone.StateClosed})
	giveBack(t, client, integration.ReturnedCartItem{SKU: "A", Quantity: new(2)})
	want := []call{
		{talonone.StateOpen, 1, false, ""},
		{talonone.StateOpen, 1, true, ""},
		{talonone.StateClosed, 2, false, "first"},
		{talonone.StateClosed, 3, false, ""}, // the reopening rolled back the discount
	}
	require.Equal(t, want, calls)

	// The function is not called for a refused request or a cancellation.
	_, err = client.ReopenCustomerSession(t.Context(), "order-1")
	require.ErrorIs(t, err, integration.ErrBadRequest)
	update(t, client, talonone.CustomerSessionUpdate{State: talonone.StateCancelled})
	require.Equal(t, want, calls)

	server.OnEffects(nil)
	state, err = client.UpdateCustomerSession(t.Context(), "order-2", integration.UpdateRequest{CustomerSession: cart})
	require.NoError(t, err)
	require.NotNil(t, state.Effects)
	require.Empty(t, state.Effects)
}

// update updates order-1 and returns the effects of the answer.
func update(t *testing.T, client *integration.Client, u talonone.CustomerSessionUpdate) []integration.Effect {
	t.Helper()
	state, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{CustomerSession: u})
	require.NoError(t, err)
	return state.Effects
}

// giveBack returns items of order-1 and returns the effects of the answer.
func giveBack(t *testing.T, client *integration.Client, items ...integration.ReturnedCartItem) []integration.Effect {
	t.Helper()
	state, err := client.ReturnCartItems(t.Context(), "order-1", integration.ReturnRequest{ReturnedCartItems: items})
	require.NoError(t, err)
	return state.Effects
}

// held returns the effects that apply to order-1.
func held(t *testing.T, client *integration.Client) []integration.Effect {
	t.Helper()
	state, err := client.GetCustomerSession(t.Context(), "order-1")
	require.NoError(t, err)
	return state.Effects
}

func requireEffects(t *testing.T, want, got []integration.Effect) {
	t.Helper()
	require.Len(t, got, len(want))
	for i := range want {
		assert.True(t, want[i].Equal(got[i]), "%d: %+v, want %+v", i, got[i].Props, want[i].Props)
	}
}

func TestEffectsThatCannotBeSent(t *testing.T) {
	bad := append(effects(&integration.AcceptCoupon{Value: "XMAS"}), integration.Effect{Type: "setDiscount", Props: &integration.AcceptCoupon{}})
	failed := &recorder{TB: t}
	server := integrationtest.NewServer(failed)
	server.OnEffects(func(integrationtest.Evaluation) []integration.Effect { return bad })
	server.OnRollback(func(talonone.Operation, talonone.CustomerSessionV2, []integration.Effect) []integration.Effect {
		return bad
	})
	_, err := server.Client(once).UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
	require.ErrorIs(t, err, integration.ErrServer)
	require.Len(t, failed.all(), 1)
	require.Contains(t, failed.all()[0], "effect 1 of OnEffects cannot be sent")
	_, ok := server.Session("order-1")
	require.False(t, ok, "nothing is stored")

	_, err = server.Client(once).UpdateCustomerSession(t.Context(), "order-1", withSession(talonone.CustomerSessionUpdate{ProfileID: new("customer-1")}))
	require.ErrorIs(t, err, integration.ErrServer)
	server.OnEffects(nil)
	state, err := server.Client(once).UpdateCustomerSession(t.Context(), "order-2", withSession(talonone.CustomerSessionUpdate{ProfileID: new("customer-1")}))
	require.NoError(t, err)
	require.True(t, state.CustomerSession.FirstSession, "nor is the profile known")

	server.SetSession(talonone.CustomerSessionV2{IntegrationID: "order-1", State: talonone.StateClosed})
	_, err = server.Client(once).ReopenCustomerSession(t.Context(), "order-1")
	require.ErrorIs(t, err, integration.ErrServer)
	require.Contains(t, failed.all()[2], "effect 1 of OnRollback cannot be sent")
	session, _ := server.Session("order-1")
	require.Equal(t, talonone.StateClosed, session.State)
}

// TestEffectsThatCouldNotBe: effects that the API would not give are sent unchanged, and the test fails.
func TestEffectsThatCouldNotBe(t *testing.T) {
	cases := map[string]struct {
		effects, rollbacks []integration.EffectProps
		cancel             bool
		says               string
	}{
		"a line": {effects: []integration.EffectProps{&integration.SetDiscountPerItem{Name: "n", Value: *amount("1"), Position: 2}},
			says: "effect 0 of OnEffects (setDiscountPerItem) is on line 2, but the session has 2"},
		"a unit": {effects: []integration.EffectProps{&integration.SetDiscountPerItem{Name: "n", Value: *amount("1"), SubPosition: new(3)}},
			says: "is on unit 3 of line 0, which has 3"},
		"a unit below the first": {effects: []integration.EffectProps{&integration.SetDiscountPerItem{Name: "n", Value: *amount("1"), SubPosition: new(-1)}},
			says: "is on unit -1 of line 0, which has 3"},
		"a cost": {effects: []integration.EffectProps{&integration.SetDiscountPerAdditionalCost{Name: "n", AdditionalCost: "x", Value: *amount("1")}},
			says: "is on an additional cost that the session does not have"},
		"a cost of a line": {effects: []integration.EffectProps{&integration.SetDiscountPerAdditionalCostPerItem{Name: "n", AdditionalCost: "x", Value: *amount("1")}},
			says: "is on an additional cost that the line does not have"},
		"a cost of no line": {effects: []integration.EffectProps{&integration.SetDiscountPerAdditionalCostPerItem{Name: "n", AdditionalCost: "x", Value: *amount("1"), Position: -1}},
			says: "is on line -1, but the session has 2"},
		"points of a line": {effects: []integration.EffectProps{&integration.AddLoyaltyPoints{Value: *amount("1"), CartItemPosition: new(9)}},
			says: "is on line 9, but the session has 2"},
		"a unit of no line": {effects: []integration.EffectProps{&integration.CustomEffect{CartItemSubPosition: new(0)}},
			says: "is on unit 0 of no line"},
		"a rollback in an update": {effects: []integration.EffectProps{&integration.AcceptCoupon{Value: "A"}, &integration.RollbackCoupon{Value: "B"}},
			says: "effect 1 of OnEffects (rollbackCoupon) undoes no effect in the same list"},
		"a rollback of nothing": {rollbacks: []integration.EffectProps{&integration.RollbackDiscount{Name: "n", Value: *amount("1")}},
			says: "effect 0 of OnRollback (rollbackDiscount) undoes no effect that applies"},
		"a rollback of too much": {effects: []integration.EffectProps{&integration.SetDiscount{Name: "n", Value: *amount("1")}},
			rollbacks: []integration.EffectProps{&integration.RollbackDiscount{Name: "n", Value: *amount("1.01")}},
			says:      "undoes no effect that applies, or more than is left of one"},
		"a code twice": {effects: []integration.EffectProps{&integration.AcceptCoupon{Value: "A"}},
			rollbacks: []integration.EffectProps{&integration.RollbackCoupon{Value: "A"}, &integration.RollbackCoupon{Value: "A"}},
			says:      "effect 1 of OnRollback (rollbackCoupon) undoes no effect"},
		"a cancellation that gives": {cancel: true, rollbacks: []integration.EffectProps{&integration.SetDiscount{Name: "n", Value: *amount("1")}},
			says: "effect 0 of OnRollback (setDiscount) gives something, but the session was cancelled or reopened"},
		"a cancellation that gives an item": {cancel: true, rollbacks: []integration.EffectProps{&integration.AddFreeItem{SKU: "A"}},
			says: "(addFreeItem) gives something"},
		"a cancellation that gives a giveaway": {cancel: true, rollbacks: []integration.EffectProps{&integration.AwardGiveaway{}},
			says: "(awardGiveaway) gives something"},
		"a cancellation that gives a coupon": {cancel: true, rollbacks: []integration.EffectProps{&integration.CouponCreated{}},
			says: "(couponCreated) gives something"},
		"a cancellation that gives a referral": {cancel: true, rollbacks: []integration.EffectProps{&integration.ReferralCreated{}},
			says: "(referralCreated) gives something"},
		"a return that gives points to no line": {
			rollbacks: []integration.EffectProps{&integration.AddLoyaltyPoints{Value: *amount("1"), CartItemPosition: new(9)}},
			says:      "effect 0 of OnRollback (addLoyaltyPoints) is on line 9, but the session has 2",
		},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			failed := &recorder{TB: t}
			var log bytes.Buffer
			program := integrationtest.Start(integrationtest.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
			defer program.Close()
			for _, server := range []*integrationtest.Server{integrationtest.NewServer(failed), program} {
				server.OnEffects(func(integrationtest.Evaluation) []integration.Effect { return effects(test.effects...) })
				server.OnRollback(func(talonone.Operation, talonone.CustomerSessionV2, []integration.Effect) []integration.Effect {
					return effects(test.rollbacks...)
				})
				client := server.Client(once)
				answered := update(t, client, talonone.CustomerSessionUpdate{
					State: talonone.StateClosed, CartItems: []talonone.CartItem{item("A", 3, "5"), item("B", 1, "1")},
				})
				require.Len(t, answered, len(test.effects), "they are sent")
				if test.rollbacks != nil && test.cancel {
					require.Len(t, update(t, client, talonone.CustomerSessionUpdate{State: talonone.StateCancelled}), len(test.rollbacks))
				} else if test.rollbacks != nil {
					require.Len(t, giveBack(t, client, integration.ReturnedCartItem{SKU: "B"}), len(test.rollbacks))
				}
			}
			require.Len(t, failed.all(), 1)
			require.Contains(t, failed.all()[0], test.says)
			require.Equal(t, 1, strings.Count(log.String(), "level=WARN"), log.String())
			require.Contains(t, log.String(), test.says)
			require.NotContains(t, log.String(), "order-1")
		})
	}
}

// every has one effect of each type that has a rollback, and some that have none.
func every() []integration.EffectProps {
	return []integration.EffectProps{
		&integration.SetDiscount{Name: "all", Value: *amount("10.00"), Scope: "cartItems"},
		&integration.SetDiscountPerItem{Name: "unit", Value: *amount("1.00"), Position: 0, SubPosition: new(0), Scope: "price"},
		&integration.SetDiscountPerItem{Name: "unit", Value: *amount("1.10"), Position: 0, SubPosition: new(1)},
		&integration.SetDiscountPerItem{Name: "line", Value: *amount("10.00"), Position: 0},
		&integration.SetDiscountPerItem{Name: "costs of the line", Value: *amount("2"), Position: 0, Scope: "additionalCosts"},
		&integration.SetDiscountPerItem{Name: "other", Value: *amount("3"), Position: 1, SubPosition: new(0)},
		&integration.SetDiscountPerAdditionalCost{Name: "free", AdditionalCost: "shipping", AdditionalCostID: 7, Value: *amount("4.90")},
		&integration.SetDiscountPerAdditionalCostPerItem{Name: "gift", AdditionalCost: "gift", AdditionalCostID: 8, Value: *amount("2")},
		&integration.AcceptCoupon{Value: "XMAS"},
		&integration.AcceptReferral{Value: "FRIEND"},
		//lint:ignore SA1019 the API may still give it
		&integration.RedeemReferral{Value: "OLD"},
		&integration.AddLoyaltyPoints{TransactionUUID: "t1", ProgramID: 1, SubLedgerID: "s", Value: *amount("100"),
			RecipientIntegrationID: "customer-1", CardIdentifier: "card"},
		&integration.AddLoyaltyPoints{TransactionUUID: "t2", Value: *amount("10"), CartItemPosition: new(0)},
		&integration.AddLoyaltyPoints{TransactionUUID: "t3", Value: *amount("5"), CartItemPosition: new(0), CartItemSubPosition: new(2)},
		&integration.DeductLoyaltyPoints{TransactionUUID: "t4", ProgramID: 1, SubLedgerID: "s", Value: *amount("50"), CardIdentifier: "card"},
		&integration.IncreaseAchievementProgress{AchievementID: 3, AchievementName: "orders", ProgressTrackerID: new(int64(9)),
			Delta: *amount("1"), Value: *amount("4"), Target: *amount("5")},
		&integration.UseReward{IntegrationID: "u1", RewardID: 5, ApplicationID: 2},
		&integration.AddFreeItem{SKU: "B"},
		&integration.ShowNotification{Title: "thanks"},
		&integration.SetDiscount{Name: "nothing", Value: *amount("0")},
	}
}

// rules starts a server whose rules give those effects, and closes order-1 with them.
func rules(t *testing.T, props func() []integration.EffectProps) (*integrationtest.Server, *integration.Client) {
	t.Helper()
	gift := item("A", 3, "20")
	gift.AdditionalCosts = map[string]talonone.AdditionalCost{"gift": {Price: *amount("3")}}
	server := integrationtest.NewServer(t)
	client := server.Client(once)
	server.OnEffects(func(integrationtest.Evaluation) []integration.Effect { return effects(props()...) })
	update(t, client, talonone.CustomerSessionUpdate{
		ProfileID:       new("customer-1"),
		State:           talonone.StateClosed,
		CartItems:       []talonone.CartItem{gift, item("B", 1, "20")},
		AdditionalCosts: map[string]talonone.AdditionalCost{"shipping": {Price: *amount("4.90")}},
	})
	return server, client
}

// TestRollbacksOfEverything: a cancellation and a reopening undo every effect that has a rollback effect. The others still apply.
func TestRollbacksOfEverything(t *testing.T) {
	want := []integration.EffectProps{
		&integration.RollbackDiscount{Name: "all", Value: *amount("10.00"), Scope: "cartItems"},
		&integration.RollbackDiscount{Name: "unit", Value: *amount("1.00"), CartItemPosition: new(0), CartItemSubPosition: new(0), Scope: "price"},
		&integration.RollbackDiscount{Name: "unit", Value: *amount("1.10"), CartItemPosition: new(0), CartItemSubPosition: new(1)},
		&integration.RollbackDiscount{Name: "line", Value: *amount("10.00"), CartItemPosition: new(0)},
		&integration.RollbackDiscount{Name: "costs of the line", Value: *amount("2"), CartItemPosition: new(0), Scope: "additionalCosts"},
		&integration.RollbackDiscount{Name: "other", Value: *amount("3"), CartItemPosition: new(1), CartItemSubPosition: new(0)},
		&integration.RollbackDiscount{Name: "free", Value: *amount("4.90"), AdditionalCost: "shipping", AdditionalCostID: new(int64(7))},
		&integration.RollbackDiscount{Name: "gift", Value: *amount("2"), AdditionalCost: "gift", AdditionalCostID: new(int64(8)), CartItemPosition: new(0)},
		&integration.RollbackCoupon{Value: "XMAS"},
		&integration.RollbackReferral{Value: "FRIEND"},
		&integration.RollbackReferral{Value: "OLD"},
		&integration.RollbackAddedLoyaltyPoints{TransactionUUID: "t1", ProgramID: 1, SubLedgerID: "s", Value: *amount("100"),
			RecipientIntegrationID: "customer-1", CardIdentifier: "card"},
		&integration.RollbackAddedLoyaltyPoints{TransactionUUID: "t2", Value: *amount("10"), CartItemPosition: new(0)},
		&integration.RollbackAddedLoyaltyPoints{TransactionUUID: "t3", Value: *amount("5"), CartItemPosition: new(0), CartItemSubPosition: new(2)},
		&integration.RollbackDeductedLoyaltyPoints{TransactionUUID: "t4", ProgramID: 1, SubLedgerID: "s", Value: *amount("50"),
			RecipientIntegrationID: "customer-1", CardIdentifier: "card"},
		&integration.RollbackIncreasedAchievementProgress{AchievementID: 3, AchievementName: "orders", ProgressTrackerID: 9,
			DecreaseProgressBy: *amount("1"), CurrentProgress: *amount("3"), Target: *amount("5")},
		&integration.RollbackUseReward{IntegrationID: "u1", RewardID: 5, ApplicationID: 2},
	}
	left := effects(every()[17:]...)
	for name, undo := range map[string]func(*testing.T, *integration.Client) []integration.Effect{
		"cancel": func(t *testing.T, client *integration.Client) []integration.Effect {
			return update(t, client, talonone.CustomerSessionUpdate{State: talonone.StateCancelled})
		},
		"reopen": func(t *testing.T, client *integration.Client) []integration.Effect {
			state, err := client.ReopenCustomerSession(t.Context(), "order-1")
			require.NoError(t, err)
			return state.Effects
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, client := rules(t, every)
			requireEffects(t, effects(want...), undo(t, client))
			requireEffects(t, left, held(t, client))
		})
	}
}

// TestRollbacksOfReturns: a return undoes the effects on the returned units. A later return and a cancellation undo the rest.
func TestRollbacksOfReturns(t *testing.T) {
	_, client := rules(t, every)
	first := giveBack(t, client, integration.ReturnedCartItem{Position: new(0), Quantity: new(1)})
	requireEffects(t, effects(
		&integration.RollbackDiscount{Name: "unit", Value: *amount("1.00"), CartItemPosition: new(0), CartItemSubPosition: new(0), Scope: "price"},
		&integration.RollbackDiscount{Name: "line", Value: *amount("3.33"), CartItemPosition: new(0)},
		&integration.RollbackAddedLoyaltyPoints{TransactionUUID: "t2", Value: *amount("3.33"), CartItemPosition: new(0)},
	), first)

	// Two items of the request name the same line, and their quantities add up.
	second := giveBack(t, client, integration.ReturnedCartItem{Position: new(0), Quantity: new(1)},
		integration.ReturnedCartItem{SKU: "A", Quantity: new(1)})
	requireEffects(t, effects(
		&integration.RollbackDiscount{Name: "unit", Value: *amount("1.10"), CartItemPosition: new(0), CartItemSubPosition: new(1)},
		&integration.RollbackDiscount{Name: "line", Value: *amount("6.67"), CartItemPosition: new(0)},
		&integration.RollbackDiscount{Name: "costs of the line", Value: *amount("2"), CartItemPosition: new(0), Scope: "additionalCosts"},
		&integration.RollbackDiscount{Name: "gift", Value: *amount("2"), AdditionalCost: "gift", AdditionalCostID: new(int64(8)), CartItemPosition: new(0)},
		&integration.RollbackAddedLoyaltyPoints{TransactionUUID: "t2", Value: *amount("6.67"), CartItemPosition: new(0)},
		&integration.RollbackAddedLoyaltyPoints{TransactionUUID: "t3", Value: *amount("5"), CartItemPosition: new(0), CartItemSubPosition: new(2)},
	), second)

	require.Len(t, update(t, client, talonone.CustomerSessionUpdate{State: talonone.StateCancelled}), 10,
		"2 discounts of the session, 1 of the other line, 3 codes, progress, a reward, 2 of points of the session")
	requireEffects(t, effects(every()[17:]...), held(t, client))
}

// TestRollbacksAddUp: after each return the receipt has exactly the rest of a line's discount. After the last one nothing is left.
func TestRollbacksAddUp(t *testing.T) {
	_, client := rules(t, func() []integration.EffectProps {
		return []integration.EffectProps{&integration.SetDiscountPerItem{Name: "surcharge", Value: *amount("-0.05"), Position: 0}}
	})
	undone := decimal.Zero
	for range 3 {
		for _, e := range giveBack(t, client, integration.ReturnedCartItem{Position: new(0), Quantity: new(1)}) {
			undone = undone.Add(e.Props.(*integration.RollbackDiscount).Value)
		}
		state, err := client.GetCustomerSession(t.Context(), "order-1")
		require.NoError(t, err)
		receipt, err := integration.NewReceipt(state.CustomerSession, state.Effects)
		require.NoError(t, err)
		require.True(t, receipt.DiscountTotal.Add(undone).Equal(*amount("-0.05")), receipt.DiscountTotal)
	}
	require.Empty(t, held(t, client))
}

// TestDryReturn: a dry return answers the rollbacks, but undoes nothing.
func TestDryReturn(t *testing.T) {
	_, client := rules(t, every)
	state, err := client.ReturnCartItems(t.Context(), "order-1", integration.ReturnRequest{
		ReturnedCartItems: []integration.ReturnedCartItem{{Position: new(1)}}, DryRun: true,
	})
	require.NoError(t, err)
	requireEffects(t, effects(&integration.RollbackDiscount{
		Name: "other", Value: *amount("3"), CartItemPosition: new(1), CartItemSubPosition: new(0),
	}), state.Effects)
	requireEffects(t, effects(every()...), held(t, client))
}

func TestOnRollback(t *testing.T) {
	server, client := rules(t, every)
	var ops []talonone.Operation
	var states []talonone.State
	server.OnRollback(func(op talonone.Operation, s talonone.CustomerSessionV2, rollbacks []integration.Effect) []integration.Effect {
		ops, states = append(ops, op), append(states, s.State)
		return slices.DeleteFunc(rollbacks, func(e integration.Effect) bool {
			_, points := e.Props.(*integration.RollbackAddedLoyaltyPoints)
			return points // an Application that keeps active points
		})
	})
	giveBack(t, client, integration.ReturnedCartItem{Position: new(0)})
	update(t, client, talonone.CustomerSessionUpdate{State: talonone.StateCancelled})
	require.Equal(t, []talonone.Operation{talonone.OperationReturn, talonone.OperationUpdate}, ops)
	require.Equal(t, []talonone.State{talonone.StatePartiallyReturned, talonone.StateCancelled}, states)
	requireEffects(t, effects(append(every()[11:14], every()[17:]...)...), held(t, client))

	server.OnRollback(nil)
	server, client = rules(t, every)
	server.OnRollback(nil)
	require.Len(t, update(t, client, talonone.CustomerSessionUpdate{State: talonone.StateCancelled}), 17)
}

// TestRollbacks checks the effects of a GET after a return whose rollbacks come from OnRollback.
func TestRollbacks(t *testing.T) {
	discounts := func() []integration.EffectProps {
		return []integration.EffectProps{
			&integration.SetDiscount{Name: "all", Value: *amount("10.00"), Scope: "cartItems"},
			&integration.SetDiscountPerItem{Name: "unit", Value: *amount("1.00"), Position: 0, SubPosition: new(0)},
			&integration.SetDiscountPerItem{Name: "unit", Value: *amount("1.00"), Position: 0, SubPosition: new(1)},
			&integration.SetDiscountPerItem{Name: "unit", Value: *amount("1.00"), Position: 1, SubPosition: new(0)},
			&integration.SetDiscountPerAdditionalCost{
				Name: "free shipping", AdditionalCost: "shipping", AdditionalCostID: 7, Value: *amount("4.90"),
			},
			&integration.SetDiscountPerAdditionalCostPerItem{Name: "gift", AdditionalCost: "gift", Position: 0, Value: *amount("2.00")},
			&integration.AcceptCoupon{Value: "XMAS"},
			&integration.AcceptCoupon{Value: "OTHER"},
			&integration.AcceptReferral{Value: "FRIEND"},
			&integration.AddLoyaltyPoints{TransactionUUID: "t1", Value: *amount("100")},
			&integration.DeductLoyaltyPoints{TransactionUUID: "t2", Value: *amount("50")},
			&integration.IncreaseAchievementProgress{AchievementName: "orders", Delta: *amount("1")},
			&integration.SetDiscountPerItem{Name: "line", Value: *amount("2.00"), Position: 1},
			&integration.ShowNotification{Title: "thanks"},
		}
	}
	tests := map[string]struct {
		rollbacks []integration.EffectProps
		changes   func(all []integration.EffectProps) []integration.EffectProps
	}{
		"none": {nil, func(all []integration.EffectProps) []integration.EffectProps { return all }},
		"a part of a discount": {
			[]integration.EffectProps{&integration.RollbackDiscount{Name: "all", Value: *amount("3.50")}},
			func(all []integration.EffectProps) []integration.EffectProps {
				all[0].(*integration.SetDiscount).Value = *amount("6.50")
				return all
			},
		},
		"a whole discount, in two": {
			[]integration.EffectProps{
				&integration.RollbackDiscount{Name: "all", Value: *amount("3.50"), Scope: "cartItems"},
				&integration.RollbackDiscount{Name: "all", Value: *amount("6.5")},
			},
			func(all []integration.EffectProps) []integration.EffectProps { return all[1:] },
		},
		"of one unit": {
			[]integration.EffectProps{&integration.RollbackDiscount{
				Name: "unit", Value: *amount("1"), CartItemPosition: new(0), CartItemSubPosition: new(1),
			}},
			func(all []integration.EffectProps) []integration.EffectProps { return append(all[:2], all[3:]...) },
		},
		"of whatever unit": {
			[]integration.EffectProps{&integration.RollbackDiscount{
				Name: "unit", Value: *amount("1.50"), CartItemPosition: new(0),
			}},
			func(all []integration.EffectProps) []integration.EffectProps {
				all[2].(*integration.SetDiscountPerItem).Value = *amount("0.50")
				return append(all[:1], all[2:]...)
			},
		},
		"of the whole line first": {
			[]integration.EffectProps{
				&integration.RollbackDiscount{Name: "line", Value: *amount("1.00"), CartItemPosition: new(1)},
			},
			func(all []integration.EffectProps) []integration.EffectProps {
				all[12].(*integration.SetDiscountPerItem).Value = *amount("1.00")
				return all
			},
		},
		"of a cost by its number": {
			[]integration.EffectProps{&integration.RollbackDiscount{
				Name: "free shipping", AdditionalCostID: new(int64(7)), Value: *amount("4.00"),
			}},
			func(all []integration.EffectProps) []integration.EffectProps {
				all[4].(*integration.SetDiscountPerAdditionalCost).Value = *amount("0.90")
				return all
			},
		},
		"of additional costs": {
			[]integration.EffectProps{
				&integration.RollbackDiscount{Name: "free shipping", AdditionalCost: "shipping", Value: *amount("4.90")},
				&integration.RollbackDiscount{Name: "gift", AdditionalCost: "gift", CartItemPosition: new(0), Value: *amount("2")},
			},
			func(all []integration.EffectProps) []integration.EffectProps { return append(all[:4], all[6:]...) },
		},
		"codes": {
			[]integration.EffectProps{&integration.RollbackCoupon{Value: "XMAS"}, &integration.RollbackReferral{Value: "FRIEND"}},
			func(all []integration.EffectProps) []integration.EffectProps {
				return append(append(all[:6], all[7]), all[9:]...)
			},
		},
		"points": {
			[]integration.EffectProps{
				&integration.RollbackAddedLoyaltyPoints{TransactionUUID: "t1", Value: *amount("40")},
				&integration.RollbackDeductedLoyaltyPoints{TransactionUUID: "t2", Value: *amount("50")},
			},
			func(all []integration.EffectProps) []integration.EffectProps {
				all[9].(*integration.AddLoyaltyPoints).Value = *amount("60")
				return append(all[:10], all[11:]...)
			},
		},
		"progress": {
			[]integration.EffectProps{&integration.RollbackIncreasedAchievementProgress{AchievementName: "orders"}},
			func(all []integration.EffectProps) []integration.EffectProps { return append(all[:11], all[12:]...) },
		},
		"and a discount that is evaluated again": {
			[]integration.EffectProps{&integration.SetDiscount{Name: "again", Value: *amount("1")}},
			func(all []integration.EffectProps) []integration.EffectProps {
				return append(all, &integration.SetDiscount{Name: "again", Value: *amount("1")})
			},
		},
		"and what comes new": {
			[]integration.EffectProps{&integration.ShowNotification{Title: "returned"}, &integration.RollbackCoupon{Value: "XMAS"}},
			func(all []integration.EffectProps) []integration.EffectProps {
				return append(append(all[:6], all[7:]...), &integration.ShowNotification{Title: "returned"})
			},
		},
	}
	gift := item("A", 2, "20")
	gift.AdditionalCosts = map[string]talonone.AdditionalCost{"gift": {Price: *amount("3")}}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := integrationtest.NewServer(t)
			client := server.Client(once)
			server.OnEffects(func(integrationtest.Evaluation) []integration.Effect { return effects(discounts()...) })
			server.OnRollback(func(talonone.Operation, talonone.CustomerSessionV2, []integration.Effect) []integration.Effect {
				return effects(test.rollbacks...)
			})
			_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{
				CustomerSession: talonone.CustomerSessionUpdate{
					State:           talonone.StateClosed,
					CartItems:       []talonone.CartItem{gift, item("B", 1, "20")},
					AdditionalCosts: map[string]talonone.AdditionalCost{"shipping": {Price: *amount("4.90")}},
				},
			})
			require.NoError(t, err)
			returned, err := client.ReturnCartItems(t.Context(), "order-1",
				integration.ReturnRequest{ReturnedCartItems: []integration.ReturnedCartItem{{Position: new(0), Quantity: new(1)}}})
			require.NoError(t, err)
			require.Len(t, returned.Effects, len(test.rollbacks), "the answer to the return has what was rolled back")

			state, err := client.GetCustomerSession(t.Context(), "order-1")
			require.NoError(t, err)
			want := effects(test.changes(discounts())...)
			require.Len(t, state.Effects, len(want))
			for i := range want {
				assert.True(t, want[i].Equal(state.Effects[i]), "%d: %+v", i, state.Effects[i].Props)
			}

			// A receipt that nets the rollbacks itself has the same total.
			receipt, err := integration.NewReceipt(state.CustomerSession, state.Effects)
			require.NoError(t, err)
			netted, err := integration.NewReceipt(state.CustomerSession, effects(append(discounts(), test.rollbacks...)...))
			if errors.Is(err, integration.ErrNothingToRollBack) {
				return
			}
			require.NoError(t, err)
			require.True(t, netted.Total.Equal(receipt.Total), "%s, %s", netted.Total, receipt.Total)
		})
	}
}

// TestAnUpdateReplacesTheEffects: each answer to an update has all effects.
func TestAnUpdateReplacesTheEffects(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(once)
	server.OnEffects(func(e integrationtest.Evaluation) []integration.Effect {
		if e.Session.UpdateCount == 1 {
			return effects(&integration.SetDiscount{Name: "first", Value: *amount("1")}, &integration.AcceptCoupon{Value: "XMAS"})
		}
		return effects(&integration.SetDiscount{Name: "second", Value: *amount("2")})
	})
	for _, want := range [][]string{{"setDiscount", "acceptCoupon"}, {"setDiscount"}} {
		_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
		require.NoError(t, err)
		require.Equal(t, want, remembered(t, client))
	}
	cancelled, err := client.UpdateCustomerSession(t.Context(), "order-1",
		integration.UpdateRequest{CustomerSession: talonone.CustomerSessionUpdate{State: talonone.StateCancelled}})
	require.NoError(t, err)
	requireEffects(t, effects(&integration.RollbackDiscount{Name: "second", Value: *amount("2")}), cancelled.Effects)
	require.Empty(t, remembered(t, client), "no effect applies to a cancelled session")
}

func remembered(t *testing.T, client *integration.Client) (types []string) {
	t.Helper()
	state, err := client.GetCustomerSession(t.Context(), "order-1")
	require.NoError(t, err)
	for _, e := range state.Effects {
		types = append(types, e.Type)
	}
	return types
}
