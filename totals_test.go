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

// amount parses an amount in JSON.
func amount(t testing.TB, text string) decimal.Decimal {
	t.Helper()
	var c talonone.AdditionalCost
	require.NoError(t, c.UnmarshalJSON([]byte(`{"price":`+text+`}`)))
	return c.Price
}

// amountText returns an amount as JSON.
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

func TestCheckTotalsWithin(t *testing.T) {
	// A price of one third with the 16 digits of the API's own arithmetic.
	thirds := talonone.CustomerSessionV2{
		CartItems:       []talonone.CartItem{{SKU: "sku", Quantity: 3, Price: new(amount(t, "33.333333333333336"))}},
		AdditionalCosts: costs(t, "5.99"),
		CartItemTotal:   amount(t, "100.0000000000000"), AdditionalCostTotal: amount(t, "5.99"), Total: amount(t, "105.9900000000000"),
		CartItemAdditionalCostTotal: new(amount(t, "0")),
	}
	for _, tt := range []struct {
		tolerance decimal.Decimal
		want      []string
	}{
		{amount(t, "0"), []string{"cartItemTotal", "total"}},
		{amount(t, "7e-15"), []string{"cartItemTotal", "total"}},
		{amount(t, "8e-15"), nil},
		{amount(t, "0.005"), nil},
		{amount(t, "-0.005"), []string{"cartItemTotal", "total"}},
		{decimal.New(1, math.MaxInt32), []string{"cartItemTotal", "total"}},
		{decimal.New(1, math.MinInt32), []string{"cartItemTotal", "total"}},
		{decimal.New(-1, math.MaxInt32), []string{"cartItemTotal", "total"}},
	} {
		require.Equal(t, tt.want, mismatches(thirds.CheckTotalsWithin(tt.tolerance)), tt.tolerance.Exponent())
	}
	require.Equal(t, mismatches(thirds.CheckTotals()), mismatches(thirds.CheckTotalsWithin(decimal.Zero)))

	// From both sides, and for each total.
	s := talonone.CustomerSessionV2{
		CartItems:       []talonone.CartItem{{SKU: "sku", Quantity: 1, Price: new(amount(t, "10")), AdditionalCosts: costs(t, "2")}},
		AdditionalCosts: costs(t, "3"),
		CartItemTotal:   amount(t, "10.01"), AdditionalCostTotal: amount(t, "2.99"), Total: amount(t, "14.98"),
		CartItemAdditionalCostTotal: new(amount(t, "2.02")),
	}
	require.Equal(t, []string{"cartItemAdditionalCostTotal", "total"}, mismatches(s.CheckTotalsWithin(amount(t, "0.01"))))
	require.NoError(t, s.CheckTotalsWithin(amount(t, "0.02")))
	s.CartItemAdditionalCostTotal, s.Total = nil, amount(t, "13.01")
	require.NoError(t, s.CheckTotalsWithin(amount(t, "0.01")), "a total without the items' costs")
	s.Total = amount(t, "13.02")
	require.Equal(t, []string{"total"}, mismatches(s.CheckTotalsWithin(amount(t, "0.01"))))
}

// mismatches returns the names of the totals that differ.
func mismatches(err error) (names []string) {
	if differs, ok := errors.AsType[*talonone.TotalsError](err); ok {
		for _, m := range differs.Mismatches {
			names = append(names, m.Name)
		}
	}
	return names
}

