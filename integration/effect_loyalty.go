package integration

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/member"
)

// The effects on loyalty points, on tiers and on expiry dates, and what the latter hold. Each has its fields, its members, its
// type and its JSON.

// AddLoyaltyPoints credits loyalty points to a profile or a card. They are booked when the session is closed.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type AddLoyaltyPoints struct {
	// Name is what the points are for ("name"). Required.
	Name string
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string
	// Value is how many points are credited ("value"). Required.
	Value decimal.Decimal
	// DesiredValue is how many points it would be without a budget ("desiredValue"). It comes only with partial
	// rewards.
	DesiredValue *decimal.Decimal
	// RecipientIntegrationID is the integration ID of the profile ("recipientIntegrationId"). Required.
	RecipientIntegrationID string
	// StartDate is when the points become active ("startDate").
	StartDate time.Time
	// ExpiryDate is when the points expire ("expiryDate").
	ExpiryDate time.Time
	// TransactionUUID is the UUID of the entry in the ledger ("transactionUUID"). Required.
	TransactionUUID string
	// CartItemPosition is the index, from 0, of the item in the session's CartItems ("cartItemPosition"). Nil is the
	// session as a whole.
	CartItemPosition *int
	// CartItemSubPosition is which unit of the item it is, from 0 ("cartItemSubPosition"). Nil is the item as a whole.
	CartItemSubPosition *int
	// CardIdentifier identifies the loyalty card, in a program with cards ("cardIdentifier").
	CardIdentifier string
	// BundleIndex is which of the bundles of one definition it is, from 0 ("bundleIndex").
	BundleIndex *int
	// BundleName is the name of the bundle's definition ("bundleName").
	BundleName string
	// AwaitsActivation tells whether the points become active by something that the customer does ("awaitsActivation").
	AwaitsActivation *bool
	// ValidityDuration is how long the points last once they are active ("validityDuration").
	ValidityDuration string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (a *AddLoyaltyPoints) members(m *member.List) {
	m.Required("name", &a.Name)
	m.Required("programId", &a.ProgramID)
	m.Required("subLedgerId", &a.SubLedgerID)
	m.Required("value", &a.Value)
	m.Optional("desiredValue", &a.DesiredValue)
	m.Required("recipientIntegrationId", &a.RecipientIntegrationID)
	m.Optional("startDate", &a.StartDate)
	m.Optional("expiryDate", &a.ExpiryDate)
	m.Required("transactionUUID", &a.TransactionUUID)
	m.Optional("cartItemPosition", &a.CartItemPosition)
	m.Optional("cartItemSubPosition", &a.CartItemSubPosition)
	m.Optional("cardIdentifier", &a.CardIdentifier)
	m.Optional("bundleIndex", &a.BundleIndex)
	m.Optional("bundleName", &a.BundleName)
	m.Optional("awaitsActivation", &a.AwaitsActivation)
	m.Optional("validityDuration", &a.ValidityDuration)
	m.Extra(&a.Extra)
}

