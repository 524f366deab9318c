package test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/test/internal/twin"
)

func benchSizes(b *testing.B, run func(b *testing.B, s talonone.CustomerSessionV2, text []byte)) {
	for _, items := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("items=%d", items), func(b *testing.B) {
			s := twin.New(items, twin.Common)
			text, err := s.AppendJSON(nil)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			b.ResetTimer()
			run(b, s, text)
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	benchSizes(b, func(b *testing.B, _ talonone.CustomerSessionV2, text []byte) {
		for b.Loop() {
			var s talonone.CustomerSessionV2
			if err := s.UnmarshalJSON(text); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDecodeTwin(b *testing.B) {
	benchSizes(b, func(b *testing.B, _ talonone.CustomerSessionV2, text []byte) {
		for b.Loop() {
			var s twin.Session[float64]
			if err := json.Unmarshal(text, &s); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDecodeValid(b *testing.B) {
	benchSizes(b, func(b *testing.B, _ talonone.CustomerSessionV2, text []byte) {
		for b.Loop() {
			if !json.Valid(text) {
				b.Fatal("not valid")
			}
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	benchSizes(b, func(b *testing.B, s talonone.CustomerSessionV2, text []byte) {
		buf := make([]byte, 0, 2*len(text))
		for b.Loop() {
			if _, err := s.AppendJSON(buf); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEncodeTwin(b *testing.B) {
	benchSizes(b, func(b *testing.B, _ talonone.CustomerSessionV2, text []byte) {
		var s twin.Session[float64]
		if err := json.Unmarshal(text, &s); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := json.Marshal(s); err != nil {
				b.Fatal(err)
			}
		}
	})
}
