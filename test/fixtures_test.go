package test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

var update = flag.Bool("update", false, "write the golden files of testdata/golden and the listings of testdata/api anew")

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return text
}

// fixtures are the recorded and published payloads that hold a session or an item. The files have whole requests and
// responses; what they hold stands in the member that is named, or is all of the file.
var fixtures = []struct {
	file   string
	member string
	model  string
	// A generator artefact, which has empty strings for objects, is refused with this path.
	refused bool
	path    string
	// absent says that the response has no session, which a caller must ask for.
	absent bool
}{
	{file: "cart-item.legacy2026-05-cartitem.json", model: "CartItem"},
	{file: "cart-item.sdk26.13-cartitem.json", model: "CartItem", refused: true, path: "/product"},
	{file: "customer-session.legacy2026-05-customersessionv2.json", model: "CustomerSessionV2"},
	{file: "customer-session.sdk26.13-customersessionv2.json", model: "CustomerSessionV2", refused: true, path: "/cartItems/0/product"},

	{file: "update-request.docs-api-effects.json", member: "customerSession", model: "CustomerSessionUpdate"},
	{file: "update-request.legacy2026-05-integrationrequest.json", member: "customerSession", model: "CustomerSessionUpdate"},
	{file: "update-request.postman-72657b4.json", member: "customerSession", model: "CustomerSessionUpdate"},
	{file: "update-request.sdk26.13-integrationrequest.json", member: "customerSession", model: "CustomerSessionUpdate", refused: true, path: ""},
	{file: "update-request.spec-ecommerce.json", member: "customerSession", model: "CustomerSessionUpdate"},
	{file: "update-request.spec-financial-services.json", member: "customerSession", model: "CustomerSessionUpdate"},
	{file: "update-request.spec-full-request.json", member: "customerSession", model: "CustomerSessionUpdate"},
	{file: "update-request.spec-qsr-dining.json", member: "customerSession", model: "CustomerSessionUpdate"},
	{file: "update-request.sdk-newest-rewardIntegrationIds.json", member: "customerSession", model: "CustomerSessionUpdate"},
	{file: "update-request.sfcc-cartridge.json", member: "customerSession", model: "CustomerSessionUpdate"},
	{file: "update-request.vendure-plugin.json", member: "customerSession", model: "CustomerSessionUpdate"},
	{file: "update-request.js-sdk-timeout-example.json", member: "customerSession", model: "CustomerSessionUpdate"},
	{file: "update-request.mbryantdb-postman.json", member: "customerSession", model: "CustomerSessionUpdate"},

	{file: "session-response.postman-52eaaa3-get-customer-session.json", member: "customerSession", model: "CustomerSessionV2"},
	{file: "session-response.postman-72657b4-get-customer-session.json", member: "customerSession", model: "CustomerSessionV2"},
	{file: "session-response.postman-get-customer-session.json", member: "customerSession", model: "CustomerSessionV2"},
	{file: "session-response.sdk26.13-integrationcustomersessionresponse.json", member: "customerSession", model: "CustomerSessionV2", refused: true, path: "/cartItems/0/product"},

	{file: "effects.docs-partial-return-tutorial.json", member: "customerSession", model: "CustomerSessionV2"},

	{file: "integration-state.commercetools-eur-referrals-response.json", member: "customerSession", model: "CustomerSessionV2", absent: true},
	{file: "integration-state.commercetools-update-customer-profile-response.json", member: "customerSession", model: "CustomerSessionV2", absent: true},
	{file: "integration-state.commercetools-update-customer-session-response.json", member: "customerSession", model: "CustomerSessionV2"},
	{file: "integration-state.legacy2022-08-integrationstatev2.json", member: "customerSession", model: "CustomerSessionV2"},
	{file: "integration-state.legacy2026-05-integrationstatev2.json", member: "customerSession", model: "CustomerSessionV2"},
	{file: "integration-state.postman-db21736-update-customer-session.json", member: "customerSession", model: "CustomerSessionV2"},
	{file: "integration-state.postman-update-customer-session.json", member: "customerSession", model: "CustomerSessionV2"},
	{file: "integration-state.sdk-newest-rewards.json", member: "customerSession", model: "CustomerSessionV2"},
	{file: "integration-state.sdk26.13-integrationstatev2.json", member: "customerSession", model: "CustomerSessionV2", refused: true, path: ""},
}

// fixtureTexts returns the texts of every session, update and item in the fixtures, the refused ones too.
func fixtureTexts(t testing.TB) (texts [][]byte) {
	for _, f := range fixtures {
		if !f.absent {
			texts = append(texts, fixtureText(t, f.file, f.member))
		}
	}
	return texts
}

func fixtureText(t testing.TB, file, member string) []byte {
	t.Helper()
	text := readFile(t, filepath.Join("testdata/fixtures", file))
	if member == "" {
		return text
	}
	var envelope map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &envelope))
	require.Contains(t, envelope, member)
	return envelope[member]
}

