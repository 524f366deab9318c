package otel_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
	"github.com/talonone-go/talonone/otel"
)

const session = "order-7c1d-session"

// telemetry collects the spans and metrics of an Observer.
type telemetry struct {
	*otel.Observer
	spans  *tracetest.InMemoryExporter
	reader *sdkmetric.ManualReader
	tracer trace.Tracer
}

func newTelemetry() *telemetry {
	spans, reader := tracetest.NewInMemoryExporter(), sdkmetric.NewManualReader()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	return &telemetry{
		Observer: otel.NewObserver(otel.WithTracerProvider(provider),
			otel.WithMeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader)))),
		spans: spans, reader: reader, tracer: provider.Tracer("test"),
	}
}

// options returns the client options for an Observer, with retries without waits.
func (tel *telemetry) options(opts ...integration.Option) []integration.Option {
	return append([]integration.Option{
		integration.WithObserver(tel.Observer), integration.WithMiddleware(tel.Middleware),
		integration.WithRetry(integration.Retry{MaxAttempts: 3, BaseDelay: 1}),
	}, opts...)
}

// metrics returns the collected metrics, by name.
func (tel *telemetry) metrics(t *testing.T) map[string]metricdata.Metrics {
	t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(t, tel.reader.Collect(t.Context(), &all))
	require.Len(t, all.ScopeMetrics, 1)
	assert.Equal(t, "github.com/talonone-go/talonone/otel", all.ScopeMetrics[0].Scope.Name)
	byName := map[string]metricdata.Metrics{}
	for _, m := range all.ScopeMetrics[0].Metrics {
		byName[m.Name] = m
	}
	return byName
}

// attributes returns the attributes of a span, without the durations. It checks that these are present.
func attributes(t *testing.T, span tracetest.SpanStub) map[string]any {
	t.Helper()
	attrs := map[string]any{}
	for _, kv := range span.Attributes {
		if strings.HasSuffix(string(kv.Key), ".duration") {
			assert.Equal(t, attribute.FLOAT64, kv.Value.Type(), kv.Key)
			continue
		}
		require.NotContains(t, attrs, string(kv.Key))
		attrs[string(kv.Key)] = kv.Value.AsInterface()
	}
	return attrs
}

// server returns the attributes of the server, merged with others.
func server(t *testing.T, baseURL string, others map[string]any) map[string]any {
	t.Helper()
	u, err := url.Parse(baseURL)
	require.NoError(t, err)
	var port int64
	_, err = fmt.Sscan(u.Port(), &port)
	require.NoError(t, err)
	others["server.address"], others["server.port"] = u.Hostname(), port
	return others
}

func update() integration.UpdateRequest {
	return integration.UpdateRequest{CustomerSession: talonone.CustomerSessionUpdate{
		ProfileID:   new("customer-profile-5"),
		CouponCodes: []string{"SUMMER-COUPON-42"},
		Identifiers: []string{"device-identifier-9"},
		CartItems:   []talonone.CartItem{{SKU: "shoe-sku-1", Quantity: 2, Price: new(decimal.RequireFromString("9.50"))}},
	}}
}

func TestSpans(t *testing.T) {
	api := integrationtest.NewServer(t)
	tel := newTelemetry()
	client := api.Client(tel.options()...)
	ctx, outer := tel.tracer.Start(t.Context(), "outer")
	api.FailNext(1, 503, http.Header{})
	_, err := client.UpdateCustomerSession(ctx, session, update())
	require.NoError(t, err)
	outer.End()

	spans := tel.spans.GetSpans()
	require.Len(t, spans, 4)
	first, second, call, root := spans[0], spans[1], spans[2], spans[3]
	assert.Equal(t, []string{"PUT", "PUT", "talonone update", "outer"}, []string{first.Name, second.Name, call.Name, root.Name})
	assert.Equal(t, root.SpanContext.SpanID(), call.Parent.SpanID())
	for _, span := range []tracetest.SpanStub{first, second} {
		assert.Equal(t, call.SpanContext.SpanID(), span.Parent.SpanID())
		assert.Equal(t, root.SpanContext.TraceID(), span.SpanContext.TraceID())
		assert.False(t, span.StartTime.Before(call.StartTime))
		assert.False(t, span.EndTime.After(call.EndTime))
	}
	for _, span := range spans[:3] {
		assert.Equal(t, trace.SpanKindClient, span.SpanKind)
		assert.Empty(t, span.Events)
		assert.Empty(t, span.Status.Description)
	}
	assert.Equal(t, server(t, api.URL, map[string]any{
		"talonone.operation": "update", "talonone.attempt": int64(1), "http.request.method": "PUT",
		"http.response.status_code": int64(503), "network.protocol.version": "1.1", "error.type": "503",
	}), attributes(t, first))
	assert.Equal(t, codes.Error, first.Status.Code)
	assert.Equal(t, server(t, api.URL, map[string]any{
		"talonone.operation": "update", "talonone.attempt": int64(2), "http.request.method": "PUT",
		"http.response.status_code": int64(200), "network.protocol.version": "1.1", "http.request.resend_count": int64(1),
	}), attributes(t, second))
	assert.Equal(t, codes.Unset, second.Status.Code)
	assert.Equal(t, server(t, api.URL, map[string]any{
		"talonone.operation": "update", "talonone.attempts": int64(2), "http.response.status_code": int64(200),
	}), attributes(t, call))
	assert.Equal(t, codes.Unset, call.Status.Code)
}

