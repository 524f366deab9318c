package jsonwire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// The order of this file: the cursor and its error; the tokens that begin, separate and end values; null, bools and strings;
// numbers; and Skip, for unused values. Only these methods move the cursor, and each leaves it after the text that it read.

// Reader is a cursor over one JSON text. After the first error every method does nothing and returns a zero value, so a caller
// checks [Reader.Err] once at the end.
//
// The text is read in place. A returned byte slice points into the text, or into a scratch buffer that the next call
// overwrites.
type Reader struct {
	buf     []byte
	pos     int
	depth   int
	err     *Error
	nameAt  int      // where the last member's name begins
	name    []byte   // the last member's name
	escaped bool     // whether the last string had escapes
	scratch []byte   // the text of the last string with escapes
	names   [][]byte // of the objects being skipped
}

// Reset makes r read text from its start.
func (r *Reader) Reset(text []byte) { r.ResetAt(text, 0) }

// ResetAt makes r read text as if it were inside depth arrays and objects.
func (r *Reader) ResetAt(text []byte, depth int) {
	*r = Reader{buf: text, depth: depth, scratch: keep(r.scratch), names: keep(r.names)}
}

// keep returns an empty slice with the memory of s, for the next text, unless s is unusually large.
func keep[E any](s []E) []E {
	const maxKept = 16 << 10
	if cap(s) > maxKept {
		return nil
	}
	return s[:0]
}

// Err returns the first error, or nil.
func (r *Reader) Err() *Error { return r.err }

// Offset returns the position of the next byte to read.
func (r *Reader) Offset() int { return r.pos }

// NameOffset returns the position of the last name from Member.
func (r *Reader) NameOffset() int { return r.nameAt }

// Name returns the last name from Member.
func (r *Reader) Name() []byte { return r.name }

// A Mark is a position in a text to which a Reader can go back. The zero Mark means "no mark": no value inside an object starts
// at offset 0.
type Mark struct{ pos, depth int }

// Mark returns where the next value begins.
func (r *Reader) Mark() Mark {
	r.Peek()
	return Mark{r.pos, r.depth}
}

// Offset returns the position that m marks.
func (m Mark) Offset() int { return m.pos }

// Rewind goes back to m and forgets the error.
func (r *Reader) Rewind(m Mark) { r.pos, r.depth, r.err = m.pos, m.depth, nil }

// Rest returns the number of bytes still to read.
func (r *Reader) Rest() int { return len(r.buf) - r.pos }

// Since returns the text from start to the cursor.
func (r *Reader) Since(start int) []byte { return r.buf[start:r.pos] }

// Until returns the text from the cursor to the next c, or all that follows if there is none.
func (r *Reader) Until(c byte) []byte {
	text, _, _ := bytes.Cut(r.buf[r.pos:], []byte{c})
	return text
}

// FailMissing records that the object at offset lacks a member, unless there is an error already.
func (r *Reader) FailMissing(offset int, name string) {
	if r.err == nil {
		r.err = &Error{Offset: offset, Reason: ErrWrongType, Detail: "want a value, got nothing", missing: name}
	}
}

// Fail records an error unless there is one already.
func (r *Reader) Fail(offset int, reason error, detail string) {
	if r.err == nil {
		r.err = &Error{Offset: offset, Reason: reason, Detail: detail}
	}
}

// unexpected reports that the byte at the cursor, or the end of the text, breaks the syntax.
func (r *Reader) unexpected(want string) {
	if r.pos >= len(r.buf) {
		r.Fail(len(r.buf), ErrSyntax, "unexpected end, want "+want)
		return
	}
	r.Fail(r.pos, ErrSyntax, fmt.Sprintf("unexpected %q, want %s", r.buf[r.pos:r.pos+1], want))
}

func (r *Reader) skipSpace() {
	for r.pos < len(r.buf) {
		switch r.buf[r.pos] {
		case ' ', '\n', '\t', '\r':
			r.pos++
		default:
			return
		}
	}
}

// Peek returns the first byte of the next value without reading it, or 0 if there is none.
func (r *Reader) Peek() byte {
	if r.err != nil {
		return 0
	}
	if r.pos < len(r.buf) && r.buf[r.pos] > ' ' {
		return r.buf[r.pos]
	}
	r.skipSpace()
	if r.pos >= len(r.buf) {
		return 0
	}
	return r.buf[r.pos]
}

