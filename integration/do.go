package integration

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/internal/codec"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// Request is a call of an endpoint of the Integration API without a method of Client, see [Client.Do].
type Request struct {
	// Method is GET, POST, PUT, PATCH or DELETE.
	Method string
	// Path begins with "/v1/" or "/v2/" and has no query. Escape each identifier in it with [url.PathEscape]:
	//
	//	Path: "/v2/customer_profiles/" + url.PathEscape(profileID)
	//
	// The client then percent-encodes all characters of a segment except the unreserved ones of RFC 3986, as the API demands.
	// PathEscape alone encodes fewer characters.
	//
	// These are refused: an empty segment, which an empty identifier would give; "." and ".." as a segment or between slashes
	// within one, also percent-encoded; invalid escapes; control characters and invalid UTF-8, also percent-encoded; and
	// characters that are not allowed in a path, such as "?", "#" and spaces.
	//
	// The paths of the four session operations are refused too, because Client has methods for these that keep calls in order.
	Path string
	// Query has the parameters, not escaped. They are sent sorted by name. An empty name and invalid UTF-8 are refused.
	Query url.Values
	// Body is sent as JSON. Nil means no body. A []byte or [json.RawMessage] is JSON text and is sent unchanged. [json.Marshal]
	// writes any other value. It writes a [decimal.Decimal] in a struct of yours as a string. [talonone.Attributes] and the
	// models of this module write amounts as numbers.
	//
	// Text that is not JSON, a duplicate name, invalid UTF-8 in your text, a null and the body of a GET are refused.
	Body any
}

// LogValue returns what is safe to log: the method, and whether there is a body. Path and query may identify customers.
func (r Request) LogValue() slog.Value {
	return slog.GroupValue(slog.String("method", r.Method), slog.Bool("body", r.Body != nil))
}

// Do calls an endpoint of the Integration API without a method of Client. It shares the key, the timeouts, the retries and
// their budget, the errors, the log (as operation "do") and the call options with all other calls. A request other than GET
// carries an Idempotency-Key.
//
// [json.Unmarshal] decodes a 2xx answer into out, a pointer. Fields of type [decimal.Decimal] get the exact amounts that the
// API sent. The text is checked first: it must be JSON with valid UTF-8 and without duplicate names. An answer that is empty,
// null, not such JSON, larger than [WithMaxResponseBytes], or does not fit out, is an [ErrInvalidResponse]. After that error,
// out may contain a part of the answer. A 204 leaves out unchanged; [WithResponse] shows the status. If out is nil, the body of
// a 2xx answer is ignored.
//
// A request that is refused before it is sent gives a [*RequestError], also if its body cannot be encoded. errors.Is and
// errors.As find the errors of your own MarshalJSON and UnmarshalJSON, but their texts are not shown.
//
// Failures of GET, PUT and DELETE are retried like those of other calls. POST, PATCH and a write with the parameter
// runRuleEngine=true are sent again only if the failure shows that the request was not carried out: after 409, 425 or 429, or
// if there was no connection. The API documents idempotency keys for sessions only, so a second POST may do the work twice.
// [Retry.Decide] has the last word here too, but it is not told which call failed.
//
// Calls of Do do not wait for other calls, and other calls do not wait for them.
func (c *Client) Do(ctx context.Context, req Request, out any, opts ...CallOption) error {
	op := operation{name: "do", method: req.Method, writes: req.Method != http.MethodGet, notIdempotent: req.notIdempotent()}
	return c.observe(ctx, op, "", opts, func(ctx context.Context, s *callSettings) error { return c.do(ctx, op, req, out, s) })
}

func (c *Client) do(ctx context.Context, op operation, req Request, out any, s *callSettings) error {
	switch req.Method {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
	default:
		return invalidRequest("", "a method other than GET, POST, PUT, PATCH and DELETE")
	}
	segments, err := splitPath(req.Path)
	if err != nil {
		return err
	}
	r := c.newRequest(op, s)
	for _, segment := range segments {
		r.path += "/" + string(appendEscaped(nil, segment))
	}
	if r.query, err = req.query(); err != nil {
		return err
	}
	if r.body, err = req.body(); err != nil {
		return err
	}
	r.redactPath = func(text string) string { return withoutParts(text, r, segments, req.Query) }
	if out != nil {
		if v := reflect.ValueOf(out); v.Kind() != reflect.Pointer || v.IsNil() {
			return invalidRequest("", "an out that is neither nil nor a pointer to a value")
		}
		r.decode = func(text []byte) error { return decodeOut(text, out) }
		r.mayBeEmpty = true
	}
	return c.send(ctx, r)
}

