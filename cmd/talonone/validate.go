package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/talonone-go/talonone"
)

var validateCommand = command{
	name:    "validate",
	args:    " [file ...]",
	summary: "check carts against the rules and limits of the API",
	about: `It prints each problem as file:line:column: pointer: message. Lines and columns begin at 1; columns count characters.
If there is no file, or if a file is "-", the command reads standard input.

The outermost value decides how a file is read:
  an array                                       a list of cart items
  an object with customerSession                 the value of that member, as in a request or an answer
  an object with integrationId, applicationId,   a session, as the API returns it
  firstSession or total
  any other object                               an update, as a request has it in customerSession
No member of an update is required, so it breaks fewer rules than a session. An object with only unknown members is not valid.
If this guess is wrong, use -as.

Exit codes: 0 every file is valid, 1 a file is not valid, 2 usage error, or reading or writing failed.
`,
	run: (*cli).validate,
}

// The kinds of documents that can be validated.
const (
	kindAny     = "auto"
	kindItems   = "items"
	kindRequest = "request"
	kindSession = "session"
	kindUpdate  = "update"
)

var kinds = []string{kindAny, kindItems, kindRequest, kindSession, kindUpdate}

// verdict is the result for one file, as -json prints it.
type verdict struct {
	File     string    `json:"file"`
	Kind     string    `json:"kind"` // how the file was read
	Valid    bool      `json:"valid"`
	Problems []problem `json:"problems"`
	Omitted  int       `json:"omitted"` // how many problems are not listed
}

func (c *cli) validate(_ context.Context, args []string) int {
	asJSON := c.flags.Bool("json", false, "print a JSON array with one object for each file")
	catalog := c.flags.Bool("catalog-prices", false, "accept items without a price, because a catalog has it")
	kind := kindAny
	c.flags.Func("as", "read every file as `kind`: "+strings.Join(kinds[1:], ", "), func(value string) error {
		if !slices.Contains(kinds, value) {
			return errors.New("want one of " + strings.Join(kinds, ", "))
		}
		kind = value
		return nil
	})
	if code, done := c.parse(args); done {
		return code
	}
	var options []talonone.ValidateOption
	if *catalog {
		options = append(options, talonone.CatalogPrices())
	}

	names := c.flags.Args()
	if len(names) == 0 {
		names = []string{"-"}
	}
	verdicts := []verdict{}
	var text strings.Builder
	code := exitOK
	for _, name := range names {
		s, err := c.read(name)
		if err != nil {
			code = c.fail(err)
			continue
		}
		v := s.validate(kind, options)
		if !v.Valid {
			code = max(code, exitInvalid)
		}
		verdicts = append(verdicts, v)
		text.WriteString(s.lines())
		switch {
		case v.Omitted > 0:
			fmt.Fprintf(&text, "%s: and %d more problems\n", oneLine(s.name), v.Omitted)
		case v.Valid:
			fmt.Fprintf(&text, "%s: valid (read as %s)\n", oneLine(s.name), v.Kind)
		}
	}
	if *asJSON {
		return max(c.printJSON(verdicts), code)
	}
	return max(c.print(text.String(), code), code)
}

// printJSON prints a value as indented JSON.
func (c *cli) printJSON(v any) int {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return c.fail(err)
	}
	return c.print(string(text)+"\n", exitOK)
}

// validate checks the text and returns the result.
func (s *source) validate(kind string, options []talonone.ValidateOption) verdict {
	v := verdict{File: s.name, Kind: kind}
	if s.syntax() {
		v.Kind, v.Omitted = s.check(kind, options)
	}
	s.place()
	v.Problems = append([]problem{}, s.problems...)
	v.Valid = len(v.Problems) == 0
	return v
}

// check adds the problems of a document that is JSON. It returns the kind that the document was read as, and the number of
// problems that are not listed.
func (s *source) check(kind string, options []talonone.ValidateOption) (readAs string, omitted int) {
	value := s.outermost()
	if kind == kindAny {
		kind = value.kind()
		if kind == kindUpdate && value.isForeign() {
			s.add(value.offset, "", talonone.ErrWrongType, "none of its members belongs to a session or an update")
			return kind, 0
		}
	}
	readAs = kind
	if kind == kindRequest {
		inner, ok := value.members()["customerSession"]
		if !ok {
			s.add(value.offset, "", talonone.ErrWrongType, "want an object with customerSession")
			return readAs, 0
		}
		inner.pointer = "/customerSession"
		if value, kind = inner, kindUpdate; value.kind() == kindSession {
			kind = kindSession
		}
	}
	if value.text[0] == 'n' { // null, which the models accept and leave unchanged
		s.add(value.offset, value.pointer, talonone.ErrWrongType, "want a value, got null")
		return readAs, 0
	}
	err := value.validate(kind, options)
	if broken, ok := errors.AsType[*talonone.ValidationError](err); ok {
		s.violations(broken, value.pointer)
		return readAs, broken.Omitted
	}
	if err != nil {
		s.undecodable(err, value)
	}
	return readAs, 0
}

// kind guesses what a value is.
func (v part) kind() string {
	if v.text[0] == '[' {
		return kindItems
	}
	members := v.members()
	if _, ok := members["customerSession"]; ok {
		return kindRequest
	}
	for _, name := range []string{"integrationId", "applicationId", "firstSession", "total"} { // required in a session of the API
		if _, ok := members[name]; ok {
			return kindSession
		}
	}
	return kindUpdate
}

// isForeign reports whether an object has members, but none of an update. It is then another document, or a name is misspelt.
func (v part) isForeign() bool {
	var u talonone.CustomerSessionUpdate
	return u.UnmarshalJSON(v.text) == nil && len(u.Extra) > 0 && u.Equal(talonone.CustomerSessionUpdate{Extra: u.Extra})
}

// validate decodes the value as a document of this kind, and applies the rules. Paths and offsets in its errors start at the value.
func (v part) validate(kind string, options []talonone.ValidateOption) error {
	switch kind {
	case kindItems:
		return v.validateItems(options)
	case kindSession:
		var session talonone.CustomerSessionV2
		if err := session.UnmarshalJSON(v.text); err != nil {
			return err
		}
		return session.Validate(options...)
	}
	var update talonone.CustomerSessionUpdate
	if err := update.UnmarshalJSON(v.text); err != nil {
		return err
	}
	return update.Validate(options...)
}

// validateItems decodes a list of items as the cart of an update, and applies the rules of items.
func (v part) validateItems(options []talonone.ValidateOption) error {
	const before, pointer = `{"cartItems":`, "/cartItems"
	var update talonone.CustomerSessionUpdate
	err := update.UnmarshalJSON([]byte(before + string(v.text) + "}"))
	if e, ok := errors.AsType[*talonone.DecodeError](err); ok {
		return &talonone.DecodeError{
			Path: strings.TrimPrefix(e.Path, pointer), Offset: e.Offset - int64(len(before)), Err: e.Err,
		}
	}
	err = talonone.ValidateCartItems(update.CartItems, options...)
	if broken, ok := errors.AsType[*talonone.ValidationError](err); ok {
		for i := range broken.Violations {
			broken.Violations[i].Path = strings.TrimPrefix(broken.Violations[i].Path, pointer)
		}
	}
	return err
}

// violations adds the rules that the value at pointer breaks.
func (s *source) violations(broken *talonone.ValidationError, pointer string) {
	for _, violation := range broken.Violations {
		message := violation.Rule.Error()
		if violation.Detail != "" {
			message += ": " + violation.Detail
		}
		s.add(0, pointer+violation.Path, violation.Rule, message)
	}
	s.locate(s.problems)
}