// WrongType reports that the next value does not have the wanted type. If the value is malformed, the syntax error is reported
// instead.
func (r *Reader) WrongType(want string) {
	kind := kindName(r.Peek())
	start := r.pos
	r.Skip()
	r.Fail(start, ErrWrongType, "want "+want+", got "+kind)
}

func kindName(first byte) string {
	switch first {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	default:
		return "a number"
	}
}

// Open reads the bracket that begins an object ('{') or an array ('[').
func (r *Reader) Open(bracket byte) bool {
	if r.Peek() != bracket {
		if bracket == '{' {
			r.WrongType("an object")
		} else {
			r.WrongType("an array")
		}
		return false
	}
	if r.depth == MaxDepth {
		r.Fail(r.pos, ErrTooDeep, "more than 10000 levels")
		return false
	}
	r.depth++
	r.pos++
	return true
}

// Element reports whether the open array has another element, and moves to it. first means that no element was read yet. At the
// end Element reads the closing bracket.
func (r *Reader) Element(first bool) bool { return r.more(']', first) }

// Member reports whether the open object has another member, and returns its name, which is valid until the next call. first
// means that no member was read yet. The cursor is then before the member's value.
func (r *Reader) Member(first bool) (name []byte, ok bool) {
	if p := r.pos; !first && r.err == nil && p+1 < len(r.buf) && r.buf[p] == ',' && r.buf[p+1] == '"' {
		r.pos++ // as nearly always
	} else if !r.more('}', first) {
		return nil, false
	} else if r.buf[r.pos] != '"' {
		r.unexpected("a member name")
		return nil, false
	}
	r.nameAt = r.pos
	name = r.text()
	r.name = name
	if r.Peek() != ':' {
		if r.err == nil {
			r.unexpected("':'")
		}
		return nil, false
	}
	r.pos++
	return name, true
}

// Key moves to the value of the next member if its name is written exactly as key, which has a comma before the name and a
// colon after it. first means that there is no comma yet. If the text continues differently, Key reads nothing and returns
// false.
func (r *Reader) Key(key string, first bool) bool {
	start := r.pos + 1
	if first {
		key = key[1:]
		start--
	}
	if r.err != nil || len(r.buf)-r.pos < len(key) || string(r.buf[r.pos:r.pos+len(key)]) != key {
		return false
	}
	r.nameAt = start
	r.pos += len(key)
	return true
}

func (r *Reader) more(end byte, first bool) bool {
	c := r.Peek()
	switch {
	case c == end:
		r.pos++
		r.depth--
		return false
	case first && c != 0:
		return true
	case c == ',':
		r.pos++
		if c = r.Peek(); c != end && c != 0 {
			return true
		}
		if r.err == nil {
			r.unexpected("a value after the comma")
		}
		return false
	}
	if r.err == nil {
		if first {
			r.unexpected("a value or '" + string(rune(end)) + "'")
		} else {
			r.unexpected("',' or '" + string(rune(end)) + "'")
		}
	}
	return false
}

// End records an error if anything follows the outermost value.
func (r *Reader) End() {
	if r.Peek() != 0 || r.err == nil && r.pos < len(r.buf) {
		r.unexpected("the end of the text")
	}
}

// Null reads a null if the next value is one.
func (r *Reader) Null() bool {
	if r.Peek() != 'n' {
		return false
	}
	return r.literal("null")
}

// Bool reads true or false.
func (r *Reader) Bool() bool {
	switch r.Peek() {
	case 't':
		return r.literal("true")
	case 'f':
		r.literal("false")
	default:
		r.WrongType("a boolean")
	}
	return false
}

func (r *Reader) literal(word string) bool {
	for i := range len(word) {
		if r.pos >= len(r.buf) || r.buf[r.pos] != word[i] {
			r.unexpected(word)
			return false
		}
		r.pos++
	}
	return true
}

// String reads a string and returns its text without escapes.
func (r *Reader) String() []byte {
	if r.Peek() != '"' {
		r.WrongType("a string")
		return nil
	}
	return r.text()
}

// text reads the string at the cursor.
func (r *Reader) text() []byte {
	var raw []byte
	if raw, r.escaped = r.scanString(); !r.escaped {
		return raw
	}
	r.scratch = unescape(r.scratch[:0], raw)
	return r.scratch
}

