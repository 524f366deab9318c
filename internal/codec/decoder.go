package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/bits"
	"strconv"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// A Decoder reads one document. As with [jsonwire.Reader], after the first error every method returns a zero value.
type Decoder struct {
	jsonwire.Reader

	strings      cache
	numbers      cache
	coefficients []coefficient // by a hash of the value
	texts        texts
	decimals     slab[decimal.Decimal]
	ints         slab[int]
	few          int // number of values in the first slab of a kind

	guesses     []guess // by the id of the shape
	objectNames objectNames
}

// A guess has, for each member of a shape (from 1), the member that followed it in the last object. Index 0 has the first
// member.
type guess [maxMembers + 1]uint8

var decoders = sync.Pool{New: func() any { return new(Decoder) }}

func newDecoder(text []byte) *Decoder {
	d := decoders.Get().(*Decoder)
	d.Reset(text)
	size := cacheSize(len(text))
	d.strings.reset(size)
	d.numbers.reset(size)
	d.coefficients = sized(d.coefficients, size)
	d.few = max(len(text)/64, 4) // an item of 250 bytes has four amounts
	if len(d.guesses) < shapes {
		d.guesses = make([]guess, shapes)
	}
	return d
}

// release puts d back into the pool, without references to the document.
func (d *Decoder) release() {
	d.Reset(nil)
	d.strings.clear()
	d.numbers.clear()
	d.objectNames.clear()
	clear(d.coefficients)
	d.texts = texts{}
	d.decimals, d.ints = nil, nil
	decoders.Put(d)
}

// An Object is the state of reading one object.
type Object struct {
	shape *Shape
	guess *guess
	start int
	last  int    // the last member, from 1; 0: none, or an undeclared one
	first bool   // before the first member
	seen  uint64 // the members that were read
	given uint64 // those of them that were not null
}

// What [Decoder.Next] returns instead of the index of a member.
const (
	End     = -1 // the object has no more members
	Unknown = -2 // a member that the model does not declare
)

// Object begins to read an object.
func (d *Decoder) Object(s *Shape) Object {
	o := Object{shape: s, guess: &d.guesses[s.id], first: true}
	d.Open('{')
	o.start = d.Offset() - 1
	return o
}

// Next moves to the value of the next member and returns the member's index. It skips members that are null, because a model
// treats these as absent.
func (d *Decoder) Next(o *Object) int {
	for {
		i := int(o.guess[o.last]) - 1
		if i < 0 || !d.Key(o.shape.keys[i], o.first) {
			name, ok := d.Member(o.first)
			if !ok {
				return End
			}
			o.first = false
			if i = o.shape.find(name); i < 0 {
				o.last = 0
				return Unknown
			}
			o.guess[o.last] = uint8(i + 1)
		}
		o.first = false
		o.last = i + 1
		bit := uint64(1) << (i % maxMembers)
		if o.seen&bit != 0 {
			d.Fail(d.NameOffset(), jsonwire.ErrDuplicateName, "")
			return End
		}
		o.seen |= bit
		if d.Peek() == 'n' {
			d.Null()
			continue
		}
		o.given |= bit
		return i
	}
}

// Must records an error if one of these members is absent or null.
func (d *Decoder) Must(o *Object, members uint64) {
	if missing := members &^ o.given; missing != 0 {
		name := o.shape.name(bits.TrailingZeros64(missing))
		d.FailMissing(o.start, name)
	}
}

// Extra keeps a member for which Next returned Unknown.
func (d *Decoder) Extra(extra *map[string]json.RawMessage) {
	key, at := d.keep(d.Name()), d.NameOffset()
	raw := bytes.Clone(d.Skip())
	if d.Err() != nil {
		return
	}
	if *extra == nil {
		*extra = make(map[string]json.RawMessage)
	}
	n := len(*extra)
	if (*extra)[key] = raw; len(*extra) == n {
		d.Fail(at, jsonwire.ErrDuplicateName, "")
	}
}

// Misfit handles a member whose value does not fit its field: it clears the error and keeps the value, which begins at start,
// in extra. It returns false if there was no error, or if the JSON text itself is invalid, which must be reported.
func (d *Decoder) Misfit(start jsonwire.Mark, o *Object, extra *map[string]json.RawMessage) bool {
	err := d.Err()
	if err == nil || !errors.Is(err.Reason, jsonwire.ErrWrongType) && !errors.Is(err.Reason, jsonwire.ErrOutOfRange) {
		return false
	}
	d.Rewind(start)
	raw := bytes.Clone(d.Skip())
	if d.Err() != nil {
		return false
	}
	if *extra == nil {
		*extra = make(map[string]json.RawMessage)
	}
	(*extra)[o.shape.name(o.last-1)] = raw
	return true
}

// Text reads a string.
func (d *Decoder) Text() string { return d.keep(d.String()) }

// Int64 reads an integer.
func (d *Decoder) Int64() int64 { return d.integer(64) }

// Int reads an integer.
func (d *Decoder) Int() int { return int(d.integer(strconv.IntSize)) }

// NewInt reads an integer.
func (d *Decoder) NewInt() *int { return d.ints.new(d.Int(), d.few/4) }

