package integration

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkSessionID refuses IDs that cannot be a segment of a path.
func checkSessionID(id string) error {
	switch {
	case id == "":
		return invalidRequest("", "an empty session ID")
	case id == "." || id == "..":
		// A server or a proxy would resolve it as a relative path, even if it is encoded.
		return invalidRequest("", `a session ID of "." or ".."`)
	case !utf8.ValidString(id):
		return invalidRequest("", "a session ID that is not valid UTF-8")
	}
	return nil
}

// splitPath checks the path of a [Request] and returns its segments, unescaped.
func splitPath(path string) (segments []string, err error) {
	if !strings.HasPrefix(path, "/v1/") && !strings.HasPrefix(path, "/v2/") {
		return nil, invalidRequest("", `a path that does not begin with "/v1/" or "/v2/"`)
	}
	for i := range len(path) {
		if c := path[i]; !pathCharacter(c) {
			return nil, invalidRequest("", "a path with a query, a fragment or a character that must be escaped: see url.PathEscape")
		}
	}
	for escaped := range strings.SplitSeq(path[1:], "/") {
		segment, err := url.PathUnescape(escaped)
		switch {
		case err != nil:
			return nil, invalidRequest("", "a path with an escape that is not valid: see url.PathEscape")
		case segment == "":
			return nil, invalidRequest("", "a path with an empty segment: is an identifier empty?")
		case !utf8.ValidString(segment):
			return nil, invalidRequest("", "a path that is not valid UTF-8")
		case strings.ContainsFunc(segment, unicode.IsControl):
			return nil, invalidRequest("", "a path with a control character")
		}
		// A server or a proxy may resolve it as a relative path, even if it and its slashes are encoded.
		for part := range strings.FieldsFuncSeq(segment, func(r rune) bool { return r == '/' || r == '\\' }) {
			if part == "." || part == ".." {
				return nil, invalidRequest("", `a path with "." or ".." in it`)
			}
		}
		segments = append(segments, segment)
	}
	if use := sessionMethod(segments); use != "" {
		return nil, invalidRequest("", "a path of an operation that has a method of its own: use "+use)
	}
	return segments, nil
}

// pathCharacter reports whether RFC 3986 allows c in a path. It accepts a percent sign without checking the escape.
func pathCharacter(c byte) bool {
	return unreserved(c) || strings.IndexByte("/%!$&'()*+,;=:@", c) >= 0
}

// sessionMethod returns the names of the Client methods that send requests to a path, or "".
func sessionMethod(segments []string) string {
	if len(segments) < 3 || segments[0] != "v2" || segments[1] != "customer_sessions" {
		return ""
	}
	switch rest := segments[3:]; {
	case len(rest) == 0:
		return "GetCustomerSession or UpdateCustomerSession"
	case len(rest) == 1 && "/"+rest[0] == reopenSession.suffix:
		return "ReopenCustomerSession"
	case len(rest) == 1 && "/"+rest[0] == returnItems.suffix:
		return "ReturnCartItems"
	}
	return ""
}

// unreserved reports whether c is an unreserved character of RFC 3986, which needs no escape.
func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

// appendEscaped appends s and percent-encodes everything except the unreserved characters of RFC 3986. url.PathEscape does not
// encode $ & + = : and @, but the API demands it.
func appendEscaped(dst []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		if c := s[i]; unreserved(c) {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', hex[c>>4], hex[c&0xF])
		}
	}
	return dst
}
