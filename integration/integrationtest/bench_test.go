package integrationtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/codec"
)

// These benchmarks compare an update of a cart with the work that no server can avoid: to decode the request, to find the effects
// and the totals, and to encode the answer. CI runs them, but no test depends on time.

// shopUpdate returns the body of a typical update of a shop. It asks for the session in the answer.
func shopUpdate(tb testing.TB, items int) []byte {
	tb.Helper()
	update := talonone.CustomerSessionUpdate{
		ProfileID:       new("customer-42"),
		CouponCodes:     []string{"XMAS-20"},
		AdditionalCosts: map[string]talonone.AdditionalCost{"shipping": {Price: decimal.RequireFromString("5.90")}},
		Attributes:      talonone.Attributes{"Channel": "app"},
	}
	for i := range items {
		update.CartItems = append(update.CartItems, talonone.CartItem{
			Name: fmt.Sprintf("Product number %d", i), SKU: fmt.Sprintf("SKU-%05d", i), Quantity: 1 + i%3,
			Price: new(decimal.New(int64(1999+i), -2)), Category: "Shoes",
			Attributes: talonone.Attributes{"Color": "red", "Size": "42", "Vegan": true},
		})
	}
	text, err := update.MarshalJSON()
	if err != nil {
		tb.Fatal(err)
	}
	return fmt.Appendf(nil, `{"customerSession":%s,"responseContent":["customerSession"]}`, text)
}

// tenPercent gives a discount on each line, and accepts the coupon.
func tenPercent(session talonone.CustomerSessionV2) []integration.Effect {
	effect := func(props integration.EffectProps) integration.Effect {
		return integration.Effect{CampaignID: 1, RulesetID: 1, RuleName: "ten percent", Props: props}
	}
	effects := make([]integration.Effect, 0, len(session.CartItems)+1)
	effects = append(effects, effect(&integration.AcceptCoupon{Value: "XMAS-20"}))
	for i, item := range session.CartItems {
		effects = append(effects, effect(&integration.SetDiscountPerItem{
			Name: "ten percent", Value: item.Price.Shift(-1), Position: i,
		}))
	}
	return effects
}

// floor does only the work that every answer to the update needs.
func floor(body []byte) ([]byte, error) {
	var b updateBody
	if err := codec.Unmarshal(body, &b, decodeUpdateBody); err != nil {
		return nil, err
	}
	session := talonone.CustomerSessionV2{IntegrationID: "order-1001", State: talonone.StateOpen, ID: 1, ApplicationID: 1}
	mergeMembers(&session, b.CustomerSession)
	setTotals(&session)
	state := respond(session, tenPercent(session), b.ResponseContent, nil)
	return state.MarshalJSON()
}

// A sink takes an answer without keeping it.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header            { return s.header }
func (s *sink) WriteHeader(status int)         { s.status = status }
func (s *sink) Write(text []byte) (int, error) { return len(text), nil }

func newBenchmarkServer(tb testing.TB) *Server {
	s := NewServer(tb)
	s.OnEffects(func(e Evaluation) []integration.Effect { return tenPercent(e.Session) })
	return s
}

func updateRequest(tb testing.TB, s *Server, id string, body []byte) *http.Request {
	tb.Helper()
	url := s.URL + "/v2/customer_sessions/" + id
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPut, url, bytes.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Authorization", "ApiKey-v1 "+s.APIKey)
	return r
}

// An updater sends an update and reads the answer.
type updater struct {
	name   string
	update func() error
}

// updaters returns the ways to do the same update. The first is the floor.
func updaters(tb testing.TB, items int) []updater {
	body := shopUpdate(tb, items)
	s := newBenchmarkServer(tb)
	handler, r, w := s.Handler(), updateRequest(tb, s, "order-1001", body), &sink{header: http.Header{}}
	return []updater{
		{"floor", func() error {
			_, err := floor(body)
			return err
		}},
		{"handler", func() error {
			clear(w.header)
			r.Body = io.NopCloser(bytes.NewReader(body))
			handler.ServeHTTP(w, r)
			if w.status != http.StatusOK {
				return fmt.Errorf("status %d", w.status)
			}
			return nil
		}},
		{"loopback", func() error {
			resp, err := http.DefaultClient.Do(updateRequest(tb, s, "order-1002", body))
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				return errors.New(resp.Status)
			}
			_, err = io.Copy(io.Discard, resp.Body)
			return err
		}},
	}
}

func BenchmarkUpdate(b *testing.B) {
	for _, items := range []int{10, 100} {
		for i := range updaters(b, 0) {
			u := updaters(b, items)[i]
			b.Run(fmt.Sprintf("items=%d/%s", items, u.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := u.update(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkUpdateRatio runs the ways in turn, so other load on the machine affects all of them equally. It reports their medians,
// also as multiples of the floor's median.
func BenchmarkUpdateRatio(b *testing.B) {
	for _, items := range []int{10, 100} {
		b.Run(fmt.Sprintf("items=%d", items), func(b *testing.B) {
			ways := updaters(b, items)
			times := make([][]time.Duration, len(ways))
			for b.Loop() {
				for i, u := range ways {
					start := time.Now()
					if err := u.update(); err != nil {
						b.Fatal(err)
					}
					times[i] = append(times[i], time.Since(start))
				}
			}
			var floor float64
			for i, u := range ways {
				slices.Sort(times[i])
				median := float64(times[i][len(times[i])/2].Nanoseconds())
				if i == 0 {
					floor = median
				}
				b.ReportMetric(median/1e3, u.name+"-µs")
				b.ReportMetric(median/floor, u.name+"/floor")
			}
		})
	}
}
