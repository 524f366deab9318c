// Package rules reads the rules of the sandbox and evaluates them for a session.
//
// A rule has conditions, which must all be met, and either a list of effects or the reason why it rejects its coupon. A file can
// use only the members that Parse knows; any other member is an error. They are few, because a reader must be able to predict the
// effects. rules.schema.json describes the same members for editors.
//
// The package belongs to cmd/talonone, and only that program can import it.
//
// # Amounts
//
// Every amount is exact. A percentage keeps all decimal places of the result: those of the amount, plus those of the percentage,
// plus two. Zeros beyond the places of the amount are dropped. 15 percent of 49.95 is 7.4925, and 10 percent of 100.00 is 10.00.
// Nothing is rounded. To round, use a receipt.
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

// This file has the types that parse.go fills, the evaluation of coupons and rules, and then the effects with their amounts.

// Rules are the rules of one file, in the order of the file. [Parse] makes them. Rules are safe for concurrent use.
type Rules struct {
	rules []rule
	costs []string // the names of additional costs in the rules; the ID of a cost is its index plus 1
}

// rule is one entry of the file.
type rule struct {
	name    string
	when    conditions
	effects []effect
	reject  integration.RejectionReason // why the rule rejects its coupon; such a rule has no effects
}

// conditions must all be met. Every session meets a condition with the zero value.
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

	sku  string // limits a discount to the items with this SKU
	cost string // limits a discount to the additional cost with this name, of those items or of the session
}

// Len returns the number of rules.
func (r *Rules) Len() int { return len(r.rules) }

// The IDs in every effect. The effect of a coupon that no rule names has noCampaign as both IDs.
const (
	campaignID = 1
	rulesetID  = 1
	noCampaign = -1
)

// Effects returns the effects of a session. The first effects accept or reject each of its coupon codes. The effects of the rules
// that apply follow, in the order of the rules. A rule applies if all its conditions are met.
//
// A code is accepted if a rule that names it applies and no such rule has a reject reason. Otherwise it is rejected, and the rules
// that name it have no effects.
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

// coupon returns the effect that accepts or rejects a coupon code of the session.
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

// effect returns an effect with these props, of the rule with this index.
func (r *Rules) effect(rule int, props integration.EffectProps) integration.Effect {
	return integration.Effect{
		CampaignID: campaignID,
		RulesetID:  rulesetID,
		RuleIndex:  rule,
		RuleName:   r.rules[rule].name,
		Props:      props,
	}
}

// hold reports whether a session meets all conditions.
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

// props returns the props that an effect of a rule has for the session. An effect can become several effects, or none. place is
// unique for each effect of the file.
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

// itemDiscounts returns the discounts on an item. Each unit gets its own discount, so that a return can roll back the discounts of
// the returned units. A discount on an additional cost applies once to the line.
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

// on returns the discount on the additional cost that the effect names. ok is false if costs lacks it or the discount is zero.
func (e effect) on(costs map[string]talonone.AdditionalCost) (value decimal.Decimal, ok bool) {
	cost, ok := costs[e.cost]
	if !ok {
		return value, false
	}
	value = e.off(cost.Price)
	return value, !value.IsZero()
}

// off returns the discount on an amount. It is at most the amount, and zero if the amount is negative.
func (e effect) off(amount decimal.Decimal) decimal.Decimal {
	switch {
	case amount.Sign() <= 0:
		return decimal.Decimal{}
	case e.amountOff != nil:
		return decimal.Min(*e.amountOff, amount)
	}
	return percent(*e.percentOff, amount)
}

// percent returns p percent of an amount, exactly. It drops the zeros beyond the places of the amount.
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

// transaction returns the UUID of the loyalty transaction of an effect for a session. It is the same in every evaluation, so that
// later answers mean the same points.
func transaction(session, place string) string {
	sum := sha256.Sum256([]byte(session + "\x00" + place))
	id := sum[:16]
	id[6] = id[6]&0x0f | 0x80 // version 8: the application chooses the other bits
	id[8] = id[8]&0x3f | 0x80
	text := hex.EncodeToString(id)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
