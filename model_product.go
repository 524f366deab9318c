package talonone

import (
	"encoding/json"
)

// Product is the product that a cart item is a variant of.
//
// It corresponds to "Product" in the API reference.
//
//gen:model
type Product struct {
	// Name is the name of the product ("name"). Required.
	Name string `json:"name"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}
