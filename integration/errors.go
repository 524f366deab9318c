package integration

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// The order of this file: the sentinels; Unavailable; RequestError, for calls that were not sent; APIError, for answers; and
// unexported errors that users match by what they wrap: no complete answer, an unusable answer, an ended context, a refused
// redirect.

// The errors of this package itself. An update may also fail with a [*talonone.ValidationError] or a [*talonone.EncodeError]
// before it is sent.
var (
	// ErrInvalidConfig is an argument or an option that [NewClient] refuses, or such a key from the function of
	// [WithAPIKeyFunc].
	ErrInvalidConfig = errors.New("integration: invalid configuration")
	// ErrInvalidRequest is a call that was refused before anything was sent, a [*RequestError]. The context is nil, the session
	// ID is empty or not possible in a path, a call option is invalid, a return is incomplete or has a value out of range, Now
	// is set without DryRun or RFC 3339 cannot express it, or a [Request] breaks the rules of its fields. Every call of a
	// Client that [NewClient] did not create is refused too.
	ErrInvalidRequest = errors.New("integration: invalid request")
	// ErrInvalidResponse is a 2xx answer that cannot be used. Its body is empty, not JSON, of another shape (then there is a
	// [*talonone.DecodeError] too), or larger than [WithMaxResponseBytes]. Or it lacks a member that every answer has, or the
	// member is null: effects after an update, a return or a reopening, customerSession after a read. Or the answer to
	// [Client.Do] does not fit the value to decode into. The call may have taken effect.
	ErrInvalidResponse = errors.New("integration: unusable answer")
)

// The sentinels that an [*APIError] matches with errors.Is.
var (
	// ErrBadRequest is status 400: the request is wrong, and a repeat fails too.
	ErrBadRequest = errors.New("integration: bad request")
	// ErrUnauthorized is status 401: the API key is wrong, expired, or one of another deployment.
	ErrUnauthorized = errors.New("integration: unauthorized")
	// ErrForbidden is status 403: the API key is not allowed to do this, or a firewall refused the request.
	ErrForbidden = errors.New("integration: forbidden")
	// ErrNotFound is status 404: there is no such session, or no such resource in a call of [Client.Do].
	ErrNotFound = errors.New("integration: not found")
	// ErrConflict is status 409: too many requests for this session or profile at once.
	ErrConflict = errors.New("integration: conflict")
	// ErrRateLimited is status 429: too many requests.
	ErrRateLimited = errors.New("integration: rate limited")
	// ErrServer is a status from 500 to 599.
	ErrServer = errors.New("integration: server error")
)

// Unavailable reports whether a call failed because the service cannot answer now, although the call is correct. This is so if
// it answered 408, 409, 425, 429 or 5xx, or 2xx with a body that cannot be used ([ErrInvalidResponse]), if no complete answer
// arrived, or if a deadline passed. A shop can then sell without discounts, or ask the customer to wait. A writing call may
// have taken effect nevertheless.
//
// It is false for nil, for a call whose context was cancelled, for a server certificate that is not trusted, and for every
// other error that does not pass with time. [Retry.Decide] does not change the result.
func Unavailable(err error) bool {
	if e, ok := errors.AsType[*interruptedError](err); ok {
		return e.deadline // not the last attempt or the context's cause decides
	}
	passes, _ := retryable(err)
	return passes || errors.Is(err, ErrInvalidResponse) || errors.Is(err, context.DeadlineExceeded)
}

// RequestError is a call that was refused before anything was sent. It is returned as *RequestError and matches
// [ErrInvalidRequest]. An update that breaks a rule gives a [*talonone.ValidationError] instead, with paths relative to the
// update.
type RequestError struct {
	// Path is a JSON Pointer to the bad value in the request body, such as "/return/returnedCartItems/3/quantity". It is empty
	// if the problem is not in the body but in the context, the session's ID, a call option or Now. Err names these.
	Path string
	// Err says what is wrong.
	Err error
}

