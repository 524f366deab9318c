package integration

import (
	"encoding/json"
	"log/slog"
	"time"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/internal/member"
)

// The order of this file: what the API answers, then the parts of it that are structs: a return, why a rule failed, and whether
// a campaign is open to the session. Each has its fields, its members, and the methods that all models have.

// IntegrationState is what the API answers: the effects, and of everything else the parts that the request's
// ResponseContent asked for. Nil is a part that is not there; it is left out when encoding.
//
// A value may be read by several goroutines at once, but not while one of them changes it. It corresponds to
// "IntegrationStateV2" in the API reference, and holds its "IntegrationCustomerSessionResponse" and
// "ReopenSessionResponse" too.
type IntegrationState struct {
	// CustomerProfile is the customer's profile, as JSON ("customerProfile").
	CustomerProfile json.RawMessage
	// Loyalty is what the customer has in loyalty programs, as JSON ("loyalty").
	Loyalty json.RawMessage
	// TriggeredCampaigns are the campaigns that had an effect, as a JSON array ("triggeredCampaigns").
	TriggeredCampaigns json.RawMessage
	// CampaignEligibility says which campaigns the session could have had effects of ("campaignEligibility"). It comes only
	// in a dry run.
	CampaignEligibility []CampaignEligibility
	// Effects are what the rules want to be done, in no particular order ("effects"). Read from the session, or after an
	// update of an open one, they are all that hold; after a return, a reopening or a cancelling they are what was rolled back.
	Effects []Effect
	// RuleFailureReasons says why rules had no effect ("ruleFailureReasons").
	RuleFailureReasons []RuleFailureReason
	// CreatedCoupons are the coupons that were made, as a JSON array ("createdCoupons").
	CreatedCoupons json.RawMessage
	// CreatedReferrals are the referrals that were made, as a JSON array ("createdReferrals").
	CreatedReferrals json.RawMessage
	// AwardedGiveaways are the giveaways that were awarded, as a JSON array ("awardedGiveaways").
	AwardedGiveaways json.RawMessage
	// Referral is the referral whose code the session has, as JSON ("referral").
	Referral json.RawMessage
	// Coupons are the coupons whose codes the session has, as a JSON array ("coupons").
	Coupons json.RawMessage
	// Event is the event that the request made, as JSON ("event").
	Event json.RawMessage
	// AdvancedEvent is that event with its effects, as JSON ("advancedEvent").
	AdvancedEvent json.RawMessage
	// CustomerSession is the session after the request ("customerSession").
	CustomerSession *talonone.CustomerSessionV2
	// Return is the return that the request made ("return").
	Return *Return
	// PreviousReturns are the returns before ("previousReturns").
	PreviousReturns []Return
	// Achievements are the customer's achievements, as a JSON array ("achievements").
	Achievements json.RawMessage
	// Extra holds the members that this version does not know, as they were written. They are written after the known
	// ones, sorted by name.
	Extra map[string]json.RawMessage
}

var integrationStateModel = member.NewModel((*IntegrationState).members)

func (s *IntegrationState) members(m *member.List) {
	m.Optional("customerProfile", &s.CustomerProfile)
	m.Optional("loyalty", &s.Loyalty)
	m.Optional("triggeredCampaigns", &s.TriggeredCampaigns)
	m.Optional("campaignEligibility", &s.CampaignEligibility)
	m.Optional("effects", &s.Effects)
	m.Optional("ruleFailureReasons", &s.RuleFailureReasons)
	m.Optional("createdCoupons", &s.CreatedCoupons)
	m.Optional("createdReferrals", &s.CreatedReferrals)
	m.Optional("awardedGiveaways", &s.AwardedGiveaways)
	m.Optional("referral", &s.Referral)
	m.Optional("coupons", &s.Coupons)
	m.Optional("event", &s.Event)
	m.Optional("advancedEvent", &s.AdvancedEvent)
	m.Optional("customerSession", &s.CustomerSession)
	m.Optional("return", &s.Return)
	m.Optional("previousReturns", &s.PreviousReturns)
	m.Optional("achievements", &s.Achievements)
	m.Extra(&s.Extra)
}

