package integration_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// netted shows a receipt without what may change with the order of the effects: their indexes.
func netted(r integration.Receipt) string {
	var b strings.Builder
	show := func(place string, list []integration.ReceiptDiscount) {
		var lines []string
		for _, d := range list {
			lines = append(lines, fmt.Sprintf("%s %q unit %d scope %q: %s\n", place, d.Name, d.Unit, d.Scope, jsonwire.DecimalText(d.Amount)))
		}
		slices.Sort(lines)
		b.WriteString(strings.Join(lines, ""))
	}
	for _, p := range parts(r) {
		show(p.path, p.discounts)
	}
	show("session", r.Discounts)
	fmt.Fprint(&b, jsonwire.DecimalText(r.Total), r.Overdiscounted())
	return b.String()
}

// permute calls visit with every order of a list.
func permute(list []integration.EffectProps, visit func([]integration.EffectProps)) {
	var from func(i int)
	from = func(i int) {
		if i == len(list) {
			visit(list)
			return
		}
		for j := i; j < len(list); j++ {
			list[i], list[j] = list[j], list[i]
			from(i + 1)
			list[i], list[j] = list[j], list[i]
		}
	}
	from(0)
}

func TestReceiptRollbackInEveryOrder(t *testing.T) {
	item0 := func(scope integration.DiscountScope, value string, unit *int) *integration.SetDiscountPerItem {
		return &integration.SetDiscountPerItem{Name: "n", Value: dec(value), SubPosition: unit, Scope: scope}
	}
	back := func(scope integration.DiscountScope, value string, unit *int) *integration.RollbackDiscount {
		return &integration.RollbackDiscount{Name: "n", Value: dec(value), CartItemPosition: new(0), CartItemSubPosition: unit, Scope: scope}
	}
	for _, tc := range []struct {
		name string
		list []integration.EffectProps
		want string
	}{
		{"one names the unit, the other the scope", []integration.EffectProps{
			item0("price", "5", new(0)), item0("itemTotal", "5", new(0)), back("", "5", new(0)), back("price", "5", nil),
		}, `
line 0 "n" unit 0 scope "itemTotal": 0
line 0 "n" unit 0 scope "price": 0
20[]`},
		{"a part stays", []integration.EffectProps{
			item0("price", "5", new(0)), item0("itemTotal", "5", new(0)), back("", "4.5", new(0)), back("price", "5", nil),
		}, `
line 0 "n" unit 0 scope "itemTotal": 0.5
line 0 "n" unit 0 scope "price": 0
19.5[]`},
		{"the line's discount goes to the unit that has none", []integration.EffectProps{
			item0("", "2", nil), item0("price", "3", new(1)), back("", "2", new(0)), back("", "3", nil),
		}, `
line 0 "n" unit -1 scope "": 0
line 0 "n" unit 1 scope "price": 0
20[]`},
		{"of equal places the smaller discount first", []integration.EffectProps{
			item0("", "2", nil), item0("", "3", nil), item0("", "1.5", nil), back("", "2.5", nil),
		}, `
line 0 "n" unit -1 scope "": 0.0
line 0 "n" unit -1 scope "": 1.0
line 0 "n" unit -1 scope "": 3
16.0[]`},
		{"more is taken off than there is", []integration.EffectProps{
			item0("price", "30", new(0)), item0("itemTotal", "5", new(0)), back("", "5", new(0)), back("price", "15", nil),
		}, `
line 0 "n" unit 0 scope "itemTotal": 0
line 0 "n" unit 0 scope "price": 15
5[/cartItems/0]`},
		{"surcharges", []integration.EffectProps{
			item0("price", "-5", new(0)), item0("itemTotal", "-5", new(0)), back("", "-5", new(0)), back("price", "-5", nil),
		}, `
line 0 "n" unit 0 scope "itemTotal": 0
line 0 "n" unit 0 scope "price": 0
20[]`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			permute(tc.list, func(list []integration.EffectProps) {
				r, err := integration.NewReceipt(session(nil, item("A", 2, "10")), effects(list...))
				require.NoError(t, err)
				require.Equal(t, strings.TrimPrefix(tc.want, "\n"), netted(*r))
				checkSums(t, *r)
			})
		})
	}
}

