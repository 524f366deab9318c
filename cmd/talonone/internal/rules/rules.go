// Package rules reads the rules of the sandbox and says which effects a session gets from them.
//
// A rule is a list of conditions that must all hold and a list of effects, or the reason for which its coupon is rejected. The
// vocabulary is closed and small, because a sandbox needs effects that a reader can predict, not a rule engine: a member that is
// not listed here is an error. rules.schema.json describes the same vocabulary for editors. Rules is safe for concurrent use.
//
// The package belongs to cmd/talonone, and only that program can import it.
//
// # Amounts
//
// Every amount is exact. A percentage keeps all decimal places of the result: as many as the amount and the percentage have
// together, and two more; zeros beyond the places of the amount are dropped. 15 percent of 49.95 is 7.4925, and 10 percent of
// 100.00 is 10.00. Nothing is rounded: a receipt does that.
package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// The order of this file: the rules as they are read, by parse.go; which coupons and rules apply to a session; and what each
// effect becomes.

// Rules are the rules of one file, in their order. Parse makes them. A value may be used by several goroutines at once.
type Rules struct {
	rules []rule
	costs []string // the additional costs that rules name; the index of one, from 1, is its number
}

// rule is one entry of the file.
type rule struct {
	name    string
	when    conditions
	effects []effect
	reject  integration.RejectionReason // of the coupon; such a rule has no effects
}

// conditions must all hold. The zero value of each holds for every session.
type conditions struct {
	coupon       string
	sku          string
	profile      string
	totalAtLeast decimal.Decimal
}

// effect is one entry of "then". Only one of the first four members is set.
type effect struct {
	percentOff *decimal.Decimal
	amountOff  *decimal.Decimal
	points     *decimal.Decimal
	freeItem   string

	sku  string // of a discount: the items that it is on
	cost string // of a discount: the additional cost that it is on
}

// Len returns how many rules there are.
func (r *Rules) Len() int { return len(r.rules) }

// The numbers that every effect carries. A coupon that no rule names belongs to no campaign.
const (
	campaignID = 1
	rulesetID  = 1
	noCampaign = -1
)

// Effects returns the effects of a session: first one for each of its coupon codes, then those of the rules whose conditions
// hold, in the order of the rules.
//
// A code is accepted if a rule that names it applies, and rejected if none does, if no rule names it, or if a rule that applies
// rejects it. No other rule of a rejected code has effects.
func (r *Rules) Effects(s talonone.CustomerSessionV2) []integration.Effect {
	var effects []integration.Effect
	rejected := map[string]bool{}
	for i, code := range s.CouponCodes {
		if slices.Contains(s.CouponCodes[:i], code) {
			continue
		}
		e := r.coupon(code, s)
		if _, ok := e.Props.(*integration.RejectCoupon); ok {
			rejected[code] = true
		}
		effects = append(effects, e)
	}
	for i, rule := range r.rules {
		if rule.when.coupon != "" && rejected[rule.when.coupon] || !rule.when.hold(s) {
			continue
		}
		for j, e := range rule.effects {
			for _, props := range r.props(e, rule, s, fmt.Sprintf("%d/%d", i, j)) {
				effects = append(effects, r.effect(i, props))
			}
		}
	}
	return effects
}

// coupon says whether a code of the session is accepted.
func (r *Rules) coupon(code string, s talonone.CustomerSessionV2) integration.Effect {
	named, accepted := -1, -1
	for i, rule := range r.rules {
		if code == "" || rule.when.coupon != code {
			continue
		}
		if named < 0 {
			named = i
		}
		if !rule.when.hold(s) {
			continue
		}
		if rule.reject != "" {
			return r.effect(i, &integration.RejectCoupon{Value: code, RejectionReason: rule.reject})
		}
		if accepted < 0 {
			accepted = i
		}
	}
	switch {
	case accepted >= 0:
		return r.effect(accepted, &integration.AcceptCoupon{Value: code})
	case named >= 0:
		return r.effect(named, &integration.RejectCoupon{Value: code, RejectionReason: integration.RejectionCouponRejectedByCondition})
	}
	return integration.Effect{
		CampaignID: noCampaign,
		RulesetID:  noCampaign,
		Props:      &integration.RejectCoupon{Value: code, RejectionReason: integration.RejectionCouponNotFound},
	}
}

// effect returns an effect of the rule with an index.
func (r *Rules) effect(rule int, props integration.EffectProps) integration.Effect {
	return integration.Effect{
		CampaignID: campaignID,
		RulesetID:  rulesetID,
		RuleIndex:  rule,
		RuleName:   r.rules[rule].name,
		Props:      props,
	}
}

