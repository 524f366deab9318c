package integration

import (
	"net/http"
	"strconv"
)

// Response has the HTTP data of a call, see [WithResponse].
//
// Several goroutines may read a value at once, but not while one of them changes it, and not during the call.
type Response struct {
	// StatusCode is the HTTP status of the answer to the last attempt, even if its body is incomplete. It is 0 without an
	// answer to the last attempt, even if an earlier attempt had one.
	StatusCode int
	// Header is the header of that answer, or nil. If the server repeated the API key, the key is removed from the values. A
	// Location that is not a URL is left out.
	Header http.Header
	// Attempts is the number of attempts, including those without an answer or without an API key. It is 0 if the call was
	// refused, or if its context ended before the first attempt.
	Attempts int
	// Replayed reports whether the server says that the answer repeats that of an earlier request with the same idempotency key
	// ("Idempotent-Replayed").
	Replayed bool
}

// reset clears r at the beginning of an attempt, counted from 1. 0 means before the first attempt.
func (r *Response) reset(attempt int) {
	if r != nil {
		*r = Response{Attempts: attempt}
	}
}

// set fills r from an answer.
func (r *Response) set(resp *http.Response, withoutKey func(string) string) {
	if r == nil {
		return
	}
	r.StatusCode = resp.StatusCode
	r.Header = headerWithoutKey(resp.Header, withoutKey)
	r.Replayed, _ = strconv.ParseBool(resp.Header.Get("Idempotent-Replayed"))
}
