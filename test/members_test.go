package test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// Each declared member in turn, in each model.

// memberValues has one text of each type that JSON has, and some that only one kind of member takes.
var memberValues = []string{
	`true`, `false`, `0`, `1`, `-1`, `2.0`, `2e0`, `2.5`, `1e-1`, `9223372036854775808`, `1e2000`, `"a"`, `""`, `"1"`, `"1.50"`, `"1e999999999"`,
	`" 1"`, `"1 "`, `"+1"`, `".5"`, `"5."`, `"01"`, `"1,5"`, `"NaN"`, `"Infinity"`, `"-"`, `"0x1"`, `"1e"`, `"\u0031"`, `"null"`,
	`"2026-02-07T08:15:22Z"`, `"2026-02-07"`, `[]`, `[null]`, `["a"]`, `["a",null]`, `[1]`, `[1,2.0,3e0]`, `[1,2.5]`, `[[]]`, `[{}]`, `[{},null]`, `[{},1]`, `{}`,
	`{"a":null}`, `{"a":1}`, `{"a":{}}`, `{"a":{},"b/c":[]}`, `{"name":1}`, `{"name":null}`, `{"a":{"price":"1.5"}}`, `{"a":{"price":true}}`, `[{"sku":[]}]`, `[{"experimentID":1.5}]`,
}

// schemaModels are the models whose schema says all about their JSON. What the props of an effect may be, the type of the
// effect says: the models that have effects are not among them.
func schemaModels() []modelCase {
	return slices.DeleteFunc(slices.Concat(models, ofPackage("integration")), func(m modelCase) bool { return m.schema.hasProps() })
}

func (s schema) hasProps() bool {
	return slices.ContainsFunc(s, func(m memberSchema) bool { return m.kind == propsKind || m.nested.hasProps() })
}

// TestMemberTypes puts a value of every type in every member, and compares what happens with the schema.
func TestMemberTypes(t *testing.T) {
	t.Parallel()
	for _, m := range schemaModels() {
		for _, member := range m.schema {
			t.Run(m.name+"."+member.name, func(t *testing.T) {
				accepted := 0
				for _, value := range memberValues {
					document := ` ` + m.schema.with(`"unknown":1`, `"`+member.name+`" : `+value+` `) + ` `
					ps := problems([]byte(document), m.schema)
					v := m.new()
					err := v.UnmarshalJSON([]byte(document))
					if len(ps) == 0 {
						accepted++
						require.NoError(t, err, "%s", document)
						written, err := v.MarshalJSON()
						require.NoError(t, err)
						requireRoundTrip(t, m.schema, []byte(document), written)
						continue
					}
					require.Error(t, err, "%s", document)
					decodeError := err.(*talonone.DecodeError)
					p := problem{decodeError.Path, reasonOf(t, decodeError)}
					assert.Contains(t, ps, p, "%s", document)
					assert.True(t, v.equal(m.new()), "the target is unchanged")
					if value == "null" { // the member must be there
						continue
					}
					// The offset is that of the bad value: what stands there has the type or the text that is refused.
					rest := document[decodeError.Offset:]
					var bad json.RawMessage
					require.NoError(t, json.NewDecoder(strings.NewReader(rest)).Decode(&bad), "%s at %d", document, decodeError.Offset)
					assert.Equal(t, valueAt(t, document, decodeError.Path), string(bad), "%s at %d", document, decodeError.Offset)
				}
				assert.Positive(t, accepted)
				assert.Equal(t, member.kind == anyKind || member.lenient, accepted == len(memberValues), "some values are refused")

				// A null is no value.
				withNull, withNothing := m.new(), m.new()
				err := withNull.UnmarshalJSON([]byte(m.schema.with(`"` + member.name + `":null`)))
				if member.must {
					requireMissing(t, err, member.name)
					return
				}
				require.NoError(t, err)
				require.NoError(t, withNothing.UnmarshalJSON([]byte(m.schema.with())))
				assert.True(t, withNull.equal(withNothing))
			})
		}
	}
}

// reasonOf returns the one sentinel that an error wraps.
func reasonOf(t testing.TB, err error) error {
	t.Helper()
	var reasons []error
	for _, reason := range []error{syntax, wrong, outOfRange, duplicate, invalid, talonone.ErrTooDeep} {
		if errors.Is(err, reason) {
			reasons = append(reasons, reason)
		}
	}
	require.Len(t, reasons, 1, "%v", err)
	return reasons[0]
}

// valueAt returns the text of the value that a JSON Pointer points to.
func valueAt(t testing.TB, document, pointer string) string {
	t.Helper()
	text := json.RawMessage(strings.TrimSpace(document))
	for _, token := range strings.Split(pointer, "/")[1:] {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		if text[0] == '[' {
			i, err := strconv.Atoi(token)
			require.NoError(t, err)
			text = element(text, i)
			continue
		}
		var object map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(text, &object))
		require.Contains(t, object, token)
		text = object[token]
	}
	return string(text)
}

