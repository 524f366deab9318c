package test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
)

// FuzzIntegrationState: what is read of an answer is written and read again as the same value, and no part of it is lost.
func FuzzIntegrationState(f *testing.F) {
	files, err := filepath.Glob("testdata/fixtures/*.json")
	require.NoError(f, err)
	for _, file := range files {
		text := readFile(f, file)
		f.Add(text)
		if kind, _, _ := strings.Cut(filepath.Base(file), "."); kind == "effect" {
			f.Add(slices.Concat([]byte(`{"effects":[`), text, []byte(`]}`)))
		}
	}
	for _, part := range []string{"customerProfile", "loyalty", "triggeredCampaigns", "rewards", "achievements", "event", "customerSession"} {
		for _, value := range memberValues {
			f.Add([]byte(`{"effects":[],"` + part + `":` + value + `}`))
			f.Add([]byte(`{"` + part + `":[{"id":` + value + `}]}`))
			f.Add([]byte(`{"` + part + `":{"attributes":` + value + `,"programs":{"1":{"ledger":{"currentTier":` + value + `}}}}}`))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var state integration.IntegrationState
		if state.UnmarshalJSON(text) != nil {
			require.True(t, state.Equal(integration.IntegrationState{}), "the target is unchanged")
			return
		}
		require.True(t, json.Valid(text))
		written, err := state.AppendJSON(nil)
		require.NoError(t, err)
		var again integration.IntegrationState
		require.NoError(t, again.UnmarshalJSON(written), "%s", written)
		require.True(t, state.Equal(again) && again.Equal(state), "%s\n%s", text, written)
		require.Equal(t, string(written), encode(t, again), "what was written once stays as it is")
		require.True(t, state.Equal(state.Clone()))

		var given, kept map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(text, &given))
		require.NoError(t, json.Unmarshal(written, &kept))
		for name, value := range given {
			if string(value) != "null" {
				require.Contains(t, kept, name)
			}
		}
	})
}
