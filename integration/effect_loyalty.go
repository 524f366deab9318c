package integration

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"
)

// The effects on loyalty points, on tiers and on expiry dates, and what the latter hold. Each has its fields, its members, its
// type and its JSON.

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
	// Value is how many points are credited ("value"). Required: props without it do not fit.
	Value decimal.Decimal `json:"value" api:"must"`
	// DesiredValue is how many points it would be without a budget ("desiredValue"). It comes only with partial
	// rewards.
	DesiredValue *decimal.Decimal `json:"desiredValue,omitzero"`
	// RecipientIntegrationID is the integration ID of the profile ("recipientIntegrationId"). Required.
	RecipientIntegrationID string `json:"recipientIntegrationId"`
	// StartDate is when the points become active ("startDate").
	StartDate time.Time `json:"startDate,omitzero"`
	// ExpiryDate is when the points expire ("expiryDate").
	ExpiryDate time.Time `json:"expiryDate,omitzero"`
	// TransactionUUID is the UUID of the entry in the ledger ("transactionUUID"). Required.
	TransactionUUID string `json:"transactionUUID"`
	// CartItemPosition is the index, from 0, of the item in the session's CartItems ("cartItemPosition"). Nil is the
	// session as a whole.
	CartItemPosition *int `json:"cartItemPosition,omitzero"`
	// CartItemSubPosition is which unit of the item it is, from 0 ("cartItemSubPosition"). Nil is the item as a whole.
	CartItemSubPosition *int `json:"cartItemSubPosition,omitzero"`
	// CardIdentifier identifies the loyalty card, in a program with cards ("cardIdentifier").
	CardIdentifier string `json:"cardIdentifier,omitzero"`
	// BundleIndex is which of the bundles of one definition it is, from 0 ("bundleIndex").
	BundleIndex *int `json:"bundleIndex,omitzero"`
	// BundleName is the name of the bundle's definition ("bundleName").
	BundleName string `json:"bundleName,omitzero"`
	// AwaitsActivation tells whether the points become active by something that the customer does ("awaitsActivation").
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
	// RuleTitle is what the rule is called ("ruleTitle"). Required.
	RuleTitle string `json:"ruleTitle"`
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64 `json:"programId"`
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string `json:"subLedgerId"`
	// Value is how many points are taken ("value"). Required: props without it do not fit.
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
	// Value is how many points are taken back ("value"). Required: props without it do not fit.
	Value decimal.Decimal `json:"value" api:"must"`
	// RecipientIntegrationID is the integration ID of the profile ("recipientIntegrationId"). Required.
	RecipientIntegrationID string `json:"recipientIntegrationId"`
	// TransactionUUID is the UUID of the entry in the ledger ("transactionUUID"). Required.
	TransactionUUID string `json:"transactionUUID"`
	// CartItemPosition is the index, from 0, of the item in the session's CartItems ("cartItemPosition"). Nil is the
	// session as a whole.
	CartItemPosition *int `json:"cartItemPosition,omitzero"`
	// CartItemSubPosition is which unit of the item it is, from 0 ("cartItemSubPosition"). Nil is the item as a whole.
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
	// Value is how many points are given back ("value"). Required: props without it do not fit.
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

// ChangeLoyaltyTierLevel says that points moved the customer up to another tier of a loyalty program.
//
//gen:effect changeLoyaltyTierLevel
type ChangeLoyaltyTierLevel struct {
	// RuleTitle is what the rule is called ("ruleTitle"). Required.
	RuleTitle string `json:"ruleTitle"`
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64 `json:"programId"`
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string `json:"subLedgerId"`
	// PreviousTierName is the tier before ("previousTierName"). Empty where there was none.
	PreviousTierName string `json:"previousTierName,omitzero"`
	// NewTierName is the tier now ("newTierName"). Required.
	NewTierName string `json:"newTierName"`
	// ExpiryDate is when the new tier ends ("expiryDate").
	ExpiryDate time.Time `json:"expiryDate,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// ExtendLoyaltyPointsExpiryDate says that all active and pending points of a subledger expire later, by a duration. Older
// versions of the API reference call a member "previousExpirationDate" required here that they do not define. If it comes, it
// is in Extra.
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

// SetLoyaltyPointsExpiryDate says that all points of a subledger, those that never expired too, expire at a set time.
//
//gen:effect setLoyaltyPointsExpiryDate
type SetLoyaltyPointsExpiryDate struct {
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64 `json:"programId"`
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string `json:"subLedgerId"`
	// NewExpiryDate is when the points expire now ("newExpiryDate"). Required.
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

// BoostLoyaltyTier says that a rule moved the customer to a tier of a loyalty program, whatever the customer's points.
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
// The API reference has these props, but does not say which type of effect has them. The name "rollbackTierBoost" follows
// from that of the props, as the names of nearly all other types do. Under another name they are an [*UnknownEffect], whose
// Raw can be decoded into a RollbackTierBoost.
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

// AddNegativeLoyaltyPoints says that the customer's balance went below zero, because points were taken back that had been
// spent. The API declares no props, so an effect with an AddNegativeLoyaltyPoints whose Extra is nil has no member "props".
// [IntegrationState]'s Loyalty has the balance.
//
//gen:effect addNegativeLoyaltyPoints
type AddNegativeLoyaltyPoints struct {
	// Extra holds the members of the props if there are any. It is not nil if the effect has props, even empty ones.
	Extra map[string]json.RawMessage `json:"-"`
}

// OffsetNegativeLoyaltyPoints says that points that the customer earned made up for a balance below zero. As
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
	// PreviousExpiryDate is when its points expired before ("previousExpiryDate"). Zero where they never did.
	PreviousExpiryDate time.Time `json:"previousExpiryDate,omitzero"`
	// NewExpiryDate is when its points expire now ("newExpiryDate"). Required.
	NewExpiryDate time.Time `json:"newExpiryDate"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}
