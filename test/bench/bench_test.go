// Package bench compares the codec with general-purpose JSON libraries. It is a module of its own, so that what it depends
// on never reaches users.
package bench

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/bytedance/sonic"
	jsonv2 "github.com/go-json-experiment/json"
	gojson "github.com/goccy/go-json"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/test/internal/twin"
)

type (
	floats   = twin.Session[float64]
	decimals = twin.Session[twin.Amount]
)

// documents are what is decoded and encoded, smallest first.
func documents(b *testing.B) []document {
	docs := []document{
		{name: "items=1", session: twin.New(1, twin.Common)},
		{name: "items=10", session: twin.New(10, twin.Common)},
		{name: "items=100", session: twin.New(100, twin.Common)},
		{name: "items=1000", session: twin.New(1000, twin.Common)},
		{name: "items=1000,sorted", session: twin.New(1000, twin.Common), sorted: true},
		{name: "items=1000,distinct", session: twin.New(1000, twin.Distinct)},
	}
	for i := range docs {
		d := &docs[i]
		var err error
		if d.text, err = d.session.AppendJSON(nil); err == nil && d.sorted {
			d.text, err = twin.Sorted(d.text)
		}
		err = errors.Join(err, json.Unmarshal(d.text, &d.floats), json.Unmarshal(d.text, &d.decimals))
		if err != nil {
			b.Fatal(err)
		}
	}
	return docs
}

type document struct {
	name     string
	sorted   bool // decoded with its members in another order; encoding knows only one
	session  talonone.CustomerSessionV2
	text     []byte
	floats   floats
	decimals decimals
}

func BenchmarkDecode(b *testing.B) {
	libraries := []struct {
		name   string
		decode func(text []byte) error
	}{
		{"talonone", func(text []byte) error { var s talonone.CustomerSessionV2; return s.UnmarshalJSON(text) }},
		{"talonone through encoding/json", func(text []byte) error { var s talonone.CustomerSessionV2; return json.Unmarshal(text, &s) }},
		{"encoding/json, float64", func(text []byte) error { var s floats; return json.Unmarshal(text, &s) }},
		{"encoding/json, decimal", func(text []byte) error { var s decimals; return json.Unmarshal(text, &s) }},
		{"go-json-experiment, float64", func(text []byte) error { var s floats; return jsonv2.Unmarshal(text, &s) }},
		{"goccy/go-json, float64", func(text []byte) error { var s floats; return gojson.Unmarshal(text, &s) }},
		{"sonic, float64", func(text []byte) error { var s floats; return sonic.Unmarshal(text, &s) }},
		{"floor: json.Valid", func(text []byte) error { return valid(text) }},
		{"floor: a copy", func(text []byte) error { sink = append(sink[:0], text...); return nil }},
	}
	for _, doc := range documents(b) {
		for _, lib := range libraries {
			b.Run("doc="+doc.name+"/lib="+lib.name, func(b *testing.B) {
				b.SetBytes(int64(len(doc.text)))
				b.ReportAllocs()
				for b.Loop() {
					if err := lib.decode(doc.text); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	libraries := []struct {
		name   string
		encode func(d *document) error
	}{
		{"talonone", func(d *document) error { return appended(d.session.AppendJSON(sink[:0])) }},
		{"talonone, MarshalJSON", func(d *document) error { return result(d.session.MarshalJSON()) }},
		{"talonone through encoding/json", func(d *document) error { return result(json.Marshal(d.session)) }},
		{"encoding/json, float64", func(d *document) error { return result(json.Marshal(&d.floats)) }},
		{"encoding/json, decimal", func(d *document) error { return result(json.Marshal(&d.decimals)) }},
		{"go-json-experiment, float64", func(d *document) error { return result(jsonv2.Marshal(&d.floats)) }},
		{"goccy/go-json, float64", func(d *document) error { return result(gojson.Marshal(&d.floats)) }},
		{"sonic, float64", func(d *document) error { return result(sonic.Marshal(&d.floats)) }},
		{"floor: a copy", func(d *document) error { sink = append(sink[:0], d.text...); return nil }},
	}
	for _, doc := range documents(b) {
		if doc.sorted {
			continue
		}
		for _, lib := range libraries {
			b.Run("doc="+doc.name+"/lib="+lib.name, func(b *testing.B) {
				b.SetBytes(int64(len(doc.text)))
				b.ReportAllocs()
				for b.Loop() {
					if err := lib.encode(&doc); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// sink is where encoders and copies write, always the same room.
var sink []byte

func appended(text []byte, err error) error {
	sink = text
	return err
}

func result(_ []byte, err error) error { return err }

func valid(text []byte) error {
	if !json.Valid(text) {
		return errors.New("not JSON")
	}
	return nil
}
