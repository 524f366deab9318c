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

// Option changes how a [Client] works. Of two that set the same, the later one wins; a nil Option does nothing. An Option
// that is not valid makes [NewClient] fail. It is safe for concurrent use.
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
	observer         Observer                              // nil: nobody watches
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

// WithHTTPClient sends requests with a copy of client: with its Transport, Jar and Timeout, and its CheckRedirect for the
// redirects that are followed at all (see [NewClient]). A nil client is refused. Its Timeout bounds each attempt, as
// [WithTimeout] does: the shorter one counts. By default a Client has connections of its own, with the settings of
// [http.DefaultTransport] but more of them kept open.
//
// An [http.Transport] sends a request again by itself where a connection that was idle turns out to be closed, and over HTTP/2
// where the server says that it has not looked at it. A Client lets it do the former with a read only, but has no say where the
// transport is wrapped in another one: wrap it with [WithMiddleware] instead.
func WithHTTPClient(client *http.Client) Option {
	return func(s *settings) error {
		if client == nil {
			return fmt.Errorf("%w: WithHTTPClient(nil)", ErrInvalidConfig)
		}
		s.httpClient = client
		return nil
	}
}

// WithTimeout bounds each attempt, from the call of [WithAPIKeyFunc]'s function to the last byte of the answer. Default 10s;
// 0 sets no bound, and a negative one is refused. The context of a call spans everything: the wait for the session's turn,
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

// WithLogger logs one record for each attempt: at level INFO when the answer is 2xx, else at WARN. A record has the
// attributes method, operation (get, update, reopen, return or do), status (0: no answer), attempt (from 1) and duration, and
// nothing else of the call. A panic of its handler is an error of the call. By default nothing is logged; a nil logger is refused.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) error {
		if logger == nil {
			return fmt.Errorf("%w: WithLogger(nil)", ErrInvalidConfig)
		}
		s.logger = logger
		return nil
	}
}

// WithUserAgent sets the User-Agent header. Default "talonone-go/" and the version of this module, or "devel". An empty one is
// refused, and so is one with control characters.
func WithUserAgent(name string) Option {
	return func(s *settings) error {
		if name == "" || !validHeaderValue(name) {
			return fmt.Errorf("%w: a user agent that is empty or no header value", ErrInvalidConfig)
		}
		s.userAgent = name
		return nil
	}
}

// WithMaxResponseBytes bounds how much of an answer is read, after decompression. A 2xx answer that is larger is an
// [ErrInvalidResponse], the body of any other is cut. Default 32 MiB. What an answer is decoded to takes a few times its
// size, but one that was made for it, of a million items without a member, takes a hundred times as much. Less than 1 is
// refused.
func WithMaxResponseBytes(n int64) Option {
	return func(s *settings) error {
		if n < 1 {
			return fmt.Errorf("%w: a limit of less than a byte for answers", ErrInvalidConfig)
		}
		s.maxResponseBytes = n
		return nil
	}
}

// WithMiddleware wraps the transport of the Client, for tracing or metrics: middleware gets the next transport and returns
// its own. The middleware of the first such option is the outermost: it sees a request first and its answer last. Each
// attempt and each redirect passes through all of them. The requests carry the API key and the session's ID.
//
// A panic in a middleware or in the transport is an error of the call. One in a goroutine of their own nobody can stop.
//
// A nil middleware is refused, and so is one that returns nil or panics. A middleware must not call the Client for the session whose
// request it holds: that call would wait for this one.
func WithMiddleware(middleware func(next http.RoundTripper) http.RoundTripper) Option {
	return func(s *settings) error {
		if middleware == nil {
			return fmt.Errorf("%w: WithMiddleware(nil)", ErrInvalidConfig)
		}
		s.middleware = append(s.middleware, middleware)
		return nil
	}
}

// WithParallelUpdates sends calls for the same session at once instead of one after another. The API processes one, keeps
// two waiting and answers 409 to the rest; which of them comes last is left to chance.
func WithParallelUpdates() Option {
	return func(s *settings) error {
		s.parallelUpdates = true
		return nil
	}
}

