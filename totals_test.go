package talonone_test

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// amount reads what an amount is written as in JSON.
func amount(t testing.TB, text string) decimal.Decimal {
	t.Helper()
	var c talonone.AdditionalCost
	require.NoError(t, c.UnmarshalJSON([]byte(`{"price":`+text+`}`)))
	return c.Price
}

// amountText returns what an amount is written as in JSON.
func amountText(t testing.TB, d decimal.Decimal) string {
	t.Helper()
	text, err := talonone.AdditionalCost{Price: d}.AppendJSON(nil)
	require.NoError(t, err)
	return strings.TrimSuffix(strings.TrimPrefix(string(text), `{"price":`), "}")
}

func costs(t testing.TB, prices ...string) map[string]talonone.AdditionalCost {
	t.Helper()
	m := map[string]talonone.AdditionalCost{}
	for i, price := range prices {
		m[fmt.Sprint(i)] = talonone.AdditionalCost{Price: amount(t, price)}
	}
	return m
}

func TestComputeTotals(t *testing.T) {
	line := func(quantity int, price string, itemCosts ...string) talonone.CartItem {
		return talonone.CartItem{SKU: "sku", Quantity: quantity, Price: new(amount(t, price)), AdditionalCosts: costs(t, itemCosts...)}
	}
	huge := talonone.CartItem{SKU: "sku", Quantity: 3, Price: &huge, AdditionalCosts: map[string]talonone.AdditionalCost{
		"huge": {Price: huge}, "tiny": {Price: decimal.New(1, math.MinInt32)}, "zero": {Price: decimal.New(0, math.MaxInt32)},
		"small zero": {Price: decimal.New(0, math.MinInt32)}, "fine": {Price: decimal.New(25, -2)},
	}}
	for _, tt := range []struct {
		name  string
		items []talonone.CartItem
		costs map[string]talonone.AdditionalCost
		want  [4]string // items, costs, items' costs, all
	}{
		{"nothing", nil, nil, [4]string{"0", "0", "0", "0"}},
		{"what floats get wrong", []talonone.CartItem{line(3, "0.1"), line(1, "0.2")}, costs(t, "0.1", "0.2"),
			[4]string{"0.5", "0.3", "0", "0.8"}},
		{"a thousand tenths", slices.Repeat([]talonone.CartItem{line(1, "0.1")}, 1000), nil, [4]string{"100.0", "0", "0", "100.0"}},
		{"scales are kept", []talonone.CartItem{line(2, "5.50"), line(1, "1")}, costs(t, "1.000"),
			[4]string{"12.00", "1.000", "0", "13.000"}},
		{"costs count once a line", []talonone.CartItem{line(10, "9.99", "1.50", "2.25")}, costs(t, "5"),
			[4]string{"99.90", "5", "3.75", "108.65"}},
		{"a nil price", []talonone.CartItem{{SKU: "sku", Quantity: 7}, line(1, "2.5")}, nil, [4]string{"2.5", "0", "0", "2.5"}},
		{"quantities as they are", []talonone.CartItem{line(0, "9.99"), line(-2, "1.25"), line(1, "10")}, nil,
			[4]string{"7.50", "0", "0", "7.50"}},
		{"negative amounts", []talonone.CartItem{line(2, "-1.25", "-0.5")}, costs(t, "-3"), [4]string{"-2.50", "-3", "-0.5", "-6.00"}},
		{"returns are not deducted", []talonone.CartItem{
			{Quantity: 5, ReturnedQuantity: new(2), RemainingQuantity: new(3), Price: new(amount(t, "2"))},
		}, nil, [4]string{"10", "0", "0", "10"}},
		{"large and small", []talonone.CartItem{line(1, "99999999999999999999999999.99"), line(1, "0.000000000000000000001")}, nil,
			[4]string{"99999999999999999999999999.990000000000000000001", "0", "0", "99999999999999999999999999.990000000000000000001"}},
		{"zeros keep their scale", []talonone.CartItem{line(2, "0.00", "0.0")}, costs(t, "0.000"), [4]string{"0.00", "0.000", "0.0", "0.000"}},
		{"amounts past the limit", []talonone.CartItem{huge, line(1, "1")}, costs(t, "1"), [4]string{"1", "1", "0.25", "2.25"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := talonone.CustomerSessionV2{CartItems: tt.items, AdditionalCosts: tt.costs}
			got := s.ComputeTotals()
			require.Equal(t, tt.want, [4]string{
				amountText(t, got.CartItemTotal), amountText(t, got.AdditionalCostTotal),
				amountText(t, got.CartItemAdditionalCostTotal), amountText(t, got.Total),
			})

			s.CartItemTotal, s.AdditionalCostTotal, s.Total = got.CartItemTotal, got.AdditionalCostTotal, got.Total
			require.NoError(t, s.CheckTotals(), "cartItemAdditionalCostTotal may be absent")
			s.CartItemAdditionalCostTotal = &got.CartItemAdditionalCostTotal
			require.NoError(t, s.CheckTotals())
		})
	}
}

