package test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

type (
	namedString   string
	namedInt      int16
	namedFloat    float32
	namedBool     bool
	namedMap      map[namedString]any
	namedSlice    []any
	namedBytes    []byte
	namedDecimals map[string]decimal.Decimal
	// byPointer has an encoding of its own, but only through a pointer.
	byPointer        struct{ n int }
	textByPointer    int
	keyText          string
	ownJSON          struct{ text string }
	failing          struct{}
	failingByPointer struct{}
	panicking        struct{}
	garbage          struct{ text string }
)

func (p *byPointer) MarshalJSON() ([]byte, error)      { return fmt.Appendf(nil, `"pointer %d"`, p.n), nil }
func (p *textByPointer) MarshalText() ([]byte, error)  { return fmt.Appendf(nil, "text %d", *p), nil }
func (k keyText) MarshalText() ([]byte, error)         { return []byte("key " + k), nil }
func (v ownJSON) MarshalJSON() ([]byte, error)         { return []byte(v.text), nil }
func (failing) MarshalJSON() ([]byte, error)           { return nil, errForeign }
func (*failingByPointer) MarshalJSON() ([]byte, error) { return nil, errForeign }
func (panicking) MarshalJSON() ([]byte, error)         { panic("secret-in-a-panic") }
func (g garbage) MarshalJSON() ([]byte, error)         { return []byte(g.text), nil }

var errForeign = errors.New("secret-in-an-error")

