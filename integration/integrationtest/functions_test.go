package integrationtest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// An effect that can be encoded by itself, but not inside an answer, is refused before anything is stored.
func TestEffectsThatAreTooDeepForAnAnswer(t *testing.T) {
	raw := json.RawMessage(strings.Repeat("[", 9998) + strings.Repeat("]", 9998))
	deep := integration.Effect{Props: &integration.UnknownEffect{Type: "deep", Raw: raw}}
	_, err := deep.MarshalJSON()
	require.NoError(t, err)

	failed := &recorder{TB: t}
	server := integrationtest.NewServer(failed)
	server.OnEffects(func(integrationtest.Evaluation) []integration.Effect { return []integration.Effect{deep} })
	client := server.Client(integration.WithRetry(integration.Retry{MaxAttempts: 1}))
	_, err = client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
	require.ErrorIs(t, err, integration.ErrServer)
	require.Len(t, failed.all(), 1)
	require.Contains(t, failed.all()[0], "the effects of OnEffects cannot be sent: ")
	_, ok := server.Session("order-1")
	require.False(t, ok, "nothing is stored")
}

// The function of OnRollback gets a copy of the session.
func TestSessionOfOnRollbackIsACopy(t *testing.T) {
	server := integrationtest.NewServer(t)
	server.SetSession(talonone.CustomerSessionV2{
		IntegrationID: "order-1", State: talonone.StateClosed, CartItems: []talonone.CartItem{item("SHOE", 2, "49.95")},
	})
	server.OnRollback(func(
		_ talonone.Operation, session talonone.CustomerSessionV2, rollbacks []integration.Effect,
	) []integration.Effect {
		session.CartItems[0].SKU = "changed"
		return rollbacks
	})
	_, err := server.Client().UpdateCustomerSession(t.Context(), "order-1", withSession(talonone.CustomerSessionUpdate{
		State: talonone.StateCancelled,
	}))
	require.NoError(t, err)
	session, _ := server.Session("order-1")
	require.Equal(t, "SHOE", session.CartItems[0].SKU)
}

// Previous is nil for a new session, and empty for a session without effects.
func TestPreviousOfANewSession(t *testing.T) {
	server := integrationtest.NewServer(t)
	var evaluations []integrationtest.Evaluation
	server.OnEffects(func(e integrationtest.Evaluation) []integration.Effect {
		evaluations = append(evaluations, e)
		return nil
	})
	for range 2 {
		_, err := server.Client().UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
		require.NoError(t, err)
	}
	assert.Nil(t, evaluations[0].Previous)
	assert.Empty(t, evaluations[1].Previous)
}
