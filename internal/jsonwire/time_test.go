package jsonwire

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var rfc3339 = regexp.MustCompile(`\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)\z`)

// sameTime compares ParseTime with time.Parse, for texts that have the form that the standard demands.
func sameTime(t *testing.T, text string) {
	want, err := time.Parse(time.RFC3339Nano, text)
	wanted := err == nil && rfc3339.MatchString(text)
	got, ok := ParseTime(text)
	require.Equal(t, wanted, ok, "%q", text)
	fromBytes, okBytes := ParseTime([]byte(text))
	require.Equal(t, ok, okBytes)
	if !ok {
		return
	}
	require.True(t, want.Equal(got), "%q: %s, not %s", text, got, want)
	require.True(t, got.Equal(fromBytes))
	_, wantOffset := want.Zone()
	_, offset := got.Zone()
	require.Equal(t, wantOffset, offset, "%q", text)
	require.Equal(t, want.Location() == time.UTC, got.Location() == time.UTC, "%q", text)
	written, err := AppendTime(nil, got)
	require.NoError(t, err)
	again, ok := ParseTime(strings.Trim(string(written), `"`))
	require.True(t, ok && again.Equal(got), "%q is written as %s", text, written)
}

// TestParseTimeLikeTimeParse combines dates, clocks, fractions and zones, good and bad ones.
func TestParseTimeLikeTimeParse(t *testing.T) {
	taken := 0
	for _, date := range []string{
		"2026-02-03", "2024-02-29", "2023-02-29", "2000-02-29", "1900-02-29", "2026-02-30", "2026-04-31", "2026-12-31", "2026-00-01", "2026-13-01", "2026-01-00",
		"2026-01-32", "0000-01-01", "0000-02-29", "0001-01-01", "9999-12-31", "1969-12-31", "10000-01-01", "-001-01-01", "2026-2-3", "2026/02/03", "20260203", "2026-02-3a", "２026-02-03", "",
	} {
		for _, clock := range []string{
			"T12:34:56", "T00:00:00", "T23:59:59", "T24:00:00", "T23:60:00", "T23:59:60", "T23:59:61", "T1:02:03", "t12:34:56", " 12:34:56", "T12:34", "T12-34-56", "T123456", "T12:34:5", "T99:99:99", "",
		} {
			for _, fraction := range []string{
				"", ".", ".5", ".0", ".000000001", ".123456789", ".1234567899", ".9999999999", ".999999999999999999999999", ",5", ".5a", ".-5", ". 5", ".5.5", " ",
			} {
				for _, zone := range []string{
					"Z", "z", "+00:00", "-00:00", "+01:00", "-07:30", "+23:59", "-23:59", "+24:00", "+12:60", "+1:00", "+0100", "01:00", "+01:00Z", "ZZ", "", "+aa:00", "Z ", " Z",
				} {
					text := date + clock + fraction + zone
					sameTime(t, text)
					if _, ok := ParseTime(text); ok {
						taken++
					}
				}
			}
		}
	}
	require.Greater(t, taken, 100)
}

// TestParseTimeEveryDay reads each day of four years, and days that there are not.
func TestParseTimeEveryDay(t *testing.T) {
	day := time.Date(2023, 1, 1, 23, 59, 59, 999_999_999, time.UTC)
	for ; day.Year() < 2027; day = day.AddDate(0, 0, 1) {
		text := day.Format(time.RFC3339Nano)
		got, ok := ParseTime(text)
		require.True(t, ok, text)
		require.Equal(t, day, got)
		for _, other := range []string{"00", "29", "30", "31", "32"} {
			sameTime(t, text[:8]+other+text[10:])
		}
	}
}

func FuzzParseTime(f *testing.F) {
	for _, text := range []string{
		"2026-02-03T12:34:56Z", "2024-02-29T23:59:59.999999999Z", "2026-02-30T00:00:00Z", "0000-12-31T00:00:00.1234567890Z", "2026-02-03T12:34:56+23:59", "2026-02-03T12:34:56.5-07:00", "2026-02-03T12:34:60Z", "2026-02-03T1:34:56Z",
		"2026-02-03T12:34:56,5Z",
	} {
		f.Add(text)
	}
	f.Fuzz(sameTime)
}
