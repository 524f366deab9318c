package integration

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/internal/member"
)

// apiMember is what the API's own documents say of a member; see testdata.
type apiMember struct {
	Name     string
	Kind     string
	Required bool
}

// apiEffects are the types of effects that the API's documents have.
type apiEffects struct {
	Common  []apiMember
	Effects []struct {
		EffectType string
		Deprecated bool
		Props      []apiMember
	}
}

func readTestdata(t testing.TB, name string, v any) {
	text, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, v))
}

// TestRegister compares the API's list of the types of effects with the register, with the structs and with the
// documentation: one that was forgotten anywhere is seen here.
func TestRegister(t *testing.T) {
	var api apiEffects
	readTestdata(t, "effects.json", &api)
	require.Len(t, api.Effects, 36)
	checkMembers(t, api.Common, reflect.TypeFor[Effect](), effectModel.Members())

	registered := effectTypes.Members()
	docs := documentedEffects(t)
	for _, e := range api.Effects {
		t.Run(e.EffectType, func(t *testing.T) {
			members, ok := registered[e.EffectType]
			require.True(t, ok, "is in the register")
			delete(registered, e.EffectType)

			props := newProps(t, e.EffectType)
			typ := reflect.TypeOf(props).Elem()
			assert.Equal(t, e.EffectType, props.EffectType())
			assert.Equal(t, e.EffectType, (reflect.Zero(reflect.TypeOf(props)).Interface().(EffectProps)).EffectType())
			if e.EffectType == "error" {
				assert.Equal(t, "ErrorEffect", typ.Name())
			} else {
				assert.Equal(t, strings.ToUpper(e.EffectType[:1])+e.EffectType[1:], typ.Name())
			}
			checkMembers(t, e.Props, typ, members)

			// One section of the documentation for each type, with one row for each member.
			doc, ok := docs[e.EffectType]
			require.True(t, ok, "is in docs/effects.md")
			delete(docs, e.EffectType)
			assert.Equal(t, typ.Name(), doc.structName)
			assert.Equal(t, e.Deprecated, strings.Contains(doc.text, "Deprecated"))
			require.Len(t, doc.members, len(e.Props))
			for i, m := range e.Props {
				field, row := typ.Field(i), doc.members[i]
				goType := strings.Replace(field.Type.String(), "integration.", "", 1)
				// json.RawMessage is an alias where encoding/json is built on v2.
				goType = strings.Replace(goType, "jsontext.Value", "json.RawMessage", 1)
				assert.Equal(t, documentedMember{field.Name, m.Name, goType, row.unit, m.Required}, row)
				if units[m.Kind] == nil {
					assert.Empty(t, row.unit, m.Name)
				} else {
					assert.Contains(t, units[m.Kind], row.unit, m.Name)
				}
			}
		})
	}
	delete(registered, "ShowBundleMetadata") // another spelling of showBundleMetadata
	assert.Empty(t, registered, "the API has no such types")
	assert.Empty(t, docs, "the API has no such types")
}

// checkMembers compares the API's members with the declared ones and with the fields of the struct.
func checkMembers(t *testing.T, api []apiMember, typ reflect.Type, declared []member.Member) {
	var names []string
	for _, m := range api {
		names = append(names, strings.ToLower(m.Name))
	}
	fields := jsonNames(typ)
	for i, name := range fields {
		if typ == reflect.TypeFor[Effect]() && name == "type" {
			fields[i] = "effecttype"
		}
	}
	assert.Equal(t, names, fields, "the fields of %s are the API's members, in their order", typ)
	require.Len(t, declared, len(api))
	extra, ok := typ.FieldByName("Extra")
	require.True(t, ok && extra.Type == reflect.TypeFor[map[string]json.RawMessage]())
	for i, m := range api {
		assert.Equal(t, m.Name, declared[i].Name)
		assert.Equal(t, m.Required, declared[i].Required, "%s.%s is required", typ, m.Name)
		assert.Equal(t, goType(m), typ.Field(i).Type, "%s.%s", typ, m.Name)
	}
}

