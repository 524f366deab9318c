package talonone_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

// huge is an amount past the limit of 1024 characters.
var huge = decimal.New(1, 2_000_000_000)

func item(sku string, quantity int) talonone.CartItem {
	return talonone.CartItem{SKU: sku, Quantity: quantity, Price: new(decimal.New(950, -2))}
}

func items(n, quantity int) []talonone.CartItem {
	return slices.Repeat([]talonone.CartItem{item("sku", quantity)}, n)
}

func session(items ...talonone.CartItem) talonone.CustomerSessionV2 {
	return talonone.CustomerSessionV2{IntegrationID: "session", CartItems: items}
}

// rules are all rules, and all reasons why a value cannot be written, by their names in Go.
var rules = map[string]error{
	"ErrRequired":                  talonone.ErrRequired,
	"ErrTooManyCartItems":          talonone.ErrTooManyCartItems,
	"ErrFlattenedQuantityExceeded": talonone.ErrFlattenedQuantityExceeded,
	"ErrInvalidQuantity":           talonone.ErrInvalidQuantity,
	"ErrUnknownState":              talonone.ErrUnknownState,
	"ErrStateNotSettable":          talonone.ErrStateNotSettable,
	"ErrTooManyLoyaltyCards":       talonone.ErrTooManyLoyaltyCards,
	"ErrTooManyIdentifiers":        talonone.ErrTooManyIdentifiers,
	"ErrTooLong":                   talonone.ErrTooLong,
	"ErrEmptyValue":                talonone.ErrEmptyValue,
	"ErrSyntax":                    talonone.ErrSyntax,
	"ErrWrongType":                 talonone.ErrWrongType,
	"ErrOutOfRange":                talonone.ErrOutOfRange,
	"ErrDuplicateName":             talonone.ErrDuplicateName,
	"ErrInvalidUTF8":               talonone.ErrInvalidUTF8,
	"ErrTooDeep":                   talonone.ErrTooDeep,
}

// findings returns the violations of err, each as its path and the name of its rule.
func findings(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	invalid, ok := err.(*talonone.ValidationError)
	require.True(t, ok, "%T", err)
	var all []string
	for _, v := range invalid.Violations {
		broken := ""
		for name, rule := range rules {
			if errors.Is(v, rule) {
				broken += " " + name
			}
		}
		all = append(all, v.Path+broken)
	}
	return all
}

func TestValidateSession(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(s *talonone.CustomerSessionV2)
		want   []string
	}{
		{"nothing", func(s *talonone.CustomerSessionV2) {}, nil},
		{"no items", func(s *talonone.CustomerSessionV2) { s.CartItems = nil }, nil},
		{"the zero session", func(s *talonone.CustomerSessionV2) { *s = talonone.CustomerSessionV2{} },
			[]string{"/integrationId ErrRequired"}},

		{"ID at the limit", func(s *talonone.CustomerSessionV2) { s.IntegrationID = strings.Repeat("é", 1000) }, nil},
		{"ID beyond", func(s *talonone.CustomerSessionV2) { s.IntegrationID = strings.Repeat("é", 1001) },
			[]string{"/integrationId ErrTooLong"}},
		{"store at the limit", func(s *talonone.CustomerSessionV2) { s.StoreIntegrationID = strings.Repeat("é", 1000) }, nil},
		{"store beyond", func(s *talonone.CustomerSessionV2) { s.StoreIntegrationID = strings.Repeat("x", 1001) },
			[]string{"/storeIntegrationId ErrTooLong"}},
		{"profile is unlimited", func(s *talonone.CustomerSessionV2) { s.ProfileID = strings.Repeat("x", 5000) }, nil},
		{"codes at the limit", func(s *talonone.CustomerSessionV2) {
			s.CouponCodes = []string{strings.Repeat("é", 100), ""}
			s.ReferralCode = strings.Repeat("é", 100)
		}, nil},
		{"codes beyond", func(s *talonone.CustomerSessionV2) {
			s.CouponCodes = []string{"a", strings.Repeat("é", 101), "b", strings.Repeat("x", 200)}
			s.ReferralCode = strings.Repeat("é", 101)
		}, []string{
			"/couponCodes/1 ErrTooLong",
			"/couponCodes/3 ErrTooLong",
			"/referralCode ErrTooLong",
		}},

		{"one card", func(s *talonone.CustomerSessionV2) { s.LoyaltyCards = make([]string, 1) }, nil},
		{"two cards", func(s *talonone.CustomerSessionV2) { s.LoyaltyCards = make([]string, 2) },
			[]string{"/loyaltyCards ErrTooManyLoyaltyCards"}},
		{"five identifiers", func(s *talonone.CustomerSessionV2) { s.Identifiers = make([]string, 5) }, nil},
		{"six identifiers", func(s *talonone.CustomerSessionV2) { s.Identifiers = make([]string, 6) },
			[]string{"/identifiers ErrTooManyIdentifiers"}},

		{"any of the states", func(s *talonone.CustomerSessionV2) { s.State = talonone.StatePartiallyReturned }, nil},
		{"a new state", func(s *talonone.CustomerSessionV2) { s.State = "frozen" }, []string{"/state ErrUnknownState"}},

		{"1000 items", func(s *talonone.CustomerSessionV2) { s.CartItems = items(1000, 1) }, nil},
		{"1001 items", func(s *talonone.CustomerSessionV2) { s.CartItems = items(1001, 1) },
			[]string{"/cartItems ErrTooManyCartItems"}},
		{"10,000 units", func(s *talonone.CustomerSessionV2) { s.CartItems = items(1000, 10) }, nil},
		{"10,001 units", func(s *talonone.CustomerSessionV2) { s.CartItems = append(items(999, 10), item("sku", 11)) },
			[]string{"/cartItems ErrFlattenedQuantityExceeded"}},
		{"units of one item", func(s *talonone.CustomerSessionV2) { s.CartItems = items(1, 10_001) },
			[]string{"/cartItems ErrFlattenedQuantityExceeded"}},
		{"negative quantities hide no sum", func(s *talonone.CustomerSessionV2) {
			s.CartItems = []talonone.CartItem{item("a", 10_001), item("b", -10_001), item("c", 0)}
		}, []string{
			"/cartItems ErrFlattenedQuantityExceeded",
			"/cartItems/1/quantity ErrInvalidQuantity",
			"/cartItems/2/quantity ErrInvalidQuantity",
		}},
		{"largest quantities", func(s *talonone.CustomerSessionV2) {
			s.CartItems = slices.Repeat([]talonone.CartItem{item("a", math.MaxInt), item("b", math.MinInt)}, 2)
		}, []string{
			"/cartItems ErrFlattenedQuantityExceeded",
			"/cartItems/1/quantity ErrInvalidQuantity",
			"/cartItems/3/quantity ErrInvalidQuantity",
		}},

		{"an empty item", func(s *talonone.CustomerSessionV2) { s.CartItems = make([]talonone.CartItem, 1) }, []string{
			"/cartItems/0/sku ErrRequired",
			"/cartItems/0/quantity ErrInvalidQuantity",
			"/cartItems/0/price ErrRequired",
		}},
		{"a free and a negative price", func(s *talonone.CustomerSessionV2) {
			s.CartItems = items(2, 1)
			s.CartItems[0].Price = new(decimal.Decimal)
			s.CartItems[1].Price = new(decimal.New(-1, 0))
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := session(item("sku", 1))
			tt.change(&s)
			before := s.Clone()
			require.Equal(t, tt.want, findings(t, s.Validate()))
			require.True(t, s.Equal(before), "it changes nothing")
		})
	}
}

