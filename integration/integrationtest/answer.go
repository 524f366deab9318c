package integrationtest

import (
	"encoding/json"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// respond makes the answer to an update or a return: the effects, and what else was asked for.
func respond(
	session talonone.CustomerSessionV2, effects []integration.Effect, content []string, returns []integration.Return,
) *integration.IntegrationState {
	none := json.RawMessage("[]")
	state := &integration.IntegrationState{Effects: effects, CreatedCoupons: none, CreatedReferrals: none}
	for _, name := range content {
		switch name {
		case "customerSession":
			state.CustomerSession = &session
		case "previousReturns":
			state.PreviousReturns = append([]integration.Return{}, returns...)
		case "coupons":
			state.Coupons = none
		case "triggeredCampaigns":
			state.TriggeredCampaigns = none
		case "awardedGiveaways":
			state.AwardedGiveaways = none
		case "achievements":
			state.Achievements = none
		case "ruleFailureReasons":
			state.RuleFailureReasons = []integration.RuleFailureReason{}
		case "campaignEligibility":
			state.CampaignEligibility = []integration.CampaignEligibility{}
		}
	}
	return state
}
