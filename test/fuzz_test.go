package test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

func FuzzCustomerSessionV2(f *testing.F)           { fuzzModel(f, "CustomerSessionV2") }
func FuzzCustomerSessionUpdate(f *testing.F)       { fuzzModel(f, "CustomerSessionUpdate") }
func FuzzCartItem(f *testing.F)                    { fuzzModel(f, "CartItem") }
func FuzzAdditionalCost(f *testing.F)              { fuzzModel(f, "AdditionalCost") }
func FuzzProduct(f *testing.F)                     { fuzzModel(f, "Product") }
func FuzzPriceDetail(f *testing.F)                 { fuzzModel(f, "PriceDetail") }
func FuzzExperimentVariantAllocation(f *testing.F) { fuzzModel(f, "ExperimentVariantAllocation") }
func FuzzAttributes(f *testing.F)                  { fuzzModel(f, "Attributes") }

// fuzzModel compares what a model does with a text with what encoding/json and the schema make of it.
func fuzzModel(f *testing.F, name string) {
	m := modelNamed(name)
	for _, text := range fixtureTexts(f) {
		f.Add(text)
	}
	for _, c := range documentCases {
		f.Add([]byte(c.text))
	}
	for _, c := range valueCases {
		f.Add([]byte(`{"x":` + c.text + `}`))
	}
	for _, c := range stringCases {
		f.Add([]byte(`{"x":` + c.text + `}`))
	}
	for _, c := range numberCases {
		f.Add([]byte(`{"x":` + c.text + `}`))
	}
	for _, member := range m.schema {
		f.Add([]byte(`{"` + member.name + `":` + member.sample() + `}`))
		for _, value := range memberValues {
			f.Add([]byte(`{"` + member.name + `":` + value + `}`))
		}
	}
	f.Add([]byte(m.schema.text()))
	f.Fuzz(func(t *testing.T, text []byte) { checkModel(t, m, text) })
}

// checkModel checks accept, reject and value, and that what was accepted is written so that it is read again.
func checkModel(t *testing.T, m modelCase, text []byte) {
	given := bytes.Clone(text)
	v := m.new()
	err := v.UnmarshalJSON(text)
	require.Equal(t, given, text, "the input is only read")
	ps := problems(text, m.schema)
	if err != nil {
		require.NotEmpty(t, ps, "refused: %v", err)
		checkDecodeError(t, m, text, err, ps)
		require.True(t, v.equal(m.new()), "the target is unchanged")
		through := m.new()
		require.Error(t, json.Unmarshal(text, through.pointer()))
		require.True(t, through.equal(m.new()))
		return
	}
	require.Empty(t, ps, "accepted")
	if strings.TrimSpace(string(text)) == "null" {
		require.True(t, v.equal(m.new()), "a null changes nothing")
		return
	}

	written, err := v.AppendJSON(nil)
	require.NoError(t, err, "what was read can be written")
	require.True(t, json.Valid(written) && utf8.Valid(written))
	requireRoundTrip(t, m.schema, text, written)
	if m.schema == nil {
		require.Equal(t, parse(t, text), any(map[string]any(*v.pointer().(*talonone.Attributes))), "the values of encoding/json with UseNumber")
	} else {
		checkExtra(t, m, text, v)
	}
	for i := range text {
		text[i] = 'x' // the value holds no part of it
	}
	again := m.new()
	require.NoError(t, again.UnmarshalJSON(written))
	requireEqual(t, v, again)
	requireEqual(t, v, v.clone())
	rewritten, err := again.MarshalJSON()
	require.NoError(t, err)
	require.Equal(t, string(written), string(rewritten), "what was written once stays as it is")

	through := m.new()
	require.NoError(t, json.Unmarshal(given, through.pointer()))
	requireEqual(t, v, through)
	marshaled, err := json.Marshal(v.pointer())
	require.NoError(t, err)
	require.Empty(t, difference("", parse(t, written), parse(t, marshaled)))
}

// checkExtra checks that the members which a model does not know are kept byte for byte.
func checkExtra(t *testing.T, m modelCase, text []byte, v anyModel) {
	var all map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &all))
	want := map[string]json.RawMessage{}
	for name, raw := range all {
		if m.schema.member(name) == nil {
			want[name] = raw
		}
	}
	extra := reflect.ValueOf(v.pointer()).Elem().FieldByName("Extra").Interface().(map[string]json.RawMessage)
	require.Len(t, extra, len(want))
	for name, raw := range want {
		require.Equal(t, string(raw), string(extra[name]))
	}
}

