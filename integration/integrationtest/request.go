package integrationtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/internal/codec"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// The bodies of the requests. The decoder passes over members that it does not know, as the API does.

// updateBody is what the API reference calls "IntegrationRequest".
//
//gen:parts
type updateBody struct {
	CustomerSession *talonone.CustomerSessionUpdate `json:"customerSession"`
	ResponseContent []string                        `json:"responseContent,omitzero"`
}

// returnBody is what the API reference calls "ReturnIntegrationRequest".
//
//gen:parts
type returnBody struct {
	Return          *newReturn `json:"return"`
	ResponseContent []string   `json:"responseContent,omitzero"`
}

// newReturn is what the API reference calls "NewReturn".
//
//gen:parts
type newReturn struct {
	ReturnedCartItems []returnedItem `json:"returnedCartItems"`
}

// returnedItem is a "ReturnedCartItem" that tells an empty SKU from none.
//
//gen:parts
type returnedItem struct {
	Position *int    `json:"position,omitzero"`
	SKU      *string `json:"sku,omitzero"`
	Quantity *int    `json:"quantity,omitzero"`
}

// The parts of the answer that a request can ask for.
var (
	returnContent = []string{
		"customerSession", "customerProfile", "coupons", "triggeredCampaigns", "referral", "loyalty", "event", "previousReturns",
	}
	updateContent = append(slices.Clone(returnContent),
		"awardedGiveaways", "ruleFailureReasons", "campaignEligibility", "achievements", "unlockedRewards")
)

// decodeUpdate reads and checks an update. What the server calculates is cleared in its items.
func (c *call) decodeUpdate() (*updateBody, *refusal) {
	var refused *refusal
	if c.dry, refused = c.flag("dry"); refused != nil {
		return nil, refused
	}
	if refused = c.checkNow(); refused != nil {
		return nil, refused
	}
	var b updateBody
	if err := codec.Unmarshal(c.body, &b, decodeUpdateBody); err != nil {
		return nil, undecodable(err, "/customerSession")
	}
	if b.CustomerSession == nil {
		return nil, missing("/customerSession")
	}
	if problems := checkSchema(c.body); problems != nil {
		return nil, invalid(problems...)
	}
	if err := b.CustomerSession.Validate(talonone.CatalogPrices()); err != nil {
		return nil, invalidSession(err)
	}
	dropUnknown(b.CustomerSession)
	if refused := checkContent(b.ResponseContent, updateContent); refused != nil {
		return nil, refused
	}
	if i := slices.Index(b.ResponseContent, "campaignEligibility"); i >= 0 {
		pointer := "/responseContent/" + strconv.Itoa(i)
		if !c.dry {
			return nil, invalid(problem{Title: "Not allowed", Details: "campaignEligibility needs dry=true", Pointer: pointer})
		}
		if slices.Contains(b.ResponseContent, "triggeredCampaigns") || slices.Contains(b.ResponseContent, "ruleFailureReasons") {
			details := "campaignEligibility excludes triggeredCampaigns and ruleFailureReasons"
			return nil, invalid(problem{Title: "Not allowed", Details: details, Pointer: pointer})
		}
	}
	return &b, nil
}

// dropUnknown drops from what stands in an update the members that the API does not know.
func dropUnknown(u *talonone.CustomerSessionUpdate) {
	u.CartItems = talonone.CustomerSessionV2{CartItems: u.CartItems}.Update().CartItems // those of the items, and what is read-only
	dropOfCosts(u.AdditionalCosts)
	for i := range u.ExperimentVariantAllocations {
		u.ExperimentVariantAllocations[i].Extra = nil
	}
	for i := range u.CartItems {
		dropOfCosts(u.CartItems[i].AdditionalCosts)
		if product := u.CartItems[i].Product; product != nil {
			product.Extra = nil
		}
	}
}

func dropOfCosts(costs map[string]talonone.AdditionalCost) {
	for name, cost := range costs {
		cost.Extra = nil
		costs[name] = cost
	}
}

// decodeReturn reads and checks a return, but for what depends on the session.
func (c *call) decodeReturn() (*returnBody, *refusal) {
	var refused *refusal
	if c.dry, refused = c.flag("dry"); refused != nil {
		return nil, refused
	}
	if _, refused = c.flag("runRuleEngine"); refused != nil {
		return nil, refused
	}
	var b returnBody
	if err := codec.Unmarshal(c.body, &b, decodeReturnBody); err != nil {
		return nil, undecodable(err, "/return")
	}
	if b.Return == nil {
		return nil, missing("/return")
	}
	if len(b.Return.ReturnedCartItems) == 0 {
		return nil, missing("/returnedCartItems")
	}
	return &b, checkContent(b.ResponseContent, returnContent)
}

