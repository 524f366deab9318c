package integration_test

import (
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// readCase reads an answer from testdata.
func readCase(t testing.TB, name string) (state integration.IntegrationState) {
	t.Helper()
	text, err := os.ReadFile("testdata/cases/" + name)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &state))
	return state
}

// TestReceiptOfItemCostsPerUnit has an answer whose total of item costs is right only once a unit, with a discount on
// the cost of each unit.
func TestReceiptOfItemCostsPerUnit(t *testing.T) {
	state := readCase(t, "item-cost-per-unit.json")
	r, err := integration.NewReceipt(state.CustomerSession, state.Effects)
	require.NoError(t, err)
	checkShown(t, "once a unit", `
			3 MUG 30 - 0 = 30
			  + giftWrap 6.00 - 6.00 = 0.00
			    0 "free wrap#0" of unit 0: 2.00
			    1 "free wrap#0" of unit 1: 2.00
			    2 "free wrap#0" of unit 2: 2.00
			36.00 - 6.00 = 30.00
			`, *r)
	checkSums(t, *r)
	assert.Nil(t, r.Overdiscounted())
	assert.Nil(t, r.Round(2).Overdiscounted())
	require.NoError(t, state.CustomerSession.CheckTotals())
}

// TestReceiptOfSixteenDigits has prices and discounts that are thirds with 16 significant digits. The exact receipt
// takes off more than the line costs, the rounded one does not.
func TestReceiptOfSixteenDigits(t *testing.T) {
	state := readCase(t, "sixteen-digits.json")
	require.Error(t, state.CustomerSession.CheckTotals())
	r, err := integration.NewReceipt(state.CustomerSession, state.Effects)
	require.NoError(t, err)
	assert.Equal(t, []string{"/cartItems/0"}, r.Overdiscounted(), "by 12e-15")
	rounded := r.Round(2)
	assert.Equal(t, "5.99", jsonwire.DecimalText(rounded.Total))
	assert.Nil(t, rounded.Overdiscounted())
}

