package netting_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/internal/netting"
)

func entry(unit int, scope string, amount int64) netting.Entry {
	return netting.Entry{Unit: unit, Scope: scope, Amount: decimal.New(amount, 0)}
}

func names(r, d netting.Entry) bool {
	return (r.Unit == d.Unit || r.Unit == netting.Whole || d.Unit == netting.Whole) &&
		(r.Scope == d.Scope || r.Scope == "" || d.Scope == "")
}

func sum(list []netting.Entry) (total decimal.Decimal) {
	for _, e := range list {
		total = total.Add(e.Amount)
	}
	return total
}

// most returns the largest amount that can be taken: by the theorem of König and Hall, what the rollbacks come to, less what
// the worst choice of them lacks in the discounts that it names.
func most(discounts, rollbacks []netting.Entry) int64 {
	var lack int64
	for chosen := range 1 << len(rollbacks) {
		var n int64
		for i, r := range rollbacks {
			if chosen&(1<<i) != 0 {
				n += r.Amount.IntPart()
			}
		}
		for _, d := range discounts {
			for i, r := range rollbacks {
				if chosen&(1<<i) != 0 && names(r, d) {
					n -= d.Amount.IntPart()
					break
				}
			}
		}
		lack = max(lack, n)
	}
	return sum(rollbacks).IntPart() - lack
}

// TestNetChooses has rollbacks that could be met in several ways, and amounts of every sign and exponent.
func TestNetChooses(t *testing.T) {
	const whole = netting.Whole
	type list = []netting.Entry
	scaled := func(coefficient int64, exp int32) netting.Entry {
		return netting.Entry{Amount: decimal.New(coefficient, exp)}
	}
	for _, tt := range []struct {
		name                 string
		discounts, rollbacks list
		left                 []float64 // of the discounts
	}{
		{"a rollback of a unit comes before one of a scope",
			list{entry(whole, "", 2), entry(whole, "c", 2), entry(1, "b", 2)},
			list{entry(whole, "b", 2), entry(0, "", 2)}, []float64{0, 2, 0}},
		{"so it does where another was met before",
			list{entry(5, "z", 1), entry(whole, "", 2), entry(whole, "c", 2), entry(1, "b", 2)},
			list{entry(whole, "b", 2), entry(0, "", 2), entry(5, "z", 1)}, []float64{0, 0, 2, 0}},
		{"a rollback of a scope comes before one of neither",
			list{entry(0, "b", 2), entry(1, "c", 2), entry(2, "b", 2)},
			list{entry(whole, "", 2), entry(whole, "b", 2)}, []float64{0, 0, 2}},
		{"what a rollback leaves of a discount the next one takes",
			list{entry(0, "a", 5), entry(0, "b", 5)},
			list{entry(0, "", 2), entry(whole, "", 2)}, []float64{1, 5}},
		{"a discount that is used up and was reached in two ways",
			list{entry(whole, "a", 3), entry(whole, "", 2), entry(1, "", 1)},
			list{entry(whole, "b", 3), entry(1, "", 2), entry(1, "a", 2)}, []float64{0, 0, 0}},
		{"the first unit", list{entry(1, "a", 2), entry(0, "b", 2)}, list{entry(whole, "", 1)}, []float64{2, 1}},
		{"the same scope", list{entry(whole, "", 2), entry(whole, "b", 2)}, list{entry(whole, "b", 1)}, []float64{2, 1}},
		{"the whole line before the same scope", list{entry(0, "b", 2), entry(whole, "", 2)}, list{entry(whole, "b", 1)}, []float64{2, 1}},
		{"no scope before any scope", list{entry(0, "a", 2), entry(1, "", 2)}, list{entry(whole, "", 1)}, []float64{2, 1}},
		{"the whole line before no scope", list{entry(0, "", 2), entry(whole, "z", 2)}, list{entry(whole, "", 1)}, []float64{2, 1}},
		{"the smaller one", list{scaled(200, -2), scaled(1, 0)}, list{scaled(5, -1)}, []float64{2, 0.5}},
		{"the smaller one, the other way round", list{scaled(1, 0), scaled(200, -2)}, list{scaled(5, -1)}, []float64{0.5, 2}},
		{"of equal ones that with more places", list{scaled(5, 0), scaled(500, -2)}, list{scaled(2, 0)}, []float64{5, 3}},
		{"the same, the other way round", list{scaled(500, -2), scaled(5, 0)}, list{scaled(2, 0)}, []float64{3, 5}},
		{"the smaller surcharge", list{scaled(-5, 0), scaled(-2, 0)}, list{scaled(-1, 0)}, []float64{-5, -1}},
		{"the same, the other way round", list{scaled(-2, 0), scaled(-5, 0)}, list{scaled(-1, 0)}, []float64{-1, -5}},
		{"hundreds", list{scaled(5, 2), scaled(7, 2)}, list{scaled(2, 2)}, []float64{300, 700}},
		{"both signs", list{scaled(-5, 0), scaled(3, 0), scaled(0, 0)}, list{scaled(-2, 0), scaled(1, 0)}, []float64{-3, 2, 0}},
	} {
		difference := sum(tt.discounts).Sub(sum(tt.rollbacks))
		netting.Net(tt.discounts, tt.rollbacks)
		for i, d := range tt.discounts {
			require.Equal(t, tt.left[i], d.Amount.InexactFloat64(), "%s: discount %d", tt.name, i)
		}
		require.True(t, difference.Equal(sum(tt.discounts).Sub(sum(tt.rollbacks))), tt.name)
	}
}