func invalidRequest(path, reason string) *RequestError {
	return &RequestError{Path: path, Err: errors.New(reason)}
}

// Error returns the reason and the location. It is for people and may change.
func (e *RequestError) Error() string {
	text := fmt.Sprintf("%v: %v", ErrInvalidRequest, e.Err)
	if e.Path != "" {
		text += " at " + printable(e.Path, maxTextLen)
	}
	return text
}

// Unwrap returns [ErrInvalidRequest] and Err.
func (e *RequestError) Unwrap() []error { return []error{ErrInvalidRequest, e.Err} }

// APIError is an answer whose status is not 2xx, with any body. It is returned as *APIError:
//
//	if apiErr, ok := errors.AsType[*integration.APIError](err); ok { ... }
//
// errors.Is matches it with [ErrBadRequest], [ErrUnauthorized], [ErrForbidden], [ErrNotFound], [ErrConflict], [ErrRateLimited]
// or [ErrServer], or with none of them. It corresponds to "ErrorResponse" and "ErrorResponseWithStatus" in the API reference.
type APIError struct {
	// StatusCode is the HTTP status.
	StatusCode int
	// Message is the server's summary ("message"). It may be empty, for example if a gateway answered.
	Message string
	// Errors lists the individual problems ("errors").
	Errors []APIErrorDetail
	// Header is the header of the answer. The API key is removed from its values. A Location that is not a URL is left out.
	Header http.Header
	// Body is the body of the answer, up to 1 MiB or [WithMaxResponseBytes]. If the server repeated the API key, the key is
	// removed. Body may contain data that must not be logged.
	Body []byte
}

// APIErrorDetail is one problem of a request. The API sets one of Pointer, Parameter, Line and Resource. If it sends a text
// instead of an object, the text is in Details.
type APIErrorDetail struct {
	// Title is a short description of the problem ("title").
	Title string
	// Details is the full description ("details").
	Details string
	// Pointer is a JSON Pointer to the bad value in the request's body ("source.pointer").
	Pointer string
	// Parameter is the name of the bad query parameter ("source.parameter").
	Parameter string
	// Line is the number of the bad line in an import ("source.line").
	Line string
	// Resource is the name of the bad resource ("source.resource").
	Resource string
}

// The number of bytes that an error shows of one text, and of all texts.
const (
	maxTextLen  = 300
	maxErrorLen = 1024
)

// Error returns the status, the server's message and its details, cut at about 1000 bytes:
//
//	integration: 400 Bad Request: Unknown attribute at /attributes/MyAttribute
//
// It is for people and may change. It contains nothing else of the body.
func (e *APIError) Error() string {
	var text strings.Builder
	text.WriteString("integration: " + statusText(e.StatusCode))
	if e.StatusCode/100 == 3 && e.StatusCode != http.StatusNotModified {
		text.WriteString(": a redirect that is not followed")
	}
	if e.Message != "" {
		text.WriteString(": " + printable(e.Message, maxTextLen))
	}
	separator := ": "
	for _, detail := range e.Errors {
		if s := detail.text(); s != "" {
			text.WriteString(separator + s)
			separator = "; "
		}
		if text.Len() > maxErrorLen {
			break
		}
	}
	return printable(text.String(), maxErrorLen)
}

func (d APIErrorDetail) text() string {
	text := printable(d.Title, maxTextLen)
	if details := printable(strings.TrimSuffix(d.Details, "."), maxTextLen); text == "" {
		text = details
	} else if details != "" {
		text += ": " + details
	}
	if d.Pointer != "" {
		text = strings.TrimLeft(text+" at "+printable(d.Pointer, maxTextLen), " ")
	}
	return text
}