func TestValidateUpdate(t *testing.T) {
	for _, tt := range []struct {
		name   string
		update talonone.CustomerSessionUpdate
		want   []string
	}{
		{"nothing", talonone.CustomerSessionUpdate{}, nil},
		{"what discards", talonone.CustomerSessionUpdate{
			ProfileID: new(""), ReferralCode: new(""), CouponCodes: []string{}, CartItems: []talonone.CartItem{},
			LoyaltyCards: []string{}, Identifiers: []string{},
		}, nil},
		{"open", talonone.CustomerSessionUpdate{State: talonone.StateOpen}, nil},
		{"closed", talonone.CustomerSessionUpdate{State: talonone.StateClosed}, nil},
		{"cancelled", talonone.CustomerSessionUpdate{State: talonone.StateCancelled}, nil},
		{"partially_returned", talonone.CustomerSessionUpdate{State: talonone.StatePartiallyReturned},
			[]string{"/state ErrStateNotSettable"}},
		{"unknown", talonone.CustomerSessionUpdate{State: "frozen"}, []string{"/state ErrUnknownState"}},
		{"store at the limit", talonone.CustomerSessionUpdate{StoreIntegrationID: new(strings.Repeat("é", 1000))}, nil},
		{"store beyond", talonone.CustomerSessionUpdate{StoreIntegrationID: new(strings.Repeat("é", 1001))},
			[]string{"/storeIntegrationId ErrTooLong"}},
		{"no store", talonone.CustomerSessionUpdate{StoreIntegrationID: new("")}, []string{"/storeIntegrationId ErrEmptyValue"}},
		{"everything", talonone.CustomerSessionUpdate{
			ProfileID: new("\xff"), ReferralCode: new(strings.Repeat("x", 101)),
			CouponCodes: []string{strings.Repeat("x", 101)}, LoyaltyCards: []string{"a", "b"}, State: "frozen",
			CartItems: append(items(1001, 10), talonone.CartItem{Quantity: -1}), Identifiers: make([]string, 6),
			AdditionalCosts: map[string]talonone.AdditionalCost{"shipping": {Price: huge}},
			Attributes:      talonone.Attributes{"a": math.NaN()},
			Extra:           map[string]json.RawMessage{"x": nil},
		}, []string{
			"/profileId ErrInvalidUTF8",
			"/referralCode ErrTooLong",
			"/state ErrUnknownState",
			"/cartItems ErrTooManyCartItems",
			"/cartItems ErrFlattenedQuantityExceeded",
			"/couponCodes/0 ErrTooLong",
			"/loyaltyCards ErrTooManyLoyaltyCards",
			"/additionalCosts/shipping/price ErrOutOfRange",
			"/identifiers ErrTooManyIdentifiers",
			"/attributes/a ErrOutOfRange",
			"/x ErrSyntax",
			"/cartItems/1001/sku ErrRequired",
			"/cartItems/1001/quantity ErrInvalidQuantity",
			"/cartItems/1001/price ErrRequired",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, findings(t, tt.update.Validate()))
		})
	}
}

