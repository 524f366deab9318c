package codec

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// The order of this file: the walk, its findings and its location; the basic kinds; and values of any shape.

// A Checker walks through a value and finds everything that an Encoder would refuse.
//
// There are two kinds of walk. A testing walk only finds out whether anything is wrong: it ends at the first finding, visits
// maps in any order and allocates nothing. A listing walk visits everything in order, and maps sorted by name.
type Checker struct {
	found  func(reason error, detail string) // nil in a testing walk
	failed bool
	over   bool // skip the rest: in a listing walk until the current member ends

	path     []step
	inside   string   // path of the finding within JSON text at path
	depth    int      // of arrays and objects
	pointers int      // depth of pointers in values of no declared type
	names    []string // of the maps being visited, the outermost first
	reader   jsonwire.Reader
}

// A step is the position of a walk in one object or array.
type step struct {
	name  string
	index int // -1 in an object
}

// Start begins a walk. If found is not nil, the walk is a listing one and calls found for each finding.
func (c *Checker) Start(found func(reason error, detail string)) {
	c.found, c.failed, c.over = found, false, false
}

// Clear drops all references to the checked value.
func (c *Checker) Clear() {
	const maxKept = 64 // more steps occur only in a value that contains itself
	if cap(c.path) > maxKept {
		c.path = nil
	}
	if cap(c.names) > maxNames {
		c.names = nil
	}
	clear(c.path[:cap(c.path)])
	clear(c.names[:cap(c.names)])
	c.reader.Reset(nil)
	*c = Checker{path: c.path[:0], names: c.names[:0], reader: c.reader}
}

// Failed reports whether anything is wrong.
func (c *Checker) Failed() bool { return c.failed }

// Fail records a finding at the current path. The detail must not contain text of the value.
func (c *Checker) Fail(reason error, detail string) {
	c.failed = true
	if c.found == nil {
		c.over = true
		return
	}
	c.found(reason, detail)
	if errors.Is(reason, jsonwire.ErrTooDeep) {
		// A value that contains itself twice is too deep at an exponential number of paths.
		c.over = true
	}
}

// FailAt is like Fail, for an element of the array at the current path.
func (c *Checker) FailAt(index int, reason error, detail string) {
	c.path = append(c.path, step{index: index})
	c.Fail(reason, detail)
	c.path = c.path[:len(c.path)-1]
}

// Path returns the current path as a JSON Pointer.
func (c *Checker) Path() string {
	var p []byte
	for _, s := range c.path {
		if s.index >= 0 {
			s.name = strconv.Itoa(s.index)
		}
		p = jsonwire.AppendPointer(p, s.name)
	}
	return string(p) + c.inside
}

// at and atIndex set the position in the innermost object or array. Only a listing walk needs it.
func (c *Checker) at(name string) {
	if c.found != nil {
		c.path[len(c.path)-1] = step{name: name, index: -1}
	}
}

func (c *Checker) atIndex(index int) {
	if c.found != nil {
		c.path[len(c.path)-1] = step{index: index}
	}
}

// Enter begins an array or an object. If it is nested too deep, Enter records a finding and returns false.
func (c *Checker) Enter() bool {
	if c.depth == jsonwire.MaxDepth {
		c.Fail(jsonwire.ErrTooDeep, tooDeep)
		return false
	}
	c.depth++
	c.path = append(c.path, step{})
	return true
}

// Leave ends an array or an object.
func (c *Checker) Leave() {
	c.depth--
	c.path = c.path[:len(c.path)-1]
}

// Member moves to a member of a model. It returns false if the walk has ended.
func (c *Checker) Member(name string) bool {
	if c.found == nil {
		return !c.over
	}
	c.over = false // a listing walk continues with the next member
	c.at(name)
	return true
}

// MapNames returns the names of a map, sorted in a listing walk. They are valid until DropNames.
func MapNames[V any](c *Checker, m map[string]V) []string {
	start := len(c.names)
	for name := range m {
		c.names = append(c.names, name)
	}
	if c.found != nil {
		slices.Sort(c.names[start:])
	}
	return c.names[start:]
}

// DropNames drops the last n names, as many as MapNames returned.
func (c *Checker) DropNames(n int) { c.names = c.names[:len(c.names)-n] }

// MapMember moves to a member of a map, and checks its name.
func (c *Checker) MapMember(name string) bool {
	if c.over {
		return false
	}
	c.at(name)
	c.Text(name)
	return !c.over
}

// CheckSlice checks an array of models. It passes with and each element to check.
func CheckSlice[C, T any](c *Checker, with C, s []T, check func(C, *T)) {
	c.elements(len(s), func(i int) { check(with, &s[i]) })
}

// Extra checks the members in Extra of a model. written is as in [Encoder.Extra].
func (c *Checker) Extra(s *Shape, extra map[string]json.RawMessage, written uint64) {
	names := MapNames(c, extra)
	for _, name := range names {
		if !c.Member(name) {
			break
		}
		if !utf8.ValidString(name) {
			c.Fail(jsonwire.ErrInvalidUTF8, badString)
			continue
		}
		if i := s.find([]byte(name)); i >= 0 {
			c.encoded(func(e *Encoder) []byte { e.standIn(nil, s, i, extra[name], written); return nil })
		}
		c.Raw(extra[name])
	}
	c.DropNames(len(names))
}

