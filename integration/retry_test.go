package integration_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
)

// TestEveryStatus has one row for each operation, status and kind of body.
func TestEveryStatus(t *testing.T) {
	t.Parallel()
	bodies := []struct{ name, contentType, text, message string }{
		{"object", "application/json", `{"message":"no","errors":[{"title":"t","source":{"pointer":"/p"}}]}`, "no"},
		{"strings", "application/json", `{"message":"no","errors":["a","b"],"StatusCode":200}`, "no"},
		{"HTML", "text/html", `<html>no</html>`, ""},
		{"plain", "text/plain", `{"message":"no"}`, "no"},
		{"success", "application/json", `{"effects":[]}`, ""},
		{"empty", "application/json", ``, ""},
	}
	retried := map[int]bool{
		300: false, 304: false, 400: false, 401: false, 403: false, 404: false, 405: false, 408: true, 410: false,
		413: false, 422: false, 409: true, 425: true, 429: true, 500: true, 501: true, 502: true, 503: true, 504: true, 599: true,
	}
	for status, retry := range retried {
		for _, body := range bodies {
			for _, op := range operations {
				t.Run(fmt.Sprintf("%d/%s/%s", status, body.name, op.name), func(t *testing.T) {
					t.Parallel()
					var keys []string
					server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
						keys = append(keys, r.Header.Get("Idempotency-Key"))
						w.Header().Set("Content-Type", body.contentType)
						w.WriteHeader(status)
						_, _ = io.WriteString(w, body.text)
					})
					state, err := op.call(t.Context(), newClient(t, server.URL, fast))
					e := requireAPIError(t, err)
					assert.Nil(t, state)
					assert.Equal(t, status, e.StatusCode)
					if status != 304 { // which has no body
						assert.Equal(t, body.text, string(e.Body))
						assert.Equal(t, body.message, e.Message)
					}
					want := 1
					if retry {
						want = 2
					}
					require.Len(t, keys, want, "attempts")
					assert.Len(t, slices.Compact(keys), 1, "every attempt has the same key")
					assert.Equal(t, op.writes, keys[0] != "")
				})
			}
		}
	}
}

