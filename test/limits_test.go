package test

import (
	"encoding/json"
	"errors"
	"math"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// TestAmountLength is about the 1,024 characters that an amount may have in plain notation, its sign and point included.
func TestAmountLength(t *testing.T) {
	nines := func(n int) string { return strings.Repeat("9", n) }
	zeros := func(n int) string { return strings.Repeat("0", n) }
	for _, c := range []struct {
		name, text string
		want       string // "" where it is too long
	}{
		{"1024 digits", nines(1024), nines(1024)},
		{"1025 digits", nines(1025), ""},
		{"sign and 1023 digits", "-" + nines(1023), "-" + nines(1023)},
		{"sign and 1024 digits", "-" + nines(1024), ""},
		{"1023 digits and a point", nines(1000) + "." + nines(23), nines(1000) + "." + nines(23)},
		{"1024 digits and a point", nines(1000) + "." + nines(24), ""},
		{"sign, 1022 digits and a point", "-1." + zeros(1021), "-1." + zeros(1021)},
		{"sign, 1023 digits and a point", "-1." + zeros(1022), ""},
		{"zero with 1022 places", "0." + zeros(1022), "0." + zeros(1022)},
		{"zero with 1023 places", "0." + zeros(1023), ""},
		{"negative zero with 1022 places", "-0." + zeros(1022), "0." + zeros(1022)},
		{"1022 places", "0." + zeros(1021) + "1", "0." + zeros(1021) + "1"},
		{"1023 places", "0." + zeros(1022) + "1", ""},
		{"exponent, 1024 characters", "9.99e1023", "999" + zeros(1021)},
		{"exponent, 1025 characters", "9.99e1024", ""},
		{"negative with exponent, 1024 characters", "-9.99e1022", "-999" + zeros(1020)},
		{"negative with exponent, 1025 characters", "-9.99e1023", ""},
		{"small, 1024 characters", "25e-1022", "0." + zeros(1020) + "25"},
		{"small, 1025 characters", "25e-1023", ""},
		{"negative and small, 1024 characters", "-25e-1021", "-0." + zeros(1019) + "25"},
		{"negative and small, 1025 characters", "-25e-1022", ""},
		{"many digits that the exponent makes places", "1" + zeros(2000) + "e-2000", ""},
		{"many places that the exponent takes back", "0." + zeros(2000) + "1e2001", "1"},
		{"many places, and some stay", "0." + zeros(2000) + "150e2001", "1.50"},
		{"zero with many places that the exponent takes back", "0." + zeros(2000) + "e1998", "0.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var reason error
			if c.want == "" {
				reason = outOfRange
			}
			for _, p := range amountPlaces {
				check := func(t *testing.T, got any) { assert.Equal(t, c.want, encodedAmount(t, got.(decimal.Decimal))) }
				testCase(t, p, c.text, false, reason, "", "", check)
				testCase(t, p, `"`+c.text+`"`, false, reason, "", "", check)
			}
			// A decimal of that value can be written exactly if it could be read.
			d, err := decimal.NewFromString(c.text)
			require.NoError(t, err)
			text, err := talonone.AdditionalCost{Price: d}.AppendJSON(nil)
			if reason != nil {
				require.ErrorIs(t, err, outOfRange)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, `{"price":`+c.want+`}`, string(text))
		})
	}
}

