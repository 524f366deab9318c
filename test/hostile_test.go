package test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"
	"weak"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// join returns n texts in a row, with commas between them.
func join(n int, text func(i int) string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(text(i))
	}
	return b.String()
}

// TestTimeGrowsWithTheInput: 64 times the input takes 64 times as long, and not 4096 times, whatever it is made of.
func TestTimeGrowsWithTheInput(t *testing.T) {
	member := func(i int) string { return fmt.Sprintf(`"name %d":%d`, i, i) }
	decodes := func(document func(n int) string, new func() anyModel) func(n int) func() {
		return func(n int) func() {
			text := []byte(document(n))
			return func() { _ = new().UnmarshalJSON(text) }
		}
	}
	encodes := func(model func(n int) anyModel) func(n int) func() {
		return func(n int) func() {
			v := model(n)
			return func() { _, _ = v.AppendJSON(nil) }
		}
	}
	deepMap := func(n int, leaf any) any {
		for range n {
			leaf = map[string]any{"name": leaf}
		}
		return leaf
	}
	session, attributes := newModel[talonone.CustomerSessionV2], newModel[talonone.Attributes]
	for name, build := range map[string]func(n int) func(){
		"unknown members":            decodes(func(n int) string { return `{` + join(n, member) + `}` }, session),
		"attributes":                 decodes(func(n int) string { return `{"attributes":{` + join(n, member) + `}}` }, session),
		"names in an unknown member": decodes(func(n int) string { return `{"x":{` + join(n, member) + `}}` }, session),
		"escaped names in an unknown member": decodes(func(n int) string {
			return `{"x":{` + join(n, func(i int) string { return fmt.Sprintf(`"\u0061%d":1`, i) }) + `}}`
		}, session),
		"objects in an unknown member": decodes(func(n int) string {
			return `{"x":[` + join(n, func(int) string { return `{"a":1,"b":2,"c":{"a":1},"d":[{}],"\u0065":3}` }) + `]}`
		}, session),
		"objects of 17 names in an unknown member": decodes(func(n int) string {
			return `{"x":[` + join(n, func(int) string { return `{` + join(17, member) + `}` }) + `]}`
		}, session),
		"codes": decodes(func(n int) string {
			return `{"couponCodes":[` + join(n, func(i int) string { return strconv.Quote(strconv.Itoa(i)) }) + `]}`
		}, session),
		"items": decodes(func(n int) string {
			return `{"cartItems":[` + join(n, func(i int) string { return fmt.Sprintf(`{"sku":"%d","price":%d.5,"new":{"a":1}}`, i, i) }) + `]}`
		}, session),
		"empty items": decodes(func(n int) string { return `{"cartItems":[` + join(n, func(int) string { return `{}` }) + `]}` }, session),
		"costs": decodes(func(n int) string {
			return `{"additionalCosts":{` + join(n, func(i int) string { return fmt.Sprintf(`"%d":{"price":%d}`, i, i) }) + `}}`
		}, session),
		"long text":             decodes(func(n int) string { return `{"integrationId":"` + strings.Repeat("a", 20*n) + `"}` }, session),
		"long text of escapes":  decodes(func(n int) string { return `{"integrationId":"` + strings.Repeat(`\u00e9`, 4*n) + `"}` }, session),
		"long text of umlauts":  decodes(func(n int) string { return `{"integrationId":"` + strings.Repeat("ä", 10*n) + `"}` }, session),
		"long name":             decodes(func(n int) string { return `{"` + strings.Repeat(`\n`, 10*n) + `":1}` }, session),
		"long space":            decodes(func(n int) string { return `{` + strings.Repeat(" \n", 10*n) + `}` }, session),
		"long number":           decodes(func(n int) string { return `{"a":` + strings.Repeat("9", 20*n) + `}` }, attributes),
		"long amount":           decodes(func(n int) string { return `{"total":` + strings.Repeat("9", 20*n) + `}` }, session),
		"long amount of zeros":  decodes(func(n int) string { return `{"total":0.` + strings.Repeat("0", 20*n) + `1e` + strconv.Itoa(20*n) + `}` }, session),
		"long integer":          decodes(func(n int) string { return `{"id":1.` + strings.Repeat("0", 20*n) + `}` }, session),
		"long exponent":         decodes(func(n int) string { return `{"total":1e` + strings.Repeat("9", 20*n) + `}` }, session),
		"long amount in a text": decodes(func(n int) string { return `{"total":"` + strings.Repeat("9", 20*n) + `"}` }, session),
		"error after many":      decodes(func(n int) string { return `{` + join(n, member) + `,}` }, session),
		"error after many items": decodes(func(n int) string {
			return `{"cartItems":[` + join(n, func(int) string { return `{"sku":"a"}` }) + `,1]}`
		}, session),
		"name twice after many": decodes(func(n int) string { return `{` + join(n, member) + `,"name 1":1}` }, attributes),
		"error in the depth":    decodes(func(n int) string { return strings.Repeat(`{"name":`, n) + `x` }, attributes),
		"depth":                 decodes(func(n int) string { return strings.Repeat(`{"name":`, n) + `1` + strings.Repeat(`}`, n) }, attributes),
		"depth in an unknown member": decodes(func(n int) string {
			return `{"x":` + strings.Repeat(`[{"a":1,"b":`, n/2) + `1` + strings.Repeat(`}]`, n/2) + `}`
		}, session),

		"encode attributes": encodes(func(n int) anyModel {
			return &boxed[talonone.Attributes]{decode[talonone.Attributes](t, `{`+join(n, member)+`}`)}
		}),
		"encode Extra": encodes(func(n int) anyModel {
			return &boxed[talonone.CustomerSessionV2]{decode[talonone.CustomerSessionV2](t, `{`+join(n, member)+`}`)}
		}),
		"encode depth": encodes(func(n int) anyModel { return &boxed[talonone.Attributes]{talonone.Attributes{"a": deepMap(n-2, 1)}} }),
		"encode an error in the depth": encodes(func(n int) anyModel {
			return &boxed[talonone.Attributes]{talonone.Attributes{"a": deepMap(n-2, math.NaN())}}
		}),
		"encode text": encodes(func(n int) anyModel {
			return &boxed[talonone.CartItem]{talonone.CartItem{Name: strings.Repeat("<\n\x00é\u2028", 3*n)}}
		}),
		"encode slices of decimals": encodes(func(n int) anyModel {
			return &boxed[talonone.Attributes]{talonone.Attributes{"a": make([]decimal.Decimal, n), "b": map[string][]decimal.Decimal{"c": make([]decimal.Decimal, n)}}}
		}),
		"compare attributes of other types": func(n int) func() {
			a := talonone.Attributes{"a": make([]int, n), "b": deepMap(n-3, []string{"a"})}
			b := decode[talonone.Attributes](t, encode(t, a))
			return func() { require.True(t, a.Equal(b)) }
		},
		"compare Extra": func(n int) func() {
			a := decode[talonone.CustomerSessionV2](t, `{`+join(n, member)+`}`)
			b := decode[talonone.CustomerSessionV2](t, `{`+join(n, func(i int) string { return member(i) + ".0" })+`}`)
			return func() { require.True(t, a.Equal(b)) }
		},
		"compare items with nulls in Extra": func(n int) func() {
			s := talonone.CustomerSessionV2{CartItems: make([]talonone.CartItem, n), Extra: map[string]raw{"id": raw("null")}}
			for i := range s.CartItems {
				s.CartItems[i].Extra = map[string]raw{"price": raw("null")}
			}
			c := s.Clone()
			return func() { require.True(t, s.Equal(c)) }
		},
		"clone": func(n int) func() {
			a := talonone.Attributes{"a": make([]any, n), "b": deepMap(n-3, []string{"a"}), "c": make([]decimal.Decimal, n)}
			return func() { a.Clone() }
		},
	} {
		t.Run(name, func(t *testing.T) {
			const n, factor = 100, 64 // 6400 levels are not too deep
			small, large := build(n), build(factor*n)
			limit := 8.0 * factor // the machine may be busy, but not that busy each time
			if raceEnabled {
				limit *= 4 // the detector takes more than its share of large values
			}
			var ratio float64
			for range 8 {
				ratio = float64(fastest(large)) / float64(max(fastest(small), 10*time.Microsecond))
				if ratio < limit {
					return
				}
			}
			t.Errorf("64 times the input takes %.0f times as long", ratio)
		})
	}
}

