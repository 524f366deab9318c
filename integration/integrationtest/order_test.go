package integrationtest_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// TestAnswersOfManyClientsAreInOrder: 64 clients update a few sessions at once. Each update has its own updateCount in its session,
// and a later update of a client has a higher one. If a session is busy, the answer is a 409 and the client tries again.
func TestAnswersOfManyClientsAreInOrder(t *testing.T) {
	const clients, sessions, updates = 64, 8, 4
	server := integrationtest.NewServer(t)
	server.OnEffects(func(e integrationtest.Evaluation) []integration.Effect {
		time.Sleep(time.Millisecond) // so that requests of other clients arrive
		return []integration.Effect{{Props: &integration.SetDiscount{Name: fmt.Sprint(e.Session.UpdateCount), Value: e.Session.Total}}}
	})
	type answered struct {
		session string
		counts  []int64 // the updateCount in each answer to a client, in order
	}
	answers := make([]answered, clients)
	var group sync.WaitGroup
	for i := range answers {
		client := server.Client(once)
		answers[i].session = fmt.Sprintf("order-%d", i%sessions)
		group.Go(func() {
			for len(answers[i].counts) < updates {
				price := fmt.Sprintf("%d.%02d", i+1, len(answers[i].counts))
				state, err := client.UpdateCustomerSession(t.Context(), answers[i].session,
					withSession(talonone.CustomerSessionUpdate{CartItems: []talonone.CartItem{item("SHOE", 1, price)}}))
				if errors.Is(err, integration.ErrConflict) {
					continue
				}
				if !assert.NoError(t, err) {
					return
				}
				// The answer has nothing from another client's update.
				assert.Equal(t, price, state.CustomerSession.Total.StringFixed(2))
				discount, ok := state.Effects[0].Props.(*integration.SetDiscount)
				if assert.True(t, ok) {
					assert.Equal(t, fmt.Sprint(state.CustomerSession.UpdateCount), discount.Name)
					assert.Equal(t, price, discount.Value.StringFixed(2))
				}
				answers[i].counts = append(answers[i].counts, state.CustomerSession.UpdateCount)
			}
		})
	}
	group.Wait()

	seen := map[string]map[int64]bool{}
	for _, a := range answers {
		require.Len(t, a.counts, updates)
		require.IsIncreasing(t, a.counts)
		if seen[a.session] == nil {
			seen[a.session] = map[int64]bool{}
		}
		for _, count := range a.counts {
			require.False(t, seen[a.session][count], "two updates with the same count")
			seen[a.session][count] = true
		}
	}
	const all = clients / sessions * updates
	for id, counts := range seen {
		require.Len(t, counts, all)
		require.True(t, counts[1] && counts[all], "the counts have no gap")
		session, ok := server.Session(id)
		require.True(t, ok)
		require.EqualValues(t, all, session.UpdateCount)
	}
}
