package integrationtest

import (
	"slices"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// OnAnswer sets a function that adds other parts, such as loyalty, the profile or coupons, to the answer of each operation that
// succeeds. nil removes the function. op is [talonone.OperationUpdate], [talonone.OperationReturn], [talonone.OperationReopen], or
// "get". a is a copy: a change of its session or its effects changes only this answer. As in the API, parts that the request does
// not ask for with its response content are left out, even if the function sets them. The answer to a repeat with the same
// idempotency key is the first answer.
//
// If the answer cannot be sent, the server answers a 500, the request changes nothing and its idempotency key is not used. That
// fails the test under [NewServer], and is logged under [Start]: see [WithLogger]. Several goroutines may call the function at once.
// It may call the server's methods, but not Close, which waits for it.
func (s *Server) OnAnswer(amend func(op talonone.Operation, a *integration.IntegrationState)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onAnswer = amend
}

// amend returns the answer with the additions of the function of OnAnswer.
func (s *Server) amend(c *call, state *integration.IntegrationState) *integration.IntegrationState {
	s.mu.Lock()
	amend := s.onAnswer
	s.mu.Unlock()
	if amend == nil {
		return state
	}
	amended := state.Clone() // it shares values with the stored session
	amend(c.op, &amended)
	dropOthers(&amended, c.content)
	return &amended
}

// A part is a part of the answer that a request can ask for in its responseContent.
type part struct {
	name      string
	ofReturns bool // a return can ask for it too
	drop      func(a *integration.IntegrationState)
}

var parts = []part{
	{"customerSession", true, func(a *integration.IntegrationState) { a.CustomerSession = nil }},
	{"customerProfile", true, func(a *integration.IntegrationState) { a.CustomerProfile = nil }},
	{"coupons", true, func(a *integration.IntegrationState) { a.Coupons = nil }},
	{"triggeredCampaigns", true, func(a *integration.IntegrationState) { a.TriggeredCampaigns = nil }},
	{"referral", true, func(a *integration.IntegrationState) { a.Referral = nil }},
	{"loyalty", true, func(a *integration.IntegrationState) { a.Loyalty = nil }},
	{"event", true, func(a *integration.IntegrationState) { a.Event, a.AdvancedEvent = nil, nil }},
	{"previousReturns", true, func(a *integration.IntegrationState) { a.PreviousReturns = nil }},
	{"awardedGiveaways", false, func(a *integration.IntegrationState) { a.AwardedGiveaways = nil }},
	{"ruleFailureReasons", false, func(a *integration.IntegrationState) { a.RuleFailureReasons = nil }},
	{"campaignEligibility", false, func(a *integration.IntegrationState) { a.CampaignEligibility = nil }},
	{"achievements", false, func(a *integration.IntegrationState) { a.Achievements = nil }},
	{"unlockedRewards", false, func(a *integration.IntegrationState) { a.Rewards = nil }},
}

// dropOthers drops the parts of an answer that were not asked for.
func dropOthers(a *integration.IntegrationState, content []string) {
	for _, part := range parts {
		if !slices.Contains(content, part.name) {
			part.drop(a)
		}
	}
}

// respond makes the answer to an update or a return. Parts that the request asks for and the server does not implement are empty
// lists or absent.
func respond(
	session talonone.CustomerSessionV2, effects []integration.Effect, content []string, returns []integration.Return,
) *integration.IntegrationState {
	state := &integration.IntegrationState{
		Effects:             effects,
		CreatedCoupons:      []integration.Coupon{},
		CreatedReferrals:    []integration.Referral{},
		CustomerSession:     &session,
		PreviousReturns:     append([]integration.Return{}, returns...),
		Coupons:             []integration.IntegrationCoupon{},
		TriggeredCampaigns:  []integration.Campaign{},
		AwardedGiveaways:    []integration.Giveaway{},
		Achievements:        []integration.CustomerAchievement{},
		RuleFailureReasons:  []integration.RuleFailureReason{},
		CampaignEligibility: []integration.CampaignEligibility{},
		Rewards:             []integration.RewardWithUnlocks{},
	}
	dropOthers(state, content)
	return state
}