// TestNetZeros has zeros of every exponent, which cost nothing and change the scale of nothing else.
func TestNetZeros(t *testing.T) {
	zero := func(exp int32) netting.Entry { return netting.Entry{Amount: decimal.New(0, exp)} }
	discounts := []netting.Entry{zero(math.MaxInt32), entry(0, "", 5), zero(-400), zero(1), zero(0)}
	rollbacks := []netting.Entry{entry(0, "", 3), zero(math.MaxInt32), zero(-300)}
	netting.Net(discounts, rollbacks)
	for i, want := range []decimal.Decimal{{}, decimal.New(2, 0), decimal.New(0, -400), {}, {}} {
		require.True(t, want.Equal(discounts[i].Amount))
		require.Equal(t, want.Exponent(), discounts[i].Amount.Exponent())
	}
	require.True(t, sum(rollbacks).IsZero())

	discounts = []netting.Entry{entry(0, "", 2), entry(0, "", 5)}
	netting.Net(discounts, []netting.Entry{{Amount: decimal.New(200, -2)}})
	require.Equal(t, int32(0), discounts[1].Amount.Exponent(), "of which nothing is taken")
}

func TestCostNames(t *testing.T) {
	for _, names := range [][]string{{"a", "b", "c"}, {"c", "b", "a"}, {"b", "a", "c"}} {
		c := make(netting.CostNames)
		c.Add(2, "other")
		for _, name := range names {
			c.Add(1, name)
		}
		require.Equal(t, netting.CostNames{1: "a", 2: "other"}, c)
	}
}

// TestNetTakesTheMost compares what is taken with what can be, also where it is not enough.
func TestNetTakesTheMost(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	scopes := []string{"", "a", "b"}
	list := func() (entries []netting.Entry) {
		for range rnd.IntN(7) {
			entries = append(entries, entry(rnd.IntN(4)-1, scopes[rnd.IntN(3)], rnd.Int64N(5)))
		}
		return entries
	}
	for range 3_000 {
		discounts, rollbacks := list(), list()
		want, had, asked := most(discounts, rollbacks), sum(discounts), sum(rollbacks)
		netting.Net(discounts, rollbacks)
		for _, r := range rollbacks {
			named := slices.ContainsFunc(discounts, func(d netting.Entry) bool { return names(r, d) })
			require.Equal(t, named, r.Named)
		}
		require.Equal(t, want, had.Sub(sum(discounts)).IntPart())
		require.Equal(t, want, asked.Sub(sum(rollbacks)).IntPart())
		for _, e := range append(discounts, rollbacks...) {
			require.False(t, e.Amount.IsNegative())
		}
	}
}

// BenchmarkNet nets the discounts of as many units: of lines with ten each, and of one line where all compete.
func BenchmarkNet(b *testing.B) {
	const many = 10_000
	lists := map[string]func() (discounts, rollbacks []netting.Entry){
		"lines": func() (discounts, rollbacks []netting.Entry) {
			for i := range many {
				e := entry(i%10, "price", 5)
				e.Place.Line = i / 10
				discounts, rollbacks = append(discounts, e), append(rollbacks, e)
			}
			return discounts, rollbacks
		},
		"one line": func() (discounts, rollbacks []netting.Entry) {
			for i := range many / 2 {
				s, next := fmt.Sprint("s", i), fmt.Sprint("s", i+1)
				discounts = append(discounts, entry(i, s, 5), entry(i, next, 5))
				rollbacks = append(rollbacks, entry(i, "", 5), entry(netting.Whole, s, 5))
			}
			return discounts, rollbacks
		},
		"any unit and any scope": func() (discounts, rollbacks []netting.Entry) {
			rnd := rand.New(rand.NewPCG(1, 2))
			for range many {
				u, s := rnd.IntN(100), fmt.Sprint(rnd.IntN(100))
				discounts = append(discounts, entry(u, s, 1+rnd.Int64N(9)))
				if rnd.IntN(2) == 0 {
					rollbacks = append(rollbacks, entry(u, "", 1+rnd.Int64N(9)))
				} else {
					rollbacks = append(rollbacks, entry(netting.Whole, s, 1+rnd.Int64N(9)))
				}
			}
			return discounts, rollbacks
		},
	}
	for name, list := range lists {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				netting.Net(list())
			}
		})
	}
}