// TestValidateEveryRule breaks every rule at once, and everything that could not be sent.
func TestValidateEveryRule(t *testing.T) {
	const bad = "\xff"
	beyond := time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	costs := func() map[string]talonone.AdditionalCost {
		return map[string]talonone.AdditionalCost{
			"shipping": {Price: huge, Extra: map[string]json.RawMessage{"x": json.RawMessage("{")}},
			bad:        {},
		}
	}
	broken := talonone.CartItem{
		Name: bad, SKU: "", Quantity: 0, Price: nil, Category: bad, Product: &talonone.Product{Name: bad},
		Weight: &huge, Height: &huge, Width: &huge, Length: &huge, Position: &huge,
		Attributes:      talonone.Attributes{"b": bad, "a": []any{true, json.Number("1."), map[string]any{"deep": math.Inf(1)}}},
		AdditionalCosts: costs(), SelectedPriceType: bad, AdjustmentReferenceID: bad,
		AdjustmentEffectiveFrom: beyond, AdjustmentEffectiveUntil: beyond,
		Prices: map[string]talonone.PriceDetail{"base": {
			Price: &huge, AdjustmentContextID: bad, AdjustmentReferenceID: bad,
			AdjustmentEffectiveFrom: beyond, AdjustmentEffectiveUntil: beyond, Extra: map[string]json.RawMessage{"price": json.RawMessage("1")},
		}},
		Extra: map[string]json.RawMessage{"sku": json.RawMessage(`"x"`), bad: json.RawMessage("1"), "color": json.RawMessage(`"\ud800"`)},
	}
	s := talonone.CustomerSessionV2{
		Created: beyond, ProfileID: bad, StoreIntegrationID: strings.Repeat("x", 1001),
		CouponCodes: []string{"good", bad, strings.Repeat("x", 101)}, ReferralCode: strings.Repeat(bad, 101),
		LoyaltyCards: []string{bad, bad}, State: bad,
		CartItems: append(items(1000, 11), broken),
		ExperimentVariantAllocations: []talonone.ExperimentVariantAllocation{
			{Extra: map[string]json.RawMessage{"x": json.RawMessage("1 2")}},
		},
		AdditionalCosts: costs(),
		Identifiers:     []string{"1", "2", "3", "4", "5", bad}, Attributes: talonone.Attributes{"z": bad, "y": json.RawMessage(`{"a":1,"a":2}`)},
		Total: huge, CartItemTotal: huge, AdditionalCostTotal: huge, CartItemAdditionalCostTotal: &huge, Updated: beyond,
		Extra: map[string]json.RawMessage{"total": json.RawMessage("1")},
	}
	const (
		utf8 = " ErrInvalidUTF8"
		long = " ErrOutOfRange"
		date = " ErrOutOfRange"
	)
	at := func(prefix string, lines ...string) (all []string) {
		for _, line := range lines {
			all = append(all, prefix+line)
		}
		return all
	}
	want := slices.Concat(
		at("",
			"/integrationId ErrRequired",
			"/created"+date,
			"/profileId"+utf8,
			"/storeIntegrationId ErrTooLong",
			"/couponCodes/2 ErrTooLong",
			"/couponCodes/1"+utf8,
			"/referralCode ErrTooLong",
			"/referralCode"+utf8,
			"/loyaltyCards ErrTooManyLoyaltyCards",
			"/loyaltyCards/0"+utf8,
			"/loyaltyCards/1"+utf8,
			"/state ErrUnknownState",
			"/state"+utf8,
			"/cartItems ErrTooManyCartItems",
			"/cartItems ErrFlattenedQuantityExceeded",
			"/experimentVariantAllocations/0/x ErrSyntax",
			"/additionalCosts/shipping/price"+long,
			"/additionalCosts/shipping/x ErrSyntax",
			"/additionalCosts/\xff"+utf8,
			"/identifiers ErrTooManyIdentifiers",
			"/identifiers/5"+utf8,
			"/attributes/y/a ErrDuplicateName",
			"/attributes/z"+utf8,
			"/total"+long,
			"/cartItemTotal"+long,
			"/additionalCostTotal"+long,
			"/cartItemAdditionalCostTotal"+long,
			"/updated"+date,
			"/total ErrDuplicateName",
		),
		at("/cartItems/1000",
			"/name"+utf8,
			"/sku ErrRequired",
			"/quantity ErrInvalidQuantity",
			"/price ErrRequired",
			"/category"+utf8,
			"/product/name"+utf8,
			"/weight"+long,
			"/height"+long,
			"/width"+long,
			"/length"+long,
			"/position"+long,
			"/attributes/a/1 ErrSyntax",
			"/attributes/a/2/deep ErrOutOfRange",
			"/attributes/b"+utf8,
			"/additionalCosts/shipping/price"+long,
			"/additionalCosts/shipping/x ErrSyntax",
			"/additionalCosts/\xff"+utf8,
			"/selectedPriceType"+utf8,
			"/adjustmentReferenceId"+utf8,
			"/adjustmentEffectiveFrom"+date,
			"/adjustmentEffectiveUntil"+date,
			"/prices/base/price"+long,
			"/prices/base/adjustmentContextId"+utf8,
			"/prices/base/adjustmentReferenceId"+utf8,
			"/prices/base/adjustmentEffectiveFrom"+date,
			"/prices/base/adjustmentEffectiveUntil"+date,
			"/prices/base/price ErrDuplicateName",
			"/color ErrInvalidUTF8",
			"/sku ErrDuplicateName",
			"/\xff"+utf8,
		),
	)
	err := s.Validate()
	require.Equal(t, want, findings(t, err))
	require.Equal(t, want, findings(t, s.Validate()), "the order is always the same")

	for _, rule := range []error{
		talonone.ErrRequired, talonone.ErrTooManyCartItems, talonone.ErrFlattenedQuantityExceeded, talonone.ErrInvalidQuantity,
		talonone.ErrUnknownState, talonone.ErrTooManyLoyaltyCards, talonone.ErrTooManyIdentifiers, talonone.ErrTooLong,
		talonone.ErrInvalidUTF8, talonone.ErrOutOfRange, talonone.ErrSyntax, talonone.ErrDuplicateName,
	} {
		require.ErrorIs(t, err, rule)
	}
	require.NotErrorIs(t, err, talonone.ErrEmptyValue)
	require.NotErrorIs(t, err, talonone.ErrStateNotSettable)
}

