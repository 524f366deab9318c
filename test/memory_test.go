package test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
)

// TestMemoryGrowsWithTheInput: what an answer takes is in proportion to its bytes, whatever it is made of. The worst are lists
// of empty objects, each of which becomes a struct: 3 bytes are a cart item of 248.
func TestMemoryGrowsWithTheInput(t *testing.T) {
	const n = 20_000
	list := func(before, element, after string) string {
		return before + `[` + join(n, func(int) string { return element }) + `]` + after
	}
	object := func(before, value, after string) string {
		return before + `{` + join(n, func(i int) string { return fmt.Sprintf(`"%x":%s`, i, value) }) + `}` + after
	}
	for name, document := range map[string]string{
		"items":               list(`{"customerSession":{"cartItems":`, `{}`, `}}`),
		"products":            list(`{"customerSession":{"cartItems":`, `{"product":{}}`, `}}`),
		"prices":              list(`{"customerSession":{"cartItems":`, `{"prices":{"":{}}}`, `}}`),
		"costs of items":      list(`{"customerSession":{"cartItems":`, `{"additionalCosts":{"":{}}}`, `}}`),
		"attributes of items": list(`{"customerSession":{"cartItems":`, `{"attributes":{"":0}}`, `}}`),
		"Extra of items":      list(`{"customerSession":{"cartItems":`, `{"":0}`, `}}`),
		"costs":               object(`{"customerSession":{"additionalCosts":`, `{}`, `}}`),
		"allocations":         list(`{"customerSession":{"experimentVariantAllocations":`, `{}`, `}}`),
		"codes":               list(`{"customerSession":{"couponCodes":`, `""`, `}}`),
		"campaign IDs":        list(`{"customerSession":{"evaluableCampaignIds":`, `1`, `}}`),
		"numbers":             list(`{"customerSession":{"attributes":{"":`, `1`, `}}}`),
		"objects":             list(`{"customerSession":{"attributes":{"":`, `{"":0}`, `}}}`),
		"lists":               list(`{"customerSession":{"attributes":{"":`, `[]`, `}}}`),
		"empty objects":       list(`{"customerSession":{"attributes":{"":`, `{}`, `}}}`),
		"names":               object(`{"customerSession":{"attributes":`, `1`, `}}`),
		"unknown members":     object(``, `1`, ``),
		"unknown lists":       list(`{"":`, `{"":0}`, `}`),
		"unknown names":       object(`{"":`, `1`, `}`),
		"effects":             list(`{"effects":`, `{}`, `}`),
		"known effects":       list(`{"effects":`, `{"effectType":"setDiscountPerItem","props":{}}`, `}`),
		"props":               list(`{"effects":[{"props":`, `{"":0}`, `}]}`),
		"returns":             list(`{"previousReturns":`, `{}`, `}`),
		"returned items":      list(`{"return":{"returnedCartItems":`, `{}`, `}}`),
		"reasons":             list(`{"ruleFailureReasons":`, `{}`, `}`),
		"campaigns":           list(`{"campaignEligibility":`, `{}`, `}`),
		"short lists":         list(`{"previousReturns":`, `{"returnedCartItems":[{},{}]}`, `}`),
		"lists of two kinds":  list(`{"triggeredCampaigns":`, `{"limits":[{},{}],"budgets":[{ },{ }]}`, `}`),
		"texts like elements": list(`{"ruleFailureReasons":`, `{"details":"},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{"}`, `}`),
	} {
		t.Run(name, func(t *testing.T) {
			text := []byte(document)
			var before, decoded, kept runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			state := new(integration.IntegrationState)
			require.NoError(t, state.UnmarshalJSON(text))
			runtime.ReadMemStats(&decoded)
			runtime.GC()
			runtime.ReadMemStats(&kept)
			assert.Less(t, int64(decoded.TotalAlloc-before.TotalAlloc)/int64(len(text)), int64(600), "bytes allocated for each byte")
			assert.Less(t, (int64(kept.HeapAlloc)-int64(before.HeapAlloc))/int64(len(text)), int64(100), "bytes kept for each byte")
			runtime.KeepAlive(state)
		})
	}
}
