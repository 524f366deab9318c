package test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// A generator makes random values of the models, which can be written, and changes them. It walks through every field by
// reflection, and knows no field by name: a new one is filled and changed as soon as it is there. It fails on one of a type
// that it does not know.
type generator struct {
	*rand.Rand
	err error
}

func newGenerator(seed uint64) *generator { return &generator{Rand: rand.New(rand.NewPCG(seed, 8259))} }

// schemas has what the JSON of each struct looks like.
var schemas = func() map[reflect.Type]schema {
	all := map[reflect.Type]schema{}
	for _, m := range models {
		all[reflect.TypeOf(m.new().pointer()).Elem()] = m.schema
	}
	return all
}()

// fill sets what p points to to a random value.
func (g *generator) fill(p any) { g.set(reflect.ValueOf(p).Elem()) }

func (g *generator) set(v reflect.Value) {
	switch p := v.Addr().Interface().(type) {
	case *decimal.Decimal:
		*p = g.amount()
		return
	case *time.Time:
		*p = g.time()
		return
	case *talonone.State:
		*p = pick(g, "", talonone.StateOpen, talonone.StateClosed, talonone.StateCancelled, talonone.StatePartiallyReturned, "unheard of")
		return
	case *talonone.Attributes:
		*p = nil
		if !g.rarely() {
			*p = g.object(2)
		}
		return
	case *map[string]json.RawMessage:
		*p = g.extra()
		return
	}
	switch t := v.Type(); v.Kind() {
	case reflect.String:
		v.SetString(g.text())
	case reflect.Bool:
		v.SetBool(g.rarely())
	case reflect.Int, reflect.Int64:
		v.SetInt(pick(g, 0, 1, -1, 7, 1<<31, int64(g.Uint64()>>1)))
	case reflect.Pointer:
		v.SetZero()
		if g.often() {
			v.Set(reflect.New(t.Elem()))
			g.set(v.Elem())
		}
	case reflect.Slice:
		v.SetZero()
		if g.often() {
			v.Set(reflect.MakeSlice(t, g.IntN(4), 4))
			for i := range v.Len() {
				g.set(v.Index(i))
			}
		}
	case reflect.Map:
		v.SetZero()
		if t.Key().Kind() != reflect.String {
			g.unknown(t)
		} else if g.often() {
			v.Set(reflect.MakeMap(t))
			for range g.IntN(4) {
				value := reflect.New(t.Elem()).Elem()
				g.set(value)
				v.SetMapIndex(reflect.ValueOf(g.name()).Convert(t.Key()), value)
			}
		}
	case reflect.Struct:
		s, ok := schemas[t]
		if !ok {
			g.unknown(t)
			return
		}
		for _, field := range v.Fields() {
			g.set(field)
		}
		if g.rarely() {
			g.shadow(v, s)
		}
	default:
		g.unknown(t)
	}
}

func (g *generator) unknown(t reflect.Type) {
	g.err = fmt.Errorf("the generator does not know %s: teach set, change and scramble", t)
}

// shadow puts a member that the struct leaves out into its Extra.
func (g *generator) shadow(v reflect.Value, s schema) {
	written := map[string]json.RawMessage{}
	text, err := v.Addr().Interface().(json.Marshaler).MarshalJSON()
	if err != nil || json.Unmarshal(text, &written) != nil {
		return // what the fields hold may not be good together yet
	}
	extra := v.FieldByName("Extra")
	for _, m := range s {
		if _, ok := written[m.name]; !ok && g.rarely() {
			if extra.IsNil() {
				extra.Set(reflect.MakeMap(extra.Type()))
			}
			extra.SetMapIndex(reflect.ValueOf(m.name), reflect.ValueOf(json.RawMessage(pick(g, "null", m.sample()))))
		}
	}
}

