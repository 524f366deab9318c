package integration

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"testing"

	"github.com/shopspring/decimal"
)

// benchEffects are two lists of effects: one of each type with every member set, and the 36 that the answer for a cart of 12
// lines holds whose every unit has a discount.
func benchEffects(b *testing.B) map[string][]Effect {
	text, err := os.ReadFile("../test/testdata/api.json")
	if err != nil {
		b.Fatal(err)
	}
	var api struct {
		Models []struct {
			Effect  string
			Members []struct {
				Name    string
				Example json.RawMessage // nothing for a list of models
			}
		}
	}
	if err := json.Unmarshal(text, &api); err != nil {
		b.Fatal(err)
	}
	var each, discounts []Effect
	for _, m := range api.Models {
		if m.Effect == "" {
			continue
		}
		props := map[string]json.RawMessage{}
		for _, member := range m.Members {
			props[member.Name] = member.Example
		}
		text, err := json.Marshal(map[string]any{"effectType": m.Effect, "props": props})
		if err != nil {
			b.Fatal(err)
		}
		var e Effect
		if err := e.UnmarshalJSON(text); err != nil {
			b.Fatal(err)
		}
		if _, ok := e.Props.(*UnknownEffect); ok {
			b.Fatalf("%s is not known", m.Effect)
		}
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
	for _, effects := range benchEffects(b) {
		for _, e := range effects {
			twins[e.Props.EffectType()] = twin(reflect.TypeOf(e.Props).Elem())
		}
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

// twin returns a struct type that is like typ for encoding/json, with float64 for decimal.Decimal.
func twin(typ reflect.Type) reflect.Type {
	var fields []reflect.StructField
	for f := range typ.Fields() {
		if f.Name != "Extra" {
			fields = append(fields, reflect.StructField{Name: f.Name, Type: twinType(f.Type), Tag: f.Tag})
		}
	}
	return reflect.StructOf(fields)
}

func twinType(typ reflect.Type) reflect.Type {
	switch typ {
	case reflect.TypeFor[decimal.Decimal]():
		return reflect.TypeFor[float64]()
	case reflect.TypeFor[*decimal.Decimal]():
		return reflect.TypeFor[*float64]()
	case reflect.TypeFor[EffectProps]():
		return reflect.TypeFor[json.RawMessage]()
	case reflect.TypeFor[[]AffectedTransaction]():
		return reflect.SliceOf(twin(typ.Elem()))
	}
	return typ
}
