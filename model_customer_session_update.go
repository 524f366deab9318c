package talonone

import (
	"encoding/json"
	"log/slog"

	"github.com/talonone-go/talonone/internal/member"
)

// CustomerSessionUpdate is what an update request sends ("NewCustomerSessionV2" in the API reference). Every member is
// optional, and one that is left out keeps what the session has. The first update under an ID creates the session.
//
// An empty value is not the same as none: empty CouponCodes and an empty ReferralCode discard the session's codes (but not
// in a dry run), and an empty ProfileID makes the session anonymous. For the other members the API's documents do not say
// what an empty value does.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type CustomerSessionUpdate struct {
	// ProfileID is the integration ID of the customer's profile ("profileId"), which is created if there is none. Nil keeps
	// it, empty makes the session anonymous.
	ProfileID *string
	// StoreIntegrationID is the integration ID of the store ("storeIntegrationId"), 1 to [MaxIDLength] characters. Nil
	// keeps it.
	StoreIntegrationID *string
	// ReferralCode is the referral code entered ("referralCode"), at most [MaxCodeLength] characters. Nil keeps that of the
	// session, empty discards it.
	ReferralCode *string
	// State is the state to move to ("state"): open, closed or cancelled. The zero value is left out.
	State State
	// CartItems is the whole cart ("cartItems"), at most [MaxCartItems] lines and, flattened, [MaxFlattenedQuantity]
	// units. It replaces the cart of the session; nil keeps it.
	CartItems []CartItem
	// EvaluableCampaignIDs restricts a dry run to these campaigns, even disabled ones ("evaluableCampaignIds").
	EvaluableCampaignIDs []int64
	// CouponCodes are the coupon codes entered ("couponCodes"), each at most [MaxCodeLength] characters. Nil keeps those of
	// the session, empty discards them.
	CouponCodes []string
	// LoyaltyCards identifies the loyalty cards used ("loyaltyCards"), at most [MaxLoyaltyCards].
	LoyaltyCards []string
	// ExperimentVariantAllocations says which variant of which experiment the customer sees
	// ("experimentVariantAllocations").
	ExperimentVariantAllocations []ExperimentVariantAllocation
	// AdditionalCosts are the costs of the session as a whole, such as shipping, by the name that the Campaign Manager
	// gave them ("additionalCosts").
	AdditionalCosts map[string]AdditionalCost
	// Identifiers are the caller's own identifiers of the customer, such as a device, to limit discounts by
	// ("identifiers"), at most [MaxIdentifiers].
	Identifiers []string
	// Attributes are the session's attributes, which the Campaign Manager must define first ("attributes").
	Attributes Attributes
	// Extra holds further members to send. They are written after the known ones, sorted by name. It is also the way to
	// send a null: {"referralCode": null} with ReferralCode nil.
	Extra map[string]json.RawMessage
}

var customerSessionUpdateModel = member.NewModel((*CustomerSessionUpdate).members)

func (u *CustomerSessionUpdate) members(m *member.List) {
	m.Optional("profileId", &u.ProfileID)
	m.Optional("storeIntegrationId", &u.StoreIntegrationID)
	m.Optional("referralCode", &u.ReferralCode)
	m.Optional("state", (*string)(&u.State))
	m.Optional("cartItems", &u.CartItems)
	m.Optional("evaluableCampaignIds", &u.EvaluableCampaignIDs)
	m.Optional("couponCodes", &u.CouponCodes)
	m.Optional("loyaltyCards", &u.LoyaltyCards)
	m.Optional("experimentVariantAllocations", &u.ExperimentVariantAllocations)
	m.Optional("additionalCosts", &u.AdditionalCosts)
	m.Optional("identifiers", &u.Identifiers)
	m.Optional("attributes", (*map[string]any)(&u.Attributes))
	m.Extra(&u.Extra)
}

// MarshalJSON returns the update as JSON, or an [*EncodeError].
func (u CustomerSessionUpdate) MarshalJSON() ([]byte, error) {
	return marshal(customerSessionUpdateModel, u)
}

// UnmarshalJSON replaces the update by the one in text. On a [*DecodeError] it is left as it was.
func (u *CustomerSessionUpdate) UnmarshalJSON(text []byte) error {
	return unmarshal(customerSessionUpdateModel, text, u)
}

// AppendJSON appends the update as JSON to dst. On an [*EncodeError] it returns dst at its old length.
func (u CustomerSessionUpdate) AppendJSON(dst []byte) ([]byte, error) {
	return appendJSON(customerSessionUpdateModel, dst, u)
}

// Equal reports whether both updates encode to the same JSON value. Amounts are compared by value and times by instant;
// nil and empty differ. The attributes must not contain themselves.
func (u CustomerSessionUpdate) Equal(other CustomerSessionUpdate) bool {
	return customerSessionUpdateModel.Equal(u, other)
}

// Clone returns a deep copy. The attributes must not contain themselves; a value among them whose type this package
// does not walk through is shared (see [Attributes]).
func (u CustomerSessionUpdate) Clone() CustomerSessionUpdate {
	return customerSessionUpdateModel.Clone(u)
}

// LogValue returns what may stand in a log: the state and the number of items. Codes, identifiers, the profile and
// attributes stay out.
func (u CustomerSessionUpdate) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("state", string(u.State)),
		slog.Int("cartItems", len(u.CartItems)),
	)
}
