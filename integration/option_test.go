package integration_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
)

func TestOptionsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]integration.Option{
		"no client":             integration.WithHTTPClient(nil),
		"no logger":             integration.WithLogger(nil),
		"no middleware":         integration.WithMiddleware(nil),
		"middleware of nothing": integration.WithMiddleware(func(http.RoundTripper) http.RoundTripper { return nil }),
		"timeout":               integration.WithTimeout(-1),
		"attempts":              integration.WithRetry(integration.Retry{MaxAttempts: -1}),
		"base delay":            integration.WithRetry(integration.Retry{BaseDelay: -1}),
		"max delay":             integration.WithRetry(integration.Retry{MaxDelay: -1}),
		"limit 0":               integration.WithMaxResponseBytes(0),
		"limit below 0":         integration.WithMaxResponseBytes(-1),
		"no user agent":         integration.WithUserAgent(""),
		"user agent":            integration.WithUserAgent("shop\r\nX-Injected: 1"),
	} {
		client, err := integration.NewClient("https://shop.example", testKey, opt)
		require.ErrorIs(t, err, integration.ErrInvalidConfig, name)
		assert.Nil(t, client, name)
	}
}

func TestNilOptionsDoNothing(t *testing.T) {
	t.Parallel()
	client := fakeClient(t, func(*http.Request) (*http.Response, error) { return answer(200, `{}`), nil }, nil)
	_, err := client.GetCustomerSession(t.Context(), testSession, nil)
	require.NoError(t, err)
}

func TestLaterOptionsWin(t *testing.T) {
	t.Parallel()
	var agent string
	attempts := 0
	client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
		agent = r.Header.Get("User-Agent")
		attempts++
		return answer(503, ``), nil
	},
		integration.WithUserAgent("first"), integration.WithUserAgent("second"),
		integration.WithRetry(integration.Retry{MaxAttempts: 9}),
		integration.WithRetry(integration.Retry{MaxAttempts: 2, BaseDelay: time.Microsecond}),
	)
	_, err := client.GetCustomerSession(t.Context(), testSession)
	require.ErrorIs(t, err, integration.ErrServer)
	assert.Equal(t, "second", agent)
	assert.Equal(t, 2, attempts)
}

func TestWithHeader(t *testing.T) {
	t.Parallel()
	var got http.Header
	client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
		got = r.Header
		return answer(200, `{}`), nil
	})
	for _, op := range operations {
		_, err := op.call(t.Context(), client, integration.WithHeader("x-trace", "1"), integration.WithHeader("X-Trace", "2"),
			integration.WithHeader("user-agent", "mine"), integration.WithHeader("X-Tab", "a\tb"),
			integration.WithHeader("X-Empty", ""))
		require.NoError(t, err)
		assert.Equal(t, []string{"2"}, got["X-Trace"])
		assert.Equal(t, []string{"mine"}, got["User-Agent"])
		assert.Equal(t, []string{"a\tb"}, got["X-Tab"])
		assert.Equal(t, []string{""}, got["X-Empty"])

		_, err = op.call(t.Context(), client)
		require.NoError(t, err)
		assert.Empty(t, got["X-Trace"], "for one call alone")
	}
}

func TestHeadersThatAreRefused(t *testing.T) {
	t.Parallel()
	client := nothingSent(t)
	headers := map[string]string{"": "v", "X\n": "v", "X:": "v", "X Y": "v", "X\x00": "v", "Ü": "v"}
	for _, name := range []string{
		"Authorization", "Content-Type", "Host", "Idempotency-Key",
		"Accept-Encoding", "Connection", "Content-Length", "Trailer", "Transfer-Encoding",
	} {
		headers[name] = "v"
		headers[strings.ToLower(name)] = "v"
		headers[strings.ToUpper(name)] = "v"
	}
	for i, value := range []string{"a\nb", "a\r\nX-Injected: 1", "a\x00", "\x7f", "\x1b[31m"} {
		headers["X-"+string(rune('A'+i))] = value
	}
	for name, value := range headers {
		for _, op := range operations {
			_, err := op.call(t.Context(), client, integration.WithHeader(name, value))
			require.ErrorIs(t, err, integration.ErrInvalidRequest, "%q: %q", name, value)
		}
	}
}

func TestIdempotencyKeysThatAreRefused(t *testing.T) {
	t.Parallel()
	refusing := nothingSent(t)
	for _, key := range []string{"", " a", "a ", " ", "a\nb", "a\tb", "ä", "\x7f", strings.Repeat("k", 256)} {
		for _, op := range operations {
			_, err := op.call(t.Context(), refusing, integration.WithIdempotencyKey(key))
			require.ErrorIs(t, err, integration.ErrInvalidRequest, "%q", key)
		}
	}
	var got string
	client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
		got = r.Header.Get("Idempotency-Key")
		return answer(200, `{}`), nil
	})
	for _, key := range []string{"a", "order 7: close!~", strings.Repeat("k", 255)} {
		_, err := client.ReopenCustomerSession(t.Context(), testSession, integration.WithIdempotencyKey(key))
		require.NoError(t, err)
		assert.Equal(t, key, got)
	}
}
