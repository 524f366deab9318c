package integration

// The closed sets of strings of the API, in the order of the effects and then of the models. An unknown value is kept unchanged
// and its Valid reports false, because the API adds values without notice.

// RejectionReason says why a coupon or a referral code was rejected. Unknown values are kept. It is a string, so it is safe for
// concurrent use.
//
//gen:enum
type RejectionReason string

// The reasons that the API lists, those for coupons first. Some are reasons for both.
const (
	// RejectionCouponNotFound: there is no coupon with this code.
	RejectionCouponNotFound RejectionReason = "CouponNotFound"
	// RejectionCouponExpired: the coupon is no longer valid.
	RejectionCouponExpired RejectionReason = "CouponExpired"
	// RejectionCouponStartDateInFuture: the coupon is not valid yet.
	RejectionCouponStartDateInFuture RejectionReason = "CouponStartDateInFuture"
	// RejectionCouponLimitReached: the coupon has reached its limit of redemptions.
	RejectionCouponLimitReached RejectionReason = "CouponLimitReached"
	// RejectionCouponRecipientDoesNotMatch: the coupon is for another customer.
	RejectionCouponRecipientDoesNotMatch RejectionReason = "CouponRecipientDoesNotMatch"
	// RejectionCouponRejectedByCondition: a condition of the rule was not met.
	RejectionCouponRejectedByCondition RejectionReason = "CouponRejectedByCondition"
	// RejectionCouponPartOfNotRunningCampaign: the campaign is not running.
	RejectionCouponPartOfNotRunningCampaign RejectionReason = "CouponPartOfNotRunningCampaign"
	// RejectionCouponPartOfNotTriggeredCampaign: the campaign was excluded, for the [ExclusionReason] in the same effect.
	RejectionCouponPartOfNotTriggeredCampaign RejectionReason = "CouponPartOfNotTriggeredCampaign"
	// RejectionCouponReservationRequired: the coupon must be reserved first.
	RejectionCouponReservationRequired RejectionReason = "CouponReservationRequired"
	// RejectionProfileRequired: the session has no profile and the coupon needs one.
	RejectionProfileRequired RejectionReason = "ProfileRequired"
	// RejectionCampaignLimitReached: a limit of the campaign is used up.
	RejectionCampaignLimitReached RejectionReason = "CampaignLimitReached"
	// RejectionProfileLimitReached: the customer has reached the limit of uses for one customer.
	RejectionProfileLimitReached RejectionReason = "ProfileLimitReached"
	// RejectionEffectCouldNotBeApplied: an effect of the rule could not be applied.
	RejectionEffectCouldNotBeApplied RejectionReason = "EffectCouldNotBeApplied"
	// RejectionReferralNotFound: there is no referral with this code.
	RejectionReferralNotFound RejectionReason = "ReferralNotFound"
	// RejectionReferralExpired: the referral code is no longer valid.
	RejectionReferralExpired RejectionReason = "ReferralExpired"
	// RejectionReferralStartDateInFuture: the referral code is not valid yet.
	RejectionReferralStartDateInFuture RejectionReason = "ReferralStartDateInFuture"
	// RejectionReferralLimitReached: the referral code has reached its limit of uses.
	RejectionReferralLimitReached RejectionReason = "ReferralLimitReached"
	// RejectionReferralRecipientDoesNotMatch: the referral code is for another customer.
	RejectionReferralRecipientDoesNotMatch RejectionReason = "ReferralRecipientDoesNotMatch"
	// RejectionReferralRecipientIDSameAsAdvocate: the customer is the advocate, who invites others.
	RejectionReferralRecipientIDSameAsAdvocate RejectionReason = "ReferralRecipientIdSameAsAdvocate"
	// RejectionReferralRejectedByCondition: a condition of the rule was not met.
	RejectionReferralRejectedByCondition RejectionReason = "ReferralRejectedByCondition"
	// RejectionReferralPartOfNotRunningCampaign: the campaign is not running.
	RejectionReferralPartOfNotRunningCampaign RejectionReason = "ReferralPartOfNotRunningCampaign"
	// RejectionReferralPartOfNotTriggeredCampaign: the campaign was excluded, for the [ExclusionReason] in the same effect.
	RejectionReferralPartOfNotTriggeredCampaign RejectionReason = "ReferralPartOfNotTriggeredCampaign"
	// RejectionReferralCustomerAlreadyReferred: the customer was invited before.
	RejectionReferralCustomerAlreadyReferred RejectionReason = "ReferralCustomerAlreadyReferred"
	// RejectionAdvocateNotFound: the profile of the advocate, who invites others, does not exist.
	RejectionAdvocateNotFound RejectionReason = "AdvocateNotFound"
)

