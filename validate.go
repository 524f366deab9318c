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

// The order of this file: the limits and the rules, as values; the options; the exported functions; the rules of each model by
// the name of the member, and their helpers; the walk that applies them, in a reused validation; and the error. On the same
// walk internal/codec finds values that cannot be sent at all.

// The limits of the API.
const (
	// MaxCartItems is the maximum number of items of a cart.
	MaxCartItems = 1000
	// MaxFlattenedQuantity is the maximum number of units of a cart, over all items.
	MaxFlattenedQuantity = 10_000
	// MaxLoyaltyCards is the maximum number of loyalty cards of a session.
	MaxLoyaltyCards = 1
	// MaxIdentifiers is the maximum number of identifiers of a session.
	MaxIdentifiers = 5
	// MaxCodeLength is the maximum number of characters of a coupon code or a referral code.
	MaxCodeLength = 100
	// MaxIDLength is the maximum number of characters of the integration ID of a session or a store.
	MaxIDLength = 1000
)

// The rules that Validate checks. A [Violation] unwraps to one of them, or to the reason why a value cannot be sent:
// [ErrInvalidUTF8], [ErrOutOfRange] or, for attributes and Extra, any other error that an [EncodeError] wraps.
var (
	// ErrRequired is a missing member: the integration ID of a session, the SKU of an item or, without [CatalogPrices], the
	// price of an item.
	ErrRequired = errors.New("required")
	// ErrTooManyCartItems is a cart of more than [MaxCartItems] items.
	ErrTooManyCartItems = errors.New("too many cart items")
	// ErrFlattenedQuantityExceeded is a cart of more than [MaxFlattenedQuantity] units.
	ErrFlattenedQuantityExceeded = errors.New("flattened quantity exceeded")
	// ErrInvalidQuantity is an item with a quantity below 1.
	ErrInvalidQuantity = errors.New("quantity below 1")
	// ErrUnknownState is a state other than the four known ones. An [*UnknownStateError] wraps it too.
	ErrUnknownState = errors.New("unknown state")
	// ErrStateNotSettable is an update to partially_returned. Only a return sets this state.
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

// A ValidateOption changes what Validate demands. If options contradict each other, the later one wins. Several goroutines may
// use a value at once.
type ValidateOption struct {
	apply func(validateOptions) validateOptions
}

type validateOptions struct {
	flattening    bool
	catalogPrices bool
}

// CartItemFlattening says whether the Application treats every unit of an item as an item of its own. If it does,
// [MaxFlattenedQuantity] applies. The default is true: Talon.One now always flattens, but older Applications could turn it off.
func CartItemFlattening(enabled bool) ValidateOption {
	return ValidateOption{func(o validateOptions) validateOptions {
		o.flattening = enabled
		return o
	}}
}

// CatalogPrices allows a nil price, for items whose price comes from a catalog. Without it a nil price is an [ErrRequired],
// because an item outside any catalog would be free.
func CatalogPrices() ValidateOption {
	return ValidateOption{func(o validateOptions) validateOptions {
		o.catalogPrices = true
		return o
	}}
}

// Validate checks the session against the documented rules and limits of the API, and whether it can be sent. It returns nil,
// or a [*ValidationError] with every broken rule. The zero State counts as open. For a declared member in Extra, only its type
// is checked.
//
// A valid session costs no allocation unless there are options, or attributes of types that need reflection.
func (s CustomerSessionV2) Validate(opts ...ValidateOption) error {
	v := newValidation(opts)
	for v.next() {
		checkCustomerSessionV2(v, &s)
		v.items(s.CartItems)
	}
	return v.end()
}

// Validate checks the update against the documented rules and limits of the API, and whether it can be sent. It returns nil, or
// a [*ValidationError] with every broken rule. A nil field is not sent, so it breaks no rule. For a declared member in Extra,
// only its type is checked.
//
// Validate does not know the session that the update changes. Use [State.Transition] to check a change of state.
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

// FlattenedQuantity returns the number of units of all items. A quantity below 1 counts as 0, so that it does not reduce the
// sum. A sum above [math.MaxInt64] is returned as [math.MaxInt64].
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

// The rules that tags cannot express as limits. The generated code calls one for each member with "rule" in its tag, after the
// limits of the tag.

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

// The generated code calls these for the limits in tags.

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

// overlong returns the number of characters of s, or 0 if s is within the limit.
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

// A validation walks through a session once to learn whether anything is wrong. If so, it walks again to list the violations.
type validation struct {
	codec.Checker
	validateOptions
	walks     int
	err       *ValidationError // nil in the first walk
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

// next reports whether another walk is needed.
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

// items checks the items of a cart, after all other members.
func (v *validation) items(items []CartItem) {
	if v.Enter() {
		if v.Member("cartItems") {
			codec.CheckSlice(&v.Checker, v, items, checkCartItem)
		}
		v.Leave()
	}
}

// end returns the error and puts v back into the pool.
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

// broken records that the current member breaks a rule. The detail must not contain text of its value.
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
	// Path is a JSON Pointer (RFC 6901) to the bad value, relative to the validated value, such as "/cartItems/3/quantity".
	Path string
	// Rule is the broken rule, such as [ErrInvalidQuantity].
	Rule error
	// Detail is more information, such as the length and the limit, or a quantity. It may be empty. It shows no text of the
	// value except a byte that breaks the syntax.
	Detail string
}

// Error names the location, the rule and the detail, but shows no text of the value. It shows at most 256 bytes of the path.
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

// pathText returns a short and plain path unchanged, and quotes and cuts any other. A path may contain names that the caller
// chose.
func pathText(path string) string {
	quoted := quotePath(path)
	if path != "" && len(quoted) == len(path)+len(`""`) {
		return path
	}
	return quoted
}

// A ValidationError lists every rule that a value breaks. errors.Is finds each rule. errors.As and errors.AsType find the first
// [Violation]. Its text is for people and may change.
type ValidationError struct {
	// Violations are the first 10,000, or fewer if their paths together exceed 16 MiB. Those of the session itself come first,
	// in the order of its members, then those of the items. Names of a map are sorted.
	Violations []Violation
	// Omitted is the number of further violations.
	Omitted int
}

// These bound the cost of a list in which everything is bad: the number of violations, and the total length of their paths.
// Paths contain names of any length that the caller chose.
const (
	maxViolations = 10_000
	maxPathBytes  = 16 << 20
)

func (e *ValidationError) full() bool { return len(e.Violations) == maxViolations }

// maxListed is how many violations the text of an error lists.
const maxListed = 20

// Error returns one line for one violation. For several it returns a list of at most 20 and the number of the others.
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
