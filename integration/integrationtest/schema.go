package integrationtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// checkSchema finds what the API's schema forbids and the decoder lets pass, since the decoder also reads what other Go
// services write: amounts in strings, and objects without the members that they must have. The body decodes.
func checkSchema(body []byte) (problems []problem) {
	s := schema{report: func(p problem) { problems = append(problems, p) }}
	session := s.object(s.object(body)["customerSession"])
	if string(session["state"]) == `""` {
		s.report(badState("/state"))
	}
	s.costs(session, "")
	s.each(session, "", "experimentVariantAllocations", func(allocation object, path string) {
		s.required(allocation, path, "experimentID")
		s.required(allocation, path, "variantID")
	})
	s.each(session, "", "cartItems", func(item object, path string) {
		for _, name := range []string{"price", "weight", "height", "width", "length"} {
			s.number(item, path, name)
		}
		s.costs(item, path)
		if product := s.object(item["product"]); product != nil {
			s.required(product, path+"/product", "name")
		}
	})
	return problems
}

// An object is one whose members are still text; nil for none.
type object map[string]json.RawMessage

type schema struct{ report func(problem) }

// object takes an object apart. What is no object has no members.
func (s schema) object(text []byte) (o object) {
	if json.Unmarshal(text, &o) != nil {
		return nil
	}
	return o
}

func (s schema) each(o object, path, name string, check func(o object, path string)) {
	var elements []json.RawMessage
	if json.Unmarshal(o[name], &elements) != nil {
		return
	}
	for i, element := range elements {
		check(s.object(element), fmt.Sprintf("%s/%s/%d", path, name, i))
	}
}

// costs checks the additional costs of a session or an item.
func (s schema) costs(o object, path string) {
	costs := s.object(o["additionalCosts"])
	for _, name := range slices.Sorted(maps.Keys(costs)) {
		path := string(jsonwire.AppendPointer([]byte(path+"/additionalCosts"), name))
		cost := s.object(costs[name])
		s.required(cost, path, "price")
		s.number(cost, path, "price")
	}
}

func (s schema) required(o object, path, name string) {
	if text := o[name]; text == nil || string(text) == "null" {
		s.report(problem{Title: "Required", Details: "the member is required", Pointer: path + "/" + name})
	}
}

func (s schema) number(o object, path, name string) {
	if text := o[name]; len(text) > 0 && text[0] == '"' {
		s.report(problem{Title: "Invalid type", Details: "a number, not a string", Pointer: path + "/" + name})
	}
}
