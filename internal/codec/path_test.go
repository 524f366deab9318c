package codec_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/internal/codec"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// hostile are names, and values, that look like the syntax around them.
var hostile = []string{
	"", "a", "b", `"`, `\`, `\"`, ",", ":", "{", "}", "[", "]", `"],{`, `":{"a":[`, "a/b", "~", "~1", "é", "𝄞", "\n\t\x01", "\u2028", "0", "null", strings.Repeat("long", 50),
}

// token is a name as it stands in a path.
func token(name string) string { return string(jsonwire.AppendPointer(nil, name)) }

// bads are values that cannot be written, and the place in each.
func bads(name string) []struct {
	value any
	path  string
} {
	long := decimal.New(1, 2000)
	return []struct {
		value any
		path  string
	}{
		{math.NaN(), ""}, {"\xff", ""}, {json.Number("1x"), ""}, {long, ""}, {&long, ""}, {func() {}, ""}, {time.Unix(1e15, 0), ""},
		{json.RawMessage("{"), ""}, {json.RawMessage(`[1,{"a/b":[2,x]}]`), "/1/a~1b/1"}, {json.RawMessage(`{"a":1,"a":2}`), "/a"},
		{map[string]any{"\xff/": 1}, "/\xff~1"}, {map[string]int{"\xff": 1}, "/\xff"}, {map[Name]any{Name(name): "\xff"}, token(name)},
		{&Part{A: "\xff"}, "/a"}, {Part{A: "a", B: 1, D: &long}, "/d"}, {[]Part{{}, {A: "\xff"}}, "/1/a"},
		{Part{Extra: map[string]json.RawMessage{name: json.RawMessage(`[0,`)}}, token(name) + "/1"},
		{Part{B: 1, Extra: map[string]json.RawMessage{"\xff": nil}}, "/\xff"},
		{Kinds{Text: name, Texts: []string{name, "\xff"}}, "/texts/1"}, {Kinds{Names: []Name{"\xff"}}, "/names/0"},
		{Kinds{Parts: []Part{{}, {A: "a"}, {Whole: &Kinds{Last: "\xff"}}}}, "/parts/2/whole/last"},
		{Kinds{ByName: map[string]Part{name: {C: new(1), D: &long}}}, "/byName" + token(name) + "/d"},
		{Kinds{ByName: map[string]Part{"\xff": {}}}, "/byName/\xff"},
		{Kinds{Object: map[string]any{name: []any{name, "\xff"}}}, "/object" + token(name) + "/1"},
		{Kinds{RequiredFree: json.RawMessage(`{"x":[`)}, "/requiredFree/x/0"},
	}
}

// TestPathOfEncodeErrors puts each value that cannot be written into containers of every kind, with good ones on both sides.
func TestPathOfEncodeErrors(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	name := func() string { return hostile[r.IntN(len(hostile))] }
	goods := func() any {
		return []any{
			name(), r.IntN(1000), 1.5, nil, true, []any{}, map[string]any{}, []any{name(), []any{1}}, map[string]any{name(): name(), "x": []any{}},
			json.RawMessage(`{"b":[1,{"c":"]"}]}`), Part{}, Part{A: name(), Extra: map[string]json.RawMessage{"x": json.RawMessage(`"}"`)}}, time.Unix(0, 0).UTC(),
		}[r.IntN(13)]
	}
	object := func(v any) (map[string]any, string) {
		m := map[string]any{}
		for range r.IntN(4) {
			m[name()] = goods()
		}
		at := name()
		m[at] = v
		return m, token(at)
	}
	wrap := func(v any) (any, string) {
		switch r.IntN(6) {
		case 0:
			var list []any
			for range r.IntN(3) {
				list = append(list, goods())
			}
			at := "/" + strconv.Itoa(len(list))
			return append(list, v, goods()), at
		case 1:
			m, at := object(v)
			return m, at
		case 2:
			m, at := object(v)
			return &Part{A: name(), Whole: &Kinds{Text: name(), Object: m, Last: name()}}, "/whole/object" + at
		case 3:
			m, at := object(v)
			return []Part{{}, {Whole: &Kinds{RequiredObject: m}}, {}}, "/1/whole/requiredObject" + at
		case 4:
			m, at := object(v)
			byName := map[string]Part{name(): {}}
			key := name()
			byName[key] = Part{Whole: &Kinds{Object: m}}
			return Kinds{ByName: byName}, "/byName" + token(key) + "/whole/object" + at
		default:
			m, at := object(v)
			return []map[string]any{{}, m}, "/1" + at
		}
	}
	for range 300 {
		for _, bad := range bads(name()) {
			v, path := bad.value, bad.path
			for range r.IntN(6) {
				var at string
				v, at = wrap(v)
				path = at + path
			}
			before := []byte(`[{"before":"`)
			text, err := codec.AppendAny(slices.Clip(before), v)
			var p *placed
			require.ErrorAs(t, err, &p)
			require.Equal(t, path, p.path, "%#v", bad.value)
			require.Equal(t, string(before), string(text))

			// To check the value, or to write it as a member, finds the same place.
			k := Kinds{Object: map[string]any{"v": v}}
			_, err = k.MarshalJSON()
			require.ErrorAs(t, err, &p)
			require.Equal(t, "/object/v"+path, p.path)
			var got []string
			var c validation
			c.Start(func(error, string) { got = append(got, c.Path()) })
			checkKinds(&c, &k)
			require.Equal(t, []string{"/object/v" + path}, got)
		}
	}
}

// TestEncodeErrorOfFirstMember has nothing before what cannot be written.
func TestEncodeErrorOfFirstMember(t *testing.T) {
	for _, tt := range []struct {
		value interface{ MarshalJSON() ([]byte, error) }
		path  string
	}{
		{Kinds{Text: "\xff"}, "/text"}, {Part{A: "\xff"}, "/a"}, {Part{Whole: &Kinds{Text: "\xff"}}, "/whole/text"},
		{Part{Extra: map[string]json.RawMessage{"x": json.RawMessage("x")}}, "/x"}, {Part{Extra: map[string]json.RawMessage{"\xff": nil}}, "/\xff"},
		{Part{Whole: &Kinds{Text: `,"a":{[`, TextPointer: new("\xff")}}, "/whole/textPointer"},
	} {
		_, err := tt.value.MarshalJSON()
		var p *placed
		require.ErrorAs(t, err, &p)
		require.Equal(t, tt.path, p.path)
		_, err = tt.value.MarshalJSON() // again, with an Encoder that was used
		require.ErrorAs(t, err, &p)
		require.Equal(t, tt.path, p.path)
	}
}
