//go:build unix

package postgres

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// modes are the ways in which pgx sends values.
var modes = []pgx.QueryExecMode{
	pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec, pgx.QueryExecModeExec,
	pgx.QueryExecModeSimpleProtocol,
}

// session returns a session with amounts in many forms, attributes and unknown members.
func session() talonone.CustomerSessionV2 {
	return talonone.CustomerSessionV2{
		IntegrationID: "order-1001 \"ü\u2028\\",
		CouponCodes:   []string{},
		State:         talonone.StateClosed,
		CartItems: []talonone.CartItem{{
			SKU: "shoe", Quantity: 2, Price: new(decimal.RequireFromString("5.50")),
			Weight: new(decimal.RequireFromString("0.000")), Attributes: talonone.Attributes{"Color": "red", "A": json.Number("1.10")},
		}},
		AdditionalCosts: map[string]talonone.AdditionalCost{"shipping": {Price: decimal.RequireFromString("-0.10")}},
		Attributes:      talonone.Attributes{"long": json.Number("123456789012345678901234567890.0123456789000")},
		Total:           decimal.RequireFromString("99999999999999999999999999.9900"),
		CartItemTotal:   decimal.New(5, -100),
		Extra:           map[string]json.RawMessage{"zz": json.RawMessage(`{"b": 1.50, "a": [null, true]}`), "aa": json.RawMessage(`"x"`)},
	}
}

// A model is a value that the tests store.
type model interface {
	sql.Scanner
	json.Marshaler
	json.Unmarshaler
}

// A storedModel has the model to write, the one to read into, and a function that compares the two.
type storedModel struct {
	value, read model
	equal       func() bool
}

// stored returns a model of each type and some answers, by name.
func stored(t *testing.T) map[string]storedModel {
	t.Helper()
	cases := map[string]storedModel{}
	add := func(name string, value, read model, equal func() bool) { cases[name] = storedModel{value, read, equal} }
	one, other := session(), talonone.CustomerSessionV2{}
	add("session", &one, &other, func() bool { return one.Equal(other) })
	update, otherUpdate := session().Update(), talonone.CustomerSessionUpdate{}
	update.Extra = map[string]json.RawMessage{"zz": json.RawMessage(`{"b": 1.50, "a": 1}`)}
	add("update", &update, &otherUpdate, func() bool { return update.Equal(otherUpdate) })
	item, otherItem := session().CartItems[0], talonone.CartItem{}
	add("item", &item, &otherItem, func() bool { return item.Equal(otherItem) })

	for _, name := range []string{
		"commercetools-update-customer-session-response", "legacy2026-05-integrationstatev2", "postman-update-customer-session",
	} {
		text, err := os.ReadFile("../testdata/fixtures/integration-state." + name + ".json")
		require.NoError(t, err)
		var state, otherState integration.IntegrationState
		require.NoError(t, state.UnmarshalJSON(text), name)
		add(name, &state, &otherState, func() bool { return state.Equal(otherState) })
	}
	return cases
}

// A model that is read from a column is the same JSON value. From a json or text column, it is the same text.
func TestColumns(t *testing.T) {
	for _, mode := range modes {
		for _, column := range []string{"json", "jsonb", "text"} {
			conn := open(t, mode)
			execute(t, conn, "CREATE TEMPORARY TABLE models (name text PRIMARY KEY, doc "+column+" NOT NULL)")
			for name, c := range stored(t) {
				t.Run(fmt.Sprint(mode, column, name), func(t *testing.T) {
					execute(t, conn, "INSERT INTO models VALUES ($1, $2)", name, c.value)
					row := conn.QueryRowContext(t.Context(), "SELECT doc FROM models WHERE name = $1", name)
					require.NoError(t, row.Scan(c.read))
					assert.True(t, c.equal())
					want := marshal(t, c.value)
					if column != "jsonb" {
						assert.Equal(t, want, marshal(t, c.read))
					}
					var text string
					require.NoError(t, conn.QueryRowContext(t.Context(), "SELECT doc::text FROM models WHERE name = $1", name).Scan(&text))
					if column != "jsonb" {
						assert.Equal(t, want, text)
					}
				})
			}
		}
	}
}

