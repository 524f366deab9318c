package codec_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/internal/codec"
)

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
		a, b Kinds
	}{
		{"text", false, Kinds{Text: "a"}, Kinds{Text: "b"}},
		{"standard", false, Kinds{Standard: "a"}, Kinds{}},
		{"the standard itself", true, Kinds{Standard: "usual"}, Kinds{}},
		{"textPointer", false, Kinds{TextPointer: new("a")}, Kinds{TextPointer: new("b")}},
		{"textPointer, the same", true, Kinds{TextPointer: new("a")}, Kinds{TextPointer: new("a")}},
		{"textPointer, nil", false, Kinds{TextPointer: new("")}, Kinds{}},
		{"amount", false, Kinds{Amount: decimal.New(1, 0)}, Kinds{Amount: decimal.New(1, 1)}},
		{"amount, the same", true, Kinds{Amount: decimal.New(10, 0)}, Kinds{Amount: decimal.New(1, 1)}},
		{"amountPointer", false, Kinds{AmountPointer: new(decimal.New(1, 0))}, Kinds{AmountPointer: new(decimal.New(2, 0))}},
		{"amountPointer, the same", true, Kinds{AmountPointer: new(decimal.New(20, -1))}, Kinds{AmountPointer: new(decimal.New(2, 0))}},
		{"amountPointer, nil", false, Kinds{AmountPointer: new(decimal.Decimal{})}, Kinds{}},
		{"flag", false, Kinds{Flag: true}, Kinds{}},
		{"flagPointer", false, Kinds{FlagPointer: new(true)}, Kinds{FlagPointer: new(false)}},
		{"flagPointer, the same", true, Kinds{FlagPointer: new(true)}, Kinds{FlagPointer: new(true)}},
		{"flagPointer, nil", false, Kinds{FlagPointer: new(false)}, Kinds{}},
		{"count", false, Kinds{Count: 1}, Kinds{Count: 2}},
		{"countPointer", false, Kinds{CountPointer: new(1)}, Kinds{CountPointer: new(2)}},
		{"countPointer, the same", true, Kinds{CountPointer: new(1)}, Kinds{CountPointer: new(1)}},
		{"countPointer, nil", false, Kinds{CountPointer: new(0)}, Kinds{}},
		{"id", false, Kinds{ID: 1}, Kinds{ID: 2}},
		{"idPointer", false, Kinds{IDPointer: new(int64(1))}, Kinds{IDPointer: new(int64(2))}},
		{"idPointer, the same", true, Kinds{IDPointer: new(int64(1))}, Kinds{IDPointer: new(int64(1))}},
		{"idPointer, nil", false, Kinds{IDPointer: new(int64(0))}, Kinds{}},
		{"at", false, Kinds{At: noon}, Kinds{At: noon.Add(1)}},
		{"at, the same", true, Kinds{At: noon}, Kinds{At: noon.In(time.FixedZone("", 3600))}},
		{"texts", false, Kinds{Texts: []string{"a"}}, Kinds{Texts: []string{"b"}}},
		{"texts, the same", true, Kinds{Texts: []string{"a"}}, Kinds{Texts: []string{"a"}}},
		{"texts, nil", false, Kinds{Texts: []string{}}, Kinds{}},
		{"requiredTexts", false, Kinds{RequiredTexts: []string{"a"}}, Kinds{}},
		{"requiredTexts, nil", true, Kinds{RequiredTexts: []string{}}, Kinds{}},
		{"counts", false, Kinds{Counts: []int{1}}, Kinds{Counts: []int{2}}},
		{"counts, the same", true, Kinds{Counts: []int{1}}, Kinds{Counts: []int{1}}},
		{"counts, nil", false, Kinds{Counts: []int{}}, Kinds{}},
		{"requiredCounts", false, Kinds{RequiredCounts: []int{1}}, Kinds{}},
		{"requiredCounts, nil", true, Kinds{RequiredCounts: []int{}}, Kinds{}},
		{"ids", false, Kinds{IDs: []int64{1}}, Kinds{IDs: []int64{2}}},
		{"ids, the same", true, Kinds{IDs: []int64{1}}, Kinds{IDs: []int64{1}}},
		{"ids, nil", false, Kinds{IDs: []int64{}}, Kinds{}},
		{"requiredIDs", false, Kinds{RequiredIDs: []int64{1}}, Kinds{}},
		{"requiredIDs, nil", true, Kinds{RequiredIDs: []int64{}}, Kinds{}},
		{"object", false, Kinds{Object: map[string]any{"a": 1}}, Kinds{Object: map[string]any{"a": 2}}},
		{"object, the same", true, Kinds{Object: map[string]any{"a": 1}}, Kinds{Object: map[string]any{"a": 1.0}}},
		{"object, nil", false, Kinds{Object: map[string]any{}}, Kinds{}},
		{"requiredObject", false, Kinds{RequiredObject: map[string]any{"a": 1}}, Kinds{}},
		{"requiredObject, nil", true, Kinds{RequiredObject: map[string]any{}}, Kinds{}},
		{"named", false, Kinds{Named: "a"}, Kinds{Named: "b"}},
		{"names", false, Kinds{Names: []Name{"a"}}, Kinds{Names: []Name{"b"}}},
		{"names, nil", false, Kinds{Names: []Name{}}, Kinds{}},
		{"optionalFlag", false, Kinds{OptionalFlag: true}, Kinds{}},
		{"part", false, Kinds{Part: &Part{A: "a"}}, Kinds{Part: &Part{A: "b"}}},
		{"part, the same", true, Kinds{Part: &Part{A: "a"}}, Kinds{Part: &Part{A: "a"}}},
		{"part, nil", false, Kinds{Part: &Part{}}, Kinds{}},
		{"part, deep down", false, Kinds{Part: &Part{Whole: &Kinds{Last: "a"}}}, Kinds{Part: &Part{Whole: &Kinds{Last: "b"}}}},
		{"parts", false, Kinds{Parts: []Part{{}, {A: "a"}}}, Kinds{Parts: []Part{{}, {A: "b"}}}},
		{"parts, the same", true, Kinds{Parts: []Part{{A: "a"}}}, Kinds{Parts: []Part{{A: "a"}}}},
		{"parts, one more", false, Kinds{Parts: []Part{{}}}, Kinds{Parts: []Part{{}, {}}}},
		{"parts, nil", false, Kinds{Parts: []Part{}}, Kinds{}},
		{"requiredParts", false, Kinds{RequiredParts: []Part{{}}}, Kinds{}},
		{"requiredParts, nil", true, Kinds{RequiredParts: []Part{}}, Kinds{}},
		{"byName", false, Kinds{ByName: map[string]Part{"a": {A: "a"}}}, Kinds{ByName: map[string]Part{"a": {A: "b"}}}},
		{"byName, the same", true, Kinds{ByName: map[string]Part{"a": {A: "a"}}}, Kinds{ByName: map[string]Part{"a": {A: "a"}}}},
		{"byName, another name", false, Kinds{ByName: map[string]Part{"a": {}}}, Kinds{ByName: map[string]Part{"b": {}}}},
		{"byName, nil", false, Kinds{ByName: map[string]Part{}}, Kinds{}},
		{"requiredByName", false, Kinds{RequiredByName: map[string]Part{"a": {}}}, Kinds{}},
		{"requiredByName, nil", true, Kinds{RequiredByName: map[string]Part{}}, Kinds{}},
		{"free", false, Kinds{Free: json.RawMessage("1")}, Kinds{Free: json.RawMessage("2")}},
		{"free, the same", true, Kinds{Free: json.RawMessage("1")}, Kinds{Free: json.RawMessage(" 1.0")}},
		{"free, nil", false, Kinds{Free: json.RawMessage("null")}, Kinds{}},
		{"free, nil and empty", false, Kinds{Free: json.RawMessage{}}, Kinds{}},
		{"free, no JSON", false, Kinds{Free: json.RawMessage("{")}, Kinds{Free: json.RawMessage("[")}},
		{"free, the same that is no JSON", true, Kinds{Free: json.RawMessage("{")}, Kinds{Free: json.RawMessage("{")}},
		{"requiredFree", false, Kinds{RequiredFree: json.RawMessage("1")}, Kinds{}},
		{"requiredFree, nil", true, Kinds{RequiredFree: json.RawMessage("null")}, Kinds{}},
		{"otherFree", false, Kinds{OtherFree: json.RawMessage("null")}, Kinds{}},
		{"otherFree, nil", true, Kinds{OtherFree: json.RawMessage(" {}")}, Kinds{}},
		{"extra", false, Kinds{Extra: extra("x", "1")}, Kinds{Extra: extra("x", "2")}},
		{"extra, the same", true, Kinds{Extra: extra("x", "1")}, Kinds{Extra: extra("x", "1.0")}},
		{"extra, nil", true, Kinds{Extra: extra()}, Kinds{}},
		{"extra, one more", false, Kinds{Extra: extra("x", "1")}, Kinds{Extra: extra("x", "1", "y", "2")}},
		{"extra, no JSON", false, Kinds{Extra: extra("x", "{")}, Kinds{Extra: extra("x", "[")}},

		// Members that stand in extra.
		{"texts in extra", false, Kinds{Extra: extra("text", `"a"`)}, Kinds{Extra: extra("text", `"b"`)}},
		{"texts in extra, the same", true, Kinds{Extra: extra("text", `"a"`)}, Kinds{Extra: extra("text", ` "a"`)}},
		{"a text in extra", true, Kinds{Text: "a"}, Kinds{Extra: extra("text", `"a"`)}},
		{"a text in extra, another", false, Kinds{Text: "a"}, Kinds{Extra: extra("text", `"b"`)}},
		{"a text in extra alone", false, Kinds{}, Kinds{Extra: extra("text", `"a"`)}},
		{"a member behind one in extra", false, Kinds{Last: "a", Extra: extra("text", `"a"`)}, Kinds{Last: "b", Extra: extra("text", `"a"`)}},
		{"an unknown member beside one in extra", false, Kinds{Extra: extra("text", `"a"`, "x", "1")}, Kinds{Extra: extra("text", `"a"`)}},
		{"an unknown member beside one in extra, another", false, Kinds{Extra: extra("text", `"a"`, "x", "1")}, Kinds{Text: "a", Extra: extra("y", "1")}},
		{"an unknown member beside one in extra, the same", true, Kinds{Extra: extra("text", `"a"`, "x", "1")}, Kinds{Text: "a", Extra: extra("x", "1")}},
	} {
		require.Equal(t, tt.want, tt.a.Equal(tt.b), tt.name)
		require.Equal(t, tt.want, tt.b.Equal(tt.a), "%s, the other way round", tt.name)
		require.True(t, tt.a.Equal(tt.a.Clone()), tt.name)
		require.True(t, tt.b.Equal(tt.b.Clone()), tt.name)
	}
}

