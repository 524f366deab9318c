package codec

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// JSON of any shape, such as attributes. The order of this file: read, write, compare, copy.

// AnyObject reads an object of any shape.
func (d *Decoder) AnyObject() map[string]any {
	m := make(map[string]any)
	if !d.Open('{') {
		return m
	}
	last := 0
	for first := true; ; first = false {
		next := int(d.objectNames.next[last])
		var name string
		if next != 0 && d.Key(d.objectNames.keys[next], first) {
			name = d.objectNames.names[next]
		} else {
			text, ok := d.Member(first)
			if !ok {
				return m
			}
			if next = d.objectName(last, text); next != 0 {
				name = d.objectNames.names[next]
			} else {
				name = d.keep(text)
			}
		}
		last = next
		at, n := d.NameOffset(), len(m)
		if m[name] = d.anyValue(); len(m) == n {
			d.Fail(at, jsonwire.ErrDuplicateName, "")
			return m
		}
	}
}

// objectNames remembers the names in objects of any shape. A name is nearly always followed by the same name as in the last
// object, and comparing with that one is faster than a lookup.
type objectNames struct {
	n     int
	names [maxObjectNames]string // from 1
	keys  [maxObjectNames]string // as JSON, with a comma before and a colon after
	next  [maxObjectNames]uint8  // the name that followed last time
}

const maxObjectNames = 32

// objectName records that name follows the name at last. It returns the index of name, or 0 if name is too long or there are too
// many.
func (d *Decoder) objectName(last int, name []byte) int {
	f := &d.objectNames
	for i := 1; i <= f.n; i++ {
		if f.names[i] == string(name) {
			f.next[last] = uint8(i)
			return i
		}
	}
	if f.n+1 == maxObjectNames || len(name) > maxCached || !plainName(name) {
		return 0
	}
	var room [maxCached + 4]byte
	key := append(append(append(room[:0], `,"`...), name...), `":`...)
	f.n++
	f.keys[f.n] = d.texts.copy(key, d.Rest())
	f.names[f.n] = f.keys[f.n][2 : len(key)-2]
	f.next[last] = uint8(f.n)
	return f.n
}

