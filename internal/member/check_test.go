package member

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

type checked struct {
	raw   json.RawMessage
	count int
}

var checkedModel = NewModel(func(v *checked, m *List) {
	m.Optional("raw", &v.raw)
	m.Required("count", &v.count)
})

type common struct{ Checker }

func TestRules(t *testing.T) {
	rules := Rules[checked, *common]{Model: checkedModel, Each: map[string]func(*common, *checked){
		"count": func(c *common, v *checked) {
			if v.count < 0 {
				c.Fail(jsonwire.ErrOutOfRange, "below 0")
			}
		},
	}}
	for _, tt := range []struct {
		value checked
		want  []string
	}{
		{checked{}, nil},
		{checked{json.RawMessage("1"), 1}, nil},
		{checked{json.RawMessage("{"), -1}, []string{"/raw malformed JSON", "/count out of range"}},
	} {
		var c common
		c.Start(nil)
		rules.Check(&c.Checker, &c, tt.value)
		require.Equal(t, tt.want != nil, c.Failed())

		var got []string
		c.Start(func(reason error, _ string) { got = append(got, c.Path()+" "+reason.Error()) })
		rules.Check(&c.Checker, &c, tt.value)
		require.Equal(t, tt.want, got)
	}
}

func TestRulesNameMembers(t *testing.T) {
	rules := Rules[checked, *common]{Model: checkedModel, Each: map[string]func(*common, *checked){"cuont": nil}}
	require.PanicsWithValue(t, "member: a rule for cuont, which the model does not have", func() {
		rules.Check(new(Checker), nil, checked{})
	})
}
