package test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// places are where values may stand, by what may stand there. In a member that is JSON anything may too, but a null there is
// as good as nothing.
type places struct{ free, json, amount, integer, text []place }

// allPlaces returns those of the models, and those of the answers that package integration reads: every member of every
// model and of every type of effect that is free JSON, an amount, an integer or a text, and every Extra.
func allPlaces(t *testing.T) places {
	t.Helper()
	all := places{slices.Clone(freePlaces), nil, slices.Clone(amountPlaces), slices.Clone(integerPlaces), slices.Clone(textPlaces)}
	for _, m := range answerModels(t) {
		all.addMembers(m)
	}
	raw := func(v any) json.RawMessage { return v.(*integration.Effect).Props.(*integration.UnknownEffect).Raw }
	all.json = append(all.json, place{name: "props of an unknown type", before: `{"effectType":"beamUp","props":`, after: `}`, path: "/props",
		new: newModel[integration.Effect], get: func(v any) any { return raw(v) }})
	all.free = append(all.free,
		place{name: "in props of an unknown type", before: `{"props":{"a":[1,`, after: `]},"effectType":"beamUp"}`, path: "/props/a/1",
			new: newModel[integration.Effect], get: func(v any) any {
				var props map[string]json.RawMessage
				if err := json.Unmarshal(raw(v), &props); err != nil {
					panic(err)
				}
				return element(props["a"], 1)
			}},
		place{name: "attributes of a session of an answer", before: `{"customerSession":{"attributes":{"v":`, after: `}}}`,
			path: "/customerSession/attributes/v", new: newModel[integration.IntegrationState],
			get: func(v any) any { return v.(*integration.IntegrationState).CustomerSession.Attributes["v"] }},
	)
	all.amount = append(all.amount, place{name: "price of an item of an answer", before: `{"customerSession":{"cartItems":[{"price":`, after: `}]}}`,
		path: "/customerSession/cartItems/0/price", new: newModel[integration.IntegrationState],
		get: func(v any) any { return *v.(*integration.IntegrationState).CustomerSession.CartItems[0].Price }})
	return all
}

// answerModel is a model of package integration, with the names of its members in the order of its fields.
type answerModel struct {
	name    string
	new     func() anyModel
	members []string
	lenient bool // an optional member that does not fit its field is kept in Extra
}

// partModels are the models of the parts of an answer that are only shown, by the names that the API gives them.
var partModels = map[string]func() anyModel{
	"RuleFailureReason":                 newModel[integration.RuleFailureReason],
	"CampaignEligibility":               newModel[integration.CampaignEligibility],
	"CustomerProfile":                   newModel[integration.CustomerProfile],
	"AudienceMembership":                newModel[integration.AudienceMembership],
	"LoyaltyMembership":                 newModel[integration.LoyaltyMembership],
	"Loyalty":                           newModel[integration.Loyalty],
	"LoyaltyCard":                       newModel[integration.LoyaltyCard],
	"LoyaltyCardProfileRegistration":    newModel[integration.LoyaltyCardProfileRegistration],
	"LoyaltyProgramLedgers":             newModel[integration.LoyaltyProgramLedgers],
	"LedgerInfo":                        newModel[integration.LedgerInfo],
	"Tier":                              newModel[integration.Tier],
	"Campaign":                          newModel[integration.Campaign],
	"CodeGeneratorSettings":             newModel[integration.CodeGeneratorSettings],
	"LimitConfig":                       newModel[integration.LimitConfig],
	"CampaignBudget":                    newModel[integration.CampaignBudget],
	"Coupon":                            newModel[integration.Coupon],
	"IntegrationCoupon":                 newModel[integration.IntegrationCoupon],
	"Referral":                          newModel[integration.Referral],
	"InventoryReferral":                 newModel[integration.InventoryReferral],
	"Giveaway":                          newModel[integration.Giveaway],
	"Event":                             newModel[integration.Event],
	"EventV3":                           newModel[integration.EventV3],
	"LedgerEntry":                       newModel[integration.LedgerEntry],
	"Meta":                              newModel[integration.Meta],
	"CouponRejectionReason":             newModel[integration.CouponRejectionReason],
	"ReferralRejectionReason":           newModel[integration.ReferralRejectionReason],
	"CustomerAchievement":               newModel[integration.CustomerAchievement],
	"AchievementProgress":               newModel[integration.AchievementProgress],
	"CampaignReference":                 newModel[integration.CampaignReference],
	"CampaignEligibilityDetails":        newModel[integration.CampaignEligibilityDetails],
	"CampaignEligibilityFailureDetails": newModel[integration.CampaignEligibilityFailureDetails],
	"RuleMetadataEligibility":           newModel[integration.RuleMetadataEligibility],
	"RuleMetadata":                      newModel[integration.RuleMetadata],
	"RuleEligibility":                   newModel[integration.RuleEligibility],
	"RuleEligibilityFailureDetails":     newModel[integration.RuleEligibilityFailureDetails],
	"CampaignEligibilityExperiment":     newModel[integration.CampaignEligibilityExperiment],
	"RewardWithUnlocks":                 newModel[integration.RewardWithUnlocks],
	"CustomerReward":                    newModel[integration.CustomerReward],
}

