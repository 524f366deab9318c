package talonone

import (
	"encoding/json"
	"log/slog"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
	"github.com/talonone-go/talonone/internal/member"
)

// CustomerSessionV2 is a customer session as the Integration API returns it: one visit of a customer, with the cart, the
// codes that were entered and what the cart costs before discounts. To change a session send a
// [CustomerSessionUpdate], which [CustomerSessionV2.Update] makes from one.
//
// Amounts are in the Application's currency, which the API does not name. Decoding demands none of the members, also
// not those that the API calls required, since recorded responses lack some of them.
//
// A value may be read by several goroutines at once, but not while one of them changes it. It corresponds to
// "CustomerSessionV2" in the API reference.
type CustomerSessionV2 struct {
	// ID is the number that Talon.One gave the session ("id"). Set by the server; 0 is left out.
	ID int64
	// IntegrationID is the ID under which the caller created the session ("integrationId"), at most [MaxIDLength]
	// characters. Required.
	IntegrationID string
	// Created is when the session was created ("created"). Set by the server; a zero time is left out.
	Created time.Time
	// ApplicationID is the Application that owns the session ("applicationId"). Set by the server, required.
	ApplicationID int64
	// ProfileID is the integration ID of the customer's profile ("profileId"). Required; empty for an anonymous session.
	ProfileID string
	// StoreIntegrationID is the integration ID of the store ("storeIntegrationId"), at most [MaxIDLength] characters.
	StoreIntegrationID string
	// EvaluableCampaignIDs restricts a dry run to these campaigns, even disabled ones ("evaluableCampaignIds").
	EvaluableCampaignIDs []int64
	// CouponCodes are the coupon codes entered ("couponCodes"), each at most [MaxCodeLength] characters.
	CouponCodes []string
	// ReferralCode is the referral code entered ("referralCode"), at most [MaxCodeLength] characters.
	ReferralCode string
	// LoyaltyCards identifies the loyalty cards used ("loyaltyCards"), at most [MaxLoyaltyCards].
	LoyaltyCards []string
	// State is where the session is in its life ("state"). Required; the zero value counts as [StateOpen].
	State State
	// CartItems is the cart ("cartItems"), at most [MaxCartItems] lines and, flattened, [MaxFlattenedQuantity] units.
	// Required: nil is written as an empty list.
	CartItems []CartItem
	// ExperimentVariantAllocations says which variant of which experiment the customer sees
	// ("experimentVariantAllocations").
	ExperimentVariantAllocations []ExperimentVariantAllocation
	// AdditionalCosts are the costs of the session as a whole, such as shipping, by the name that the Campaign Manager
	// gave them ("additionalCosts").
	AdditionalCosts map[string]AdditionalCost
	// Identifiers are the caller's own identifiers of the customer, such as a device, to limit discounts by
	// ("identifiers"), at most [MaxIdentifiers].
	Identifiers []string
	// Attributes are the session's attributes, which the Campaign Manager defines ("attributes"). Required: nil is written
	// as an empty object.
	Attributes Attributes
	// FirstSession tells whether this is the profile's first session; always true for an anonymous one
	// ("firstSession"). Set by the server, required.
	FirstSession bool
	// UpdateCount is how many updates the session has had, the first of them being its creation ("updateCount"). Set by
	// the server; 0 is left out.
	UpdateCount int64
	// Total is the sum of the three totals below, before discounts; of the first two in responses from before the third
	// existed ("total"). Set by the server, required.
	Total decimal.Decimal
	// CartItemTotal is what the items cost before discounts ("cartItemTotal"). Set by the server, required.
	CartItemTotal decimal.Decimal
	// AdditionalCostTotal is the sum of the session's additional costs ("additionalCostTotal"). Set by the server,
	// required.
	AdditionalCostTotal decimal.Decimal
	// CartItemAdditionalCostTotal is the sum of the items' own additional costs ("cartItemAdditionalCostTotal"). Set by
	// the server; nil in responses from before it existed.
	CartItemAdditionalCostTotal *decimal.Decimal
	// Updated is when the session last received an event ("updated"). Set by the server; a zero time is left out.
	Updated time.Time
	// Extra holds the members that this version does not know, as they were written. They are written after the known
	// ones, sorted by name.
	Extra map[string]json.RawMessage
}

var customerSessionModel = member.NewModel((*CustomerSessionV2).members)

