package twin

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/integration"
)

// State is the twin of integration.IntegrationState, as far as it is the answer to an update. Of its effects, P is the type
// of Props: json.RawMessage to decode one, because what it holds depends on Type, and any to encode one.
type State[N, P any] struct {
	Effects         []Effect[N, P]             `json:"effects"`
	CustomerSession *Session[N]                `json:"customerSession,omitempty"`
	Extra           map[string]json.RawMessage `json:"-"`
}

// Effect is the twin of integration.Effect.
type Effect[N, P any] struct {
	ExperimentID              *int64                     `json:"experimentId,omitempty"`
	CampaignID                int64                      `json:"campaignId"`
	RulesetID                 int64                      `json:"rulesetId"`
	RuleIndex                 int                        `json:"ruleIndex"`
	RuleName                  string                     `json:"ruleName"`
	Type                      string                     `json:"effectType"`
	TriggeredByCoupon         *int64                     `json:"triggeredByCoupon,omitempty"`
	TriggeredForCatalogItem   *int64                     `json:"triggeredForCatalogItem,omitempty"`
	ConditionIndex            *int                       `json:"conditionIndex,omitempty"`
	EvaluationGroupID         *int64                     `json:"evaluationGroupID,omitempty"`
	EvaluationGroupMode       string                     `json:"evaluationGroupMode,omitempty"`
	CampaignRevisionID        *int64                     `json:"campaignRevisionId,omitempty"`
	CampaignRevisionVersionID *int64                     `json:"campaignRevisionVersionId,omitempty"`
	SelectedPriceType         string                     `json:"selectedPriceType,omitempty"`
	SelectedPrice             *N                         `json:"selectedPrice,omitempty"`
	AdjustmentReferenceID     string                     `json:"adjustmentReferenceId,omitempty"`
	Props                     P                          `json:"props"`
	Extra                     map[string]json.RawMessage `json:"-"`
}

// SetDiscountPerItem is the twin of integration.SetDiscountPerItem.
type SetDiscountPerItem[N any] struct {
	Name                     string                     `json:"name"`
	Value                    N                          `json:"value"`
	Position                 int                        `json:"position"`
	SubPosition              *int                       `json:"subPosition,omitempty"`
	DesiredValue             *N                         `json:"desiredValue,omitempty"`
	Scope                    string                     `json:"scope,omitempty"`
	TotalDiscount            *N                         `json:"totalDiscount,omitempty"`
	DesiredTotalDiscount     *N                         `json:"desiredTotalDiscount,omitempty"`
	BundleIndex              *int                       `json:"bundleIndex,omitempty"`
	BundleName               string                     `json:"bundleName,omitempty"`
	TargetedItemPosition     *int                       `json:"targetedItemPosition,omitempty"`
	TargetedItemSubPosition  *int                       `json:"targetedItemSubPosition,omitempty"`
	ExcludedFromPriceHistory *bool                      `json:"excludedFromPriceHistory,omitempty"`
	Extra                    map[string]json.RawMessage `json:"-"`
}

// AddLoyaltyPoints is the twin of integration.AddLoyaltyPoints.
type AddLoyaltyPoints[N any] struct {
	Name                   string                     `json:"name"`
	ProgramID              int64                      `json:"programId"`
	SubLedgerID            string                     `json:"subLedgerId"`
	Value                  N                          `json:"value"`
	DesiredValue           *N                         `json:"desiredValue,omitempty"`
	RecipientIntegrationID string                     `json:"recipientIntegrationId"`
	StartDate              *time.Time                 `json:"startDate,omitempty"`
	ExpiryDate             *time.Time                 `json:"expiryDate,omitempty"`
	TransactionUUID        string                     `json:"transactionUUID"`
	CartItemPosition       *int                       `json:"cartItemPosition,omitempty"`
	CartItemSubPosition    *int                       `json:"cartItemSubPosition,omitempty"`
	CardIdentifier         string                     `json:"cardIdentifier,omitempty"`
	BundleIndex            *int                       `json:"bundleIndex,omitempty"`
	BundleName             string                     `json:"bundleName,omitempty"`
	AwaitsActivation       *bool                      `json:"awaitsActivation,omitempty"`
	ValidityDuration       string                     `json:"validityDuration,omitempty"`
	Extra                  map[string]json.RawMessage `json:"-"`
}

