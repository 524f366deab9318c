package codec_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/internal/codec"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// A document is a list of parts as a text and as what must be read from it, while it is made.
type document struct {
	text  strings.Builder
	parts []Part
	rand  *rand.Rand

	duplicate     int // where a name begins that stands twice, or -1
	duplicatePath string
}

func (d *document) space() {
	if d.rand.IntN(6) == 0 {
		d.text.WriteString([]string{" ", "\n\t", "  "}[d.rand.IntN(3)])
	}
}

// part adds an object with these members, in this order.
func (d *document) part(names []string) {
	var v Part
	seen := map[string]bool{}
	d.text.WriteString("{")
	for i, name := range names {
		if i > 0 {
			d.text.WriteString(",")
		}
		d.space()
		if seen[name] && d.duplicate < 0 {
			d.duplicate, d.duplicatePath = d.text.Len(), fmt.Sprintf("/parts/%d/%s", len(d.parts), name)
		}
		seen[name] = true
		if d.rand.IntN(12) == 0 { // as an escape
			fmt.Fprintf(&d.text, `"\u%04x%s"`, name[0], name[1:])
		} else {
			fmt.Fprintf(&d.text, "%q", name)
		}
		d.space()
		d.text.WriteString(":")
		d.space()
		n := d.rand.IntN(100)
		switch {
		case d.rand.IntN(10) == 0:
			d.text.WriteString("null")
			if !strings.Contains("abcd", name) {
				v.extra(name, "null")
			}
		case name == "a":
			v.A = "text" + strconv.Itoa(n)
			fmt.Fprintf(&d.text, "%q", v.A)
		case name == "b":
			v.B = n
			fmt.Fprint(&d.text, n)
		case name == "c":
			v.C = &n
			fmt.Fprint(&d.text, n)
		case name == "d":
			v.D = new(decimal.New(int64(n), -2))
			d.text.WriteString(v.D.StringFixed(2))
		default:
			v.extra(name, `{"a":[`+strconv.Itoa(n)+`]}`)
			fmt.Fprintf(&d.text, `{"a":[%d]}`, n)
		}
		d.space()
	}
	d.text.WriteString("}")
	d.parts = append(d.parts, v)
}

func (p *Part) extra(name, raw string) {
	if p.Extra == nil {
		p.Extra = map[string]json.RawMessage{}
	}
	p.Extra[name] = json.RawMessage(raw)
}

// TestOrderOfMembers reads objects whose members are the expected ones, in the expected order, or not.
func TestOrderOfMembers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	names := []string{"a", "b", "c", "d", "unknown", "aa", "D"} // of which the model declares four
	duplicates := 0
	for range 3000 {
		d := document{rand: r, duplicate: -1}
		d.text.WriteString(`{"parts":[`)
		order := slices.Clone(names)
		for i := range r.IntN(8) {
			if i > 0 {
				d.text.WriteString(",")
			}
			if r.IntN(3) == 0 {
				r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			}
			some := order[:r.IntN(len(order)+1)]
			if len(some) > 0 && r.IntN(8) == 0 { // one of them twice, next to itself or further away
				some = slices.Insert(slices.Clone(some), r.IntN(len(some)+1), some[r.IntN(len(some))])
			}
			d.part(some)
		}
		text := d.text.String() + "]}"
		var got Kinds
		err := got.UnmarshalJSON([]byte(text))
		if d.duplicate >= 0 {
			duplicates++
			var p *placed
			require.ErrorAs(t, err, &p, text)
			require.ErrorIs(t, err, jsonwire.ErrDuplicateName, text)
			require.Equal(t, d.duplicatePath, p.path, text)
			require.Equal(t, d.duplicate, p.offset, text)
			require.Equal(t, Kinds{}, got)
			continue
		}
		require.NoError(t, err, text)
		require.True(t, Kinds{Parts: append([]Part{}, d.parts...)}.Equal(got), text)
	}
	require.NotZero(t, duplicates)
}

