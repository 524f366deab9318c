package integration

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
)

// benchEffects are two lists of 36 effects: one of each type with every member set, and what the answer for a cart of 12
// lines holds whose every unit has a discount.
func benchEffects(b *testing.B) map[string][]Effect {
	var each, discounts []Effect
	for _, name := range typeNames() {
		if name == "ShowBundleMetadata" {
			continue
		}
		e := Effect{Props: newProps(b, name)}
		fill(b, e.Props)
		each = append(each, e)
	}
	for i := range 36 {
		discounts = append(discounts, Effect{
			CampaignID: 244, RulesetID: 73, RuleIndex: i % 3, RuleName: "3 % off each pair of running shoes",
			Type: "setDiscountPerItem", TriggeredByCoupon: new(int64(4928)),
			Props: &SetDiscountPerItem{
				Name: fmt.Sprintf("3 %% off running shoes#%d", i/3), Value: decimal.New(int64(299+i), -2), Position: i / 3,
				SubPosition: new(i % 3), Scope: "price",
			},
		})
	}
	return map[string][]Effect{"each": each, "discounts": discounts}
}

func benchTexts(b *testing.B, run func(b *testing.B, effects []Effect, text []byte)) {
	for name, effects := range benchEffects(b) {
		b.Run(name, func(b *testing.B) {
			text, err := IntegrationState{Effects: effects}.MarshalJSON()
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			b.ResetTimer()
			run(b, effects, text)
		})
	}
}

func BenchmarkDecodeEffects(b *testing.B) {
	benchTexts(b, func(b *testing.B, _ []Effect, text []byte) {
		for b.Loop() {
			var s IntegrationState
			if err := s.UnmarshalJSON(text); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkDecodeEffectsTwin decodes the same text with encoding/json, the props in a second step, when their type is
// known.
func BenchmarkDecodeEffectsTwin(b *testing.B) {
	effectTwin := twin(reflect.TypeFor[Effect](), effectModel.Members())
	stateTwin := reflect.StructOf([]reflect.StructField{
		{Name: "Effects", Type: reflect.SliceOf(effectTwin), Tag: `json:"effects"`},
	})
	typeField, _ := effectTwin.FieldByName("Type")
	propsField, _ := effectTwin.FieldByName("Props")
	twins := map[string]reflect.Type{}
	for name, members := range effectTypes.Members() {
		twins[name] = twin(reflect.TypeOf(newProps(b, name)).Elem(), members)
	}
	benchTexts(b, func(b *testing.B, _ []Effect, text []byte) {
		for b.Loop() {
			state := reflect.New(stateTwin)
			if err := json.Unmarshal(text, state.Interface()); err != nil {
				b.Fatal(err)
			}
			effects := state.Elem().Field(0)
			for i := range effects.Len() {
				e := effects.Index(i)
				props := reflect.New(twins[e.FieldByIndex(typeField.Index).String()]).Interface()
				if err := json.Unmarshal(e.FieldByIndex(propsField.Index).Bytes(), props); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

func BenchmarkEncodeEffects(b *testing.B) {
	benchTexts(b, func(b *testing.B, effects []Effect, text []byte) {
		s := IntegrationState{Effects: effects}
		buf := make([]byte, 0, 2*len(text))
		for b.Loop() {
			if _, err := s.AppendJSON(buf); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// benchReceipt returns the largest cart that the API takes, 1000 lines of 10 units, with a discount on each unit.
func benchReceipt() (*talonone.CustomerSessionV2, []Effect) {
	s := new(talonone.CustomerSessionV2)
	var effects []Effect
	for i := range 1000 {
		s.CartItems = append(s.CartItems, talonone.CartItem{SKU: fmt.Sprintf("SKU-%06d", i), Quantity: 10, Price: new(decimal.New(int64(999+i), -2))})
		for unit := range 10 {
			effects = append(effects, Effect{CampaignID: 244, RulesetID: 73, RuleName: "3 % off", Props: &SetDiscountPerItem{
				Name: fmt.Sprintf("3 %% off#%d", i), Value: decimal.New(int64(29970+30*i), -5), Position: i, SubPosition: new(unit), Scope: "price",
			}})
		}
	}
	return s, effects
}

// BenchmarkReceipt is to be compared with the decoding of its effects.
func BenchmarkReceipt(b *testing.B) {
	s, effects := benchReceipt()
	text, err := IntegrationState{Effects: effects}.MarshalJSON()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var s IntegrationState
			if err := s.UnmarshalJSON(text); err != nil {
				b.Fatal(err)
			}
		}
	})
	receipt := func(b *testing.B, effects []Effect) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := NewReceipt(s, effects); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("new", func(b *testing.B) { receipt(b, effects) })
	b.Run("new, all rolled back", func(b *testing.B) {
		all := effects
		for _, e := range effects {
			p := e.Props.(*SetDiscountPerItem)
			all = append(all, Effect{Props: &RollbackDiscount{
				Name: p.Name, Value: p.Value, CartItemPosition: &p.Position, CartItemSubPosition: p.SubPosition, Scope: p.Scope,
			}})
		}
		receipt(b, all)
	})
	b.Run("round", func(b *testing.B) {
		r, err := NewReceipt(s, effects)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			r.Round(2)
		}
	})
}
