package integration_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

type detail = integration.APIErrorDetail

var discardLog = log.New(io.Discard, "", 0)

var sentinels = map[error]int{
	integration.ErrBadRequest:   400,
	integration.ErrUnauthorized: 401,
	integration.ErrForbidden:    403,
	integration.ErrNotFound:     404,
	integration.ErrConflict:     409,
	integration.ErrRateLimited:  429,
}

// getError returns the error of an answer.
func getError(t testing.TB, status int, body string) *integration.APIError {
	t.Helper()
	client := fakeClient(t, func(*http.Request) (*http.Response, error) {
		return reply(status, body, "X-Trace", "7"), nil
	}, integration.WithRetry(integration.Retry{MaxAttempts: 1}))
	_, err := client.GetCustomerSession(t.Context(), testSession)
	e, ok := err.(*integration.APIError)
	require.True(t, ok, "%T: %v", err, err)
	return e
}

func TestAPIErrorBodies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, body string
		status     int
		message    string
		errors     []detail
		text       string
	}{
		{
			name: "unknown attribute", status: 400, body: readFile(t, "error-400.docs-unknown-attribute.json"),
			message: "The submitted data was invalid",
			errors: []detail{{
				Title:   "Unknown",
				Details: `The attribute "MyAttribute" is not defined on CustomerSession entities.`,
				Pointer: "/attributes/MyAttribute",
			}},
			text: `400 Bad Request: The submitted data was invalid: Unknown: The attribute "MyAttribute" is not defined on ` +
				`CustomerSession entities at /attributes/MyAttribute`,
		},
		{
			name: "wrong type", status: 400, body: readFile(t, "error-400.docs-invalid-type.json"),
			message: "The submitted data was invalid",
			errors: []detail{{
				Title:   "Invalid type",
				Details: `Value of "Name" attribute (false) is not a string`,
				Pointer: "/attributes/Name",
			}},
			text: `400 Bad Request: The submitted data was invalid: Invalid type: Value of "Name" attribute (false) is not ` +
				`a string at /attributes/Name`,
		},
		{
			name: "bad state", status: 400, body: readFile(t, "error-400.docs-invalid-state-enum.json"),
			message: "The submitted data was invalid",
			errors: []detail{{
				Title:   "enum",
				Details: `state must be one of the following: "open", "closed", "cancelled"`,
				Pointer: "/state",
			}},
			text: `400 Bad Request: The submitted data was invalid: enum: state must be one of the following: "open", ` +
				`"closed", "cancelled" at /state`,
		},
		{
			name: "a message alone", status: 400, body: readFile(t, "error-400.sfcc-cartridge-closed-to-open.json"),
			message: `Cannot move session to state "open" from state "closed"`,
			text:    `400 Bad Request: Cannot move session to state "open" from state "closed"`,
		},
		{
			name: "with a status", status: 401, body: readFile(t, "error-401.postman.json"),
			message: "string",
			errors: []detail{
				{Title: "string", Details: "string", Pointer: "string", Parameter: "string", Line: "string", Resource: "string"},
				{Title: "string", Details: "string", Pointer: "string", Parameter: "string", Line: "string", Resource: "string"},
			},
			text: "401 Unauthorized: string: string: string at string; string: string at string",
		},
		{
			name: "errors that are empty strings", status: 409, body: readFile(t, "error-409.postman.json"),
			message: "Too many requests are updating this session at the same time",
			errors:  []detail{{}, {}},
			text:    "409 Conflict: Too many requests are updating this session at the same time",
		},
		{
			name: "errors that are strings", status: 409, body: `{"errors":["first.","second"],"StatusCode":409}`,
			errors: []detail{{Details: "first."}, {Details: "second"}},
			text:   "409 Conflict: first; second",
		},
		{
			name: "title and pointer", status: 400,
			body:   `{"errors":[{"title":"Unknown attribute","source":{"pointer":"/attributes/MyAttribute"}}]}`,
			errors: []detail{{Title: "Unknown attribute", Pointer: "/attributes/MyAttribute"}},
			text:   "400 Bad Request: Unknown attribute at /attributes/MyAttribute",
		},
		{
			name: "pointer alone", status: 400, body: `{"errors":[{"source":{"pointer":"/state"}}]}`,
			errors: []detail{{Pointer: "/state"}},
			text:   "400 Bad Request: at /state",
		},
		{
			name: "parameter and line", status: 400, body: `{"message":"m","errors":[{"title":"t","source":{"parameter":"now","line":3}}]}`,
			message: "m",
			errors:  []detail{{Title: "t", Parameter: "now", Line: "3"}},
			text:    "400 Bad Request: m: t",
		},
		{
			name: "other types than documented", status: 400,
			body:    `{"message":7,"errors":[{"title":{},"details":[],"source":"/x"},null,true,12]}`,
			message: "7",
			errors:  []detail{{}, {}, {}, {Details: "12"}},
			text:    "400 Bad Request: 7: 12",
		},
		{
			name: "errors that is a string", status: 400, body: `{"message":"m","errors":"e"}`,
			message: "m",
			errors:  []detail{{Details: "e"}},
			text:    "400 Bad Request: m: e",
		},
		{
			name: "errors that is an object", status: 400, body: `{"errors":{"title":"t"}}`,
			errors: []detail{{Title: "t"}},
			text:   "400 Bad Request: t",
		},
		{
			name: "null", status: 400, body: `{"message":null,"errors":null}`,
			text: "400 Bad Request",
		},
		{
			name: "byte order mark", status: 400, body: readTestdata(t, "error-400.bom.json"),
			message: "The submitted data was invalid",
			errors:  []detail{{Title: "Unknown", Details: "d", Pointer: "/attributes/MyAttribute"}},
			text:    "400 Bad Request: The submitted data was invalid: Unknown: d at /attributes/MyAttribute",
		},
		{name: "HTML", status: 502, body: "<html>Bad Gateway</html>", text: "502 Bad Gateway"},
		{name: "text", status: 403, body: "go away", text: "403 Forbidden"},
		{name: "another document", status: 500, body: `["message"]`, text: "500 Internal Server Error"},
		{name: "empty", status: 503, text: "503 Service Unavailable"},
		{name: "a status without a name", status: 599, text: "599"},
		{
			name: "control characters", status: 400, body: `{"message":"a\nb\u001b[31m\u202e","errors":["\u0000"]}`,
			message: "a\nb\x1b[31m\u202e",
			errors:  []detail{{Details: "\x00"}},
			text:    `400 Bad Request: a\nb\x1b[31m\u202e: \x00`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := getError(t, tt.status, tt.body)
			assert.Equal(t, tt.status, e.StatusCode)
			assert.Equal(t, tt.message, e.Message)
			assert.Equal(t, tt.errors, e.Errors)
			assert.Equal(t, tt.body, string(e.Body))
			assert.Equal(t, "7", e.Header.Get("X-Trace"))
			assert.Equal(t, "integration: "+tt.text, e.Error())
		})
	}
}

func TestAPIErrorTextIsCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ü", 10_000)
	var details []map[string]string
	for range 20 {
		details = append(details, map[string]string{"title": long, "details": long})
	}
	body, err := json.Marshal(map[string]any{"message": long, "errors": details})
	require.NoError(t, err)
	e := getError(t, 400, string(body))
	assert.Less(t, len(e.Error()), 1100)
	assert.True(t, strings.HasSuffix(e.Error(), "..."))
	assert.Equal(t, long, e.Message)

	// The errors are not crowded out by a long message.
	e = &integration.APIError{StatusCode: 400, Message: long, Errors: []detail{{Pointer: "/state"}}}
	assert.True(t, strings.HasSuffix(e.Error(), "...: at /state"), e.Error())
}

func TestAPIErrorBodyIsCut(t *testing.T) {
	t.Parallel()
	e := getError(t, 500, strings.Repeat("x", 2<<20))
	assert.Len(t, e.Body, 1<<20)
}

func TestAPIErrorIs(t *testing.T) {
	t.Parallel()
	for status := 300; status < 600; status++ {
		err := fmt.Errorf("wrapped: %w", &integration.APIError{StatusCode: status})
		for sentinel, of := range sentinels {
			assert.Equal(t, status == of, errors.Is(err, sentinel), "%d is %v", status, sentinel)
		}
		assert.Equal(t, status >= 500, errors.Is(err, integration.ErrServer), "%d", status)
		assert.NotErrorIs(t, err, integration.ErrInvalidResponse)
	}
	assert.NotErrorIs(t, &integration.APIError{StatusCode: 600}, integration.ErrServer)
}