// TestEveryBreakdown has one row for each operation and way in which a server can fail to answer.
func TestEveryBreakdown(t *testing.T) {
	t.Parallel()
	hijack := func(w http.ResponseWriter) net.Conn {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		return conn
	}
	stall := func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	const short = 50 * time.Millisecond
	for _, tt := range []struct {
		name    string
		handler http.HandlerFunc // nil: no server
		timeout time.Duration
		cause   error // nil: not a particular one
		text    string
	}{
		{name: "connection refused", cause: syscall.ECONNREFUSED, text: "connection refused"},
		{
			name: "closed before the status",
			handler: func(w http.ResponseWriter, r *http.Request) {
				hijack(w).Close()
			},
			cause: io.EOF,
			text:  "EOF",
		},
		{
			name: "reset before the status",
			handler: func(w http.ResponseWriter, r *http.Request) {
				conn := hijack(w)
				_ = conn.(*net.TCPConn).SetLinger(0)
				conn.Close()
			},
			cause: syscall.ECONNRESET,
			text:  "connection reset by peer",
		},
		{
			name: "cut in the status",
			handler: func(w http.ResponseWriter, r *http.Request) {
				conn := hijack(w)
				_, _ = io.WriteString(conn, "HTTP/1.1 2")
				conn.Close()
			},
			text: `malformed HTTP`,
		},
		{
			name: "cut in the headers",
			handler: func(w http.ResponseWriter, r *http.Request) {
				conn := hijack(w)
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: appl")
				conn.Close()
			},
			cause: io.ErrUnexpectedEOF,
			text:  "unexpected EOF",
		},
		{
			name: "cut in the body",
			handler: func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Length", "100")
				_, _ = io.WriteString(w, `{"effects":[]}`)
			},
			cause: io.ErrUnexpectedEOF,
			text:  "unexpected EOF",
		},
		{
			name: "cut in a chunk",
			handler: func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, `{"effects":[]}`)
				w.(http.Flusher).Flush()
				hijack(w).Close()
			},
			cause: io.ErrUnexpectedEOF,
			text:  "unexpected EOF",
		},
		{
			name: "not HTTP",
			handler: func(w http.ResponseWriter, r *http.Request) {
				conn := hijack(w)
				fmt.Fprint(conn, "hello\n")
				conn.Close()
			},
			text: `malformed HTTP`,
		},
		{
			name:    "slow headers",
			handler: func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			timeout: short,
			cause:   context.DeadlineExceeded,
			text:    "timeout: no whole answer within 50ms",
		},
		{
			name:    "slow body",
			handler: func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, `{"eff`); stall(w, r) },
			timeout: short,
			cause:   context.DeadlineExceeded,
			text:    "timeout: no whole answer within 50ms",
		},
	} {
		for _, op := range operations {
			t.Run(tt.name+"/"+op.name, func(t *testing.T) {
				t.Parallel()
				var attempts atomic.Int64
				baseURL := ""
				if tt.handler != nil {
					server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
						_, _ = io.Copy(io.Discard, r.Body) // else a client may see its own writing fail
						tt.handler(w, r)
					})
					baseURL = server.URL
				} else {
					server := newServer(t, nil)
					server.Close()
					baseURL = server.URL
				}
				count := integration.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
					return transport(func(r *http.Request) (*http.Response, error) {
						attempts.Add(1)
						return next.RoundTrip(r)
					})
				})
				opts := []integration.Option{fast, count}
				if tt.timeout > 0 {
					opts = append(opts, integration.WithTimeout(tt.timeout))
				}
				state, err := op.call(t.Context(), newClient(t, baseURL, opts...))
				require.Error(t, err)
				assert.Nil(t, state)
				if tt.cause != nil {
					require.ErrorIs(t, err, tt.cause)
				}
				assert.ErrorContains(t, err, tt.text)
				assert.ErrorContains(t, err, "integration: "+op.name+": attempt 2: ")
				assert.NotContains(t, err.Error(), testSession)
				assert.NotErrorIs(t, err, integration.ErrInvalidResponse)
				var netErr net.Error
				require.ErrorAs(t, err, &netErr)
				assert.Equal(t, tt.timeout > 0, netErr.Timeout())
				assert.Equal(t, int64(2), attempts.Load())
			})
		}
	}
}

// An error whose body breaks off or stalls is still the error of its status.
func TestErrorWithABodyThatBreaksOff(t *testing.T) {
	t.Parallel()
	server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.WriteHeader(404)
		_, _ = io.WriteString(w, `{"message":`)
	})
	_, err := newClient(t, server.URL, fast).GetCustomerSession(t.Context(), testSession)
	e := requireAPIError(t, err)
	require.ErrorIs(t, err, integration.ErrNotFound)
	assert.Equal(t, `{"message":`, string(e.Body))

	server = newServer(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(404)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	client := newClient(t, server.URL, fast, integration.WithTimeout(time.Second))
	_, err = client.GetCustomerSession(t.Context(), testSession)
	require.ErrorIs(t, err, integration.ErrNotFound)
}

func TestUntrustedCertificateIsNotRetried(t *testing.T) {
	t.Parallel()
	attempts := 0
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = discardLog
	server.StartTLS()
	t.Cleanup(server.Close)
	client := newClient(t, server.URL, fast, integration.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return transport(func(r *http.Request) (*http.Response, error) {
			attempts++
			return next.RoundTrip(r)
		})
	}))
	_, err := client.GetCustomerSession(t.Context(), testSession)
	var untrusted *tls.CertificateVerificationError
	require.ErrorAs(t, err, &untrusted)
	assert.Equal(t, 1, attempts)
}

