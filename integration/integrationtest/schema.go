package integrationtest

import (
	"slices"
	"strconv"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// checkSchema finds values that the API's schema forbids and the decoder accepts: amounts in strings, and objects without a required
// member. The decoder accepts them because other Go services write them. The body must have been decoded without an error. The
// problems are in the order of the body.
func checkSchema(body []byte) []problem {
	var s schema
	s.Reset(body)
	s.object(func(name []byte) {
		if string(name) == "customerSession" {
			s.session()
		}
	})
	return s.problems
}

// A schema reads a body a second time. It skips values that a check does not read.
type schema struct {
	jsonwire.Reader
	path     []byte // the pointer to the value that is read
	problems []problem
}

func (s *schema) session() {
	s.object(func(name []byte) {
		switch string(name) {
		case "state":
			if s.Peek() == '"' && len(s.String()) == 0 {
				s.problems = append(s.problems, badState("/state"))
			}
		case "additionalCosts":
			s.costs()
		case "experimentVariantAllocations":
			s.each("experimentVariantAllocations", func() {
				s.object(func([]byte) {}, "experimentID", "variantID")
			})
		case "cartItems":
			s.each("cartItems", s.item)
		}
	})
}

func (s *schema) item() {
	s.object(func(name []byte) {
		switch string(name) {
		case "price", "weight", "height", "width", "length":
			s.number(name)
		case "additionalCosts":
			s.costs()
		case "product":
			s.below("product", func() { s.object(func([]byte) {}, "name") })
		}
	})
}

// costs checks the additional costs of a session or an item.
func (s *schema) costs() {
	s.below("additionalCosts", func() {
		s.object(func(name []byte) {
			s.below(string(name), func() {
				s.object(func(name []byte) {
					if string(name) == "price" {
						s.number(name)
					}
				}, "price")
			})
		})
	})
}

// object calls check for each member of the next value if it is an object. It reports required members that are missing or null.
func (s *schema) object(check func(name []byte), required ...string) {
	if s.Peek() != '{' {
		return
	}
	s.Open('{')
	given := 0
	for first := true; ; first = false {
		name, ok := s.Member(first)
		if !ok {
			break
		}
		if i := slices.Index(required, string(name)); i >= 0 && s.Peek() != 'n' {
			given |= 1 << i
		}
		s.value(func() { check(name) })
	}
	for i, name := range required {
		if given&(1<<i) == 0 {
			s.report(name, "Required", "the member is required")
		}
	}
}

// each calls check for each element of the member's value if it is an array.
func (s *schema) each(member string, check func()) {
	if s.Peek() != '[' {
		return
	}
	s.Open('[')
	s.below(member, func() {
		for i := 0; s.Element(i == 0); i++ {
			s.below(strconv.Itoa(i), func() { s.value(check) })
		}
	})
}

// value calls check for the next value, and skips the value if check has not read it.
func (s *schema) value(check func()) {
	start := s.Mark()
	check()
	if s.Mark() == start {
		s.Skip()
	}
}

func (s *schema) below(name string, check func()) {
	before := len(s.path)
	s.path = jsonwire.AppendPointer(s.path, name)
	check()
	s.path = s.path[:before]
}

func (s *schema) number(name []byte) {
	if s.Peek() == '"' {
		s.report(string(name), "Invalid type", "a number, not a string")
	}
}

// report adds a problem with a member of the object that is read.
func (s *schema) report(member, title, details string) {
	pointer := string(s.path) + "/" + member
	s.problems = append(s.problems, problem{Title: title, Details: details, Pointer: pointer})
}
