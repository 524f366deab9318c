package embed

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
)

func TestJSON(t *testing.T) {
	item := talonone.CartItem{
		SKU: "shoe", Quantity: 1, Price: new(decimal.RequireFromString("9.50")),
		Extra: map[string]json.RawMessage{"new": json.RawMessage(`true`)},
	}
	const text = `{"sku":"shoe","quantity":1,"price":9.50,`
	for want, v := range map[string]any{
		text + `"new":true}`: Wrong{item, "a.png"},
		`{"item":` + text + `"new":true},"image":"a.png"}`: Line{item, "a.png"},
		text + `"image":"a.png","new":true}`:               Flat{item, "a.png"},
	} {
		if got, err := json.Marshal(v); err != nil || string(got) != want {
			t.Errorf("%T: %s, %v", v, got, err)
		}
	}
	var flat Flat
	if err := json.Unmarshal([]byte(text+`"image":"a.png","new":true}`), &flat); err != nil {
		t.Fatal(err)
	}
	if flat.Image != "a.png" || !flat.CartItem.Equal(item) {
		t.Errorf("%+v", flat)
	}
	if len(item.Extra) != 1 {
		t.Error("the item was changed")
	}
}
