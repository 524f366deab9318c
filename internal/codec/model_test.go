package codec_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/internal/codec"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// texts are JSON values of every shape. Each member takes some of them, and refuses the others.
var texts = []string{
	`"a"`, `"1.5"`, `"2026-02-03T12:00:00Z"`, `1`, `1.5`, `1e30`, `true`, `{}`, `{"a":1}`, `{"a":{}}`, `{"a":"x"}`, `[]`, `[1]`, `["a"]`, `[{}]`,
}

var numbers = []string{`"1.5"`, `1`, `1.5`, `1e30`}

// members has a value of each member of Kinds, how it is written, and which of the texts the member takes.
var members = []struct {
	name  string
	value any
	text  string
	takes []string
}{
	{"text", "a", `"a"`, texts[:3]},
	{"standard", "a", `"a"`, texts[:3]},
	{"named", Name("a"), `"a"`, texts[:3]},
	{"textPointer", new(""), `""`, texts[:3]},
	{"amount", decimal.New(1250, -2), `12.50`, numbers},
	{"amountPointer", new(decimal.New(-1, 3)), `-1000`, numbers},
	{"flag", true, `true`, texts[6:7]},
	{"optionalFlag", true, `true`, texts[6:7]},
	{"flagPointer", new(false), `false`, texts[6:7]},
	{"count", -7, `-7`, texts[3:4]},
	{"countPointer", new(0), `0`, texts[3:4]},
	{"id", int64(1) << 62, `4611686018427387904`, texts[3:4]},
	{"idPointer", new(int64(-1) << 63), `-9223372036854775808`, texts[3:4]},
	{"at", time.Date(2026, 2, 3, 12, 0, 0, 5e8, time.UTC), `"2026-02-03T12:00:00.5Z"`, texts[2:3]},
	{"texts", []string{"a", ""}, `["a",""]`, []string{`[]`, `["a"]`}},
	{"requiredTexts", []string{"a"}, `["a"]`, []string{`[]`, `["a"]`}},
	{"names", []Name{"a"}, `["a"]`, []string{`[]`, `["a"]`}},
	{"counts", []int{1, -2}, `[1,-2]`, []string{`[]`, `[1]`}},
	{"requiredCounts", []int{1}, `[1]`, []string{`[]`, `[1]`}},
	{"ids", []int64{1 << 62}, `[4611686018427387904]`, []string{`[]`, `[1]`}},
	{"requiredIDs", []int64{1}, `[1]`, []string{`[]`, `[1]`}},
	{"object", map[string]any{"b": []any{json.Number("1.50"), nil}, "a": "x"}, `{"a":"x","b":[1.50,null]}`, texts[7:11]},
	{"requiredObject", map[string]any{"a": true}, `{"a":true}`, texts[7:11]},
	{"free", json.RawMessage(`{"b": 1, "a": 2}`), `{"b": 1, "a": 2}`, texts},
	{"requiredFree", json.RawMessage(`1`), `1`, texts},
	{"otherFree", json.RawMessage(`1`), `1`, texts},
	{"part", &Part{A: "a"}, `{"a":"a"}`, []string{`{}`, `{"a":"x"}`}},
	{"parts", []Part{{A: "a"}, {}}, `[{"a":"a"},{}]`, []string{`[]`, `[{}]`}},
	{"requiredParts", []Part{{}}, `[{}]`, []string{`[]`, `[{}]`}},
	{"byName", map[string]Part{"b": {}, "a": {B: 1}}, `{"a":{"b":1},"b":{}}`, []string{`{}`, `{"a":{}}`}},
	{"requiredByName", map[string]Part{"": {}}, `{"":{}}`, []string{`{}`, `{"a":{}}`}},
	{"last", "a", `"a"`, texts[:3]},
}

// always is what a zero Kinds is written as.
const always = `{"standard":"usual","amount":0,"flag":false,"count":0,"requiredTexts":[],"requiredCounts":[],"requiredIDs":[],` +
	`"requiredObject":{},"requiredFree":null,"otherFree":{},"requiredParts":[],"requiredByName":{}}`

