package member

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// A Union makes an interface type I known as a member of other models. The value of such a member is a pointer to one of
// several models; which of them, its object says in another member, the tag:
//
//	m.Tag("effectType", &e.Type)
//	m.Required("props", &e.Props)
//
// A value whose tag has no model, or that its model refuses, stays as it was written: an error there is none of the
// document. What stands for it is up to the functions.
type Union[I any] struct {
	// Tag returns the name that a value goes by. ok is false if it has none.
	Tag func(v I) (tag string, ok bool)
	// Unknown returns what stands for raw, which is nil where the object has no value or a null. err says what the model
	// of the tag has against raw, at an offset in raw; nil says that there is no such model.
	Unknown func(tag string, raw json.RawMessage, err *jsonwire.Error) I
	// Raw returns the JSON of a value that Unknown returned. ok is false for any other.
	Raw func(v I) (raw json.RawMessage, ok bool)
	// Clone returns a copy of a value that is no pointer to a model.
	Clone func(v I) I

	byTag  map[string]variant
	byType map[reflect.Type]variant
}

// NewUnion returns u, to which Variant adds models.
func NewUnion[I any](u Union[I]) *Union[I] {
	u.byTag, u.byType = make(map[string]variant), make(map[reflect.Type]variant)
	codecs.Store(reflect.TypeFor[*I](), &u)
	return &u
}

// Variant adds a model to u, and returns it: under the tag of a *T, and under those that are other spellings of it.
func Variant[T, I any](u *Union[I], members func(v *T, m *List), spellings ...string) *Model[T] {
	m := NewModel(members)
	tag, ok := u.Tag(any(new(T)).(I))
	if !ok {
		panic("member: a variant without a tag")
	}
	for _, tag := range append(spellings, tag) {
		u.byTag[tag] = m
	}
	u.byType[reflect.TypeFor[*T]()] = m
	return m
}

// Members returns the declaration of each model, by its tags.
func (u *Union[I]) Members() map[string][]Member {
	members := make(map[string][]Member)
	for tag, m := range u.byTag {
		members[tag] = m.Members()
	}
	return members
}

// variant is a Model[T] whose T is not known: each v is a *T.
type variant interface {
	Members() []Member
	decodeNew(d *decoder) (v any)
	encodeVariant(e *encoder, buf []byte, v any) []byte
	equalVariant(ls *lists, v, w any) bool
	cloneVariant(ls *lists, v any) any
}

func (m *Model[T]) decodeNew(d *decoder) any {
	v := new(T)
	m.decode(d, v)
	return v
}

func (m *Model[T]) encodeVariant(e *encoder, buf []byte, v any) []byte {
	return m.encode(e, buf, v.(*T))
}

func (m *Model[T]) equalVariant(ls *lists, v, w any) bool { return m.equal(ls, v.(*T), w.(*T)) }

func (m *Model[T]) cloneVariant(ls *lists, v any) any {
	c := new(*v.(*T))
	m.clone(ls, c)
	return c
}

// unionCodec is a Union[I] whose I is not known: each addr is a *I.
type unionCodec interface {
	codec
	// read sets the value that the cursor stands at, by the model that has the tag.
	read(d *decoder, tag string, addr any)
	// readNothing sets the value that an object does not have.
	readNothing(tag string, addr any)
	// tagFor returns what tag is written as, or else what is wrong with it or with the value.
	tagFor(tag string, addr any) (string, *unionError)
}

var _ unionCodec = (*Union[any])(nil)

// A unionError says of which member, the value or its tag, it is.
type unionError struct {
	ofTag  bool
	detail string
}

// union reads the value of a union, if its tag is known by now.
func (d *decoder) union(t *table, l *List) {
	if tag := *l.addrs[t.tag].(*string); tag != "" {
		t.union.read(d, tag, l.addrs[t.value])
		return
	}
	l.value = d.Mark()
	d.Skip()
}

// endUnion sets the value of a union, if that was not done, when its object has ended.
func (d *decoder) endUnion(t *table, l *List) {
	tag, addr := *l.addrs[t.tag].(*string), l.addrs[t.value]
	switch {
	case d.Err() != nil || !t.union.empty(addr):
	case l.value == jsonwire.Mark{}:
		t.union.readNothing(tag, addr)
	default:
		end := d.Mark()
		d.Rewind(l.value)
		t.union.read(d, tag, addr)
		d.Rewind(end)
	}
}

