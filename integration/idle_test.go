package integration_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
)

// closer is a middleware's transport with the method CloseIdleConnections.
type closer struct {
	http.RoundTripper
	closed *int
}

func (c closer) CloseIdleConnections() { *c.closed++ }

// CloseIdleConnections closes the connection of an earlier call, with any middleware around the transport.
func TestCloseIdleConnections(t *testing.T) {
	t.Parallel()
	var asked int
	through := integration.WithMiddleware(func(next http.RoundTripper) http.RoundTripper { return transport(next.RoundTrip) })
	for _, test := range []struct {
		name  string
		opts  []integration.Option
		asked int // of closers
	}{
		{"connections of its own", nil, 0},
		{"behind a middleware", []integration.Option{through, through}, 0},
		{"of an http.Transport", []integration.Option{
			integration.WithHTTPClient(&http.Client{Transport: &http.Transport{}}), through,
		}, 0},
		{"and those of a middleware", []integration.Option{
			through, integration.WithMiddleware(func(next http.RoundTripper) http.RoundTripper { return closer{next, &asked} }), through,
		}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			asked = 0
			closed := make(chan struct{}, 1)
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, `{"effects":[],"customerSession":{}}`)
			}))
			server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateClosed {
					closed <- struct{}{}
				}
			}
			server.Start()
			defer server.Close()
			client := newClient(t, server.URL, test.opts...)
			for range 2 {
				_, err := client.UpdateCustomerSession(t.Context(), testSession, update())
				require.NoError(t, err)
				select {
				case <-closed:
					t.Fatal("the connection is not kept for the next call")
				default:
				}
				client.CloseIdleConnections()
				<-closed
			}
			assert.Equal(t, 2*test.asked, asked)
		})
	}
}

// A Client that NewClient did not create has no connections. A transport that panics is skipped.
func TestCloseIdleConnectionsOfNothing(t *testing.T) {
	t.Parallel()
	(*integration.Client)(nil).CloseIdleConnections()
	new(integration.Client).CloseIdleConnections()
	client := newClient(t, "https://shop.example", integration.WithHTTPClient(&http.Client{Transport: (*http.Transport)(nil)}))
	client.CloseIdleConnections()
}
