package nethttp

import (
	"encoding/json"
	"io"
	"net/http"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"

	"example.com/recipes/shop"
)

// New returns a handler for POST /carts/{id}.
func New(client *integration.Client) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /carts/{id}", Carts(client, func(r *http.Request) string { return r.PathValue("id") }))
	return mux
}

// Carts prices the cart in the body of a request.
func Carts(client *integration.Client, sessionID func(*http.Request) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, shop.MaxBody))
		if err != nil {
			http.Error(w, "the body is too large, or broken", http.StatusBadRequest)
			return
		}
		var update talonone.CustomerSessionUpdate
		err = update.UnmarshalJSON(body)
		var receipt *integration.Receipt
		if err == nil {
			receipt, err = shop.Price(r.Context(), client, sessionID(r), update)
		}
		if err != nil {
			status, text := shop.Status(err)
			http.Error(w, text, status)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(receipt)
	}
}
