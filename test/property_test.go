package test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// canonical returns a value that is the same for two models exactly when the contract says that they encode to the same JSON
// value: amounts and numbers by value, times by instant.
func canonical(t testing.TB, s schema, v anyModel) (c any, ok bool) {
	text, err := v.AppendJSON(nil)
	if err != nil {
		return nil, false
	}
	return byValue(s.instants(parse(t, text))), true
}

// checkEqual compares what Equal says of two values with what their JSON says. It reports which.
func checkEqual(t testing.TB, s schema, a, b anyModel) (equal, ok bool) {
	t.Helper()
	x, okX := canonical(t, s, a)
	y, okY := canonical(t, s, b)
	if !okX || !okY {
		return false, false
	}
	equal = reflect.DeepEqual(x, y)
	if a.equal(b) != equal || b.equal(a) != equal {
		first, _ := a.AppendJSON(nil)
		second, _ := b.AppendJSON(nil)
		t.Fatalf("Equal says %t and %t, the JSON %t (%s):\n%s\n%s", a.equal(b), b.equal(a), equal, difference("", x, y), first, second)
	}
	return equal, true
}

// checkProperties checks one random value of a model.
func checkProperties(t testing.TB, s schema, newModel func() anyModel, seed uint64) (equal, unequal int) {
	t.Helper()
	g := newGenerator(seed)
	v := newModel()
	g.fill(v.pointer())
	require.NoError(t, g.err)
	text, err := v.AppendJSON(nil)
	require.NoError(t, err)

	// Equal is reflexive, and a clone is equal, to the byte.
	_, ok := checkEqual(t, s, v, v)
	require.True(t, ok)
	clone := v.clone()
	sameBytes(t, text, clone)
	requireEqual(t, v, clone)

	// What comes back is equal, though most of it has other types, unless Extra stood for a member
	// that is left out.
	back := newModel()
	require.NoError(t, back.UnmarshalJSON(text))
	_, ok = checkEqual(t, s, v, back)
	require.True(t, ok)
	again, err := back.AppendJSON(nil)
	require.NoError(t, err)
	requireRoundTrip(t, s, text, again)

	// A clone with a few changes, and another value.
	for range 4 {
		changed := v.clone()
		g.change(reflect.ValueOf(changed.pointer()).Elem())
		require.NoError(t, g.err)
		if e, ok := checkEqual(t, s, v, changed); ok && e {
			equal++
		} else if ok {
			unequal++
		}
	}
	other := newModel()
	g.fill(other.pointer())
	checkEqual(t, s, v, other)

	// A clone shares nothing: neither of the two sees what is done to the other.
	second := v.clone()
	g.scramble(reflect.ValueOf(clone.pointer()))
	sameBytes(t, text, v)
	g.scramble(reflect.ValueOf(v.pointer()))
	sameBytes(t, text, second)
	require.NoError(t, g.err)

	// Nor does a decoded value share anything with the text, or with another decoded from it.
	input := bytes.Clone(again)
	first := newModel()
	require.NoError(t, first.UnmarshalJSON(input))
	third := newModel()
	require.NoError(t, third.UnmarshalJSON(input))
	for i := range input {
		input[i] = 'x'
	}
	g.scramble(reflect.ValueOf(third.pointer()))
	sameBytes(t, again, first)
	return equal, unequal
}

func requireEqual(t testing.TB, a, b anyModel) {
	t.Helper()
	require.True(t, a.equal(b))
	require.True(t, b.equal(a))
}

func sameBytes(t testing.TB, want []byte, v anyModel) {
	t.Helper()
	got, err := v.AppendJSON(nil)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

func TestProperties(t *testing.T) {
	t.Parallel()
	for _, m := range models {
		t.Run(m.name, func(t *testing.T) {
			equal, unequal := 0, 0
			for seed := range uint64(150) {
				e, u := checkProperties(t, m.schema, m.new, seed)
				equal += e
				unequal += u
			}
			assert.NotZero(t, equal, "the changes leave some values as they are")
			assert.NotZero(t, unequal, "the changes change some values")
		})
	}
}

// FuzzProperties is TestProperties from other seeds.
func FuzzProperties(f *testing.F) {
	f.Add(uint64(1), byte(0))
	f.Fuzz(func(t *testing.T, seed uint64, model byte) {
		m := models[int(model)%len(models)]
		checkProperties(t, m.schema, m.new, seed)
	})
}

// TestDecodedPartsAreApart: values that stand in one document, and are allocated together, are not connected.
func TestDecodedPartsAreApart(t *testing.T) {
	const part = `{"sku":"a","quantity":1,"returnedQuantity":1,"remainingQuantity":1,"price":1.5,"product":{"name":"a","x":[1]},"weight":1.5,
		"attributes":{"a":["b",{"c":1}]},"additionalCosts":{"a":{"price":1.5}},"catalogItemID":7,"prices":{"a":{"price":1.5,"x":"y"}},"unknown":{"a":[1.5]}}`
	s := decode[talonone.CustomerSessionV2](t, `{"cartItems":[`+part+`,`+part+`]}`)
	want := encode(t, s.CartItems[1])
	require.Equal(t, want, encode(t, s.CartItems[0]))
	g := newGenerator(0)
	g.scramble(reflect.ValueOf(&s.CartItems[0]))
	require.NoError(t, g.err)
	assert.Equal(t, want, encode(t, s.CartItems[1]))
}

// TestUpdateSharesNothing: the result of Update is a deep copy.
func TestUpdateSharesNothing(t *testing.T) {
	for seed := range uint64(200) {
		g := newGenerator(seed)
		var s talonone.CustomerSessionV2
		g.fill(&s)
		require.NoError(t, g.err)
		text, u := encode(t, s), s.Update()
		updateText := encode(t, u)
		g.scramble(reflect.ValueOf(&u))
		require.Equal(t, text, encode(t, s))
		u = s.Update()
		g.scramble(reflect.ValueOf(&s))
		require.Equal(t, updateText, encode(t, u))
		require.NoError(t, g.err)
	}
}
