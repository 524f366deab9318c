package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

var receiptCommand = command{
	name:    "receipt",
	args:    " [file]",
	summary: "show what is left to pay, and which effect took off how much",
	about: `The file is an answer of the API that has customerSession and effects. After a return, take the answer to a GET of the session.
Without a file, or where it is "-", it reads standard input. Amounts are exact, unless -round says how many places they have.

Exit codes: 0 success, 1 the answer has no receipt, 2 usage error or a file that cannot be read.
`,
	run: (*cli).receipt,
}

// exactly is the number of places of a receipt that is not rounded.
const exactly = -1

func (c *cli) receipt(_ context.Context, args []string) int {
	asJSON := c.flags.Bool("json", false, "print the receipt as JSON")
	places := exactly
	c.flags.Func("round", "round amounts to so many decimal `places`, so that they still add up", func(value string) error {
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
	if places != exactly {
		receipt = new(receipt.Round(int32(places)))
	}
	if *asJSON {
		return c.printJSON(receipt)
	}
	return c.print(receiptText(receipt, places), exitOK)
}

// receipt returns the receipt of an answer, or nil, and adds what is wrong with it.
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
		if e.EffectIndex < 0 && answer.CustomerSession != nil { // the place is one in the session
			pointer = "/customerSession" + pointer
		}
		s.add(0, pointer, e, e.Err.Error())
		s.locate(s.problems)
		return nil
	}
	return receipt
}

// receiptText lays out a receipt. Every amount has at least so many places.
func receiptText(r *integration.Receipt, places int) string {
	amount := func(d decimal.Decimal) string {
		if places > 0 {
			d = d.Add(decimal.New(0, int32(-places))) // a sum has the places of the longer summand
		}
		return jsonwire.DecimalText(d)
	}
	t := table{right: map[int]bool{1: true, 2: true, 3: true}}
	row := func(label string, subtotal, discount, total decimal.Decimal) {
		off := ""
		if !discount.IsZero() {
			off = amount(discount)
		}
		t.add(label, amount(subtotal), off, amount(total))
	}
	discounts := func(indent string, list []integration.ReceiptDiscount) {
		for _, d := range list {
			label := indent + oneLine(d.Name)
			if d.Unit >= 0 {
				label += fmt.Sprintf(" (unit %d)", d.Unit)
			}
			t.add(label, "", amount(d.Amount), "")
		}
	}
	costs := func(indent string, costs map[string]integration.ReceiptCost) {
		for _, name := range slices.Sorted(maps.Keys(costs)) {
			cost := costs[name]
			row(indent+oneLine(name), cost.Subtotal, cost.Discount, cost.Total)
			discounts(strings.Repeat(" ", len(indent)+2), cost.Discounts)
		}
	}
	t.add("", "subtotal", "discount", "total")
	for _, line := range r.Lines {
		row(fmt.Sprintf("%d x %s", line.Quantity, oneLine(line.SKU)), line.Subtotal, line.Discount, line.Total)
		discounts("    ", line.Discounts)
		costs("  + ", line.AdditionalCosts)
	}
	costs("+ ", r.AdditionalCosts)
	discounts("", r.Discounts)
	row("total", r.Subtotal, r.DiscountTotal, r.Total)

	var b strings.Builder
	b.WriteString(t.String())
	for _, pointer := range r.Overdiscounted() {
		what := "the session"
		if pointer != "" {
			what = oneLine(pointer)
		}
		fmt.Fprintf(&b, "more is taken off than it costs: %s\n", what)
	}
	return b.String()
}
