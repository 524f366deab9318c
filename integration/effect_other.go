package integration

import (
	"encoding/json"
)

// ShowNotification asks the shop to show a message to the customer.
//
//gen:effect showNotification
type ShowNotification struct {
	// NotificationType is the kind of message, such as [NotificationInfo] ("notificationType"). Required.
	NotificationType NotificationType `json:"notificationType"`
	// Title is the heading of the message ("title"). Required.
	Title string `json:"title"`
	// Body is the message ("body"). Required.
	Body string `json:"body"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// UpdateAttribute says that a rule changed an attribute. Update your own copies of it. The API names the type "set" or
// "updateAttribute".
//
//gen:effect updateAttribute set
type UpdateAttribute struct {
	// Path is the entity and the attribute, such as "Session.Attributes.color" ("path"). Required: without it the props are an
	// [UnknownEffect].
	Path string `json:"path" api:"must"`
	// Value is the attribute's new value, as JSON ("value"). Nil is written as null. Required.
	Value json.RawMessage `json:"value"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// TriggerWebhook says that a rule called a webhook. The shop need not do anything. The API names the type "callApi" or
// "triggerWebhook".
//
//gen:effect triggerWebhook callApi
type TriggerWebhook struct {
	// WebhookID is the number of the webhook ("webhookId"). Required.
	WebhookID int64 `json:"webhookId"`
	// WebhookName is the name of the webhook ("webhookName"). Required.
	WebhookName string `json:"webhookName"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// AddToAudience says that the customer was added to an audience.
//
//gen:effect addToAudience
type AddToAudience struct {
	// AudienceID is the number of the audience ("audienceId").
	AudienceID *int64 `json:"audienceId,omitzero"`
	// AudienceName is the name of the audience ("audienceName").
	AudienceName string `json:"audienceName,omitzero"`
	// ProfileIntegrationID is the integration ID of the profile ("profileIntegrationId").
	ProfileIntegrationID string `json:"profileIntegrationId,omitzero"`
	// ProfileID is the number of the profile ("profileId").
	ProfileID *int64 `json:"profileId,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// RemoveFromAudience says that the customer was removed from an audience.
//
//gen:effect removeFromAudience
type RemoveFromAudience struct {
	// AudienceID is the number of the audience ("audienceId").
	AudienceID *int64 `json:"audienceId,omitzero"`
	// AudienceName is the name of the audience ("audienceName").
	AudienceName string `json:"audienceName,omitzero"`
	// ProfileIntegrationID is the integration ID of the profile ("profileIntegrationId").
	ProfileIntegrationID string `json:"profileIntegrationId,omitzero"`
	// ProfileID is the number of the profile ("profileId").
	ProfileID *int64 `json:"profileId,omitzero"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// CustomEffect is an effect that the account defined itself.
//
//gen:effect customEffect
type CustomEffect struct {
	// EffectID is the number of the effect's definition ("effectId"). Required.
	EffectID int64 `json:"effectId"`
	// Name is the name of the effect ("name"). Required.
	Name string `json:"name"`
	// CartItemPosition is the index, from 0, of the item in the session's CartItems ("cartItemPosition"). Nil means the session
	// as a whole.
	CartItemPosition *int `json:"cartItemPosition,omitzero"`
	// CartItemSubPosition is the index, from 0, of the unit of the item ("cartItemSubPosition"). Nil means the item as a whole.
	CartItemSubPosition *int `json:"cartItemSubPosition,omitzero"`
	// BundleIndex is the index, from 0, of the bundle among those of one definition ("bundleIndex").
	BundleIndex *int `json:"bundleIndex,omitzero"`
	// BundleName is the name of the bundle's definition ("bundleName").
	BundleName string `json:"bundleName,omitzero"`
	// Payload is the object of the effect, as JSON ("payload"). Nil is written as an empty object. Required.
	Payload json.RawMessage `json:"payload" api:"default={}"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// ErrorEffect says that something went wrong while a rule was evaluated.
//
//gen:effect error
type ErrorEffect struct {
	// Message says what went wrong, for people ("message"). Required.
	Message string `json:"message"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}
