package integration

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/internal/codec"
)

// apiMember is what the API's own documents say of a member; see testdata.
type apiMember struct {
	Name     string
	Kind     string
	Required bool
}

// apiList is what the API's documents have: the members of an effect, the types of effects, and the members of other models by
// the API's name of the model.
type apiList struct {
	Common  []apiMember
	Effects []struct {
		EffectType string
		Deprecated bool
		Props      []apiMember
	}
	Models map[string][]apiMember
}

func readAPI(t testing.TB) (api apiList) {
	for name, v := range map[string]any{"effects.json": &api, "models.json": &api.Models} {
		text, err := os.ReadFile("testdata/" + name)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, v))
	}
	return api
}

// TestRegister compares the API's list of the types of effects with the registry, with the structs and with the
// documentation: one that was forgotten anywhere is seen here.
func TestRegister(t *testing.T) {
	api := readAPI(t)
	checkMembers(t, api.Common, reflect.TypeFor[Effect]())

	registered := maps.Clone(effectTypes)
	docs := documentedEffects(t)
	for _, e := range api.Effects {
		t.Run(e.EffectType, func(t *testing.T) {
			require.Contains(t, registered, e.EffectType, "is in the registry")
			typ := reflect.TypeOf(registered[e.EffectType]).Elem()
			delete(registered, e.EffectType)

			props := newProps(t, e.EffectType)
			assert.Equal(t, typ, reflect.TypeOf(props).Elem())
			assert.Equal(t, e.EffectType, props.EffectType())
			assert.Equal(t, e.EffectType, effectTypes[e.EffectType].EffectType(), "of a nil pointer")
			if e.EffectType == "error" {
				assert.Equal(t, "ErrorEffect", typ.Name())
			} else {
				assert.Equal(t, strings.ToUpper(e.EffectType[:1])+e.EffectType[1:], typ.Name())
			}
			checkMembers(t, e.Props, typ)

			// One section of the documentation for each type, with one row for each member.
			doc, ok := docs[e.EffectType]
			require.True(t, ok, "is in docs/effects.md")
			delete(docs, e.EffectType)
			assert.Equal(t, typ.Name(), doc.structName)
			assert.Equal(t, e.Deprecated, strings.Contains(doc.text, "Deprecated"))
			require.Len(t, doc.members, len(e.Props))
			for i, m := range e.Props {
				field, row := typ.Field(i), doc.members[i]
				goType := strings.Replace(field.Type.String(), "integration.", "", 1)
				// json.RawMessage is an alias where encoding/json is built on v2.
				goType = strings.Replace(goType, "jsontext.Value", "json.RawMessage", 1)
				assert.Equal(t, documentedMember{field.Name, m.Name, goType, row.unit, m.Required}, row)
				if units[m.Kind] == nil {
					assert.Empty(t, row.unit, m.Name)
				} else {
					assert.Contains(t, units[m.Kind], row.unit, m.Name)
				}
			}
		})
	}
	for name, props := range registered {
		assert.NotEqual(t, name, props.EffectType(), "the API has no such type")
		assert.True(t, strings.EqualFold(name, props.EffectType()), "%s is another spelling", name)
	}
	assert.Empty(t, docs, "the API has no such types")
}

// TestSpellings encodes an effect under each name that its type goes by, and under none other.
func TestSpellings(t *testing.T) {
	for name := range effectTypes {
		props := newProps(t, name)
		for other, of := range effectTypes {
			e := Effect{Type: other, Props: props}
			text, err := e.MarshalJSON()
			if of.EffectType() != props.EffectType() {
				require.ErrorIs(t, err, talonone.ErrWrongType, "%s as %s", name, other)
				continue
			}
			require.NoError(t, err)
			var decoded Effect
			require.NoError(t, decoded.UnmarshalJSON(text))
			assert.Equal(t, other, decoded.Type)
			assert.Equal(t, reflect.TypeOf(props), reflect.TypeOf(decoded.Props))
		}
	}
}

// A taggedMember is what the tags of a struct say of one member.
type taggedMember struct {
	name     string
	required bool // always written
}

// tagged returns the members of a model, which are its fields but Extra, in order.
func tagged(typ reflect.Type) (members []taggedMember) {
	for f := range typ.Fields() {
		if f.Name != "Extra" {
			name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
			members = append(members, taggedMember{name, option == ""})
		}
	}
	return members
}