func checkDecodeError(t *testing.T, m modelCase, text []byte, err error, ps []problem) {
	decodeError, ok := err.(*talonone.DecodeError)
	require.True(t, ok, "a %T", err)
	reason := reasonOf(t, err)
	require.True(t, 0 <= decodeError.Offset && decodeError.Offset <= int64(len(text)))
	require.True(t, decodeError.Path == "" || decodeError.Path[0] == '/')
	require.LessOrEqual(t, len(err.Error()), 4*256+4*64+200)
	if ps[0].path != anywhere {
		// Whatever is wrong is wrong with a value, whose place is known.
		require.Contains(t, ps, problem{decodeError.Path, reason})
		require.Equal(t, valueAt(t, string(text), decodeError.Path), string(valueFrom(t, text[decodeError.Offset:])))
	}
	if reason == duplicate {
		require.Equal(t, byte('"'), text[decodeError.Offset], "the offset is that of the name")
	}
	if json.Valid(text) {
		require.NotErrorIs(t, err, syntax)
		require.NotErrorIs(t, err, talonone.ErrTooDeep)
	} else if _, isSyntaxError := errors.AsType[*json.SyntaxError](json.Unmarshal(text, m.new().pointer())); !isSyntaxError {
		t.Error("encoding/json sees nothing wrong with the syntax")
	}
}

// valueFrom returns the value that a text begins with.
func valueFrom(t *testing.T, text []byte) (value json.RawMessage) {
	require.NoError(t, json.NewDecoder(bytes.NewReader(text)).Decode(&value))
	return value
}

// FuzzNumber compares amounts, integers and the readers of attributes with math/big.
func FuzzNumber(f *testing.F) {
	for _, c := range numberCases {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		isNumber := jsonNumber.MatchString(text)
		var cost talonone.AdditionalCost
		err := cost.UnmarshalJSON([]byte(`{"price":` + text + `}`))
		want, fits := "", false
		if isNumber {
			want, fits = plainAmount(text)
		}
		if !isNumber {
			// It may still be a string that holds one, or a number with space around it; or more than one member.
			if err == nil {
				require.True(t, json.Valid([]byte(`{"price":`+text+`}`)))
			}
			_, err := talonone.Attributes{"v": json.Number(text)}.AppendJSON(nil)
			require.ErrorIs(t, err, syntax)
			return
		}
		require.Equal(t, fits, err == nil, "%v", err)

		a := talonone.Attributes{"v": json.Number(text)}
		require.Equal(t, `{"v":`+text+`}`, encode(t, a))
		require.True(t, a.Equal(decode[talonone.Attributes](t, `{"v":`+text+`}`)))
		d, ok := a.Decimal("v")
		require.Equal(t, fits, ok)
		n, okInt := a.Int64("v")
		integer, isInteger := plainInteger(text, 64)
		require.Equal(t, isInteger, okInt)
		if isInteger {
			require.Equal(t, integer, strconv.FormatInt(n, 10))
		}
		var allocation talonone.ExperimentVariantAllocation
		err = allocation.UnmarshalJSON([]byte(`{"variantID":` + text + `}`))
		require.Equal(t, isInteger, err == nil)
		require.Equal(t, n, allocation.VariantID)
		var small talonone.CartItem
		_, isInt := plainInteger(text, strconv.IntSize)
		require.Equal(t, isInt, small.UnmarshalJSON([]byte(`{"quantity":`+text+`}`)) == nil)
		if !fits {
			require.ErrorIs(t, cost.UnmarshalJSON([]byte(`{"price":"`+text+`"}`)), outOfRange)
			return
		}
		require.Equal(t, want, encodedAmount(t, cost.Price))
		require.True(t, d.Equal(cost.Price) && d.Exponent() == cost.Price.Exponent())
		inText := decode[talonone.AdditionalCost](t, `{"price":"`+text+`"}`)
		require.Equal(t, want, encodedAmount(t, inText.Price))
		require.True(t, cost.Equal(inText))
		require.True(t, a.Equal(talonone.Attributes{"v": cost.Price}))
		exact, ok := new(big.Rat).SetString(want)
		require.True(t, ok)
		require.Zero(t, exact.Cmp(cost.Price.Rat()), "no digit is lost")
	})
}

