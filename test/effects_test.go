package test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/talonone-go/talonone/integration"
)

func TestOf(t *testing.T) {
	effects := []integration.Effect{
		{CampaignID: 1, Props: &integration.AcceptCoupon{Value: "A"}},
		{CampaignID: 2, Props: &integration.RejectCoupon{Value: "B"}},
		{CampaignID: 3},
		{CampaignID: 4, Props: (*integration.AcceptCoupon)(nil)},
		{CampaignID: 5, Props: &integration.UnknownEffect{Type: "acceptCoupon"}},
		{CampaignID: 6, Props: &integration.AcceptCoupon{Value: "C"}},
	}
	var got []string
	for e, p := range integration.Of[*integration.AcceptCoupon](effects) {
		got = append(got, fmt.Sprint(e.CampaignID, " ", p.Value))
	}
	assert.Equal(t, []string{"1 A", "6 C"}, got)
	for e := range integration.Of[*integration.AcceptCoupon](effects) {
		assert.Equal(t, int64(1), e.CampaignID)
		break
	}
	for range integration.Of[*integration.SetDiscount](effects) {
		assert.Fail(t, "there is none")
	}
	all := 0
	for range integration.Of[integration.EffectProps](effects) {
		all++
	}
	assert.Equal(t, 4, all)
}

func TestFreeItems(t *testing.T) {
	assert.Equal(t, map[string]int{}, integration.FreeItems(nil))
	assert.Equal(t, map[string]int{"a": 2, "b": 1}, integration.FreeItems([]integration.Effect{
		{Props: &integration.AddFreeItem{SKU: "a"}},
		{Props: &integration.SetDiscount{Value: decimal.New(1, 0)}},
		{Props: &integration.AddFreeItem{SKU: "b", DesiredQuantity: new(7)}},
		{Props: &integration.AddFreeItem{SKU: "a"}},
	}))
}