// WithPlainHTTP allows a base URL of scheme http for any host. The API key then goes over the network for everyone to
// read. Without it http is only for localhost and the loopback addresses.
func WithPlainHTTP() Option {
	return func(s *settings) error {
		s.plainHTTP = true
		return nil
	}
}

// WithValidation sets the options with which updates are validated, such as [talonone.CatalogPrices]: those of one call, as
// a later WithValidation replaces them all. Updates are validated without it too.
func WithValidation(opts ...talonone.ValidateOption) Option {
	return func(s *settings) error {
		s.validate = true
		s.validateOptions = slices.Clone(opts)
		return nil
	}
}

// WithoutValidation sends updates and returns as they are and leaves it to the server to refuse them. Session IDs and call
// options are checked all the same.
func WithoutValidation() Option {
	return func(s *settings) error {
		s.validate = false
		return nil
	}
}

// WithResponseContent names the parts of the answer for updates and returns whose own ResponseContent is nil. A request with an
// empty ResponseContent that is not nil asks for no parts. Returns leave out the parts that the API knows for updates only. A
// later WithResponseContent replaces an earlier one. An empty name and invalid UTF-8 are refused.
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

// WithAPIKeyFunc calls key for the API key before each attempt, for keys that expire. The apiKey of [NewClient] may then be empty,
// and is not used. A nil function is refused.
//
// The function gets the context of the attempt, which [WithTimeout] bounds. It is called for every attempt, by several goroutines
// at once, so it should cache the key.
//
// The call ends if the function fails or panics, or returns a key that NewClient would refuse ([ErrInvalidConfig]). Such a failure
// is not retried, unless [Retry.Decide] says so: the function knows better what may pass. The text of the call's error
// does not show the function's error, which may hold a key, but errors.Is and errors.As find it.
func WithAPIKeyFunc(key func(context.Context) (string, error)) Option {
	return func(s *settings) error {
		if key == nil {
			return fmt.Errorf("%w: WithAPIKeyFunc(nil)", ErrInvalidConfig)
		}
		s.askKey = key
		return nil
	}
}

// CallOption changes one call. Of two that set the same, the later one wins; a nil CallOption does nothing. One that is not
// valid makes the call fail with [ErrInvalidRequest] before anything is sent. It is safe for concurrent use.
type CallOption func(*callSettings) error

// callSettings are what the options of a call set.
type callSettings struct {
	header         http.Header
	idempotencyKey string // empty: one is made
	response       *Response
	refused        error // of the first option that is not valid

	// These are not set by options.
	call   Call
	result *CallResult
}

// newCallSettings applies the options. It goes on after a refused one, so that WithResponse does not keep the response of an
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

// reservedHeaders are those that the client or net/http itself sets.
var reservedHeaders = map[string]bool{
	"Authorization":   true,
	"Content-Type":    true,
	"Host":            true,
	"Idempotency-Key": true, // there is WithIdempotencyKey

	"Accept-Encoding":   true, // net/http decompresses only what it asked for itself
	"Connection":        true,
	"Content-Length":    true,
	"Trailer":           true,
	"Transfer-Encoding": true,
}

// WithHeader sends a header with every attempt of the call, instead of one of that name that the client would send. The
// headers Authorization, Content-Type, Host and Idempotency-Key are refused, and so are those that frame the message
// (Accept-Encoding, Connection, Content-Length, Trailer, Transfer-Encoding).
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

// WithIdempotencyKey gives a writing call its Idempotency-Key: 1 to 255 printable ASCII characters, without a space at
// either end. The API answers a second request with the same key by what it answered to the first, for 24 hours. Without
// this option each writing call makes a key of its own, which protects its attempts against each other; with it, a
// program that was interrupted can repeat a whole call. Two calls that differ, a dry run and the real one for instance,
// must not have the same key. A read carries none.
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

// WithResponse fills in dst, whether the call succeeds or fails. A nil dst is refused. Do not use dst, nor give it to another call,
// before the call has returned.
func WithResponse(dst *Response) CallOption {
	return func(s *callSettings) error {
		if dst == nil {
			return invalidRequest("", "WithResponse(nil)")
		}
		s.response = dst
		return nil
	}
}
