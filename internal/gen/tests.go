package main

// tests writes what the tests of a package must know of all of its models, so that no list is kept by hand. They declare
// testModel, which tests one model.
func (g *generator) tests() {
	g.p("func TestModels(t *testing.T) {")
	for _, m := range g.models {
		if m.directive == "model" || m.directive == "effect" {
			g.p("testModel(t, model%s)", m.name)
		}
	}
	g.p("}\n")

	g.p("// modelTypes has the models by name, those apart that are props.")
	g.p("var modelTypes = map[string]reflect.Type{")
	for _, m := range g.models {
		if m.directive == "model" {
			g.p("%q: reflect.TypeFor[%[1]s](),", m.name)
		}
	}
	g.p("}\n")

	g.p("// effectTypes has the props of the types of effects by each name that a type goes by.")
	g.p("var effectTypes = map[string]EffectProps{")
	for _, m := range g.models {
		for _, name := range m.effects {
			g.p("%q: (*%s)(nil),", name, m.name)
		}
	}
	g.p("}\n")
}
