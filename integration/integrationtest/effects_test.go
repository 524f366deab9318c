package integrationtest_test

import (
	"errors"
	"testing"

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
		op       talonone.Operation
		state    talonone.State
		updates  int64
		returned int
	}
	var calls []call
	discount := &integration.SetDiscount{Name: "ten off", Value: *amount("10.00")}
	server.OnEffects(func(op talonone.Operation, s talonone.CustomerSessionV2) []integration.Effect {
		c := call{op: op, state: s.State, updates: s.UpdateCount}
		if r := s.CartItems[0].ReturnedQuantity; r != nil {
			c.returned = *r
		}
		calls = append(calls, c)
		s.CartItems[0].SKU = "changed" // a copy
		return effects(discount)
	})
	cart := talonone.CustomerSessionUpdate{CartItems: []talonone.CartItem{item("A", 3, "5")}}
	state, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{CustomerSession: cart})
	require.NoError(t, err)
	require.Len(t, state.Effects, 1)
	require.Equal(t, "setDiscount", state.Effects[0].Type)
	require.Equal(t, "10.00", state.Effects[0].Props.(*integration.SetDiscount).Value.StringFixed(2))
	discount.Value = *amount("11.00") // the server has a copy of the one before
	got, err := client.GetCustomerSession(t.Context(), "order-1")
	require.NoError(t, err)
	require.Equal(t, "10.00", got.Effects[0].Props.(*integration.SetDiscount).Value.StringFixed(2))
	require.Equal(t, "A", got.CustomerSession.CartItems[0].SKU)

	_, err = client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{CustomerSession: cart, DryRun: true})
	require.NoError(t, err)
	_, err = client.UpdateCustomerSession(t.Context(), "order-1",
		integration.UpdateRequest{CustomerSession: talonone.CustomerSessionUpdate{State: talonone.StateClosed}})
	require.NoError(t, err)
	reopened, err := client.ReopenCustomerSession(t.Context(), "order-1")
	require.NoError(t, err)
	require.Len(t, reopened.Effects, 1)
	require.Nil(t, reopened.CustomerSession)
	_, err = client.UpdateCustomerSession(t.Context(), "order-1",
		integration.UpdateRequest{CustomerSession: talonone.CustomerSessionUpdate{State: talonone.StateClosed}})
	require.NoError(t, err)
	_, err = client.ReturnCartItems(t.Context(), "order-1",
		integration.ReturnRequest{ReturnedCartItems: []integration.ReturnedCartItem{{SKU: "A", Quantity: new(2)}}})
	require.NoError(t, err)
	require.Equal(t, []call{
		{talonone.OperationUpdate, talonone.StateOpen, 1, 0},
		{talonone.OperationUpdate, talonone.StateOpen, 1, 0}, // the dry run
		{talonone.OperationUpdate, talonone.StateClosed, 2, 0},
		{talonone.OperationReopen, talonone.StateOpen, 2, 0},
		{talonone.OperationUpdate, talonone.StateClosed, 3, 0},
		{talonone.OperationReturn, talonone.StatePartiallyReturned, 3, 2},
	}, calls)

	// What is refused has no effects, and neither has a server without a function.
	_, err = client.ReopenCustomerSession(t.Context(), "order-1")
	require.ErrorIs(t, err, integration.ErrBadRequest)
	require.Len(t, calls, 6)
	server.OnEffects(nil)
	state, err = client.UpdateCustomerSession(t.Context(), "order-1",
		integration.UpdateRequest{CustomerSession: talonone.CustomerSessionUpdate{State: talonone.StateCancelled}})
	require.NoError(t, err)
	require.NotNil(t, state.Effects)
	require.Empty(t, state.Effects)
	got, err = client.GetCustomerSession(t.Context(), "order-1")
	require.NoError(t, err)
	require.Empty(t, got.Effects)
}

func TestEffectsThatCannotBeSent(t *testing.T) {
	failed := &recorder{TB: t}
	server := integrationtest.NewServer(failed)
	server.OnEffects(func(talonone.Operation, talonone.CustomerSessionV2) []integration.Effect {
		return append(effects(&integration.AcceptCoupon{Value: "XMAS"}), integration.Effect{Type: "setDiscount", Props: &integration.AcceptCoupon{}})
	})
	_, err := server.Client().UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
	require.ErrorIs(t, err, integration.ErrBadRequest)
	require.Len(t, failed.all(), 1, "a repeat would be as bad")
	require.Contains(t, failed.all()[0], "effect 1 of OnEffects cannot be sent")
	_, ok := server.Session("order-1")
	require.False(t, ok, "nothing is stored")
}

// TestRollbacks says which effects GET still has after those of a return.
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
		"of another scope": {
			[]integration.EffectProps{&integration.RollbackDiscount{Name: "all", Value: *amount("10"), Scope: "sessionTotal"}},
			func(all []integration.EffectProps) []integration.EffectProps { return all },
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
		"nothing of ours": {
			[]integration.EffectProps{
				&integration.RollbackCoupon{Value: "UNKNOWN"}, &integration.RollbackDiscount{Name: "unknown", Value: *amount("1")},
			},
			func(all []integration.EffectProps) []integration.EffectProps { return all },
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
			server.OnEffects(func(op talonone.Operation, _ talonone.CustomerSessionV2) []integration.Effect {
				if op == talonone.OperationReturn {
					return effects(test.rollbacks...)
				}
				return effects(discounts()...)
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

			// A receipt that has to net them itself comes to the same.
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

// TestAnUpdateReplacesTheEffects: each answer to an update has the full set.
func TestAnUpdateReplacesTheEffects(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(once)
	server.OnEffects(func(_ talonone.Operation, s talonone.CustomerSessionV2) []integration.Effect {
		if s.State == talonone.StateCancelled {
			return effects(&integration.RollbackCoupon{Value: "XMAS"}, &integration.RollbackDiscount{Name: "first", Value: *amount("1")})
		}
		if s.UpdateCount == 1 {
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
	require.Len(t, cancelled.Effects, 2)
	require.Empty(t, remembered(t, client), "a cancelled session has none that hold")
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