func (d *Decoder) integer(bits int) int64 {
	start := d.Mark().Offset()
	if v, ok := d.SmallInt(); ok && (bits == 64 || int64(int32(v)) == v) {
		return v
	} else if ok {
		d.Fail(start, jsonwire.ErrOutOfRange, "want an integer of "+strconv.Itoa(bits)+" bits")
		return 0
	}
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

// Decimal reads a number, or a string that contains one.
func (d *Decoder) Decimal() decimal.Decimal {
	if value, exp, ok := d.SmallNumber(); ok {
		return d.smallDecimal(value, exp)
	}
	var text []byte
	start := 0
	if d.Peek() == '"' {
		start = d.Offset()
		if text = d.String(); d.Err() == nil && !jsonwire.IsNumber(text) {
			d.Fail(start, jsonwire.ErrWrongType, "got a string that is not a number")
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
		d.Fail(start, jsonwire.ErrOutOfRange, longAmount)
	}
	return v
}

// NewDecimal is like Decimal, but returns a pointer.
func (d *Decoder) NewDecimal() *decimal.Decimal { return d.decimals.new(d.Decimal(), d.few) }

// Time reads an RFC 3339 time.
func (d *Decoder) Time() time.Time {
	d.Peek()
	start := d.Offset()
	text := d.String()
	if d.Err() != nil {
		return time.Time{}
	}
	t, ok := jsonwire.ParseTime(text)
	if !ok {
		d.Fail(start, jsonwire.ErrWrongType, "want an RFC 3339 time")
	}
	return t
}

// Raw reads any value and returns its text.
func (d *Decoder) Raw() json.RawMessage { return bytes.Clone(d.Skip()) }

// Texts reads an array of strings. The result is never nil, as for all arrays and maps.
func Texts[S ~string](d *Decoder) []S { return array(d, func() S { return S(d.Text()) }) }

// Ints reads an array of integers.
func Ints(d *Decoder) []int { return array(d, d.Int) }

// Int64s reads an array of integers.
func Int64s(d *Decoder) []int64 { return array(d, d.Int64) }

func array[E any](d *Decoder, element func() E) []E {
	s := []E{}
	if d.Open('[') {
		for first := true; d.Element(first); first = false {
			s = append(s, element())
		}
	}
	return s
}

// Slice reads an array of models.
func Slice[T any](d *Decoder, decode func(*Decoder, *T)) []T {
	s := []T{}
	if !d.Open('[') {
		return s
	}
	start := d.Offset()
	for first := true; d.Element(first); first = false {
		switch n := len(s); {
		case n < cap(s):
			s = s[:n+1] // elements beyond the length are zero
		case n == 0:
			s = make([]T, 1, d.fewElements())
		default:
			grown := make([]T, n+1, n+d.moreElements(start, n))
			copy(grown, s)
			s = grown
		}
		decode(d, &s[len(s)-1])
	}
	return s
}

const (
	// fewBytes is the longest array whose elements are counted before they are read.
	fewBytes = 4 << 10
	// elementBytes is the least size of an element in that count, because hostile text may look like many elements.
	elementBytes = 32
	// maxGuess limits how many elements are allocated in advance: at most this many, or three times the number read so far. A
	// hostile text may begin with small elements and then end.
	maxGuess = 1024
)

// fewElements guesses how many elements an array has, before the first of them is read. The guess is right for a short array
// without spaces between its elements and without arrays inside them.
func (d *Decoder) fewElements() int {
	text := d.Until(']')
	if len(text) > fewBytes || bytes.ContainsRune(text, '[') {
		return 1
	}
	return 1 + min(bytes.Count(text, []byte("},{")), len(text)/elementBytes)
}

// moreElements guesses how many elements follow in an array, at least one, after n elements were read since start. The elements up
// to the next closing bracket probably have a similar size, plus or minus a quarter. If the elements contain arrays, that bracket
// says nothing, and the guess is n.
func (d *Decoder) moreElements(start, n int) int {
	text := d.Since(start)
	if bytes.ContainsRune(text, ']') {
		return n
	}
	return min(1+len(d.Until(']'))/((len(text)+n-1)/n)*5/4, max(maxGuess, 3*n))
}

// Map reads an object whose members are models.
func Map[T any](d *Decoder, decode func(*Decoder, *T)) map[string]T {
	m := make(map[string]T)
	if !d.Open('{') {
		return m
	}
	for first := true; ; first = false {
		name, ok := d.Member(first)
		if !ok {
			return m
		}
		key, at := d.keep(name), d.NameOffset()
		v := new(T)
		decode(d, v)
		n := len(m)
		if m[key] = *v; len(m) == n {
			d.Fail(at, jsonwire.ErrDuplicateName, "")
		}
	}
}

// Struct reads an object.
func Struct[T any](d *Decoder, decode func(*Decoder, *T)) (v T) {
	decode(d, &v)
	return v
}

// New reads an object into a new value.
func New[T any](d *Decoder, decode func(*Decoder, *T)) *T {
	v := new(T)
	decode(d, v)
	return v
}
