package member

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// An EncodeError says why a value cannot be written, and where it stands.
type EncodeError struct {
	Path   string // a JSON Pointer
	Reason error  // one of the sentinels of package jsonwire
	Detail string // no text of the value
	Cause  error  // from a MarshalJSON that is not ours, or nil
}

func (e *EncodeError) Error() string {
	if e.Detail == "" {
		return e.Reason.Error()
	}
	return e.Reason.Error() + ": " + e.Detail
}

func (e *EncodeError) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Reason}
	}
	return []error{e.Reason, e.Cause}
}

// Append appends v to dst, or returns dst as it was and an error.
func (m *Model[T]) Append(dst []byte, v T) ([]byte, *EncodeError) {
	// The copy is on the heap once and for all: the address of v itself would escape, an allocation for each call.
	p := m.scratch.Get().(*T)
	*p = v
	e := newEncoder(dst)
	m.encode(e, p)
	dst, err := e.finish(len(dst))
	*p = *new(T)
	m.scratch.Put(p)
	return dst, err
}

// Marshal returns v in a buffer of just its size.
func (m *Model[T]) Marshal(v T) ([]byte, *EncodeError) {
	buf := buffers.Get().(*[]byte)
	text, err := m.Append((*buf)[:0], v)
	copied := bytes.Clone(text)
	if cap(text) <= maxPooled {
		*buf = text
	}
	buffers.Put(buf)
	if err != nil {
		return nil, err
	}
	return copied, nil
}

// maxPooled is how large a buffer may be that is kept for the next Marshal.
const maxPooled = 1 << 20

var buffers = sync.Pool{New: func() any { return new([]byte) }}

func (m *Model[T]) encode(e *encoder, v *T) {
	if !e.enter() {
		return
	}
	e.object(m.table(), m.list(v, &e.lists))
	e.pop()
	e.depth--
}

// object writes the members at the addresses in l.
func (e *encoder) object(t *table, l *List) {
	e.buf = append(e.buf, '{')
	start := len(e.buf)
	var written uint64
	for i := range t.members {
		m := &t.members[i]
		before := len(e.buf)
		if m.codec == nil {
			e.member(m, l.addrs[i])
		} else if m.Required || !m.codec.empty(l.addrs[i]) {
			e.buf = append(e.buf, m.key...)
			m.codec.encode(e, l.addrs[i])
		}
		if e.err != nil {
			e.at(m.Name)
			return
		}
		if len(e.buf) > before {
			written |= 1 << i
			e.buf = append(e.buf, ',')
		}
	}
	if l.extra != nil && len(*l.extra) > 0 {
		e.extra(t, *l.extra, written)
	}
	// Each member is followed by a comma: the last one gives its place to the bracket.
	if len(e.buf) > start {
		e.buf = e.buf[:len(e.buf)-1]
	}
	e.buf = append(e.buf, '}')
}

// member writes the name and the value of a member of a basic type, or nothing if it is left out.
func (e *encoder) member(m *Member, addr any) {
	switch p := addr.(type) {
	case *string:
		switch {
		case *p != "" || m.Required && m.Default == "":
			e.buf = append(e.buf, m.key...)
			e.text(*p)
		case m.Required:
			e.buf = append(e.buf, m.key...)
			e.text(m.Default)
		}
	case **decimal.Decimal:
		if *p != nil {
			e.buf = append(e.buf, m.key...)
			e.decimal(**p)
		}
	case *int:
		e.int(m, int64(*p))
	case **int:
		if *p != nil {
			e.buf = append(e.buf, m.key...)
			e.buf = strconv.AppendInt(e.buf, int64(**p), 10)
		}
	case *map[string]any:
		if *p != nil || m.Required {
			e.buf = append(e.buf, m.key...)
			e.freeObject(*p)
		}
	case *decimal.Decimal:
		e.buf = append(e.buf, m.key...)
		e.decimal(*p)
	case *bool:
		if *p || m.Required {
			e.buf = append(e.buf, m.key...)
			e.buf = strconv.AppendBool(e.buf, *p)
		}
	case *int64:
		e.int(m, *p)
	case **int64:
		if *p != nil {
			e.buf = append(e.buf, m.key...)
			e.buf = strconv.AppendInt(e.buf, **p, 10)
		}
	case *time.Time:
		if !p.IsZero() || m.Required {
			e.buf = append(e.buf, m.key...)
			e.time(*p)
		}
	case **string:
		if *p != nil {
			e.buf = append(e.buf, m.key...)
			e.text(**p)
		}
	case *[]string:
		if *p != nil || m.Required {
			e.buf = append(e.buf, m.key...)
			elements(e, len(*p), func(i int) { e.text((*p)[i]) })
		}
	case *[]int64:
		if *p != nil || m.Required {
			e.buf = append(e.buf, m.key...)
			elements(e, len(*p), func(i int) { e.buf = strconv.AppendInt(e.buf, (*p)[i], 10) })
		}
	case *json.RawMessage:
		if *p != nil {
			e.buf = append(e.buf, m.key...)
			e.raw(*p)
		}
	}
}