// parameters are those that operations document, with the operations that do.
var parameters = []struct {
	name string
	of   []talonone.Operation
}{
	{"dry", []talonone.Operation{talonone.OperationUpdate, talonone.OperationReturn}},
	{"now", []talonone.Operation{talonone.OperationUpdate}},
	{"runRuleEngine", []talonone.Operation{talonone.OperationReturn}},
}

// checkParameters refuses a parameter that only other operations have: there it would mean something, here nothing.
func (c *call) checkParameters() *refusal {
	for _, p := range parameters {
		if c.query.Has(p.name) && !slices.Contains(p.of, c.op) {
			return invalid(problem{Title: "Invalid parameter", Details: p.name + " is for other operations", Parameter: p.name})
		}
	}
	return nil
}

// flag returns what a parameter says that is true or false.
func (c *call) flag(name string) (bool, *refusal) {
	if !c.query.Has(name) {
		return false, nil
	}
	value := c.query.Get(name)
	if value != "true" && value != "false" {
		return false, invalid(problem{Title: "Invalid type", Details: name + " must be true or false", Parameter: name})
	}
	return value == "true", nil
}

// checkNow checks the parameter now, which may only be in the future, and only with dry.
func (c *call) checkNow() *refusal {
	if !c.query.Has("now") {
		return nil
	}
	now, ok := jsonwire.ParseTime(c.query.Get("now"))
	details := ""
	switch {
	case !c.dry:
		details = "now needs dry=true"
	case !ok:
		details = "now must be a time by RFC 3339"
	case !now.After(c.now):
		details = "now must be in the future"
	default:
		return nil
	}
	return invalid(problem{Title: "Invalid parameter", Details: details, Parameter: "now"})
}

func checkContent(content, known []string) *refusal {
	for i, name := range content {
		if !slices.Contains(known, name) {
			return invalid(problem{
				Title:   "enum",
				Details: "responseContent must be of the following: " + strings.Join(known, ", "),
				Pointer: "/responseContent/" + strconv.Itoa(i),
			})
		}
	}
	return nil
}

func missing(pointer string) *refusal {
	return invalid(problem{Title: "Required", Details: "the member is required", Pointer: pointer})
}

// below returns a pointer that starts below a member of the body, as the API's pointers do, if it points there.
func below(inner, pointer string) string {
	if rest, ok := strings.CutPrefix(pointer, inner); ok && strings.HasPrefix(rest, "/") {
		return rest
	}
	return pointer
}

// checkSchema finds what the API's schema forbids and the decoder lets pass, since the decoder also reads what other Go
// services write: amounts in strings, and objects without the members that they must have. The body decodes.
func checkSchema(body []byte) (problems []problem) {
	s := schema{report: func(p problem) { problems = append(problems, p) }}
	session := s.object(s.object(body)["customerSession"])
	if string(session["state"]) == `""` {
		s.report(badState("/state"))
	}
	s.costs(session, "")
	s.each(session, "", "experimentVariantAllocations", func(allocation object, path string) {
		s.required(allocation, path, "experimentID")
		s.required(allocation, path, "variantID")
	})
	s.each(session, "", "cartItems", func(item object, path string) {
		for _, name := range []string{"price", "weight", "height", "width", "length"} {
			s.number(item, path, name)
		}
		s.costs(item, path)
		if product := s.object(item["product"]); product != nil {
			s.required(product, path+"/product", "name")
		}
	})
	return problems
}

// An object is one whose members are still text; nil for none.
type object map[string]json.RawMessage

type schema struct{ report func(problem) }

// object takes an object apart. What is no object has no members.
func (s schema) object(text []byte) (o object) {
	if json.Unmarshal(text, &o) != nil {
		return nil
	}
	return o
}

func (s schema) each(o object, path, name string, check func(o object, path string)) {
	var elements []json.RawMessage
	if json.Unmarshal(o[name], &elements) != nil {
		return
	}
	for i, element := range elements {
		check(s.object(element), fmt.Sprintf("%s/%s/%d", path, name, i))
	}
}

// costs checks the additional costs of a session or an item.
func (s schema) costs(o object, path string) {
	costs := s.object(o["additionalCosts"])
	for _, name := range slices.Sorted(maps.Keys(costs)) {
		path := string(jsonwire.AppendPointer([]byte(path+"/additionalCosts"), name))
		cost := s.object(costs[name])
		s.required(cost, path, "price")
		s.number(cost, path, "price")
	}
}

func (s schema) required(o object, path, name string) {
	if text := o[name]; text == nil || string(text) == "null" {
		s.report(problem{Title: "Required", Details: "the member is required", Pointer: path + "/" + name})
	}
}

func (s schema) number(o object, path, name string) {
	if text := o[name]; len(text) > 0 && text[0] == '"' {
		s.report(problem{Title: "Invalid type", Details: "a number, not a string", Pointer: path + "/" + name})
	}
}