func TestUnavailable(t *testing.T) {
	t.Parallel()
	yes := map[int]bool{408: true, 409: true, 425: true, 429: true}
	for status := 300; status < 600; status++ {
		err := fmt.Errorf("wrapped: %w", &integration.APIError{StatusCode: status})
		assert.Equal(t, yes[status] || status >= 500, integration.Unavailable(err), "%d", status)
	}
	cancelled, cancel := context.WithCancelCause(t.Context())
	cancel(&integration.APIError{StatusCode: 503})
	late, cancelLate := context.WithTimeoutCause(t.Context(), -1, errors.New("no time"))
	defer cancelLate()
	for _, tt := range []struct {
		name   string
		ctx    context.Context
		answer transport
		want   bool
	}{
		{"refused connection", t.Context(), func(*http.Request) (*http.Response, error) { return nil, syscall.ECONNREFUSED }, true},
		{"no answer in time", t.Context(), func(*http.Request) (*http.Response, error) { return nil, timeoutError{} }, true},
		{"a middleware that cancels", t.Context(), func(*http.Request) (*http.Response, error) { return nil, context.Canceled }, true},
		{"cut body", t.Context(), func(*http.Request) (*http.Response, error) {
			resp := reply(200, "")
			resp.Body = io.NopCloser(failingReader{})
			return resp, nil
		}, true},
		{"an answer of a gateway", t.Context(), func(*http.Request) (*http.Response, error) { return reply(200, `{}`), nil }, true},
		{"HTML", t.Context(), func(*http.Request) (*http.Response, error) { return reply(200, `<p>`), nil }, true},
		{"503", t.Context(), func(*http.Request) (*http.Response, error) { return reply(503, ``), nil }, true},
		{"400", t.Context(), func(*http.Request) (*http.Response, error) { return reply(400, ``), nil }, false},
		{"certificate", t.Context(), func(*http.Request) (*http.Response, error) {
			return nil, &tls.CertificateVerificationError{Err: errors.New("unknown authority")}
		}, false},
		{"cancelled", cancelled, nil, false},
		{"deadline", late, nil, true},
	} {
		for _, op := range operations {
			_, err := op.call(tt.ctx, fakeClient(t, tt.answer, fast))
			require.Error(t, err, tt.name)
			assert.Equal(t, tt.want, integration.Unavailable(err), "%s: %v", tt.name, err)
			assert.Equal(t, tt.want, integration.Unavailable(fmt.Errorf("quote: %w", err)), tt.name)
		}
	}

	// Cancelled while it waits for another attempt, and in one.
	for _, during := range []string{"wait", "attempt"} {
		ctx, cancel := context.WithCancel(t.Context())
		client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
			cancel()
			if during == "attempt" {
				return nil, r.Context().Err()
			}
			return reply(503, ``), nil
		})
		_, err := client.GetCustomerSession(ctx, testSession)
		require.ErrorIs(t, err, context.Canceled)
		assert.False(t, integration.Unavailable(err), during)
	}

	for err, want := range map[error]bool{
		nil: false, context.Canceled: false, context.DeadlineExceeded: true, io.EOF: false, integration.ErrInvalidResponse: true,
		integration.ErrInvalidRequest: false, integration.ErrInvalidConfig: false, &talonone.ValidationError{}: false,
		&integration.RequestError{}: false,
	} {
		assert.Equal(t, want, integration.Unavailable(err), "%v", err)
	}
}

