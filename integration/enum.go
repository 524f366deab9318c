package integration

// The sets of strings that the API lists as closed, in the order in which the effects and then the models have them. A value
// that this version does not know is kept as it came, and its Valid reports false: the API adds values without notice.

// RejectionReason says why a coupon or a referral code was rejected. A value that this version does not know is kept. It is
// a string, and safe for concurrent use like one.
//
//gen:enum
type RejectionReason string

// The reasons that the API lists, those of coupons first. Some are reasons for both.
const (
	// RejectionCouponNotFound: there is no coupon with this code.
	RejectionCouponNotFound RejectionReason = "CouponNotFound"
	// RejectionCouponExpired: the coupon is no longer valid.
	RejectionCouponExpired RejectionReason = "CouponExpired"
	// RejectionCouponStartDateInFuture: the coupon is not valid yet.
	RejectionCouponStartDateInFuture RejectionReason = "CouponStartDateInFuture"
	// RejectionCouponLimitReached: the coupon was redeemed as often as it may be.
	RejectionCouponLimitReached RejectionReason = "CouponLimitReached"
	// RejectionCouponRecipientDoesNotMatch: the coupon is for another customer.
	RejectionCouponRecipientDoesNotMatch RejectionReason = "CouponRecipientDoesNotMatch"
	// RejectionCouponRejectedByCondition: a condition of the rule was not met.
	RejectionCouponRejectedByCondition RejectionReason = "CouponRejectedByCondition"
	// RejectionCouponPartOfNotRunningCampaign: the campaign is not running.
	RejectionCouponPartOfNotRunningCampaign RejectionReason = "CouponPartOfNotRunningCampaign"
	// RejectionCouponPartOfNotTriggeredCampaign: the campaign was left out, for the [ExclusionReason] that comes with it.
	RejectionCouponPartOfNotTriggeredCampaign RejectionReason = "CouponPartOfNotTriggeredCampaign"
	// RejectionCouponReservationRequired: the coupon must be reserved first.
	RejectionCouponReservationRequired RejectionReason = "CouponReservationRequired"
	// RejectionProfileRequired: the session has no profile and the coupon needs one.
	RejectionProfileRequired RejectionReason = "ProfileRequired"
	// RejectionCampaignLimitReached: a limit of the campaign is used up.
	RejectionCampaignLimitReached RejectionReason = "CampaignLimitReached"
	// RejectionProfileLimitReached: the customer used the code as often as one customer may.
	RejectionProfileLimitReached RejectionReason = "ProfileLimitReached"
	// RejectionEffectCouldNotBeApplied: an effect of the rule could not be applied.
	RejectionEffectCouldNotBeApplied RejectionReason = "EffectCouldNotBeApplied"
	// RejectionReferralNotFound: there is no referral with this code.
	RejectionReferralNotFound RejectionReason = "ReferralNotFound"
	// RejectionReferralExpired: the referral code is no longer valid.
	RejectionReferralExpired RejectionReason = "ReferralExpired"
	// RejectionReferralStartDateInFuture: the referral code is not valid yet.
	RejectionReferralStartDateInFuture RejectionReason = "ReferralStartDateInFuture"
	// RejectionReferralLimitReached: the referral code was used as often as it may be.
	RejectionReferralLimitReached RejectionReason = "ReferralLimitReached"
	// RejectionReferralRecipientDoesNotMatch: the referral code is for another customer.
	RejectionReferralRecipientDoesNotMatch RejectionReason = "ReferralRecipientDoesNotMatch"
	// RejectionReferralRecipientIDSameAsAdvocate: the customer is the one who invites.
	RejectionReferralRecipientIDSameAsAdvocate RejectionReason = "ReferralRecipientIdSameAsAdvocate"
	// RejectionReferralRejectedByCondition: a condition of the rule was not met.
	RejectionReferralRejectedByCondition RejectionReason = "ReferralRejectedByCondition"
	// RejectionReferralPartOfNotRunningCampaign: the campaign is not running.
	RejectionReferralPartOfNotRunningCampaign RejectionReason = "ReferralPartOfNotRunningCampaign"
	// RejectionReferralPartOfNotTriggeredCampaign: the campaign was left out, for the [ExclusionReason] that comes with it.
	RejectionReferralPartOfNotTriggeredCampaign RejectionReason = "ReferralPartOfNotTriggeredCampaign"
	// RejectionReferralCustomerAlreadyReferred: the customer was invited before.
	RejectionReferralCustomerAlreadyReferred RejectionReason = "ReferralCustomerAlreadyReferred"
	// RejectionAdvocateNotFound: the profile that invites does not exist.
	RejectionAdvocateNotFound RejectionReason = "AdvocateNotFound"
)

