package member

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

type checked struct {
	raw   json.RawMessage
	count int
}

var checkedModel = NewModel(func(v *checked, m *List) {
	m.Optional("raw", &v.raw)
	m.Required("count", &v.count)
})

type common struct{ Checker }

func TestRules(t *testing.T) {
	rules := Rules[checked, *common]{Model: checkedModel, Each: map[string]func(*common, *checked){
		"count": func(c *common, v *checked) {
			if v.count < 0 {
				c.Fail(jsonwire.ErrOutOfRange, "below 0")
			}
		},
	}}
	for _, tt := range []struct {
		value checked
		want  []string
	}{
		{checked{}, nil},
		{checked{json.RawMessage("1"), 1}, nil},
		{checked{json.RawMessage("{"), -1}, []string{"/raw malformed JSON", "/count out of range"}},
	} {
		var c common
		c.Start(nil)
		rules.Check(&c.Checker, &c, tt.value)
		require.Equal(t, tt.want != nil, c.Failed())

		var got []string
		c.Start(func(reason error, _ string) { got = append(got, c.Path()+" "+reason.Error()) })
		rules.Check(&c.Checker, &c, tt.value)
		require.Equal(t, tt.want, got)
	}
}

func TestRulesNameMembers(t *testing.T) {
	rules := Rules[checked, *common]{Model: checkedModel, Each: map[string]func(*common, *checked){"cuont": nil}}
	require.PanicsWithValue(t, "member: a rule for cuont, which the model does not have", func() {
		rules.Check(new(Checker), nil, checked{})
	})
}

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
	object := func(v any) kinds { return kinds{object: map[string]any{"v": v}} }
	var nowhere any
	nowhere = &nowhere
	rules := Rules[kinds, *common]{Model: kindsModel}
	for _, tt := range []struct {
		name  string
		value kinds
		want  []string
	}{
		{"nothing", kinds{}, nil},
		{"good ones", kinds{
			text: "a", textPointer: new("a"), amountPointer: new(decimal.New(1, 0)), flagPointer: new(true), countPointer: new(1), idPointer: new(int64(1)),
			at: far.AddDate(-1, 0, 0), texts: []string{"a"}, counts: []int{1}, ids: []int64{1}, object: map[string]any{"a": 1}, free: json.RawMessage("{}"),
			extra: map[string]json.RawMessage{"x": json.RawMessage("[1]"), "text2": json.RawMessage("null")},
		}, nil},
		{"text", kinds{text: "\xff"}, []string{"/text invalid UTF-8"}},
		{"textPointer", kinds{textPointer: new("\xff")}, []string{"/textPointer invalid UTF-8"}},
		{"amount", kinds{amount: long}, []string{"/amount out of range"}},
		{"amountPointer", kinds{amountPointer: &long}, []string{"/amountPointer out of range"}},
		{"at", kinds{at: far}, []string{"/at out of range"}},
		{"texts", kinds{texts: []string{"a", "\xff", "b", "\xfe"}}, []string{"/texts/1 invalid UTF-8", "/texts/3 invalid UTF-8"}},
		{"free", kinds{free: json.RawMessage("{")}, []string{"/free malformed JSON"}},
		{"free that goes on", kinds{free: json.RawMessage("1 2")}, []string{"/free malformed JSON"}},
		{"free that is empty", kinds{free: json.RawMessage{}}, []string{"/free malformed JSON"}},
		{"requiredFree", kinds{requiredFree: json.RawMessage("[")}, []string{"/requiredFree/0 malformed JSON"}},
		{"requiredObject", kinds{requiredObject: map[string]any{"b": "\xff", "a": "\xff"}}, []string{"/requiredObject/a invalid UTF-8", "/requiredObject/b invalid UTF-8"}},
		{"a name", kinds{object: map[string]any{"\xff": 1}}, []string{"/object/\xff invalid UTF-8"}},
		{"extra", kinds{extra: map[string]json.RawMessage{"y": json.RawMessage("{"), "x": nil, "z": json.RawMessage("1")}}, []string{"/x malformed JSON", "/y malformed JSON"}},
		{"a name in extra", kinds{extra: map[string]json.RawMessage{"\xff": json.RawMessage("{")}}, []string{"/\xff invalid UTF-8"}},
		{"a member in extra", kinds{extra: map[string]json.RawMessage{"text": json.RawMessage(`"a"`)}}, nil},
		{"a member in extra and itself", kinds{text: "a", extra: map[string]json.RawMessage{"text": json.RawMessage(`"a"`)}}, []string{"/text duplicate name"}},
		{"several", kinds{text: "\xff", amount: long, last: "\xff", extra: map[string]json.RawMessage{"x": json.RawMessage("{")}},
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
		{"a foreign value", object(func() {}), []string{"/object/v wrong type"}},
		{"nils", object([]any{nil, []any(nil), map[string]any(nil), (*decimal.Decimal)(nil), json.RawMessage(nil), (*string)(nil), list(nil), map[string]int(nil), (*int)(nil), []*int{nil}}), nil},
		{"numbers", object([]any{1, int8(1), uint64(1), uintptr(1), json.Number("1e9"), 1.5, number(1), true}), nil},
		{"as deep as can be", object(deep(jsonwire.MaxDepth - 2)), nil},
		{"deeper", object(deep(jsonwire.MaxDepth - 1)), []string{"/object/v" + strings.Repeat("/0", jsonwire.MaxDepth-2) + " nested too deep"}},
		{"JSON that is too deep there", object(json.RawMessage(strings.Repeat("[", jsonwire.MaxDepth-1))), []string{"/object/v" + strings.Repeat("/0", jsonwire.MaxDepth-2) + " nested too deep"}},
		{"as many pointers as can be", object(pointers(jsonwire.MaxDepth)), nil},
		{"more pointers", object(pointers(jsonwire.MaxDepth + 1)), []string{"/object/v nested too deep"}},
		{"a pointer to itself", object(nowhere), []string{"/object/v nested too deep"}},
	} {
		var c common
		for range 2 { // the second time with what Clear leaves
			c.Start(nil)
			rules.Check(&c.Checker, &c, tt.value)
			require.Equal(t, tt.want != nil, c.Failed(), tt.name)

			var got []string
			c.Start(func(reason error, _ string) { got = append(got, c.Path()+" "+reason.Error()) })
			rules.Check(&c.Checker, &c, tt.value)
			require.Equal(t, tt.want, got, tt.name)
			require.Equal(t, tt.want != nil, c.Failed(), tt.name)
			c.Clear()
			require.False(t, c.Failed())
		}
	}
}

