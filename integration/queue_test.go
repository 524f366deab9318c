package integration_test

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// numbered is an update with a number.
func numbered(i int) integration.UpdateRequest {
	req := update()
	req.CustomerSession.CouponCodes = []string{strconv.Itoa(i)}
	return req
}

// number returns the number of the update in a request.
func number(t testing.TB, r *http.Request) int {
	body, err := io.ReadAll(r.Body)
	assert.NoError(t, err)
	_, text, _ := strings.Cut(string(body), `"couponCodes":["`)
	text, _, _ = strings.Cut(text, `"`)
	n, err := strconv.Atoi(text)
	assert.NoError(t, err)
	return n
}

// 200 callers start one after another on 20 sessions: their updates are sent in that order, one at a time for each
// session, and none is lost.
func TestCallsForOneSessionAreSentInOrder(t *testing.T) {
	t.Parallel()
	const callers, sessions = 200, 20
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		busy, refused := make(map[string]bool), make(map[string]bool)
		order := make(map[string][]int)
		inFlight, most := 0, 0
		client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
			n := number(t, r)
			mu.Lock()
			assert.False(t, busy[r.URL.Path], "two at once for %s", r.URL.Path)
			busy[r.URL.Path] = true
			order[r.URL.Path] = append(order[r.URL.Path], n)
			inFlight++
			most = max(most, inFlight)
			mu.Unlock()

			time.Sleep(time.Duration(1000-n) * time.Millisecond) // later ones would overtake

			mu.Lock()
			defer mu.Unlock()
			busy[r.URL.Path] = false
			inFlight--
			if n/sessions == 2 && !refused[r.URL.Path] {
				refused[r.URL.Path] = true
				order[r.URL.Path] = order[r.URL.Path][:2]
				return reply(409, ``), nil // the repeat comes before the next update
			}
			return reply(200, goodAnswer), nil
		}, integration.WithTimeout(0))
		var wg sync.WaitGroup
		for i := range callers {
			wg.Go(func() {
				_, err := client.UpdateCustomerSession(t.Context(), "session-"+strconv.Itoa(i%sessions), numbered(i))
				assert.NoError(t, err)
			})
			synctest.Wait() // the call has joined the queue
		}
		wg.Wait()
		require.Len(t, order, sessions)
		for session := range sessions {
			var want []int
			for i := session; i < callers; i += sessions {
				want = append(want, i)
			}
			assert.Equal(t, want, order["/v2/customer_sessions/session-"+strconv.Itoa(session)])
		}
		assert.Len(t, refused, sessions)
		assert.Equal(t, sessions, most, "different sessions do not wait for each other")
		assert.Zero(t, client.Waiting())
	})
}

// The same with a real server, whose handlers fail the test if two calls for one session overlap.
func TestParallelCallersOverHTTP(t *testing.T) {
	t.Parallel()
	const callers, sessions = 200, 20
	var mu sync.Mutex
	busy := make(map[string]bool)
	seen := make(map[int]int)
	server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		n := number(t, r)
		mu.Lock()
		overlap := busy[r.URL.Path]
		busy[r.URL.Path] = true
		seen[n]++
		mu.Unlock()
		assert.False(t, overlap)
		runtime.Gosched()
		mu.Lock()
		busy[r.URL.Path] = false
		mu.Unlock()
		_, _ = io.WriteString(w, goodAnswer)
	})
	client := newClient(t, server.URL)
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			_, err := client.UpdateCustomerSession(t.Context(), "session-"+strconv.Itoa(i%sessions), numbered(i))
			assert.NoError(t, err)
		})
	}
	wg.Wait()
	assert.Len(t, seen, callers)
	for n, times := range seen {
		assert.Equal(t, 1, times, "update %d", n)
	}
	assert.Zero(t, client.Waiting())
}

// slow takes long to encode.
type slow struct{}

func (slow) MarshalJSON() ([]byte, error) {
	time.Sleep(time.Second)
	return []byte(`1`), nil
}

