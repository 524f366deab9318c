package integrationtest

import (
	"slices"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// OnAnswer sets a function that adds to the answer of each operation that succeeds what else there is in it, such as loyalty,
// the profile or coupons; nil is none. op is [talonone.OperationUpdate], [talonone.OperationReturn], [talonone.OperationReopen],
// or "get". The answer is a copy: a change of its session or its effects is in this answer alone. What the request did not ask
// for with its response content is left out again, as the API does. An answer to a repeat with the same idempotency key is the
// first one.
//
// An answer that cannot be sent is a 400 instead, and fails the test under [NewServer]; what the request did stays done. The function may be called by several
// goroutines at once. It may call the server's methods, but not Close, which waits for it.
func (s *Server) OnAnswer(amend func(op talonone.Operation, a *integration.IntegrationState)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onAnswer = amend
}

// amend returns the answer with what the function of OnAnswer adds.
func (s *Server) amend(c *call, state *integration.IntegrationState) *integration.IntegrationState {
	s.mu.Lock()
	amend := s.onAnswer
	s.mu.Unlock()
	if amend == nil {
		return state
	}
	amended := state.Clone() // some of it is what the server keeps
	amend(c.op, &amended)
	for name, clear := range parts {
		if !slices.Contains(c.content, name) {
			clear(&amended)
		}
	}
	return &amended
}

// parts has, by the name in a request's responseContent, what takes a part out of an answer.
var parts = map[string]func(a *integration.IntegrationState){
	"customerSession":     func(a *integration.IntegrationState) { a.CustomerSession = nil },
	"customerProfile":     func(a *integration.IntegrationState) { a.CustomerProfile = nil },
	"coupons":             func(a *integration.IntegrationState) { a.Coupons = nil },
	"triggeredCampaigns":  func(a *integration.IntegrationState) { a.TriggeredCampaigns = nil },
	"referral":            func(a *integration.IntegrationState) { a.Referral = nil },
	"loyalty":             func(a *integration.IntegrationState) { a.Loyalty = nil },
	"event":               func(a *integration.IntegrationState) { a.Event, a.AdvancedEvent = nil, nil },
	"previousReturns":     func(a *integration.IntegrationState) { a.PreviousReturns = nil },
	"awardedGiveaways":    func(a *integration.IntegrationState) { a.AwardedGiveaways = nil },
	"ruleFailureReasons":  func(a *integration.IntegrationState) { a.RuleFailureReasons = nil },
	"campaignEligibility": func(a *integration.IntegrationState) { a.CampaignEligibility = nil },
	"achievements":        func(a *integration.IntegrationState) { a.Achievements = nil },
	"unlockedRewards":     func(a *integration.IntegrationState) { a.Rewards = nil },
}

// respond makes the answer to an update or a return: the effects, and what else was asked for.
func respond(
	session talonone.CustomerSessionV2, effects []integration.Effect, content []string, returns []integration.Return,
) *integration.IntegrationState {
	state := &integration.IntegrationState{
		Effects: effects, CreatedCoupons: []integration.Coupon{}, CreatedReferrals: []integration.Referral{},
	}
	for _, name := range content {
		switch name {
		case "customerSession":
			state.CustomerSession = &session
		case "previousReturns":
			state.PreviousReturns = append([]integration.Return{}, returns...)
		case "coupons":
			state.Coupons = []integration.IntegrationCoupon{}
		case "triggeredCampaigns":
			state.TriggeredCampaigns = []integration.Campaign{}
		case "awardedGiveaways":
			state.AwardedGiveaways = []integration.Giveaway{}
		case "achievements":
			state.Achievements = []integration.CustomerAchievement{}
		case "ruleFailureReasons":
			state.RuleFailureReasons = []integration.RuleFailureReason{}
		case "campaignEligibility":
			state.CampaignEligibility = []integration.CampaignEligibility{}
		case "unlockedRewards":
			state.Rewards = []integration.RewardWithUnlocks{}
		}
	}
	return state
}
