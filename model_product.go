package talonone

import (
	"encoding/json"

	"github.com/talonone-go/talonone/internal/member"
)

// Product is the product that a cart item is a variant of.
//
// A value may be read by several goroutines at once, but not while one of them changes it. It corresponds to "Product"
// in the API reference.
type Product struct {
	// Name is the name of the product ("name"). Required.
	Name string
	// Extra holds the members that this version does not know, as they were written. They are written after the known
	// ones, sorted by name.
	Extra map[string]json.RawMessage
}

var productModel = member.NewModel((*Product).members)

func (p *Product) members(m *member.List) {
	m.Required("name", &p.Name)
	m.Extra(&p.Extra)
}

// MarshalJSON returns the product as JSON, or an [*EncodeError].
func (p Product) MarshalJSON() ([]byte, error) { return marshal(productModel, p) }

// UnmarshalJSON replaces the product by the one in text. On a [*DecodeError] it is left as it was.
func (p *Product) UnmarshalJSON(text []byte) error { return unmarshal(productModel, text, p) }

// AppendJSON appends the product as JSON to dst. On an [*EncodeError] it returns dst at its old length.
func (p Product) AppendJSON(dst []byte) ([]byte, error) { return appendJSON(productModel, dst, p) }

// Equal reports whether both encode to the same JSON value.
func (p Product) Equal(other Product) bool { return productModel.Equal(p, other) }

// Clone returns a deep copy.
func (p Product) Clone() Product { return productModel.Clone(p) }
