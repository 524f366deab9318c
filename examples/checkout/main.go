// Checkout reads a cart and does with it what a shop does before it asks Talon.One for discounts. It prints the cart with its
// exact totals, the request that would be sent, and the way of the session through its states. It sends nothing.
//
//	go run ./examples/checkout              # the cart of cart.json
//	go run ./examples/checkout my-cart.json # a cart of your own, in the form of cart.json
//
// For a cart that the API would refuse it prints everything that is wrong, each with its place, and exits with 1.
package main

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
)

// The customer session of the full request in Talon.One's API specification.
//
//go:embed cart.json
var cart []byte

func main() {
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "checkout:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, args []string) error {
	text, err := cart, error(nil)
	if len(args) > 0 {
		if text, err = os.ReadFile(args[0]); err != nil {
			return err
		}
	}
	session, err := readSession(text)
	if err != nil {
		return err
	}
	if err := session.Validate(); err != nil {
		return explain(w, err)
	}
	showCart(w, session)
	if err := showRequest(w, session); err != nil {
		return err
	}
	showStates(w, session)
	return nil
}

// readSession takes a customer session, and also the body of a request or a response that has one.
func readSession(text []byte) (session talonone.CustomerSessionV2, err error) {
	if err = session.UnmarshalJSON(text); err != nil {
		return session, err
	}
	if inner, ok := session.Extra["customerSession"]; ok {
		err = session.UnmarshalJSON(inner)
	}
	session.IntegrationID = "order-1001"
	return session, err
}

// explain prints every rule that the cart breaks.
func explain(w io.Writer, err error) error {
	invalid, ok := errors.AsType[*talonone.ValidationError](err)
	if !ok {
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, v := range invalid.Violations {
		fmt.Fprintf(table, "%s\t%v\t%s\n", v.Path, v.Rule, v.Detail)
	}
	table.Flush()
	return fmt.Errorf("rules that the cart breaks: %d", len(invalid.Violations)+invalid.Omitted)
}

func showCart(w io.Writer, session talonone.CustomerSessionV2) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, item := range session.CartItems {
		fmt.Fprintf(table, "%d x\t%s\t%s\t%s each\n", item.Quantity, item.SKU, item.Name, money(*item.Price))
	}
	table.Flush()

	totals := session.ComputeTotals()
	table = tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "\n")
	fmt.Fprintf(table, "items\t%s\t\n", money(totals.CartItemTotal))
	fmt.Fprintf(table, "costs of items\t%s\t\n", money(totals.CartItemAdditionalCostTotal))
	fmt.Fprintf(table, "costs of the session\t%s\t\n", money(totals.AdditionalCostTotal))
	fmt.Fprintf(table, "total\t%s\t\n", money(totals.Total))
	table.Flush()
}

// money shows every digit that an amount has, and two decimals at least.
func money(d decimal.Decimal) string { return d.StringFixed(max(2, -d.Exponent())) }

func showRequest(w io.Writer, session talonone.CustomerSessionV2) error {
	body, err := session.Update().AppendJSON([]byte(`{"customerSession":`))
	if err != nil {
		return err
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, append(body, '}'), "", "  "); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nPUT /v2/customer_sessions/%s\n%s\n", session.IntegrationID, &indented)
	return nil
}

// showStates pays the order, tries to change it after that, and calls it off.
func showStates(w io.Writer, session talonone.CustomerSessionV2) {
	fmt.Fprintf(w, "\nthe session is %s\n", cmp.Or(session.State, talonone.StateOpen))
	for _, next := range []talonone.State{talonone.StateClosed, talonone.StateOpen, talonone.StateCancelled} {
		if err := session.TransitionTo(next); err != nil {
			fmt.Fprintln(w, "refused:", err)
			continue
		}
		fmt.Fprintf(w, "an update makes it %s\n", next)
	}
}
