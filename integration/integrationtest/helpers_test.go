package integrationtest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// amount returns a pointer to the number in a text.
func amount(text string) *decimal.Decimal { return new(decimal.RequireFromString(text)) }

func item(sku string, quantity int, price string) talonone.CartItem {
	return talonone.CartItem{SKU: sku, Quantity: quantity, Price: amount(price)}
}

// withSession asks for the session in the answer.
func withSession(u talonone.CustomerSessionUpdate) integration.UpdateRequest {
	return integration.UpdateRequest{
		CustomerSession: u,
		ResponseContent: []integration.ResponseContent{integration.ContentCustomerSession},
	}
}

// once makes a client that does not retry.
var once = integration.WithRetry(integration.Retry{MaxAttempts: 1})

// status returns the HTTP status of a client's error, or 200 if err is nil.
func status(t testing.TB, err error) int {
	t.Helper()
	if err == nil {
		return http.StatusOK
	}
	var apiErr *integration.APIError
	require.ErrorAs(t, err, &apiErr)
	return apiErr.StatusCode
}

// reply is an answer that was read without our client.
type reply struct {
	status int
	header http.Header
	text   string
	body   struct {
		Message    string
		StatusCode int
		Errors     []json.RawMessage
	}
}

// problem returns the title and the source of an error's first entry.
func (r reply) problem(t testing.TB) (title, pointer, parameter string) {
	t.Helper()
	require.NotEmpty(t, r.body.Errors, r.text)
	var p struct {
		Title  string
		Source *struct{ Pointer, Parameter string }
	}
	require.NoError(t, json.Unmarshal(r.body.Errors[0], &p), r.text)
	require.NotNil(t, p.Source, "the API always has a source")
	return p.Title, p.Source.Pointer, p.Source.Parameter
}

// send makes a request with net/http alone. path is encoded. header alternates names and values.
func send(t testing.TB, server *integrationtest.Server, method, path, body string, header ...string) (r reply) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Authorization", "ApiKey-v1 "+server.APIKey)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	r.status, r.header, r.text = resp.StatusCode, resp.Header, string(text)
	if r.status >= 400 && strings.HasPrefix(r.header.Get("Content-Type"), "application/json") {
		require.NoError(t, json.Unmarshal(text, &r.body), r.text)
	}
	return r
}

// recorder is a testing.TB that records its failures.
type recorder struct {
	testing.TB

	mu       sync.Mutex
	failures []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatal(args ...any) {
	r.Errorf("%s", fmt.Sprint(args...))
	panic(r) // the code after a Fatal must not run
}

func (r *recorder) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failures
}
