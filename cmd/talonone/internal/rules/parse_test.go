package rules_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/cmd/talonone/internal/rules"
)

// rule returns a file with one rule.
func rule(members string) string { return `{"rules":[{"name":"r",` + members + `}]}` }

var valid = []string{
	`{"rules":[]}`,
	`{"$schema":"rules.schema.json","rules":[]}`,
	rule(`"then":[{"percentOff":10}]`),
	rule(`"when":{},"then":[{"percentOff":100.00,"sku":"A","cost":"wrap"}]`),
	rule(`"when":{"coupon":"C","sku":"A","profile":"p","totalAtLeast":0.01},"then":[{"amountOff":1e3,"cost":"shipping"},{"points":0.5},{"freeItem":"B"}]`),
	rule(`"when":{"coupon":"` + strings.Repeat("é", 100) + `"},"reject":"CouponExpired"`),
}

// Each text has one problem, at the position where the rest of the text begins with at. If at is empty, that is the end of the text.
var invalid = []struct {
	text, pointer, at string
	err               error
}{
	{``, "", "", talonone.ErrSyntax},
	{`{"rules":[]} x`, "", "x", talonone.ErrSyntax},
	{`{"rules":[{"name":"a",}]}`, "/rules/0", "}]}", talonone.ErrSyntax},
	{`{"rules":[],"rules":[]}`, "/rules", `"rules":[]}`, talonone.ErrDuplicateName},
	{"{\"rules\":[{\"name\":\"\xff\",\"then\":[{\"points\":1}]}]}", "/rules/0/name", "\"\xff", talonone.ErrInvalidUTF8},
	{rule(`"then":[{"points":1e1024}]`), "/rules/0/then/0/points", "1e1024", talonone.ErrOutOfRange},

	{`[]`, "", "[]", talonone.ErrWrongType},
	{`null`, "", "null", talonone.ErrWrongType},
	{`{}`, "", "{}", rules.ErrRequired},
	{`{"rules":null}`, "/rules", "null", talonone.ErrWrongType},
	{`{"rules":{}}`, "/rules", "{}}", talonone.ErrWrongType},
	{`{"$schema":1,"rules":[]}`, "/$schema", "1,", talonone.ErrWrongType},
	{`{"rules":[],"Rules":[]}`, "/Rules", `"Rules"`, rules.ErrUnknownMember},
	{`{"rules":[1]}`, "/rules/0", "1]}", talonone.ErrWrongType},
	{`{"rules":[{"then":[{"points":1}]}]}`, "/rules/0", `{"then"`, rules.ErrRequired},
	{`{"rules":[{"name":"","then":[{"points":1}]}]}`, "/rules/0/name", `"",`, rules.ErrInvalidValue},
	{rule(`"if":{},"then":[{"points":1}]`), "/rules/0/if", `"if"`, rules.ErrUnknownMember},
	{rule(`"when":{}`), "/rules/0", `{"name"`, rules.ErrRequired},
	{rule(`"then":[]`), "/rules/0/then", `[]}`, rules.ErrInvalidValue},
	{rule(`"then":{"points":1}`), "/rules/0/then", `{"points"`, talonone.ErrWrongType},

	{rule(`"when":[],"then":[{"points":1}]`), "/rules/0/when", `[],`, talonone.ErrWrongType},
	{rule(`"when":{"coupons":["A"]},"then":[{"points":1}]`), "/rules/0/when/coupons", `"coupons"`, rules.ErrUnknownMember},
	{rule(`"when":{"coupon":""},"then":[{"points":1}]`), "/rules/0/when/coupon", `""`, rules.ErrInvalidValue},
	{rule(`"when":{"coupon":"` + strings.Repeat("é", 101) + `"},"reject":"CouponExpired"`), "/rules/0/when/coupon", `"éé`, rules.ErrInvalidValue},
	{rule(`"when":{"sku":null},"then":[{"points":1}]`), "/rules/0/when/sku", `null`, talonone.ErrWrongType},
	{rule(`"when":{"profile":7},"then":[{"points":1}]`), "/rules/0/when/profile", `7`, talonone.ErrWrongType},
	{rule(`"when":{"totalAtLeast":"50"},"then":[{"points":1}]`), "/rules/0/when/totalAtLeast", `"50"`, talonone.ErrWrongType},
	{rule(`"when":{"totalAtLeast":0},"then":[{"points":1}]`), "/rules/0/when/totalAtLeast", `0}`, rules.ErrInvalidValue},

	{rule(`"when":{"coupon":"C"},"reject":"Expired"`), "/rules/0/reject", `"Expired"`, rules.ErrInvalidValue},
	{rule(`"when":{"coupon":"C"},"reject":true`), "/rules/0/reject", `true`, talonone.ErrWrongType},
	{rule(`"reject":"CouponExpired"`), "/rules/0", `{"name"`, rules.ErrRequired},
	{rule(`"when":{"sku":"A"},"reject":"CouponExpired"`), "/rules/0", `{"name"`, rules.ErrRequired},
	{rule(`"when":{"coupon":"C"},"reject":"CouponExpired","then":[{"points":1}]`), "/rules/0", `{"name"`, rules.ErrConflict},

	{rule(`"then":["free"]`), "/rules/0/then/0", `"free"`, talonone.ErrWrongType},
	{rule(`"then":[{}]`), "/rules/0/then/0", `{}]`, rules.ErrRequired},
	{rule(`"then":[{"sku":"A"}]`), "/rules/0/then/0", `{"sku"`, rules.ErrRequired},
	{rule(`"then":[{"percentOff":10,"amountOff":1}]`), "/rules/0/then/0", `{"percentOff"`, rules.ErrConflict},
	{rule(`"then":[{"percentOff":0}]`), "/rules/0/then/0/percentOff", `0}`, rules.ErrInvalidValue},
	{rule(`"then":[{"percentOff":100.01}]`), "/rules/0/then/0/percentOff", `100.01`, rules.ErrInvalidValue},
	{rule(`"then":[{"amountOff":-1}]`), "/rules/0/then/0/amountOff", `-1`, rules.ErrInvalidValue},
	{rule(`"then":[{"points":1,"sku":"A"}]`), "/rules/0/then/0", `{"points"`, rules.ErrConflict},
	{rule(`"then":[{"freeItem":"B","cost":"c"}]`), "/rules/0/then/0", `{"freeItem"`, rules.ErrConflict},
	{rule(`"then":[{"percentOff":10,"item":"A"}]`), "/rules/0/then/0/item", `"item"`, rules.ErrUnknownMember},
}

