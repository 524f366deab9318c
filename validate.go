package talonone

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/talonone-go/talonone/internal/codec"
)

// The order of this file: the limits and the rules, as values; the options; what users call; the rules of each model by the name
// of the member, and what these share; the walk that applies them, in a validation that is used again; and the error. Where a
// value cannot be sent at all, internal/codec finds it on the same walk.

// The limits of what the API takes.
const (
	// MaxCartItems is how many items a cart may have.
	MaxCartItems = 1000
	// MaxFlattenedQuantity is how many units a cart may have, over all items.
	MaxFlattenedQuantity = 10_000
	// MaxLoyaltyCards is how many loyalty cards a session may have.
	MaxLoyaltyCards = 1
	// MaxIdentifiers is how many identifiers a session may have.
	MaxIdentifiers = 5
	// MaxCodeLength is how many characters a coupon code or a referral code may have.
	MaxCodeLength = 100
	// MaxIDLength is how many characters the integration ID of a session or a store may have.
	MaxIDLength = 1000
)

// The rules that Validate checks. A [Violation] unwraps to one of them, or to one of the reasons for which a value cannot
// be sent: [ErrInvalidUTF8], [ErrOutOfRange] and, for attributes and Extra, the others that an [EncodeError] wraps.
var (
	// ErrRequired is a member that must be given: the integration ID of a session, the SKU of an item, and its price
	// without [CatalogPrices].
	ErrRequired = errors.New("required")
	// ErrTooManyCartItems is a cart of more than [MaxCartItems] items.
	ErrTooManyCartItems = errors.New("too many cart items")
	// ErrFlattenedQuantityExceeded is a cart of more than [MaxFlattenedQuantity] units.
	ErrFlattenedQuantityExceeded = errors.New("flattened quantity exceeded")
	// ErrInvalidQuantity is an item with a quantity below 1.
	ErrInvalidQuantity = errors.New("quantity below 1")
	// ErrUnknownState is a state that is none of the four. An [*UnknownStateError] wraps it too.
	ErrUnknownState = errors.New("unknown state")
	// ErrStateNotSettable is an update to partially_returned, which only a return sets.
	ErrStateNotSettable = errors.New("state not settable by an update")
	// ErrTooManyLoyaltyCards is a session with more than [MaxLoyaltyCards] loyalty cards.
	ErrTooManyLoyaltyCards = errors.New("too many loyalty cards")
	// ErrTooManyIdentifiers is a session with more than [MaxIdentifiers] identifiers.
	ErrTooManyIdentifiers = errors.New("too many identifiers")
	// ErrTooLong is a code of more than [MaxCodeLength] characters, or an ID of more than [MaxIDLength].
	ErrTooLong = errors.New("too long")
	// ErrEmptyValue is an update that sets storeIntegrationId to an empty string.
	ErrEmptyValue = errors.New("empty value")
)

// A ValidateOption changes what Validate demands. Where options contradict each other the later one wins. A value may be
// used by several goroutines at once.
type ValidateOption struct {
	apply func(validateOptions) validateOptions
}

type validateOptions struct {
	flattening    bool
	catalogPrices bool
}

// CartItemFlattening says whether the Application treats every unit of an item as an item of its own, which is when
// [MaxFlattenedQuantity] counts. The default is true, as Talon.One always does so today; Applications from before could
// turn it off.
func CartItemFlattening(enabled bool) ValidateOption {
	return ValidateOption{func(o validateOptions) validateOptions {
		o.flattening = enabled
		return o
	}}
}

// CatalogPrices lets an item leave its price to the catalog that it is in. Without it a nil price is an [ErrRequired]: an
// item that is in no catalog would count as free.
func CatalogPrices() ValidateOption {
	return ValidateOption{func(o validateOptions) validateOptions {
		o.catalogPrices = true
		return o
	}}
}

// Validate checks the session against the documented rules and limits of the API, and whether it can be sent. It returns
// nil, or a [*ValidationError] that has every broken rule. The zero State counts as open. A declared member that stands in Extra
// is only checked to be of its type.
//
// A valid session costs no allocation unless there are options, or attributes of types that are looked at by reflection.
func (s CustomerSessionV2) Validate(opts ...ValidateOption) error {
	v := newValidation(opts)
	for v.next() {
		checkCustomerSessionV2(v, &s)
		v.items(s.CartItems)
	}
	return v.end()
}

