package integration_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// keyClient returns a client with key as its key function and f as its transport.
func keyClient(
	t testing.TB, key func(context.Context) (string, error), f transport, opts ...integration.Option,
) *integration.Client {
	t.Helper()
	opts = append([]integration.Option{
		integration.WithHTTPClient(&http.Client{Transport: f}), integration.WithAPIKeyFunc(key),
	}, opts...)
	client, err := integration.NewClient("https://shop.example", "", opts...)
	require.NoError(t, err)
	return client
}

func TestKeyIsAskedForEachAttempt(t *testing.T) {
	t.Parallel()
	for _, op := range operations {
		asked, got := 0, []string{}
		client := keyClient(t, func(context.Context) (string, error) {
			asked++
			return "key-number-" + strconv.Itoa(asked), nil
		}, func(r *http.Request) (*http.Response, error) {
			got = append(got, r.Header["Authorization"]...)
			if len(got) < 3 {
				return reply(503, ``), nil
			}
			return reply(200, goodAnswer), nil
		}, integration.WithRetry(integration.Retry{BaseDelay: 1}))
		_, err := op.call(t.Context(), client)
		require.NoError(t, err)
		assert.Equal(t, []string{"ApiKey-v1 key-number-1", "ApiKey-v1 key-number-2", "ApiKey-v1 key-number-3"}, got)
	}
}

// A fixed key beside the function is checked, and not used.
func TestKeyFuncWithAFixedKey(t *testing.T) {
	t.Parallel()
	key := integration.WithAPIKeyFunc(func(context.Context) (string, error) { return testKey, nil })
	for _, bad := range []string{" ", "ApiKey-v1 secret", "a\n"} {
		_, err := integration.NewClient("https://shop.example", bad, key)
		require.ErrorIs(t, err, integration.ErrInvalidConfig, "%q", bad)
	}
	var got []string
	server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header["Authorization"]
		_, _ = io.WriteString(w, goodAnswer)
	})
	client, err := integration.NewClient(server.URL, "the-fixed-key", key)
	require.NoError(t, err)
	_, err = client.GetCustomerSession(t.Context(), testSession)
	require.NoError(t, err)
	assert.Equal(t, []string{"ApiKey-v1 " + testKey}, got)
}

type vaultError struct{ code int }

func (e *vaultError) Error() string { return "vault: code " + strconv.Itoa(e.code) + " for " + testKey }

