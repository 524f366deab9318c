package member

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// The order of this file: decoding; encoding, for the types that are known one by one and for all others by reflection, or by
// encoding/json where they have a method of their own; models that stand in free values; and how deep values of foreign types
// are.

// freeObject reads an object of no declared type.
func (d *decoder) freeObject() map[string]any {
	m := make(map[string]any)
	if !d.Open('{') {
		return m
	}
	for first := true; ; first = false {
		name, ok := d.Member(first)
		if !ok {
			return m
		}
		key, at := d.keep(name), d.NameOffset()
		n := len(m)
		if m[key] = d.free(); len(m) == n {
			d.duplicate(at)
			return m
		}
	}
}

// free reads a value of no declared type: a string, bool, nil, json.Number, []any or map[string]any.
func (d *decoder) free() any {
	switch d.Peek() {
	case '{':
		return d.freeObject()
	case '[':
		return array(d, d.free)
	case '"':
		return d.keepBoxed(d.String())
	case 't', 'f':
		return d.Bool()
	case 'n':
		d.Null()
		return nil
	default:
		return d.number(d.Number("a value"))
	}
}

// UnmarshalObject sets *m to the object in text, and leaves it alone if that is an error or a null.
func UnmarshalObject(text []byte, m *map[string]any) *jsonwire.Error {
	d := newDecoder(text)
	defer d.release()
	if d.Null() {
		d.End()
		return d.Err()
	}
	decoded := d.freeObject()
	d.End()
	if err := d.Err(); err != nil {
		return err
	}
	*m = decoded
	return nil
}

// AppendObject appends an object of no declared type, or returns dst as it was and an error. Nil is an empty object.
func AppendObject(dst []byte, m map[string]any) ([]byte, *EncodeError) {
	e := newEncoder()
	return e.finish(e.freeObject(dst, m), len(dst))
}

// AppendFree appends a value of no declared type, or returns dst as it was and an error.
func AppendFree(dst []byte, v any) ([]byte, *EncodeError) {
	e := newEncoder()
	return e.finish(e.free(dst, v), len(dst))
}

// freeObject writes an object of no declared type.
func (e *encoder) freeObject(buf []byte, m map[string]any) []byte {
	return sortedObject(e, buf, m, e.free)
}

// free writes a value of no declared type. The types that a document decodes to come first, then some of Go's numbers
// and the types that have a meaning here; everything else is looked at by reflection.
func (e *encoder) free(buf []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(buf, null...)
	case string:
		return e.text(buf, v)
	case bool:
		return strconv.AppendBool(buf, v)
	case json.Number:
		if !jsonwire.IsNumber([]byte(v)) {
			e.fail(jsonwire.ErrSyntax, badNumber, nil)
		}
		return append(buf, v...)
	case []any:
		if v == nil {
			return append(buf, null...)
		}
		return elements(e, buf, v, e.free)
	case map[string]any:
		if v == nil {
			return append(buf, null...)
		}
		return e.freeObject(buf, v)
	case decimal.Decimal:
		return e.decimal(buf, v)
	case decimal.NullDecimal:
		if !v.Valid {
			return append(buf, null...)
		}
		return e.decimal(buf, v.Decimal)
	case time.Time:
		return e.time(buf, v)
	case json.RawMessage:
		if v == nil {
			return append(buf, null...)
		}
		return e.raw(buf, v)
	case int:
		return strconv.AppendInt(buf, int64(v), 10)
	case float64:
		return e.float(buf, v, 64)
	default:
		return e.reflected(buf, reflect.ValueOf(v))
	}
}

const null = "null"

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// known reports whether t is a struct or a string that has a meaning here.
func known(t reflect.Type) bool {
	return t == reflect.TypeFor[decimal.Decimal]() || t == reflect.TypeFor[decimal.NullDecimal]() ||
		t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[json.Number]() || t == reflect.TypeFor[json.RawMessage]()
}

// ours holds the map types whose MarshalJSON is ours. To call it would begin a new document, at depth 0: a map that holds
// itself would never end.
var ours sync.Map // of reflect.Type

// Walk makes known that M is written by its parts like any other map, although it has a MarshalJSON.
func Walk[M ~map[string]any]() { ours.Store(reflect.TypeFor[M](), true) }

func isOurs(t reflect.Type) bool {
	if t.Kind() != reflect.Map {
		return false
	}
	_, ok := ours.Load(t)
	return ok
}

// walked reports whether a value of type t is written by its parts instead of by encoding/json.
func walked(t reflect.Type) bool {
	isPointer := t.Kind() == reflect.Pointer
	if known(t) || isOurs(t) || isPointer && (known(t.Elem()) || isOurs(t.Elem())) {
		return true
	}
	if t.Implements(jsonMarshaler) || t.Implements(textMarshaler) {
		return false
	}
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr,
		reflect.Interface:
		return true
	case reflect.Map:
		return t.Key().Kind() == reflect.String && !t.Key().Implements(textMarshaler)
	case reflect.Slice:
		return t.Elem().Kind() != reflect.Uint8 // encoding/json writes bytes in base64
	case reflect.Pointer:
		return t.Elem().Kind() == reflect.Pointer || walked(t.Elem())
	}
	return false
}

// marshalsByAddress reports whether only a pointer to a value of type t has an encoding of its own, as with big.Int.
// encoding/json uses it for the elements of a slice, which have an address.
func marshalsByAddress(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return !known(t) && !t.Implements(jsonMarshaler) && !t.Implements(textMarshaler) &&
		(p.Implements(jsonMarshaler) || p.Implements(textMarshaler))
}