func TestFixtures(t *testing.T) {
	for _, f := range fixtures {
		t.Run(f.file, func(t *testing.T) {
			if f.absent {
				var envelope map[string]json.RawMessage
				require.NoError(t, json.Unmarshal(readFile(t, filepath.Join("testdata/fixtures", f.file)), &envelope))
				require.NotContains(t, envelope, f.member)
				return
			}
			text := fixtureText(t, f.file, f.member)
			m := modelNamed(f.model)
			testFixture(t, m.schema, m.new, text, f.refused, f.path, f.file)
		})
	}
}

func testFixture(t *testing.T, s schema, newModel func() anyModel, text []byte, refused bool, path, golden string) {
	v := newModel()
	err := v.UnmarshalJSON(text)
	ps := problems(text, s)
	if refused {
		require.ErrorIs(t, err, talonone.ErrWrongType)
		var decodeError *talonone.DecodeError
		require.ErrorAs(t, err, &decodeError)
		assert.Equal(t, path, decodeError.Path)
		assert.Equal(t, `""`, string(text[decodeError.Offset:][:2]), "the offset is that of the empty string")
		assert.True(t, v.equal(newModel()), "the target is unchanged")
		assert.Contains(t, ps, problem{path, talonone.ErrWrongType})
		return
	}
	require.NoError(t, err)
	require.Empty(t, ps)

	written, err := v.AppendJSON(nil)
	require.NoError(t, err)
	requireRoundTrip(t, s, text, written)

	again := newModel()
	require.NoError(t, again.UnmarshalJSON(written))
	assert.True(t, v.equal(again))
	assert.True(t, again.equal(v))
	rewritten, err := again.MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, string(written), string(rewritten), "what was written once stays as it is")

	file := filepath.Join("testdata/golden", golden)
	if *update {
		require.NoError(t, os.WriteFile(file, append(written, '\n'), 0o666))
	}
	assert.Equal(t, string(readFile(t, file)), string(written)+"\n")
}

// TestFixturesAreAllTested compares the table with the index of the fixtures.
func TestFixturesAreAllTested(t *testing.T) {
	var index struct {
		Items []struct{ File, Kind, Note string }
	}
	require.NoError(t, json.Unmarshal(readFile(t, "testdata/fixtures/index.json"), &index))
	var listed, tested, golden, wanted []string
	for _, item := range index.Items {
		switch item.Kind {
		case "customer-session", "cart-item", "update-request", "session-response", "integration-state", "effects":
			listed = append(listed, item.File)
		}
		for _, f := range fixtures {
			if f.file == item.File && f.refused {
				assert.True(t, strings.HasPrefix(item.Note, "generator artefact"), "%s may be refused", f.file)
			}
		}
	}
	for _, f := range fixtures {
		tested = append(tested, f.file)
		if !f.refused && !f.absent {
			wanted = append(wanted, f.file)
		}
	}
	assert.ElementsMatch(t, listed, tested)
	entries, err := os.ReadDir("testdata/golden")
	require.NoError(t, err)
	for _, e := range entries {
		golden = append(golden, e.Name())
	}
	assert.ElementsMatch(t, wanted, golden, "each golden file has a fixture")
}

// TestFixturePrices has a fragment: what may stand in the prices of an item.
func TestFixturePrices(t *testing.T) {
	text := []byte(`{"sku":"a","quantity":1,"prices":` + string(readFile(t, "testdata/fixtures/fragment.cart-item-prices.json")) + `}`)
	item := decode[talonone.CartItem](t, string(text))
	require.NotEmpty(t, item.Prices)
	requireRoundTrip(t, modelNamed("CartItem").schema, text, []byte(encode(t, item)))
}

// TestFixturesThroughEncodingJSON decodes the fixtures as a caller would who has a struct for the whole response.
func TestFixturesThroughEncodingJSON(t *testing.T) {
	for _, f := range fixtures {
		if f.member == "" || f.absent {
			continue
		}
		text := readFile(t, filepath.Join("testdata/fixtures", f.file))
		var envelope struct {
			CustomerSession json.Unmarshaler `json:"customerSession"`
		}
		envelope.CustomerSession = new(talonone.CustomerSessionV2)
		if f.model == "CustomerSessionUpdate" {
			envelope.CustomerSession = new(talonone.CustomerSessionUpdate)
		}
		err := json.Unmarshal(text, &envelope)
		if f.refused {
			var decodeError *talonone.DecodeError
			require.ErrorAs(t, err, &decodeError, f.file)
			assert.Equal(t, f.path, decodeError.Path, f.file)
			continue
		}
		require.NoError(t, err, f.file)
		written, err := json.Marshal(envelope.CustomerSession)
		require.NoError(t, err)
		var compact bytes.Buffer
		require.NoError(t, json.Compact(&compact, bytes.TrimSuffix(readFile(t, filepath.Join("testdata/golden", f.file)), []byte("\n"))))
		assert.Equal(t, compact.String(), string(written), "no fixture has a character that encoding/json escapes")
	}
}