// MarshalJSON returns the state as JSON, or a [*talonone.EncodeError].
func (s IntegrationState) MarshalJSON() ([]byte, error) { return marshal(integrationStateModel, s) }

// UnmarshalJSON replaces the state by the one in text. On a [*talonone.DecodeError] it is left as it was.
func (s *IntegrationState) UnmarshalJSON(text []byte) error {
	return unmarshal(integrationStateModel, text, s)
}

// AppendJSON appends the state as JSON to dst. On a [*talonone.EncodeError] it returns dst at its old length.
func (s IntegrationState) AppendJSON(dst []byte) ([]byte, error) {
	return appendJSON(integrationStateModel, dst, s)
}

// Equal reports whether both states encode to the same JSON value. Amounts are compared by value and times by instant.
// Attributes must not contain themselves.
func (s IntegrationState) Equal(other IntegrationState) bool {
	return integrationStateModel.Equal(s, other)
}

// Clone returns a deep copy, but for what [Effect.Clone] and [talonone.CustomerSessionV2.Clone] share.
func (s IntegrationState) Clone() IntegrationState { return integrationStateModel.Clone(s) }

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
type Return struct {
	// ID is the number of the return ("id"). Required.
	ID int64
	// Created is when the items were returned ("created"). Required.
	Created time.Time
	// ApplicationID is the Application that owns the session ("applicationId"). Required.
	ApplicationID int64
	// AccountID is the account that owns the Application ("accountId"). Required.
	AccountID int64
	// ReturnedCartItems are the items ("returnedCartItems"). Required: nil is written as an empty list.
	ReturnedCartItems []ReturnedCartItem
	// EventID is the number of the event that the return caused ("eventId"). Required.
	EventID int64
	// SessionID is the number that Talon.One gave the session ("sessionId"). Required.
	SessionID int64
	// SessionIntegrationID is the ID under which the caller created the session ("sessionIntegrationId"). Required.
	SessionIntegrationID string
	// ProfileID is the number that Talon.One gave the customer's profile ("profileId").
	ProfileID *int64
	// ProfileIntegrationID is the integration ID of that profile ("profileIntegrationId").
	ProfileIntegrationID string
	// CreatedBy is the number of the user who made the return in the Campaign Manager ("createdBy").
	CreatedBy *int64
	// Extra holds the members that this version does not know, as they were written. They are written after the known
	// ones, sorted by name.
	Extra map[string]json.RawMessage
}

var returnModel = member.NewModel((*Return).members)

func (r *Return) members(m *member.List) {
	m.Required("id", &r.ID)
	m.Required("created", &r.Created)
	m.Required("applicationId", &r.ApplicationID)
	m.Required("accountId", &r.AccountID)
	m.Required("returnedCartItems", &r.ReturnedCartItems)
	m.Required("eventId", &r.EventID)
	m.Required("sessionId", &r.SessionID)
	m.Required("sessionIntegrationId", &r.SessionIntegrationID)
	m.Optional("profileId", &r.ProfileID)
	m.Optional("profileIntegrationId", &r.ProfileIntegrationID)
	m.Optional("createdBy", &r.CreatedBy)
	m.Extra(&r.Extra)
}

// MarshalJSON returns the return as JSON, or a [*talonone.EncodeError].
func (r Return) MarshalJSON() ([]byte, error) { return marshal(returnModel, r) }

// UnmarshalJSON replaces the return by the one in text. On a [*talonone.DecodeError] it is left as it was.
func (r *Return) UnmarshalJSON(text []byte) error { return unmarshal(returnModel, text, r) }

// AppendJSON appends the return as JSON to dst. On a [*talonone.EncodeError] it returns dst at its old length.
func (r Return) AppendJSON(dst []byte) ([]byte, error) { return appendJSON(returnModel, dst, r) }

