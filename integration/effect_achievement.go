package integration

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/member"
)

// StartAchievementProgress says that a customer's progress in an achievement began, at 0. [IncreaseAchievementProgress]
// may come with it.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type StartAchievementProgress struct {
	// AchievementID is the number of the achievement ("achievementId"). Required.
	AchievementID int64
	// AchievementName is the name of the achievement ("achievementName"). Required.
	AchievementName string
	// ProgressTrackerID is the number of what keeps count of the progress ("progressTrackerId"). An achievement that can
	// be completed again has a new one each time. Required.
	ProgressTrackerID int64
	// Target is the progress at which the achievement is completed ("target"). Required.
	Target decimal.Decimal
	// StartDate is when the progress began ("startDate"). Required.
	StartDate time.Time
	// EndDate is when the time to make progress ends ("endDate"). Zero where there is no set end.
	EndDate time.Time
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (s *StartAchievementProgress) members(m *member.List) {
	m.Required("achievementId", &s.AchievementID)
	m.Required("achievementName", &s.AchievementName)
	m.Required("progressTrackerId", &s.ProgressTrackerID)
	m.Required("target", &s.Target)
	m.Required("startDate", &s.StartDate)
	m.Optional("endDate", &s.EndDate)
	m.Extra(&s.Extra)
}

// EffectType returns "startAchievementProgress".
func (*StartAchievementProgress) EffectType() string { return "startAchievementProgress" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (s StartAchievementProgress) MarshalJSON() ([]byte, error) {
	return marshal(startAchievementProgressModel, s)
}

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (s *StartAchievementProgress) UnmarshalJSON(text []byte) error {
	return unmarshal(startAchievementProgressModel, text, s)
}

// IncreaseAchievementProgress says that a customer made progress in an achievement.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type IncreaseAchievementProgress struct {
	// AchievementID is the number of the achievement ("achievementId"). Required.
	AchievementID int64
	// AchievementName is the name of the achievement ("achievementName"). Required.
	AchievementName string
	// ProgressTrackerID is the number of what keeps count of the progress ("progressTrackerId"). An achievement that can
	// be completed again has a new one each time.
	ProgressTrackerID *int64
	// Delta is how much progress was made ("delta"). Required.
	Delta decimal.Decimal
	// Value is the progress now ("value"). Required.
	Value decimal.Decimal
	// Target is the progress at which the achievement is completed ("target"). Required.
	Target decimal.Decimal
	// IsJustCompleted tells whether this session completed the achievement ("isJustCompleted"). Required.
	IsJustCompleted bool
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (i *IncreaseAchievementProgress) members(m *member.List) {
	m.Required("achievementId", &i.AchievementID)
	m.Required("achievementName", &i.AchievementName)
	m.Optional("progressTrackerId", &i.ProgressTrackerID)
	m.Required("delta", &i.Delta)
	m.Required("value", &i.Value)
	m.Required("target", &i.Target)
	m.Required("isJustCompleted", &i.IsJustCompleted)
	m.Extra(&i.Extra)
}

// EffectType returns "increaseAchievementProgress".
func (*IncreaseAchievementProgress) EffectType() string { return "increaseAchievementProgress" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (i IncreaseAchievementProgress) MarshalJSON() ([]byte, error) {
	return marshal(increaseAchievementProgressModel, i)
}

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (i *IncreaseAchievementProgress) UnmarshalJSON(text []byte) error {
	return unmarshal(increaseAchievementProgressModel, text, i)
}

// RollbackIncreasedAchievementProgress says that progress in an achievement was taken back, because the session was
// cancelled or reopened.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type RollbackIncreasedAchievementProgress struct {
	// AchievementID is the number of the achievement ("achievementId"). Required.
	AchievementID int64
	// AchievementName is the name of the achievement ("achievementName"). Required.
	AchievementName string
	// ProgressTrackerID is the number of what keeps count of the progress ("progressTrackerId"). An achievement that can
	// be completed again has a new one each time. Required.
	ProgressTrackerID int64
	// DecreaseProgressBy is how much progress was taken back ("decreaseProgressBy"). Required.
	DecreaseProgressBy decimal.Decimal
	// CurrentProgress is the progress now ("currentProgress"). Required.
	CurrentProgress decimal.Decimal
	// Target is the progress at which the achievement is completed ("target"). Required.
	Target decimal.Decimal
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (r *RollbackIncreasedAchievementProgress) members(m *member.List) {
	m.Required("achievementId", &r.AchievementID)
	m.Required("achievementName", &r.AchievementName)
	m.Required("progressTrackerId", &r.ProgressTrackerID)
	m.Required("decreaseProgressBy", &r.DecreaseProgressBy)
	m.Required("currentProgress", &r.CurrentProgress)
	m.Required("target", &r.Target)
	m.Extra(&r.Extra)
}

// EffectType returns "rollbackIncreasedAchievementProgress".
func (*RollbackIncreasedAchievementProgress) EffectType() string {
	return "rollbackIncreasedAchievementProgress"
}

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (r RollbackIncreasedAchievementProgress) MarshalJSON() ([]byte, error) {
	return marshal(rollbackIncreasedAchievementProgressModel, r)
}

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (r *RollbackIncreasedAchievementProgress) UnmarshalJSON(text []byte) error {
	return unmarshal(rollbackIncreasedAchievementProgressModel, text, r)
}
