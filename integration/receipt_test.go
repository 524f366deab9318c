package integration_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// item returns a cart item; costs are pairs of a name and an amount.
func item(sku string, quantity int, price string, costs ...string) talonone.CartItem {
	return talonone.CartItem{SKU: sku, Quantity: quantity, Price: new(dec(price)), AdditionalCosts: costMap(costs)}
}

// returned returns an item with returned units.
func returned(quantity int, returned, remaining *int, costs ...string) talonone.CartItem {
	i := item("BACK", quantity, "10.00", costs...)
	i.ReturnedQuantity, i.RemainingQuantity = returned, remaining
	return i
}

func costMap(costs []string) map[string]talonone.AdditionalCost {
	if len(costs) == 0 {
		return nil
	}
	m := map[string]talonone.AdditionalCost{}
	for i := 0; i < len(costs); i += 2 {
		m[costs[i]] = talonone.AdditionalCost{Price: dec(costs[i+1])}
	}
	return m
}

func session(costs []string, items ...talonone.CartItem) *talonone.CustomerSessionV2 {
	return &talonone.CustomerSessionV2{CartItems: items, AdditionalCosts: costMap(costs)}
}

func effects(props ...integration.EffectProps) (list []integration.Effect) {
	for _, p := range props {
		list = append(list, integration.Effect{Props: p})
	}
	return list
}

// show prints a receipt with one line for each part and each discount.
func show(r integration.Receipt) string {
	var b strings.Builder
	discounts := func(indent string, list []integration.ReceiptDiscount) {
		for _, d := range list {
			fmt.Fprintf(&b, "%s%d %q", indent, d.EffectIndex, d.Name)
			if d.Scope != "" {
				fmt.Fprintf(&b, " on %s", d.Scope)
			}
			if d.Unit >= 0 {
				fmt.Fprintf(&b, " of unit %d", d.Unit)
			}
			fmt.Fprintf(&b, ": %s\n", jsonwire.DecimalText(d.Amount))
		}
	}
	costs := func(indent string, m map[string]integration.ReceiptCost) {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			c := m[name]
			fmt.Fprintf(&b, "%s%s %s - %s = %s\n", indent, name, jsonwire.DecimalText(c.Subtotal), jsonwire.DecimalText(c.Discount), jsonwire.DecimalText(c.Total))
			discounts(strings.Repeat(" ", len(indent)), c.Discounts)
		}
	}
	for _, l := range r.Lines {
		returned := ""
		if l.Returned != 0 {
			returned = fmt.Sprintf(" (%d returned)", l.Returned)
		}
		fmt.Fprintf(&b, "%d %s%s %s - %s = %s\n", l.Quantity, l.SKU, returned, jsonwire.DecimalText(l.Subtotal), jsonwire.DecimalText(l.Discount), jsonwire.DecimalText(l.Total))
		discounts("  ", l.Discounts)
		costs("  + ", l.AdditionalCosts)
	}
	costs("+ ", r.AdditionalCosts)
	discounts("", r.Discounts)
	fmt.Fprintf(&b, "%s - %s = %s\n", jsonwire.DecimalText(r.Subtotal), jsonwire.DecimalText(r.DiscountTotal), jsonwire.DecimalText(r.Total))
	return b.String()
}

func checkShown(t *testing.T, name, want string, r integration.Receipt) {
	t.Helper()
	want = strings.TrimLeft(strings.ReplaceAll(want, "\n\t\t\t", "\n"), "\n")
	assert.Equal(t, want, show(r), name)
}