// TestViolationsHaveTheNumbers: a violation of a limit has the value and the limit.
func TestViolationsHaveTheNumbers(t *testing.T) {
	s := session(append(append(items(999, 1), items(2, math.MaxInt)...), item("a", math.MinInt))...)
	s.ReferralCode = strings.Repeat("é", 101)
	s.Identifiers = make([]string, 7)
	got := map[string][]string{}
	for _, v := range s.Validate().(*talonone.ValidationError).Violations {
		got[findings(t, &talonone.ValidationError{Violations: []talonone.Violation{v}})[0]] = regexp.MustCompile(`-?\d+`).FindAllString(v.Detail, -1)
	}
	require.Equal(t, map[string][]string{
		"/referralCode ErrTooLong":                    {"101", "100"},
		"/identifiers ErrTooManyIdentifiers":          {"7", "5"},
		"/cartItems ErrTooManyCartItems":              {"1002", "1000"},
		"/cartItems ErrFlattenedQuantityExceeded":     {fmt.Sprint(999 + min(2*uint64(math.MaxInt), math.MaxInt64-999)), "10000"},
		"/cartItems/1001/quantity ErrInvalidQuantity": {fmt.Sprint(math.MinInt)},
	}, got)
}

func TestValidateCartItems(t *testing.T) {
	require.NoError(t, talonone.ValidateCartItems(nil))
	require.NoError(t, talonone.ValidateCartItems(items(1000, 10)))
	require.Equal(t, []string{
		"/cartItems ErrTooManyCartItems",
		"/cartItems ErrFlattenedQuantityExceeded",
		"/cartItems/1000/sku ErrRequired",
	}, findings(t, talonone.ValidateCartItems(append(items(1000, 10), item("", 10)))))
}

func TestValidateOptions(t *testing.T) {
	many := session(items(1000, 11)...)
	unpriced := session(talonone.CartItem{SKU: "sku", Quantity: 1})
	on, off := talonone.CartItemFlattening(true), talonone.CartItemFlattening(false)
	for _, tt := range []struct {
		name    string
		session talonone.CustomerSessionV2
		opts    []talonone.ValidateOption
		rule    error
	}{
		{"flattening is the default", many, nil, talonone.ErrFlattenedQuantityExceeded},
		{"on", many, []talonone.ValidateOption{on}, talonone.ErrFlattenedQuantityExceeded},
		{"off", many, []talonone.ValidateOption{off}, nil},
		{"the later wins", many, []talonone.ValidateOption{on, off}, nil},
		{"the later wins again", many, []talonone.ValidateOption{off, on}, talonone.ErrFlattenedQuantityExceeded},
		{"options of different kinds", many, []talonone.ValidateOption{off, talonone.CatalogPrices()}, nil},
		{"a zero option does nothing", many, []talonone.ValidateOption{off, {}}, nil},
		{"a price is the default", unpriced, nil, talonone.ErrRequired},
		{"catalog", unpriced, []talonone.ValidateOption{talonone.CatalogPrices()}, nil},
		{"off is no catalog", unpriced, []talonone.ValidateOption{off}, talonone.ErrRequired},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, err := range []error{
				tt.session.Validate(tt.opts...),
				tt.session.Update().Validate(tt.opts...),
				talonone.ValidateCartItems(tt.session.CartItems, tt.opts...),
			} {
				require.Equal(t, tt.rule, rule(err))
			}
		})
	}
	require.ErrorIs(t, session(items(1001, 1)...).Validate(off), talonone.ErrTooManyCartItems)
}

// rule returns the rule of the one violation in err.
func rule(err error) error {
	if invalid, ok := errors.AsType[*talonone.ValidationError](err); ok && len(invalid.Violations) == 1 {
		return invalid.Violations[0].Rule
	}
	return err
}

