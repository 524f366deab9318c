// Testing shows how to test a service that calls Talon.One without an account. The service is in shop.go. The tests are in
// shop_test.go: valid and invalid coupons, failures of Talon.One, a lost answer.
//
//	go test -v ./examples/testing
//
// A program can use the server for tests too, so that somebody can try the service. This program does that:
//
//	go run ./examples/testing
//
// It prints:
//
//	two shoes with the code TEN: 89.90
//	two shoes with the code ELEVEN: 99.90 (the code ELEVEN is not valid)
//	paid: <nil>
//	requests: 3
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

func main() {
	server := integrationtest.Start()
	defer server.Close()
	server.OnEffects(tenOff)
	shop := &Shop{Sessions: server.Client()}
	ctx := context.Background()
	for _, code := range []string{"TEN", "ELEVEN"} {
		quote, err := shop.Quote(ctx, Order{ID: "order-1", Customer: "customer-1", Coupon: code, Items: twoShoes()})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("two shoes with the code %s: %s", code, quote.Total.StringFixed(2))
		if quote.Notice != "" {
			fmt.Printf(" (%s)", quote.Notice)
		}
		fmt.Println()
	}
	fmt.Println("paid:", shop.Pay(ctx, "order-1", "payment-1"))
	fmt.Println("requests:", len(server.Requests()))
}

// tenOff replaces a campaign: the code TEN takes 10.00 off, and no other code is valid.
func tenOff(e integrationtest.Evaluation) (effects []integration.Effect) {
	for _, code := range e.Session.CouponCodes {
		if code != "TEN" {
			effects = append(effects, integration.Effect{
				CampaignID: -1,
				Props:      &integration.RejectCoupon{Value: code, RejectionReason: "CouponNotFound"},
			})
			continue
		}
		effects = append(effects,
			integration.Effect{CampaignID: 1, Props: &integration.AcceptCoupon{Value: code}},
			integration.Effect{CampaignID: 1, Props: &integration.SetDiscount{Name: "TEN", Value: decimal.New(10, 0)}},
		)
	}
	return effects
}

func twoShoes() []talonone.CartItem {
	return []talonone.CartItem{{SKU: "shoe", Quantity: 2, Price: new(decimal.RequireFromString("49.95"))}}
}