// Equal reports whether both returns encode to the same JSON value. Times are compared by instant.
func (r Return) Equal(other Return) bool { return returnModel.Equal(r, other) }

// Clone returns a deep copy.
func (r Return) Clone() Return { return returnModel.Clone(r) }

// RuleFailureReason says why a rule had no effect.
//
// A value may be read by several goroutines at once, but not while one of them changes it. It corresponds to
// "RuleFailureReason" in the API reference.
type RuleFailureReason struct {
	// CampaignID is the number of the campaign ("campaignID"). Required.
	CampaignID int64
	// CampaignName is what the campaign is called ("campaignName"). Required.
	CampaignName string
	// RulesetID is the number of the ruleset that the rule is in ("rulesetID"). Required.
	RulesetID int64
	// CouponID is the number of the coupon that was tried ("couponID").
	CouponID *int64
	// CouponValue is the code of that coupon ("couponValue").
	CouponValue string
	// ReferralID is the number of the referral that was tried ("referralID").
	ReferralID *int64
	// ReferralValue is the code of that referral ("referralValue").
	ReferralValue string
	// RuleIndex is the position of the rule in its ruleset, from 0 ("ruleIndex"). Required.
	RuleIndex int
	// RuleName is what the rule is called ("ruleName"). Required.
	RuleName string
	// ConditionIndex is the position, from 0, of the condition in the rule that was not met ("conditionIndex").
	ConditionIndex *int
	// EffectIndex is the position, from 0, of the effect in the rule that could not be applied ("effectIndex").
	EffectIndex *int
	// Details says more, for people ("details").
	Details string
	// EvaluationGroupID is the number of the evaluation group that the campaign is in ("evaluationGroupID").
	EvaluationGroupID *int64
	// EvaluationGroupMode is how that group is evaluated, such as "stackable" ("evaluationGroupMode").
	EvaluationGroupMode string
	// Extra holds the members that this version does not know, as they were written. They are written after the known
	// ones, sorted by name.
	Extra map[string]json.RawMessage
}

var ruleFailureReasonModel = member.NewModel((*RuleFailureReason).members)

func (r *RuleFailureReason) members(m *member.List) {
	m.Required("campaignID", &r.CampaignID)
	m.Required("campaignName", &r.CampaignName)
	m.Required("rulesetID", &r.RulesetID)
	m.Optional("couponID", &r.CouponID)
	m.Optional("couponValue", &r.CouponValue)
	m.Optional("referralID", &r.ReferralID)
	m.Optional("referralValue", &r.ReferralValue)
	m.Required("ruleIndex", &r.RuleIndex)
	m.Required("ruleName", &r.RuleName)
	m.Optional("conditionIndex", &r.ConditionIndex)
	m.Optional("effectIndex", &r.EffectIndex)
	m.Optional("details", &r.Details)
	m.Optional("evaluationGroupID", &r.EvaluationGroupID)
	m.Optional("evaluationGroupMode", &r.EvaluationGroupMode)
	m.Extra(&r.Extra)
}

// MarshalJSON returns the reason as JSON, or a [*talonone.EncodeError].
func (r RuleFailureReason) MarshalJSON() ([]byte, error) { return marshal(ruleFailureReasonModel, r) }

// UnmarshalJSON replaces the reason by the one in text. On a [*talonone.DecodeError] it is left as it was.
func (r *RuleFailureReason) UnmarshalJSON(text []byte) error {
	return unmarshal(ruleFailureReasonModel, text, r)
}

// AppendJSON appends the reason as JSON to dst. On a [*talonone.EncodeError] it returns dst at its old length.
func (r RuleFailureReason) AppendJSON(dst []byte) ([]byte, error) {
	return appendJSON(ruleFailureReasonModel, dst, r)
}

// Equal reports whether both encode to the same JSON value.
func (r RuleFailureReason) Equal(other RuleFailureReason) bool {
	return ruleFailureReasonModel.Equal(r, other)
}

