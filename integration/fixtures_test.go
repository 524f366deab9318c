package integration_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// A fixture is an example from the API's documents, or a recorded answer. Its file name is kind.name.json.
type fixture struct {
	file, kind, name string
	text             []byte
}

func fixtures(t testing.TB) (all []fixture) {
	files, err := filepath.Glob("../test/testdata/fixtures/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		base := strings.TrimSuffix(filepath.Base(file), ".json")
		kind, name, _ := strings.Cut(base, ".")
		all = append(all, fixture{base, kind, name, text})
	}
	return all
}

// artefacts are the fixtures that a generator has damaged, by the member where a typed value is an empty string.
var artefacts = map[string]string{
	"integration-state.sdk26.13-integrationstatev2":                "/customerSession",
	"session-response.sdk26.13-integrationcustomersessionresponse": "/customerSession/cartItems/0/product",
}

// spoiltProps are the fixtures where only props are damaged.
var spoiltProps = map[string]bool{
	"effect.legacy2022-08-effect":                         true,
	"effect.sdk26.13-effect":                              true,
	"integration-state.legacy2022-08-integrationstatev2":  true,
	"integration-state.legacy2026-05-integrationstatev2":  true,
	"reopen-response.legacy2026-05-reopensessionresponse": true,
}

type model interface {
	json.Marshaler
	json.Unmarshaler
}

// TestFixtures decodes and encodes every answer, effect and return, and compares the result with the fixture.
func TestFixtures(t *testing.T) {
	tested := map[string]int{}
	for _, fixture := range fixtures(t) {
		var v model
		switch text := fixture.text; fixture.kind {
		case "integration-state", "session-response", "reopen-response", "effects":
			v = new(integration.IntegrationState)
		case "return":
			v = new(integration.Return)
		case "effect":
			v = new(integration.Effect)
		case "effect-props":
			v = new(integration.Effect)
			fixture.text = fmt.Appendf(nil, `{"campaignId":1,"rulesetId":2,"ruleIndex":3,"ruleName":"r","effectType":%q,"props":%s}`, fixture.name, text)
		default:
			continue
		}
		tested[fixture.kind]++
		t.Run(fixture.file, func(t *testing.T) {
			err := v.UnmarshalJSON(fixture.text)
			if path, ok := artefacts[fixture.file]; ok {
				require.ErrorIs(t, err, talonone.ErrWrongType)
				d, ok := errors.AsType[*talonone.DecodeError](err)
				require.True(t, ok)
				assert.Equal(t, path, d.Path)
				assert.Equal(t, `""`, string(fixture.text[d.Offset:d.Offset+2]))
				return
			}
			require.NoError(t, err)

			effects := effectsOf(v)
			for _, e := range effects {
				u, unknown := e.Props.(*integration.UnknownEffect)
				assert.Equal(t, spoiltProps[fixture.file], unknown, e.Type)
				if unknown {
					assert.ErrorIs(t, u.Err, talonone.ErrWrongType)
				}
			}
			assert.False(t, spoiltProps[fixture.file] && len(effects) == 0)

			out, err := v.MarshalJSON()
			require.NoError(t, err)
			c := comparison{t: t}
			c.value("", schemaOf(reflect.TypeOf(v)), parse(t, fixture.text), parse(t, out))

			again := reflect.New(reflect.TypeOf(v).Elem()).Interface().(model)
			require.NoError(t, json.Unmarshal(out, again))
			assert.Equal(t, encode(t, v), encode(t, again))
		})
	}
	assert.Equal(t, map[string]int{
		"integration-state": 9, "session-response": 4, "reopen-response": 2, "return": 1, "effect": 17, "effect-props": 22, "effects": 1,
	}, tested)
}

// TestFixturesReturn checks that the return of a damaged answer is refused, without the parts before it.
func TestFixturesReturn(t *testing.T) {
	var state integration.IntegrationState
	for _, text := range []string{`{"effects":[],"return":""}`, `{"previousReturns":[{"id":1},""]}`} {
		err := state.UnmarshalJSON([]byte(text))
		require.ErrorIs(t, err, talonone.ErrWrongType)
		d, ok := errors.AsType[*talonone.DecodeError](err)
		require.True(t, ok)
		assert.Contains(t, []string{"/return", "/previousReturns/1"}, d.Path)
		assert.Equal(t, int64(strings.Index(text, `""`)), d.Offset)
	}
}

// TestFixtureReceipt makes the receipt of the tutorial on partial returns: five off each of three units.
func TestFixtureReceipt(t *testing.T) {
	var state integration.IntegrationState
	require.NoError(t, state.UnmarshalJSON([]byte(readFile(t, "effects.docs-partial-return-tutorial.json"))))
	receipt, err := integration.NewReceipt(state.CustomerSession, state.Effects)
	require.NoError(t, err)
	require.Len(t, receipt.Lines, 2)
	assert.Equal(t, "55", receipt.Lines[0].Total.String())
	assert.Equal(t, "30", receipt.Lines[1].Total.String())
	assert.Equal(t, "85", receipt.Payable().String())

	// One of the shirts comes back, and its discount goes.
	state.CustomerSession.CartItems[1].ReturnedQuantity = new(1)
	state.Effects = state.Effects[:2]
	receipt, err = integration.NewReceipt(state.CustomerSession, state.Effects)
	require.NoError(t, err)
	assert.Equal(t, "70", receipt.Payable().String())
}

