package test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/test/internal/twin"
)

// BenchmarkClient compares an update with what a program does that has net/http, encoding/json and float64, on a server
// that only drains the request and replies with the session.
func BenchmarkClient(b *testing.B) {
	for _, items := range []int{10, 1000} {
		session := twin.New(items, twin.Common)
		text, err := session.AppendJSON(nil)
		require.NoError(b, err)
		answer := []byte(`{"effects":[],"customerSession":` + string(text) + `}`)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(answer)
		}))
		b.Cleanup(server.Close)

		b.Run(fmt.Sprintf("items=%d/lib=talonone", items), func(b *testing.B) {
			client, err := integration.NewClient(server.URL, "key")
			require.NoError(b, err)
			request := integration.UpdateRequest{CustomerSession: session.Update()}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := client.UpdateCustomerSession(b.Context(), "session-1", request); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("items=%d/lib=twin", items), func(b *testing.B) {
			var request, response struct {
				CustomerSession twin.Session[float64] `json:"customerSession"`
			}
			require.NoError(b, json.Unmarshal(text, &request.CustomerSession))
			client := &http.Client{}
			b.ReportAllocs()
			for b.Loop() {
				body, err := json.Marshal(request)
				if err != nil {
					b.Fatal(err)
				}
				r, err := http.NewRequestWithContext(b.Context(), http.MethodPut, server.URL, bytes.NewReader(body))
				if err != nil {
					b.Fatal(err)
				}
				resp, err := client.Do(r)
				if err != nil {
					b.Fatal(err)
				}
				answer, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil {
					b.Fatal(err)
				}
				response.CustomerSession = twin.Session[float64]{}
				if err := json.Unmarshal(answer, &response); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
