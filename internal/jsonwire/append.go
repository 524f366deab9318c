package jsonwire

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// AppendString appends s as a JSON string. Only what the grammar demands is escaped. It returns ErrInvalidUTF8, and dst
// as it was, if s is not valid UTF-8.
func AppendString(dst []byte, s string) ([]byte, error) {
	if isPlain(s) {
		dst = append(dst, '"')
		dst = append(dst, s...)
		return append(dst, '"'), nil
	}
	start := len(dst)
	dst = append(dst, '"')
	for len(s) > 0 {
		c := s[0]
		if c < utf8.RuneSelf {
			if c < ' ' || c == '"' || c == '\\' {
				dst = appendEscape(dst, c)
			} else {
				dst = append(dst, c)
			}
			s = s[1:]
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			return dst[:start], ErrInvalidUTF8
		}
		dst = append(dst, s[:n]...)
		s = s[n:]
	}
	return append(dst, '"'), nil
}

// isPlain reports whether s is ASCII and needs no escape, as nearly all strings are.
func isPlain(s string) bool {
	n := len(s)
	switch {
	case n >= 8:
		for i := 0; i+8 < n; i += 8 {
			if specialBytes(load(s, i)) != 0 {
				return false
			}
		}
		return specialBytes(load(s, n-8)) == 0 // the last eight, some of them again
	case n >= 4:
		return specialBytes(uint64(s[0])|uint64(s[1])<<8|uint64(s[2])<<16|uint64(s[3])<<24|
			uint64(s[n-4])<<32|uint64(s[n-3])<<40|uint64(s[n-2])<<48|uint64(s[n-1])<<56) == 0
	}
	for i := range n {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// load returns the eight bytes of s from i on.
func load(s string, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xF])
}

// AppendFloat appends f as encoding/json does: the shortest text that reads back as f, with an exponent where that is
// very small or large. It returns ErrOutOfRange for NaN and the infinities, which JSON does not have.
func AppendFloat(dst []byte, f float64, bitSize int) ([]byte, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return dst, ErrOutOfRange
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 {
		if bitSize == 64 && (abs < 1e-6 || abs >= 1e21) ||
			bitSize == 32 && (float32(abs) < 1e-6 || float32(abs) >= 1e21) {
			format = 'e'
		}
	}
	dst = strconv.AppendFloat(dst, f, format, -1, bitSize)
	if n := len(dst); format == 'e' && dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
		dst = append(dst[:n-2], dst[n-1]) // 1e-07
	}
	return dst, nil
}

// AppendDecimal appends d as a number in plain notation, with the scale it has. It returns ErrOutOfRange, and dst as it
// was, if that takes more than MaxAmountLen characters.
//
// It asks d for its parts alone: decimal's String and MarshalJSON depend on settings that belong to the user's program.
func AppendDecimal(dst []byte, d decimal.Decimal) ([]byte, error) {
	exp, digits := d.Exponent(), d.NumDigits()
	if digits <= maxInt64Digits && -maxInt64Digits <= exp && exp <= 0 {
		return appendScaled(dst, d.CoefficientInt64(), digits, int(-exp)), nil
	}
	if !DecimalFits(d) {
		return dst, ErrOutOfRange
	}
	if exp > 0 && d.IsZero() {
		exp = 0
	}
	return appendPlain(dst, d.Coefficient().Append(nil, 10), int(exp)), nil
}

// maxInt64Digits is how many digits always fit an int64, which needs no copy of the coefficient.
const maxInt64Digits = 18

// appendScaled appends v, of whose digits the last are the fraction. There must be exactly so many: one less would overwrite
// what stands before.
func appendScaled(dst []byte, v int64, digits, scale int) []byte {
	if v < 0 {
		dst = append(dst, '-')
	}
	n := max(digits, scale+1)
	if scale > 0 {
		n++
	}
	i := len(dst) + n
	dst = slices.Grow(dst, n)[:i]
	rest := uint64(max(v, -v))
	if scale > 0 {
		for ; scale >= 2; scale -= 2 {
			i -= 2
			pair := rest % 100
			rest /= 100
			dst[i], dst[i+1] = pairs[2*pair], pairs[2*pair+1]
		}
		if scale > 0 {
			i--
			dst[i] = byte('0' + rest%10)
			rest /= 10
		}
		i--
		dst[i] = '.'
	}
	for rest >= 100 {
		i -= 2
		pair := rest % 100
		rest /= 100
		dst[i], dst[i+1] = pairs[2*pair], pairs[2*pair+1]
	}
	if rest >= 10 {
		dst[i-2], dst[i-1] = pairs[2*rest], pairs[2*rest+1]
	} else {
		dst[i-1] = byte('0' + rest)
	}
	return dst
}

// pairs are the numbers of two digits.
const pairs = "00010203040506070809" + "10111213141516171819" + "20212223242526272829" + "30313233343536373839" +
	"40414243444546474849" + "50515253545556575859" + "60616263646566676869" + "70717273747576777879" +
	"80818283848586878889" + "90919293949596979899"

// appendPlain appends a number of any length: its digits, which may begin with a minus sign, scaled by ten to the exp.
func appendPlain(dst, digits []byte, exp int) []byte {
	if digits[0] == '-' {
		dst = append(dst, '-')
		digits = digits[1:]
	}
	if exp >= 0 {
		dst = append(dst, digits...)
		return append(dst, bytes.Repeat([]byte("0"), exp)...)
	}
	if missing := 1 - exp - len(digits); missing > 0 {
		digits = append(bytes.Repeat([]byte("0"), missing), digits...)
	}
	point := len(digits) + exp
	dst = append(dst, digits[:point]...)
	dst = append(dst, '.')
	return append(dst, digits[point:]...)
}

// plainLen returns how many characters a number takes in plain notation: its coefficient has so many digits, and is
// scaled by ten to the exp.
func plainLen(negative bool, digits, exp int64, zero bool) int64 {
	n := digits
	switch {
	case exp > 0 && !zero:
		n += exp
	case exp < 0:
		n = max(digits, 1-exp) + 1
	}
	if negative {
		n++
	}
	return n
}

// DecimalFits reports whether [AppendDecimal] takes d.
func DecimalFits(d decimal.Decimal) bool {
	digits, exp := int64(d.NumDigits()), int64(d.Exponent())
	if digits+max(exp, -exp) <= MaxAmountLen/2 { // as nearly all do
		return true
	}
	return plainLen(d.Sign() < 0, digits, exp, d.IsZero()) <= MaxAmountLen
}

// Bounded returns d if it can be calculated with at a bounded cost: it fits. A zero always does, and loses an exponent that would
// be there without a need. For any other d it returns zero, and ok is false.
func Bounded(d decimal.Decimal) (bounded decimal.Decimal, ok bool) {
	switch {
	case !DecimalFits(d):
		return decimal.Decimal{}, false
	case d.IsZero() && d.Exponent() > 0:
		return decimal.Decimal{}, true
	}
	return d, true
}
