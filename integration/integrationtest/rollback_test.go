package integrationtest

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
)

// TestShareOfReturnedUnits: how much of an amount on a line is undone when units of the line come back.
func TestShareOfReturnedUnits(t *testing.T) {
	second := unitRange{first: 1, end: 2, left: 4} // the second of five units; the first came back before
	for _, c := range []struct {
		name   string
		units  unitRange
		amount string
		unit   *int
		shared bool
		want   string
	}{
		{"a unit that comes back", second, "10.00", new(1), true, "10"},
		{"one that came back before", second, "10.00", new(0), true, "0"},
		{"one that stays", second, "10.00", new(2), true, "0"},
		{"the line's share of one unit", second, "10.00", nil, true, "2.5"},
		{"of two units of three", unitRange{0, 2, 3}, "10.00", nil, true, "6.67"},
		{"to the places of the amount, if it has more than two", unitRange{0, 1, 3}, "10.0000", nil, true, "3.3333"},
		{"to two if it has fewer", unitRange{0, 1, 3}, "10", nil, true, "3.33"},
		{"all that is left", unitRange{1, 3, 2}, "10.001", nil, true, "10.001"},
		{"undone only with the last unit", unitRange{0, 2, 3}, "10.00", nil, false, "0"},
		{"with the last unit", unitRange{2, 3, 1}, "10.00", nil, false, "10"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := undoing{units: map[int]unitRange{7: c.units}}
			amount := decimal.RequireFromString(c.amount)
			assert.Equal(t, c.want, u.ofLine(amount, 7, c.unit, c.shared).String())
			assert.Equal(t, "0", u.ofLine(amount, 6, c.unit, c.shared).String(), "another line")
			assert.Equal(t, amount, undoing{}.ofLine(amount, 7, c.unit, c.shared), "a cancellation undoes the whole amount")
		})
	}
}

func TestRollbacks(t *testing.T) {
	five := decimal.New(5, 0)
	for _, c := range []struct{ effect, rollback integration.EffectProps }{
		{
			&integration.SetDiscountPerAdditionalCost{Name: "a", Value: five, AdditionalCostID: 3, AdditionalCost: "shipping"},
			&integration.RollbackDiscount{Name: "a", Value: five, AdditionalCostID: new(int64(3)), AdditionalCost: "shipping"},
		},
		{
			&integration.IncreaseAchievementProgress{AchievementID: 3, AchievementName: "a", Delta: five, Value: five.Add(five), Target: decimal.New(20, 0)},
			&integration.RollbackIncreasedAchievementProgress{
				AchievementID: 3, AchievementName: "a", DecreaseProgressBy: five, CurrentProgress: five, Target: decimal.New(20, 0),
			},
		},
	} {
		rollbacks := undoing{}.rollbacks([]integration.Effect{{Props: c.effect}})
		require.Len(t, rollbacks, 1)
		assert.True(t, integration.Effect{Props: c.rollback}.Equal(rollbacks[0]), "%+v", rollbacks[0].Props)
	}
}

// TestRollbacksAreCopies: the function of OnRollback may change the rollbacks. The effects that apply stay unchanged.
func TestRollbacksAreCopies(t *testing.T) {
	held := []integration.Effect{{
		TriggeredByCoupon: new(int64(1)),
		Props: &integration.SetDiscountPerAdditionalCostPerItem{
			Name: "a", Value: decimal.New(5, 0), Position: 1, SubPosition: new(2), AdditionalCostID: 3, AdditionalCost: "wrap",
		},
	}}
	before := held[0].Clone()
	rollback := undoing{}.rollbacks(held)[0]
	*rollback.TriggeredByCoupon = 9
	props := rollback.Props.(*integration.RollbackDiscount)
	*props.CartItemPosition, *props.CartItemSubPosition, *props.AdditionalCostID = 9, 9, 9
	assert.True(t, before.Equal(held[0]))
}
