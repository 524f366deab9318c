package integration

// This file stands in for integration_state.go and effects.go until they are merged. It is to be deleted then.

import (
	"encoding/json"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/internal/member"
)

type Effect struct {
	Type  string
	Extra map[string]json.RawMessage
}

var effectModel = member.NewModel((*Effect).members)

func (e *Effect) members(m *member.List) {
	m.Required("effectType", &e.Type)
	m.Extra(&e.Extra)
}

type IntegrationState struct {
	CustomerSession *talonone.CustomerSessionV2
	Effects         []Effect
	Extra           map[string]json.RawMessage
}

var integrationStateModel = member.NewModel((*IntegrationState).members)

func (s *IntegrationState) members(m *member.List) {
	m.Optional("customerSession", &s.CustomerSession)
	m.Optional("effects", &s.Effects)
	m.Extra(&s.Extra)
}

func (s IntegrationState) MarshalJSON() ([]byte, error) { return marshal(integrationStateModel, s) }

func (s *IntegrationState) UnmarshalJSON(text []byte) error {
	return unmarshal(integrationStateModel, text, s)
}
