package integration

import "unicode/utf8"

// checkSessionID refuses the IDs that cannot be the segment of a path.
func checkSessionID(id string) error {
	switch {
	case id == "":
		return invalidRequest("", "an empty session ID")
	case id == "." || id == "..":
		// A server or a proxy would take it as a step in the path, however it is encoded.
		return invalidRequest("", `a session ID of "." or ".."`)
	case !utf8.ValidString(id):
		return invalidRequest("", "a session ID that is not valid UTF-8")
	}
	return nil
}

// appendEscaped appends s with everything percent-encoded but the unreserved characters of RFC 3986. url.PathEscape
// leaves $ & + = : and @ as they are, which the API does not want.
func appendEscaped(dst []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_', c == '~':
			dst = append(dst, c)
		default:
			dst = append(dst, '%', hex[c>>4], hex[c&0xF])
		}
	}
	return dst
}
