package jsonwire

import (
	"strconv"
	"strings"
)

// Pointer returns the JSON Pointer (RFC 6901) of the value, or of the member's name, at offset in text. A Reader must have
// accepted the text before offset. A Reader does not track its path. Pointer walks the text a second time, but only if there is
// an error.
func Pointer(text []byte, offset int) string {
	type level struct {
		array bool
		index int    // of the element, in an array
		name  string // of the member, in an object
		named bool   // name is that of the current member
	}
	var (
		levels []level
		r      Reader
	)
	r.Reset(text)
	for r.err == nil {
		c := r.Peek()
		isName := c == '"' && len(levels) > 0 && !levels[len(levels)-1].array && !levels[len(levels)-1].named
		if c == 0 || r.pos > offset || r.pos == offset && !isName {
			break
		}
		switch {
		case c == '{' || c == '[':
			levels = append(levels, level{array: c == '['})
			r.pos++
		case c == '}' || c == ']':
			levels = levels[:len(levels)-1]
			r.pos++
		case c == ',':
			top := &levels[len(levels)-1]
			top.index++
			top.named = false
			r.pos++
		case c == ':':
			r.pos++
		case isName:
			top := &levels[len(levels)-1]
			top.name = string(r.String())
			top.named = r.err == nil
		default:
			r.Skip()
		}
	}
	var p []byte
	for _, l := range levels {
		switch {
		case l.array:
			p = AppendPointer(p, strconv.Itoa(l.index))
		case l.named:
			p = AppendPointer(p, l.name)
		}
	}
	return string(p)
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// AppendPointer appends one reference token to a JSON Pointer.
func AppendPointer(dst []byte, token string) []byte {
	dst = append(dst, '/')
	return append(dst, pointerEscaper.Replace(token)...)
}
