package integration_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

func TestReceiptJSON(t *testing.T) {
	r, err := integration.NewReceipt(session([]string{"shipping", "4.90", "fee/<a>", "1"}, returned(3, new(1), nil, "wrap", "2.00")), effects(
		&integration.SetDiscountPerItem{Name: `10% "off"#0`, Value: dec("1.500"), SubPosition: new(2), Scope: "price"},
		&integration.SetDiscountPerAdditionalCost{Name: "free", AdditionalCost: "shipping", Value: dec("4.90")},
		&integration.SetDiscount{Name: "all", Value: dec("2")},
	))
	require.NoError(t, err)
	const line = `{"sku":"BACK","quantity":2,"returned":1,"subtotal":20.00,"discount":1.500,"total":18.500,` +
		`"additionalCosts":{"wrap":{"subtotal":2.00,"discount":0,"total":2.00,"discounts":[]}},` +
		`"discounts":[{"effectIndex":0,"name":"10% \"off\"#0","scope":"price","unit":2,"amount":1.500}]}`
	const shipping = `{"subtotal":4.90,"discount":4.90,"total":0.00,"discounts":[{"effectIndex":1,"name":"free","scope":"","unit":-1,"amount":4.90}]}`
	const whole = `{"effectIndex":2,"name":"all","scope":"","unit":-1,"amount":2}`
	want := `{"lines":[` + line + `],"additionalCosts":{"fee/<a>":{"subtotal":1,"discount":0,"total":1,"discounts":[]},"shipping":` + shipping + `},` +
		`"discounts":[` + whole + `],"subtotal":27.90,"discountTotal":8.400,"total":19.500}`

	text, err := r.MarshalJSON()
	require.NoError(t, err)
	require.Equal(t, want, string(text))
	for what, part := range map[string]json.Marshaler{
		line: r.Lines[0], shipping: r.AdditionalCosts["shipping"], whole: r.Discounts[0], want: r, `[` + want + `]`: nil,
	} {
		var v any = part
		if part == nil {
			v = []integration.Receipt{*r}
		}
		text, err := json.Marshal(v)
		require.NoError(t, err)
		require.Equal(t, strings.NewReplacer("<", `\u003c`, ">", `\u003e`).Replace(what), string(text))
	}

	text, err = r.Round(2).MarshalJSON()
	require.NoError(t, err)
	require.Contains(t, string(text), `"subtotal":27.90,"discountTotal":8.40,"total":19.50}`)
	text, err = integration.Receipt{}.MarshalJSON()
	require.NoError(t, err)
	require.Equal(t, `{"lines":[],"additionalCosts":{},"discounts":[],"subtotal":0,"discountTotal":0,"total":0}`, string(text))
	r, err = integration.NewReceipt(session(nil, item("A", 1, "1249")), nil)
	require.NoError(t, err)
	text, err = r.Round(-2).MarshalJSON()
	require.NoError(t, err)
	require.Contains(t, string(text), `"subtotal":1200,`, "without an exponent")
}

func TestReceiptJSONErrors(t *testing.T) {
	bad, huge := "\xff", decimal.New(1, 1024)
	type (
		line     = integration.ReceiptLine
		cost     = integration.ReceiptCost
		discount = integration.ReceiptDiscount
		costs    = map[string]cost
	)
	for _, tc := range []struct {
		value  json.Marshaler
		path   string
		reason error
	}{
		{integration.Receipt{Lines: []line{{}, {SKU: bad}}}, "/lines/1/sku", talonone.ErrInvalidUTF8},
		{integration.Receipt{Lines: []line{{Discounts: []discount{{Name: bad}}}}}, "/lines/0/discounts/0/name", talonone.ErrInvalidUTF8},
		{integration.Receipt{Lines: []line{{AdditionalCosts: costs{"a/b": {Discounts: []discount{{Scope: integration.DiscountScope(bad)}}}}}}}, "/lines/0/additionalCosts/a~1b/discounts/0/scope", talonone.ErrInvalidUTF8},
		{integration.Receipt{AdditionalCosts: costs{bad: {}}}, "/additionalCosts/\xff", talonone.ErrInvalidUTF8},
		{integration.Receipt{Total: huge}, "/total", talonone.ErrOutOfRange},
		{line{Subtotal: huge}, "/subtotal", talonone.ErrOutOfRange},
		{cost{Total: huge}, "/total", talonone.ErrOutOfRange},
		{discount{Amount: huge}, "/amount", talonone.ErrOutOfRange},
	} {
		for _, marshal := range []func() ([]byte, error){tc.value.MarshalJSON, func() ([]byte, error) { return json.Marshal(tc.value) }} {
			_, err := marshal()
			e, ok := errors.AsType[*talonone.EncodeError](err)
			require.True(t, ok, tc.path)
			require.Equal(t, tc.path, e.Path)
			require.ErrorIs(t, err, tc.reason)
		}
	}
}