func TestComputeTotalsWithLargestQuantities(t *testing.T) {
	for _, quantity := range []int{math.MaxInt, math.MinInt} {
		s := talonone.CustomerSessionV2{CartItems: slices.Repeat([]talonone.CartItem{{Quantity: quantity, Price: new(decimal.New(1, 0))}}, 3)}
		want := new(big.Int).Mul(big.NewInt(int64(quantity)), big.NewInt(3))
		require.Equal(t, want.String(), amountText(t, s.ComputeTotals().Total))
	}
}

// TestTotalsOfEveryScale adds up the extremes that can be sent.
func TestTotalsOfEveryScale(t *testing.T) {
	low, high := amount(t, "1e-1022"), amount(t, "1e1023")
	s := talonone.CustomerSessionV2{CartItems: []talonone.CartItem{{Quantity: 1, Price: &low}, {Quantity: 1, Price: &high}}}
	want := decimal.NewFromBigInt(new(big.Int).Add(new(big.Int).Exp(big.NewInt(10), big.NewInt(2045), nil), big.NewInt(1)), -1022)
	require.True(t, want.Equal(s.ComputeTotals().Total))
	s.Total, s.CartItemTotal = want, want
	require.NoError(t, s.CheckTotals(), "it may be more than could be sent")
}

func TestCheckTotals(t *testing.T) {
	good := talonone.CustomerSessionV2{
		CartItems: []talonone.CartItem{
			{SKU: "sku", Quantity: 1, Price: new(amount(t, "99.99")), AdditionalCosts: costs(t, "15")},
		},
		AdditionalCosts: costs(t, "20"),
		CartItemTotal:   amount(t, "99.990"), AdditionalCostTotal: amount(t, "2e1"), Total: amount(t, "134.99"),
		CartItemAdditionalCostTotal: new(amount(t, "15.00")),
	}
	var err error = good.CheckTotals()
	require.True(t, err == nil, "values are compared, not texts")

	for _, tt := range []struct {
		name   string
		change func(s *talonone.CustomerSessionV2)
		want   []string
	}{
		{"items", func(s *talonone.CustomerSessionV2) { s.CartItemTotal = amount(t, "99.98") }, []string{"cartItemTotal 99.98 99.99"}},
		{"costs", func(s *talonone.CustomerSessionV2) { s.AdditionalCostTotal = amount(t, "0") },
			[]string{"additionalCostTotal 0 20"}},
		{"items' costs", func(s *talonone.CustomerSessionV2) { s.CartItemAdditionalCostTotal = new(amount(t, "0")) },
			[]string{"cartItemAdditionalCostTotal 0 15"}},
		{"no items' costs", func(s *talonone.CustomerSessionV2) { s.CartItemAdditionalCostTotal = nil }, nil},
		{"no items' costs, and a total from before they counted", func(s *talonone.CustomerSessionV2) {
			s.CartItemAdditionalCostTotal, s.Total = nil, amount(t, "119.99")
		}, nil},
		{"items' costs, and a total without them", func(s *talonone.CustomerSessionV2) { s.Total = amount(t, "119.99") },
			[]string{"total 119.99 134.99"}},
		{"no items' costs, and another total", func(s *talonone.CustomerSessionV2) {
			s.CartItemAdditionalCostTotal, s.Total = nil, amount(t, "115")
		}, []string{"total 115 134.99"}},
		{"all", func(s *talonone.CustomerSessionV2) {
			*s = talonone.CustomerSessionV2{
				CartItems: s.CartItems, AdditionalCosts: s.AdditionalCosts, CartItemAdditionalCostTotal: new(decimal.Decimal),
			}
		}, []string{"cartItemTotal 0 99.99", "additionalCostTotal 0 20", "cartItemAdditionalCostTotal 0 15", "total 0 134.99"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := good
			tt.change(&s)
			err := s.CheckTotals()
			if tt.want == nil {
				require.True(t, err == nil)
				return
			}
			var differs *talonone.TotalsError
			require.ErrorAs(t, fmt.Errorf("checkout: %w", err), &differs)
			var got []string
			for _, m := range differs.Mismatches {
				got = append(got, m.Name+" "+amountText(t, m.Stated)+" "+amountText(t, m.Computed))
			}
			require.Equal(t, tt.want, got)
		})
	}
}

