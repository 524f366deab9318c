package jsonwire

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAppendString has every byte that is escaped, and those beside it, in every place of a text.
func TestAppendString(t *testing.T) {
	escapes := map[string]string{
		`"`: `\"`, `\`: `\\`, "\b": `\b`, "\f": `\f`, "\n": `\n`, "\r": `\r`, "\t": `\t`, "\x00": `\u0000`, "\x0b": `\u000b`, "\x1f": `\u001f`,
		" ": " ", "!": "!", "#": "#", "/": "/", "[": "[", "]": "]", "\x7f": "\x7f", "\u0080": "\u0080", "é": "é", "€": "€", "\u2028": "\u2028",
		"\ufffd": "\ufffd", "😀": "😀",
	}
	for text, want := range escapes {
		for before := range 18 {
			for after := range 18 {
				start, end := strings.Repeat("a", before), strings.Repeat("z", after)
				got, err := AppendString([]byte("x"), start+text+end)
				require.NoError(t, err)
				require.Equal(t, `x"`+start+want+end+`"`, string(got))
				got, err = AppendString([]byte("x"), start+text+end+text)
				require.NoError(t, err)
				require.Equal(t, `x"`+start+want+end+want+`"`, string(got))
			}
		}
	}
	for _, bad := range []string{"\x80", "\xff", "\xc3", "\xe2\x82", "\xed\xa0\x80", "\xf0\x9f\x98"} {
		for _, text := range []string{bad, "abc" + bad, bad + "abc", strings.Repeat("a", 8) + bad, "\ufffd" + bad} {
			got, err := AppendString([]byte("x"), text)
			require.ErrorIs(t, err, ErrInvalidUTF8)
			require.Equal(t, "x", string(got))
		}
	}
}

// TestAppendFloat compares with encoding/json.
func TestAppendFloat(t *testing.T) {
	for _, f := range []float64{
		0, math.Copysign(0, -1), 1, -1, 0.1, -2.5, 100, 1e-6, 1.5e-6, 9.99e-7, 1e-7, -1e-7, 1.25e-9, 1e-10, 1e-100, 5e-324, 1e20, 9.99e20, 9.99999999999e20, 1e21,
		-1e21, 1.5e21, 1e22, 1e100, math.MaxFloat64, math.Pi, 123456789.125, math.MaxFloat32, math.SmallestNonzeroFloat32,
	} {
		want, err := json.Marshal(f)
		require.NoError(t, err)
		got, err := AppendFloat([]byte("x"), f, 64)
		require.NoError(t, err)
		assert.Equal(t, "x"+string(want), string(got))

		short := float32(f)
		if math.IsInf(float64(short), 0) {
			continue
		}
		want, err = json.Marshal(short)
		require.NoError(t, err)
		got, err = AppendFloat([]byte("x"), float64(short), 32)
		require.NoError(t, err)
		assert.Equal(t, "x"+string(want), string(got))
	}
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		got, err := AppendFloat([]byte("x"), f, 64)
		require.ErrorIs(t, err, ErrOutOfRange)
		assert.Equal(t, "x", string(got))
	}
}

// Where the number of digits changes, each has its place, and what stands before keeps its own.
func TestAppendDecimalAroundPowersOfTen(t *testing.T) {
	for digits := range int64(20) {
		power := new(big.Int).Exp(big.NewInt(10), big.NewInt(digits), nil)
		for _, off := range []int64{-1, 0, 1} {
			v := new(big.Int).Add(power, big.NewInt(off))
			for _, v := range []*big.Int{v, new(big.Int).Neg(v)} {
				for scale := range int32(20) {
					d := decimal.NewFromBigInt(v, -scale)
					got, err := AppendDecimal(append(make([]byte, 0, 64), "before"...), d)
					require.NoError(t, err)
					require.Equal(t, "before"+d.StringFixed(scale), string(got))
				}
			}
		}
	}
}

func TestParseTime(t *testing.T) {
	for text, want := range map[string]time.Time{
		"2026-02-03T04:05:06Z":           time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC),
		"0000-01-01T00:00:00Z":           time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC),
		"9999-12-31T23:59:59.999999999Z": time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC),
		"2026-02-03T04:05:06.5+01:30":    time.Date(2026, 2, 3, 2, 35, 6, 5e8, time.UTC),
		"2026-02-03T04:05:06.09-23:59":   time.Date(2026, 2, 4, 4, 4, 6, 9e7, time.UTC),
		"2026-02-03T04:05:06+23:00":      time.Date(2026, 2, 2, 5, 5, 6, 0, time.UTC),
		"2026-02-03T04:05:06-00:59":      time.Date(2026, 2, 3, 5, 4, 6, 0, time.UTC),
	} {
		got, ok := ParseTime(text)
		assert.True(t, ok && got.Equal(want), "%s: %v", text, got)
	}
	for _, text := range []string{
		"", "2026-02-03", "2026-02-03T04:05:06", "2026-02-03t04:05:06Z", "2026-02-03T04:05:06z", "2026-02-03 04:05:06Z", "2026-02-03T4:05:06Z",
		"2026-02-03T04:05:06,5Z", "2026-02-03T04:05:06.Z", "2026-02-03T04:05:06.5", "2026-02-03T04:05:06Z ", "2026-02-03T04:05:06ZZ",
		"2026-02-03T04:05:06+24:00", "2026-02-03T04:05:06+99:00", "2026-02-03T04:05:06-24:00", "2026-02-03T04:05:06+00:60", "2026-02-03T04:05:06-00:99",
		"2026-02-03T04:05:06+1:00", "2026-02-03T04:05:06+01:0", "2026-02-03T04:05:06+0100", "2026-02-03T04:05:06+01", "2026-02-03T04:05:06+01:00x",
		"2026-02-03T04:05:06+0a:00", "2026-02-03T04:05:06+/0:00", "2026-02-03T04:05:06~01:00", "202a-02-03T04:05:06Z", "2026-13-03T04:05:06Z",
		"2026-02-29T04:05:06Z", "2026-02-03T24:00:00Z", "2026-02-03T04:05:60Z", "2026-02-03T04:05:06.5a+01:00", "2026-02-03T04:05:06+01:00Z",
	} {
		_, ok := ParseTime(text)
		assert.False(t, ok, text)
	}
}

func TestAppendTime(t *testing.T) {
	at := func(year, offset int) time.Time { return time.Date(year, 2, 3, 4, 5, 6, 0, time.FixedZone("", offset)) }
	for want, tm := range map[string]time.Time{
		"2026-02-03T04:05:06Z":         at(2026, 0),
		"0000-02-03T04:05:06Z":         at(0, 0),
		"9999-02-03T04:05:06+01:00":    at(9999, 3600),
		"2026-02-03T04:05:06.012Z":     at(2026, 0).Add(12 * time.Millisecond),
		"2026-02-03T04:05:06-03:30":    at(2026, -3*3600-30*60),
		"2026-02-03T04:05:06+23:59":    at(2026, 24*3600-60),
		"2026-02-03T04:05:06-23:59":    at(2026, -24*3600+60),
		"2026-02-03T04:05:05Z":         at(2026, 1),
		"2026-02-03T04:04:06+00:01":    at(2026, 60).Add(-time.Minute),
		"2026-02-02T04:05:07.5Z":       at(2026, 24*3600-1).Add(500 * time.Millisecond),
		"2026-02-02T02:59:00.0000001Z": at(2026, 25*3600+6*60+6+1-1).Add(100),
	} {
		got, err := AppendTime([]byte("x"), tm)
		require.NoError(t, err, want)
		assert.Equal(t, `x"`+want+`"`, string(got))
		assert.True(t, TimeFits(tm))
	}
	for _, tm := range []time.Time{at(-1, 0), at(10_000, 0), at(2026, 24*3600), at(2026, -24*3600), at(2026, 30*3600)} {
		got, err := AppendTime([]byte("x"), tm)
		require.ErrorIs(t, err, ErrOutOfRange)
		assert.Equal(t, "x", string(got))
		assert.False(t, TimeFits(tm))
	}
}