// TestMembers writes, reads, compares and copies a value of each kind.
func TestMembers(t *testing.T) {
	zero, err := Kinds{}.MarshalJSON()
	require.NoError(t, err)
	require.Equal(t, always, string(zero))
	var zeroMembers map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(zero, &zeroMembers))
	require.Equal(t, reflect.TypeFor[Kinds]().NumField()-1, len(members), "each field is tested")
	for i, tt := range members {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.name, strings.Split(reflect.TypeFor[Kinds]().Field(i).Tag.Get("json"), ",")[0])
			var v, back Kinds
			reflect.ValueOf(&v).Elem().Field(i).Set(reflect.ValueOf(tt.value))
			text, err := v.MarshalJSON()
			require.NoError(t, err)
			written := map[string]json.RawMessage{}
			require.NoError(t, json.Unmarshal(text, &written))
			assert.Equal(t, tt.text, string(written[tt.name]))
			for name, raw := range written {
				if name != tt.name {
					assert.Equal(t, string(zeroMembers[name]), string(raw))
				}
			}

			require.NoError(t, back.UnmarshalJSON([]byte(`{"`+tt.name+`":`+tt.text+`}`)))
			assert.True(t, v.Equal(back))
			assert.False(t, v.Equal(Kinds{}))
			again, err := back.MarshalJSON()
			require.NoError(t, err)
			assert.Equal(t, string(text), string(again))

			clone := v.Clone()
			assert.Equal(t, v, clone)
			switch copied := reflect.ValueOf(clone).Field(i); copied.Kind() {
			case reflect.Pointer, reflect.Slice, reflect.Map:
				assert.NotEqual(t, reflect.ValueOf(tt.value).Pointer(), copied.Pointer())
			}

			require.NoError(t, back.UnmarshalJSON([]byte(`{"`+tt.name+`" : null}`)))
			assert.Equal(t, Kinds{}, back, "a null is as good as nothing")
		})
	}
}

// TestMembersRefuse gives each member values of every shape. One that is refused changes nothing.
func TestMembersRefuse(t *testing.T) {
	for _, tt := range members {
		for _, text := range texts {
			v := Kinds{Text: "before", Last: "before", Texts: []string{"before"}}
			before := v.Clone()
			err := v.UnmarshalJSON([]byte(`{"text":"after","` + tt.name + `":` + text + `}`))
			if tt.name == "text" {
				err = v.UnmarshalJSON([]byte(`{"` + tt.name + `":` + text + `}`))
			}
			if slices.Contains(tt.takes, text) {
				require.NoError(t, err, "%s: %s", tt.name, text)
				continue
			}
			var p *placed
			require.ErrorAs(t, err, &p, "%s: %s", tt.name, text)
			assert.True(t, p.path == "/"+tt.name || strings.HasPrefix(p.path, "/"+tt.name+"/"), "%s: %s at %s", tt.name, text, p.path)
			reason := jsonwire.ErrWrongType
			if integer := slices.Contains([]string{"count", "countPointer", "id", "idPointer"}, tt.name); integer && (text == "1.5" || text == "1e30") {
				reason = jsonwire.ErrOutOfRange
			}
			assert.ErrorIs(t, err, reason, "%s: %s", tt.name, text)
			assert.Equal(t, before, v)
		}
	}
}

// TestDecodeUndoes sees that an error anywhere leaves the value as it was, and that nothing of it comes back later.
func TestDecodeUndoes(t *testing.T) {
	const good = `{"text":"after","part":{"a":"after","c":7},"parts":[{"d":1.5}],"byName":{"x":{"a":"after"}},"object":{"k":["after"]},"unknown":["after"]}`
	var want Kinds
	require.NoError(t, want.UnmarshalJSON([]byte(good)))
	before := Kinds{
		Text: "before", Part: &Part{A: "before", C: new(1)}, Parts: []Part{{A: "before"}}, Object: map[string]any{"k": "before"},
		Extra: map[string]json.RawMessage{"unknown": json.RawMessage("0")},
	}
	for cut := range len(good) {
		for _, text := range []string{good[:cut], good[:cut] + "\x01" + good[cut:]} {
			v := before.Clone()
			part, parts := v.Part, &v.Parts[0]
			require.ErrorAs(t, v.UnmarshalJSON([]byte(text)), new(*placed), text)
			require.Equal(t, before, v, text)
			require.True(t, part == v.Part && parts == &v.Parts[0], "what it points to is the same")
			require.Equal(t, before.Part, part)
		}
		v := before.Clone()
		require.NoError(t, v.UnmarshalJSON([]byte(good)))
		require.Equal(t, want, v, "nothing of what was there before, or of an earlier text, stays")
	}
	v := before.Clone()
	require.NoError(t, v.UnmarshalJSON([]byte("null")))
	require.Equal(t, before, v)
	require.ErrorIs(t, v.UnmarshalJSON([]byte("null 1")), jsonwire.ErrSyntax)
	require.ErrorIs(t, (*Kinds)(nil).UnmarshalJSON([]byte(`{}`)), jsonwire.ErrWrongType)
}