// failing returns a client in a bubble whose first requests fail, and the times since the start at which the requests were
// sent.
func failing(t *testing.T, times int, fail func() (*http.Response, error), opts ...integration.Option) (
	*integration.Client, func() []time.Duration,
) {
	start := time.Now()
	var sent []time.Duration
	client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
		sent = append(sent, time.Since(start))
		if len(sent) <= times {
			return fail()
		}
		return reply(200, goodAnswer), nil
	}, opts...)
	return client, func() []time.Duration { return sent }
}

func unavailable() (*http.Response, error) { return reply(503, ``), nil }

func TestRetryDefaults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, sent := failing(t, 99, unavailable)
		_, err := client.GetCustomerSession(t.Context(), testSession)
		require.ErrorIs(t, err, integration.ErrServer)
		require.Len(t, sent(), 4)
		assert.Less(t, time.Duration(0), sent()[3])
		assert.Less(t, sent()[3], 1400*time.Millisecond)
	})
}

func TestMaxAttempts(t *testing.T) {
	t.Parallel()
	for attempts := range 6 {
		synctest.Test(t, func(t *testing.T) {
			retry := integration.WithRetry(integration.Retry{MaxAttempts: attempts + 1})
			client, sent := failing(t, 3, unavailable, retry)
			_, err := client.GetCustomerSession(t.Context(), testSession)
			assert.Equal(t, attempts >= 3, err == nil)
			assert.Len(t, sent(), min(attempts+1, 4))
		})
	}
}

// The waits are spread over the whole range, which doubles up to MaxDelay.
func TestBackoffHasFullJitter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const calls = 200
		waits := make([][]time.Duration, 5)
		for range calls {
			retry := integration.Retry{MaxAttempts: 6, BaseDelay: time.Second, MaxDelay: 5 * time.Second}
			client, sent := failing(t, 5, unavailable, integration.WithRetry(retry))
			_, err := client.GetCustomerSession(t.Context(), testSession)
			require.NoError(t, err)
			for i := range waits {
				waits[i] = append(waits[i], sent()[i+1]-sent()[i])
			}
		}
		for i, limit := range []time.Duration{1, 2, 4, 5, 5} {
			limit *= time.Second
			assert.Less(t, slices.Max(waits[i]), limit, "wait %d", i)
			assert.Greater(t, slices.Max(waits[i]), limit*9/10, "wait %d", i)
			assert.Less(t, slices.Min(waits[i]), limit/10, "wait %d", i)
		}
	})
}

func TestRetryThatWouldOverflow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		retry := integration.Retry{MaxAttempts: 49, BaseDelay: time.Hour, MaxDelay: 24 * time.Hour}
		client, sent := failing(t, 48, unavailable, integration.WithRetry(retry))
		_, err := client.GetCustomerSession(t.Context(), testSession)
		require.NoError(t, err)
		assert.Len(t, sent(), 49)
	})
	synctest.Test(t, func(t *testing.T) {
		retry := integration.Retry{BaseDelay: time.Hour, MaxDelay: time.Second}
		client, sent := failing(t, 1, unavailable, integration.WithRetry(retry))
		_, err := client.GetCustomerSession(t.Context(), testSession)
		require.NoError(t, err)
		assert.Less(t, sent()[1], time.Second)
	})
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	date := func(d time.Duration) func() string {
		return func() string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	}
	text := func(s string) func() string { return func() string { return s } }
	const base = 100 * time.Millisecond
	for _, tt := range []struct {
		name      string
		value     func() string
		low, high time.Duration // of the wait; high 0: the call ends
	}{
		{"seconds", text("7"), 7 * time.Second, 7 * time.Second},
		{"as many as allowed", text("10"), 10 * time.Second, 10 * time.Second},
		{"more than allowed", text("11"), 0, 0},
		{"no number of nanoseconds", text("9223372037"), 0, 0},
		{"no number of 64 bits", text("99999999999999999999"), 0, 0},
		{"none", text("0"), 0, base},
		{"below zero", text("-7"), 0, base},
		{"a fraction", text("7.5"), 0, base},
		{"nonsense", text("soon"), 0, base},
		{"date", date(7 * time.Second), 6 * time.Second, 7 * time.Second},
		{"date that is too late", date(12 * time.Second), 0, 0},
		{"date that has passed", date(-time.Hour), 0, base},
	} {
		for _, status := range []int{409, 429, 503} {
			t.Run(tt.name+"/"+strconv.Itoa(status), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					client, sent := failing(t, 1, func() (*http.Response, error) {
						return reply(status, ``, "Retry-After", tt.value()), nil
					}, integration.WithRetry(integration.Retry{BaseDelay: base}))
					start := time.Now()
					_, err := client.GetCustomerSession(t.Context(), testSession)
					if tt.high == 0 {
						assert.Equal(t, status, requireAPIError(t, err).StatusCode)
						assert.Len(t, sent(), 1)
						assert.Zero(t, time.Since(start), "without a wait")
						return
					}
					require.NoError(t, err)
					assert.LessOrEqual(t, tt.low, sent()[1])
					assert.LessOrEqual(t, sent()[1], tt.high)
				})
			})
		}
	}
}