// TestEncodeFree has every Go type that attributes may hold. Where encoding/json writes the same, that is checked too.
func TestEncodeFree(t *testing.T) {
	ten, half := 10, decimal.New(50, -2)
	pointer := &ten
	berlin := time.FixedZone("CET", 3600)
	for _, c := range []struct {
		name   string
		v      any
		want   string
		differ string // why encoding/json writes something else
	}{
		{"nil", nil, `null`, ""},
		{"string", "a", `"a"`, ""},
		{"string with HTML", "<&>", `"<&>"`, "it escapes HTML"},
		{"string with separators", "\u2028\u2029", "\"\u2028\u2029\"", "it escapes them for JavaScript"},
		{"string with DEL", "\x7f", "\"\x7f\"", ""},
		{"string with escapes", "\"\\\b\f\n\r\t\x00\x1f/", `"\"\\\b\f\n\r\t\u0000\u001f/"`, ""},
		{"named string", namedString("a"), `"a"`, ""},
		{"bool", true, `true`, ""},
		{"named bool", namedBool(false), `false`, ""},
		{"json.Number", json.Number("1.500e+2"), `1.500e+2`, ""},
		{"json.Number, negative zero", json.Number("-0"), `-0`, ""},
		{"json.Number, hostile", json.Number("1e999999999"), `1e999999999`, ""},
		{"int", -1, `-1`, ""},
		{"int8", int8(-128), `-128`, ""},
		{"int16", int16(math.MaxInt16), `32767`, ""},
		{"int32", int32(math.MinInt32), `-2147483648`, ""},
		{"int64", int64(math.MinInt64), `-9223372036854775808`, ""},
		{"uint", uint(1), `1`, ""},
		{"uint8", uint8(255), `255`, ""},
		{"uint16", uint16(math.MaxUint16), `65535`, ""},
		{"uint32", uint32(math.MaxUint32), `4294967295`, ""},
		{"uint64", uint64(math.MaxUint64), `18446744073709551615`, ""},
		{"uintptr", uintptr(1), `1`, ""},
		{"named int", namedInt(7), `7`, ""},
		{"float64", 0.1, `0.1`, ""},
		{"float64, negative zero", math.Copysign(0, -1), `-0`, ""},
		{"float64, whole", 100.0, `100`, ""},
		{"float64, small", 1e-7, `1e-7`, ""},
		{"float64, very small", 5e-324, `5e-324`, ""},
		{"float64, just not small", 1e-6, `0.000001`, ""},
		{"float64, large", 1e21, `1e+21`, ""},
		{"float64, just not large", 1e20, `100000000000000000000`, ""},
		{"float64, largest", math.MaxFloat64, `1.7976931348623157e+308`, ""},
		{"float32", float32(0.1), `0.1`, ""},
		{"float32, small", float32(1e-7), `1e-7`, ""},
		{"float32, large", float32(1e21), `1e+21`, ""},
		{"named float32", namedFloat(16777216), `16777216`, ""},
		{"decimal", decimal.New(550, -2), `5.50`, "decimal writes a string without the zero"},
		{"decimal, zero", decimal.Decimal{}, `0`, "decimal writes a string"},
		{"decimal, large", decimal.New(12, 3), `12000`, "decimal writes a string"},
		{"pointer to decimal", &half, `0.50`, "decimal writes a string"},
		{"nil pointer to decimal", (*decimal.Decimal)(nil), `null`, ""},
		{"NullDecimal", decimal.NewNullDecimal(half), `0.50`, "decimal writes a string"},
		{"NullDecimal without value", decimal.NullDecimal{Decimal: half}, `null`, ""},
		{"pointer to NullDecimal", new(decimal.NewNullDecimal(half)), `0.50`, "decimal writes a string"},
		{"slice of decimals", []decimal.Decimal{half}, `[0.50]`, "decimal writes a string"},
		{"slice of pointers to decimals", []*decimal.Decimal{&half, nil}, `[0.50,null]`, "decimal writes a string"},
		{"map of decimals", map[string]decimal.Decimal{"b": half, "a": decimal.New(1, 0)}, `{"a":1,"b":0.50}`, "decimal writes a string"},
		{"named map of decimals", namedDecimals{"a": half}, `{"a":0.50}`, "decimal writes a string"},
		{"decimals at depth", map[string][]map[namedString]*decimal.Decimal{"a": {{"b": &half}}}, `{"a":[{"b":0.50}]}`, "decimal writes a string"},
		{"decimal behind two pointers", new(&half), `0.50`, "decimal writes a string"},
		{"decimal in any behind a pointer", new(any(half)), `0.50`, "decimal writes a string"},
		{"time", time.Date(2026, 2, 7, 8, 15, 22, 0, time.UTC), `"2026-02-07T08:15:22Z"`, ""},
		{"time with a fraction", time.Date(2026, 2, 7, 8, 15, 22, 120_000_000, berlin), `"2026-02-07T08:15:22.12+01:00"`, ""},
		{"time in a zone with seconds", time.Date(1890, 1, 1, 0, 0, 0, 0, time.FixedZone("LMT", 3208)), `"1889-12-31T23:06:32Z"`, "it cuts the seconds off"},
		{"pointer to time", new(time.Date(2026, 2, 7, 0, 0, 0, 1, time.UTC)), `"2026-02-07T00:00:00.000000001Z"`, ""},
		{"zero time", time.Time{}, `"0001-01-01T00:00:00Z"`, ""},
		{"nil pointer to time", (*time.Time)(nil), `null`, ""},
		{"duration", time.Second, `1000000000`, ""},
		{"map", map[string]any{"b": 1, "a": nil}, `{"a":null,"b":1}`, ""},
		{"nil map", map[string]any(nil), `null`, ""},
		{"named map", namedMap{"a": namedSlice{1}}, `{"a":[1]}`, ""},
		{"map of strings", map[string]string{"": ""}, `{"":""}`, ""},
		{"map with text keys", map[keyText]int{"a": 1}, asStd(map[keyText]int{"a": 1}), ""}, // keys of its own kind are its own affair
		{"map with integer keys", map[int]string{2: "b", 10: "a"}, `{"10":"a","2":"b"}`, ""},
		{"nil pointer to a map", (*map[string]any)(nil), `null`, ""},
		{"slice", []any{1, "a", []any{}}, `[1,"a",[]]`, ""},
		{"nil slice", []any(nil), `null`, ""},
		{"nil slice of strings", []string(nil), `null`, ""},
		{"slice of strings", []string{"a"}, `["a"]`, ""},
		{"slice of slices", [][]int{{1}, nil}, `[[1],null]`, ""},
		{"bytes", []byte("abc"), `"YWJj"`, ""},
		{"named bytes", namedBytes("abc"), `"YWJj"`, ""},
		{"slice of bytes", [][]byte{[]byte("a"), nil}, `["YQ==",null]`, ""},
		{"array", [2]int{1, 2}, `[1,2]`, ""},
		{"array of bytes", [2]byte{1, 2}, `[1,2]`, ""},
		{"pointer", pointer, `10`, ""},
		{"pointer to a pointer", &pointer, `10`, ""},
		{"nil pointer", (*int)(nil), `null`, ""},
		{"pointer to a nil pointer", new((*int)(nil)), `null`, ""},
		{"json.RawMessage", json.RawMessage(`[1.50]`), `[1.50]`, ""},
		{"json.RawMessage with space", json.RawMessage(" [ 1 ] "), " [ 1 ] ", "it compacts"},
		{"nil json.RawMessage", json.RawMessage(nil), `null`, ""},
		{"pointer to json.RawMessage", new(json.RawMessage(`1`)), `1`, ""},
		{"slice of json.RawMessage", []json.RawMessage{json.RawMessage(`1`), nil}, `[1,null]`, ""},
		{"map of json.RawMessage", map[string]json.RawMessage{"a": json.RawMessage(`{}`)}, `{"a":{}}`, ""},
		{"struct", struct {
			A int `json:"b,omitempty"`
			C *int
		}{A: 1}, `{"b":1,"C":null}`, ""},
		{"pointer to a struct", &struct{ A string }{"<"}, `{"A":"\u003c"}`, ""},
		{"slice of structs", []struct{ A int }{{1}}, `[{"A":1}]`, ""},
		{"own MarshalJSON", ownJSON{`{"a":[1]}`}, `{"a":[1]}`, ""},
		{"pointer to own MarshalJSON", &ownJSON{`1`}, `1`, ""},
		{"nil pointer to own MarshalJSON", (*ownJSON)(nil), `null`, ""},
		{"MarshalJSON of the pointer, by value", byPointer{1}, `{}`, ""},
		{"MarshalJSON of the pointer", &byPointer{1}, `"pointer 1"`, ""},
		{"slice with MarshalJSON of the pointer", []byPointer{{1}}, `["pointer 1"]`, ""},
		{"slice with MarshalText of the pointer", []textByPointer{1}, `["text 1"]`, ""},
		{"map with MarshalJSON of the pointer", map[string]byPointer{"a": {1}}, `{"a":{}}`, ""},
		{"big.Int", big.NewInt(7), `7`, ""},
		{"slice of big.Int", []big.Int{*big.NewInt(7)}, `[7]`, ""},
		{"MarshalText", netip.MustParseAddr("127.0.0.1"), `"127.0.0.1"`, ""},
		{"error", fmt.Errorf("a"), `{}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := `{"v":` + c.want + `}`
			a := talonone.Attributes{"v": c.v}
			text := encode(t, a)
			assert.Equal(t, want, text)

			std, err := json.Marshal(map[string]any{"v": c.v})
			require.NoError(t, err)
			assert.Equal(t, c.differ == "", text == string(std), "encoding/json has %s", std)

			// In every other place it is written alike.
			item := talonone.CartItem{Attributes: talonone.Attributes{"a": []any{a, map[string]any{"v": c.v}}}}
			assert.Equal(t, `{"sku":"","quantity":0,"attributes":{"a":[`+want+`,`+want+`]}}`, encode(t, item))

			// It equals what comes back, and a clone.
			back := decode[talonone.Attributes](t, text)
			assert.True(t, a.Equal(back) && back.Equal(a))
			assert.True(t, a.Clone().Equal(a))
			assert.IsType(t, c.v, a.Clone()["v"], "a clone has the same types")
			assert.False(t, a.Equal(talonone.Attributes{"v": "something else"}))
		})
	}
}

// asStd returns what encoding/json makes of a value, which depends on how that is built.
func asStd(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// TestEncodeFreeErrors has what attributes may not hold.
func TestEncodeFreeErrors(t *testing.T) {
	tooDeep := any(1)
	for range 10_000 {
		tooDeep = []any{tooDeep}
	}
	type node struct{ Next *node }
	ring := &node{}
	ring.Next = ring
	for _, c := range []struct {
		name   string
		v      any
		reason error
		path   string // after /v
	}{
		{"struct that points to itself", ring, talonone.ErrTooDeep, ""},
		{"invalid UTF-8", "a\xff", invalid, ""},
		{"surrogate", "\xed\xa0\x80", invalid, ""},
		{"invalid UTF-8 in a named string", namedString("\xff"), invalid, ""},
		{"invalid UTF-8 in a list", []any{1, []string{"a", "\xff"}}, invalid, "/1/1"},
		{"invalid UTF-8 in a name", map[string]any{"\xff": 1}, invalid, "/\xff"},
		{"invalid UTF-8 in a name of a named map", map[namedString]int{"\xff": 1}, invalid, "/\xff"},
		{"NaN", math.NaN(), outOfRange, ""},
		{"infinity", math.Inf(1), outOfRange, ""},
		{"negative infinity", []float64{1, math.Inf(-1)}, outOfRange, "/1"},
		{"NaN of 32 bits", float32(math.NaN()), outOfRange, ""},
		{"infinity behind a pointer", new(math.Inf(1)), outOfRange, ""},
		{"empty json.Number", json.Number(""), syntax, ""},
		{"json.Number of words", json.Number("secret"), syntax, ""},
		{"json.Number with a plus", json.Number("+1"), syntax, ""},
		{"json.Number with space", json.Number("1 "), syntax, ""},
		{"json.Number that would add a member", json.Number(`1,"x":2`), syntax, ""},
		{"json.Number NaN", []json.Number{"1", "NaN"}, syntax, "/1"},
		{"decimal of 1025 digits", decimal.New(1, 1024), outOfRange, ""},
		{"decimal with a hostile exponent", map[string]any{"a/b": decimal.New(1, math.MaxInt32)}, outOfRange, "/a~1b"},
		{"decimal with a hostile negative exponent", map[string]*decimal.Decimal{"~": new(decimal.New(1, math.MinInt32))}, outOfRange, "/~0"},
		{"NullDecimal with a hostile exponent", decimal.NewNullDecimal(decimal.New(1, 5000)), outOfRange, ""},
		{"year 10000", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), outOfRange, ""},
		{"year before 0", []time.Time{time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)}, outOfRange, "/0"},
		{"zone of a whole day", time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("", 24*60*60)), outOfRange, ""},
		{"empty json.RawMessage", json.RawMessage{}, syntax, ""},
		{"json.RawMessage of space", json.RawMessage(" "), syntax, ""},
		{"malformed json.RawMessage", json.RawMessage(`{"a":}`), syntax, "/a"},
		{"two values in a json.RawMessage", json.RawMessage(`1,"x":2`), syntax, ""},
		{"json.RawMessage with a name twice", json.RawMessage(`{"a":1,"a":2}`), duplicate, "/a"},
		{"json.RawMessage with invalid UTF-8", json.RawMessage("\"\xff\""), invalid, ""},
		{"json.RawMessage with a lone surrogate", json.RawMessage(`"\ud800"`), invalid, ""},
		{"pointer to malformed json.RawMessage", []*json.RawMessage{nil, new(json.RawMessage(`x`))}, syntax, "/1"},
		{"nested too deep", tooDeep, talonone.ErrTooDeep, strings.Repeat("/0", 9_999)},
		{"json.RawMessage nested too deep", json.RawMessage(strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)), talonone.ErrTooDeep, strings.Repeat("/0", 9_999)},
		{"channel", make(chan int), wrong, ""},
		{"function", func() {}, wrong, ""},
		{"complex number", complex(1, 2), wrong, ""},
		{"map with keys of no text", map[struct{}]int{{}: 1}, wrong, ""},
		{"struct with a channel", []any{struct{ C chan int }{}}, wrong, "/0"},
		{"MarshalJSON that fails", failing{}, wrong, ""},
		{"pointer to MarshalJSON that fails", map[string]any{"a": &failing{}}, wrong, "/a"},
		{"slice with MarshalJSON of the pointer that fails", []failingByPointer{{}}, wrong, "/0"},
		{"MarshalJSON that panics", panicking{}, wrong, ""},
		{"slice with MarshalJSON that panics", []panicking{{}}, wrong, "/0"},
		{"MarshalJSON that returns nothing", garbage{""}, wrong, ""},
		{"MarshalJSON that returns garbage", garbage{"secret"}, wrong, ""},
		{"MarshalJSON that returns two values", garbage{"1 2"}, wrong, ""},
		{"MarshalJSON that returns a name twice", garbage{`{"a":1,"a":2}`}, duplicate, "/a"},
		{"MarshalJSON that returns invalid UTF-8", garbage{"\"\xff\""}, invalid, ""},
		{"MarshalJSON that returns a lone surrogate", garbage{`"\ud800"`}, invalid, ""},
		{"model that cannot be written", []talonone.CartItem{{}, {SKU: "\xff"}}, invalid, "/1/sku"},
		{"attributes that cannot be written", talonone.Attributes{"a": math.NaN()}, outOfRange, "/a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := talonone.Attributes{"v": c.v}
			requireEncodeError(t, &boxed[talonone.Attributes]{a}, c.reason, "/v"+c.path)
			if c.reason == talonone.ErrTooDeep {
				return // elsewhere it is at another depth
			}
			s := talonone.CustomerSessionV2{CartItems: []talonone.CartItem{{}, {Attributes: a}}}
			requireEncodeError(t, &boxed[talonone.CustomerSessionV2]{s}, c.reason, "/cartItems/1/attributes/v"+c.path)
			requireEncodeError(t, &boxed[talonone.CustomerSessionUpdate]{s.Update()}, c.reason, "/cartItems/1/attributes/v"+c.path)
			assert.False(t, a.Equal(talonone.Attributes{"v": 1}))
			assert.NotPanics(t, func() { a.Clone() })
		})
	}
}

// requireEncodeError fails unless v cannot be written, for this reason, and leaves a buffer as it was.
func requireEncodeError(t *testing.T, v anyModel, reason error, path string) {
	t.Helper()
	buffer := append(make([]byte, 0, 8), "before"...)
	text, err := v.AppendJSON(buffer)
	assert.Equal(t, "before", string(text), "the buffer has its old length")
	require.Error(t, err)
	encodeError, ok := err.(*talonone.EncodeError)
	require.True(t, ok, "a %T: %v", err, err)
	require.ErrorIs(t, err, reason)
	assert.Equal(t, path, encodeError.Path)
	assert.NotContains(t, err.Error(), "secret", "the text of the value stays out")
	assert.LessOrEqual(t, len(err.Error()), 4*256+200)

	text, err = v.MarshalJSON()
	assert.Empty(t, text)
	require.Equal(t, encodeError.Path, err.(*talonone.EncodeError).Path)
	require.ErrorIs(t, err, reason)

	_, err = json.Marshal(v.pointer())
	marshalerError, ok := errors.AsType[*json.MarshalerError](err)
	require.True(t, ok, "a %T: %v", err, err)
	assert.Equal(t, reflect.TypeOf(v.pointer()), marshalerError.Type)
	through, ok := errors.AsType[*talonone.EncodeError](err)
	require.True(t, ok)
	assert.Equal(t, path, through.Path)
	requireViolation(t, v.pointer(), path, reason)
}

// TestEncodeForeignCause: the error of a MarshalJSON that is not ours can be found.
func TestEncodeForeignCause(t *testing.T) {
	_, err := talonone.Attributes{"v": failing{}}.AppendJSON(nil)
	assert.ErrorIs(t, err, errForeign)
	assert.ErrorIs(t, err, talonone.ErrWrongType)
	_, isMarshalerError := errors.AsType[*json.MarshalerError](err)
	assert.True(t, isMarshalerError)
}

// TestEncodeCycles is about values that hold themselves: an error, not a crash.
func TestEncodeCycles(t *testing.T) {
	t.Parallel()
	type pointer *pointer
	plain := map[string]any{}
	plain["self"] = plain
	attributes := talonone.Attributes{}
	attributes["self"] = attributes
	attributesPointer := talonone.Attributes{}
	attributesPointer["self"] = &attributesPointer
	list := make([]any, 1)
	list[0] = list
	typed := map[string]map[string]any{"a": {}}
	typed["a"]["b"] = typed
	var p pointer
	p = &p
	var toInterface any
	toInterface = &toInterface
	item := talonone.CartItem{SKU: "a", Attributes: talonone.Attributes{}}
	item.Attributes["item"] = item
	itemPointer := &talonone.CartItem{SKU: "a", Attributes: talonone.Attributes{}}
	itemPointer.Attributes["item"] = itemPointer
	session := talonone.CustomerSessionV2{Attributes: talonone.Attributes{}}
	session.Attributes["sessions"] = []talonone.CustomerSessionV2{session}
	type embedsAttributes struct{ talonone.Attributes }
	embedded := talonone.Attributes{}
	embedded["self"] = embedsAttributes{embedded}
	type embedsItem struct {
		Note string
		talonone.CartItem
	}
	inItem := talonone.Attributes{}
	inItem["item"] = &embedsItem{CartItem: talonone.CartItem{Attributes: inItem}}
	type embedsSession struct{ *talonone.CustomerSessionV2 }
	inSession := &talonone.CustomerSessionV2{Attributes: talonone.Attributes{}}
	inSession.Attributes["session"] = []embedsSession{{inSession}}
	type embedsInterface struct{ json.Marshaler }
	inInterface := talonone.Attributes{}
	inInterface["self"] = embedsInterface{embedsInterface{inInterface}}
	twice := talonone.Attributes{}
	twice["a"], twice["b"] = twice, []any{twice, twice}

	for name, v := range map[string]any{
		"a map": plain, "Attributes": attributes, "a pointer to Attributes": attributesPointer, "a slice": list,
		"a map of maps": typed, "a pointer to itself": p, "a pointer to an interface": toInterface, "an item": item,
		"a pointer to an item": itemPointer, "a slice of sessions": session, "a map that holds itself three times": twice,
		"a struct that embeds Attributes": embedded, "a struct that embeds an item": inItem,
		"a struct that embeds a session": inSession, "a struct that embeds an interface": inInterface,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := talonone.Attributes{"v": v}.AppendJSON(nil)
			require.ErrorIs(t, err, talonone.ErrTooDeep)
			assert.Less(t, len(err.Error()), 600)
			item := talonone.CartItem{SKU: "a", Quantity: 1, Price: new(decimal.New(1, 0)), Attributes: talonone.Attributes{"v": v}}
			assert.ErrorIs(t, talonone.ValidateCartItems([]talonone.CartItem{item}), talonone.ErrTooDeep)
		})
	}
}

// relative points to what holds it, and leaves that out.
type (
	family   struct{ Children []*relative }
	relative struct {
		*family
		ID int
	}
)

func (r *relative) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, `{"id":%d}`, r.ID), nil }

// guarded has a map that holds itself, and that nobody else may look at.
type guarded struct {
	sync.Mutex
	loop
}

type loop map[string]any

func (g *guarded) MarshalJSON() ([]byte, error) { return []byte(`"guarded"`), nil }

// TestEncodeNoCycles: what a type with a MarshalJSON of its own embeds is its own affair.
func TestEncodeNoCycles(t *testing.T) {
	p := new(family)
	p.Children = []*relative{{p, 1}, {p, 2}}
	g := &guarded{loop: loop{}}
	g.loop["self"] = g.loop
	assert.Equal(t, `{"v":[{"id":1},{"id":2}]}`, encode(t, talonone.Attributes{"v": p.Children}))
	assert.Equal(t, `{"v":"guarded"}`, encode(t, talonone.Attributes{"v": g}))
}

// TestEncodeModelsAmongAttributes: attributes may hold models and attributes again, at any depth and behind pointers. They
// are written as they would be elsewhere, without the escapes of encoding/json, and copied deeply.
func TestEncodeModelsAmongAttributes(t *testing.T) {
	inner := talonone.Attributes{"text": "<&>"}
	item := talonone.CartItem{SKU: "<a>", Quantity: 1, Attributes: inner}
	a := talonone.Attributes{
		"attributes": inner, "pointer": &inner, "list": []talonone.Attributes{inner, nil}, "map": map[string]talonone.Attributes{"x": inner},
		"item": item, "itemPointer": &item, "items": []talonone.CartItem{item}, "nil": (*talonone.CartItem)(nil), "noAttributes": (*talonone.Attributes)(nil),
	}
	const itemText = `{"sku":"<a>","quantity":1,"attributes":{"text":"<&>"}}`
	const want = `{"attributes":{"text":"<&>"},"item":` + itemText + `,"itemPointer":` + itemText + `,"items":[` + itemText + `],` +
		`"list":[{"text":"<&>"},{}],"map":{"x":{"text":"<&>"}},"nil":null,"noAttributes":null,"pointer":{"text":"<&>"}}`
	text, err := a.AppendJSON(nil)
	require.NoError(t, err)
	assert.Equal(t, want, string(text))

	clone := a.Clone()
	assert.True(t, a.Equal(clone))
	inner["text"] = "changed"
	text, err = clone.AppendJSON(nil)
	require.NoError(t, err)
	assert.Equal(t, want, string(text))
	assert.False(t, a.Equal(clone))
}
