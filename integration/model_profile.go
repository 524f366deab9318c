package integration

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
)

// CustomerProfile is the customer of the session.
//
// It corresponds to "CustomerProfile" in the API reference.
//
//gen:model lenient
type CustomerProfile struct {
	// ID is the number that Talon.One gave the profile ("id"). Required.
	ID int64 `json:"id"`
	// Created is when the profile was created ("created"). Required.
	Created time.Time `json:"created"`
	// IntegrationID is the ID that the shop gave the profile ("integrationId"), at most 1000 characters. A session calls it
	// ProfileID. Required.
	IntegrationID string `json:"integrationId"`
	// Attributes are the profile's attributes ("attributes"). Nil is written as an empty object. Required.
	Attributes talonone.Attributes `json:"attributes"`
	// AccountID is the account that the profile belongs to ("accountId"). Required.
	AccountID int64 `json:"accountId"`
	// ClosedSessions counts the closed sessions of the profile ("closedSessions"). Cancelled and reopened ones do not
	// count. Required.
	ClosedSessions int `json:"closedSessions"`
	// TotalSales is the total of the profile's purchases before discounts, in the Application's currency ("totalSales").
	// Cancelled and reopened sessions and returned items do not count. Required.
	TotalSales decimal.Decimal `json:"totalSales"`
	// LoyaltyMemberships are the loyalty programs that the customer joined ("loyaltyMemberships").
	//
	// Deprecated: the API returns null. Loyalty of [IntegrationState] has the programs.
	LoyaltyMemberships []LoyaltyMembership `json:"loyaltyMemberships,omitzero"`
	// AudienceMemberships are the audiences that the profile is in ("audienceMemberships").
	AudienceMemberships []AudienceMembership `json:"audienceMemberships,omitzero"`
	// LastActivity is when rules were last evaluated for the profile ("lastActivity"). Dry runs and reservations of coupons
	// do not change it. Required.
	LastActivity time.Time `json:"lastActivity"`
	// Sandbox tells whether the profile belongs to a sandbox Application ("sandbox").
	Sandbox *bool `json:"sandbox,omitzero"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// AudienceMembership is an audience that a profile is in.
//
// It corresponds to "AudienceMembership" in the API reference.
//
//gen:model lenient
type AudienceMembership struct {
	// ID is the number of the audience ("id"). Required.
	ID int64 `json:"id"`
	// Name is the name of the audience ("name"). Required.
	Name string `json:"name"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}

// LoyaltyMembership is a loyalty program that a customer joined.
//
// It corresponds to "LoyaltyMembership" in the API reference.
//
//gen:model lenient
type LoyaltyMembership struct {
	// Joined is when the customer joined the program ("joined").
	Joined time.Time `json:"joined,omitzero"`
	// LoyaltyProgramID is the number of the program ("loyaltyProgramId"). Required.
	LoyaltyProgramID int64 `json:"loyaltyProgramId"`
	// Extra holds the members that this version does not know, and values that do not fit their fields.
	Extra map[string]json.RawMessage `json:"-"`
}
