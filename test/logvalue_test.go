package test

import (
	"bytes"
	"log/slog"
	"math"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/talonone-go/talonone"
)

// logged returns a value as a log line has it.
func logged(v any) string {
	var buf bytes.Buffer
	handler := slog.NewTextHandler(&buf, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == slog.LevelKey || a.Key == slog.MessageKey {
			return slog.Attr{}
		}
		return a
	}})
	slog.New(handler).Info("", "v", v)
	return strings.TrimSpace(buf.String())
}

func TestLogValue(t *testing.T) {
	for _, c := range []struct {
		v    any
		want string
	}{
		{talonone.CustomerSessionV2{}, `v.integrationId="" v.state=open v.cartItems=0 v.total=0`},
		{talonone.CustomerSessionV2{IntegrationID: "i", State: talonone.StateClosed, CartItems: make([]talonone.CartItem, 2), Total: decimal.New(550, -2)},
			`v.integrationId=i v.state=closed v.cartItems=2 v.total=5.50`},
		{&talonone.CustomerSessionV2{State: "unheard of", Total: decimal.New(12, 3)}, `v.integrationId="" v.state="unheard of" v.cartItems=0 v.total=12000`},
		{talonone.CustomerSessionV2{Total: decimal.New(1, math.MaxInt32)}, `v.integrationId="" v.state=open v.cartItems=0 v.total="out of range"`},
		{talonone.CustomerSessionUpdate{}, `v.state="" v.cartItems=0`},
		{talonone.CustomerSessionUpdate{State: talonone.StateOpen, CartItems: make([]talonone.CartItem, 1)}, `v.state=open v.cartItems=1`},
		{talonone.CartItem{}, `v.sku="" v.quantity=0`},
		{talonone.CartItem{SKU: "a", Quantity: 2, Price: new(decimal.New(100, -2))}, `v.sku=a v.quantity=2 v.price=1.00`},
		{&talonone.CartItem{SKU: "a", Quantity: -1, Price: new(decimal.New(1, math.MinInt32))}, `v.sku=a v.quantity=-1 v.price="out of range"`},
	} {
		assert.Equal(t, c.want, logged(c.v))
	}
}