// TestMemberTwice: a declared member may not stand twice in one object, whatever its values and however it is written. One in
// other letters is another member.
func TestMemberTwice(t *testing.T) {
	for _, m := range schemaModels() {
		for _, member := range m.schema {
			t.Run(m.name+"."+member.name, func(t *testing.T) {
				name := `"` + member.name + `"`
				escaped := fmt.Sprintf(`"\u%04x%s"`, member.name[0], member.name[1:])
				for _, c := range []struct{ first, between, second string }{
					{name + `:` + member.sample(), ``, name + `:` + member.sample()},
					{name + `:null`, ``, name + `:null`},
					{name + `:null`, `"unknown":[],`, name + `:` + member.sample()},
					{escaped + `:` + member.sample(), `"unknown":{},`, name + `:null`},
					{name + `:` + member.sample(), ``, escaped + `:1`},
				} {
					before := `{` + c.first + `,` + c.between
					document := before + c.second + `}`
					v := m.new()
					requireDecodeError(t, v.UnmarshalJSON([]byte(document)), document, duplicate, "/"+member.name, before)
					assert.True(t, v.equal(m.new()))
				}

				v := m.new()
				for _, other := range []string{strings.ToUpper(member.name), strings.ToUpper(member.name[:1]) + member.name[1:], member.name + " ", " " + member.name, member.name + `\u0000`} {
					given := member.sample()
					if !member.must {
						given = "null"
					}
					document := m.schema.with(`"`+other+`":true`, name+`:`+given)
					require.NoError(t, v.UnmarshalJSON([]byte(document)), "%s", document)
					extra := reflect.ValueOf(v.pointer()).Elem().FieldByName("Extra").Interface().(map[string]raw)
					assert.Equal(t, map[string]raw{strings.ReplaceAll(other, `\u0000`, "\x00"): raw("true")}, extra, "names match exactly")
				}
			})
		}
	}
}

// TestUnknownMemberTwice is about names that no model declares.
func TestUnknownMemberTwice(t *testing.T) {
	eachExtra(t, func(t *testing.T, v anyModel, _ func(map[string]raw)) {
		for _, name := range []string{"", "x", "a/b", "é"} {
			before := `{"` + name + `":1,"another":2,`
			document := before + `"` + name + `":3}`
			requireDecodeError(t, v.UnmarshalJSON([]byte(document)), document, duplicate, "/"+pointerToken(name), before)
		}
	})
	for _, c := range []struct{ before, after, path string }{
		{`{"additionalCosts":{"a":{"price":1},"b":{},`, `"a":{"price":1}}}`, "/additionalCosts/a"},
		{`{"additionalCosts":{"\u0061":{},`, `"a":{}}}`, "/additionalCosts/a"},
		{`{"cartItems":[{},{"additionalCosts":{"a":{},`, `"a":{}}}]}`, "/cartItems/1/additionalCosts/a"},
		{`{"cartItems":[{"prices":{"":{},`, `"":{}}}]}`, "/cartItems/0/prices/"},
	} {
		document := c.before + c.after
		var s talonone.CustomerSessionV2
		requireDecodeError(t, s.UnmarshalJSON([]byte(document)), document, duplicate, c.path, c.before)
	}
}

// TestDecodeReplaces: what the JSON does not have is zero afterwards; and a null changes nothing.
func TestDecodeReplaces(t *testing.T) {
	for _, m := range models {
		g := newGenerator(3)
		v := m.new()
		g.fill(v.pointer())
		require.NoError(t, g.err)
		kept := v.clone()
		require.NoError(t, v.UnmarshalJSON([]byte(" null ")))
		require.NoError(t, json.Unmarshal([]byte("null"), v.pointer()))
		assert.True(t, v.equal(kept), m.name)
		require.NoError(t, v.UnmarshalJSON([]byte("{}")))
		assert.True(t, v.equal(m.new()), m.name)

		// An error leaves the target as it was, however much was read before it.
		text, err := kept.MarshalJSON()
		require.NoError(t, err)
		for _, bad := range []string{string(text) + "x", strings.TrimSuffix(string(text), "}"), `{"unknown":1,`, `{"attributes":{"a":1},"sku":"b","price":2,"name":"c","x":1,"x":2}`} {
			target := kept.clone()
			require.Error(t, target.UnmarshalJSON([]byte(bad)))
			assert.True(t, target.equal(kept), "%s: %s", m.name, bad)
			require.Error(t, json.Unmarshal([]byte(bad), target.pointer()))
			assert.True(t, target.equal(kept), "%s: %s", m.name, bad)
		}
	}
}