// hold reports whether all conditions hold.
func (c conditions) hold(s talonone.CustomerSessionV2) bool {
	hasSKU := func(item talonone.CartItem) bool { return item.SKU == c.sku }
	switch {
	case c.coupon != "" && !slices.Contains(s.CouponCodes, c.coupon),
		c.sku != "" && !slices.ContainsFunc(s.CartItems, hasSKU),
		c.profile != "" && s.ProfileID != c.profile,
		s.Total.LessThan(c.totalAtLeast):
		return false
	}
	return true
}

// props returns what an effect becomes for the session. place tells it from the other effects of the file.
func (r *Rules) props(e effect, from rule, s talonone.CustomerSessionV2, place string) (props []integration.EffectProps) {
	switch {
	case e.freeItem != "":
		return []integration.EffectProps{&integration.AddFreeItem{SKU: e.freeItem, Name: from.name}}
	case e.points != nil:
		if s.ProfileID == "" {
			return nil // an anonymous customer has no points
		}
		return []integration.EffectProps{&integration.AddLoyaltyPoints{
			Name:                   from.name,
			ProgramID:              1,
			Value:                  *e.points,
			RecipientIntegrationID: s.ProfileID,
			TransactionUUID:        transaction(s.IntegrationID, place),
		}}
	case e.sku != "":
		for i := range s.CartItems {
			if s.CartItems[i].SKU == e.sku {
				props = append(props, r.itemDiscounts(e, from.name+"#"+strconv.Itoa(i), i, &s.CartItems[i])...)
			}
		}
		return props
	case e.cost != "":
		value, ok := e.on(s.AdditionalCosts)
		if !ok {
			return nil
		}
		return []integration.EffectProps{&integration.SetDiscountPerAdditionalCost{
			Name: from.name, AdditionalCostID: r.costID(e.cost), AdditionalCost: e.cost, Value: value,
		}}
	}
	value := e.off(s.Total)
	if value.IsZero() {
		return nil
	}
	return []integration.EffectProps{&integration.SetDiscount{Name: from.name, Value: value}}
}

// itemDiscounts returns the discounts on an item: one on each unit, so that a return takes back those of the units that came
// back, or one on an additional cost, which counts once for the line.
func (r *Rules) itemDiscounts(e effect, name string, position int, item *talonone.CartItem) (props []integration.EffectProps) {
	if e.cost != "" {
		value, ok := e.on(item.AdditionalCosts)
		if !ok {
			return nil
		}
		return []integration.EffectProps{&integration.SetDiscountPerAdditionalCostPerItem{
			Name: name, AdditionalCostID: r.costID(e.cost), AdditionalCost: e.cost, Value: value, Position: position,
		}}
	}
	if item.Price == nil {
		return nil
	}
	value := e.off(*item.Price)
	if value.IsZero() {
		return nil
	}
	for unit := range item.Quantity {
		p := &integration.SetDiscountPerItem{Name: name, Value: value, Position: position}
		if item.Quantity > 1 {
			p.SubPosition = &unit
		}
		props = append(props, p)
	}
	return props
}

// on returns what the discount takes off the additional cost that it names. ok is false if there is none, or nothing to take off.
func (e effect) on(costs map[string]talonone.AdditionalCost) (value decimal.Decimal, ok bool) {
	cost, ok := costs[e.cost]
	if !ok {
		return value, false
	}
	value = e.off(cost.Price)
	return value, !value.IsZero()
}

// off returns what the discount takes off an amount, which is never more than that: nothing where the amount is negative.
func (e effect) off(amount decimal.Decimal) decimal.Decimal {
	switch {
	case amount.Sign() <= 0:
		return decimal.Decimal{}
	case e.amountOff != nil:
		return decimal.Min(*e.amountOff, amount)
	}
	return percent(*e.percentOff, amount)
}

// percent returns so much of an amount, exactly, without the zeros that it has beyond the places of the amount.
func percent(p, amount decimal.Decimal) decimal.Decimal {
	d := amount.Mul(p).Shift(-2)
	for least := max(-amount.Exponent(), 0); -d.Exponent() > least; {
		shorter := d.Truncate(-d.Exponent() - 1)
		if !shorter.Equal(d) {
			break
		}
		d = shorter
	}
	return d
}

func (r *Rules) costID(name string) int64 { return int64(slices.Index(r.costs, name) + 1) }

// transaction returns the UUID of the entry in the ledger that an effect makes for a session. It is the same for each
// evaluation, so that a later answer speaks of the same points.
func transaction(session, place string) string {
	sum := sha256.Sum256([]byte(session + "\x00" + place))
	id := sum[:16]
	id[6] = id[6]&0x0f | 0x80 // version 8: the bits are the application's own
	id[8] = id[8]&0x3f | 0x80
	text := hex.EncodeToString(id)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