func TestKeyFuncThatFails(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		key  func(context.Context) (string, error)
		text string
		is   error // nil: nothing in particular
	}{
		{"error", func(context.Context) (string, error) { return "", fmt.Errorf("%s: %w", testKey, io.ErrClosedPipe) },
			"the function of WithAPIKeyFunc failed", io.ErrClosedPipe},
		{"error beside a key", func(context.Context) (string, error) { return testKey, io.ErrClosedPipe },
			"the function of WithAPIKeyFunc failed", io.ErrClosedPipe},
		{"panic", func(context.Context) (string, error) { panic(testKey) }, "the function of WithAPIKeyFunc panicked", nil},
		{"panic with an error", func(context.Context) (string, error) { panic(fmt.Errorf("%s: %w", testKey, io.ErrClosedPipe)) },
			"the function of WithAPIKeyFunc panicked", io.ErrClosedPipe},
		{"nil pointer", func(context.Context) (string, error) { var key *vaultError; return strconv.Itoa(key.code), nil },
			"the function of WithAPIKeyFunc panicked", nil},
		{"no key", func(context.Context) (string, error) { return "", nil },
			"the function of WithAPIKeyFunc gave a key that cannot be sent: integration: invalid configuration: an API key that is " +
				"empty, or has characters other than printable ASCII without spaces", integration.ErrInvalidConfig},
		{"two lines", func(context.Context) (string, error) { return testKey + "\r\nX-Injected: 1", nil },
			"the function of WithAPIKeyFunc gave a key that cannot be sent: integration: invalid configuration: an API key that is " +
				"empty, or has characters other than printable ASCII without spaces", integration.ErrInvalidConfig},
		{"scheme", func(context.Context) (string, error) { return "ApiKey-v1 " + testKey, nil },
			"the function of WithAPIKeyFunc gave a key that cannot be sent: integration: invalid configuration: leave \"ApiKey-v1\" " +
				"out of the API key: the client adds it", integration.ErrInvalidConfig},
		{"answer of another API", func(context.Context) (string, error) { return "", &integration.APIError{StatusCode: 503} },
			"the function of WithAPIKeyFunc failed", integration.ErrServer},
	} {
		for _, op := range operations {
			t.Run(tt.name+"/"+op.name, func(t *testing.T) {
				t.Parallel()
				asked := 0
				client := keyClient(t, func(ctx context.Context) (string, error) { asked++; return tt.key(ctx) },
					func(*http.Request) (*http.Response, error) {
						t.Error("something is sent")
						return reply(200, goodAnswer), nil
					}, fast)
				var resp integration.Response
				_, err := op.call(t.Context(), client, integration.WithResponse(&resp))
				require.EqualError(t, err, "integration: "+op.name+": attempt 1: no API key: "+tt.text)
				if tt.is != nil {
					require.ErrorIs(t, err, tt.is)
				}
				for _, verb := range []string{"%v", "%+v", "%#v", "%q"} {
					assert.NotContains(t, fmt.Sprintf(verb, err), testKey)
				}
				assert.NotErrorIs(t, err, context.Canceled)
				assert.False(t, integration.Unavailable(err))
				assert.Equal(t, 1, asked, "it is for the function to repeat what may pass")
				assert.Equal(t, integration.Response{Attempts: 1}, resp)
			})
		}
	}
	client := keyClient(t, func(context.Context) (string, error) { return "", &vaultError{7} }, nil)
	_, err := client.GetCustomerSession(t.Context(), testSession)
	vault, ok := errors.AsType[*vaultError](err)
	require.True(t, ok)
	assert.Equal(t, 7, vault.code)
}

// Decide also decides about failures of the key function.
func TestKeyFuncIsAskedAgainIfDecideSaysSo(t *testing.T) {
	t.Parallel()
	asked := 0
	client := keyClient(t, func(context.Context) (string, error) {
		if asked++; asked == 1 {
			return "", io.ErrClosedPipe
		}
		return testKey, nil
	}, func(*http.Request) (*http.Response, error) { return reply(200, goodAnswer), nil },
		integration.WithRetry(integration.Retry{BaseDelay: 1, Decide: func(err error, retry bool) bool {
			assert.False(t, retry)
			return errors.Is(err, io.ErrClosedPipe)
		}}))
	_, err := client.GetCustomerSession(t.Context(), testSession)
	require.NoError(t, err)
	assert.Equal(t, 2, asked)
}

func TestKeyFuncContext(t *testing.T) {
	t.Parallel()
	type name struct{}
	slow := func(ctx context.Context) (string, error) {
		assert.Equal(t, "value", ctx.Value(name{}))
		<-ctx.Done()
		return "", ctx.Err()
	}
	for _, tt := range []struct {
		name        string
		timeout     time.Duration // of the call
		took        time.Duration
		interrupted bool
	}{
		{"timeout of the attempt", time.Hour, 10 * time.Second, false},
		{"deadline of the call", 3 * time.Second, 3 * time.Second, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), name{}, "value"), tt.timeout)
			defer cancel()
			start := time.Now()
			_, err := keyClient(t, slow, nil).GetCustomerSession(ctx, testSession)
			require.ErrorIs(t, err, context.DeadlineExceeded, tt.name)
			assert.True(t, integration.Unavailable(err), tt.name)
			assert.Equal(t, tt.took, time.Since(start), tt.name)
			assert.Equal(t, tt.interrupted, err.Error() == "integration: get: context deadline exceeded", tt.name)
		})
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), name{}, "value"))
		time.AfterFunc(time.Second, cancel)
		_, err := keyClient(t, slow, nil).GetCustomerSession(ctx, testSession)
		require.ErrorIs(t, err, context.Canceled)
		assert.False(t, integration.Unavailable(err))
	})
}