func TestReceipt(t *testing.T) {
	for _, tc := range []struct {
		name    string
		session *talonone.CustomerSessionV2
		effects []integration.Effect
		want    string
	}{
		{"nothing", session(nil), nil, `
			0 - 0 = 0
			`},
		{"no discounts", session([]string{"shipping", "4.90", "donation", "1"}, item("SHOE", 2, "99.99"), item("SOCK", 3, "2.505", "engraving", "0.10")), nil, `
			2 SHOE 199.98 - 0 = 199.98
			3 SOCK 7.515 - 0 = 7.515
			  + engraving 0.10 - 0 = 0.10
			+ donation 1 - 0 = 1
			+ shipping 4.90 - 0 = 4.90
			213.495 - 0.000 = 213.495
			`},
		{"on the session, in every scope and two of one name", session([]string{"shipping", "5.00"}, item("SHOE", 1, "100.00")), effects(
			&integration.SetDiscount{Name: "a", Value: dec("9.999")},
			&integration.SetDiscount{Name: "a", Value: dec("1"), Scope: "cartItems"},
			&integration.AcceptCoupon{Value: "SUMMER"},
			&integration.SetDiscount{Name: "b", Value: dec("0.5"), Scope: "additionalCosts"},
			&integration.SetDiscount{Name: "c", Value: dec("2"), Scope: "sessionTotal", DesiredValue: new(dec("50"))},
		), `
			1 SHOE 100.00 - 0 = 100.00
			+ shipping 5.00 - 0 = 5.00
			0 "a": 9.999
			1 "a" on cartItems: 1
			3 "b" on additionalCosts: 0.5
			4 "c" on sessionTotal: 2
			105.00 - 13.499 = 91.501
			`},
		{"on items and units, in every scope", session(nil, item("SHOE", 2, "50.00", "wrap", "3.00"), item("SOCK", 1, "10.00")), effects(
			&integration.SetDiscountPerItem{Name: "line", Value: dec("5.00"), Position: 0},
			&integration.SetDiscountPerItem{Name: "unit#0", Value: dec("2.50"), Position: 0, SubPosition: new(1), Scope: "price"},
			&integration.SetDiscountPerItem{Name: "costs#0", Value: dec("1.00"), Position: 0, SubPosition: new(0), Scope: "additionalCosts"},
			&integration.SetDiscountPerItem{Name: "all#1", Value: dec("0.30"), Position: 1, Scope: "itemTotal"},
		), `
			2 SHOE 100.00 - 8.50 = 91.50
			  0 "line": 5.00
			  1 "unit#0" on price of unit 1: 2.50
			  2 "costs#0" on additionalCosts of unit 0: 1.00
			  + wrap 3.00 - 0 = 3.00
			1 SOCK 10.00 - 0.30 = 9.70
			  3 "all#1" on itemTotal: 0.30
			113.00 - 8.80 = 104.20
			`},
		{"pro rata, and a bundle: the value is the share", session(nil, item("SHOE", 1, "20.00"), item("SOCK", 2, "5.00")), effects(
			&integration.SetDiscountPerItem{Name: "p#0", Value: dec("6.666"), Position: 0, SubPosition: new(0), TotalDiscount: new(dec("10"))},
			&integration.SetDiscountPerItem{Name: "p#1", Value: dec("1.667"), Position: 1, SubPosition: new(0), TotalDiscount: new(dec("10"))},
			&integration.SetDiscountPerItem{Name: "p#1", Value: dec("1.667"), Position: 1, SubPosition: new(1), TotalDiscount: new(dec("10"))},
			&integration.SetDiscountPerItem{Name: "b", Value: dec("0.10"), Position: 1, SubPosition: new(1), BundleIndex: new(0), BundleName: "set",
				TargetedItemPosition: new(0), TargetedItemSubPosition: new(0)},
		), `
			1 SHOE 20.00 - 6.666 = 13.334
			  0 "p#0" of unit 0: 6.666
			2 SOCK 10.00 - 3.434 = 6.566
			  1 "p#1" of unit 0: 1.667
			  2 "p#1" of unit 1: 1.667
			  3 "b" of unit 1: 0.10
			30.00 - 10.100 = 19.900
			`},
		{"on costs", session([]string{"shipping", "5.00", "fee/~", "2"}, item("SHOE", 2, "50", "shipping", "3.00")), effects(
			&integration.SetDiscountPerAdditionalCost{Name: "free", AdditionalCostID: 1, AdditionalCost: "shipping", Value: dec("5")},
			&integration.SetDiscountPerAdditionalCost{Name: "fee", AdditionalCostID: 2, AdditionalCost: "fee/~", Value: dec("0.5")},
			&integration.SetDiscountPerAdditionalCostPerItem{Name: "item#0", AdditionalCostID: 1, AdditionalCost: "shipping", Position: 0, SubPosition: new(1), Value: dec("1.25")},
			&integration.SetDiscountPerAdditionalCostPerItem{Name: "item#0", AdditionalCostID: 1, AdditionalCost: "shipping", Position: 0, Value: dec("0.25")},
		), `
			2 SHOE 100 - 0 = 100
			  + shipping 3.00 - 1.50 = 1.50
			    2 "item#0" of unit 1: 1.25
			    3 "item#0": 0.25
			+ fee/~ 2 - 0.5 = 1.5
			  1 "fee": 0.5
			+ shipping 5.00 - 5 = 0.00
			  0 "free": 5
			110.00 - 7.00 = 103.00
			`},
		{"negative amounts and quantities are calculated with", session([]string{"voucher", "-10"}, item("BACK", -1, "20"), item("FIX", 2, "-3")), effects(
			&integration.SetDiscount{Name: "surcharge", Value: dec("-1.50")},
		), `
			-1 BACK -20 - 0 = -20
			2 FIX -6 - 0 = -6
			+ voucher -10 - 0 = -10
			0 "surcharge": -1.50
			-36 - -1.50 = -34.50
			`},
		{"a discount larger than everything stays", session(nil, item("SHOE", 1, "10")), effects(
			&integration.SetDiscountPerItem{Name: "a", Value: dec("15")},
			&integration.SetDiscount{Name: "b", Value: dec("1")},
		), `
			1 SHOE 10 - 15 = -5
			  0 "a": 15
			1 "b": 1
			10 - 16 = -6
			`},
		{"other effects, known or not, are passed over", session(nil, item("SHOE", 1, "10")), append(effects(
			&integration.AddFreeItem{SKU: "GIFT"},
			&integration.RollbackCoupon{Value: "SUMMER"},
			&integration.UnknownEffect{Type: "beamUp", Raw: json.RawMessage(`{"value":5}`)},
			&integration.UnknownEffect{Type: "rejectCoupon", Err: talonone.ErrWrongType},
			ownProps{},
		), integration.Effect{Type: "acceptCoupon"}, integration.Effect{}), `
			1 SHOE 10 - 0 = 10
			10 - 0 = 10
			`},
		{"zeros keep their scale", session([]string{"shipping", "0.0"}, item("GIFT", 2, "0.00")), effects(&integration.SetDiscount{Name: "a", Value: dec("0.000")}), `
			2 GIFT 0.00 - 0 = 0.00
			+ shipping 0.0 - 0 = 0.0
			0 "a": 0.000
			0.00 - 0.000 = 0.000
			`},
		{"amounts with an exponent", session(nil, talonone.CartItem{SKU: "SHOE", Quantity: 2, Price: new(decimal.New(5, 2))}), effects(
			&integration.SetDiscount{Name: "a", Value: decimal.New(2, 1)},
		), `
			2 SHOE 1000 - 0 = 1000
			0 "a": 20
			1000 - 20 = 980
			`},
		{"no costs, but maps of them", &talonone.CustomerSessionV2{
			CartItems:       []talonone.CartItem{{SKU: "SHOE", Quantity: 1, Price: new(dec("1")), AdditionalCosts: map[string]talonone.AdditionalCost{}}},
			AdditionalCosts: map[string]talonone.AdditionalCost{},
		}, nil, `
			1 SHOE 1 - 0 = 1
			1 - 0 = 1
			`},
		{"a zero with a large exponent costs nothing", session(nil, talonone.CartItem{SKU: "GIFT", Quantity: 1, Price: new(decimal.New(0, math.MaxInt32))}, item("SHOE", 1, "0.10")), effects(
			&integration.SetDiscountPerItem{Name: "a", Value: decimal.New(0, math.MaxInt32), SubPosition: new(0)},
			&integration.SetDiscountPerItem{Name: "a", Value: dec("0.05"), SubPosition: new(0)},
			&integration.RollbackDiscount{Name: "a", Value: decimal.New(0, math.MaxInt32), CartItemPosition: new(0)},
		), `
			1 GIFT 0 - 0.05 = -0.05
			  0 "a" of unit 0: 0
			  1 "a" of unit 0: 0.05
			1 SHOE 0.10 - 0 = 0.10
			0.10 - 0.05 = 0.05
			`},
	} {
		before, beforeEffects := tc.session.Clone(), slices.Clone(tc.effects)
		r, err := integration.NewReceipt(tc.session, tc.effects)
		require.NoError(t, err, tc.name)
		checkShown(t, tc.name, tc.want, *r)
		checkSums(t, *r)
		assert.Equal(t, len(tc.session.AdditionalCosts) == 0, r.AdditionalCosts == nil, tc.name)
		for i, line := range r.Lines {
			assert.Equal(t, len(tc.session.CartItems[i].AdditionalCosts) == 0, line.AdditionalCosts == nil, tc.name)
		}
		assert.True(t, before.Equal(*tc.session), "the session is left as it was")
		assert.Equal(t, beforeEffects, tc.effects)
	}
}

