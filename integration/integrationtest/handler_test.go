package integrationtest_test

import (
	"net/http/httptest"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// TestHandler serves the API on another listener. The server's own listener is closed.
func TestHandler(t *testing.T) {
	server := integrationtest.Start()
	server.OnEffects(func(integrationtest.Evaluation) []integration.Effect {
		return []integration.Effect{{Props: &integration.SetDiscount{Name: "off", Value: decimal.New(10, 0)}}}
	})
	server.Close()
	other := httptest.NewServer(server.Handler())
	defer other.Close()
	client, err := integration.NewClient(other.URL, server.APIKey)
	require.NoError(t, err)
	_, err = client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
	require.NoError(t, err)
	state, err := client.GetCustomerSession(t.Context(), "order-1")
	require.NoError(t, err)

	effects, ok := server.Effects("order-1")
	require.True(t, ok)
	require.Len(t, effects, 1)
	assert.True(t, effects[0].Equal(state.Effects[0]))
	effects[0].Props.(*integration.SetDiscount).Name = "changed" // it is a copy
	again, _ := server.Effects("order-1")
	assert.True(t, again[0].Equal(state.Effects[0]))

	_, ok = server.Effects("order-2")
	assert.False(t, ok)
}
