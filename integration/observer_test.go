package integration_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// observer is an Observer that records its calls.
type observer struct {
	mu      sync.Mutex
	calls   []integration.Call
	results []integration.CallResult
	start   func(context.Context) context.Context // nil: the same context
}

func (o *observer) StartCall(ctx context.Context, call integration.Call) (context.Context, func(integration.CallResult)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls = append(o.calls, call)
	if o.start != nil {
		ctx = o.start(ctx)
	}
	return ctx, func(result integration.CallResult) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.results = append(o.results, result)
	}
}

type observedKey struct{}

// Each part of a call gets the observer's context, with the number of the attempt if it belongs to one.
func TestObserverOfEachOperation(t *testing.T) {
	t.Parallel()
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			o := &observer{start: func(ctx context.Context) context.Context {
				return context.WithValue(ctx, observedKey{}, "observed")
			}}
			type heard struct {
				where string
				call  integration.Call
			}
			var got []heard
			hear := func(ctx context.Context, where string) {
				assert.Equal(t, "observed", ctx.Value(observedKey{}), where)
				call, ok := integration.CallFromContext(ctx)
				assert.True(t, ok, where)
				got = append(got, heard{where, call})
			}
			requests := 0
			client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
				hear(r.Context(), "transport")
				if requests++; requests == 1 {
					return reply(503, ``), nil
				}
				return reply(200, goodAnswer), nil
			},
				fast, integration.WithObserver(&observer{}), integration.WithObserver(o),
				integration.WithAPIKeyFunc(func(ctx context.Context) (string, error) {
					hear(ctx, "key")
					return testKey, nil
				}),
				integration.WithLogger(slog.New(contextHandler(func(ctx context.Context) { hear(ctx, "log") }))),
			)
			_, err := op.call(t.Context(), client)
			require.NoError(t, err)

			call := integration.Call{Operation: talonone.Operation(op.name), SessionID: testSession}
			assert.Equal(t, []integration.Call{call}, o.calls)
			var want []heard
			for call.Attempt = 1; call.Attempt <= 2; call.Attempt++ {
				want = append(want, heard{"key", call}, heard{"transport", call}, heard{"log", call})
			}
			assert.Equal(t, want, got)
			require.Len(t, o.results, 1)
			assert.NoError(t, o.results[0].Err)
			assert.Equal(t, 2, o.results[0].Attempts)
			assert.Equal(t, 200, o.results[0].StatusCode)
		})
	}
}

type contextHandler func(context.Context)

func (contextHandler) Enabled(context.Context, slog.Level) bool { return true }
func (h contextHandler) Handle(ctx context.Context, _ slog.Record) error {
	h(ctx)
	return nil
}
func (h contextHandler) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h contextHandler) WithGroup(string) slog.Handler      { return h }

func TestObserverResults(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, c := range []struct {
		name     string
		answers  []any // a status, or an error
		id       string
		opts     []integration.CallOption
		is       error
		status   int
		attempts int
	}{
		{"an answer", []any{200}, testSession, nil, nil, 200, 1},
		{"a refusal by the API", []any{404}, testSession, nil, integration.ErrNotFound, 404, 1},
		{"a repeat", []any{500, 200}, testSession, nil, nil, 200, 2},
		{"no answer in the end", []any{500, broken}, testSession, nil, broken, 0, 2},
		{"an answer in the end", []any{broken, 409}, testSession, nil, integration.ErrConflict, 409, 2},
		{"an unusable answer", []any{204}, testSession, nil, integration.ErrInvalidResponse, 204, 1},
		{"a bad session ID", nil, "..", nil, integration.ErrInvalidRequest, 0, 0},
		{"a bad option", nil, testSession, []integration.CallOption{integration.WithIdempotencyKey("")}, integration.ErrInvalidRequest, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := &observer{}
			client := fakeClient(t, func(*http.Request) (*http.Response, error) {
				answer := c.answers[0]
				c.answers = c.answers[1:]
				if err, ok := answer.(error); ok {
					return nil, err
				}
				if answer == 204 {
					return reply(204, ``), nil
				}
				return reply(answer.(int), goodAnswer), nil
			}, fast, integration.WithObserver(o))
			_, err := client.UpdateCustomerSession(t.Context(), c.id, update(), c.opts...)
			require.ErrorIs(t, err, c.is)
			assert.Equal(t, []integration.Call{{Operation: talonone.OperationUpdate, SessionID: c.id}}, o.calls)
			require.Len(t, o.results, 1)
			got := o.results[0]
			assert.Equal(t, err, got.Err, "the error of the call itself")
			assert.Equal(t, c.status, got.StatusCode)
			assert.Equal(t, c.attempts, got.Attempts)
		})
	}
}