func TestReceiptRollback(t *testing.T) {
	cart := session([]string{"shipping", "5.00"}, item("SHOE", 2, "50.00", "shipping", "3.00"), item("SOCK", 1, "10.00"))
	for _, tc := range []struct {
		name    string
		effects []integration.Effect
		want    string
	}{
		{"the whole of a discount on the session", effects(
			&integration.RollbackDiscount{Name: "a", Value: dec("10.0")},
			&integration.SetDiscount{Name: "a", Value: dec("10.00")},
		), `
			2 SHOE 100.00 - 0 = 100.00
			  + shipping 3.00 - 0 = 3.00
			1 SOCK 10.00 - 0 = 10.00
			+ shipping 5.00 - 0 = 5.00
			1 "a": 0.00
			118.00 - 0.00 = 118.00
			`},
		{"parts of one discount, in two steps", effects(
			&integration.SetDiscount{Name: "a", Value: dec("10.00"), Scope: "cartItems"},
			&integration.RollbackDiscount{Name: "a", Value: dec("2.50"), Scope: "cartItems"},
			&integration.RollbackDiscount{Name: "a", Value: dec("0.25")},
			&integration.SetDiscount{Name: "b", Value: dec("1.00")},
		), `
			2 SHOE 100.00 - 0 = 100.00
			  + shipping 3.00 - 0 = 3.00
			1 SOCK 10.00 - 0 = 10.00
			+ shipping 5.00 - 0 = 5.00
			0 "a" on cartItems: 7.25
			3 "b": 1.00
			118.00 - 8.25 = 109.75
			`},
		{"of units, each its own", effects(
			&integration.SetDiscountPerItem{Name: "u", Value: dec("1.00"), SubPosition: new(0), Scope: "price"},
			&integration.SetDiscountPerItem{Name: "u", Value: dec("2.00"), SubPosition: new(1), Scope: "price"},
			&integration.SetDiscountPerItem{Name: "u", Value: dec("4.00"), Position: 1, SubPosition: new(0), Scope: "price"},
			&integration.RollbackDiscount{Name: "u", Value: dec("2.00"), CartItemPosition: new(0), CartItemSubPosition: new(1), Scope: "price"},
		), `
			2 SHOE 100.00 - 1.00 = 99.00
			  0 "u" on price of unit 0: 1.00
			  1 "u" on price of unit 1: 0.00
			  + shipping 3.00 - 0 = 3.00
			1 SOCK 10.00 - 4.00 = 6.00
			  2 "u" on price of unit 0: 4.00
			+ shipping 5.00 - 0 = 5.00
			118.00 - 5.00 = 113.00
			`},
		{"of a line: what is on the whole line comes first", effects(
			&integration.SetDiscountPerItem{Name: "u", Value: dec("1.00"), SubPosition: new(0)},
			&integration.SetDiscountPerItem{Name: "u", Value: dec("2.00")},
			&integration.RollbackDiscount{Name: "u", Value: dec("2.50"), CartItemPosition: new(0)},
		), `
			2 SHOE 100.00 - 0.50 = 99.50
			  0 "u" of unit 0: 0.50
			  1 "u": 0.00
			  + shipping 3.00 - 0 = 3.00
			1 SOCK 10.00 - 0 = 10.00
			+ shipping 5.00 - 0 = 5.00
			118.00 - 0.50 = 117.50
			`},
		{"of costs, by name and by number", effects(
			&integration.RollbackDiscount{Name: "c", Value: dec("1.00"), AdditionalCostID: new(int64(7)), AdditionalCost: "shipping"},
			&integration.RollbackDiscount{Name: "c", Value: dec("0.50"), AdditionalCostID: new(int64(7))},
			&integration.RollbackDiscount{Name: "c", Value: dec("0.75"), AdditionalCost: "shipping", CartItemPosition: new(0), Scope: "additionalCosts"},
			&integration.SetDiscountPerAdditionalCost{Name: "c", AdditionalCostID: 7, AdditionalCost: "shipping", Value: dec("5.00")},
			&integration.SetDiscountPerAdditionalCostPerItem{Name: "c", AdditionalCostID: 7, AdditionalCost: "shipping", Value: dec("3.00"), SubPosition: new(1)},
		), `
			2 SHOE 100.00 - 0 = 100.00
			  + shipping 3.00 - 2.25 = 0.75
			    4 "c" of unit 1: 2.25
			1 SOCK 10.00 - 0 = 10.00
			+ shipping 5.00 - 3.50 = 1.50
			  3 "c": 3.50
			118.00 - 5.75 = 112.25
			`},
		{"of a cost, by a number alone", effects(
			&integration.SetDiscountPerAdditionalCost{Name: "c", AdditionalCostID: 7, AdditionalCost: "shipping", Value: dec("5.00")},
			&integration.RollbackDiscount{Name: "c", Value: dec("0.50"), AdditionalCostID: new(int64(7))},
		), `
			2 SHOE 100.00 - 0 = 100.00
			  + shipping 3.00 - 0 = 3.00
			1 SOCK 10.00 - 0 = 10.00
			+ shipping 5.00 - 4.50 = 0.50
			  0 "c": 4.50
			118.00 - 4.50 = 113.50
			`},
		{"of a line's cost, by a number alone", effects(
			&integration.SetDiscountPerAdditionalCostPerItem{Name: "c", AdditionalCostID: 7, AdditionalCost: "shipping", Value: dec("3.00")},
			&integration.RollbackDiscount{Name: "c", Value: dec("0.50"), AdditionalCostID: new(int64(7)), CartItemPosition: new(0)},
		), `
			2 SHOE 100.00 - 0 = 100.00
			  + shipping 3.00 - 2.50 = 0.50
			    0 "c": 2.50
			1 SOCK 10.00 - 0 = 10.00
			+ shipping 5.00 - 0 = 5.00
			118.00 - 2.50 = 115.50
			`},
		{"of a cost, by its name and a number that no discount has", effects(
			&integration.SetDiscountPerAdditionalCost{Name: "c", AdditionalCostID: 7, AdditionalCost: "shipping", Value: dec("5.00")},
			&integration.RollbackDiscount{Name: "c", Value: dec("0.50"), AdditionalCostID: new(int64(8)), AdditionalCost: "shipping"},
		), `
			2 SHOE 100.00 - 0 = 100.00
			  + shipping 3.00 - 0 = 3.00
			1 SOCK 10.00 - 0 = 10.00
			+ shipping 5.00 - 4.50 = 0.50
			  0 "c": 4.50
			118.00 - 4.50 = 113.50
			`},
		{"one after the other", effects(
			&integration.SetDiscountPerItem{Name: "u", Value: dec("1.00"), SubPosition: new(0), Scope: "price"},
			&integration.SetDiscountPerItem{Name: "u", Value: dec("1.00"), SubPosition: new(1), Scope: "itemTotal"},
			&integration.RollbackDiscount{Name: "u", Value: dec("1.00"), CartItemPosition: new(0), CartItemSubPosition: new(0)},
			&integration.RollbackDiscount{Name: "u", Value: dec("1.00"), CartItemPosition: new(0)},
		), `
			2 SHOE 100.00 - 0.00 = 100.00
			  0 "u" on price of unit 0: 0.00
			  1 "u" on itemTotal of unit 1: 0.00
			  + shipping 3.00 - 0 = 3.00
			1 SOCK 10.00 - 0 = 10.00
			+ shipping 5.00 - 0 = 5.00
			118.00 - 0.00 = 118.00
			`},
		{"of a surcharge, and of nothing", effects(
			&integration.SetDiscount{Name: "a", Value: dec("-2.00")},
			&integration.SetDiscount{Name: "a", Value: dec("3.00")},
			&integration.RollbackDiscount{Name: "a", Value: dec("-1.50")},
			&integration.RollbackDiscount{Name: "a", Value: dec("0.00")},
		), `
			2 SHOE 100.00 - 0 = 100.00
			  + shipping 3.00 - 0 = 3.00
			1 SOCK 10.00 - 0 = 10.00
			+ shipping 5.00 - 0 = 5.00
			0 "a": -0.50
			1 "a": 3.00
			118.00 - 2.50 = 115.50
			`},
	} {
		r, err := integration.NewReceipt(cart, tc.effects)
		require.NoError(t, err, tc.name)
		checkShown(t, tc.name, tc.want, *r)
		checkSums(t, *r)

		// The order does not matter.
		slices.Reverse(tc.effects)
		reversed, err := integration.NewReceipt(cart, tc.effects)
		require.NoError(t, err, tc.name)
		assert.True(t, r.Total.Equal(reversed.Total), tc.name)
		for i := range r.Lines {
			assert.True(t, r.Lines[i].Total.Equal(reversed.Lines[i].Total), tc.name)
		}
	}
}