// FuzzText compares strings with encoding/json, in both directions.
func FuzzText(f *testing.F) {
	for _, c := range stringCases {
		f.Add(c.want)
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		item := talonone.CartItem{SKU: text, Attributes: talonone.Attributes{text: text, "v": []any{text}}}
		written, err := item.AppendJSON(nil)
		require.Equal(t, utf8.ValidString(text), err == nil)
		if err != nil {
			require.ErrorIs(t, err, invalid)
			return
		}
		var std struct {
			SKU        string
			Attributes map[string]any
		}
		require.NoError(t, json.Unmarshal(written, &std))
		require.Equal(t, text, std.SKU)
		require.Contains(t, std.Attributes, text)
		back := decode[talonone.CartItem](t, string(written))
		require.Equal(t, text, back.SKU)
		require.True(t, item.Equal(back))

		// Only what must be escaped is escaped, and shortly where there is a short form.
		var buf bytes.Buffer
		encoder := json.NewEncoder(&buf)
		encoder.SetEscapeHTML(false)
		require.NoError(t, encoder.Encode(text))
		want := strings.NewReplacer(`\\`, `\\`, `\u2028`, "\u2028", `\u2029`, "\u2029").Replace(strings.TrimSuffix(buf.String(), "\n"))
		require.Equal(t, `{"sku":`+want+`,`, string(written[:len(`{"sku":`+want+`,`)]))

		// What encoding/json writes for it is read as the same.
		escaped, err := json.Marshal(map[string]string{"sku": text})
		require.NoError(t, err)
		require.Equal(t, text, decode[talonone.CartItem](t, string(escaped)).SKU)
	})
}

// FuzzTime compares times with package time and the pattern of RFC 3339.
func FuzzTime(f *testing.F) {
	f.Add("2020-02-07T08:15:22.123456789+01:00")
	f.Add("2020-02-07T08:15:22Z")
	f.Add("0001-01-01T00:00:00Z")
	f.Add("9999-12-31T23:59:59.9-23:59")
	f.Add("2020-02-30T24:60:61,5+24:00")
	f.Fuzz(func(t *testing.T, text string) {
		quoted, err := json.Marshal(text)
		require.NoError(t, err)
		var s talonone.CustomerSessionV2
		err = s.UnmarshalJSON([]byte(`{"created":` + string(quoted) + `}`))
		got, ok := talonone.Attributes{"t": text}.Time("t")
		require.Equal(t, isTime(text), err == nil, "%v", err)
		require.Equal(t, isTime(text), ok)
		if err != nil {
			require.ErrorIs(t, err, wrong)
			return
		}
		want, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err)
		require.True(t, want.Equal(s.Created) && want.Equal(got))
		back := decode[talonone.CustomerSessionV2](t, encode(t, s))
		require.True(t, want.Equal(back.Created) || want.IsZero() && back.Created.IsZero())
		_, offset := want.Zone()
		_, gotOffset := back.Created.Zone()
		require.True(t, offset == gotOffset || want.IsZero(), "the offset stays")
	})
}

// FuzzExtra puts any bytes and any name into Extra: what is written is one JSON object that is read again, or nothing.
func FuzzExtra(f *testing.F) {
	for _, c := range valueCases {
		f.Add("x", []byte(c.text))
	}
	for _, value := range memberValues {
		f.Add("price", []byte(value))
		f.Add("attributes", []byte(value))
	}
	f.Add("sku", []byte("null"))
	f.Add("x", []byte(`1,"y":2`))
	f.Add("x\"", []byte(`1}`))
	f.Fuzz(func(t *testing.T, name string, value []byte) {
		item := talonone.CartItem{SKU: "a", Quantity: 1, Extra: map[string]json.RawMessage{name: value}}
		written, err := item.AppendJSON(nil)
		member := modelNamed("CartItem").schema.member(name)
		quoted := must(json.Marshal(name))
		alone := append(append(append([]byte("{"), quoted...), ':'), value...)
		ps := problems(append(bytes.Clone(alone), '}'), modelNamed("CartItem").schema)
		good := len(ps) == 0 && utf8.ValidString(name) && json.Valid(value) && (member == nil || !member.required)
		require.Equal(t, good, err == nil, "%v", err)
		if err != nil {
			return
		}
		require.True(t, bytes.Contains(written, value), "byte for byte")
		var all map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(written, &all))
		require.Len(t, all, 3)
		back := decode[talonone.CartItem](t, string(written))
		require.True(t, item.Equal(item.Clone()))
		if member == nil {
			require.True(t, item.Equal(back))
			require.Equal(t, strings.TrimSpace(string(value)), string(back.Extra[name]))
		}
	})
}

