package test

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// What the structs declare is what the API's list has, and each member is handled by every method.

// TestListHasEveryModel compares the structs that code is generated for, and the names of the types of effects, with the list.
func TestListHasEveryModel(t *testing.T) {
	declaration := regexp.MustCompile(`(?m)((?:^//.*\n)*)^//gen:(model(?: sql)?|effect) ?(.*)\ntype (\w+) struct`)
	var declared, listed []modelCase
	for name, dir := range map[string]string{"talonone": "..", "integration": "../integration"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, d := range declaration.FindAllStringSubmatch(string(text), -1) {
				m := modelCase{name: d[4], typ: name + "." + d[4], deprecated: strings.Contains(d[1], "// Deprecated:")}
				if m.lenient = d[2] == "model" && d[3] == "lenient"; m.lenient {
					d[3] = ""
				}
				if words := strings.Fields(d[3]); len(words) > 0 {
					m.name, m.effect = words[0], words[0]
					m.aliases = append(m.aliases, words[1:]...)
				}
				declared = append(declared, m)
			}
		}
	}
	for _, m := range apiModels {
		m.schema, m.new = nil, nil
		listed = append(listed, m)
	}
	assert.ElementsMatch(t, listed, declared)
}

// TestModelsAreThoseOfTheAPI compares the fields of each struct with the list.
func TestModelsAreThoseOfTheAPI(t *testing.T) {
	for _, m := range apiModels {
		t.Run(m.name, func(t *testing.T) {
			type field struct {
				Name, Type string
				Required   bool
				ReadOnly   bool
				Must       bool
				Lenient    bool
				Default    string
			}
			var want, got []field
			for _, member := range m.schema {
				want = append(want, field{member.name, member.goType(), member.required, member.readOnly, member.must, member.lenient && !m.lenient, strings.Trim(string(member.def), `"`)})
			}
			typ := reflect.TypeOf(m.new().pointer()).Elem()
			for i := range typ.NumField() {
				f := typ.Field(i)
				name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
				if name == "-" {
					assert.Equal(t, "Extra", f.Name)
					assert.Equal(t, typ.NumField()-1, i, "Extra is the last field")
					continue
				}
				// The name in Go is that of the API, but for capital letters.
				if name != "effectType" {
					assert.Equal(t, strings.ToLower(name), strings.ToLower(f.Name))
				}
				tag := field{Name: name, Type: typeOf(f.Type), Required: option == ""}
				for option := range strings.SplitSeq(f.Tag.Get("api"), ",") {
					switch key, value, _ := strings.Cut(option, "="); key {
					case "readonly":
						tag.ReadOnly = true
					case "must":
						tag.Must = true
					case "lenient":
						tag.Lenient = true
					case "default":
						tag.Default = value
					}
				}
				got = append(got, tag)
			}
			assert.Equal(t, want, got)

			if m.effect == "" {
				return
			}
			props := m.new().pointer().(integration.EffectProps)
			assert.Equal(t, m.effect, props.EffectType())
			assert.Equal(t, m.effect, reflect.Zero(reflect.TypeOf(props)).Interface().(integration.EffectProps).EffectType(), "of a nil pointer")
			for _, alias := range m.aliases {
				e := decode[integration.Effect](t, `{"effectType":"`+alias+`","props":`+m.schema.text()+`}`)
				assert.IsType(t, props, e.Props)
				assert.Contains(t, encode(t, e), `"effectType":"`+alias+`"`)
			}
		})
	}
}

// TestEffectTypesAsWritten encodes props under each name that a type of effect goes by: their own names will do, and no other.
func TestEffectTypesAsWritten(t *testing.T) {
	for _, m := range apiModels {
		if m.effect == "" {
			continue
		}
		props := m.new().pointer().(integration.EffectProps)
		for _, other := range apiModels {
			for _, name := range append(other.aliases, other.effect) {
				text, err := integration.Effect{Type: name, Props: props}.MarshalJSON()
				switch {
				case name == "" || m.effect == other.effect:
					require.NoError(t, err, "%s as %s", m.effect, name)
					assert.Contains(t, string(text), `"effectType":"`+cmp.Or(name, m.effect)+`"`)
				default:
					require.ErrorIs(t, err, talonone.ErrWrongType, "%s as %s", m.effect, name)
				}
			}
		}
	}
}