// Calls are sent in the order in which they were made, not in the order in which their requests were encoded.
func TestLargeRequestIsNotOvertaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var order []int
		client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
			order = append(order, number(t, r))
			return reply(200, goodAnswer), nil
		})
		first := numbered(1)
		first.CustomerSession.Attributes = talonone.Attributes{"size": slow{}}
		var wg sync.WaitGroup
		for _, req := range []integration.UpdateRequest{first, numbered(2)} {
			wg.Go(func() {
				_, err := client.UpdateCustomerSession(t.Context(), testSession, req)
				assert.NoError(t, err)
			})
			synctest.Wait()
		}
		wg.Wait()
		assert.Equal(t, []int{1, 2}, order)
	})
}

// All four operations wait for each other.
func TestAllOperationsShareTheLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var order []string
		client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
			order = append(order, r.Method+" "+r.URL.Path)
			time.Sleep(time.Second)
			return reply(200, goodAnswer), nil
		})
		start := time.Now()
		var wg sync.WaitGroup
		var want []string
		for _, op := range operations {
			want = append(want, op.method+" "+op.path)
			wg.Go(func() {
				_, err := op.call(t.Context(), client)
				assert.NoError(t, err)
			})
			synctest.Wait()
		}
		wg.Wait()
		assert.Equal(t, want, order)
		assert.Equal(t, 4*time.Second, time.Since(start))
	})
}

func TestParallelUpdates(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return reply(200, goodAnswer), nil
		}, integration.WithParallelUpdates())
		start := time.Now()
		var wg sync.WaitGroup
		for _, op := range operations {
			wg.Go(func() {
				_, err := op.call(t.Context(), client)
				assert.NoError(t, err)
			})
		}
		wg.Wait()
		assert.Equal(t, time.Second, time.Since(start))
	})
}

// A waiting call whose context ends leaves at once, from any place in the queue, and the others keep their order.
func TestWaiterLeaves(t *testing.T) {
	t.Parallel()
	for leaver := 1; leaver < 5; leaver++ {
		synctest.Test(t, func(t *testing.T) {
			var order []int
			client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
				order = append(order, number(t, r))
				time.Sleep(time.Minute)
				return reply(200, goodAnswer), nil
			}, integration.WithTimeout(0))
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			var wg sync.WaitGroup
			var want []int
			for i := range 5 {
				if i != leaver {
					want = append(want, i)
				}
				wg.Go(func() {
					if i != leaver {
						_, err := client.UpdateCustomerSession(t.Context(), testSession, numbered(i))
						assert.NoError(t, err)
						return
					}
					_, err := client.UpdateCustomerSession(ctx, testSession, numbered(i))
					assert.ErrorIs(t, err, context.DeadlineExceeded)
					assert.Equal(t, time.Second, time.Since(start))
				})
				synctest.Wait()
			}
			wg.Wait()
			assert.Equal(t, want, order)
			assert.Zero(t, client.Waiting())
		})
	}
}

// A call that is refused does not keep its place.
func TestPlacesAreGivenBack(t *testing.T) {
	t.Parallel()
	client := fakeClient(t, func(*http.Request) (*http.Response, error) { return reply(200, `{}`), nil })
	_, err := client.ReturnCartItems(t.Context(), testSession, integration.ReturnRequest{})
	require.ErrorIs(t, err, integration.ErrInvalidRequest)
	assert.Zero(t, client.Waiting())
}

// Nothing is left running after calls that succeed, fail, time out and are cancelled. In the bubbles of the other tests
// synctest checks the same.
func TestNoGoroutineIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	var requests atomic.Int64
	server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then does a server notice that its client is gone
		switch requests.Add(1) % 4 {
		case 0:
			<-r.Context().Done()
		case 1:
			w.WriteHeader(503)
		case 2:
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{`)
		case 3:
			_, _ = io.WriteString(w, goodAnswer)
		}
	})
	httpClient := &http.Client{Transport: &http.Transport{}}
	client := newClient(t, server.URL, integration.WithTimeout(20*time.Millisecond), integration.WithHTTPClient(httpClient),
		integration.WithRetry(integration.Retry{BaseDelay: time.Millisecond}))
	var wg sync.WaitGroup
	for i := range 20 {
		for _, op := range operations {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(10*i)*time.Millisecond)
				defer cancel()
				_, _ = op.call(ctx, client)
			})
		}
	}
	wg.Wait()
	httpClient.CloseIdleConnections()
	server.Close()
	assert.Zero(t, client.Waiting())
	noGoroutineIsLeft(t, before)
}