func TestMusts(t *testing.T) {
	for _, tt := range []struct{ text, path string }{ // path is empty where nothing is wrong
		{`{"a":"","c":0}`, ""}, {`{"c":0,"b":1,"a":""}`, ""}, {`{"x":0,"c":0,"a":""}`, ""},
		{`{}`, "/a"}, {`{"c":1}`, "/a"}, {`{"a":""}`, "/c"}, {`{"a":null,"c":1}`, "/a"}, {` {"b":1,"a":"","c":null} `, "/c"},
	} {
		var v Musts
		err := v.UnmarshalJSON([]byte(tt.text))
		if tt.path == "" {
			require.NoError(t, err, tt.text)
			continue
		}
		var p *placed
		require.ErrorAs(t, err, &p, tt.text)
		assert.ErrorIs(t, err, jsonwire.ErrWrongType)
		assert.Equal(t, tt.path, p.path, tt.text)
		assert.Equal(t, strings.Index(tt.text, "{"), p.offset, tt.text)
	}
}

func TestExtra(t *testing.T) {
	const text = `{"x":[1.50],"text":"a","\u0079":null,"z": {"a":1}}`
	var v Kinds
	require.NoError(t, v.UnmarshalJSON([]byte(text)))
	require.Equal(t, map[string]json.RawMessage{
		"x": json.RawMessage("[1.50]"), "y": json.RawMessage("null"), "z": json.RawMessage(`{"a":1}`),
	}, v.Extra)
	written, err := v.MarshalJSON()
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(written), `,"x":[1.50],"y":null,"z":{"a":1}}`), "%s", written)
	clone := v.Clone()
	clone.Extra["x"][1] = '2'
	require.False(t, clone.Equal(v))
	require.Equal(t, "[1.50]", string(v.Extra["x"]))

	// What stands for a member that the model leaves out.
	for _, tt := range []struct {
		value  Kinds
		name   string
		raw    string
		reason error
		path   string
	}{
		{Kinds{}, "text", `"a"`, nil, ""},
		{Kinds{}, "text", ` null `, nil, ""},
		{Kinds{}, "text", `1`, jsonwire.ErrWrongType, "/text"},
		{Kinds{}, "parts", `[{"a":"x"},{"a":1}]`, jsonwire.ErrWrongType, "/parts/1/a"},
		{Kinds{}, "text", `"a","last":"b"`, jsonwire.ErrSyntax, "/text"},
		{Kinds{Text: "a"}, "text", `"a"`, jsonwire.ErrDuplicateName, "/text"},
		{Kinds{}, "count", `1`, jsonwire.ErrDuplicateName, "/count"},
		{Kinds{}, "x", `{"a":[1,]}`, jsonwire.ErrSyntax, "/x/a/1"},
		{Kinds{}, "x", ``, jsonwire.ErrSyntax, "/x"},
		{Kinds{}, "\xff/~", `1`, jsonwire.ErrInvalidUTF8, "/\xff~1~0"},
	} {
		tt.value.Extra = map[string]json.RawMessage{tt.name: json.RawMessage(tt.raw)}
		_, err := tt.value.MarshalJSON()
		var c validation
		c.Start(nil)
		checkKinds(&c, &tt.value)
		require.Equal(t, err != nil, c.Failed(), "%s: %s", tt.name, tt.raw)
		if tt.reason == nil {
			require.NoError(t, err)
			continue
		}
		var p *placed
		require.ErrorAs(t, err, &p, "%s: %s", tt.name, tt.raw)
		require.ErrorIs(t, err, tt.reason, "%s: %s", tt.name, tt.raw)
		require.Equal(t, tt.path, p.path)
	}
}

// TestModelsAnywhere has models where a value of any type may stand.
func TestModelsAnywhere(t *testing.T) {
	part := Part{A: "a", C: new(1), Extra: map[string]json.RawMessage{"x": json.RawMessage("1")}}
	for _, v := range []any{part, &part, []Part{part}, []any{&part}, map[string]*Part{"p": &part}, (*Part)(nil), Kinds{Part: &part}} {
		want, err := json.Marshal(map[string]any{"v": v})
		require.NoError(t, err)
		object := Kinds{Object: map[string]any{"v": v}}
		text, err := codec.AppendAny([]byte("before"), object.Object)
		require.NoError(t, err)
		require.Equal(t, "before"+string(want), string(text))
		clone := object.Clone()
		require.Equal(t, object, clone)
		require.True(t, object.Equal(clone))
		if p, ok := clone.Object["v"].(*Part); ok && p != nil {
			require.NotSame(t, &part, p)
			require.NotSame(t, part.C, p.C)
		}
	}
	bad := Part{A: "\xff"}
	_, err := codec.AppendAny(nil, []any{1, &bad})
	var p *placed
	require.ErrorAs(t, err, &p)
	require.Equal(t, "/1/a", p.path)
	require.PanicsWithValue(t, "codec: no model of string", func() { codec.ModelOf[string]() })
}