func TestRetryAfterDoesNotMakeARefusalRetried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, sent := failing(t, 1, func() (*http.Response, error) {
			return reply(400, ``, "Retry-After", "1"), nil
		})
		_, err := client.GetCustomerSession(t.Context(), testSession)
		require.ErrorIs(t, err, integration.ErrBadRequest)
		assert.Len(t, sent(), 1)
	})
}

func TestContextEndsTheWaitBetweenAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, sent := failing(t, 9, func() (*http.Response, error) {
			return reply(503, ``, "Retry-After", "9"), nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		_, err := client.GetCustomerSession(ctx, testSession)
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, integration.ErrServer, "the last answer can be found too")
		assert.Equal(t, time.Second, time.Since(start))
		assert.Len(t, sent(), 1)
	})
}

// A wait that cannot end in time is not begun, so that the caller can use the rest of its time.
func TestWaitThatWouldOutlastTheDeadline(t *testing.T) {
	t.Parallel()
	const deadline = 3 * time.Second
	for _, tt := range []struct {
		name       string
		retryAfter string
		retry      integration.Retry
		sent       int
	}{
		{"Retry-After beyond it", "4", integration.Retry{}, 1},
		{"Retry-After until it", "3", integration.Retry{}, 1},
		{"Retry-After before it", "2", integration.Retry{}, 2}, // the second one would end at 4s
		{"back-off", "", integration.Retry{BaseDelay: 1e6 * time.Hour, MaxDelay: 1e6 * time.Hour}, 1},
		{"what Decide says does not matter", "4", integration.Retry{Decide: func(error, bool) bool { return true }}, 1},
	} {
		for _, op := range operations {
			t.Run(tt.name+"/"+op.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var sent []time.Duration
					start := time.Now()
					client := fakeClient(t, func(*http.Request) (*http.Response, error) {
						sent = append(sent, time.Since(start))
						return reply(503, ``, "Retry-After", tt.retryAfter), nil
					}, integration.WithRetry(tt.retry))
					ctx, cancel := context.WithTimeout(t.Context(), deadline)
					defer cancel()
					_, err := op.call(ctx, client)
					_, isAnswer := err.(*integration.APIError)
					require.True(t, isAnswer, "%T: %v", err, err)
					require.NotErrorIs(t, err, context.DeadlineExceeded)
					require.Len(t, sent, tt.sent)
					assert.Equal(t, sent[len(sent)-1], time.Since(start), "at once")
				})
			})
		}
	}
}