// ExclusionReason says why a campaign was left out. A value that this version does not know is kept. It is a string, and
// safe for concurrent use like one.
//
//gen:enum
type ExclusionReason string

// The reasons why a campaign is left out.
const (
	// ExclusionCampaignGaveLowerDiscount: another campaign of its group takes more off.
	ExclusionCampaignGaveLowerDiscount ExclusionReason = "CampaignGaveLowerDiscount"
	// ExclusionCampaignIsNotFirst: another campaign of its group comes first.
	ExclusionCampaignIsNotFirst ExclusionReason = "CampaignIsNotFirst"
	// ExclusionCampaignNotInEvaluationSet: the campaign is not among those that were evaluated.
	ExclusionCampaignNotInEvaluationSet ExclusionReason = "CampaignNotInEvaluationSet"
)

// DiscountScope says what a discount is taken off, with cascading discounts. A value that this version does not know is
// kept. It is a string, and safe for concurrent use like one.
//
//gen:enum
type DiscountScope string

// The scopes of discounts. Those of a session and those of an item differ.
const (
	// ScopeCartItems: the items of the session.
	ScopeCartItems DiscountScope = "cartItems"
	// ScopeAdditionalCosts: the additional costs, of the session or of the item.
	ScopeAdditionalCosts DiscountScope = "additionalCosts"
	// ScopeSessionTotal: the items and the additional costs of the session.
	ScopeSessionTotal DiscountScope = "sessionTotal"
	// ScopePrice: the price of the item.
	ScopePrice DiscountScope = "price"
	// ScopeItemTotal: the price and the additional costs of the item.
	ScopeItemTotal DiscountScope = "itemTotal"
)

// NotificationType is the kind of a message. A value that this version does not know is kept. It is a string, and safe for
// concurrent use like one.
//
//gen:enum
type NotificationType string

// The kinds of messages.
const (
	// NotificationInfo: information.
	NotificationInfo NotificationType = "Info"
	// NotificationOffer: an offer.
	NotificationOffer NotificationType = "Offer"
	// NotificationError: something went wrong.
	NotificationError NotificationType = "Error"
	// NotificationMisc: anything else.
	NotificationMisc NotificationType = "Misc"
)

// EvaluationMode says how the campaigns of an evaluation group are chosen. A value that this version does not know is kept.
// It is a string, and safe for concurrent use like one.
//
//gen:enum
type EvaluationMode string

// The modes of evaluation groups.
const (
	// EvaluationStackable: all campaigns apply.
	EvaluationStackable EvaluationMode = "stackable"
	// EvaluationListOrder: the first campaign of the list that matches applies.
	EvaluationListOrder EvaluationMode = "listOrder"
	// EvaluationLowestDiscount: the campaign with the lowest discount applies.
	EvaluationLowestDiscount EvaluationMode = "lowestDiscount"
	// EvaluationHighestDiscount: the campaign with the highest discount applies.
	EvaluationHighestDiscount EvaluationMode = "highestDiscount"
)

// LoyaltyCardStatus says whether a loyalty card can be used. A value that this version does not know is kept. It is a
// string, and safe for concurrent use like one.
//
//gen:enum
type LoyaltyCardStatus string

// The states of loyalty cards.
const (
	// CardActive: the card can be used.
	CardActive LoyaltyCardStatus = "active"
	// CardInactive: the card is blocked.
	CardInactive LoyaltyCardStatus = "inactive"
)

// TierDowngradePolicy says what happens when a tier ends. A value that this version does not know is kept. It is a string,
// and safe for concurrent use like one.
//
//gen:enum
type TierDowngradePolicy string

// What can happen when a tier ends.
const (
	// DowngradeOneDown: the customer moves down by one tier.
	DowngradeOneDown TierDowngradePolicy = "one_down"
	// DowngradeBalanceBased: the customer moves to the tier that the balance is enough for.
	DowngradeBalanceBased TierDowngradePolicy = "balance_based"
)

