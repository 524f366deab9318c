package integration

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"
)

// CustomerAchievement is an achievement and the customer's progress in it.
//
// It corresponds to "CustomerAchievement" in the API reference.
//
//gen:model lenient
type CustomerAchievement struct {
	// ID is the number of the achievement ("id"). Required.
	ID int64 `json:"id"`
	// Name is the name of the achievement, for code ("name"). Required.
	Name string `json:"name"`
	// Title is the name of the achievement, for people ("title"). Required.
	Title string `json:"title"`
	// Description says what the achievement is, for people ("description"). Required.
	Description string `json:"description"`
	// Target is the progress at which the achievement is completed ("target"). Required.
	Target decimal.Decimal `json:"target"`
	// RecurrencePolicy says whether the achievement can be completed again, such as [RecurrenceNone] ("recurrencePolicy").
	// Required.
	RecurrencePolicy AchievementRecurrencePolicy `json:"recurrencePolicy"`
	// ActivationPolicy says when the time to make progress begins, such as [ActivationFixedSchedule] ("activationPolicy").
	// Required.
	ActivationPolicy AchievementActivationPolicy `json:"activationPolicy"`
	// FixedStartDate is when the time to make progress begins, with [ActivationFixedSchedule] ("fixedStartDate").
	FixedStartDate time.Time `json:"fixedStartDate,omitzero"`
	// EndDate is when the time to make progress ends ("endDate").
	EndDate time.Time `json:"endDate,omitzero"`
	// AllowRollbackAfterCompletion tells whether progress can be taken back after the achievement was completed
	// ("allowRollbackAfterCompletion"). Required.
	AllowRollbackAfterCompletion bool `json:"allowRollbackAfterCompletion"`
	// CampaignID is the first of CampaignIDs ("campaignId").
	//
	// Deprecated: use CampaignIDs.
	CampaignID *int64 `json:"campaignId,omitzero"`
	// CampaignIDs are the numbers of the campaigns that use the achievement, in ascending order ("campaignIds"). Nil is
	// written as an empty list. Required.
	CampaignIDs []int64 `json:"campaignIds"`
	// ReferencedByCampaigns are these campaigns with their Applications ("referencedByCampaigns"). Nil is written as an
	// empty list. Required.
	ReferencedByCampaigns []CampaignReference `json:"referencedByCampaigns"`
	// CurrentProgress is the customer's progress ("currentProgress").
	CurrentProgress *AchievementProgress `json:"currentProgress,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// AchievementProgress is a customer's progress in an achievement.
//
// It corresponds to "AchievementProgress" in the API reference.
//
//gen:model lenient
type AchievementProgress struct {
	// Status is the status of the achievement, such as [AchievementInProgress] ("status"). Required.
	Status AchievementStatus `json:"status"`
	// Progress is the progress now ("progress"). The achievement's Target completes it. Required.
	Progress decimal.Decimal `json:"progress"`
	// StartDate is when the customer began ("startDate").
	StartDate time.Time `json:"startDate,omitzero"`
	// CompletionDate is when the customer completed the achievement ("completionDate").
	CompletionDate time.Time `json:"completionDate,omitzero"`
	// EndDate is when the progress ends and starts again ("endDate").
	EndDate time.Time `json:"endDate,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// CampaignReference is a campaign that uses an achievement.
//
// It corresponds to "CampaignReference" in the API reference.
//
//gen:model lenient
type CampaignReference struct {
	// ID is the number of the campaign ("id"). Required.
	ID int64 `json:"id"`
	// ApplicationID is the Application that owns the campaign ("applicationId"). Required.
	ApplicationID int64 `json:"applicationId"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}
