package rules

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// A Description describes a rule in words.
type Description struct {
	Name string
	When string // empty: the rule always applies
	Then []string
}

// Describe returns the rules in their order.
func (r *Rules) Describe() []Description {
	list := make([]Description, len(r.rules))
	for i, rule := range r.rules {
		list[i] = Description{Name: rule.name, When: rule.when.String()}
		if rule.reject != "" {
			list[i].Then = []string{"the coupon is rejected: " + string(rule.reject)}
		}
		for _, e := range rule.effects {
			list[i].Then = append(list[i].Then, e.String())
		}
	}
	return list
}

func (c conditions) String() string {
	var parts []string
	add := func(what, value string) {
		if value != "" {
			parts = append(parts, what+" "+value)
		}
	}
	add("the coupon", c.coupon)
	add("an item", c.sku)
	add("the profile", c.profile)
	if !c.totalAtLeast.IsZero() {
		add("a total of at least", amount(c.totalAtLeast))
	}
	return strings.Join(parts, ", ")
}

func (e effect) String() string {
	switch {
	case e.freeItem != "":
		return "a free item " + e.freeItem
	case e.points != nil:
		return amount(*e.points) + " points"
	}
	var off string
	if e.percentOff != nil {
		off = amount(*e.percentOff) + " % off"
	} else {
		off = amount(*e.amountOff) + " off"
	}
	switch {
	case e.sku != "" && e.cost != "":
		return off + " the cost " + e.cost + " of each line with " + e.sku
	case e.cost != "":
		return off + " the cost " + e.cost
	case e.sku != "":
		return off + " each unit of " + e.sku
	}
	return off + " the total"
}

func amount(d decimal.Decimal) string { return jsonwire.DecimalText(d) }
