package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/talonone-go/talonone/cmd/talonone/internal/receiptrows"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

var receiptCommand = command{
	name:    "receipt",
	args:    " [file]",
	summary: "show what is left to pay, and how much each effect takes off",
	about: `The file is an answer of the API that has customerSession and effects. After a return, use the answer to a GET of the session.
If there is no file, or if it is "-", the command reads standard input. Amounts are exact unless -round is given.

Exit codes: 0 success, 1 the file is not an answer with a receipt, 2 usage error, or reading or writing failed.
`,
	run: (*cli).receipt,
}

func (c *cli) receipt(_ context.Context, args []string) int {
	asJSON := c.flags.Bool("json", false, "print the receipt as JSON")
	places := receiptrows.Exactly
	c.flags.Func("round", "round amounts to this many decimal `places`; the sums still add up", func(value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || n > jsonwire.MaxAmountLen {
			return fmt.Errorf("want a number from 0 to %d", jsonwire.MaxAmountLen)
		}
		places = n
		return nil
	})
	if code, done := c.parse(args); done {
		return code
	}
	name := "-"
	switch c.flags.NArg() {
	case 0:
	case 1:
		name = c.flags.Arg(0)
	default:
		return c.usage("only one file is expected")
	}
	s, err := c.read(name)
	if err != nil {
		return c.fail(err)
	}
	receipt := s.receipt()
	if receipt == nil {
		s.place()
		fmt.Fprint(c.stderr, s.lines())
		return exitInvalid
	}
	if places != receiptrows.Exactly {
		receipt = new(receipt.Round(int32(places)))
	}
	if *asJSON {
		return c.printJSON(receipt)
	}
	return c.print(receiptText(receipt, places), exitOK)
}

// receipt returns the receipt of an answer. If there is none, it adds the problems and returns nil.
func (s *source) receipt() *integration.Receipt {
	if !s.syntax() {
		return nil
	}
	var answer integration.IntegrationState
	if err := answer.UnmarshalJSON(s.text); err != nil {
		s.undecodable(err, part{})
		return nil
	}
	receipt, err := integration.NewReceipt(answer.CustomerSession, answer.Effects)
	if e, ok := errors.AsType[*integration.ReceiptError](err); ok {
		pointer := e.Path
		if e.EffectIndex < 0 && answer.CustomerSession != nil { // the path starts at the session
			pointer = "/customerSession" + pointer
		}
		s.add(0, pointer, e, e.Err.Error())
		s.locate(s.problems)
		return nil
	}
	return receipt
}

// receiptText returns a receipt as a table. Every amount has at least this many decimal places.
func receiptText(r *integration.Receipt, places int) string {
	t := table{right: map[int]bool{1: true, 2: true, 3: true}}
	t.add("", "subtotal", "discount", "total")
	for _, row := range receiptrows.Of(r, places) {
		t.add(indent(row)+oneLine(row.Label), row.Subtotal, row.Discount, row.Total)
	}

	var b strings.Builder
	b.WriteString(t.String())
	for _, pointer := range r.Overdiscounted() {
		what := "the session"
		if pointer != "" {
			what = oneLine(pointer)
		}
		fmt.Fprintf(&b, "the discounts exceed the price of %s\n", what)
	}
	return b.String()
}

// indent returns the text before a label. It shows that the row belongs to an earlier row with less indentation.
func indent(row receiptrows.Row) string {
	switch {
	case row.Kind == receiptrows.Cost:
		return strings.Repeat("  ", row.Level) + "+ "
	case row.Level > 0:
		return strings.Repeat("  ", row.Level+1)
	}
	return ""
}
