package test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// TestUpdate: an update has what a caller may send of a session, and nothing else.
func TestUpdate(t *testing.T) {
	for _, c := range []struct{ name, session, want string }{
		{"nothing", `{}`, `{}`},
		{"every field", encode(t, fullSession(t)),
			`{"profileId":"p","storeIntegrationId":"s","referralCode":"r","state":"closed",` +
				`"cartItems":[{"name":"n","sku":"s","quantity":1,"price":1.50,"category":"c","product":{"name":"p","x":[1]},"weight":1,"height":2,"width":3,"length":4,` +
				`"attributes":{"list":["a",1,true,null,{"b":"c"}],"number":1.50,"object":{"a":{"b":["c"]}},"text":"a"},"additionalCosts":{"a/b":{"price":1,"x":2}}}],` +
				`"evaluableCampaignIds":[3,4],"couponCodes":["c","d"],"loyaltyCards":["l"],"rewardIntegrationIds":["w"],` +
				`"experimentVariantAllocations":[{"experimentID":1,"variantID":2,"x":""}],"additionalCosts":{"shipping":{"price":9.90,"x":null}},` +
				`"identifiers":["i","j"],"attributes":{"city":"Berlin"}}`},
		{"empty strings", `{"profileId":"","storeIntegrationId":"","referralCode":"","state":""}`, `{}`},
		{"empty lists", `{"couponCodes":[],"loyaltyCards":[],"rewardIntegrationIds":[],"identifiers":[],"evaluableCampaignIds":[],"experimentVariantAllocations":[],"additionalCosts":{},"attributes":{},"cartItems":[]}`,
			`{"cartItems":[],"evaluableCampaignIds":[],"couponCodes":[],"loyaltyCards":[],"rewardIntegrationIds":[],"experimentVariantAllocations":[],"additionalCosts":{},"identifiers":[],"attributes":{}}`},
		{"open", `{"state":"open"}`, `{"state":"open"}`},
		{"cancelled", `{"state":"cancelled"}`, `{"state":"cancelled"}`},
		{"partially returned, which only a return can set", `{"state":"partially_returned"}`, `{}`},
		{"a state that this version does not know", `{"state":"paused"}`, `{"state":"paused"}`},
		{"server's members of items", `{"cartItems":[{"sku":"a","quantity":2,"returnedQuantity":1,"remainingQuantity":1,"position":0,"catalogItemID":1,"selectedPriceType":"b",` +
			`"adjustmentReferenceId":"r","adjustmentEffectiveFrom":"2026-02-07T08:15:22Z","adjustmentEffectiveUntil":"2026-02-07T08:15:22Z","prices":{},"price":1,"new":1},{}]}`,
			`{"cartItems":[{"sku":"a","quantity":2,"price":1},{"sku":"","quantity":0}]}`},
		{"unknown members", `{"new":1}`, `{}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := decode[talonone.CustomerSessionV2](t, c.session)
			text := encode(t, s)
			got := encode(t, s.Update())
			assert.Equal(t, c.want, got)
			assert.Equal(t, text, encode(t, s), "the session is as it was")

			// Nothing that the API calls read-only is sent.
			var sent struct{ CartItems []map[string]json.RawMessage }
			require.NoError(t, json.Unmarshal([]byte(got), &sent))
			for _, item := range sent.CartItems {
				for _, m := range readOnly(t, "CartItem") {
					assert.NotContains(t, item, m)
				}
			}
		})
	}
}

// readOnly returns the members that the server alone sets.
func readOnly(t testing.TB, model string) (names []string) {
	api := map[string][]struct {
		Name     string
		ReadOnly bool
	}{}
	require.NoError(t, json.Unmarshal(readFile(t, "testdata/fields.json"), &api))
	for _, m := range api[model] {
		if m.ReadOnly {
			names = append(names, m.Name)
		}
	}
	require.NotEmpty(t, names)
	return names
}
