package jsonwire

import (
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// AppendString appends s as a JSON string. Only what the grammar demands is escaped. It returns ErrInvalidUTF8, and dst
// as it was, if s is not valid UTF-8.
func AppendString(dst []byte, s string) ([]byte, error) {
	start := len(dst)
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plain[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				return dst[:start], ErrInvalidUTF8
			}
			i += n
			continue
		}
		dst = append(dst, s[from:i]...)
		dst = appendEscape(dst, c)
		i++
		from = i
	}
	dst = append(dst, s[from:]...)
	return append(dst, '"'), nil
}

// plain marks the ASCII characters that a string holds as they are.
var plain = func() (t [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

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
	return strconv.AppendFloat(dst, f, format, -1, bitSize), nil
}

// AppendDecimal appends d as a number in plain notation, with the scale it has. It returns ErrOutOfRange, and dst as it
// was, if that takes more than MaxAmountLen characters.
//
// It asks d for its parts alone: decimal's String and MarshalJSON depend on settings that belong to the user's program.
func AppendDecimal(dst []byte, d decimal.Decimal) ([]byte, error) {
	exp := int64(d.Exponent())
	digits := int64(d.NumDigits())
	if plainLen(d.Sign() < 0, digits, exp, d.IsZero()) > MaxAmountLen {
		return dst, ErrOutOfRange
	}
	// 18 digits always fit an int64, which needs no copy of the coefficient.
	start := len(dst)
	if digits <= 18 {
		dst = strconv.AppendInt(dst, d.CoefficientInt64(), 10)
	} else {
		dst = d.Coefficient().Append(dst, 10)
	}
	if exp == 0 || exp > 0 && d.IsZero() {
		return dst, nil
	}
	if exp > 0 {
		for range exp {
			dst = append(dst, '0')
		}
		return dst, nil
	}
	if d.Sign() < 0 {
		start++
	}
	scale := int(-exp)
	if missing := scale + 1 - int(digits); missing > 0 {
		for range missing {
			dst = append(dst, '0')
		}
		copy(dst[start+missing:], dst[start:len(dst)-missing])
		for i := range missing {
			dst[start+i] = '0'
		}
	}
	return slices.Insert(dst, len(dst)-scale, '.'), nil
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
	return plainLen(d.Sign() < 0, int64(d.NumDigits()), int64(d.Exponent()), d.IsZero()) <= MaxAmountLen
}
