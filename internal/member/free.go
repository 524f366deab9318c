package member

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
	e := newEncoder(dst)
	e.freeObject(m)
	return e.finish(len(dst))
}

// AppendFree appends a value of no declared type, or returns dst as it was and an error.
func AppendFree(dst []byte, v any) ([]byte, *EncodeError) {
	e := newEncoder(dst)
	e.free(v)
	return e.finish(len(dst))
}

// freeObject writes an object of no declared type.
func (e *encoder) freeObject(m map[string]any) {
	sortedObject(e, m, e.free)
}

// free writes a value of no declared type. The types that a document decodes to come first, then Go's numbers and the
// types that have a meaning here; everything else is looked at by reflection.
func (e *encoder) free(v any) {
	switch v := v.(type) {
	case nil:
		e.buf = append(e.buf, "null"...)
	case string:
		e.text(v)
	case bool:
		e.buf = strconv.AppendBool(e.buf, v)
	case json.Number:
		if !jsonwire.IsNumber([]byte(v)) {
			e.fail(jsonwire.ErrSyntax, "a json.Number that is no number", nil)
			return
		}
		e.buf = append(e.buf, v...)
	case []any:
		if v == nil {
			e.buf = append(e.buf, "null"...)
			return
		}
		elements(e, len(v), func(i int) { e.free(v[i]) })
	case map[string]any:
		if v == nil {
			e.buf = append(e.buf, "null"...)
			return
		}
		e.freeObject(v)
	case decimal.Decimal:
		e.decimal(v)
	case decimal.NullDecimal:
		if !v.Valid {
			e.buf = append(e.buf, "null"...)
			return
		}
		e.decimal(v.Decimal)
	case time.Time:
		e.time(v)
	case json.RawMessage:
		if v == nil {
			e.buf = append(e.buf, "null"...)
			return
		}
		e.raw(v)
	case int:
		e.buf = strconv.AppendInt(e.buf, int64(v), 10)
	case float64:
		e.float(v, 64)
	default:
		e.reflected(reflect.ValueOf(v))
	}
}

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// known reports whether t is a struct or a string that has a meaning here.
func known(t reflect.Type) bool {
	return t == reflect.TypeFor[decimal.Decimal]() || t == reflect.TypeFor[decimal.NullDecimal]() ||
		t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[json.Number]() || t == reflect.TypeFor[json.RawMessage]()
}

// walked reports whether a value of type t is written by its parts instead of by encoding/json.
func walked(t reflect.Type) bool {
	isPointer := t.Kind() == reflect.Pointer
	if known(t) || isPointer && known(t.Elem()) {
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

// reflected writes a value that is none of the types that free knows.
func (e *encoder) reflected(v reflect.Value) {
	t := v.Type()
	if !walked(t) {
		e.foreign(v.Interface())
		return
	}
	switch t.Kind() {
	case reflect.Bool:
		e.buf = strconv.AppendBool(e.buf, v.Bool())
	case reflect.String:
		e.text(v.String())
	case reflect.Float32, reflect.Float64:
		e.float(v.Float(), t.Bits())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.buf = strconv.AppendInt(e.buf, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		e.buf = strconv.AppendUint(e.buf, v.Uint(), 10)
	case reflect.Map:
		if v.IsNil() {
			e.buf = append(e.buf, "null"...)
			return
		}
		m := make(map[string]reflect.Value, v.Len())
		for it := v.MapRange(); it.Next(); {
			m[it.Key().String()] = it.Value()
		}
		sortedObject(e, m, func(v reflect.Value) { e.free(v.Interface()) })
	case reflect.Slice:
		if v.IsNil() {
			e.buf = append(e.buf, "null"...)
			return
		}
		elements(e, v.Len(), func(i int) { e.free(v.Index(i).Interface()) })
	case reflect.Pointer:
		if v.IsNil() {
			e.buf = append(e.buf, "null"...)
			return
		}
		if e.pointers == jsonwire.MaxDepth {
			e.fail(jsonwire.ErrTooDeep, "a pointer to itself", nil)
			return
		}
		e.pointers++
		e.free(v.Elem().Interface())
		e.pointers--
	}
}

// foreign writes a value as encoding/json does.
func (e *encoder) foreign(v any) {
	text, err := marshal(v)
	if err != nil {
		e.fail(jsonwire.ErrWrongType, fmt.Sprintf("encoding/json refuses a %T", v), err)
		return
	}
	e.raw(text)
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
