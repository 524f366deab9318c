package integration_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
)

// SECURITY.md describes bytes after the end of an answer: net/http writes them to the standard logger, unless connections are
// not kept open. If the first case fails with a new version of Go, that text may promise more.
func TestBytesBehindAnAnswerAreLoggedByNetHTTP(t *testing.T) { // not parallel: it takes the standard logger
	for _, test := range []struct {
		name   string
		opts   []integration.Option
		logged bool
	}{
		{"kept open", nil, true},
		{"not kept open", []integration.Option{
			integration.WithHTTPClient(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}),
		}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			defer listener.Close()
			done := make(chan struct{})
			go func() {
				defer close(done)
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				r, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, r.Body)
				const body = `{"effects":[],"customerSession":{}}`
				_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s%s", len(body), body, r.Header["Authorization"])
				_, _ = io.Copy(io.Discard, conn) // until the client hangs up
			}()
			var said bytes.Buffer
			log.SetOutput(&said)
			defer log.SetOutput(os.Stderr)
			client := newClient(t, "http://"+listener.Addr().String(), test.opts...)
			_, err = client.UpdateCustomerSession(t.Context(), testSession, update())
			require.NoError(t, err)
			<-done
			log.SetOutput(os.Stderr) // waits for a line that is being written
			assert.Equal(t, test.logged, bytes.Contains(said.Bytes(), []byte(testKey)), "%s", &said)
		})
	}
}