// moves is the table of the transitions that there are, a second time.
var moves = map[[2]talonone.State]talonone.Operation{
	{"open", "closed"}: "update", {"open", "cancelled"}: "update", {"closed", "cancelled"}: "update", {"partially_returned", "cancelled"}: "update",
	{"closed", "open"}: "reopen", {"closed", "partially_returned"}: "return", {"partially_returned", "partially_returned"}: "return",
}

// FuzzState takes any two texts for states: what is said of each and of the move from one to the other is what the table says,
// and a session keeps even a state that is none.
func FuzzState(f *testing.F) {
	states := []string{"open", "closed", "partially_returned", "cancelled"}
	for _, from := range append(states, "", "frozen", "Open", "open ", "\xff", `a"b`, strings.Repeat("long", 100)) {
		for _, to := range append(states, "", "frozen") {
			f.Add(from, to)
		}
	}
	f.Fuzz(func(t *testing.T, fromText, toText string) {
		from, to := talonone.State(fromText), talonone.State(toText)
		known := slices.Contains(states, fromText)
		state, err := talonone.ParseState(fromText)
		require.Equal(t, known, err == nil)
		require.Equal(t, known, from.Valid())
		if known {
			require.Equal(t, from, state)
		} else {
			unknown, ok := err.(*talonone.UnknownStateError)
			require.True(t, ok && unknown.Value == fromText && state == "")
			require.ErrorIs(t, err, talonone.ErrUnknownState)
			checkShortText(t, err)
		}

		// In JSON it is a text like any other. The zero value is open in a session, and left out of an update.
		s := talonone.CustomerSessionV2{IntegrationID: "s", State: from}
		u := talonone.CustomerSessionUpdate{State: from}
		written, err := s.AppendJSON(nil)
		require.Equal(t, utf8.ValidString(fromText), err == nil)
		_, updateErr := u.AppendJSON(nil)
		require.Equal(t, err == nil, updateErr == nil)
		if err != nil {
			require.ErrorIs(t, err, invalid)
			require.ErrorIs(t, s.Validate(), invalid)
			checkShortText(t, err)
		} else {
			back := decode[talonone.CustomerSessionV2](t, string(written))
			require.True(t, back.Equal(s) && back.State == effective(from))
			require.Equal(t, from, decode[talonone.CustomerSessionUpdate](t, encode(t, u)).State)
			quoted := must(json.Marshal(fromText))
			require.Equal(t, from, decode[talonone.CustomerSessionV2](t, `{"state":`+string(quoted)+`}`).State)
			validErr := s.Validate()
			require.Equal(t, known || from == "", validErr == nil)
			if validErr != nil {
				require.ErrorIs(t, validErr, talonone.ErrUnknownState)
			}
			validErr = u.Validate()
			require.Equal(t, from == "" || known && from != talonone.StatePartiallyReturned, validErr == nil)
		}

		// The move.
		by, moved := moves[[2]talonone.State{effective(from), to}]
		op, ok := from.Via(to)
		require.True(t, ok == moved && op == by)
		require.Equal(t, by == talonone.OperationUpdate, from.CanTransitionTo(to))
		require.Equal(t, from.CanTransitionTo(to), slices.Contains(from.Next(), to))
		err = from.Transition(to)
		require.Equal(t, from.CanTransitionTo(to), err == nil)
		err2 := s.TransitionTo(to)
		require.Equal(t, err, err2)
		if err == nil {
			require.Equal(t, to, s.State)
		} else {
			require.Equal(t, from, s.State, "the session is left as it is")
			require.Equal(t, &talonone.TransitionError{From: effective(from), To: to, Operation: by}, err)
			checkShortText(t, err)
		}
		require.Equal(t, from == "cancelled", from.Terminal())
		require.Equal(t, from == "" || from == "open" || from == "closed", from.Initial())
		for _, next := range from.Next() {
			require.True(t, next.Valid() && !from.Terminal())
		}
	})
}

// effective returns the state that a session with a zero State is in.
func effective(s talonone.State) talonone.State {
	if s == "" {
		return talonone.StateOpen
	}
	return s
}

// checkShortText checks that the text of an error is of one line, and short whatever the texts in it are.
func checkShortText(t *testing.T, err error) {
	t.Helper()
	text := err.Error()
	require.LessOrEqual(t, len(text), 4*2*64+100)
	require.True(t, utf8.ValidString(text))
	require.NotContains(t, text, "\n")
}

