package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// A source is a JSON file or standard input, with the problems found in it.
type source struct {
	name     string
	text     []byte // without a byte order mark
	problems []problem
}

// A problem is one error at one place of a source.
type problem struct {
	Line    int    `json:"line"`   // from 1
	Column  int    `json:"column"` // in characters, from 1
	Pointer string `json:"pointer"`
	Rule    string `json:"rule,omitempty"` // one of ruleNames
	Message string `json:"message"`

	offset int
}

// read reads a file, or standard input if the name is "-".
func (c *cli) read(name string) (*source, error) {
	s := &source{name: name}
	var err error
	if name == "-" {
		s.name = "standard input"
		s.text, err = io.ReadAll(c.stdin)
	} else {
		s.text, err = os.ReadFile(name)
	}
	s.text = bytes.TrimPrefix(s.text, []byte("\ufeff"))
	return s, err
}

// ruleNames are the values of "rule" in JSON. Programs compare them, so they never change.
var ruleNames = []struct {
	name string
	err  error
}{
	{"syntax", talonone.ErrSyntax},
	{"wrongType", talonone.ErrWrongType},
	{"outOfRange", talonone.ErrOutOfRange},
	{"duplicateName", talonone.ErrDuplicateName},
	{"invalidUTF8", talonone.ErrInvalidUTF8},
	{"tooDeep", talonone.ErrTooDeep},
	{"required", talonone.ErrRequired},
	{"tooManyCartItems", talonone.ErrTooManyCartItems},
	{"flattenedQuantityExceeded", talonone.ErrFlattenedQuantityExceeded},
	{"invalidQuantity", talonone.ErrInvalidQuantity},
	{"unknownState", talonone.ErrUnknownState},
	{"stateNotSettable", talonone.ErrStateNotSettable},
	{"tooManyLoyaltyCards", talonone.ErrTooManyLoyaltyCards},
	{"tooManyIdentifiers", talonone.ErrTooManyIdentifiers},
	{"tooLong", talonone.ErrTooLong},
	{"emptyValue", talonone.ErrEmptyValue},
}

func ruleName(err error) string {
	for _, rule := range ruleNames {
		if errors.Is(err, rule.err) {
			return rule.name
		}
	}
	return ""
}

func (s *source) add(offset int, pointer string, err error, message string) {
	s.problems = append(s.problems, problem{offset: offset, Pointer: pointer, Rule: ruleName(err), Message: message})
}

// A part is a value in a source. Its text has no white space around it.
type part struct {
	text    []byte
	offset  int
	pointer string
}

// outermost returns the outermost value of the source. The text must be JSON.
func (s *source) outermost() part {
	var r jsonwire.Reader
	r.Reset(s.text)
	start := r.Mark().Offset()
	return part{text: r.Skip(), offset: start}
}

// members returns the members of an object, or nil if the value is not an object.
func (v part) members() map[string]part {
	if v.text[0] != '{' {
		return nil
	}
	members := map[string]part{}
	var r jsonwire.Reader
	r.Reset(v.text)
	r.Open('{')
	for first := true; ; first = false {
		name, ok := r.Member(first)
		if !ok {
			return members
		}
		key, at := string(name), v.offset+r.Mark().Offset()
		members[key] = part{text: r.Skip(), offset: at, pointer: string(jsonwire.AppendPointer([]byte(v.pointer), key))}
	}
}

// syntax reports whether the text is JSON. If it is not, syntax adds the problem.
func (s *source) syntax() bool {
	var r jsonwire.Reader
	r.Reset(s.text)
	r.Skip()
	r.End()
	err := r.Err()
	if err != nil {
		s.add(err.Offset, err.Pointer(s.text), err, err.Error())
	}
	return err == nil
}

// undecodable adds the error that decoding a part returned.
func (s *source) undecodable(err error, value part) {
	if e, ok := errors.AsType[*talonone.DecodeError](err); ok {
		s.add(value.offset+int(e.Offset), value.pointer+e.Path, e, e.Err.Error())
		return
	}
	s.add(value.offset, value.pointer, err, err.Error())
}

// locate sets the offsets of problems that have only a pointer. A missing member gets the offset of the object that lacks it.
func (s *source) locate(problems []problem) {
	offsets := map[string]int{}
	for _, p := range problems {
		pointer := p.Pointer
		for { // the value and all values around it
			if _, known := offsets[pointer]; known {
				break
			}
			offsets[pointer] = -1
			pointer = parent(pointer)
		}
	}
	var r jsonwire.Reader
	r.Reset(s.text)
	walk(&r, nil, offsets)
	for i := range problems {
		pointer := problems[i].Pointer
		for offsets[pointer] < 0 {
			pointer = parent(pointer)
		}
		problems[i].offset = offsets[pointer]
	}
}

// parent returns the pointer to the object or array that contains a value. For the outermost value, it returns "".
func parent(pointer string) string { return pointer[:max(strings.LastIndexByte(pointer, '/'), 0)] }

// walk reads the next value, whose pointer is path. It sets the offset of each pointer that is a key of offsets.
func walk(r *jsonwire.Reader, path []byte, offsets map[string]int) {
	kind := r.Peek()
	if _, wanted := offsets[string(path)]; !wanted {
		r.Skip()
		return
	}
	offsets[string(path)] = r.Offset()
	switch kind {
	case '{':
		r.Open('{')
		for first := true; ; first = false {
			name, ok := r.Member(first)
			if !ok {
				return
			}
			walk(r, jsonwire.AppendPointer(path, string(name)), offsets)
		}
	case '[':
		r.Open('[')
		for i := 0; r.Element(i == 0); i++ {
			walk(r, strconv.AppendInt(append(path, '/'), int64(i), 10), offsets)
		}
	default:
		r.Skip()
	}
}

// place sorts the problems by offset, and sets their lines and columns.
func (s *source) place() {
	slices.SortStableFunc(s.problems, func(a, b problem) int { return cmp.Compare(a.offset, b.offset) })
	line, column, at := 1, 1, 0
	for i := range s.problems {
		between := s.text[at:s.problems[i].offset]
		if newline := bytes.LastIndexByte(between, '\n'); newline >= 0 {
			line += bytes.Count(between, []byte("\n"))
			column = 1
			between = between[newline+1:]
		}
		column += utf8.RuneCount(between)
		at = s.problems[i].offset
		s.problems[i].Line, s.problems[i].Column = line, column
	}
}

// lines returns the problems as file:line:column: pointer: message, a form that editors know. Call place first.
func (s *source) lines() string {
	var b strings.Builder
	for _, p := range s.problems {
		fmt.Fprintf(&b, "%s:%d:%d: ", oneLine(s.name), p.Line, p.Column)
		if p.Pointer != "" {
			b.WriteString(oneLine(p.Pointer) + ": ")
		}
		b.WriteString(oneLine(p.Message) + "\n")
	}
	return b.String()
}
