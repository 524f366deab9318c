package member

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// maxMembers is how many members a model may declare: one bit each marks those that were seen.
const maxMembers = 64

// A List holds the addresses of one object's members, in the order in which they are written.
type List struct {
	addrs  [maxMembers]any
	n      int
	most   int // that n was, since the last clear
	extra  *map[string]json.RawMessage
	record *table // while the declaration is learned, else nil

	value jsonwire.Mark // where the value of a union stands, until its tag is known
	tag   string        // what such a value goes by
}

// The methods that declare a member are alike, and small enough to be inlined into every declaration: the name is unused
// there but for the first time.

// Required declares a member that is always written.
func (l *List) Required(name string, addr any) {
	if l.record != nil {
		l.record.required(name, addr)
	}
	l.addrs[l.n%maxMembers] = addr
	l.n++
}

// Optional declares a member that is left out when it is zero: an empty string, a zero time or integer, a nil pointer,
// slice or map.
func (l *List) Optional(name string, addr any) {
	if l.record != nil {
		l.record.optional(name, addr)
	}
	l.addrs[l.n%maxMembers] = addr
	l.n++
}

// ReadOnly declares an optional member that the server alone sets.
func (l *List) ReadOnly(name string, addr any) {
	if l.record != nil {
		l.record.readOnly(name, addr)
	}
	l.addrs[l.n%maxMembers] = addr
	l.n++
}

// Default declares a required string that is written as text when it is empty, or required free JSON that is written as
// text when it is nil.
func (l *List) Default(name string, addr any, text string) {
	l.Required(name, addr)
	if l.record != nil {
		l.record.members[len(l.record.members)-1].Default = text
	}
}

// Tag declares a required string that names the type of the object's member that is a [Union]. Empty is written as the
// name that the value goes by.
func (l *List) Tag(name string, addr *string) {
	l.Required(name, addr)
	if l.record != nil {
		l.record.tag = len(l.record.members) - 1
	}
}

// Extra says where the members go that the model does not declare. Without it they are dropped.
func (l *List) Extra(extra *map[string]json.RawMessage) { l.extra = extra }

// Member is what a declaration says of one member.
type Member struct {
	Name     string
	Required bool   // always written
	ReadOnly bool   // set by the server alone
	Default  string // what an empty string, or free JSON that is nil, is written as

	key   string // the name as it is written, between a comma and a colon
	codec codec  // nil for the basic types
}

// nilText returns what required free JSON that is nil is written as.
func (m *Member) nilText() string { return cmp.Or(m.Default, null) }

// table is what the declaration of one model says: everything but the addresses.
type table struct {
	members []Member
	places  [256]uint8                        // of a name by its hash, or the next free place: its index in members, from 1
	read    func(text []byte) *jsonwire.Error // says why the model does not accept a text

	union      unionCodec // nil in a model without one
	tag, value int        // the members that say which type it has and what it is
}

// These three stay out of line, or they would make the methods of List too large to be inlined.

//go:noinline
func (t *table) required(name string, addr any) { t.add(Member{Name: name, Required: true}, addr) }

//go:noinline
func (t *table) optional(name string, addr any) { t.add(Member{Name: name}, addr) }

//go:noinline
func (t *table) readOnly(name string, addr any) { t.add(Member{Name: name, ReadOnly: true}, addr) }

func (t *table) add(m Member, addr any) {
	if len(t.members) == maxMembers {
		panic("member: too many members")
	}
	m.key = `,"` + m.Name + `":`
	m.codec = codecOf(addr)
	if u, ok := m.codec.(unionCodec); ok {
		t.union, t.value = u, len(t.members)
	}
	t.members = append(t.members, m)
	place := hash([]byte(m.Name))
	for t.places[place] != 0 {
		place++
	}
	t.places[place] = uint8(len(t.members))
}

// hash tells apart all the names of every model that there is.
func hash(name []byte) uint8 {
	if len(name) == 0 {
		return 0
	}
	return uint8(len(name)) + 31*name[0] + 11*name[len(name)-1]
}