// goType returns the type that the field of a member should have: a pointer if it is an optional number or boolean.
func goType(m apiMember) reflect.Type {
	types := map[string][2]reflect.Type{ // required, optional
		"id":           {reflect.TypeFor[int64](), reflect.TypeFor[*int64]()},
		"index":        {reflect.TypeFor[int](), reflect.TypeFor[*int]()},
		"amount":       {reflect.TypeFor[decimal.Decimal](), reflect.TypeFor[*decimal.Decimal]()},
		"flag":         {reflect.TypeFor[bool](), reflect.TypeFor[*bool]()},
		"text":         {reflect.TypeFor[string](), reflect.TypeFor[string]()},
		"time":         {reflect.TypeFor[time.Time](), reflect.TypeFor[time.Time]()},
		"free":         {reflect.TypeFor[json.RawMessage](), reflect.TypeFor[json.RawMessage]()},
		"props":        {reflect.TypeFor[EffectProps](), reflect.TypeFor[EffectProps]()},
		"texts":        {reflect.TypeFor[[]string](), reflect.TypeFor[[]string]()},
		"indexes":      {reflect.TypeFor[[]int](), reflect.TypeFor[[]int]()},
		"transactions": {reflect.TypeFor[[]AffectedTransaction](), reflect.TypeFor[[]AffectedTransaction]()},
	}
	if m.Required {
		return types[m.Kind][0]
	}
	return types[m.Kind][1]
}

type documentedEffect struct {
	structName string
	text       string
	members    []documentedMember
}

type documentedMember struct {
	field, name, goType, unit string
	required                  bool
}

// units are the units that members of a kind are documented to have.
var units = map[string][]string{
	"amount":  {"currency", "points", "progress"},
	"index":   {"index from 0", "items"},
	"indexes": {"index from 0"},
	"time":    {"RFC 3339"},
}

