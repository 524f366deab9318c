package integration_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// requireUnread checks that NewReceipt fails because of the discount at a path.
func requireUnread(t *testing.T, state integration.IntegrationState, path string) {
	t.Helper()
	_, err := integration.NewReceipt(state.CustomerSession, state.Effects)
	require.ErrorIs(t, err, integration.ErrUnreadDiscount)
	e, ok := errors.AsType[*integration.ReceiptError](err)
	require.True(t, ok)
	require.Equal(t, path, e.Path)
}

// TestReceiptOfNewDiscountTypes: an unknown type of discount is never ignored.
func TestReceiptOfNewDiscountTypes(t *testing.T) {
	state := readCase(t, "new-discount-type.json")
	for i, e := range state.Effects {
		requireUnread(t, integration.IntegrationState{CustomerSession: state.CustomerSession, Effects: []integration.Effect{e}}, "/effects/0/props")
		assert.Nil(t, e.Props.(*integration.UnknownEffect).Err, i)
	}
	for _, name := range []string{"SETDISCOUNT", "bundleDiscountSet", "rollbackDiscountPerItem"} {
		e := integration.Effect{Type: name, Props: &integration.UnknownEffect{Type: name}}
		requireUnread(t, integration.IntegrationState{CustomerSession: state.CustomerSession, Effects: []integration.Effect{e}}, "/effects/0/props")
	}
	others := []integration.Effect{{Props: &integration.UnknownEffect{Type: "beamUp"}}}
	_, err := integration.NewReceipt(state.CustomerSession, others)
	require.NoError(t, err, "other unknown types are passed over")
}

// TestReceiptOfIncompleteDiscounts: the amount and the position of a discount must be present.
func TestReceiptOfIncompleteDiscounts(t *testing.T) {
	state := readCase(t, "discount-without-place-or-value.json")
	requireUnread(t, state, "/effects/0/props/position")
	state.Effects = state.Effects[1:]
	requireUnread(t, state, "/effects/0/props/value")

	for _, tc := range []struct{ effectType, props, missing string }{
		{"setDiscount", `"value":1`, "name"},
		{"setDiscount", `"name":"n"`, "value"},
		{"setDiscountPerItem", `"value":1,"position":0`, "name"},
		{"setDiscountPerItem", `"name":"n","position":0`, "value"},
		{"setDiscountPerItem", `"name":"n","value":1`, "position"},
		{"setDiscountPerAdditionalCost", `"value":1,"additionalCost":"c"`, "name"},
		{"setDiscountPerAdditionalCost", `"name":"n","additionalCost":"c"`, "value"},
		{"setDiscountPerAdditionalCost", `"name":"n","value":1`, "additionalCost"},
		{"setDiscountPerAdditionalCostPerItem", `"value":1,"position":0,"additionalCost":"c"`, "name"},
		{"setDiscountPerAdditionalCostPerItem", `"name":"n","position":0,"additionalCost":"c"`, "value"},
		{"setDiscountPerAdditionalCostPerItem", `"name":"n","value":1,"additionalCost":"c"`, "position"},
		{"setDiscountPerAdditionalCostPerItem", `"name":"n","value":1,"position":0`, "additionalCost"},
		{"rollbackDiscount", `"value":1`, "name"},
		{"rollbackDiscount", `"name":"n"`, "value"},
	} {
		for _, props := range []string{tc.props, tc.props + fmt.Sprintf(`,%q:null`, tc.missing)} {
			text := fmt.Sprintf(`{"customerSession":{"cartItems":[{"quantity":1,"price":5,"additionalCosts":{"c":{"price":1}}}],"additionalCosts":{"c":{"price":1}}},`+
				`"effects":[{"effectType":%q,"props":{%s}}]}`, tc.effectType, props)
			t.Run(tc.effectType+" "+props, func(t *testing.T) {
				var state integration.IntegrationState
				require.NoError(t, state.UnmarshalJSON([]byte(text)))
				unknown, ok := state.Effects[0].Props.(*integration.UnknownEffect)
				require.True(t, ok)
				require.ErrorIs(t, unknown.Err, talonone.ErrWrongType)
				misfit, _ := errors.AsType[*talonone.DecodeError](unknown.Err)
				assert.Equal(t, "/"+tc.missing, misfit.Path)
				requireUnread(t, state, "/effects/0/props/"+tc.missing)
			})
		}
	}
}

// TestEffectsThatAreActedOn: members of other effects that must be present, because a program would act on a zero value.
func TestEffectsThatAreActedOn(t *testing.T) {
	for _, tc := range []struct{ effectType, missing string }{
		{"addLoyaltyPoints", "value"}, {"deductLoyaltyPoints", "value"}, {"rollbackAddedLoyaltyPoints", "value"},
		{"rollbackDeductedLoyaltyPoints", "value"}, {"addFreeItem", "sku"}, {"updateAttribute", "path"},
	} {
		var e integration.Effect
		require.NoError(t, e.UnmarshalJSON([]byte(`{"effectType":"`+tc.effectType+`","props":{}}`)))
		unknown, ok := e.Props.(*integration.UnknownEffect)
		require.True(t, ok, tc.effectType)
		misfit, _ := errors.AsType[*talonone.DecodeError](unknown.Err)
		assert.Equal(t, "/"+tc.missing, misfit.Path)
		assert.ErrorIs(t, misfit, talonone.ErrWrongType)
	}
}