func TestReceiptErrors(t *testing.T) {
	cart := session([]string{"shipping", "5"}, item("SHOE", 2, "50", "wrap", "3"), item("SOCK", 1, "10"))
	discount := &integration.SetDiscount{Name: "a", Value: dec("10")}
	huge, tiny := decimal.New(1, math.MaxInt32), decimal.New(1, math.MinInt32)
	partiallyReturned := session(nil, returned(3, new(1), nil))
	partiallyReturned.State = talonone.StatePartiallyReturned
	for _, tc := range []struct {
		name    string
		session *talonone.CustomerSessionV2
		effects []integration.Effect
		reason  error
		effect  int
		item    int
		path    string
	}{
		{"no session", nil, nil, integration.ErrNoSession, -1, -1, ""},
		{"no price", session(nil, item("A", 1, "1"), talonone.CartItem{SKU: "B", Quantity: 1}), nil, integration.ErrNoPrice, -1, 1, "/cartItems/1/price"},
		{"more returned than bought", session(nil, returned(2, new(3), nil)), nil, integration.ErrReturnedQuantity, -1, 0, "/cartItems/0/returnedQuantity"},
		{"less than nothing returned", session(nil, returned(2, new(-1), nil)), nil, integration.ErrReturnedQuantity, -1, 0, "/cartItems/0/returnedQuantity"},
		{"less than nothing returned, by the smallest integer", session(nil, returned(2, new(math.MinInt), new(0))), nil, integration.ErrReturnedQuantity, -1, 0, "/cartItems/0/returnedQuantity"},
		{"more left than bought", session(nil, item("A", 1, "1"), returned(2, nil, new(3))), nil, integration.ErrReturnedQuantity, -1, 1, "/cartItems/1/remainingQuantity"},
		{"less than nothing left", session(nil, returned(2, nil, new(-1))), nil, integration.ErrReturnedQuantity, -1, 0, "/cartItems/0/remainingQuantity"},
		{"less than nothing left, by the smallest integer", session(nil, returned(2, nil, new(math.MinInt))), nil, integration.ErrReturnedQuantity, -1, 0, "/cartItems/0/remainingQuantity"},
		{"one bought, one returned, one left", session(nil, returned(1, new(1), new(1))), nil, integration.ErrReturnedQuantity, -1, 0, "/cartItems/0/remainingQuantity"},
		{"nothing returned and nothing left", session(nil, returned(1, new(0), new(0))), nil, integration.ErrReturnedQuantity, -1, 0, "/cartItems/0/remainingQuantity"},
		{"a part returned of less than nothing", session(nil, returned(-2, new(-1), nil)), nil, integration.ErrReturnedQuantity, -1, 0, "/cartItems/0/returnedQuantity"},
		{"a part left of less than nothing", session(nil, returned(-2, nil, new(-1))), nil, integration.ErrReturnedQuantity, -1, 0, "/cartItems/0/remainingQuantity"},
		{"a unit beyond those that were bought", session(nil, returned(3, new(2), nil)), effects(&integration.SetDiscountPerItem{SubPosition: new(3)}), integration.ErrNoTarget, 0, -1, "/effects/0/props/subPosition"},
		{"a rollback in the answer to a return", partiallyReturned, effects(discount, &integration.RollbackDiscount{Name: "a", Value: dec("1")}), integration.ErrNothingToRollBack, 1, -1, "/effects/1/props"},
		{"a long price", session(nil, item("A", 1, "1"), talonone.CartItem{SKU: "B", Quantity: 1, Price: &huge}), nil, talonone.ErrOutOfRange, -1, 1, "/cartItems/1/price"},
		{"a long fraction", session(nil, talonone.CartItem{SKU: "B", Quantity: 1, Price: &tiny}), nil, talonone.ErrOutOfRange, -1, 0, "/cartItems/0/price"},
		{"a long cost of an item", session(nil, talonone.CartItem{SKU: "B", Price: &decimal.Decimal{}, AdditionalCosts: map[string]talonone.AdditionalCost{"a/b": {Price: huge}}}), nil,
			talonone.ErrOutOfRange, -1, 0, "/cartItems/0/additionalCosts/a~1b/price"},
		{"a long cost", &talonone.CustomerSessionV2{AdditionalCosts: map[string]talonone.AdditionalCost{"x": {Price: huge}}}, nil, talonone.ErrOutOfRange, -1, -1, "/additionalCosts/x/price"},
		{"a long discount", cart, effects(discount, &integration.SetDiscount{Value: huge}), talonone.ErrOutOfRange, 1, -1, "/effects/1/props/value"},
		{"a long rollback", cart, effects(discount, &integration.RollbackDiscount{Name: "a", Value: tiny}), talonone.ErrOutOfRange, 1, -1, "/effects/1/props/value"},
		{"no such line", cart, effects(discount, discount, &integration.SetDiscountPerItem{Position: 2}), integration.ErrNoTarget, 2, -1, "/effects/2/props/position"},
		{"a line before the first", cart, effects(&integration.SetDiscountPerItem{Position: -1}), integration.ErrNoTarget, 0, -1, "/effects/0/props/position"},
		{"no such unit", cart, effects(&integration.SetDiscountPerItem{SubPosition: new(2)}), integration.ErrNoTarget, 0, -1, "/effects/0/props/subPosition"},
		{"a unit before the first", cart, effects(&integration.SetDiscountPerItem{SubPosition: new(-1)}), integration.ErrNoTarget, 0, -1, "/effects/0/props/subPosition"},
		{"no such cost", cart, effects(&integration.SetDiscountPerAdditionalCost{AdditionalCost: "wrap"}), integration.ErrNoTarget, 0, -1, "/effects/0/props/additionalCost"},
		{"no such cost of an item", cart, effects(&integration.SetDiscountPerAdditionalCostPerItem{AdditionalCost: "shipping"}), integration.ErrNoTarget, 0, -1, "/effects/0/props/additionalCost"},
		{"an item without costs", cart, effects(&integration.SetDiscountPerAdditionalCostPerItem{Position: 1, AdditionalCost: "wrap"}), integration.ErrNoTarget, 0, -1, "/effects/0/props/additionalCost"},
		{"no such line of a cost", cart, effects(&integration.SetDiscountPerAdditionalCostPerItem{Position: 2, AdditionalCost: "wrap"}), integration.ErrNoTarget, 0, -1, "/effects/0/props/position"},
		{"no such unit of a cost", cart, effects(&integration.SetDiscountPerAdditionalCostPerItem{AdditionalCost: "wrap", SubPosition: new(2)}), integration.ErrNoTarget, 0, -1, "/effects/0/props/subPosition"},
		{"a discount that could not be read", cart, effects(discount, &integration.UnknownEffect{Type: "setDiscount", Err: talonone.ErrWrongType}), integration.ErrUnreadDiscount, 1, -1, "/effects/1/props"},
		{"its reason", cart, effects(&integration.UnknownEffect{Type: "setDiscountPerItem", Err: talonone.ErrWrongType}), talonone.ErrWrongType, 0, -1, "/effects/0/props"},
		{"one on a cost", cart, effects(&integration.UnknownEffect{Type: "setDiscountPerAdditionalCost"}), integration.ErrUnreadDiscount, 0, -1, "/effects/0/props"},
		{"one on a cost of an item", cart, effects(&integration.UnknownEffect{Type: "setDiscountPerAdditionalCostPerItem"}), integration.ErrUnreadDiscount, 0, -1, "/effects/0/props"},
		{"a rollback that could not be read", cart, effects(&integration.UnknownEffect{Type: "rollbackDiscount"}), integration.ErrUnreadDiscount, 0, -1, "/effects/0/props"},
		{"a discount without props", cart, []integration.Effect{{Type: "setDiscount"}}, integration.ErrUnreadDiscount, 0, -1, "/effects/0/props"},
		{"a discount with other props", cart, []integration.Effect{{Type: "setDiscount", Props: &integration.UnknownEffect{}}}, integration.ErrUnreadDiscount, 0, -1, "/effects/0/props"},
		{"a rollback with props of no type", cart, []integration.Effect{{Type: "rollbackDiscount", Props: &integration.UnknownEffect{}}}, integration.ErrUnreadDiscount, 0, -1, "/effects/0/props"},
		{"a nil pointer", cart, effects((*integration.SetDiscount)(nil)), integration.ErrUnreadDiscount, 0, -1, "/effects/0/props"},
		{"a nil pointer to another type", cart, effects((*ownProps)(nil)), integration.ErrUnreadDiscount, 0, -1, "/effects/0/props"},
		{"another type of props", cart, effects(ownDiscount{}), integration.ErrUnreadDiscount, 0, -1, "/effects/0/props"},
		{"a rollback alone", cart, effects(&integration.RollbackDiscount{Name: "a", Value: dec("1")}), integration.ErrNothingToRollBack, 0, -1, "/effects/0/props"},
		{"a rollback of zero alone", cart, effects(&integration.RollbackDiscount{Name: "a"}), integration.ErrNothingToRollBack, 0, -1, "/effects/0/props"},
		{"a rollback of another name", cart, effects(discount, &integration.RollbackDiscount{Name: "b", Value: dec("1")}), integration.ErrNothingToRollBack, 1, -1, "/effects/1/props"},
		{"a rollback of another scope", cart, effects(&integration.SetDiscount{Name: "a", Value: dec("10"), Scope: "cartItems"}, &integration.RollbackDiscount{Name: "a", Value: dec("1"), Scope: "sessionTotal"}),
			integration.ErrNothingToRollBack, 1, -1, "/effects/1/props"},
		{"a rollback in another place", cart, effects(discount, &integration.RollbackDiscount{Name: "a", Value: dec("1"), CartItemPosition: new(0)}), integration.ErrNothingToRollBack, 1, -1, "/effects/1/props"},
		{"a rollback on a cost", cart, effects(discount, &integration.RollbackDiscount{Name: "a", Value: dec("1"), AdditionalCost: "shipping"}), integration.ErrNothingToRollBack, 1, -1, "/effects/1/props"},
		{"a rollback on a cost of no known number", cart, effects(discount, &integration.RollbackDiscount{Name: "a", Value: dec("1"), AdditionalCostID: new(int64(1))}), integration.ErrNothingToRollBack, 1, -1, "/effects/1/props"},
		{"a rollback of another sign", cart, effects(discount, &integration.RollbackDiscount{Name: "a", Value: dec("-1")}), integration.ErrNothingToRollBack, 1, -1, "/effects/1/props"},
		{"a rollback of more", cart, effects(discount, &integration.RollbackDiscount{Name: "a", Value: dec("10.01")}), integration.ErrNothingToRollBack, 1, -1, "/effects/1/props"},
		{"a second rollback of all", cart, effects(discount, &integration.RollbackDiscount{Name: "a", Value: dec("10")}, &integration.RollbackDiscount{Name: "a", Value: dec("10")}),
			integration.ErrNothingToRollBack, 2, -1, "/effects/2/props"},
		{"a rollback on no line", cart, effects(&integration.RollbackDiscount{Name: "a", CartItemPosition: new(2)}), integration.ErrNoTarget, 0, -1, "/effects/0/props/cartItemPosition"},
		{"a rollback on no unit", cart, effects(&integration.RollbackDiscount{Name: "a", CartItemPosition: new(0), CartItemSubPosition: new(2)}), integration.ErrNoTarget, 0, -1, "/effects/0/props/cartItemSubPosition"},
		{"a rollback on a unit of no line", cart, effects(&integration.RollbackDiscount{Name: "a", CartItemSubPosition: new(0)}), integration.ErrNoTarget, 0, -1, "/effects/0/props/cartItemSubPosition"},
	} {
		r, err := integration.NewReceipt(tc.session, tc.effects)
		assert.Nil(t, r, tc.name)
		require.ErrorIs(t, err, tc.reason, tc.name)
		e, ok := errors.AsType[*integration.ReceiptError](err)
		require.True(t, ok, tc.name)
		assert.Equal(t, tc.effect, e.EffectIndex, tc.name)
		assert.Equal(t, tc.item, e.ItemIndex, tc.name)
		assert.Equal(t, tc.path, e.Path, tc.name)
		if tc.path != "" {
			assert.Contains(t, err.Error(), fmt.Sprintf("%q: ", tc.path), tc.name)
		}
		assert.NotContains(t, err.Error(), "%!", tc.name)
	}
}

