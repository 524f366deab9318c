package test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// looser is what the bounds are multiplied with under the race detector.
func looser(bound float64) float64 {
	if raceEnabled {
		return 4*bound + 20
	}
	return bound
}

// cart is a fixed session of so many items, with every member that a shop commonly fills.
func cart(t testing.TB, items int) talonone.CustomerSessionV2 {
	text := `{"id":6,"integrationId":"session-1","applicationId":322,"profileId":"customer-1","state":"open","created":"2026-02-07T08:15:22Z",
		"couponCodes":["XMAS-20"],"additionalCosts":{"shipping":{"price":9.90},"wrap":{"price":1}},"attributes":{"ShippingCity":"Berlin"},"cartItems":[`
	for i := range items {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf(`{"name":"Running shoe, model %d","sku":"SKU-%06d","quantity":%d,"returnedQuantity":0,"remainingQuantity":1,"price":%d.99,
			"category":"shoes","weight":%d,"height":120.5,"width":210.5,"length":33%d,"position":%d,
			"attributes":{"color":"black","size":%d,"giftWrapped":true}}`, i%50, i, i%5+1, 9+i, 300+i%40, i%7, i, 36+i%12)
	}
	return decode[talonone.CustomerSessionV2](t, text+`]}`)
}

// TestEncodeAllocations: to encode into a buffer that is large enough allocates nothing.
func TestEncodeAllocations(t *testing.T) {
	for _, items := range []int{0, 1, 10, 100} {
		s := cart(t, items)
		u := s.Update()
		buf := make([]byte, 0, 1<<20)
		for _, c := range []struct {
			name string
			run  func()
		}{
			{"session", func() { buf, _ = s.AppendJSON(buf[:0]) }},
			{"update", func() { buf, _ = u.AppendJSON(buf[:0]) }},
			{"attributes", func() { buf, _ = s.Attributes.AppendJSON(buf[:0]) }},
		} {
			c.run() // once before, for the pools
			require.NotEmpty(t, buf)
			assert.LessOrEqual(t, testing.AllocsPerRun(50, c.run), looser(0), "%s of %d items", c.name, items)
		}
		if items > 0 {
			item := s.CartItems[0]
			assert.LessOrEqual(t, testing.AllocsPerRun(50, func() { buf, _ = item.AppendJSON(buf[:0]) }), looser(0), "item")
		}
		assert.LessOrEqual(t, testing.AllocsPerRun(50, func() { _, _ = s.MarshalJSON() }), looser(1), "MarshalJSON allocates its result")
	}
}

// TestDecodeAllocations: at most 8 allocations for an item. The first ones cost more: what is the same in others is allocated
// with them.
func TestDecodeAllocations(t *testing.T) {
	for _, items := range []int{1, 10, 100, 1000} {
		text := []byte(encode(t, cart(t, items)))
		allocations := testing.AllocsPerRun(10, func() {
			var s talonone.CustomerSessionV2
			if err := s.UnmarshalJSON(text); err != nil {
				t.Error(err)
			}
		})
		t.Logf("%d items: %.1f allocations an item", items, allocations/float64(items))
		assert.LessOrEqual(t, allocations, looser(float64(8*items+250)), "%d items", items)
	}
}

// TestHostileAllocations: what is refused costs next to nothing.
func TestHostileAllocations(t *testing.T) {
	for _, text := range []string{`{"price":1e999999999}`, `{"price":"1e999999999"}`, `{"price":-1e-999999999}`, `{"price":1e99999999999999999999}`, `{"quantity":1e999999999}`, `{"position":1e2147483647}`} {
		document := []byte(text)
		assert.LessOrEqual(t, testing.AllocsPerRun(20, func() {
			if new(talonone.CartItem).UnmarshalJSON(document) == nil {
				t.Error("accepted")
			}
		}), looser(12), text)
	}
}

// TestEqualAllocations: to compare two sessions costs no more for more items.
func TestEqualAllocations(t *testing.T) {
	a := cart(t, 100)
	b := a.Clone()
	assert.LessOrEqual(t, testing.AllocsPerRun(20, func() {
		if !a.Equal(b) {
			t.Error("not equal")
		}
	}), looser(24))
}
