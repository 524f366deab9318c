package shop

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// open opens a shop at a server that knows one coupon.
func open(t *testing.T) (*Shop, *integrationtest.Server, *bytes.Buffer) {
	t.Helper()
	server := integrationtest.NewServer(t)
	server.OnEffects(func(e integrationtest.Evaluation) (effects []integration.Effect) {
		for _, code := range e.Session.CouponCodes {
			if code != "TEN" {
				effects = append(effects, integration.Effect{Props: &integration.RejectCoupon{Value: code, RejectionReason: "CouponNotFound"}})
				continue
			}
			effects = append(effects,
				integration.Effect{Props: &integration.AcceptCoupon{Value: code}},
				integration.Effect{Props: &integration.SetDiscount{Name: "ten", Value: e.Session.CartItemTotal.Mul(dec("0.1"))}})
		}
		return effects
	})
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))
	return New(server.Client(integration.WithLogger(log)), log), server, &said
}

func cart() []talonone.CartItem {
	return []talonone.CartItem{
		{SKU: "shoe", Quantity: 2, Price: new(dec("49.95")), Attributes: talonone.Attributes{"size": 43, "vegan": true}},
		{SKU: "sock", Quantity: 3, Price: new(dec("1.05"))},
	}
}

func TestOrder(t *testing.T) {
	shop, server, said := open(t)
	if quote, err := shop.Keep(t.Context(), "order-1", cart()); err != nil || !quote.ToPay.Equal(dec("103.05")) {
		t.Fatal(quote, err)
	}
	quote, err := shop.Price(t.Context(), "order-1", cart(), "TEN", "TWELVE")
	if err != nil {
		t.Fatal(err)
	}
	want := Quote{dec("92.75"), dec("10.30"), []string{"TEN is taken", "TWELVE is not taken: CouponNotFound"}}
	if !quote.ToPay.Equal(want.ToPay) || !quote.Saved.Equal(want.Saved) || !slices.Equal(quote.Notices, want.Notices) {
		t.Errorf("%v, want %v", *quote, want)
	}
	if session, _ := server.Session("order-1"); session.CouponCodes != nil {
		t.Error("a price changes nothing")
	}

	order, err := shop.Pay(t.Context(), "order-1", cart(), "TEN")
	if err != nil {
		t.Fatal(err)
	}
	if !order.Paid.Equal(want.ToPay) || order.Session.State != talonone.StateClosed || !order.Session.CartItemTotal.Equal(dec("103.05")) {
		t.Errorf("%+v", order)
	}
	if strings.Contains(said.String(), server.APIKey) || strings.Contains(said.String(), "TEN") {
		t.Errorf("the log says too much:\n%s", said)
	}

	row, err := Save(order)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Load(row)
	if err != nil {
		t.Fatal(err)
	}
	if !again.Session.Equal(order.Session) || again.Session.CartItems[0].Attributes == nil {
		t.Errorf("%s", row)
	}
	if size, ok := again.Session.CartItems[0].Attributes.Int64("size"); size != 43 || !ok {
		t.Errorf("%s", row)
	}

	if _, err = shop.Pay(t.Context(), "order-1", cart(), "TEN"); err != nil {
		t.Errorf("the same payment again: %v", err)
	}
	if _, err = shop.Keep(t.Context(), "order-1", cart()); !errors.Is(err, ErrPaid) {
		t.Errorf("a change of a paid order: %v", err)
	}
	if pointers := Problems(err); !slices.Equal(pointers, []string{"/state"}) {
		t.Errorf("%v", pointers)
	}

	order, err = shop.TakeBack(t.Context(), "order-1", 1)
	if err != nil {
		t.Fatal(err)
	}
	if order.Session.State != talonone.StatePartiallyReturned || *order.Session.CartItems[1].RemainingQuantity != 0 {
		t.Errorf("%+v", order.Session)
	}
}

func TestBadCart(t *testing.T) {
	shop, server, _ := open(t)
	items := append(cart(), talonone.CartItem{Quantity: -1, Price: new(dec("1"))})
	_, err := shop.Price(t.Context(), "order-2", items)
	if pointers := Problems(err); !slices.Equal(pointers, []string{"/cartItems/2/sku", "/cartItems/2/quantity"}) {
		t.Errorf("%v: %v", pointers, err)
	}
	if !errors.Is(err, talonone.ErrInvalidQuantity) || len(server.Requests()) != 0 {
		t.Errorf("%v", err)
	}
}

func TestOutage(t *testing.T) {
	shop, server, _ := open(t)
	server.FailNext(1, http.StatusServiceUnavailable, http.Header{"Retry-After": {"0"}})
	if _, err := shop.Pay(t.Context(), "order-3", cart()); err != nil {
		t.Errorf("one failure is made good: %v", err)
	}
}

// TestOwnProps: props need nothing of the library but to be what EffectProps says.
func TestOwnProps(t *testing.T) {
	effect := integration.Effect{Props: ownProps{Points: dec("1.50")}}
	text, err := effect.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var back integration.Effect
	if err := back.UnmarshalJSON(text); err != nil {
		t.Fatal(err)
	}
	unknown, ok := back.Props.(*integration.UnknownEffect)
	if !ok || unknown.Type != "shopPoints" || string(unknown.Raw) != `{"points":1.50}` {
		t.Errorf("%s: %+v", text, back.Props)
	}
}

// ownProps are the props of an effect that the library does not know.
type ownProps struct{ Points decimal.Decimal }

func (ownProps) EffectType() string { return "shopPoints" }

func (p ownProps) MarshalJSON() ([]byte, error) {
	return []byte(`{"points":` + p.Points.StringFixed(2) + `}`), nil
}

// TestDependencies: whoever uses the library gets one other module, and only its tests need more.
func TestDependencies(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", ".",
		"github.com/talonone-go/talonone/integration/integrationtest").Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := strings.Fields(string(out))
	slices.Sort(modules)
	want := []string{"example.com/shop", "github.com/shopspring/decimal", "github.com/talonone-go/talonone"}
	if got := slices.Compact(modules); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
