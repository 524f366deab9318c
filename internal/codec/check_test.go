package codec_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/internal/codec"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// TestCheckMembers checks one bad member of each kind, and what is beside it.
func TestCheckMembers(t *testing.T) {
	long, far := decimal.New(1, 2000), time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	deep := func(levels int) (v any) {
		for range levels {
			v = []any{v}
		}
		return v
	}
	pointers := func(levels int) (v any) {
		v = 1
		for range levels {
			v = new(v)
		}
		return v
	}
	type list []any
	type number float32
	type wide float64
	object := func(v any) Kinds { return Kinds{Object: map[string]any{"v": v}} }
	var nowhere any
	nowhere = &nowhere
	for _, tt := range []struct {
		name  string
		value Kinds
		want  []string
	}{
		{"nothing", Kinds{}, nil},
		{"good ones", Kinds{
			Text: "a", TextPointer: new("a"), AmountPointer: new(decimal.New(1, 0)), FlagPointer: new(true), CountPointer: new(1), IDPointer: new(int64(1)),
			At: far.AddDate(-1, 0, 0), Texts: []string{"a"}, Counts: []int{1}, IDs: []int64{1}, Object: map[string]any{"a": 1}, Free: json.RawMessage("{}"),
			Extra: map[string]json.RawMessage{"x": json.RawMessage("[1]"), "text2": json.RawMessage("null")},
		}, nil},
		{"text", Kinds{Text: "\xff"}, []string{"/text invalid UTF-8"}},
		{"textPointer", Kinds{TextPointer: new("\xff")}, []string{"/textPointer invalid UTF-8"}},
		{"amount", Kinds{Amount: long}, []string{"/amount out of range"}},
		{"amountPointer", Kinds{AmountPointer: &long}, []string{"/amountPointer out of range"}},
		{"at", Kinds{At: far}, []string{"/at out of range"}},
		{"texts", Kinds{Texts: []string{"a", "\xff", "b", "\xfe"}}, []string{"/texts/1 invalid UTF-8", "/texts/3 invalid UTF-8"}},
		{"named", Kinds{Named: "\xff"}, []string{"/named invalid UTF-8"}},
		{"names", Kinds{Names: []Name{"a", "\xff"}}, []string{"/names/1 invalid UTF-8"}},
		{"part", Kinds{Part: &Part{A: "\xff", D: &long}}, []string{"/part/a invalid UTF-8", "/part/d out of range"}},
		{"parts", Kinds{Parts: []Part{{}, {A: "\xff"}}}, []string{"/parts/1/a invalid UTF-8"}},
		{"requiredParts", Kinds{RequiredParts: []Part{{A: "\xff"}}}, []string{"/requiredParts/0/a invalid UTF-8"}},
		{"byName", Kinds{ByName: map[string]Part{"b": {A: "\xff"}, "\xff": {A: "\xff"}, "a": {A: "\xff"}}}, []string{"/byName/a/a invalid UTF-8", "/byName/b/a invalid UTF-8", "/byName/\xff invalid UTF-8", "/byName/\xff/a invalid UTF-8"}},
		{"requiredByName", Kinds{RequiredByName: map[string]Part{"a/b": {D: &long}}}, []string{"/requiredByName/a~1b/d out of range"}},
		{"free", Kinds{Free: json.RawMessage("{")}, []string{"/free malformed JSON"}},
		{"free that goes on", Kinds{Free: json.RawMessage("1 2")}, []string{"/free malformed JSON"}},
		{"free that is empty", Kinds{Free: json.RawMessage{}}, []string{"/free malformed JSON"}},
		{"requiredFree", Kinds{RequiredFree: json.RawMessage("[")}, []string{"/requiredFree/0 malformed JSON"}},
		{"requiredObject", Kinds{RequiredObject: map[string]any{"b": "\xff", "a": "\xff"}}, []string{"/requiredObject/a invalid UTF-8", "/requiredObject/b invalid UTF-8"}},
		{"a name", Kinds{Object: map[string]any{"\xff": 1}}, []string{"/object/\xff invalid UTF-8"}},
		{"extra", Kinds{Extra: map[string]json.RawMessage{"y": json.RawMessage("{"), "x": nil, "z": json.RawMessage("1")}}, []string{"/x malformed JSON", "/y malformed JSON"}},
		{"a name in extra", Kinds{Extra: map[string]json.RawMessage{"\xff": json.RawMessage("{")}}, []string{"/\xff invalid UTF-8"}},
		{"a member in extra", Kinds{Extra: map[string]json.RawMessage{"text": json.RawMessage(`"a"`)}}, nil},
		{"a member in extra and itself", Kinds{Text: "a", Extra: map[string]json.RawMessage{"text": json.RawMessage(`"a"`)}}, []string{"/text duplicate name"}},
		{"several", Kinds{Text: "\xff", Amount: long, Last: "\xff", Extra: map[string]json.RawMessage{"x": json.RawMessage("{")}},
			[]string{"/text invalid UTF-8", "/amount out of range", "/last invalid UTF-8", "/x malformed JSON"}},

		{"a number", object(json.Number("01")), []string{"/object/v malformed JSON"}},
		{"a float", object(math.NaN()), []string{"/object/v out of range"}},
		{"an infinity", object(math.Inf(-1)), []string{"/object/v out of range"}},
		{"a float of another type", object(number(math.Inf(1))), []string{"/object/v out of range"}},
		{"a float of a third type", object(wide(math.NaN())), []string{"/object/v out of range"}},
		{"a decimal", object(long), []string{"/object/v out of range"}},
		{"a pointer to a decimal", object(&long), []string{"/object/v out of range"}},
		{"a decimal or null", object(decimal.NewNullDecimal(long)), []string{"/object/v out of range"}},
		{"an invalid decimal", object(decimal.NullDecimal{Decimal: long}), nil},
		{"a time", object(far), []string{"/object/v out of range"}},
		{"JSON", object(json.RawMessage("[1")), []string{"/object/v/0 malformed JSON"}},
		{"a list", object([]any{1, "\xff"}), []string{"/object/v/1 invalid UTF-8"}},
		{"a list of another type", object(list{1, "\xff"}), []string{"/object/v/1 invalid UTF-8"}},
		{"an object", object(map[string]any{"a": map[string]any{"b": "\xff"}}), []string{"/object/v/a/b invalid UTF-8"}},
		{"an object of another type", object(map[string]string{"b": "\xff", "a": "\xff"}), []string{"/object/v/a invalid UTF-8", "/object/v/b invalid UTF-8"}},
		{"a pointer", object(new("\xff")), []string{"/object/v invalid UTF-8"}},
		{"a value that encoding/json refuses", object(func() {}), []string{"/object/v wrong type"}},
		{"nils", object([]any{nil, []any(nil), map[string]any(nil), (*decimal.Decimal)(nil), json.RawMessage(nil), (*string)(nil), list(nil), map[string]int(nil), (*int)(nil), []*int{nil}}), nil},
		{"numbers", object([]any{1, int8(1), uint64(1), uintptr(1), json.Number("1e9"), 1.5, number(1), true}), nil},
		{"as deep as can be", object(deep(jsonwire.MaxDepth - 2)), nil},
		{"deeper", object(deep(jsonwire.MaxDepth - 1)), []string{"/object/v" + strings.Repeat("/0", jsonwire.MaxDepth-2) + " nested too deep"}},
		{"JSON that is too deep there", object(json.RawMessage(strings.Repeat("[", jsonwire.MaxDepth-1))), []string{"/object/v" + strings.Repeat("/0", jsonwire.MaxDepth-2) + " nested too deep"}},
		{"as many pointers as can be", object(pointers(jsonwire.MaxDepth)), nil},
		{"more pointers", object(pointers(jsonwire.MaxDepth + 1)), []string{"/object/v nested too deep"}},
		{"a pointer to itself", object(nowhere), []string{"/object/v nested too deep"}},
	} {
		var c validation
		for range 2 { // the second time with what Clear leaves
			c.Start(nil)
			checkKinds(&c, &tt.value)
			require.Equal(t, tt.want != nil, c.Failed(), tt.name)

			var got []string
			c.Start(func(reason error, _ string) { got = append(got, c.Path()+" "+reason.Error()) })
			checkKinds(&c, &tt.value)
			require.Equal(t, tt.want, got, tt.name)
			require.Equal(t, tt.want != nil, c.Failed(), tt.name)
			c.Clear()
			require.False(t, c.Failed())
		}
	}
}