// Validate checks the update against the documented rules and limits of the API, and whether it can be sent. It returns
// nil, or a [*ValidationError] that has every broken rule. What is nil is left out, so it breaks none. A declared member that
// stands in Extra is only checked to be of its type.
//
// It does not know the session that the update is for: whether that may move to another state, [State.Transition] says.
func (u CustomerSessionUpdate) Validate(opts ...ValidateOption) error {
	v := newValidation(opts)
	for v.next() {
		checkCustomerSessionUpdate(v, &u)
		v.items(u.CartItems)
	}
	return v.end()
}

// ValidateCartItems checks items as Validate does, as the cart of a session: the paths of the [*ValidationError] begin
// with /cartItems.
func ValidateCartItems(items []CartItem, opts ...ValidateOption) error {
	return CustomerSessionUpdate{CartItems: items}.Validate(opts...)
}

// FlattenedQuantity returns how many units the items have together. A quantity below 1 counts 0, so that it hides no
// other. A sum of more than [math.MaxInt64] is returned as that.
func FlattenedQuantity(items []CartItem) int64 {
	var sum int64
	for i := range items {
		q := max(int64(items[i].Quantity), 0)
		if q > math.MaxInt64-sum {
			return math.MaxInt64
		}
		sum += q
	}
	return sum
}

// The rules that are no limit of one member. A tag with "rule" says which member each is for: the generated code calls it there,
// beside the limits that the tags state.

func (v *validation) customerSessionV2State(s *CustomerSessionV2) {
	if !s.State.orOpen().Valid() {
		v.broken(ErrUnknownState, "")
	}
}

func (v *validation) customerSessionUpdateState(u *CustomerSessionUpdate) {
	switch {
	case u.State == StatePartiallyReturned:
		v.broken(ErrStateNotSettable, "")
	case u.State != "" && !u.State.Valid():
		v.broken(ErrUnknownState, "")
	}
}

func (v *validation) customerSessionV2CartItems(s *CustomerSessionV2) { v.units(s.CartItems) }

func (v *validation) customerSessionUpdateCartItems(u *CustomerSessionUpdate) { v.units(u.CartItems) }

func (v *validation) units(items []CartItem) {
	if sum := FlattenedQuantity(items); v.flattening && sum > MaxFlattenedQuantity {
		v.broken(ErrFlattenedQuantityExceeded, "%d units, at most %d", sum, MaxFlattenedQuantity)
	}
}

func (v *validation) cartItemPrice(c *CartItem) { v.required(c.Price != nil || v.catalogPrices) }

// What the limits in tags become.

func (v *validation) required(given bool) {
	if !given {
		v.broken(ErrRequired, "")
	}
}

func (v *validation) notEmpty(s string) {
	if s == "" {
		v.broken(ErrEmptyValue, "")
	}
}

func (v *validation) length(s string, limit int) {
	if n := overlong(s, limit); n > 0 {
		v.broken(ErrTooLong, "%d characters, at most %d", n, limit)
	}
}

func (v *validation) lengths(list []string, limit int) {
	for i, s := range list {
		if n := overlong(s, limit); n > 0 {
			v.brokenAt(i, ErrTooLong, "%d characters, at most %d", n, limit)
		}
	}
}

// overlong returns how many characters s has, or 0 if it has at most so many.
func overlong(s string, limit int) int {
	if len(s) <= limit {
		return 0
	}
	if n := utf8.RuneCountInString(s); n > limit {
		return n
	}
	return 0
}

func (v *validation) count(rule error, n, limit int) {
	if n > limit {
		v.broken(rule, "%d, at most %d", n, limit)
	}
}

// A validation is a walk through a session: once to know whether anything is wrong, and if so once more to list it.
type validation struct {
	codec.Checker
	validateOptions
	walks     int
	err       *ValidationError // nil while the question is only whether anything is wrong
	pathBytes int              // of all paths in err
}

var validations = sync.Pool{New: func() any { return new(validation) }}

func newValidation(opts []ValidateOption) *validation {
	v := validations.Get().(*validation)
	v.validateOptions = validateOptions{flattening: true}
	for _, opt := range opts {
		if opt.apply != nil {
			v.validateOptions = opt.apply(v.validateOptions)
		}
	}
	return v
}

// next reports whether there is a walk to make.
func (v *validation) next() bool {
	v.walks++
	switch {
	case v.walks == 1:
		v.Start(nil)
		return true
	case v.walks == 2 && v.Failed():
		v.err = new(ValidationError)
		v.Start(v.add)
		return true
	}
	return false
}

