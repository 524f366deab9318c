package member

import (
	"bytes"
	"encoding/json"
	"hash/maphash"
	"math/bits"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// The order of this file: an object of a model and its members; the decoder; the basic types; and what saves allocations: shared
// amounts, chunks for texts, a cache for texts that repeat, and slabs. What is shared is never changed by anybody.

// Unmarshal sets *v to what text says, and leaves it alone if that is an error or a null.
func (m *Model[T]) Unmarshal(text []byte, v *T) *jsonwire.Error {
	d := newDecoder(text)
	defer d.release()
	if d.Null() {
		d.End()
		return d.Err()
	}
	decoded := new(T)
	m.decode(d, decoded)
	d.End()
	if err := d.Err(); err != nil {
		return err
	}
	*v = *decoded
	return nil
}

// decode reads an object into *v, which must be zero.
func (m *Model[T]) decode(d *decoder, v *T) {
	d.object(m.table(), m.list(v, &d.lists))
	d.pop()
}

// object reads the members of one object to the addresses in l.
func (d *decoder) object(t *table, l *List) {
	if !d.Open('{') {
		return
	}
	l.value = jsonwire.Mark{}
	var seen uint64
	for first := true; ; first = false {
		name, ok := d.Member(first)
		if !ok {
			if t.union != nil {
				d.endUnion(t, l)
			}
			return
		}
		i := t.find(name)
		if i < 0 {
			if l.extra == nil { // the member is dropped, but not before its name was compared with the others
				l.extra = new(map[string]json.RawMessage)
			}
			d.extra(l.extra, name)
			continue
		}
		bit := uint64(1) << (i % maxMembers)
		if seen&bit != 0 {
			d.duplicate(d.NameOffset())
			return
		}
		seen |= bit
		if d.Peek() == 'n' {
			d.Null()
			continue
		}
		switch c := t.members[i].codec; {
		case c == nil:
			d.member(l.addrs[i])
		case t.union != nil && i == t.value:
			d.union(t, l)
		default:
			c.decode(d, l.addrs[i])
		}
	}
}

// member reads a value of a basic type.
func (d *decoder) member(addr any) {
	switch p := addr.(type) {
	case *string:
		*p = d.text()
	case **decimal.Decimal:
		*p = d.decimals.new(d.amount())
	case *int:
		*p = int(d.integer(strconv.IntSize))
	case **int:
		*p = d.ints.new(int(d.integer(strconv.IntSize)))
	case *map[string]any:
		*p = d.freeObject()
	case *decimal.Decimal:
		*p = d.amount()
	case *bool:
		*p = d.Bool()
	case **bool:
		*p = new(d.Bool())
	case *int64:
		*p = d.integer(64)
	case **int64:
		*p = new(d.integer(64))
	case *time.Time:
		*p = d.time()
	case **string:
		*p = new(d.text())
	case *[]string:
		*p = array(d, d.text)
	case *[]int64:
		*p = array(d, func() int64 { return d.integer(64) })
	case *[]int:
		*p = array(d, func() int { return int(d.integer(strconv.IntSize)) })
	case *json.RawMessage:
		*p = bytes.Clone(d.Skip())
	}
}

// array reads an array, which is never nil.
func array[E any](d *decoder, element func() E) []E {
	s := []E{}
	if d.Open('[') {
		for first := true; d.Element(first); first = false {
			s = append(s, element())
		}
	}
	return s
}

// extra keeps the value of a member that the model does not declare.
func (d *decoder) extra(extra *map[string]json.RawMessage, name []byte) {
	key, at := d.keep(name), d.NameOffset()
	raw := bytes.Clone(d.Skip())
	if d.Err() != nil {
		return
	}
	if *extra == nil {
		*extra = make(map[string]json.RawMessage)
	}
	n := len(*extra)
	if (*extra)[key] = raw; len(*extra) == n {
		d.duplicate(at)
	}
}

func (d *decoder) duplicate(nameOffset int) {
	d.Fail(nameOffset, jsonwire.ErrDuplicateName, "")
}

// decoder reads one document. What its values have in common is allocated once: most of the time of a decoder without
// that is spent on allocation.
type decoder struct {
	jsonwire.Reader
	lists

	strings      cache
	numbers      cache
	coefficients []coefficient // at a position that depends on the value
	chunk        strings.Builder

	decimals slab[decimal.Decimal]
	ints     slab[int]
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

func newDecoder(text []byte) *decoder {
	d := decoders.Get().(*decoder)
	d.Reset(text)
	size := cacheSize(len(text))
	d.strings.reset(size)
	d.numbers.reset(size)
	d.coefficients = sized(d.coefficients, size)
	return d
}

// release gives d back, without anything that belongs to the document.
func (d *decoder) release() {
	d.Reset(nil)
	d.lists.clear()
	d.strings.clear()
	d.numbers.clear()
	clear(d.coefficients)
	d.chunk = strings.Builder{}
	d.decimals, d.ints = nil, nil
	decoders.Put(d)
}

func (d *decoder) text() string { return d.keep(d.String()) }

// amount reads a number, or a string that holds one.
func (d *decoder) amount() decimal.Decimal {
	if value, exp, ok := d.SmallNumber(); ok {
		return d.smallDecimal(value, exp)
	}
	var text []byte
	start := 0
	if d.Peek() == '"' {
		start = d.Offset()
		if text = d.String(); d.Err() == nil && !jsonwire.IsNumber(text) {
			d.Fail(start, jsonwire.ErrWrongType, "want a number, got a string that is not a number")
		}
	} else {
		text = d.Number("a number")
		start = d.Offset() - len(text)
	}
	if d.Err() != nil {
		return decimal.Decimal{}
	}
	if value, exp, n := jsonwire.SmallNumber(text); n > 0 {
		return d.smallDecimal(value, exp)
	}
	v, ok := jsonwire.ParseDecimal(text)
	if !ok {
		d.Fail(start, jsonwire.ErrOutOfRange, "an amount of more than 1024 characters in plain notation")
	}
	return v
}

// small holds the coefficients that most amounts have, by their value, once they were seen: an amount below 100.00 is
// made without an allocation.
var small [10_000]atomic.Pointer[decimal.Decimal]

// smallDecimal makes amounts with the same digits share their big.Int, which a decimal never changes. Shift is the one
// way to do that which decimal offers.
func (d *decoder) smallDecimal(value int64, exp int32) decimal.Decimal {
	if 0 <= value && value < int64(len(small)) {
		known := small[value].Load()
		if known == nil {
			known = new(decimal.New(value, 0))
			small[value].Store(known)
		}
		return known.Shift(exp)
	}
	const mix = 0x9E3779B97F4A7C15 // spreads neighbouring values over the high bits
	known := &d.coefficients[uint64(value)*mix>>40&uint64(len(d.coefficients)-1)]
	if known.value != value {
		*known = coefficient{value, decimal.New(value, 0)}
	}
	return known.decimal.Shift(exp)
}

// A coefficient is an amount without its exponent.
type coefficient struct {
	value   int64 // also in decimal, but further away
	decimal decimal.Decimal
}

func (d *decoder) integer(bits int) int64 {
	text := d.Number("an integer")
	if d.Err() != nil {
		return 0
	}
	v, ok := jsonwire.ParseInt(text, bits)
	if !ok {
		d.Fail(d.Offset()-len(text), jsonwire.ErrOutOfRange, "want an integer of "+strconv.Itoa(bits)+" bits")
	}
	return v
}

func (d *decoder) time() time.Time {
	d.Peek()
	start := d.Offset()
	text := d.String()
	if d.Err() != nil {
		return time.Time{}
	}
	t, ok := jsonwire.ParseTime(string(text))
	if !ok {
		d.Fail(start, jsonwire.ErrWrongType, "want an RFC 3339 time")
	}
	return t
}

// chunkSize is how many bytes of strings are allocated at once: one that is kept keeps that much.
const chunkSize = 1 << 10

// keep returns a copy of b as a string.
func (d *decoder) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > maxCached {
		return string(b)
	}
	e := d.strings.find(b)
	if e.text != string(b) {
		*e = cached{text: d.copy(b)}
	}
	return e.text
}

func (d *decoder) copy(b []byte) string {
	if d.chunk.Cap()-d.chunk.Len() < len(b) {
		// A small document does not need a whole chunk: about a quarter of what is still to be read are strings to keep.
		d.chunk = strings.Builder{}
		d.chunk.Grow(min(chunkSize, len(b)+d.Rest()/4))
	}
	start := d.chunk.Len()
	d.chunk.Write(b)
	return d.chunk.String()[start:]
}

// keepBoxed is like keep, but returns the string in an interface.
func (d *decoder) keepBoxed(b []byte) any {
	if len(b) > maxCached || len(b) == 0 {
		return string(b)
	}
	e := d.strings.find(b)
	if e.text != string(b) {
		*e = cached{text: d.copy(b)}
	}
	if e.boxed == nil {
		e.boxed = e.text
	}
	return e.boxed
}

// number returns the text of a number in an interface.
func (d *decoder) number(b []byte) any {
	if len(b) > maxCached {
		return json.Number(b)
	}
	e := d.numbers.find(b)
	if e.text != string(b) {
		text := d.copy(b)
		*e = cached{text: text, boxed: json.Number(text)}
	}
	return e.boxed
}

// maxCached is how long a string may be that is looked for among those that were read before.
const maxCached = 64

// A cache remembers strings that were read, each at the one position that its hash gives.
type cache struct {
	entries []cached
	used    bool
}

type cached struct {
	text  string
	boxed any
}

var seed = maphash.MakeSeed()

// cacheSize grows with the document, so that the cache is neither its main cost nor too small for it. It is a power of two, as
// an index into the cache is a hash of which the lower bits are taken.
func cacheSize(textLen int) int {
	return min(max(1<<bits.Len(uint(textLen/512)), 32), 4096)
}

func (c *cache) reset(size int) { c.entries = sized(c.entries, size) }

// sized returns s, all of whose elements are zero, with another length.
func sized[E any](s []E, size int) []E {
	if cap(s) < size {
		return make([]E, size)
	}
	return s[:size]
}

func (c *cache) clear() {
	if c.used {
		clear(c.entries)
		c.used = false
	}
}

func (c *cache) find(b []byte) *cached {
	c.used = true
	return &c.entries[maphash.Bytes(seed, b)&uint64(len(c.entries)-1)]
}

// A slab hands out pointers to values that are allocated together.
type slab[T any] []T

// slabLen is how many are allocated together: a value that is kept keeps so many.
const slabLen = 32

func (s *slab[T]) new(v T) *T {
	if len(*s) == cap(*s) {
		*s = make([]T, 0, min(max(2*cap(*s), 4), slabLen))
	}
	*s = append(*s, v)
	return &(*s)[len(*s)-1]
}
