package member

import (
	"slices"
	"strconv"
)

// pointerCodec handles a member that is a *T: absent when nil.
type pointerCodec[T any] struct{ model *Model[T] }

func (c pointerCodec[T]) decode(d *decoder, addr any) {
	v := new(T)
	c.model.decode(d, v)
	*addr.(**T) = v
}

func (c pointerCodec[T]) encode(e *encoder, buf []byte, addr any) []byte {
	return c.model.encode(e, buf, *addr.(**T))
}

func (c pointerCodec[T]) check(ch *Checker, addr any) { c.model.check(ch, *addr.(**T)) }

func (c pointerCodec[T]) empty(addr any) bool { return *addr.(**T) == nil }

func (c pointerCodec[T]) equal(ls *lists, a, b any, _ bool) bool {
	x, y := *a.(**T), *b.(**T)
	if x == nil || y == nil {
		return x == y
	}
	return c.model.equal(ls, x, y)
}

func (c pointerCodec[T]) clone(ls *lists, addr any) {
	if p := addr.(**T); *p != nil {
		*p = new(**p)
		c.model.clone(ls, *p)
	}
}

func (c pointerCodec[T]) clearReadOnly(ls *lists, addr any) {
	if p := *addr.(**T); p != nil {
		c.model.clearReadOnly(ls, p)
	}
}

// sliceCodec handles a member that is a []T.
type sliceCodec[T any] struct{ model *Model[T] }

// maxGuess bounds how many elements a guess makes room for, or three times as many as there are: a text may begin with
// small ones and never go on.
const maxGuess = 1024

func (c sliceCodec[T]) decode(d *decoder, addr any) {
	s := []T{}
	if d.Open('[') {
		start := d.Offset()
		for first := true; d.Element(first); first = false {
			switch n := len(s); {
			case n < cap(s):
				s = s[:n+1] // what is beyond the length is zero
			case n == 0:
				s = make([]T, 1)
			default:
				// The rest is probably like what was read, give or take a quarter.
				guess := 1 + d.Rest()/((d.Offset()-start+n-1)/n)*5/4
				s = append(slices.Grow(s, min(guess, max(maxGuess, 3*n))), *new(T))
			}
			c.model.decode(d, &s[len(s)-1])
		}
	}
	*addr.(*[]T) = s
}

func (c sliceCodec[T]) encode(e *encoder, buf []byte, addr any) []byte {
	if !e.enter() {
		return buf
	}
	buf = append(buf, '[')
	s := *addr.(*[]T)
	for i := range s {
		if i > 0 {
			buf = append(buf, ',')
		}
		if buf = c.model.encode(e, buf, &s[i]); e.err != nil {
			e.at(strconv.Itoa(i))
			return buf
		}
	}
	e.depth--
	return append(buf, ']')
}

func (c sliceCodec[T]) check(ch *Checker, addr any) {
	s := *addr.(*[]T)
	ch.elements(len(s), func(i int) { c.model.check(ch, &s[i]) })
}

func (c sliceCodec[T]) empty(addr any) bool { return *addr.(*[]T) == nil }

func (c sliceCodec[T]) equal(ls *lists, a, b any, required bool) bool {
	x, y := *a.(*[]T), *b.(*[]T)
	if len(x) != len(y) || !required && (x == nil) != (y == nil) {
		return false
	}
	for i := range x {
		if !c.model.equal(ls, &x[i], &y[i]) {
			return false
		}
	}
	return true
}

func (c sliceCodec[T]) clone(ls *lists, addr any) {
	p := addr.(*[]T)
	if *p == nil {
		return
	}
	*p = append(make([]T, 0, len(*p)), *p...)
	for i := range *p {
		c.model.clone(ls, &(*p)[i])
	}
}

func (c sliceCodec[T]) clearReadOnly(ls *lists, addr any) {
	s := *addr.(*[]T)
	for i := range s {
		c.model.clearReadOnly(ls, &s[i])
	}
}

// mapCodec handles a member that is a map[string]T. The values of a map have no address, so each is copied out.
type mapCodec[T any] struct{ model *Model[T] }

func (c mapCodec[T]) decode(d *decoder, addr any) {
	m := make(map[string]T)
	if d.Open('{') {
		for first := true; ; first = false {
			name, ok := d.Member(first)
			if !ok {
				break
			}
			key, at := d.keep(name), d.NameOffset()
			v := new(T)
			c.model.decode(d, v)
			n := len(m)
			if m[key] = *v; len(m) == n {
				d.duplicate(at)
			}
		}
	}
	*addr.(*map[string]T) = m
}

func (c mapCodec[T]) encode(e *encoder, buf []byte, addr any) []byte {
	v := c.model.scratch.Get().(*T)
	buf = sortedObject(e, buf, *addr.(*map[string]T), func(buf []byte, value T) []byte {
		*v = value
		return c.model.encode(e, buf, v)
	})
	*v = *new(T)
	c.model.scratch.Put(v)
	return buf
}

func (c mapCodec[T]) check(ch *Checker, addr any) {
	v := c.model.scratch.Get().(*T)
	checkObject(ch, *addr.(*map[string]T), func(value T) {
		*v = value
		c.model.check(ch, v)
	})
	*v = *new(T)
	c.model.scratch.Put(v)
}

func (c mapCodec[T]) empty(addr any) bool { return *addr.(*map[string]T) == nil }

func (c mapCodec[T]) equal(ls *lists, a, b any, required bool) bool {
	x, y := *a.(*map[string]T), *b.(*map[string]T)
	if len(x) != len(y) || !required && (x == nil) != (y == nil) {
		return false
	}
	for name, v := range x {
		w, ok := y[name]
		if !ok || !c.model.equal(ls, &v, &w) {
			return false
		}
	}
	return true
}

func (c mapCodec[T]) clone(ls *lists, addr any) {
	p := addr.(*map[string]T)
	if *p == nil {
		return
	}
	m := make(map[string]T, len(*p))
	for name, v := range *p {
		c.model.clone(ls, &v)
		m[name] = v
	}
	*p = m
}

func (c mapCodec[T]) clearReadOnly(ls *lists, addr any) {
	m := *addr.(*map[string]T)
	for name, v := range m {
		c.model.clearReadOnly(ls, &v)
		m[name] = v
	}
}
