// Package member turns the members that a model declares into its JSON and back, compares them and copies them. It knows
// no model: a model hands it one function that lists its members.
//
//	var costModel = member.NewModel(func(c *Cost, m *member.List) {
//		m.Required("price", &c.Price)
//		m.Extra(&c.Extra)
//	})
//
// That list is the only place where a member is named; decode, encode, check, equality, copying and the checks of the
// documentation follow from it. The function is called once for each object, and only takes addresses: there is no
// reflection but for the first call, which learns names and types.
//
// How the files divide the work: list.go has the declaration, decode.go, encode.go, check.go, equal.go and clone.go one
// direction each for the basic types, nested.go pointers, slices and maps of models, union.go members whose type another member
// names, free.go values of no declared type.
package member