// TestEqualAny compares values of no declared type.
func TestEqualAny(t *testing.T) {
	values := []any{
		nil, "", "1", true, false, json.Number("1"), json.Number("x"), json.Number("01"), []any{}, []any{nil}, []any{1}, map[string]any{}, map[string]any{"a": nil},
		map[string]any{"b": nil}, map[string]any{"a": nil, "b": nil}, 2, "2",
	}
	for i, v := range values {
		for j, w := range values {
			want := i == j && v != json.Number("x") && v != json.Number("01") // which are no numbers, and cannot be written
			require.Equal(t, want, codec.EqualObjects(map[string]any{"v": v}, map[string]any{"v": w}), "%#v and %#v", v, w)
		}
	}
	for _, tt := range []struct{ a, b any }{
		{nil, []any(nil)}, {nil, map[string]any(nil)}, {[]any(nil), map[string]any(nil)}, {1, json.Number("1.0")}, {[]any{1}, []int{1}},
		{map[string]any{"a": 1}, map[string]int{"a": 1}}, {json.RawMessage("[1]"), []any{1}}, {"a", json.RawMessage(`"a"`)}, {true, new(true)},
	} {
		require.True(t, codec.EqualObjects(map[string]any{"v": tt.a}, map[string]any{"v": tt.b}), "%#v and %#v", tt.a, tt.b)
		require.True(t, codec.EqualObjects(map[string]any{"v": tt.b}, map[string]any{"v": tt.a}), "%#v and %#v", tt.b, tt.a)
	}
	for _, tt := range []struct{ a, b any }{
		{[]any(nil), []any{}}, {map[string]any(nil), map[string]any{}}, {func() {}, 1}, {1, func() {}}, {[]any(nil), "null"},
	} {
		require.False(t, codec.EqualObjects(map[string]any{"v": tt.a}, map[string]any{"v": tt.b}), "%#v and %#v", tt.a, tt.b)
	}
	require.True(t, codec.EqualObjects(nil, map[string]any{}))
	require.False(t, codec.EqualObjects(nil, map[string]any{"a": nil}))
}
