package member

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// Equal reports whether a and b are written as the same JSON value: numbers are compared by value and times by instant.
func (m *Model[T]) Equal(a, b T) bool { return m.equal(new(lists), &a, &b) }

func (m *Model[T]) equal(ls *lists, a, b *T) bool {
	t := m.table()
	x, y := m.list(a, ls), m.list(b, ls)
	defer func() { ls.used -= 2 }()
	if t.union != nil {
		t.fillTag(x)
		t.fillTag(y)
	}
	shadowed := t.shadowed(x) || t.shadowed(y)
	for i := range t.members {
		row := &t.members[i]
		if shadowed {
			if done, equal := row.equalShadowed(x, y, i); done {
				if !equal {
					return false
				}
				continue
			}
		}
		if row.codec != nil {
			if !row.codec.equal(ls, x.addrs[i], y.addrs[i], row.Required) {
				return false
			}
		} else if !equalMember(row, x.addrs[i], y.addrs[i]) {
			return false
		}
	}
	return x.extra == nil || t.equalExtra(*x.extra, *y.extra)
}

// shadowed reports whether Extra holds a member that the model declares, which may then stand for it.
func (t *table) shadowed(l *List) bool {
	if l.extra != nil {
		for name := range *l.extra {
			if t.find([]byte(name)) >= 0 {
				return true
			}
		}
	}
	return false
}

// equalShadowed compares a member that stands in the Extra of x or y. It reports whether it does.
func (m *Member) equalShadowed(x, y *List, i int) (done, equal bool) {
	v, inX := (*x.extra)[m.Name]
	w, inY := (*y.extra)[m.Name]
	switch {
	case inX && inY:
		return true, equalRaw(v, w)
	case inX:
		return true, equalRaw(v, m.text(y.addrs[i]))
	case inY:
		return true, equalRaw(m.text(x.addrs[i]), w)
	}
	return false, false
}

// text returns the value of a member as it is written, or nothing if it is left out or cannot be written.
func (m *Member) text(addr any) []byte {
	e := newEncoder()
	var text []byte
	if m.codec == nil {
		text = e.member(nil, m, addr)
	} else if !m.codec.empty(addr) {
		text = m.codec.encode(e, []byte(m.key), addr)
	}
	text, err := e.finish(text, 0)
	if err != nil || len(text) == 0 {
		return nil
	}
	return text[len(m.key):]
}

func equalMember(m *Member, a, b any) bool {
	switch p := a.(type) {
	case *string:
		x, y := *p, *b.(*string)
		if x == "" {
			x = m.Default
		}
		if y == "" {
			y = m.Default
		}
		return x == y
	case **decimal.Decimal:
		return equalPointers(*p, *b.(**decimal.Decimal), jsonwire.DecimalsEqual)
	case *int:
		return *p == *b.(*int)
	case **int:
		return equalPointers(*p, *b.(**int), func(x, y int) bool { return x == y })
	case *map[string]any:
		x, y := *p, *b.(*map[string]any)
		return (m.Required || (x == nil) == (y == nil)) && EqualObjects(x, y)
	case *decimal.Decimal:
		return jsonwire.DecimalsEqual(*p, *b.(*decimal.Decimal))
	case *bool:
		return *p == *b.(*bool)
	case **bool:
		return equalPointers(*p, *b.(**bool), func(x, y bool) bool { return x == y })
	case *int64:
		return *p == *b.(*int64)
	case **int64:
		return equalPointers(*p, *b.(**int64), func(x, y int64) bool { return x == y })
	case *time.Time:
		return p.Equal(*b.(*time.Time))
	case **string:
		return equalPointers(*p, *b.(**string), func(x, y string) bool { return x == y })
	case *[]string:
		x, y := *p, *b.(*[]string)
		return (m.Required || (x == nil) == (y == nil)) && slices.Equal(x, y)
	case *[]int64:
		x, y := *p, *b.(*[]int64)
		return (m.Required || (x == nil) == (y == nil)) && slices.Equal(x, y)
	case *[]int:
		x, y := *p, *b.(*[]int)
		return (m.Required || (x == nil) == (y == nil)) && slices.Equal(x, y)
	case *json.RawMessage:
		x, y := *p, *b.(*json.RawMessage)
		if m.Required && x == nil {
			x = json.RawMessage(m.nilText())
		}
		if m.Required && y == nil {
			y = json.RawMessage(m.nilText())
		}
		return (x == nil) == (y == nil) && equalRaw(x, y)
	}
	return false
}

