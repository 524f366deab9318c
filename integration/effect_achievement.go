package integration

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"
)

// StartAchievementProgress says that a customer's progress in an achievement began, at 0. An [IncreaseAchievementProgress] may
// be in the same answer.
//
//gen:effect startAchievementProgress
type StartAchievementProgress struct {
	// AchievementID is the number of the achievement ("achievementId"). Required.
	AchievementID int64 `json:"achievementId"`
	// AchievementName is the name of the achievement ("achievementName"). Required.
	AchievementName string `json:"achievementName"`
	// ProgressTrackerID is the number of the progress tracker ("progressTrackerId"). An achievement that can be completed again
	// gets a new tracker each time.
	ProgressTrackerID *int64 `json:"progressTrackerId,omitzero"`
	// Target is the progress at which the achievement is completed ("target"). Required.
	Target decimal.Decimal `json:"target"`
	// StartDate is when the progress began ("startDate"). Required.
	StartDate time.Time `json:"startDate"`
	// EndDate is when the time to make progress ends ("endDate"). Zero if there is no end.
	EndDate time.Time `json:"endDate,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// IncreaseAchievementProgress says that a customer made progress in an achievement.
//
//gen:effect increaseAchievementProgress
type IncreaseAchievementProgress struct {
	// AchievementID is the number of the achievement ("achievementId"). Required.
	AchievementID int64 `json:"achievementId"`
	// AchievementName is the name of the achievement ("achievementName"). Required.
	AchievementName string `json:"achievementName"`
	// ProgressTrackerID is the number of the progress tracker ("progressTrackerId"). An achievement that can be completed again
	// gets a new tracker each time.
	ProgressTrackerID *int64 `json:"progressTrackerId,omitzero"`
	// Delta is how much progress was made ("delta"). Required.
	Delta decimal.Decimal `json:"delta"`
	// Value is the progress now ("value"). Required.
	Value decimal.Decimal `json:"value"`
	// Target is the progress at which the achievement is completed ("target"). Required.
	Target decimal.Decimal `json:"target"`
	// IsJustCompleted tells whether this session completed the achievement ("isJustCompleted"). Required.
	IsJustCompleted bool `json:"isJustCompleted"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RollbackIncreasedAchievementProgress says that progress in an achievement was taken back, because the session was
// cancelled or reopened.
//
//gen:effect rollbackIncreasedAchievementProgress
type RollbackIncreasedAchievementProgress struct {
	// AchievementID is the number of the achievement ("achievementId"). Required.
	AchievementID int64 `json:"achievementId"`
	// AchievementName is the name of the achievement ("achievementName"). Required.
	AchievementName string `json:"achievementName"`
	// ProgressTrackerID is the number of the progress tracker ("progressTrackerId"). An achievement that can be completed again
	// gets a new tracker each time. Required.
	ProgressTrackerID int64 `json:"progressTrackerId"`
	// DecreaseProgressBy is how much progress was taken back ("decreaseProgressBy"). Required.
	DecreaseProgressBy decimal.Decimal `json:"decreaseProgressBy"`
	// CurrentProgress is the progress now ("currentProgress"). Required.
	CurrentProgress decimal.Decimal `json:"currentProgress"`
	// Target is the progress at which the achievement is completed ("target"). Required.
	Target decimal.Decimal `json:"target"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}
