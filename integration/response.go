package integration

import (
	"net/http"
	"strconv"
)

// Response is what HTTP says of a call beside its result, see [WithResponse].
//
// A value may be read by several goroutines at once, but not while one of them changes it, and not during the call.
type Response struct {
	// StatusCode is the HTTP status of the answer to the last attempt, also if its body broke off. It is 0 if none came: the answer
	// to an earlier attempt does not count.
	StatusCode int
	// Header is the header of that answer, or nil. The API key is taken out of its values, should the server repeat it, and a
	// Location that is no URL is left out.
	Header http.Header
	// Attempts is how many attempts were made, also those without an answer or without an API key. It is 0 if the call was refused,
	// or if its context ended before the first attempt.
	Attempts int
	// Replayed reports whether that answer says that it repeats the one to an earlier request with the same idempotency key
	// ("Idempotent-Replayed").
	Replayed bool
}

// reset is for the beginning of an attempt, counted from 1. 0 is none.
func (r *Response) reset(attempt int) {
	if r != nil {
		*r = Response{Attempts: attempt}
	}
}

// set takes what there is to know of an answer.
func (r *Response) set(resp *http.Response, withoutKey func(string) string) {
	if r == nil {
		return
	}
	r.StatusCode = resp.StatusCode
	r.Header = headerWithoutKey(resp.Header, withoutKey)
	r.Replayed, _ = strconv.ParseBool(resp.Header.Get("Idempotent-Replayed"))
}