func TestReceiptAfterAReturn(t *testing.T) {
	perUnit := func(total string, items ...talonone.CartItem) *talonone.CustomerSessionV2 {
		s := session(nil, items...)
		s.CartItemAdditionalCostTotal = new(dec(total))
		return s
	}
	for _, tc := range []struct {
		name    string
		session *talonone.CustomerSessionV2
		effects []integration.Effect
		want    string
	}{
		{"both quantities", session(nil, returned(3, new(2), new(1))), nil, `
			1 BACK (2 returned) 10.00 - 0 = 10.00
			10.00 - 0.00 = 10.00
			`},
		{"only what came back", session(nil, returned(3, new(1), nil)), nil, `
			2 BACK (1 returned) 20.00 - 0 = 20.00
			20.00 - 0.00 = 20.00
			`},
		{"only what is left", session(nil, returned(3, nil, new(1))), nil, `
			1 BACK (2 returned) 10.00 - 0 = 10.00
			10.00 - 0.00 = 10.00
			`},
		{"nothing came back", session(nil, returned(3, new(0), new(3)), returned(2, new(0), nil), returned(1, nil, new(1)), returned(-1, new(0), new(-1))), nil, `
			3 BACK 30.00 - 0 = 30.00
			2 BACK 20.00 - 0 = 20.00
			1 BACK 10.00 - 0 = 10.00
			-1 BACK -10.00 - 0 = -10.00
			50.00 - 0.00 = 50.00
			`},
		{"a discount on the last unit, where another came back", session(nil, returned(3, new(1), new(2))), effects(
			&integration.SetDiscountPerItem{Name: "a", Value: dec("1.00"), SubPosition: new(2)},
		), `
			2 BACK (1 returned) 20.00 - 1.00 = 19.00
			  0 "a" of unit 2: 1.00
			20.00 - 1.00 = 19.00
			`},
		{"costs of the session, and of a line of which a unit is left", session([]string{"shipping", "5"}, returned(3, new(2), nil, "wrap", "2.00")), nil, `
			1 BACK (2 returned) 10.00 - 0 = 10.00
			  + wrap 2.00 - 0 = 2.00
			+ shipping 5 - 0 = 5
			17.00 - 0.00 = 17.00
			`},
		{"a line that came back as a whole costs nothing", session([]string{"shipping", "5"}, returned(3, new(3), nil, "wrap", "2.00")), nil, `
			0 BACK (3 returned) 0.00 - 0 = 0.00
			  + wrap 0.00 - 0 = 0.00
			+ shipping 5 - 0 = 5
			5.00 - 0.00 = 5.00
			`},
		{"costs once a unit, by a total of what was bought", perUnit("6", returned(3, new(1), nil, "wrap", "2.00")), effects(
			&integration.SetDiscountPerAdditionalCostPerItem{Name: "a", Value: dec("2.00"), AdditionalCost: "wrap", SubPosition: new(2)},
		), `
			2 BACK (1 returned) 20.00 - 0 = 20.00
			  + wrap 4.00 - 2.00 = 2.00
			    0 "a" of unit 2: 2.00
			24.00 - 2.00 = 22.00
			`},
		{"costs once a unit, by a total of what is left", perUnit("4", returned(3, nil, new(2), "wrap", "2.00")), nil, `
			2 BACK (1 returned) 20.00 - 0 = 20.00
			  + wrap 4.00 - 0 = 4.00
			24.00 - 0.00 = 24.00
			`},
		{"costs once a line, by a total of the lines of which a unit is left", perUnit("3", returned(2, nil, nil, "wrap", "3"), returned(1, new(1), nil, "wrap", "3")), nil, `
			2 BACK 20.00 - 0 = 20.00
			  + wrap 3 - 0 = 3
			0 BACK (1 returned) 0.00 - 0 = 0.00
			  + wrap 0 - 0 = 0
			23.00 - 0.00 = 23.00
			`},
	} {
		r, err := integration.NewReceipt(tc.session, tc.effects)
		require.NoError(t, err, tc.name)
		checkShown(t, tc.name, tc.want, *r)
		checkSums(t, *r)
		checkSums(t, r.Round(0))
		assert.Equal(t, r.Lines[0].Returned, r.Round(0).Lines[0].Returned, tc.name)
		assert.Nil(t, r.Overdiscounted(), tc.name)
	}
}

// TestReceiptOfACostOnceAUnit has discounts on one unit's cost.
func TestReceiptOfACostOnceAUnit(t *testing.T) {
	cart := session(nil, item("MUG", 3, "10", "wrap", "2", "card", "1"))
	cost := func(value string, unit *int) *integration.SetDiscountPerAdditionalCostPerItem {
		return &integration.SetDiscountPerAdditionalCostPerItem{Value: dec(value), AdditionalCost: "wrap", SubPosition: unit}
	}
	onItem := func(value, scope string, unit *int) *integration.SetDiscountPerItem {
		return &integration.SetDiscountPerItem{Value: dec(value), Scope: integration.DiscountScope(scope), SubPosition: unit}
	}
	const line, wrap = "/cartItems/0", "/cartItems/0/additionalCosts/wrap"
	for _, tc := range []struct {
		name             string
		effects          []integration.Effect
		perLine, perUnit []string
	}{
		{"a unit's cost in full", effects(cost("2", new(1))), nil, nil},
		{"more than a unit's cost", effects(cost("2.5", new(1))), []string{wrap}, []string{wrap}},
		{"the cost of two units", effects(cost("2", new(0)), cost("2", new(1))), []string{wrap}, nil},
		{"the cost of the line", effects(cost("6", nil)), []string{wrap}, nil},
		{"more than the cost of the line", effects(cost("6.5", nil)), []string{wrap}, []string{wrap}},
		{"the costs of a unit in full", effects(onItem("3", "additionalCosts", new(1))), nil, nil},
		{"more than the costs of a unit", effects(onItem("3.5", "additionalCosts", new(1))), []string{line}, []string{line}},
		{"what is left of the costs of a unit", effects(onItem("1", "additionalCosts", new(1)), cost("2", new(1))), nil, nil},
		{"more than is left of the costs of a unit", effects(onItem("1.5", "additionalCosts", new(1)), cost("2", new(1))), []string{line}, []string{line}},
		{"another unit's costs", effects(onItem("3", "additionalCosts", new(0)), cost("2", new(1))), []string{line}, nil},
		{"a unit with its costs in full", effects(onItem("13", "itemTotal", new(1))), nil, nil},
		{"more than a unit with its costs", effects(onItem("13.5", "itemTotal", new(1))), []string{line}, []string{line}},
		{"a discount on the line's cost, which is not spread over its units", effects(cost("6", nil), onItem("1.5", "additionalCosts", new(1))), []string{line, wrap}, nil},
	} {
		s := cart.Clone()
		s.CartItemAdditionalCostTotal = new(dec("3"))
		r, err := integration.NewReceipt(&s, tc.effects)
		require.NoError(t, err, tc.name)
		assert.Equal(t, tc.perLine, r.Overdiscounted(), tc.name)
		s.CartItemAdditionalCostTotal = new(dec("9"))
		r, err = integration.NewReceipt(&s, tc.effects)
		require.NoError(t, err, tc.name)
		assert.Equal(t, tc.perUnit, r.Overdiscounted(), tc.name)
	}
}