// fastest returns how long run takes when nothing else goes on.
func fastest(run func()) time.Duration {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	run() // what it allocates is there to be used again, and need not come from the system
	best := time.Duration(math.MaxInt64)
	for range 3 {
		runtime.GC()
		start := time.Now()
		run()
		best = min(best, time.Since(start))
	}
	return best
}

// TestOneLargeMember: the small members of an object do not pay for a large one among them.
func TestOneLargeMember(t *testing.T) {
	small, large, both := map[string]raw{}, map[string]raw{}, map[string]raw{}
	for i := range 2000 {
		small[strconv.Itoa(i)] = raw("1")
	}
	large["!"] = raw(strings.Repeat(`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":`, 1000) + `1` + strings.Repeat(`}`, 1000))
	for _, extra := range []map[string]raw{small, large} {
		maps.Copy(both, extra)
	}
	encoding := func(extra map[string]raw) func() {
		return func() {
			_, err := talonone.Product{Extra: extra}.AppendJSON(nil)
			require.NoError(t, err)
		}
	}
	var ratio float64
	for range 8 {
		runtime.GC()
		runtime.GC() // twice: what the pools hold of the last round is gone
		alone := fastest(encoding(small)) + fastest(encoding(large))
		if ratio = float64(fastest(encoding(both))) / float64(alone); ratio < 4 {
			return
		}
	}
	t.Errorf("together they take %.0f times as long as one by one", ratio)
}

