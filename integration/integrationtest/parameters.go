package integrationtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/talonone-go/talonone"
)

// parameters are the documented parameters, with the operations that have them.
var parameters = []struct {
	name string
	of   []talonone.Operation
}{
	{"dry", []talonone.Operation{talonone.OperationUpdate, talonone.OperationReturn}},
	{"now", []talonone.Operation{talonone.OperationUpdate}},
	{"runRuleEngine", []talonone.Operation{talonone.OperationReturn}},
}

// checkParameters refuses a parameter that only other operations have, because the caller expects an effect that it does not have
// here.
func (c *call) checkParameters() *refusal {
	for _, p := range parameters {
		if c.query.Has(p.name) && !slices.Contains(p.of, c.op) {
			return invalid(problem{Title: "Invalid parameter", Details: p.name + " is for other operations", Parameter: p.name})
		}
	}
	return nil
}

// flag returns the value of a parameter that must be true or false.
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

// checkContent refuses parts of the answer that the operation does not have.
func (c *call) checkContent() *refusal {
	if len(c.content) == 0 {
		return nil
	}
	known := make([]string, 0, len(parts))
	for _, part := range parts {
		if part.ofReturns || c.op != talonone.OperationReturn {
			known = append(known, part.name)
		}
	}
	for i, name := range c.content {
		if !slices.Contains(known, name) {
			return invalid(problem{
				Title:   "enum",
				Details: "responseContent must be of the following: " + strings.Join(known, ", "),
				Pointer: "/responseContent/" + strconv.Itoa(i),
			})
		}
	}
	if i := slices.Index(c.content, "campaignEligibility"); i >= 0 {
		pointer := "/responseContent/" + strconv.Itoa(i)
		if !c.dry {
			return invalid(problem{Title: "Not allowed", Details: "campaignEligibility needs dry=true", Pointer: pointer})
		}
		if slices.Contains(c.content, "triggeredCampaigns") || slices.Contains(c.content, "ruleFailureReasons") {
			details := "campaignEligibility excludes triggeredCampaigns and ruleFailureReasons"
			return invalid(problem{Title: "Not allowed", Details: details, Pointer: pointer})
		}
	}
	return nil
}
