package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

func Example() {
	if err := run(context.Background(), os.Stdout, nil, noEnvironment); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 1 x  SKU1241028  Air Glide  99.99 each
	//
	//                  items   99.99
	//         costs of items    9.00
	//   costs of the session    9.00
	//                  total  117.99
	//
	// PUT /v2/customer_sessions/order-1001
	// {
	//   "customerSession": {
	//     "profileId": "URNGV8294NV",
	//     "storeIntegrationId": "STORE-001",
	//     "referralCode": "NT2K54D9",
	//     "state": "open",
	//     "cartItems": [
	//       {
	//         "name": "Air Glide",
	//         "sku": "SKU1241028",
	//         "quantity": 1,
	//         "price": 99.99,
	//         "category": "shoes",
	//         "product": {
	//           "name": "sample_product"
	//         },
	//         "weight": 1130,
	//         "height": 0,
	//         "width": 0,
	//         "length": 0,
	//         "attributes": {
	//           "image": "11.jpeg",
	//           "material": "leather"
	//         },
	//         "additionalCosts": {
	//           "shipping": {
	//             "price": 9
	//           }
	//         }
	//       }
	//     ],
	//     "evaluableCampaignIds": [
	//       10,
	//       12
	//     ],
	//     "loyaltyCards": [
	//       "loyalty-card-1"
	//     ],
	//     "experimentVariantAllocations": [
	//       {
	//         "experimentID": 1,
	//         "variantID": 2
	//       }
	//     ],
	//     "additionalCosts": {
	//       "shipping": {
	//         "price": 9
	//       }
	//     },
	//     "identifiers": [
	//       "d41306257915f83fe01e54092ae470f631161ea16fcf4415842eed41470386ea"
	//     ],
	//     "attributes": {
	//       "ShippingCity": "Berlin"
	//     }
	//   }
	// }
	//
	// the session is open, to pay: 117.99
	//
	// coupons: ["XMAS-20-2021"]
	//   the code XMAS-20-2021 is valid
	//   20% off takes off 19.998
	//
	//             SKU1241028   99.99
	//   SKU1241028: shipping    9.00
	//               shipping    9.00
	//                20% off  -20.00
	//                 to pay   97.99
	//
	// paid: the session is closed
	// refused: talonone: closed to open needs a reopen, not an update
	//
	// the session is cancelled
	//   the code XMAS-20-2021 can be used again
	//   20% off no longer takes off 19.998
}

func noEnvironment(string) string { return "" }

// A deployment is any server that the environment names.
func TestDeployment(t *testing.T) {
	server := integrationtest.NewServer(t)
	getenv := func(name string) string {
		return map[string]string{"TALONONE_BASE_URL": server.URL, "TALONONE_API_KEY": server.APIKey}[name]
	}
	for range 2 { // each run uses its own session
		var out bytes.Buffer
		require.NoError(t, run(t.Context(), &out, nil, getenv))
		require.Contains(t, out.String(), "to pay  117.99")
	}
	paths := map[string]int{}
	for _, request := range server.Requests() {
		require.Equal(t, 200, request.Status)
		paths[request.Path]++
	}
	require.Equal(t, []int{4, 4}, slices.Collect(maps.Values(paths)))

	err := run(t.Context(), &bytes.Buffer{}, nil, func(name string) string {
		return map[string]string{"TALONONE_BASE_URL": server.URL}[name]
	})
	require.ErrorIs(t, err, integration.ErrInvalidConfig)
}

func TestCartsOfOthers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cart.json")
	for _, test := range []struct {
		name, cart string
		prints     string
		err        string
	}{
		{
			name:   "an exact amount",
			cart:   `{"cartItems":[{"sku":"A","quantity":3,"price":19999999.999}]}`,
			prints: "59999999.997",
		},
		{
			name:   "a response",
			cart:   `{"effects":[],"customerSession":{"cartItems":[{"sku":"A","quantity":1,"price":13.00}]}}`,
			prints: `"price": 13.00`,
		},
		{
			name:   "an invalid cart",
			cart:   `{"cartItems":[{"sku":"A","quantity":1,"price":1},{"quantity":0,"price":1}]}`,
			prints: "/cartItems/1/quantity",
			err:    "rules that the cart breaks: 2",
		},
		{
			name:   "a code that nobody knows",
			cart:   `{"couponCodes":["NEW"],"state":"closed","cartItems":[{"sku":"A","quantity":1,"price":13.00}]}`,
			prints: "the code NEW is not valid: CouponNotFound",
		},
		{
			name: "no JSON",
			cart: `{"cartItems":[{"sku":"A",}]}`,
			err:  `"/cartItems/0"`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.NoError(t, os.WriteFile(file, []byte(test.cart), 0o600))
			var out bytes.Buffer
			err := run(t.Context(), &out, []string{file}, noEnvironment)
			require.Contains(t, out.String(), test.prints)
			if test.err == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, test.err)
			}
		})
	}

	err := run(t.Context(), &bytes.Buffer{}, []string{filepath.Join(t.TempDir(), "none.json")}, noEnvironment)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestTheEmbeddedCartIsValid(t *testing.T) {
	var update talonone.CustomerSessionUpdate
	require.NoError(t, update.UnmarshalJSON(cart))
	require.NoError(t, update.Validate())
	require.Empty(t, update.Extra)
}
