package test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// This file says a second time, and in another way, what the package does with JSON: what it accepts, what comes back and
// when two values are the same. It works on the values of encoding/json, slowly, and is what the tests compare with.

// parse returns the value of a JSON text, its numbers as text.
func parse(t testing.TB, text []byte) (v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	require.NoError(t, d.Decode(&v), "%s", text)
	require.False(t, d.More(), "%s", text)
	return v
}

// Whether a text is accepted.

// A problem is a reason to refuse a text. Where the text has several, the package reports the first one.
type problem struct {
	path   string
	reason error
}

const anywhere = "anywhere" // a problem of the text, whose place this file does not know

// problems returns the reasons to refuse text as the model of a schema.
func problems(text []byte, s schema) (ps []problem) {
	if !json.Valid(text) { // which also counts the levels
		return []problem{{anywhere, talonone.ErrSyntax}, {anywhere, talonone.ErrTooDeep}}
	}
	if !utf8.Valid(text) || hasLoneSurrogate(text) {
		return []problem{{anywhere, talonone.ErrInvalidUTF8}}
	}
	if hasDuplicate(text) {
		ps = append(ps, problem{anywhere, talonone.ErrDuplicateName})
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		panic(err) // it is valid
	}
	if v == nil {
		return ps
	}
	return append(ps, s.problems("", v)...)
}

// surrogateEscape finds an escape, whole pairs of surrogates first.
var surrogateEscape = regexp.MustCompile(`\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u....|\\.`)

func hasLoneSurrogate(text []byte) bool {
	for _, escape := range surrogateEscape.FindAll(text, -1) {
		if len(escape) == 6 {
			unit, _ := strconv.ParseUint(string(escape[2:]), 16, 16)
			if utf16.IsSurrogate(rune(unit)) {
				return true
			}
		}
	}
	return false
}

func hasDuplicate(text []byte) bool {
	type object struct {
		names  map[string]bool // nil in an array
		atName bool
	}
	var open []*object
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				panic(err) // it is valid
			}
			return false
		}
		if len(open) > 0 && token != json.Delim('}') {
			if top := open[len(open)-1]; top.names != nil {
				if name, ok := token.(string); ok && top.atName {
					if top.names[name] {
						return true
					}
					top.names[name] = true
				}
				top.atName = !top.atName
			}
		}
		switch token {
		case json.Delim('{'):
			open = append(open, &object{names: map[string]bool{}, atName: true})
		case json.Delim('['):
			open = append(open, &object{})
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
	}
}

func wrongType(path string) []problem { return []problem{{path, talonone.ErrWrongType}} }

// problems finds what is wrong with the value of a model.
func (s schema) problems(path string, v any) (ps []problem) {
	object, ok := v.(map[string]any)
	if !ok {
		return wrongType(path)
	}
	for name, v := range object {
		if m := s.member(name); m != nil && v != nil && !m.lenient {
			ps = append(ps, m.problems(path+"/"+name, v)...)
		}
	}
	for _, m := range s {
		if m.must && object[m.name] == nil {
			ps = append(ps, wrongType(path+"/"+m.name)...)
		}
	}
	return ps
}

func (m *memberSchema) problems(path string, v any) (ps []problem) {
	each := func(find func(path string, v any) []problem) []problem {
		list, ok := v.([]any)
		if !ok {
			return wrongType(path)
		}
		for i, v := range list {
			ps = append(ps, find(path+"/"+strconv.Itoa(i), v)...)
		}
		return ps
	}
	switch m.kind {
	case textKind:
		return textProblems(path, v)
	case boolKind:
		if _, ok := v.(bool); !ok {
			return wrongType(path)
		}
	case intKind:
		return intProblems(path, v, strconv.IntSize)
	case int64Kind:
		return intProblems(path, v, 64)
	case amountKind:
		number, ok := v.(json.Number)
		if text, isText := v.(string); isText {
			number, ok = json.Number(text), jsonNumber.MatchString(text)
		}
		if !ok {
			return wrongType(path)
		}
		if _, ok := plainAmount(string(number)); !ok {
			return []problem{{path, talonone.ErrOutOfRange}}
		}
	case timeKind:
		if text, ok := v.(string); !ok || !isTime(text) {
			return wrongType(path)
		}
	case textsKind:
		return each(textProblems)
	case intsKind:
		return each(func(path string, v any) []problem { return intProblems(path, v, strconv.IntSize) })
	case int64sKind:
		return each(func(path string, v any) []problem { return intProblems(path, v, 64) })
	case objectKind:
		if _, ok := v.(map[string]any); !ok {
			return wrongType(path)
		}
	case modelKind:
		return m.nested.problems(path, v)
	case modelsKind:
		return each(m.nested.problems)
	case mapKind:
		object, ok := v.(map[string]any)
		if !ok {
			return wrongType(path)
		}
		for name, v := range object {
			ps = append(ps, m.nested.problems(path+"/"+pointerToken(name), v)...)
		}
	}
	return ps
}