func TestSpanOfEachOperation(t *testing.T) {
	api := integrationtest.NewServer(t)
	tel := newTelemetry()
	client := api.Client(tel.options()...)
	closing := update()
	closing.CustomerSession.State = talonone.StateClosed
	_, err := client.UpdateCustomerSession(t.Context(), session, closing)
	require.NoError(t, err)
	_, err = client.ReturnCartItems(t.Context(), session, integration.ReturnRequest{
		ReturnedCartItems: []integration.ReturnedCartItem{{Position: new(0), Quantity: new(1)}},
	})
	require.NoError(t, err)
	_, err = client.GetCustomerSession(t.Context(), session)
	require.NoError(t, err)
	_, err = client.ReopenCustomerSession(t.Context(), session)
	require.ErrorIs(t, err, integration.ErrBadRequest) // a part was returned

	var names []string
	for _, span := range tel.spans.GetSpans() {
		names = append(names, span.Name)
	}
	assert.Equal(t, []string{
		"PUT", "talonone update", "POST", "talonone return", "GET", "talonone get", "PUT", "talonone reopen",
	}, names)
}

// The result of a call gives a status and an error.type, in the span of the call and in that of the last request.
func TestErrors(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	broken := errors.New("a secret text")
	answer := func(status int, text string) func(*http.Request) (*http.Response, error) {
		return func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(text)), Header: http.Header{}}, nil
		}
	}
	const none = "none" // no request is sent
	//nolint:bodyclose // the client closes the bodies of the answers
	for _, c := range []struct {
		name          string
		ctx           context.Context
		id            string
		answer        func(*http.Request) (*http.Response, error)
		call, request string
	}{
		{"a status", nil, session, answer(404, `{"message":"a secret text"}`), "404", "404"},
		{"a redirect that is not followed", nil, session, answer(302, ``), "302", ""},
		{"an unusable answer", nil, session, answer(200, `{}`), "invalid_response", ""},
		{"no answer", nil, session, func(*http.Request) (*http.Response, error) { return nil, broken }, "no_answer", "no_answer"},
		{"neither an answer nor an error", nil, session, func(*http.Request) (*http.Response, error) { return nil, nil }, "no_answer", "no_answer"},
		{"an answer without a body", nil, session, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}}, nil
		}, "invalid_response", ""},
		{"a body that breaks off", nil, session, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: brokenBody{broken}, Header: http.Header{}}, nil
		}, "no_answer", "no_answer"},
		{"a body that takes too long", nil, session, func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: brokenBody{context.DeadlineExceeded}, Header: http.Header{}}, nil
		}, "timeout", "timeout"},
		{"a timeout", nil, session, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}, "timeout", "timeout"},
		{"a context that has ended", ended, session, nil, "canceled", none},
		{"a request that is refused", nil, "..", nil, "invalid_request", none},
		{"a panic", nil, session, func(*http.Request) (*http.Response, error) { panic("a secret text") }, "_OTHER", "_OTHER"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tel := newTelemetry()
			client := fakeClient(t, c.answer, tel.options(integration.WithTimeout(50*time.Millisecond))...)
			ctx := c.ctx
			if ctx == nil {
				ctx = t.Context()
			}
			_, err := client.GetCustomerSession(ctx, c.id)
			require.Error(t, err)
			spans := tel.spans.GetSpans()
			require.NotEmpty(t, spans)
			call := spans[len(spans)-1]
			assert.Equal(t, "talonone get", call.Name)
			assert.Equal(t, codes.Error, call.Status.Code)
			assert.Equal(t, c.call, attributes(t, call)["error.type"])
			if c.request == none {
				require.Len(t, spans, 1)
				assert.Equal(t, map[string]any{
					"talonone.operation": "get", "talonone.attempts": int64(0), "error.type": c.call,
				}, attributes(t, call))
			} else {
				request := spans[len(spans)-2]
				got, _ := attributes(t, request)["error.type"].(string)
				assert.Equal(t, c.request, got)
				assert.Equal(t, c.request != "", request.Status.Code == codes.Error)
			}
			assert.NotContains(t, fmt.Sprintf("%+v", spans), "secret")
			duration := tel.metrics(t)["talonone.client.call.duration"].Data.(metricdata.Histogram[float64])
			require.Len(t, duration.DataPoints, 1)
			got, _ := duration.DataPoints[0].Attributes.Value("error.type")
			assert.Equal(t, c.call, got.AsString())
		})
	}
}