// The session is not blocked by a function that does not return.
func TestKeyFuncThatEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	first := true
	client := keyClient(t, func(context.Context) (string, error) {
		if first {
			first = false
			runtime.Goexit()
		}
		return testKey, nil
	}, func(*http.Request) (*http.Response, error) { return reply(200, goodAnswer), nil })
	var ended sync.WaitGroup
	ended.Go(func() { _, _ = client.GetCustomerSession(context.Background(), testSession) })
	ended.Wait()
	_, err := client.GetCustomerSession(t.Context(), testSession)
	require.NoError(t, err)
	assert.Zero(t, client.Waiting())
}

// If the server repeats the key of an attempt, that key is removed.
func TestEchoedKeysOfAFunctionAreRemoved(t *testing.T) {
	t.Parallel()
	for _, op := range operations {
		asked := 0
		var keys []string
		var seen []error
		client := keyClient(t, func(context.Context) (string, error) {
			asked++
			keys = append(keys, fmt.Sprintf("secret-%d-of-the-function", asked))
			return keys[asked-1], nil
		}, func(r *http.Request) (*http.Response, error) {
			key := r.Header.Get("Authorization")
			switch asked {
			case 1:
				return reply(503, fmt.Sprintf(`{"message":%q,"other":%[1]q}`, key), "X-Echo", key), nil
			case 2:
				return nil, errors.New(key)
			case 3:
				return reply(200, fmt.Sprintf(`{%q:{`, key), "Content-Type", key), nil
			default:
				return reply(200, fmt.Sprintf(`{"customerSession":{"attributes":{%q:{"a":1,"a":2}}}}`, key), "X-Echo", key), nil
			}
		}, integration.WithRetry(integration.Retry{BaseDelay: 1, Decide: func(err error, _ bool) bool {
			seen = append(seen, err)
			return true
		}}))
		var resp integration.Response
		_, err := op.call(t.Context(), client, integration.WithResponse(&resp))
		require.ErrorIs(t, err, integration.ErrInvalidResponse)
		require.Len(t, seen, 3)
		require.Len(t, keys, 4)
		apiErr := requireAPIError(t, seen[0])
		assert.Equal(t, "ApiKey-v1 ...", apiErr.Message)
		assert.Equal(t, "ApiKey-v1 ...", apiErr.Header.Get("X-Echo"))
		assert.Equal(t, "ApiKey-v1 ...", resp.Header.Get("X-Echo"))
		bad, ok := errors.AsType[*talonone.DecodeError](err)
		require.True(t, ok)
		assert.Equal(t, "/customerSession/attributes/ApiKey-v1 .../a", bad.Path)
		for _, e := range append(seen, err) {
			shown := fmt.Sprintf("%v %+[1]v %#[1]v", e)
			assert.NotContains(t, shown, "of-the-function")
		}
		assert.NotContains(t, string(apiErr.Body), "of-the-function")
		assert.NotContains(t, fmt.Sprint(resp), "of-the-function")
	}
}

// After an attempt without a key the earlier key is still removed from texts.
func TestKeyOfAnEarlierAttemptIsRemoved(t *testing.T) {
	t.Parallel()
	asked := 0
	client := keyClient(t, func(context.Context) (string, error) {
		if asked++; asked == 2 {
			return "", io.EOF
		}
		return testKey, nil
	}, func(*http.Request) (*http.Response, error) { return reply(503, ``), nil },
		integration.WithRetry(integration.Retry{BaseDelay: 1, Decide: func(error, bool) bool {
			if asked == 2 {
				panic("the key was " + testKey)
			}
			return true
		}}))
	_, err := client.GetCustomerSession(t.Context(), testSession)
	assert.EqualError(t, err, "integration: get: Retry.Decide panicked: the key was ...; last attempt: get: attempt 2: no API key: "+
		"the function of WithAPIKeyFunc failed")
}