func pointerToken(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

func textProblems(path string, v any) []problem {
	if _, ok := v.(string); !ok {
		return wrongType(path)
	}
	return nil
}

func intProblems(path string, v any, bits int) []problem {
	number, ok := v.(json.Number)
	if !ok {
		return wrongType(path)
	}
	if _, ok := plainInteger(string(number), bits); !ok {
		return []problem{{path, talonone.ErrOutOfRange}}
	}
	return nil
}

var (
	jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)
	rfc3339    = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)
)

func isTime(text string) bool {
	_, err := time.Parse(time.RFC3339, text)
	return err == nil && rfc3339.MatchString(text)
}

// Numbers, by their text.

// numberParts are sign, digits and exponent of a number, the digits without zeros in front: "" is a zero.
func numberParts(number string) (negative bool, digits string, exp *big.Int) {
	mantissa, power, _ := strings.Cut(strings.ToLower(number), "e")
	exp = new(big.Int)
	if power != "" {
		exp.SetString(strings.TrimPrefix(power, "+"), 10)
	}
	mantissa, negative = strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	exp.Sub(exp, big.NewInt(int64(len(fraction))))
	return negative, strings.TrimLeft(whole+fraction, "0"), exp
}

// plainAmount returns the text of an amount in plain notation, with its own scale. ok is false if that is too long.
func plainAmount(number string) (text string, ok bool) {
	negative, digits, exp := numberParts(number)
	if digits == "" {
		negative, digits = false, "0"
		if exp.Sign() > 0 {
			exp.SetInt64(0)
		}
	}
	if exp.CmpAbs(big.NewInt(2000)) > 0 {
		return "", false
	}
	if n := int(exp.Int64()); n >= 0 {
		text = digits + strings.Repeat("0", n)
	} else {
		digits = strings.Repeat("0", max(0, 1-n-len(digits))) + digits
		text = digits[:len(digits)+n] + "." + digits[len(digits)+n:]
	}
	if negative {
		text = "-" + text
	}
	return text, len(text) <= 1024
}

// plainInteger returns the text of an integer. ok is false if the number is not one of so many bits.
func plainInteger(number string, bits int) (text string, ok bool) {
	negative, digits, exp := numberParts(number)
	trimmed := strings.TrimRight(digits, "0")
	exp.Add(exp, big.NewInt(int64(len(digits)-len(trimmed))))
	if trimmed == "" {
		return "0", true
	}
	if exp.Sign() < 0 || exp.Cmp(big.NewInt(20)) > 0 {
		return "", false
	}
	text = trimmed + strings.Repeat("0", int(exp.Int64()))
	if negative {
		text = "-" + text
	}
	_, err := strconv.ParseInt(text, 10, bits)
	return text, err == nil
}

// What comes back.

// instant is a time, whatever zone it is written in.
type instant string

func instantOf(text string) instant {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return instant("no time: " + text)
	}
	return instant(t.UTC().Format(time.RFC3339Nano))
}

const zeroInstant instant = "0001-01-01T00:00:00Z"

// roundTrip returns what the value of a model is after decode and encode, by the rule of the contract: the same, but for
// what that rule lists. Times are instants.
func (s schema) roundTrip(v any) any {
	if s == nil { // Attributes
		return v
	}
	given := v.(map[string]any)
	written := map[string]any{}
	for name, v := range given {
		if s.member(name) == nil {
			written[name] = v // unknown, a null too
		}
	}
	for _, m := range s {
		v := given[m.name]
		if v != nil && m.lenient && len(m.problems("", v)) > 0 {
			written[m.name] = v
			continue
		}
		if v == nil {
			// A required member that was absent or null comes back as its zero, an optional null is left out.
			if m.required {
				written[m.name] = m.zero()
			}
			continue
		}
		v = m.roundTrip(v)
		// An optional empty string, zero time, id 0 or updateCount 0 is left out.
		if m.leftOut && v == m.zero() {
			continue
		}
		// An empty text may stand for another, as an empty state does for open.
		if v == "" && m.kind == textKind {
			v = m.zero()
		}
		written[m.name] = v
	}
	return written
}

