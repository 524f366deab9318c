package integration

import (
	"encoding/json"

	"github.com/talonone-go/talonone/internal/member"
)

// ShowNotification asks for a message to be shown to the customer.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type ShowNotification struct {
	// NotificationType is the kind of message: "Info", "Offer", "Error" or "Misc" ("notificationType"). Required.
	NotificationType string
	// Title is the heading of the message ("title"). Required.
	Title string
	// Body is the message ("body"). Required.
	Body string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (s *ShowNotification) members(m *member.List) {
	m.Required("notificationType", &s.NotificationType)
	m.Required("title", &s.Title)
	m.Required("body", &s.Body)
	m.Extra(&s.Extra)
}

// EffectType returns "showNotification".
func (*ShowNotification) EffectType() string { return "showNotification" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (s ShowNotification) MarshalJSON() ([]byte, error) { return marshal(showNotificationModel, s) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (s *ShowNotification) UnmarshalJSON(text []byte) error {
	return unmarshal(showNotificationModel, text, s)
}

// UpdateAttribute says that a rule changed an attribute. A copy of it that is kept elsewhere should follow.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type UpdateAttribute struct {
	// Path is the entity and the attribute, such as "Session.Attributes.color" ("path"). Required.
	Path string
	// Value is the attribute's new value, as JSON ("value"). Nil is written as null. Required.
	Value json.RawMessage
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (u *UpdateAttribute) members(m *member.List) {
	m.Required("path", &u.Path)
	m.Required("value", &u.Value)
	m.Extra(&u.Extra)
}

// EffectType returns "updateAttribute".
func (*UpdateAttribute) EffectType() string { return "updateAttribute" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (u UpdateAttribute) MarshalJSON() ([]byte, error) { return marshal(updateAttributeModel, u) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (u *UpdateAttribute) UnmarshalJSON(text []byte) error {
	return unmarshal(updateAttributeModel, text, u)
}

// TriggerWebhook says that a rule called a webhook. There is nothing to do.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type TriggerWebhook struct {
	// WebhookID is the number of the webhook ("webhookId"). Required.
	WebhookID int64
	// WebhookName is the name of the webhook ("webhookName"). Required.
	WebhookName string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (t *TriggerWebhook) members(m *member.List) {
	m.Required("webhookId", &t.WebhookID)
	m.Required("webhookName", &t.WebhookName)
	m.Extra(&t.Extra)
}

// EffectType returns "triggerWebhook".
func (*TriggerWebhook) EffectType() string { return "triggerWebhook" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (t TriggerWebhook) MarshalJSON() ([]byte, error) { return marshal(triggerWebhookModel, t) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (t *TriggerWebhook) UnmarshalJSON(text []byte) error {
	return unmarshal(triggerWebhookModel, text, t)
}

// AddToAudience says that the customer was added to an audience.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type AddToAudience struct {
	// AudienceID is the number of the audience ("audienceId").
	AudienceID *int64
	// AudienceName is the name of the audience ("audienceName").
	AudienceName string
	// ProfileIntegrationID is the integration ID of the profile ("profileIntegrationId").
	ProfileIntegrationID string
	// ProfileID is the number of the profile ("profileId").
	ProfileID *int64
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (a *AddToAudience) members(m *member.List) {
	m.Optional("audienceId", &a.AudienceID)
	m.Optional("audienceName", &a.AudienceName)
	m.Optional("profileIntegrationId", &a.ProfileIntegrationID)
	m.Optional("profileId", &a.ProfileID)
	m.Extra(&a.Extra)
}

// EffectType returns "addToAudience".
func (*AddToAudience) EffectType() string { return "addToAudience" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (a AddToAudience) MarshalJSON() ([]byte, error) { return marshal(addToAudienceModel, a) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (a *AddToAudience) UnmarshalJSON(text []byte) error {
	return unmarshal(addToAudienceModel, text, a)
}

// RemoveFromAudience says that the customer was removed from an audience.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type RemoveFromAudience struct {
	// AudienceID is the number of the audience ("audienceId").
	AudienceID *int64
	// AudienceName is the name of the audience ("audienceName").
	AudienceName string
	// ProfileIntegrationID is the integration ID of the profile ("profileIntegrationId").
	ProfileIntegrationID string
	// ProfileID is the number of the profile ("profileId").
	ProfileID *int64
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (r *RemoveFromAudience) members(m *member.List) {
	m.Optional("audienceId", &r.AudienceID)
	m.Optional("audienceName", &r.AudienceName)
	m.Optional("profileIntegrationId", &r.ProfileIntegrationID)
	m.Optional("profileId", &r.ProfileID)
	m.Extra(&r.Extra)
}

// EffectType returns "removeFromAudience".
func (*RemoveFromAudience) EffectType() string { return "removeFromAudience" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (r RemoveFromAudience) MarshalJSON() ([]byte, error) { return marshal(removeFromAudienceModel, r) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (r *RemoveFromAudience) UnmarshalJSON(text []byte) error {
	return unmarshal(removeFromAudienceModel, text, r)
}

// CustomEffect is an effect that the account defined for itself.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type CustomEffect struct {
	// EffectID is the number of the effect's definition ("effectId"). Required.
	EffectID int64
	// Name is the name of the effect ("name"). Required.
	Name string
	// CartItemPosition is the index, from 0, of the item in the session's CartItems ("cartItemPosition"). Nil is the
	// session as a whole.
	CartItemPosition *int
	// CartItemSubPosition is which unit of the item it is, from 0 ("cartItemSubPosition"). Nil is the item as a whole.
	CartItemSubPosition *int
	// BundleIndex is which of the bundles of one definition it is, from 0 ("bundleIndex").
	BundleIndex *int
	// BundleName is the name of the bundle's definition ("bundleName").
	BundleName string
	// Payload is the object that the effect carries, as JSON ("payload"). Nil is written as an empty object. Required.
	Payload json.RawMessage
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (c *CustomEffect) members(m *member.List) {
	m.Required("effectId", &c.EffectID)
	m.Required("name", &c.Name)
	m.Optional("cartItemPosition", &c.CartItemPosition)
	m.Optional("cartItemSubPosition", &c.CartItemSubPosition)
	m.Optional("bundleIndex", &c.BundleIndex)
	m.Optional("bundleName", &c.BundleName)
	m.Default("payload", &c.Payload, "{}")
	m.Extra(&c.Extra)
}

// EffectType returns "customEffect".
func (*CustomEffect) EffectType() string { return "customEffect" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (c CustomEffect) MarshalJSON() ([]byte, error) { return marshal(customEffectModel, c) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (c *CustomEffect) UnmarshalJSON(text []byte) error { return unmarshal(customEffectModel, text, c) }

// ErrorEffect says that something went wrong while a rule was evaluated.
//
// A value may be read by several goroutines at once, but not while one of them changes it.
type ErrorEffect struct {
	// Message says what, for people ("message"). Required.
	Message string
	// Extra holds the members that this version does not know, as they were written.
	Extra map[string]json.RawMessage
}

func (e *ErrorEffect) members(m *member.List) {
	m.Required("message", &e.Message)
	m.Extra(&e.Extra)
}

// EffectType returns "error".
func (*ErrorEffect) EffectType() string { return "error" }

// MarshalJSON returns the props as JSON, or a [*talonone.EncodeError].
func (e ErrorEffect) MarshalJSON() ([]byte, error) { return marshal(errorEffectModel, e) }

// UnmarshalJSON replaces the props by those in text. On a [*talonone.DecodeError] they are left as they were.
func (e *ErrorEffect) UnmarshalJSON(text []byte) error { return unmarshal(errorEffectModel, text, e) }
