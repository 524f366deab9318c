package integration_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
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
		"no key function":       integration.WithAPIKeyFunc(nil),
		"no content":            integration.WithResponseContent(integration.ContentCoupons, ""),
		"content":               integration.WithResponseContent("\xff"),
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
	client := fakeClient(t, func(*http.Request) (*http.Response, error) { return reply(200, goodAnswer), nil }, nil)
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
		return reply(503, ``), nil
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
		return reply(200, goodAnswer), nil
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

func TestWithResponseContent(t *testing.T) {
	t.Parallel()
	type content = []integration.ResponseContent
	parts := content{
		integration.ContentCustomerSession, integration.ContentRuleFailureReasons, integration.ContentAwardedGiveaways,
		integration.ContentCampaignEligibility, integration.ContentAchievements, integration.ContentUnlockedRewards, "unknown",
	}
	all := `["customerSession","ruleFailureReasons","awardedGiveaways","campaignEligibility","achievements","unlockedRewards","unknown"]`
	option := integration.WithResponseContent(parts...)
	parts[0] = "changed later"
	for _, tt := range []struct {
		name            string
		opts            []integration.Option
		content         content
		update, returns string // what is asked for, or "" where nothing is said
	}{
		{"without", nil, nil, "", ""},
		{"for all", []integration.Option{option}, nil, all, `["customerSession","unknown"]`},
		{"the request's own", []integration.Option{option}, content{integration.ContentAchievements}, `["achievements"]`, `["achievements"]`},
		{"none for this request", []integration.Option{option}, content{}, `[]`, `[]`},
		{"none for returns", []integration.Option{integration.WithResponseContent(integration.ContentAchievements)}, nil, `["achievements"]`, ""},
		{"a later one", []integration.Option{option, integration.WithResponseContent(integration.ContentLoyalty)}, nil, `["loyalty"]`, `["loyalty"]`},
		{"a later one of nothing", []integration.Option{option, integration.WithResponseContent()}, nil, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var asked string
			client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
				var body struct {
					ResponseContent json.RawMessage `json:"responseContent"`
				}
				if err := json.NewDecoder(r.Body).Decode(&body); err != nil && err != io.EOF {
					return nil, err
				}
				asked = string(body.ResponseContent)
				return reply(200, goodAnswer), nil
			}, tt.opts...)
			_, err := client.UpdateCustomerSession(t.Context(), testSession, integration.UpdateRequest{ResponseContent: tt.content})
			require.NoError(t, err)
			assert.Equal(t, tt.update, asked)
			giveBack := giveBack()
			giveBack.ResponseContent = tt.content
			_, err = client.ReturnCartItems(t.Context(), testSession, giveBack)
			require.NoError(t, err)
			assert.Equal(t, tt.returns, asked)
			_, err = client.ReopenCustomerSession(t.Context(), testSession)
			require.NoError(t, err)
			assert.Empty(t, asked)
		})
	}
}

func TestHeadersThatAreRefused(t *testing.T) {
	t.Parallel()
	client := nothingSent(t)
	headers := map[string]string{"": "v", "X\r\nX-Injected: 1\r\nX": "v", "Ü": "v"}
	for c := range 256 {
		// What RFC 9110 has in a token beside letters and digits.
		alphanumeric := '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
		if !alphanumeric && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			headers["X"+string([]byte{byte(c)})+"Y"] = "v"
			headers[string([]byte{byte(c)})] = "v"
		}
	}
	for _, name := range []string{
		"Authorization", "Content-Type", "Host", "Idempotency-Key",
		"Accept-Encoding", "Connection", "Content-Length", "Trailer", "Transfer-Encoding",
	} {
		headers[name] = "v"
		headers[strings.ToLower(name)] = "v"
		headers[strings.ToUpper(name)] = "v"
	}
	values := []string{"a\r\nX-Injected: 1", "\x1b[31m"}
	for c := range byte(' ') {
		if c != '\t' {
			values = append(values, string(rune(c)), "a"+string(rune(c)), "a"+string(rune(c))+"b")
		}
	}
	for i, value := range append(values, "a\x7fb") {
		headers["X-"+strconv.Itoa(i)] = value
		_, err := integration.NewClient("https://shop.example", testKey, integration.WithUserAgent(value))
		require.ErrorIs(t, err, integration.ErrInvalidConfig, "%q", value)
		require.ErrorContains(t, err, "user agent")
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
	keys := []string{"", " a", "a ", " ", "ä", "a\r\nX-Injected: 1", strings.Repeat("k", 256)}
	for c := range 256 {
		if c < ' ' || c > '~' {
			keys = append(keys, "a"+string([]byte{byte(c)})+"b", string([]byte{byte(c)}))
		}
	}
	for _, key := range keys {
		for _, op := range operations {
			_, err := op.call(t.Context(), refusing, integration.WithIdempotencyKey(key))
			require.ErrorIs(t, err, integration.ErrInvalidRequest, "%q", key)
		}
	}
	var got string
	client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
		got = r.Header.Get("Idempotency-Key")
		return reply(200, goodAnswer), nil
	})
	for _, key := range []string{"a", "order 7: close!~", strings.Repeat("k", 255)} {
		_, err := client.ReopenCustomerSession(t.Context(), testSession, integration.WithIdempotencyKey(key))
		require.NoError(t, err)
		assert.Equal(t, key, got)
	}
}