// lenientModels are those that keep an optional value that does not fit its field.
var lenientModels = func() map[string]bool {
	lenient := map[string]bool{"IntegrationState": true}
	for name := range partModels {
		lenient[name] = true
	}
	return lenient
}()

// lenientPlaces are the places whose value is kept in Extra if it does not fit its field, with the names of the members.
var lenientPlaces sync.Map

// strictParts are the parts of an answer that must fit their models.
var strictParts = []string{"effects", "customerSession", "return", "previousReturns"}

func answerModels(t *testing.T) (all []answerModel) {
	t.Helper()
	type member struct{ Name string }
	var models map[string][]member
	var effects struct {
		Common  []member
		Effects []struct {
			EffectType string
			Props      []member
		}
	}
	require.NoError(t, json.Unmarshal(readFile(t, "../integration/testdata/models.json"), &models))
	require.NoError(t, json.Unmarshal(readFile(t, "../integration/testdata/effects.json"), &effects))
	add := func(name string, members []member, new func() anyModel) {
		m := answerModel{name: name, new: new, lenient: lenientModels[name]}
		for _, member := range members {
			m.members = append(m.members, member.Name)
		}
		all = append(all, m)
	}
	add("IntegrationState", models["IntegrationStateV2"], newModel[integration.IntegrationState])
	add("Return", models["Return"], newModel[integration.Return])
	add("ReturnedCartItem", nil, newModel[integration.ReturnedCartItem])
	add("Effect", effects.Common, func() anyModel { // without props it could not be written
		return &boxed[integration.Effect]{integration.Effect{Props: &integration.UnknownEffect{}}}
	})
	for _, e := range effects.Effects {
		add(e.EffectType, e.Props, func() anyModel { return newProps(t, e.EffectType) })
	}
	for name, new := range partModels {
		add(name, models[name], new)
	}
	require.Len(t, all, 86)
	return all
}