// TestNamesThatArePredicted reads texts in which the expected member is almost there.
func TestNamesThatArePredicted(t *testing.T) {
	read := func(text string) (v Part, err error) { return v, v.UnmarshalJSON([]byte(text)) }
	for range 3 { // so that d is expected after c, and a first
		_, err := read(`{"a":"1","b":2,"c":3,"d":4}`)
		require.NoError(t, err)
	}
	for _, tt := range []struct{ text, want string }{ // want is what is written again, or nothing where it cannot be read
		{`{"a":"1","b":2,"c":3,"d":4}`, `{"a":"1","b":2,"c":3,"d":4}`},
		{`{"b":2,"a":"1","d":4,"c":3}`, `{"a":"1","b":2,"c":3,"d":4}`},
		{`{ "a":"1", "b":2,"c" :3 ,"d": 4}`, `{"a":"1","b":2,"c":3,"d":4}`},
		{`{"a":"1","\u0062":2,"c":3}`, `{"a":"1","b":2,"c":3}`},
		{`{"a":"1","bb":2,"c":3}`, `{"a":"1","c":3,"bb":2}`},
		{`{"a":null,"b":null,"c":null,"d":null}`, `{}`},
		{`{"a":"1","b":null,"c":3}`, `{"a":"1","c":3}`},
		{`{}`, `{}`}, {`{"d":4}`, `{"d":4}`}, {`{"x":1,"a":"1"}`, `{"a":"1","x":1}`},
		{`{,"a":"1"}`, ""}, {`{"a":"1",,"b":2}`, ""}, {`{"a":"1","b":2,}`, ""}, {`{"a":"1""b":2}`, ""}, {`{"a":"1","b"2}`, ""}, {`{"a":"1","b":`, ""}, {`{"a":"1","b`, ""},
		{`{"a":"1","b":2,"b":2}`, ""}, {`{"a":"1","a":"1"}`, ""}, {`{"a":"1","b":2,"c":3,"d":4,"a":"1"}`, ""}, {`{"a":null,"a":null}`, ""}, {`{"b":2,"x":1,"b":2}`, ""},
		{`{"x":1,"x":1}`, ""}, {`{"x":1,"a":"1","\u0078":1}`, ""}, {`["a":"1"]`, ""}, {`,"a":"1"}`, ""},
	} {
		for range 2 {
			v, err := read(tt.text)
			require.Equal(t, tt.want == "", err != nil, tt.text)
			if tt.want != "" {
				text, err := v.MarshalJSON()
				require.NoError(t, err)
				require.Equal(t, tt.want, string(text), tt.text)
			}
		}
	}
}

// TestCachesOfTexts reads strings that differ little, several times each and between each other.
func TestCachesOfTexts(t *testing.T) {
	var want []string
	for i := range 500 {
		n := fmt.Sprintf("%03d", i)
		want = append(want, "same beginning "+n+" same end", n, "same beginning"+n, n+"same end"+strings.Repeat("x", i%70), strings.Repeat("y", i%130), "é"+n)
	}
	want = append(want, want...)
	for range 2 {
		text, err := json.Marshal(map[string]any{"texts": want, "object": map[string]any{"texts": want, "numbers": json.RawMessage("[1,1.0,1e0,10,1,-1,-0,0]")}})
		require.NoError(t, err)
		var v Kinds
		require.NoError(t, v.UnmarshalJSON(text))
		require.Equal(t, want, v.Texts)
		texts := v.Object["texts"].([]any)
		require.Len(t, texts, len(want))
		for i := range want {
			require.Equal(t, want[i], texts[i])
		}
		require.Equal(t, []any{
			json.Number("1"), json.Number("1.0"), json.Number("1e0"), json.Number("10"), json.Number("1"), json.Number("-1"), json.Number("-0"), json.Number("0"),
		}, v.Object["numbers"])
		clear(text) // nothing that was read lies in the text
		require.Equal(t, want, v.Texts)
		want = append(want, "1", "1.0") // and a string that is like a number is none
	}
}

