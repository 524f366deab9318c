package integration_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
)

func TestWithResponse(t *testing.T) {
	t.Parallel()
	cut := func() (*http.Response, error) {
		resp := reply(200, "")
		resp.Body = io.NopCloser(failingReader{})
		return resp, nil
	}
	answer := func(status int, body string, header ...string) func() (*http.Response, error) {
		return func() (*http.Response, error) { return reply(status, body, header...), nil }
	}
	none := func() (*http.Response, error) { return nil, io.ErrUnexpectedEOF }
	header := func(values ...string) http.Header {
		h := http.Header{"Content-Type": {"application/json"}}
		for i := 0; i < len(values); i += 2 {
			h.Set(values[i], values[i+1])
		}
		return h
	}
	//nolint:bodyclose // the client closes the bodies of the answers
	for _, tt := range []struct {
		name    string
		answers []func() (*http.Response, error)
		want    integration.Response
		fails   bool
	}{
		{"success", []func() (*http.Response, error){answer(200, goodAnswer, "X-Request-Id", "7")},
			integration.Response{StatusCode: 200, Header: header("X-Request-Id", "7"), Attempts: 1}, false},
		{"status 201", []func() (*http.Response, error){answer(201, goodAnswer)},
			integration.Response{StatusCode: 201, Header: header(), Attempts: 1}, false},
		{"replayed", []func() (*http.Response, error){none, answer(200, goodAnswer, "Idempotent-Replayed", "true")},
			integration.Response{StatusCode: 200, Header: header("Idempotent-Replayed", "true"), Attempts: 2, Replayed: true}, false},
		{"not replayed", []func() (*http.Response, error){answer(200, goodAnswer, "Idempotent-Replayed", "false")},
			integration.Response{StatusCode: 200, Header: header("Idempotent-Replayed", "false"), Attempts: 1}, false},
		{"replayed nonsense", []func() (*http.Response, error){answer(200, goodAnswer, "Idempotent-Replayed", "yes")},
			integration.Response{StatusCode: 200, Header: header("Idempotent-Replayed", "yes"), Attempts: 1}, false},
		{"refused", []func() (*http.Response, error){answer(400, ``, "X-Request-Id", "8")},
			integration.Response{StatusCode: 400, Header: header("X-Request-Id", "8"), Attempts: 1}, true},
		{"down", []func() (*http.Response, error){answer(503, ``), none, answer(502, ``, "X-N", "3"), answer(503, ``, "X-N", "4")},
			integration.Response{StatusCode: 503, Header: header("X-N", "4"), Attempts: 4}, true},
		{"no answer in the end", []func() (*http.Response, error){answer(503, ``), none, none, none},
			integration.Response{Attempts: 4}, true},
		{"unusable", []func() (*http.Response, error){answer(200, `{}`)},
			integration.Response{StatusCode: 200, Header: header(), Attempts: 1}, true},
		{"cut", []func() (*http.Response, error){cut, cut, cut, cut},
			integration.Response{StatusCode: 200, Header: header(), Attempts: 4}, true},
		{"the key", []func() (*http.Response, error){answer(401, ``, "X-Echo", "ApiKey-v1 "+testKey)},
			integration.Response{StatusCode: 401, Header: header("X-Echo", "ApiKey-v1 ..."), Attempts: 1}, true},
		{"the key in a good answer", []func() (*http.Response, error){answer(200, goodAnswer, "X-Echo", "<"+testKey+">")},
			integration.Response{StatusCode: 200, Header: header("X-Echo", "<...>"), Attempts: 1}, false},
	} {
		for _, op := range operations {
			t.Run(tt.name+"/"+op.name, func(t *testing.T) {
				t.Parallel()
				n := 0
				client := fakeClient(t, func(*http.Request) (*http.Response, error) {
					n++
					return tt.answers[n-1]()
				}, integration.WithRetry(integration.Retry{BaseDelay: 1}))
				earlier := integration.Response{StatusCode: 7, Header: http.Header{"X": {"y"}}, Attempts: 7, Replayed: true}
				got, other := earlier, earlier
				_, err := op.call(t.Context(), client, integration.WithResponse(&other), integration.WithResponse(&got))
				assert.Equal(t, tt.fails, err != nil)
				assert.Equal(t, tt.want, got)
				assert.Equal(t, earlier, other, "the later option wins")
				if apiErr, ok := err.(*integration.APIError); ok {
					apiErr.Header.Set("X-N", "changed")
					assert.Equal(t, tt.want, got, "it has a header of its own")
				}
			})
		}
	}
}

// A refused call clears the Response of an earlier call.
func TestResponseOfARefusal(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	var noContext context.Context
	client := nothingSent(t)
	for name, call := range map[string]func(integration.CallOption) error{
		"no client": func(o integration.CallOption) error {
			_, err := new(integration.Client).GetCustomerSession(t.Context(), testSession, o)
			return err
		},
		"no context": func(o integration.CallOption) error {
			_, err := client.GetCustomerSession(noContext, testSession, o)
			return err
		},
		"ended": func(o integration.CallOption) error {
			_, err := client.GetCustomerSession(ended, testSession, o)
			return err
		},
		"ID": func(o integration.CallOption) error {
			_, err := client.GetCustomerSession(t.Context(), "..", o)
			return err
		},
		"option before": func(o integration.CallOption) error {
			_, err := client.GetCustomerSession(t.Context(), testSession, integration.WithHeader("Host", "x"), o)
			return err
		},
		"option after": func(o integration.CallOption) error {
			_, err := client.GetCustomerSession(t.Context(), testSession, o, integration.WithResponse(nil))
			return err
		},
		"return": func(o integration.CallOption) error {
			_, err := client.ReturnCartItems(t.Context(), testSession, integration.ReturnRequest{}, o)
			return err
		},
		"update": func(o integration.CallOption) error {
			req := update()
			req.CustomerSession.CartItems[0].Quantity = 0
			_, err := client.UpdateCustomerSession(t.Context(), testSession, req, o)
			return err
		},
	} {
		got := integration.Response{StatusCode: 7, Header: http.Header{"X": {"y"}}, Attempts: 7, Replayed: true}
		require.Error(t, call(integration.WithResponse(&got)), name)
		assert.Equal(t, integration.Response{}, got, name)
	}
}

// A call that ends while it waits for its next attempt has the answer to the last one.
func TestResponseOfAnInterruptedWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := fakeClient(t, func(*http.Request) (*http.Response, error) { return reply(503, ``, "Retry-After", "9"), nil })
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		var got integration.Response
		_, err := client.GetCustomerSession(ctx, testSession, integration.WithResponse(&got))
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, 1, got.Attempts)
		assert.Equal(t, 503, got.StatusCode)
		assert.Equal(t, "9", got.Header.Get("Retry-After"))
	})
}
