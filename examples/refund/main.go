// Refund returns a part of a paid order and calculates the refund. It uses a server in memory:
//
//	go run ./examples/refund
//
// It prints:
//
//	paid:
//	  3 x shoe    120.00 - 12.00 = 108.00
//	  1 x polish    9.99 -  0.00 =   9.99
//	  total                        117.99
//	returned: 1 x shoe
//	  rolled back: 10% off, 4.00
//	the session is partially_returned, and these discounts still apply:
//	  10% off, 4.00, on unit 1 of line 0
//	  10% off, 4.00, on unit 2 of line 0
//	the customer keeps:
//	  2 x shoe     80.00 -  8.00 =  72.00
//	  1 x polish    9.99 -  0.00 =   9.99
//	  total                         81.99
//	refund: 36.00
package main

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

const orderID = "order-1"

func main() {
	server := integrationtest.Start()
	defer server.Close()
	server.OnEffects(tenPercentOff)
	if err := run(context.Background(), server.Client()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, client *integration.Client) error {
	// The paid order.
	state, err := client.UpdateCustomerSession(ctx, orderID, integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{
			State: talonone.StateClosed,
			CartItems: []talonone.CartItem{
				{SKU: "shoe", Quantity: 3, Price: new(decimal.RequireFromString("40.00"))},
				{SKU: "polish", Quantity: 1, Price: new(decimal.RequireFromString("9.99"))},
			},
		},
		ResponseContent: []integration.ResponseContent{integration.ContentCustomerSession},
	})
	if err != nil {
		return err
	}
	receipt, err := integration.NewReceipt(state.CustomerSession, state.Effects)
	if err != nil {
		return err
	}
	fmt.Println("paid:")
	paid := show(*receipt)

	// One pair is returned. The answer lists the discounts that this undoes, but not the remaining ones.
	returned, err := client.ReturnCartItems(ctx, orderID, integration.ReturnRequest{
		ReturnedCartItems: []integration.ReturnedCartItem{{SKU: "shoe", Quantity: new(1)}},
	})
	if err != nil {
		return err
	}
	if returned.Return == nil {
		return errors.New("the answer has no return")
	}
	for _, item := range returned.Return.ReturnedCartItems {
		fmt.Printf("returned: %s x %s\n", either(item.Quantity, "%d", "all"), item.SKU)
	}
	for _, effect := range returned.Effects {
		if rollback, ok := effect.Props.(*integration.RollbackDiscount); ok {
			fmt.Printf("  rolled back: %s, %s\n", rollback.Name, money(rollback.Value))
		}
	}

	// Read the session to get the discounts that still apply.
	if state, err = client.GetCustomerSession(ctx, orderID); err != nil {
		return err
	}
	if receipt, err = integration.NewReceipt(state.CustomerSession, state.Effects); err != nil {
		return err
	}
	fmt.Printf("the session is %s, and these discounts still apply:\n", state.CustomerSession.State)
	for _, effect := range state.Effects {
		if d, ok := effect.Props.(*integration.SetDiscountPerItem); ok {
			fmt.Printf("  %s, %s, on %s of line %d\n", d.Name, money(d.Value), either(d.SubPosition, "unit %d", "all"), d.Position)
		}
	}

	// This receipt counts the remaining units, so the refund is the difference of the totals.
	fmt.Println("the customer keeps:")
	kept := show(*receipt)
	fmt.Println("refund:", money(paid.Sub(kept)))
	return nil
}

// either formats a number, or returns the text for no number.
func either(n *int, format, none string) string {
	if n == nil {
		return none
	}
	return fmt.Sprintf(format, *n)
}

// show prints a receipt and returns the amount to pay.
func show(receipt integration.Receipt) decimal.Decimal {
	rounded := receipt.Round(2)
	for _, line := range rounded.Lines {
		fmt.Printf("  %d x %-6s %7s - %5s = %6s\n",
			line.Quantity, line.SKU, money(line.Subtotal), money(line.Discount), money(line.Total))
	}
	fmt.Printf("  total %29s\n", money(rounded.Total))
	return rounded.Payable()
}

func money(d decimal.Decimal) string { return d.StringFixed(2) }

// tenPercentOff replaces a campaign with 10% off each shoe. The server calls it for each update. The server itself calculates what a
// return undoes: the discounts of the returned units, the first unit first.
func tenPercentOff(e integrationtest.Evaluation) (effects []integration.Effect) {
	for position, item := range e.Session.CartItems {
		if item.SKU != "shoe" {
			continue
		}
		for unit := range item.Quantity {
			effects = append(effects, integration.Effect{CampaignID: 1, Props: &integration.SetDiscountPerItem{
				Name: "10% off", Value: item.Price.Mul(decimal.New(1, -1)), Position: position, SubPosition: &unit,
			}})
		}
	}
	return effects
}
