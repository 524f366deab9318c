package integration

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"
)

// The effects on loyalty points, on tiers and on expiry dates, and the models that they contain.

// AddLoyaltyPoints credits loyalty points to a profile or a card. They are booked when the session is closed.
//
//gen:effect addLoyaltyPoints
type AddLoyaltyPoints struct {
	// Name is what the points are for ("name"). Required.
	Name string `json:"name"`
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64 `json:"programId"`
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string `json:"subLedgerId"`
	// Value is how many points are credited ("value"). Required: without it the props are an [UnknownEffect].
	Value decimal.Decimal `json:"value" api:"must"`
	// DesiredValue is the number of points without the limit of a budget ("desiredValue"). It is set only with partial rewards.
	DesiredValue *decimal.Decimal `json:"desiredValue,omitzero"`
	// RecipientIntegrationID is the integration ID of the profile ("recipientIntegrationId"). Required.
	RecipientIntegrationID string `json:"recipientIntegrationId"`
	// StartDate is when the points become active ("startDate").
	StartDate time.Time `json:"startDate,omitzero"`
	// ExpiryDate is when the points expire ("expiryDate").
	ExpiryDate time.Time `json:"expiryDate,omitzero"`
	// TransactionUUID is the UUID of the entry in the ledger ("transactionUUID"). Required.
	TransactionUUID string `json:"transactionUUID"`
	// CartItemPosition is the index, from 0, of the item in the session's CartItems ("cartItemPosition"). Nil means the session
	// as a whole.
	CartItemPosition *int `json:"cartItemPosition,omitzero"`
	// CartItemSubPosition is the index, from 0, of the unit of the item ("cartItemSubPosition"). Nil means the item as a whole.
	CartItemSubPosition *int `json:"cartItemSubPosition,omitzero"`
	// CardIdentifier identifies the loyalty card, in a program with cards ("cardIdentifier").
	CardIdentifier string `json:"cardIdentifier,omitzero"`
	// BundleIndex is the index, from 0, of the bundle among those of one definition ("bundleIndex").
	BundleIndex *int `json:"bundleIndex,omitzero"`
	// BundleName is the name of the bundle's definition ("bundleName").
	BundleName string `json:"bundleName,omitzero"`
	// AwaitsActivation tells whether the points become active by an action of the customer ("awaitsActivation").
	AwaitsActivation *bool `json:"awaitsActivation,omitzero"`
	// ValidityDuration is how long the points last once they are active ("validityDuration").
	ValidityDuration string `json:"validityDuration,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// DeductLoyaltyPoints takes loyalty points from a profile or a card, because they were spent.
//
//gen:effect deductLoyaltyPoints
type DeductLoyaltyPoints struct {
	// RuleTitle is the name of the rule ("ruleTitle"). Required.
	RuleTitle string `json:"ruleTitle"`
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64 `json:"programId"`
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string `json:"subLedgerId"`
	// Value is how many points are taken ("value"). Required: without it the props are an [UnknownEffect].
	Value decimal.Decimal `json:"value" api:"must"`
	// TransactionUUID is the UUID of the entry in the ledger ("transactionUUID"). Required.
	TransactionUUID string `json:"transactionUUID"`
	// Name is what the points were spent on ("name"). Required.
	Name string `json:"name"`
	// CardIdentifier identifies the loyalty card, in a program with cards ("cardIdentifier").
	CardIdentifier string `json:"cardIdentifier,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RollbackAddedLoyaltyPoints says that loyalty points that were credited are taken back.
//
//gen:effect rollbackAddedLoyaltyPoints
type RollbackAddedLoyaltyPoints struct {
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64 `json:"programId"`
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string `json:"subLedgerId"`
	// Value is how many points are taken back ("value"). Required: without it the props are an [UnknownEffect].
	Value decimal.Decimal `json:"value" api:"must"`
	// RecipientIntegrationID is the integration ID of the profile ("recipientIntegrationId"). Required.
	RecipientIntegrationID string `json:"recipientIntegrationId"`
	// TransactionUUID is the UUID of the entry in the ledger ("transactionUUID"). Required.
	TransactionUUID string `json:"transactionUUID"`
	// CartItemPosition is the index, from 0, of the item in the session's CartItems ("cartItemPosition"). Nil means the session
	// as a whole.
	CartItemPosition *int `json:"cartItemPosition,omitzero"`
	// CartItemSubPosition is the index, from 0, of the unit of the item ("cartItemSubPosition"). Nil means the item as a whole.
	CartItemSubPosition *int `json:"cartItemSubPosition,omitzero"`
	// CardIdentifier identifies the loyalty card, in a program with cards ("cardIdentifier").
	CardIdentifier string `json:"cardIdentifier,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RollbackDeductedLoyaltyPoints says that loyalty points that were spent are given back.
//
//gen:effect rollbackDeductedLoyaltyPoints
type RollbackDeductedLoyaltyPoints struct {
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64 `json:"programId"`
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string `json:"subLedgerId"`
	// Value is how many points are given back ("value"). Required: without it the props are an [UnknownEffect].
	Value decimal.Decimal `json:"value" api:"must"`
	// RecipientIntegrationID is the integration ID of the profile ("recipientIntegrationId"). Required.
	RecipientIntegrationID string `json:"recipientIntegrationId"`
	// StartDate is when the points become active ("startDate").
	StartDate time.Time `json:"startDate,omitzero"`
	// ExpiryDate is when the points expire ("expiryDate").
	ExpiryDate time.Time `json:"expiryDate,omitzero"`
	// TransactionUUID is the UUID of the entry in the ledger ("transactionUUID"). Required.
	TransactionUUID string `json:"transactionUUID"`
	// CardIdentifier identifies the loyalty card, in a program with cards ("cardIdentifier").
	CardIdentifier string `json:"cardIdentifier,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// ChangeLoyaltyTierLevel says that points moved the customer up to a higher tier of a loyalty program.
//
//gen:effect changeLoyaltyTierLevel
type ChangeLoyaltyTierLevel struct {
	// RuleTitle is the name of the rule ("ruleTitle"). Required.
	RuleTitle string `json:"ruleTitle"`
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64 `json:"programId"`
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string `json:"subLedgerId"`
	// PreviousTierName is the previous tier ("previousTierName"). Empty if there was none.
	PreviousTierName string `json:"previousTierName,omitzero"`
	// NewTierName is the new tier ("newTierName"). Required.
	NewTierName string `json:"newTierName"`
	// ExpiryDate is when the new tier ends ("expiryDate").
	ExpiryDate time.Time `json:"expiryDate,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// ExtendLoyaltyPointsExpiryDate says that all active and pending points of a subledger expire later, by a duration. Older
// versions of the API reference list a required member "previousExpirationDate" without defining it. If an answer has it, it is
// in Extra.
//
//gen:effect extendLoyaltyPointsExpiryDate
type ExtendLoyaltyPointsExpiryDate struct {
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64 `json:"programId"`
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string `json:"subLedgerId"`
	// ExtensionDuration is the duration: "immediate", or a number and a unit of "s", "m", "h", "D", "W", "M" and "Y", to
	// which "_D" (rounded down) or "_U" (rounded up) may be appended ("extensionDuration"). Required.
	ExtensionDuration string `json:"extensionDuration"`
	// AffectedTransactions are the entries in the ledger whose expiry changed ("affectedTransactions").
	AffectedTransactions []AffectedTransaction `json:"affectedTransactions,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// SetLoyaltyPointsExpiryDate says that all points of a subledger expire at a set time, even those without an expiry date
// before.
//
//gen:effect setLoyaltyPointsExpiryDate
type SetLoyaltyPointsExpiryDate struct {
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64 `json:"programId"`
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string `json:"subLedgerId"`
	// NewExpiryDate is the new time when the points expire ("newExpiryDate"). Required.
	NewExpiryDate time.Time `json:"newExpiryDate"`
	// AffectedTransactions are the entries in the ledger whose expiry changed ("affectedTransactions").
	AffectedTransactions []AffectedTransaction `json:"affectedTransactions,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// JoinLoyaltyProgram says that the customer joined a loyalty program.
//
//gen:effect joinLoyaltyProgram
type JoinLoyaltyProgram struct {
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64 `json:"programId"`
	// JoinDate is when the customer joined ("joinDate"). Required.
	JoinDate time.Time `json:"joinDate"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// BoostLoyaltyTier says that a rule moved the customer to a tier of a loyalty program, independent of points.
//
//gen:effect boostLoyaltyTier
type BoostLoyaltyTier struct {
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64 `json:"programId"`
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string `json:"subLedgerId"`
	// TierName is the name of the tier ("tierName"). Required.
	TierName string `json:"tierName"`
	// ExpiryDate is when the boost ends ("expiryDate"). Required.
	ExpiryDate time.Time `json:"expiryDate"`
	// BoostUUID is the UUID of the boost ("boostUuid"). Required.
	BoostUUID string `json:"boostUuid"`
	// Reason says why the tier was boosted ("reason").
	Reason string `json:"reason,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RollbackTierBoost says that the boost of a tier was taken back.
//
// The API reference has these props, but does not say which type of effect has them. The name "rollbackTierBoost" is derived
// from the name of the props, like nearly all other types. If the API uses another name, the props are an [*UnknownEffect]. Its
// Raw can then be decoded into a RollbackTierBoost.
//
//gen:effect rollbackTierBoost
type RollbackTierBoost struct {
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64 `json:"programId"`
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string `json:"subLedgerId"`
	// TierName is the name of the tier ("tierName"). Required.
	TierName string `json:"tierName"`
	// BoostUUID is the UUID of the boost ("boostUuid"). Required.
	BoostUUID string `json:"boostUuid"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// AddNegativeLoyaltyPoints says that the customer's balance went below zero, because points that had been spent were taken
// back. The API declares no props for it, so if Extra is nil the effect is written without the member "props". Loyalty of
// [IntegrationState] has the balance.
//
//gen:effect addNegativeLoyaltyPoints
type AddNegativeLoyaltyPoints struct {
	// Extra holds the members of the props if there are any. It is not nil if the effect has props, even empty ones.
	Extra map[string]json.RawMessage `json:"-"`
}

// OffsetNegativeLoyaltyPoints says that the customer earned points that raised a balance below zero. Like
// [AddNegativeLoyaltyPoints] it has no props.
//
//gen:effect offsetNegativeLoyaltyPoints
type OffsetNegativeLoyaltyPoints struct {
	// Extra holds the members of the props if there are any. It is not nil if the effect has props, even empty ones.
	Extra map[string]json.RawMessage `json:"-"`
}

// AffectedTransaction is an entry in the ledger of a loyalty program whose expiry changed.
//
//gen:model
type AffectedTransaction struct {
	// TransactionUUID is the UUID of the entry ("transactionUUID"). Required.
	TransactionUUID string `json:"transactionUUID"`
	// PreviousExpiryDate is the previous time when its points expired ("previousExpiryDate"). Zero if there was none.
	PreviousExpiryDate time.Time `json:"previousExpiryDate,omitzero"`
	// NewExpiryDate is the new time when its points expire ("newExpiryDate"). Required.
	NewExpiryDate time.Time `json:"newExpiryDate"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}