// Also where the attempt got no answer, and the budget keeps what was not used.
func TestOutlastingWaitsCostNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		client := fakeClient(t, func(*http.Request) (*http.Response, error) {
			requests++
			return nil, io.ErrUnexpectedEOF
		}, integration.WithRetry(integration.Retry{BaseDelay: time.Hour, MaxDelay: time.Hour}))
		for range 100 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
			_, err := client.GetCustomerSession(ctx, testSession)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			cancel()
		}
		assert.Equal(t, 100, requests)
		_, err := client.GetCustomerSession(t.Context(), testSession)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Equal(t, 100+4, requests)
	})
}

// An attempt that the context ended is not repeated, whatever error the attempt before it had.
func TestInterruptedRepeatIsTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		ctx, cancel := context.WithCancel(t.Context())
		client, sent := failing(t, 9, unavailable, integration.WithRetry(integration.Retry{Decide: func(err error, retry bool) bool {
			if asked++; asked == 2 {
				cancel()
			}
			return true
		}}), integration.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return transport(func(r *http.Request) (*http.Response, error) {
				if asked == 1 {
					cancel()
					return nil, r.Context().Err()
				}
				return next.RoundTrip(r)
			})
		}))
		_, err := client.GetCustomerSession(ctx, testSession)
		assert.EqualError(t, err, "integration: get: context canceled; last attempt: 503 Service Unavailable")
		assert.Equal(t, 1, asked)
		assert.Len(t, sent(), 1)
	})
}

func TestDecide(t *testing.T) {
	t.Parallel()
	always := func(error, bool) bool { return true }
	never := func(error, bool) bool { return false }
	agree := func(_ error, retry bool) bool { return retry }
	for _, tt := range []struct {
		name   string
		answer func() (*http.Response, error)
		decide func(error, bool) bool
		retry  bool // what the table says
		sent   int
	}{
		{"refusal that is repeated", func() (*http.Response, error) { return reply(404, ``), nil }, always, false, 4},
		{"refusal", func() (*http.Response, error) { return reply(404, ``), nil }, agree, false, 1},
		{"outage", unavailable, agree, true, 4},
		{"outage that is not repeated", unavailable, never, true, 1},
		{"no answer that is not repeated", func() (*http.Response, error) { return nil, io.EOF }, never, true, 1},
		{"unusable answer that is repeated", func() (*http.Response, error) { return reply(200, `{}`), nil }, always, false, 4},
		{"Retry-After that is too long", func() (*http.Response, error) { return reply(404, ``, "Retry-After", "11"), nil }, always, false, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var seen []error
				client, sent := failing(t, 99, tt.answer, integration.WithRetry(integration.Retry{Decide: func(err error, retry bool) bool {
					seen = append(seen, err)
					assert.Equal(t, tt.retry, retry)
					return tt.decide(err, retry)
				}}))
				_, err := client.GetCustomerSession(t.Context(), testSession)
				require.Error(t, err)
				assert.Len(t, sent(), tt.sent)
				require.Len(t, seen, min(tt.sent, 3), "not asked after the last attempt")
				if tt.sent == 1 {
					assert.Same(t, err, seen[0], "it sees what the call ends with")
				}
			})
		})
	}
}

// Decide cannot exceed the budget.
func TestDecideHasTheBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		decide := func(error, bool) bool { return true }
		client, sent := failing(t, 9999, unavailable, integration.WithRetry(integration.Retry{Decide: decide}))
		for range 100 {
			_, err := client.GetCustomerSession(t.Context(), testSession)
			require.ErrorIs(t, err, integration.ErrServer)
		}
		assert.Len(t, sent(), 100+50)
	})
}

func TestDecideThatPanics(t *testing.T) {
	t.Parallel()
	for _, op := range operations {
		asked := 0
		client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
			return reply(503, ``), nil
		}, integration.WithRetry(integration.Retry{Decide: func(err error, _ bool) bool {
			if asked++; asked == 1 {
				panic(testKey + " of " + testSession)
			}
			return false
		}}))
		_, err := op.call(t.Context(), client)
		require.ErrorIs(t, err, integration.ErrServer)
		assert.EqualError(t, err, "integration: "+op.name+": Retry.Decide panicked: ... of ...; last attempt: 503 Service Unavailable")
		assert.True(t, integration.Unavailable(err))
		_, err = op.call(t.Context(), client) // the session is not blocked
		requireAPIError(t, err)
	}
}

