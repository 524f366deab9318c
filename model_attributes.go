package talonone

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/codec"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// Attributes are the attributes of a session or of an item, by name. Their names and types are defined in the Campaign Manager.
// The API refuses others.
//
// Decoding gives string, bool, nil, [json.Number] (nothing is rounded), []any and map[string]any. Encoding takes those, all Go
// numbers, [decimal.Decimal], *[decimal.Decimal] and [decimal.NullDecimal] (as numbers), [time.Time], and string-keyed maps,
// slices and pointers of all these, and the models of this package. encoding/json writes a value of any other type, and the
// result is checked like Extra. In a struct of yours a decimal is thus a string, unless the program has set
// decimal.MarshalJSONWithoutQuotes. In a map it is a number.
type Attributes map[string]any

func init() { codec.RegisterObject[Attributes]() }

// MarshalJSON returns the attributes as a JSON object, or an [*EncodeError]. Nil is an empty object.
func (a Attributes) MarshalJSON() ([]byte, error) {
	b := codec.NewBuffer()
	return b.Result(a.AppendJSON(b.Bytes))
}

// UnmarshalJSON replaces the attributes by those in text. On a [*DecodeError] it leaves them unchanged.
func (a *Attributes) UnmarshalJSON(text []byte) error {
	return codec.UnmarshalObject(text, (*map[string]any)(a))
}

// AppendJSON appends the attributes as a JSON object to dst. On an [*EncodeError] it returns dst at its old length.
func (a Attributes) AppendJSON(dst []byte) ([]byte, error) {
	e := codec.NewEncoder()
	return e.Finish(e.AnyObject(dst, a), len(dst))
}

// Equal reports whether both encode to the same JSON value. They must not contain themselves.
func (a Attributes) Equal(other Attributes) bool { return codec.EqualObjects(a, other) }

// Clone returns a deep copy. Values of types that only encoding/json can write (see [Attributes]) are shared with the original.
// The attributes must not contain themselves.
func (a Attributes) Clone() Attributes { return codec.CloneObject(a) }

// String returns the string with that name. ok is false if there is none. The value must be of type string: a pointer or
// another string type does not count.
func (a Attributes) String(name string) (value string, ok bool) {
	value, ok = a[name].(string)
	return value, ok
}

// Bool returns the boolean with that name. ok is false if there is none. The value must be of type bool: a pointer or another
// boolean type does not count.
func (a Attributes) Bool(name string) (value, ok bool) {
	value, ok = a[name].(bool)
	return value, ok
}

// Int64 returns the integer with that name. It may have any Go number type, also json.Number, float64 and decimal, if its value
// is an integer that fits int64. A float has the value that its JSON text has, see [Attributes.Decimal]. ok is false if there
// is no such number.
func (a Attributes) Int64(name string) (value int64, ok bool) {
	text, ok := a.number(name)
	if !ok {
		return 0, false
	}
	return jsonwire.ParseInt(text, 64)
}

// Decimal returns the exact number with that name. It may have any Go number type. A float has the value of its shortest JSON
// text, with the fewest digits that tell it from its neighbours: 0.1, and 4611686018427388000 for 1<<62. ok is false if there
// is none, or if it has more than 1024 characters in plain notation.
func (a Attributes) Decimal(name string) (value decimal.Decimal, ok bool) {
	text, ok := a.number(name)
	if !ok {
		return decimal.Decimal{}, false
	}
	return jsonwire.ParseDecimal(text)
}

// number returns the JSON text of the number with that name.
func (a Attributes) number(name string) ([]byte, bool) {
	switch a[name].(type) {
	case nil, string, bool, []any, map[string]any:
		return nil, false
	}
	text, err := codec.AppendAny(nil, a[name])
	return text, err == nil && jsonwire.IsNumber(text)
}

// Time returns the time with that name: a [time.Time], a pointer to one, or a string with an RFC 3339 time. ok is false if
// there is none.
func (a Attributes) Time(name string) (value time.Time, ok bool) {
	switch v := a[name].(type) {
	case time.Time:
		return v, true
	case *time.Time:
		if v != nil {
			return *v, true
		}
	case string:
		return jsonwire.ParseTime(v)
	}
	return time.Time{}, false
}

// Decode fills the struct or map that v points to, by the rules of encoding/json. Numbers in an interface become json.Number,
// so none is rounded.
func (a Attributes) Decode(v any) error {
	text, err := a.MarshalJSON()
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(v)
}
