package test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// The limits that the API has: a value that just keeps one, and one that breaks it and where.
var limits = map[string]struct {
	value  func(n int) any
	beyond int
	path   string
}{
	"minLength":       {textOf, -1, ""},
	"maxLength":       {textOf, +1, ""},
	"minItems":        {listOf, -1, ""},
	"maxItems":        {listOf, +1, ""},
	"items.minLength": {func(n int) any { return []any{"a", textOf(n)} }, -1, "/1"},
	"items.maxLength": {func(n int) any { return []any{"", textOf(n)} }, +1, "/1"},
	"minimum":         {func(n int) any { return n }, -1, ""},
	"maximum":         {func(n int) any { return n }, +1, ""},
}

func textOf(n int) any { return strings.Repeat("é", n) }
func listOf(n int) any { return make([]string, n) }

// TestLimitsOfTheAPIHaveRules: for each limit that the API has of a member, at every depth of a session and of an update, a
// value that breaks it is the one violation, at its place, and one that just keeps it is none.
func TestLimitsOfTheAPIHaveRules(t *testing.T) {
	validate := map[string]func(t *testing.T, text string) error{
		"CustomerSessionV2": func(t *testing.T, text string) error {
			return decode[talonone.CustomerSessionV2](t, text).Validate()
		},
		"CustomerSessionUpdate": func(t *testing.T, text string) error {
			return decode[talonone.CustomerSessionUpdate](t, text).Validate()
		},
	}
	for name, validate := range validate {
		s := modelNamed(name).schema
		require.NoError(t, validate(t, s.text()))
		s.eachLimit("", func(v any) any { return v }, func(m *memberSchema, path, keyword string, within func(v any) any) {
			bound, limit := m.limits[keyword], limits[keyword]
			keeps, breaks := limit.value(bound), limit.value(bound+limit.beyond)
			if breaks == "" && m.leftOut {
				return // it is not written, so the API never sees it
			}
			t.Run(fmt.Sprintf("%s%s %s %d", name, path, keyword, bound), func(t *testing.T) {
				text := func(v any) string { return string(must(json.Marshal(within(v)))) }
				require.NoError(t, validate(t, text(keeps)))
				invalid, ok := errors.AsType[*talonone.ValidationError](validate(t, text(breaks)))
				require.True(t, ok, "no rule")
				require.Len(t, invalid.Violations, 1)
				assert.Equal(t, path+limit.path, invalid.Violations[0].Path)
			})
		})
	}
}

// eachLimit visits every limit of every member. Within returns the example of the whole with another value in the place of the
// member.
func (s schema) eachLimit(path string, within func(v any) any, visit func(m *memberSchema, path, keyword string, within func(v any) any)) {
	for i := range s {
		m := &s[i]
		at := path + "/" + m.name
		inside := func(v any) any {
			var example map[string]any
			d := json.NewDecoder(strings.NewReader(s.text()))
			d.UseNumber()
			if err := d.Decode(&example); err != nil {
				panic(err)
			}
			example[m.name] = v
			return within(example)
		}
		for keyword := range m.limits {
			visit(m, at, keyword, inside)
		}
		switch m.kind {
		case modelKind:
			m.nested.eachLimit(at, inside, visit)
		case modelsKind:
			m.nested.eachLimit(at+"/"+strconv.Itoa(0), func(v any) any { return inside([]any{v}) }, visit)
		case mapKind:
			m.nested.eachLimit(at+"/a~1b", func(v any) any { return inside(map[string]any{"a/b": v}) }, visit)
		}
	}
}
