package ginhandler

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"

	"example.com/recipes/shop"
)

// New returns an engine with POST /carts/:id.
func New(client *integration.Client) http.Handler {
	router := gin.New()
	router.UseRawPath = true // otherwise an ID with an escaped slash matches no route
	router.POST("/carts/:id", func(c *gin.Context) {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, shop.MaxBody)
		var update talonone.CustomerSessionUpdate
		if err := c.ShouldBindJSON(&update); err != nil {
			c.String(http.StatusBadRequest, "the body is too large, or not a cart")
			return
		}
		// Do not pass c itself: its Done is nil by default, so the call would go on after the customer has left.
		receipt, err := shop.Price(c.Request.Context(), client, c.Param("id"), update)
		if err != nil {
			status, text := shop.Status(err)
			c.String(status, "%s", text)
			return
		}
		c.JSON(http.StatusOK, receipt)
	})
	return router
}
