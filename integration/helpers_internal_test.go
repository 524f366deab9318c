package integration

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// newProps returns a pointer to a zero struct of a type of effect.
func newProps(t testing.TB, name string) EffectProps {
	text, err := json.Marshal(map[string]any{"effectType": name, "props": map[string]any{}})
	require.NoError(t, err)
	var e Effect
	require.NoError(t, e.UnmarshalJSON(text))
	return e.Props
}

// fill sets every field of the struct that p points to, Extra apart, to a value that is not zero.
func fill(t testing.TB, p any) {
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Name != "Extra" {
			v.Field(i).Set(sample(t, v.Field(i).Type()))
		}
	}
}

// sample returns a value of a field's type that is not zero.
func sample(t testing.TB, typ reflect.Type) reflect.Value {
	v := reflect.New(typ).Elem()
	switch p := v.Addr().Interface().(type) {
	case *decimal.Decimal:
		*p = decimal.New(1250, -2)
		return v
	case *time.Time:
		*p = time.Date(2026, 2, 7, 8, 15, 22, 123456789, time.UTC)
		return v
	case *json.RawMessage:
		*p = json.RawMessage(`{"a": [1.50]}`)
		return v
	case *talonone.Attributes:
		*p = talonone.Attributes{"color": "red"}
		return v
	case *EffectProps:
		*p = &AcceptCoupon{Value: "SUMMER"}
		return v
	case *Effect:
		*p = Effect{RuleName: "text", Props: &AcceptCoupon{Value: "SUMMER"}}
		return v
	case *talonone.CustomerSessionV2:
		*p = talonone.CustomerSessionV2{ProfileID: "text", CartItems: []talonone.CartItem{{SKU: "text"}}}
		return v
	}
	switch typ.Kind() {
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Pointer:
		v.Set(reflect.New(typ.Elem()))
		v.Elem().Set(sample(t, typ.Elem()))
	case reflect.Slice:
		v.Set(reflect.Append(v, sample(t, typ.Elem())))
	case reflect.Struct:
		fill(t, v.Addr().Interface())
	default:
		t.Fatalf("no sample of type %s", typ)
	}
	return v
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
