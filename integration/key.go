package integration

import (
	"context"
	"fmt"
	"strings"
)

// apiKeyScheme precedes the key in the Authorization header.
const apiKeyScheme = "ApiKey-v1"

func authorization(key string) string { return apiKeyScheme + " " + key }

// An apiKeyFunc returns the key for an attempt. A fixed key is in a function too, so that printing a Client does not show it.
type apiKeyFunc func(context.Context) (string, error)

// newAPIKeyFunc returns the function of WithAPIKeyFunc if it is set, or else a function for the fixed key.
func (s *settings) newAPIKeyFunc(fixed string) (apiKeyFunc, error) {
	if s.askKey == nil || fixed != "" {
		if err := checkAPIKey(fixed); err != nil {
			return nil, err
		}
	}
	if s.askKey != nil {
		return s.askAPIKey, nil
	}
	return func(context.Context) (string, error) { return fixed, nil }, nil
}

func checkAPIKey(key string) error {
	switch {
	case len(key) >= len(apiKeyScheme) && strings.EqualFold(key[:len(apiKeyScheme)], apiKeyScheme):
		return fmt.Errorf("%w: leave %q out of the API key: the client adds it", ErrInvalidConfig, apiKeyScheme)
	case key == "" || !printableASCII(key) || strings.Contains(key, " "):
		return fmt.Errorf("%w: an API key that is empty, or has characters other than printable ASCII without spaces",
			ErrInvalidConfig)
	}
	return nil
}

// askAPIKey calls the function of WithAPIKeyFunc. Its error is a *keyError.
func (s *settings) askAPIKey(ctx context.Context) (key string, err error) {
	defer func() {
		if v := recover(); v != nil {
			cause, _ := v.(error)
			key, err = "", newKeyError("the function of WithAPIKeyFunc panicked", cause)
		}
	}()
	key, err = s.askKey(ctx)
	if err != nil {
		return "", newKeyError("the function of WithAPIKeyFunc failed", err)
	}
	if err := checkAPIKey(key); err != nil {
		return "", newKeyError("the function of WithAPIKeyFunc gave a key that cannot be sent: "+err.Error(), err)
	}
	return key, nil
}

// keyFailure returns the error for an attempt that has no key.
func (c *Client) keyFailure(ctx context.Context, r *request, attempt int, err error) error {
	if ctx.Err() != nil {
		return newInterruptedError(ctx, r.operation, nil)
	}
	if e, ok := err.(*keyError); ok { //nolint:errorlint // ours alone: a wrapped one is that of another client
		e.operation, e.attempt = r.operation, attempt
	}
	return err
}

// keyError is an attempt without a key. It hides the text of the error of the caller's function, which may contain a key.
type keyError struct {
	hiddenError
	operation operation
	attempt   int
}

func newKeyError(text string, cause error) *keyError {
	return &keyError{hiddenError: newHiddenError(text, cause)}
}

func (e *keyError) Error() string {
	return fmt.Sprintf("integration: %s: attempt %d: no API key: %s", e.operation.name, e.attempt, e.text)
}
