// Package bench compares the codec with general-purpose JSON libraries. It is a separate module, so users never depend on these
// libraries.
package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/bytedance/sonic"
	"github.com/bytedance/sonic/encoder"
	jsonv2 "github.com/go-json-experiment/json"
	gojson "github.com/goccy/go-json"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/test/internal/twin"
)

// A document is a kind of JSON to decode and encode. It has several variants, and each iteration uses the next one. With a single
// text, the caches and the branch prediction of the processor would make the measured times too short.
type document struct {
	name    string
	variant []variant
	encoded bool // false for an order of members that encoders do not write; it is only decoded

	newOwn         func() json.Unmarshaler
	decodeFloats   func(unmarshal unmarshal, text []byte) error
	decodeDecimals func(unmarshal unmarshal, text []byte) error
}

type variant struct {
	text             []byte
	own              model
	floats, decimals any // the same document as types of package twin
}

type model interface {
	json.Marshaler
	AppendJSON(dst []byte) ([]byte, error)
}

type unmarshal = func(text []byte, v any) error

// documents make the documents, the smallest first. Only one document is in memory at a time, because the garbage collector would
// scan the others too.
var documents = []struct {
	name string
	make func(b *testing.B, name string) *document
}{
	{"items=1", func(b *testing.B, name string) *document { return session(b, name, 1, twin.Common, nil) }},
	{"items=10", func(b *testing.B, name string) *document { return session(b, name, 10, twin.Common, nil) }},
	{"items=10,effects=20", func(b *testing.B, name string) *document { return state(b, name, 10) }},
	{"items=100", func(b *testing.B, name string) *document { return session(b, name, 100, twin.Common, nil) }},
	{"items=1000", func(b *testing.B, name string) *document { return session(b, name, 1000, twin.Common, nil) }},
	{"items=1000,sorted", func(b *testing.B, name string) *document { return session(b, name, 1000, twin.Common, twin.Sorted) }},
	{"items=1000,distinct", func(b *testing.B, name string) *document { return session(b, name, 1000, twin.Distinct, nil) }},
}

// variants returns the number of variants of a document. Large documents need fewer, because one alone fills the caches.
func variants(items int) int { return max(4, 64/items) }

func session(b *testing.B, name string, items int, shape twin.Shape, arrange func([]byte) ([]byte, error)) *document {
	d := &document{
		name: name, encoded: arrange == nil,
		newOwn:         func() json.Unmarshaler { return new(talonone.CustomerSessionV2) },
		decodeFloats:   func(unmarshal unmarshal, text []byte) error { return unmarshal(text, new(twin.Session[float64])) },
		decodeDecimals: func(unmarshal unmarshal, text []byte) error { return unmarshal(text, new(twin.Session[twin.Amount])) },
	}
	for n := range variants(items) {
		s := twin.Nth(n, items, shape)
		text, err := s.AppendJSON(nil)
		if err == nil && arrange != nil {
			text, err = arrange(text)
		}
		floats, decimals := new(twin.Session[float64]), new(twin.Session[twin.Amount])
		if err := errors.Join(err, json.Unmarshal(text, floats), json.Unmarshal(text, decimals)); err != nil {
			b.Fatal(err)
		}
		d.variant = append(d.variant, variant{text, s, floats, decimals})
	}
	return d
}

func state(b *testing.B, name string, items int) *document {
	d := &document{
		name: name, encoded: true,
		newOwn: func() json.Unmarshaler { return new(integration.IntegrationState) },
		decodeFloats: func(unmarshal unmarshal, text []byte) error {
			_, err := twin.DecodeState[float64](unmarshal, text)
			return err
		},
		decodeDecimals: func(unmarshal unmarshal, text []byte) error {
			_, err := twin.DecodeState[twin.Amount](unmarshal, text)
			return err
		},
	}
	for n := range variants(items) {
		s := twin.NewState(n, items)
		text, err := s.AppendJSON(nil)
		floats, err1 := twin.DecodeState[float64](json.Unmarshal, text)
		decimals, err2 := twin.DecodeState[twin.Amount](json.Unmarshal, text)
		if err := errors.Join(err, err1, err2); err != nil {
			b.Fatal(err)
		}
		d.variant = append(d.variant, variant{text, s, floats, decimals})
	}
	return d
}

