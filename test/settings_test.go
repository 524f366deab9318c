package test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// TestDecimalSettings turns each of decimal's global settings, which belong to the user's program, to other values and sees the
// same bytes and the same results.
func TestDecimalSettings(t *testing.T) {
	results := func() string {
		var b strings.Builder
		show := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
		bytesOf := func(name string, v anyModel) {
			text, err := v.AppendJSON(nil)
			show("%s: %s %v", name, text, err)
			text, err = v.MarshalJSON()
			show("%s: %s %v", name, text, err)
			text, err = json.Marshal(v.pointer())
			show("%s: %s %v", name, text, err)
		}
		s := fullSession(t)
		bytesOf("session", &boxed[talonone.CustomerSessionV2]{s})
		bytesOf("update", &boxed[talonone.CustomerSessionUpdate]{s.Update()})
		for _, number := range []string{"0", "0.00", "5.50", "-5.50", "100", "1e3", "12e2", "1.50e-3", "0.0000001", "1e20", "1e1000", "1e-1000", "123456789012345678901234567890.00", "1e20000", "1e-20000"} {
			for _, text := range []string{number, `"` + number + `"`} {
				var cost talonone.AdditionalCost
				err := cost.UnmarshalJSON([]byte(`{"price":` + text + `}`))
				show("decode %s: %v", text, err)
				bytesOf("cost", &boxed[talonone.AdditionalCost]{cost})
				a := talonone.Attributes{
					"number": json.Number(number), "decimal": cost.Price, "pointer": &cost.Price, "null": decimal.NewNullDecimal(cost.Price),
					"list": []decimal.Decimal{cost.Price}, "map": map[string]*decimal.Decimal{"a": &cost.Price}, "float": 1e-7,
				}
				bytesOf("attributes", &boxed[talonone.Attributes]{a})
				for _, name := range slices.Sorted(maps.Keys(a)) {
					d, ok := a.Decimal(name)
					n, okInt := a.Int64(name)
					show("read %t %t %d %t", ok, d.Equal(cost.Price), n, okInt)
				}
				item := talonone.CartItem{Price: &cost.Price, Attributes: a}
				other := talonone.CartItem{Price: new(rescaled(cost.Price)), Attributes: a.Clone()}
				show("equal %t %t %t", item.Equal(other), item.Equal(item.Clone()), item.Equal(talonone.CartItem{}))
				show("log %v", item.LogValue())
				show("log %v", talonone.CustomerSessionV2{Total: cost.Price}.LogValue())
			}
		}
		for _, d := range []decimal.Decimal{decimal.New(12, 5), decimal.New(1, 1023), decimal.New(1, 1024), decimal.New(1, math.MaxInt32), decimal.New(-1, math.MinInt32), decimal.New(0, 5), decimal.New(100, -2)} {
			bytesOf("written", &boxed[talonone.AdditionalCost]{talonone.AdditionalCost{Price: d}})
			show("log %v", talonone.CustomerSessionV2{Total: d}.LogValue())
		}
		return b.String()
	}
	want := results()
	require.Contains(t, want, `"price":5.50`)
	require.Contains(t, want, `"price":1200000`)

	change := func(name string, set, restore func()) {
		t.Run(name, func(t *testing.T) {
			defer restore()
			set()
			assert.Equal(t, want, results())
		})
	}
	for _, n := range []int{0, 1, 2, 1000, -1} {
		kept := decimal.DivisionPrecision
		change(fmt.Sprintf("DivisionPrecision=%d", n), func() { decimal.DivisionPrecision = n }, func() { decimal.DivisionPrecision = kept })
		keptPow := decimal.PowPrecisionNegativeExponent
		change(fmt.Sprintf("PowPrecisionNegativeExponent=%d", n), func() { decimal.PowPrecisionNegativeExponent = n }, func() { decimal.PowPrecisionNegativeExponent = keptPow })
		keptMax := decimal.MaxDecodeExponent
		change(fmt.Sprintf("MaxDecodeExponent=%d", n), func() { decimal.MaxDecodeExponent = n }, func() { decimal.MaxDecodeExponent = keptMax })
		keptIterations := decimal.ExpMaxIterations
		change(fmt.Sprintf("ExpMaxIterations=%d", n), func() { decimal.ExpMaxIterations = n }, func() { decimal.ExpMaxIterations = keptIterations })
	}
	for name, setting := range map[string]*bool{
		"MarshalJSONWithoutQuotes": &decimal.MarshalJSONWithoutQuotes, "TrimTrailingZeros": &decimal.TrimTrailingZeros,
		"UseScientificNotation": &decimal.UseScientificNotation,
	} {
		kept := *setting
		change(name, func() { *setting = !kept }, func() { *setting = kept })
	}
	keptMax, keptZeros, keptScientific, keptQuotes := decimal.MaxDecodeExponent, decimal.TrimTrailingZeros, decimal.UseScientificNotation, decimal.MarshalJSONWithoutQuotes
	change("all", func() {
		decimal.DivisionPrecision, decimal.PowPrecisionNegativeExponent, decimal.ExpMaxIterations = 1, 1, 1
		decimal.MaxDecodeExponent, decimal.TrimTrailingZeros, decimal.UseScientificNotation, decimal.MarshalJSONWithoutQuotes = 1, !keptZeros, !keptScientific, !keptQuotes
	}, func() {
		decimal.DivisionPrecision, decimal.PowPrecisionNegativeExponent, decimal.ExpMaxIterations = 16, 16, 1000
		decimal.MaxDecodeExponent, decimal.TrimTrailingZeros, decimal.UseScientificNotation, decimal.MarshalJSONWithoutQuotes = keptMax, keptZeros, keptScientific, keptQuotes
	})
}

// TestDecimalSettingsAreNotRead changes the settings while others encode and decode: under the race detector a single look at
// one of them fails the test.
func TestDecimalSettingsAreNotRead(t *testing.T) {
	s := fullSession(t)
	kept := decimal.TrimTrailingZeros
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 100 {
			decimal.DivisionPrecision = 16 + i%2
			decimal.PowPrecisionNegativeExponent = 16 + i%2
			decimal.ExpMaxIterations = 1000 + i%2
			decimal.MaxDecodeExponent = 10000 + i%2
			decimal.MarshalJSONWithoutQuotes = i%2 == 0
			decimal.TrimTrailingZeros = i%2 == 0
			decimal.UseScientificNotation = i%2 == 0
		}
	}()
	for range 20 {
		text := encode(t, s)
		back := decode[talonone.CustomerSessionV2](t, text)
		assert.True(t, s.Equal(back))
		assert.True(t, s.Equal(s.Clone()))
		_ = s.Update()
		_ = s.LogValue()
		_ = s.CartItems[0].LogValue()
		a := talonone.Attributes{"v": decimal.New(550, -2)}
		_, _ = a.Decimal("v")
		_, _ = a.Int64("v")
		assert.True(t, a.Equal(talonone.Attributes{"v": 5.5}))
	}
	<-done
	decimal.DivisionPrecision, decimal.PowPrecisionNegativeExponent, decimal.ExpMaxIterations, decimal.MaxDecodeExponent = 16, 16, 1000, 10000
	decimal.MarshalJSONWithoutQuotes, decimal.TrimTrailingZeros, decimal.UseScientificNotation = false, kept, false
}
