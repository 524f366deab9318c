package integrationtest

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// FuzzRequest sends any bytes as the body of an update and of a return. The answer is a 200 that our client can read, or a 400
// that changes nothing.
func FuzzRequest(f *testing.F) {
	files, err := filepath.Glob("../../test/testdata/fixtures/*-request.*.json")
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, file := range files {
		body, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(body)
	}
	f.Add([]byte(`{"customerSession":{"state":"closed","cartItems":[{"sku":"A","quantity":2,"price":1e-7}]},"responseContent":["customerSession"]}`))
	f.Add([]byte(`{"return":{"returnedCartItems":[{"position":0},{"sku":"B","quantity":1}]},"responseContent":["previousReturns"]}`))

	f.Fuzz(func(t *testing.T, body []byte) {
		for _, request := range [][2]string{
			{"PUT", "/v2/customer_sessions/new"}, {"PUT", "/v2/customer_sessions/open"}, {"POST", "/v2/customer_sessions/closed/returns"},
		} {
			s := newServer(t, nil)
			for _, state := range []talonone.State{talonone.StateOpen, talonone.StateClosed} {
				s.SetSession(talonone.CustomerSessionV2{
					IntegrationID: string(state), State: state, CartItems: []talonone.CartItem{{SKU: "A", Quantity: 3}, {SKU: "B", Quantity: 1}},
				})
			}
			r := httptest.NewRequest(request[0], request[1], bytes.NewReader(body))
			r.Header.Set("Authorization", "ApiKey-v1 "+s.APIKey)
			w := httptest.NewRecorder()
			s.serve(w, r)

			var changed []int64
			for _, id := range []string{"new", "open", "closed"} {
				session, ok := s.Session(id)
				if ok && (id == "new" || session.UpdateCount > 1 || session.State == talonone.StatePartiallyReturned) {
					changed = append(changed, session.ID)
					require.NoError(t, session.CheckTotals())
				}
			}
			switch w.Code {
			case http.StatusOK:
				require.Len(t, changed, 1)
				var state integration.IntegrationState
				require.NoError(t, state.UnmarshalJSON(w.Body.Bytes()))
			case http.StatusBadRequest:
				require.Empty(t, changed)
			default:
				t.Fatalf("%s %s: %d %s", request[0], request[1], w.Code, w.Body)
			}
		}
	})
}