// find returns the index of the member with a name, or -1.
func (t *table) find(name []byte) int {
	for place := hash(name); ; place++ {
		i := int(t.places[place]) - 1
		if i < 0 || t.members[i].Name == string(name) {
			return i
		}
	}
}

// codec handles a member whose type is not one of the basic ones. Each addr is a pointer to a value of that type.
type codec interface {
	decode(d *decoder, addr any)
	encode(e *encoder, buf []byte, addr any) []byte
	empty(addr any) bool // an optional member is left out

	// check is for values that are not empty.
	check(c *Checker, addr any)

	// equal reports whether both are the same JSON value; where the member is required, nil is like empty.
	equal(ls *lists, a, b any, required bool) bool
	// clone makes a shallow copy a deep one.
	clone(ls *lists, addr any)
	// clearReadOnly makes the members zero that the server alone sets.
	clearReadOnly(ls *lists, addr any)
}

// codecs holds what NewModel registered, by the type of the address.
var codecs sync.Map // of reflect.Type to codec

// codecOf returns nil for the basic types, which the type switches of decoder.member, encoder.member, Checker.members,
// equalMember and cloneMember handle.
func codecOf(addr any) codec {
	switch addr.(type) {
	case *string, **string, *bool, *int, **int, *int64, **int64, *decimal.Decimal, **decimal.Decimal, *time.Time,
		**bool, *[]string, *[]int64, *[]int, *map[string]any, *json.RawMessage:
		return nil
	}
	c, ok := codecs.Load(reflect.TypeOf(addr))
	if !ok {
		panic(fmt.Sprintf("member: no codec for %T", addr))
	}
	return c.(codec)
}

// A Model reads, writes, compares and copies values of type T. It is safe for concurrent use.
type Model[T any] struct {
	members func(*T, *List)
	once    sync.Once
	learned table
	scratch sync.Pool // of *T
}

// NewModel returns the model whose members a function lists, and makes pointers, slices and string-keyed maps of T known
// as members of other models.
func NewModel[T any](members func(v *T, m *List)) *Model[T] {
	m := &Model[T]{members: members}
	m.scratch.New = func() any { return new(T) }
	codecs.Store(reflect.TypeFor[**T](), pointerCodec[T]{m})
	codecs.Store(reflect.TypeFor[*[]T](), sliceCodec[T]{m})
	codecs.Store(reflect.TypeFor[*map[string]T](), mapCodec[T]{m})
	freeModels.Store(reflect.TypeFor[T](), m)
	freeModels.Store(reflect.TypeFor[*T](), m)
	return m
}

// table learns the declaration when it is first needed: by then every model is registered, whatever the order in which
// the variables of a package are initialized.
func (m *Model[T]) table() *table {
	m.once.Do(func() {
		var v T
		m.members(&v, &List{record: &m.learned})
		m.learned.read = func(text []byte) *jsonwire.Error { return m.Unmarshal(text, new(T)) }
	})
	return &m.learned
}

// Members returns the declaration.
func (m *Model[T]) Members() []Member { return m.table().members }

// list returns the addresses of v's members, in a List that is free again after pop.
func (m *Model[T]) list(v *T, ls *lists) *List {
	l := ls.push()
	m.members(v, l)
	return l
}

// lists has one List for each level at which objects are nested, to be used again for the next object there.
type lists struct {
	levels []*List
	used   int
}

func (ls *lists) push() *List {
	if ls.used == len(ls.levels) {
		ls.levels = append(ls.levels, new(List))
	}
	l := ls.levels[ls.used]
	l.n, l.most, l.extra = 0, max(l.most, l.n), nil
	ls.used++
	return l
}

func (ls *lists) pop() { ls.used-- }

// maxLevels is for how many levels the Lists are kept between two documents. Declared members are nested less deep than
// that; models among values of no declared type may go deeper.
const maxLevels = 8

// clear forgets every address.
func (ls *lists) clear() {
	if len(ls.levels) > maxLevels {
		clear(ls.levels[maxLevels:])
		ls.levels = ls.levels[:maxLevels]
	}
	for _, l := range ls.levels {
		clear(l.addrs[:max(l.most, l.n)])
		l.n, l.most, l.extra, l.tag = 0, 0, nil, ""
	}
	ls.used = 0
}
