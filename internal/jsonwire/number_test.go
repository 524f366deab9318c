package jsonwire

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseDecimal(t *testing.T) {
	nines := strings.Repeat("9", MaxAmountLen)
	for _, tc := range []struct{ text, want string }{
		{"0", "0"}, {"-0", "0"}, {"0.00", "0.00"}, {"-0.00", "0.00"}, {"0e5", "0"}, {"0.0e1", "0"}, {"0.00e1", "0.0"},
		{"0e999999999999", "0"}, {"5.50", "5.50"}, {"-5.50", "-5.50"}, {"0.05", "0.05"}, {"-0.001", "-0.001"},
		{"1e2", "100"}, {"1.5e2", "150"}, {"1.50e1", "15.0"}, {"1e-2", "0.01"}, {"-12e-1", "-1.2"}, {"100e-2", "1.00"},
		{"2938863.98", "2938863.98"}, {"9007199254740993", "9007199254740993"},
		{"999999999999999999", "999999999999999999"}, {"9999999999999999999", "9999999999999999999"},
		{"-0.0000000000000000001", "-0.0000000000000000001"}, {"1234567890.123456789012345", "1234567890.123456789012345"},
		{"-1234567890123456789.5", "-1234567890123456789.5"}, {"-0." + strings.Repeat("0", 1022), "0." + strings.Repeat("0", 1022)},
		{nines, nines}, {"1e1023", "1" + strings.Repeat("0", 1023)}, {"1e-1022", "0." + strings.Repeat("0", 1021) + "1"},
	} {
		d, ok := ParseDecimal([]byte(tc.text))
		require.True(t, ok, tc.text)
		got, err := AppendDecimal([]byte("x"), d)
		require.NoError(t, err)
		assert.Equal(t, "x"+tc.want, string(got), tc.text)
		assert.True(t, DecimalFits(d))
		if d.IsZero() {
			assert.LessOrEqual(t, d.Exponent(), int32(0), tc.text)
		}
		if c, exp, n := SmallNumber([]byte(tc.text)); n > 0 {
			assert.Len(t, tc.text, n)
			assert.True(t, decimal.New(c, exp).Equal(d) && exp == d.Exponent(), "%s: %d %d", tc.text, c, exp)
		}
	}
	for _, text := range []string{
		"9" + nines, "-" + nines, "1e1024", "-1e1023", "1e-1023", "-1e-1022", "0e-1023", "1e999999999", "-1e999999999",
		"1e-999999999", "1e99999999999999999999", "1e-99999999999999999999", "0." + strings.Repeat("0", 1023),
	} {
		_, ok := ParseDecimal([]byte(text))
		assert.False(t, ok, "%.40s", text)
	}
}

func TestBounded(t *testing.T) {
	for _, tc := range []struct {
		d, want decimal.Decimal
		ok      bool
	}{
		{decimal.New(150, -2), decimal.New(150, -2), true}, {decimal.New(-15, 3), decimal.New(-15, 3), true},
		{decimal.New(0, -2), decimal.New(0, -2), true}, {decimal.Decimal{}, decimal.Decimal{}, true},
		{decimal.New(0, 1), decimal.Decimal{}, true}, {decimal.New(0, math.MaxInt32), decimal.Decimal{}, true},
		{decimal.New(1, 1023), decimal.New(1, 1023), true}, {decimal.New(1, 1024), decimal.Decimal{}, false},
		{decimal.New(1, math.MinInt32), decimal.Decimal{}, false}, {decimal.New(-1, math.MaxInt32), decimal.Decimal{}, false},
	} {
		got, ok := Bounded(tc.d)
		assert.Equal(t, tc.ok, ok, "%de%d", tc.d.Coefficient(), tc.d.Exponent())
		assert.Equal(t, tc.want.Exponent(), got.Exponent())
		assert.Equal(t, tc.want.Coefficient(), got.Coefficient())
	}
}

