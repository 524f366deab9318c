package test

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/talonone-go/talonone/integration"
)

// The list of what the API says of its models, testdata/api.json; the README beside it says what the marks mean. What the
// tests know of members follows from it.

// A modelCase is a model of the list.
type modelCase struct {
	name   string // of the struct; of props the type of effect
	typ    string // of the struct, with its package
	schema schema
	new    func() anyModel

	effect     string
	aliases    []string
	deprecated bool
	lenient    bool // each optional member is
}

// A schema lists the members of a model. That of Attributes, which has none of its own, is nil.
type schema []memberSchema

type memberSchema struct {
	name     string
	kind     kind
	required bool     // always written
	leftOut  bool     // when it is zero
	must     bool     // without it the props do not fit
	lenient  bool     // what does not fit is kept in Extra
	enum     []string // the values of a closed set
	readOnly bool
	nested   schema
	def      json.RawMessage // what stands for zero, if that is not the zero value of the kind
	limits   map[string]int
	example  json.RawMessage
}

type kind string

const (
	textKind   kind = "text"
	boolKind   kind = "bool"
	intKind    kind = "int"
	int64Kind  kind = "int64"
	amountKind kind = "amount"
	timeKind   kind = "time"
	textsKind  kind = "texts"
	intsKind   kind = "ints"
	int64sKind kind = "int64s"
	objectKind kind = "object" // of any members
	anyKind    kind = "any"
	modelKind  kind = "model"
	modelsKind kind = "models" // an array
	mapKind    kind = "map"    // an object of models
	propsKind  kind = "props"
)

var (
	apiModels = readModels()
	// models are those of the root package.
	models = append(ofPackage("talonone"), modelCase{name: "Attributes", new: goModels["talonone.Attributes"]})
	// attributesExample is the example of Attributes, which have no schema.
	attributesExample string
)

func ofPackage(name string) (some []modelCase) {
	for _, m := range apiModels {
		if strings.HasPrefix(m.typ, name+".") {
			some = append(some, m)
		}
	}
	return some
}

// model returns the model with a name.
func modelNamed(name string) modelCase {
	for _, m := range append(models, apiModels...) {
		if m.name == name {
			return m
		}
	}
	panic("no model " + name)
}

// readModels reads the list.
func readModels() (all []modelCase) {
	var list struct {
		About  string `json:"_about"`
		Models []struct {
			Name, Go, Effect string
			Aliases          []string
			Deprecated       bool
			Lenient          bool // each optional member is
			Members          []map[string]json.RawMessage
		}
	}
	read("testdata/api.json", &list)
	schemas := map[string]schema{} // so that a model may stand in itself
	for _, m := range list.Models {
		schemas[m.Go[strings.Index(m.Go, ".")+1:]] = make(schema, len(m.Members))
	}
	for _, m := range list.Models {
		name := m.Go[strings.Index(m.Go, ".")+1:]
		for i, marks := range m.Members {
			schemas[name][i] = newMember(m.Name, marks, schemas)
			schemas[name][i].lenient = schemas[name][i].lenient || m.Lenient && !schemas[name][i].required
		}
		c := modelCase{
			name: name, typ: m.Go, schema: schemas[name], new: goModels[m.Go],
			effect: m.Effect, aliases: m.Aliases, deprecated: m.Deprecated, lenient: m.Lenient,
		}
		if m.Effect != "" {
			c.name = m.Effect
			c.new = func() anyModel { return newProps(m.Effect, schemas[name]) }
		}
		if c.new == nil {
			panic("goModels has no " + m.Go)
		}
		all = append(all, c)
	}
	attributesExample = string(schemas["CartItem"].member("attributes").example)
	return all
}

func newMember(model string, marks map[string]json.RawMessage, schemas map[string]schema) (m memberSchema) {
	var of, zero string
	var sometimesAbsent bool
	m.limits = map[string]int{}
	for mark, value := range marks {
		var into any
		switch mark {
		case "name":
			into = &m.name
		case "kind":
			into = &m.kind
		case "of":
			into = &of
		case "required":
			into = &m.required
		case "must":
			into = &m.must
		case "lenient":
			into = &m.lenient
		case "enum":
			into = &m.enum
		case "sometimesAbsent":
			into = &sometimesAbsent
		case "readOnly":
			into = &m.readOnly
		case "zero":
			into = &zero
		case "default":
			into = &m.def
		case "example":
			into = &m.example
		case "minLength", "maxLength", "minItems", "maxItems", "items.minLength", "items.maxLength", "minimum", "maximum":
			into = new(int)
		default:
			panic(fmt.Sprintf("api.json: %s: no mark %q is known", model, mark))
		}
		if err := json.Unmarshal(value, into); err != nil {
			panic(fmt.Sprintf("api.json: %s: %s: %v", model, mark, err))
		}
		if limit, ok := into.(*int); ok {
			m.limits[mark] = *limit
		}
	}
	m.required = m.required && !sometimesAbsent
	switch {
	case m.required:
	case zero == "":
		m.leftOut = m.kind == textKind || m.kind == timeKind
	default:
		m.leftOut = zero == "absent"
	}
	switch m.kind {
	case modelKind, modelsKind, mapKind:
		var ok bool
		if m.nested, ok = schemas[of]; !ok {
			panic(fmt.Sprintf("api.json: %s.%s: no model %q", model, m.name, of))
		}
	default:
		if len(m.example) == 0 {
			panic(fmt.Sprintf("api.json: %s.%s has no example", model, m.name))
		}
	}
	return m
}