// TestHostileExponents: a number costs no more than its text, whatever it stands for.
func TestHostileExponents(t *testing.T) {
	cost := func(t *testing.T, run func()) {
		t.Helper()
		var before, after runtime.MemStats
		start := time.Now()
		runtime.ReadMemStats(&before)
		run()
		runtime.ReadMemStats(&after)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20), "bytes")
		assert.Less(t, time.Since(start), 10*time.Second, "a gigabyte of digits takes longer")
	}
	for _, number := range []string{"1e999999999", "-1e999999999", "1e-999999999", "1e2147483647", "1e-2147483648", "1e9223372036854775808", "9.99e+18446744073709551616", "1e-99999999999999999999999", "0e999999999", "0e-999999999"} {
		cost(t, func() {
			for _, p := range append(amountPlaces, integerPlaces...) {
				for _, text := range []string{number, `"` + number + `"`} {
					v := p.new()
					_ = v.UnmarshalJSON([]byte(p.before + text + p.after))
				}
			}
			a := decode[talonone.Attributes](t, `{"v":`+number+`}`)
			assert.Equal(t, json.Number(number), a["v"])
			_, ok := a.Decimal("v")
			assert.Equal(t, number == "0e999999999", ok)
			_, ok = a.Int64("v")
			assert.Equal(t, number[0] == '0', ok)
			assert.True(t, a.Equal(a.Clone()))
			assert.False(t, a.Equal(talonone.Attributes{"v": json.Number("1e1")}))
			assert.Equal(t, `{"v":`+number+`}`, encode(t, a))
		})
	}
	for _, exp := range []int32{math.MaxInt32, math.MinInt32, 1025, -1025, 100_000_000, -100_000_000} {
		for _, coefficient := range []int64{1, -1, 10, math.MaxInt64, math.MinInt64, 0} {
			d := decimal.New(coefficient, exp)
			cost(t, func() {
				item := talonone.CartItem{SKU: "a", Price: &d, Attributes: talonone.Attributes{"v": d}}
				_, err := item.MarshalJSON()
				assert.Equal(t, coefficient == 0 && exp > 0, err == nil)
				other := talonone.CartItem{SKU: "a", Price: new(decimal.New(1, 0)), Attributes: talonone.Attributes{"v": d}}
				assert.False(t, item.Equal(other))
				assert.False(t, other.Equal(item))
				assert.NotEmpty(t, item.LogValue().String())
				assert.NotEmpty(t, talonone.CustomerSessionV2{Total: d}.LogValue().String())
				_, ok := item.Attributes.Decimal("v")
				assert.Equal(t, coefficient == 0 && exp > 0, ok)
				_, ok = item.Attributes.Int64("v")
				assert.Equal(t, coefficient == 0 && exp > 0, ok)
				item.Clone()
				_ = talonone.CustomerSessionV2{CartItems: []talonone.CartItem{item}}.Update()
			})
		}
	}
}

// TestLongNumbers: a number of a megabyte is kept where any number may stand, and refused elsewhere before anybody multiplies.
func TestLongNumbers(t *testing.T) {
	for _, number := range []string{strings.Repeat("7", 1<<20), "0." + strings.Repeat("7", 1<<20), "1e" + strings.Repeat("7", 1<<20), "7." + strings.Repeat("0", 1<<20)} {
		a := decode[talonone.Attributes](t, `{"v":`+number+`}`)
		assert.Equal(t, json.Number(number), a["v"])
		assert.True(t, a.Equal(decode[talonone.Attributes](t, `{"v":`+number+`}`)))
		for _, p := range amountPlaces {
			document := p.before + number + p.after
			requireDecodeErrorQuietly(t, p.new().UnmarshalJSON([]byte(document)), outOfRange, p.path, len(p.before))
		}
		for _, p := range integerPlaces {
			v := p.new()
			err := v.UnmarshalJSON([]byte(p.before + number + p.after))
			if strings.HasPrefix(number, "7.0") {
				require.NoError(t, err)
				assert.Equal(t, "7", string(must(json.Marshal(p.get(v.pointer())))))
				continue
			}
			requireDecodeErrorQuietly(t, err, outOfRange, p.path, len(p.before))
		}
	}
}

// requireDecodeErrorQuietly is requireDecodeError for documents that nobody wants to see.
func requireDecodeErrorQuietly(t *testing.T, err error, reason error, path string, offset int) {
	t.Helper()
	decodeError, ok := err.(*talonone.DecodeError)
	require.True(t, ok, "a %T", err)
	require.ErrorIs(t, err, reason)
	require.True(t, path == decodeError.Path, "the path has %d bytes, want %d", len(decodeError.Path), len(path))
	require.Equal(t, offset, int(decodeError.Offset))
}

