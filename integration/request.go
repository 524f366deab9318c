package integration

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/internal/codec"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// ResponseContent names a part of the answer that the API returns only on request ("responseContent"). An unknown value is sent
// unchanged. It is a string, so it is safe for concurrent use.
//
//gen:enum
type ResponseContent string

// The parts that a request can ask for. [UpdateRequest] accepts all of them, [ReturnRequest] those marked with "returns".
const (
	// ContentCustomerSession is the session after the call. Updates and returns.
	ContentCustomerSession ResponseContent = "customerSession"
	// ContentCustomerProfile is the profile of the session's customer. Updates and returns.
	ContentCustomerProfile ResponseContent = "customerProfile"
	// ContentCoupons are the coupons of the session. Updates and returns.
	ContentCoupons ResponseContent = "coupons"
	// ContentTriggeredCampaigns are the campaigns that had an effect. Updates and returns.
	ContentTriggeredCampaigns ResponseContent = "triggeredCampaigns"
	// ContentReferral is the referral of the session. Updates and returns.
	ContentReferral ResponseContent = "referral"
	// ContentLoyalty is the state of the loyalty programs. The state of loyalty cards needs LoyaltyCards in the update. Updates
	// and returns.
	ContentLoyalty ResponseContent = "loyalty"
	// ContentEvent is the event that the call created. Updates and returns.
	ContentEvent ResponseContent = "event"
	// ContentPreviousReturns are the earlier returns of the session. Updates and returns.
	ContentPreviousReturns ResponseContent = "previousReturns"
	// ContentAwardedGiveaways are the giveaways that were awarded. Updates only.
	ContentAwardedGiveaways ResponseContent = "awardedGiveaways"
	// ContentRuleFailureReasons says why rules did not match. Updates only.
	ContentRuleFailureReasons ResponseContent = "ruleFailureReasons"
	// ContentCampaignEligibility says which campaigns the session could use. Updates only, in a dry run, and not together
	// with [ContentTriggeredCampaigns] and [ContentRuleFailureReasons].
	ContentCampaignEligibility ResponseContent = "campaignEligibility"
	// ContentAchievements is the customer's progress in achievements. Updates only.
	ContentAchievements ResponseContent = "achievements"
	// ContentUnlockedRewards are the rewards that the customer has unlocked ("rewards" in the answer). Updates only.
	ContentUnlockedRewards ResponseContent = "unlockedRewards"
)

// ofReturns returns the parts that the API accepts for returns, or nil. It keeps unknown parts.
func ofReturns(content []ResponseContent) []ResponseContent {
	var kept []ResponseContent
	for _, part := range content {
		switch part {
		case ContentAwardedGiveaways, ContentRuleFailureReasons, ContentCampaignEligibility, ContentAchievements, ContentUnlockedRewards:
		default:
			kept = append(kept, part)
		}
	}
	return kept
}

// UpdateRequest is what [Client.UpdateCustomerSession] sends. It corresponds to "IntegrationRequest" in the API reference, but
// has no JSON form of its own: some of it goes into the URL.
type UpdateRequest struct {
	// CustomerSession has the changes ("customerSession").
	CustomerSession talonone.CustomerSessionUpdate
	// ResponseContent names the parts wanted in the answer ("responseContent"). Nil means the parts of [WithResponseContent].
	// Without that option the member is left out, and the answer then has little more than the effects.
	ResponseContent []ResponseContent
	// DryRun evaluates the update without storing anything ("dry"). The API then uses only this update, not the stored session.
	DryRun bool
	// Now is a future time for which a dry run is evaluated ("now"). The zero time means the present. It is allowed only with
	// DryRun.
	Now time.Time
}

// LogValue returns what is safe to log: the LogValue of the update, and whether it is a dry run.
func (r UpdateRequest) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Attr{Key: "customerSession", Value: r.CustomerSession.LogValue()},
		slog.Bool("dryRun", r.DryRun),
	)
}

// ReturnRequest is what [Client.ReturnCartItems] sends. It corresponds to "ReturnIntegrationRequest" in the API reference, but
// has no JSON form of its own: some of it goes into the URL.
type ReturnRequest struct {
	// ReturnedCartItems are the items that the customer gives back ("returnedCartItems"), at least one.
	ReturnedCartItems []ReturnedCartItem
	// ResponseContent names the parts wanted in the answer ("responseContent"). Nil means the parts of [WithResponseContent]
	// that the API accepts for returns. Without that option the member is left out.
	ResponseContent []ResponseContent
	// DryRun evaluates the return without storing anything ("dry").
	DryRun bool
	// RunRuleEngine evaluates the rules again after the return ("runRuleEngine"), but only those of campaigns that are set
	// to be evaluated on returns and that had an effect when the session was closed.
	RunRuleEngine bool
}