func TestFlattenedQuantity(t *testing.T) {
	for _, tt := range []struct {
		quantities []int
		want       int64
	}{
		{nil, 0},
		{[]int{1, 2, 3}, 6},
		{[]int{5, 0, -7, math.MinInt}, 5},
		{[]int{math.MaxInt, -1}, math.MaxInt},
		{[]int{math.MaxInt32, math.MaxInt32}, 2 * math.MaxInt32},
		{[]int{math.MaxInt, 1}, int64(min(uint64(math.MaxInt)+1, math.MaxInt64))},
		{[]int{1, math.MaxInt, math.MinInt, math.MaxInt}, int64(min(2*uint64(math.MaxInt)+1, math.MaxInt64))},
	} {
		var cart []talonone.CartItem
		for _, q := range tt.quantities {
			cart = append(cart, talonone.CartItem{Quantity: q})
		}
		require.Equal(t, tt.want, talonone.FlattenedQuantity(cart), "%v", tt.quantities)
	}
}

func TestValidatePathEscapes(t *testing.T) {
	s := session(item("sku", 1))
	s.AdditionalCosts = map[string]talonone.AdditionalCost{"a/b~c": {Price: huge}, "": {Price: huge}}
	s.CartItems[0].Attributes = talonone.Attributes{"~1": "\xff", "é": map[string]any{"": "\xff"}}
	for _, err := range []error{s.Validate(), s.Update().Validate()} {
		var paths []string
		for _, v := range err.(*talonone.ValidationError).Violations {
			paths = append(paths, v.Path)
		}
		require.Equal(t, []string{
			"/additionalCosts//price", "/additionalCosts/a~1b~0c/price",
			"/cartItems/0/attributes/~01", "/cartItems/0/attributes/é/",
		}, paths)
	}
}

func TestValidateIsBounded(t *testing.T) {
	bad := make([]talonone.CartItem, 20_000)
	err := talonone.ValidateCartItems(bad)
	invalid, ok := errors.AsType[*talonone.ValidationError](err)
	require.True(t, ok)
	require.Len(t, invalid.Violations, 10_000)
	require.Equal(t, 3*20_000+1-10_000, invalid.Omitted)
	require.Equal(t, "/cartItems", invalid.Violations[0].Path)
	require.Equal(t, "/cartItems/3332/price", invalid.Violations[9_999].Path)
	require.True(t, strings.HasPrefix(err.Error(), "talonone: 60001 rules broken:\n\t/cartItems: too many"))
	require.True(t, strings.HasSuffix(err.Error(), "\n\tand 59981 more"))
	require.Equal(t, 22, strings.Count(err.Error(), "\n")+1)

	exact := talonone.ValidateCartItems(bad[:3333], talonone.CartItemFlattening(false)).(*talonone.ValidationError)
	require.Len(t, exact.Violations, 10_000)
	require.Zero(t, exact.Omitted)

	// When the paths together have exactly 16 MiB, one more violation is listed, and nothing after it.
	long := talonone.Attributes{}
	for i := range 18 {
		long[strings.Repeat("a", 1<<20-len("/attributes/00"))+fmt.Sprintf("%02d", i)] = "\xff"
	}
	wide := talonone.CustomerSessionUpdate{Attributes: long}.Validate().(*talonone.ValidationError)
	require.Len(t, wide.Violations, 17)
	require.Len(t, wide.Violations[16].Path, 1<<20)
	require.Equal(t, 1, wide.Omitted)
}

func TestValidationErrors(t *testing.T) {
	err := session(talonone.CartItem{SKU: "sku", Price: new(decimal.Decimal)}).Validate()
	require.EqualError(t, err, "talonone: /cartItems/0/quantity: quantity below 1: 0")
	err = fmt.Errorf("checkout: %w", err)

	require.ErrorIs(t, err, talonone.ErrInvalidQuantity)
	require.NotErrorIs(t, err, talonone.ErrRequired)
	want := talonone.Violation{Path: "/cartItems/0/quantity", Rule: talonone.ErrInvalidQuantity, Detail: "0"}

	var violation talonone.Violation
	require.ErrorAs(t, err, &violation)
	require.Equal(t, want, violation)
	require.ErrorIs(t, err, want)
	violation, ok := errors.AsType[talonone.Violation](err)
	require.True(t, ok)
	require.Equal(t, want, violation)
	require.Equal(t, talonone.ErrInvalidQuantity, errors.Unwrap(violation))
	require.EqualError(t, violation, "talonone: /cartItems/0/quantity: quantity below 1: 0")

	var invalid *talonone.ValidationError
	require.ErrorAs(t, err, &invalid)
	require.Equal(t, []error{want}, invalid.Unwrap())
	again, ok := errors.AsType[*talonone.ValidationError](err)
	require.True(t, ok)
	require.Same(t, invalid, again)
}

func TestValidateReturnsTrueNil(t *testing.T) {
	var err error = session().Validate()
	require.True(t, err == nil)
	err = talonone.CustomerSessionUpdate{}.Validate(talonone.CatalogPrices())
	require.True(t, err == nil)
	err = talonone.ValidateCartItems(items(3, 1))
	require.True(t, err == nil)
}