// TestCheckSlice checks elements at the place where the walk stands, and names elements of a list.
func TestCheckSlice(t *testing.T) {
	negative := func(c *validation, v *Part) {
		if !c.Enter() {
			return
		}
		if c.Member("a") {
			c.Text(v.A)
		}
		if c.Member("b") && v.B < 0 {
			c.Fail(jsonwire.ErrOutOfRange, "below 0")
			c.FailAt(7, jsonwire.ErrSyntax, "")
		}
		c.Leave()
	}
	check := func(c *validation, parts []Part) (got []string) {
		c.Start(func(reason error, _ string) { got = append(got, c.Path()+" "+reason.Error()) })
		codec.CheckSlice(&c.Checker, c, parts, negative)
		return got
	}
	var c validation
	require.Equal(t, []string{
		"/1/a invalid UTF-8", "/1/b out of range", "/1/b/7 malformed JSON", "/2/b out of range", "/2/b/7 malformed JSON",
	}, check(&c, []Part{{}, {A: "\xff", B: -1}, {B: -2}}))
	require.Empty(t, check(&c, []Part{{}, {B: 1}}))

	for _, tt := range []struct {
		parts []Part
		want  bool
	}{{nil, false}, {[]Part{{}, {B: 1}}, false}, {[]Part{{}, {B: -1}, {B: 1}}, true}} {
		c.Start(nil)
		codec.CheckSlice(&c.Checker, &c, tt.parts, negative)
		require.Equal(t, tt.want, c.Failed())
	}
}