// TestItemCostsOnceALineOrOnceAUnit has stated totals that decide how the costs of items count.
func TestItemCostsOnceALineOrOnceAUnit(t *testing.T) {
	line := func(quantity int, returned *int, itemCosts ...string) talonone.CartItem {
		return talonone.CartItem{SKU: "sku", Quantity: quantity, ReturnedQuantity: returned, Price: new(amount(t, "1")), AdditionalCosts: costs(t, itemCosts...)}
	}
	left := func(i talonone.CartItem, remaining int) talonone.CartItem {
		i.RemainingQuantity = &remaining
		return i
	}
	for _, tt := range []struct {
		name   string
		items  []talonone.CartItem
		stated string // empty: none
		want   string
	}{
		{"nothing stated", []talonone.CartItem{line(3, nil, "2.00")}, "", "2.00"},
		{"right once a line", []talonone.CartItem{line(3, nil, "2.00")}, "2", "2.00"},
		{"right once a unit", []talonone.CartItem{line(3, nil, "2.00")}, "6", "6.00"},
		{"right in neither way", []talonone.CartItem{line(3, nil, "2.00")}, "5", "2.00"},
		{"right in both ways", []talonone.CartItem{line(1, nil, "2.00")}, "2", "2.00"},
		{"right in both ways, with a negative cost", []talonone.CartItem{line(3, nil, "2.00"), line(2, nil, "-4.00")}, "-2", "-2.00"},
		{"several lines and costs", []talonone.CartItem{line(3, nil, "2.00", "0.50"), line(1, nil, "1"), line(5, nil)}, "8.5", "8.50"},
		{"noise of 16 digits", []talonone.CartItem{line(3, nil, "3.333333333333333")}, "10.00000000000000", "9.999999999999999"},
		{"noise of a binary fraction", []talonone.CartItem{line(3, nil, "0.1")}, "0.30000000000000004", "0.3"},
		{"noise once a line", []talonone.CartItem{line(3, nil, "0.1", "0.2")}, "0.30000000000000004", "0.3"},
		{"more than noise", []talonone.CartItem{line(3, nil, "2.00")}, "6.0000000001", "2.00"},
		{"zero", []talonone.CartItem{line(3, nil, "2.00")}, "0", "2.00"},
		{"after a return, of what was bought", []talonone.CartItem{line(3, new(1), "2.00")}, "6", "6.00"},
		{"after a return, of what is left", []talonone.CartItem{line(4, new(1), "2.00")}, "6", "8.00"},
		{"the same, by what remains", []talonone.CartItem{left(line(4, nil, "2.00"), 3)}, "6", "8.00"},
		{"after a return, once a line", []talonone.CartItem{line(2, nil, "3"), line(1, new(1), "3")}, "3", "6"},
	} {
		s := talonone.CustomerSessionV2{CartItems: tt.items}
		if tt.stated != "" {
			s.CartItemAdditionalCostTotal = new(amount(t, tt.stated))
		}
		got := s.ComputeTotals()
		require.Equal(t, tt.want, amountText(t, got.CartItemAdditionalCostTotal), tt.name)
		require.True(t, got.Total.Equal(got.CartItemTotal.Add(got.CartItemAdditionalCostTotal)), tt.name)
	}
	for _, exp := range []int32{math.MinInt32, math.MaxInt32} {
		s := talonone.CustomerSessionV2{CartItems: []talonone.CartItem{line(3, nil, "2.00")}, CartItemAdditionalCostTotal: new(decimal.New(6, exp))}
		require.Equal(t, "2.00", amountText(t, s.ComputeTotals().CartItemAdditionalCostTotal))
	}

	// The tolerance does not influence how costs count.
	s := talonone.CustomerSessionV2{
		CartItems:     []talonone.CartItem{line(3, nil, "0.333")},
		CartItemTotal: amount(t, "3"), Total: amount(t, "4"), CartItemAdditionalCostTotal: new(amount(t, "1.00")),
	}
	require.Equal(t, []string{"cartItemAdditionalCostTotal", "total"}, mismatches(s.CheckTotalsWithin(amount(t, "0.005"))))
}

// TestCheckTotalsWithHostileExponents checks that any exponents are handled fast.
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

// A price of one third has endless digits. The API states totals with 16 digits.
func ExampleCustomerSessionV2_CheckTotalsWithin() {
	session := talonone.CustomerSessionV2{
		CartItems:     []talonone.CartItem{{SKU: "shoe", Quantity: 3, Price: new(decimal.RequireFromString("33.333333333333336"))}},
		CartItemTotal: decimal.New(100, 0),
		Total:         decimal.New(100, 0),
	}
	fmt.Println(session.CheckTotals() == nil)
	fmt.Println(session.CheckTotalsWithin(decimal.New(5, -3)) == nil)
	// Output:
	// false
	// true
}
