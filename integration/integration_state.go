package integration

import (
	"encoding/json"
	"log/slog"
	"time"

	"github.com/talonone-go/talonone"
)

// The order of this file: what the API answers, then the parts of it that are structs: a return, why a rule failed, and whether
// a campaign is open to the session. Each has its fields, its members, and the methods that all models have.

// IntegrationState is what the API answers: the effects, and of everything else the parts that the request's
// ResponseContent asked for. Nil is a part that is not there; it is left out when encoding.
//
// A value may be read by several goroutines at once, but not while one of them changes it. It corresponds to
// "IntegrationStateV2" in the API reference, and holds its "IntegrationCustomerSessionResponse" and
// "ReopenSessionResponse" too.
//
//gen:model sql
type IntegrationState struct {
	// CustomerProfile is the customer's profile, as JSON ("customerProfile").
	CustomerProfile json.RawMessage `json:"customerProfile,omitzero"`
	// Loyalty is what the customer has in loyalty programs, as JSON ("loyalty").
	Loyalty json.RawMessage `json:"loyalty,omitzero"`
	// TriggeredCampaigns are the campaigns that had an effect, as a JSON array ("triggeredCampaigns").
	TriggeredCampaigns json.RawMessage `json:"triggeredCampaigns,omitzero"`
	// CampaignEligibility says which campaigns the session could have had effects of ("campaignEligibility"). It comes only
	// in a dry run.
	CampaignEligibility []CampaignEligibility `json:"campaignEligibility,omitzero"`
	// Effects are what the rules want to be done, in no particular order ("effects"). Read from the session, or after an
	// update of an open one, they are all that hold; after a return, a reopening or a cancelling they are what was rolled back.
	Effects []Effect `json:"effects,omitzero"`
	// RuleFailureReasons says why rules had no effect ("ruleFailureReasons").
	RuleFailureReasons []RuleFailureReason `json:"ruleFailureReasons,omitzero"`
	// CreatedCoupons are the coupons that were made, as a JSON array ("createdCoupons").
	CreatedCoupons json.RawMessage `json:"createdCoupons,omitzero"`
	// CreatedReferrals are the referrals that were made, as a JSON array ("createdReferrals").
	CreatedReferrals json.RawMessage `json:"createdReferrals,omitzero"`
	// AwardedGiveaways are the giveaways that were awarded, as a JSON array ("awardedGiveaways").
	AwardedGiveaways json.RawMessage `json:"awardedGiveaways,omitzero"`
	// Referral is the referral whose code the session has, as JSON ("referral").
	Referral json.RawMessage `json:"referral,omitzero"`
	// Coupons are the coupons whose codes the session has, as a JSON array ("coupons").
	Coupons json.RawMessage `json:"coupons,omitzero"`
	// Event is the event that the request made, as JSON ("event").
	Event json.RawMessage `json:"event,omitzero"`
	// AdvancedEvent is that event with its effects, as JSON ("advancedEvent").
	AdvancedEvent json.RawMessage `json:"advancedEvent,omitzero"`
	// CustomerSession is the session after the request ("customerSession").
	CustomerSession *talonone.CustomerSessionV2 `json:"customerSession,omitzero"`
	// Return is the return that the request made ("return").
	Return *Return `json:"return,omitzero"`
	// PreviousReturns are the returns before ("previousReturns").
	PreviousReturns []Return `json:"previousReturns,omitzero"`
	// Achievements are the customer's achievements, as a JSON array ("achievements").
	Achievements json.RawMessage `json:"achievements,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// LogValue returns what may stand in a log: how many effects there are, and of the session what its own LogValue returns.
// Codes, profiles and everything else stay out.
func (s IntegrationState) LogValue() slog.Value {
	attrs := []slog.Attr{slog.Int("effects", len(s.Effects))}
	if s.CustomerSession != nil {
		attrs = append(attrs, slog.Attr{Key: "customerSession", Value: s.CustomerSession.LogValue()})
	}
	return slog.GroupValue(attrs...)
}

// Return is one return of cart items.
//
// A value may be read by several goroutines at once, but not while one of them changes it. It corresponds to "Return" in
// the API reference.
//
//gen:model
type Return struct {
	// ID is the number of the return ("id"). Required.
	ID int64 `json:"id"`
	// Created is when the items were returned ("created"). Required.
	Created time.Time `json:"created"`
	// ApplicationID is the Application that owns the session ("applicationId"). Required.
	ApplicationID int64 `json:"applicationId"`
	// AccountID is the account that owns the Application ("accountId"). Required.
	AccountID int64 `json:"accountId"`
	// ReturnedCartItems are the items ("returnedCartItems"). Required: nil is written as an empty list.
	ReturnedCartItems []ReturnedCartItem `json:"returnedCartItems"`
	// EventID is the number of the event that the return caused ("eventId"). Required.
	EventID int64 `json:"eventId"`
	// SessionID is the number that Talon.One gave the session ("sessionId"). Required.
	SessionID int64 `json:"sessionId"`
	// SessionIntegrationID is the ID under which the caller created the session ("sessionIntegrationId"). Required.
	SessionIntegrationID string `json:"sessionIntegrationId"`
	// ProfileID is the number that Talon.One gave the customer's profile ("profileId").
	ProfileID *int64 `json:"profileId,omitzero"`
	// ProfileIntegrationID is the integration ID of that profile ("profileIntegrationId").
	ProfileIntegrationID string `json:"profileIntegrationId,omitzero"`
	// CreatedBy is the number of the user who made the return in the Campaign Manager ("createdBy").
	CreatedBy *int64 `json:"createdBy,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RuleFailureReason says why a rule had no effect.
//
// A value may be read by several goroutines at once, but not while one of them changes it. It corresponds to
// "RuleFailureReason" in the API reference.
//
//gen:model
type RuleFailureReason struct {
	// CampaignID is the number of the campaign ("campaignID"). Required.
	CampaignID int64 `json:"campaignID"`
	// CampaignName is what the campaign is called ("campaignName"). Required.
	CampaignName string `json:"campaignName"`
	// RulesetID is the number of the ruleset that the rule is in ("rulesetID"). Required.
	RulesetID int64 `json:"rulesetID"`
	// CouponID is the number of the coupon that was tried ("couponID").
	CouponID *int64 `json:"couponID,omitzero"`
	// CouponValue is the code of that coupon ("couponValue").
	CouponValue string `json:"couponValue,omitzero"`
	// ReferralID is the number of the referral that was tried ("referralID").
	ReferralID *int64 `json:"referralID,omitzero"`
	// ReferralValue is the code of that referral ("referralValue").
	ReferralValue string `json:"referralValue,omitzero"`
	// RuleIndex is the position of the rule in its ruleset, from 0 ("ruleIndex"). Required.
	RuleIndex int `json:"ruleIndex"`
	// RuleName is what the rule is called ("ruleName"). Required.
	RuleName string `json:"ruleName"`
	// ConditionIndex is the position, from 0, of the condition in the rule that was not met ("conditionIndex").
	ConditionIndex *int `json:"conditionIndex,omitzero"`
	// EffectIndex is the position, from 0, of the effect in the rule that could not be applied ("effectIndex").
	EffectIndex *int `json:"effectIndex,omitzero"`
	// Details says more, for people ("details").
	Details string `json:"details,omitzero"`
	// EvaluationGroupID is the number of the evaluation group that the campaign is in ("evaluationGroupID").
	EvaluationGroupID *int64 `json:"evaluationGroupID,omitzero"`
	// EvaluationGroupMode is how that group is evaluated, such as "stackable" ("evaluationGroupMode").
	EvaluationGroupMode string `json:"evaluationGroupMode,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// CampaignEligibility says whether the session can have effects of a campaign.
//
// A value may be read by several goroutines at once, but not while one of them changes it. It corresponds to
// "CampaignEligibility" in the API reference.
//
//gen:model
type CampaignEligibility struct {
	// ApplicationID is the Application that owns the campaign ("applicationId"). Required.
	ApplicationID int64 `json:"applicationId"`
	// ID is the number of the campaign ("id"). Required.
	ID int64 `json:"id"`
	// Name is what the campaign is called ("name"). Required.
	Name string `json:"name"`
	// Description says what the campaign is for ("description").
	Description string `json:"description,omitzero"`
	// StartTime is when the campaign begins ("startTime"). Zero where it has no beginning.
	StartTime time.Time `json:"startTime,omitzero"`
	// EndTime is when the campaign ends ("endTime"). Zero where it has no end.
	EndTime time.Time `json:"endTime,omitzero"`
	// Attributes are the campaign's attributes ("attributes").
	Attributes talonone.Attributes `json:"attributes,omitzero"`
	// State is "enabled" ("state"). Required.
	State string `json:"state"`
	// Tags are the campaign's tags, 50 at most ("tags"). Required: nil is written as an empty list.
	Tags []string `json:"tags"`
	// Features are the features that the campaign uses: "coupons", "referrals", "loyalty", "giveaways", "strikethrough" and
	// "achievements" ("features"). Required: nil is written as an empty list.
	Features []string `json:"features"`
	// Eligibility says what the session meets, as a JSON array ("eligibility"). Required: nil is written as an empty one.
	Eligibility json.RawMessage `json:"eligibility" api:"default=[]"`
	// Rules says the same of each rule, as a JSON array ("rules"). Required: nil is written as an empty one.
	Rules json.RawMessage `json:"rules" api:"default=[]"`
	// Experiment is the experiment that the campaign is part of, as JSON ("experiment").
	Experiment json.RawMessage `json:"experiment,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}
