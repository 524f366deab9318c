package netting_test

import (
	"fmt"
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

func sum(list []netting.Entry) (n int64) {
	for _, e := range list {
		n += e.Amount.IntPart()
	}
	return n
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
	return sum(rollbacks) - lack
}

// TestNetChooses has rollbacks that could be met in several ways.
func TestNetChooses(t *testing.T) {
	const whole = netting.Whole
	type list = []netting.Entry
	for _, tt := range []struct {
		name                 string
		discounts, rollbacks list
		left                 []int64 // of the discounts
	}{
		{"a rollback of a unit comes before one of a scope",
			list{entry(whole, "", 2), entry(whole, "c", 2), entry(1, "b", 2)},
			list{entry(whole, "b", 2), entry(0, "", 2)}, []int64{0, 2, 0}},
		{"so it does where another was met before",
			list{entry(5, "z", 1), entry(whole, "", 2), entry(whole, "c", 2), entry(1, "b", 2)},
			list{entry(whole, "b", 2), entry(0, "", 2), entry(5, "z", 1)}, []int64{0, 0, 2, 0}},
		{"what a rollback leaves of a discount the next one takes",
			list{entry(0, "a", 5), entry(0, "b", 5)},
			list{entry(0, "", 2), entry(whole, "", 2)}, []int64{1, 5}},
		{"a discount that is used up and was reached in two ways",
			list{entry(whole, "a", 3), entry(whole, "", 2), entry(1, "", 1)},
			list{entry(whole, "b", 3), entry(1, "", 2), entry(1, "a", 2)}, []int64{0, 0, 0}},
	} {
		difference := sum(tt.discounts) - sum(tt.rollbacks)
		netting.Net(tt.discounts, tt.rollbacks)
		for i, d := range tt.discounts {
			require.Equal(t, tt.left[i], d.Amount.IntPart(), "%s: discount %d", tt.name, i)
		}
		require.Equal(t, difference, sum(tt.discounts)-sum(tt.rollbacks), tt.name)
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
		require.Equal(t, want, had-sum(discounts))
		require.Equal(t, want, asked-sum(rollbacks))
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