// notIdempotent reports whether a repeat may have a further effect: because of the method (RFC 9110, section 9.2.2), or because
// rules run, which may give points or create coupons each time.
func (r *Request) notIdempotent() bool {
	rules, _ := strconv.ParseBool(r.Query.Get("runRuleEngine"))
	return r.Method == http.MethodPost || r.Method == http.MethodPatch || r.Method != http.MethodGet && rules
}

func (r *Request) query() (query string, err error) {
	for _, name := range slices.Sorted(maps.Keys(r.Query)) {
		for _, value := range r.Query[name] {
			if name == "" || !utf8.ValidString(name) || !utf8.ValidString(value) {
				return "", invalidRequest("", "a query parameter whose name is empty, or that is not valid UTF-8")
			}
			query = parameter(query, string(appendEscaped(nil, name)), value)
		}
	}
	return query, nil
}

// body returns the body as JSON, or nil.
func (r *Request) body() (body []byte, err error) {
	if r.Body == nil {
		return nil, nil
	}
	if r.Method == http.MethodGet {
		return nil, invalidRequest("", "a GET with a body")
	}
	switch v := r.Body.(type) {
	case []byte:
		body = slices.Clone(v)
	case json.RawMessage:
		body = slices.Clone(v)
	default:
		if body, err = json.Marshal(v); err != nil {
			return nil, &RequestError{Err: newBodyError(v, err)}
		}
	}
	if strings.Trim(string(body), " \t\r\n") == "null" {
		return nil, invalidRequest("", "a body that is null")
	}
	// encoding/json does not check the output of MarshalJSON methods for duplicate names, so we do.
	e := codec.NewEncoder()
	if body, err = e.Finish(e.Raw(nil, body), 0); err != nil {
		refused := &RequestError{Err: err}
		if e, ok := errors.AsType[*talonone.EncodeError](err); ok {
			refused.Path = e.Path
		}
		return nil, refused
	}
	return body, nil
}

// decodeOut decodes an answer into the caller's value.
func decodeOut(text []byte, out any) error {
	var r jsonwire.Reader
	r.Reset(text)
	r.Skip()
	r.End()
	if err := codec.DecodeError(text, r.Err()); err != nil {
		return err
	}
	if err := json.Unmarshal(text, out); err != nil {
		return newOutError(err)
	}
	return nil
}

// withoutParts removes the path and the query of a request, and each part of them, from a text.
func withoutParts(text string, r *request, segments []string, query url.Values) string {
	for _, path := range []string{r.path, "/" + strings.Join(segments, "/")} {
		text = strings.ReplaceAll(text, path, "/...")
	}
	if r.query != "" {
		text = strings.ReplaceAll(text, r.query, "?...")
	}
	parts := slices.Clone(segments)
	for _, values := range query {
		parts = append(parts, values...)
	}
	for _, part := range parts {
		parts = append(parts, string(appendEscaped(nil, part)), url.QueryEscape(part), url.PathEscape(part))
	}
	// Longest first: removing a part that is inside another would leave the rest of the longer one.
	slices.SortFunc(parts, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, part := range parts {
		text = withoutSecret(text, part)
	}
	return text
}

// newBodyError returns the error for a Body that cannot be encoded.
func newBodyError(body any, err error) error {
	text := fmt.Sprintf("encoding/json cannot write a body of type %T", body)
	if e, ok := errors.AsType[*talonone.EncodeError](err); ok {
		text += ": " + e.Error()
	} else if e, ok := errors.AsType[*json.UnsupportedTypeError](err); ok {
		text += ": " + e.Error()
	}
	return new(newHiddenError(text, err))
}

// outError is an answer that does not fit the caller's value.
type outError struct {
	hiddenError
	inside *talonone.DecodeError // in a model of this module, or nil
}

func newOutError(err error) *outError {
	text := fmt.Sprintf("an error of type %T", err)
	inside, _ := errors.AsType[*talonone.DecodeError](err)
	if inside != nil {
		text = inside.Error()
	} else if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		kind, _, _ := strings.Cut(e.Value, " ") // after "number" comes its value
		text = fmt.Sprintf("got a %s for %v at %q", kind, e.Type, printable(e.Field, maxTextLen))
	}
	return &outError{newHiddenError(text, err), inside}
}