// encoded records the error of an Encoder. It is for rare values, which are written in order to check them.
func (c *Checker) encoded(write func(e *Encoder) []byte) {
	e := NewEncoder()
	e.depth = c.depth
	if _, err, inside := e.finish(write(e), 0); err != nil {
		c.failInside(err.reason, err.detail, inside)
	}
}

// failInside is like Fail, for a location inside JSON text at the current path.
func (c *Checker) failInside(reason error, detail, inside string) {
	c.inside = inside
	c.Fail(reason, detail)
	c.inside = ""
}

// Text checks a string.
func (c *Checker) Text(s string) {
	if !utf8.ValidString(s) {
		c.Fail(jsonwire.ErrInvalidUTF8, badString)
	}
}

// Decimal checks an amount.
func (c *Checker) Decimal(v decimal.Decimal) {
	if !jsonwire.DecimalFits(v) {
		c.Fail(jsonwire.ErrOutOfRange, longAmount)
	}
}

func (c *Checker) float(v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		c.Fail(jsonwire.ErrOutOfRange, noNumber)
	}
}

// Time checks a time.
func (c *Checker) Time(v time.Time) {
	if !jsonwire.TimeFits(v) {
		c.Fail(jsonwire.ErrOutOfRange, noTime)
	}
}

// Raw checks a value that is JSON already.
func (c *Checker) Raw(text []byte) {
	c.reader.ResetAt(text, c.depth)
	c.reader.Skip()
	c.reader.End()
	if err := c.reader.Err(); err != nil {
		c.failInside(err.Reason, err.Detail, jsonwire.Pointer(text, err.Offset))
	}
}

// elements checks an array.
func (c *Checker) elements(n int, element func(i int)) {
	if !c.Enter() {
		return
	}
	for i := range n {
		c.atIndex(i)
		if element(i); c.over {
			break
		}
	}
	c.Leave()
}

// CheckTexts checks an array of strings.
func CheckTexts[S ~string](c *Checker, s []S) {
	c.elements(len(s), func(i int) { c.Text(string(s[i])) })
}

// AnyObject checks an object of any shape.
func (c *Checker) AnyObject(m map[string]any) { checkObject(c, m, (*Checker).any) }

// checkObject checks an object with the members of m.
func checkObject[V any](c *Checker, m map[string]V, value func(*Checker, V)) {
	if !c.Enter() {
		return
	}
	names := MapNames(c, m)
	for _, name := range names {
		if !c.MapMember(name) {
			break
		}
		if value(c, m[name]); c.over {
			break
		}
	}
	c.DropNames(len(names))
	c.Leave()
}

// any checks a value of any type, as the any of an Encoder writes it.
func (c *Checker) any(v any) {
	switch v := v.(type) {
	case nil, bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, uintptr:
		// These can always be written.
	case string:
		c.Text(v)
	case json.Number:
		if !jsonwire.IsNumber([]byte(v)) {
			c.Fail(jsonwire.ErrSyntax, badNumber)
		}
	case []any:
		if v != nil {
			c.elements(len(v), func(i int) { c.any(v[i]) })
		}
	case map[string]any:
		if v != nil {
			checkObject(c, v, (*Checker).any)
		}
	case float64:
		c.float(v)
	case decimal.Decimal:
		c.Decimal(v)
	case *decimal.Decimal:
		if v != nil {
			c.Decimal(*v)
		}
	case decimal.NullDecimal:
		if v.Valid {
			c.Decimal(v.Decimal)
		}
	case time.Time:
		c.Time(v)
	case json.RawMessage:
		if v != nil {
			c.Raw(v)
		}
	default:
		c.reflected(reflect.ValueOf(v))
	}
}

// reflected checks a value of a type that any does not handle.
func (c *Checker) reflected(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Map, reflect.Slice, reflect.Pointer:
		if v.IsNil() && (v.Kind() == reflect.Interface || walked(v.Type())) {
			return // written as null
		}
	}
	switch t := v.Type(); {
	case v.Kind() == reflect.Interface:
		c.any(v.Elem().Interface())
		return
	case known(t):
		c.any(v.Interface())
		return
	case !walked(t):
		c.marshaled(v.Interface())
		return
	}
	switch v.Kind() {
	case reflect.String:
		c.Text(v.String())
	case reflect.Float32, reflect.Float64:
		c.float(v.Float())
	case reflect.Map:
		m := make(map[string]reflect.Value, v.Len())
		for it := v.MapRange(); it.Next(); {
			m[it.Key().String()] = it.Value()
		}
		checkObject(c, m, (*Checker).reflected)
	case reflect.Slice:
		byAddress := marshalsByAddress(v.Type().Elem())
		c.elements(v.Len(), func(i int) {
			element := v.Index(i)
			if byAddress {
				element = element.Addr()
			}
			c.reflected(element)
		})
	case reflect.Pointer:
		if c.pointers == jsonwire.MaxDepth {
			c.Fail(jsonwire.ErrTooDeep, endless)
			return
		}
		c.pointers++
		c.reflected(v.Elem())
		c.pointers--
	}
}

// marshaled checks a value of a type that is not walked.
func (c *Checker) marshaled(v any) {
	c.encoded(func(e *Encoder) []byte { return e.marshaled(nil, v) })
}
