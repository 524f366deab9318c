package codec

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

// An Encoder writes one document. After the first error its output is undefined, and finish drops it.
//
// It does not track its location. If there is an error, the path is found from the text written before it.
type Encoder struct {
	err      *failure
	failedAt int    // length of the text at the error
	inside   string // the end of the path: a location in raw JSON, or the bad name of a member
	depth    int    // of arrays and objects
	pointers int    // depth of pointers in values of no declared type
	reader   jsonwire.Reader

	names  []string          // sorted names of the maps being written, the outermost first
	values []any             // of objects of any shape being written, in the order of their names
	orders [ordersKept]order // of earlier objects of any shape, by their number of members
}

// A failure says why a value cannot be written.
type failure struct {
	reason error  // one of the sentinels of package jsonwire
	detail string // no text of the value
	cause  error  // of a MarshalJSON of another module, or nil
}

func (f *failure) Error() string {
	if f.detail == "" {
		return f.reason.Error()
	}
	return f.reason.Error() + ": " + f.detail
}

func (f *failure) Unwrap() []error {
	if f.cause == nil {
		return []error{f.reason}
	}
	return []error{f.reason, f.cause}
}

// The details of errors, in writing and in checking.
const (
	twice      = "in Extra and in the model"
	tooDeep    = "more than 10000 levels, or a value that holds itself"
	endless    = "a pointer to itself"
	badString  = "in a string"
	longAmount = "an amount of more than 1024 characters in plain notation"
	badNumber  = "a json.Number that is not a number"
	noNumber   = "JSON has no NaN and no infinity"
	noTime     = "RFC 3339 has no such time"
)

var encoders = sync.Pool{New: func() any { return new(Encoder) }}

// NewEncoder returns an Encoder for one document, which Finish ends.
func NewEncoder() *Encoder { return encoders.Get().(*Encoder) }

// maxNames is the maximum capacity for names that is kept for the next document.
const maxNames = 1 << 10

// finish puts e back into the pool. It returns buf, or its first n bytes with the failure and its path.
func (e *Encoder) finish(buf []byte, n int) ([]byte, *failure, string) {
	err, path := e.err, ""
	if err != nil {
		path = openPath(buf[n:e.failedAt]) + e.inside
		buf = buf[:n]
	}
	e.reader.Reset(nil)
	e.DropNames(0)
	e.dropValues(0)
	if cap(e.names) > maxNames || cap(e.values) > maxNames {
		e.names, e.values = nil, nil
	}
	e.err, e.inside, e.depth, e.pointers = nil, "", 0, 0
	encoders.Put(e)
	return buf, err, path
}

// openPath returns the JSON Pointer of the next value after an unfinished text. Unfinished objects begin with a comma instead
// of the brace.
func openPath(text []byte) string {
	type level struct {
		array bool
		index int    // of the element, in an array
		name  string // of the member, in an object
	}
	var (
		levels    []level
		r         jsonwire.Reader
		valueNext = true
	)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case valueNext && (c == '{' || c == ','):
			levels = append(levels, level{})
			valueNext = false
		case valueNext && c == '[':
			levels = append(levels, level{array: true})
		case c == '}' || c == ']':
			levels = levels[:len(levels)-1]
			valueNext = false
		case c == ',':
			top := &levels[len(levels)-1]
			top.index++
			valueNext = top.array
		case c == ':':
			valueNext = true
		case c == '"':
			r.Reset(text[i:])
			s := r.String()
			i += r.Offset() - 1
			if !valueNext {
				levels[len(levels)-1].name = string(s)
			}
			valueNext = false
		case c > ' ':
			valueNext = false
		}
	}
	var p []byte
	for _, l := range levels {
		if l.array {
			l.name = strconv.Itoa(l.index)
		}
		p = jsonwire.AppendPointer(p, l.name)
	}
	return string(p)
}

// Failed reports whether there was an error.
func (e *Encoder) Failed() bool { return e.err != nil }

// fail records an error of the next value after buf, unless there is one already.
func (e *Encoder) fail(buf []byte, reason error, detail string, cause error) {
	if e.err == nil {
		e.err, e.failedAt = &failure{reason, detail, cause}, len(buf)
	}
}

// Fail records an error of the next value after buf, unless there is one already.
func (e *Encoder) Fail(buf []byte, reason error, detail string) { e.fail(buf, reason, detail, nil) }

// failInside is like fail, for an error inside the value, such as in raw JSON.
func (e *Encoder) failInside(buf []byte, err *jsonwire.Error, inside string) {
	if e.err == nil {
		e.fail(buf, err.Reason, err.Detail, nil)
		e.inside = inside
	}
}

// Enter begins an array or an object. It returns false after an error, or if the nesting is too deep.
func (e *Encoder) Enter(buf []byte) bool {
	if e.depth == jsonwire.MaxDepth {
		e.fail(buf, jsonwire.ErrTooDeep, tooDeep, nil)
	}
	if e.err != nil {
		return false
	}
	e.depth++
	return true
}

// EndObject ends the object that begins at start. A comma must precede each of its members, also the first.
func (e *Encoder) EndObject(buf []byte, start int) []byte {
	e.depth--
	if len(buf) == start {
		return append(buf, "{}"...)
	}
	if e.err == nil {
		buf[start] = '{'
	}
	return append(buf, '}')
}

// EndArray ends an array.
func (e *Encoder) EndArray(buf []byte) []byte {
	e.depth--
	return append(buf, ']')
}

// Text writes a string.
func (e *Encoder) Text(buf []byte, s string) []byte {
	buf, err := jsonwire.AppendString(buf, s)
	if err != nil {
		e.fail(buf, err, badString, nil)
	}
	return buf
}