func TestViolationText(t *testing.T) {
	long := "/" + strings.Repeat("x", 300)
	for _, tt := range []struct {
		violation talonone.Violation
		want      string
	}{
		{talonone.Violation{Path: "/state", Rule: talonone.ErrUnknownState}, "talonone: /state: unknown state"},
		{talonone.Violation{Path: "/é", Rule: talonone.ErrTooLong, Detail: "more"}, "talonone: /é: too long: more"},
		{talonone.Violation{Path: "/a\nb\xff", Rule: talonone.ErrTooLong}, `talonone: "/a\nb\xff": too long`},
		{talonone.Violation{Path: long, Rule: talonone.ErrTooLong}, `talonone: "` + long[:256] + `"...: too long`},
		{talonone.Violation{}, `talonone: "": <nil>`},
	} {
		require.EqualError(t, tt.violation, tt.want)
	}
	require.EqualError(t, &talonone.ValidationError{}, "talonone: 0 rules broken:")
	require.EqualError(t, &talonone.ValidationError{
		Violations: []talonone.Violation{{Path: "/a", Rule: talonone.ErrRequired}, {Path: "/b", Rule: talonone.ErrTooLong}},
	}, "talonone: 2 rules broken:\n\t/a: required\n\t/b: too long")

	twenty := slices.Repeat([]talonone.Violation{{Path: "/a", Rule: talonone.ErrRequired}}, 20)
	require.NotContains(t, (&talonone.ValidationError{Violations: twenty}).Error(), "more")
	require.Contains(t, (&talonone.ValidationError{Violations: twenty, Omitted: 1}).Error(), "\n\tand 1 more")
}

// TestValidateKeepsSecrets searches the error texts for secrets.
func TestValidateKeepsSecrets(t *testing.T) {
	secret := strings.Repeat("secret", 200)
	s := session(talonone.CartItem{SKU: secret + "\xff", Name: secret + "\xff", Attributes: talonone.Attributes{
		"a": secret + "\xff", "b": json.Number(secret), "c": json.RawMessage(`"` + secret), "d": failing{},
	}})
	s.IntegrationID, s.CouponCodes, s.ReferralCode = secret, []string{secret}, secret
	s.StoreIntegrationID, s.State, s.ProfileID = secret, talonone.State(secret), secret+"\xff"
	s.LoyaltyCards, s.Identifiers = []string{secret, secret}, slices.Repeat([]string{secret}, 6)
	err := s.Validate()
	require.Len(t, findings(t, err), 16)
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", err, findings(t, err), err.(*talonone.ValidationError).Violations), "secret")
}

// failing has a MarshalJSON that fails with a secret in the error.
type failing struct{}

func (failing) MarshalJSON() ([]byte, error) { return nil, errors.New("secret") }

func TestValidateAttributeTypes(t *testing.T) {
	type name string
	self := map[string]any{}
	self["self"], self["too"] = self, self
	var pointer any
	pointer = &pointer
	var deep any
	for range 10_000 {
		deep = []any{deep}
	}
	for _, tt := range []struct {
		label string
		value any
		want  []string
	}{
		{"strings", []string{"a", "\xff", "b", "\xfe"}, []string{"/1 ErrInvalidUTF8", "/3 ErrInvalidUTF8"}},
		{"a named string", name("\xff"), []string{" ErrInvalidUTF8"}},
		{"a map of strings", map[name]string{"b": "\xff", "a": "\xff", "\xff": ""},
			[]string{"/a ErrInvalidUTF8", "/b ErrInvalidUTF8", "/\xff ErrInvalidUTF8"}},
		{"floats", []float32{1, float32(math.Inf(-1))}, []string{"/1 ErrOutOfRange"}},
		{"amounts", []any{huge, &huge, decimal.NullDecimal{}, decimal.NewNullDecimal(huge), (*decimal.Decimal)(nil)}, []string{
			"/0 ErrOutOfRange",
			"/1 ErrOutOfRange",
			"/3 ErrOutOfRange",
		}},
		{"typed amounts", []decimal.Decimal{{}, huge},
			[]string{"/1 ErrOutOfRange"}},
		{"a time", time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), []string{" ErrOutOfRange"}},
		{"a pointer", new(new("\xff")), []string{" ErrInvalidUTF8"}},
		{"nils", []any{nil, []string(nil), map[string]string(nil), (*int)(nil), []any(nil), json.RawMessage(nil)}, nil},
		{"errors in an interface", []error{nil}, nil},
		{"raw", json.RawMessage("tru"), []string{" ErrSyntax"}},
		{"a channel", make(chan int), []string{" ErrWrongType"}},
		{"a marshaler that fails", failing{}, []string{" ErrWrongType"}},
		{"a struct", struct{ A int }{1}, nil},
		{"itself", self, []string{strings.Repeat("/self", 9_996) + " ErrTooDeep"}},
		{"a pointer to itself", pointer, []string{" ErrTooDeep"}},
		{"deep", deep, []string{strings.Repeat("/0", 9_996) + " ErrTooDeep"}},
	} {
		t.Run(tt.label, func(t *testing.T) {
			var want []string
			for _, finding := range tt.want {
				want = append(want, "/cartItems/0/attributes/a"+finding)
			}
			// What comes after is found too.
			want = append(want, "/cartItems/0/selectedPriceType ErrInvalidUTF8")
			i := item("sku", 1)
			i.Attributes = talonone.Attributes{"a": tt.value}
			i.SelectedPriceType = "\xff"
			require.Equal(t, want, findings(t, session(i).Validate()))
		})
	}
}