// checkMembers compares the API's members with the fields of the struct.
func checkMembers(t *testing.T, api []apiMember, typ reflect.Type) {
	declared := tagged(typ)
	require.Len(t, declared, len(api), "the fields of %s are the API's members", typ)
	extra, ok := typ.FieldByName("Extra")
	require.True(t, ok && extra.Type == reflect.TypeFor[map[string]json.RawMessage]())
	for i, m := range api {
		field := typ.Field(i)
		assert.Equal(t, taggedMember{m.Name, m.Required}, declared[i], "%s.%s", typ, field.Name)
		if m.Name != "effectType" {
			assert.True(t, strings.EqualFold(m.Name, field.Name), "%s.%s is called as %s is", typ, field.Name, m.Name)
		}
		assert.Equal(t, goType(m), field.Type, "%s.%s", typ, m.Name)
	}
}

// goType returns the type that the field of a member should have: a pointer if it is an optional number or boolean.
func goType(m apiMember) reflect.Type {
	types := map[string][2]reflect.Type{ // required, optional
		"id":           {reflect.TypeFor[int64](), reflect.TypeFor[*int64]()},
		"index":        {reflect.TypeFor[int](), reflect.TypeFor[*int]()},
		"amount":       {reflect.TypeFor[decimal.Decimal](), reflect.TypeFor[*decimal.Decimal]()},
		"flag":         {reflect.TypeFor[bool](), reflect.TypeFor[*bool]()},
		"text":         {reflect.TypeFor[string](), reflect.TypeFor[string]()},
		"time":         {reflect.TypeFor[time.Time](), reflect.TypeFor[time.Time]()},
		"free":         {reflect.TypeFor[json.RawMessage](), reflect.TypeFor[json.RawMessage]()},
		"props":        {reflect.TypeFor[EffectProps](), reflect.TypeFor[EffectProps]()},
		"texts":        {reflect.TypeFor[[]string](), reflect.TypeFor[[]string]()},
		"indexes":      {reflect.TypeFor[[]int](), reflect.TypeFor[[]int]()},
		"transactions": {reflect.TypeFor[[]AffectedTransaction](), reflect.TypeFor[[]AffectedTransaction]()},
	}
	if m.Required {
		return types[m.Kind][0]
	}
	return types[m.Kind][1]
}

type documentedEffect struct {
	structName string
	text       string
	members    []documentedMember
}

type documentedMember struct {
	field, name, goType, unit string
	required                  bool
}

// units are the units that members of a kind are documented to have.
var units = map[string][]string{
	"amount":  {"currency", "points", "progress"},
	"index":   {"index from 0", "items"},
	"indexes": {"index from 0"},
	"time":    {"RFC 3339"},
}

