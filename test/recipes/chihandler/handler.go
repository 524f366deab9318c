package chihandler

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"github.com/talonone-go/talonone/integration"

	"example.com/recipes/nethttp"
)

// New returns a router with POST /carts/{id}.
func New(client *integration.Client) http.Handler {
	router := chi.NewRouter()
	router.Post("/carts/{id}", nethttp.Carts(client, sessionID))
	return router
}

// sessionID returns the ID in the path. If RawPath is set, chi matches the escaped path, so the ID is still escaped.
func sessionID(r *http.Request) string {
	id := chi.URLParam(r, "id")
	if r.URL.RawPath != "" {
		if unescaped, err := url.PathUnescape(id); err == nil {
			return unescaped
		}
	}
	return id
}
