package integration

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"
)

// Loyalty is the customer's data in loyalty programs. Balances are in points.
//
// It corresponds to "Loyalty" in the API reference.
//
//gen:model lenient
type Loyalty struct {
	// Cards are the loyalty cards of the session, with their balances ("cards"). They are present if the update lists them in
	// LoyaltyCards.
	Cards []LoyaltyCard `json:"cards,omitzero"`
	// Programs are the programs without cards, with the balances of the profile ("programs"). The key is the number of the
	// program, as text. Nil is written as an empty object. Required.
	Programs map[string]LoyaltyProgramLedgers `json:"programs"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// LoyaltyCard is a loyalty card with its balances.
//
// It corresponds to "LoyaltyCard" in the API reference.
//
//gen:model lenient
type LoyaltyCard struct {
	// ID is the number that Talon.One gave the card ("id"). Required.
	ID int64 `json:"id"`
	// Created is when the card was created ("created"). Required.
	Created time.Time `json:"created"`
	// ProgramID is the number of the loyalty program ("programID"). Required.
	ProgramID int64 `json:"programID"`
	// ProgramName is the name of the program, for code ("programName").
	ProgramName string `json:"programName,omitzero"`
	// ProgramTitle is the name of the program, for people ("programTitle").
	ProgramTitle string `json:"programTitle,omitzero"`
	// Status tells whether the card can be used, such as [CardActive] ("status"). Required.
	Status LoyaltyCardStatus `json:"status"`
	// BlockReason says why the card was blocked, or why its points were moved to another card ("blockReason").
	BlockReason string `json:"blockReason,omitzero"`
	// Identifier is the ID of the card ("identifier"), 4 to 108 characters. A session has it in LoyaltyCards. Required.
	Identifier string `json:"identifier"`
	// UsersPerCardLimit is how many profiles may use the card ("usersPerCardLimit"). 0 means no limit. Required.
	UsersPerCardLimit int `json:"usersPerCardLimit"`
	// Profiles are the profiles that use the card ("profiles").
	Profiles []LoyaltyCardProfileRegistration `json:"profiles,omitzero"`
	// Ledger has the balances of the main ledger ("ledger").
	Ledger *LedgerInfo `json:"ledger,omitzero"`
	// Subledgers have the balances of the subledgers, by their IDs ("subledgers").
	Subledgers map[string]LedgerInfo `json:"subledgers,omitzero"`
	// Modified is when the card changed last ("modified").
	Modified time.Time `json:"modified,omitzero"`
	// OldCardIdentifier is the ID of the card whose points were moved to this one ("oldCardIdentifier"), 4 to 108
	// characters.
	OldCardIdentifier string `json:"oldCardIdentifier,omitzero"`
	// NewCardIdentifier is the ID of the card that the points of this one were moved to ("newCardIdentifier"), 4 to 108
	// characters.
	NewCardIdentifier string `json:"newCardIdentifier,omitzero"`
	// BatchID is the ID of the batch that the card was created in ("batchId").
	BatchID string `json:"batchId,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// LoyaltyCardProfileRegistration is a profile that uses a loyalty card.
//
// It corresponds to "LoyaltyCardProfileRegistration" in the API reference.
//
//gen:model lenient
type LoyaltyCardProfileRegistration struct {
	// IntegrationID is the ID that the shop gave the profile ("integrationId"), at most 1000 characters. Required.
	IntegrationID string `json:"integrationId"`
	// Timestamp is when the profile was linked to the card ("timestamp"). Required.
	Timestamp time.Time `json:"timestamp"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// LoyaltyProgramLedgers is a loyalty program with the customer's balances.
//
// It corresponds to "LoyaltyProgramLedgers" in the API reference.
//
//gen:model lenient
type LoyaltyProgramLedgers struct {
	// ID is the number of the program ("id"). Required.
	ID int64 `json:"id"`
	// Title is the name of the program, for people ("title"). Required.
	Title string `json:"title"`
	// Name is the name of the program, for code ("name"). Required.
	Name string `json:"name"`
	// JoinDate is when the customer joined, in the time zone of the program ("joinDate").
	JoinDate time.Time `json:"joinDate,omitzero"`
	// Ledger has the balances of the main ledger ("ledger"). Required.
	Ledger LedgerInfo `json:"ledger"`
	// SubLedgers have the balances of the subledgers, by their IDs ("subLedgers"). Subledgers whose balances are all zero
	// are left out.
	SubLedgers map[string]LedgerInfo `json:"subLedgers,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// LedgerInfo has the balances of one ledger, in points. A tentative balance includes the changes that this open session would
// make if it were closed now, but not those of other open sessions.
//
// It corresponds to "LedgerInfo" in the API reference.
//
//gen:model lenient
type LedgerInfo struct {
	// CurrentBalance is how many points can be spent ("currentBalance"). Required.
	CurrentBalance decimal.Decimal `json:"currentBalance"`
	// PendingBalance is how many points are not active yet ("pendingBalance"). Required.
	PendingBalance decimal.Decimal `json:"pendingBalance"`
	// NegativeBalance is how many points the customer owes ("negativeBalance"). If it is not 0, CurrentBalance is 0.
	NegativeBalance *decimal.Decimal `json:"negativeBalance,omitzero"`
	// ExpiredBalance is always 0 ("expiredBalance"). Required.
	//
	// Deprecated: the API no longer computes it.
	ExpiredBalance decimal.Decimal `json:"expiredBalance"`
	// SpentBalance is always 0 ("spentBalance"). Required.
	//
	// Deprecated: the API no longer computes it.
	SpentBalance decimal.Decimal `json:"spentBalance"`
	// TentativeCurrentBalance is what CurrentBalance would be after this session ("tentativeCurrentBalance"). Required.
	TentativeCurrentBalance decimal.Decimal `json:"tentativeCurrentBalance"`
	// TentativePendingBalance is what PendingBalance would be after this session ("tentativePendingBalance").
	TentativePendingBalance *decimal.Decimal `json:"tentativePendingBalance,omitzero"`
	// TentativeNegativeBalance is what NegativeBalance would be after this session ("tentativeNegativeBalance").
	TentativeNegativeBalance *decimal.Decimal `json:"tentativeNegativeBalance,omitzero"`
	// CurrentTier is the tier that the customer is in ("currentTier").
	CurrentTier *Tier `json:"currentTier,omitzero"`
	// PointsToNextTier is how many points the customer needs for the next tier ("pointsToNextTier").
	PointsToNextTier *decimal.Decimal `json:"pointsToNextTier,omitzero"`
	// NextTierName is the name of the next higher tier ("nextTierName"). It is empty at the highest tier. For a customer
	// without a tier it is the lowest tier.
	NextTierName string `json:"nextTierName,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// Tier is a tier of a loyalty program, and how the customer got it.
//
// It corresponds to "Tier" in the API reference.
//
//gen:model lenient
type Tier struct {
	// ID is the number of the tier ("id"). Required.
	ID int64 `json:"id"`
	// Name is the name of the tier ("name"). Required.
	Name string `json:"name"`
	// StartDate is when the customer got the tier, in the time zone of the program ("startDate").
	StartDate time.Time `json:"startDate,omitzero"`
	// ExpiryDate is when the tier ends for the customer, in the time zone of the program ("expiryDate").
	ExpiryDate time.Time `json:"expiryDate,omitzero"`
	// DowngradePolicy is what happens when the tier ends, such as [DowngradeOneDown] ("downgradePolicy").
	DowngradePolicy TierDowngradePolicy `json:"downgradePolicy,omitzero"`
	// Source is how the customer got the tier, [TierFromPoints] or [TierFromBoost] ("source"). Empty means TierFromPoints.
	Source TierSource `json:"source,omitzero"`
	// Reason says why the tier was boosted ("reason").
	Reason string `json:"reason,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}