var (
	sectionHeading = regexp.MustCompile("(?m)^### `(\\w+)`: `(\\w+)`$")
	memberRow      = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `(\\w+)` \\| `([^`]+)` \\|(?: ([^|]+))? \\| (yes|no) \\| .+ \\|$")
)

// documentedEffects returns the sections of docs/effects.md, by the type of effect that they are about.
func documentedEffects(t *testing.T) map[string]documentedEffect {
	text, err := os.ReadFile("../docs/effects.md")
	require.NoError(t, err)
	docs := map[string]documentedEffect{}
	headings := sectionHeading.FindAllSubmatchIndex(text, -1)
	for i, h := range headings {
		end := len(text)
		if i+1 < len(headings) {
			end = headings[i+1][0]
		}
		doc := documentedEffect{structName: string(text[h[4]:h[5]]), text: string(text[h[1]:end])}
		for _, row := range memberRow.FindAllStringSubmatch(doc.text, -1) {
			doc.members = append(doc.members, documentedMember{row[2], row[1], row[3], row[4], row[5] == "yes"})
		}
		name := string(text[h[2]:h[3]])
		require.NotContains(t, docs, name, "documented twice")
		docs[name] = doc
	}
	return docs
}

// TestStates compares the API's members of the other models of this package with the declared ones.
func TestStates(t *testing.T) {
	for name, members := range readAPI(t).Models {
		typ, ok := modelTypes[strings.TrimSuffix(name, "V2")]
		require.True(t, ok, "%s is a model", name)
		var want []taggedMember
		for i, m := range members {
			// Of the state every part may be missing, whatever the API's documents call required.
			want = append(want, taggedMember{m.Name, m.Required && name != "IntegrationStateV2"})
			assert.True(t, strings.EqualFold(m.Name, typ.Field(i).Name), "%s.%s", name, m.Name)
		}
		assert.Equal(t, want, tagged(typ), name)
	}
}

// A fullModel has the methods of the models of package talonone.
type fullModel[T any] interface {
	json.Marshaler
	AppendJSON(dst []byte) ([]byte, error)
	Equal(other T) bool
	Clone() T
}

// testModel checks a model, so that a field that is not handled somewhere is seen. It sets one field after the other of a value
// that has none.
func testModel[T json.Marshaler](t *testing.T, m *codec.Model[T]) {
	var zero T
	if e, ok := any(&zero).(*Effect); ok {
		e.Props = &UnknownEffect{}
	}
	typ := reflect.TypeFor[T]()
	_, isFull := any(zero).(fullModel[T])
	_, isProps := any(&zero).(EffectProps)
	require.NotEqual(t, isFull, isProps, "%s has all methods of a model, unless it is the props of an effect", typ)
	zeroMembers := membersOf(t, zero)
	for i, declared := range tagged(typ) {
		name := declared.name
		t.Run(typ.Name()+"."+name, func(t *testing.T) {
			v := zero
			at := reflect.ValueOf(&v).Elem().Field(i)
			if name == "effectType" {
				v = any(Effect{Type: "text", Props: &UnknownEffect{Type: "text"}}).(T)
			} else {
				at.Set(sample(t, at.Type()))
			}

			// Encode writes the member, and nothing else changes.
			got := membersOf(t, v)
			_, inZero := zeroMembers[name]
			assert.Equal(t, declared.required, inZero, "a required member is always written")
			require.Contains(t, got, name)
			assert.NotEqual(t, string(zeroMembers[name]), string(got[name]))
			for other := range got {
				if other != name && !(name == "props" && other == "effectType") {
					assert.Equal(t, string(zeroMembers[other]), string(got[other]))
				}
			}

			// Decode reads it, and encoding/json comes to the same.
			var decoded T
			text, err := v.MarshalJSON()
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(text, &decoded))
			again, err := decoded.MarshalJSON()
			require.NoError(t, err)
			assert.Equal(t, string(text), string(again))
			assert.False(t, reflect.ValueOf(decoded).Field(i).IsZero())

			// Equal sees it.
			assert.True(t, m.Equal(&v, &decoded))
			assert.False(t, m.Equal(&v, &zero))
			assert.False(t, m.Equal(&zero, &v))

			// Clone copies it, and what it points to.
			clone := v
			m.Clone(new(codec.Cloner), &clone)
			assert.True(t, m.Equal(&v, &clone))
			switch copied := reflect.ValueOf(clone).Field(i); copied.Kind() {
			case reflect.Interface:
				assert.NotEqual(t, at.Elem().Pointer(), copied.Elem().Pointer())
			case reflect.Pointer, reflect.Slice, reflect.Map:
				assert.NotEqual(t, at.Pointer(), copied.Pointer())
			}

			if full, ok := any(v).(fullModel[T]); ok {
				appended, err := full.AppendJSON([]byte("before"))
				require.NoError(t, err)
				assert.Equal(t, "before"+string(text), string(appended))
				assert.True(t, full.Equal(full.Clone()))
				assert.False(t, full.Equal(zero))
			}

			// A null is as good as nothing.
			require.NoError(t, json.Unmarshal([]byte(`{"`+name+`":null}`), &decoded))
			assert.True(t, m.Equal(&zero, &decoded))

			// It is known, and not kept beside the field.
			assert.Nil(t, reflect.ValueOf(decoded).FieldByName("Extra").Interface())
		})
	}

	t.Run(typ.Name()+".Extra", func(t *testing.T) {
		extra := map[string]json.RawMessage{"unknown": json.RawMessage(`{"a": 1.50}`), "another": json.RawMessage(`null`)}
		v := zero
		reflect.ValueOf(&v).Elem().FieldByName("Extra").Set(reflect.ValueOf(extra))
		text, err := v.MarshalJSON()
		require.NoError(t, err)
		assert.True(t, strings.HasSuffix(string(text), `"another":null,"unknown":{"a": 1.50}}`), "%s", text)
		var decoded T
		require.NoError(t, json.Unmarshal(text, &decoded))
		assert.True(t, m.Equal(&v, &decoded))
		assert.False(t, m.Equal(&v, &zero))
		clone := v
		m.Clone(new(codec.Cloner), &clone)
		assert.True(t, m.Equal(&v, &clone))
		extra["unknown"][1] = 'x'
		assert.True(t, m.Equal(&clone, &decoded), "the clone shares nothing")
	})

	t.Run(typ.Name()+" into nil", func(t *testing.T) {
		require.ErrorIs(t, any((*T)(nil)).(json.Unmarshaler).UnmarshalJSON([]byte(`{}`)), talonone.ErrWrongType)
	})
}

func membersOf(t *testing.T, v json.Marshaler) (members map[string]json.RawMessage) {
	text, err := v.MarshalJSON()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &members))
	return members
}