type brokenBody struct{ err error }

func (b brokenBody) Read([]byte) (int, error) { return 0, b.err }
func (brokenBody) Close() error               { return nil }

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func fakeClient(t testing.TB, f transport, opts ...integration.Option) *integration.Client {
	t.Helper()
	opts = append(opts, integration.WithHTTPClient(&http.Client{Transport: f}))
	client, err := integration.NewClient("https://shop.example", "5f3c9e0b7d2a4861", opts...)
	require.NoError(t, err)
	return client
}

// A goroutine that ends within a call leaves no span open.
func TestGoexit(t *testing.T) {
	tel := newTelemetry()
	client := fakeClient(t, func(*http.Request) (*http.Response, error) {
		runtime.Goexit()
		return nil, nil
	}, tel.options()...)
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = client.GetCustomerSession(t.Context(), session) })
	wg.Wait()
	spans := tel.spans.GetSpans()
	require.Len(t, spans, 2)
	for _, span := range spans {
		assert.Equal(t, "_OTHER", attributes(t, span)["error.type"])
	}
}

// A redirect that is followed is a separate request of the same attempt.
func TestRedirect(t *testing.T) {
	tel := newTelemetry()
	requests := 0
	client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
		resp := &http.Response{StatusCode: 307, Header: http.Header{"Location": {"/elsewhere"}}, Body: http.NoBody, ProtoMajor: 2}
		if requests++; requests == 2 {
			resp.StatusCode, resp.Body = 200, io.NopCloser(strings.NewReader(`{"effects":[]}`))
		}
		return resp, nil
	}, tel.options()...)
	_, err := client.UpdateCustomerSession(t.Context(), session, update())
	require.NoError(t, err)
	spans := tel.spans.GetSpans()
	require.Len(t, spans, 3)
	assert.Equal(t, map[string]any{
		"talonone.operation": "update", "talonone.attempt": int64(1), "http.request.method": "PUT", "http.request.resend_count": int64(1),
		"http.response.status_code": int64(200), "network.protocol.version": "2",
		"server.address": "shop.example", "server.port": int64(443),
	}, attributes(t, spans[1]))
}