// read reads a file of JSON. What it has that v does not is an error.
func read(path string, v any) {
	f, err := os.Open(path)
	if err != nil {
		panic(err)
	}
	defer func() { _ = f.Close() }()
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		panic(path + ": " + err.Error())
	}
}

func (s schema) member(name string) *memberSchema {
	for i := range s {
		if s[i].name == name {
			return &s[i]
		}
	}
	return nil
}

// unknownExample is the member that examples have and the list has not.
const unknownExample = `"x":{"y":[1.50,null]}`

// text returns an object with a value of every member, and a member that is not known.
func (s schema) text() string {
	if s == nil { // Attributes
		return attributesExample
	}
	var b strings.Builder
	b.WriteByte('{')
	for _, m := range s {
		fmt.Fprintf(&b, "%q:%s,", m.name, m.text())
	}
	b.WriteString(unknownExample + "}")
	return b.String()
}

// text returns the example of a member.
func (m *memberSchema) text() string {
	switch m.kind {
	case modelKind:
		return m.nested.text()
	case modelsKind:
		return "[" + m.nested.text() + "]"
	case mapKind:
		return `{"a/b":` + m.nested.text() + "}"
	}
	return string(m.example)
}

// full returns the model with a value in every field, and a member that is not known.
func (m modelCase) full() anyModel {
	v := m.new()
	if err := v.UnmarshalJSON([]byte(m.schema.text())); err != nil {
		panic(m.name + ": " + err.Error())
	}
	return v
}

// goType returns what the field of a member must be.
func (m *memberSchema) goType() string {
	name := map[kind]string{
		textKind: "string", boolKind: "bool", intKind: "int", int64Kind: "int64", amountKind: "decimal.Decimal", timeKind: "time.Time",
		textsKind: "[]string", intsKind: "[]int", int64sKind: "[]int64", objectKind: "talonone.Attributes", anyKind: "json.RawMessage",
		modelKind: "struct", modelsKind: "[]struct", mapKind: "map[string]struct", propsKind: "integration.EffectProps",
	}[m.kind]
	switch m.kind {
	case textKind, boolKind, intKind, int64Kind, amountKind:
		// A zero that says something else than nothing needs a pointer.
		if !m.required && !m.leftOut {
			return "*" + name
		}
	case modelKind:
		if !m.required {
			return "*" + name
		}
	}
	return name
}

// typeOf returns the type of a field in the words of goType.
func typeOf(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[json.RawMessage]():
		return "json.RawMessage"
	case t.Kind() == reflect.Pointer:
		return "*" + typeOf(t.Elem())
	case t.Kind() == reflect.Slice:
		return "[]" + typeOf(t.Elem())
	case t.Kind() == reflect.String:
		return "string"
	case t.Kind() == reflect.Map && t.Name() == "":
		return "map[" + typeOf(t.Key()) + "]" + typeOf(t.Elem())
	case t.Kind() == reflect.Struct && hasExtra(t):
		return "struct"
	}
	return t.String()
}

// newProps returns props of a type of effect, empty.
func newProps(effectType string, s schema) anyModel {
	var e integration.Effect
	if err := e.UnmarshalJSON([]byte(`{"effectType":"` + effectType + `","props":` + s.text() + `}`)); err != nil {
		panic(err)
	}
	if u, ok := e.Props.(*integration.UnknownEffect); ok {
		panic(fmt.Sprintf("%s: %v", effectType, u.Err))
	}
	return boxedProps{reflect.New(reflect.TypeOf(e.Props).Elem()).Interface().(integration.EffectProps)}
}

// with returns an object with some members, each as it is written, and zeros for those that must be there.
func (s schema) with(members ...string) string {
	for _, m := range s {
		if m.must && !slices.ContainsFunc(members, func(member string) bool { return strings.HasPrefix(member, `"`+m.name+`"`) }) {
			members = append(members, `"`+m.name+`":`+map[kind]string{textKind: `""`, amountKind: "0", intKind: "0"}[m.kind])
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

// zeros returns the members that must be there but one, each with a comma behind it.
func (s schema) zeros(except string) string {
	text := strings.Trim(s.with(`"`+except+`"`), "{}") + ","
	return text[len(`"`+except+`",`):]
}