// TestCheckEach checks elements behind all other members, as those of a member of the outermost object.
func TestCheckEach(t *testing.T) {
	negative := func(c *common, v *checked) {
		if v.count < 0 {
			c.Fail(jsonwire.ErrOutOfRange, "below 0")
			c.FailAt(7, jsonwire.ErrSyntax, "")
		}
	}
	rules := Rules[checked, *common]{Model: checkedModel, Each: map[string]func(*common, *checked){"count": negative}, Apart: "count"}
	var c common
	var got []string
	c.Start(func(reason error, _ string) { got = append(got, c.Path()+" "+reason.Error()) })
	rules.Check(&c.Checker, &c, checked{json.RawMessage("{"), -1})
	rules.CheckEach(&c.Checker, &c, "list", []checked{{}, {json.RawMessage("{"), -1}, {nil, -2}})
	require.Equal(t, []string{
		"/raw malformed JSON", "/count out of range", "/count/7 malformed JSON",
		"/list/1/raw malformed JSON", "/list/1/count out of range", "/list/1/count/7 malformed JSON",
		"/list/2/count out of range", "/list/2/count/7 malformed JSON",
	}, got)

	c.Start(nil)
	rules.CheckEach(&c.Checker, &c, "list", []checked{{}, {nil, 1}})
	require.False(t, c.Failed())
	rules.CheckEach(&c.Checker, &c, "list", []checked{{}, {nil, -1}, {nil, 1}})
	require.True(t, c.Failed())
}
