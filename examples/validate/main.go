// Validate checks a broken cart before it is sent, and shows every violation with a text for the form of a shop. It needs no network.
//
//	go run ./examples/validate
//
// It prints one line with the location for each broken rule. Then it validates with other options, and matches one rule by its name.
package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
)

func main() {
	session := talonone.CustomerSessionV2{
		IntegrationID: "order-1",
		State:         "frozen",
		CouponCodes:   []string{"SUMMER", strings.Repeat("X", 101)},
		LoyaltyCards:  []string{"card-1", "card-2"},
		CartItems: []talonone.CartItem{
			{SKU: "shoe", Quantity: 9_998, Price: new(decimal.RequireFromString("79.90"))},
			{SKU: "sock", Quantity: 3},
			{SKU: "", Quantity: 0, Price: new(decimal.RequireFromString("4.50"))},
			{SKU: "lace", Quantity: 1, Price: new(decimal.RequireFromString("1e9999"))},
			{SKU: "wax", Quantity: 1, Price: new(decimal.RequireFromString("6.00")), Name: "Cr\xe8me"},
		},
	}

	err := session.Validate()
	if invalid, ok := errors.AsType[*talonone.ValidationError](err); ok {
		fmt.Printf("%d rules broken:\n", len(invalid.Violations)+invalid.Omitted)
		for _, violation := range invalid.Violations {
			fmt.Printf("  %-25s %s\n", violation.Path, inWords(violation))
		}
	}

	fmt.Println("\nWithout flattening, and with prices from a catalog:")
	err = talonone.ValidateCartItems(session.CartItems, talonone.CartItemFlattening(false), talonone.CatalogPrices())
	fmt.Println(" ", err)

	fmt.Println("\nOne rule, matched by its name:")
	err = talonone.CustomerSessionUpdate{State: talonone.StatePartiallyReturned}.Validate()
	if errors.Is(err, talonone.ErrStateNotSettable) {
		fmt.Println("  return items instead:", err)
	}
}

// inWords tells a customer how to correct a violation. If the customer cannot correct it, it returns the rule's own text.
func inWords(violation talonone.Violation) string {
	switch {
	case errors.Is(violation, talonone.ErrRequired):
		return "please fill this in"
	case errors.Is(violation, talonone.ErrInvalidQuantity):
		return "please choose at least one"
	case errors.Is(violation, talonone.ErrFlattenedQuantityExceeded), errors.Is(violation, talonone.ErrTooManyCartItems):
		return "the cart is too large (" + violation.Detail + ")"
	case errors.Is(violation, talonone.ErrTooLong):
		return "this is too long (" + violation.Detail + ")"
	}
	return violation.Rule.Error()
}
