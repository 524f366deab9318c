package member

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// kinds has members of every basic type, those that may be nil also as required ones.
type kinds struct {
	text, standard                string
	textPointer                   *string
	amount                        decimal.Decimal
	amountPointer                 *decimal.Decimal
	flag                          bool
	flagPointer                   *bool
	count                         int
	countPointer                  *int
	id                            int64
	idPointer                     *int64
	at                            time.Time
	texts, requiredTexts          []string
	counts, requiredCounts        []int
	ids, requiredIDs              []int64
	object, requiredObject        map[string]any
	free, requiredFree, otherFree json.RawMessage
	last                          string
	extra                         map[string]json.RawMessage
}

var kindsModel = NewModel(func(v *kinds, m *List) {
	m.Optional("text", &v.text)
	m.Default("standard", &v.standard, "usual")
	m.Optional("textPointer", &v.textPointer)
	m.Required("amount", &v.amount)
	m.Optional("amountPointer", &v.amountPointer)
	m.Required("flag", &v.flag)
	m.Optional("flagPointer", &v.flagPointer)
	m.Required("count", &v.count)
	m.Optional("countPointer", &v.countPointer)
	m.Optional("id", &v.id)
	m.Optional("idPointer", &v.idPointer)
	m.Optional("at", &v.at)
	m.Optional("texts", &v.texts)
	m.Required("requiredTexts", &v.requiredTexts)
	m.Optional("counts", &v.counts)
	m.Required("requiredCounts", &v.requiredCounts)
	m.Optional("ids", &v.ids)
	m.Required("requiredIDs", &v.requiredIDs)
	m.Optional("object", &v.object)
	m.Required("requiredObject", &v.requiredObject)
	m.Optional("free", &v.free)
	m.Required("requiredFree", &v.requiredFree)
	m.Default("otherFree", &v.otherFree, "{}")
	m.Optional("last", &v.last)
	m.Extra(&v.extra)
})