// An update that breaks a rule is refused after it was observed.
func TestObserverOfAnInvalidUpdate(t *testing.T) {
	t.Parallel()
	o := &observer{}
	client := fakeClient(t, nil, integration.WithObserver(o))
	req := update()
	req.CustomerSession.CartItems[0].SKU = ""
	_, err := client.UpdateCustomerSession(t.Context(), testSession, req)
	require.Error(t, err)
	assert.Equal(t, []integration.CallResult{{Err: err}}, o.results)
}

// A call of Do is observed like all others.
func TestObserverOfDo(t *testing.T) {
	t.Parallel()
	o := &observer{}
	requests := 0
	client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
		requests++
		call, _ := integration.CallFromContext(r.Context())
		assert.Equal(t, integration.Call{Operation: "do", Attempt: requests}, call)
		if requests == 1 {
			return reply(503, ``), nil
		}
		return reply(204, ``), nil
	}, fast, integration.WithObserver(o))
	require.NoError(t, client.Do(t.Context(), integration.Request{Method: "GET", Path: "/v1/profiles"}, nil))
	err := client.Do(t.Context(), integration.Request{Method: "GET", Path: "/"}, nil)
	require.ErrorIs(t, err, integration.ErrInvalidRequest)
	assert.Equal(t, []integration.Call{{Operation: "do"}, {Operation: "do"}}, o.calls)
	require.Len(t, o.results, 2)
	o.results[0].Waited = 0
	assert.Equal(t, []integration.CallResult{{StatusCode: 204, Attempts: 2}, {Err: err}}, o.results)
}

// The result has the time of a call in the queue and between attempts, even if the call gave up there.
func TestObserverTimes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := &observer{}
		requests := 0
		client := fakeClient(t, func(*http.Request) (*http.Response, error) {
			time.Sleep(3 * time.Second)
			if requests++; requests == 1 {
				return reply(503, ``, "Retry-After", "7"), nil
			}
			return reply(200, goodAnswer), nil
		}, integration.WithObserver(o), integration.WithRetry(integration.Retry{BaseDelay: 1}))
		var wg sync.WaitGroup
		for _, limit := range []time.Duration{time.Hour, time.Hour, 5 * time.Second} {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				defer cancel()
				_, _ = client.UpdateCustomerSession(ctx, testSession, update())
			})
			synctest.Wait()
		}
		wg.Wait()
		require.Len(t, o.results, 3)
		for i := range o.results {
			o.results[i].Err = nil
		}
		assert.Equal(t, []integration.CallResult{
			{Queued: 5 * time.Second}, // left the queue when its context ended
			{StatusCode: 200, Attempts: 2, Waited: 7 * time.Second},
			{StatusCode: 200, Attempts: 1, Queued: 13 * time.Second},
		}, o.results)
	})
}

// observerFunc is an Observer.
type observerFunc func(context.Context, integration.Call) (context.Context, func(integration.CallResult))

func (f observerFunc) StartCall(ctx context.Context, call integration.Call) (context.Context, func(integration.CallResult)) {
	return f(ctx, call)
}

func TestObserverThatReturnsNothing(t *testing.T) {
	t.Parallel()
	client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
		call, _ := integration.CallFromContext(r.Context())
		assert.Equal(t, 1, call.Attempt)
		return reply(200, goodAnswer), nil
	}, integration.WithObserver(observerFunc(func(context.Context, integration.Call) (context.Context, func(integration.CallResult)) {
		return nil, nil
	})))
	_, err := client.GetCustomerSession(t.Context(), testSession)
	assert.NoError(t, err)
}

