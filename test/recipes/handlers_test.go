package recipes

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"example.com/recipes/chihandler"
	"example.com/recipes/echohandler"
	"example.com/recipes/ginhandler"
	"example.com/recipes/nethttp"

	"github.com/gin-gonic/gin"

	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

func TestHandlers(t *testing.T) {
	gin.SetMode(gin.TestMode)
	const cart = `{"cartItems":[{"sku":"shoe","quantity":2,"price":49.95}]}`
	for name, handler := range map[string]func(*integration.Client) http.Handler{
		"nethttp": nethttp.New, "gin": ginhandler.New, "echo": echohandler.New, "chi": chihandler.New,
	} {
		for _, c := range []struct {
			name, path, id, body string
			fail, status         int
		}{
			{"a cart", "/carts/order-1", "order-1", cart, 0, 200},
			{"an ID with other characters", "/carts/a%20b%2Fc%25", "a b/c%", cart, 0, 200},
			{"an ID with a percent sign", "/carts/50%25", "50%", cart, 0, 200},
			{"an ID that looks escaped", "/carts/50%2541", "50%41", cart, 0, 200},
			{"an ID with a plus", "/carts/a+b", "a+b", cart, 0, 200},
			{"no JSON", "/carts/order-1", "", `{"cartItems":`, 0, 400},
			{"an amount that is none", "/carts/order-1", "", `{"cartItems":[{"sku":"shoe","quantity":1,"price":true}]}`, 0, 400},
			{"a body without end", "/carts/order-1", "", `{"x":"` + strings.Repeat("x", 2<<20) + `"}`, 0, 400},
			{"a broken rule", "/carts/order-1", "", `{"cartItems":[{"sku":"shoe","quantity":0,"price":1}]}`, 0, 422},
			{"out of order", "/carts/order-1", "", cart, 503, 503},
			{"our key is wrong", "/carts/order-1", "", cart, 401, 500},
		} {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				server := integrationtest.NewServer(t)
				if c.fail != 0 {
					server.FailNext(4, c.fail, nil)
				}
				client := server.Client(integration.WithRetry(integration.Retry{BaseDelay: time.Millisecond}))
				r := httptest.NewRequest("POST", c.path, strings.NewReader(c.body))
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				handler(client).ServeHTTP(w, r)
				body, _ := io.ReadAll(w.Body)
				if w.Code != c.status {
					t.Fatalf("status %d, not %d: %s", w.Code, c.status, body)
				}
				if c.status != 200 {
					return
				}
				if _, ok := server.Session(c.id); !ok {
					t.Errorf("no session %q: %s", c.id, server.Requests()[0].Path)
				}
				var receipt struct{ Total json.Number }
				if err := json.Unmarshal(body, &receipt); err != nil || receipt.Total != "99.90" {
					t.Errorf("%v, a total of %s in %s", err, receipt.Total, body)
				}
			})
		}
	}
}
