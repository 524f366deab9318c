package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/test/internal/twin"
)

// BenchmarkRest measures the operations on a session other than decoding and encoding.
func BenchmarkRest(b *testing.B) {
	for _, items := range []int{10, 100, 1000} {
		s := twin.New(items, twin.Common)
		text, err := s.AppendJSON(nil)
		if err != nil {
			b.Fatal(err)
		}
		effects := unitDiscounts(&s)
		effectsText, err := integration.IntegrationState{Effects: effects}.AppendJSON(nil)
		if err != nil {
			b.Fatal(err)
		}
		receipt, err := integration.NewReceipt(&s, effects)
		if err != nil {
			b.Fatal(err)
		}
		rolledBack := append(slices.Clip(effects), rollbacks(effects)...)
		server := answering(b, text)
		client, err := integration.NewClient(server.URL, "key")
		if err != nil {
			b.Fatal(err)
		}
		var floats twin.Session[float64]
		if err := json.Unmarshal(text, &floats); err != nil {
			b.Fatal(err)
		}
		update := integration.UpdateRequest{CustomerSession: s.Update()}

		for _, c := range []struct {
			name string
			do   func() error
		}{
			{"decode the session", func() error { return new(talonone.CustomerSessionV2).UnmarshalJSON(text) }},
			{"json.Valid", func() error { return valid(text) }},
			{"Validate", func() error { return s.Validate() }},
			{"ComputeTotals", func() error { s.ComputeTotals(); return nil }},
			{"decode a discount for each unit", func() error { return new(integration.IntegrationState).UnmarshalJSON(effectsText) }},
			{"NewReceipt of these", func() error { _, err := integration.NewReceipt(&s, effects); return err }},
			{"NewReceipt, all rolled back", func() error { _, err := integration.NewReceipt(&s, rolledBack); return err }},
			{"Receipt.Round", func() error { receipt.Round(2); return nil }},
			{"UpdateCustomerSession", func() error { _, err := client.UpdateCustomerSession(b.Context(), "session-1", update); return err }},
			{"the same with net/http and float64", func() error { return updateTwin(b, server.URL, &floats) }},
		} {
			b.Run(fmt.Sprintf("doc=items=%d/lib=%s", items, c.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := c.do(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// unitDiscounts sets the quantity of every line of s to 10, and returns one discount for each unit.
func unitDiscounts(s *talonone.CustomerSessionV2) (effects []integration.Effect) {
	const units = 10
	for i := range s.CartItems {
		s.CartItems[i].Quantity = units
		s.CartItems[i].RemainingQuantity = new(units)
		for unit := range units {
			effects = append(effects, integration.Effect{CampaignID: 244, RulesetID: 73, RuleName: "3 % off", Props: &integration.SetDiscountPerItem{
				Name: fmt.Sprintf("3 %% off#%d", i), Value: decimal.New(int64(29970+30*i), -5), Position: i, SubPosition: new(unit), Scope: "price",
			}})
		}
	}
	return effects
}

func rollbacks(effects []integration.Effect) (all []integration.Effect) {
	for _, e := range effects {
		p := e.Props.(*integration.SetDiscountPerItem)
		all = append(all, integration.Effect{Props: &integration.RollbackDiscount{
			Name: p.Name, Value: p.Value, CartItemPosition: &p.Position, CartItemSubPosition: p.SubPosition, Scope: p.Scope,
		}})
	}
	return all
}

// answering returns a server that only drains a request and replies with the session.
func answering(b *testing.B, session []byte) *httptest.Server {
	answer := []byte(`{"effects":[],"customerSession":` + string(session) + `}`)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}))
	b.Cleanup(server.Close)
	return server
}

// updateTwin sends an update as a program without this library would, with net/http, encoding/json and float64.
func updateTwin(b *testing.B, url string, session *twin.Session[float64]) error {
	body, err := json.Marshal(struct {
		CustomerSession *twin.Session[float64] `json:"customerSession"`
	}{session})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPut, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, new(twin.State[float64, json.RawMessage]))
}