func effectsOf(v model) []integration.Effect {
	switch v := v.(type) {
	case *integration.IntegrationState:
		return v.Effects
	case *integration.Effect:
		return []integration.Effect{*v}
	}
	return nil
}

func parse(t testing.TB, text []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	require.NoError(t, d.Decode(&v))
	return v
}

// A schema describes a value that one of our models reads. Values without a schema must not change.
type schema struct {
	zero    map[string]any     // what the model's zero value is written as: its required members
	members map[string]*schema // of members that are models, or arrays of them
	values  *schema            // of a map whose names are nobody's members
}

// schemaOf returns the schema of a model, or of an array or a map of models, or nil for any other type.
func schemaOf(typ reflect.Type) *schema {
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice:
		return schemaOf(typ.Elem())
	case reflect.Map:
		if values := schemaOf(typ.Elem()); values != nil {
			return &schema{values: values}
		}
		return nil
	case reflect.Struct:
		if _, isModel := typ.FieldByName("Extra"); !isModel {
			return nil
		}
	default:
		return nil
	}
	zero := reflect.New(typ).Interface()
	if e, ok := zero.(*integration.Effect); ok {
		e.Props = &integration.UnknownEffect{} // without props it could not be written
	}
	s := &schema{members: map[string]*schema{}}
	text, err := json.Marshal(zero)
	if err == nil {
		err = json.Unmarshal(text, &s.zero)
	}
	if err != nil {
		panic(err)
	}
	for field := range typ.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		s.members[name] = schemaOf(field.Type)
	}
	return s
}

// A comparison reports every difference between the text that was read and the text that was written, except those that the
// models make. A required member that was absent or null is written as its zero. An optional member that was null, an empty
// string or a zero ID or count is left out. A time may be written in another way.
type comparison struct{ t *testing.T }

func (c comparison) value(path string, s *schema, want, got any) {
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !assert.True(c.t, ok, "%s is an object", path) {
			return
		}
		switch {
		case s == nil:
			assert.Equal(c.t, want, got, path)
		case s.values != nil:
			require.Len(c.t, got, len(want), path)
			for name := range want {
				c.value(path+"/"+name, s.values, want[name], got[name])
			}
		default:
			c.object(path, s, want, got)
		}
	case []any:
		got, ok := got.([]any)
		if !assert.True(c.t, ok && len(got) == len(want), "%s is an array of %d", path, len(want)) {
			return
		}
		for i := range want {
			c.value(fmt.Sprintf("%s/%d", path, i), s, want[i], got[i])
		}
	case json.Number:
		got, ok := got.(json.Number)
		if !assert.True(c.t, ok, "%s is a number", path) || want == got {
			return
		}
		x, _ := new(big.Rat).SetString(string(want))
		y, _ := new(big.Rat).SetString(string(got))
		assert.True(c.t, x.Cmp(y) == 0 && x.IsInt(), "%s: %s became %s", path, want, got)
	case string:
		x, errX := time.Parse(time.RFC3339, want)
		y, errY := time.Parse(time.RFC3339, fmt.Sprint(got))
		if errX != nil || errY != nil || !x.Equal(y) {
			assert.Equal(c.t, want, got, path)
		}
	default:
		assert.Equal(c.t, want, got, path)
	}
}

func (c comparison) object(path string, s *schema, want, got map[string]any) {
	for name, w := range want {
		g, written := got[name]
		zero, isRequired := s.zero[name]
		at := path + "/" + name
		switch {
		case w == nil && isRequired:
			assert.Equal(c.t, fmt.Sprint(zero), fmt.Sprint(g), at)
		case !written:
			isZero := w == nil || w == "" || w == json.Number("0") && (name == "id" || name == "updateCount")
			assert.True(c.t, isZero && !isRequired, "%s is lost", at)
		case name == "props":
			c.props(at, fmt.Sprint(want["effectType"]), w, g)
		default:
			c.value(at, s.members[name], w, g)
		}
	}
	for name, g := range got {
		if _, ok := want[name]; !ok {
			zero, isRequired := s.zero[name]
			assert.True(c.t, isRequired, "%s/%s is new", path, name)
			assert.Equal(c.t, fmt.Sprint(zero), fmt.Sprint(g), "%s/%s", path, name)
		}
	}
}

// props compares props, whose schema depends on the type of the effect.
func (c comparison) props(path, effectType string, want, got any) {
	var e integration.Effect
	require.NoError(c.t, e.UnmarshalJSON(fmt.Appendf(nil, `{"effectType":%q,"props":{}}`, effectType)))
	c.value(path, schemaOf(reflect.TypeOf(e.Props)), want, got)
}