// TestTransportErrors checks that errors.Is finds the cause, and that the text does not contain the URL.
func TestTransportErrors(t *testing.T) {
	t.Parallel()
	refused := newServer(t, nil)
	refused.Close()
	for _, tt := range []struct {
		name    string
		client  *integration.Client
		cause   error
		timeout bool
		text    string
	}{
		{
			name:   "connection refused",
			client: newClient(t, refused.URL, fast),
			cause:  syscall.ECONNREFUSED,
			text:   `^integration: \w+: attempt 2: dial tcp 127\.0\.0\.1:\d+: connect: connection refused$`,
		},
		{
			name: "the URL in the text",
			client: fakeClient(t, func(r *http.Request) (*http.Response, error) {
				return nil, fmt.Errorf("middleware: %w", &url.Error{Op: r.Method, URL: r.URL.String(), Err: io.ErrUnexpectedEOF})
			}, fast),
			cause: io.ErrUnexpectedEOF,
			text: `^integration: \w+: attempt 2: middleware: \w+ "https://shop\.example/v2/customer_sessions/\.\.\.(/\w+)?": ` +
				`unexpected EOF$`,
		},
		{
			name: "the key in the text",
			client: fakeClient(t, func(r *http.Request) (*http.Response, error) {
				return nil, fmt.Errorf("%v\n%w", r.Header["Authorization"], io.ErrUnexpectedEOF)
			}, fast),
			cause: io.ErrUnexpectedEOF,
			text:  `^integration: \w+: attempt 2: \[ApiKey-v1 \.\.\.\]\\nunexpected EOF$`,
		},
		{
			name: "timeout of the transport",
			client: fakeClient(t, func(r *http.Request) (*http.Response, error) {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: timeoutError{}}
			}, fast),
			cause:   timeoutError{},
			timeout: true,
			text:    `^integration: \w+: attempt 2: timeout: dial tcp: too slow$`,
		},
	} {
		for _, op := range operations {
			t.Run(tt.name+"/"+op.name, func(t *testing.T) {
				t.Parallel()
				_, err := op.call(t.Context(), tt.client)
				require.ErrorIs(t, err, tt.cause)
				assert.Regexp(t, tt.text, err.Error())
				var netErr net.Error
				require.ErrorAs(t, err, &netErr)
				assert.Equal(t, tt.timeout, netErr.Timeout())
				assert.NotContains(t, err.Error(), testSession)
			})
		}
	}
}

// A short ID may be part of any word, so it is removed only from the URL. A long one is removed everywhere.
func TestSessionIDsInTransportErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ id, want string }{
		{"a", `GET "https://shop.example/v2/customer_sessions/...": bad a`},
		{"ä /", `GET "https://shop.example/v2/customer_sessions/...": bad ä /`},
		{"a-long-one", `GET "https://shop.example/v2/customer_sessions/...": bad ...`},
		{"a long ö", `GET "https://shop.example/v2/customer_sessions/...": bad ...`},
	} {
		client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("%s %q: bad %s", r.Method, r.URL, tt.id)
		}, fast)
		_, err := client.GetCustomerSession(t.Context(), tt.id)
		assert.EqualError(t, err, "integration: get: attempt 2: "+tt.want)
	}
}

type timeoutError struct{}

func (timeoutError) Error() string   { return "too slow" }
func (timeoutError) Timeout() bool   { return true }
func (timeoutError) Temporary() bool { return true }

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, syscall.ECONNRESET }

