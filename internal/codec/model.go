package codec

import (
	"bytes"
	"encoding/json"
	"reflect"
	"sync"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// A Model has the generated functions for a type T: to read, write, compare and copy it. Generated code in the same package
// calls these functions directly. A Model is for other packages, and for values of any type that contain a T.
type Model[T any] struct {
	Shape *Shape
	// Decode reads an object into *v, which is zero.
	Decode func(d *Decoder, v *T)
	Append func(e *Encoder, buf []byte, v *T) []byte
	Equal  func(a, b *T) bool
	// Clone turns *v from a shallow copy into a deep copy.
	Clone func(c *Cloner, v *T)
	// ClearReadOnly sets the members that only the server sets to zero, at every depth. It is nil if there are none.
	ClearReadOnly func(v *T)
}

// Register registers a model by its type. Call it only to initialize package variables.
func Register[T any](m Model[T]) *Model[T] {
	m.Shape.accepts = func(text []byte) *jsonwire.Error { return decode(text, new(T), m.Decode, true) }
	models.Store(reflect.TypeFor[T](), &m)
	models.Store(reflect.TypeFor[*T](), &m)
	return &m
}

// ModelOf returns the model of a type of an imported package.
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

// Users see error types of the root package, which this package cannot import. The root package sets these variables in its
// init.
var (
	NewDecodeError func(path string, offset int, err error) error
	NewEncodeError func(path string, err error) error
)

// DecodeError converts an error in a text to the error that users see.
func DecodeError(text []byte, err *jsonwire.Error) error {
	if err == nil {
		return nil
	}
	return NewDecodeError(err.Pointer(text), err.Offset, err)
}

// errNilTarget is the error of decoding into a nil pointer.
var errNilTarget = &jsonwire.Error{Reason: jsonwire.ErrWrongType, Detail: "the target is a nil pointer"}

// decode decodes text into *v. On an error *v is unchanged. It is also unchanged if text is null and keepOnNull is set.
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
	return Unmarshal(text, m, func(d *Decoder, m *map[string]any) { *m = d.AnyObject() })
}

// Finish ends the use of an Encoder from NewEncoder. It returns buf, or its first n bytes and an error.
func (e *Encoder) Finish(buf []byte, n int) ([]byte, error) {
	buf, err, path := e.finish(buf, n)
	if err != nil {
		return buf, NewEncodeError(path, err)
	}
	return buf, nil
}

// AppendAny appends a value of any shape. On an error it returns dst unchanged.
func AppendAny(dst []byte, v any) ([]byte, error) {
	e := NewEncoder()
	return e.Finish(e.any(dst, v), len(dst))
}

// A Buffer is the buffer of MarshalJSON, which returns a copy of exactly the right size.
type Buffer struct{ Bytes []byte }

// maxPooled is the maximum size of a Buffer that is kept for the next call, in bytes.
const maxPooled = 1 << 20

var buffers = sync.Pool{New: func() any { return new(Buffer) }}

// NewBuffer returns an empty Buffer. Result puts it back into the pool.
func NewBuffer() *Buffer { return buffers.Get().(*Buffer) }

// Result returns a copy of text, or the error.
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

// EqualStandIns compares the declared members that are in the Extra of a or b. clear sets such a member of a value to zero, so
// that the rest can be compared as usual.
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

// members returns the members of an object as JSON. It returns none if the value cannot be written.
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
