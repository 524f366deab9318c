package test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
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

// BenchmarkDecodeAnswer compares a whole answer with a session of about the same size, by the byte. The answer has every member of
// every model that the API lists, each list of models with two elements, and 20 effects of 20 types.
func BenchmarkDecodeAnswer(b *testing.B) {
	answer, effects := wholeAnswer()
	var state integration.IntegrationState
	if err := state.UnmarshalJSON(answer); err != nil {
		b.Fatal(err)
	}
	if len(state.Effects) != 20 || len(state.Achievements) != 2 || state.Loyalty.Programs == nil || len(state.Extra) != 0 {
		b.Fatal("the answer lacks a part")
	}
	var text []byte
	for items := 1; len(text) < len(answer); items++ {
		var err error
		if text, err = twin.New(items, twin.Common).AppendJSON(nil); err != nil {
			b.Fatal(err)
		}
	}
	for _, v := range []struct {
		name string
		text []byte
		new  func() json.Unmarshaler
	}{
		{"answer", answer, func() json.Unmarshaler { return new(integration.IntegrationState) }},
		{"effects", effects, func() json.Unmarshaler { return new(integration.IntegrationState) }},
		{"session", text, func() json.Unmarshaler { return new(talonone.CustomerSessionV2) }},
	} {
		b.Run(v.name, func(b *testing.B) {
			b.SetBytes(int64(len(v.text)))
			b.ReportAllocs()
			for b.Loop() {
				if err := v.new().UnmarshalJSON(v.text); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(v.text)), "ns/byte")
		})
	}
}

// wholeAnswer returns an answer with all parts, and one with its effects alone.
func wholeAnswer() (answer, effects []byte) {
	var list []string
	for _, m := range apiModels {
		if m.effect == "" || len(list) == 20 {
			continue
		}
		list = append(list, fmt.Sprintf(`{"campaignId":244,"rulesetId":73,"ruleIndex":2,"ruleName":"Rule 3","effectType":%q,`+
			`"triggeredByCoupon":4928,"conditionIndex":1,"evaluationGroupID":3,"evaluationGroupMode":"stackable","props":%s}`,
			m.effect, whole(m.schema)))
	}
	all := "[" + strings.Join(list, ",") + "]"
	var members []string
	for _, m := range modelNamed("IntegrationState").schema {
		if m.name == "effects" {
			members = append(members, `"effects":`+all)
			continue
		}
		members = append(members, fmt.Sprintf("%q:%s", m.name, wholeMember(&m)))
	}
	return []byte("{" + strings.Join(members, ",") + "}"), []byte(`{"effects":` + all + "}")
}

// whole returns an object with a value of every member.
func whole(s schema) string {
	var members []string
	for i := range s {
		members = append(members, fmt.Sprintf("%q:%s", s[i].name, wholeMember(&s[i])))
	}
	return "{" + strings.Join(members, ",") + "}"
}

func wholeMember(m *memberSchema) string {
	switch m.kind {
	case modelKind:
		return whole(m.nested)
	case modelsKind:
		return "[" + whole(m.nested) + "," + whole(m.nested) + "]"
	case mapKind:
		return `{"1":` + whole(m.nested) + `,"2":` + whole(m.nested) + "}"
	}
	return string(m.example)
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