func TestLog(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	handler := slog.NewTextHandler(&said, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			switch a.Key {
			case slog.TimeKey:
				return slog.Attr{}
			case "duration":
				assert.Equal(t, slog.KindDuration, a.Value.Kind())
				assert.Positive(t, a.Value.Duration())
				return slog.Duration("duration", 0)
			}
			return a
		},
	})
	answers := []any{reply(503, ""), io.ErrUnexpectedEOF, reply(200, goodAnswer)} //nolint:bodyclose // the client closes them
	client := fakeClient(t, func(*http.Request) (*http.Response, error) {
		next := answers[0]
		answers = answers[1:]
		if err, ok := next.(error); ok {
			return nil, err
		}
		return next.(*http.Response), nil
	}, integration.WithLogger(slog.New(handler)), integration.WithRetry(integration.Retry{BaseDelay: 1}))
	_, err := client.ReturnCartItems(t.Context(), testSession, giveBack())
	require.NoError(t, err)
	assert.Equal(t, strings.Join([]string{
		`level=WARN msg="talonone: failed" method=POST operation=return status=503 attempt=1 duration=0s`,
		`level=WARN msg="talonone: failed" method=POST operation=return status=0 attempt=2 duration=0s`,
		`level=INFO msg="talonone: answered" method=POST operation=return status=200 attempt=3 duration=0s`,
		``,
	}, "\n"), said.String())
}

func TestInterruptedCallNamesBothErrors(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	client := fakeClient(t, func(*http.Request) (*http.Response, error) {
		cancel()
		return reply(503, `{"message":"maintenance"}`), nil
	})
	_, err := client.GetCustomerSession(ctx, testSession)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, integration.ErrServer)
	assert.EqualError(t, err,
		"integration: get: context canceled; last attempt: 503 Service Unavailable: maintenance")
}

// JSON can write the key in ways that a search of the body does not find.
func TestEchoedKeyIsRemoved(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"as it is":       `{"message":"no key SECRET<KEY>0","errors":[{"title":"SECRET<KEY>0","details":"SECRET<KEY>0","source":{"pointer":"/SECRET<KEY>0"}}]}`,
		"HTML escaped":   `{"message":"no key SECRET\u003cKEY\u003e0","errors":[{"title":"SECRET\u003cKEY\u003e0"}]}`,
		"letter escaped": `{"message":"no key \u0053ECRET<KEY>0","errors":["\u0053ECRET<KEY>0"]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := integration.NewClient("https://shop.example", "SECRET<KEY>0", integration.WithHTTPClient(&http.Client{
				Transport: transport(func(*http.Request) (*http.Response, error) {
					return reply(http.StatusUnauthorized, body, "X-Echo", "ApiKey-v1 SECRET<KEY>0"), nil
				}),
			}))
			require.NoError(t, err)
			_, err = client.GetCustomerSession(t.Context(), testSession)
			apiErr, ok := errors.AsType[*integration.APIError](err)
			require.True(t, ok)
			apiErr.Body = nil
			assert.NotContains(t, fmt.Sprintf("%+v %v", *apiErr, err), "SECRET<KEY>0")
			assert.Equal(t, "no key ...", apiErr.Message)
		})
	}
}

// The path of an error may contain the key as an escaped name.
func TestEchoedKeyIsRemovedFromPaths(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"k\"e~y/1234567":x`, `{"customerSession":{"k\"e~y/1234567":{"a":1,"a":2}}}`} {
		client, err := integration.NewClient("https://shop.example", `k"e~y/1234567`, integration.WithHTTPClient(&http.Client{
			Transport: transport(func(*http.Request) (*http.Response, error) { return reply(http.StatusOK, body), nil }),
		}))
		require.NoError(t, err)
		_, err = client.GetCustomerSession(t.Context(), testSession)
		bad, ok := errors.AsType[*talonone.DecodeError](err)
		require.True(t, ok)
		for _, text := range []string{bad.Path, bad.Error(), err.Error()} {
			assert.NotContains(t, text, "1234567")
		}
	}
}

// escapes matches the escapes of unprintable characters in a text. The digits of an escape may look like the beginning of the
// key.
var escapes = regexp.MustCompile(`\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})`)

