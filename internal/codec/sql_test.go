package codec_test

import (
	"database/sql"
	"database/sql/driver"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

var (
	_ driver.Valuer = Kinds{}
	_ sql.Scanner   = (*Kinds)(nil)
)

func TestValue(t *testing.T) {
	v := Kinds{Text: "a", Amount: decimal.New(1250, -2)}
	want, err := v.MarshalJSON()
	require.NoError(t, err)
	got, err := driver.DefaultParameterConverter.ConvertValue(v)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)

	got, err = driver.DefaultParameterConverter.ConvertValue((*Kinds)(nil))
	require.NoError(t, err)
	assert.Nil(t, got, "NULL")

	got, err = Kinds{Text: "\xff"}.Value()
	require.ErrorIs(t, err, jsonwire.ErrInvalidUTF8)
	assert.Nil(t, got)
}

func TestScan(t *testing.T) {
	const before = "before"
	for _, tt := range []struct {
		name string
		src  any
		is   error
		path string
	}{
		{"a string", `{"text":"a","count":7,"other":1.50}`, nil, ""},
		{"bytes", []byte(`{"text":"a","count":7,"other":1.50}`), nil, ""},
		{"NULL", nil, jsonwire.ErrWrongType, ""},
		{"null", `null`, jsonwire.ErrWrongType, ""},
		{"null as bytes", []byte(` null`), jsonwire.ErrWrongType, ""},
		{"an array", `[]`, jsonwire.ErrWrongType, ""},
		{"an int64", int64(1), jsonwire.ErrWrongType, ""},
		{"a float64", 1.5, jsonwire.ErrWrongType, ""},
		{"a bool", true, jsonwire.ErrWrongType, ""},
		{"a time", time.Now(), jsonwire.ErrWrongType, ""},
		{"an empty text", ``, jsonwire.ErrSyntax, ""},
		{"no text", []byte(nil), jsonwire.ErrSyntax, ""},
		{"a bad member", `{"count":"x"}`, jsonwire.ErrWrongType, "/count"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := Kinds{Text: before}
			err := v.Scan(tt.src)
			if tt.is == nil {
				require.NoError(t, err)
				if src, ok := tt.src.([]byte); ok {
					clear(src) // the driver's
				}
				var want Kinds
				require.NoError(t, want.UnmarshalJSON([]byte(`{"text":"a","count":7,"other":1.50}`)))
				assert.Equal(t, want, v)
				return
			}
			require.ErrorIs(t, err, tt.is)
			assert.Equal(t, tt.path, err.(*placed).path)
			assert.Equal(t, Kinds{Text: before}, v)
		})
	}
	assert.ErrorIs(t, (*Kinds)(nil).Scan(`{}`), jsonwire.ErrWrongType)
}

func TestNullOfAModel(t *testing.T) {
	v := sql.Null[Kinds]{V: Kinds{Text: "before"}, Valid: true}
	require.NoError(t, v.Scan(nil))
	assert.False(t, v.Valid)
	got, err := v.Value()
	require.NoError(t, err)
	assert.Nil(t, got)

	require.NoError(t, v.Scan([]byte(`{"text":"a"}`)))
	assert.True(t, v.Valid)
	assert.Equal(t, "a", v.V.Text)
	got, err = driver.DefaultParameterConverter.ConvertValue(v)
	require.NoError(t, err)
	want, err := v.V.MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}
