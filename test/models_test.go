package test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// model is what every model can do, but for the props of effects.
type model[T any] interface {
	json.Marshaler
	AppendJSON(dst []byte) ([]byte, error)
	Equal(other T) bool
	Clone() T
}

// anyModel is a model of any type, for the tests that all of them go through.
type anyModel interface {
	json.Marshaler
	json.Unmarshaler
	AppendJSON(dst []byte) ([]byte, error)
	equal(other anyModel) bool
	clone() anyModel
	pointer() any // to the value of its real type
}

type boxed[T model[T]] struct{ v T }

func (b *boxed[T]) MarshalJSON() ([]byte, error) { return b.v.MarshalJSON() }
func (b *boxed[T]) UnmarshalJSON(text []byte) error {
	return any(&b.v).(json.Unmarshaler).UnmarshalJSON(text)
}
func (b *boxed[T]) AppendJSON(dst []byte) ([]byte, error) { return b.v.AppendJSON(dst) }
func (b *boxed[T]) equal(other anyModel) bool             { return b.v.Equal(other.(*boxed[T]).v) }
func (b *boxed[T]) clone() anyModel                       { return &boxed[T]{b.v.Clone()} }
func (b *boxed[T]) pointer() any                          { return &b.v }

func newModel[T model[T]]() anyModel { return new(boxed[T]) }

// boxedProps are the props of an effect of a known type.
type boxedProps struct {
	integration.EffectProps
}

func (b boxedProps) MarshalJSON() ([]byte, error) {
	return b.EffectProps.(json.Marshaler).MarshalJSON()
}
func (b boxedProps) UnmarshalJSON(text []byte) error {
	return b.EffectProps.(json.Unmarshaler).UnmarshalJSON(text)
}
func (b boxedProps) AppendJSON(dst []byte) ([]byte, error) {
	text, err := b.MarshalJSON()
	return append(dst, text...), err
}
func (b boxedProps) effect() integration.Effect { return integration.Effect{Props: b.EffectProps} }
func (b boxedProps) equal(other anyModel) bool {
	return b.effect().Equal(other.(boxedProps).effect())
}
func (b boxedProps) clone() anyModel { return boxedProps{b.effect().Clone().Props} }
func (b boxedProps) pointer() any    { return b.EffectProps }

// goModels makes the structs of the models by their names. Those of props an effect makes.
var goModels = byType(
	newModel[talonone.CustomerSessionV2],
	newModel[talonone.CustomerSessionUpdate],
	newModel[talonone.CartItem],
	newModel[talonone.AdditionalCost],
	newModel[talonone.Product],
	newModel[talonone.PriceDetail],
	newModel[talonone.ExperimentVariantAllocation],
	newModel[talonone.Attributes],
	newModel[integration.IntegrationState],
	func() anyModel { // without props it could not be written
		return &boxed[integration.Effect]{integration.Effect{Props: &integration.UnknownEffect{}}}
	},
	newModel[integration.Return],
	newModel[integration.ReturnedCartItem],
	newModel[integration.RuleFailureReason],
	newModel[integration.CampaignEligibility],
	newModel[integration.AffectedTransaction],
	newModel[integration.CustomerProfile],
	newModel[integration.AudienceMembership],
	newModel[integration.LoyaltyMembership],
	newModel[integration.Loyalty],
	newModel[integration.LoyaltyCard],
	newModel[integration.LoyaltyCardProfileRegistration],
	newModel[integration.LoyaltyProgramLedgers],
	newModel[integration.LedgerInfo],
	newModel[integration.Tier],
	newModel[integration.Campaign],
	newModel[integration.CodeGeneratorSettings],
	newModel[integration.LimitConfig],
	newModel[integration.CampaignBudget],
	newModel[integration.Coupon],
	newModel[integration.IntegrationCoupon],
	newModel[integration.Referral],
	newModel[integration.InventoryReferral],
	newModel[integration.Giveaway],
	newModel[integration.Event],
	newModel[integration.EventV3],
	newModel[integration.LedgerEntry],
	newModel[integration.Meta],
	newModel[integration.CouponRejectionReason],
	newModel[integration.ReferralRejectionReason],
	newModel[integration.CustomerAchievement],
	newModel[integration.AchievementProgress],
	newModel[integration.CampaignReference],
	newModel[integration.CampaignEligibilityDetails],
	newModel[integration.CampaignEligibilityFailureDetails],
	newModel[integration.RuleMetadataEligibility],
	newModel[integration.RuleMetadata],
	newModel[integration.RuleEligibility],
	newModel[integration.RuleEligibilityFailureDetails],
	newModel[integration.CampaignEligibilityExperiment],
	newModel[integration.RewardWithUnlocks],
	newModel[integration.CustomerReward],
)

func byType(all ...func() anyModel) map[string]func() anyModel {
	m := map[string]func() anyModel{}
	for _, f := range all {
		m[reflect.TypeOf(f().pointer()).Elem().String()] = f
	}
	return m
}

// hasExtra reports whether a type is the struct of a model.
func hasExtra(typ reflect.Type) bool {
	if typ.Kind() != reflect.Struct {
		return false
	}
	_, ok := typ.FieldByName("Extra")
	return ok
}

// decode returns the T in text, which must be good.
func decode[T any](t testing.TB, text string) (v T) {
	t.Helper()
	require.NoError(t, any(&v).(json.Unmarshaler).UnmarshalJSON([]byte(text)))
	return v
}

// encode returns the JSON of v, which must be good.
func encode(t testing.TB, v interface {
	AppendJSON(dst []byte) ([]byte, error)
}) string {
	t.Helper()
	text, err := v.AppendJSON(nil)
	require.NoError(t, err)
	return string(text)
}

// fullSession has a value in every field of every model.
func fullSession(t testing.TB) talonone.CustomerSessionV2 {
	return decode[talonone.CustomerSessionV2](t, modelNamed("CustomerSessionV2").schema.text())
}