func (e *encoder) int(m *Member, v int64) {
	if v != 0 || m.Required {
		e.buf = append(e.buf, m.key...)
		e.buf = strconv.AppendInt(e.buf, v, 10)
	}
}

// extra writes the members that the model does not declare, and declared ones that it leaves out.
func (e *encoder) extra(t *table, extra map[string]json.RawMessage, written uint64) {
	for _, name := range sortKeys(e, extra) {
		if i := t.find([]byte(name)); i >= 0 && written&(1<<i) != 0 {
			e.fail(jsonwire.ErrDuplicateName, "in Extra and in the model", nil)
		}
		e.text(name)
		e.buf = append(e.buf, ':')
		e.raw(extra[name])
		if e.err != nil {
			e.at(name)
			break
		}
		e.buf = append(e.buf, ',')
	}
	e.dropKeys(len(extra))
}

// encoder writes one document. After an error it may write anything: finish takes it all back.
type encoder struct {
	lists
	buf      []byte
	err      *EncodeError
	path     []string // from the inside out
	depth    int      // of arrays and objects
	pointers int      // depth of pointers in values of no declared type
	keys     []string
	reader   jsonwire.Reader
}

var encoders = sync.Pool{New: func() any { return new(encoder) }}

func newEncoder(dst []byte) *encoder {
	e := encoders.Get().(*encoder)
	e.buf = dst
	return e
}

// finish gives e back and returns what it wrote after the first n bytes, or these alone and an error.
func (e *encoder) finish(n int) ([]byte, *EncodeError) {
	buf, err := e.buf, e.err
	if err != nil {
		buf = buf[:n]
		var p []byte
		for _, token := range slices.Backward(e.path) {
			p = jsonwire.AppendPointer(p, token)
		}
		err.Path = string(p)
	}
	e.lists.clear()
	clear(e.keys[:cap(e.keys)])
	e.reader.Reset(nil)
	*e = encoder{lists: e.lists, keys: e.keys[:0], reader: e.reader}
	encoders.Put(e)
	return buf, err
}

func (e *encoder) fail(reason error, detail string, cause error) {
	if e.err == nil {
		e.err = &EncodeError{Reason: reason, Detail: detail, Cause: cause}
	}
}

// at says that the error stands in a member or an element of this name. It is called on the way out, once a level.
func (e *encoder) at(token string) { e.path = append(e.path, token) }

// enter begins an array or an object. It reports false, and an error, where they are nested too deep.
func (e *encoder) enter() bool {
	if e.depth == jsonwire.MaxDepth {
		e.fail(jsonwire.ErrTooDeep, "more than 10000 levels, or a value that holds itself", nil)
		return false
	}
	e.depth++
	return true
}

func (e *encoder) text(s string) {
	var err error
	if e.buf, err = jsonwire.AppendString(e.buf, s); err != nil {
		e.fail(err, "in a string", nil)
	}
}

func (e *encoder) decimal(v decimal.Decimal) {
	var err error
	if e.buf, err = jsonwire.AppendDecimal(e.buf, v); err != nil {
		e.fail(err, "an amount of more than 1024 characters in plain notation", nil)
	}
}

func (e *encoder) float(v float64, bits int) {
	var err error
	if e.buf, err = jsonwire.AppendFloat(e.buf, v, bits); err != nil {
		e.fail(err, "JSON has no NaN and no infinity", nil)
	}
}

func (e *encoder) time(v time.Time) {
	var err error
	if e.buf, err = jsonwire.AppendTime(e.buf, v); err != nil {
		e.fail(err, "RFC 3339 has no such time", nil)
	}
}

// raw writes a value that is JSON already, if it is one that would be read back.
func (e *encoder) raw(text []byte) {
	e.reader.ResetAt(text, e.depth)
	e.reader.Skip()
	e.reader.End()
	if err := e.reader.Err(); err != nil {
		e.fail(err.Reason, err.Detail, nil)
		return
	}
	e.buf = append(e.buf, text...)
}

// elements writes an array.
func elements(e *encoder, n int, element func(i int)) {
	if !e.enter() {
		return
	}
	e.buf = append(e.buf, '[')
	for i := range n {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		if element(i); e.err != nil {
			e.at(strconv.Itoa(i))
			return
		}
	}
	e.buf = append(e.buf, ']')
	e.depth--
}

// sortedObject writes an object whose members are those of m, sorted by name.
func sortedObject[V any](e *encoder, m map[string]V, value func(V)) {
	if !e.enter() {
		return
	}
	e.buf = append(e.buf, '{')
	for i, name := range sortKeys(e, m) {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.text(name)
		e.buf = append(e.buf, ':')
		if value(m[name]); e.err != nil {
			e.at(name)
			return
		}
	}
	e.dropKeys(len(m))
	e.buf = append(e.buf, '}')
	e.depth--
}

// sortKeys returns the names in m in order, in a buffer that dropKeys gives back.
func sortKeys[V any](e *encoder, m map[string]V) []string {
	start := len(e.keys)
	for name := range m {
		e.keys = append(e.keys, name)
	}
	sorted := e.keys[start:]
	slices.Sort(sorted)
	return sorted
}

func (e *encoder) dropKeys(n int) { e.keys = e.keys[:len(e.keys)-n] }