// items checks the items of a cart, which come after all else.
func (v *validation) items(items []CartItem) {
	if v.Enter() {
		if v.Member("cartItems") {
			codec.CheckSlice(&v.Checker, v, items, checkCartItem)
		}
		v.Leave()
	}
}

// end returns what was found and gives v back.
func (v *validation) end() error {
	err := v.err
	v.Clear()
	v.err, v.walks, v.pathBytes = nil, 0, 0
	validations.Put(v)
	if err == nil || len(err.Violations) == 0 { // a MarshalJSON that fails only once has no violation
		return nil
	}
	return err
}

// broken says that the member at hand breaks a rule. The detail holds no text of its value.
func (v *validation) broken(rule error, format string, args ...any) {
	v.Fail(rule, v.detail(format, args))
}

func (v *validation) brokenAt(index int, rule error, format string, args ...any) {
	v.FailAt(index, rule, v.detail(format, args))
}

func (v *validation) detail(format string, args []any) string {
	if v.err == nil || v.err.full() {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

func (v *validation) add(rule error, detail string) {
	if v.err.full() || v.pathBytes > maxPathBytes {
		v.err.Omitted++
		return
	}
	path := v.Path()
	v.pathBytes += len(path)
	v.err.Violations = append(v.err.Violations, Violation{Path: path, Rule: rule, Detail: detail})
}

// A Violation is one broken rule. It is an error that unwraps to the rule. Its text is for people and may change.
type Violation struct {
	// Path is a JSON Pointer (RFC 6901) to what breaks the rule, from the value that was validated: such as
	// "/cartItems/3/quantity".
	Path string
	// Rule is what is broken, such as [ErrInvalidQuantity].
	Rule error
	// Detail says more where there is more to say, such as the length and the limit, or a quantity. Of a text it shows at most
	// the byte that breaks its syntax.
	Detail string
}

// Error names the place, the rule and the detail, but shows no text of the value. Of the path it shows at most 256 bytes.
func (v Violation) Error() string { return "talonone: " + v.text() }

func (v Violation) text() string {
	text := fmt.Sprintf("%s: %v", pathText(v.Path), v.Rule)
	if v.Detail != "" {
		text += ": " + v.Detail
	}
	return text
}

// Unwrap returns Rule.
func (v Violation) Unwrap() error { return v.Rule }

// pathText returns a path as it is if it is short and plain: it may hold names of the caller's.
func pathText(path string) string {
	quoted := quotePath(path)
	if path != "" && len(quoted) == len(path)+len(`""`) {
		return path
	}
	return quoted
}

// A ValidationError has every rule that a value breaks. errors.Is finds each rule, and errors.As and errors.AsType find the
// first [Violation]. Its text is for people and may change.
type ValidationError struct {
	// Violations are the first 10,000 (fewer where their paths are longer than 16 MiB together): those of the session itself
	// in the order of its members, then those of the items. Names of a map are in order.
	Violations []Violation
	// Omitted is how many there are beyond.
	Omitted int
}

// These bound what a list costs that is bad from beginning to end: how many violations it has, and how long their paths are
// together, which have names of the caller's in them.
const (
	maxViolations = 10_000
	maxPathBytes  = 16 << 20
)

func (e *ValidationError) full() bool { return len(e.Violations) == maxViolations }

// maxListed is how many violations the text of an error lists.
const maxListed = 20

// Error is one line for one violation. For more it is a list of 20 at most, followed by how many more there are.
func (e *ValidationError) Error() string {
	total := len(e.Violations) + e.Omitted
	if len(e.Violations) == 1 && total == 1 {
		return e.Violations[0].Error()
	}
	var b strings.Builder
	b.WriteString("talonone: " + strconv.Itoa(total) + " rules broken:")
	listed := e.Violations[:min(len(e.Violations), maxListed)]
	for _, v := range listed {
		b.WriteString("\n\t" + v.text())
	}
	if more := total - len(listed); more > 0 {
		b.WriteString("\n\tand " + strconv.Itoa(more) + " more")
	}
	return b.String()
}

// Unwrap returns the violations.
func (e *ValidationError) Unwrap() []error {
	errs := make([]error, len(e.Violations))
	for i, v := range e.Violations {
		errs[i] = v
	}
	return errs
}
