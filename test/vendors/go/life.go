//go:build ignore

// Life takes a session through its whole life with talon-one-go-sdk, and prints one JSON object with the result of each step. The
// steps are those of ../javascript/life.js. TALONONE_URL and TALONONE_API_KEY are the URL and the key of the server.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"

	talon "github.com/talon-one/talon-one-go-sdk"
)

const id = "order 1001/ä&+%" // must be escaped in a path

// A life is the client with its results.
type life struct {
	configuration *talon.Configuration
	api           *talon.IntegrationAPIService
	key           string
	results       map[string]any
}

func main() {
	configuration := talon.NewConfiguration()
	configuration.Servers = talon.ServerConfigurations{{URL: os.Getenv("TALONONE_URL")}}
	l := life{configuration, talon.NewAPIClient(configuration).IntegrationAPI, os.Getenv("TALONONE_API_KEY"), map[string]any{}}

	shoe := talon.CartItem{Sku: "SHOE", Quantity: 2, Price: talon.PtrFloat32(49.95), Category: talon.PtrString("shoes"),
		Weight: talon.PtrFloat32(0.75), Attributes: map[string]any{"size": 42, "color": "röd"}}
	lace := talon.CartItem{Sku: "LACE", Quantity: 1, Price: talon.PtrFloat32(4.1)}
	l.update("create", id, talon.NewCustomerSessionV2{
		ProfileId:       talon.PtrString("anna"),
		CartItems:       []talon.CartItem{shoe, lace},
		AdditionalCosts: map[string]talon.AdditionalCost{"shipping": {Price: 5.9}},
		CouponCodes:     []string{"TEN", "NOPE", "OLD"},
		Attributes:      map[string]any{"channel": "app", "scores": []any{1, 0.5}, "gift": false},
	}, false)
	l.update("update", id, talon.NewCustomerSessionV2{
		CouponCodes:     []string{"TEN"},
		AdditionalCosts: map[string]talon.AdditionalCost{"shipping": {Price: 7.3}},
	}, false)
	l.update("dry run", id, talon.NewCustomerSessionV2{CartItems: []talon.CartItem{
		{Sku: "SHOE", Quantity: 3, Price: talon.PtrFloat32(49.95)},
	}}, true)
	l.read("read", id)
	l.update("bad item", id, talon.NewCustomerSessionV2{CartItems: []talon.CartItem{
		{Sku: "SHOE", Quantity: 1, Price: talon.PtrFloat32(1)}, {Sku: "LACE", Quantity: 0, Price: talon.PtrFloat32(1)},
	}}, false)
	key := l.key
	l.key += "x"
	l.update("wrong key", id, talon.NewCustomerSessionV2{}, false)
	l.key = key
	l.read("unknown session", "nobody")
	closed := talon.NewCustomerSessionV2{State: talon.PtrString("closed")}
	l.update("close", id, closed, false)
	l.update("update when closed", id, talon.NewCustomerSessionV2{CouponCodes: []string{}}, false)
	answer, response, err := l.api.ReopenCustomerSession(l.context(), id).Execute()
	l.add("reopen", answer, response, err)
	l.configuration.AddDefaultHeader("Idempotency-Key", "a2c4")
	l.update("close with a key", id, closed, false)
	l.update("repeat with the key", id, closed, false)
	delete(l.configuration.DefaultHeader, "Idempotency-Key")
	l.returnUnits("return", 1)
	l.returnUnits("return too much", 2)
	l.read("read after the return", id)
	l.update("cancel", id, talon.NewCustomerSessionV2{State: talon.PtrString("cancelled")}, false)
	l.update("update when cancelled", id, talon.NewCustomerSessionV2{State: talon.PtrString("open")}, false)
	l.update("large amounts", "order-1002", talon.NewCustomerSessionV2{
		CartItems:       []talon.CartItem{{Sku: "CAR", Quantity: 3, Price: talon.PtrFloat32(1234567.89)}},
		AdditionalCosts: map[string]talon.AdditionalCost{"shipping": {Price: 0.1}, "packing": {Price: 0.2}},
	}, false)
	l.update("costs of items", "order-1003", talon.NewCustomerSessionV2{CartItems: []talon.CartItem{
		{Sku: "LACE", Quantity: 2, Price: talon.PtrFloat32(4.1),
			AdditionalCosts: map[string]talon.AdditionalCost{"engraving": {Price: 1.25}}},
	}}, false)

	if err := json.NewEncoder(os.Stdout).Encode(l.results); err != nil {
		log.Fatal(err)
	}
}

// context returns a context with the key, where the client expects it.
func (l *life) context() context.Context {
	return context.WithValue(context.Background(), talon.ContextAPIKeys, map[string]talon.APIKey{
		"api_key_v1": {Prefix: "ApiKey-v1", Key: l.key},
	})
}

func (l *life) update(step, id string, session talon.NewCustomerSessionV2, dry bool) {
	request := talon.IntegrationRequest{CustomerSession: session, ResponseContent: []string{"customerSession"}}
	call := l.api.UpdateCustomerSessionV2(l.context(), id).IntegrationRequest(request)
	if dry {
		call = call.Dry(true)
	}
	answer, response, err := call.Execute()
	l.add(step, answer, response, err)
}

func (l *life) read(step, id string) {
	answer, response, err := l.api.GetCustomerSession(l.context(), id).Execute()
	l.add(step, answer, response, err)
}

func (l *life) returnUnits(step string, quantity int64) {
	request := talon.ReturnIntegrationRequest{
		Return: talon.NewReturn{ReturnedCartItems: []talon.ReturnedCartItem{
			{Position: talon.PtrInt64(0), Quantity: talon.PtrInt64(quantity)},
		}},
		ResponseContent: []string{"customerSession", "previousReturns"},
	}
	answer, response, err := l.api.ReturnCartItems(l.context(), id).ReturnIntegrationRequest(request).Execute()
	l.add(step, answer, response, err)
}

// add adds the result of a step.
func (l *life) add(step string, answer any, response *http.Response, err error) {
	if err == nil {
		result := map[string]any{"answer": answer}
		if replayed := response.Header.Get("Idempotent-Replayed"); replayed != "" {
			result["replayed"] = replayed
		}
		l.results[step] = result
		return
	}
	apiErr, ok := err.(*talon.GenericOpenAPIError)
	if !ok || response == nil || response.StatusCode < 400 {
		log.Fatal(fmt.Errorf("%s: %w", step, err))
	}
	l.results[step] = map[string]any{"status": response.StatusCode, "error": apiErr.Model()}
}