// TestIntegerLimits is about members that are an int, whose size is that of the machine.
func TestIntegerLimits(t *testing.T) {
	largest, smallest := strconv.Itoa(math.MaxInt), strconv.Itoa(math.MinInt)
	next := func(number string) string { // the next one away from zero
		last := number[len(number)-1]
		return number[:len(number)-1] + string(last+1)
	}
	for _, name := range []string{"quantity", "returnedQuantity", "remainingQuantity"} {
		for _, good := range []string{largest, smallest, largest + ".0", smallest + ".000", largest + "0e-1", "0." + largest + "e" + strconv.Itoa(len(largest)), "-0", "0.0e-5"} {
			text := `{"` + name + `":` + good + `}`
			item := decode[talonone.CartItem](t, text)
			requireRoundTrip(t, modelNamed("CartItem").schema, []byte(text), []byte(encode(t, item)))
		}
		for _, bad := range []string{next(largest), next(smallest), next(largest) + ".0", largest + ".5", smallest + "e1", "1e" + strconv.Itoa(len(largest)), "1e-1", "1.5", "0.1e0"} {
			before := `{"sku":"a","` + name + `":`
			document := before + bad + `}`
			requireDecodeError(t, new(talonone.CartItem).UnmarshalJSON([]byte(document)), document, outOfRange, "/"+name, before)
		}
	}
}

// TestDepth is about the 10,000 levels that arrays and objects may be nested, the outermost object being the first.
func TestDepth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		before, after string // levels of the document around the nested value
		levels        int
		path          string
		new           func() anyModel
	}{
		{"attributes", `{"v":`, `}`, 1, "/v", newModel[talonone.Attributes]},
		{"list in attributes", `{"v":[0,`, `]}`, 2, "/v/1", newModel[talonone.Attributes]},
		{"attributes of an item", `{"cartItems":[{"attributes":{"v":`, `}}]}`, 4, "/cartItems/0/attributes/v", newModel[talonone.CustomerSessionV2]},
		{"Extra of a session", `{"x":`, `}`, 1, "/x", newModel[talonone.CustomerSessionV2]},
		{"Extra of an update", `{"x":`, `}`, 1, "/x", newModel[talonone.CustomerSessionUpdate]},
		{"Extra of a product", `{"product":{"x":`, `}}`, 2, "/product/x", newModel[talonone.CartItem]},
		{"Extra of a cost", `{"additionalCosts":{"a":{"x":`, `}}}`, 3, "/additionalCosts/a/x", newModel[talonone.CartItem]},
		{"where a number should be", `{"total":`, `}`, 1, "/total", newModel[talonone.CustomerSessionV2]},
	} {
		for _, nest := range []struct {
			open, close, token string
			each               int    // levels of one repetition
			leaf, leafToken    string // what is innermost, and the token of an element in it
			leafLevels         int
		}{
			{"[", "]", "/0", 1, "", "", 0},
			{`{"a":`, "}", "/a", 1, "1", "", 0},
			{`[{"b":`, "}]", "/0/b", 2, "[]", "/0", 1},
		} {
			t.Run(c.name+" "+nest.open, func(t *testing.T) {
				n := (10_000 - c.levels - nest.leafLevels) / nest.each
				rest := 10_000 - c.levels - nest.leafLevels - n*nest.each // levels that are missing
				opened := c.before + strings.Repeat("[", rest) + strings.Repeat(nest.open, n)
				closed := strings.Repeat(nest.close, n) + strings.Repeat("]", rest) + c.after
				document := opened + nest.leaf + closed
				v := c.new()
				err := v.UnmarshalJSON([]byte(document))
				if c.path == "/total" {
					requireDecodeErrorQuietly(t, err, wrong, "/total", len(c.before))
				} else {
					require.NoError(t, err)
					written, err := v.AppendJSON(nil)
					require.NoError(t, err)
					require.NoError(t, c.new().UnmarshalJSON(written))
					require.True(t, v.equal(v.clone()))
					require.NoError(t, json.Unmarshal([]byte(document), c.new().pointer()))
				}

				// One more, at the innermost place.
				opened += strings.Repeat("[", nest.leafLevels)
				document = opened + "[]" + strings.Repeat("]", nest.leafLevels) + closed
				v = c.new()
				err = v.UnmarshalJSON([]byte(document))
				path := c.path + strings.Repeat("/0", rest) + strings.Repeat(nest.token, n) + nest.leafToken
				requireDecodeErrorQuietly(t, err, talonone.ErrTooDeep, path, len(opened))
				require.True(t, v.equal(c.new()))
				assert.Less(t, len(err.Error()), 500)
				_, isSyntaxError := errors.AsType[*json.SyntaxError](json.Unmarshal([]byte(document), c.new().pointer()))
				require.True(t, isSyntaxError, "encoding/json has the same limit")
			})
		}
	}
	// Far deeper than any limit: the depth that is refused bounds the stack.
	for _, text := range []string{strings.Repeat("[", 10_000_000), strings.Repeat(`{"a":`, 1_000_000)} {
		require.ErrorIs(t, new(talonone.Attributes).UnmarshalJSON([]byte(`{"v":`+text)), talonone.ErrTooDeep)
		require.ErrorIs(t, new(talonone.CartItem).UnmarshalJSON([]byte(`{"v":`+text)), talonone.ErrTooDeep)
	}
}