func TestMetrics(t *testing.T) {
	api := integrationtest.NewServer(t)
	tel := newTelemetry()
	client := api.Client(tel.options()...)
	for range 3 {
		_, err := client.UpdateCustomerSession(t.Context(), session, update())
		require.NoError(t, err)
	}
	api.FailNext(2, 503, http.Header{})
	_, err := client.UpdateCustomerSession(t.Context(), session, update())
	require.NoError(t, err)
	api.FailNext(3, 503, http.Header{})
	_, err = client.GetCustomerSession(t.Context(), session)
	require.ErrorIs(t, err, integration.ErrServer)
	_, err = client.GetCustomerSession(t.Context(), "..")
	require.ErrorIs(t, err, integration.ErrInvalidRequest)

	set := func(attrs map[string]any) attribute.Set {
		var kvs []attribute.KeyValue
		for name, value := range attrs {
			switch value := value.(type) {
			case string:
				kvs = append(kvs, attribute.String(name, value))
			case int64:
				kvs = append(kvs, attribute.Int64(name, value))
			}
		}
		return attribute.NewSet(kvs...)
	}
	good := set(server(t, api.URL, map[string]any{"talonone.operation": "update", "http.response.status_code": int64(200)}))
	bad := set(server(t, api.URL, map[string]any{
		"talonone.operation": "get", "http.response.status_code": int64(503), "error.type": "503",
	}))
	refused := set(map[string]any{"talonone.operation": "get", "error.type": "invalid_request"})
	counter := func(name, unit, description string, ofGood, ofBad int64) metricdata.Metrics {
		return metricdata.Metrics{
			Name: name, Unit: unit, Description: description,
			Data: metricdata.Sum[int64]{Temporality: metricdata.CumulativeTemporality, IsMonotonic: true, DataPoints: []metricdata.DataPoint[int64]{
				{Attributes: good, Value: ofGood}, {Attributes: bad, Value: ofBad}, {Attributes: refused},
			}},
		}
	}
	got := tel.metrics(t)
	require.Len(t, got, 3)
	metricdatatest.AssertEqual(t, counter("talonone.client.attempts", "{attempt}", "Attempts of all calls.", 6, 3),
		got["talonone.client.attempts"], metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
	metricdatatest.AssertEqual(t, counter("talonone.client.retries", "{retry}", "Attempts that repeat an earlier one.", 2, 2),
		got["talonone.client.retries"], metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())

	duration := got["talonone.client.call.duration"]
	assert.Equal(t, "s", duration.Unit)
	counts := map[attribute.Distinct]uint64{}
	for _, point := range duration.Data.(metricdata.Histogram[float64]).DataPoints {
		counts[point.Attributes.Equivalent()] = point.Count
		assert.Positive(t, point.Sum)
		assert.Less(t, point.Sum, 60.0, "seconds")
		assert.InDelta(t, 75, point.Bounds[len(point.Bounds)-1], 0)
	}
	assert.Equal(t, map[attribute.Distinct]uint64{good.Equivalent(): 4, bad.Equivalent(): 1, refused.Equivalent(): 1}, counts)
}

// The span of a call records the waits for its session's turn and between attempts.
func TestWaits(t *testing.T) {
	tel := newTelemetry()
	requests := 0
	client := fakeClient(t, func(*http.Request) (*http.Response, error) {
		time.Sleep(20 * time.Millisecond)
		if requests++; requests == 1 {
			return &http.Response{StatusCode: 503, Body: http.NoBody, Header: http.Header{"Retry-After": {"1"}}}, nil
		}
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"customerSession":{}}`)), Header: http.Header{}}, nil
	}, tel.options()...)
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = client.GetCustomerSession(t.Context(), session) })
	time.Sleep(10 * time.Millisecond)
	wg.Go(func() { _, _ = client.GetCustomerSession(t.Context(), session) })
	wg.Wait()
	waits := map[string]float64{}
	for _, span := range tel.spans.GetSpans() {
		for _, kv := range span.Attributes {
			if strings.HasSuffix(string(kv.Key), ".duration") {
				waits[string(kv.Key)] = max(waits[string(kv.Key)], kv.Value.AsFloat64())
			}
		}
	}
	assert.Greater(t, waits["talonone.queue.duration"], 1.0)
	assert.GreaterOrEqual(t, waits["talonone.backoff.duration"], 1.0)
}

// No identifier and no secret of a call is in a span or a metric.
func TestSecrets(t *testing.T) {
	api := integrationtest.NewServer(t)
	tel := newTelemetry()
	client := api.Client(tel.options()...)
	req := update()
	req.DryRun, req.Now = true, time.Date(2131, 2, 3, 4, 5, 6, 0, time.UTC)
	secrets := []string{
		session, api.APIKey, "SUMMER-COUPON-42", "device-identifier-9", "customer-profile-5", "shoe-sku-1", "idempotency-key-3",
		"/v2", "customer_sessions", "dry=", "2131-", "a header's value",
	}
	ctx := t.Context()
	for range 2 {
		_, _ = client.UpdateCustomerSession(ctx, session, update(), integration.WithIdempotencyKey("idempotency-key-3"))
		_, err := client.UpdateCustomerSession(ctx, session, req, integration.WithHeader("X-Header", "a header's value"))
		require.NoError(t, err)
		_, err = client.GetCustomerSession(ctx, session)
		require.NoError(t, err)
		_, err = client.GetCustomerSession(ctx, session+"/?&%")
		require.ErrorIs(t, err, integration.ErrNotFound)
		_, err = client.ReopenCustomerSession(ctx, session)
		require.ErrorIs(t, err, integration.ErrBadRequest)
		api.CutNext(3)
		_, err = client.GetCustomerSession(ctx, session)
		require.Error(t, err)
	}
	api.Close()
	_, err := client.GetCustomerSession(ctx, session)
	require.Error(t, err)

	spans := tel.spans.GetSpans()
	require.Greater(t, len(spans), 20)
	text := fmt.Sprintf("%+v", spans)
	var all metricdata.ResourceMetrics
	require.NoError(t, tel.reader.Collect(ctx, &all))
	metrics, err := json.Marshal(all)
	require.NoError(t, err)
	require.Contains(t, string(metrics), "talonone.client.call.duration")
	for _, span := range spans {
		for _, kv := range span.Attributes {
			text += kv.Value.String() + "\n"
		}
	}
	for _, secret := range secrets {
		assert.NotContains(t, text, secret)
		assert.NotContains(t, string(metrics), secret)
	}
}

// The Observer ignores requests that are not of its calls: those of a client with the middleware only, or with another
// Observer.
func TestMiddlewareAlone(t *testing.T) {
	tel, other := newTelemetry(), newTelemetry()
	answer := func(r *http.Request) (*http.Response, error) {
		assert.Empty(t, r.Header.Get("Traceparent"), "the trace is not sent")
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"customerSession":{}}`)), Header: http.Header{}}, nil
	}
	for _, opts := range [][]integration.Option{
		{integration.WithMiddleware(tel.Middleware)},
		{integration.WithMiddleware(tel.Middleware), integration.WithObserver(other.Observer)},
	} {
		_, err := fakeClient(t, answer, opts...).GetCustomerSession(t.Context(), session)
		require.NoError(t, err)
		assert.Empty(t, tel.spans.GetSpans())
	}
	spans := other.spans.GetSpans()
	require.Len(t, spans, 1, "an Observer without its middleware has the spans of calls")
	assert.Equal(t, map[string]any{
		"talonone.operation": "get", "talonone.attempts": int64(1), "http.response.status_code": int64(200),
	}, attributes(t, spans[0]))
}