// Clone returns a deep copy.
func (r RuleFailureReason) Clone() RuleFailureReason { return ruleFailureReasonModel.Clone(r) }

// CampaignEligibility says whether the session can have effects of a campaign.
//
// A value may be read by several goroutines at once, but not while one of them changes it. It corresponds to
// "CampaignEligibility" in the API reference.
type CampaignEligibility struct {
	// ApplicationID is the Application that owns the campaign ("applicationId"). Required.
	ApplicationID int64
	// ID is the number of the campaign ("id"). Required.
	ID int64
	// Name is what the campaign is called ("name"). Required.
	Name string
	// Description says what the campaign is for ("description").
	Description string
	// StartTime is when the campaign begins ("startTime"). Zero where it has no beginning.
	StartTime time.Time
	// EndTime is when the campaign ends ("endTime"). Zero where it has no end.
	EndTime time.Time
	// Attributes are the campaign's attributes ("attributes").
	Attributes talonone.Attributes
	// State is "enabled" ("state"). Required.
	State string
	// Tags are the campaign's tags, 50 at most ("tags"). Required: nil is written as an empty list.
	Tags []string
	// Features are the features that the campaign uses: "coupons", "referrals", "loyalty", "giveaways", "strikethrough" and
	// "achievements" ("features"). Required: nil is written as an empty list.
	Features []string
	// Eligibility says what the session meets, as a JSON array ("eligibility"). Required: nil is written as an empty one.
	Eligibility json.RawMessage
	// Rules says the same of each rule, as a JSON array ("rules"). Required: nil is written as an empty one.
	Rules json.RawMessage
	// Experiment is the experiment that the campaign is part of, as JSON ("experiment").
	Experiment json.RawMessage
	// Extra holds the members that this version does not know, as they were written. They are written after the known
	// ones, sorted by name.
	Extra map[string]json.RawMessage
}

var campaignEligibilityModel = member.NewModel((*CampaignEligibility).members)

func (c *CampaignEligibility) members(m *member.List) {
	m.Required("applicationId", &c.ApplicationID)
	m.Required("id", &c.ID)
	m.Required("name", &c.Name)
	m.Optional("description", &c.Description)
	m.Optional("startTime", &c.StartTime)
	m.Optional("endTime", &c.EndTime)
	m.Optional("attributes", (*map[string]any)(&c.Attributes))
	m.Required("state", &c.State)
	m.Required("tags", &c.Tags)
	m.Required("features", &c.Features)
	m.Default("eligibility", &c.Eligibility, "[]")
	m.Default("rules", &c.Rules, "[]")
	m.Optional("experiment", &c.Experiment)
	m.Extra(&c.Extra)
}

// MarshalJSON returns the campaign as JSON, or a [*talonone.EncodeError].
func (c CampaignEligibility) MarshalJSON() ([]byte, error) {
	return marshal(campaignEligibilityModel, c)
}

// UnmarshalJSON replaces the campaign by the one in text. On a [*talonone.DecodeError] it is left as it was.
func (c *CampaignEligibility) UnmarshalJSON(text []byte) error {
	return unmarshal(campaignEligibilityModel, text, c)
}

// AppendJSON appends the campaign as JSON to dst. On a [*talonone.EncodeError] it returns dst at its old length.
func (c CampaignEligibility) AppendJSON(dst []byte) ([]byte, error) {
	return appendJSON(campaignEligibilityModel, dst, c)
}

// Equal reports whether both encode to the same JSON value. Times are compared by instant. The attributes must not
// contain themselves.
func (c CampaignEligibility) Equal(other CampaignEligibility) bool {
	return campaignEligibilityModel.Equal(c, other)
}

// Clone returns a deep copy, but for what [talonone.CustomerSessionV2.Clone] shares of attributes.
func (c CampaignEligibility) Clone() CampaignEligibility { return campaignEligibilityModel.Clone(c) }