func (m *memberSchema) zero() any {
	if m.def != nil {
		var v any
		if err := json.Unmarshal(m.def, &v); err != nil {
			panic(err)
		}
		return v
	}
	switch m.kind {
	case textKind:
		return ""
	case anyKind:
		return nil
	case boolKind:
		return false
	case intKind, int64Kind, amountKind:
		return json.Number("0")
	case timeKind:
		return zeroInstant
	case modelsKind, textsKind, intsKind, int64sKind:
		return []any{}
	case modelKind:
		return m.nested.roundTrip(map[string]any{})
	default:
		return map[string]any{}
	}
}

func (m *memberSchema) roundTrip(v any) any {
	each := func(change func(v any) any) []any {
		list := []any{}
		for _, v := range v.([]any) {
			list = append(list, change(v))
		}
		return list
	}
	switch m.kind {
	case intKind, int64Kind:
		return integerBack(v)
	case intsKind, int64sKind:
		return each(integerBack)
	case amountKind:
		// An amount read from a string comes back as a number, -0 as 0, and one without an exponent character for character.
		text, _ := plainAmount(fmt.Sprint(v))
		return json.Number(text)
	case timeKind:
		return instantOf(v.(string))
	case modelKind:
		return m.nested.roundTrip(v)
	case modelsKind:
		return each(m.nested.roundTrip)
	case mapKind:
		object := map[string]any{}
		for name, v := range v.(map[string]any) {
			object[name] = m.nested.roundTrip(v)
		}
		return object
	default:
		return v // as it is: strings, booleans, and numbers in attributes character for character
	}
}

// integerBack returns an integer in plain form.
func integerBack(v any) any {
	text, _ := plainInteger(string(v.(json.Number)), 64)
	return json.Number(text)
}

// instants returns the value of a model with its times as instants, and nothing else changed.
func (s schema) instants(v any) any {
	object, ok := v.(map[string]any)
	if !ok {
		return v
	}
	changed := map[string]any{}
	for name, v := range object {
		changed[name] = v
		m := s.member(name)
		if m == nil || m.lenient && len(m.problems("", v)) > 0 { // which is kept as it is
			continue
		}
		switch v := v.(type) {
		case string:
			if m.kind == timeKind {
				changed[name] = instantOf(v)
			}
		case map[string]any:
			if m.kind == modelKind {
				changed[name] = m.nested.instants(v)
			} else if m.kind == mapKind {
				nested := map[string]any{}
				for name, v := range v {
					nested[name] = m.nested.instants(v)
				}
				changed[name] = nested
			}
		case []any:
			if m.kind == modelsKind {
				nested := []any{}
				for _, v := range v {
					nested = append(nested, m.nested.instants(v))
				}
				changed[name] = nested
			}
		}
	}
	return changed
}

// byValue returns v with every number replaced by one text for each value.
func byValue(v any) any {
	switch v := v.(type) {
	case json.Number:
		negative, digits, exp := numberParts(string(v))
		trimmed := strings.TrimRight(digits, "0")
		if trimmed == "" {
			return json.Number("0")
		}
		exp.Add(exp, big.NewInt(int64(len(digits)-len(trimmed))))
		return json.Number(fmt.Sprintf("%t %s e%s", negative, trimmed, exp))
	case []any:
		list := []any{}
		for _, v := range v {
			list = append(list, byValue(v))
		}
		return list
	case map[string]any:
		object := map[string]any{}
		for name, v := range v {
			object[name] = byValue(v)
		}
		return object
	default:
		return v
	}
}

// difference returns where two values differ first, as a JSON Pointer and what stands there, or "" if they do not.
func difference(path string, a, b any) string {
	x, isObject := a.(map[string]any)
	if y, ok := b.(map[string]any); ok && isObject {
		names := map[string]bool{}
		for name := range x {
			names[name] = true
		}
		for name := range y {
			names[name] = true
		}
		for name := range names {
			at := path + "/" + pointerToken(name)
			v, inX := x[name]
			w, inY := y[name]
			if inX != inY {
				return fmt.Sprintf("%s: only one has it: %v %v", at, v, w)
			}
			if d := difference(at, v, w); d != "" {
				return d
			}
		}
		return ""
	}
	list, isList := a.([]any)
	if other, ok := b.([]any); ok && isList && len(list) == len(other) {
		for i := range list {
			if d := difference(path+"/"+strconv.Itoa(i), list[i], other[i]); d != "" {
				return d
			}
		}
		return ""
	}
	if !reflect.DeepEqual(a, b) {
		return fmt.Sprintf("%s: %#v and %#v", path, a, b)
	}
	return ""
}

// requireRoundTrip fails unless written is what decoding and encoding given must result in.
func requireRoundTrip(t testing.TB, s schema, given, written []byte) {
	t.Helper()
	want, got := s.roundTrip(parse(t, given)), s.instants(parse(t, written))
	require.Empty(t, difference("", want, got), "from %s\n  to %s", given, written)
}
