package codec

import (
	"bytes"
	"encoding/json"
	"reflect"
	"sync"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// A Model has what is generated for a type T: functions that read, write, compare and copy it. Within a package generated code
// calls these themselves. A Model is for other packages, and for values of any type that turn out to be a T.
type Model[T any] struct {
	Shape *Shape
	// Decode reads an object into *v, which is zero.
	Decode func(d *Decoder, v *T)
	Append func(e *Encoder, buf []byte, v *T) []byte
	Equal  func(a, b *T) bool
	// Clone makes *v, a shallow copy, a deep one.
	Clone func(c *Cloner, v *T)
	// ClearReadOnly makes the members zero that the server alone sets, at every depth. It is nil where there are none.
	ClearReadOnly func(v *T)
}

// Register makes a model known by its type. It is for the initialization of package variables.
func Register[T any](m Model[T]) *Model[T] {
	m.Shape.accepts = func(text []byte) *jsonwire.Error { return decode(text, new(T), m.Decode, true) }
	models.Store(reflect.TypeFor[T](), &m)
	models.Store(reflect.TypeFor[*T](), &m)
	return &m
}

// ModelOf returns the model of a type of a package that is imported.
func ModelOf[T any]() *Model[T] {
	m, ok := modelOf(reflect.TypeFor[T]()).(*Model[T])
	if !ok {
		panic("codec: no model of " + reflect.TypeFor[T]().String())
	}
	return m
}

func (m *Model[T]) appendAny(e *Encoder, buf []byte, v any) []byte {
	p, ok := v.(*T)
	switch {
	case !ok:
		return m.Append(e, buf, new(v.(T)))
	case p == nil:
		return append(buf, null...)
	}
	return m.Append(e, buf, p)
}

func (m *Model[T]) cloneAny(v any) any {
	p, ok := v.(*T)
	switch {
	case !ok:
		p = new(v.(T))
	case p == nil:
		return v
	default:
		p = new(*p)
	}
	m.Clone(new(Cloner), p)
	if !ok {
		return *p
	}
	return p
}

// The errors that users see are types of the root package, which this one cannot import. It sets these when it is initialized.
var (
	NewDecodeError func(path string, offset int, err error) error
	NewEncodeError func(path string, err error) error
)

// DecodeError returns the error that users see for one in a text.
func DecodeError(text []byte, err *jsonwire.Error) error {
	if err == nil {
		return nil
	}
	return NewDecodeError(err.Pointer(text), err.Offset, err)
}

// errNilTarget is what to decode into a nil pointer gives.
var errNilTarget = &jsonwire.Error{Reason: jsonwire.ErrWrongType, Detail: "the target is a nil pointer"}

// decode sets *v to what text says. On an error *v is left as it was, and also on a null, if keepOnNull allows one.
func decode[T any](text []byte, v *T, model func(*Decoder, *T), keepOnNull bool) *jsonwire.Error {
	if v == nil {
		return errNilTarget
	}
	d := newDecoder(text)
	defer d.release()
	if keepOnNull && d.Null() {
		d.End()
		return d.Err()
	}
	before := *v
	*v = *new(T)
	model(d, v)
	d.End()
	if err := d.Err(); err != nil {
		*v = before
		return err
	}
	return nil
}

// Unmarshal is UnmarshalJSON of a model.
func Unmarshal[T any](text []byte, v *T, model func(*Decoder, *T)) error {
	return DecodeError(text, decode(text, v, model, true))
}

// UnmarshalObject is UnmarshalJSON of an object of any shape.
func UnmarshalObject(text []byte, m *map[string]any) error {
	return Unmarshal(text, m, func(d *Decoder, m *map[string]any) { *m = d.FreeObject() })
}

// Finish ends what NewEncoder has begun. It returns buf, or its first n bytes and an error.
func (e *Encoder) Finish(buf []byte, n int) ([]byte, error) {
	buf, err, path := e.finish(buf, n)
	if err != nil {
		return buf, NewEncodeError(path, err)
	}
	return buf, nil
}

// AppendFree appends a value of any shape, or returns dst as it was and an error.
func AppendFree(dst []byte, v any) ([]byte, error) {
	e := NewEncoder()
	return e.Finish(e.free(dst, v), len(dst))
}

// A Buffer is where MarshalJSON writes what it then returns in a slice of just its size.
type Buffer struct{ Bytes []byte }

// maxPooled is how large a Buffer may be that is kept for the next call.
const maxPooled = 1 << 20

var buffers = sync.Pool{New: func() any { return new(Buffer) }}

// NewBuffer returns an empty Buffer, which Result gives back.
func NewBuffer() *Buffer { return buffers.Get().(*Buffer) }

// Result returns a copy of what was written, or the error.
func (b *Buffer) Result(text []byte, err error) ([]byte, error) {
	var copied []byte
	if err == nil {
		copied = bytes.Clone(text)
	}
	if cap(text) <= maxPooled {
		b.Bytes = text[:0]
	}
	buffers.Put(b)
	return copied, err
}

// EqualStandIns compares the members that stand in the Extra of a or of b although the model declares them. Clear sets such a
// member of a value to zero, so that what is left can be compared as usual.
func EqualStandIns[T any](
	s *Shape, a, b *T, extraA, extraB map[string]json.RawMessage, model func(*Encoder, []byte, *T) []byte, clear func(v *T, member int),
) bool {
	textA, textB := members(s, a, model), members(s, b, model)
	for i := range s.keys {
		name := s.name(i)
		rawA, inA := extraA[name]
		rawB, inB := extraB[name]
		if !inA && !inB {
			continue
		}
		if !inA {
			rawA = textA[name]
		}
		if !inB {
			rawB = textB[name]
		}
		if !EqualRaw(rawA, rawB) {
			return false
		}
		clear(a, i)
		clear(b, i)
	}
	return true
}

// members returns the members of an object as they are written. Of a value that cannot be written it has none.
func members[T any](s *Shape, v *T, model func(*Encoder, []byte, *T) []byte) map[string]json.RawMessage {
	e := NewEncoder()
	text, err, _ := e.finish(model(e, nil, v), 0)
	if err != nil {
		return nil
	}
	m := make(map[string]json.RawMessage)
	var r jsonwire.Reader
	r.Reset(text)
	r.Open('{')
	for first := true; ; first = false {
		name, ok := r.Member(first)
		if !ok {
			return m
		}
		m[string(name)] = r.Skip()
	}
}