func BenchmarkDecode(b *testing.B) {
	jsonv2 := func(text []byte, v any) error { return jsonv2.Unmarshal(text, v) }
	run(b, false, []library{
		{"talonone", func(d *document, v *variant) error { return d.newOwn().UnmarshalJSON(v.text) }},
		{"talonone through encoding/json", func(d *document, v *variant) error { return json.Unmarshal(v.text, d.newOwn()) }},
		{"encoding/json, float64", func(d *document, v *variant) error { return d.decodeFloats(json.Unmarshal, v.text) }},
		{"encoding/json, decimal", func(d *document, v *variant) error { return d.decodeDecimals(json.Unmarshal, v.text) }},
		{"go-json-experiment, float64", func(d *document, v *variant) error { return d.decodeFloats(jsonv2, v.text) }},
		{"goccy/go-json, float64", func(d *document, v *variant) error { return d.decodeFloats(gojson.Unmarshal, v.text) }},
		{"sonic, float64", func(d *document, v *variant) error { return d.decodeFloats(sonic.Unmarshal, v.text) }},
		{"json.Valid", func(_ *document, v *variant) error { return valid(v.text) }},
	})
}

func BenchmarkEncode(b *testing.B) {
	var into bytes.Buffer
	run(b, true, []library{
		{"talonone", func(_ *document, v *variant) error { return appended(v.own.AppendJSON(sink[:0])) }},
		{"talonone, MarshalJSON", func(_ *document, v *variant) error { return result(v.own.MarshalJSON()) }},
		{"talonone through encoding/json", func(_ *document, v *variant) error { return result(json.Marshal(v.own)) }},
		{"encoding/json, float64", func(_ *document, v *variant) error { return result(json.Marshal(v.floats)) }},
		{"encoding/json, decimal", func(_ *document, v *variant) error { return result(json.Marshal(v.decimals)) }},
		{"go-json-experiment, float64", func(_ *document, v *variant) error { return result(jsonv2.Marshal(v.floats)) }},
		{"goccy/go-json, float64", func(_ *document, v *variant) error { return result(gojson.Marshal(v.floats)) }},
		{"goccy/go-json into a buffer, float64", func(_ *document, v *variant) error {
			into.Reset()
			return gojson.NewEncoder(&into).Encode(v.floats)
		}},
		{"sonic, float64", func(_ *document, v *variant) error { return result(sonic.Marshal(v.floats)) }},
		{"sonic into a buffer, float64", func(_ *document, v *variant) error {
			sink = sink[:0]
			return encoder.EncodeInto(&sink, v.floats, 0)
		}},
		{"AppendJSON and json.Compact", func(_ *document, v *variant) error {
			return errors.Join(appended(v.own.AppendJSON(nil)), compact(sink))
		}},
	})
}

type library struct {
	name string
	do   func(d *document, v *variant) error
}

// run measures every library with every document. A library that leaves much garbage slows down those after it, so the report runs
// each library in a separate process.
func run(b *testing.B, encode bool, libraries []library) {
	for _, doc := range documents {
		b.Run("doc="+doc.name, func(b *testing.B) {
			var d *document
			for _, lib := range libraries {
				b.Run("lib="+lib.name, func(b *testing.B) {
					if d == nil {
						d = doc.make(b, doc.name)
					}
					if encode && !d.encoded {
						b.SkipNow()
					}
					b.SetBytes(int64(len(d.variant[0].text)))
					b.ReportAllocs()
					for i := 0; b.Loop(); i++ {
						if err := lib.do(d, &d.variant[i%len(d.variant)]); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}

// sink is the buffer that the encoders write to and reuse.
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
		return fmt.Errorf("not JSON")
	}
	return nil
}

// TestEncodersAgree checks that the encoders write the same JSON, so that their times can be compared.
func TestEncodersAgree(t *testing.T) {
	d := session(&testing.B{}, "", 3, twin.Common, nil)
	var own, floats any
	text, err := json.Marshal(d.variant[0].floats)
	if err := errors.Join(err, json.Unmarshal(text, &floats), json.Unmarshal(d.variant[0].text, &own)); err != nil {
		t.Fatal(err)
	}
	if a, b := fmt.Sprint(own), fmt.Sprint(floats); a != b {
		t.Errorf("the twin writes\n%s\nours\n%s", b, a)
	}
}
