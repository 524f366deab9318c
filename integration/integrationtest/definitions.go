package integrationtest

import (
	"fmt"
	"maps"
	"slices"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// definitions are the names that the Campaign Manager knows. A nil set means that every name is known.
type definitions struct{ attributes, costs map[string]bool }

func nameSet(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// check finds the attributes and additional costs of an update that are not defined.
func (d definitions) check(u *talonone.CustomerSessionUpdate) (problems []problem) {
	if d.attributes == nil && d.costs == nil {
		return nil
	}
	problems = unknownNames(problems, d.attributes, u.Attributes, "attribute", "/attributes")
	problems = unknownNames(problems, d.costs, u.AdditionalCosts, "additional cost", "/additionalCosts")
	for i, item := range u.CartItems {
		path := fmt.Sprintf("/cartItems/%d", i)
		problems = unknownNames(problems, d.attributes, item.Attributes, "attribute", path+"/attributes")
		problems = unknownNames(problems, d.costs, item.AdditionalCosts, "additional cost", path+"/additionalCosts")
	}
	return problems
}

func unknownNames[V any](problems []problem, known map[string]bool, given map[string]V, what, path string) []problem {
	if known == nil {
		return problems
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !known[name] {
			problems = append(problems, problem{
				Title:   "Unknown",
				Details: "no " + what + " of this name is defined",
				Pointer: string(jsonwire.AppendPointer([]byte(path), name)),
			})
		}
	}
	return problems
}