func equalPointers[V any](x, y *V, equal func(x, y V) bool) bool {
	if x == nil || y == nil {
		return x == y
	}
	return equal(*x, *y)
}

// equalExtra compares what the model does not declare.
func (t *table) equalExtra(x, y map[string]json.RawMessage) bool {
	unknown := 0
	for name, v := range x {
		if t.find([]byte(name)) >= 0 {
			continue
		}
		unknown++
		w, ok := y[name]
		if !ok || !equalRaw(v, w) {
			return false
		}
	}
	for name := range y {
		if t.find([]byte(name)) < 0 {
			unknown--
		}
	}
	return unknown == 0
}

// equalRaw compares two JSON texts by value. One that is not JSON equals itself alone.
func equalRaw(x, y []byte) bool {
	if bytes.Equal(x, y) {
		return true
	}
	v, okX := parseFree(x)
	w, okY := parseFree(y)
	return okX && okY && equalFree(v, w)
}

func parseFree(text []byte) (any, bool) {
	d := newDecoder(text)
	defer d.release()
	v := d.free()
	d.End()
	return v, d.Err() == nil
}

// equalFree reports whether two values of no declared type are written as the same JSON value.
func equalFree(x, y any) bool {
	switch x := x.(type) {
	case string:
		if y, ok := y.(string); ok {
			return x == y
		}
	case bool:
		if y, ok := y.(bool); ok {
			return x == y
		}
	case nil:
		if y == nil {
			return true
		}
	case json.Number:
		if y, ok := y.(json.Number); ok && jsonwire.IsNumber([]byte(x)) && jsonwire.IsNumber([]byte(y)) {
			return jsonwire.NumbersEqual([]byte(x), []byte(y))
		}
	case []any:
		if y, ok := y.([]any); ok {
			return (x == nil) == (y == nil) && slices.EqualFunc(x, y, equalFree)
		}
	case map[string]any:
		if y, ok := y.(map[string]any); ok {
			return (x == nil) == (y == nil) && EqualObjects(x, y)
		}
	}
	if isDecoded(x) && isDecoded(y) {
		return false // a string and a number, say: to decode them again would change nothing
	}
	// Other types: a float64 and a json.Number may well be the same number, a struct and a map the same object.
	v, okX := decoded(x)
	w, okY := decoded(y)
	return okX && okY && equalFree(v, w)
}

// isDecoded reports whether v is what a document gives back for it. Of the nil slices and maps, which are written as null,
// none is.
func isDecoded(v any) bool {
	switch v := v.(type) {
	case nil, string, bool, json.Number:
		return true
	case []any:
		return v != nil
	case map[string]any:
		return v != nil
	}
	return false
}

// EqualObjects reports whether two objects of no declared type are written as the same JSON value, nil as an empty one.
func EqualObjects(x, y map[string]any) bool {
	if len(x) != len(y) {
		return false
	}
	for name, v := range x {
		w, ok := y[name]
		if !ok || !equalFree(v, w) {
			return false
		}
	}
	return true
}

// decoded returns v as a document gives it back. ok is false if v cannot be written.
func decoded(v any) (_ any, ok bool) {
	text, err := AppendFree(nil, v)
	if err != nil {
		return nil, false
	}
	return parseFree(text)
}
