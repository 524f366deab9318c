package integration

import (
	"encoding/json"
	"log/slog"
	"time"

	"github.com/talonone-go/talonone"
)

// The order of this file: the answer of the API, a return, and the reason why a rule failed. The other parts of an answer are
// in model_*.go.

// IntegrationState is the answer of the API: the effects, and the parts that the request's ResponseContent asked for. A missing
// part is nil. Encoding leaves it out.
//
// A value of the wrong type in a less important part does not make the answer an error. For example, if an optional value
// within CustomerProfile does not fit its field, the field stays nil or zero. The Extra of its struct then has the value under
// the name of its member. If a required value does not fit, the same applies to the struct that contains it. Malformed JSON and
// duplicate names are an error everywhere, and CustomerSession, Return and PreviousReturns must fit. For effects see
// [UnknownEffect].
//
// It corresponds to "IntegrationStateV2" in the API reference, and also to "IntegrationCustomerSessionResponse" and
// "ReopenSessionResponse".
//
//gen:model sql
type IntegrationState struct {
	// CustomerProfile is the customer's profile ("customerProfile").
	CustomerProfile *CustomerProfile `json:"customerProfile,omitzero" api:"lenient"`
	// Loyalty is the customer's data in loyalty programs ("loyalty").
	Loyalty *Loyalty `json:"loyalty,omitzero" api:"lenient"`
	// TriggeredCampaigns are the campaigns that had an effect ("triggeredCampaigns").
	TriggeredCampaigns []Campaign `json:"triggeredCampaigns,omitzero" api:"lenient"`
	// CampaignEligibility says which campaigns could have had effects on the session ("campaignEligibility"). Only a dry run
	// returns it.
	CampaignEligibility []CampaignEligibility `json:"campaignEligibility,omitzero" api:"lenient"`
	// Effects are what the rules want the shop to do, in no particular order ("effects"). After a read, or an update of an open
	// session, they are every effect that applies now. After a return, a reopening or a cancellation they are the effects that
	// were rolled back.
	Effects []Effect `json:"effects,omitzero"`
	// RuleFailureReasons says why rules had no effect ("ruleFailureReasons").
	RuleFailureReasons []RuleFailureReason `json:"ruleFailureReasons,omitzero" api:"lenient"`
	// CreatedCoupons are the coupons that were created ("createdCoupons").
	CreatedCoupons []Coupon `json:"createdCoupons,omitzero" api:"lenient"`
	// CreatedReferrals are the referrals that were created ("createdReferrals").
	CreatedReferrals []Referral `json:"createdReferrals,omitzero" api:"lenient"`
	// AwardedGiveaways are the giveaways that were awarded ("awardedGiveaways").
	AwardedGiveaways []Giveaway `json:"awardedGiveaways,omitzero" api:"lenient"`
	// Referral is the referral whose code the session has ("referral").
	Referral *InventoryReferral `json:"referral,omitzero" api:"lenient"`
	// Coupons are the coupons whose codes the session has ("coupons").
	Coupons []IntegrationCoupon `json:"coupons,omitzero" api:"lenient"`
	// Event is the event that the request created ("event").
	Event *Event `json:"event,omitzero" api:"lenient"`
	// AdvancedEvent is that event with its effects ("advancedEvent").
	AdvancedEvent *EventV3 `json:"advancedEvent,omitzero" api:"lenient"`
	// CustomerSession is the session after the request ("customerSession").
	CustomerSession *talonone.CustomerSessionV2 `json:"customerSession,omitzero"`
	// Return is the return that the request created ("return").
	Return *Return `json:"return,omitzero"`
	// PreviousReturns are the earlier returns of the session ("previousReturns").
	PreviousReturns []Return `json:"previousReturns,omitzero"`
	// Achievements are the customer's achievements ("achievements").
	Achievements []CustomerAchievement `json:"achievements,omitzero" api:"lenient"`
	// Rewards are the rewards that the customer has unlocked, and others of the Application ("rewards").
	Rewards []RewardWithUnlocks `json:"rewards,omitzero" api:"lenient"`
	// Extra holds the members that this version does not know, and parts that do not fit their models.
	Extra map[string]json.RawMessage `json:"-"`
}

// LogValue returns what is safe to log: the number of effects, and the LogValue of the session. It contains no codes, no
// profiles and nothing else.
func (s IntegrationState) LogValue() slog.Value {
	attrs := []slog.Attr{slog.Int("effects", len(s.Effects))}
	if s.CustomerSession != nil {
		attrs = append(attrs, slog.Attr{Key: "customerSession", Value: s.CustomerSession.LogValue()})
	}
	return slog.GroupValue(attrs...)
}

// Return is one return of cart items.
//
// It corresponds to "Return" in the API reference.
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
	// ReturnedCartItems are the returned items ("returnedCartItems"). Required: nil is written as an empty list.
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
	// CreatedBy is the number of the user who created the return in the Campaign Manager ("createdBy").
	CreatedBy *int64 `json:"createdBy,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RuleFailureReason says why a rule had no effect.
//
// It corresponds to "RuleFailureReason" in the API reference.
//
//gen:model lenient
type RuleFailureReason struct {
	// CampaignID is the number of the campaign ("campaignID"). Required.
	CampaignID int64 `json:"campaignID"`
	// CampaignName is the name of the campaign ("campaignName"). Required.
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
	// RuleName is the name of the rule ("ruleName"). Required.
	RuleName string `json:"ruleName"`
	// ConditionIndex is the position in the rule, from 0, of the condition that was not met ("conditionIndex").
	ConditionIndex *int `json:"conditionIndex,omitzero"`
	// EffectIndex is the position in the rule, from 0, of the effect that could not be applied ("effectIndex").
	EffectIndex *int `json:"effectIndex,omitzero"`
	// Details is a description for people ("details").
	Details string `json:"details,omitzero"`
	// EvaluationGroupID is the number of the evaluation group that the campaign is in ("evaluationGroupID").
	EvaluationGroupID *int64 `json:"evaluationGroupID,omitzero"`
	// EvaluationGroupMode is how that group is evaluated, such as [EvaluationStackable] ("evaluationGroupMode").
	EvaluationGroupMode EvaluationMode `json:"evaluationGroupMode,omitzero"`
	// RewardID is the number of the reward that the rule belongs to ("rewardId").
	RewardID *int64 `json:"rewardId,omitzero"`
	// RewardIntegrationID is the ID of that reward in integrations ("rewardIntegrationId").
	RewardIntegrationID string `json:"rewardIntegrationId,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}
