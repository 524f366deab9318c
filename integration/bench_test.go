package integration

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
)

// benchEffects are two lists of 36 effects: one of each type with every member set, and what the answer for a cart of 12
// lines holds whose every unit has a discount.
func benchEffects(b *testing.B) map[string][]Effect {
	var each, discounts []Effect
	for _, name := range slices.Sorted(maps.Keys(effectTypes)) {
		if effectTypes[name].EffectType() != name { // another spelling
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
	effectTwin := twin(reflect.TypeFor[Effect]())
	stateTwin := reflect.StructOf([]reflect.StructField{
		{Name: "Effects", Type: reflect.SliceOf(effectTwin), Tag: `json:"effects"`},
	})
	typeField, _ := effectTwin.FieldByName("Type")
	propsField, _ := effectTwin.FieldByName("Props")
	twins := map[string]reflect.Type{}
	for name, props := range effectTypes {
		twins[name] = twin(reflect.TypeOf(props).Elem())
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
