package jsonwire

import (
	"strings"
	"time"
)

// ParseTime reads RFC 3339, of which time.Parse is more tolerant than the standard: it takes a comma for the point, one
// digit for the hour and an offset of any size.
func ParseTime(s string) (time.Time, bool) {
	const layout = "0000-00-00T00:00:00"
	if len(s) <= len(layout) || !shaped(s[:len(layout)], layout) {
		return time.Time{}, false
	}
	zone := s[len(layout):]
	if zone[0] == '.' {
		zone = strings.TrimLeft(zone[1:], "0123456789")
	}
	if zone != "Z" && (!shaped(zone, "+00:00") && !shaped(zone, "-00:00") || zone[1:3] > "23" || zone[4:] > "59") {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	return t, err == nil
}

// shaped reports whether s has a digit wherever the shape has a 0, and is the same elsewhere.
func shaped(s, shape string) bool {
	if len(s) != len(shape) {
		return false
	}
	for i := range len(s) {
		if shape[i] == '0' && (s[i] < '0' || s[i] > '9') || shape[i] != '0' && s[i] != shape[i] {
			return false
		}
	}
	return true
}

// AppendTime appends t as an RFC 3339 string, with as many fractional digits as it needs. It returns ErrOutOfRange, and
// dst as it was, for a year or an offset that RFC 3339 cannot express.
func AppendTime(dst []byte, t time.Time) ([]byte, error) {
	t, ok := inRFC3339(t)
	if !ok {
		return dst, ErrOutOfRange
	}
	dst = append(dst, '"')
	dst = t.AppendFormat(dst, time.RFC3339Nano)
	return append(dst, '"'), nil
}

// TimeFits reports whether [AppendTime] takes t.
func TimeFits(t time.Time) bool {
	_, ok := inRFC3339(t)
	return ok
}

// inRFC3339 returns t in a zone that RFC 3339 can express. ok is false if it cannot express t.
func inRFC3339(t time.Time) (_ time.Time, ok bool) {
	_, offset := t.Zone()
	if offset%60 != 0 { // as zones had before they were standardized: RFC 3339 has no seconds there
		t = t.UTC()
		offset = 0
	}
	y := t.Year()
	return t, 0 <= y && y <= 9999 && -24*60*60 < offset && offset < 24*60*60
}
