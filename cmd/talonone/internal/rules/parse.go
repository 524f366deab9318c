package rules

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// This file has the errors, Parse, the functions that read the parts of a file, and the decoder. The decoder collects problems and
// continues after each.

// The errors in a file, in addition to those that a [talonone.DecodeError] wraps.
var (
	// ErrUnknownMember is the error for a member that a file cannot have at its place.
	ErrUnknownMember = errors.New("unknown member")
	// ErrRequired is the error for an object that lacks a member.
	ErrRequired = errors.New("required")
	// ErrInvalidValue is the error for a value of the right type that is not allowed.
	ErrInvalidValue = errors.New("invalid value")
	// ErrConflict is the error for members that exclude each other.
	ErrConflict = errors.New("conflict")
)

// A Problem is one error in a file. Its text is for people and may change.
type Problem struct {
	// Offset is the position, from 0, of the first byte of the bad value or name, or of the byte that breaks the syntax.
	Offset int
	// Pointer is a JSON Pointer (RFC 6901) to the bad value.
	Pointer string
	// Err wraps [ErrUnknownMember], [ErrRequired], [ErrInvalidValue], [ErrConflict], or an error that [talonone.DecodeError] can
	// wrap.
	Err error
}

// Error returns the pointer, cut at 256 characters, and the text of Err.
func (p Problem) Error() string { return fmt.Sprintf("rules: %.256q: %v", p.Pointer, p.Err) }

// Unwrap returns Err.
func (p Problem) Unwrap() error { return p.Err }

// An Error has the problems of a file, in the order of the file, at most 100. Parse checks nothing after a syntax error.
type Error struct{ Problems []Problem }

const maxProblems = 100

// Error returns the text of the first problem and the number of further problems.
func (e *Error) Error() string {
	if more := len(e.Problems) - 1; more > 0 {
		return fmt.Sprintf("%v (and %d more)", e.Problems[0], more)
	}
	return e.Problems[0].Error()
}

// Unwrap returns the problems.
func (e *Error) Unwrap() []error {
	errs := make([]error, len(e.Problems))
	for i, p := range e.Problems {
		errs[i] = p
	}
	return errs
}

// Parse reads a file of rules. The error is an [*Error].
func Parse(text []byte) (*Rules, error) {
	d := &decoder{text: text}
	d.r.Reset(text)
	r := d.file()
	if d.r.End(); d.r.Err() != nil {
		d.report(d.r.Err().Offset, d.r.Err())
	}
	if len(d.problems) > 0 {
		slices.SortStableFunc(d.problems, func(a, b Problem) int { return cmp.Compare(a.Offset, b.Offset) })
		return nil, &Error{d.problems}
	}
	return r, nil
}

// Reasons are the values of "reject": the rejection reasons that the API documents for the effect "rejectCoupon".
var Reasons = []integration.RejectionReason{
	integration.RejectionCampaignLimitReached,
	integration.RejectionCouponExpired,
	integration.RejectionCouponLimitReached,
	integration.RejectionCouponNotFound,
	integration.RejectionCouponPartOfNotRunningCampaign,
	integration.RejectionCouponPartOfNotTriggeredCampaign,
	integration.RejectionCouponRecipientDoesNotMatch,
	integration.RejectionCouponRejectedByCondition,
	integration.RejectionCouponReservationRequired,
	integration.RejectionCouponStartDateInFuture,
	integration.RejectionEffectCouldNotBeApplied,
	integration.RejectionProfileLimitReached,
	integration.RejectionProfileRequired,
}

func (d *decoder) file() *Rules {
	r := new(Rules)
	file := d.object(members{
		"$schema": func() { d.string() },
		"rules":   func() { d.array(func() { r.rules = append(r.rules, d.rule()) }) },
	})
	file.require("rules")
	for _, rule := range r.rules {
		for _, e := range rule.effects {
			if e.cost != "" && !slices.Contains(r.costs, e.cost) {
				r.costs = append(r.costs, e.cost)
			}
		}
	}
	return r
}

func (d *decoder) rule() (r rule) {
	when := object{}
	o := d.object(members{
		"name": func() { r.name = d.nonEmpty() },
		"when": func() { r.when, when = d.conditions() },
		"then": func() { d.effects(&r.effects) },
		"reject": func() {
			at := d.offset()
			if r.reject = integration.RejectionReason(d.string()); !slices.Contains(Reasons, r.reject) {
				var names []string
				for _, reason := range Reasons {
					names = append(names, string(reason))
				}
				d.invalid(at, "want one of %s", strings.Join(names, ", "))
			}
		},
	})
	o.require("name")
	o.oneOf("then", "reject")
	if o.has("reject") && !when.has("coupon") {
		o.fail(ErrRequired, "reject needs a coupon in when")
	}
	return r
}

func (d *decoder) conditions() (c conditions, o object) {
	o = d.object(members{
		"coupon": func() {
			at := d.offset()
			if c.coupon = d.nonEmpty(); utf8.RuneCountInString(c.coupon) > talonone.MaxCodeLength {
				d.invalid(at, "more than %d characters", talonone.MaxCodeLength)
			}
		},
		"sku":          func() { c.sku = d.nonEmpty() },
		"profile":      func() { c.profile = d.nonEmpty() },
		"totalAtLeast": func() { c.totalAtLeast = d.positive() },
	})
	return c, o
}

func (d *decoder) effects(list *[]effect) {
	at := d.offset()
	if d.array(func() { *list = append(*list, d.effect()) }) && len(*list) == 0 {
		d.invalid(at, "want at least one effect")
	}
}