// TestDifferences lists what encoding/json does and we do not, on purpose. Everything else is the same: that is what the fuzz
// targets compare.
func TestDifferences(t *testing.T) {
	type std struct {
		SKU   string         `json:"sku"`
		Price *float64       `json:"price"`
		Codes []string       `json:"couponCodes"`
		Attrs map[string]any `json:"attributes"`
	}
	decodeStd := func(text string) (v std, err error) {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		return v, d.Decode(&v)
	}
	item := func(text string) (v talonone.CartItem, err error) { return v, v.UnmarshalJSON([]byte(text)) }

	t.Run("a name twice", func(t *testing.T) {
		theirs, err := decodeStd(`{"sku":"a","sku":"b"}`)
		require.NoError(t, err)
		assert.Equal(t, "b", theirs.SKU, "the last one wins")
		_, err = item(`{"sku":"a","sku":"b"}`)
		assert.ErrorIs(t, err, duplicate)
		_, err = item(`{"attributes":{"a":1,"a":2}}`)
		assert.ErrorIs(t, err, duplicate)
	})
	t.Run("invalid UTF-8", func(t *testing.T) {
		theirs, err := decodeStd("{\"sku\":\"\xff\"}")
		require.NoError(t, err)
		assert.Equal(t, "\uFFFD", theirs.SKU, "it is replaced")
		_, err = item("{\"sku\":\"\xff\"}")
		assert.ErrorIs(t, err, invalid)
		text, err := json.Marshal(std{SKU: "\xff"})
		require.NoError(t, err)
		var back std
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, "\uFFFD", back.SKU, "%s", text) // escaped or not, depending on how encoding/json is built
		_, err = talonone.CartItem{SKU: "\xff"}.MarshalJSON()
		assert.ErrorIs(t, err, invalid)
	})
	t.Run("a lone surrogate", func(t *testing.T) {
		theirs, err := decodeStd(`{"sku":"\ud800"}`)
		require.NoError(t, err)
		assert.Equal(t, "\uFFFD", theirs.SKU, "it is replaced")
		_, err = item(`{"sku":"\ud800"}`)
		assert.ErrorIs(t, err, invalid)
	})
	t.Run("the case of names", func(t *testing.T) {
		theirs, err := decodeStd(`{"SKU":"a"}`)
		require.NoError(t, err)
		assert.Equal(t, "a", theirs.SKU, "it does not matter")
		ours, err := item(`{"SKU":"a"}`)
		require.NoError(t, err)
		assert.Equal(t, talonone.CartItem{Extra: map[string]raw{"SKU": raw(`"a"`)}}, ours)
		// U+017F is an s to encoding/json.
		theirs, err = decodeStd(`{"ſku":"a"}`)
		require.NoError(t, err)
		assert.Equal(t, "a", theirs.SKU)
		ours, err = item(`{"ſku":"a"}`)
		require.NoError(t, err)
		assert.Empty(t, ours.SKU)
	})
	t.Run("unknown members", func(t *testing.T) {
		theirs, err := decodeStd(`{"new":1}`)
		require.NoError(t, err)
		assert.Equal(t, std{}, theirs, "they are dropped")
		ours, err := item(`{"new":1}`)
		require.NoError(t, err)
		assert.Equal(t, `{"sku":"","quantity":0,"new":1}`, encode(t, ours))
	})
	t.Run("amounts", func(t *testing.T) {
		theirs, err := decodeStd(`{"price":9007199254740993}`)
		require.NoError(t, err)
		assert.Equal(t, 9007199254740992.0, *theirs.Price, "it is rounded")
		ours, err := item(`{"price":9007199254740993}`)
		require.NoError(t, err)
		assert.True(t, ours.Price.Equal(decimal.New(9007199254740993, 0)))
		_, err = decodeStd(`{"price":"9.50"}`)
		assert.Error(t, err, "a string is no number")
		ours, err = item(`{"price":"9.50"}`)
		require.NoError(t, err)
		assert.True(t, ours.Price.Equal(decimal.New(950, -2)))
		_, err = decodeStd(`{"price":1e400}`)
		assert.Error(t, err, "too large for a float64")
		_, err = item(`{"price":1e400}`)
		assert.NoError(t, err)
	})
	t.Run("integers", func(t *testing.T) {
		var n struct{ Quantity int }
		assert.Error(t, json.Unmarshal([]byte(`{"quantity":2.0}`), &n))
		ours, err := item(`{"quantity":2.0}`)
		require.NoError(t, err)
		assert.Equal(t, 2, ours.Quantity)
	})
	t.Run("null in a list", func(t *testing.T) {
		theirs, err := decodeStd(`{"couponCodes":[null]}`)
		require.NoError(t, err)
		assert.Equal(t, []string{""}, theirs.Codes, "it is a zero")
		assert.ErrorIs(t, new(talonone.CustomerSessionV2).UnmarshalJSON([]byte(`{"couponCodes":[null]}`)), wrong)
		_, err = item(`{"additionalCosts":{"a":null}}`)
		assert.ErrorIs(t, err, wrong)
	})
	t.Run("null for a member", func(t *testing.T) {
		v := std{SKU: "a"}
		require.NoError(t, json.Unmarshal([]byte(`{"sku":null}`), &v))
		assert.Equal(t, "a", v.SKU, "it changes nothing")
		ours := talonone.CartItem{SKU: "a"}
		require.NoError(t, ours.UnmarshalJSON([]byte(`{"sku":null}`)))
		assert.Empty(t, ours.SKU, "decode replaces the whole value")
	})
	t.Run("what the target had", func(t *testing.T) {
		v := std{SKU: "a", Attrs: map[string]any{"a": 1}}
		require.NoError(t, json.Unmarshal([]byte(`{"attributes":{"b":2}}`), &v))
		assert.Equal(t, "a", v.SKU, "it stays")
		assert.Len(t, v.Attrs, 2, "maps are merged")
		ours := talonone.CartItem{SKU: "a", Attributes: talonone.Attributes{"a": 1}}
		require.NoError(t, ours.UnmarshalJSON([]byte(`{"attributes":{"b":2}}`)))
		assert.Equal(t, talonone.CartItem{Attributes: talonone.Attributes{"b": json.Number("2")}}, ours)
		a := talonone.Attributes{"a": 1}
		require.NoError(t, json.Unmarshal([]byte(`{"b":2}`), &a))
		assert.Equal(t, talonone.Attributes{"b": json.Number("2")}, a)
	})
	t.Run("null for the whole value", func(t *testing.T) {
		theirs := map[string]any{"a": 1}
		require.NoError(t, json.Unmarshal([]byte(`null`), &theirs))
		assert.Nil(t, theirs, "a map becomes nil")
		a := talonone.Attributes{"a": 1}
		require.NoError(t, json.Unmarshal([]byte(`null`), &a))
		assert.Equal(t, talonone.Attributes{"a": 1}, a, "it changes nothing, as its documentation of Unmarshaler says")
	})
	t.Run("an error", func(t *testing.T) {
		v := std{}
		require.Error(t, json.Unmarshal([]byte(`{"sku":"a","price":true,"couponCodes":["a"]}`), &v))
		assert.Equal(t, std{SKU: "a", Price: new(0.0), Codes: []string{"a"}}, v, "the rest is filled")
		ours, err := item(`{"sku":"a","price":true,"attributes":{}}`)
		require.Error(t, err)
		assert.Equal(t, talonone.CartItem{}, ours)
	})
	t.Run("numbers in attributes", func(t *testing.T) {
		var theirs map[string]any
		require.NoError(t, json.Unmarshal([]byte(`{"n":1.50}`), &theirs))
		assert.Equal(t, map[string]any{"n": 1.5}, theirs)
		assert.Equal(t, talonone.Attributes{"n": json.Number("1.50")}, decode[talonone.Attributes](t, `{"n":1.50}`), "as with UseNumber")
	})
	t.Run("empty lists", func(t *testing.T) {
		text, err := json.Marshal(struct {
			Codes []string `json:",omitempty"`
		}{[]string{}})
		require.NoError(t, err)
		assert.Equal(t, `{}`, string(text))
		assert.Equal(t, `{"couponCodes":[]}`, encode(t, talonone.CustomerSessionUpdate{CouponCodes: []string{}}))
	})
	t.Run("HTML", func(t *testing.T) {
		text, err := json.Marshal(map[string]string{"a": "<\u2028>"})
		require.NoError(t, err)
		assert.Equal(t, `{"a":"\u003c\u2028\u003e"}`, string(text))
		assert.Equal(t, "{\"a\":\"<\u2028>\"}", encode(t, talonone.Attributes{"a": "<\u2028>"}))
	})
	t.Run("depth is no difference", func(t *testing.T) {
		for levels, good := range map[int]bool{9_999: true, 10_000: false} {
			text := []byte(`{"a":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + `}`)
			assert.Equal(t, good, json.Valid(text))
			assert.Equal(t, good, new(talonone.Attributes).UnmarshalJSON(text) == nil)
		}
	})
}
