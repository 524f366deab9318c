package integration_test

import (
	"fmt"

	"github.com/talonone-go/talonone/integration"
)

func ExampleOf() {
	var state integration.IntegrationState
	if err := state.UnmarshalJSON([]byte(`{"effects": [
		{"effectType": "acceptCoupon", "props": {"value": "SUMMER"}},
		{"effectType": "rejectCoupon", "props": {"value": "WINTER", "rejectionReason": "CouponExpired"}}
	]}`)); err != nil {
		panic(err)
	}
	for _, p := range integration.Of[*integration.RejectCoupon](state.Effects) {
		if p.RejectionReason == integration.RejectionCouponExpired {
			fmt.Println(p.Value, "has expired")
		}
	}
	// Output: WINTER has expired
}

func ExampleFreeItems() {
	var state integration.IntegrationState
	if err := state.UnmarshalJSON([]byte(`{"effects": [
		{"effectType": "addFreeItem", "props": {"sku": "SOCKS", "name": "Two pairs of socks"}},
		{"effectType": "addFreeItem", "props": {"sku": "SOCKS", "name": "Two pairs of socks"}}
	]}`)); err != nil {
		panic(err)
	}
	fmt.Println(integration.FreeItems(state.Effects))
	// Output: map[SOCKS:2]
}