// TestNothingIsKeptAlive: when a call is over, what the package keeps for the next one holds no part of the texts and values of
// the last. A pool lives on for one collection, so what is gone after one was not in it.
func TestNothingIsKeptAlive(t *testing.T) {
	long := strings.Repeat("long", 50)
	var watched []struct {
		name string
		gone func() bool
	}
	watch := func(name string, gone func() bool) {
		watched = append(watched, struct {
			name string
			gone func() bool
		}{name, gone})
	}
	watchBytes := func(name string, b []byte) {
		if len(b) < 32 {
			return // so little shares its room with others
		}
		w := weak.Make(unsafe.SliceData(b))
		watch(name, func() bool { return w.Value() == nil })
	}
	watchText := func(name, s string) {
		w := weak.Make(unsafe.StringData(s))
		watch(name, func() bool { return w.Value() == nil })
	}
	func() {
		for i, document := range []string{
			`{"sku":"` + long + `","new":{"` + long + `":{"` + long + `2":[1]}},"` + long + `":1,"attributes":{"` + long + `":"` + long + `","n":1.5}}`,
			`{"sku":"` + long + `","new":{"` + long + `":{"\u0061` + long + `":[x`,
			`{"` + long + `":` + strings.Repeat(`[{"a":1,"b":`, 5000),
			`{"new":{` + join(100, func(i int) string { return fmt.Sprintf(`"%s%d":1`, long, i) }) + `}}`,
			`{"price":"1","product":{"x":{"` + long + `":1}},"additionalCosts":{"` + long + `":{"price":2}},"` + long + `":0,"` + long + `":0}`,
		} {
			text := []byte(document)
			watchBytes(fmt.Sprintf("text %d", i), text)
			v := new(talonone.CartItem)
			w := weak.Make(v)
			watch(fmt.Sprintf("item %d", i), func() bool { return w.Value() == nil })
			if v.UnmarshalJSON(text) == nil {
				if v.SKU != "" {
					watchText(fmt.Sprintf("sku %d", i), v.SKU)
				}
				for name, raw := range v.Extra {
					watchText(fmt.Sprintf("name %d", i), name)
					watchBytes(fmt.Sprintf("raw %d", i), raw)
				}
				written, err := v.AppendJSON(nil)
				require.NoError(t, err)
				watchBytes(fmt.Sprintf("written %d", i), written)
				marshaled, err := v.MarshalJSON()
				require.NoError(t, err)
				watchBytes(fmt.Sprintf("marshaled %d", i), marshaled)
				require.True(t, v.Equal(v.Clone()))
			}
			price := new(decimal.New(15, -1))
			wp := weak.Make(price)
			watch("price", func() bool { return wp.Value() == nil })
			key := strings.Clone(long)
			watchText("key", key)
			foreign := &struct{ A [100]int }{}
			wf := weak.Make(foreign)
			watch("foreign", func() bool { return wf.Value() == nil })
			for _, bad := range []any{nil, math.NaN()} {
				item := talonone.CartItem{SKU: key, Price: price, Attributes: talonone.Attributes{key: []any{key, foreign}, "z": bad},
					AdditionalCosts: map[string]talonone.AdditionalCost{key: {Price: *price, Extra: map[string]raw{key: raw(`{"` + long + `":1}`)}}}}
				_, _ = item.AppendJSON(nil)
				_, _ = item.MarshalJSON()
				_ = item.Equal(item.Clone())
				_, _ = talonone.Attributes{key: item}.MarshalJSON()
				_ = talonone.CustomerSessionV2{CartItems: []talonone.CartItem{item}}.Update()
			}
		}
	}()
	require.Greater(t, len(watched), 25)
	runtime.GC()
	for _, w := range watched {
		assert.True(t, w.gone(), w.name)
	}
}

