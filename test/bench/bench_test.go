// Package bench compares the codec with general-purpose JSON libraries. It is a module of its own, so that what it depends
// on never reaches users.
package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"testing"

	"github.com/bytedance/sonic"
	jsonv2 "github.com/go-json-experiment/json"
	gojson "github.com/goccy/go-json"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/test/internal/twin"
)

// documents are what is decoded and encoded, smallest first. Only one of them is there at a time, or the collector would have
// to look through all.
func documents(b *testing.B) iter.Seq[*document] {
	return func(yield func(*document) bool) {
		_ = yield(session(b, "items=1", twin.New(1, twin.Common), asEncoded)) &&
			yield(session(b, "items=10", twin.New(10, twin.Common), asEncoded)) &&
			yield(state(b, "items=10,effects=20", twin.NewState(10))) &&
			yield(session(b, "items=100", twin.New(100, twin.Common), asEncoded)) &&
			yield(session(b, "items=1000", twin.New(1000, twin.Common), asEncoded)) &&
			yield(session(b, "items=1000,sorted", twin.New(1000, twin.Common), twin.Sorted)) &&
			yield(session(b, "items=1000,distinct", twin.New(1000, twin.Distinct), asEncoded))
	}
}

type document struct {
	name    string
	text    []byte
	encoded bool // or only decoded, because an encoder knows one order of members

	own              model
	floats, decimals any // the twins

	decodeOwn      func(unmarshal unmarshal, text []byte) error
	decodeFloats   func(unmarshal unmarshal, text []byte) error
	decodeDecimals func(unmarshal unmarshal, text []byte) error
}

type model interface {
	json.Marshaler
	AppendJSON(dst []byte) ([]byte, error)
}

type unmarshal = func(text []byte, v any) error

func asEncoded(text []byte) ([]byte, error) { return text, nil }

func session(b *testing.B, name string, s talonone.CustomerSessionV2, arrange func([]byte) ([]byte, error)) *document {
	d := &document{
		name: name, own: s,
		decodeOwn:      func(unmarshal unmarshal, text []byte) error { return unmarshal(text, new(talonone.CustomerSessionV2)) },
		decodeFloats:   func(unmarshal unmarshal, text []byte) error { return unmarshal(text, new(twin.Session[float64])) },
		decodeDecimals: func(unmarshal unmarshal, text []byte) error { return unmarshal(text, new(twin.Session[twin.Amount])) },
	}
	text, err := s.AppendJSON(nil)
	if err != nil {
		b.Fatal(err)
	}
	if d.text, err = arrange(text); err != nil {
		b.Fatal(err)
	}
	d.encoded = bytes.Equal(d.text, text)
	floats, decimals := new(twin.Session[float64]), new(twin.Session[twin.Amount])
	if err := errors.Join(json.Unmarshal(text, floats), json.Unmarshal(text, decimals)); err != nil {
		b.Fatal(err)
	}
	d.floats, d.decimals = floats, decimals
	return d
}

func state(b *testing.B, name string, s integration.IntegrationState) *document {
	d := &document{
		name: name, own: s, encoded: true,
		decodeOwn: func(unmarshal unmarshal, text []byte) error {
			return unmarshal(text, new(integration.IntegrationState))
		},
		decodeFloats: func(unmarshal unmarshal, text []byte) error {
			_, err := twin.DecodeState[float64](unmarshal, text)
			return err
		},
		decodeDecimals: func(unmarshal unmarshal, text []byte) error {
			_, err := twin.DecodeState[twin.Amount](unmarshal, text)
			return err
		},
	}
	var err, err1, err2 error
	d.text, err = s.AppendJSON(nil)
	d.floats, err1 = twin.DecodeState[float64](json.Unmarshal, d.text)
	d.decimals, err2 = twin.DecodeState[twin.Amount](json.Unmarshal, d.text)
	if err := errors.Join(err, err1, err2); err != nil {
		b.Fatal(err)
	}
	return d
}

func BenchmarkDecode(b *testing.B) {
	own := func(text []byte, v any) error { return v.(json.Unmarshaler).UnmarshalJSON(text) }
	jsonv2 := func(text []byte, v any) error { return jsonv2.Unmarshal(text, v) }
	libraries := []struct {
		name   string
		decode func(d *document) error
	}{
		{"talonone", func(d *document) error { return d.decodeOwn(own, d.text) }},
		{"talonone through encoding/json", func(d *document) error { return d.decodeOwn(json.Unmarshal, d.text) }},
		{"encoding/json, float64", func(d *document) error { return d.decodeFloats(json.Unmarshal, d.text) }},
		{"encoding/json, decimal", func(d *document) error { return d.decodeDecimals(json.Unmarshal, d.text) }},
		{"go-json-experiment, float64", func(d *document) error { return d.decodeFloats(jsonv2, d.text) }},
		{"goccy/go-json, float64", func(d *document) error { return d.decodeFloats(gojson.Unmarshal, d.text) }},
		{"sonic, float64", func(d *document) error { return d.decodeFloats(sonic.Unmarshal, d.text) }},
		{"json.Valid", func(d *document) error { return valid(d.text) }},
		{"floor: a copy", func(d *document) error { sink = append(sink[:0], d.text...); return nil }},
	}
	for doc := range documents(b) {
		for _, lib := range libraries {
			run(b, doc, lib.name, lib.decode)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	libraries := []struct {
		name   string
		encode func(d *document) error
	}{
		{"talonone", func(d *document) error { return appended(d.own.AppendJSON(sink[:0])) }},
		{"talonone, MarshalJSON", func(d *document) error { return result(d.own.MarshalJSON()) }},
		{"talonone through encoding/json", func(d *document) error { return result(json.Marshal(d.own)) }},
		{"encoding/json, float64", func(d *document) error { return result(json.Marshal(d.floats)) }},
		{"encoding/json, decimal", func(d *document) error { return result(json.Marshal(d.decimals)) }},
		{"go-json-experiment, float64", func(d *document) error { return result(jsonv2.Marshal(d.floats)) }},
		{"goccy/go-json, float64", func(d *document) error { return result(gojson.Marshal(d.floats)) }},
		{"sonic, float64", func(d *document) error { return result(sonic.Marshal(d.floats)) }},
		{"AppendJSON and json.Compact", func(d *document) error { return errors.Join(appended(d.own.AppendJSON(nil)), compact(sink)) }},
		{"floor: a copy", func(d *document) error { sink = append(sink[:0], d.text...); return nil }},
	}
	for doc := range documents(b) {
		if !doc.encoded {
			continue
		}
		for _, lib := range libraries {
			run(b, doc, lib.name, lib.encode)
		}
	}
}

func run(b *testing.B, doc *document, lib string, do func(d *document) error) {
	b.Run("doc="+doc.name+"/lib="+lib, func(b *testing.B) {
		b.SetBytes(int64(len(doc.text)))
		b.ReportAllocs()
		for b.Loop() {
			if err := do(doc); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// sink is where encoders and copies write, always the same room.
var sink []byte

func appended(text []byte, err error) error {
	sink = text
	return err
}

func result(_ []byte, err error) error { return err }

// compact does what encoding/json does with the result of a MarshalJSON.
func compact(text []byte) error {
	var compacted bytes.Buffer
	return json.Compact(&compacted, text)
}

func valid(text []byte) error {
	if !json.Valid(text) {
		return errors.New("not JSON")
	}
	return nil
}
