// Checkout takes a cart through a whole purchase. It checks the cart, opens a session, enters the coupons, shows their effects
// and what is left to pay, and pays. In the end it cancels the session, so that the coupons can be used again.
//
//	go run ./examples/checkout              # the cart of cart.json
//	go run ./examples/checkout my-cart.json # a cart of your own, in the form of cart.json
//
// It prints the cart with its exact totals, the request that opens the session, the effects of the coupons, the receipt, and
// the states of the session. If the API would refuse the cart, it prints all problems with their locations and exits with 1.
//
// It uses a server in memory, which accepts the coupon XMAS-20-2021. If TALONONE_BASE_URL and TALONONE_API_KEY are set, it uses that
// deployment instead. The deployment should be a sandbox Application that defines the attributes and additional costs of the cart.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// The customer session of the full request in Talon.One's API specification.
//
//go:embed cart.json
var cart []byte

func main() {
	if err := run(context.Background(), os.Stdout, os.Args[1:], os.Getenv); err != nil {
		fmt.Fprintln(os.Stderr, "checkout:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, args []string, getenv func(string) string) error {
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
	client, stop, err := connect(getenv, &session)
	if err != nil {
		return err
	}
	defer stop()
	showCart(w, session)

	// Open the session without coupons, to show later what they change.
	coupons := session.CouponCodes
	session.State, session.CouponCodes = talonone.StateOpen, nil
	if err := showRequest(w, session); err != nil {
		return err
	}
	return buy(ctx, w, client, session, coupons)
}

// connect returns a client for the deployment that the environment names, or for a server in memory. A deployment keeps sessions
// from earlier runs, so the session gets a unique ID there.
func connect(getenv func(string) string, session *talonone.CustomerSessionV2) (*integration.Client, func(), error) {
	baseURL, apiKey := getenv("TALONONE_BASE_URL"), getenv("TALONONE_API_KEY")
	if baseURL == "" && apiKey == "" {
		server := integrationtest.Start()
		server.OnEffects(campaign)
		return server.Client(), server.Close, nil
	}
	session.IntegrationID = fmt.Sprintf("checkout-example-%d", time.Now().UnixNano())
	client, err := integration.NewClient(baseURL, apiKey)
	return client, func() {}, err
}

// buy sends all requests of the session, from the first to the last.
func buy(
	ctx context.Context, w io.Writer, client *integration.Client, session talonone.CustomerSessionV2, coupons []string,
) error {
	update := func(u talonone.CustomerSessionUpdate) (*integration.IntegrationState, error) {
		state, err := client.UpdateCustomerSession(ctx, session.IntegrationID, integration.UpdateRequest{
			CustomerSession: u,
			ResponseContent: []integration.ResponseContent{integration.ContentCustomerSession},
		})
		if err == nil && state.CustomerSession == nil {
			err = errors.New("the answer has no session")
		}
		return state, err
	}
	state, err := update(session.Update())
	if err != nil {
		return err
	}
	receipt, err := integration.NewReceipt(state.CustomerSession, state.Effects)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nthe session is %s, to pay: %s\n", state.CustomerSession.State, money(receipt.Round(2).Payable()))

	fmt.Fprintf(w, "\ncoupons: %q\n", coupons)
	if state, err = update(talonone.CustomerSessionUpdate{CouponCodes: coupons}); err != nil {
		return err
	}
	showEffects(w, state.Effects)
	if receipt, err = integration.NewReceipt(state.CustomerSession, state.Effects); err != nil {
		return err
	}
	showReceipt(w, receipt.Round(2))

	if state, err = update(talonone.CustomerSessionUpdate{State: talonone.StateClosed}); err != nil {
		return err
	}
	paid := state.CustomerSession
	fmt.Fprintf(w, "\npaid: the session is %s\n", paid.State)
	// TransitionTo refuses a move that an update cannot make, before anything is sent.
	if err := paid.TransitionTo(talonone.StateOpen); err != nil {
		fmt.Fprintln(w, "refused:", err)
	}

	if state, err = update(talonone.CustomerSessionUpdate{State: talonone.StateCancelled}); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nthe session is %s\n", state.CustomerSession.State)
	showEffects(w, state.Effects)
	return nil
}

// readSession accepts a customer session, or the body of a request or a response that contains one.
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

// money formats an amount with all its digits, and with at least two decimals.
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

// showEffects prints what each effect means for a shop.
func showEffects(w io.Writer, effects []integration.Effect) {
	for _, effect := range effects {
		switch props := effect.Props.(type) {
		case *integration.AcceptCoupon:
			fmt.Fprintf(w, "  the code %s is valid\n", props.Value)
		case *integration.RejectCoupon:
			fmt.Fprintf(w, "  the code %s is not valid: %s\n", props.Value, props.RejectionReason)
		case *integration.SetDiscount:
			fmt.Fprintf(w, "  %s takes off %s\n", props.Name, money(props.Value))
		case *integration.RollbackCoupon:
			fmt.Fprintf(w, "  the code %s can be used again\n", props.Value)
		case *integration.RollbackDiscount:
			fmt.Fprintf(w, "  %s no longer takes off %s\n", props.Name, money(props.Value))
		default:
			fmt.Fprintf(w, "  %s\n", effect.Type) // docs/effects.md lists the other types
		}
	}
}

func showReceipt(w io.Writer, receipt integration.Receipt) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "\n")
	for _, line := range receipt.Lines {
		fmt.Fprintf(table, "%s\t%s\t\n", line.SKU, money(line.Total))
		showCosts(table, line.SKU+": ", line.AdditionalCosts)
	}
	showCosts(table, "", receipt.AdditionalCosts)
	for _, discount := range receipt.Discounts {
		fmt.Fprintf(table, "%s\t%s\t\n", discount.Name, money(discount.Amount.Neg()))
	}
	fmt.Fprintf(table, "to pay\t%s\t\n", money(receipt.Payable()))
	table.Flush()
}

func showCosts(w io.Writer, prefix string, costs map[string]integration.ReceiptCost) {
	for _, name := range slices.Sorted(maps.Keys(costs)) {
		fmt.Fprintf(w, "%s%s\t%s\t\n", prefix, name, money(costs[name].Total))
	}
}

// campaign replaces the rule engine of the server in memory: one coupon takes 20% off all items. When the session is cancelled, the
// server itself rolls that back.
func campaign(e integrationtest.Evaluation) (effects []integration.Effect) {
	const coupon, discount = "XMAS-20-2021", "20% off"
	value := e.Session.CartItemTotal.Mul(decimal.New(2, -1))
	codes := slices.Clone(e.Session.CouponCodes)
	slices.Sort(codes)
	for _, code := range slices.Compact(codes) { // a code that is given twice counts once
		if code != coupon {
			effects = append(effects, integration.Effect{
				CampaignID: -1, // none
				Props:      &integration.RejectCoupon{Value: code, RejectionReason: "CouponNotFound"},
			})
			continue
		}
		effects = append(effects,
			integration.Effect{CampaignID: 1, Props: &integration.AcceptCoupon{Value: code}},
			integration.Effect{CampaignID: 1, Props: &integration.SetDiscount{Name: discount, Value: value}},
		)
	}
	return effects
}