// TestReceiptRollbackProperties makes rollbacks of parts of discounts, and then has them say less than they could: as
// there is a choice that meets all, none may be refused.
func TestReceiptRollbackProperties(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	scopes := []integration.DiscountScope{"", integration.ScopePrice, integration.ScopeItemTotal}
	unit := func() *int {
		if u := rnd.IntN(4) - 1; u >= 0 {
			return &u
		}
		return nil
	}
	for range 1_000 {
		var list []integration.EffectProps
		for range 1 + rnd.IntN(6) {
			d := integration.SetDiscountPerItem{
				Name: "n", Value: dec(fmt.Sprint(1 + rnd.IntN(5))), Scope: scopes[rnd.IntN(3)], SubPosition: unit(),
			}
			list = append(list, &d)
			for left := d.Value; rnd.IntN(4) > 0 && left.Sign() > 0; {
				r := integration.RollbackDiscount{
					Name: "n", Value: left, CartItemPosition: new(0), CartItemSubPosition: d.SubPosition, Scope: d.Scope,
				}
				if part := dec(fmt.Sprint(1 + rnd.IntN(5))); part.LessThan(left) {
					r.Value = part
				}
				left = left.Sub(r.Value)
				if r.CartItemSubPosition == nil { // one on the whole line answers to every unit
					r.CartItemSubPosition = unit()
				} else if rnd.IntN(2) == 0 {
					r.CartItemSubPosition = nil
				}
				if r.Scope == "" {
					r.Scope = scopes[rnd.IntN(3)]
				} else if rnd.IntN(2) == 0 {
					r.Scope = ""
				}
				list = append(list, &r)
			}
		}
		cart := session(nil, item("A", 3, "10"))
		first := ""
		for range 6 {
			rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			r, err := integration.NewReceipt(cart, effects(list...))
			require.NoError(t, err)
			checkSums(t, *r)
			if first == "" {
				first = netted(*r)
			}
			require.Equal(t, first, netted(*r))
		}
	}
}

// TestReceiptRollbackOfMore tells a rollback of nothing from one of more than there is.
func TestReceiptRollbackOfMore(t *testing.T) {
	cart := session(nil, item("A", 2, "10"))
	discount := &integration.SetDiscount{Name: "n", Value: dec("5")}
	_, err := integration.NewReceipt(cart, effects(discount, &integration.RollbackDiscount{Name: "n", Value: dec("5.01")}))
	require.ErrorIs(t, err, integration.ErrNothingToRollBack)
	assert.ErrorContains(t, err, "come to less")
	_, err = integration.NewReceipt(cart, effects(discount, &integration.RollbackDiscount{Name: "m", Value: dec("5")}))
	require.ErrorIs(t, err, integration.ErrNothingToRollBack)
	assert.NotContains(t, err.Error(), "come to less")
}

// TestReceiptRollbackOfMany has rollbacks that all compete for the discounts of one line. It must not take long.
func TestReceiptRollbackOfMany(t *testing.T) {
	const many = 3_000
	var list []integration.EffectProps
	for i := range many {
		list = append(list,
			&integration.SetDiscountPerItem{Name: "n", Value: dec("5"), SubPosition: &i, Scope: integration.DiscountScope(fmt.Sprint("s", i))},
			&integration.SetDiscountPerItem{Name: "n", Value: dec("5"), SubPosition: &i, Scope: integration.DiscountScope(fmt.Sprint("s", i+1))},
			&integration.RollbackDiscount{Name: "n", Value: dec("5"), CartItemPosition: new(0), CartItemSubPosition: &i},
			&integration.RollbackDiscount{Name: "n", Value: dec("5"), CartItemPosition: new(0), Scope: integration.DiscountScope(fmt.Sprint("s", i))},
		)
	}
	start := time.Now()
	r, err := integration.NewReceipt(session(nil, item("A", many, "10")), effects(list...))
	require.NoError(t, err)
	assert.True(t, r.DiscountTotal.IsZero())
	t.Log(time.Since(start))
}
