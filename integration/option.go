package integration

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/talonone-go/talonone"
)

// Option changes how a [Client] works. If two Options set the same thing, the later one wins. A nil Option does nothing. An
// invalid Option makes [NewClient] fail. It is safe for concurrent use.
type Option func(*settings) error

// settings are what the options of a Client set.
type settings struct {
	httpClient       *http.Client
	middleware       []func(http.RoundTripper) http.RoundTripper
	timeout          time.Duration
	retry            Retry
	logger           *slog.Logger // nil: no log
	userAgent        string
	maxResponseBytes int64
	parallelUpdates  bool
	plainHTTP        bool
	validate         bool
	validateOptions  []talonone.ValidateOption
	responseContent  []ResponseContent
	askKey           func(context.Context) (string, error) // nil: the key of NewClient
	observer         Observer                              // nil: none
}

const (
	defaultTimeout          = 10 * time.Second
	defaultMaxResponseBytes = 32 << 20
)

func defaultSettings() settings {
	return settings{
		timeout:          defaultTimeout,
		userAgent:        userAgent(),
		maxResponseBytes: defaultMaxResponseBytes,
		validate:         true,
	}
}

// WithHTTPClient sends requests with a copy of client: with its Transport, Jar and Timeout. Its CheckRedirect is called for
// redirects that the Client follows (see [NewClient]). A nil client is refused. Its Timeout limits each attempt, as
// [WithTimeout] does; the shorter one applies. By default a Client has its own connections, with the settings of
// [http.DefaultTransport] but with more connections kept open.
//
// An [http.Transport] itself sends a request again in two cases: if an idle connection turns out to be closed, and over HTTP/2
// if the server says that it did not process the request. In the first case the Client allows this for reads only. It cannot do
// so if another RoundTripper wraps the transport, so wrap it with [WithMiddleware] instead.
func WithHTTPClient(client *http.Client) Option {
	return func(s *settings) error {
		if client == nil {
			return fmt.Errorf("%w: WithHTTPClient(nil)", ErrInvalidConfig)
		}
		s.httpClient = client
		return nil
	}
}

// WithTimeout limits each attempt, from the call of [WithAPIKeyFunc]'s function to the last byte of the answer. The default is
// 10s. 0 means no limit. A negative value is refused. The context of a call limits everything: the wait for the session's turn,
// all attempts and the waits between them.
func WithTimeout(d time.Duration) Option {
	return func(s *settings) error {
		if d < 0 {
			return fmt.Errorf("%w: a negative timeout", ErrInvalidConfig)
		}
		s.timeout = d
		return nil
	}
}

// WithRetry sets which failed calls are repeated, how often and how fast. A negative field is refused.
func WithRetry(r Retry) Option {
	return func(s *settings) error {
		s.retry = r
		return nil
	}
}

// WithLogger logs one record for each attempt: at level INFO if the attempt succeeded, otherwise at WARN. A record has the
// attributes method, operation (get, update, reopen, return or do), status (0: no answer), attempt (from 1) and duration, and
// nothing else of the call. A panic of its handler becomes the error of the call. By default nothing is logged. A nil logger is
// refused.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) error {
		if logger == nil {
			return fmt.Errorf("%w: WithLogger(nil)", ErrInvalidConfig)
		}
		s.logger = logger
		return nil
	}
}

// WithUserAgent sets the User-Agent header. The default is "talonone-go/" and the version of this module, or "devel". An empty
// name or one with control characters is refused.
func WithUserAgent(name string) Option {
	return func(s *settings) error {
		if name == "" || !validHeaderValue(name) {
			return fmt.Errorf("%w: a user agent that is empty or no header value", ErrInvalidConfig)
		}
		s.userAgent = name
		return nil
	}
}

// WithMaxResponseBytes limits how much of an answer is read, after decompression. A larger 2xx answer is an
// [ErrInvalidResponse]. The body of any other larger answer is cut. The default is 32 MiB. A decoded answer usually takes a few
// times its size in memory. A hostile answer, with a million empty items for example, can take a hundred times its size. A
// limit below 1 is refused.
func WithMaxResponseBytes(n int64) Option {
	return func(s *settings) error {
		if n < 1 {
			return fmt.Errorf("%w: a limit of less than a byte for answers", ErrInvalidConfig)
		}
		s.maxResponseBytes = n
		return nil
	}
}

// WithMiddleware wraps the transport of the Client, for example for tracing or metrics. middleware gets the next transport and
// returns its own. The middleware of the first such option is the outermost: it sees a request first and its answer last. Each
// attempt and each redirect passes through every middleware. The requests contain the API key and the session's ID.
//
// A panic in a middleware or in the transport becomes the error of the call. A panic in another goroutine that they start ends
// the program.
//
// A nil middleware is refused. So is a middleware that returns nil or panics. A middleware must not call the Client for the
// session of its current request: that call would wait for this one forever.
func WithMiddleware(middleware func(next http.RoundTripper) http.RoundTripper) Option {
	return func(s *settings) error {
		if middleware == nil {
			return fmt.Errorf("%w: WithMiddleware(nil)", ErrInvalidConfig)
		}
		s.middleware = append(s.middleware, middleware)
		return nil
	}
}

// WithParallelUpdates sends calls for the same session at once instead of one after another. The API processes one, keeps two
// waiting and answers 409 to the rest. Their order is not defined.
func WithParallelUpdates() Option {
	return func(s *settings) error {
		s.parallelUpdates = true
		return nil
	}
}

// WithPlainHTTP allows a base URL with scheme http for any host. The API key then crosses the network unencrypted. Without this
// option http is allowed only for localhost and loopback addresses.
func WithPlainHTTP() Option {
	return func(s *settings) error {
		s.plainHTTP = true
		return nil
	}
}