// Is reports whether target is the sentinel of e's status.
func (e *APIError) Is(target error) bool {
	switch target {
	case ErrBadRequest:
		return e.StatusCode == http.StatusBadRequest
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized
	case ErrForbidden:
		return e.StatusCode == http.StatusForbidden
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound
	case ErrConflict:
		return e.StatusCode == http.StatusConflict
	case ErrRateLimited:
		return e.StatusCode == http.StatusTooManyRequests
	case ErrServer:
		return 500 <= e.StatusCode && e.StatusCode <= 599
	}
	return false
}

// newAPIError reads the known members of a body. It ignores values of an unexpected type, so that a strange body does not hide
// the error.
//
// A server may repeat the API key. The key is removed after decoding, because JSON can write one text in many ways.
func newAPIError(resp *http.Response, body []byte, withoutKey func(string) string) *APIError {
	e := &APIError{
		StatusCode: resp.StatusCode,
		Header:     headerWithoutKey(resp.Header, withoutKey),
		Body:       []byte(withoutKey(string(body))),
	}
	jsonText := func(raw json.RawMessage) string { return withoutKey(jsonText(raw)) }
	var document struct {
		Message json.RawMessage `json:"message"`
		Errors  json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(bytes.TrimPrefix(body, byteOrderMark), &document) != nil {
		return e
	}
	e.Message = jsonText(document.Message)
	var elements []json.RawMessage
	if json.Unmarshal(document.Errors, &elements) != nil && document.Errors != nil {
		elements = []json.RawMessage{document.Errors}
	}
	for _, element := range elements {
		var detail struct {
			Title   json.RawMessage `json:"title"`
			Details json.RawMessage `json:"details"`
			Source  json.RawMessage `json:"source"`
		}
		var source struct {
			Pointer   json.RawMessage `json:"pointer"`
			Parameter json.RawMessage `json:"parameter"`
			Line      json.RawMessage `json:"line"`
			Resource  json.RawMessage `json:"resource"`
		}
		if json.Unmarshal(element, &detail) != nil {
			e.Errors = append(e.Errors, APIErrorDetail{Details: jsonText(element)})
			continue
		}
		_ = json.Unmarshal(detail.Source, &source)
		e.Errors = append(e.Errors, APIErrorDetail{
			Title:     jsonText(detail.Title),
			Details:   jsonText(detail.Details),
			Pointer:   jsonText(source.Pointer),
			Parameter: jsonText(source.Parameter),
			Line:      jsonText(source.Line),
			Resource:  jsonText(source.Resource),
		})
	}
	return e
}

// headerWithoutKey returns a copy of a header with the API key removed from its values.
func headerWithoutKey(header http.Header, withoutKey func(string) string) http.Header {
	header = header.Clone()
	for _, values := range header {
		for i := range values {
			values[i] = withoutKey(values[i])
		}
	}
	return header
}

// jsonText returns the content of a JSON string, the text of a number, or "".
func jsonText(raw json.RawMessage) string {
	var text string
	var number json.Number
	if json.Unmarshal(raw, &text) != nil && json.Unmarshal(raw, &number) == nil {
		text = number.String()
	}
	return text
}

func statusText(code int) string {
	return strings.TrimRight(strconv.Itoa(code)+" "+http.StatusText(code), " ")
}

// printable returns s with unprintable characters escaped, cut at about limit bytes.
func printable(s string, limit int) string {
	var b strings.Builder
	for _, r := range s {
		if b.Len() >= limit {
			b.WriteString("...")
			break
		}
		if strconv.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRune(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// attemptError is an attempt without a complete answer. Its text is that of the transport's error without the URL, because the
// URL identifies the session. It is a [net.Error].
type attemptError struct {
	operation operation
	attempt   int
	text      string
	timeout   bool
	err       error // from the transport, without a *url.Error and without the API key
}

func (e *attemptError) Error() string {
	return fmt.Sprintf("integration: %s: attempt %d: %s", e.operation.name, e.attempt, e.text)
}

func (e *attemptError) Unwrap() error { return e.err }

// Timeout reports whether the answer took too long.
func (e *attemptError) Timeout() bool { return e.timeout }

// Temporary is the same as Timeout. It is deprecated, but net.Error still demands it.
func (e *attemptError) Temporary() bool { return e.timeout }

// withheldError replaces an error that repeats the API key, because wrapped errors get printed too. errors.Is still matches the
// original.
type withheldError struct{ is func(target error) bool }

func (*withheldError) Error() string          { return "an error that repeats the API key" }
func (e *withheldError) Is(target error) bool { return e.is(target) }

// A hiddenError replaces an error of the caller's code or of encoding/json, whose text may show a key, a code or an identifier.
// It does not unwrap to that error, because some loggers print wrapped errors, but errors.Is and errors.As find it. The
// original is kept in closures, so that printing a hiddenError with %+v does not show it either.
type hiddenError struct {
	text string
	is   func(target error) bool
	as   func(target any) bool
}

// newHiddenError returns an error in which errors.Is and errors.As find cause. cause may be nil.
func newHiddenError(text string, cause error) hiddenError {
	return hiddenError{
		text: text,
		is:   func(target error) bool { return errors.Is(cause, target) },
		as:   func(target any) bool { return errors.As(cause, target) },
	}
}

func (e *hiddenError) Error() string { return e.text }

func (e *hiddenError) Is(target error) bool { return e.is(target) }

func (e *hiddenError) As(target any) bool { return e.as(target) }

// withoutURL returns the error that a *url.Error wraps, because the text of a *url.Error contains the URL.
func withoutURL(err error) error {
	for {
		e, ok := err.(*url.Error) //nolint:errorlint // unwraps one layer at a time
		if !ok {
			return err
		}
		err = e.Err
	}
}

// answerError is a 2xx answer that cannot be used.
type answerError struct {
	operation operation
	text      string
	err       error // from decoding, or nil
}

func (e *answerError) Error() string {
	return fmt.Sprintf("integration: %s: unusable answer: %s", e.operation.name, e.text)
}

func (e *answerError) Is(target error) bool { return target == ErrInvalidResponse }

func (e *answerError) Unwrap() error { return e.err }

// interruptedError is a call whose context ended during a wait or during an attempt.
type interruptedError struct {
	operation operation
	ended     error // from contextError
	deadline  bool  // the context's deadline passed
	last      error // of the last complete attempt, or nil
}

func (e *interruptedError) Error() string {
	text := fmt.Sprintf("integration: %s: %v", e.operation.name, e.ended)
	if e.last != nil {
		text += "; last attempt: " + strings.TrimPrefix(e.last.Error(), "integration: ")
	}
	return text
}

func (e *interruptedError) Unwrap() []error {
	if e.last == nil {
		return []error{e.ended}
	}
	return []error{e.ended, e.last}
}

func newInterruptedError(ctx context.Context, op operation, last error) *interruptedError {
	return &interruptedError{op, contextError(ctx), ctx.Err() == context.DeadlineExceeded, last}
}

// contextError returns why ctx ended: its error, and its cause if that is different.
func contextError(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if cause == nil || errors.Is(err, cause) {
		return err
	}
	return fmt.Errorf("%w: %w", err, cause)
}

// redirectError wraps the error of the CheckRedirect of the caller's http.Client.
type redirectError struct{ err error }

func (e *redirectError) Error() string { return "redirect refused: " + e.err.Error() }

func (e *redirectError) Unwrap() error { return e.err }

// decideError is a panic in Retry.Decide after a failed attempt.
type decideError struct {
	operation operation
	text      string
	err       error // of the attempt
}

func (e *decideError) Error() string {
	return fmt.Sprintf("integration: %s: Retry.Decide panicked: %s; last attempt: %s", e.operation.name, e.text,
		strings.TrimPrefix(e.err.Error(), "integration: "))
}

func (e *decideError) Unwrap() error { return e.err }