// beyondSchema reports whether an error is one that no schema can describe: the syntax, or the length of a number.
func beyondSchema(err error) bool {
	for _, reason := range []error{
		talonone.ErrSyntax, talonone.ErrDuplicateName, talonone.ErrInvalidUTF8, talonone.ErrTooDeep, talonone.ErrOutOfRange,
	} {
		if errors.Is(err, reason) {
			return true
		}
	}
	return false
}

func TestParseRefuses(t *testing.T) {
	for _, test := range invalid {
		t.Run(test.text, func(t *testing.T) {
			_, err := rules.Parse([]byte(test.text))
			e, ok := errors.AsType[*rules.Error](err)
			require.True(t, ok, "%v", err)
			if test.err == talonone.ErrSyntax && len(e.Problems) > 1 { // the problems before the syntax error
				e.Problems = e.Problems[len(e.Problems)-1:]
			}
			require.Len(t, e.Problems, 1, "%v", err)
			require.ErrorIs(t, err, test.err)
			assert.Equal(t, test.pointer, e.Problems[0].Pointer)
			assert.True(t, strings.HasPrefix(test.text[e.Problems[0].Offset:], test.at), test.text[e.Problems[0].Offset:])
			if test.at == "" {
				assert.Equal(t, len(test.text), e.Problems[0].Offset)
			}
		})
	}
}

// TestParseReportsEverything checks that a file is read to its end, and that the problems are in the order of the file.
func TestParseReportsEverything(t *testing.T) {
	_, err := rules.Parse([]byte(`{"rules":[
		{"then":[{"percentOff":101},{"points":"1"}],"extra":{}},
		{"name":"x","when":{"coupon":1}}
	]}`))
	e, ok := errors.AsType[*rules.Error](err)
	require.True(t, ok)
	var pointers []string
	for _, p := range e.Problems {
		pointers = append(pointers, p.Pointer)
	}
	assert.Equal(t, []string{
		"/rules/0", "/rules/0/then/0/percentOff", "/rules/0/then/1/points", "/rules/0/extra", "/rules/1", "/rules/1/when/coupon",
	}, pointers)

	many := `{"rules":[` + strings.Repeat(`1,`, 200) + `1]}`
	_, err = rules.Parse([]byte(many))
	e, ok = errors.AsType[*rules.Error](err)
	require.True(t, ok)
	assert.Len(t, e.Problems, 100)
}

// FuzzParse compares Parse with the schema, and evaluates the rules that Parse accepts.
func FuzzParse(f *testing.F) {
	for _, text := range valid {
		f.Add([]byte(text))
	}
	for _, test := range invalid {
		f.Add([]byte(test.text))
	}
	example, err := os.ReadFile("../../rules.json")
	require.NoError(f, err)
	f.Add(example)
	defs := readSchema(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		s := &schema{t, defs.defs, defs.root}
		r, err := rules.Parse(text)
		if err == nil {
			require.True(t, s.accepts(decode(t, text)))
			for _, e := range r.Effects(session()) {
				_, err := e.MarshalJSON()
				if err != nil { // an amount may be too long, but nothing else may be wrong
					require.ErrorIs(t, err, talonone.ErrOutOfRange)
				}
			}
			return
		}
		e, ok := errors.AsType[*rules.Error](err)
		require.True(t, ok)
		require.NotEmpty(t, e.Problems)
		for _, p := range e.Problems {
			require.True(t, 0 <= p.Offset && p.Offset <= len(text))
			if beyondSchema(p) {
				return
			}
		}
		if json.Valid(text) {
			require.False(t, s.accepts(decode(t, text)))
		}
	})
}
