package test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// places are where values may stand, by what may stand there. In a member that is JSON anything may too, but a null there is
// as good as nothing.
type places struct{ free, json, amount, integer, text []place }

// allPlaces returns those of the models, and those of the answers that package integration reads: every member of every
// model and of every type of effect that is free JSON, an amount, an integer or a text, and every Extra.
func allPlaces(t *testing.T) places {
	t.Helper()
	all := places{slices.Clone(freePlaces), nil, slices.Clone(amountPlaces), slices.Clone(integerPlaces), slices.Clone(textPlaces)}
	for _, m := range ofPackage("integration") {
		all.addMembers(m)
	}
	raw := func(v any) json.RawMessage { return v.(*integration.Effect).Props.(*integration.UnknownEffect).Raw }
	all.json = append(all.json, place{"props of an unknown type", `{"effectType":"beamUp","props":`, `}`, "/props", newModel[integration.Effect],
		func(v any) any { return raw(v) }})
	all.free = append(all.free,
		place{"in props of an unknown type", `{"props":{"a":[1,`, `]},"effectType":"beamUp"}`, "/props/a/1", newModel[integration.Effect],
			func(v any) any {
				var props map[string]json.RawMessage
				if err := json.Unmarshal(raw(v), &props); err != nil {
					panic(err)
				}
				return element(props["a"], 1)
			}},
		place{"attributes of a session of an answer", `{"customerSession":{"attributes":{"v":`, `}}}`, "/customerSession/attributes/v",
			newModel[integration.IntegrationState],
			func(v any) any { return v.(*integration.IntegrationState).CustomerSession.Attributes["v"] }},
	)
	all.amount = append(all.amount, place{"price of an item of an answer", `{"customerSession":{"cartItems":[{"price":`, `}]}}`,
		"/customerSession/cartItems/0/price", newModel[integration.IntegrationState],
		func(v any) any { return *v.(*integration.IntegrationState).CustomerSession.CartItems[0].Price }})
	return all
}

// lenientPlaces are the places whose value is kept in Extra if it does not fit its field, with the names of the members.
var lenientPlaces sync.Map

// addMembers adds the places in a model, and the Extra of the models in it.
func (all *places) addMembers(m modelCase) {
	add := func(list *[]place, name, before, after, path string, get func(model reflect.Value) any) {
		p := place{name: m.name + "." + name, before: before, after: after, path: path, new: m.new, get: func(v any) any {
			return get(reflect.ValueOf(v).Elem())
		}}
		if member := m.schema.member(strings.Split(path, "/")[1]); member != nil && member.lenient {
			lenientPlaces.Store(p.name, member.name)
		}
		*list = append(*list, p)
	}
	rawType := reflect.TypeFor[json.RawMessage]()
	add(&all.free, "Extra", `{`+m.schema.zeros("")+`"unknown":`, `}`, "/unknown", func(model reflect.Value) any {
		return model.FieldByName("Extra").Interface().(map[string]json.RawMessage)["unknown"]
	})
	typ := reflect.TypeOf(m.new().pointer()).Elem()
	for i, declared := range m.schema {
		name, field := declared.name, typ.Field(i).Type
		member := func(model reflect.Value) any { return reflect.Indirect(model.Field(i)).Interface() }
		if field.Kind() == reflect.Pointer {
			field = field.Elem()
		}
		before, after, path := `{`+m.schema.zeros(name)+`"`+name+`":`, `}`, "/"+name
		switch {
		case field == rawType:
			add(&all.json, name, before, after, path, member)
		case field == reflect.TypeFor[decimal.Decimal]():
			add(&all.amount, name, before, after, path, member)
		case field.Kind() == reflect.Int64:
			add(&all.integer, name, before, after, path, member)
		case field.Kind() == reflect.String:
			add(&all.text, name, before, after, path, func(model reflect.Value) any { return reflect.Indirect(model.Field(i)).String() })
		case field == reflect.TypeFor[talonone.Attributes]():
			add(&all.free, name, before+`{"v":`, `}`+after, path+"/v", func(model reflect.Value) any { return member(model).(talonone.Attributes)["v"] })
		case field.Kind() == reflect.Struct && hasExtra(field):
			add(&all.free, name+".Extra", before+`{"unknown":`, `}`+after, path+"/unknown", func(model reflect.Value) any {
				return reflect.Indirect(model.Field(i)).FieldByName("Extra").Interface().(map[string]json.RawMessage)["unknown"]
			})
		case field.Kind() == reflect.Slice && hasExtra(field.Elem()):
			add(&all.free, name+".Extra", before+`[{},{"unknown":`, `}]`+after, path+"/1/unknown", func(model reflect.Value) any {
				return model.Field(i).Index(1).FieldByName("Extra").Interface().(map[string]json.RawMessage)["unknown"]
			})
		}
	}
}

// TestAllPlaces checks that every member of package integration is among the places of its kind, and that no two places have
// one name.
func TestAllPlaces(t *testing.T) {
	all := allPlaces(t)
	names := map[string]bool{}
	named := func(list []place) (found []string) {
		for _, p := range list {
			assert.False(t, names[p.name], p.name)
			names[p.name] = true
			found = append(found, p.name)
		}
		return found
	}
	places := map[kind][]string{textKind: named(all.text), amountKind: named(all.amount), int64Kind: named(all.integer), anyKind: named(all.json), objectKind: named(all.free)}
	for _, m := range ofPackage("integration") {
		assert.Contains(t, places[objectKind], m.name+".Extra")
		for _, member := range m.schema {
			switch member.kind {
			case modelKind, modelsKind:
				assert.Contains(t, places[objectKind], m.name+"."+member.name+".Extra")
			case textKind, amountKind, int64Kind, anyKind, objectKind:
				assert.Contains(t, places[member.kind], m.name+"."+member.name)
			}
		}
	}
}

// TestRFC8259Props puts numbers into props as they stand in an effect. One that does not fit costs the props their type, and
// nothing else.
func TestRFC8259Props(t *testing.T) {
	const before, after = `{"effectType":"setDiscount","props":{"name":"n","value":`, `,"desiredValue":1},"campaignId":7}`
	for _, c := range numberCases {
		t.Run(c.name, func(t *testing.T) {
			var e integration.Effect
			document := before + c.text + after
			err := e.UnmarshalJSON([]byte(document))
			if c.err != nil {
				requireDecodeError(t, err, document, c.err, "/props/value", before+c.before)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, int64(7), e.CampaignID)
			if c.amount != "" {
				assert.Equal(t, c.amount, encodedAmount(t, e.Props.(*integration.SetDiscount).Value))
				return
			}
			unknown := e.Props.(*integration.UnknownEffect)
			assert.Equal(t, "setDiscount", unknown.Type)
			raw := `{"name":"n","value":` + c.text + `,"desiredValue":1}`
			assert.Equal(t, raw, string(unknown.Raw), "byte for byte")
			requireDecodeError(t, unknown.Err, raw, outOfRange, "/value", `{"name":"n","value":`)
		})
	}
}
