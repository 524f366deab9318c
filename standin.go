package talonone

// This file stands in for state.go and validate.go until they are merged. It is to be deleted then.

import (
	"errors"
	"fmt"
)

type Operation string

const (
	OperationUpdate Operation = "update"
	OperationReopen Operation = "reopen"
	OperationReturn Operation = "return"
)

var (
	ErrRequired        = errors.New("required")
	ErrInvalidQuantity = errors.New("invalid quantity")
)

type Violation struct {
	Path   string
	Rule   error
	Detail string
}

func (v Violation) Error() string { return fmt.Sprintf("%s: %v", v.Path, v.Rule) }
func (v Violation) Unwrap() error { return v.Rule }

type ValidationError struct {
	Violations []Violation
	Omitted    int
}

func (e *ValidationError) Error() string { return "talonone: invalid session: " + e.Violations[0].Error() }

func (e *ValidationError) Unwrap() []error {
	var errs []error
	for _, v := range e.Violations {
		errs = append(errs, v)
	}
	return errs
}

type ValidateOption struct{ catalogPrices bool }

func CatalogPrices() ValidateOption { return ValidateOption{catalogPrices: true} }

func (u CustomerSessionUpdate) Validate(opts ...ValidateOption) error {
	var violations []Violation
	catalogPrices := false
	for _, opt := range opts {
		catalogPrices = catalogPrices || opt.catalogPrices
	}
	for i, item := range u.CartItems {
		if item.SKU == "" {
			violations = append(violations, Violation{Path: fmt.Sprintf("/cartItems/%d/sku", i), Rule: ErrRequired})
		}
		if item.Quantity < 1 {
			violations = append(violations, Violation{Path: fmt.Sprintf("/cartItems/%d/quantity", i), Rule: ErrInvalidQuantity})
		}
		if item.Price == nil && !catalogPrices {
			violations = append(violations, Violation{Path: fmt.Sprintf("/cartItems/%d/price", i), Rule: ErrRequired})
		}
	}
	if violations == nil {
		return nil
	}
	return &ValidationError{Violations: violations}
}
