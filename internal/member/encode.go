package member

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// The order of this file: the error; an object of a model and its members; what Extra adds to them; the encoder, which holds no
// text but where it is and what went wrong; and the basic types, arrays and sorted objects.

// An EncodeError says why a value cannot be written, and where it stands.
type EncodeError struct {
	Path   string // a JSON Pointer; while it is being written, only its end in JSON that is written as it is
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

// What is wrong with a value, whether it is to be written or only checked.
const (
	twice      = "in Extra and in the model"
	tooDeep    = "more than 10000 levels, or a value that holds itself"
	endless    = "a pointer to itself"
	badString  = "in a string"
	longAmount = "an amount of more than 1024 characters in plain notation"
	badNumber  = "a json.Number that is no number"
	noNumber   = "JSON has no NaN and no infinity"
	noTime     = "RFC 3339 has no such time"
)

// Append appends v to dst, or returns dst as it was and an error.
func (m *Model[T]) Append(dst []byte, v T) ([]byte, *EncodeError) {
	// The copy is on the heap once and for all: the address of v itself would escape, an allocation for each call.
	p := m.scratch.Get().(*T)
	*p = v
	e := newEncoder()
	dst, err := e.finish(m.encode(e, dst, p), len(dst))
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

func (m *Model[T]) encode(e *encoder, buf []byte, v *T) []byte {
	if !e.enter() {
		return buf
	}
	buf = e.object(buf, m.table(), m.list(v, &e.lists))
	e.pop()
	e.depth--
	return buf
}

// object writes the members at the addresses in l.
func (e *encoder) object(buf []byte, t *table, l *List) []byte {
	start := len(buf)
	if t.union != nil && !e.tag(t, l) {
		return buf
	}
	for i := range t.members {
		m := &t.members[i]
		if m.codec == nil {
			buf = e.member(buf, m, l.addrs[i])
		} else if m.Required || !m.codec.empty(l.addrs[i]) {
			buf = m.codec.encode(e, append(buf, m.key...), l.addrs[i])
		}
		if e.err != nil {
			e.at(m.Name)
			return buf
		}
	}
	if l.extra != nil && len(*l.extra) > 0 {
		buf = e.extra(buf, t, l)
	}
	if len(buf) == start {
		return append(buf, "{}"...)
	}
	buf[start] = '{' // each member begins with a comma
	return append(buf, '}')
}

// member writes the name and the value of a member of a basic type, or nothing if it is left out.
func (e *encoder) member(buf []byte, m *Member, addr any) []byte {
	switch p := addr.(type) {
	case *string:
		switch {
		case *p != "" || m.Required && m.Default == "":
			return e.text(append(buf, m.key...), *p)
		case m.Required:
			return e.text(append(buf, m.key...), m.Default)
		}
	case **decimal.Decimal:
		if *p != nil {
			return e.decimal(append(buf, m.key...), **p)
		}
	case *int:
		if *p != 0 || m.Required {
			return strconv.AppendInt(append(buf, m.key...), int64(*p), 10)
		}
	case **int:
		if *p != nil {
			return strconv.AppendInt(append(buf, m.key...), int64(**p), 10)
		}
	case *map[string]any:
		if *p != nil || m.Required {
			return e.freeObject(append(buf, m.key...), *p)
		}
	case *decimal.Decimal:
		return e.decimal(append(buf, m.key...), *p)
	case *bool:
		if *p || m.Required {
			return strconv.AppendBool(append(buf, m.key...), *p)
		}
	case **bool:
		if *p != nil {
			return strconv.AppendBool(append(buf, m.key...), **p)
		}
	case *int64:
		if *p != 0 || m.Required {
			return strconv.AppendInt(append(buf, m.key...), *p, 10)
		}
	case **int64:
		if *p != nil {
			return strconv.AppendInt(append(buf, m.key...), **p, 10)
		}
	case *time.Time:
		if !p.IsZero() || m.Required {
			return e.time(append(buf, m.key...), *p)
		}
	case **string:
		if *p != nil {
			return e.text(append(buf, m.key...), **p)
		}
	case *[]string:
		if *p != nil || m.Required {
			return elements(e, append(buf, m.key...), *p, e.text)
		}
	case *[]int64:
		if *p != nil || m.Required {
			return elements(e, append(buf, m.key...), *p, appendInt[int64])
		}
	case *[]int:
		if *p != nil || m.Required {
			return elements(e, append(buf, m.key...), *p, appendInt[int])
		}
	case *json.RawMessage:
		switch {
		case *p != nil:
			return e.raw(append(buf, m.key...), *p)
		case m.Required:
			return append(append(buf, m.key...), m.nilText()...)
		}
	}
	return buf
}

func appendInt[I int | int64](buf []byte, v I) []byte { return strconv.AppendInt(buf, int64(v), 10) }

// extra writes the members that the model does not declare, and declared ones that it leaves out.
func (e *encoder) extra(buf []byte, t *table, l *List) []byte {
	var few [fewEntries]entry[json.RawMessage]
	for _, m := range sorted(*l.extra, few[:0]) {
		if i := t.find([]byte(m.name)); i >= 0 {
			e.standIn(t, i, l.addrs[i], m.value)
		}
		buf = append(e.text(append(buf, ','), m.name), ':')
		if buf = e.raw(buf, m.value); e.err != nil {
			e.at(m.name)
			return buf
		}
	}
	return buf
}

// standIn checks a value in Extra that stands for a declared member: the model must leave that out, and be able to read the
// value there.
func (e *encoder) standIn(t *table, i int, addr any, raw []byte) {
	m := &t.members[i]
	if e.writes(m, addr) {
		e.fail(jsonwire.ErrDuplicateName, twice, nil)
		return
	}
	if string(bytes.TrimSpace(raw)) == null { // which every member takes, and the one thing that there is a reason to send so
		return
	}
	text := slices.Concat([]byte("{"), []byte(m.key[1:]), raw, []byte("}"))
	if err := t.read(text); err != nil {
		inside, ok := strings.CutPrefix(jsonwire.Pointer(text, err.Offset), "/"+m.Name+"/")
		if ok {
			inside = "/" + inside
		} else { // the member itself, or another that raw smuggles in
			inside = ""
		}
		e.failInside(err, inside)
	}
}

// writes reports whether a member is not left out.
func (e *encoder) writes(m *Member, addr any) bool {
	if m.codec != nil {
		return m.Required || !m.codec.empty(addr)
	}
	before := e.err
	n := len(e.member(nil, m, addr))
	e.err = before // what is wrong with the member is not the question
	return n > 0
}

// encoder writes one document. After an error it may write anything: finish takes it all back.
type encoder struct {
	lists
	err      *EncodeError
	path     []string // from the inside out
	depth    int      // of arrays and objects
	pointers int      // depth of pointers in values of no declared type
	reader   jsonwire.Reader
}

var encoders = sync.Pool{New: func() any { return new(encoder) }}

func newEncoder() *encoder { return encoders.Get().(*encoder) }

// finish gives e back and returns buf, or its first n bytes and an error.
func (e *encoder) finish(buf []byte, n int) ([]byte, *EncodeError) {
	err := e.err
	if err != nil {
		buf = buf[:n]
		var p []byte
		for _, token := range slices.Backward(e.path) {
			p = jsonwire.AppendPointer(p, token)
		}
		err.Path = string(p) + err.Path
	}
	e.lists.clear()
	e.reader.Reset(nil)
	*e = encoder{lists: e.lists, reader: e.reader}
	encoders.Put(e)
	return buf, err
}

func (e *encoder) fail(reason error, detail string, cause error) {
	if e.err == nil {
		e.err = &EncodeError{Reason: reason, Detail: detail, Cause: cause}
	}
}

// failInside is for JSON that is written as it is: the error has a place in there.
func (e *encoder) failInside(err *jsonwire.Error, inside string) {
	if e.err == nil {
		e.err = &EncodeError{Path: inside, Reason: err.Reason, Detail: err.Detail}
	}
}

// at says that the error stands in a member or an element of this name. It is called on the way out, once a level.
func (e *encoder) at(token string) { e.path = append(e.path, token) }

// enter begins an array or an object. It reports false, and an error, where they are nested too deep.
func (e *encoder) enter() bool {
	if e.depth == jsonwire.MaxDepth {
		e.fail(jsonwire.ErrTooDeep, tooDeep, nil)
		return false
	}
	e.depth++
	return true
}

func (e *encoder) text(buf []byte, s string) []byte {
	buf, err := jsonwire.AppendString(buf, s)
	if err != nil {
		e.fail(err, badString, nil)
	}
	return buf
}

func (e *encoder) decimal(buf []byte, v decimal.Decimal) []byte {
	buf, err := jsonwire.AppendDecimal(buf, v)
	if err != nil {
		e.fail(err, longAmount, nil)
	}
	return buf
}

func (e *encoder) float(buf []byte, v float64, bits int) []byte {
	buf, err := jsonwire.AppendFloat(buf, v, bits)
	if err != nil {
		e.fail(err, noNumber, nil)
	}
	return buf
}

func (e *encoder) time(buf []byte, v time.Time) []byte {
	buf, err := jsonwire.AppendTime(buf, v)
	if err != nil {
		e.fail(err, noTime, nil)
	}
	return buf
}

// raw writes a value that is JSON already, if it is one that would be read back.
func (e *encoder) raw(buf, text []byte) []byte {
	e.reader.ResetAt(text, e.depth)
	e.reader.Skip()
	e.reader.End()
	if err := e.reader.Err(); err != nil {
		e.failInside(err, jsonwire.Pointer(text, err.Offset))
	}
	return append(buf, text...)
}

// elements writes an array.
func elements[E any](e *encoder, buf []byte, s []E, element func([]byte, E) []byte) []byte {
	if !e.enter() {
		return buf
	}
	buf = append(buf, '[')
	for i := range s {
		if i > 0 {
			buf = append(buf, ',')
		}
		if buf = element(buf, s[i]); e.err != nil {
			e.at(strconv.Itoa(i))
			return buf
		}
	}
	e.depth--
	return append(buf, ']')
}

// sortedObject writes an object whose members are those of m, sorted by name.
func sortedObject[V any](e *encoder, buf []byte, m map[string]V, value func([]byte, V) []byte) []byte {
	if !e.enter() {
		return buf
	}
	buf = append(buf, '{')
	var few [fewEntries]entry[V]
	for i, member := range sorted(m, few[:0]) {
		if i > 0 {
			buf = append(buf, ',')
		}
		if buf = e.text(buf, member.name); e.err == nil {
			buf = value(append(buf, ':'), member.value)
		}
		if e.err != nil {
			e.at(member.name)
			return buf
		}
	}
	e.depth--
	return append(buf, '}')
}

// An entry is what a map holds under one name.
type entry[V any] struct {
	name  string
	value V
}

// fewEntries is how many of a map are sorted without an allocation.
const fewEntries = 16

// sorted appends what is in m to entries, which are none, in the order of the names.
func sorted[V any](m map[string]V, entries []entry[V]) []entry[V] {
	entries = slices.Grow(entries, len(m))
	for name, value := range m {
		entries = append(entries, entry[V]{name, value})
	}
	slices.SortFunc(entries, func(a, b entry[V]) int { return strings.Compare(a.name, b.name) })
	return entries
}
