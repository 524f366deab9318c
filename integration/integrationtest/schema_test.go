package integrationtest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/internal/codec"
)

// TestCheckSchema: values that the schema forbids are found at every position, and reported in the order of the body.
func TestCheckSchema(t *testing.T) {
	for _, c := range []struct {
		name, session string
		want          []string // the titles and pointers of the problems
	}{
		{"nothing", `{}`, nil},
		{"nulls", `{"state":null,"cartItems":null,"additionalCosts":null,"experimentVariantAllocations":null}`, nil},
		{"an empty state", `{"state":""}`, []string{"enum /state"}},
		{"what comes after a null", `{"state":null,"cartItems":null,"additionalCosts":{"gift":{"price":"1"}}}`,
			[]string{"Invalid type /additionalCosts/gift/price"}},
		{"amounts of items", `{"cartItems":[{"price":"1","weight":"1"},{"height":"1","x":["2"],"width":"1"},{"length":"1"}]}`, []string{
			"Invalid type /cartItems/0/price", "Invalid type /cartItems/0/weight", "Invalid type /cartItems/1/height",
			"Invalid type /cartItems/1/width", "Invalid type /cartItems/2/length",
		}},
		{"costs", `{"additionalCosts":{"a/b":{},"c":{"price":null}},"cartItems":[{"additionalCosts":{"d":{"price":"1"}}},{"price":"1"}]}`, []string{
			"Required /additionalCosts/a~1b/price", "Required /additionalCosts/c/price",
			"Invalid type /cartItems/0/additionalCosts/d/price", "Invalid type /cartItems/1/price",
		}},
		{"a product", `{"cartItems":[{"product":{}},{"product":{"name":null}},{"product":null},{"product":{"name":"x"},"price":"1"}]}`, []string{
			"Required /cartItems/0/product/name", "Required /cartItems/1/product/name", "Invalid type /cartItems/3/price",
		}},
		{"experiments", `{"experimentVariantAllocations":[{"variantID":1,"experimentID":2},{},{"variantID":3}],"state":""}`, []string{
			"Required /experimentVariantAllocations/1/experimentID", "Required /experimentVariantAllocations/1/variantID",
			"Required /experimentVariantAllocations/2/experimentID", "enum /state",
		}},
		{"an escaped name", `{"st\u0061te":""}`, []string{"enum /state"}},
		{"names that are only alike", `{"State":"","cartItem":[{"price":"1"}],"attributes":{"price":"1","state":""}}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, body := range []string{
				`{"customerSession":` + c.session + `}`,
				` { "responseContent" : [ "customerSession" ] , "customerSession" : ` + c.session + ` , "x" : { "state" : "" } } `,
			} {
				var decoded updateBody
				require.NoError(t, codec.Unmarshal([]byte(body), &decoded, decodeUpdateBody), "the decoder accepts it")
				var got []string
				for _, p := range checkSchema([]byte(body)) {
					got = append(got, p.Title+" "+p.Pointer)
					assert.NotEmpty(t, p.Details)
				}
				assert.Equal(t, c.want, got)
			}
		})
	}
}
