package codec_test

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone/internal/codec"
)

// Kinds has members of every kind, those that may be nil also as required ones. Its methods are generated, as those of any model.
//
//gen:model sql
type Kinds struct {
	Text           string                     `json:"text,omitzero"`
	Standard       string                     `json:"standard" api:"default=usual"`
	Named          Name                       `json:"named,omitzero"`
	TextPointer    *string                    `json:"textPointer,omitzero"`
	Amount         decimal.Decimal            `json:"amount"`
	AmountPointer  *decimal.Decimal           `json:"amountPointer,omitzero"`
	Flag           bool                       `json:"flag"`
	OptionalFlag   bool                       `json:"optionalFlag,omitzero"`
	FlagPointer    *bool                      `json:"flagPointer,omitzero"`
	Count          int                        `json:"count"`
	CountPointer   *int                       `json:"countPointer,omitzero"`
	ID             int64                      `json:"id,omitzero"`
	IDPointer      *int64                     `json:"idPointer,omitzero"`
	At             time.Time                  `json:"at,omitzero"`
	Texts          []string                   `json:"texts,omitzero"`
	RequiredTexts  []string                   `json:"requiredTexts"`
	Names          []Name                     `json:"names,omitzero"`
	Counts         []int                      `json:"counts,omitzero"`
	RequiredCounts []int                      `json:"requiredCounts"`
	IDs            []int64                    `json:"ids,omitzero"`
	RequiredIDs    []int64                    `json:"requiredIDs"`
	Object         map[string]any             `json:"object,omitzero"`
	RequiredObject map[string]any             `json:"requiredObject"`
	Free           json.RawMessage            `json:"free,omitzero"`
	RequiredFree   json.RawMessage            `json:"requiredFree"`
	OtherFree      json.RawMessage            `json:"otherFree" api:"default={}"`
	Part           *Part                      `json:"part,omitzero"`
	Parts          []Part                     `json:"parts,omitzero"`
	RequiredParts  []Part                     `json:"requiredParts"`
	ByName         map[string]Part            `json:"byName,omitzero"`
	RequiredByName map[string]Part            `json:"requiredByName"`
	Last           string                     `json:"last,omitzero"`
	Extra          map[string]json.RawMessage `json:"-"`
}

// Name is a string of a type of its own.
type Name string

// Part is a model that stands in another one.
//
//gen:model
type Part struct {
	A     string                     `json:"a,omitzero"`
	B     int                        `json:"b,omitzero"`
	C     *int                       `json:"c,omitzero"`
	D     *decimal.Decimal           `json:"d,omitzero"`
	Whole *Kinds                     `json:"whole,omitzero"`
	Extra map[string]json.RawMessage `json:"-"`
}

// Musts has members that must be there.
//
//gen:model
type Musts struct {
	A string `json:"a" api:"must"`
	B int    `json:"b"`
	C int    `json:"c" api:"must"`
	// Extra is what there is beside.
	Extra map[string]json.RawMessage `json:"-"`
}

// validation is a walk without rules.
type validation struct{ codec.Checker }

// A placed error is one of decoding or encoding with its place.
type placed struct {
	path   string
	offset int // -1 of encoding
	err    error
}

func (p *placed) Error() string { return p.path + ": " + p.err.Error() }
func (p *placed) Unwrap() error { return p.err }

func init() {
	codec.NewDecodeError = func(path string, offset int, err error) error { return &placed{path, offset, err} }
	codec.NewEncodeError = func(path string, err error) error { return &placed{path, -1, err} }
}