// TestValidateAgreesWithEncode builds items of bad and good parts. If encoding fails, there is a violation with the same reason
// and path, and otherwise there is none.
func TestValidateAgreesWithEncode(t *testing.T) {
	rules := []error{
		talonone.ErrRequired, talonone.ErrTooManyCartItems, talonone.ErrFlattenedQuantityExceeded, talonone.ErrInvalidQuantity,
		talonone.ErrUnknownState, talonone.ErrStateNotSettable, talonone.ErrTooManyLoyaltyCards, talonone.ErrTooManyIdentifiers,
		talonone.ErrTooLong, talonone.ErrEmptyValue,
	}
	refused := 0
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		u := talonone.CustomerSessionUpdate{
			ProfileID: new(randomText(random)), State: talonone.State(randomText(random)), CouponCodes: []string{randomText(random)},
			CartItems: []talonone.CartItem{randomItem(random), randomItem(random)}, Attributes: randomAttributes(random),
		}
		text, err := u.AppendJSON(nil)
		var unsendable []talonone.Violation
		if invalid, ok := errors.AsType[*talonone.ValidationError](u.Validate()); ok {
			for _, v := range invalid.Violations {
				if !slices.Contains(rules, v.Rule) {
					unsendable = append(unsendable, v)
				}
			}
		}
		if err == nil {
			require.Empty(t, unsendable)
			// The sent JSON can be decoded, and the result is still valid.
			var back talonone.CustomerSessionUpdate
			require.NoError(t, back.UnmarshalJSON(text))
			continue
		}
		refused++
		encodeError, ok := errors.AsType[*talonone.EncodeError](err)
		require.True(t, ok)
		require.True(t, slices.ContainsFunc(unsendable, func(v talonone.Violation) bool {
			return v.Path == encodeError.Path && errors.Is(err, v.Rule)
		}), "%v is not among %v", err, unsendable)
	}
	require.NotZero(t, refused, "some cannot be written")
	require.NotEqual(t, 3000, refused, "some can")
}

func randomItem(r *rand.Rand) talonone.CartItem {
	return talonone.CartItem{
		Name: randomText(r), SKU: randomText(r), Quantity: r.IntN(3), Price: randomAmount(r), Category: randomText(r),
		Product: &talonone.Product{Name: randomText(r)}, Attributes: randomAttributes(r),
		AdditionalCosts:         map[string]talonone.AdditionalCost{randomText(r): {Price: *randomAmount(r)}},
		AdjustmentEffectiveFrom: time.Date(rare(r, 2026, 10_000), 1, 1, 0, 0, 0, 0, time.UTC),
		Extra:                   map[string]json.RawMessage{rare(r, "extra", "sku"): json.RawMessage(rare(r, `{"a":1}`, `{"a":}`))},
	}
}

// rare returns bad in one of 50 cases.
func rare[V any](r *rand.Rand, good, bad V) V {
	if r.IntN(50) == 0 {
		return bad
	}
	return good
}

func randomText(r *rand.Rand) string { return rare(r, "text é", "bad \xff") }

func randomAmount(r *rand.Rand) *decimal.Decimal {
	return new(decimal.New(r.Int64N(1000), rare(r, int32(r.IntN(5)-2), huge.Exponent())))
}

func randomAttributes(r *rand.Rand) talonone.Attributes {
	a := talonone.Attributes{}
	for range r.IntN(3) {
		a[rare(r, fmt.Sprint(r.IntN(10)), "bad \xff")] = randomValue(r, 3)
	}
	return a
}

func randomValue(r *rand.Rand, depth int) any {
	values := []func() any{
		func() any { return randomText(r) },
		func() any { return rare(r, 1.5, math.NaN()) },
		func() any { return float32(rare(r, 1.5, math.Inf(1))) },
		func() any { return json.Number(rare(r, "1e5", "1e")) },
		func() any { return *randomAmount(r) },
		func() any { return randomAmount(r) },
		func() any { return []string{randomText(r)} },
		func() any { return json.RawMessage(rare(r, "[1]", "[1")) },
		func() any { return rare[any](r, struct{ A string }{randomText(r)}, make(chan int)) },
		func() any { return time.Date(rare(r, 2026, -5), 1, 1, 0, 0, 0, 0, time.UTC) },
		func() any { return r.IntN(2) == 0 },
		func() any { return uint8(r.IntN(256)) },
		func() any { return nil },
		func() any { return []any{randomValue(r, depth-1), randomValue(r, depth-1)} },
		func() any { return map[string]any{randomText(r): randomValue(r, depth-1)} },
		func() any { return map[string]float64{randomText(r): rare(r, 2, math.NaN())} },
		func() any { return []json.Number{json.Number(rare(r, "7", "x"))} },
	}
	if depth == 0 {
		return nil
	}
	return values[r.IntN(len(values))]()
}

// FuzzValidateDecoded checks that a decoded value can be sent.
func FuzzValidateDecoded(f *testing.F) {
	f.Add([]byte(`{"integrationId":"s","cartItems":[{"sku":"a","quantity":1,"price":9.50,"attributes":{"a":[1,{"b":"c"}]}}]}`))
	f.Add([]byte(`{"state":"frozen","created":"2026-02-07T08:15:22Z","new":[null,1e5],"total":"1.50"}`))
	f.Add([]byte(`{"cartItems":[{"prices":{"base":{"price":1e3,"x":"\ud83d\ude00"}},"product":{"name":"p"}}]}`))
	sendable := map[error]bool{
		talonone.ErrRequired: true, talonone.ErrTooManyCartItems: true, talonone.ErrFlattenedQuantityExceeded: true,
		talonone.ErrInvalidQuantity: true, talonone.ErrUnknownState: true, talonone.ErrTooManyLoyaltyCards: true,
		talonone.ErrTooManyIdentifiers: true, talonone.ErrTooLong: true,
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var s talonone.CustomerSessionV2
		if s.UnmarshalJSON(text) != nil {
			return
		}
		err := s.Validate()
		if err == nil {
			return
		}
		for _, v := range err.(*talonone.ValidationError).Violations {
			require.True(t, sendable[v.Rule], "%v", v)
		}
	})
}