// TestCachesOfAmounts reads amounts that have the same digits, or the same place in the cache.
func TestCachesOfAmounts(t *testing.T) {
	var texts []string
	for _, step := range []int64{1, 32, 64, 4096, 1 << 32} {
		for i := range int64(300) {
			texts = append(texts, strconv.FormatInt(9_900+i*step, 10), strconv.FormatInt(-i*step, 10), decimal.New(i*step, -2).StringFixed(2), decimal.New(i*step, -7).StringFixed(7))
		}
	}
	texts = append(texts, "9999", "99.99", "10000", "100.00", "-1", "999999999999999999", "0.999999999999999999", "1234567890123456789012345", "0", "0.00")
	texts = append(texts, texts...)
	var b strings.Builder
	for i, text := range texts {
		fmt.Fprintf(&b, `,{"d":%s},{"d":"%s"}`, text, texts[len(texts)-1-i])
	}
	var v Kinds
	require.NoError(t, v.UnmarshalJSON([]byte(`{"parts":[`+b.String()[1:]+`]}`)))
	written := func(d *decimal.Decimal) string {
		text, err := Part{D: d}.MarshalJSON()
		require.NoError(t, err)
		return strings.TrimSuffix(strings.TrimPrefix(string(text), `{"d":`), "}")
	}
	for i, text := range texts {
		if text == "-0" {
			text = "0"
		}
		require.Equal(t, text, written(v.Parts[2*i].D))
		require.Equal(t, texts[len(texts)-1-i], written(v.Parts[2*i+1].D))
	}
	// What one amount becomes is nothing to others with the same digits.
	before := written(v.Parts[0].D)
	*v.Parts[0].D = v.Parts[0].D.Add(decimal.New(1, 0))
	for i := range v.Parts[1:] {
		*v.Parts[1+i].D = v.Parts[1+i].D.Neg().Abs()
	}
	var again Part
	require.NoError(t, again.UnmarshalJSON([]byte(`{"d":`+before+`}`)))
	require.Equal(t, before, written(again.D))
}

