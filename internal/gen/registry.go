package main

import (
	"fmt"
	"go/types"
	"strings"
)

// importedModels writes the models of other packages that members of this package use.
func (g *generator) importedModels() {
	seen := map[string]bool{}
	for _, m := range g.models {
		for _, f := range m.fields {
			elem, ok := f.typ.(interface{ Elem() types.Type })
			if !ok || g.modelOf(elem.Elem()) == "" || !g.imported(elem.Elem()) {
				continue
			}
			if name := g.modelOf(elem.Elem()); !seen[name] {
				seen[name] = true
				g.p("var model%s = codec.ModelOf[%s]()\n", name, types.TypeString(elem.Elem(), g.qualify))
			}
		}
	}
}

// effects writes the registry of the types of effects: one switch for each operation on props.
func (g *generator) effects() {
	var effects []*model
	for _, m := range g.models {
		if m.directive == "effect" {
			effects = append(effects, m)
		}
	}
	if len(effects) == 0 {
		return
	}
	cases := func(of func(m *model) string, line string) {
		for _, m := range effects {
			g.p("case %s:\n%s", of(m), strings.ReplaceAll(line, "$M", m.name))
		}
	}
	byName := func(m *model) string {
		var names []string
		for _, name := range m.effects {
			names = append(names, fmt.Sprintf("%q", name))
		}
		return strings.Join(names, ", ")
	}
	byType := func(m *model) string { return "*" + m.name }

	g.p("// decodeKnownProps reads the props of a type of effect. For an unknown type it reads nothing and returns nil.")
	g.p("func decodeKnownProps(d *codec.Decoder, effectType string) EffectProps {\nswitch effectType {")
	cases(byName, "return codec.New(d, decode$M)")
	g.p("}\nreturn nil\n}\n")

	g.p("// absentProps returns the props of a type whose effects have no member props, or nil.")
	g.p("func absentProps(effectType string) EffectProps {\nswitch effectType {")
	for _, m := range effects {
		if m.mayLackProps() {
			g.p("case %s:\nreturn new(%s)", byName(m), m.name)
		}
	}
	g.p("}\nreturn nil\n}\n")

	g.p("// areAbsent reports whether the effect of p has no member props.")
	g.p("func areAbsent(p EffectProps) bool {\nswitch p := p.(type) {")
	for _, m := range effects {
		if m.mayLackProps() {
			g.p("case *%s:\nreturn p.%s == nil", m.name, m.extra)
		}
	}
	g.p("}\nreturn false\n}\n")

	g.p("// knows reports whether effectType is the name of a known type.")
	g.p("func knows(effectType string) bool {\nswitch effectType {")
	var all []string
	for _, m := range effects {
		all = append(all, byName(m))
	}
	g.p("case %s:\nreturn true\n}\nreturn false\n}\n", strings.Join(all, ",\n"))

	g.p("// goesBy reports whether name is one of the names of the type of p.")
	g.p("func goesBy(p EffectProps, name string) bool {\nswitch p.(type) {")
	for _, m := range effects {
		if len(m.effects) > 1 {
			g.p("case *%s:\nswitch name {\ncase %s:\nreturn true\n}", m.name, byName(m))
		}
	}
	g.p("}\nown, ok := effectType(p)\nreturn ok && own == name\n}\n")

	g.p("// appendKnownProps writes props of a known type. known is false for any other type.")
	g.p("func appendKnownProps(e *codec.Encoder, buf []byte, p EffectProps) (_ []byte, known bool) {\nswitch p := p.(type) {")
	cases(byType, "return append$M(e, buf, p), true")
	g.p("}\nreturn buf, false\n}\n")

	g.p("// equalKnownProps compares props of the same known type. known is false for any others.")
	g.p("func equalKnownProps(p, q EffectProps) (equal, known bool) {\nswitch p := p.(type) {")
	cases(byType, "if q, ok := q.(*$M); ok {\nreturn equal$M(p, q), true\n}")
	g.p("}\nreturn false, false\n}\n")

	g.p("// cloneKnownProps copies props of a known type. It returns nil for any other.")
	g.p("func cloneKnownProps(c *codec.Cloner, p EffectProps) EffectProps {\nswitch p := p.(type) {")
	cases(byType, "return codec.CloneModel(c, p, clone$M)")
	g.p("}\nreturn nil\n}\n")
}

// mayLackProps reports whether the API declares no props for a type of effect.
func (m *model) mayLackProps() bool { return m.directive == "effect" && len(m.fields) == 0 }

// copies writes the function that copies the members of an update from a session, by name.
func (g *generator) copies(update, session *model) {
	g.p("// updateOf returns an update with the members of a session.")
	g.p("func updateOf(s *%s) %s {\nvar u %[2]s", session.name, update.name)
	g.pairs(update, session, func(u, s *field) {
		if shape(u.typ) == "*"+shape(s.typ) {
			g.p("if s.%[1]s != \"\" {\nu.%[1]s = new(s.%[1]s)\n}", u.name)
		} else {
			g.p("u.%[1]s = s.%[1]s", u.name)
		}
	})
	g.p("return u\n}\n")
}

// merge writes the function that applies an update to a session.
func (g *generator) merge(update, session *model) {
	g.p("// mergeMembers sets the members that an update has, and keeps the others.")
	g.p("func mergeMembers(s *talonone.%s, u *talonone.%s) {", session.name, update.name)
	g.pairs(update, session, func(u, s *field) {
		value := "u." + u.name
		if shape(u.typ) == "*"+shape(s.typ) {
			value = "*" + value
		}
		k, _ := (&generator{pkg: update.pkg, module: g.module}).kind(u)
		g.p("if %s {\ns.%s = %s\n}", u.given(k, strings.NewReplacer("$v", "u."+u.name)), u.name, value)
	})
	g.p("}\n")
}

// pairs calls do for each member that both have. The session must have every member of an update.
func (g *generator) pairs(update, session *model, do func(u, s *field)) {
	for _, u := range update.fields {
		found := false
		for _, s := range session.fields {
			if s.member != u.member {
				continue
			}
			found = true
			if sh, of := shape(u.typ), shape(s.typ); u.name != s.name || sh != of && sh != "*"+of || !u.optional {
				g.fail(fmt.Errorf("%s.%s: must be optional, and else like %s.%s", update.name, u.name, session.name, s.name))
				return
			}
			do(u, s)
		}
		if !found {
			g.fail(fmt.Errorf("%s.%s: the session has no member %s", update.name, u.name, u.member))
		}
	}
}