func TestOptions(t *testing.T) {
	tel := newTelemetry()
	observer := otel.NewObserver(nil, otel.WithTracerProvider(nil), otel.WithMeterProvider(nil)) // the global ones, which drop all
	client := fakeClient(t, func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"customerSession":{}}`)), Header: http.Header{}}, nil
	}, integration.WithObserver(observer), integration.WithMiddleware(observer.Middleware))
	_, err := client.GetCustomerSession(t.Context(), session)
	require.NoError(t, err)
	assert.Empty(t, tel.spans.GetSpans())
}

// BenchmarkCall measures what an Observer costs a call, without a network.
func BenchmarkCall(b *testing.B) {
	observed := func(o *otel.Observer) []integration.Option {
		return []integration.Option{integration.WithObserver(o), integration.WithMiddleware(o.Middleware)}
	}
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewManualReader()))
	for _, c := range []struct {
		name string
		opts []integration.Option
	}{
		{"without", nil},
		{"providers that drop all", observed(otel.NewObserver(
			otel.WithTracerProvider(tracenoop.NewTracerProvider()), otel.WithMeterProvider(metricnoop.NewMeterProvider())))},
		{"metrics", observed(otel.NewObserver(
			otel.WithTracerProvider(tracenoop.NewTracerProvider()), otel.WithMeterProvider(meters)))},
		{"spans that are not sampled and metrics", observed(otel.NewObserver(
			otel.WithTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.NeverSample()))), otel.WithMeterProvider(meters)))},
		{"spans and metrics", observed(otel.NewObserver(
			otel.WithTracerProvider(sdktrace.NewTracerProvider()), otel.WithMeterProvider(meters)))},
	} {
		b.Run(c.name, func(b *testing.B) {
			client := fakeClient(b, func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"customerSession":{}}`)), Header: http.Header{}}, nil
			}, c.opts...)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := client.GetCustomerSession(b.Context(), session); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