// TestSlabs sees that what pointers point to is each one's own, although it is allocated together.
func TestSlabs(t *testing.T) {
	const n = 200
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,{"c":%d,"d":%d}`, i, i)
	}
	var v Kinds
	require.NoError(t, v.UnmarshalJSON([]byte(`{"parts":[`+b.String()[1:]+`]}`)))
	clone := v.Clone()
	for _, k := range []Kinds{v, clone} {
		require.Len(t, k.Parts, n)
		for i := range n {
			require.Equal(t, i, *k.Parts[i].C)
			require.True(t, decimal.New(int64(i), 0).Equal(*k.Parts[i].D))
			*k.Parts[i].C, *k.Parts[i].D = -1, decimal.New(-1, 0)
		}
	}
	// Appending to one array does not write into another, and an array that grew has nothing behind its end.
	require.NoError(t, v.UnmarshalJSON([]byte(`{"texts":["a"],"requiredTexts":["b"],"counts":[1],"requiredCounts":[2],"parts":[{"a":"a"},{}]}`)))
	_, _, _ = append(v.Texts, "x"), append(v.Counts, 9), append(v.Parts, Part{A: "x"})
	require.Equal(t, []string{"b"}, v.RequiredTexts)
	require.Equal(t, []int{2}, v.RequiredCounts)
	for _, p := range v.Parts[:cap(v.Parts)][2:] {
		require.Contains(t, []string{"", "x"}, p.A)
		require.Nil(t, p.C)
	}
}

// TestSliceMakesRoomForWhatIsThere has elements of very different sizes.
func TestSliceMakesRoomForWhatIsThere(t *testing.T) {
	big := `{"a":"` + strings.Repeat("x", 1000) + `"}`
	for _, sizes := range [][2]int{{0, 1}, {1, 0}, {1, 5000}, {5000, 1}, {3, 3}} {
		for _, bigFirst := range []bool{true, false} {
			list := slices.Concat(slices.Repeat([]string{big}, sizes[0]), slices.Repeat([]string{"{}"}, sizes[1]))
			if !bigFirst {
				slices.Reverse(list)
			}
			var v Kinds
			require.NoError(t, v.UnmarshalJSON([]byte(`{"parts":[`+strings.Join(list, ",")+`]}`)))
			require.Len(t, v.Parts, len(list))
			for i, p := range v.Parts {
				require.Equal(t, list[i] == big, p.A != "")
			}
			require.LessOrEqual(t, cap(v.Parts), max(1100, 5*len(list)))
		}
	}
}

// TestSliceCountsShortLists: a list that is short and compact gets just the room that it needs, and any other list at most twice as
// much, or a quarter more than the rest of the list would take.
func TestSliceCountsShortLists(t *testing.T) {
	element := func(bytes int) string { return `{"a":"` + strings.Repeat("x", bytes-len(`{"a":""}`)) + `"}` }
	list := func(n int, element string) string { return strings.Join(slices.Repeat([]string{element}, n), ",") }
	const after = `,"x":["` // what follows the list does not matter
	for name, c := range map[string]struct {
		list string
		want int
	}{
		"one":                         {element(40), 1},
		"three":                       {list(3, element(40)), 3},
		"as short as they may be":     {list(3, element(21)), 3}, // 65 bytes
		"an empty element":            {"{}", 1},
		"empty elements":              {"{},{},{}", 1 + 2},
		"with spaces":                 {list(9, " "+element(40)+" "), 1 + 9},
		"just short enough":           {list(4, element(1023)) + " ", 4},
		"too long by a byte":          {list(4, element(1023)) + "  ", 1 + 4},
		"with lists in them":          {list(5, `{"x":[0],"a":"`+strings.Repeat("x", 40)+`"}`), 8},
		"with a list in the last one": {list(2, element(40)) + `,{"x":[0]}`, 1 + 2},
		"with a list in it":           {`{"x":[` + list(3, element(40)) + `]}`, 1},
		"a text like many elements":   {element(40)[:6] + strings.Repeat("},{", 30) + `"}`, 1 + 3},
	} {
		t.Run(name, func(t *testing.T) {
			var v Kinds
			text := `{"parts":[` + c.list + `]` + after + strings.Repeat("},{", 10_000) + `"]}`
			require.NoError(t, v.UnmarshalJSON([]byte(text)))
			require.Equal(t, c.want, cap(v.Parts))
		})
	}
}

// TestRememberedNames writes maps of few and many names, of the same length and others, one after another and in each other.
func TestRememberedNames(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	shape := func() map[string]any {
		m := map[string]any{}
		prefix := string(rune('a' + r.IntN(3)))
		if r.IntN(5) == 0 {
			prefix = strings.Repeat(prefix, []int{63, 64, 65, 200}[r.IntN(4)])
		}
		for i := range []int{0, 1, 1, 2, 2, 3, 8, 9, 15, 16, 17, 24, 40}[r.IntN(13)] {
			m[prefix+strconv.Itoa(i)] = i
		}
		return m
	}
	shapes := make([]map[string]any, 20)
	for i := range shapes {
		shapes[i] = shape()
	}
	for range 300 {
		var list []any
		for range r.IntN(20) {
			m := shapes[r.IntN(len(shapes))]
			if r.IntN(3) == 0 { // with others inside
				outer := map[string]any{"before": m, "m": 1, "x": shape()}
				for name := range m {
					outer[name] = shapes[r.IntN(len(shapes))]
				}
				m = outer
			}
			list = append(list, m)
		}
		want, err := json.Marshal(list)
		require.NoError(t, err)
		if list == nil {
			want = []byte("null")
		}
		got, err := codec.AppendAny(nil, list)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))

		// It is read back as it was, and maps of models are written in order too.
		var v, again Kinds
		require.NoError(t, v.UnmarshalJSON([]byte(`{"object":{"list":`+string(want)+`}}`)))
		text, err := v.MarshalJSON()
		require.NoError(t, err)
		require.NoError(t, again.UnmarshalJSON(text))
		require.Equal(t, v.Object, again.Object)
		byName := Kinds{ByName: map[string]Part{}, Extra: map[string]json.RawMessage{}}
		for name := range shapes[r.IntN(len(shapes))] {
			byName.ByName[name] = Part{A: name}
			byName.Extra["extra "+name] = json.RawMessage("1")
		}
		text, err = byName.MarshalJSON()
		require.NoError(t, err)
		names, err := json.Marshal(byName.ByName)
		require.NoError(t, err)
		require.Contains(t, string(text), `"byName":`+string(names))
		if len(byName.Extra) > 0 {
			extra, err := json.Marshal(byName.Extra)
			require.NoError(t, err)
			require.True(t, strings.HasSuffix(string(text), ","+string(extra[1:])), "%s", text)
		}
	}
}

// TestRememberedNamesOfAFailure writes a map in which a value cannot be written, and then others of the same names.
func TestRememberedNamesOfAFailure(t *testing.T) {
	good := map[string]any{"a": 1, "b": 2, "c": map[string]any{"a": 1, "b": 2, "c": 3}}
	for _, bad := range []map[string]any{{"a": "\xff", "b": 2, "c": 3}, {"a": 1, "b": map[string]any{"x": 1, "y": "\xff", "z": 1}, "c": 3}, {"a": 1, "\xff": 2, "c": 3}} {
		_, err := codec.AppendAny(nil, bad)
		require.Error(t, err)
		text, err := codec.AppendAny(nil, good)
		require.NoError(t, err)
		require.Equal(t, `{"a":1,"b":2,"c":{"a":1,"b":2,"c":3}}`, string(text))
	}
}