// TestOverdiscountedWhenRounded has discounts that are too large only before rounding, or still after it.
func TestOverdiscountedWhenRounded(t *testing.T) {
	third := "33.333333333333336"
	unit := func(value string, unit int) *integration.SetDiscountPerItem {
		return &integration.SetDiscountPerItem{Value: dec(value), SubPosition: &unit}
	}
	line := []string{"/cartItems/0"}
	for _, tc := range []struct {
		name           string
		session        *talonone.CustomerSessionV2
		effects        []integration.Effect
		exact, rounded []string
	}{
		{"a line, by noise", session(nil, item("A", 3, third)), effects(&integration.SetDiscountPerItem{Value: dec("100.0000000000001")}), line, nil},
		{"a line, by a cent", session(nil, item("A", 3, third)), effects(&integration.SetDiscountPerItem{Value: dec("100.01")}), line, line},
		{"a unit, by noise", session(nil, item("A", 3, third)), effects(unit("33.33333333333334", 1)), line, nil},
		{"a unit, by three discounts and noise", session(nil, item("A", 2, "10")), effects(unit("3.3333333333333334", 1), unit("3.3333333333333334", 1), unit("3.3333333333333334", 1)), line, nil},
		{"a unit, by less than half a cent", session(nil, item("A", 2, "10")), effects(unit("10.0049", 0)), line, nil},
		{"a unit, by half a cent", session(nil, item("A", 2, "10")), effects(unit("10.005", 0)), line, line},
		{"a cost, by noise", session([]string{"fee", "0.1"}), effects(&integration.SetDiscountPerAdditionalCost{AdditionalCost: "fee", Value: dec("0.1000000000000001")}), []string{"/additionalCosts/fee"}, nil},
		{"the session, by noise", session(nil, item("A", 1, "0.3")), effects(&integration.SetDiscount{Value: dec("0.30000000000000004")}), []string{""}, nil},
		{"the session, by a cent", session(nil, item("A", 1, "0.3")), effects(&integration.SetDiscount{Value: dec("0.31")}), []string{""}, []string{""}},
	} {
		r, err := integration.NewReceipt(tc.session, tc.effects)
		require.NoError(t, err, tc.name)
		assert.Equal(t, tc.exact, r.Overdiscounted(), tc.name)
		assert.Equal(t, tc.rounded, r.Round(2).Overdiscounted(), tc.name)
	}
	// Steps of every size, up to one that is more than any amount.
	r, err := integration.NewReceipt(session(nil, item("A", 2, "10.00")), effects(unit("10.50", 0)))
	require.NoError(t, err)
	for places, want := range map[int32][]string{math.MaxInt32: line, 1: line, 0: line, -1: nil, -4096: nil, -4097: nil, math.MinInt32: nil} {
		assert.Equal(t, want, r.Round(places).Overdiscounted(), places)
	}
}