// addMembers adds the places in a model, and the Extra of the models in it.
func (all *places) addMembers(m answerModel) {
	optional := map[string]bool{}
	add := func(list *[]place, name, before, after, path string, get func(model reflect.Value) any) {
		p := place{name: m.name + "." + name, before: before, after: after, path: path, new: m.new, get: func(v any) any {
			return get(reflect.ValueOf(v).Elem())
		}}
		if member := strings.Split(path, "/")[1]; m.lenient && optional[member] && !slices.Contains(strictParts, member) {
			lenientPlaces.Store(p.name, member)
		}
		*list = append(*list, p)
	}
	typ := reflect.TypeOf(m.new().pointer()).Elem()
	for i := range typ.NumField() {
		name, option, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		optional[name] = option == "omitzero"
	}
	rawType := reflect.TypeFor[json.RawMessage]()
	add(&all.free, "Extra", `{"unknown":`, `}`, "/unknown", func(model reflect.Value) any {
		return model.FieldByName("Extra").Interface().(map[string]json.RawMessage)["unknown"]
	})
	for i, name := range m.members {
		field := typ.Field(i).Type
		member := func(model reflect.Value) any { return reflect.Indirect(model.Field(i)).Interface() }
		if field.Kind() == reflect.Pointer {
			field = field.Elem()
		}
		before, after, path := `{"`+name+`":`, `}`, "/"+name
		switch {
		case field == rawType:
			add(&all.json, name, before, after, path, member)
		case field == reflect.TypeFor[decimal.Decimal]():
			add(&all.amount, name, before, after, path, member)
		case field.Kind() == reflect.Int64:
			add(&all.integer, name, before, after, path, member)
		case field.Kind() == reflect.String:
			add(&all.text, name, before, after, path, func(model reflect.Value) any { return reflect.Indirect(model.Field(i)).String() })
		case field == reflect.TypeFor[talonone.Attributes]():
			add(&all.free, name, before+`{"v":`, `}`+after, path+"/v", func(model reflect.Value) any { return member(model).(talonone.Attributes)["v"] })
		case field.Kind() == reflect.Struct && hasExtra(field):
			add(&all.free, name+".Extra", before+`{"unknown":`, `}`+after, path+"/unknown", func(model reflect.Value) any {
				return reflect.Indirect(model.Field(i)).FieldByName("Extra").Interface().(map[string]json.RawMessage)["unknown"]
			})
		case field.Kind() == reflect.Slice && hasExtra(field.Elem()):
			add(&all.free, name+".Extra", before+`[{},{"unknown":`, `}]`+after, path+"/1/unknown", func(model reflect.Value) any {
				return model.Field(i).Index(1).FieldByName("Extra").Interface().(map[string]json.RawMessage)["unknown"]
			})
		}
	}
}

func hasExtra(typ reflect.Type) bool {
	if typ.Kind() != reflect.Struct {
		return false
	}
	_, ok := typ.FieldByName("Extra")
	return ok
}

// boxedProps are the props of an effect of a known type.
type boxedProps struct {
	integration.EffectProps
}

// newProps returns props of that type, empty.
func newProps(t *testing.T, effectType string) anyModel {
	t.Helper()
	e := decode[integration.Effect](t, `{"effectType":"`+effectType+`","props":{}}`)
	if unknown, ok := e.Props.(*integration.UnknownEffect); ok {
		require.NoError(t, unknown.Err, effectType)
		require.FailNow(t, "no such type", effectType)
	}
	return boxedProps{e.Props}
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

// TestAllPlaces checks that no kind of place was forgotten.
func TestAllPlaces(t *testing.T) {
	all := allPlaces(t)
	for kind, n := range map[string][2]int{
		"free": {len(all.free), 70}, "json": {len(all.json), 5}, "amount": {len(all.amount), 31}, "integer": {len(all.integer), 52}, "text": {len(all.text), 101},
	} {
		assert.GreaterOrEqual(t, n[0], n[1], kind)
	}
	names := map[string]bool{}
	for _, list := range [][]place{all.free, all.json, all.amount, all.integer, all.text} {
		for _, p := range list {
			assert.False(t, names[p.name], p.name)
			names[p.name] = true
		}
	}
}

// TestRFC8259Props puts numbers into props as they stand in an effect. One that does not fit costs the props their type, and
// nothing else.
func TestRFC8259Props(t *testing.T) {
	const before, after = `{"effectType":"setDiscount","props":{"name":"n","value":`, `,"desiredValue":1},"campaignId":7}`
	for _, c := range numberCases {
		t.Run(c.name, func(t *testing.T) {
			var e integration.Effect
			document := before + c.text + after
			err := e.UnmarshalJSON([]byte(document))
			if c.err != nil {
				requireDecodeError(t, err, document, c.err, "/props/value", before+c.before)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, int64(7), e.CampaignID)
			if c.amount != "" {
				assert.Equal(t, c.amount, encodedAmount(t, e.Props.(*integration.SetDiscount).Value))
				return
			}
			unknown := e.Props.(*integration.UnknownEffect)
			assert.Equal(t, "setDiscount", unknown.Type)
			raw := `{"name":"n","value":` + c.text + `,"desiredValue":1}`
			assert.Equal(t, raw, string(unknown.Raw), "byte for byte")
			requireDecodeError(t, unknown.Err, raw, outOfRange, "/value", `{"name":"n","value":`)
		})
	}
}
