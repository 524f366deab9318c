package integrationtest

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/talonone-go/talonone/integration"
)

// TestSettle: a rollback undoes the effect that it names, even if a similar effect comes earlier.
func TestSettle(t *testing.T) {
	five := decimal.New(5, 0)
	effects := func(props ...integration.EffectProps) []integration.Effect {
		list := []integration.Effect{}
		for _, p := range props {
			list = append(list, integration.Effect{Props: p})
		}
		return list
	}
	session := &integration.SetDiscount{Name: "a", Value: five}
	shipping := &integration.SetDiscountPerAdditionalCost{Name: "a", Value: five, AdditionalCostID: 1, AdditionalCost: "shipping"}
	for _, c := range []struct {
		name           string
		earlier, later []integration.Effect
		left           []integration.Effect
		unmatched      []int
	}{
		{
			"nothing comes",
			effects(session), nil,
			effects(session), nil,
		},
		{
			"another name",
			effects(session, &integration.SetDiscount{Name: "b", Value: five}),
			effects(&integration.RollbackDiscount{Name: "b", Value: five}),
			effects(session), nil,
		},
		{
			"another line",
			effects(&integration.SetDiscountPerItem{Name: "a", Value: five}, &integration.SetDiscountPerItem{Name: "a", Value: five, Position: 1}),
			effects(&integration.RollbackDiscount{Name: "a", Value: five, CartItemPosition: new(1)}),
			effects(&integration.SetDiscountPerItem{Name: "a", Value: five}), nil,
		},
		{
			"the session, not its first line",
			effects(&integration.SetDiscountPerItem{Name: "a", Value: five}, session),
			effects(&integration.RollbackDiscount{Name: "a", Value: five}),
			effects(&integration.SetDiscountPerItem{Name: "a", Value: five}), nil,
		},
		{
			"another scope",
			effects(&integration.SetDiscount{Name: "a", Value: five, Scope: "cartItems"},
				&integration.SetDiscount{Name: "a", Value: five, Scope: "sessionTotal"}),
			effects(&integration.RollbackDiscount{Name: "a", Value: five, Scope: "sessionTotal"}),
			effects(&integration.SetDiscount{Name: "a", Value: five, Scope: "cartItems"}), nil,
		},
		{
			"a cost",
			effects(session, shipping),
			effects(&integration.RollbackDiscount{Name: "a", Value: five, AdditionalCost: "shipping"}),
			effects(session), nil,
		},
		{
			"a cost by its number",
			effects(session, shipping),
			effects(&integration.RollbackDiscount{Name: "a", Value: five, AdditionalCostID: new(int64(1))}),
			effects(session), nil,
		},
		{
			"the cost of an item by its number",
			effects(
				&integration.SetDiscountPerAdditionalCostPerItem{Name: "a", Value: five, AdditionalCostID: 1, AdditionalCost: "wrap"},
				&integration.SetDiscountPerAdditionalCostPerItem{Name: "a", Value: five, AdditionalCostID: 2, AdditionalCost: "card"},
			),
			effects(&integration.RollbackDiscount{Name: "a", Value: five, AdditionalCostID: new(int64(2)), CartItemPosition: new(0)}),
			effects(&integration.SetDiscountPerAdditionalCostPerItem{Name: "a", Value: five, AdditionalCostID: 1, AdditionalCost: "wrap"}), nil,
		},
		{
			"a cost of a number that nobody knows",
			effects(session),
			effects(&integration.RollbackDiscount{Name: "a", Value: five, AdditionalCostID: new(int64(9))}),
			effects(session), []int{0},
		},
		{
			"another kind",
			effects(&integration.AcceptCoupon{Value: "a"}, &integration.AcceptReferral{Value: "a"}),
			effects(&integration.RollbackReferral{Value: "a"}),
			effects(&integration.AcceptCoupon{Value: "a"}), nil,
		},
		{
			"another achievement",
			effects(&integration.IncreaseAchievementProgress{AchievementID: 1}, &integration.IncreaseAchievementProgress{AchievementID: 2}),
			effects(&integration.RollbackIncreasedAchievementProgress{AchievementID: 2}),
			effects(&integration.IncreaseAchievementProgress{AchievementID: 1}), nil,
		},
		{
			"a part, and what comes with it",
			effects(session),
			effects(&integration.SetDiscount{Name: "b", Value: five}, &integration.RollbackDiscount{Name: "a", Value: decimal.New(2, 0)}),
			effects(&integration.SetDiscount{Name: "a", Value: decimal.New(3, 0)}, &integration.SetDiscount{Name: "b", Value: five}), nil,
		},
		{
			"more than there is",
			effects(session),
			effects(&integration.RollbackDiscount{Name: "a", Value: decimal.New(6, 0)}),
			effects(), []int{0},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			left, unmatched := settle(c.earlier, c.later)
			assert.Equal(t, c.unmatched, unmatched)
			want, got := integration.IntegrationState{Effects: c.left}, integration.IntegrationState{Effects: left}
			assert.True(t, want.Equal(got), "%v", left)
		})
	}
}