// TestLargeIsNotKept: one large document does not make every later one dear.
func TestLargeIsNotKept(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	func() {
		text := []byte(`{"` + strings.Repeat(`\n`, 1<<18) + `":"` + strings.Repeat(`\u00e9`, 1<<18) + `","x":[` + join(20_000, func(i int) string { return fmt.Sprintf(`{"n%d":1}`, i) }) + `],
			"y":{` + join(20_000, func(i int) string { return fmt.Sprintf(`"n%d":1`, i) }) + `},"attributes":{` + join(20_000, func(i int) string { return fmt.Sprintf(`"n%d":1`, i) }) + `}}`)
		var s talonone.CustomerSessionV2
		require.NoError(t, s.UnmarshalJSON(text))
		_, err := s.MarshalJSON()
		require.NoError(t, err)
		_, err = s.AppendJSON(nil)
		require.NoError(t, err)
		require.True(t, s.Equal(s.Clone()))
		deep := any(talonone.CartItem{})
		for range 1000 {
			deep = talonone.CartItem{Attributes: talonone.Attributes{"a": deep}}
		}
		_, err = talonone.Attributes{"a": deep}.MarshalJSON()
		require.NoError(t, err)
	}()
	after := heap() // the first collection, after which pools are still there
	assert.Less(t, int64(after)-int64(before), int64(200<<10), "bytes that stay")
}

var hostileItems = flag.Int("hostile.items", 200_000, "how many bad items TestCartOfBadItems validates")

// allocated returns how many bytes run allocates, which bounds what it has at any time.
func allocated(run func()) int {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// TestCartOfBadItems: what a list of violations costs does not grow with the cart. CONTRIBUTING.md has the command for 10 million
// items, which take 2.5 GB themselves.
func TestCartOfBadItems(t *testing.T) {
	n := *hostileItems
	items := make([]talonone.CartItem, n)
	update := talonone.CustomerSessionUpdate{CartItems: items}
	for name, validate := range map[string]func() error{
		"session": func() error { return talonone.CustomerSessionV2{IntegrationID: "i", CartItems: items}.Validate() },
		"update":  func() error { return update.Validate() },
		"items":   func() error { return talonone.ValidateCartItems(items) },
		"client": func() error {
			client, err := integration.NewClient("http://localhost", "key")
			require.NoError(t, err)
			_, err = client.UpdateCustomerSession(t.Context(), "i", integration.UpdateRequest{CustomerSession: update})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			var text string
			start := time.Now()
			took := allocated(func() {
				err = validate()
				text = err.Error()
			})
			t.Logf("%d items, %d KiB allocated, %v", n, took>>10, time.Since(start))
			assert.Less(t, took, 4<<20)
			assert.Less(t, len(text), 2000)
			invalid, ok := errors.AsType[*talonone.ValidationError](err)
			require.True(t, ok)
			assert.Len(t, invalid.Violations, 10_000)
			assert.Equal(t, 3*n+1-10_000, invalid.Omitted, "SKU, quantity and price of each, and that they are too many")
			assert.Equal(t, "/cartItems", invalid.Violations[0].Path)
			assert.Equal(t, "/cartItems/3332/price", invalid.Violations[9_999].Path)
		})
	}
}

