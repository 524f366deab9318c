package integrationtest

import (
	"log/slog"
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

// WithAttributes names the attributes that the Campaign Manager knows. An update with another one, of the session or of an item,
// is answered with a 400 that points at it. Without this option any attribute is accepted. A later WithAttributes replaces an
// earlier one.
func WithAttributes(names ...string) Option {
	return func(s *Server) { s.known.attributes = nameSet(names) }
}

// WithAdditionalCosts names the additional costs that the Campaign Manager knows. An update with another one, of the session or
// of an item, is answered with a 400 that points at it. Without this option any additional cost is accepted. A later
// WithAdditionalCosts replaces an earlier one.
func WithAdditionalCosts(names ...string) Option {
	return func(s *Server) { s.known.costs = nameSet(names) }
}

// WithRequestLimit keeps only the last n requests for [Server.Requests] and [Server.Dump], so that a server that runs for long
// does not keep every body. With 0 it keeps none. The default is to keep all.
func WithRequestLimit(n int) Option { return func(s *Server) { s.requestLimit = max(n, 0) } }

// WithLogger sets where a server of [Start] logs what fails the test under [NewServer]: one record at level WARN for each, with
// no identifier, code or payload in it. The default is [slog.Default]; nil logs nothing. Under NewServer it has no effect.
func WithLogger(logger *slog.Logger) Option {
	return func(s *Server) {
		s.logger = logger
		if logger == nil {
			s.logger = slog.New(slog.DiscardHandler)
		}
	}
}

// defaultAPIKey is not a secret, and does not look like one.
const defaultAPIKey = "integrationtest-api-key"
