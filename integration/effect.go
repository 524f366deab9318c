package integration

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/internal/codec"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// Effect is a decision of a rule, or of the API itself, about a session: a discount to apply, a rejected code, points to show.
// Props has the details. Use a type switch on it:
//
//	for _, e := range state.Effects {
//		switch p := e.Props.(type) {
//		case *integration.RejectCoupon:
//			show(p.Value, p.RejectionReason)
//		case *integration.UnknownEffect:
//			log(p.Type, p.Err)
//		}
//	}
//
// The API promises no order of effects. [NewReceipt] applies the discounts among them.
//
// It corresponds to "Effect" in the API reference.
//
//gen:model
type Effect struct {
	// ExperimentID is the number of the experiment that the campaign is part of ("experimentId").
	ExperimentID *int64 `json:"experimentId,omitzero"`
	// CampaignID is the number of the campaign that caused the effect ("campaignId"). It is -1 if no campaign did, for example
	// if a code is unknown. Required.
	CampaignID int64 `json:"campaignId"`
	// RulesetID is the number of the ruleset that the rule is in ("rulesetId"). Required.
	RulesetID int64 `json:"rulesetId"`
	// RuleIndex is the position of the rule in its ruleset, from 0 ("ruleIndex"). Required.
	RuleIndex int `json:"ruleIndex"`
	// RuleName is the name of the rule, which may be empty ("ruleName"). Required.
	RuleName string `json:"ruleName"`
	// Type is the name of the effect's type, such as "setDiscount" ("effectType"). Required. It may be empty if Props is set.
	// Encoding then writes the type of Props. If Type differs from the type of Props, encoding is an error.
	Type string `json:"effectType" api:"tag"`
	// TriggeredByCoupon is the number of the coupon that caused the effect ("triggeredByCoupon").
	TriggeredByCoupon *int64 `json:"triggeredByCoupon,omitzero"`
	// TriggeredForCatalogItem is the number of the catalog item that the effect is for ("triggeredForCatalogItem").
	TriggeredForCatalogItem *int64 `json:"triggeredForCatalogItem,omitzero"`
	// ConditionIndex is the position, from 0, of the condition in its rule that caused the effect ("conditionIndex").
	ConditionIndex *int `json:"conditionIndex,omitzero"`
	// EvaluationGroupID is the number of the evaluation group that the campaign is in ("evaluationGroupID").
	EvaluationGroupID *int64 `json:"evaluationGroupID,omitzero"`
	// EvaluationGroupMode is how that group is evaluated, such as [EvaluationStackable] ("evaluationGroupMode").
	EvaluationGroupMode EvaluationMode `json:"evaluationGroupMode,omitzero"`
	// CampaignRevisionID is the number of the campaign's revision ("campaignRevisionId").
	CampaignRevisionID *int64 `json:"campaignRevisionId,omitzero"`
	// CampaignRevisionVersionID is the number of that revision's version ("campaignRevisionVersionId").
	CampaignRevisionVersionID *int64 `json:"campaignRevisionVersionId,omitzero"`
	// SelectedPriceType names the price of the catalog item that applied ("selectedPriceType").
	SelectedPriceType string `json:"selectedPriceType,omitzero"`
	// SelectedPrice is that price, for one unit, in the Application's currency ("selectedPrice").
	SelectedPrice *decimal.Decimal `json:"selectedPrice,omitzero"`
	// AdjustmentReferenceID is the UUID of the price adjustment that applied ("adjustmentReferenceId").
	AdjustmentReferenceID string `json:"adjustmentReferenceId,omitzero"`
	// RewardID is the number of the reward that the rule belongs to ("rewardId").
	RewardID *int64 `json:"rewardId,omitzero"`
	// RewardIntegrationID is the ID of that reward in integrations ("rewardIntegrationId").
	RewardIntegrationID string `json:"rewardIntegrationId,omitzero"`
	// Props has the details of the effect ("props"). Required: encoding an effect without Props is an error. Decoding sets it
	// to a pointer to the struct for the type, or to an [*UnknownEffect], never to nil. encoding/json writes a value whose type
	// is not from this package.
	Props EffectProps `json:"props" api:"union"`
	// Extra holds the members that this version does not know.
	Extra map[string]json.RawMessage `json:"-"`
}

// LogValue returns what is safe to log: the type and the campaign, but not Props, which may contain codes.
func (e Effect) LogValue() slog.Value {
	return slog.GroupValue(slog.String("effectType", e.writtenType()), slog.Int64("campaignId", e.CampaignID))
}

// EffectProps has the details of an [Effect]. Pointers to the structs for the types of effects implement it, and so does
// [*UnknownEffect]. Several goroutines may read a value at once, but not while one of them changes it.
type EffectProps interface {
	// EffectType returns the name of the type of effect, such as "setDiscount".
	EffectType() string
}

// effectType returns the result of p.EffectType. ok is false if p is nil, or if EffectType panics.
func effectType(p EffectProps) (name string, ok bool) {
	defer func() { _ = recover() }()
	return p.EffectType(), true
}

// UnknownEffect has the props of an effect that this version cannot read, because the type is unknown or the props do not fit
// it. Encoding writes the props unchanged.
type UnknownEffect struct {
	// Type is the name of the type of effect.
	Type string
	// Raw is the JSON of the props, byte for byte. It is nil if the effect has no props or a null. Nil is written as null.
	Raw json.RawMessage
	// Err says why props of a known type do not fit it: a [*talonone.DecodeError] whose location is relative to Raw. It is nil
	// for an unknown type.
	Err error
}