// TestConcurrentUse: a value may be read by several goroutines at once, in every way.
func TestConcurrentUse(t *testing.T) {
	s := fullSession(t)
	s.CartItems = append(s.CartItems, cart(t, 20).CartItems...)
	s.Attributes = talonone.Attributes{
		"decimals": map[string]*decimal.Decimal{"a": new(decimal.New(150, -2))}, "list": []any{1, "a", []string{"b"}}, "item": &s.CartItems[0],
		"raw": json.RawMessage(`{"a":[1]}`), "struct": struct{ A []int }{[]int{1}}, "number": json.Number("1.50"), "time": time.Unix(0, 0).UTC(),
	}
	want := encode(t, s)
	other := decode[talonone.CustomerSessionV2](t, want)
	bad := s.Clone()
	bad.Extra = map[string]raw{"a": raw(`{"a":1,"a":2}`)}
	text := []byte(want)
	updateText := encode(t, s.Update())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				got, err := s.AppendJSON(nil)
				if err != nil || string(got) != want {
					t.Errorf("AppendJSON: %v", err)
				}
				if got, err := s.MarshalJSON(); err != nil || string(got) != want {
					t.Errorf("MarshalJSON: %v", err)
				}
				if _, err := json.Marshal(s); err != nil {
					t.Errorf("json.Marshal: %v", err)
				}
				if !s.Equal(other) || !other.Equal(s) || !s.Equal(s.Clone()) || s.Equal(bad) {
					t.Error("Equal")
				}
				if got, err := s.Update().AppendJSON(nil); err != nil || string(got) != updateText {
					t.Errorf("Update: %v", err)
				}
				var back talonone.CustomerSessionV2
				if err := back.UnmarshalJSON(text); err != nil || !back.Equal(s) {
					t.Errorf("UnmarshalJSON: %v", err)
				}
				if _, err := bad.AppendJSON(nil); err == nil {
					t.Error("no error")
				}
				if err := back.UnmarshalJSON(text[:len(text)/2]); err == nil || !back.Equal(s) {
					t.Error("no error, or a changed target")
				}
				_ = s.LogValue()
				_ = s.CartItems[0].LogValue()
				_, _ = s.Attributes.Decimal("number")
				_, _ = s.Attributes.Time("time")
				var object map[string]any
				if err := s.Attributes.Decode(&object); err != nil {
					t.Errorf("Decode: %v", err)
				}
			}
		})
	}
	wg.Wait()
}

// reentrant calls the package from inside its own encoding, as the MarshalJSON of a user's type may.
type reentrant struct{ levels int }

func (r reentrant) MarshalJSON() ([]byte, error) {
	if r.levels == 0 {
		return []byte(`"end"`), nil
	}
	item := talonone.CartItem{SKU: "a", Attributes: talonone.Attributes{"inner": reentrant{r.levels - 1}, "list": []any{reentrant{0}}},
		AdditionalCosts: map[string]talonone.AdditionalCost{"b": {}, "a": {}}}
	var back talonone.CartItem
	text, err := item.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if err := back.UnmarshalJSON(text); err != nil {
		return nil, err
	}
	return back.AppendJSON(nil)
}

// TestReentrant: an encoding inside an encoding disturbs neither.
func TestReentrant(t *testing.T) {
	a := talonone.Attributes{"a": reentrant{5}, "b": []any{"x", reentrant{3}, "y"}, "c": map[string]any{"d": reentrant{1}, "e": 1}}
	text := encode(t, a)
	assert.Equal(t, 1+5+1+3+1+1, strings.Count(text, `"end"`))
	assert.True(t, a.Equal(decode[talonone.Attributes](t, text)))
}