// sample returns what a member may be.
func (m *memberSchema) sample() string {
	switch m.kind {
	case textKind:
		return `"a"`
	case boolKind:
		return "true"
	case intKind, int64Kind:
		return "1.0"
	case amountKind:
		return `"1.50"`
	case timeKind:
		return `"2000-01-01T00:00:00Z"`
	case textsKind, intsKind, int64sKind, modelsKind:
		return "[ ]"
	default:
		return "{}"
	}
}

func pick[V any](g *generator, values ...V) V { return values[g.IntN(len(values))] }

func (g *generator) often() bool  { return g.IntN(3) > 0 }
func (g *generator) rarely() bool { return g.IntN(5) == 0 }

func (g *generator) text() string {
	return pick(g, "", "a", "b", "open", "2026-02-07T08:15:22Z", "1", "null", "<&>", "\"\\\n\x00", "é€😀\u2028", strings.Repeat("long ", 30))
}

func (g *generator) name() string {
	return pick(g, "", "a", "A", "b", "shipping", "a/b~c", "é\"\\\n", "unknown", "Price", "price ")
}

func (g *generator) amount() decimal.Decimal {
	exp := int32(g.IntN(7) - 4)
	switch g.IntN(6) {
	case 0:
		return decimal.Decimal{}
	case 1:
		return decimal.New(0, exp)
	case 2:
		large, _ := new(big.Int).SetString("123456789012345678901234567890", 10)
		return decimal.NewFromBigInt(large, exp)
	default:
		return decimal.New(pick(g, 1, -1, 15, 150, 999, -1250, g.Int64()), exp)
	}
}

var zones = []*time.Location{time.UTC, time.FixedZone("", 3600), time.FixedZone("", -5*3600-1800), time.FixedZone("LMT", 3208)}

func (g *generator) time() time.Time {
	if g.rarely() {
		return time.Time{}.In(pick(g, zones...))
	}
	return time.Unix(g.Int64N(4_000_000_000), pick(g, 0, 1, 500_000_000, g.Int64N(1_000_000_000))).In(pick(g, zones...))
}

func (g *generator) extra() map[string]json.RawMessage {
	if g.often() {
		return pick(g, nil, map[string]json.RawMessage{})
	}
	extra := map[string]json.RawMessage{}
	for range g.IntN(3) {
		extra["x"+g.name()] = json.RawMessage(pick(g, `null`, ` null`, `1`, `1.0`, `1e0`, `"1"`, `"\u0031"`, `[ 1, {"b":2,"a":[]} ]`, `[1,{"a":[],"b":2}]`, `{}`))
	}
	return extra
}

func (g *generator) object(depth int) map[string]any {
	object := map[string]any{}
	for range g.IntN(4) {
		object[g.name()] = g.free(depth)
	}
	return object
}

// free returns a value for attributes, of any of the types that may stand there and that a clone copies.
func (g *generator) free(depth int) any {
	if depth > 0 && g.rarely() {
		switch g.IntN(8) {
		case 0:
			return g.object(depth - 1)
		case 1:
			return []any{g.free(depth - 1), g.free(depth - 1)}
		case 2:
			return talonone.Attributes(g.object(depth - 1))
		case 3:
			return map[namedString]decimal.Decimal{namedString(g.name()): g.amount()}
		case 4:
			return []*decimal.Decimal{new(g.amount()), nil}
		case 5:
			return &map[string]any{"p": g.free(depth - 1)}
		case 6:
			return map[string][]any{"l": {g.free(depth - 1)}}
		default:
			return talonone.Product{Name: g.text(), Extra: g.extra()}
		}
	}
	switch g.IntN(22) {
	case 0:
		return nil
	case 1:
		return g.text()
	case 2:
		return g.rarely()
	case 3:
		return json.Number(pick(g, "0", "-0", "1", "1.0", "1e0", "15e-1", "1.50", "9007199254740993", "1e999999999", "10e999999998"))
	case 4:
		return g.IntN(3)
	case 5:
		return pick(g, 0, 1, 1.5, -1.5, 0.1, 1e21, 1e-7)
	case 6:
		return pick(g, float32(1.5), 0.1)
	case 7:
		return uint8(g.IntN(3))
	case 8:
		return int64(g.IntN(3))
	case 9:
		return g.amount()
	case 10:
		return new(g.amount())
	case 11:
		return (*decimal.Decimal)(nil)
	case 12:
		return decimal.NewNullDecimal(g.amount())
	case 13:
		return decimal.NullDecimal{}
	case 14:
		return g.time()
	case 15:
		return json.RawMessage(pick(g, `1`, ` 1.0`, `"a"`, `null`, `[1]`, `{"a":1}`))
	case 16:
		return []any{}
	case 17:
		return map[string]any{}
	case 18:
		return pick[any](g, []any(nil), map[string]any(nil), []string(nil), (*int)(nil))
	case 19:
		return []string{g.text()}
	case 20:
		return []byte("bytes")
	default:
		return new(g.IntN(3))
	}
}

