package test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/talonone-go/talonone"
)

// sendable returns of a value what a caller may send: the members of the schema that are not read-only, at every depth. Members
// that are not known stay behind in the models named, and so does what those hold that are not declared.
func (s schema) sendable(v any, unknown bool) any {
	given, sent := v.(map[string]any), map[string]any{}
	for name, v := range given {
		if unknown && s.member(name) == nil {
			sent[name] = v
		}
	}
	for _, m := range s {
		v, ok := given[m.name]
		if !ok || m.readOnly {
			continue
		}
		switch m.kind {
		case modelKind:
			v = m.nested.sendable(v, true)
		case modelsKind:
			list := []any{}
			for _, v := range v.([]any) {
				// Extra of items stays behind.
				list = append(list, m.nested.sendable(v, m.name != "cartItems"))
			}
			v = list
		case mapKind:
			object := map[string]any{}
			for name, v := range v.(map[string]any) {
				object[name] = m.nested.sendable(v, true)
			}
			v = object
		}
		sent[m.name] = v
	}
	return sent
}

// TestUpdate: an update has what a caller may send of a session, and nothing else.
func TestUpdate(t *testing.T) {
	t.Run("every member", func(t *testing.T) {
		s := fullSession(t)
		text := encode(t, s)
		got := parse(t, []byte(encode(t, s.Update())))
		assert.Empty(t, difference("", modelNamed("CustomerSessionUpdate").schema.sendable(parse(t, []byte(text)), false), got))
		assert.Equal(t, text, encode(t, s), "the session is as it was")
	})
	for _, c := range []struct{ name, session, want string }{
		{"nothing", `{}`, `{}`},
		{"empty strings", `{"profileId":"","storeIntegrationId":"","referralCode":"","state":""}`, `{}`},
		{"empty lists", `{"couponCodes":[],"loyaltyCards":[],"identifiers":[],"evaluableCampaignIds":[],"experimentVariantAllocations":[],"additionalCosts":{},"attributes":{},"cartItems":[]}`,
			`{"cartItems":[],"evaluableCampaignIds":[],"couponCodes":[],"loyaltyCards":[],"experimentVariantAllocations":[],"additionalCosts":{},"identifiers":[],"attributes":{}}`},
		{"open", `{"state":"open"}`, `{"state":"open"}`},
		{"cancelled", `{"state":"cancelled"}`, `{"state":"cancelled"}`},
		{"partially returned, which only a return can set", `{"state":"partially_returned"}`, `{}`},
		{"a state that this version does not know", `{"state":"paused"}`, `{"state":"paused"}`},
		{"server's members of items", `{"cartItems":[{"sku":"a","quantity":2,"returnedQuantity":1,"remainingQuantity":1,"position":0,"prices":{},"price":1,"new":1},{}]}`,
			`{"cartItems":[{"sku":"a","quantity":2,"price":1},{"sku":"","quantity":0}]}`},
		{"unknown members", `{"new":1}`, `{}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := decode[talonone.CustomerSessionV2](t, c.session)
			assert.Equal(t, c.want, encode(t, s.Update()))
		})
	}
}
