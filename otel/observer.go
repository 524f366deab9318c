package otel

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

const scope = "github.com/talonone-go/talonone/otel"

// The attributes that are not in the semantic conventions.
const (
	operationKey = attribute.Key("talonone.operation")
	attemptKey   = attribute.Key("talonone.attempt")
	attemptsKey  = attribute.Key("talonone.attempts")
	queueKey     = attribute.Key("talonone.queue.duration")
	backoffKey   = attribute.Key("talonone.backoff.duration")
)

// Option changes how an [Observer] works. If two Options set the same thing, the later one wins. A nil Option does nothing. It
// is safe for concurrent use.
type Option func(*config)

type config struct {
	tracers trace.TracerProvider
	meters  metric.MeterProvider
}

// WithTracerProvider sets the TracerProvider for spans. By default, and if provider is nil, the global one is used.
func WithTracerProvider(provider trace.TracerProvider) Option {
	return func(c *config) { c.tracers = provider }
}

// WithMeterProvider sets the MeterProvider for metrics. By default, and if provider is nil, the global one is used.
func WithMeterProvider(provider metric.MeterProvider) Option {
	return func(c *config) { c.meters = provider }
}

// Observer traces and measures calls: see the package documentation. Create it with [NewObserver]. Pass it to
// [integration.WithObserver], and its Middleware to [integration.WithMiddleware]. Several clients may share an Observer. It is
// safe for concurrent use.
type Observer struct {
	tracer   trace.Tracer
	duration metric.Float64Histogram
	attempts metric.Int64Counter
	retries  metric.Int64Counter
}

var _ integration.Observer = (*Observer)(nil)

// buckets are those of the conventions for HTTP requests, and larger ones, because a call with all its attempts may take a
// minute.
var buckets = []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 25, 50, 75}

// NewObserver returns an Observer. If a MeterProvider refuses an instrument, OpenTelemetry's global error handler gets the
// error, and the measurements of that instrument are dropped.
func NewObserver(opts ...Option) *Observer {
	var c config
	for _, opt := range opts {
		if opt != nil {
			opt(&c)
		}
	}
	if c.tracers == nil {
		c.tracers = otel.GetTracerProvider()
	}
	if c.meters == nil {
		c.meters = otel.GetMeterProvider()
	}
	o := &Observer{tracer: c.tracers.Tracer(scope, trace.WithSchemaURL(semconv.SchemaURL))}
	meter := c.meters.Meter(scope, metric.WithSchemaURL(semconv.SchemaURL))
	var errs [3]error
	o.duration, errs[0] = meter.Float64Histogram("talonone.client.call.duration", metric.WithUnit("s"),
		metric.WithDescription("Duration of calls, with all their attempts and waits."),
		metric.WithExplicitBucketBoundaries(buckets...))
	o.attempts, errs[1] = meter.Int64Counter("talonone.client.attempts", metric.WithUnit("{attempt}"),
		metric.WithDescription("Attempts of all calls."))
	o.retries, errs[2] = meter.Int64Counter("talonone.client.retries", metric.WithUnit("{retry}"),
		metric.WithDescription("Attempts that repeat an earlier one."))
	if err := errors.Join(errs[:]...); err != nil {
		otel.Handle(err)
	}
	return o
}

// A call is the state that the requests of a call and its end share.
type call struct {
	operation talonone.Operation

	mu       sync.Mutex // a middleware may send several requests at once
	requests int
	server   []attribute.KeyValue // nil: nothing was sent
}

// callKey is the context key of a call. It contains the Observer, so that the middleware of another Observer ignores the call.
type callKey struct{ observer *Observer }

// StartCall implements [integration.Observer].
func (o *Observer) StartCall(ctx context.Context, about integration.Call) (context.Context, func(integration.CallResult)) {
	start := time.Now()
	c := &call{operation: about.Operation}
	ctx, span := o.tracer.Start(ctx, "talonone "+string(about.Operation), trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(operationKey.String(string(about.Operation))))
	return context.WithValue(ctx, callKey{o}, c), func(result integration.CallResult) {
		duration := time.Since(start)
		c.mu.Lock()
		attrs := append([]attribute.KeyValue{operationKey.String(string(about.Operation))}, c.server...)
		c.mu.Unlock()
		if result.StatusCode != 0 {
			attrs = append(attrs, semconv.HTTPResponseStatusCode(result.StatusCode))
		}
		if result.Err != nil {
			attrs = append(attrs, semconv.ErrorTypeKey.String(errorType(result.Err)))
			span.SetStatus(codes.Error, "")
		}
		set := metric.WithAttributeSet(attribute.NewSet(attrs...))
		o.duration.Record(ctx, duration.Seconds(), set)
		o.attempts.Add(ctx, int64(result.Attempts), set)
		o.retries.Add(ctx, int64(max(result.Attempts-1, 0)), set)

		span.SetAttributes(attrs...)
		span.SetAttributes(attemptsKey.Int(result.Attempts), queueKey.Float64(result.Queued.Seconds()),
			backoffKey.Float64(result.Waited.Seconds()))
		span.End()
	}
}