// TierSource says what gave a customer a tier. A value that this version does not know is kept. It is a string, and safe for
// concurrent use like one.
//
//gen:enum
type TierSource string

// What can give a customer a tier.
const (
	// TierFromPoints: the customer's points.
	TierFromPoints TierSource = "points"
	// TierFromBoost: a boost of the tier.
	TierFromBoost TierSource = "boost"
)

// CampaignState says whether a campaign is evaluated. A value that this version does not know is kept. It is a string, and
// safe for concurrent use like one.
//
//gen:enum
type CampaignState string

// The states of campaigns.
const (
	// CampaignEnabled: the campaign is evaluated.
	CampaignEnabled CampaignState = "enabled"
	// CampaignDisabled: the campaign is not evaluated.
	CampaignDisabled CampaignState = "disabled"
	// CampaignArchived: the campaign is not evaluated and can no longer be changed.
	CampaignArchived CampaignState = "archived"
)

// CampaignFrontendState is the state of a campaign that the Campaign Manager shows. A value that this version does not know
// is kept. It is a string, and safe for concurrent use like one.
//
//gen:enum
type CampaignFrontendState string

// The states that the Campaign Manager shows.
const (
	// FrontendRunning: the campaign is evaluated now.
	FrontendRunning CampaignFrontendState = "running"
	// FrontendScheduled: the campaign has not begun.
	FrontendScheduled CampaignFrontendState = "scheduled"
	// FrontendExpired: the campaign has ended.
	FrontendExpired CampaignFrontendState = "expired"
	// FrontendDisabled: the campaign is disabled.
	FrontendDisabled CampaignFrontendState = "disabled"
	// FrontendArchived: the campaign is archived.
	FrontendArchived CampaignFrontendState = "archived"
	// FrontendStaged: the campaign is only evaluated for staging.
	FrontendStaged CampaignFrontendState = "staged"
)

// CampaignRevisionState is the state of the revision of a campaign. A value that this version does not know is kept. It is a
// string, and safe for concurrent use like one.
//
//gen:enum
type CampaignRevisionState string

// The states of revisions.
const (
	// RevisionRevised: the campaign has a revision that was activated.
	RevisionRevised CampaignRevisionState = "revised"
	// RevisionPending: the campaign has a revision that was not activated.
	RevisionPending CampaignRevisionState = "pending"
)

// CampaignType says what the effects of a campaign apply to. A value that this version does not know is kept. It is a
// string, and safe for concurrent use like one.
//
//gen:enum
type CampaignType string

// The types of campaigns.
const (
	// CampaignTypeCartItem: items alone.
	CampaignTypeCartItem CampaignType = "cartItem"
	// CampaignTypeAdvanced: sessions and items.
	CampaignTypeAdvanced CampaignType = "advanced"
)

// CampaignFeature is a feature that a campaign uses. A value that this version does not know is kept. It is a string, and
// safe for concurrent use like one.
//
//gen:enum
type CampaignFeature string

// The features of campaigns.
const (
	// FeatureCoupons: coupons.
	FeatureCoupons CampaignFeature = "coupons"
	// FeatureReferrals: referrals.
	FeatureReferrals CampaignFeature = "referrals"
	// FeatureLoyalty: loyalty programs.
	FeatureLoyalty CampaignFeature = "loyalty"
	// FeatureGiveaways: giveaways.
	FeatureGiveaways CampaignFeature = "giveaways"
	// FeatureStrikethrough: strikethrough prices.
	FeatureStrikethrough CampaignFeature = "strikethrough"
	// FeatureAchievements: achievements.
	FeatureAchievements CampaignFeature = "achievements"
	// FeatureAdvancedEvents: advanced events.
	FeatureAdvancedEvents CampaignFeature = "advancedEvents"
)

// LimitPeriod says after what time a limit starts anew. A value that this version does not know is kept. It is a string, and
// safe for concurrent use like one.
//
//gen:enum
type LimitPeriod string

