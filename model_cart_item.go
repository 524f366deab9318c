package talonone

import (
	"encoding/json"
	"log/slog"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// CartItem is one line of a cart: a number of units of one SKU.
//
// Amounts are in the Application's currency. It corresponds to "CartItem" in the API reference.
//
//gen:model sql
type CartItem struct {
	// Name is what the item is called ("name").
	Name string `json:"name,omitzero"`
	// SKU is the stock keeping unit ("sku"). Required, and not empty.
	SKU string `json:"sku" api:"min=1"`
	// Quantity is how many units are bought, at least 1 ("quantity"). Required. The quantities of a cart add up to at
	// most [MaxFlattenedQuantity].
	Quantity int `json:"quantity" api:"min=1"`
	// ReturnedQuantity is how many units were returned ("returnedQuantity"). Set by the server.
	ReturnedQuantity *int `json:"returnedQuantity,omitzero" api:"readonly"`
	// RemainingQuantity is how many units were not returned ("remainingQuantity"). Set by the server.
	RemainingQuantity *int `json:"remainingQuantity,omitzero" api:"readonly"`
	// Price is what one unit costs, in the Application's currency ("price"). Required, unless the item is in a catalog: nil
	// then takes the catalog's price, and any other value overrides it. Validate demands a price unless [CatalogPrices] is
	// given.
	Price *decimal.Decimal `json:"price,omitzero" api:"rule"`
	// Category is the item's category ("category").
	Category string `json:"category,omitzero"`
	// Product is the product that the SKU is a variant of ("product").
	Product *Product `json:"product,omitzero"`
	// Weight is the item's weight, in grams ("weight").
	Weight *decimal.Decimal `json:"weight,omitzero"`
	// Height is the item's height, in millimeters ("height").
	Height *decimal.Decimal `json:"height,omitzero"`
	// Width is the item's width, in millimeters ("width").
	Width *decimal.Decimal `json:"width,omitzero"`
	// Length is the item's length, in millimeters ("length").
	Length *decimal.Decimal `json:"length,omitzero"`
	// Position is the item's index in the cart, from 0 ("position"). Set by the server.
	Position *decimal.Decimal `json:"position,omitzero" api:"readonly"`
	// Attributes are the item's attributes, which the Campaign Manager must define first ("attributes"). An attribute missing
	// from a new version of the item is removed.
	Attributes Attributes `json:"attributes,omitzero"`
	// AdditionalCosts are the item's own costs, by their name in the Campaign Manager ("additionalCosts").
	AdditionalCosts map[string]AdditionalCost `json:"additionalCosts,omitzero"`
	// CatalogItemID is the number of the catalog item ("catalogItemID"). Set by the server.
	CatalogItemID *int64 `json:"catalogItemID,omitzero" api:"readonly"`
	// SelectedPriceType names the price in Prices that applies ("selectedPriceType"). Set by the server.
	SelectedPriceType string `json:"selectedPriceType,omitzero" api:"readonly"`
	// AdjustmentReferenceID is the UUID of the price adjustment that applies ("adjustmentReferenceId"). Set by the server.
	AdjustmentReferenceID string `json:"adjustmentReferenceId,omitzero" api:"readonly"`
	// AdjustmentEffectiveFrom is when the price adjustment begins ("adjustmentEffectiveFrom"). Set by the server.
	AdjustmentEffectiveFrom time.Time `json:"adjustmentEffectiveFrom,omitzero" api:"readonly"`
	// AdjustmentEffectiveUntil is when the price adjustment ends ("adjustmentEffectiveUntil"). Set by the server.
	AdjustmentEffectiveUntil time.Time `json:"adjustmentEffectiveUntil,omitzero" api:"readonly"`
	// Prices are all prices of the catalog item, by price type ("prices"). Set by the server.
	Prices map[string]PriceDetail `json:"prices,omitzero" api:"readonly"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// LogValue returns what is safe to log: the SKU, the quantity and the price, but no attributes.
func (c CartItem) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("sku", c.SKU), slog.Int("quantity", c.Quantity)}
	if c.Price != nil {
		attrs = append(attrs, slog.String("price", jsonwire.DecimalText(*c.Price)))
	}
	return slog.GroupValue(attrs...)
}
