package integrationtest

import (
	"maps"

	"github.com/shopspring/decimal"
)

// An Option changes how a server is made; nil does nothing. A value may be used by several goroutines at once.
type Option func(*Server)

// WithAPIKey makes the server ask for this key, instead of one of its own choice.
func WithAPIKey(key string) Option { return func(s *Server) { s.APIKey = key } }

// WithCatalog gives the server a catalog: the price of one unit by SKU, in the Application's currency. An item that comes
// without a price gets the catalog's, and one that is not in the catalog must come with a price, or the answer is a 400.
// Without a catalog, no item must have a price, and one without counts 0.
func WithCatalog(prices map[string]decimal.Decimal) Option {
	return func(s *Server) { s.catalog = maps.Clone(prices) }
}

// defaultAPIKey is not a secret, and does not look like one.
const defaultAPIKey = "integrationtest-api-key"