// TestEncodeDepth: what would not decode is not written.
func TestEncodeDepth(t *testing.T) {
	t.Parallel()
	nested := func(levels int, wrap func(any) any, v any) any {
		for range levels {
			v = wrap(v)
		}
		return v
	}
	for name, wrap := range map[string]func(any) any{
		"map":       func(v any) any { return map[string]any{"a": v} },
		"slice":     func(v any) any { return []any{v} },
		"named map": func(v any) any { return namedMap{"a": v} },
		"named":     func(v any) any { return namedSlice{v} },
		"attributes": func(v any) any {
			return talonone.Attributes{"a": v}
		},
		"pointer to a slice": func(v any) any { return &[]any{v} },
	} {
		t.Run(name, func(t *testing.T) {
			encode := func(v any) error { _, err := talonone.Attributes{"v": v}.AppendJSON(nil); return err }
			require.NoError(t, encode(nested(9_999, wrap, 1)))
			require.ErrorIs(t, encode(nested(10_000, wrap, 1)), talonone.ErrTooDeep)
			for _, v := range []any{json.RawMessage(`[]`), struct{}{}, talonone.Product{}} {
				require.NoError(t, encode(nested(9_998, wrap, v)))
				require.ErrorIs(t, encode(nested(9_999, wrap, v)), talonone.ErrTooDeep)
			}
		})
	}
	// The levels around it count.
	list := func(v any) any { return []any{v} }
	for levels, encode := range map[int]func(v any) error{
		2: func(v any) error {
			_, err := talonone.CustomerSessionV2{Attributes: talonone.Attributes{"v": v}}.AppendJSON(nil)
			return err
		},
		4: func(v any) error {
			_, err := talonone.CustomerSessionUpdate{CartItems: []talonone.CartItem{{Attributes: talonone.Attributes{"v": v}}}}.AppendJSON(nil)
			return err
		},
	} {
		require.NoError(t, encode(nested(10_000-levels, list, 1)))
		require.ErrorIs(t, encode(nested(10_001-levels, list, 1)), talonone.ErrTooDeep)
	}
}

