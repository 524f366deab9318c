package keys

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		name            string
		first           string
		age, valid      time.Duration
		loads, requests int
	}{
		{"valid", "right", 0, time.Hour, 1, 1},
		{"expired", "right", 0, -time.Second, 2, 1},
		{"revoked", "old", 2 * time.Minute, time.Hour, 2, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := integrationtest.NewServer(t, integrationtest.WithAPIKey("right"))
			loads := 0
			keys := &Keys{Load: func(context.Context) (string, time.Time, error) {
				loads++
				if loads == 1 {
					return c.first, time.Now().Add(c.valid), nil
				}
				return "right", time.Now().Add(time.Hour), nil
			}}
			if _, err := keys.get(t.Context()); err != nil {
				t.Fatal(err)
			}
			keys.loaded = keys.loaded.Add(-c.age)
			client, err := integration.NewClient(server.URL, "", keys.Options()...)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{}); err != nil {
				t.Fatal(err)
			}
			if loads != c.loads || len(server.Requests()) != c.requests {
				t.Errorf("%d loads, %d requests", loads, len(server.Requests()))
			}
		})
	}
}

func TestKeysThatAreNotThere(t *testing.T) {
	server := integrationtest.NewServer(t)
	gone := errors.New("gone")
	keys := &Keys{Load: func(context.Context) (string, time.Time, error) { return "", time.Time{}, gone }}
	client := server.Client(keys.Options()...)
	if _, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{}); !errors.Is(err, gone) {
		t.Error(err)
	}
}
