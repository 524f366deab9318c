package talonone

import (
	"encoding/json"
	"log/slog"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
	"github.com/talonone-go/talonone/internal/member"
)

// CartItem is one line of a cart: a number of units of one SKU.
//
// Amounts are in the Application's currency. A value may be read by several goroutines at once, but not while one of
// them changes it. It corresponds to "CartItem" in the API reference.
type CartItem struct {
	// Name is what the item is called ("name").
	Name string
	// SKU is the stock keeping unit ("sku"). Required, and not empty.
	SKU string
	// Quantity is how many units are bought, at least 1 ("quantity"). Required. The quantities of a cart add up to at
	// most [MaxFlattenedQuantity].
	Quantity int
	// ReturnedQuantity is how many units were returned ("returnedQuantity"). Set by the server.
	ReturnedQuantity *int
	// RemainingQuantity is how many units were not returned ("remainingQuantity"). Set by the server.
	RemainingQuantity *int
	// Price is what one unit costs ("price"). Required, unless the item is in a catalog: then nil takes the catalog's price,
	// which a price that is given overrides. Validate demands it where [CatalogPrices] is not given.
	Price *decimal.Decimal
	// Category is the item's category ("category").
	Category string
	// Product is the product that the SKU is a variant of ("product").
	Product *Product
	// Weight is in grams ("weight").
	Weight *decimal.Decimal
	// Height is in millimeters ("height").
	Height *decimal.Decimal
	// Width is in millimeters ("width").
	Width *decimal.Decimal
	// Length is in millimeters ("length").
	Length *decimal.Decimal
	// Position is the item's index in the cart, from 0 ("position"). Set by the server.
	Position *decimal.Decimal
	// Attributes are the item's attributes, which the Campaign Manager must define first ("attributes"). Those that a new
	// version of the item does not have are removed.
	Attributes Attributes
	// AdditionalCosts are the item's own costs, by the name that the Campaign Manager gave them ("additionalCosts").
	AdditionalCosts map[string]AdditionalCost
	// CatalogItemID is the number of the catalog item ("catalogItemID"). Set by the server.
	CatalogItemID *int64
	// SelectedPriceType names the price in Prices that applies ("selectedPriceType"). Set by the server.
	SelectedPriceType string
	// AdjustmentReferenceID is the UUID of the price adjustment that applies ("adjustmentReferenceId"). Set by the server.
	AdjustmentReferenceID string
	// AdjustmentEffectiveFrom is when the price adjustment begins ("adjustmentEffectiveFrom"). Set by the server.
	AdjustmentEffectiveFrom time.Time
	// AdjustmentEffectiveUntil is when the price adjustment ends ("adjustmentEffectiveUntil"). Set by the server.
	AdjustmentEffectiveUntil time.Time
	// Prices are all prices of the catalog item, by price type ("prices"). Set by the server.
	Prices map[string]PriceDetail
	// Extra holds the members that this version does not know, as they were written. They are written after the known
	// ones, sorted by name.
	Extra map[string]json.RawMessage
}

var cartItemModel = member.NewModel((*CartItem).members)

func (c *CartItem) members(m *member.List) {
	m.Optional("name", &c.Name)
	m.Required("sku", &c.SKU)
	m.Required("quantity", &c.Quantity)
	m.ReadOnly("returnedQuantity", &c.ReturnedQuantity)
	m.ReadOnly("remainingQuantity", &c.RemainingQuantity)
	m.Optional("price", &c.Price)
	m.Optional("category", &c.Category)
	m.Optional("product", &c.Product)
	m.Optional("weight", &c.Weight)
	m.Optional("height", &c.Height)
	m.Optional("width", &c.Width)
	m.Optional("length", &c.Length)
	m.ReadOnly("position", &c.Position)
	m.Optional("attributes", (*map[string]any)(&c.Attributes))
	m.Optional("additionalCosts", &c.AdditionalCosts)
	m.ReadOnly("catalogItemID", &c.CatalogItemID)
	m.ReadOnly("selectedPriceType", &c.SelectedPriceType)
	m.ReadOnly("adjustmentReferenceId", &c.AdjustmentReferenceID)
	m.ReadOnly("adjustmentEffectiveFrom", &c.AdjustmentEffectiveFrom)
	m.ReadOnly("adjustmentEffectiveUntil", &c.AdjustmentEffectiveUntil)
	m.ReadOnly("prices", &c.Prices)
	m.Extra(&c.Extra)
}

// MarshalJSON returns the item as JSON, or an [*EncodeError].
func (c CartItem) MarshalJSON() ([]byte, error) { return marshal(cartItemModel, c) }

// UnmarshalJSON replaces the item by the one in text. On a [*DecodeError] it is left as it was.
func (c *CartItem) UnmarshalJSON(text []byte) error { return unmarshal(cartItemModel, text, c) }

// AppendJSON appends the item as JSON to dst. On an [*EncodeError] it returns dst at its old length.
func (c CartItem) AppendJSON(dst []byte) ([]byte, error) { return appendJSON(cartItemModel, dst, c) }

// Equal reports whether both items encode to the same JSON value. Amounts are compared by value and times by instant.
// The attributes must not contain themselves.
func (c CartItem) Equal(other CartItem) bool { return cartItemModel.Equal(c, other) }

// Clone returns a deep copy. The attributes must not contain themselves; a value among them whose type this package
// does not walk through is shared (see [Attributes]).
func (c CartItem) Clone() CartItem { return cartItemModel.Clone(c) }

// LogValue returns what may stand in a log: the SKU, the quantity and the price. Attributes stay out.
func (c CartItem) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("sku", c.SKU), slog.Int("quantity", c.Quantity)}
	if c.Price != nil {
		attrs = append(attrs, slog.String("price", jsonwire.DecimalText(*c.Price)))
	}
	return slog.GroupValue(attrs...)
}