// TestEqualMembers compares one member at a time, beside others that are equal.
func TestEqualMembers(t *testing.T) {
	noon := time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)
	extra := func(pairs ...string) map[string]json.RawMessage {
		m := map[string]json.RawMessage{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = json.RawMessage(pairs[i+1])
		}
		return m
	}
	for _, tt := range []struct {
		name string
		want bool
		a, b kinds
	}{
		{"text", false, kinds{text: "a"}, kinds{text: "b"}},
		{"standard", false, kinds{standard: "a"}, kinds{}},
		{"the standard itself", true, kinds{standard: "usual"}, kinds{}},
		{"textPointer", false, kinds{textPointer: new("a")}, kinds{textPointer: new("b")}},
		{"textPointer, the same", true, kinds{textPointer: new("a")}, kinds{textPointer: new("a")}},
		{"textPointer, nil", false, kinds{textPointer: new("")}, kinds{}},
		{"amount", false, kinds{amount: decimal.New(1, 0)}, kinds{amount: decimal.New(1, 1)}},
		{"amount, the same", true, kinds{amount: decimal.New(10, 0)}, kinds{amount: decimal.New(1, 1)}},
		{"amountPointer", false, kinds{amountPointer: new(decimal.New(1, 0))}, kinds{amountPointer: new(decimal.New(2, 0))}},
		{"amountPointer, the same", true, kinds{amountPointer: new(decimal.New(20, -1))}, kinds{amountPointer: new(decimal.New(2, 0))}},
		{"amountPointer, nil", false, kinds{amountPointer: new(decimal.Decimal{})}, kinds{}},
		{"flag", false, kinds{flag: true}, kinds{}},
		{"flagPointer", false, kinds{flagPointer: new(true)}, kinds{flagPointer: new(false)}},
		{"flagPointer, the same", true, kinds{flagPointer: new(true)}, kinds{flagPointer: new(true)}},
		{"flagPointer, nil", false, kinds{flagPointer: new(false)}, kinds{}},
		{"count", false, kinds{count: 1}, kinds{count: 2}},
		{"countPointer", false, kinds{countPointer: new(1)}, kinds{countPointer: new(2)}},
		{"countPointer, the same", true, kinds{countPointer: new(1)}, kinds{countPointer: new(1)}},
		{"countPointer, nil", false, kinds{countPointer: new(0)}, kinds{}},
		{"id", false, kinds{id: 1}, kinds{id: 2}},
		{"idPointer", false, kinds{idPointer: new(int64(1))}, kinds{idPointer: new(int64(2))}},
		{"idPointer, the same", true, kinds{idPointer: new(int64(1))}, kinds{idPointer: new(int64(1))}},
		{"idPointer, nil", false, kinds{idPointer: new(int64(0))}, kinds{}},
		{"at", false, kinds{at: noon}, kinds{at: noon.Add(1)}},
		{"at, the same", true, kinds{at: noon}, kinds{at: noon.In(time.FixedZone("", 3600))}},
		{"texts", false, kinds{texts: []string{"a"}}, kinds{texts: []string{"b"}}},
		{"texts, the same", true, kinds{texts: []string{"a"}}, kinds{texts: []string{"a"}}},
		{"texts, nil", false, kinds{texts: []string{}}, kinds{}},
		{"requiredTexts", false, kinds{requiredTexts: []string{"a"}}, kinds{}},
		{"requiredTexts, nil", true, kinds{requiredTexts: []string{}}, kinds{}},
		{"counts", false, kinds{counts: []int{1}}, kinds{counts: []int{2}}},
		{"counts, the same", true, kinds{counts: []int{1}}, kinds{counts: []int{1}}},
		{"counts, nil", false, kinds{counts: []int{}}, kinds{}},
		{"requiredCounts", false, kinds{requiredCounts: []int{1}}, kinds{}},
		{"requiredCounts, nil", true, kinds{requiredCounts: []int{}}, kinds{}},
		{"ids", false, kinds{ids: []int64{1}}, kinds{ids: []int64{2}}},
		{"ids, the same", true, kinds{ids: []int64{1}}, kinds{ids: []int64{1}}},
		{"ids, nil", false, kinds{ids: []int64{}}, kinds{}},
		{"requiredIDs", false, kinds{requiredIDs: []int64{1}}, kinds{}},
		{"requiredIDs, nil", true, kinds{requiredIDs: []int64{}}, kinds{}},
		{"object", false, kinds{object: map[string]any{"a": 1}}, kinds{object: map[string]any{"a": 2}}},
		{"object, the same", true, kinds{object: map[string]any{"a": 1}}, kinds{object: map[string]any{"a": 1.0}}},
		{"object, nil", false, kinds{object: map[string]any{}}, kinds{}},
		{"requiredObject", false, kinds{requiredObject: map[string]any{"a": 1}}, kinds{}},
		{"requiredObject, nil", true, kinds{requiredObject: map[string]any{}}, kinds{}},
		{"free", false, kinds{free: json.RawMessage("1")}, kinds{free: json.RawMessage("2")}},
		{"free, the same", true, kinds{free: json.RawMessage("1")}, kinds{free: json.RawMessage(" 1.0")}},
		{"free, nil", false, kinds{free: json.RawMessage("null")}, kinds{}},
		{"free, nil and empty", false, kinds{free: json.RawMessage{}}, kinds{}},
		{"free, no JSON", false, kinds{free: json.RawMessage("{")}, kinds{free: json.RawMessage("[")}},
		{"free, the same that is no JSON", true, kinds{free: json.RawMessage("{")}, kinds{free: json.RawMessage("{")}},
		{"requiredFree", false, kinds{requiredFree: json.RawMessage("1")}, kinds{}},
		{"requiredFree, nil", true, kinds{requiredFree: json.RawMessage("null")}, kinds{}},
		{"otherFree", false, kinds{otherFree: json.RawMessage("null")}, kinds{}},
		{"otherFree, nil", true, kinds{otherFree: json.RawMessage(" {}")}, kinds{}},
		{"extra", false, kinds{extra: extra("x", "1")}, kinds{extra: extra("x", "2")}},
		{"extra, the same", true, kinds{extra: extra("x", "1")}, kinds{extra: extra("x", "1.0")}},
		{"extra, nil", true, kinds{extra: extra()}, kinds{}},
		{"extra, one more", false, kinds{extra: extra("x", "1")}, kinds{extra: extra("x", "1", "y", "2")}},
		{"extra, no JSON", false, kinds{extra: extra("x", "{")}, kinds{extra: extra("x", "[")}},

		// Members that stand in extra.
		{"texts in extra", false, kinds{extra: extra("text", `"a"`)}, kinds{extra: extra("text", `"b"`)}},
		{"texts in extra, the same", true, kinds{extra: extra("text", `"a"`)}, kinds{extra: extra("text", ` "a"`)}},
		{"a text in extra", true, kinds{text: "a"}, kinds{extra: extra("text", `"a"`)}},
		{"a text in extra, another", false, kinds{text: "a"}, kinds{extra: extra("text", `"b"`)}},
		{"a text in extra alone", false, kinds{}, kinds{extra: extra("text", `"a"`)}},
		{"a member behind one in extra", false, kinds{last: "a", extra: extra("text", `"a"`)}, kinds{last: "b", extra: extra("text", `"a"`)}},
		{"an unknown member beside one in extra", false, kinds{extra: extra("text", `"a"`, "x", "1")}, kinds{extra: extra("text", `"a"`)}},
		{"an unknown member beside one in extra, another", false, kinds{extra: extra("text", `"a"`, "x", "1")}, kinds{text: "a", extra: extra("y", "1")}},
		{"an unknown member beside one in extra, the same", true, kinds{extra: extra("text", `"a"`, "x", "1")}, kinds{text: "a", extra: extra("x", "1")}},
	} {
		require.Equal(t, tt.want, kindsModel.Equal(tt.a, tt.b), tt.name)
		require.Equal(t, tt.want, kindsModel.Equal(tt.b, tt.a), "%s, the other way round", tt.name)
		require.True(t, kindsModel.Equal(tt.a, kindsModel.Clone(tt.a)), tt.name)
		require.True(t, kindsModel.Equal(tt.b, kindsModel.Clone(tt.b)), tt.name)
	}
}