// TestCheckTotalsWithHostileExponents ends at once, whatever the exponents.
func TestCheckTotalsWithHostileExponents(t *testing.T) {
	for _, exp := range []int32{math.MinInt32, -2_000_000_000, 2_000_000_000, math.MaxInt32} {
		for _, coefficient := range []int64{-1, 1, math.MaxInt64} {
			stated := decimal.New(coefficient, exp)
			s := talonone.CustomerSessionV2{
				CartItems: []talonone.CartItem{{Quantity: 1, Price: &stated}, {Quantity: 2, Price: new(decimal.New(5, -1))}},
				Total:     stated, CartItemTotal: decimal.New(1, 0),
			}
			err := s.CheckTotals()
			require.EqualError(t, err, "talonone: totals differ: total is stated as out of range, computed as 1.0")
		}
		zero := talonone.CustomerSessionV2{Total: decimal.New(0, exp)}
		require.NoError(t, zero.CheckTotals())
	}
}

func TestTotalsErrorText(t *testing.T) {
	err := &talonone.TotalsError{Mismatches: []talonone.TotalMismatch{
		{Name: "cartItemTotal", Stated: amount(t, "5.50"), Computed: amount(t, "5")},
		{Name: "total", Stated: amount(t, strings.Repeat("9", 100)), Computed: amount(t, "-0.1")},
		{Name: "additionalCostTotal", Stated: amount(t, strings.Repeat("9", 64)), Computed: amount(t, strings.Repeat("9", 65))},
	}}
	require.EqualError(t, err, "talonone: totals differ: cartItemTotal is stated as 5.50, computed as 5; "+
		"total is stated as "+strings.Repeat("9", 64)+"..., computed as -0.1; "+
		"additionalCostTotal is stated as "+strings.Repeat("9", 64)+", computed as "+strings.Repeat("9", 64)+"...")
}

func ExampleTotals() {
	session := talonone.CustomerSessionV2{
		CartItems: []talonone.CartItem{
			{SKU: "shoe", Quantity: 3, Price: new(decimal.New(1999, -2))},
		},
		AdditionalCosts: map[string]talonone.AdditionalCost{"shipping": {Price: decimal.New(490, -2)}},
	}
	totals := session.ComputeTotals()
	fmt.Println(totals.CartItemTotal.StringFixed(2), totals.AdditionalCostTotal.StringFixed(2), totals.Total.StringFixed(2))
	// Output: 59.97 4.90 64.87
}

func ExampleTotalsError() {
	session := talonone.CustomerSessionV2{
		CartItems:     []talonone.CartItem{{SKU: "shoe", Quantity: 2, Price: new(decimal.New(1999, -2))}},
		CartItemTotal: decimal.New(3998, -2),
		Total:         decimal.New(3999, -2),
	}
	err := session.CheckTotals()
	fmt.Println(err)
	if differs, ok := errors.AsType[*talonone.TotalsError](err); ok {
		fmt.Println(len(differs.Mismatches))
	}
	// Output:
	// talonone: totals differ: total is stated as 39.99, computed as 39.98
	// 1
}

func ExampleTotalMismatch() {
	session := talonone.CustomerSessionV2{Total: decimal.New(5, 0)}
	if differs, ok := errors.AsType[*talonone.TotalsError](session.CheckTotals()); ok {
		for _, mismatch := range differs.Mismatches {
			fmt.Println(mismatch.Name, "is off by", mismatch.Stated.Sub(mismatch.Computed))
		}
	}
	// Output: total is off by 5
}