func TestReceiptErrorText(t *testing.T) {
	_, err := integration.NewReceipt(nil, nil)
	require.EqualError(t, err, "integration: receipt: "+integration.ErrNoSession.Error())
	for _, reason := range []error{integration.ErrNoSession, integration.ErrNothingToRollBack} {
		require.Contains(t, reason.Error(), "GetCustomerSession", "says what to do after a return or a reopening")
	}

	_, err = integration.NewReceipt(session(nil), effects(&integration.UnknownEffect{Type: "setDiscount", Err: talonone.ErrWrongType}))
	require.EqualError(t, err, `integration: receipt: "/effects/0/props": the discount cannot be read: `+talonone.ErrWrongType.Error())

	path := strings.Repeat("x", 256)
	for rest, want := range map[string]string{"": path + `"`, "y": path + `"...`, strings.Repeat("y", 1000): path + `"...`} {
		err := &integration.ReceiptError{Path: path + rest, Err: integration.ErrNoPrice}
		require.EqualError(t, err, `integration: receipt: "`+want+`: the item has no price`)
	}
}

// ownDiscount are props of another package with the type of a discount.
type ownDiscount struct{}

func (ownDiscount) EffectType() string { return "setDiscount" }

func TestOverdiscounted(t *testing.T) {
	item0 := func(value string, scope integration.DiscountScope, unit *int) *integration.SetDiscountPerItem {
		return &integration.SetDiscountPerItem{Name: "i", Value: dec(value), Scope: integration.DiscountScope(scope), SubPosition: unit}
	}
	whole := func(value string, scope integration.DiscountScope) *integration.SetDiscount {
		return &integration.SetDiscount{Name: "s", Value: dec(value), Scope: integration.DiscountScope(scope)}
	}
	cost := func(value, name string) *integration.SetDiscountPerAdditionalCost {
		return &integration.SetDiscountPerAdditionalCost{Value: dec(value), AdditionalCost: name}
	}
	itemCost := func(value, name string) *integration.SetDiscountPerAdditionalCostPerItem {
		return &integration.SetDiscountPerAdditionalCostPerItem{Value: dec(value), AdditionalCost: name}
	}
	// 2 × 10 and two costs of 3; 5; and two costs of the session, 4 and 2: together 37.
	cart := session([]string{"shipping", "4", "a/b", "2"}, item("SHOE", 2, "10", "wrap", "3", "card", "3"), item("SOCK", 1, "5"))
	for _, tc := range []struct {
		name    string
		effects []integration.Effect
		want    []string
	}{
		{"nothing", nil, nil},
		{"all of everything", effects(item0("20", "", nil), itemCost("3", "wrap"), itemCost("3", "card"), cost("4", "shipping"), cost("2", "a/b"), whole("5", "")), nil},
		{"a line", effects(item0("20.01", "", nil)), []string{"/cartItems/0"}},
		{"a line, by two discounts", effects(item0("10", "price", nil), item0("10.01", "", nil)), []string{"/cartItems/0"}},
		{"a unit", effects(item0("10.01", "price", new(1))), []string{"/cartItems/0"}},
		{"a unit, by two discounts", effects(item0("5", "price", new(1)), item0("5.01", "price", new(1))), []string{"/cartItems/0"}},
		{"two units", effects(item0("10", "price", new(0)), item0("10", "price", new(1))), nil},
		{"an item's costs", effects(item0("6.01", "additionalCosts", nil)), []string{"/cartItems/0"}},
		{"an item's costs, in full", effects(item0("6", "additionalCosts", nil)), nil},
		{"an item's costs, after one of them", effects(item0("5", "additionalCosts", nil), itemCost("2", "wrap")), []string{"/cartItems/0"}},
		{"an item and its costs", effects(item0("26.01", "itemTotal", nil)), []string{"/cartItems/0"}},
		{"an item and its costs, in full", effects(item0("26", "itemTotal", nil)), nil},
		{"an item and its costs, after others", effects(item0("20", "itemTotal", nil), item0("6.01", "price", nil)), []string{"/cartItems/0"}},
		{"an item and its costs, after one on the costs", effects(item0("20.01", "itemTotal", nil), item0("6", "additionalCosts", nil)), []string{"/cartItems/0"}},
		{"a unit and its costs, in full", effects(item0("16", "itemTotal", new(0))), nil},
		{"a unit and its costs", effects(item0("16.01", "itemTotal", new(0))), []string{"/cartItems/0"}},
		{"a unit and what is left of its costs", effects(item0("13.01", "itemTotal", new(0)), itemCost("3", "wrap")), []string{"/cartItems/0"}},
		{"the costs of a unit, in full", effects(item0("6", "additionalCosts", new(0))), nil},
		{"one cost of an item", effects(itemCost("3.01", "wrap")), []string{"/cartItems/0/additionalCosts/wrap"}},
		{"costs of the session", effects(cost("4.01", "shipping"), cost("2.01", "a/b")), []string{"/additionalCosts/a~1b", "/additionalCosts/shipping"}},
		{"the session", effects(whole("37.01", "")), []string{""}},
		{"the session, in full", effects(whole("37", "sessionTotal")), nil},
		{"the session's items", effects(whole("25.01", "cartItems")), []string{""}},
		{"the session's costs", effects(whole("12.01", "additionalCosts")), []string{""}},
		{"the session's costs, in full", effects(whole("12", "additionalCosts")), nil},
		{"the session, after what is on its parts", effects(whole("30", ""), item0("7.01", "", nil)), []string{""}},
		{"the session's items, after an item and its costs", effects(whole("15.01", "cartItems"), item0("10", "itemTotal", nil)), []string{""}},
		{"the session's items, after an item and its costs, in full", effects(whole("15", "cartItems"), item0("10", "itemTotal", nil)), nil},
		{"the session's costs, after an item's", effects(whole("6.01", "additionalCosts"), item0("6", "additionalCosts", nil)), []string{""}},
		{"the session's costs, after an item's, in full", effects(whole("6", "additionalCosts"), item0("6", "additionalCosts", nil)), nil},
		{"the session's items, after one with all its costs", effects(item0("26", "itemTotal", nil), whole("5", "cartItems")), nil},
		{"the session's costs, after an item with some", effects(item0("22", "itemTotal", nil), whole("10.01", "additionalCosts")), []string{""}},
		{"the session's costs, after an item with some, in full", effects(item0("22", "itemTotal", nil), whole("10", "additionalCosts")), nil},
		{"a line, and nothing on the session", effects(item0("50", "", nil)), []string{"/cartItems/0"}},
		{"all at once", effects(whole("1", ""), item0("50", "", nil), itemCost("4", "card"), cost("5", "shipping")),
			[]string{"/cartItems/0", "/cartItems/0/additionalCosts/card", "/additionalCosts/shipping", ""}},
		{"rolled back", effects(item0("50", "", nil), &integration.RollbackDiscount{Name: "i", Value: dec("40"), CartItemPosition: new(0)}), nil},
		{"a surcharge", effects(whole("-50", ""), item0("-1", "", new(0))), nil},
	} {
		r, err := integration.NewReceipt(cart, tc.effects)
		require.NoError(t, err, tc.name)
		assert.Equal(t, tc.want, r.Overdiscounted(), tc.name)
		assert.Equal(t, tc.want, r.Round(2).Overdiscounted(), tc.name)
	}

	back := session(nil, item("BACK", 1, "-5", "wrap", "3"))
	r, err := integration.NewReceipt(back, nil)
	require.NoError(t, err)
	assert.Nil(t, r.Overdiscounted(), "nothing is taken off")
	r, err = integration.NewReceipt(back, effects(item0("3", "additionalCosts", nil)))
	require.NoError(t, err)
	assert.Nil(t, r.Overdiscounted(), "the costs are covered, and nothing is taken off the price")

	byHand := integration.Receipt{Lines: []integration.ReceiptLine{{Subtotal: dec("1"), Discount: dec("2"), Total: dec("-1"),
		Discounts: []integration.ReceiptDiscount{{Unit: -1, Amount: dec("2")}}}}}
	assert.Equal(t, []string{"/cartItems/0"}, byHand.Overdiscounted())
}