// TestEqualFree compares values of no declared type.
func TestEqualFree(t *testing.T) {
	values := []any{
		nil, "", "1", true, false, json.Number("1"), json.Number("x"), json.Number("01"), []any{}, []any{nil}, []any{1}, map[string]any{}, map[string]any{"a": nil},
		map[string]any{"b": nil}, map[string]any{"a": nil, "b": nil}, 2, "2",
	}
	for i, v := range values {
		for j, w := range values {
			want := i == j && v != json.Number("x") && v != json.Number("01") // which are no numbers, and cannot be written
			require.Equal(t, want, EqualObjects(map[string]any{"v": v}, map[string]any{"v": w}), "%#v and %#v", v, w)
		}
	}
	for _, tt := range []struct{ a, b any }{
		{nil, []any(nil)}, {nil, map[string]any(nil)}, {[]any(nil), map[string]any(nil)}, {1, json.Number("1.0")}, {[]any{1}, []int{1}},
		{map[string]any{"a": 1}, map[string]int{"a": 1}}, {json.RawMessage("[1]"), []any{1}}, {"a", json.RawMessage(`"a"`)}, {true, new(true)},
	} {
		require.True(t, EqualObjects(map[string]any{"v": tt.a}, map[string]any{"v": tt.b}), "%#v and %#v", tt.a, tt.b)
		require.True(t, EqualObjects(map[string]any{"v": tt.b}, map[string]any{"v": tt.a}), "%#v and %#v", tt.b, tt.a)
	}
	for _, tt := range []struct{ a, b any }{
		{[]any(nil), []any{}}, {map[string]any(nil), map[string]any{}}, {func() {}, 1}, {1, func() {}}, {[]any(nil), "null"},
	} {
		require.False(t, EqualObjects(map[string]any{"v": tt.a}, map[string]any{"v": tt.b}), "%#v and %#v", tt.a, tt.b)
	}
	require.True(t, EqualObjects(nil, map[string]any{}))
	require.False(t, EqualObjects(nil, map[string]any{"a": nil}))
}