// The periods of limits.
const (
	// LimitDaily: each day.
	LimitDaily LimitPeriod = "daily"
	// LimitWeekly: each week.
	LimitWeekly LimitPeriod = "weekly"
	// LimitMonthly: each month.
	LimitMonthly LimitPeriod = "monthly"
	// LimitYearly: each year.
	LimitYearly LimitPeriod = "yearly"
)

// LimitEntity says what has a limit for itself. A value that this version does not know is kept. It is a string, and safe
// for concurrent use like one.
//
//gen:enum
type LimitEntity string

// What can have a limit for itself.
const (
	// LimitEntityCoupon: each coupon.
	LimitEntityCoupon LimitEntity = "Coupon"
	// LimitEntityReferral: each referral.
	LimitEntityReferral LimitEntity = "Referral"
	// LimitEntityProfile: each profile.
	LimitEntityProfile LimitEntity = "Profile"
	// LimitEntityIdentifier: each identifier of a session.
	LimitEntityIdentifier LimitEntity = "Identifier"
	// LimitEntityStore: each store.
	LimitEntityStore LimitEntity = "Store"
	// LimitEntitySession: each session.
	LimitEntitySession LimitEntity = "Session"
)

// AchievementStatus says how far a customer is in an achievement. A value that this version does not know is kept. It is a
// string, and safe for concurrent use like one.
//
//gen:enum
type AchievementStatus string

// How far a customer can be in an achievement.
const (
	// AchievementNotStarted: the customer has not begun.
	AchievementNotStarted AchievementStatus = "not_started"
	// AchievementInProgress: the customer has begun.
	AchievementInProgress AchievementStatus = "inprogress"
	// AchievementCompleted: the customer has reached the target.
	AchievementCompleted AchievementStatus = "completed"
	// AchievementExpired: the time to make progress has ended.
	AchievementExpired AchievementStatus = "expired"
)

// AchievementRecurrencePolicy says whether an achievement can be completed again. A value that this version does not know is
// kept. It is a string, and safe for concurrent use like one.
//
//gen:enum
type AchievementRecurrencePolicy string

// When an achievement can be completed again.
const (
	// RecurrenceNone: never.
	RecurrenceNone AchievementRecurrencePolicy = "no_recurrence"
	// RecurrenceOnExpiration: after its time has ended.
	RecurrenceOnExpiration AchievementRecurrencePolicy = "on_expiration"
	// RecurrenceOnCompletion: after it was completed.
	RecurrenceOnCompletion AchievementRecurrencePolicy = "on_completion"
)

// AchievementActivationPolicy says when the time to make progress in an achievement begins. A value that this version does
// not know is kept. It is a string, and safe for concurrent use like one.
//
//gen:enum
type AchievementActivationPolicy string

// When the time to make progress begins.
const (
	// ActivationUserAction: when the customer makes the first progress.
	ActivationUserAction AchievementActivationPolicy = "user_action"
	// ActivationFixedSchedule: at one time for all customers.
	ActivationFixedSchedule AchievementActivationPolicy = "fixed_schedule"
)

// CampaignFailureCode says why a customer cannot have effects of a campaign. A value that this version does not know is
// kept. It is a string, and safe for concurrent use like one.
//
//gen:enum
type CampaignFailureCode string

// Why a customer cannot have effects of a campaign.
const (
	// CampaignFailureAllRulesFailed: no rule of the campaign is met.
	CampaignFailureAllRulesFailed CampaignFailureCode = "ALL_RULES_FAILED"
	// CampaignFailureSkipped: the campaign was not evaluated.
	CampaignFailureSkipped CampaignFailureCode = "SKIPPED"
	// CampaignFailureAudienceNotMatched: the customer is not in the audience of the campaign.
	CampaignFailureAudienceNotMatched CampaignFailureCode = "AUDIENCE_NOT_MATCHED"
)

// RuleFailureCode says why a session does not meet a rule. A value that this version does not know is kept. It is a string,
// and safe for concurrent use like one.
//
//gen:enum
type RuleFailureCode string

// Why a session does not meet a rule.
const (
	// RuleFailureConditionNotMet: a condition is not met.
	RuleFailureConditionNotMet RuleFailureCode = "CONDITION_NOT_MET"
	// RuleFailureEffectFailed: an effect could not be applied.
	RuleFailureEffectFailed RuleFailureCode = "EFFECT_FAILED"
)