// ExclusionReason says why a campaign was excluded. Unknown values are kept. It is a string, so it is safe for concurrent use.
//
//gen:enum
type ExclusionReason string

// The reasons why a campaign is excluded.
const (
	// ExclusionCampaignGaveLowerDiscount: another campaign of its group gives a higher discount.
	ExclusionCampaignGaveLowerDiscount ExclusionReason = "CampaignGaveLowerDiscount"
	// ExclusionCampaignIsNotFirst: another campaign of its group comes first.
	ExclusionCampaignIsNotFirst ExclusionReason = "CampaignIsNotFirst"
	// ExclusionCampaignNotInEvaluationSet: the campaign is not among those that were evaluated.
	ExclusionCampaignNotInEvaluationSet ExclusionReason = "CampaignNotInEvaluationSet"
)

// DiscountScope says what a discount applies to, with cascading discounts. Unknown values are kept. It is a string, so it is
// safe for concurrent use.
//
//gen:enum
type DiscountScope string

// The scopes of discounts. Session discounts and item discounts have different scopes.
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

// NotificationType is the kind of a message. Unknown values are kept. It is a string, so it is safe for concurrent use.
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

// EvaluationMode says how the campaigns of an evaluation group are chosen. Unknown values are kept. It is a string, so it is
// safe for concurrent use.
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

// LoyaltyCardStatus says whether a loyalty card can be used. Unknown values are kept. It is a string, so it is safe for
// concurrent use.
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

// TierDowngradePolicy says what happens when a tier ends. Unknown values are kept. It is a string, so it is safe for concurrent
// use.
//
//gen:enum
type TierDowngradePolicy string

// What can happen when a tier ends.
const (
	// DowngradeOneDown: the customer moves down by one tier.
	DowngradeOneDown TierDowngradePolicy = "one_down"
	// DowngradeBalanceBased: the customer moves to the tier that fits the balance.
	DowngradeBalanceBased TierDowngradePolicy = "balance_based"
)

// TierSource says how a customer got a tier. Unknown values are kept. It is a string, so it is safe for concurrent use.
//
//gen:enum
type TierSource string

// The ways to get a tier.
const (
	// TierFromPoints: by points.
	TierFromPoints TierSource = "points"
	// TierFromBoost: by a boost of the tier.
	TierFromBoost TierSource = "boost"
)

// CampaignState says whether a campaign is evaluated. Unknown values are kept. It is a string, so it is safe for concurrent
// use.
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

// CampaignFrontendState is the state of a campaign that the Campaign Manager shows. Unknown values are kept. It is a string, so
// it is safe for concurrent use.
//
//gen:enum
type CampaignFrontendState string

// The states that the Campaign Manager shows.
const (
	// FrontendRunning: the campaign is evaluated now.
	FrontendRunning CampaignFrontendState = "running"
	// FrontendScheduled: the campaign has not begun yet.
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

// CampaignRevisionState is the state of the revision of a campaign. Unknown values are kept. It is a string, so it is safe for
// concurrent use.
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

// CampaignType says what the effects of a campaign apply to. Unknown values are kept. It is a string, so it is safe for
// concurrent use.
//
//gen:enum
type CampaignType string

// The types of campaigns.
const (
	// CampaignTypeCartItem: items only.
	CampaignTypeCartItem CampaignType = "cartItem"
	// CampaignTypeAdvanced: sessions and items.
	CampaignTypeAdvanced CampaignType = "advanced"
)

// CampaignFeature is a feature that a campaign uses. Unknown values are kept. It is a string, so it is safe for concurrent use.
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

// LimitPeriod says after what time a limit is reset. Unknown values are kept. It is a string, so it is safe for concurrent use.
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

// LimitEntity says for what a limit is counted separately. Unknown values are kept. It is a string, so it is safe for
// concurrent use.
//
//gen:enum
type LimitEntity string

// What a limit can be counted separately for.
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

// AchievementStatus is the status of a customer's achievement. Unknown values are kept. It is a string, so it is safe for
// concurrent use.
//
//gen:enum
type AchievementStatus string

// The statuses of achievements.
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

// AchievementRecurrencePolicy says whether an achievement can be completed again. Unknown values are kept. It is a string, so
// it is safe for concurrent use.
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

// AchievementActivationPolicy says when the time to make progress in an achievement begins. Unknown values are kept. It is a
// string, so it is safe for concurrent use.
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

// CampaignFailureCode says why a customer cannot have effects of a campaign. Unknown values are kept. It is a string, so it is
// safe for concurrent use.
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

// RuleFailureCode says why a session does not meet a rule. Unknown values are kept. It is a string, so it is safe for
// concurrent use.
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