func TestAppendDecimal(t *testing.T) {
	long, _ := new(big.Int).SetString("123456789012345678901234567890", 10)
	nines := func(n int) *big.Int { v, _ := new(big.Int).SetString(strings.Repeat("9", n), 10); return v }
	zeros := func(n int) string { return strings.Repeat("0", n) }
	for _, tc := range []struct {
		d    decimal.Decimal
		want string
	}{
		{decimal.Decimal{}, "0"}, {decimal.New(0, 9), "0"}, {decimal.New(0, math.MaxInt32), "0"}, {decimal.New(0, -2), "0.00"},
		{decimal.New(1, 3), "1000"}, {decimal.New(-1, 3), "-1000"}, {decimal.New(-5, -1), "-0.5"}, {decimal.New(-5, -20), "-0.00000000000000000005"},
		{decimal.New(math.MaxInt64, -4), "922337203685477.5807"}, {decimal.New(math.MinInt64, -19), "-0.9223372036854775808"},
		{decimal.New(123, -18), "0.000000000000000123"}, {decimal.New(-999999999999999999, -18), "-0.999999999999999999"},
		{decimal.NewFromBigInt(long, -10), "12345678901234567890.1234567890"}, {decimal.NewFromBigInt(long, 2), "12345678901234567890123456789000"},
		{decimal.New(0, 1), "0"}, {decimal.New(0, -19), "0." + zeros(19)}, {decimal.New(0, -1022), "0." + zeros(1022)},
		{decimal.NewFromBigInt(long, -1), "12345678901234567890123456789.0"}, {decimal.New(-1, 1022), "-1" + zeros(1022)},
		{decimal.NewFromBigInt(nines(1023), 1), strings.Repeat("9", 1023) + "0"},
		{decimal.NewFromBigInt(nines(1023), -1), strings.Repeat("9", 1022) + ".9"},
	} {
		got, err := AppendDecimal(nil, tc.d)
		require.NoError(t, err)
		assert.Equal(t, tc.want, string(got))
	}
	for _, d := range []decimal.Decimal{
		decimal.New(1, math.MaxInt32), decimal.New(1, math.MinInt32), decimal.New(0, math.MinInt32), decimal.New(10, 1023), decimal.New(1, -1023),
		decimal.New(-1, 1023), decimal.New(0, -1023), decimal.NewFromBigInt(nines(1024), 1), decimal.NewFromBigInt(nines(1024), -1),
	} {
		got, err := AppendDecimal([]byte("x"), d)
		require.ErrorIs(t, err, ErrOutOfRange)
		assert.Equal(t, "x", string(got))
		assert.False(t, DecimalFits(d))
	}
}

func TestParseInt(t *testing.T) {
	for _, tc := range []struct {
		text string
		bits int
		want int64
		ok   bool
	}{
		{"0", 64, 0, true}, {"-0", 64, 0, true}, {"2.0", 64, 2, true}, {"2e0", 64, 2, true}, {"2.50e1", 64, 25, true}, {"20e-1", 64, 2, true},
		{"2.5e1", 64, 25, true}, {"3000000000", 64, 3_000_000_000, true}, {"1234567890123456789", 64, 1234567890123456789, true},
		{"0.0", 64, 0, true}, {"0e99999999999", 64, 0, true}, {"1e18", 64, 1e18, true}, {"1e19", 64, 0, false}, {"1e999999999", 64, 0, false},
		{"2.5", 64, 0, false}, {"1e-1", 64, 0, false}, {"25e-1", 64, 0, false},
		{"9223372036854775807", 64, math.MaxInt64, true}, {"9223372036854775808", 64, 0, false}, {"9223372036854775807.0", 64, math.MaxInt64, true},
		{"-9223372036854775808", 64, math.MinInt64, true}, {"-9223372036854775809", 64, 0, false}, {"99999999999999999999", 64, 0, false},
		{"-9223372036854775808.00", 64, math.MinInt64, true}, {"9223372036854775.8070e3", 64, math.MaxInt64, true},
		{"2147483647", 32, math.MaxInt32, true}, {"2147483648", 32, 0, false}, {"-2147483648", 32, math.MinInt32, true}, {"-2147483649", 32, 0, false},
		{"2147483647.0", 32, math.MaxInt32, true}, {"2147483648.0", 32, 0, false}, {"-2147483648.0", 32, math.MinInt32, true}, {"-2147483649.0", 32, 0, false},
	} {
		got, ok := ParseInt([]byte(tc.text), tc.bits)
		assert.Equal(t, tc.ok, ok, "%s of %d bits", tc.text, tc.bits)
		if ok {
			assert.Equal(t, tc.want, got, tc.text)
		}
	}
}

func TestNumbersEqual(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"1", "1.0", true}, {"1", "1e0", true}, {"100", "1e2", true}, {"0.1", "1e-1", true}, {"-0", "0", true}, {"0e5", "0.00", true},
		{"1e999999999", "10e999999998", true}, {"1e999999999", "1e999999998", false}, {"1", "-1", false}, {"1", "2", false}, {"0", "1", false},
		{"9007199254740993", "9007199254740992", false}, {"1e99999999999999999999", "1e-99999999999999999999", false},
		{"1e2000000000000", "1e3000000000000", false}, {"1e-2000000000000", "1e-3000000000000", false},
		{"1e99999999999999999998", "1e99999999999999999999", false}, {"10e99999999999999999998", "1e+99999999999999999999", true},
		{"0.01e-99999999999999999997", "1e-99999999999999999999", true}, {"1e1099511627776", "10e1099511627775", true},
		{"10e99999999999999999999", "1e100000000000000000000", true}, {"1e99999999999999999999", "1", false}, {"-0.0", "0e1", true},
	} {
		assert.Equal(t, tc.want, NumbersEqual([]byte(tc.a), []byte(tc.b)), "%s and %s", tc.a, tc.b)
		assert.Equal(t, tc.want, NumbersEqual([]byte(tc.b), []byte(tc.a)), "%s and %s", tc.b, tc.a)
	}
}

