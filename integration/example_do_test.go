package integration_test

import (
	"context"
	"fmt"
	"net/url"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// A shop creates the profile of a customer who signs up ("updateCustomerProfileV2" in the API reference).
func ExampleClient_Do() {
	server := printing(`200 "{\"effects\":[],\"customerProfile\":{\"integrationId\":\"customer 7\",\"totalSales\":1299.90,\"closedSessions\":3}}"`)
	defer server.Close()
	client, err := integration.NewClient(server.URL, "5f3c9e0b7d2a4861")
	if err != nil {
		panic(err)
	}
	type update struct {
		Attributes      talonone.Attributes `json:"attributes"`
		ResponseContent []string            `json:"responseContent,omitempty"`
	}
	var answer struct {
		CustomerProfile struct {
			TotalSales     decimal.Decimal `json:"totalSales"`
			ClosedSessions int             `json:"closedSessions"`
		} `json:"customerProfile"`
	}
	err = client.Do(context.Background(), integration.Request{
		Method: "PUT",
		Path:   "/v2/customer_profiles/" + url.PathEscape("customer 7"),
		Body: update{
			Attributes:      talonone.Attributes{"Name": "Jane", "CreditLimit": decimal.RequireFromString("250.00")},
			ResponseContent: []string{"customerProfile"},
		},
	}, &answer)
	fmt.Println(err, answer.CustomerProfile.TotalSales.StringFixed(2), answer.CustomerProfile.ClosedSessions)
	// Output:
	// PUT /v2/customer_profiles/customer%207 {"attributes":{"CreditLimit":250.00,"Name":"Jane"},"responseContent":["customerProfile"]}
	// <nil> 1299.90 3
}

// The coupons of a customer ("getCustomerInventory").
func ExampleClient_Do_inventory() {
	server := printing(`200 "{\"coupons\":[{\"value\":\"WELCOME-7\",\"usageLimit\":1,\"usageCounter\":0}]}"`)
	defer server.Close()
	client, err := integration.NewClient(server.URL, "5f3c9e0b7d2a4861")
	if err != nil {
		panic(err)
	}
	var inventory struct {
		Coupons []struct {
			Value        string `json:"value"`
			UsageLimit   int    `json:"usageLimit"` // 0: no limit
			UsageCounter int    `json:"usageCounter"`
		} `json:"coupons"`
	}
	err = client.Do(context.Background(), integration.Request{
		Method: "GET",
		Path:   "/v1/customer_profiles/" + url.PathEscape("customer-7") + "/inventory",
		Query:  url.Values{"coupons": {"true"}},
	}, &inventory)
	if err != nil {
		panic(err)
	}
	for _, coupon := range inventory.Coupons {
		fmt.Println(coupon.Value, "used", coupon.UsageCounter, "of", coupon.UsageLimit)
	}
	// Output:
	// GET /v1/customer_profiles/customer-7/inventory?coupons=true
	// WELCOME-7 used 0 of 1
}

// The points that a customer can pay with ("getLoyaltyBalances").
func ExampleClient_Do_loyaltyBalance() {
	server := printing(`200 "{\"balance\":{\"activePoints\":9007199254740993.5,\"pendingPoints\":20}}"`)
	defer server.Close()
	client, err := integration.NewClient(server.URL, "5f3c9e0b7d2a4861")
	if err != nil {
		panic(err)
	}
	var balances struct {
		Balance struct {
			ActivePoints  decimal.Decimal `json:"activePoints"`
			PendingPoints decimal.Decimal `json:"pendingPoints"`
		} `json:"balance"`
	}
	err = client.Do(context.Background(), integration.Request{
		Method: "GET",
		Path:   "/v1/loyalty_programs/5/profile/" + url.PathEscape("customer-7") + "/balances",
	}, &balances)
	fmt.Println(err, balances.Balance.ActivePoints, balances.Balance.PendingPoints)
	// Output:
	// GET /v1/loyalty_programs/5/profile/customer-7/balances
	// <nil> 9007199254740993.5 20
}

// A customer unlocks a reward ("unlockReward"). The answer has the ID under which a session can use it.
func ExampleClient_Do_unlockReward() {
	server := printing(`200 "{\"integrationId\":\"unlock-31\",\"profileIntegrationId\":\"customer-7\"}"`)
	defer server.Close()
	client, err := integration.NewClient(server.URL, "5f3c9e0b7d2a4861")
	if err != nil {
		panic(err)
	}
	var unlocked struct {
		IntegrationID string `json:"integrationId"`
	}
	// If the answer is lost, the request is not sent again, because the customer could pay twice.
	err = client.Do(context.Background(), integration.Request{
		Method: "POST",
		Path:   "/v1/rewards/12/unlock",
		Body:   map[string]string{"profileIntegrationId": "customer-7"}, // the API reference has all members
	}, &unlocked)
	fmt.Println(err, unlocked.IntegrationID)
	// Output:
	// POST /v1/rewards/12/unlock {"profileIntegrationId":"customer-7"}
	// <nil> unlock-31
}

func ExampleRequest() {
	client, err := integration.NewClient("https://mycompany.europe-west1.talon.one", "5f3c9e0b7d2a4861")
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	customer := "" // lost on the way
	fmt.Println(client.Do(ctx, integration.Request{Method: "GET", Path: "/v1/customer_profiles/" + url.PathEscape(customer) + "/inventory"}, nil))
	fmt.Println(client.Do(ctx, integration.Request{Method: "GET", Path: "/v2/customer_sessions/order-1234"}, nil))
	// Output:
	// integration: invalid request: a path with an empty segment: is an identifier empty?
	// integration: invalid request: a path of an operation that has a method of its own: use GetCustomerSession or UpdateCustomerSession
}
