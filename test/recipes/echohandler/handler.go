package echohandler

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"

	"example.com/recipes/shop"
)

// New returns a router with POST /carts/:id.
func New(client *integration.Client) http.Handler {
	router := echo.New()
	router.POST("/carts/:id", func(c echo.Context) error {
		r, id := c.Request(), c.Param("id")
		if r.URL.RawPath != "" { // echo then matches the escaped path, so the ID is still escaped
			if unescaped, err := url.PathUnescape(id); err == nil {
				id = unescaped
			}
		}
		r.Body = http.MaxBytesReader(c.Response(), r.Body, shop.MaxBody)
		// Do not use c.Bind: it also sets fields from the path and the query.
		var update talonone.CustomerSessionUpdate
		if err := (&echo.DefaultBinder{}).BindBody(c, &update); err != nil {
			return err // a 400, or a 415 if the Content-Type is not application/json
		}
		receipt, err := shop.Price(r.Context(), client, id, update)
		if err != nil {
			status, text := shop.Status(err)
			return echo.NewHTTPError(status, text).SetInternal(err) // your HTTPErrorHandler can log it
		}
		return c.JSON(http.StatusOK, receipt)
	})
	return router
}