// specialBytes sets the high bit of each of eight bytes that is a quote, a backslash, a control character or not ASCII. Only
// the lowest set bit is reliable, because a borrow can set those above it.
func specialBytes(w uint64) uint64 {
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	// For ASCII bytes a subtraction sets the high bit only if the subtrahend is larger.
	quote, slash := w^(ones*'"'), w^(ones*'\\')
	return ((quote - ones) | (slash - ones) | (w - ones*' ') | w) & highs
}

// scanString reads the string at the cursor and returns the text between its quotes, checked but not unescaped.
func (r *Reader) scanString() (raw []byte, escaped bool) {
	buf, start := r.buf, r.pos+1
	for i := start; i+8 <= len(buf); i += 8 {
		if stop := specialBytes(binary.LittleEndian.Uint64(buf[i:])); stop != 0 {
			if i += bits.TrailingZeros64(stop) / 8; buf[i] == '"' {
				r.pos = i + 1
				return buf[start:i], false
			}
			break
		}
	}
	return r.scanAnyString()
}

// scanAnyString is scanString for strings that are not plain ASCII, or near the end of the text.
func (r *Reader) scanAnyString() (raw []byte, escaped bool) {
	buf, start := r.buf, r.pos
	i := start + 1
	for {
		for i+8 <= len(buf) {
			if stop := specialBytes(binary.LittleEndian.Uint64(buf[i:])); stop != 0 {
				i += bits.TrailingZeros64(stop) / 8
				break
			}
			i += 8
		}
		if i >= len(buf) {
			r.pos = len(buf)
			r.unexpected("the end of the string")
			return nil, false
		}
		switch c := buf[i]; {
		case c == '"':
			r.pos = i + 1
			return buf[start+1 : i], escaped
		case c == '\\':
			escaped = true
			n, err := scanEscape(buf[i:])
			if err != nil {
				if r.pos = i + n; errors.Is(err, ErrSyntax) {
					r.unexpected("the rest of an escape")
				} else {
					r.Fail(start, err, "a lone surrogate")
				}
				return nil, false
			}
			i += n
		case c < ' ':
			r.pos = i
			r.unexpected("an escape instead of a control character")
			return nil, false
		case c < utf8.RuneSelf:
			i++
		default:
			rn, n := utf8.DecodeRune(buf[i:])
			if rn == utf8.RuneError && n == 1 {
				r.Fail(start, ErrInvalidUTF8, "in a string")
				return nil, false
			}
			i += n
		}
	}
}

// scanEscape checks the escape at the start of b and returns its length. If it is invalid, n is the index of the bad byte.
func scanEscape(b []byte) (n int, err error) {
	if len(b) < 2 {
		return len(b), ErrSyntax
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, nil
	case 'u':
	default:
		return 1, ErrSyntax
	}
	hi, n := hex4(b, 2)
	if n != 6 {
		return n, ErrSyntax
	}
	if !utf16.IsSurrogate(hi) {
		return 6, nil
	}
	if len(b) >= 8 && b[6] == '\\' && b[7] == 'u' {
		lo, n := hex4(b, 8)
		if n != 12 {
			return n, ErrSyntax
		}
		if utf16.DecodeRune(hi, lo) != utf8.RuneError {
			return 12, nil
		}
	}
	return 0, ErrInvalidUTF8
}

// hex4 reads four hexadecimal digits from b[i:] and returns where it stopped: i+4 if all are valid.
func hex4(b []byte, i int) (rune, int) {
	var v rune
	for end := i + 4; i < end; i++ {
		if i >= len(b) {
			return 0, i
		}
		switch c := b[i]; {
		case '0' <= c && c <= '9':
			v = v<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			v = v<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, i
		}
	}
	return v, i
}

// unescape appends the text of raw, whose escapes must be valid.
func unescape(dst, raw []byte) []byte {
	for i := 0; i < len(raw); {
		c := raw[i]
		if c != '\\' {
			dst = append(dst, c)
			i++
			continue
		}
		i += 2
		switch c = raw[i-1]; c {
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'u':
			v, next := hex4(raw, i)
			if utf16.IsSurrogate(v) {
				var lo rune
				lo, next = hex4(raw, next+2)
				v = utf16.DecodeRune(v, lo)
			}
			dst = utf8.AppendRune(dst, v)
			i = next
			continue
		}
		dst = append(dst, c)
	}
	return dst
}

