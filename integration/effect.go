package integration

import (
	"bytes"
	"encoding/json"
	"log/slog"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/jsonwire"
	"github.com/talonone-go/talonone/internal/member"
)

// Effect is something that a rule, or the API itself, has decided about a session: a discount to take off, a code that was
// refused, points to show. What it is stands in Props, which a type switch takes apart:
//
//	for _, e := range state.Effects {
//		switch p := e.Props.(type) {
//		case *integration.RejectCoupon:
//			show(p.Value, p.RejectionReason)
//		case *integration.UnknownEffect:
//			log(p.Type, p.Err)
//		}
//	}
//
// The API promises no order of effects. [NewReceipt] turns those that are discounts into amounts to pay.
//
// A value may be read by several goroutines at once, but not while one of them changes it. It corresponds to "Effect" in
// the API reference.
type Effect struct {
	// ExperimentID is the number of the experiment that the campaign is part of ("experimentId").
	ExperimentID *int64
	// CampaignID is the number of the campaign that caused the effect, -1 where none did, as when a code is unknown
	// ("campaignId"). Required.
	CampaignID int64
	// RulesetID is the number of the ruleset that the rule is in ("rulesetId"). Required.
	RulesetID int64
	// RuleIndex is the position of the rule in its ruleset, from 0 ("ruleIndex"). Required.
	RuleIndex int
	// RuleName is what the rule is called, which may be nothing ("ruleName"). Required.
	RuleName string
	// Type is the name of the effect's type, such as "setDiscount" ("effectType"). Required. It may stay empty where Props is
	// set, and is then written as the name that Props goes by; if it is another name, encoding is an error.
	Type string
	// TriggeredByCoupon is the number of the coupon that caused the effect ("triggeredByCoupon").
	TriggeredByCoupon *int64
	// TriggeredForCatalogItem is the number of the catalog item that the effect is for ("triggeredForCatalogItem").
	TriggeredForCatalogItem *int64
	// ConditionIndex is the position, from 0, of the condition in its rule that caused the effect ("conditionIndex").
	ConditionIndex *int
	// EvaluationGroupID is the number of the evaluation group that the campaign is in ("evaluationGroupID").
	EvaluationGroupID *int64
	// EvaluationGroupMode is how that group is evaluated, such as "stackable" ("evaluationGroupMode").
	EvaluationGroupMode string
	// CampaignRevisionID is the number of the campaign's revision ("campaignRevisionId").
	CampaignRevisionID *int64
	// CampaignRevisionVersionID is the number of that revision's version ("campaignRevisionVersionId").
	CampaignRevisionVersionID *int64
	// SelectedPriceType names the price of the catalog item that applied ("selectedPriceType").
	SelectedPriceType string
	// SelectedPrice is that price, for one unit, in the Application's currency ("selectedPrice").
	SelectedPrice *decimal.Decimal
	// AdjustmentReferenceID is the UUID of the price adjustment that applied ("adjustmentReferenceId").
	AdjustmentReferenceID string
	// Props says what the effect is ("props"). Required: to encode an effect without it is an error. Decoding gives a pointer
	// to the struct that is named after the type, or an [*UnknownEffect], and never nil. A value of a type that is not of
	// this package is written by its own encoding in encoding/json.
	Props EffectProps
	// Extra holds the members that this version does not know, as they were written. They are written after the known
	// ones, sorted by name.
	Extra map[string]json.RawMessage
}

var effectModel = member.NewModel((*Effect).members)

func (e *Effect) members(m *member.List) {
	m.Optional("experimentId", &e.ExperimentID)
	m.Required("campaignId", &e.CampaignID)
	m.Required("rulesetId", &e.RulesetID)
	m.Required("ruleIndex", &e.RuleIndex)
	m.Required("ruleName", &e.RuleName)
	m.Tag("effectType", &e.Type)
	m.Optional("triggeredByCoupon", &e.TriggeredByCoupon)
	m.Optional("triggeredForCatalogItem", &e.TriggeredForCatalogItem)
	m.Optional("conditionIndex", &e.ConditionIndex)
	m.Optional("evaluationGroupID", &e.EvaluationGroupID)
	m.Optional("evaluationGroupMode", &e.EvaluationGroupMode)
	m.Optional("campaignRevisionId", &e.CampaignRevisionID)
	m.Optional("campaignRevisionVersionId", &e.CampaignRevisionVersionID)
	m.Optional("selectedPriceType", &e.SelectedPriceType)
	m.Optional("selectedPrice", &e.SelectedPrice)
	m.Optional("adjustmentReferenceId", &e.AdjustmentReferenceID)
	m.Required("props", &e.Props)
	m.Extra(&e.Extra)
}