// Middleware gives each request a span below that of its call. Pass it to [integration.WithMiddleware] of a client that also
// has the Observer. Other requests pass through it without a span.
//
// The span includes the middlewares after this one, but not those before it.
func (o *Observer) Middleware(next http.RoundTripper) http.RoundTripper {
	return roundTripper{o, next}
}

type roundTripper struct {
	observer *Observer
	next     http.RoundTripper
}

// RoundTrip implements [http.RoundTripper].
func (t roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	c, ok := r.Context().Value(callKey{t.observer}).(*call)
	if !ok {
		return t.next.RoundTrip(r)
	}
	about, _ := integration.CallFromContext(r.Context())
	method, name := r.Method, r.Method
	if !knownMethods[method] {
		method, name = "_OTHER", "HTTP"
	}
	attrs := []attribute.KeyValue{
		operationKey.String(string(c.operation)), attemptKey.Int(about.Attempt), semconv.HTTPRequestMethodKey.String(method),
	}
	server, resends := c.sending(r.URL)
	attrs = append(attrs, server...)
	if resends > 0 {
		attrs = append(attrs, semconv.HTTPRequestResendCount(resends))
	}
	ctx, span := t.observer.tracer.Start(r.Context(), name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attrs...))
	ended := false
	defer func() {
		if !ended { // next panics, or ends the goroutine
			fail(span, "_OTHER")
			span.End()
		}
	}()
	resp, err := t.next.RoundTrip(r.WithContext(ctx))
	ended = true
	switch {
	case err != nil:
		fail(span, noAnswer(err))
	case resp == nil: // for which http.Client has an error
		fail(span, noAnswer(nil))
	default:
		span.SetAttributes(semconv.HTTPResponseStatusCode(resp.StatusCode))
		if resp.ProtoMajor > 0 {
			span.SetAttributes(semconv.NetworkProtocolVersion(protocolVersion(resp)))
		}
		if resp.StatusCode >= 400 {
			fail(span, strconv.Itoa(resp.StatusCode))
		}
		if resp.Body != nil {
			resp.Body = &body{ReadCloser: resp.Body, span: span}
			return resp, nil
		}
	}
	span.End()
	return resp, err
}

// knownMethods are the methods that may stand in an attribute.
var knownMethods = map[string]bool{
	http.MethodConnect: true, http.MethodDelete: true, http.MethodGet: true, http.MethodHead: true, http.MethodOptions: true,
	http.MethodPatch: true, http.MethodPost: true, http.MethodPut: true, http.MethodTrace: true,
}

// sending returns the attributes of the server and how many requests of the call were sent before this one.
func (c *call) sending(u *url.URL) (server []attribute.KeyValue, resends int) {
	server = []attribute.KeyValue{semconv.ServerAddress(u.Hostname())}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		port = map[string]int{"http": 80, "https": 443}[u.Scheme]
	}
	server = append(server, semconv.ServerPort(port))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.server = server
	c.requests++
	return server, c.requests - 1
}

func protocolVersion(resp *http.Response) string {
	if resp.ProtoMajor >= 2 && resp.ProtoMinor == 0 {
		return strconv.Itoa(resp.ProtoMajor)
	}
	return strconv.Itoa(resp.ProtoMajor) + "." + strconv.Itoa(resp.ProtoMinor)
}

func fail(span trace.Span, errorType string) {
	span.SetAttributes(semconv.ErrorTypeKey.String(errorType))
	span.SetStatus(codes.Error, "")
}

// body ends the span of its request when it is closed.
type body struct {
	io.ReadCloser
	span trace.Span
	once sync.Once
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		fail(b.span, noAnswer(err))
	}
	return n, err
}

func (b *body) Close() error {
	defer b.once.Do(func() { b.span.End() })
	return b.ReadCloser.Close()
}

// errorType returns the error.type of a call's error: one of few texts, and nothing of what the error says.
func errorType(err error) string {
	interrupted := noAnswer(err)
	apiError, isAPIError := errors.AsType[*integration.APIError](err)
	_, isNetError := errors.AsType[net.Error](err)
	switch {
	case interrupted != "no_answer":
		return interrupted
	case isAPIError:
		return strconv.Itoa(apiError.StatusCode)
	case errors.Is(err, integration.ErrInvalidResponse):
		return "invalid_response"
	case isInvalidRequest(err):
		return "invalid_request"
	case isNetError:
		return "no_answer"
	}
	return "_OTHER"
}

// noAnswer returns the error.type of a request to which no whole answer came.
func noAnswer(err error) string {
	netError, isNetError := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded), isNetError && netError.Timeout():
		return "timeout"
	}
	return "no_answer"
}

// isInvalidRequest reports whether the client refused a call.
func isInvalidRequest(err error) bool {
	_, invalid := errors.AsType[*talonone.ValidationError](err)
	_, unwritable := errors.AsType[*talonone.EncodeError](err)
	return invalid || unwritable || errors.Is(err, integration.ErrInvalidRequest)
}
