package jsonwire

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bad are texts that are refused. The error stands behind the prefix before, in the value at path.
var bad = []struct {
	name, text   string
	reason       error
	before, path string
}{
	{"nothing", "", ErrSyntax, "", ""},
	{"white space alone", " \n\t\r", ErrSyntax, " \n\t\r", ""},
	{"a byte order mark", "\ufeff1", ErrSyntax, "", ""},
	{"a NUL", "\x00", ErrSyntax, "", ""},
	{"a NUL after the value", "1\x00", ErrSyntax, "1", ""},
	{"two values", "1 2", ErrSyntax, "1 ", ""},
	{"no delimiter", "nullnull", ErrSyntax, "null", ""},
	{"half a literal", "tru", ErrSyntax, "tru", ""},
	{"a wrong literal", "[nul1]", ErrSyntax, "[nul", "/0"},
	{"a capital", "True", ErrSyntax, "", ""},
	{"an object that does not end", `{"a":1`, ErrSyntax, `{"a":1`, "/a"},
	{"no colon", `{"a" 1}`, ErrSyntax, `{"a" `, "/a"},
	{"no value", `{"a":}`, ErrSyntax, `{"a":`, "/a"},
	{"a comma at the end of an object", `{"a":1,}`, ErrSyntax, `{"a":1,`, ""},
	{"a comma at the start of an object", `{,"a":1}`, ErrSyntax, `{`, ""},
	{"a name without quotes", `{a:1}`, ErrSyntax, `{`, ""},
	{"a number as a name", `{1:1}`, ErrSyntax, `{`, ""},
	{"no comma in an object", `{"a":1 "b":2}`, ErrSyntax, `{"a":1 `, "/a"},
	{"the wrong end of an object", `{"a":1]`, ErrSyntax, `{"a":1`, "/a"},
	{"an array that does not end", `[1`, ErrSyntax, `[1`, "/0"},
	{"a comma at the end of an array", `[1,]`, ErrSyntax, `[1,`, "/1"},
	{"a comma at the start of an array", `[,1]`, ErrSyntax, `[`, "/0"},
	{"no comma in an array", `[1 2]`, ErrSyntax, `[1 `, "/0"},
	{"the wrong end of an array", `[1}`, ErrSyntax, `[1`, "/0"},
	{"an end alone", `]`, ErrSyntax, "", ""},
	{"a leading zero", `{"n":01}`, ErrSyntax, `{"n":0`, "/n"},
	{"a plus sign", `[+1]`, ErrSyntax, `[`, "/0"},
	{"a minus sign alone", `[-]`, ErrSyntax, `[-`, "/0"},
	{"no digit before the point", `[.5]`, ErrSyntax, `[`, "/0"},
	{"no digit after the point", `[5.]`, ErrSyntax, `[5.`, "/0"},
	{"no digit in the exponent", `[1e]`, ErrSyntax, `[1e`, "/0"},
	{"a sign alone in the exponent", `[1e+]`, ErrSyntax, `[1e+`, "/0"},
	{"a hexadecimal number", `[0x1]`, ErrSyntax, `[0`, "/0"},
	{"a NaN", `[NaN]`, ErrSyntax, `[`, "/0"},
	{"a string that does not end", `["ab`, ErrSyntax, `["ab`, "/0"},
	{"a control character in a string", "[\"a\x1fb\"]", ErrSyntax, `["a`, "/0"},
	{"a line break in a string", "[\"a\nb\"]", ErrSyntax, `["a`, "/0"},
	{"an unknown escape", `["a\x"]`, ErrSyntax, `["a\`, "/0"},
	{"an escape that does not end", `["\`, ErrSyntax, `["\`, "/0"},
	{"a short \\u escape", `["\u12"]`, ErrSyntax, `["\u12`, "/0"},
	{"a bad digit in the second half of a pair", `["\ud834\u12g4"]`, ErrSyntax, `["\ud834\u12`, "/0"},
	{"a high surrogate alone", `["a\ud800"]`, ErrInvalidUTF8, `[`, "/0"},
	{"a low surrogate alone", `["\udc00"]`, ErrInvalidUTF8, `[`, "/0"},
	{"surrogates the wrong way round", `["\udc00\ud800"]`, ErrInvalidUTF8, `[`, "/0"},
	{"a byte that is not UTF-8", "[\"a\xff\"]", ErrInvalidUTF8, `[`, "/0"},
	{"UTF-8 that is longer than needed", "[\"\xc0\xaf\"]", ErrInvalidUTF8, `[`, "/0"},
	{"a surrogate in UTF-8", "[\"\xed\xa0\x80\"]", ErrInvalidUTF8, `[`, "/0"},
	{"a name that is not UTF-8", "{\"a\":{\"\xff\":1}}", ErrInvalidUTF8, `{"a":{`, "/a"},
	{"a byte that is not UTF-8 outside of a string", "[1\xff]", ErrSyntax, `[1`, "/0"},
	{"a name twice", `{"a":1,"b":2,"a":3}`, ErrDuplicateName, `{"a":1,"b":2,`, "/a"},
	{"a name twice, once escaped", `{"a":1,"\u0061":3}`, ErrDuplicateName, `{"a":1,`, "/a"},
	{"a name twice, first escaped", `{"\u0061":1,"\u0062":2,"a":3}`, ErrDuplicateName, `{"\u0061":1,"\u0062":2,`, "/a"},
	{"a name twice, deep down", `[{"a":[0,{"b/~":1,"b/~":2}]}]`, ErrDuplicateName, `[{"a":[0,{"b/~":1,`, "/0/a/1/b~1~0"},
	{"an empty name twice", `{"":1,"":2}`, ErrDuplicateName, `{"":1,`, "/"},
	{"too many arrays", strings.Repeat("[", MaxDepth+1), ErrTooDeep, strings.Repeat("[", MaxDepth), strings.Repeat("/0", MaxDepth)},
}

func TestReaderRefuses(t *testing.T) {
	for _, tc := range bad {
		t.Run(tc.name, func(t *testing.T) {
			var r Reader
			r.Reset([]byte(tc.text))
			r.Skip()
			r.End()
			err := r.Err()
			require.NotNil(t, err)
			require.ErrorIs(t, err, tc.reason)
			assert.Equal(t, len(tc.before), err.Offset, "offset, in front of which stands %.40q", tc.text[:err.Offset])
			assert.Equal(t, tc.path, Pointer([]byte(tc.text), err.Offset))
		})
	}
}

func TestReaderTakes(t *testing.T) {
	for _, text := range []string{
		`null`, ` true `, "\t\n\r false", `0`, `-0`, `-0.0`, `1e5`, `1E+05`, `1e-5`, `123456789012345678901234567890.5`,
		`""`, `"a"`, `"\"\\\/\b\f\n\r\t"`, `"\u00e9"`, `"\ud834\udd1e"`, `"é𝄞"`, "\"\u2028\x7f\"", `"\u0000"`,
		`[]`, `[ ]`, `[[],[[]]]`, `[1, "a" ,null]`, `{}`, `{ }`, `{"a":{"a":{}}}`, `{"a":1,"A":2}`, `{"":0}`,
		strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth),
	} {
		var r Reader
		r.Reset([]byte(text))
		raw := r.Skip()
		r.End()
		require.Nil(t, r.Err(), "%.40s", text)
		assert.Equal(t, strings.TrimSpace(text), string(raw))
	}
}

func TestReaderString(t *testing.T) {
	// Each length puts what stops the scan at another place in the eight bytes that are looked at together.
	for pad := range 20 {
		want := strings.Repeat("x", pad) + "é\"\\/\b\f\n\r\t\x7f𝄞" + strings.Repeat("y", pad)
		text, err := json.Marshal(want)
		require.NoError(t, err)
		var r Reader
		r.Reset(text)
		assert.Equal(t, want, string(r.String()))
		require.Nil(t, r.Err())
	}
}

func TestReaderManyNames(t *testing.T) {
	names := make([]string, 100)
	for i := range names {
		names[i] = `"n` + strings.Repeat("x", i) + `":0`
	}
	object := strings.Join(names, ",")
	for i := range names {
		text := "{" + object + "," + names[i] + "}"
		var r Reader
		r.Reset([]byte(text))
		r.Skip()
		require.ErrorIs(t, r.Err(), ErrDuplicateName, "name %d", i)
		assert.Equal(t, len(object)+2, r.Err().Offset)
	}
}

func TestReaderKeepsFirstError(t *testing.T) {
	var r Reader
	r.Reset([]byte(`[1,x,"a`))
	require.True(t, r.Open('['))
	require.True(t, r.Element(true))
	r.String()
	require.ErrorIs(t, r.Err(), ErrWrongType)
	first := *r.Err()
	assert.False(t, r.Element(false))
	assert.Nil(t, r.Skip())
	assert.Nil(t, r.Number("a number"))
	assert.False(t, r.Bool())
	assert.False(t, r.Null())
	assert.Equal(t, first, *r.Err())
	assert.Equal(t, "wrong type: want a string, got a number", first.Error())
}

// FuzzReader compares what the reader takes with encoding/json, which also takes bad UTF-8, lone surrogates and names
// that are given twice.
func FuzzReader(f *testing.F) {
	for _, tc := range bad {
		if len(tc.text) < 1000 {
			f.Add([]byte(tc.text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var r Reader
		r.Reset(text)
		r.Skip()
		r.End()
		err := r.Err()
		if err == nil || err.Reason == ErrSyntax {
			require.Equal(t, json.Valid(text), err == nil)
		} else {
			require.Contains(t, []error{ErrInvalidUTF8, ErrDuplicateName, ErrTooDeep}, err.Reason)
		}
		if err != nil {
			require.LessOrEqual(t, err.Offset, len(text))
			Pointer(text, err.Offset)
		}
	})
}
