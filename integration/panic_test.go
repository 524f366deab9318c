package integration_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
)

var errInPanic = errors.New("the value of a panic")

// bursts are the ways in which the caller's code can end without returning. Those with a text contain a secret.
var bursts = []struct {
	name  string
	burst func(*http.Request)
}{
	{"panic with a text", func(r *http.Request) {
		panic(fmt.Sprintf("%s %v %s", r.URL, r.Header, testCoupon))
	}},
	{"panic with an error", func(r *http.Request) {
		panic(fmt.Errorf("%s %v %s: %w", r.URL, r.Header, testCoupon, errInPanic))
	}},
	{"panic of the runtime", func(*http.Request) {
		var none []int
		_ = none[len(testSession)]
	}},
	{"Goexit", func(*http.Request) { runtime.Goexit() }},
}

// hooks are the places where the caller's code runs during a call. Each returns the options of a client that calls f once for a
// request.
var hooks = []struct {
	name    string
	options func(f func(*http.Request)) []integration.Option
}{
	{"transport", func(f func(*http.Request)) []integration.Option {
		return []integration.Option{integration.WithHTTPClient(&http.Client{
			Timeout: time.Hour, // for which http.Client may start a goroutine
			Transport: transport(func(r *http.Request) (*http.Response, error) {
				f(r)
				return http.DefaultTransport.RoundTrip(r)
			}),
		})}
	}},
	{"middleware, before", func(f func(*http.Request)) []integration.Option {
		return middleware(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			f(r)
			return next.RoundTrip(r)
		})
	}},
	{"middleware, after", func(f func(*http.Request)) []integration.Option {
		return middleware(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			resp, err := next.RoundTrip(r) // whose body stays open
			f(r)
			return resp, err
		})
	}},
	{"read of a body", func(f func(*http.Request)) []integration.Option {
		return middleware(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if err == nil {
				resp.Body = &hookedBody{ReadCloser: resp.Body, read: func() { f(r) }}
			}
			return resp, err
		})
	}},
	{"close of a body", func(f func(*http.Request)) []integration.Option {
		return middleware(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if err == nil {
				resp.Body = &hookedBody{ReadCloser: resp.Body, close: func() { f(r) }}
			}
			return resp, err
		})
	}},
	{"log handler", func(f func(*http.Request)) []integration.Option {
		return []integration.Option{integration.WithLogger(slog.New(logHandler(func() {
			r, _ := http.NewRequest("PUT", "https://shop.example/"+testSession, nil)
			r.Header.Set("Authorization", testKey)
			f(r)
		})))}
	}},
}

func middleware(f func(*http.Request, http.RoundTripper) (*http.Response, error)) []integration.Option {
	return []integration.Option{integration.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return transport(func(r *http.Request) (*http.Response, error) { return f(r, next) })
	})}
}

type hookedBody struct {
	io.ReadCloser
	read, close func()
}

func (b *hookedBody) Read(p []byte) (int, error) {
	if b.read != nil {
		b.read()
	}
	return b.ReadCloser.Read(p)
}

func (b *hookedBody) Close() error {
	err := b.ReadCloser.Close()
	if b.close != nil {
		b.close()
	}
	return err
}

type logHandler func()

func (logHandler) Enabled(context.Context, slog.Level) bool { return true }
func (h logHandler) Handle(context.Context, slog.Record) error {
	h()
	return nil
}
func (h logHandler) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h logHandler) WithGroup(string) slog.Handler      { return h }

