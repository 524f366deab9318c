package talonone

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/internal/member"
)

// TestModels checks every field of every model, so that a field that is not declared, or declared in another place than
// it has in the struct, is seen in each thing that follows from the declaration.
func TestModels(t *testing.T) {
	testModel(t, "CustomerSessionV2", customerSessionModel)
	testModel(t, "NewCustomerSessionV2", customerSessionUpdateModel)
	testModel(t, "CartItem", cartItemModel)
	testModel(t, "AdditionalCost", additionalCostModel)
	testModel(t, "Product", productModel)
	testModel(t, "PriceDetail", priceDetailModel)
	testModel(t, "ExperimentVariantAllocation", experimentVariantAllocationModel)
}

func testModel[T model[T]](t *testing.T, apiName string, m *member.Model[T]) {
	var zero T
	typ := reflect.TypeFor[T]()
	members := m.Members()
	zeroMembers := membersOf(t, zero)
	var fieldNames, memberNames []string
	for _, f := range reflect.VisibleFields(typ) {
		if f.Name != "Extra" {
			fieldNames = append(fieldNames, strings.ToLower(f.Name))
		}
	}
	for _, m := range members {
		memberNames = append(memberNames, strings.ToLower(m.Name))
	}
	require.Equal(t, fieldNames, memberNames, "%s declares a member for each field but Extra, in the same order", typ)

	declared := map[string]bool{}
	for i := range typ.NumField() {
		field := typ.Field(i)
		if field.Name == "Extra" {
			continue
		}
		t.Run(typ.Name()+"."+field.Name, func(t *testing.T) {
			declaration := members[i]
			declared[declaration.Name] = true

			var v T
			at := reflect.ValueOf(&v).Elem().Field(i)
			at.Set(sample(t, field.Type))

			// Encode writes it, and nothing else changes.
			got := membersOf(t, v)
			_, inZero := zeroMembers[declaration.Name]
			assert.Equal(t, declaration.Required, inZero, "a required member is always written")
			require.Contains(t, got, declaration.Name)
			assert.NotEqual(t, string(zeroMembers[declaration.Name]), string(got[declaration.Name]))
			for name := range got {
				if name != declaration.Name {
					assert.Equal(t, string(zeroMembers[name]), string(got[name]))
				}
			}

			// Decode reads it.
			var decoded T
			text, err := v.AppendJSON(nil)
			require.NoError(t, err)
			require.NoError(t, any(&decoded).(json.Unmarshaler).UnmarshalJSON(text))
			again, err := decoded.AppendJSON(nil)
			require.NoError(t, err)
			assert.Equal(t, string(text), string(again))
			assert.False(t, reflect.ValueOf(decoded).Field(i).IsZero())

			// Equal sees it.
			assert.True(t, v.Equal(decoded))
			assert.False(t, v.Equal(zero))
			assert.False(t, zero.Equal(v))

			// Clone copies it, and what it points to.
			clone := v.Clone()
			assert.True(t, v.Equal(clone))
			if copied := reflect.ValueOf(clone).Field(i); shares(copied) {
				assert.NotEqual(t, at.Pointer(), copied.Pointer())
			}

			// A null is as good as nothing.
			require.NoError(t, any(&decoded).(json.Unmarshaler).UnmarshalJSON([]byte(`{"`+declaration.Name+`":null}`)))
			assert.True(t, zero.Equal(decoded))

			// Only what the server alone sets is cleared.
			m.ClearReadOnly(&clone)
			assert.Equal(t, declaration.ReadOnly, reflect.ValueOf(clone).Field(i).IsZero())
		})
	}

	t.Run(typ.Name()+".Extra", func(t *testing.T) {
		extra := reflect.ValueOf(map[string]json.RawMessage{"unknown": json.RawMessage(`{"a": 1.50}`), "another": json.RawMessage(`null`)})
		var v, decoded T
		reflect.ValueOf(&v).Elem().FieldByName("Extra").Set(extra)
		text, err := v.AppendJSON(nil)
		require.NoError(t, err)
		assert.True(t, strings.HasSuffix(string(text), `"another":null,"unknown":{"a": 1.50}}`), "%s", text)
		require.NoError(t, any(&decoded).(json.Unmarshaler).UnmarshalJSON(text))
		assert.True(t, v.Equal(decoded))
		assert.False(t, v.Equal(zero))
		clone := v.Clone()
		assert.True(t, v.Equal(clone))
		reflect.ValueOf(clone).FieldByName("Extra").MapIndex(reflect.ValueOf("unknown")).Bytes()[1] = 'x'
		assert.True(t, v.Equal(decoded), "the clone shares nothing")
	})

	// The API's own list of members, from its specification of June 2026.
	api := apiModels(t)[apiName]
	require.NotEmpty(t, api)
	for _, f := range api {
		assert.True(t, declared[f.Name], "%s has the member %s", apiName, f.Name)
		delete(declared, f.Name)
		for _, m := range members {
			if m.Name == f.Name {
				assert.Equal(t, f.ReadOnly, m.ReadOnly, "%s.%s is read-only", apiName, f.Name)
			}
		}
	}
	assert.Empty(t, declared, "%s has no such members", apiName)
}

type apiMember struct {
	Name     string
	ReadOnly bool
}

func apiModels(t *testing.T) (models map[string][]apiMember) {
	text, err := os.ReadFile("test/testdata/fields.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &models))
	return models
}

func membersOf[T model[T]](t *testing.T, v T) (members map[string]json.RawMessage) {
	text, err := v.AppendJSON(nil)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &members))
	return members
}

// shares reports whether a copy of v shares what it refers to.
func shares(v reflect.Value) bool {
	return v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice || v.Kind() == reflect.Map
}

// sample returns a value of a field's type that is not zero.
func sample(t *testing.T, typ reflect.Type) reflect.Value {
	v := reflect.New(typ).Elem()
	switch p := v.Addr().Interface().(type) {
	case *decimal.Decimal:
		*p = decimal.New(1250, -2)
		return v
	case *time.Time:
		*p = time.Date(2026, 2, 7, 8, 15, 22, 123456789, time.UTC)
		return v
	case *Attributes:
		*p = Attributes{"color": "red", "size": json.Number("42.0")}
		return v
	}
	switch typ.Kind() {
	case reflect.String:
		v.SetString("closed")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Pointer:
		v.Set(reflect.New(typ.Elem()))
		v.Elem().Set(sample(t, typ.Elem()))
	case reflect.Slice:
		v.Set(reflect.Append(v, sample(t, typ.Elem())))
	case reflect.Map:
		v.Set(reflect.MakeMap(typ))
		v.SetMapIndex(reflect.ValueOf("shipping"), sample(t, typ.Elem()))
	case reflect.Struct: // one of our models: its own fields have their own tests
		v.Field(0).Set(sample(t, typ.Field(0).Type))
	default:
		t.Fatalf("no sample of type %s", typ)
	}
	return v
}

func TestUnmarshalIntoNil(t *testing.T) {
	for _, target := range []json.Unmarshaler{(*CustomerSessionV2)(nil), (*Attributes)(nil)} {
		err := target.UnmarshalJSON([]byte(`{}`))
		assert.ErrorIs(t, err, ErrWrongType)
		assert.EqualError(t, err, `talonone: decode "" at offset 0: wrong type: the target is a nil pointer`)
	}
}
