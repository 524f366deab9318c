package integrationtest

import (
	"log/slog"
	"maps"

	"github.com/shopspring/decimal"
)

// An Option sets a property of a new server. A nil Option does nothing. Several goroutines may use the same Option at once.
type Option func(*Server)

// WithAPIKey sets the key that requests must carry. Without this option the server chooses one: see [Server.APIKey].
func WithAPIKey(key string) Option { return func(s *Server) { s.APIKey = key } }

// WithCatalog gives the server a catalog: the price of one unit by SKU, in the Application's currency. An item without a price
// gets the price of the catalog. If the catalog does not have its SKU either, the answer is a 400. Without this option an item
// needs no price, and the total counts a missing price as 0.
func WithCatalog(prices map[string]decimal.Decimal) Option {
	return func(s *Server) { s.catalog = maps.Clone(prices) }
}

// WithAttributes names the attributes that the Campaign Manager knows. If an update has another one, on the session or on an item,
// the answer is a 400 that points at it. Without this option any attribute is accepted. A later WithAttributes replaces an earlier
// one.
func WithAttributes(names ...string) Option {
	return func(s *Server) { s.known.attributes = nameSet(names) }
}

// WithAdditionalCosts names the additional costs that the Campaign Manager knows. If an update has another one, on the session or on
// an item, the answer is a 400 that points at it. Without this option any additional cost is accepted. A later WithAdditionalCosts
// replaces an earlier one.
func WithAdditionalCosts(names ...string) Option {
	return func(s *Server) { s.known.costs = nameSet(names) }
}

// WithRequestLimit keeps only the last n requests for [Server.Requests] and [Server.Dump], so a server that runs for a long time
// does not keep every body. With 0 or a negative n it keeps none. The default is to keep all.
func WithRequestLimit(n int) Option { return func(s *Server) { s.requestLimit = max(n, 0) } }

// WithLogger sets the logger of a server of [Start] for the problems that fail the test under [NewServer]. Each problem is one
// record at level WARN, without identifiers, codes or payloads. The default is [slog.Default]. With nil nothing is logged. Under
// NewServer the option has no effect.
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