func TestValidateConcurrently(t *testing.T) {
	good, bad := session(items(50, 1)...), session(make([]talonone.CartItem, 50)...)
	want := bad.Validate()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				require.NoError(t, good.Validate())
				require.Equal(t, want, bad.Validate())
			}
		})
	}
	wg.Wait()
}

func ExampleCustomerSessionV2_Validate() {
	session := talonone.CustomerSessionV2{
		IntegrationID: "order-1",
		CouponCodes:   []string{"SUMMER"},
		CartItems: []talonone.CartItem{
			{SKU: "shoe", Quantity: 0, Price: new(decimal.New(7990, -2))},
			{SKU: "sock", Quantity: 2},
		},
	}
	fmt.Println(session.Validate())
	// Output:
	// talonone: 2 rules broken:
	// 	/cartItems/0/quantity: quantity below 1: 0
	// 	/cartItems/1/price: required
}

func ExampleCustomerSessionUpdate_Validate() {
	update := talonone.CustomerSessionUpdate{State: talonone.StatePartiallyReturned}
	err := update.Validate()
	fmt.Println(errors.Is(err, talonone.ErrStateNotSettable))
	// Output: true
}

func ExampleValidationError() {
	err := talonone.ValidateCartItems([]talonone.CartItem{{SKU: "shoe"}})
	if invalid, ok := errors.AsType[*talonone.ValidationError](err); ok {
		for _, violation := range invalid.Violations {
			fmt.Println(violation.Path, "-", violation.Rule)
		}
	}
	// Output:
	// /cartItems/0/quantity - quantity below 1
	// /cartItems/0/price - required
}

func ExampleViolation() {
	err := talonone.CustomerSessionUpdate{ReferralCode: new(string(make([]byte, 101)))}.Validate()
	if violation, ok := errors.AsType[talonone.Violation](err); ok {
		fmt.Println(violation.Path)
		fmt.Println(errors.Is(violation, talonone.ErrTooLong))
		fmt.Println(violation.Detail)
	}
	// Output:
	// /referralCode
	// true
	// 101 characters, at most 100
}

func ExampleValidateOption() {
	cart := []talonone.CartItem{{SKU: "shoe", Quantity: 20_000}}
	fmt.Println(talonone.ValidateCartItems(cart, talonone.CatalogPrices(), talonone.CartItemFlattening(false)))
	// Output: <nil>
}

func ExampleFlattenedQuantity() {
	cart := []talonone.CartItem{{SKU: "shoe", Quantity: 2}, {SKU: "sock", Quantity: 10}}
	fmt.Println(talonone.FlattenedQuantity(cart), "of", talonone.MaxFlattenedQuantity)
	// Output: 12 of 10000
}

// flaky has a MarshalJSON that fails only the first time.
type flaky struct{ calls *int }

func (f flaky) MarshalJSON() ([]byte, error) {
	if *f.calls++; *f.calls == 1 {
		return nil, errors.New("not now")
	}
	return []byte("1"), nil
}

func TestValidateSaysWhatItFound(t *testing.T) {
	// An error without a violation says nothing.
	u := talonone.CustomerSessionUpdate{Attributes: talonone.Attributes{"a": flaky{new(0)}}}
	require.NoError(t, u.Validate())

	// Long names do not make the list too long.
	bad := slices.Repeat([]any{"\xff"}, 9_000)
	u.Attributes = talonone.Attributes{strings.Repeat("n", 64<<10): bad}
	invalid, ok := errors.AsType[*talonone.ValidationError](u.Validate())
	require.True(t, ok)
	require.Less(t, len(invalid.Violations), 300)
	require.Equal(t, len(bad), len(invalid.Violations)+invalid.Omitted)
}

// TestValidationErrorTextByHand has errors that Validate does not make: most of their violations are omitted.
func TestValidationErrorTextByHand(t *testing.T) {
	one := []talonone.Violation{{Path: "/x", Rule: talonone.ErrRequired}}
	require.EqualError(t, &talonone.ValidationError{Violations: one}, "talonone: /x: required")
	require.EqualError(t, &talonone.ValidationError{Violations: one, Omitted: 2}, "talonone: 3 rules broken:\n\t/x: required\n\tand 2 more")
	require.EqualError(t, &talonone.ValidationError{Omitted: 1}, "talonone: 1 rules broken:\n\tand 1 more")
}

// TestValidateForgets has paths that are long together, but not within one value.
func TestValidateForgets(t *testing.T) {
	s := talonone.CustomerSessionV2{IntegrationID: "s", AdditionalCosts: map[string]talonone.AdditionalCost{
		strings.Repeat("x", 1<<20): {Price: decimal.New(1, math.MaxInt32)},
	}}
	for range 40 {
		invalid, ok := errors.AsType[*talonone.ValidationError](s.Validate())
		require.True(t, ok)
		require.Len(t, invalid.Violations, 1)
		require.Zero(t, invalid.Omitted)
	}
}