func (d *decoder) effect() (e effect) {
	o := d.object(members{
		"percentOff": func() {
			at := d.offset()
			e.percentOff = new(d.positive())
			if e.percentOff.GreaterThan(decimal.New(100, 0)) {
				d.invalid(at, "want at most 100")
			}
		},
		"amountOff": func() { e.amountOff = new(d.positive()) },
		"points":    func() { e.points = new(d.positive()) },
		"freeItem":  func() { e.freeItem = d.nonEmpty() },
		"sku":       func() { e.sku = d.nonEmpty() },
		"cost":      func() { e.cost = d.nonEmpty() },
	})
	o.oneOf("percentOff", "amountOff", "freeItem", "points")
	for _, target := range []string{"sku", "cost"} {
		if o.has(target) && (o.has("freeItem") || o.has("points")) {
			o.fail(ErrConflict, "only percentOff and amountOff can have "+target)
		}
	}
	return e
}

// decoder reads a file and collects the problems. Each method for a value reads exactly one value, also if it has the wrong type.
type decoder struct {
	text     []byte
	r        jsonwire.Reader
	problems []Problem
}

// members has a function for each member of an object, which reads its value.
type members map[string]func()

// object is an object that was read. Its checks do nothing if the value was not an object.
type object struct {
	d     *decoder
	at    int
	given map[string]bool
}

func (d *decoder) object(read members) (o object) {
	o.at = d.offset()
	if !d.begins("{", "an object") {
		return o
	}
	o.d, o.given = d, map[string]bool{}
	d.r.Open('{')
	for first := true; ; first = false {
		key, ok := d.r.Member(first)
		if !ok {
			return o
		}
		name, at := string(key), d.r.NameOffset()
		value, known := read[name]
		switch {
		case o.has(name):
			d.report(at, talonone.ErrDuplicateName)
			d.r.Skip()
		case !known:
			d.report(at, fmt.Errorf("%w: want one of %s", ErrUnknownMember, strings.Join(slices.Sorted(maps.Keys(read)), ", ")))
			d.r.Skip()
		default:
			value()
		}
		o.given[name] = true
	}
}

func (o object) has(name string) bool { return o.given[name] }

func (o object) fail(reason error, detail string) {
	if o.d != nil && o.d.r.Err() == nil {
		o.d.report(o.at, fmt.Errorf("%w: %s", reason, detail))
	}
}

func (o object) require(name string) {
	if !o.has(name) {
		o.fail(ErrRequired, name)
	}
}

// oneOf reports a problem unless the object has exactly one of these members.
func (o object) oneOf(names ...string) {
	given := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !o.has(name) })
	switch {
	case len(given) == 0:
		o.fail(ErrRequired, "one of "+strings.Join(names, ", "))
	case len(given) > 1:
		o.fail(ErrConflict, strings.Join(given, " and ")+" exclude each other")
	}
}

// array reads an array and calls read for each element. It reports whether the value was an array without a syntax error.
func (d *decoder) array(read func()) bool {
	if !d.begins("[", "an array") {
		return false
	}
	d.r.Open('[')
	for first := true; d.r.Element(first); first = false {
		read()
	}
	return d.r.Err() == nil
}

func (d *decoder) string() string {
	if !d.begins(`"`, "a string") {
		return ""
	}
	return string(d.r.String())
}

// nonEmpty reads a string that must not be empty.
func (d *decoder) nonEmpty() string {
	at, isString := d.offset(), d.r.Peek() == '"'
	s := d.string()
	if isString && s == "" {
		d.invalid(at, "want at least one character")
	}
	return s
}

// positive reads a number above zero.
func (d *decoder) positive() (v decimal.Decimal) {
	at := d.offset()
	if !d.begins("-0123456789", "a number") {
		return v
	}
	text := d.r.Number("a number")
	if d.r.Err() != nil {
		return v
	}
	v, ok := jsonwire.ParseDecimal(text)
	switch {
	case !ok:
		d.report(at, fmt.Errorf("%w: more than %d characters", talonone.ErrOutOfRange, jsonwire.MaxAmountLen))
	case v.Sign() <= 0:
		d.invalid(at, "want more than 0")
	}
	return v
}

// begins reports whether the first byte of the next value is in with. If not, it skips the value and reports the problem.
func (d *decoder) begins(with, want string) bool {
	c, at := d.r.Peek(), d.r.Offset()
	if c != 0 && strings.IndexByte(with, c) >= 0 {
		return true
	}
	if d.r.Skip(); d.r.Err() == nil {
		d.report(at, fmt.Errorf("%w: want %s", talonone.ErrWrongType, want))
	}
	return false
}

// offset returns the offset of the next value.
func (d *decoder) offset() int {
	d.r.Peek()
	return d.r.Offset()
}

// invalid reports a value that was read, unless it already has another problem.
func (d *decoder) invalid(at int, format string, args ...any) {
	reported := slices.ContainsFunc(d.problems, func(p Problem) bool { return p.Offset == at })
	if d.r.Err() == nil && !reported {
		d.report(at, fmt.Errorf("%w: "+format, append([]any{ErrInvalidValue}, args...)...))
	}
}

func (d *decoder) report(at int, err error) {
	if len(d.problems) < maxProblems {
		d.problems = append(d.problems, Problem{Offset: at, Pointer: jsonwire.Pointer(d.text, at), Err: err})
	}
}