func (s *CustomerSessionV2) members(m *member.List) {
	m.Optional("id", &s.ID)
	m.Required("integrationId", &s.IntegrationID)
	m.Optional("created", &s.Created)
	m.Required("applicationId", &s.ApplicationID)
	m.Required("profileId", &s.ProfileID)
	m.Optional("storeIntegrationId", &s.StoreIntegrationID)
	m.Optional("evaluableCampaignIds", &s.EvaluableCampaignIDs)
	m.Optional("couponCodes", &s.CouponCodes)
	m.Optional("referralCode", &s.ReferralCode)
	m.Optional("loyaltyCards", &s.LoyaltyCards)
	m.Default("state", (*string)(&s.State), string(StateOpen))
	m.Required("cartItems", &s.CartItems)
	m.Optional("experimentVariantAllocations", &s.ExperimentVariantAllocations)
	m.Optional("additionalCosts", &s.AdditionalCosts)
	m.Optional("identifiers", &s.Identifiers)
	m.Required("attributes", (*map[string]any)(&s.Attributes))
	m.Required("firstSession", &s.FirstSession)
	m.Optional("updateCount", &s.UpdateCount)
	m.Required("total", &s.Total)
	m.Required("cartItemTotal", &s.CartItemTotal)
	m.Required("additionalCostTotal", &s.AdditionalCostTotal)
	m.ReadOnly("cartItemAdditionalCostTotal", &s.CartItemAdditionalCostTotal)
	m.Optional("updated", &s.Updated)
	m.Extra(&s.Extra)
}

// MarshalJSON returns the session as JSON, or an [*EncodeError].
func (s CustomerSessionV2) MarshalJSON() ([]byte, error) { return marshal(customerSessionModel, s) }

// UnmarshalJSON replaces the session by the one in text. On a [*DecodeError] it is left as it was.
func (s *CustomerSessionV2) UnmarshalJSON(text []byte) error {
	return unmarshal(customerSessionModel, text, s)
}

// AppendJSON appends the session as JSON to dst. On an [*EncodeError] it returns dst at its old length.
func (s CustomerSessionV2) AppendJSON(dst []byte) ([]byte, error) {
	return appendJSON(customerSessionModel, dst, s)
}

// Equal reports whether both sessions encode to the same JSON value. Amounts are compared by value and times by
// instant. The attributes must not contain themselves.
func (s CustomerSessionV2) Equal(other CustomerSessionV2) bool {
	return customerSessionModel.Equal(s, other)
}

// Clone returns a deep copy. The attributes must not contain themselves; a value among them whose type this package
// does not walk through is shared (see [Attributes]).
func (s CustomerSessionV2) Clone() CustomerSessionV2 { return customerSessionModel.Clone(s) }

// LogValue returns what may stand in a log: the integration ID, the state, the number of items and the total. Codes,
// identifiers, the profile and attributes stay out.
func (s CustomerSessionV2) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("integrationId", s.IntegrationID),
		slog.String("state", string(s.State.orOpen())),
		slog.Int("cartItems", len(s.CartItems)),
		slog.String("total", jsonwire.DecimalText(s.Total)),
	)
}

// Update returns what a caller may send of the session: a deep copy without what the server calculates, in items too.
// Strings that are empty become nil, the state partially_returned (which only a return can set) becomes zero, and Extra of
// the session and of its items stays behind.
//
// The items keep their Price. Where that came from a catalog, sending it overrides the catalog's price from then on;
// set it to nil to go on with the catalog.
func (s CustomerSessionV2) Update() CustomerSessionUpdate {
	s = s.Clone()
	for i := range s.CartItems {
		cartItemModel.ClearReadOnly(&s.CartItems[i])
		s.CartItems[i].Extra = nil
	}
	if s.State == StatePartiallyReturned {
		s.State = ""
	}
	return CustomerSessionUpdate{
		ProfileID:                    nonEmpty(s.ProfileID),
		StoreIntegrationID:           nonEmpty(s.StoreIntegrationID),
		ReferralCode:                 nonEmpty(s.ReferralCode),
		State:                        s.State,
		CartItems:                    s.CartItems,
		EvaluableCampaignIDs:         s.EvaluableCampaignIDs,
		CouponCodes:                  s.CouponCodes,
		LoyaltyCards:                 s.LoyaltyCards,
		ExperimentVariantAllocations: s.ExperimentVariantAllocations,
		AdditionalCosts:              s.AdditionalCosts,
		Identifiers:                  s.Identifiers,
		Attributes:                   s.Attributes,
	}
}

func nonEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