// reflected writes a value that is none of the types that free knows.
func (e *encoder) reflected(buf []byte, v reflect.Value) []byte {
	t := v.Type()
	if !walked(t) {
		return e.foreign(buf, v.Interface())
	}
	switch t.Kind() {
	case reflect.Bool:
		return strconv.AppendBool(buf, v.Bool())
	case reflect.String:
		return e.text(buf, v.String())
	case reflect.Float32, reflect.Float64:
		return e.float(buf, v.Float(), t.Bits())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.AppendInt(buf, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.AppendUint(buf, v.Uint(), 10)
	}
	if v.IsNil() && !isOurs(t) { // a map, a slice or a pointer; of ours a nil one is an empty object by itself too
		return append(buf, null...)
	}
	switch t.Kind() {
	case reflect.Map:
		m := make(map[string]any, v.Len())
		for it := v.MapRange(); it.Next(); {
			m[it.Key().String()] = it.Value().Interface()
		}
		return e.freeObject(buf, m)
	case reflect.Slice:
		s := make([]any, v.Len())
		byAddress := marshalsByAddress(t.Elem())
		for i := range s {
			if element := v.Index(i); byAddress {
				s[i] = element.Addr().Interface()
			} else {
				s[i] = element.Interface()
			}
		}
		return elements(e, buf, s, e.free)
	}
	if e.pointers == jsonwire.MaxDepth {
		e.fail(jsonwire.ErrTooDeep, endless, nil)
		return buf
	}
	e.pointers++
	buf = e.free(buf, v.Elem().Interface())
	e.pointers--
	return buf
}

// foreign writes a value as encoding/json does. A model is written as one of its own members would be: its MarshalJSON
// would begin a new document.
func (e *encoder) foreign(buf []byte, v any) []byte {
	if m := modelOf(reflect.TypeOf(v)); m != nil {
		return m.encodeFree(e, buf, v)
	}
	if nestsDeeper(reflect.ValueOf(v), jsonwire.MaxDepth-e.depth) {
		e.fail(jsonwire.ErrTooDeep, tooDeep, nil)
		return buf
	}
	text, err := marshal(v)
	if err != nil {
		e.fail(jsonwire.ErrWrongType, fmt.Sprintf("encoding/json refuses the type %T", v), err)
		return buf
	}
	return e.raw(buf, text)
}

// A freeModel is a model as a value of no declared type: a T or a *T.
type freeModel interface {
	encodeFree(e *encoder, buf []byte, v any) []byte
	cloneFree(v any) any
}

// freeModels holds what NewModel registered, by the types T and *T.
var freeModels sync.Map // of reflect.Type to freeModel

// modelOf returns the model of the type, or nil.
func modelOf(t reflect.Type) freeModel {
	v, _ := freeModels.Load(t)
	m, _ := v.(freeModel)
	return m
}

func (m *Model[T]) encodeFree(e *encoder, buf []byte, v any) []byte {
	p, ok := v.(*T)
	switch {
	case !ok:
		return m.encode(e, buf, new(v.(T)))
	case p == nil:
		return append(buf, null...)
	}
	return m.encode(e, buf, p)
}

func (m *Model[T]) cloneFree(v any) any {
	p, ok := v.(*T)
	switch {
	case !ok:
		return m.Clone(v.(T))
	case p == nil:
		return v
	}
	return new(m.Clone(*p))
}

// nestsDeeper reports whether encoding/json would go down more than so many levels in v, as it does without end in a value
// that holds itself. It sees that itself, but not where each turn passes through a MarshalJSON of ours, which begins a new
// document. What the MarshalJSON of somebody else does is not looked into. But a struct may have that of what it embeds, which
// may be ours: it is looked into, also where the struct has one of its own, which cannot be told.
func nestsDeeper(v reflect.Value, levels int) bool {
	if !v.IsValid() {
		return false
	}
	if levels < 0 {
		return true
	}
	t := v.Type()
	of := t
	if t.Kind() == reflect.Pointer {
		of = t.Elem()
	}
	if t.Kind() != reflect.Interface && !isOurs(of) && modelOf(of) == nil &&
		(t.Implements(jsonMarshaler) || t.Implements(textMarshaler)) {
		return embedsDeeper(reflect.Indirect(v), levels)
	}
	switch t.Kind() {
	case reflect.Interface, reflect.Pointer:
		return nestsDeeper(v.Elem(), levels-1)
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if nestsDeeper(it.Value(), levels-1) {
				return true
			}
		}
	case reflect.Slice, reflect.Array:
		if !holdsOthers(t.Elem()) {
			return false
		}
		for i := range v.Len() {
			if nestsDeeper(v.Index(i), levels-1) {
				return true
			}
		}
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if (f.IsExported() || f.Anonymous) && f.Tag.Get("json") != "-" && holdsOthers(f.Type) &&
				nestsDeeper(v.Field(i), levels-1) {
				return true
			}
		}
	}
	return false
}

// embedsDeeper is nestsDeeper for what v embeds and may have its MarshalJSON from.
func embedsDeeper(v reflect.Value, levels int) bool {
	if v.Kind() != reflect.Struct {
		return false
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous && (f.Type.Implements(jsonMarshaler) || reflect.PointerTo(f.Type).Implements(jsonMarshaler)) &&
			nestsDeeper(v.Field(i), levels-1) {
			return true
		}
	}
	return false
}

// holdsOthers reports whether a value of type t can hold further ones.
func holdsOthers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Interface, reflect.Pointer, reflect.Map, reflect.Slice, reflect.Array, reflect.Struct:
		return true
	}
	return false
}

// marshal turns a panic in the MarshalJSON of somebody else's type into an error.
func marshal(v any) (text []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a panic in the encoding of %T", v)
		}
	}()
	return json.Marshal(v)
}
