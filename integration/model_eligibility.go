package integration

import (
	"encoding/json"
	"time"

	"github.com/talonone-go/talonone"
)

// CampaignEligibility says whether the session can have effects of a campaign.
//
// It corresponds to "CampaignEligibility" in the API reference.
//
//gen:model lenient
type CampaignEligibility struct {
	// ApplicationID is the Application that owns the campaign ("applicationId"). Required.
	ApplicationID int64 `json:"applicationId"`
	// ID is the number of the campaign ("id"). Required.
	ID int64 `json:"id"`
	// Name is the name of the campaign ("name"). Required.
	Name string `json:"name"`
	// Description says what the campaign is for ("description").
	Description string `json:"description,omitzero"`
	// StartTime is when the campaign begins ("startTime"). Zero if it has no beginning.
	StartTime time.Time `json:"startTime,omitzero"`
	// EndTime is when the campaign ends ("endTime"). Zero if it has no end.
	EndTime time.Time `json:"endTime,omitzero"`
	// Attributes are the campaign's attributes ("attributes").
	Attributes talonone.Attributes `json:"attributes,omitzero"`
	// State is [CampaignEnabled] ("state"). Required.
	State CampaignState `json:"state"`
	// Tags are the campaign's tags, 50 at most ("tags"). Required: nil is written as an empty list.
	Tags []string `json:"tags"`
	// Features are the features that the campaign uses ("features"). Required: nil is written as an empty list.
	Features []CampaignFeature `json:"features"`
	// Eligibility says whether the customer can have effects of the campaign, once for each coupon that was tried
	// ("eligibility"). Required: nil is written as an empty list.
	Eligibility []CampaignEligibilityDetails `json:"eligibility"`
	// Rules say which rules of the campaign the session meets ("rules"). Required: nil is written as an empty list.
	Rules []RuleMetadataEligibility `json:"rules"`
	// Experiment is the experiment that the campaign is part of ("experiment").
	Experiment *CampaignEligibilityExperiment `json:"experiment,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// CampaignEligibilityDetails says whether the customer can have effects of a campaign, with one coupon or without one.
//
// It corresponds to "CampaignEligibilityDetails" in the API reference.
//
//gen:model lenient
type CampaignEligibilityDetails struct {
	// Passed tells whether the customer can have effects ("passed"). Required.
	Passed bool `json:"passed"`
	// CouponCode is the code of the coupon that was tried ("couponCode").
	CouponCode string `json:"couponCode,omitzero"`
	// Details say why the customer cannot have effects ("details"). Nil if Passed is true.
	Details *CampaignEligibilityFailureDetails `json:"details,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// CampaignEligibilityFailureDetails says why a customer cannot have effects of a campaign.
//
// It corresponds to "CampaignEligibilityFailureDetails" in the API reference.
//
//gen:model lenient
type CampaignEligibilityFailureDetails struct {
	// FailureCode is the reason, such as [CampaignFailureSkipped] ("failureCode"). Required.
	FailureCode CampaignFailureCode `json:"failureCode"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// CampaignEligibilityExperiment is the experiment that a campaign is part of.
//
// It corresponds to "CampaignEligibilityExperiment" in the API reference.
//
//gen:model lenient
type CampaignEligibilityExperiment struct {
	// ID is the number of the experiment ("id"). Required.
	ID int64 `json:"id"`
	// VariantID is the number of the variant that the profile has ("variantId"). Required.
	VariantID int64 `json:"variantId"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// RuleMetadata has the texts of a rule.
//
// It corresponds to "RuleMetadata" in the API reference.
//
//gen:model lenient
type RuleMetadata struct {
	// Title says what the rule does ("title"). Required.
	Title string `json:"title"`
	// DisplayName is the name of the rule, for customers ("displayName").
	DisplayName string `json:"displayName,omitzero"`
	// DisplayDescription describes the rule, for customers ("displayDescription").
	DisplayDescription string `json:"displayDescription,omitzero"`
	// RelatedData is anything else that belongs to the rule, such as the address of an image ("relatedData").
	RelatedData string `json:"relatedData,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// RuleMetadataEligibility has the texts of a rule, and whether the session meets it.
//
// It corresponds to "RuleMetadataEligibility" in the API reference.
//
//gen:model lenient
type RuleMetadataEligibility struct {
	// Title says what the rule does ("title"). Required.
	Title string `json:"title"`
	// DisplayName is the name of the rule, for customers ("displayName").
	DisplayName string `json:"displayName,omitzero"`
	// DisplayDescription describes the rule, for customers ("displayDescription").
	DisplayDescription string `json:"displayDescription,omitzero"`
	// RelatedData is anything else that belongs to the rule, such as the address of an image ("relatedData").
	RelatedData string `json:"relatedData,omitzero"`
	// Eligibility says whether the session meets the rule, once for each check ("eligibility"). Nil is written as an empty
	// list. Required.
	Eligibility []RuleEligibility `json:"eligibility"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// RuleEligibility says whether the session meets a rule, with one coupon or without one.
//
// It corresponds to "RuleEligibility" in the API reference.
//
//gen:model lenient
type RuleEligibility struct {
	// Passed tells whether all conditions were met ("passed"). Required.
	Passed bool `json:"passed"`
	// CouponCode is the code of the coupon that was tried ("couponCode").
	CouponCode string `json:"couponCode,omitzero"`
	// Details say why the rule is not met ("details"). Nil if Passed is true.
	Details *RuleEligibilityFailureDetails `json:"details,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// RuleEligibilityFailureDetails says why a session does not meet a rule.
//
// It corresponds to "RuleEligibilityFailureDetails" in the API reference.
//
//gen:model lenient
type RuleEligibilityFailureDetails struct {
	// FailureCode is the reason, [RuleFailureConditionNotMet] or [RuleFailureEffectFailed] ("failureCode"). Required.
	FailureCode RuleFailureCode `json:"failureCode"`
	// CouponID is the number of the coupon that was tried ("couponID").
	CouponID *int64 `json:"couponID,omitzero"`
	// CouponValue is the code of that coupon ("couponValue").
	CouponValue string `json:"couponValue,omitzero"`
	// ReferralID is the number of the referral that was tried ("referralID").
	ReferralID *int64 `json:"referralID,omitzero"`
	// ReferralValue is the code of that referral ("referralValue").
	ReferralValue string `json:"referralValue,omitzero"`
	// ConditionIndex is the position in the rule, from 0, of the condition that was not met ("conditionIndex").
	ConditionIndex *int `json:"conditionIndex,omitzero"`
	// EffectIndex is the position in the rule, from 0, of the effect that could not be applied ("effectIndex").
	EffectIndex *int `json:"effectIndex,omitzero"`
	// Details describes the reason, for people ("details"). Required.
	Details string `json:"details"`
	// RuleIndex is the position of the rule in its ruleset, from 0 ("ruleIndex").
	RuleIndex *int `json:"ruleIndex,omitzero"`
	// RulesetID is the number of the ruleset ("rulesetId").
	RulesetID *int64 `json:"rulesetId,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}