func TestPanicOfAnObserver(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"start", "end"} {
		for _, b := range bursts {
			t.Run(where+" "+b.name, func(t *testing.T) {
				t.Parallel()
				requests, burst := 0, true
				client := fakeClient(t, func(*http.Request) (*http.Response, error) {
					requests++
					return reply(200, goodAnswer), nil
				}, integration.WithObserver(observerFunc(
					func(ctx context.Context, _ integration.Call) (context.Context, func(integration.CallResult)) {
						hook := func(at string) {
							if at == where && burst {
								burst = false
								b.burst(&http.Request{})
							}
						}
						hook("start")
						return ctx, func(integration.CallResult) { hook("end") }
					},
				)))
				var state *integration.IntegrationState
				var err error
				var wg sync.WaitGroup
				returned := false
				wg.Go(func() {
					state, err = client.UpdateCustomerSession(t.Context(), testSession, update())
					returned = true
				})
				wg.Wait()
				assert.Equal(t, b.name != "Goexit", returned)
				if returned {
					assert.Nil(t, state)
					require.Error(t, err)
					assert.Equal(t, b.name == "panic with an error", errors.Is(err, errInPanic))
					assert.Contains(t, err.Error(), "panic_test.go:", "the place")
					(&listener{t: t}).hears("observer", err)
				}
				assert.Equal(t, map[string]int{"start": 0, "end": 1}[where], requests)
				assert.Zero(t, client.Waiting())
				_, err = client.UpdateCustomerSession(t.Context(), testSession, update())
				assert.NoError(t, err)
			})
		}
	}
}

// If a call ends by a panic or Goexit, the observer gets an error.
func TestObserverOfABurst(t *testing.T) {
	t.Parallel()
	for _, b := range bursts {
		o := &observer{}
		client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
			b.burst(r)
			return nil, nil
		}, integration.WithObserver(o))
		var wg sync.WaitGroup
		var err error
		wg.Go(func() { _, err = client.GetCustomerSession(t.Context(), testSession) })
		wg.Wait()
		require.Len(t, o.results, 1, b.name)
		require.Error(t, o.results[0].Err, b.name)
		if b.name != "Goexit" {
			assert.Equal(t, err, o.results[0].Err, b.name)
		}
		assert.Equal(t, 1, o.results[0].Attempts, b.name)
	}
}

// The function that ends a call runs after the call has left the queue, so it may call the Client for the same session.
func TestObserverMayCallTheClient(t *testing.T) {
	t.Parallel()
	var client *integration.Client
	var inner error
	calls := 0
	client = fakeClient(t, func(*http.Request) (*http.Response, error) { return reply(200, goodAnswer), nil },
		integration.WithObserver(observerFunc(func(ctx context.Context, _ integration.Call) (context.Context, func(integration.CallResult)) {
			return ctx, func(integration.CallResult) {
				if calls++; calls == 1 {
					_, inner = client.GetCustomerSession(ctx, testSession)
				}
			}
		})))
	_, err := client.UpdateCustomerSession(t.Context(), testSession, update())
	require.NoError(t, err)
	assert.NoError(t, inner)
	assert.Equal(t, 2, calls)
}

func TestCallFromOtherContexts(t *testing.T) {
	t.Parallel()
	for _, ctx := range []context.Context{nil, t.Context()} {
		call, ok := integration.CallFromContext(ctx)
		assert.False(t, ok)
		assert.Zero(t, call)
	}
}

func TestNilObserver(t *testing.T) {
	t.Parallel()
	_, err := integration.NewClient("https://shop.example", testKey, integration.WithObserver(nil))
	assert.ErrorIs(t, err, integration.ErrInvalidConfig)
}

// BenchmarkObserver measures what observing costs a call, without a network.
func BenchmarkObserver(b *testing.B) {
	for _, c := range []struct {
		name string
		opts []integration.Option
	}{
		{"without", nil},
		{"with", []integration.Option{integration.WithObserver(observerFunc(
			func(ctx context.Context, _ integration.Call) (context.Context, func(integration.CallResult)) {
				return ctx, func(result integration.CallResult) { runtime.KeepAlive(result) }
			}))}},
	} {
		b.Run(c.name, func(b *testing.B) {
			client := fakeClient(b, func(*http.Request) (*http.Response, error) { return reply(200, goodAnswer), nil }, c.opts...)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := client.GetCustomerSession(b.Context(), testSession); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
