package integration

// This file stands in for request.go until it is merged. It is to be deleted then.

import (
	"encoding/json"

	"github.com/talonone-go/talonone/internal/member"
)

type ReturnedCartItem struct {
	Position *int
	SKU      string
	Quantity *int
	Extra    map[string]json.RawMessage
}

var returnedCartItemModel = member.NewModel((*ReturnedCartItem).members)

func (i *ReturnedCartItem) members(m *member.List) {
	m.Optional("position", &i.Position)
	m.Optional("sku", &i.SKU)
	m.Optional("quantity", &i.Quantity)
	m.Extra(&i.Extra)
}

func (i ReturnedCartItem) MarshalJSON() ([]byte, error) { return marshal(returnedCartItemModel, i) }

func (i *ReturnedCartItem) UnmarshalJSON(text []byte) error {
	return unmarshal(returnedCartItemModel, text, i)
}