// MarshalJSON returns the effect as JSON, or a [*talonone.EncodeError].
func (e Effect) MarshalJSON() ([]byte, error) { return marshal(effectModel, e) }

// UnmarshalJSON replaces the effect by the one in text. On a [*talonone.DecodeError] it is left as it was. Props that do
// not fit their type are no error: they become an [*UnknownEffect].
func (e *Effect) UnmarshalJSON(text []byte) error { return unmarshal(effectModel, text, e) }

// AppendJSON appends the effect as JSON to dst. On a [*talonone.EncodeError] it returns dst at its old length.
func (e Effect) AppendJSON(dst []byte) ([]byte, error) { return appendJSON(effectModel, dst, e) }

// Equal reports whether both effects encode to the same JSON value. Amounts are compared by value and times by instant.
func (e Effect) Equal(other Effect) bool { return effectModel.Equal(e, other) }

// Clone returns a deep copy. Props of a type that is not of this package are shared.
func (e Effect) Clone() Effect { return effectModel.Clone(e) }

// LogValue returns what may stand in a log: the type and the campaign. Props stay out, which may hold codes.
func (e Effect) LogValue() slog.Value {
	name := e.Type
	if name == "" {
		name, _ = effectType(e.Props)
	}
	return slog.GroupValue(slog.String("effectType", name), slog.Int64("campaignId", e.CampaignID))
}

// EffectProps is what an [Effect] says beyond where it comes from. The pointers to the structs of this package that are
// named after a type of effect implement it, and so does [*UnknownEffect]. These may be read by several goroutines at once,
// but not while one of them changes them.
type EffectProps interface {
	// EffectType returns the name of the type of effect, such as "setDiscount".
	EffectType() string
}

// effectType returns what p says that it is. ok is false if there is no p, or where its EffectType panics.
func effectType(p EffectProps) (name string, ok bool) {
	defer func() { _ = recover() }()
	return p.EffectType(), true
}

// UnknownEffect stands for the props of an effect that this version cannot read: those of a type that it does not know, or
// those that do not fit the type they should be. It is written as it was read.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type UnknownEffect struct {
	// Type is the name of the type of effect.
	Type string
	// Raw is the props' JSON, byte for byte. Nil, where the effect has none or a null, is written as null.
	Raw json.RawMessage
	// Err says why props of a known type do not fit it: a [*talonone.DecodeError] whose place is one in Raw. It is nil for a
	// type that this version does not know.
	Err error
}

// EffectType returns Type.
func (u *UnknownEffect) EffectType() string {
	if u == nil {
		return ""
	}
	return u.Type
}

// MarshalJSON returns Raw, or a [*talonone.EncodeError] if decoding would refuse it.
func (u UnknownEffect) MarshalJSON() ([]byte, error) {
	if u.Raw == nil {
		return []byte("null"), nil
	}
	text, err := member.AppendFree(nil, u.Raw)
	return text, newEncodeError(err)
}

// UnmarshalJSON sets Raw to the props in text and drops Err. Type stays as it is: props do not name it. On a
// [*talonone.DecodeError] nothing changes.
func (u *UnknownEffect) UnmarshalJSON(text []byte) error {
	if u == nil {
		return errNilTarget()
	}
	var r jsonwire.Reader
	r.Reset(text)
	raw := r.Skip()
	r.End()
	if err := r.Err(); err != nil {
		return newDecodeError(text, err)
	}
	if string(raw) != "null" {
		u.Raw, u.Err = bytes.Clone(raw), nil
	}
	return nil
}