// tag makes l's tag what it is written as.
func (e *encoder) tag(t *table, l *List) bool {
	tag, err := t.union.tagFor(*l.addrs[t.tag].(*string), l.addrs[t.value])
	if err != nil {
		e.fail(jsonwire.ErrWrongType, err.detail, nil)
		at := t.value
		if err.ofTag {
			at = t.tag
		}
		e.at(t.members[at].Name)
		return false
	}
	l.tag = tag
	l.addrs[t.tag] = &l.tag
	return true
}

// fillTag is like tag, but leaves a tag alone that cannot be written.
func (t *table) fillTag(l *List) {
	if tag, err := t.union.tagFor(*l.addrs[t.tag].(*string), l.addrs[t.value]); err == nil {
		l.tag = tag
		l.addrs[t.tag] = &l.tag
	}
}

func (u *Union[I]) read(d *decoder, tag string, addr any) {
	start := d.Mark()
	var misfit *jsonwire.Error
	if m := u.byTag[tag]; m != nil {
		v := m.decodeNew(d)
		misfit = d.Err()
		if misfit == nil {
			*addr.(*I) = v.(I)
			return
		}
		d.Rewind(start)
	}
	raw := bytes.Clone(d.Skip())
	if d.Err() != nil {
		return // the text is wrong, whatever its type should be
	}
	if misfit != nil {
		misfit.Offset -= start.Offset()
	}
	*addr.(*I) = u.Unknown(tag, raw, misfit)
}

func (u *Union[I]) readNothing(tag string, addr any) {
	var misfit *jsonwire.Error
	if u.byTag[tag] != nil {
		misfit = &jsonwire.Error{Reason: jsonwire.ErrWrongType, Detail: "want an object, got nothing"}
	}
	*addr.(*I) = u.Unknown(tag, nil, misfit)
}

func (u *Union[I]) tagFor(tag string, addr any) (string, *unionError) {
	v := *addr.(*I)
	if isNil(v) {
		return "", &unionError{detail: "nothing, where a value is required"}
	}
	own, ok := u.Tag(v)
	switch {
	case !ok:
		return "", &unionError{detail: fmt.Sprintf("a panic where a %T says its type", v)}
	case tag == "":
		return own, nil
	case tag == own || u.variant(v) != nil && u.variant(v) == u.byTag[tag]:
		return tag, nil
	}
	return "", &unionError{ofTag: true, detail: "the value beside it is of another type"}
}

// variant returns the model that v points to, or nil.
func (u *Union[I]) variant(v I) variant { return u.byType[reflect.TypeOf(v)] }

func isNil[I any](v I) bool {
	r := reflect.ValueOf(v)
	return !r.IsValid() || r.Kind() == reflect.Pointer && r.IsNil()
}

// decode is for a value without a tag; decoder.union knows the tag.
func (u *Union[I]) decode(d *decoder, addr any) { u.read(d, "", addr) }

func (u *Union[I]) encode(e *encoder, buf []byte, addr any) []byte {
	v := *addr.(*I)
	if m := u.variant(v); m != nil {
		return m.encodeVariant(e, buf, v)
	}
	raw, ok := u.Raw(v)
	switch {
	case !ok:
		return e.foreign(buf, v)
	case raw == nil:
		return append(buf, null...)
	}
	return e.raw(buf, raw)
}

func (u *Union[I]) check(c *Checker, addr any) {
	c.encoded(func(e *encoder) { u.encode(e, nil, addr) })
}

func (u *Union[I]) empty(addr any) bool { return any(*addr.(*I)) == nil }

func (u *Union[I]) equal(ls *lists, a, b any, _ bool) bool {
	v, w := *a.(*I), *b.(*I)
	if isNil(v) || isNil(w) {
		return isNil(v) && isNil(w)
	}
	if m := u.variant(v); m != nil && m == u.variant(w) {
		return m.equalVariant(ls, v, w)
	}
	x, okX := u.text(a)
	y, okY := u.text(b)
	return okX && okY && equalRaw(x, y)
}

// text returns what is written for a value.
func (u *Union[I]) text(addr any) ([]byte, bool) {
	e := newEncoder()
	text, err := e.finish(u.encode(e, nil, addr), 0)
	return text, err == nil
}

func (u *Union[I]) clone(ls *lists, addr any) {
	p := addr.(*I)
	switch m := u.variant(*p); {
	case isNil(*p):
	case m != nil:
		*p = m.cloneVariant(ls, *p).(I)
	default:
		*p = u.Clone(*p)
	}
}

// clearReadOnly has nothing to do: a union is for what the server says, not for what a caller sends.
func (u *Union[I]) clearReadOnly(*lists, any) {}