// TestTimes is about RFC 3339: want is how the time is written again, "" if the text is no time.
func TestTimes(t *testing.T) {
	for _, c := range []struct{ text, want, why string }{
		{"2020-02-07T08:15:22Z", "2020-02-07T08:15:22Z", "UTC"},
		{"2020-02-07T08:15:22+01:00", "2020-02-07T08:15:22+01:00", "the offset stays"},
		{"2020-02-07T08:15:22-05:30", "2020-02-07T08:15:22-05:30", "the offset stays"},
		{"2020-02-07T08:15:22+23:59", "2020-02-07T08:15:22+23:59", "the largest offset"},
		{"2020-02-07T08:15:22-23:59", "2020-02-07T08:15:22-23:59", "the smallest offset"},
		{"2020-02-07T08:15:22+00:00", "2020-02-07T08:15:22Z", "no offset is UTC"},
		{"2020-02-07T08:15:22-00:00", "2020-02-07T08:15:22Z", "an unknown offset is UTC"},
		{"2020-02-07T08:15:22.5Z", "2020-02-07T08:15:22.5Z", "one digit"},
		{"2020-02-07T08:15:22.500Z", "2020-02-07T08:15:22.5Z", "as many digits as it needs"},
		{"2020-02-07T08:15:22.000Z", "2020-02-07T08:15:22Z", "as many digits as it needs"},
		{"2020-02-07T08:15:22.123456789Z", "2020-02-07T08:15:22.123456789Z", "nanoseconds"},
		{"2020-02-07T08:15:22.1234567891Z", "2020-02-07T08:15:22.123456789Z", "what a text has beyond is dropped"},
		{"2020-02-07T08:15:22.9999999999999999999999Z", "2020-02-07T08:15:22.999999999Z", "dropped, not rounded"},
		{"2020-02-07T08:15:22.1+01:00", "2020-02-07T08:15:22.1+01:00", "fraction and offset"},
		{"2020-02-29T00:00:00Z", "2020-02-29T00:00:00Z", "a leap year"},
		{"0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "the first year"},
		{"0001-01-01T00:00:01Z", "0001-01-01T00:00:01Z", "just not the zero time"},
		{"9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z", "the last moment"},
		{"9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59-23:59", "in UTC that is the year 10000"},
		{"0000-01-01T00:00:00+23:59", "0000-01-01T00:00:00+23:59", "in UTC that is before the year 0"},

		{"", "", "no time"},
		{"2020-02-07", "", "a date alone"},
		{"08:15:22Z", "", "a time of day alone"},
		{"2020-02-07T08:15:22", "", "no offset"},
		{"2020-02-07T08:15Z", "", "no seconds"},
		{"2020-02-07T08:15:22.Z", "", "no digit after the point"},
		{"2020-02-07T08:15:22,5Z", "", "a comma, which time.Parse takes"},
		{"2020-02-07 08:15:22Z", "", "a space for the T"},
		{"2020-02-07t08:15:22Z", "", "a lower case t"},
		{"2020-02-07T08:15:22z", "", "a lower case z"},
		{"2020-02-07T08:15:22+0100", "", "no colon in the offset"},
		{"2020-02-07T08:15:22+01", "", "half an offset"},
		{"2020-02-07T08:15:22+24:00", "", "an offset of a day, which time.Parse takes"},
		{"2020-02-07T08:15:22+01:60", "", "60 minutes"},
		{"2020-02-07T8:15:22Z", "", "an hour of one digit, which time.Parse takes"},
		{"2020-2-7T08:15:22Z", "", "a month of one digit"},
		{"20-02-07T08:15:22Z", "", "a year of two digits"},
		{"12020-02-07T08:15:22Z", "", "a year of five digits"},
		{"-020-02-07T08:15:22Z", "", "a year before 0"},
		{"2020-02-30T08:15:22Z", "", "30 February"},
		{"2021-02-29T08:15:22Z", "", "not a leap year"},
		{"2020-13-07T08:15:22Z", "", "month 13"},
		{"2020-00-07T08:15:22Z", "", "month 0"},
		{"2020-02-00T08:15:22Z", "", "day 0"},
		{"2020-02-07T24:00:00Z", "", "hour 24"},
		{"2020-02-07T08:60:22Z", "", "minute 60"},
		{"2020-02-07T08:15:61Z", "", "second 61"},
		{"2020-02-07T08:15:22Z ", "", "space after"},
		{" 2020-02-07T08:15:22Z", "", "space before"},
		{"2020-02-07T08:15:22ZZ", "", "text after"},
		{"2020-02-07T08:15:22+01:00Z", "", "two offsets"},
		{"20200207T081522Z", "", "the short form of ISO 8601"},
		{"1581063322", "", "seconds since 1970"},
		{"Fri, 07 Feb 2020 08:15:22 GMT", "", "as HTTP writes it"},
		{"２０２０-02-07T08:15:22Z", "", "full-width digits"},
	} {
		for _, p := range []place{
			{"session", `{"created":`, `,"id":1}`, "/created", newModel[talonone.CustomerSessionV2], func(v any) any { return session(v).Created }},
			{"item", `{"cartItems":[{"adjustmentEffectiveUntil":`, `}]}`, "/cartItems/0/adjustmentEffectiveUntil", newModel[talonone.CustomerSessionUpdate],
				func(v any) any { return sessionUpdate(v).CartItems[0].AdjustmentEffectiveUntil }},
			{"price", `{"adjustmentEffectiveFrom":`, `}`, "/adjustmentEffectiveFrom", newModel[talonone.PriceDetail],
				func(v any) any { return v.(*talonone.PriceDetail).AdjustmentEffectiveFrom }},
		} {
			t.Run(p.name+" "+c.text, func(t *testing.T) {
				var reason error
				if c.want == "" {
					reason = wrong
				}
				testCase(t, p, `"`+c.text+`"`, false, reason, "", "", func(t *testing.T, got any) {
					assert.Equal(t, c.want, got.(time.Time).Format(time.RFC3339Nano))
					written := encode(t, talonone.PriceDetail{AdjustmentEffectiveFrom: got.(time.Time)})
					assert.Equal(t, `{"adjustmentEffectiveFrom":"`+c.want+`"}`, written)
				})
			})
		}
		got, ok := talonone.Attributes{"t": c.text}.Time("t")
		assert.Equal(t, c.want != "", ok, "%s: %s", c.text, c.why)
		if ok {
			assert.Equal(t, c.want, got.Format(time.RFC3339Nano), c.why)
		}
	}
}

// TestErrorTexts: an error shows at most 64 bytes of the input and 256 of the path, quoted; the path itself is whole.
func TestErrorTexts(t *testing.T) {
	const secret = "secret-4711"
	long := strings.Repeat(secret+"€", 100_000)
	const frame = len(`talonone: decode ""... at offset 18446744073709551615: `) + 100
	for _, c := range []struct {
		name, before, text, path string
		reason                   error
	}{
		{"long name", `{"` + long + `":`, `x}`, "/" + long, syntax},
		{"name of a cost", `{"additionalCosts":{"` + long + `":`, `1}}`, "/additionalCosts/" + long, wrong},
		{"text for a number", `{"total":`, `"` + secret + `"}`, "/total", wrong},
		{"long text for a number", `{"total":`, `"` + long + `"}`, "/total", wrong},
		{"long number", `{"total":`, strings.Repeat("4711", 10_000) + `}`, "/total", outOfRange},
		{"text for a time", `{"created":`, `"` + secret + `"}`, "/created", wrong},
		{"text for an array", `{"couponCodes":`, `"` + secret + `"}`, "/couponCodes", wrong},
		{"object for a text", `{"integrationId":`, `{"` + secret + `":"` + secret + `"}}`, "/integrationId", wrong},
		{"name twice", `{"a":1,`, `"a":"` + secret + `"}`, "/a", duplicate},
		{"long name twice", `{"` + long + `":1,`, `"` + long + `":2}`, "/" + long, duplicate},
		{"invalid UTF-8 in a text", `{"integrationId":`, `"` + secret + "\xff\"}", "/integrationId", invalid},
		{"lone surrogate", `{"integrationId":`, `"` + secret + `\ud800"}`, "/integrationId", invalid},
		{"word", `{"x":`, secret + `}`, "/x", syntax},
		{"text after the value", `{}`, secret, "", syntax},
		{"control character", `{"integrationId":"` + secret, "\x01\"}", "/integrationId", syntax},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := new(talonone.CustomerSessionV2).UnmarshalJSON([]byte(c.before + c.text))
			requireDecodeErrorQuietly(t, err, c.reason, c.path, len(c.before))
			// A byte may take four to quote.
			assert.LessOrEqual(t, len(err.Error()), 4*min(256, len(c.path))+4*64+frame)
			assert.True(t, utf8.ValidString(err.Error()))
			if !strings.Contains(c.path, secret) {
				assert.NotContains(t, err.Error(), secret)
				assert.NotContains(t, err.Error(), "47")
			}
			assert.False(t, strings.ContainsAny(err.Error(), "\n\r\x00\x01"), "one line")
		})
	}

	for _, c := range []struct {
		name string
		v    anyModel
		path string
	}{
		{"long name", &boxed[talonone.Attributes]{talonone.Attributes{long: math.NaN()}}, "/" + long},
		{"name that is no UTF-8", &boxed[talonone.Attributes]{talonone.Attributes{long + "\xff": 1}}, "/" + long + "\xff"},
		{"text that is no UTF-8", &boxed[talonone.CartItem]{talonone.CartItem{SKU: secret + "\xff"}}, "/sku"},
		{"json.Number", &boxed[talonone.Attributes]{talonone.Attributes{"n": json.Number(secret)}}, "/n"},
		{"Extra", &boxed[talonone.CartItem]{talonone.CartItem{Extra: map[string]raw{"x": raw(secret)}}}, "/x"},
		{"foreign error", &boxed[talonone.Attributes]{talonone.Attributes{"f": failing{}}}, "/f"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.v.MarshalJSON()
			encodeError, ok := err.(*talonone.EncodeError)
			require.True(t, ok)
			require.True(t, c.path == encodeError.Path)
			assert.LessOrEqual(t, len(err.Error()), 4*min(256, len(c.path))+4*64+frame)
			assert.True(t, utf8.ValidString(err.Error()))
			if !strings.Contains(c.path, secret) {
				assert.NotContains(t, err.Error(), "secret")
			}
		})
	}
}