func TestDecimalsEqual(t *testing.T) {
	for _, tc := range []struct {
		a, b decimal.Decimal
		want bool
	}{
		{decimal.New(15, -1), decimal.New(150, -2), true}, {decimal.New(1, 2), decimal.New(100, 0), true},
		{decimal.New(0, math.MaxInt32), decimal.New(0, math.MinInt32), true}, {decimal.New(1, math.MaxInt32), decimal.New(1, math.MinInt32), false},
		{decimal.New(1, math.MaxInt32), decimal.New(10, math.MaxInt32-1), true}, {decimal.New(1, 1), decimal.New(-1, 2), false},
		{decimal.New(11, 0), decimal.New(1, 1), false}, {decimal.New(1, 0), decimal.Decimal{}, false}, {decimal.New(1, 0), decimal.New(0, 1), false},
	} {
		assert.Equal(t, tc.want, DecimalsEqual(tc.a, tc.b))
		assert.Equal(t, tc.want, DecimalsEqual(tc.b, tc.a))
	}
}

func TestSmallNumber(t *testing.T) {
	for _, tc := range []struct {
		text        string
		coefficient int64
		exp         int32
		n           int
	}{
		{"0", 0, 0, 1}, {"-0", 0, 0, 2}, {"9", 9, 0, 1}, {"5.50", 550, -2, 4}, {"-12.3", -123, -1, 5}, {"0.05", 5, -2, 4}, {"0.0", 0, -1, 3},
		{"987654321012345678", 987654321012345678, 0, 18}, {"-9876543210.12345678", -987654321012345678, -8, 20},
		{"0.00000000000000001", 1, -17, 19}, {"12,3", 12, 0, 2}, {"1.5}", 15, -1, 3}, {"7x", 7, 0, 1}, {"1:", 1, 0, 1}, {"1.5:", 15, -1, 3}, {"1d", 1, 0, 1},
		{"9876543210123456789", 0, 0, 0}, {"-0.123456789012345678", 0, 0, 0}, {"9876543210.123456789", 0, 0, 0},
		{"1e2", 0, 0, 0}, {"1E-2", 0, 0, 0}, {"1.5e2", 0, 0, 0}, {"1.5E2", 0, 0, 0},
		{"-", 0, 0, 0}, {"01", 0, 0, 0}, {"-01", 0, 0, 0}, {"00", 0, 0, 0}, {"1.", 0, 0, 0}, {"1.x", 0, 0, 0}, {".5", 0, 0, 0}, {"-.5", 0, 0, 0}, {"x", 0, 0, 0},
	} {
		coefficient, exp, n := SmallNumber([]byte(tc.text))
		assert.Equal(t, tc.coefficient, coefficient, tc.text)
		assert.Equal(t, tc.exp, exp, tc.text)
		assert.Equal(t, tc.n, n, tc.text)
	}
}

// FuzzNumber compares the number functions with each other and with math/big.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"0", "-0.00", "1e2", "5.50", "-123.4567e-3", "1e999999999", "0e99999999999999999999", "9223372036854775808", "01", "1.", "abc"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		valid := json.Valid(text) && len(text) > 0 && (text[0] == '-' || '0' <= text[0] && text[0] <= '9') &&
			strings.TrimSpace(string(text)) == string(text)
		require.Equal(t, valid, IsNumber(text))
		if !valid {
			return
		}
		require.True(t, NumbersEqual(text, text))
		d, ok := ParseDecimal(text)
		if !ok {
			return
		}
		want, ok := new(big.Rat).SetString(string(text))
		if !ok { // math/big has no such exponent
			require.True(t, d.IsZero())
			return
		}
		require.Zero(t, want.Cmp(d.Rat()))
		plain, err := AppendDecimal(nil, d)
		require.NoError(t, err)
		require.True(t, NumbersEqual(text, plain))
		again, ok := ParseDecimal(plain)
		require.True(t, ok && DecimalsEqual(d, again) && d.Exponent() >= again.Exponent())
		n, ok := ParseInt(text, 64)
		require.Equal(t, want.IsInt() && want.Num().IsInt64(), ok)
		if ok {
			require.Equal(t, want.Num().Int64(), n)
		}
		if c, exp, n := SmallNumber(text); n > 0 {
			require.Len(t, text, n)
			require.True(t, decimal.New(c, exp).Equal(d) && exp == d.Exponent())
		}
	})
}