func TestReceiptRound(t *testing.T) {
	thirds := effects(
		&integration.SetDiscountPerItem{Name: "p", Value: dec("3.3333"), Position: 0},
		&integration.SetDiscountPerItem{Name: "p", Value: dec("3.3333"), Position: 1},
		&integration.SetDiscountPerItem{Name: "p", Value: dec("3.3334"), Position: 2},
	)
	for _, tc := range []struct {
		name    string
		session *talonone.CustomerSessionV2
		effects []integration.Effect
		places  int32
		want    string
	}{
		{"half away from zero", session(nil, item("A", 1, "0.005"), item("B", 2, "0.010")), nil, 2, `
			1 A 0.01 - 0.00 = 0.01
			2 B 0.02 - 0.00 = 0.02
			0.03 - 0.00 = 0.03
			`},
		{"half away from zero, below it", session(nil, item("A", 1, "-0.005"), item("B", 1, "-0.01")), nil, 2, `
			1 A -0.01 - 0.00 = -0.01
			1 B -0.01 - 0.00 = -0.01
			-0.02 - 0.00 = -0.02
			`},
		{"much less than a step", session(nil, item("A", 1, "0.000001")), nil, 2, `
			1 A 0.00 - 0.00 = 0.00
			0.00 - 0.00 = 0.00
			`},
		{"much less than a unit", session(nil, item("A", 1, "0.000001")), nil, 0, `
			1 A 0 - 0 = 0
			0 - 0 = 0
			`},
		{"equal remainders: the earlier line first", session(nil, item("A", 1, "0.333"), item("B", 1, "0.333"), item("C", 1, "0.333")), nil, 2, `
			1 A 0.34 - 0.00 = 0.34
			1 B 0.33 - 0.00 = 0.33
			1 C 0.33 - 0.00 = 0.33
			1.00 - 0.00 = 1.00
			`},
		{"the largest remainder first", session(nil, item("A", 1, "10"), item("B", 1, "10"), item("C", 1, "10")), thirds, 2, `
			1 A 10.00 - 3.33 = 6.67
			  0 "p": 3.33
			1 B 10.00 - 3.33 = 6.67
			  1 "p": 3.33
			1 C 10.00 - 3.34 = 6.66
			  2 "p": 3.34
			30.00 - 10.00 = 20.00
			`},
		{"a discount on the session", session(nil, item("A", 1, "99.99")), effects(&integration.SetDiscount{Name: "10%", Value: dec("9.999")}), 2, `
			1 A 99.99 - 0.00 = 99.99
			0 "10%": 10.00
			99.99 - 10.00 = 89.99
			`},
		{"units of one line", session(nil, item("A", 3, "1.00", "fee", "0.10")), effects(
			&integration.SetDiscountPerItem{Name: "u", Value: dec("0.125"), SubPosition: new(0)},
			&integration.SetDiscountPerItem{Name: "u", Value: dec("0.125"), SubPosition: new(1)},
			&integration.SetDiscountPerItem{Name: "u", Value: dec("0.126"), SubPosition: new(2)},
			&integration.SetDiscountPerAdditionalCostPerItem{Name: "f", Value: dec("0.014"), AdditionalCost: "fee"},
		), 2, `
			3 A 3.00 - 0.38 = 2.62
			  0 "u" of unit 0: 0.13
			  1 "u" of unit 1: 0.12
			  2 "u" of unit 2: 0.13
			  + fee 0.10 - 0.01 = 0.09
			    3 "f": 0.01
			3.10 - 0.39 = 2.71
			`},
		{"a line without a discount keeps none", session(nil, item("A", 1, "1.3"), item("B", 1, "0.2"), item("C", 4, "0.2")), effects(
			&integration.SetDiscountPerItem{Name: "d", Value: dec("0.301"), Position: 0},
		), 0, `
			1 A 1 - 0 = 1
			  0 "d": 0
			1 B 0 - 0 = 0
			4 C 1 - 0 = 1
			2 - 0 = 2
			`},
		{"prices finer than a step: the discounts make up for it", session(nil, item("A", 1, "10.5"), item("B", 1, "10")), effects(
			&integration.SetDiscountPerItem{Name: "d", Value: dec("0.9"), Position: 0},
			&integration.SetDiscountPerItem{Name: "d", Value: dec("0.1"), Position: 0},
			&integration.SetDiscountPerItem{Name: "d", Value: dec("0.1"), Position: 1},
		), 0, `
			1 A 11 - 2 = 9
			  0 "d": 1
			  1 "d": 1
			1 B 10 - 0 = 10
			  2 "d": 0
			21 - 2 = 19
			`},
		{"tens", session([]string{"shipping", "4"}, item("A", 1, "12"), item("B", 1, "19")), effects(&integration.SetDiscount{Name: "s", Value: dec("3")}), -1, `
			1 A 10 - 0 = 10
			1 B 20 - 0 = 20
			+ shipping 10 - 0 = 10
			0 "s": 10
			40 - 10 = 30
			`},
		{"as many places as there are", session(nil, item("A", 1, "1.25")), nil, 2, `
			1 A 1.25 - 0 = 1.25
			1.25 - 0.00 = 1.25
			`},
		{"more places than there are", session(nil, item("A", 1, "1.25")), nil, 9, `
			1 A 1.25 - 0 = 1.25
			1.25 - 0.00 = 1.25
			`},
		{"as many places as can be", session(nil, item("A", 1, "1.25")), nil, math.MaxInt32, `
			1 A 1.25 - 0 = 1.25
			1.25 - 0.00 = 1.25
			`},
		{"as few places as can be", session(nil, item("A", 1, "1.25")), effects(&integration.SetDiscount{Name: "s", Value: dec("3")}), math.MinInt32, `
			1 A 0 - 0 = 0
			0 "s": 0
			0 - 0 = 0
			`},
		{"as few places as can be, of amounts that cancel out", session(nil, item("A", 1, "99.5"), item("B", 1, "-99.5")), nil, math.MinInt32, `
			1 A 0 - 0 = 0
			1 B 0 - 0 = 0
			0 - 0 = 0
			`},
		{"a subtotal and a total that round apart", session(nil, item("A", 1, "10.5")), effects(&integration.SetDiscount{Name: "s", Value: dec("20")}), 0, `
			1 A 11 - 0 = 11
			0 "s": 21
			11 - 21 = -10
			`},
		{"the same on a line", session(nil, item("A", 1, "10.5")), effects(&integration.SetDiscountPerItem{Name: "s", Value: dec("20")}), 0, `
			1 A 11 - 21 = -10
			  0 "s": 21
			11 - 21 = -10
			`},
	} {
		r, err := integration.NewReceipt(tc.session, tc.effects)
		require.NoError(t, err, tc.name)
		exact := show(*r)
		rounded := r.Round(tc.places)
		checkShown(t, tc.name, tc.want, rounded)
		checkSums(t, rounded)
		assert.Equal(t, exact, show(*r), "%s: the exact receipt is left as it was", tc.name)
		assert.Equal(t, show(rounded), show(rounded.Round(tc.places)), "%s: a second time changes nothing", tc.name)
	}
}

