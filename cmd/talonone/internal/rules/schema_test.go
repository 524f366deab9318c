package rules_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/cmd/talonone/internal/rules"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// A schema implements the keywords of JSON Schema, draft 2020-12, that rules.schema.json uses. Another keyword fails the test, so
// every part of the file is checked.
type schema struct {
	t    testing.TB
	defs map[string]any
	root any
}

func readSchema(t testing.TB) *schema {
	text, err := os.ReadFile("rules.schema.json")
	require.NoError(t, err)
	root := decode(t, text).(map[string]any)
	require.Equal(t, "https://json-schema.org/draft/2020-12/schema", root["$schema"])
	return &schema{t: t, defs: root["$defs"].(map[string]any), root: root}
}

// decode reads JSON and keeps the numbers as they are written.
func decode(t testing.TB, text []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	require.NoError(t, d.Decode(&v))
	return v
}

func (s *schema) accepts(v any) bool { return s.check(s.root, v) }

// check reports whether a value is valid under a schema. It evaluates all keywords, also after one has failed, to find unknown ones.
func (s *schema) check(node, v any) bool {
	if always, ok := node.(bool); ok {
		return always
	}
	ok := true
	keywords := node.(map[string]any)
	for keyword, arg := range keywords {
		ok = s.keyword(keyword, arg, keywords, v) && ok
	}
	return ok
}

func (s *schema) keyword(keyword string, arg any, siblings map[string]any, v any) bool {
	object, isObject := v.(map[string]any)
	array, isArray := v.([]any)
	text, isText := v.(string)
	number, isNumber := v.(json.Number)
	switch keyword {
	case "$schema", "title", "description", "$defs":
		return true
	case "$ref":
		name := strings.TrimPrefix(arg.(string), "#/$defs/")
		require.Contains(s.t, s.defs, name)
		return s.check(s.defs[name], v)
	case "type":
		switch arg {
		case "object":
			return isObject
		case "array":
			return isArray
		case "string":
			return isText
		case "number":
			return isNumber
		}
	case "enum":
		return slices.ContainsFunc(arg.([]any), func(one any) bool { return one == v })
	case "required":
		for _, name := range arg.([]any) {
			if _, given := object[name.(string)]; isObject && !given {
				return false
			}
		}
		return true
	case "properties":
		ok := true
		for name, node := range arg.(map[string]any) {
			if member, given := object[name]; given {
				ok = s.check(node, member) && ok
			}
		}
		return ok
	case "additionalProperties":
		require.Equal(s.t, false, arg)
		for name := range object {
			if _, declared := siblings["properties"].(map[string]any)[name]; !declared {
				return false
			}
		}
		return true
	case "items":
		ok := true
		for _, element := range array {
			ok = s.check(arg, element) && ok
		}
		return ok
	case "oneOf":
		n := 0
		for _, node := range arg.([]any) {
			if s.check(node, v) {
				n++
			}
		}
		return n == 1
	case "minItems":
		return !isArray || compare(s.t, json.Number(fmt.Sprint(len(array))), arg) >= 0
	case "minLength":
		return !isText || compare(s.t, json.Number(fmt.Sprint(utf8.RuneCountInString(text))), arg) >= 0
	case "maxLength":
		return !isText || compare(s.t, json.Number(fmt.Sprint(utf8.RuneCountInString(text))), arg) <= 0
	case "maximum":
		return !isNumber || compare(s.t, number, arg) <= 0
	case "exclusiveMinimum":
		return !isNumber || compare(s.t, number, arg) > 0
	}
	require.Failf(s.t, "unknown keyword in the schema", "%s: %v", keyword, arg)
	return false
}

// compare compares two numbers. A number that is too long for an amount counts as larger than all others.
func compare(t testing.TB, a json.Number, b any) int {
	x, fits := jsonwire.ParseDecimal([]byte(a))
	if !fits {
		return 1
	}
	y, fits := jsonwire.ParseDecimal([]byte(b.(json.Number)))
	require.True(t, fits)
	return x.Cmp(y)
}

// TestSchemaAgrees checks that the schema accepts the same documents of the other tests as Parse.
func TestSchemaAgrees(t *testing.T) {
	s := readSchema(t)
	for _, text := range valid {
		assert.True(t, s.accepts(decode(t, []byte(text))), text)
		_, err := rules.Parse([]byte(text))
		assert.NoError(t, err, text)
	}
	checked := 0
	for _, test := range invalid {
		if beyondSchema(test.err) {
			continue
		}
		checked++
		assert.False(t, s.accepts(decode(t, []byte(test.text))), test.text)
		_, err := rules.Parse([]byte(test.text))
		assert.Error(t, err, test.text)
	}
	assert.Greater(t, checked, 20)
}

func TestSchemaHasTheReasons(t *testing.T) {
	var inSchema []integration.RejectionReason
	for _, reason := range readSchema(t).defs["reason"].(map[string]any)["enum"].([]any) {
		inSchema = append(inSchema, integration.RejectionReason(reason.(string)))
	}
	assert.Equal(t, rules.Reasons, inSchema)
}