// Int writes an integer.
func (e *Encoder) Int(buf []byte, v int64) []byte {
	if 0 <= v && v < 10 {
		return append(buf, byte('0'+v))
	}
	return strconv.AppendInt(buf, v, 10)
}

// Bool writes a boolean.
func (e *Encoder) Bool(buf []byte, v bool) []byte { return strconv.AppendBool(buf, v) }

// Decimal writes a number in plain notation.
func (e *Encoder) Decimal(buf []byte, v decimal.Decimal) []byte {
	buf, err := jsonwire.AppendDecimal(buf, v)
	if err != nil {
		e.fail(buf, err, longAmount, nil)
	}
	return buf
}

func (e *Encoder) float(buf []byte, v float64, bits int) []byte {
	buf, err := jsonwire.AppendFloat(buf, v, bits)
	if err != nil {
		e.fail(buf, err, noNumber, nil)
	}
	return buf
}

// Time writes an RFC 3339 time.
func (e *Encoder) Time(buf []byte, v time.Time) []byte {
	buf, err := jsonwire.AppendTime(buf, v)
	if err != nil {
		e.fail(buf, err, noTime, nil)
	}
	return buf
}

// Raw writes a value that is JSON already. It records an error if a Decoder would refuse the text.
func (e *Encoder) Raw(buf, text []byte) []byte {
	e.reader.ResetAt(text, e.depth)
	e.reader.Skip()
	e.reader.End()
	if err := e.reader.Err(); err != nil {
		e.failInside(buf, err, jsonwire.Pointer(text, err.Offset))
	}
	return append(buf, text...)
}

// AppendTexts writes an array of strings.
func AppendTexts[S ~string](e *Encoder, buf []byte, s []S) []byte {
	return elements(e, buf, s, func(buf []byte, v S) []byte { return e.Text(buf, string(v)) })
}

// AppendInts writes an array of integers.
func AppendInts[I ~int | ~int64](e *Encoder, buf []byte, s []I) []byte {
	return elements(e, buf, s, func(buf []byte, v I) []byte { return e.Int(buf, int64(v)) })
}

func elements[E any](e *Encoder, buf []byte, s []E, element func([]byte, E) []byte) []byte {
	if !e.Enter(buf) {
		return buf
	}
	buf = append(buf, '[')
	for i := range s {
		if i > 0 {
			buf = append(buf, ',')
		}
		if buf = element(buf, s[i]); e.err != nil {
			return buf
		}
	}
	return e.EndArray(buf)
}

// AppendSlice writes an array of models.
func AppendSlice[T any](e *Encoder, buf []byte, s []T, model func(*Encoder, []byte, *T) []byte) []byte {
	if !e.Enter(buf) {
		return buf
	}
	buf = append(buf, '[')
	for i := range s {
		if i > 0 {
			buf = append(buf, ',')
		}
		if buf = model(e, buf, &s[i]); e.err != nil {
			return buf
		}
	}
	return e.EndArray(buf)
}

// MemberName writes the name of the next member of an object whose names the caller chose.
func (e *Encoder) MemberName(buf []byte, name string) []byte {
	text, err := jsonwire.AppendString(append(buf, ','), name)
	if err != nil {
		text = append(text, `"":`...) // instead of the bad name, which goes into inside
		if e.err == nil {
			e.fail(text, err, badString, nil)
			e.inside = string(jsonwire.AppendPointer(nil, name)[len("/"):])
		}
		return text
	}
	return append(text, ':')
}

// Extra writes the members in Extra of a model: undeclared ones, and declared ones that the model has left out. written has a
// bit for each declared member that is already written.
func (e *Encoder) Extra(buf []byte, s *Shape, extra map[string]json.RawMessage, written uint64) []byte {
	mark := e.MarkNames()
	for _, name := range SortedNames(e, extra) {
		raw := extra[name]
		if buf = e.MemberName(buf, name); e.err != nil {
			break
		}
		if i := s.find([]byte(name)); i >= 0 {
			e.standIn(buf, s, i, raw, written)
		}
		if buf = e.Raw(buf, raw); e.err != nil {
			break
		}
	}
	e.DropNames(mark)
	return buf
}

// standIn checks a value in Extra for a declared member. The model must have left this member out, and must be able to decode
// the value.
func (e *Encoder) standIn(buf []byte, s *Shape, i int, raw []byte, written uint64) {
	if written&(1<<i) != 0 {
		e.fail(buf, jsonwire.ErrDuplicateName, twice, nil)
		return
	}
	if string(bytes.TrimSpace(raw)) == null { // every member accepts null, the usual reason to use Extra so
		return
	}
	text := slices.Concat([]byte("{"), []byte(s.keys[i][1:]), raw, []byte("}"))
	err := s.accepts(text)
	if err != nil && !(err.Missing() && err.Offset == 0) { // the text has only this member, so missing others are no error
		inside, ok := strings.CutPrefix(err.Pointer(text), "/"+s.name(i)+"/")
		if ok {
			inside = "/" + inside
		} else { // the member itself, or another one that raw contains
			inside = ""
		}
		e.failInside(buf, err, inside)
	}
}

const null = "null"

// SortedNames returns the sorted names of a map. They are valid until DropNames.
func SortedNames[V any](e *Encoder, m map[string]V) []string {
	start := len(e.names)
	for name := range m {
		e.names = append(e.names, name)
	}
	names := e.names[start:]
	if len(names) > 1 {
		slices.Sort(names)
	}
	return names
}

// MarkNames returns the current number of names, for DropNames.
func (e *Encoder) MarkNames() int { return len(e.names) }

// DropNames drops the names that SortedNames returned since MarkNames.
func (e *Encoder) DropNames(mark int) {
	clear(e.names[mark:])
	e.names = e.names[:mark]
}
