package jsonschema

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"
	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// reflector makes schemas as a user would: an amount is a number, and there may be members that are not declared.
var reflector = jsonschema.Reflector{
	AllowAdditionalProperties: true,
	Mapper: func(t reflect.Type) *jsonschema.Schema {
		if t == reflect.TypeFor[decimal.Decimal]() {
			return &jsonschema.Schema{Type: "number"}
		}
		return nil
	},
}

// An apiModel is what the API says of a model.
type apiModel struct {
	Go      string // the struct, with its package
	Effect  string // the type, if these are the props of an effect
	Members []apiMember
}

type apiMember struct {
	Name            string
	Kind            string
	Of              string
	Required        bool
	SometimesAbsent bool
	Example         json.RawMessage // nothing for what holds models
}

// TestSchemas compares the schemas of all models with what the API says: the names of the members in their order, which of them
// are required, and the types.
func TestSchemas(t *testing.T) {
	text, err := os.ReadFile("../testdata/api.json")
	if err != nil {
		t.Fatal(err)
	}
	var api struct{ Models []apiModel }
	if err := json.Unmarshal(text, &api); err != nil {
		t.Fatal(err)
	}
	schemas := map[string]*jsonschema.Schema{}
	for _, root := range []any{
		talonone.CustomerSessionV2{}, talonone.CustomerSessionUpdate{}, integration.IntegrationState{},
	} {
		maps.Copy(schemas, reflector.Reflect(root).Definitions)
	}
	for _, m := range api.Models {
		if m.Effect != "" { // which no tool can see behind the interface
			maps.Copy(schemas, reflector.ReflectFromType(propsType(t, m)).Definitions)
		}
	}
	for _, m := range api.Models {
		_, name, _ := strings.Cut(m.Go, ".")
		if s := schemas[name]; s != nil {
			compare(t, name, s, m.Members)
		} else {
			t.Errorf("%s is no part of a session, an update, an answer or props", m.Go)
		}
	}
}

// propsType returns the struct that the props of a type of effect decode to.
func propsType(t *testing.T, m apiModel) reflect.Type {
	props := map[string]json.RawMessage{}
	for _, member := range m.Members {
		props[member.Name] = member.Example
	}
	text, err := json.Marshal(map[string]any{"effectType": m.Effect, "props": props})
	if err != nil {
		t.Fatal(err)
	}
	var e integration.Effect
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatal(err)
	}
	return reflect.TypeOf(e.Props).Elem()
}

// types are what a kind is in a schema.
var types = map[string]string{
	"text": "string", "bool": "boolean", "int": "integer", "int64": "integer", "amount": "number", "time": "string", "texts": "array", "ints": "array",
	"int64s": "array", "models": "array", "map": "object",
}

func compare(t *testing.T, name string, s *jsonschema.Schema, members []apiMember) {
	t.Helper()
	var names, required, got []string
	for _, m := range members {
		names = append(names, m.Name)
		if m.Required && !m.SometimesAbsent {
			required = append(required, m.Name)
		}
		property, ok := s.Properties.Get(m.Name)
		if want := types[m.Kind]; ok && property.Ref == "" && property.Type != want && want != "" {
			t.Errorf("%s.%s is a %q, want a %q", name, m.Name, property.Type, want)
		}
		if want := "#/$defs/" + m.Of; ok && m.Kind == "model" && property.Ref != want {
			t.Errorf("%s.%s is %q, want %q", name, m.Name, property.Ref, want)
		}
	}
	for pair := s.Properties.Oldest(); pair != nil; pair = pair.Next() {
		got = append(got, pair.Key)
	}
	if !slices.Equal(got, names) {
		t.Errorf("%s has the members\n%q, want\n%q", name, got, names)
	}
	if !slices.Equal(s.Required, required) {
		t.Errorf("%s requires\n%q, want\n%q", name, s.Required, required)
	}
}