// TestEachMember gives a model one member after the other, and checks each method.
func TestEachMember(t *testing.T) {
	for _, m := range apiModels {
		for i, member := range m.schema {
			t.Run(m.name+"."+member.name, func(t *testing.T) {
				document := m.schema.with(`"` + member.name + `":` + member.text())
				alone := map[string]bool{member.name: true}
				if m.name == "Effect" && (member.name == "props" || member.name == "effectType") {
					// One follows from the other.
					document = m.schema.object("effectType", "props")
					alone = map[string]bool{"props": true, "effectType": true}
				}
				zero, v := m.new(), m.new()
				require.NoError(t, zero.UnmarshalJSON([]byte(m.schema.with())))
				require.NoError(t, v.UnmarshalJSON([]byte(document)))

				// Decode has set the field, and no other.
				field := func(v anyModel, i int) reflect.Value { return reflect.ValueOf(v.pointer()).Elem().Field(i) }
				require.False(t, field(v, i).IsZero())
				for other := range reflect.TypeOf(v.pointer()).Elem().NumField() {
					if other >= len(m.schema) || !alone[m.schema[other].name] {
						assert.Equal(t, field(zero, other).Interface(), field(v, other).Interface())
					}
				}

				// Encode writes it, and nothing else changes.
				written, before := membersOf(t, v), membersOf(t, zero)
				assert.Contains(t, written, member.name)
				assert.NotEqual(t, before[member.name], written[member.name])
				_, always := before[member.name]
				assert.Equal(t, member.required, always, "a required member is always written")
				for name := range written {
					if !alone[name] {
						assert.Equal(t, before[name], written[name], name)
					}
				}
				again := m.new()
				require.NoError(t, again.UnmarshalJSON([]byte(encode(t, v))))
				assert.Equal(t, encode(t, v), encode(t, again))

				// Equal sees it.
				assert.True(t, v.equal(again))
				assert.False(t, v.equal(zero))
				assert.False(t, zero.equal(v))

				// Clone copies it, and what it refers to.
				clone := v.clone()
				assert.True(t, v.equal(clone))
				at, copied := field(v, i), field(clone, i)
				if at.Kind() == reflect.Interface {
					at, copied = at.Elem(), copied.Elem()
				}
				switch at.Kind() {
				case reflect.Pointer, reflect.Slice, reflect.Map:
					assert.NotEqual(t, at.Pointer(), copied.Pointer())
				}

				// A null is as good as nothing, and neither will do where the member must be there.
				for _, document := range []string{m.schema.with(`"` + member.name + `":null`), strings.Replace(m.schema.with(`"`+member.name+`":0`), `"`+member.name+`":0`, `"x":0`, 1)} {
					if err := again.UnmarshalJSON([]byte(document)); member.must {
						requireMissing(t, err, member.name)
					} else {
						require.NoError(t, err)
						assert.Equal(t, membersOf(t, zero)[member.name], membersOf(t, again)[member.name])
					}
				}
			})
		}
	}
}

// TestEachModelExtra does the same with members that are not known.
func TestEachModelExtra(t *testing.T) {
	for _, m := range apiModels {
		t.Run(m.name, func(t *testing.T) {
			zero, v := m.new(), m.new()
			require.NoError(t, zero.UnmarshalJSON([]byte(m.schema.with())))
			require.NoError(t, v.UnmarshalJSON([]byte(m.schema.with(`"unknown":{"a": 1.50}`, `"another":null`))))
			extra := func(v anyModel) map[string]json.RawMessage {
				return reflect.ValueOf(v.pointer()).Elem().FieldByName("Extra").Interface().(map[string]json.RawMessage)
			}
			assert.Equal(t, map[string]json.RawMessage{"unknown": json.RawMessage(`{"a": 1.50}`), "another": json.RawMessage(`null`)}, extra(v))
			text := encode(t, v)
			assert.True(t, strings.HasSuffix(text, `"another":null,"unknown":{"a": 1.50}}`), "%s", text)
			clone := v.clone()
			assert.True(t, v.equal(clone))
			assert.False(t, v.equal(zero))
			assert.False(t, zero.equal(v))
			extra(v)["unknown"][1] = 'x'
			assert.Equal(t, text, encode(t, clone), "the clone shares nothing")
		})
	}
}

// TestUnmarshalIntoNil: to decode into a nil pointer is an error, and no panic.
func TestUnmarshalIntoNil(t *testing.T) {
	for _, m := range append(apiModels, modelNamed("Attributes")) {
		target := reflect.Zero(reflect.TypeOf(m.new().pointer())).Interface().(json.Unmarshaler)
		decodeError, ok := target.UnmarshalJSON([]byte(`{}`)).(*talonone.DecodeError)
		if assert.True(t, ok, m.name) {
			assert.ErrorIs(t, decodeError, wrong)
			assert.Empty(t, decodeError.Path)
		}
	}
}

// requireMissing checks the error for an object without a member that must be there.
func requireMissing(t *testing.T, err error, name string) {
	t.Helper()
	e, ok := err.(*talonone.DecodeError)
	require.True(t, ok, "%v", err)
	require.ErrorIs(t, e, talonone.ErrWrongType)
	require.Equal(t, "/"+name, e.Path)
	require.Zero(t, e.Offset)
}

// object returns an object with the examples of some members.
func (s schema) object(names ...string) string {
	var members []string
	for _, name := range names {
		members = append(members, `"`+name+`":`+s.member(name).text())
	}
	return "{" + strings.Join(members, ",") + "}"
}

// membersOf returns the members of an object as they are written.
func membersOf(t *testing.T, v anyModel) map[string]string {
	t.Helper()
	var raw map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(encode(t, v)), &raw))
	members := map[string]string{}
	for name, value := range raw {
		members[name] = string(value)
	}
	return members
}

// TestEqualWithStandIns compares a member in its field with the same one in Extra, where it stands in for the field.
func TestEqualWithStandIns(t *testing.T) {
	for _, m := range apiModels {
		t.Run(m.name, func(t *testing.T) {
			for _, member := range m.schema {
				if !member.leftOut {
					continue // its zero is written, so nothing stands in for it
				}
				inField, inExtra, without := m.new(), m.new(), m.new()
				require.NoError(t, inField.UnmarshalJSON([]byte(m.schema.with(`"`+member.name+`":`+member.text()))))
				for _, v := range []anyModel{inExtra, without} {
					require.NoError(t, v.UnmarshalJSON([]byte(m.schema.with())))
				}
				extra := map[string]json.RawMessage{member.name: json.RawMessage(member.text())}
				reflect.ValueOf(inExtra.pointer()).Elem().FieldByName("Extra").Set(reflect.ValueOf(extra))
				assert.True(t, inField.equal(inExtra), member.name)
				assert.True(t, inExtra.equal(inField), member.name)
				assert.False(t, inExtra.equal(without), member.name)
				assert.False(t, without.equal(inExtra), member.name)
			}
		})
	}
}
