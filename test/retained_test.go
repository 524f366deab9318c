package test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/test/internal/twin"
)

// retained returns how many bytes each of the values keeps alive that make returns.
func retained[T any](make func() T) int64 {
	const n = 50
	kept := new([n]T)
	for i := range kept {
		kept[i] = make()
	}
	all := liveBytes()
	clear(kept[:])
	none := liveBytes()
	runtime.KeepAlive(kept)
	return (all - none) / n
}

func liveBytes() int64 {
	for range 3 { // what the pools hold goes with the second collection
		runtime.GC()
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// TestRetained: a decoded session keeps at most 1.6 times the bytes that one of float64 does, and an item of it that is kept
// alone at most a few KB of its neighbours.
func TestRetained(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates more")
	}
	for name, shape := range map[string]twin.Shape{"common": twin.Common, "distinct": twin.Distinct} {
		t.Run(name, func(t *testing.T) {
			text, err := twin.New(1000, shape).AppendJSON(nil)
			require.NoError(t, err)
			session := retained(func() talonone.CustomerSessionV2 { return decode[talonone.CustomerSessionV2](t, string(text)) })
			floats := retained(func() (s twin.Session[float64]) {
				require.NoError(t, json.Unmarshal(text, &s))
				return s
			})
			item := retained(func() talonone.CartItem { return decode[talonone.CustomerSessionV2](t, string(text)).CartItems[500] })
			t.Logf("session %d bytes, twin %d, ratio %.2f; an item alone %d", session, floats, float64(session)/float64(floats), item)
			assert.Less(t, float64(session), 1.6*float64(floats))
			assert.Less(t, item, int64(12<<10))
		})
	}
}

// TestRetainedRoom: a short list in a long answer keeps no room for elements that do not come.
func TestRetainedRoom(t *testing.T) {
	answer, _ := wholeAnswer()
	var state integration.IntegrationState
	require.NoError(t, state.UnmarshalJSON(answer))
	lists := 0
	var walk func(v reflect.Value, path string)
	walk = func(v reflect.Value, path string) {
		switch v.Kind() {
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() && v.Type() != reflect.TypeFor[*decimal.Decimal]() {
				walk(v.Elem(), path)
			}
		case reflect.Slice:
			if v.Type().Elem().Kind() != reflect.Struct {
				return
			}
			lists++
			assert.LessOrEqual(t, v.Cap(), 2*v.Len()+1, path)
			for i := range v.Len() {
				walk(v.Index(i), fmt.Sprintf("%s/%d", path, i))
			}
		case reflect.Map:
			for key, value := range v.Seq2() {
				walk(value, path+"/"+key.String())
			}
		case reflect.Struct:
			if hasExtra(v.Type()) {
				for i := range v.NumField() {
					walk(v.Field(i), path+"/"+v.Type().Field(i).Name)
				}
			}
		}
	}
	walk(reflect.ValueOf(&state), "")
	assert.Greater(t, lists, 40)
}