// TestReceiptRoundByHand rounds receipts that NewReceipt did not make.
func TestReceiptRoundByHand(t *testing.T) {
	assert.Equal(t, "0 - 0 = 0\n", show(integration.Receipt{}.Round(2)))
	assert.Zero(t, integration.Receipt{Discounts: []integration.ReceiptDiscount{{Amount: dec("1.5")}}}.Round(-1).Subtotal.Exponent())
	digits := func(n int64, exp int32) decimal.Decimal {
		return decimal.NewFromBigInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(n-1), nil), exp)
	}
	byHand := func(d decimal.Decimal) integration.Receipt {
		return integration.Receipt{Lines: []integration.ReceiptLine{{Subtotal: d}, {Subtotal: dec("0.005")}}}
	}
	for _, d := range []decimal.Decimal{
		decimal.New(1, math.MaxInt32), decimal.New(1, math.MinInt32), decimal.New(0, math.MaxInt32),
		decimal.New(1, 4097), decimal.New(1, -4097), digits(8193, 0), digits(8193, -100),
	} {
		r := byHand(d)
		assert.Equal(t, r, r.Round(2))
	}
	for _, d := range []decimal.Decimal{decimal.New(1, 4096), decimal.New(1, -4096), digits(8192, 0), digits(8192, -100)} {
		assert.Equal(t, int32(-2), byHand(d).Round(2).Lines[0].Subtotal.Exponent())
	}
}

// part has the common fields of lines and costs.
type part struct {
	path                      string
	subtotal, discount, total decimal.Decimal
	discounts                 []integration.ReceiptDiscount
}

func parts(r integration.Receipt) (list []part) {
	costs := func(path string, m map[string]integration.ReceiptCost) {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			c := m[name]
			list = append(list, part{path + name, c.Subtotal, c.Discount, c.Total, c.Discounts})
		}
	}
	for i, l := range r.Lines {
		path := fmt.Sprintf("line %d", i)
		list = append(list, part{path, l.Subtotal, l.Discount, l.Total, l.Discounts})
		costs(path+" ", l.AdditionalCosts)
	}
	costs("", r.AdditionalCosts)
	return list
}

// checkSums checks that everything in a receipt adds up.
func checkSums(t testing.TB, r integration.Receipt) {
	t.Helper()
	equal := func(want, got decimal.Decimal, what string) {
		t.Helper()
		if !want.Equal(got) {
			require.FailNow(t, "does not add up", "%s: %s and %s in\n%s", what, jsonwire.DecimalText(want), jsonwire.DecimalText(got), show(r))
		}
	}
	var subtotal, discount, total decimal.Decimal
	for _, p := range parts(r) {
		var sum decimal.Decimal
		for _, d := range p.discounts {
			sum = sum.Add(d.Amount)
		}
		equal(p.discount, sum, p.path)
		equal(p.subtotal.Sub(p.discount), p.total, p.path)
		subtotal, discount, total = subtotal.Add(p.subtotal), discount.Add(p.discount), total.Add(p.total)
	}
	for _, d := range r.Discounts {
		discount, total = discount.Add(d.Amount), total.Sub(d.Amount)
	}
	equal(r.Subtotal, subtotal, "subtotal")
	equal(r.DiscountTotal, discount, "discount")
	equal(r.Total, total, "total")
	equal(r.Subtotal.Sub(r.DiscountTotal), r.Total, "all")
}

// checkRounded checks that a receipt is the rounded form of another. If prices are finer than a step, it checks only the sums,
// and that a part without a discount still has none.
func checkRounded(t testing.TB, exact, rounded integration.Receipt, places int32) {
	t.Helper()
	checkSums(t, rounded)
	step := decimal.New(1, -places)
	near := func(x, y decimal.Decimal) bool {
		return y.Equal(y.Truncate(places)) && y.Shift(places).IsInteger() && x.Sub(y).Abs().LessThan(step)
	}
	ok := exact.Subtotal.Round(places).Equal(rounded.Subtotal) && exact.Total.Round(places).Equal(rounded.Total)

	before, after := parts(exact), parts(rounded)
	require.Len(t, after, len(before))
	finer := false
	for _, p := range before {
		finer = finer || !p.subtotal.Equal(p.subtotal.Truncate(places)) || !p.subtotal.Shift(places).IsInteger()
	}
	check := func(x, y decimal.Decimal) { ok = ok && (near(x, y) || finer && y.Shift(places).IsInteger()) }
	for i, p := range before {
		q := after[i]
		check(p.subtotal, q.subtotal)
		check(p.total, q.total)
		check(p.discount, q.discount)
		ok = ok && (len(p.discounts) > 0 || q.discount.IsZero())
		for j := range p.discounts {
			check(p.discounts[j].Amount, q.discounts[j].Amount)
		}
	}
	for i := range exact.Discounts {
		check(exact.Discounts[i].Amount, rounded.Discounts[i].Amount)
	}
	if !ok {
		require.FailNow(t, "badly rounded", "%s\nof\n%s", show(rounded), show(exact))
	}
}