var (
	sectionHeading = regexp.MustCompile("(?m)^### `(\\w+)`: `(\\w+)`$")
	memberRow      = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `(\\w+)` \\| `([^`]+)` \\|(?: ([^|]+))? \\| (yes|no) \\| .+ \\|$")
)

// documentedEffects returns the sections of docs/effects.md, by the type of effect that they are about.
func documentedEffects(t *testing.T) map[string]documentedEffect {
	text, err := os.ReadFile("../docs/effects.md")
	require.NoError(t, err)
	docs := map[string]documentedEffect{}
	headings := sectionHeading.FindAllSubmatchIndex(text, -1)
	for i, h := range headings {
		end := len(text)
		if i+1 < len(headings) {
			end = headings[i+1][0]
		}
		doc := documentedEffect{structName: string(text[h[4]:h[5]]), text: string(text[h[1]:end])}
		for _, row := range memberRow.FindAllStringSubmatch(doc.text, -1) {
			doc.members = append(doc.members, documentedMember{row[2], row[1], row[3], row[4], row[5] == "yes"})
		}
		name := string(text[h[2]:h[3]])
		require.NotContains(t, docs, name, "documented twice")
		docs[name] = doc
	}
	return docs
}

// TestStates compares the API's members of the other models of this package with the declared ones.
func TestStates(t *testing.T) {
	var api map[string][]apiMember
	readTestdata(t, "models.json", &api)
	for _, tc := range []struct {
		name    string
		typ     reflect.Type
		members []member.Member
	}{
		{"IntegrationStateV2", reflect.TypeFor[IntegrationState](), integrationStateModel.Members()},
		{"Return", reflect.TypeFor[Return](), returnModel.Members()},
		{"RuleFailureReason", reflect.TypeFor[RuleFailureReason](), ruleFailureReasonModel.Members()},
		{"CampaignEligibility", reflect.TypeFor[CampaignEligibility](), campaignEligibilityModel.Members()},
	} {
		require.Len(t, tc.members, len(api[tc.name]), tc.name)
		fields := jsonNames(tc.typ)
		for i, m := range api[tc.name] {
			assert.Equal(t, m.Name, tc.members[i].Name, tc.name)
			assert.Equal(t, strings.ToLower(m.Name), fields[i], tc.name)
			// Of the state every part may be missing, whatever the API's documents call required.
			required := m.Required && tc.name != "IntegrationStateV2"
			assert.Equal(t, required, tc.members[i].Required, "%s.%s", tc.name, m.Name)
		}
	}
}

// TestModels checks every field of every model, so that one that is not handled somewhere is seen.
func TestModels(t *testing.T) {
	testModel(t, effectModel, Effect{Props: &UnknownEffect{}})
	testModel(t, integrationStateModel, IntegrationState{})
	testModel(t, returnModel, Return{})
	testModel(t, ruleFailureReasonModel, RuleFailureReason{})
	testModel(t, campaignEligibilityModel, CampaignEligibility{})
	testModel(t, affectedTransactionModel, AffectedTransaction{})
	testModel(t, acceptCouponModel, AcceptCoupon{})
	testModel(t, acceptReferralModel, AcceptReferral{})
	testModel(t, addFreeItemModel, AddFreeItem{})
	testModel(t, addLoyaltyPointsModel, AddLoyaltyPoints{})
	testModel(t, addToAudienceModel, AddToAudience{})
	testModel(t, awardGiveawayModel, AwardGiveaway{})
	testModel(t, changeLoyaltyTierLevelModel, ChangeLoyaltyTierLevel{})
	testModel(t, couponCreatedModel, CouponCreated{})
	testModel(t, customEffectModel, CustomEffect{})
	testModel(t, deductLoyaltyPointsModel, DeductLoyaltyPoints{})
	testModel(t, errorEffectModel, ErrorEffect{})
	testModel(t, extendLoyaltyPointsExpiryDateModel, ExtendLoyaltyPointsExpiryDate{})
	testModel(t, increaseAchievementProgressModel, IncreaseAchievementProgress{})
	testModel(t, redeemReferralModel, RedeemReferral{})
	testModel(t, referralCreatedModel, ReferralCreated{})
	testModel(t, rejectCouponModel, RejectCoupon{})
	testModel(t, rejectReferralModel, RejectReferral{})
	testModel(t, removeFromAudienceModel, RemoveFromAudience{})
	testModel(t, reserveCouponModel, ReserveCoupon{})
	testModel(t, rollbackAddedLoyaltyPointsModel, RollbackAddedLoyaltyPoints{})
	testModel(t, rollbackCouponModel, RollbackCoupon{})
	testModel(t, rollbackDeductedLoyaltyPointsModel, RollbackDeductedLoyaltyPoints{})
	testModel(t, rollbackDiscountModel, RollbackDiscount{})
	testModel(t, rollbackIncreasedAchievementProgressModel, RollbackIncreasedAchievementProgress{})
	testModel(t, rollbackReferralModel, RollbackReferral{})
	testModel(t, setDiscountModel, SetDiscount{})
	testModel(t, setDiscountPerAdditionalCostModel, SetDiscountPerAdditionalCost{})
	testModel(t, setDiscountPerAdditionalCostPerItemModel, SetDiscountPerAdditionalCostPerItem{})
	testModel(t, setDiscountPerItemModel, SetDiscountPerItem{})
	testModel(t, setLoyaltyPointsExpiryDateModel, SetLoyaltyPointsExpiryDate{})
	testModel(t, showBundleMetadataModel, ShowBundleMetadata{})
	testModel(t, showNotificationModel, ShowNotification{})
	testModel(t, startAchievementProgressModel, StartAchievementProgress{})
	testModel(t, triggerWebhookModel, TriggerWebhook{})
	testModel(t, updateAttributeModel, UpdateAttribute{})
	testModel(t, willAwardGiveawayModel, WillAwardGiveaway{})
}

// A fullModel has the methods of the models of package talonone.
type fullModel[T any] interface {
	json.Marshaler
	AppendJSON(dst []byte) ([]byte, error)
	Equal(other T) bool
	Clone() T
}

var (
	_ fullModel[Effect]              = Effect{}
	_ fullModel[IntegrationState]    = IntegrationState{}
	_ fullModel[Return]              = Return{}
	_ fullModel[RuleFailureReason]   = RuleFailureReason{}
	_ fullModel[CampaignEligibility] = CampaignEligibility{}
)

// testModel sets one field after the other of a value that has none, zero.
func testModel[T json.Marshaler](t *testing.T, m *member.Model[T], zero T) {
	typ := reflect.TypeFor[T]()
	zeroMembers := membersOf(t, zero)
	for i, declaration := range m.Members() {
		name := declaration.Name
		t.Run(typ.Name()+"."+name, func(t *testing.T) {
			v := zero
			at := reflect.ValueOf(&v).Elem().Field(i)
			if name == "effectType" {
				v = any(Effect{Type: "text", Props: &UnknownEffect{Type: "text"}}).(T)
			} else {
				at.Set(sample(t, at.Type()))
			}

			// Encode writes the member, and nothing else changes.
			got := membersOf(t, v)
			_, inZero := zeroMembers[name]
			assert.Equal(t, declaration.Required, inZero, "a required member is always written")
			require.Contains(t, got, name)
			assert.NotEqual(t, string(zeroMembers[name]), string(got[name]))
			for other := range got {
				if other != name && !(name == "props" && other == "effectType") {
					assert.Equal(t, string(zeroMembers[other]), string(got[other]))
				}
			}

			// Decode reads it, and encoding/json comes to the same.
			var decoded T
			text, err := v.MarshalJSON()
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(text, &decoded))
			again, err := decoded.MarshalJSON()
			require.NoError(t, err)
			assert.Equal(t, string(text), string(again))
			assert.False(t, reflect.ValueOf(decoded).Field(i).IsZero())

			// Equal sees it.
			assert.True(t, m.Equal(v, decoded))
			assert.False(t, m.Equal(v, zero))
			assert.False(t, m.Equal(zero, v))

			// Clone copies it, and what it points to.
			clone := m.Clone(v)
			assert.True(t, m.Equal(v, clone))

			if full, ok := any(v).(fullModel[T]); ok {
				appended, err := full.AppendJSON([]byte("before"))
				require.NoError(t, err)
				assert.Equal(t, "before"+string(text), string(appended))
				assert.True(t, full.Equal(full.Clone()))
				assert.False(t, full.Equal(zero))
			}
			switch copied := reflect.ValueOf(clone).Field(i); copied.Kind() {
			case reflect.Interface:
				assert.NotEqual(t, at.Elem().Pointer(), copied.Elem().Pointer())
			case reflect.Pointer, reflect.Slice, reflect.Map:
				assert.NotEqual(t, at.Pointer(), copied.Pointer())
			}

			// A null is as good as nothing.
			require.NoError(t, json.Unmarshal([]byte(`{"`+name+`":null}`), &decoded))
			assert.True(t, m.Equal(zero, decoded))
		})
	}

	t.Run(typ.Name()+".Extra", func(t *testing.T) {
		extra := map[string]json.RawMessage{"unknown": json.RawMessage(`{"a": 1.50}`), "another": json.RawMessage(`null`)}
		v := zero
		reflect.ValueOf(&v).Elem().FieldByName("Extra").Set(reflect.ValueOf(extra))
		text, err := v.MarshalJSON()
		require.NoError(t, err)
		assert.True(t, strings.HasSuffix(string(text), `"another":null,"unknown":{"a": 1.50}}`), "%s", text)
		var decoded T
		require.NoError(t, json.Unmarshal(text, &decoded))
		assert.True(t, m.Equal(v, decoded))
		assert.False(t, m.Equal(v, zero))
		clone := m.Clone(v)
		assert.True(t, m.Equal(v, clone))
		extra["unknown"][1] = 'x'
		assert.True(t, m.Equal(clone, decoded), "the clone shares nothing")
	})

	t.Run(typ.Name()+" into nil", func(t *testing.T) {
		require.Error(t, any((*T)(nil)).(json.Unmarshaler).UnmarshalJSON([]byte(`{}`)))
	})
}

func membersOf(t *testing.T, v json.Marshaler) (members map[string]json.RawMessage) {
	text, err := v.MarshalJSON()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &members))
	return members
}