// EffectType returns Type.
func (u *UnknownEffect) EffectType() string {
	if u == nil {
		return ""
	}
	return u.Type
}

// MarshalJSON returns Raw, or a [*talonone.EncodeError] if decoding would refuse it.
func (u UnknownEffect) MarshalJSON() ([]byte, error) { return codec.AppendAny(nil, u.Raw) }

// UnmarshalJSON sets Raw to the props in text and clears Err. It keeps Type, because props do not name their type. On a
// [*talonone.DecodeError] nothing changes.
func (u *UnknownEffect) UnmarshalJSON(text []byte) error {
	var raw *json.RawMessage
	if u != nil {
		raw = new(json.RawMessage)
	}
	err := codec.Unmarshal(text, raw, func(d *codec.Decoder, raw *json.RawMessage) { *raw = d.Raw() })
	if err == nil && *raw != nil {
		u.Raw, u.Err = *raw, nil
	}
	return err
}

// The type of an effect determines the struct of its props, but may follow the props in the text. The generated code calls
// these functions for the type and the props.

// decodeProps reads the props now if their type is already known, otherwise at the end of the effect.
func (e *Effect) decodeProps(d *codec.Decoder) {
	if e.Type == "" {
		e.Props = &laterProps{d.Mark()}
		d.Skip()
		return
	}
	e.Props = readProps(d, e.Type)
}

// endProps reads props that decodeProps has postponed. An effect without props gets an [*UnknownEffect].
func (e *Effect) endProps(d *codec.Decoder) {
	if d.Err() != nil {
		return
	}
	switch p := e.Props.(type) {
	case nil:
		if e.Props = absentProps(e.Type); e.Props != nil {
			return
		}
		unknown := &UnknownEffect{Type: e.Type}
		if knows(e.Type) {
			unknown.Err = &talonone.DecodeError{Err: fmt.Errorf("%w: want an object, got nothing", talonone.ErrWrongType)}
		}
		e.Props = unknown
	case *laterProps:
		end := d.Mark()
		d.Rewind(p.at)
		e.Props = readProps(d, e.Type)
		d.Rewind(end)
	}
}

// laterProps marks props whose type is not known yet, during decoding.
type laterProps struct{ at jsonwire.Mark }

func (*laterProps) EffectType() string { return "" }

// readProps reads props of a type. Props with an unknown type, or that do not fit their type, are kept as raw JSON, and
// decoding continues.
func readProps(d *codec.Decoder, effectType string) EffectProps {
	start := d.Mark()
	var misfit *jsonwire.Error
	if p := decodeKnownProps(d, effectType); p != nil {
		if misfit = d.Err(); misfit == nil {
			return p
		}
		d.Rewind(start)
	}
	unknown := &UnknownEffect{Type: effectType, Raw: d.Raw()}
	if misfit != nil && d.Err() == nil {
		misfit.Offset -= start.Offset()
		unknown.Err = codec.DecodeError(unknown.Raw, misfit)
	}
	return unknown
}

// hasProps reports whether the effect is written with its props. A type without props may omit them.
func (e *Effect) hasProps() bool { return isNil(e.Props) || !areAbsent(e.Props) }

// writtenType returns the name of the type to write.
func (e *Effect) writtenType() string {
	if e.Type == "" {
		name, _ := effectType(e.Props)
		return name
	}
	return e.Type
}

func (e *Effect) appendType(enc *codec.Encoder, buf []byte) []byte {
	if name, ok := effectType(e.Props); ok && e.Type != "" && e.Type != name && !goesBy(e.Props, e.Type) {
		enc.Fail(buf, talonone.ErrWrongType, "the props are of another type")
	}
	return enc.Text(buf, e.writtenType())
}

func (e *Effect) appendProps(enc *codec.Encoder, buf []byte) []byte {
	if isNil(e.Props) {
		enc.Fail(buf, talonone.ErrWrongType, "nothing, where a value is required")
		return buf
	}
	if _, ok := effectType(e.Props); !ok {
		enc.Fail(buf, talonone.ErrWrongType, fmt.Sprintf("a panic in EffectType of a %T", e.Props))
		return buf
	}
	return appendProps(enc, buf, e.Props)
}

func appendProps(enc *codec.Encoder, buf []byte, p EffectProps) []byte {
	if buf, known := appendKnownProps(enc, buf, p); known {
		return buf
	}
	if u, ok := p.(*UnknownEffect); ok {
		return enc.Any(buf, u.Raw)
	}
	return enc.Any(buf, p)
}

func equalProps(p, q EffectProps) bool {
	if isNil(p) || isNil(q) {
		return isNil(p) && isNil(q)
	}
	if equal, known := equalKnownProps(p, q); known {
		return equal && areAbsent(p) == areAbsent(q)
	}
	return codec.EqualWritten(
		func(e *codec.Encoder) []byte { return appendProps(e, nil, p) },
		func(e *codec.Encoder) []byte { return appendProps(e, nil, q) },
	)
}

func cloneProps(c *codec.Cloner, p EffectProps) EffectProps {
	if isNil(p) {
		return p
	}
	if u, ok := p.(*UnknownEffect); ok {
		return &UnknownEffect{Type: u.Type, Raw: bytes.Clone(u.Raw), Err: u.Err}
	}
	if known := cloneKnownProps(c, p); known != nil {
		return known
	}
	return p
}

// isNil reports whether p is nil or a nil pointer.
func isNil(p EffectProps) bool {
	v := reflect.ValueOf(p)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}