// checkNoRemainderLost checks, if the subtotals need no rounding, that the totals with the largest remainders were rounded up,
// the earlier ones first.
func checkNoRemainderLost(t testing.TB, exact, rounded integration.Receipt, places int32) {
	t.Helper()
	type amount struct {
		rest decimal.Decimal
		up   bool
	}
	var amounts []amount
	add := func(x, y decimal.Decimal) {
		floor := x.RoundFloor(places)
		if rest := x.Sub(floor); !rest.IsZero() {
			amounts = append(amounts, amount{rest, !y.Equal(floor)})
		}
	}
	before, after := parts(exact), parts(rounded)
	for i, p := range before {
		if !p.subtotal.Equal(p.subtotal.Truncate(places)) {
			return
		}
		add(p.total, after[i].total)
	}
	for i := range exact.Discounts {
		add(exact.Discounts[i].Amount.Neg(), rounded.Discounts[i].Amount.Neg())
	}
	for i, a := range amounts {
		for _, b := range amounts[i+1:] {
			later := b.up && !a.up && !b.rest.GreaterThan(a.rest)
			earlier := a.up && !b.up && b.rest.GreaterThan(a.rest)
			if later || earlier {
				require.FailNow(t, "the wrong remainder went up", "%s\nof\n%s", show(rounded), show(exact))
			}
		}
	}
}

// randomCart returns a session and discounts on it.
func randomCart(rnd *rand.Rand) (*talonone.CustomerSessionV2, []integration.Effect) {
	scale := rnd.Int32N(4)
	amount := func(most int64) decimal.Decimal {
		d := decimal.New(rnd.Int64N(most+1), -rnd.Int32N(scale+1))
		if rnd.IntN(20) == 0 {
			d = d.Neg()
		}
		return d
	}
	names := []string{"shipping", "fee", "wrap"}
	costs := func() map[string]talonone.AdditionalCost {
		m := map[string]talonone.AdditionalCost{}
		for _, name := range names[:rnd.IntN(len(names)+1)] {
			m[name] = talonone.AdditionalCost{Price: amount(50)}
		}
		return m
	}
	s := &talonone.CustomerSessionV2{AdditionalCosts: costs()}
	for range rnd.IntN(6) {
		s.CartItems = append(s.CartItems, talonone.CartItem{SKU: "A", Quantity: 1 + rnd.IntN(3), Price: new(amount(300)), AdditionalCosts: costs()})
	}
	var list []integration.EffectProps
	for range rnd.IntN(8) {
		value := amount(200)
		if len(s.CartItems) == 0 || rnd.IntN(4) == 0 {
			if name := names[rnd.IntN(len(names))]; rnd.IntN(2) == 0 && !s.AdditionalCosts[name].Equal(talonone.AdditionalCost{}) {
				list = append(list, &integration.SetDiscountPerAdditionalCost{Name: "c", AdditionalCost: name, Value: value})
			} else {
				list = append(list, &integration.SetDiscount{Name: "s", Value: value})
			}
			continue
		}
		position := rnd.IntN(len(s.CartItems))
		unit := new(rnd.IntN(s.CartItems[position].Quantity))
		if rnd.IntN(3) == 0 {
			unit = nil
		}
		if _, ok := s.CartItems[position].AdditionalCosts["shipping"]; ok && rnd.IntN(4) == 0 {
			list = append(list, &integration.SetDiscountPerAdditionalCostPerItem{Name: "c", AdditionalCost: "shipping", Position: position, SubPosition: unit, Value: value})
			continue
		}
		list = append(list, &integration.SetDiscountPerItem{Name: "i", Position: position, SubPosition: unit, Scope: "price", Value: value})
		if unit != nil && rnd.IntN(4) == 0 {
			part := value.Mul(decimal.New(rnd.Int64N(11), -1))
			list = append(list, &integration.RollbackDiscount{Name: "i", CartItemPosition: &position, CartItemSubPosition: unit, Scope: "price", Value: part})
		}
	}
	rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return s, effects(list...)
}

// TestReceiptProperties checks what must hold of every receipt, rounded or not.
func TestReceiptProperties(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 4_000 {
		s, list := randomCart(rnd)
		r, err := integration.NewReceipt(s, list)
		require.NoError(t, err)
		checkSums(t, *r)
		checkOrder(t, s, list, r)

		var sum decimal.Decimal
		for _, e := range list {
			switch p := e.Props.(type) {
			case *integration.SetDiscount:
				sum = sum.Add(p.Value)
			case *integration.SetDiscountPerItem:
				sum = sum.Add(p.Value)
			case *integration.SetDiscountPerAdditionalCost:
				sum = sum.Add(p.Value)
			case *integration.SetDiscountPerAdditionalCostPerItem:
				sum = sum.Add(p.Value)
			case *integration.RollbackDiscount:
				sum = sum.Sub(p.Value)
			}
		}
		require.True(t, sum.Equal(r.DiscountTotal), "every discount counts once")

		places := rnd.Int32N(5) - 2
		rounded := r.Round(places)
		checkRounded(t, *r, rounded, places)
		checkNoRemainderLost(t, *r, rounded, places)
	}
}

// checkOrder checks that the order of the effects does not matter if every rollback names its discounts completely.
func checkOrder(t testing.TB, s *talonone.CustomerSessionV2, list []integration.Effect, want *integration.Receipt) {
	t.Helper()
	for _, e := range list {
		if p, ok := e.Props.(*integration.RollbackDiscount); ok && p != nil &&
			(p.CartItemPosition != nil && p.CartItemSubPosition == nil || p.Scope == "" || p.AdditionalCost == "" && p.AdditionalCostID != nil) {
			return
		}
	}
	reversed := slices.Clone(list)
	slices.Reverse(reversed)
	turned := slices.Concat(list[len(list)/2:], list[:len(list)/2])
	for _, other := range [][]integration.Effect{reversed, turned} {
		r, err := integration.NewReceipt(s, other)
		require.Equal(t, want == nil, err != nil, "%v", err)
		if want == nil {
			continue
		}
		require.Equal(t, netted(*want), netted(*r))
		before, after := parts(*want), parts(*r)
		for i, p := range before {
			require.True(t, p.subtotal.Equal(after[i].subtotal) && p.total.Equal(after[i].total), p.path)
		}
		require.True(t, want.Subtotal.Equal(r.Subtotal) && want.DiscountTotal.Equal(r.DiscountTotal) && want.Total.Equal(r.Total))
	}
}

// FuzzReceipt checks the same for any session and effects in a text: the amounts add up, rounded or not, for any order of the
// effects.
func FuzzReceipt(f *testing.F) {
	for _, fixture := range fixtures(f) {
		if fixture.kind == "integration-state" || fixture.kind == "session-response" {
			f.Add(fixture.text, int32(2))
		}
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	for i := range 20 {
		s, list := randomCart(rnd)
		text, err := integration.IntegrationState{CustomerSession: s, Effects: list}.MarshalJSON()
		require.NoError(f, err)
		f.Add(text, int32(i%5-2))
	}
	f.Fuzz(func(t *testing.T, text []byte, places int32) {
		var state integration.IntegrationState
		if state.UnmarshalJSON(text) != nil {
			return
		}
		given := state.Clone()
		r, err := integration.NewReceipt(state.CustomerSession, state.Effects)
		require.True(t, given.Equal(state), "the arguments stay as they are")
		checkOrder(t, state.CustomerSession, state.Effects, r)
		if err != nil {
			_, ok := errors.AsType[*integration.ReceiptError](err)
			require.True(t, ok)
			return
		}
		checkSums(t, *r)
		if !slices.ContainsFunc(r.Lines, func(l integration.ReceiptLine) bool { return l.Returned != 0 }) {
			require.True(t, state.CustomerSession.ComputeTotals().Total.Equal(r.Subtotal))
		}
		rounded := r.Round(places)
		checkSums(t, rounded)
		require.Equal(t, show(rounded), show(rounded.Round(places)), "a second time changes nothing")
		for _, r := range []integration.Receipt{*r, rounded} {
			r.Overdiscounted()
			require.False(t, r.Payable().IsNegative())
			if text, err := r.MarshalJSON(); err == nil {
				require.True(t, json.Valid(text))
			} else {
				require.ErrorIs(t, err, talonone.ErrOutOfRange)
			}
		}
		if -100 < places && places < 100 {
			checkRounded(t, *r, rounded, places)
		}
	})
}