// change changes v in a few places: now and then so that its JSON has another value, and else only its Go value.
func (g *generator) change(v reflect.Value) {
	here := g.IntN(12) == 0
	switch p := v.Addr().Interface().(type) {
	case *decimal.Decimal:
		if here {
			*p = pick(g, rescaled(*p), rescaled(*p), p.Neg(), p.Add(decimal.New(1, p.Exponent())), decimal.Decimal{})
		}
		return
	case *time.Time:
		if here {
			*p = pick(g, p.In(pick(g, zones...)), p.In(pick(g, zones...)), p.Add(1), time.Time{})
		}
		return
	case *talonone.State:
		if here {
			*p = pick(g, "", talonone.StateOpen, talonone.StateClosed)
		}
		return
	case *talonone.Attributes:
		if here {
			*p = pick(g, nil, talonone.Attributes{}, talonone.Attributes{"a": g.free(0)})
		}
		for name, value := range *p {
			if here = g.IntN(6) == 0; here {
				(*p)[name] = g.changed(value)
			}
		}
		return
	case *map[string]json.RawMessage:
		if here {
			*p = pick(g, nil, map[string]json.RawMessage{}, map[string]json.RawMessage{"x": json.RawMessage(`1`)})
		}
		for name, raw := range *p {
			if g.rarely() {
				(*p)[name] = json.RawMessage(pick(g, " "+string(raw)+"\n", `1`))
			}
		}
		return
	}
	switch t := v.Type(); v.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64:
		if here {
			g.set(v)
		}
	case reflect.Pointer:
		if here {
			g.set(v)
		} else if !v.IsNil() {
			g.change(v.Elem())
		}
	case reflect.Slice:
		if here {
			v.Set(pick(g, reflect.Zero(t), reflect.MakeSlice(t, 0, 0), reflect.Append(v, reflect.Zero(t.Elem())), v))
		}
		for i := range v.Len() {
			g.change(v.Index(i))
		}
	case reflect.Map:
		if here {
			v.Set(pick(g, reflect.Zero(t), reflect.MakeMap(t), v))
		}
		for _, key := range v.MapKeys() {
			value := reflect.New(t.Elem()).Elem()
			value.Set(v.MapIndex(key))
			g.change(value)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		s, ok := schemas[t]
		if !ok {
			g.unknown(t)
			return
		}
		for _, field := range v.Fields() {
			g.change(field)
		}
		if here {
			g.shadow(v, s)
		}
	default:
		g.unknown(t)
	}
}

// changed returns another Go value for one in attributes, mostly of the same JSON value.
func (g *generator) changed(v any) any {
	if g.rarely() {
		return g.free(1)
	}
	switch v := v.(type) {
	case decimal.Decimal:
		return pick[any](g, rescaled(v), new(v), decimal.NewNullDecimal(v))
	case string:
		return pick[any](g, namedString(v), new(v))
	case nil:
		return pick[any](g, decimal.NullDecimal{}, []any(nil), (*string)(nil), json.RawMessage("null"))
	}
	text, err := json.Marshal(talonone.Attributes{"v": v})
	if err != nil {
		g.err = err
		return nil
	}
	var back talonone.Attributes
	if err := json.Unmarshal(text, &back); err != nil {
		g.err = err
	}
	return back["v"]
}