func TestContextEndsAnAttempt(t *testing.T) {
	t.Parallel()
	for _, timeout := range []time.Duration{0, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			attempts := 0
			client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
				if attempts++; attempts == 1 {
					return reply(503, ``, "Retry-After", "1"), nil
				}
				<-r.Context().Done()
				return nil, r.Context().Err()
			}, integration.WithTimeout(timeout))
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			start := time.Now()
			_, err := client.GetCustomerSession(ctx, testSession)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.ErrorIs(t, err, integration.ErrServer)
			assert.Equal(t, 3*time.Second, time.Since(start))
			assert.Equal(t, 2, attempts)
		})
	}
}

// The timeout limits each attempt, and the context all of them.
func TestTimeout(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		opts []integration.Option
		want time.Duration // of an attempt
	}{
		{"default", nil, 10 * time.Second},
		{"set", []integration.Option{integration.WithTimeout(3 * time.Second)}, 3 * time.Second},
		{"none", []integration.Option{integration.WithTimeout(0)}, time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				attempts := 0
				client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
					attempts++
					start := time.Now()
					select {
					case <-r.Context().Done():
					case <-time.After(time.Hour):
					}
					assert.Equal(t, tt.want, time.Since(start))
					if tt.want == time.Hour {
						return reply(200, goodAnswer), nil
					}
					return nil, r.Context().Err()
				}, tt.opts...)
				_, err := client.GetCustomerSession(t.Context(), testSession)
				if tt.want == time.Hour {
					require.NoError(t, err)
					assert.Equal(t, 1, attempts)
					return
				}
				require.ErrorIs(t, err, context.DeadlineExceeded)
				assert.ErrorContains(t, err, "timeout: no whole answer within "+tt.want.String())
				assert.Equal(t, 4, attempts)
			})
		})
	}
}

// While nothing succeeds, all calls together make at most 50 repeats.
func TestRetryBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests, down := 0, true
		client := fakeClient(t, func(*http.Request) (*http.Response, error) {
			requests++
			if down {
				return reply(503, ``), nil
			}
			return reply(200, goodAnswer), nil
		})
		call := func(n int) int {
			requests = 0
			for i := range n {
				_, err := client.GetCustomerSession(t.Context(), "session-"+strconv.Itoa(i))
				require.Equal(t, down, err != nil)
			}
			return requests
		}
		assert.Equal(t, 1000+50, call(1000))
		assert.Equal(t, 10, call(10))

		// Ten successes pay for one repeat.
		down = false
		assert.Equal(t, 29, call(29))
		down = true
		assert.Equal(t, 10+2, call(10))

		// It does not grow beyond its size.
		down = false
		call(5000)
		down = true
		assert.Equal(t, 1000+50, call(1000))
	})
}

// A repeat that is not sent, because the caller stops waiting, costs nothing.
func TestRepeatsThatAreNotSentAreGivenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		client := fakeClient(t, func(*http.Request) (*http.Response, error) {
			requests++
			return reply(503, ``, "Retry-After", "5"), nil
		})
		for range 100 {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			_, err := client.GetCustomerSession(ctx, testSession)
			require.ErrorIs(t, err, context.Canceled)
		}
		assert.Equal(t, 100, requests)
		_, err := client.GetCustomerSession(t.Context(), testSession)
		require.ErrorIs(t, err, integration.ErrServer)
		assert.Equal(t, 100+4, requests)
	})
}

// A repeat that helps costs nothing, so a conflict now and then does not use the budget up.
func TestRetriesThatHelpAreGivenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		client := fakeClient(t, func(*http.Request) (*http.Response, error) {
			if requests++; requests%4 != 0 {
				return reply(409, ``), nil
			}
			return reply(200, goodAnswer), nil
		})
		for range 500 {
			_, err := client.GetCustomerSession(t.Context(), testSession)
			require.NoError(t, err)
		}
		assert.Equal(t, 2000, requests)
	})
}

