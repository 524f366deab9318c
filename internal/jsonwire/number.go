package jsonwire

import (
	"bytes"
	"math/big"

	"github.com/shopspring/decimal"
)

// number is a JSON number in parts: ±digits × 10^exp. The digits have no leading zeros, except the one digit of zero itself.
type number struct {
	negative bool
	exp      int64  // limited to ±maxExp, far beyond the exponent of any amount
	expText  []byte // the text, or nil
	whole    []byte
	fraction []byte
}

const maxExp = 1 << 40

// split splits text, which must be a JSON number.
func split(text []byte) (n number) {
	if text[0] == '-' {
		n.negative = true
		text = text[1:]
	}
	if i := bytes.IndexAny(text, "eE"); i >= 0 {
		n.expText = text[i+1:]
		n.exp = parseExp(n.expText)
		text = text[:i]
	}
	n.whole, n.fraction, _ = bytes.Cut(text, []byte("."))
	n.exp -= int64(len(n.fraction))
	return n
}

func parseExp(text []byte) (exp int64) {
	negative := text[0] == '-'
	for _, c := range bytes.TrimLeft(text, "+-") {
		exp = min(exp*10+int64(c-'0'), maxExp)
	}
	if negative {
		return -exp
	}
	return exp
}

// significant returns the digits without zeros at either end, and their power of ten. Zero has no digits.
func (n number) significant() (digits []byte, exp int64) {
	digits = append(append(make([]byte, 0, len(n.whole)+len(n.fraction)), n.whole...), n.fraction...)
	trimmed := bytes.TrimRight(digits, "0")
	exp = n.exp + int64(len(digits)-len(trimmed))
	return bytes.TrimLeft(trimmed, "0"), exp
}

// ParseDecimal returns the exact value of text, which must be a JSON number, with the scale of text. ok is false if it would
// take more than MaxAmountLen characters in plain notation.
func ParseDecimal(text []byte) (d decimal.Decimal, ok bool) {
	n := split(text)
	digits := bytes.TrimLeft(append(append(make([]byte, 0, 64), n.whole...), n.fraction...), "0")
	zero := len(digits) == 0
	if plainLen(n.negative && !zero, max(int64(len(digits)), 1), n.exp, zero) > MaxAmountLen {
		return decimal.Decimal{}, false
	}
	switch {
	case zero:
		return decimal.New(0, int32(min(n.exp, 0))), true
	case len(digits) <= maxInt64Digits:
		var v int64
		for _, c := range digits {
			v = v*10 + int64(c-'0')
		}
		if n.negative {
			v = -v
		}
		return decimal.New(v, int32(n.exp)), true
	}
	v, _ := new(big.Int).SetString(string(digits), 10)
	if n.negative {
		v.Neg(v)
	}
	return decimal.NewFromBigInt(v, int32(n.exp)), true
}

// ParseInt returns the value of text, which must be a JSON number, as an integer of 32 or 64 bits. "2.0" and "2e0" are 2. ok is
// false if the value has a fraction or does not fit.
func ParseInt(text []byte, bits int) (v int64, ok bool) {
	if v, exp, n := SmallNumber(text); n > 0 && exp == 0 {
		return v, bits == 64 || int64(int32(v)) == v
	}
	n := split(text)
	digits, exp := n.whole, n.exp
	if exp != 0 || len(n.fraction) > 0 {
		digits, exp = n.significant()
		if len(digits) == 0 {
			return 0, true
		}
	}
	if exp < 0 {
		return 0, false
	}
	// The value is kept negative, because there is one more negative integer than positive ones. The loop ends soon at an
	// overflow, even if the exponent is very large.
	lowest := int64(-1) << (bits - 1)
	for i := range int64(len(digits)) + exp {
		digit := int64(0)
		if i < int64(len(digits)) {
			digit = int64(digits[i] - '0')
		}
		if v < (lowest+digit)/10 {
			return 0, false
		}
		v = v*10 - digit
	}
	switch {
	case n.negative:
		return v, true
	case v == lowest:
		return 0, false
	}
	return -v, true
}

// NumbersEqual reports whether two JSON numbers have the same value. Its cost depends on the length of the texts only, not on
// the size of the exponents.
func NumbersEqual(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	x, y := split(a), split(b)
	xd, xe := x.significant()
	yd, ye := y.significant()
	switch {
	case !bytes.Equal(xd, yd):
		return false
	case len(xd) == 0: // zero, with any sign
		return true
	case x.negative != y.negative:
		return false
	}
	if x.saturated() && y.saturated() {
		return x.wholeExp(xe).Cmp(y.wholeExp(ye)) == 0
	}
	return xe == ye
}

// saturated reports whether exp was limited to ±maxExp.
func (n number) saturated() bool {
	if len(n.expText) == 0 {
		return false
	}
	exp := parseExp(n.expText)
	return exp == maxExp || exp == -maxExp
}

// wholeExp converts exp, which was computed from n.exp, to the value computed from the full exponent.
func (n number) wholeExp(exp int64) *big.Int {
	e, _ := new(big.Int).SetString(string(n.expText), 10)
	return e.Add(e, big.NewInt(exp-parseExp(n.expText)))
}

// DecimalsEqual reports whether a and b have the same value. Its cost does not depend on the size of the exponents.
func DecimalsEqual(a, b decimal.Decimal) bool {
	if a.Exponent() == b.Exponent() {
		return a.Equal(b)
	}
	if a.Sign() != b.Sign() {
		return false
	}
	if a.IsZero() {
		return true
	}
	// Equal values have their first digit at the same power of ten. If that is so, the exponents differ by no more than the
	// number of digits.
	if int64(a.NumDigits())+int64(a.Exponent()) != int64(b.NumDigits())+int64(b.Exponent()) {
		return false
	}
	return a.Equal(b)
}

// SmallNumber reads the number at the start of b: coefficient × 10^exp, in n bytes. It reads only numbers without an exponent
// and with at most 18 digits, which fit an int64. Otherwise n is 0.
func SmallNumber(b []byte) (coefficient int64, exp int32, n int) {
	i := 0
	if b[0] == '-' {
		i++
	}
	start := i
	for i < len(b) && b[i]-'0' <= 9 {
		coefficient = coefficient*10 + int64(b[i]-'0')
		i++
	}
	digits := i - start
	if digits == 0 || digits > 1 && b[start] == '0' {
		return 0, 0, 0
	}
	if i < len(b) && b[i] == '.' {
		i++
		point := i
		for i < len(b) && b[i]-'0' <= 9 {
			coefficient = coefficient*10 + int64(b[i]-'0')
			i++
		}
		if i == point {
			return 0, 0, 0
		}
		digits += i - point
		exp = int32(point - i)
	}
	if digits > maxInt64Digits || i < len(b) && b[i]|0x20 == 'e' {
		return 0, 0, 0
	}
	if start > 0 {
		coefficient = -coefficient
	}
	return coefficient, exp, i
}

// DecimalText returns d as [AppendDecimal] writes it, or "out of range" if it is too long. It is for texts that people read.
func DecimalText(d decimal.Decimal) string {
	text, err := AppendDecimal(nil, d)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