// eachPlace visits every value in v, at any depth, that is a string, a number or a time, with its path in JSON. After a change
// the visitor calls changed, which puts the change in place, and again after it is undone.
func eachPlace(v reflect.Value, s schema, path string, changed func(), visit func(path string, v reflect.Value, changed func())) {
	if v.Type() == reflect.TypeFor[decimal.Decimal]() || v.Type() == reflect.TypeFor[time.Time]() {
		visit(path, v, changed)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i).Name
			for _, m := range s {
				if strings.EqualFold(m.name, field) {
					eachPlace(v.Field(i), m.nested, path+"/"+m.name, changed, visit)
				}
			}
			if field == "Extra" {
				eachPlace(v.Field(i), nil, path, changed, visit)
			}
		}
	case reflect.Pointer, reflect.Interface:
		switch {
		case v.IsNil():
		case v.Kind() == reflect.Pointer:
			eachPlace(v.Elem(), s, path, changed, visit)
		default:
			inside := reflect.New(v.Elem().Type()).Elem()
			inside.Set(v.Elem())
			eachPlace(inside, s, path, func() { v.Set(inside); changed() }, visit)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return // JSON already
		}
		for i := range v.Len() {
			eachPlace(v.Index(i), s, path+"/"+strconv.Itoa(i), changed, visit)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			value := reflect.New(v.Type().Elem()).Elem()
			value.Set(v.MapIndex(key))
			at := path + "/" + pointerToken(key.String())
			eachPlace(value, s, at, func() { v.SetMapIndex(key, value); changed() }, visit)

			// The name is a string too: one that is bad stands for the good one.
			name := reflect.New(key.Type()).Elem()
			name.Set(key)
			last := key
			visit(path+"/"+pointerToken(key.String()), name, func() {
				value := v.MapIndex(last)
				v.SetMapIndex(last, reflect.Value{})
				last = reflect.New(key.Type()).Elem()
				last.Set(name)
				v.SetMapIndex(last, value)
				changed()
			})
		}
	default:
		visit(path, v, changed)
	}
}

// places returns the paths of all texts, amounts and times that the example of a model has in declared members.
func (s schema) places(path string) (paths []string) {
	for _, m := range s {
		at := path + "/" + m.name
		switch m.kind {
		case textKind, amountKind, timeKind:
			paths = append(paths, at)
		case textsKind:
			paths = append(paths, at+"/0")
		case modelKind:
			paths = append(paths, m.nested.places(at)...)
		case modelsKind:
			paths = append(paths, m.nested.places(at+"/0")...)
		case mapKind:
			paths = append(append(paths, at+"/a~1b"), m.nested.places(at+"/a~1b")...)
		}
	}
	return paths
}

// requireViolation fails unless Validate, where a model has it, reports what cannot be written.
func requireViolation(t testing.TB, v any, path string, reason error) {
	t.Helper()
	validator, ok := v.(interface {
		Validate(opts ...talonone.ValidateOption) error
	})
	if !ok {
		return
	}
	validationError, ok := errors.AsType[*talonone.ValidationError](validator.Validate())
	require.True(t, ok, "%s: Validate reports nothing", path)
	assert.True(t, slices.ContainsFunc(validationError.Violations, func(v talonone.Violation) bool {
		return v.Path == path && errors.Is(v, reason)
	}), "%s: %v: %v", path, reason, validationError)
}

// TestEncodeErrorInEveryPlace puts what cannot be written in every place of a session: invalid UTF-8 in every string and every
// name, an amount that is too long in every amount, a time that RFC 3339 does not have in every time.
func TestEncodeErrorInEveryPlace(t *testing.T) {
	for _, m := range models {
		v := m.full()
		text, err := v.MarshalJSON()
		require.NoError(t, err)

		var places []string
		eachPlace(reflect.ValueOf(v.pointer()).Elem(), m.schema, "", func() {}, func(path string, place reflect.Value, changed func()) {
			kept := reflect.New(place.Type()).Elem()
			kept.Set(place)
			reason := invalid
			switch {
			case place.Type() == reflect.TypeFor[decimal.Decimal]():
				reason = outOfRange
				place.Set(reflect.ValueOf(decimal.New(1, math.MaxInt32)))
			case place.Type() == reflect.TypeFor[time.Time]():
				reason = outOfRange
				place.Set(reflect.ValueOf(time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)))
			case place.Type() == reflect.TypeFor[json.Number]():
				reason = syntax
				place.SetString("no number")
			case place.Kind() == reflect.String:
				place.SetString(place.String() + "\xff")
			default:
				return // an integer or a boolean, which can always be written
			}
			places = append(places, path)
			changed()
			_, err := v.AppendJSON(nil)
			if encodeError, ok := err.(*talonone.EncodeError); assert.True(t, ok, "%s: %s: a %T", m.name, path, err) {
				assert.ErrorIs(t, err, reason, path)
				assert.Contains(t, []string{path, path + "\xff"}, encodeError.Path, "the path is that of the place, with the name as it is now")
				requireViolation(t, v.pointer(), encodeError.Path, reason)
			}
			place.Set(kept)
			changed()
			again, err := v.MarshalJSON()
			require.NoError(t, err, "%s: the place is as it was", path)
			require.Equal(t, string(text), string(again))
		})
		assert.Subset(t, places, m.schema.places(""), m.name)
	}
}
