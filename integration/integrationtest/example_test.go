package integrationtest_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// A test calls NewServer(t) instead of Start and Close.
func Example() {
	server := integrationtest.Start()
	defer server.Close()
	server.SetTime(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	ctx, client := context.Background(), server.Client()

	state, err := client.UpdateCustomerSession(ctx, "order-1", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{
			State: talonone.StateClosed,
			CartItems: []talonone.CartItem{
				{SKU: "shoe", Quantity: 2, Price: new(decimal.RequireFromString("49.95"))},
			},
		},
		ResponseContent: []integration.ResponseContent{integration.ContentCustomerSession},
	})
	if err != nil {
		panic(err)
	}
	session := state.CustomerSession
	fmt.Println(session.State, session.Total, session.Created)

	// The order is paid, so the API would refuse this change too.
	_, err = client.UpdateCustomerSession(ctx, "order-1", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{CouponCodes: []string{"XMAS"}},
	})
	fmt.Println(err)
	// Output:
	// closed 99.9 2026-03-01 12:00:00 +0000 UTC
	// integration: 400 Bad Request: The submitted data was invalid: Invalid state: the session is closed and cannot be updated at /state
}

func ExampleServer_OnEffects() {
	server := integrationtest.Start()
	defer server.Close()
	server.OnEffects(func(e integrationtest.Evaluation) (effects []integration.Effect) {
		for _, code := range e.Session.CouponCodes {
			if code == "TEN" {
				effects = append(effects, integration.Effect{Props: &integration.AcceptCoupon{Value: code}})
				continue
			}
			effects = append(effects, integration.Effect{
				CampaignID: -1, // no campaign, because the code is unknown
				Props:      &integration.RejectCoupon{Value: code, RejectionReason: "CouponNotFound"},
			})
		}
		return effects
	})

	state, err := server.Client().UpdateCustomerSession(context.Background(), "order-1", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{CouponCodes: []string{"TEN", "ELEVEN"}},
	})
	if err != nil {
		panic(err)
	}
	for _, effect := range state.Effects {
		switch props := effect.Props.(type) {
		case *integration.AcceptCoupon:
			fmt.Println(props.Value, "is fine")
		case *integration.RejectCoupon:
			fmt.Println(props.Value, "is refused:", props.RejectionReason)
		}
	}
	// Output:
	// TEN is fine
	// ELEVEN is refused: CouponNotFound
}

func ExampleServer_OnRollback() {
	server := integrationtest.Start()
	defer server.Close()
	server.OnEffects(func(integrationtest.Evaluation) []integration.Effect {
		return []integration.Effect{
			{CampaignID: 1, Props: &integration.SetDiscount{Name: "ten off", Value: decimal.New(10, 0)}},
			{CampaignID: 1, Props: &integration.AddLoyaltyPoints{Value: decimal.New(100, 0), TransactionUUID: "t1"}},
		}
	})
	// This Application does not take active points back.
	server.OnRollback(func(_ talonone.Operation, _ talonone.CustomerSessionV2, rollbacks []integration.Effect) []integration.Effect {
		return slices.DeleteFunc(rollbacks, func(e integration.Effect) bool {
			_, points := e.Props.(*integration.RollbackAddedLoyaltyPoints)
			return points
		})
	})

	ctx, client := context.Background(), server.Client()
	for _, state := range []talonone.State{talonone.StateClosed, talonone.StateCancelled} {
		answer, err := client.UpdateCustomerSession(ctx, "order-1", integration.UpdateRequest{
			CustomerSession: talonone.CustomerSessionUpdate{State: state},
		})
		if err != nil {
			panic(err)
		}
		for _, effect := range answer.Effects {
			fmt.Println(state, effect.Type)
		}
	}
	held, _ := server.Effects("order-1")
	fmt.Println("still:", held[0].Type)
	// Output:
	// closed setDiscount
	// closed addLoyaltyPoints
	// cancelled rollbackDiscount
	// still: addLoyaltyPoints
}

func ExampleServer_FailNextWith() {
	server := integrationtest.Start()
	defer server.Close()
	server.FailNextWith(1, integrationtest.Answer{
		Status: http.StatusBadRequest,
		Body:   []byte(`{"message": "recorded", "errors": [{"title": "Unknown", "source": {"pointer": "/attributes/size"}}]}`),
	})
	_, err := server.Client().UpdateCustomerSession(context.Background(), "order-1", integration.UpdateRequest{})
	fmt.Println(err)
	// Output:
	// integration: 400 Bad Request: recorded: Unknown at /attributes/size
}

func ExampleWithAttributes() {
	server := integrationtest.Start(integrationtest.WithAttributes("size"))
	defer server.Close()
	_, err := server.Client().UpdateCustomerSession(context.Background(), "order-1", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{Attributes: talonone.Attributes{"size": "L", "colour": "red"}},
	})
	fmt.Println(err)
	// Output:
	// integration: 400 Bad Request: The submitted data was invalid: Unknown: no attribute of this name is defined at /attributes/colour
}

func ExampleServer_FailNext() {
	server := integrationtest.Start()
	defer server.Close()
	server.FailNext(2, http.StatusServiceUnavailable, http.Header{"Retry-After": {"0"}})

	client := server.Client(integration.WithRetry(integration.Retry{BaseDelay: time.Millisecond}))
	_, err := client.UpdateCustomerSession(context.Background(), "order-1", integration.UpdateRequest{})
	fmt.Println("error:", err)
	for _, request := range server.Requests() {
		fmt.Println(request.Method, request.Path, request.Status)
	}
	// Output:
	// error: <nil>
	// PUT /v2/customer_sessions/order-1 503
	// PUT /v2/customer_sessions/order-1 503
	// PUT /v2/customer_sessions/order-1 200
}

func ExampleServer_CutNext() {
	server := integrationtest.Start()
	defer server.Close()
	server.SetSession(talonone.CustomerSessionV2{
		IntegrationID: "order-1",
		State:         talonone.StateClosed,
		CartItems:     []talonone.CartItem{{SKU: "shoe", Quantity: 3, Price: new(decimal.RequireFromString("49.95"))}},
	})
	server.CutNext(1)

	// The server takes the shoe back, but the client does not get the answer. It sends the request again with the same key.
	client := server.Client(integration.WithRetry(integration.Retry{BaseDelay: time.Millisecond}))
	_, err := client.ReturnCartItems(context.Background(), "order-1", integration.ReturnRequest{
		ReturnedCartItems: []integration.ReturnedCartItem{{SKU: "shoe", Quantity: new(1)}},
	})
	session, _ := server.Session("order-1")
	fmt.Println("error:", err)
	fmt.Println("requests:", len(server.Requests()))
	fmt.Println("returned:", *session.CartItems[0].ReturnedQuantity)
	// Output:
	// error: <nil>
	// requests: 2
	// returned: 1
}

func ExampleWithCatalog() {
	server := integrationtest.Start(integrationtest.WithCatalog(map[string]decimal.Decimal{
		"shoe": decimal.RequireFromString("49.95"),
	}))
	defer server.Close()

	client := server.Client(integration.WithValidation(talonone.CatalogPrices()))
	_, err := client.UpdateCustomerSession(context.Background(), "order-1", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{CartItems: []talonone.CartItem{{SKU: "shoe", Quantity: 2}}},
	})
	if err != nil {
		panic(err)
	}
	session, _ := server.Session("order-1")
	fmt.Println(session.CartItems[0].Price, session.Total)
	// Output:
	// 49.95 99.9
}