// WithValidation sets the options for the validation of updates, such as [talonone.CatalogPrices]. Repeated use replaces
// earlier options. Updates are validated without this option too.
func WithValidation(opts ...talonone.ValidateOption) Option {
	return func(s *settings) error {
		s.validate = true
		s.validateOptions = slices.Clone(opts)
		return nil
	}
}

// WithoutValidation sends updates and returns without validation, so only the server checks them. The client still checks
// session IDs and call options.
func WithoutValidation() Option {
	return func(s *settings) error {
		s.validate = false
		return nil
	}
}

// WithResponseContent names the parts of the answer for updates and returns whose own ResponseContent is nil. A request with an
// empty, non-nil ResponseContent asks for no parts. Returns leave out parts that the API accepts for updates only. A later
// WithResponseContent replaces an earlier one. An empty name and invalid UTF-8 are refused.
func WithResponseContent(parts ...ResponseContent) Option {
	parts = slices.Clone(parts)
	return func(s *settings) error {
		for _, part := range parts {
			if part == "" || !utf8.ValidString(string(part)) {
				return fmt.Errorf("%w: WithResponseContent of a part that is empty or not UTF-8", ErrInvalidConfig)
			}
		}
		s.responseContent = parts
		return nil
	}
}

// WithAPIKeyFunc calls key before each attempt to get the API key. It is for keys that expire. The apiKey of [NewClient] may
// then be empty, and is not used. A nil function is refused.
//
// The function gets the context of the attempt, which ends after [WithTimeout]. It is called for every attempt, by several
// goroutines at once, so it should cache the key.
//
// The call ends if the function fails or panics, or returns a key that NewClient would refuse ([ErrInvalidConfig]). Such a
// failure is not retried unless [Retry.Decide] says so, because the function itself can retry better. The text of the call's
// error does not show the function's error, which may contain a key, but errors.Is and errors.As find it.
func WithAPIKeyFunc(key func(context.Context) (string, error)) Option {
	return func(s *settings) error {
		if key == nil {
			return fmt.Errorf("%w: WithAPIKeyFunc(nil)", ErrInvalidConfig)
		}
		s.askKey = key
		return nil
	}
}

// CallOption changes one call. If two CallOptions set the same thing, the later one wins. A nil CallOption does nothing. An
// invalid CallOption makes the call fail with [ErrInvalidRequest] before anything is sent. It is safe for concurrent use.
type CallOption func(*callSettings) error

// callSettings are what the options of a call set.
type callSettings struct {
	header         http.Header
	idempotencyKey string // empty: a random one
	response       *Response
	refused        error // of the first invalid option

	// These are not set by options.
	call   Call
	result *CallResult
}

// newCallSettings applies the options. It continues after an invalid one, so that WithResponse does not keep the response of an
// earlier call.
func newCallSettings(opts []CallOption) *callSettings {
	s := &callSettings{header: http.Header{}}
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(s); s.refused == nil {
			s.refused = err
		}
	}
	s.response.reset(0)
	return s
}

// reservedHeaders are the headers that the client or net/http sets itself.
var reservedHeaders = map[string]bool{
	"Authorization":   true,
	"Content-Type":    true,
	"Host":            true,
	"Idempotency-Key": true, // use WithIdempotencyKey

	"Accept-Encoding":   true, // net/http decompresses an answer only if it set this header itself
	"Connection":        true,
	"Content-Length":    true,
	"Trailer":           true,
	"Transfer-Encoding": true,
}

// WithHeader sends a header with every attempt of the call. It replaces a header with the same name that the client would send.
// The headers Authorization, Content-Type, Host and Idempotency-Key are refused. So are the headers that frame the message:
// Accept-Encoding, Connection, Content-Length, Trailer and Transfer-Encoding.
func WithHeader(name, value string) CallOption {
	return func(s *callSettings) error {
		name := http.CanonicalHeaderKey(name)
		switch {
		case !validHeaderName(name):
			return invalidRequest("", "a header name that is empty or has characters other than letters, digits and "+
				"!#$%&'*+-.^_`|~")
		case reservedHeaders[name]:
			return invalidRequest("", "WithHeader cannot set "+name)
		case !validHeaderValue(value):
			return invalidRequest("", "a control character in the value of header "+name)
		}
		s.header.Set(name, value)
		return nil
	}
}

// WithIdempotencyKey sets the Idempotency-Key of a writing call: 1 to 255 printable ASCII characters, without a space at either
// end. For 24 hours the API answers a second request with the same key like the first. Without this option each writing call
// has a random key, so that its own repeats are safe. With it, a program that was interrupted can repeat a whole call. Two
// different calls, such as a dry run and the real call, must not have the same key. Reads have no key.
func WithIdempotencyKey(key string) CallOption {
	return func(s *callSettings) error {
		const maxKeyLen = 255
		if key == "" || len(key) > maxKeyLen || !printableASCII(key) || key[0] == ' ' || key[len(key)-1] == ' ' {
			return invalidRequest("", "an idempotency key must be 1 to 255 printable ASCII characters, without a space at "+
				"either end")
		}
		s.idempotencyKey = key
		return nil
	}
}

// WithResponse fills in dst, whether the call succeeds or fails. A nil dst is refused. Do not use dst, or pass it to another
// call, before the call has returned.
func WithResponse(dst *Response) CallOption {
	return func(s *callSettings) error {
		if dst == nil {
			return invalidRequest("", "WithResponse(nil)")
		}
		s.response = dst
		return nil
	}
}