// EffectType returns "addLoyaltyPoints".
func (*AddLoyaltyPoints) EffectType() string { return "addLoyaltyPoints" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (a AddLoyaltyPoints) MarshalJSON() ([]byte, error) { return marshal(addLoyaltyPointsModel, a) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (a *AddLoyaltyPoints) UnmarshalJSON(text []byte) error {
	return unmarshal(addLoyaltyPointsModel, text, a)
}

// DeductLoyaltyPoints takes loyalty points from a profile or a card, because they were spent.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type DeductLoyaltyPoints struct {
	// RuleTitle is what the rule is called ("ruleTitle"). Required.
	RuleTitle string
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string
	// Value is how many points are taken ("value"). Required.
	Value decimal.Decimal
	// TransactionUUID is the UUID of the entry in the ledger ("transactionUUID"). Required.
	TransactionUUID string
	// Name is what the points were spent on ("name"). Required.
	Name string
	// CardIdentifier identifies the loyalty card, in a program with cards ("cardIdentifier").
	CardIdentifier string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (d *DeductLoyaltyPoints) members(m *member.List) {
	m.Required("ruleTitle", &d.RuleTitle)
	m.Required("programId", &d.ProgramID)
	m.Required("subLedgerId", &d.SubLedgerID)
	m.Required("value", &d.Value)
	m.Required("transactionUUID", &d.TransactionUUID)
	m.Required("name", &d.Name)
	m.Optional("cardIdentifier", &d.CardIdentifier)
	m.Extra(&d.Extra)
}

// EffectType returns "deductLoyaltyPoints".
func (*DeductLoyaltyPoints) EffectType() string { return "deductLoyaltyPoints" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (d DeductLoyaltyPoints) MarshalJSON() ([]byte, error) {
	return marshal(deductLoyaltyPointsModel, d)
}

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (d *DeductLoyaltyPoints) UnmarshalJSON(text []byte) error {
	return unmarshal(deductLoyaltyPointsModel, text, d)
}

// RollbackAddedLoyaltyPoints says that loyalty points that were credited are taken back.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type RollbackAddedLoyaltyPoints struct {
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string
	// Value is how many points are taken back ("value"). Required.
	Value decimal.Decimal
	// RecipientIntegrationID is the integration ID of the profile ("recipientIntegrationId"). Required.
	RecipientIntegrationID string
	// TransactionUUID is the UUID of the entry in the ledger ("transactionUUID"). Required.
	TransactionUUID string
	// CartItemPosition is the index, from 0, of the item in the session's CartItems ("cartItemPosition"). Nil is the
	// session as a whole.
	CartItemPosition *int
	// CartItemSubPosition is which unit of the item it is, from 0 ("cartItemSubPosition"). Nil is the item as a whole.
	CartItemSubPosition *int
	// CardIdentifier identifies the loyalty card, in a program with cards ("cardIdentifier").
	CardIdentifier string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (r *RollbackAddedLoyaltyPoints) members(m *member.List) {
	m.Required("programId", &r.ProgramID)
	m.Required("subLedgerId", &r.SubLedgerID)
	m.Required("value", &r.Value)
	m.Required("recipientIntegrationId", &r.RecipientIntegrationID)
	m.Required("transactionUUID", &r.TransactionUUID)
	m.Optional("cartItemPosition", &r.CartItemPosition)
	m.Optional("cartItemSubPosition", &r.CartItemSubPosition)
	m.Optional("cardIdentifier", &r.CardIdentifier)
	m.Extra(&r.Extra)
}

// EffectType returns "rollbackAddedLoyaltyPoints".
func (*RollbackAddedLoyaltyPoints) EffectType() string { return "rollbackAddedLoyaltyPoints" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (r RollbackAddedLoyaltyPoints) MarshalJSON() ([]byte, error) {
	return marshal(rollbackAddedLoyaltyPointsModel, r)
}

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (r *RollbackAddedLoyaltyPoints) UnmarshalJSON(text []byte) error {
	return unmarshal(rollbackAddedLoyaltyPointsModel, text, r)
}

// RollbackDeductedLoyaltyPoints says that loyalty points that were spent are given back.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type RollbackDeductedLoyaltyPoints struct {
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string
	// Value is how many points are given back ("value"). Required.
	Value decimal.Decimal
	// RecipientIntegrationID is the integration ID of the profile ("recipientIntegrationId"). Required.
	RecipientIntegrationID string
	// StartDate is when the points become active ("startDate").
	StartDate time.Time
	// ExpiryDate is when the points expire ("expiryDate").
	ExpiryDate time.Time
	// TransactionUUID is the UUID of the entry in the ledger ("transactionUUID"). Required.
	TransactionUUID string
	// CardIdentifier identifies the loyalty card, in a program with cards ("cardIdentifier").
	CardIdentifier string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (r *RollbackDeductedLoyaltyPoints) members(m *member.List) {
	m.Required("programId", &r.ProgramID)
	m.Required("subLedgerId", &r.SubLedgerID)
	m.Required("value", &r.Value)
	m.Required("recipientIntegrationId", &r.RecipientIntegrationID)
	m.Optional("startDate", &r.StartDate)
	m.Optional("expiryDate", &r.ExpiryDate)
	m.Required("transactionUUID", &r.TransactionUUID)
	m.Optional("cardIdentifier", &r.CardIdentifier)
	m.Extra(&r.Extra)
}

// EffectType returns "rollbackDeductedLoyaltyPoints".
func (*RollbackDeductedLoyaltyPoints) EffectType() string { return "rollbackDeductedLoyaltyPoints" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (r RollbackDeductedLoyaltyPoints) MarshalJSON() ([]byte, error) {
	return marshal(rollbackDeductedLoyaltyPointsModel, r)
}

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (r *RollbackDeductedLoyaltyPoints) UnmarshalJSON(text []byte) error {
	return unmarshal(rollbackDeductedLoyaltyPointsModel, text, r)
}

// ChangeLoyaltyTierLevel says that points moved the customer up to another tier of a loyalty program.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type ChangeLoyaltyTierLevel struct {
	// RuleTitle is what the rule is called ("ruleTitle"). Required.
	RuleTitle string
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string
	// PreviousTierName is the tier before ("previousTierName"). Empty where there was none.
	PreviousTierName string
	// NewTierName is the tier now ("newTierName"). Required.
	NewTierName string
	// ExpiryDate is when the new tier ends ("expiryDate").
	ExpiryDate time.Time
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (c *ChangeLoyaltyTierLevel) members(m *member.List) {
	m.Required("ruleTitle", &c.RuleTitle)
	m.Required("programId", &c.ProgramID)
	m.Required("subLedgerId", &c.SubLedgerID)
	m.Optional("previousTierName", &c.PreviousTierName)
	m.Required("newTierName", &c.NewTierName)
	m.Optional("expiryDate", &c.ExpiryDate)
	m.Extra(&c.Extra)
}

// EffectType returns "changeLoyaltyTierLevel".
func (*ChangeLoyaltyTierLevel) EffectType() string { return "changeLoyaltyTierLevel" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (c ChangeLoyaltyTierLevel) MarshalJSON() ([]byte, error) {
	return marshal(changeLoyaltyTierLevelModel, c)
}

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (c *ChangeLoyaltyTierLevel) UnmarshalJSON(text []byte) error {
	return unmarshal(changeLoyaltyTierLevelModel, text, c)
}

// ExtendLoyaltyPointsExpiryDate says that all active and pending points of a subledger expire later, by a duration. The
// API reference calls a member "previousExpirationDate" required here that it does not define; if it comes, it is in
// Extra.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type ExtendLoyaltyPointsExpiryDate struct {
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string
	// ExtensionDuration is the duration: "immediate", or a number and a unit of "s", "m", "h", "D", "W", "M" and "Y", to
	// which "_D" (rounded down) or "_U" (rounded up) may be appended ("extensionDuration"). Required.
	ExtensionDuration string
	// AffectedTransactions are the entries in the ledger whose expiry changed ("affectedTransactions").
	AffectedTransactions []AffectedTransaction
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (e *ExtendLoyaltyPointsExpiryDate) members(m *member.List) {
	m.Required("programId", &e.ProgramID)
	m.Required("subLedgerId", &e.SubLedgerID)
	m.Required("extensionDuration", &e.ExtensionDuration)
	m.Optional("affectedTransactions", &e.AffectedTransactions)
	m.Extra(&e.Extra)
}

// EffectType returns "extendLoyaltyPointsExpiryDate".
func (*ExtendLoyaltyPointsExpiryDate) EffectType() string { return "extendLoyaltyPointsExpiryDate" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (e ExtendLoyaltyPointsExpiryDate) MarshalJSON() ([]byte, error) {
	return marshal(extendLoyaltyPointsExpiryDateModel, e)
}

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (e *ExtendLoyaltyPointsExpiryDate) UnmarshalJSON(text []byte) error {
	return unmarshal(extendLoyaltyPointsExpiryDateModel, text, e)
}

// SetLoyaltyPointsExpiryDate says that all points of a subledger, those that never expired too, expire at a set time.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type SetLoyaltyPointsExpiryDate struct {
	// ProgramID is the number of the loyalty program ("programId"). Required.
	ProgramID int64
	// SubLedgerID is the ID of the subledger in the program ("subLedgerId"). Required.
	SubLedgerID string
	// NewExpiryDate is when the points expire now ("newExpiryDate"). Required.
	NewExpiryDate time.Time
	// AffectedTransactions are the entries in the ledger whose expiry changed ("affectedTransactions").
	AffectedTransactions []AffectedTransaction
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (s *SetLoyaltyPointsExpiryDate) members(m *member.List) {
	m.Required("programId", &s.ProgramID)
	m.Required("subLedgerId", &s.SubLedgerID)
	m.Required("newExpiryDate", &s.NewExpiryDate)
	m.Optional("affectedTransactions", &s.AffectedTransactions)
	m.Extra(&s.Extra)
}

// EffectType returns "setLoyaltyPointsExpiryDate".
func (*SetLoyaltyPointsExpiryDate) EffectType() string { return "setLoyaltyPointsExpiryDate" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (s SetLoyaltyPointsExpiryDate) MarshalJSON() ([]byte, error) {
	return marshal(setLoyaltyPointsExpiryDateModel, s)
}

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (s *SetLoyaltyPointsExpiryDate) UnmarshalJSON(text []byte) error {
	return unmarshal(setLoyaltyPointsExpiryDateModel, text, s)
}

// AffectedTransaction is an entry in the ledger of a loyalty program whose expiry changed.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type AffectedTransaction struct {
	// TransactionUUID is the UUID of the entry ("transactionUUID"). Required.
	TransactionUUID string
	// PreviousExpiryDate is when its points expired before ("previousExpiryDate"). Zero where they never did.
	PreviousExpiryDate time.Time
	// NewExpiryDate is when its points expire now ("newExpiryDate"). Required.
	NewExpiryDate time.Time
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

var affectedTransactionModel = member.NewModel((*AffectedTransaction).members)

func (t *AffectedTransaction) members(m *member.List) {
	m.Required("transactionUUID", &t.TransactionUUID)
	m.Optional("previousExpiryDate", &t.PreviousExpiryDate)
	m.Required("newExpiryDate", &t.NewExpiryDate)
	m.Extra(&t.Extra)
}

// MarshalJSON returns the entry as JSON, or a [*talonone.EncodeError].
func (t AffectedTransaction) MarshalJSON() ([]byte, error) {
	return marshal(affectedTransactionModel, t)
}

// UnmarshalJSON replaces the entry by the one in text. On a [*talonone.DecodeError] it is left as it was.
func (t *AffectedTransaction) UnmarshalJSON(text []byte) error {
	return unmarshal(affectedTransactionModel, text, t)
}
