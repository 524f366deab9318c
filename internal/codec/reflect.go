package codec

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// known reports whether t is a struct, string or byte slice type that the codec writes in its own way.
func known(t reflect.Type) bool {
	return t == reflect.TypeFor[decimal.Decimal]() || t == reflect.TypeFor[decimal.NullDecimal]() ||
		t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[json.Number]() || t == reflect.TypeFor[json.RawMessage]()
}

// walked reports whether the codec writes a value of type t itself, part by part, instead of through encoding/json.
func walked(t reflect.Type) bool {
	isPointer := t.Kind() == reflect.Pointer
	if known(t) || isObject(t) || isPointer && (known(t.Elem()) || isObject(t.Elem())) {
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

// marshalsByAddress reports whether only a pointer to a value of type t has a MarshalJSON or MarshalText, as with big.Int.
// encoding/json calls it for the elements of a slice, because these are addressable.
func marshalsByAddress(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return !known(t) && !t.Implements(jsonMarshaler) && !t.Implements(textMarshaler) &&
		(p.Implements(jsonMarshaler) || p.Implements(textMarshaler))
}

// reflected writes a value of a type that any does not handle.
func (e *Encoder) reflected(buf []byte, v reflect.Value) []byte {
	t := v.Type()
	if !walked(t) {
		return e.marshaled(buf, v.Interface())
	}
	switch t.Kind() {
	case reflect.Bool:
		return strconv.AppendBool(buf, v.Bool())
	case reflect.String:
		return e.Text(buf, v.String())
	case reflect.Float32, reflect.Float64:
		return e.float(buf, v.Float(), t.Bits())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return e.Int(buf, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.AppendUint(buf, v.Uint(), 10)
	}
	if v.IsNil() && !isObject(t) { // a map, a slice or a pointer; a nil Attributes is written as an empty object
		return append(buf, null...)
	}
	switch t.Kind() {
	case reflect.Map:
		m := make(map[string]any, v.Len())
		for it := v.MapRange(); it.Next(); {
			m[it.Key().String()] = it.Value().Interface()
		}
		return e.AnyObject(buf, m)
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
		return elements(e, buf, s, e.any)
	}
	if e.pointers == jsonwire.MaxDepth {
		e.fail(buf, jsonwire.ErrTooDeep, endless, nil)
		return buf
	}
	e.pointers++
	buf = e.any(buf, v.Elem().Interface())
	e.pointers--
	return buf
}

// marshaled writes a value through encoding/json. It writes a model directly, because the model's MarshalJSON would start a new
// document.
func (e *Encoder) marshaled(buf []byte, v any) []byte {
	if m := modelOf(reflect.TypeOf(v)); m != nil {
		return m.appendAny(e, buf, v)
	}
	if nestsDeeper(reflect.ValueOf(v), jsonwire.MaxDepth-e.depth) {
		e.fail(buf, jsonwire.ErrTooDeep, tooDeep, nil)
		return buf
	}
	text, err := marshal(v)
	if err != nil {
		e.fail(buf, jsonwire.ErrWrongType, fmt.Sprintf("encoding/json refuses the type %T", v), err)
		return buf
	}
	return e.Raw(buf, text)
}

// nestsDeeper reports whether v is nested deeper than levels for encoding/json. A value that contains itself is nested without
// end. encoding/json cannot detect a cycle that runs through our MarshalJSON, because each call starts a new document. We look
// for one first. The MarshalJSON of another package is not looked into. But a struct may have promoted our MarshalJSON from an
// embedded field, so embedded fields are looked into. This also happens if the struct has its own MarshalJSON, because
// reflection cannot tell the two apart.
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
	if t.Kind() != reflect.Interface && !isObject(of) && modelOf(of) == nil &&
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

// embedsDeeper is nestsDeeper for the embedded fields from which v may have its MarshalJSON.
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

// holdsOthers reports whether a value of type t can contain other values.
func holdsOthers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Interface, reflect.Pointer, reflect.Map, reflect.Slice, reflect.Array, reflect.Struct:
		return true
	}
	return false
}

// marshal calls json.Marshal and turns a panic in a MarshalJSON into an error.
func marshal(v any) (text []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a panic in the encoding of %T", v)
		}
	}()
	return json.Marshal(v)
}
