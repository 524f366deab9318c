package integration

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
)

// Campaign is a campaign that had an effect on the session.
//
// It corresponds to "Campaign" in the API reference.
//
//gen:model lenient
type Campaign struct {
	// ID is the number of the campaign ("id"). Required.
	ID int64 `json:"id"`
	// Created is when the campaign was created ("created"). Required.
	Created time.Time `json:"created"`
	// ApplicationID is the Application that owns the campaign ("applicationId"). Required.
	ApplicationID int64 `json:"applicationId"`
	// UserID is the number of the user who owns the campaign ("userId"). Required.
	UserID int64 `json:"userId"`
	// Name is the name of the campaign, for people ("name"). Required.
	Name string `json:"name"`
	// Description says what the campaign is for ("description"). Required.
	Description string `json:"description"`
	// StartTime is when the campaign begins ("startTime"). Zero if it has no start.
	StartTime time.Time `json:"startTime,omitzero"`
	// EndTime is when the campaign ends ("endTime"). Zero if it has no end.
	EndTime time.Time `json:"endTime,omitzero"`
	// Attributes are the campaign's attributes ("attributes").
	Attributes talonone.Attributes `json:"attributes,omitzero"`
	// State tells whether the campaign is evaluated, such as [CampaignEnabled] ("state"). Required.
	State CampaignState `json:"state"`
	// ActiveRulesetID is the number of the ruleset that applies to sessions ("activeRulesetId").
	ActiveRulesetID *int64 `json:"activeRulesetId,omitzero"`
	// Tags are the campaign's tags, at most 50 of 1 to 50 characters ("tags"). Nil is written as an empty list. Required.
	Tags []string `json:"tags"`
	// ReevaluateOnReturn tells whether a return evaluates the campaign again ("reevaluateOnReturn"). Required.
	ReevaluateOnReturn bool `json:"reevaluateOnReturn"`
	// Features are the features that the campaign uses ("features"). Nil is written as an empty list. Required.
	Features []CampaignFeature `json:"features"`
	// CouponSettings say how coupon codes are generated ("couponSettings").
	CouponSettings *CodeGeneratorSettings `json:"couponSettings,omitzero"`
	// ReferralSettings say how referral codes are generated ("referralSettings").
	ReferralSettings *CodeGeneratorSettings `json:"referralSettings,omitzero"`
	// Limits are the limits of the campaign's budget ("limits"). Nil is written as an empty list. Required.
	Limits []LimitConfig `json:"limits"`
	// CampaignGroups are the numbers of the groups that the campaign is in ("campaignGroups").
	CampaignGroups []int64 `json:"campaignGroups,omitzero"`
	// Type says what the effects of the campaign apply to, such as [CampaignTypeAdvanced] ("type"). Required.
	Type CampaignType `json:"type"`
	// LinkedStoreIDs are the numbers of the stores that the campaign is for ("linkedStoreIds"). A campaign with linked
	// stores is evaluated only for sessions of these stores.
	LinkedStoreIDs []int64 `json:"linkedStoreIds,omitzero"`
	// CouponAttributes are the attributes of the campaign's coupons ("couponAttributes").
	CouponAttributes talonone.Attributes `json:"couponAttributes,omitzero"`
	// Budgets are the limits of the campaign and their use so far ("budgets").
	Budgets []CampaignBudget `json:"budgets,omitzero"`
	// CouponRedemptionCount is how many coupons were redeemed ("couponRedemptionCount").
	//
	// Deprecated: use Budgets.
	CouponRedemptionCount *int `json:"couponRedemptionCount,omitzero"`
	// ReferralRedemptionCount is how many referral codes were redeemed ("referralRedemptionCount").
	//
	// Deprecated: use Budgets.
	ReferralRedemptionCount *int `json:"referralRedemptionCount,omitzero"`
	// DiscountCount is the sum of all discounts, in the Application's currency ("discountCount").
	//
	// Deprecated: use Budgets.
	DiscountCount *decimal.Decimal `json:"discountCount,omitzero"`
	// DiscountEffectCount is how many effects gave a discount ("discountEffectCount").
	//
	// Deprecated: use Budgets.
	DiscountEffectCount *int `json:"discountEffectCount,omitzero"`
	// CouponCreationCount is how many coupons the rules created ("couponCreationCount").
	//
	// Deprecated: use Budgets.
	CouponCreationCount *int `json:"couponCreationCount,omitzero"`
	// CustomEffectCount is how many custom effects there were ("customEffectCount").
	//
	// Deprecated: use Budgets.
	CustomEffectCount *int `json:"customEffectCount,omitzero"`
	// ReferralCreationCount is how many referrals the rules created ("referralCreationCount").
	//
	// Deprecated: use Budgets.
	ReferralCreationCount *int `json:"referralCreationCount,omitzero"`
	// AddFreeItemEffectCount is how many effects added a free item ("addFreeItemEffectCount").
	//
	// Deprecated: use Budgets.
	AddFreeItemEffectCount *int `json:"addFreeItemEffectCount,omitzero"`
	// AwardedGiveawaysCount is how many giveaways were awarded ("awardedGiveawaysCount").
	//
	// Deprecated: use Budgets.
	AwardedGiveawaysCount *int `json:"awardedGiveawaysCount,omitzero"`
	// CreatedLoyaltyPointsCount is how many points were credited ("createdLoyaltyPointsCount").
	//
	// Deprecated: use Budgets.
	CreatedLoyaltyPointsCount *decimal.Decimal `json:"createdLoyaltyPointsCount,omitzero"`
	// CreatedLoyaltyPointsEffectCount is how many effects credited points ("createdLoyaltyPointsEffectCount").
	//
	// Deprecated: use Budgets.
	CreatedLoyaltyPointsEffectCount *int `json:"createdLoyaltyPointsEffectCount,omitzero"`
	// RedeemedLoyaltyPointsCount is how many points were spent ("redeemedLoyaltyPointsCount").
	//
	// Deprecated: use Budgets.
	RedeemedLoyaltyPointsCount *decimal.Decimal `json:"redeemedLoyaltyPointsCount,omitzero"`
	// RedeemedLoyaltyPointsEffectCount is how many effects took points ("redeemedLoyaltyPointsEffectCount").
	//
	// Deprecated: use Budgets.
	RedeemedLoyaltyPointsEffectCount *int `json:"redeemedLoyaltyPointsEffectCount,omitzero"`
	// CallAPIEffectCount is how many webhooks were called ("callApiEffectCount").
	//
	// Deprecated: use Budgets.
	CallAPIEffectCount *int `json:"callApiEffectCount,omitzero"`
	// ReservecouponEffectCount is how many coupons were reserved ("reservecouponEffectCount").
	//
	// Deprecated: use Budgets.
	ReservecouponEffectCount *int `json:"reservecouponEffectCount,omitzero"`
	// LastActivity is when the last event reached the campaign ("lastActivity").
	LastActivity time.Time `json:"lastActivity,omitzero"`
	// Updated is when the campaign itself was changed last ("updated"). Changes of its coupons and collections do not
	// count.
	Updated time.Time `json:"updated,omitzero"`
	// CreatedBy is who created the campaign ("createdBy").
	CreatedBy string `json:"createdBy,omitzero"`
	// UpdatedBy is who changed the campaign last ("updatedBy").
	UpdatedBy string `json:"updatedBy,omitzero"`
	// TemplateID is the number of the template that the campaign was created from ("templateId").
	TemplateID *int64 `json:"templateId,omitzero"`
	// FrontendState is the state that the Campaign Manager shows, such as [FrontendRunning] ("frontendState"). Required.
	FrontendState CampaignFrontendState `json:"frontendState"`
	// StoresImported tells whether the linked stores came from a file ("storesImported"). Required.
	StoresImported bool `json:"storesImported"`
	// ValueMapsIDs are the numbers of the campaign's value maps ("valueMapsIds").
	ValueMapsIDs []int64 `json:"valueMapsIds,omitzero"`
	// ExperimentID is the number of the experiment that the campaign is part of ("experimentId").
	ExperimentID *int64 `json:"experimentId,omitzero"`
	// RevisionFrontendState is the state of the campaign's revision, such as [RevisionPending] ("revisionFrontendState").
	RevisionFrontendState CampaignRevisionState `json:"revisionFrontendState,omitzero"`
	// ActiveRevisionID is the number of the revision that was activated last ("activeRevisionId").
	ActiveRevisionID *int64 `json:"activeRevisionId,omitzero"`
	// ActiveRevisionVersionID is the number of the version of that revision ("activeRevisionVersionId").
	ActiveRevisionVersionID *int64 `json:"activeRevisionVersionId,omitzero"`
	// Version is how many revisions were activated ("version"), 0 at first.
	Version *int `json:"version,omitzero"`
	// CurrentRevisionID is the number of the revision that is being edited ("currentRevisionId").
	CurrentRevisionID *int64 `json:"currentRevisionId,omitzero"`
	// CurrentRevisionVersionID is the number of the latest version of that revision ("currentRevisionVersionId").
	CurrentRevisionVersionID *int64 `json:"currentRevisionVersionId,omitzero"`
	// StageRevision tells whether API keys for staging use the revision that is being edited ("stageRevision").
	StageRevision *bool `json:"stageRevision,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// CodeGeneratorSettings says how codes are generated.
//
// It corresponds to "CodeGeneratorSettings" in the API reference.
//
//gen:model lenient
type CodeGeneratorSettings struct {
	// ValidCharacters are the characters that may replace each # in the pattern ("validCharacters"). Nil is written as an empty
	// list. Required.
	ValidCharacters []string `json:"validCharacters"`
	// CouponPattern is the pattern of the codes, 3 to 100 characters ("couponPattern"). Each # stands for a random
	// character. Required.
	CouponPattern string `json:"couponPattern"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// LimitConfig is a limit of a budget.
//
// It corresponds to "LimitConfig" in the API reference.
//
//gen:model lenient
type LimitConfig struct {
	// Action is what is limited, such as "redeemCoupon" ("action"). Required.
	Action string `json:"action"`
	// Limit is the limit, a number of times or a sum in the Application's currency ("limit"). Required.
	Limit decimal.Decimal `json:"limit"`
	// Period is after what time the limit is reset, such as [LimitDaily] ("period"). Empty if it never does.
	Period LimitPeriod `json:"period,omitzero"`
	// Entities are what the limit is counted separately for, such as [LimitEntityProfile] ("entities"). Nil is written as an
	// empty list. Required.
	Entities []LimitEntity `json:"entities"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// CampaignBudget is a limit of a campaign and its use so far.
//
// It corresponds to "CampaignBudget" in the API reference.
//
//gen:model lenient
type CampaignBudget struct {
	// Action is what is limited, such as "redeemCoupon" ("action"). Required.
	Action string `json:"action"`
	// Limit is the limit, a number of times or a sum in the Application's currency ("limit"). Required.
	Limit decimal.Decimal `json:"limit"`
	// Counter is how much of the limit is used ("counter"). Required.
	Counter decimal.Decimal `json:"counter"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}