// TestErrorsUnwrap: an error leads to its reason, and to nothing else.
func TestErrorsUnwrap(t *testing.T) {
	err := new(talonone.CartItem).UnmarshalJSON([]byte(`{"sku":1}`))
	decodeError, ok := errors.AsType[*talonone.DecodeError](err)
	require.True(t, ok)
	assert.ErrorIs(t, decodeError.Err, talonone.ErrWrongType)
	assert.Equal(t, decodeError.Err, errors.Unwrap(err))
	assert.Equal(t, talonone.ErrWrongType, reasonOf(t, err))
	_, err = talonone.CartItem{SKU: "\xff"}.MarshalJSON()
	encodeError, ok := errors.AsType[*talonone.EncodeError](err)
	require.True(t, ok)
	assert.ErrorIs(t, encodeError.Err, talonone.ErrInvalidUTF8)
	assert.Equal(t, encodeError.Err, errors.Unwrap(err))
	assert.Equal(t, talonone.ErrInvalidUTF8, reasonOf(t, err))
}

// Each turn of these passes through encoding/json and through a MarshalJSON of ours, which begins a new document.
func TestValuesThatHoldThemselvesThroughForeignTypes(t *testing.T) {
	type holder struct{ A talonone.Attributes }
	type itemHolder struct{ I talonone.CartItem }
	for name, hold := range map[string]func(a talonone.Attributes) any{
		"array":             func(a talonone.Attributes) any { return [1]any{a} },
		"array of ours":     func(a talonone.Attributes) any { return [1]talonone.Attributes{a} },
		"map by number":     func(a talonone.Attributes) any { return map[int]talonone.Attributes{1: a} },
		"struct":            func(a talonone.Attributes) any { return holder{a} },
		"pointer":           func(a talonone.Attributes) any { return &holder{a} },
		"struct of a model": func(a talonone.Attributes) any { return itemHolder{talonone.CartItem{Attributes: a}} },
		"array of a model":  func(a talonone.Attributes) any { return [1]talonone.CartItem{{Attributes: a}} },
	} {
		t.Run(name, func(t *testing.T) {
			a := talonone.Attributes{}
			a["x"] = hold(a)
			_, err := a.MarshalJSON()
			require.ErrorIs(t, err, talonone.ErrTooDeep)
			require.ErrorIs(t, talonone.CustomerSessionUpdate{Attributes: a}.Validate(), talonone.ErrTooDeep)

			good := talonone.Attributes{"x": hold(talonone.Attributes{"y": 1})}
			_, err = good.MarshalJSON()
			require.NoError(t, err)
		})
	}
}

// parent points back, which its own encoding leaves out.
type parent struct {
	Child *child
}

type child struct {
	Parent *parent
}

func (c *child) MarshalJSON() ([]byte, error) { return []byte(`"child"`), nil }

func TestForeignEncodingIsItsOwnAffair(t *testing.T) {
	p := &parent{Child: &child{}}
	p.Child.Parent = p
	text, err := talonone.Attributes{"p": p}.AppendJSON(nil)
	require.NoError(t, err)
	require.Equal(t, `{"p":{"Child":"child"}}`, string(text))
}