// LogValue returns what is safe to log: the number of items, and the two flags.
func (r ReturnRequest) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Int("returnedCartItems", len(r.ReturnedCartItems)),
		slog.Bool("dryRun", r.DryRun),
		slog.Bool("runRuleEngine", r.RunRuleEngine),
	)
}

// ReturnedCartItem is a line of the cart with units to return. It names the line by Position, by SKU or by both.
//
// It corresponds to "ReturnedCartItem" in the API reference. Both [ReturnRequest] and [Return] contain it.
//
//gen:model
type ReturnedCartItem struct {
	// Position is the index of the line in the session's CartItems, from 0 ("position").
	Position *int `json:"position,omitzero"`
	// SKU is the stock keeping unit of the line ("sku"). The API's documents do not say which line is meant if several have the
	// same SKU.
	SKU string `json:"sku,omitzero"`
	// Quantity is the number of returned units, at least 1 ("quantity"). In a request nil means the whole line.
	Quantity *int `json:"quantity,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// updateBody is the body of an update ("IntegrationRequest" in the API reference).
//
//gen:parts
type updateBody struct {
	CustomerSession *talonone.CustomerSessionUpdate `json:"customerSession"`
	ResponseContent []ResponseContent               `json:"responseContent,omitzero"`
}

// returnBody is the body of a return ("ReturnIntegrationRequest").
//
//gen:parts
type returnBody struct {
	Return          *newReturn        `json:"return"`
	ResponseContent []ResponseContent `json:"responseContent,omitzero"`
}

// newReturn is what the API reference calls "NewReturn".
//
//gen:parts
type newReturn struct {
	ReturnedCartItems []ReturnedCartItem `json:"returnedCartItems"`
}

// body returns the request as JSON.
func (r *UpdateRequest) body() ([]byte, error) {
	// This size suffices for most carts and saves copies while the buffer grows.
	buf := make([]byte, 0, 512+256*len(r.CustomerSession.CartItems))
	e := codec.NewEncoder()
	return e.Finish(appendUpdateBody(e, buf, &updateBody{&r.CustomerSession, r.ResponseContent}), 0)
}

func (r *UpdateRequest) query() (string, error) {
	q := flag("", "dry", r.DryRun)
	if r.Now.IsZero() {
		return q, nil
	}
	now, err := jsonwire.AppendTime(nil, r.Now)
	if err != nil {
		return "", &RequestError{Err: fmt.Errorf("time of Now: %w", err)}
	}
	return parameter(q, "now", strings.Trim(string(now), `"`)), nil
}

func (r *UpdateRequest) validate(opts []talonone.ValidateOption) error {
	if !r.Now.IsZero() && !r.DryRun {
		return invalidRequest("", "Now without DryRun")
	}
	return r.CustomerSession.Validate(opts...)
}

func (r *ReturnRequest) body() ([]byte, error) {
	e := codec.NewEncoder()
	body := returnBody{&newReturn{r.ReturnedCartItems}, r.ResponseContent}
	return e.Finish(appendReturnBody(e, nil, &body), 0)
}

func (r *ReturnRequest) query() string {
	return flag(flag("", "dry", r.DryRun), "runRuleEngine", r.RunRuleEngine)
}

func (r *ReturnRequest) validate() error {
	const path = "/return/returnedCartItems"
	if len(r.ReturnedCartItems) == 0 {
		return invalidRequest(path, "a return of no items")
	}
	for i, item := range r.ReturnedCartItems {
		path := path + "/" + strconv.Itoa(i)
		switch {
		case item.Position == nil && item.SKU == "":
			return invalidRequest(path, "neither position nor SKU")
		case item.Position != nil && *item.Position < 0:
			return invalidRequest(path+"/position", "a position below 0")
		case item.Quantity != nil && *item.Quantity < 1:
			return invalidRequest(path+"/quantity", "a quantity below 1")
		}
	}
	return nil
}

// flag appends name=true to a query if on.
func flag(query, name string, on bool) string {
	if !on {
		return query
	}
	return parameter(query, name, "true")
}

func parameter(query, name, value string) string {
	separator := "&"
	if query == "" {
		separator = "?"
	}
	return query + separator + name + "=" + string(appendEscaped(nil, value))
}