// plainName reports whether a name is written without escapes.
func plainName(name []byte) bool {
	for _, c := range name {
		if c < ' ' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func (f *objectNames) clear() {
	if f.n > 0 {
		*f = objectNames{}
	}
}

// anyValue reads any value: a string, bool, nil, json.Number, []any or map[string]any.
func (d *Decoder) anyValue() any {
	switch d.Peek() {
	case '{':
		return d.AnyObject()
	case '[':
		return array(d, d.anyValue)
	case '"':
		return d.keepBoxed(d.String())
	case 't', 'f':
		return d.Bool()
	case 'n':
		d.Null()
		return nil
	default:
		return d.keepNumber(d.Number("a value"))
	}
}

// AnyObject writes an object of any shape, sorted by name. Nil is an empty one.
func (e *Encoder) AnyObject(buf []byte, m map[string]any) []byte {
	if !e.Enter(buf) {
		return buf
	}
	start := len(buf)
	if known := &e.orders[len(m)%ordersKept]; len(m) > 1 && known.fits(e, m) {
		buf = e.inOrder(buf, known)
	} else {
		buf = e.sorted(buf, m, known)
	}
	return e.EndObject(buf, start)
}

// sorted writes the members of m sorted by name, and remembers their order.
func (e *Encoder) sorted(buf []byte, m map[string]any, known *order) []byte {
	mark := e.MarkNames()
	names := SortedNames(e, m)
	for _, name := range names {
		buf = e.MemberName(buf, name)
		if buf = e.any(buf, m[name]); e.err != nil {
			break
		}
	}
	if e.err == nil && len(names) > 1 {
		known.remember(names)
	}
	e.DropNames(mark)
	return buf
}

// The items of a cart usually have the same attributes. Looking up the names of the last object of that size is faster than
// sorting again, which would take a fifth of the time of encoding a cart.

// ordersKept is the number of object sizes for which the order of names is remembered.
const ordersKept = 8

// An order has the sorted names of an object, and their JSON.
type order struct {
	names []string
	keys  []byte // each with a comma before it and a colon after it
	ends  []int  // of each in keys
	busy  bool   // an object of this order is being written
}

// What a pooled Encoder may keep of one order.
const (
	maxOrder     = 32 // names
	maxOrderName = 64 // bytes of a name
)

func (o *order) remember(names []string) {
	if o.busy || len(names) > maxOrder {
		return
	}
	o.names, o.keys, o.ends = o.names[:0], o.keys[:0], o.ends[:0]
	for _, name := range names {
		if len(name) > maxOrderName {
			o.names = o.names[:0]
			return
		}
		o.keys, _ = jsonwire.AppendString(append(o.keys, ','), name) // valid, because it was written before
		o.keys = append(o.keys, ':')
		o.names, o.ends = append(o.names, name), append(o.ends, len(o.keys))
	}
}

// fits reports whether m has exactly the names of o, and puts the values of m in the order of o.
func (o *order) fits(e *Encoder, m map[string]any) bool {
	if o.busy || len(o.names) != len(m) {
		return false
	}
	mark := len(e.values)
	for _, name := range o.names {
		v, ok := m[name]
		if !ok {
			e.dropValues(mark)
			return false
		}
		e.values = append(e.values, v)
	}
	return true
}

// inOrder writes the values that fits has collected.
func (e *Encoder) inOrder(buf []byte, o *order) []byte {
	o.busy = true
	mark := len(e.values) - len(o.names)
	start := 0
	for i, end := range o.ends {
		buf = append(buf, o.keys[start:end]...)
		start = end
		if buf = e.any(buf, e.values[mark+i]); e.err != nil {
			break
		}
	}
	e.dropValues(mark)
	o.busy = false
	return buf
}

func (e *Encoder) dropValues(mark int) {
	clear(e.values[mark:])
	e.values = e.values[:mark]
}

// Any writes a value of any type.
func (e *Encoder) Any(buf []byte, v any) []byte { return e.any(buf, v) }

// any writes a value of any type. It handles the types from decoding first, then some of Go's numbers and known types.
// Reflection handles all other types.
func (e *Encoder) any(buf []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(buf, null...)
	case string:
		return e.Text(buf, v)
	case bool:
		return strconv.AppendBool(buf, v)
	case json.Number:
		if !jsonwire.IsNumber([]byte(v)) {
			e.fail(buf, jsonwire.ErrSyntax, badNumber, nil)
		}
		return append(buf, v...)
	case []any:
		if v == nil {
			return append(buf, null...)
		}
		return elements(e, buf, v, e.any)
	case map[string]any:
		if v == nil {
			return append(buf, null...)
		}
		return e.AnyObject(buf, v)
	case decimal.Decimal:
		return e.Decimal(buf, v)
	case decimal.NullDecimal:
		if !v.Valid {
			return append(buf, null...)
		}
		return e.Decimal(buf, v.Decimal)
	case time.Time:
		return e.Time(buf, v)
	case json.RawMessage:
		if v == nil {
			return append(buf, null...)
		}
		return e.Raw(buf, v)
	case int:
		return e.Int(buf, int64(v))
	case float64:
		return e.float(buf, v, 64)
	default:
		return e.reflected(buf, reflect.ValueOf(v))
	}
}

func parseAny(text []byte) (any, bool) {
	d := newDecoder(text)
	defer d.release()
	v := d.anyValue()
	d.End()
	return v, d.Err() == nil
}

// equalAny reports whether two values of any type are written as the same JSON value.
func equalAny(x, y any) bool {
	switch x := x.(type) {
	case string:
		if y, ok := y.(string); ok {
			return x == y
		}
	case bool:
		if y, ok := y.(bool); ok {
			return x == y
		}
	case nil:
		if y == nil {
			return true
		}
	case json.Number:
		if y, ok := y.(json.Number); ok && jsonwire.IsNumber([]byte(x)) && jsonwire.IsNumber([]byte(y)) {
			return jsonwire.NumbersEqual([]byte(x), []byte(y))
		}
	case []any:
		if y, ok := y.([]any); ok {
			return (x == nil) == (y == nil) && slices.EqualFunc(x, y, equalAny)
		}
	case map[string]any:
		if y, ok := y.(map[string]any); ok {
			return (x == nil) == (y == nil) && EqualObjects(x, y)
		}
	}
	if isDecoded(x) && isDecoded(y) {
		return false // such as a string and a number; encoding and decoding them would change nothing
	}
	// Other types: a float64 and a json.Number may be the same number, a struct and a map the same object.
	v, okX := decoded(x)
	w, okY := decoded(y)
	return okX && okY && equalAny(v, w)
}

// isDecoded reports whether encoding and decoding v gives v again. It is false for nil slices and maps, because these are
// written as null.
func isDecoded(v any) bool {
	switch v := v.(type) {
	case nil, string, bool, json.Number:
		return true
	case []any:
		return v != nil
	case map[string]any:
		return v != nil
	}
	return false
}

// EqualObjects reports whether two objects of any shape are written as the same JSON value. Nil equals an empty object.
func EqualObjects(x, y map[string]any) bool {
	if len(x) != len(y) {
		return false
	}
	for name, v := range x {
		w, ok := y[name]
		if !ok || !equalAny(v, w) {
			return false
		}
	}
	return true
}

// EqualWritten reports whether two values are written as the same JSON value.
func EqualWritten(x, y func(e *Encoder) []byte) bool {
	v, okX := reread(x)
	w, okY := reread(y)
	return okX && okY && equalAny(v, w)
}

// reread encodes and decodes a value. ok is false if it cannot be written.
func reread(write func(e *Encoder) []byte) (_ any, ok bool) {
	e := NewEncoder()
	text, failed, _ := e.finish(write(e), 0)
	if failed != nil {
		return nil, false
	}
	return parseAny(text)
}

// decoded returns v after encoding and decoding. ok is false if v cannot be written.
func decoded(v any) (_ any, ok bool) {
	return reread(func(e *Encoder) []byte { return e.any(nil, v) })
}

// CloneObject copies an object of any shape.
func CloneObject(m map[string]any) map[string]any {
	if m == nil {
		return nil
	}
	c := make(map[string]any, len(m))
	for name, v := range m {
		c[name] = cloneAny(v)
	}
	return c
}

func cloneAny(v any) any {
	switch v := v.(type) {
	case nil, string, bool, json.Number, decimal.Decimal, decimal.NullDecimal, time.Time, int, float64:
		return v
	case map[string]any:
		return CloneObject(v)
	case []any:
		if v == nil {
			return v
		}
		c := make([]any, len(v))
		for i := range v {
			c[i] = cloneAny(v[i])
		}
		return c
	}
	return cloneReflected(reflect.ValueOf(v)).Interface()
}

// cloneReflected copies models, slices, and the maps and pointers that the codec walks. Any other value is shared, because only
// its own package knows how to copy it.
func cloneReflected(v reflect.Value) reflect.Value {
	if m := modelOf(v.Type()); m != nil {
		return reflect.ValueOf(m.cloneAny(v.Interface()))
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Map, reflect.Slice, reflect.Pointer:
		if v.IsNil() || v.Kind() != reflect.Slice && !walked(v.Type()) {
			return v
		}
	default:
		return v
	}
	switch v.Kind() {
	case reflect.Interface:
		return cloneReflected(v.Elem())
	case reflect.Map:
		c := reflect.MakeMapWithSize(v.Type(), v.Len())
		for it := v.MapRange(); it.Next(); {
			c.SetMapIndex(it.Key(), cloneReflected(it.Value()))
		}
		return c
	case reflect.Slice:
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			c.Index(i).Set(cloneReflected(v.Index(i)))
		}
		return c
	case reflect.Pointer:
		c := reflect.New(v.Type().Elem())
		c.Elem().Set(cloneReflected(v.Elem()))
		return c.Convert(v.Type())
	}
	return v
}