func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			var keys []string
			client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
				keys = append(keys, r.Header.Get("Idempotency-Key"))
				if len(keys)%3 != 0 {
					return nil, io.ErrUnexpectedEOF
				}
				return reply(200, goodAnswer), nil
			}, integration.WithRetry(integration.Retry{BaseDelay: 1}))
			for _, opts := range [][]integration.CallOption{
				nil,
				{},
				{integration.WithIdempotencyKey("first"), integration.WithIdempotencyKey("mine")},
			} {
				_, err := op.call(t.Context(), client, opts...)
				require.NoError(t, err)
			}
			require.Len(t, keys, 9)
			if !op.writes {
				assert.Equal(t, make([]string, 9), keys)
				return
			}
			assert.Len(t, slices.Compact(slices.Clone(keys)), 3, "one for each call: %q", keys)
			assert.Equal(t, "mine", keys[8])
		})
	}
}

// The body is whole on every attempt.
func TestBodyIsSentAgain(t *testing.T) {
	t.Parallel()
	var bodies []string
	server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(body))
		w.WriteHeader(503)
	})
	client := newClient(t, server.URL, integration.WithRetry(integration.Retry{BaseDelay: 1}))
	_, err := client.UpdateCustomerSession(t.Context(), testSession, update())
	require.Error(t, err)
	require.Len(t, bodies, 4)
	assert.Contains(t, bodies[0], testCoupon)
	assert.Len(t, slices.Compact(bodies), 1)
}

// The table of the documentation equals that of the code.
func TestRetryTableIsDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/client.md")
	require.NoError(t, err)
	_, text, _ = bytes.Cut(text, []byte("\n## Retries\n"))
	_, text, _ = bytes.Cut(text, []byte("|---|---|\n"))
	text, _, _ = bytes.Cut(text, []byte("\n\n"))
	assert.Equal(t, strings.Join(integration.RetryTable(), "\n"), string(text))
}

// net/http itself repeats requests that it considers idempotent, on reused connections. The client allows this for reads only.
func TestNoWriteIsRepeatedBehindTheBudget(t *testing.T) {
	t.Parallel()
	for _, op := range operations {
		if !op.writes {
			continue
		}
		test := func(t *testing.T, opts ...integration.CallOption) {
			t.Parallel()
			var broken atomic.Bool
			var requests atomic.Int32
			var together sync.WaitGroup
			const idle = 3
			together.Add(idle)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				if broken.Load() {
					conn, _, err := w.(http.Hijacker).Hijack()
					if assert.NoError(t, err) {
						conn.Close()
					}
					return
				}
				assert.NotEmpty(t, r.Header.Get("Idempotency-Key"))
				assert.Zero(t, len(r.TransferEncoding))
				together.Done()
				together.Wait() // so that each uses its own connection
				io.WriteString(w, goodAnswer)
			}))
			defer server.Close()
			client, err := integration.NewClient(server.URL, testKey, integration.WithRetry(integration.Retry{MaxAttempts: 1}),
				integration.WithParallelUpdates())
			require.NoError(t, err)
			var calls sync.WaitGroup
			for range idle {
				calls.Go(func() {
					_, err := op.call(t.Context(), client, opts...)
					assert.NoError(t, err)
				})
			}
			calls.Wait()
			broken.Store(true)
			requests.Store(0)
			_, err = op.call(t.Context(), client, opts...)
			require.Error(t, err)
			assert.Equal(t, int32(1), requests.Load())
		}
		t.Run(op.name, func(t *testing.T) { test(t) })
		t.Run(op.name+" with a header that net/http knows", func(t *testing.T) {
			test(t, integration.WithHeader("X-Idempotency-Key", "key"))
		})
	}
}