// AcceptCoupon is the twin of integration.AcceptCoupon.
type AcceptCoupon struct {
	Value string                     `json:"value"`
	Extra map[string]json.RawMessage `json:"-"`
}

// ShowNotification is the twin of integration.ShowNotification.
type ShowNotification struct {
	NotificationType string                     `json:"notificationType"`
	Title            string                     `json:"title"`
	Body             string                     `json:"body"`
	Extra            map[string]json.RawMessage `json:"-"`
}

// NewState returns the answer to an update of the nth session of so many items: the session, and two effects for each of its items.
func NewState(n, items int) integration.IntegrationState {
	s := Nth(n, items, Common)
	state := integration.IntegrationState{CustomerSession: &s}
	for i := range items {
		state.Effects = append(state.Effects, integration.Effect{
			CampaignID: 244, RulesetID: 73, RuleIndex: i % 3, RuleName: "3 % off each pair of running shoes",
			TriggeredByCoupon: new(int64(4928)), EvaluationGroupID: new(int64(3)), EvaluationGroupMode: "stackable",
			Props: &integration.SetDiscountPerItem{
				Name: fmt.Sprintf("3 %% off running shoes#%d", i), Value: decimal.New(int64(299+i), -2), Position: i,
				SubPosition: new(0), Scope: "price",
			},
		})
	}
	for i := range items {
		e := integration.Effect{CampaignID: 245, RulesetID: 74, RuleIndex: i, RuleName: "Thanks for shopping"}
		switch i % 5 {
		case 0:
			e.Props = &integration.AcceptCoupon{Value: "XMAS-20"}
		case 1:
			e.Props = &integration.ShowNotification{NotificationType: "Info", Title: "Thanks", Body: "Your points arrive in two weeks."}
		default:
			e.Props = &integration.AddLoyaltyPoints{
				Name: "Points for each euro", ProgramID: 5, Value: decimal.New(int64(1250+i), -1), RecipientIntegrationID: "customer-1",
				StartDate:       time.Date(2026, 2, 22, 0, 0, 0, 0, time.UTC),
				TransactionUUID: fmt.Sprintf("c17b4ad3-4b2e-4a3d-9f1a-0000000000%02d", i), CartItemPosition: new(i),
			}
		}
		state.Effects = append(state.Effects, e)
	}
	return state
}

// DecodeState decodes a state with a library's Unmarshal, and then the props of every effect, which their type tells apart.
func DecodeState[N any](unmarshal func([]byte, any) error, text []byte) (*State[N, any], error) {
	var raw State[N, json.RawMessage]
	if err := unmarshal(text, &raw); err != nil {
		return nil, err
	}
	state := &State[N, any]{CustomerSession: raw.CustomerSession, Effects: make([]Effect[N, any], len(raw.Effects))}
	for i := range raw.Effects {
		var props any
		switch raw.Effects[i].Type {
		case "setDiscountPerItem":
			props = new(SetDiscountPerItem[N])
		case "addLoyaltyPoints":
			props = new(AddLoyaltyPoints[N])
		case "acceptCoupon":
			props = new(AcceptCoupon)
		case "showNotification":
			props = new(ShowNotification)
		default:
			return nil, fmt.Errorf("no twin of the effect %q", raw.Effects[i].Type)
		}
		if err := unmarshal(raw.Effects[i].Props, props); err != nil {
			return nil, err
		}
		state.Effects[i] = withProps(&raw.Effects[i], props)
	}
	return state, nil
}

func withProps[N any](e *Effect[N, json.RawMessage], props any) Effect[N, any] {
	return Effect[N, any]{
		e.ExperimentID, e.CampaignID, e.RulesetID, e.RuleIndex, e.RuleName, e.Type, e.TriggeredByCoupon, e.TriggeredForCatalogItem,
		e.ConditionIndex, e.EvaluationGroupID, e.EvaluationGroupMode, e.CampaignRevisionID, e.CampaignRevisionVersionID,
		e.SelectedPriceType, e.SelectedPrice, e.AdjustmentReferenceID, props, e.Extra,
	}
}
