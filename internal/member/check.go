package member

import (
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// The order of this file: the walk, its findings and its place; rules, and a model with rules; a model's members, which are those
// of encode.go; and the basic types, arrays, objects and free values.

// A Checker walks through a value and finds everything that Append would refuse, and what [Rules] find beside.
//
// There are two kinds of walk. The first only asks whether anything is wrong: it ends at the first finding, takes maps in
// any order and allocates nothing. A walk that lists takes everything in order, maps sorted by name.
type Checker struct {
	lists
	found  func(reason error, detail string) // nil in a walk that does not list
	failed bool
	over   bool // nothing more is looked for: in a list, until the member at hand ends

	path     []step
	inside   string // where the finding is in JSON that is at the path
	depth    int    // of arrays and objects
	pointers int    // depth of pointers in values of no declared type
	reader   jsonwire.Reader
}

// A step is where a walk is in one object or array.
type step struct {
	name  string
	index int // -1 in an object
}

// Start begins a walk. It lists if found is not nil, which is then called for each finding.
func (c *Checker) Start(found func(reason error, detail string)) {
	c.found, c.failed, c.over = found, false, false
}

// Clear forgets what was checked.
func (c *Checker) Clear() {
	const maxKept = 64 // of steps, which are few but in a value that holds itself
	if cap(c.path) > maxKept {
		c.path = nil
	}
	clear(c.path[:cap(c.path)])
	c.lists.clear()
	c.reader.Reset(nil)
	*c = Checker{lists: c.lists, path: c.path[:0], reader: c.reader}
}

// Failed reports whether anything is wrong.
func (c *Checker) Failed() bool { return c.failed }

// Fail says that something is wrong at the current path. The detail holds no text of the value.
func (c *Checker) Fail(reason error, detail string) {
	c.failed = true
	if c.found == nil {
		c.over = true
		return
	}
	c.found(reason, detail)
	if reason == jsonwire.ErrTooDeep {
		// A value that holds itself twice has endless places that are too deep.
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

// at and atIndex say where the walk is in the object or array that was entered last. Only a list needs to know.
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

// enter begins an array or an object. It reports false, and finds fault, where they are nested too deep.
func (c *Checker) enter() bool {
	if c.depth == jsonwire.MaxDepth {
		c.Fail(jsonwire.ErrTooDeep, tooDeep)
		return false
	}
	c.depth++
	c.path = append(c.path, step{})
	return true
}

func (c *Checker) leave() {
	c.depth--
	c.path = c.path[:len(c.path)-1]
}

// Rules are what the package of a model demands of its members beyond that they can be written: of each member by one
// function at most, which calls Fail. What the functions have in common is of type C, which embeds the Checker.
type Rules[T any, C any] struct {
	Model *Model[T]
	// Each holds the rules by the name of the member.
	Each map[string]func(common C, v *T)
	// Apart is the name of a member that has a rule, and whose elements CheckEach checks after all other members.
	Apart string

	once  sync.Once
	rules []rule[T, C] // in the order of the members
}

type rule[T any, C any] struct {
	member int
	check  func(C, *T)
	apart  bool
}

// learn finds the members when they are first needed, as [Model] does.
func (r *Rules[T, C]) learn() {
	for name, check := range r.Each {
		i := r.Model.table().find([]byte(name))
		if i < 0 {
			panic("member: a rule for " + name + ", which the model does not have")
		}
		r.rules = append(r.rules, rule[T, C]{i, check, name == r.Apart})
	}
	slices.SortFunc(r.rules, func(a, b rule[T, C]) int { return a.member - b.member })
}

// Check checks the members of v in order: first the rule of each, then whether it can be written.
func (r *Rules[T, C]) Check(c *Checker, common C, v T) {
	// As in Append: the address of v itself would escape.
	p := r.Model.scratch.Get().(*T)
	*p = v
	r.check(c, common, p)
	*p = *new(T)
	r.Model.scratch.Put(p)
}

// CheckEach checks the elements of a list that stands in the member of this name of the outermost object.
func (r *Rules[T, C]) CheckEach(c *Checker, common C, name string, s []T) {
	c.path = append(c.path, step{name: name, index: -1})
	c.depth++
	c.elements(len(s), func(i int) { r.check(c, common, &s[i]) })
	c.leave()
}

func (r *Rules[T, C]) check(c *Checker, common C, v *T) {
	r.once.Do(r.learn)
	t, l := r.Model.table(), r.Model.list(v, &c.lists)
	if c.enter() {
		from := 0
		for i := range r.rules {
			rule := &r.rules[i]
			c.members(t, l, from, rule.member)
			c.at(t.members[rule.member].Name)
			rule.check(common, v)
			if from = rule.member; rule.apart {
				from++
			}
		}
		c.members(t, l, from, len(t.members))
		c.extra(t, l)
		c.leave()
	}
	c.pop()
}

func (m *Model[T]) check(c *Checker, v *T) {
	t, l := m.table(), m.list(v, &c.lists)
	if c.enter() {
		c.members(t, l, 0, len(t.members))
		c.extra(t, l)
		c.leave()
	}
	c.pop()
}

// members checks the members from one to before another.
func (c *Checker) members(t *table, l *List, from, to int) {
	for i := from; i < to && !c.over; i++ {
		m := &t.members[i]
		c.at(m.Name)
		switch p := l.addrs[i].(type) {
		case *string:
			if *p != "" {
				c.text(*p)
			}
		case **decimal.Decimal:
			if *p != nil {
				c.decimal(**p)
			}
		case *bool, **bool, *int, **int, *int64, **int64, *[]int, *[]int64:
			// These can always be written.
		case *map[string]any:
			if *p != nil {
				checkObject(c, *p, c.free)
			}
		case *decimal.Decimal:
			c.decimal(*p)
		case *time.Time:
			if !p.IsZero() {
				c.time(*p)
			}
		case **string:
			if *p != nil {
				c.text(**p)
			}
		case *[]string:
			if *p != nil {
				c.elements(len(*p), func(i int) { c.text((*p)[i]) })
			}
		case *json.RawMessage:
			if *p != nil {
				c.raw(*p)
			}
		default:
			if !m.codec.empty(p) {
				m.codec.check(c, p)
			}
		}
		c.memberDone()
	}
}

// memberDone lets a list go on with the next member.
func (c *Checker) memberDone() {
	if c.over && c.found != nil {
		c.over = false
	}
}

// extra checks the members that the model does not declare.
func (c *Checker) extra(t *table, l *List) {
	if l.extra == nil || len(*l.extra) == 0 {
		return
	}
	if c.found == nil {
		for name, raw := range *l.extra {
			if c.extraMember(t, l, name, raw); c.over {
				return
			}
		}
		return
	}
	for _, name := range slices.Sorted(maps.Keys(*l.extra)) {
		c.extraMember(t, l, name, (*l.extra)[name])
		c.memberDone()
	}
}

func (c *Checker) extraMember(t *table, l *List, name string, raw []byte) {
	c.at(name)
	if !utf8.ValidString(name) {
		c.Fail(jsonwire.ErrInvalidUTF8, badString)
		return
	}
	if i := t.find([]byte(name)); i >= 0 {
		c.encoded(func(e *encoder) { e.standIn(t, i, l.addrs[i], raw) })
	}
	c.raw(raw)
}

// encoded finds what an encoder does, for what is rare enough to be written in order to be checked.
func (c *Checker) encoded(write func(e *encoder)) {
	e := newEncoder()
	e.depth = c.depth
	write(e)
	if _, err := e.finish(nil, 0); err != nil {
		c.failInside(err.Reason, err.Detail, err.Path)
	}
}

// failInside is like Fail, for JSON at the current path.
func (c *Checker) failInside(reason error, detail, inside string) {
	c.inside = inside
	c.Fail(reason, detail)
	c.inside = ""
}

func (c *Checker) text(s string) {
	if !utf8.ValidString(s) {
		c.Fail(jsonwire.ErrInvalidUTF8, badString)
	}
}

func (c *Checker) decimal(v decimal.Decimal) {
	if !jsonwire.DecimalFits(v) {
		c.Fail(jsonwire.ErrOutOfRange, longAmount)
	}
}

func (c *Checker) float(v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		c.Fail(jsonwire.ErrOutOfRange, noNumber)
	}
}

func (c *Checker) time(v time.Time) {
	if !jsonwire.TimeFits(v) {
		c.Fail(jsonwire.ErrOutOfRange, noTime)
	}
}

func (c *Checker) raw(text []byte) {
	c.reader.ResetAt(text, c.depth)
	c.reader.Skip()
	c.reader.End()
	if err := c.reader.Err(); err != nil {
		c.failInside(err.Reason, err.Detail, jsonwire.Pointer(text, err.Offset))
	}
}

// elements checks an array.
func (c *Checker) elements(n int, element func(i int)) {
	if !c.enter() {
		return
	}
	for i := range n {
		c.atIndex(i)
		if element(i); c.over {
			break
		}
	}
	c.leave()
}

// checkObject checks an object whose members are those of m.
func checkObject[V any](c *Checker, m map[string]V, value func(V)) {
	if !c.enter() {
		return
	}
	if c.found == nil {
		for name, v := range m {
			c.text(name)
			if value(v); c.over {
				break
			}
		}
	} else {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			c.at(name)
			c.text(name)
			if value(m[name]); c.over {
				break
			}
		}
	}
	c.leave()
}

// free checks a value of no declared type. It knows the types that the encoder knows.
func (c *Checker) free(v any) {
	switch v := v.(type) {
	case nil, bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, uintptr:
		// These can always be written.
	case string:
		c.text(v)
	case json.Number:
		if !jsonwire.IsNumber([]byte(v)) {
			c.Fail(jsonwire.ErrSyntax, badNumber)
		}
	case []any:
		if v != nil {
			c.elements(len(v), func(i int) { c.free(v[i]) })
		}
	case map[string]any:
		if v != nil {
			checkObject(c, v, c.free)
		}
	case float64:
		c.float(v)
	case decimal.Decimal:
		c.decimal(v)
	case *decimal.Decimal:
		if v != nil {
			c.decimal(*v)
		}
	case decimal.NullDecimal:
		if v.Valid {
			c.decimal(v.Decimal)
		}
	case time.Time:
		c.time(v)
	case json.RawMessage:
		if v != nil {
			c.raw(v)
		}
	default:
		c.reflected(reflect.ValueOf(v))
	}
}

// reflected checks a value that is none of the types that free knows.
func (c *Checker) reflected(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Map, reflect.Slice, reflect.Pointer:
		if v.IsNil() && (v.Kind() == reflect.Interface || walked(v.Type())) {
			return // written as null
		}
	}
	switch t := v.Type(); {
	case v.Kind() == reflect.Interface:
		c.free(v.Elem().Interface())
		return
	case known(t):
		c.free(v.Interface())
		return
	case !walked(t):
		c.foreign(v.Interface())
		return
	}
	switch v.Kind() {
	case reflect.String:
		c.text(v.String())
	case reflect.Float32, reflect.Float64:
		c.float(v.Float())
	case reflect.Map:
		m := make(map[string]reflect.Value, v.Len())
		for it := v.MapRange(); it.Next(); {
			m[it.Key().String()] = it.Value()
		}
		checkObject(c, m, c.reflected)
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

// foreign checks a value of a type that is not walked through.
func (c *Checker) foreign(v any) {
	c.encoded(func(e *encoder) { e.foreign(nil, v) })
}