// A jsonb column keeps the value, but not always the text.
func TestWhatJSONBChanges(t *testing.T) {
	conn := open(t, pgx.QueryExecModeCacheStatement)
	for _, c := range []struct {
		name, extra string
		want        string // "" if jsonb refuses the text
		code        string // the error code of the refusal
	}{
		{"an amount keeps its scale", `1.500`, `1.500`, ""},
		{"a zero keeps its scale", `0.00`, `0.00`, ""},
		{"many digits", `12345678901234567890.12345678901234567890`, `12345678901234567890.12345678901234567890`, ""},
		{"a number with an exponent is written out", `1.50e2`, `150`, ""},
		{"a small number too", `1.5E-3`, `0.0015`, ""},
		{"a negative zero loses its sign", `-0.0`, `0.0`, ""},
		{"names are sorted by length first", `{"b":1,"ab":2,"a":3}`, `{"a": 3, "b": 1, "ab": 2}`, ""},
		{"white space is changed", `[1,2 , 3]`, `[1, 2, 3]`, ""},
		{"escapes are resolved", `"\u00e4\/"`, `"ä/"`, ""},
		{"a NUL character", `"\u0000"`, "", "22P05"},
		{"a number of more digits than numeric has", `1e131073`, "", "22003"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := talonone.CartItem{SKU: "shoe", Quantity: 1, Extra: map[string]json.RawMessage{"extra": json.RawMessage(c.extra)}}
			var got talonone.CartItem
			err := conn.QueryRowContext(t.Context(), "SELECT $1::jsonb", v).Scan(&got)
			if c.code != "" {
				refused, ok := errors.AsType[*pgconn.PgError](err)
				require.True(t, ok, "%v", err)
				assert.Equal(t, c.code, refused.Code)
			} else {
				require.NoError(t, err)
				assert.Equal(t, c.want, string(got.Extra["extra"]))
				assert.True(t, got.Equal(v))
			}

			require.NoError(t, conn.QueryRowContext(t.Context(), "SELECT $1::json", v).Scan(&got))
			assert.Equal(t, c.extra, string(got.Extra["extra"]), "json keeps the text")
		})
	}
}

// Amounts in a jsonb column are also exact in queries.
func TestAmountsInQueries(t *testing.T) {
	conn := open(t, pgx.QueryExecModeCacheStatement)
	var total, price string
	var same bool
	require.NoError(t, conn.QueryRowContext(t.Context(),
		`SELECT doc->>'total', (doc#>>'{cartItems,0,price}')::numeric * 3, doc @> '{"cartItems":[{"sku":"shoe"}]}'
		FROM (SELECT $1::jsonb AS doc) AS docs`, session()).Scan(&total, &price, &same))
	assert.Equal(t, "99999999999999999999999999.9900", total)
	assert.Equal(t, "16.50", price)
	assert.True(t, same)
}

func TestNull(t *testing.T) {
	for _, mode := range modes {
		t.Run(mode.String(), func(t *testing.T) {
			conn := open(t, mode)
			item := talonone.CartItem{SKU: "before"}
			for _, column := range []string{"json", "jsonb"} {
				err := conn.QueryRowContext(t.Context(), "SELECT NULL::"+column).Scan(&item)
				require.ErrorIs(t, err, talonone.ErrWrongType)
				err = conn.QueryRowContext(t.Context(), "SELECT 'null'::"+column).Scan(&item)
				require.ErrorIs(t, err, talonone.ErrWrongType)
				assert.Equal(t, talonone.CartItem{SKU: "before"}, item)

				for _, value := range []any{(*talonone.CartItem)(nil), sql.Null[talonone.CartItem]{V: item}} {
					null := sql.Null[talonone.CartItem]{V: item, Valid: true}
					require.NoError(t, conn.QueryRowContext(t.Context(), "SELECT $1::"+column, value).Scan(&null))
					assert.False(t, null.Valid)
				}
				null := sql.Null[talonone.CartItem]{V: item, Valid: true}
				var got sql.Null[talonone.CartItem]
				require.NoError(t, conn.QueryRowContext(t.Context(), "SELECT $1::"+column, null).Scan(&got))
				assert.True(t, got.Valid)
				assert.True(t, got.V.Equal(item))
			}
		})
	}
}

// A model that cannot be written as JSON is not stored.
func TestErrors(t *testing.T) {
	conn := open(t, pgx.QueryExecModeCacheStatement)
	bad := session()
	bad.CartItems[0].SKU = "\xff"
	_, err := conn.ExecContext(t.Context(), "SELECT $1::jsonb", bad)
	e, ok := errors.AsType[*talonone.EncodeError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "/cartItems/0/sku", e.Path)

	var item talonone.CartItem
	err = conn.QueryRowContext(t.Context(), `SELECT '{"quantity":"x"}'::jsonb`).Scan(&item)
	d, ok := errors.AsType[*talonone.DecodeError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "/quantity", d.Path)
	assert.ErrorIs(t, conn.QueryRowContext(t.Context(), `SELECT 7`).Scan(&item), talonone.ErrWrongType)
}

// json and jsonb columns accept values that are nested as deep as the codec allows.
func TestDepth(t *testing.T) {
	conn := open(t, pgx.QueryExecModeCacheStatement)
	for _, column := range []string{"json", "jsonb"} {
		for _, depth := range []int{1000, 9999} {
			deep := strings.Repeat("[", depth) + strings.Repeat("]", depth)
			v := talonone.CartItem{Extra: map[string]json.RawMessage{"deep": json.RawMessage(deep)}}
			var got talonone.CartItem
			require.NoError(t, conn.QueryRowContext(t.Context(), "SELECT $1::"+column, v).Scan(&got))
			assert.True(t, got.Equal(v), "%s %d", column, depth)
		}
	}
}

func execute(t *testing.T, conn *sql.Conn, query string, args ...any) {
	t.Helper()
	_, err := conn.ExecContext(t.Context(), query, args...)
	require.NoError(t, err)
}

func marshal(t *testing.T, v json.Marshaler) string {
	t.Helper()
	text, err := v.MarshalJSON()
	require.NoError(t, err)
	return string(text)
}
