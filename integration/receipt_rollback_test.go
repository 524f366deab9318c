package integration_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// netted returns the remaining discounts by name, unit, scope and place. They do not depend on the order of the effects.
func netted(r integration.Receipt) string {
	left := map[string]decimal.Decimal{}
	add := func(place string, list []integration.ReceiptDiscount) {
		for _, d := range list {
			key := fmt.Sprintf("%s %q unit %d scope %q", place, d.Name, d.Unit, d.Scope)
			left[key] = left[key].Add(d.Amount)
		}
	}
	for _, p := range parts(r) {
		add(p.path, p.discounts)
	}
	add("session", r.Discounts)
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(left)) {
		fmt.Fprintln(&b, key, left[key].Rat().RatString())
	}
	fmt.Fprint(&b, r.Total.Rat().RatString(), r.Overdiscounted())
	return b.String()
}

// TestReceiptRollbackRule has one case for each sentence of the rule.
func TestReceiptRollbackRule(t *testing.T) {
	discount := func(scope, value string, unit *int) *integration.SetDiscountPerItem {
		return &integration.SetDiscountPerItem{Name: "n", Value: dec(value), SubPosition: unit, Scope: integration.DiscountScope(scope)}
	}
	back := func(scope, value string, unit *int) *integration.RollbackDiscount {
		return &integration.RollbackDiscount{Name: "n", Value: dec(value), CartItemPosition: new(0), CartItemSubPosition: unit, Scope: integration.DiscountScope(scope)}
	}
	for _, tc := range []struct {
		name    string
		list    []integration.EffectProps
		want    []string // what is left of the discounts
		refused string   // the path of the rollback that is
	}{
		{"its unit and scope", []integration.EffectProps{
			discount("price", "5", new(1)), discount("itemTotal", "5", new(0)), discount("price", "5", new(0)), back("price", "5", new(0)),
		}, []string{"5", "5", "0"}, ""},
		{"in the order of the effects", []integration.EffectProps{
			discount("price", "3", new(0)), discount("price", "2", new(0)), back("price", "4", new(0)),
		}, []string{"0", "1"}, ""},
		{"an open unit: first the whole line", []integration.EffectProps{
			discount("price", "5", new(0)), discount("price", "5", nil), back("price", "6", nil),
		}, []string{"4", "0"}, ""},
		{"an open scope: first those without one", []integration.EffectProps{
			discount("price", "5", new(0)), discount("", "5", new(0)), back("", "6", new(0)),
		}, []string{"4", "0"}, ""},
		{"both open: first those that leave both open", []integration.EffectProps{
			discount("price", "5", nil), discount("", "5", new(0)), discount("", "5", nil), back("", "7", nil),
		}, []string{"3", "5", "0"}, ""},
		{"a unit that is named is not the whole line", []integration.EffectProps{
			discount("", "5", nil), back("", "5", new(0)),
		}, nil, "/effects/1/props"},
		{"a scope that is named is not none", []integration.EffectProps{
			discount("", "5", nil), back("price", "5", nil),
		}, nil, "/effects/1/props"},
		{"one takes what another names", []integration.EffectProps{
			discount("price", "5", new(0)), discount("itemTotal", "5", new(0)), back("", "5", new(0)), back("price", "5", nil),
		}, nil, "/effects/3/props"},
		{"more than there is", []integration.EffectProps{
			discount("price", "5", new(0)), back("price", "5.01", new(0)),
		}, nil, "/effects/1/props"},
		{"surcharges", []integration.EffectProps{
			discount("price", "5", new(0)), discount("price", "-5", new(0)), back("price", "-4", new(0)),
		}, []string{"5", "-1"}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, err := integration.NewReceipt(session(nil, item("A", 2, "10")), effects(tc.list...))
			if tc.refused != "" {
				require.ErrorIs(t, err, integration.ErrNothingToRollBack)
				e, _ := errors.AsType[*integration.ReceiptError](err)
				require.Equal(t, tc.refused, e.Path)
				return
			}
			require.NoError(t, err)
			checkSums(t, *r)
			var left []string
			for _, d := range r.Lines[0].Discounts {
				left = append(left, jsonwire.DecimalText(d.Amount))
			}
			require.Equal(t, tc.want, left)
		})
	}
}

// TestReceiptRollbackOfMore distinguishes a rollback without a discount from one that is larger than the discount.
func TestReceiptRollbackOfMore(t *testing.T) {
	cart := session(nil, item("A", 2, "10"))
	discount := &integration.SetDiscount{Name: "n", Value: dec("5")}
	_, err := integration.NewReceipt(cart, effects(discount, &integration.RollbackDiscount{Name: "n", Value: dec("5.01")}))
	require.ErrorIs(t, err, integration.ErrNothingToRollBack)
	_, err = integration.NewReceipt(cart, effects(discount, &integration.RollbackDiscount{Name: "m", Value: dec("5")}))
	require.ErrorIs(t, err, integration.ErrNothingToRollBack)
}

// TestReceiptRollbackOfMany has rollbacks that do not name the unit or the scope of a discount. The time must grow linearly
// with their number.
func TestReceiptRollbackOfMany(t *testing.T) {
	const many = 20_000
	var list []integration.EffectProps
	for i := range many {
		list = append(list, &integration.SetDiscountPerItem{Name: "n", Value: dec("5"), SubPosition: &i, Scope: integration.DiscountScope(fmt.Sprint("s", i))})
	}
	for i := range many {
		switch i % 2 {
		case 0:
			list = append(list, &integration.RollbackDiscount{Name: "n", Value: dec("5"), CartItemPosition: new(0), Scope: integration.DiscountScope(fmt.Sprint("s", i))})
		case 1:
			list = append(list, &integration.RollbackDiscount{Name: "n", Value: dec("5"), CartItemPosition: new(0), CartItemSubPosition: &i})
		}
	}
	r, err := integration.NewReceipt(session(nil, item("A", many, "10")), effects(list...))
	require.NoError(t, err)
	assert.True(t, r.DiscountTotal.IsZero())
}