// TestOverdiscountedOfHostileAmounts checks that Overdiscounted is fast for any amounts in a handmade receipt.
func TestOverdiscountedOfHostileAmounts(t *testing.T) {
	type (
		discounts = []integration.ReceiptDiscount
		costs     = map[string]integration.ReceiptCost
	)
	digits := func(n int64) decimal.Decimal {
		return decimal.NewFromBigInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(n-1), nil), -100)
	}
	receipts := func(d decimal.Decimal) []integration.Receipt {
		return []integration.Receipt{
			{Lines: []integration.ReceiptLine{{Subtotal: d}}},
			{Lines: []integration.ReceiptLine{{Discounts: discounts{{Unit: -1, Amount: d}}}}},
			{Lines: []integration.ReceiptLine{{AdditionalCosts: costs{"a": {Subtotal: d}}}}},
			{AdditionalCosts: costs{"a": {Discount: d}}},
			{AdditionalCosts: costs{"a": {Total: d}}},
			{Discounts: discounts{{Unit: -1, Amount: d}}},
		}
	}
	exceeded := integration.ReceiptLine{Discounts: discounts{{Unit: -1, Amount: dec("1")}}}
	for _, d := range []decimal.Decimal{
		decimal.New(1, math.MaxInt32), decimal.New(1, math.MinInt32), decimal.New(1, 4097), decimal.New(1, -4097), digits(8193),
	} {
		for i, r := range receipts(d) {
			r.Lines = append(r.Lines, exceeded)
			assert.Nil(t, r.Overdiscounted(), i)
		}
	}
	for _, d := range []decimal.Decimal{decimal.New(1, 4096), decimal.New(1, -4096), digits(8192)} {
		for i, r := range receipts(d) {
			r.Lines = append(r.Lines, exceeded)
			assert.NotNil(t, r.Overdiscounted(), i)
		}
	}
}

func TestReceiptPayable(t *testing.T) {
	for total, want := range map[string]string{"5.50": "5.50", "0.00": "0.00", "-0.01": "0", "-5": "0"} {
		assert.Equal(t, want, jsonwire.DecimalText(integration.Receipt{Total: dec(total)}.Payable()), total)
	}
}

// TestNoiseOfHalfCents has orders whose discounts are percentages, as a rule engine calculates them with binary fractions. The
// amount to pay is often half a cent, or half a cent with noise. If it is first rounded to 8 places, every total equals that of
// an exact calculation.
func TestNoiseOfHalfCents(t *testing.T) {
	t.Parallel()
	const orders = 2_000
	rnd := rand.New(rand.NewPCG(5, 6))
	once, twice := 0, 0
	for range orders {
		s := &talonone.CustomerSessionV2{}
		var list []integration.Effect
		var exact decimal.Decimal
		percent := 1 + rnd.Int64N(99)
		for i := range 1 + rnd.IntN(20) {
			cents := 1 + rnd.Int64N(1_000_000)
			price := decimal.New(cents, -2)
			s.CartItems = append(s.CartItems, talonone.CartItem{SKU: "A", Quantity: 1, Price: &price})
			off := float64(cents) / 100 * float64(percent) / 100 // the noise is wanted
			list = append(list, integration.Effect{Props: &integration.SetDiscountPerItem{
				Name: "off", Position: i, Value: dec(strconv.FormatFloat(off, 'f', -1, 64)),
			}})
			exact = exact.Add(decimal.New(cents*(100-percent), -4))
		}
		r, err := integration.NewReceipt(s, list)
		require.NoError(t, err)
		want := exact.Round(2)
		if !want.Equal(r.Round(2).Total) {
			once++
		}
		rounded := r.Round(8).Round(2)
		checkSums(t, rounded)
		if !want.Equal(rounded.Total) {
			twice++
		}
	}
	t.Logf("of %d totals, %d are a cent off when rounded once, %d when rounded to 8 places before", orders, once, twice)
	assert.Positive(t, once, "the noise matters")
	assert.Zero(t, twice)
}
