package test

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// A column is a model that a column of a database can hold.
type column interface {
	sql.Scanner
	driver.Valuer
	json.Marshaler
}

// Each of these models goes into a column as what MarshalJSON writes, and comes back the same.
func TestColumns(t *testing.T) {
	for _, c := range []struct {
		name, text, bad string
		new             func() column
	}{
		{"CustomerSessionV2", string(fixtureText(t, "customer-session.legacy2026-05-customersessionv2.json", "")), `{"total":[]}`,
			func() column { return new(talonone.CustomerSessionV2) }},
		{"CustomerSessionUpdate", `{"couponCodes":[],"unknown":1.50}`, `{"profileId":7}`,
			func() column { return new(talonone.CustomerSessionUpdate) }},
		{"CartItem", string(fixtureText(t, "cart-item.legacy2026-05-cartitem.json", "")), `{"sku":7}`,
			func() column { return new(talonone.CartItem) }},
		{"IntegrationState", string(fixtureText(t, "integration-state.legacy2026-05-integrationstatev2.json", "")), `{"effects":{}}`,
			func() column { return new(integration.IntegrationState) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := c.new()
			require.NoError(t, v.Scan(c.text))
			want, err := v.MarshalJSON()
			require.NoError(t, err)
			value, err := v.Value()
			require.NoError(t, err)
			assert.Equal(t, string(want), value)

			again := c.new()
			require.NoError(t, again.Scan([]byte(value.(string))))
			written, err := again.MarshalJSON()
			require.NoError(t, err)
			assert.Equal(t, string(want), string(written))

			for _, src := range []any{nil, "null", 7, c.bad} {
				err := again.Scan(src)
				require.ErrorIs(t, err, talonone.ErrWrongType)
				_, ok := errors.AsType[*talonone.DecodeError](err)
				assert.True(t, ok)
				written, err := again.MarshalJSON()
				require.NoError(t, err)
				assert.Equal(t, string(want), string(written), "on an error nothing changes")
			}
		})
	}
}