// FuzzErrorBody answers with any status and any body that contains the API key. The error has the status and does not contain
// the key. Its text is short, and consists only of the message and the errors of the body.
func FuzzErrorBody(f *testing.F) {
	for _, name := range []string{
		"error-400.docs-unknown-attribute.json", "error-400.docs-invalid-type.json", "error-400.docs-invalid-state-enum.json",
		"error-400.sfcc-cartridge-closed-to-open.json", "error-401.postman.json", "error-409.postman.json",
	} {
		f.Add(uint16(400), []byte(readFile(f, name)), uint16(20))
	}
	for status, body := range map[uint16]string{
		301: `{"message":"moved"}`,
		400: `{"message":7,"errors":[{"title":{},"details":[],"source":"/x"},null,true,12,"text"]}`,
		401: `{"message":"\u0041uthorization: ApiKey-v1 ","errors":{"title":"t","source":{"pointer":"/state","line":3}}}`,
		403: `{"message":"\u0035f3c9e0b7d2a4861","errors":["5f3c9e0b7d\u0032a4861"]}`,
		404: `{"errors":"e","errors":[[]],"StatusCode":200}`,
		409: "\ufeff" + `{"message":"m","errors":["e"]}`,
		202: "\ufeff" + goodAnswer,
		429: "a\nb\x1b[31m\u202e\xff",
		500: `{"message":"` + strings.Repeat(`\u00fc`, 400) + `","errors":[` + strings.Repeat(`{"title":"a"},`, 100) + `""]}`,
		503: strings.Repeat(`{"errors":[`, 100),
		200: `{"effects":[{"effectType":"setDiscount","props":{"value":"x"}}]}`,
		204: ``,
		206: `{"effects":[{"props":[`,
	} {
		f.Add(status, []byte(body), uint16(len(body)/2))
	}
	f.Fuzz(func(t *testing.T, status uint16, body []byte, at uint16) {
		if status < 200 || status >= 600 {
			status = 200 + status%400
		}
		place := int(at) % (len(body) + 1)
		text := string(body[:place]) + testKey + string(body[place:])
		client := fakeClient(t, func(*http.Request) (*http.Response, error) {
			return reply(int(status), text, "X-Key", testKey), nil
		}, integration.WithRetry(integration.Retry{MaxAttempts: 1}))
		for _, op := range operations {
			state, err := op.call(t.Context(), client)
			if status < 300 {
				if err == nil {
					require.True(t, op.writes && state.Effects != nil || !op.writes && state.CustomerSession != nil)
					continue
				}
				require.ErrorIs(t, err, integration.ErrInvalidResponse)
				require.LessOrEqual(t, len(err.Error()), 1100)
				require.NotContains(t, err.Error(), testKey)
				require.NotContains(t, err.Error(), testSession)
				continue
			}
			require.Nil(t, state)
			e, ok := err.(*integration.APIError)
			require.True(t, ok, "a %T", err)
			require.Equal(t, int(status), e.StatusCode)
			for sentinel, of := range sentinels {
				require.Equal(t, int(status) == of, errors.Is(err, sentinel))
			}
			require.Equal(t, status >= 500, errors.Is(err, integration.ErrServer))

			require.Equal(t, strings.ReplaceAll(text, testKey, "..."), string(e.Body))
			require.Equal(t, "...", e.Header.Get("X-Key"))
			shown := err.Error()
			require.Equal(t, shown, (&integration.APIError{StatusCode: e.StatusCode, Message: e.Message, Errors: e.Errors}).Error())
			require.LessOrEqual(t, len(shown), 1100)
			for _, r := range shown {
				require.True(t, strconv.IsPrint(r), "%q", r)
			}
			require.NotContains(t, fmt.Sprintf("%s %+v", escapes.ReplaceAllString(shown, "?"), *e), testKey)
			if !json.Valid([]byte(strings.TrimPrefix(text, "\ufeff"))) {
				require.True(t, e.Message == "" && e.Errors == nil, "what is not JSON says nothing")
			}
		}
	})
}