// Number reads a number and returns its text. want is what the caller expects, for the error.
func (r *Reader) Number(want string) []byte {
	c := r.Peek()
	if c != '-' && (c < '0' || c > '9') {
		r.WrongType(want)
		return nil
	}
	start := r.pos
	n, ok := scanNumber(r.buf[start:])
	r.pos += n
	if !ok {
		r.unexpected("a digit")
		return nil
	}
	return r.buf[start:r.pos]
}

// SmallNumber reads a number without an exponent and with at most 18 digits: coefficient × 10^exp. For anything else it reads
// nothing and returns false.
func (r *Reader) SmallNumber() (coefficient int64, exp int32, ok bool) {
	if c := r.Peek(); c != '-' && c-'0' > 9 {
		return 0, 0, false
	}
	coefficient, exp, n := SmallNumber(r.buf[r.pos:])
	r.pos += n
	return coefficient, exp, n > 0
}

// SmallInt reads an integer without a fraction or exponent and with at most 18 digits. For anything else it reads nothing and
// returns false.
func (r *Reader) SmallInt() (v int64, ok bool) {
	if c := r.Peek(); c != '-' && c-'0' > 9 {
		return 0, false
	}
	v, exp, n := SmallNumber(r.buf[r.pos:])
	if n == 0 || exp != 0 {
		return 0, false
	}
	r.pos += n
	return v, true
}

// scanNumber returns the length of the number at the start of b. If it is invalid, n is where a digit is missing.
func scanNumber(b []byte) (n int, ok bool) {
	i := 0
	if i < len(b) && b[i] == '-' {
		i++
	}
	if i < len(b) && b[i] == '0' {
		i++
	} else if i, ok = scanDigits(b, i); !ok {
		return i, false
	}
	if i < len(b) && b[i] == '.' {
		if i, ok = scanDigits(b, i+1); !ok {
			return i, false
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if i, ok = scanDigits(b, i); !ok {
			return i, false
		}
	}
	return i, true
}

// scanDigits returns the end of the digits at b[i:], and whether there is at least one.
func scanDigits(b []byte, i int) (int, bool) {
	start := i
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	return i, i > start
}

// IsNumber reports whether text is one JSON number and nothing else.
func IsNumber(text []byte) bool {
	n, ok := scanNumber(text)
	return ok && n == len(text)
}

// Skip reads and checks the next value of any type, and returns its text.
func (r *Reader) Skip() []byte {
	c := r.Peek()
	start := r.pos
	switch {
	case r.err != nil:
	case c == '{':
		r.skipObject()
	case c == '[':
		r.Open('[')
		for first := true; r.Element(first); first = false {
			r.Skip()
		}
	case c == '"':
		r.scanString()
	case c == 't':
		r.literal("true")
	case c == 'f':
		r.literal("false")
	case c == 'n':
		r.literal("null")
	case c == '-' || '0' <= c && c <= '9':
		r.Number("a number")
	default:
		r.unexpected("a value")
	}
	if r.err != nil {
		return nil
	}
	return r.buf[start:r.pos]
}

// fewNames is how many names of one object are compared one by one. With more names a map is used.
const fewNames = 16

func (r *Reader) skipObject() {
	r.Open('{')
	base := len(r.names)
	var many map[string]struct{}
	for first := true; ; first = false {
		name, ok := r.Member(first)
		if !ok {
			break
		}
		switch few := r.names[base:]; {
		case many != nil:
			n := len(many)
			if many[string(name)] = struct{}{}; len(many) == n {
				r.Fail(r.nameAt, ErrDuplicateName, "")
			}
		case slices.ContainsFunc(few, func(n []byte) bool { return bytes.Equal(n, name) }):
			r.Fail(r.nameAt, ErrDuplicateName, "")
		case len(few) == fewNames:
			many = make(map[string]struct{}, 4*fewNames)
			for _, n := range few {
				many[string(n)] = struct{}{}
			}
			many[string(name)] = struct{}{}
		default:
			if r.escaped {
				name = bytes.Clone(name)
			}
			r.names = append(r.names, name)
		}
		r.Skip()
	}
	clear(r.names[base:])
	r.names = r.names[:base]
}
