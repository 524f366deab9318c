package member

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Clone returns a copy of v that shares nothing with it but what it does not know: values of foreign types, which are kept as
// they are.
func (m *Model[T]) Clone(v T) T {
	m.clone(new(lists), &v)
	return v
}

// clone makes *v, a shallow copy, a deep one.
func (m *Model[T]) clone(ls *lists, v *T) {
	l := m.list(v, ls)
	for i, row := range m.table().members {
		if row.codec != nil {
			row.codec.clone(ls, l.addrs[i])
		} else {
			cloneMember(l.addrs[i])
		}
	}
	if l.extra != nil && *l.extra != nil {
		extra := make(map[string]json.RawMessage, len(*l.extra))
		for name, raw := range *l.extra {
			extra[name] = bytes.Clone(raw)
		}
		*l.extra = extra
	}
	ls.pop()
}

func cloneMember(addr any) {
	switch p := addr.(type) {
	case **decimal.Decimal:
		clonePointer(p)
	case **int:
		clonePointer(p)
	case **int64:
		clonePointer(p)
	case **string:
		clonePointer(p)
	case **bool:
		clonePointer(p)
	case *map[string]any:
		*p = CloneObject(*p)
	case *[]string:
		*p = slices.Clone(*p)
	case *[]int64:
		*p = slices.Clone(*p)
	case *[]int:
		*p = slices.Clone(*p)
	case *json.RawMessage:
		*p = bytes.Clone(*p)
	case *string, *int, *decimal.Decimal, *bool, *int64, *time.Time:
		// These hold nothing that can be changed through a copy.
	}
}

func clonePointer[V any](p **V) {
	if *p != nil {
		*p = new(**p)
	}
}

// CloneObject copies an object of no declared type.
func CloneObject(m map[string]any) map[string]any {
	if m == nil {
		return nil
	}
	c := make(map[string]any, len(m))
	for name, v := range m {
		c[name] = cloneFree(v)
	}
	return c
}

func cloneFree(v any) any {
	switch v := v.(type) {
	case nil, string, bool, json.Number, decimal.Decimal, decimal.NullDecimal, time.Time, int, float64:
		return v
	case map[string]any:
		return CloneObject(v)
	case []any:
		if v == nil {
			return v
		}
		c := make([]any, len(v))
		for i := range v {
			c[i] = cloneFree(v[i])
		}
		return c
	}
	return cloneReflected(reflect.ValueOf(v)).Interface()
}

// cloneReflected copies models, slices, and the maps and pointers that free walks through. Any other value of a type that it
// leaves to encoding/json is shared: what a copy of it would be only its own package knows.
func cloneReflected(v reflect.Value) reflect.Value {
	if m := modelOf(v.Type()); m != nil {
		return reflect.ValueOf(m.cloneFree(v.Interface()))
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Map, reflect.Slice, reflect.Pointer:
		if v.IsNil() || v.Kind() != reflect.Slice && !walked(v.Type()) {
			return v
		}
	default:
		return v
	}
	switch v.Kind() {
	case reflect.Interface:
		return cloneReflected(v.Elem())
	case reflect.Map:
		c := reflect.MakeMapWithSize(v.Type(), v.Len())
		for it := v.MapRange(); it.Next(); {
			c.SetMapIndex(it.Key(), cloneReflected(it.Value()))
		}
		return c
	case reflect.Slice:
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			c.Index(i).Set(cloneReflected(v.Index(i)))
		}
		return c
	case reflect.Pointer:
		c := reflect.New(v.Type().Elem())
		c.Elem().Set(cloneReflected(v.Elem()))
		return c.Convert(v.Type())
	}
	return v
}

// ClearReadOnly makes the members of v zero that the server alone sets, at every depth.
func (m *Model[T]) ClearReadOnly(v *T) { m.clearReadOnly(new(lists), v) }

func (m *Model[T]) clearReadOnly(ls *lists, v *T) {
	l := m.list(v, ls)
	for i, row := range m.table().members {
		switch {
		case row.ReadOnly:
			reflect.ValueOf(l.addrs[i]).Elem().SetZero()
		case row.codec != nil:
			row.codec.clearReadOnly(ls, l.addrs[i])
		}
	}
	ls.pop()
}