// rescaled returns the same amount with more places.
func rescaled(d decimal.Decimal) decimal.Decimal {
	return decimal.NewFromBigInt(new(big.Int).Mul(d.Coefficient(), big.NewInt(100)), d.Exponent()-2)
}

// scramble changes everything that v refers to: what a copy of v would share with it. It visits every pointer, element of a
// slice and value of a map, also inside attributes and Extra.
func (g *generator) scramble(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			g.scramble(v.Elem())
		}
	case reflect.Pointer:
		if !v.IsNil() {
			g.scramble(v.Elem())
			v.Elem().Set(otherThan(v.Elem()))
		}
	case reflect.Slice:
		for i := range v.Len() {
			g.scramble(v.Index(i))
			v.Index(i).Set(otherThan(v.Index(i)))
		}
	case reflect.Map:
		if v.IsNil() {
			return
		}
		for _, key := range v.MapKeys() {
			g.scramble(v.MapIndex(key))
			v.SetMapIndex(key, otherThan(v.MapIndex(key)))
		}
		v.SetMapIndex(reflect.ValueOf("scrambled").Convert(v.Type().Key()), reflect.Zero(v.Type().Elem()))
	case reflect.Struct:
		switch v.Type() {
		case reflect.TypeFor[decimal.Decimal](), reflect.TypeFor[decimal.NullDecimal](), reflect.TypeFor[time.Time]():
			return // their parts cannot be changed from outside
		}
		for _, field := range v.Fields() {
			g.scramble(field)
		}
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Uint8, reflect.Float64, reflect.Float32:
		// These refer to nothing.
	default:
		g.unknown(v.Type())
	}
}

// otherThan returns a value that differs from v.
func otherThan(v reflect.Value) reflect.Value {
	if !v.IsZero() {
		return reflect.Zero(v.Type())
	}
	other := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Interface:
		other.Set(reflect.ValueOf("scrambled"))
	case reflect.Uint8:
		other.SetUint('x')
	case reflect.String:
		other.SetString("scrambled")
	case reflect.Int, reflect.Int64:
		other.SetInt(42)
	case reflect.Slice:
		other.Set(reflect.MakeSlice(v.Type(), 1, 1))
	case reflect.Map:
		other.Set(reflect.MakeMap(v.Type()))
	case reflect.Pointer:
		other.Set(reflect.New(v.Type().Elem()))
	}
	return other
}

// TestGenerator checks that the generator finds what it does not know, and that it fills every field of every model.
func TestGenerator(t *testing.T) {
	for _, p := range []any{new(float64), new(struct{ A int }), new([]chan int), new(map[int]string), new(complex64)} {
		found := false
		for seed := range uint64(50) {
			g := newGenerator(seed)
			g.fill(p)
			found = found || g.err != nil
		}
		assert.True(t, found, "%T", p)
	}
	for _, m := range models {
		filled := map[string]bool{}
		typ := reflect.TypeOf(m.new().pointer()).Elem()
		for seed := range uint64(200) {
			g := newGenerator(seed)
			v := m.new()
			g.fill(v.pointer())
			require.NoError(t, g.err)
			_, err := v.AppendJSON(nil)
			require.NoError(t, err)
			if typ.Kind() == reflect.Struct {
				for i := range typ.NumField() {
					if !reflect.ValueOf(v.pointer()).Elem().Field(i).IsZero() {
						filled[typ.Field(i).Name] = true
					}
				}
			}
		}
		if typ.Kind() == reflect.Struct {
			assert.Len(t, filled, typ.NumField(), "%s has fields that are never filled: %v", m.name, filled)
		}
	}
}