// effectTypes are the types of props that the register below has.
var effectTypes = member.NewUnion(member.Union[EffectProps]{
	Tag: effectType,
	Unknown: func(tag string, raw json.RawMessage, misfit *jsonwire.Error) EffectProps {
		return &UnknownEffect{Type: tag, Raw: raw, Err: newDecodeError(raw, misfit)}
	},
	Raw: func(p EffectProps) (json.RawMessage, bool) {
		if u, ok := p.(*UnknownEffect); ok {
			return u.Raw, true
		}
		return nil, false
	},
	Clone: func(p EffectProps) EffectProps {
		if u, ok := p.(*UnknownEffect); ok {
			return &UnknownEffect{Type: u.Type, Raw: bytes.Clone(u.Raw), Err: u.Err}
		}
		return p
	},
})

// register makes the struct T known by the name that its EffectType returns, and by those that are other spellings of it.
func register[T any, P interface {
	*T
	EffectProps
}](members func(*T, *member.List), spellings ...string) *member.Model[T] {
	return member.Variant(effectTypes, members, spellings...)
}

// The register of the types of effects. A type that is not here is an [UnknownEffect].
var (
	acceptCouponModel                         = register((*AcceptCoupon).members)
	acceptReferralModel                       = register((*AcceptReferral).members)
	addFreeItemModel                          = register((*AddFreeItem).members)
	addLoyaltyPointsModel                     = register((*AddLoyaltyPoints).members)
	addToAudienceModel                        = register((*AddToAudience).members)
	awardGiveawayModel                        = register((*AwardGiveaway).members)
	changeLoyaltyTierLevelModel               = register((*ChangeLoyaltyTierLevel).members)
	couponCreatedModel                        = register((*CouponCreated).members)
	customEffectModel                         = register((*CustomEffect).members)
	deductLoyaltyPointsModel                  = register((*DeductLoyaltyPoints).members)
	errorEffectModel                          = register((*ErrorEffect).members)
	extendLoyaltyPointsExpiryDateModel        = register((*ExtendLoyaltyPointsExpiryDate).members)
	increaseAchievementProgressModel          = register((*IncreaseAchievementProgress).members)
	redeemReferralModel                       = register((*RedeemReferral).members)
	referralCreatedModel                      = register((*ReferralCreated).members)
	rejectCouponModel                         = register((*RejectCoupon).members)
	rejectReferralModel                       = register((*RejectReferral).members)
	removeFromAudienceModel                   = register((*RemoveFromAudience).members)
	reserveCouponModel                        = register((*ReserveCoupon).members)
	rollbackAddedLoyaltyPointsModel           = register((*RollbackAddedLoyaltyPoints).members)
	rollbackCouponModel                       = register((*RollbackCoupon).members)
	rollbackDeductedLoyaltyPointsModel        = register((*RollbackDeductedLoyaltyPoints).members)
	rollbackDiscountModel                     = register((*RollbackDiscount).members)
	rollbackIncreasedAchievementProgressModel = register((*RollbackIncreasedAchievementProgress).members)
	rollbackReferralModel                     = register((*RollbackReferral).members)
	setDiscountModel                          = register((*SetDiscount).members)
	setDiscountPerAdditionalCostModel         = register((*SetDiscountPerAdditionalCost).members)
	setDiscountPerAdditionalCostPerItemModel  = register((*SetDiscountPerAdditionalCostPerItem).members)
	setDiscountPerItemModel                   = register((*SetDiscountPerItem).members)
	setLoyaltyPointsExpiryDateModel           = register((*SetLoyaltyPointsExpiryDate).members)
	showBundleMetadataModel                   = register((*ShowBundleMetadata).members, "ShowBundleMetadata")
	showNotificationModel                     = register((*ShowNotification).members)
	startAchievementProgressModel             = register((*StartAchievementProgress).members)
	triggerWebhookModel                       = register((*TriggerWebhook).members)
	updateAttributeModel                      = register((*UpdateAttribute).members)
	willAwardGiveawayModel                    = register((*WillAwardGiveaway).members)
)