// A panic or a Goexit in the caller's code ends only the call. The next call for the same session succeeds, and no request,
// connection or goroutine is left.
func TestPanicsAndExits(t *testing.T) {
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	for _, hook := range hooks {
		for _, b := range bursts {
			t.Run(hook.name+"/"+b.name, func(t *testing.T) {
				http.DefaultTransport.(*http.Transport).CloseIdleConnections()
				before := runtime.NumGoroutine()
				var requests atomic.Int64
				server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
					_, _ = io.Copy(io.Discard, r.Body)
					requests.Add(1)
					_, _ = io.WriteString(w, `{"effects":[],"customerSession":{}}`)
					if requests.Load() == 1 && strings.Contains(hook.name, "middleware, after") {
						w.(http.Flusher).Flush()
						<-r.Context().Done() // the body that nobody closes
					}
				})
				var armed atomic.Bool
				armed.Store(true)
				var attempt context.Context
				opts := hook.options(func(r *http.Request) {
					if armed.CompareAndSwap(true, false) {
						attempt = r.Context()
						b.burst(r)
					}
				})
				client := newClient(t, server.URL, append(opts, integration.WithTimeout(0))...)
				var err error
				exited := true
				var wg sync.WaitGroup
				wg.Go(func() {
					_, err = client.UpdateCustomerSession(t.Context(), testSession, update())
					exited = false
				})
				wg.Wait()
				assert.Equal(t, b.name == "Goexit", exited)
				if !exited {
					l := &listener{t: t}
					l.hears(hook.name, err)
					l.check(5)
					assert.Equal(t, b.name == "panic with an error", errors.Is(err, errInPanic))
					assert.Contains(t, err.Error(), "panic_test.go:", "the place")
					assert.LessOrEqual(t, requests.Load(), int64(1), "a bug is not tried again")
				}
				if hook.name != "log handler" {
					assert.ErrorIs(t, attempt.Err(), context.Canceled, "the context of the attempt")
				}
				assert.Zero(t, client.Waiting())

				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				_, err = client.UpdateCustomerSession(ctx, testSession, update())
				assert.NoError(t, err)
				client.CloseIdleConnections()
				server.Close() // waits for the requests under way
				noGoroutineIsLeft(t, before)
			})
		}
	}
}

// The body is closed if reading it ends in a panic or in a Goexit.
func TestBodyOfAPanicIsClosed(t *testing.T) {
	t.Parallel()
	for _, b := range bursts {
		var closed, log atomic.Int64
		client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
			resp := reply(200, `{}`)
			resp.Body = &hookedBody{ReadCloser: resp.Body, read: func() { b.burst(r) }, close: func() { closed.Add(1) }}
			return resp, nil
		}, integration.WithLogger(slog.New(logHandler(func() { log.Add(1) }))))
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = client.GetCustomerSession(t.Context(), testSession) })
		wg.Wait()
		assert.Equal(t, int64(1), closed.Load(), b.name)
		want := int64(1) // as a failed attempt
		if b.name == "Goexit" {
			want = 0
		}
		assert.Equal(t, want, log.Load(), b.name)
	}
}

// A repeat that ends in a panic or in a Goexit costs the same as any repeat: 50 of them use up the budget.
func TestPanicsAndTheRetryBudget(t *testing.T) {
	t.Parallel()
	for _, b := range bursts {
		requests, calls := 0, 0
		client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
			if requests++; requests%2 == 1 {
				return reply(503, ``), nil
			}
			b.burst(r)
			return nil, nil
		}, fast)
		for requests == 2*calls {
			calls++
			var wg sync.WaitGroup
			wg.Go(func() { _, _ = client.GetCustomerSession(t.Context(), testSession) })
			wg.Wait()
			require.LessOrEqual(t, calls, 51, b.name)
		}
		assert.Equal(t, 51, calls, b.name)
	}
}

// A middleware may also panic when NewClient asks it for its transport.
func TestPanicOfAMiddlewareInNewClient(t *testing.T) {
	t.Parallel()
	_, err := integration.NewClient("https://shop.example", testKey,
		integration.WithMiddleware(func(http.RoundTripper) http.RoundTripper { panic(testKey) }))
	require.ErrorIs(t, err, integration.ErrInvalidConfig)
	assert.NotContains(t, err.Error(), testKey)
}

func noGoroutineIsLeft(t testing.TB, before int) {
	t.Helper()
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	stacks := make([]byte, 1<<20)
	t.Fatalf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
}
