package integrationtest_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

const (
	sessionPath = "/v2/customer_sessions/order-1"
	emptyUpdate = `{"customerSession":{}}`
)

func TestFailNext(t *testing.T) {
	json, html := "application/json", "text/html; charset=utf-8"
	tests := []struct {
		status      int
		contentType string
		has         string
	}{
		{200, json, ""},
		{204, json, ""},
		{302, json, ""},
		{400, json, `"message":"Bad Request"`},
		{401, json, `"StatusCode":401`},
		{404, json, `"StatusCode":404`},
		{409, json, `"errors":[""]`},
		{429, json, `"StatusCode":429`},
		{500, json, `"message":"Internal Server Error"`},
		{502, html, "<h1>502 Bad Gateway</h1>"},
		{503, html, "<h1>503 Service Unavailable</h1>"},
		{504, html, "<h1>504 Gateway Timeout</h1>"},
		{599, json, `"StatusCode":599`},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.status), func(t *testing.T) {
			server := integrationtest.NewServer(t)
			header := http.Header{"Retry-After": {"7"}, "x-request-id": {"r1"}}
			server.FailNext(2, test.status, header)
			header.Set("Retry-After", "8") // the server has its own copy
			for range 2 {
				r := send(t, server, "PUT", sessionPath, emptyUpdate)
				assert.Equal(t, test.status, r.status)
				assert.Equal(t, test.contentType, r.header.Get("Content-Type"))
				assert.Equal(t, "7", r.header.Get("Retry-After"))
				assert.Equal(t, "r1", r.header.Get("X-Request-Id"))
				if test.has == "" {
					assert.Empty(t, r.text)
				}
				assert.Contains(t, r.text, test.has)
			}
			_, ok := server.Session("order-1")
			require.False(t, ok, "nothing is done")
			require.Equal(t, 200, send(t, server, "PUT", sessionPath, emptyUpdate).status)
			requests := server.Requests()
			require.Equal(t, []int{test.status, test.status, 200},
				[]int{requests[0].Status, requests[1].Status, requests[2].Status})
		})
	}
}

func TestFaultsAreAQueue(t *testing.T) {
	server := integrationtest.NewServer(t)
	server.FailNext(1, 503, http.Header{"Content-Type": {"text/plain"}})
	server.FailNext(0, 500, nil)
	server.CutNext(1)
	server.FailNext(1, 429, nil)
	r := send(t, server, "GET", sessionPath, "", "Authorization", "wrong")
	require.Equal(t, 503, r.status, "the next request, whatever it is")
	require.Equal(t, "text/plain", r.header.Get("Content-Type"))
	require.Error(t, cut(t, server, "PUT", emptyUpdate))
	require.Equal(t, 429, send(t, server, "PUT", sessionPath, emptyUpdate).status)
	require.Equal(t, 200, send(t, server, "PUT", sessionPath, emptyUpdate).status)
}

// cut makes a request and returns the error at which the body of the answer ended. A part of the body must have arrived.
func cut(t *testing.T, server *integrationtest.Server, method, body string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, server.URL+sessionPath, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Authorization", "ApiKey-v1 "+server.APIKey)
	req.Header.Set("Idempotency-Key", "key-1")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NotEmpty(t, text)
	require.Greater(t, resp.ContentLength, int64(len(text)))
	return err
}

// TestCutNext: the client cannot know that the server acted on its request. It can find out with the same idempotency key.
func TestCutNext(t *testing.T) {
	server := integrationtest.NewServer(t)
	server.CutNext(1)
	require.ErrorIs(t, cut(t, server, "PUT", emptyUpdate), io.ErrUnexpectedEOF)
	session, ok := server.Session("order-1")
	require.True(t, ok)
	require.EqualValues(t, 1, session.UpdateCount)
	require.Equal(t, 200, server.Requests()[0].Status)

	require.Equal(t, 200, send(t, server, "PUT", sessionPath, emptyUpdate, "Idempotency-Key", "key-1").status)
	session, _ = server.Session("order-1")
	require.EqualValues(t, 1, session.UpdateCount, "the update happens only once")
}

// TestClientSurvivesFaults: the client retries after faults, and its call succeeds.
func TestClientSurvivesFaults(t *testing.T) {
	server := integrationtest.NewServer(t)
	server.SetSession(talonone.CustomerSessionV2{
		IntegrationID: "order-1", State: talonone.StateClosed, CartItems: []talonone.CartItem{item("A", 3, "5")},
	})
	server.FailNext(1, 503, http.Header{"Retry-After": {"0"}})
	server.CutNext(1)
	client := server.Client(integration.WithRetry(integration.Retry{BaseDelay: time.Millisecond, MaxDelay: time.Millisecond}))
	giveBack := func(resp *integration.Response) {
		_, err := client.ReturnCartItems(t.Context(), "order-1", integration.ReturnRequest{
			ReturnedCartItems: []integration.ReturnedCartItem{{SKU: "A", Quantity: new(1)}},
		}, integration.WithResponse(resp))
		require.NoError(t, err)
	}
	var resp integration.Response
	giveBack(&resp)
	session, _ := server.Session("order-1")
	require.Equal(t, 1, *session.CartItems[0].ReturnedQuantity, "returned once, although asked twice")
	require.Len(t, server.Requests(), 3)
	require.Equal(t, 3, resp.Attempts)
	require.True(t, resp.Replayed)

	giveBack(&resp)
	require.Equal(t, 1, resp.Attempts)
	require.False(t, resp.Replayed, "of another call")
}

func TestIdempotencyKeys(t *testing.T) {
	const key = "Idempotency-Key"
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	newServer := func(t *testing.T) *integrationtest.Server {
		server := integrationtest.NewServer(t)
		server.SetTime(start)
		return server
	}
	updates := func(t *testing.T, server *integrationtest.Server) int {
		t.Helper()
		session, _ := server.Session("order-1")
		return int(session.UpdateCount)
	}
	withSession := `{"customerSession":{},"responseContent":["customerSession"]}`

	t.Run("the same answer", func(t *testing.T) {
		server := newServer(t)
		first := send(t, server, "PUT", sessionPath, withSession, key, "k")
		server.SetTime(start.Add(24*time.Hour - 1))
		again := send(t, server, "PUT", sessionPath, withSession, key, "k")
		require.Equal(t, first.status, again.status)
		require.Equal(t, first.text, again.text)
		require.Equal(t, 1, updates(t, server))
		for i, r := range []reply{first, again} {
			require.Equal(t, "k", r.header.Get("Idempotency-Key"))
			require.Equal(t, fmt.Sprint(i == 1), r.header.Get("Idempotent-Replayed"))
			require.Equal(t, "2026-03-01T00:00:00Z", r.header.Get("X-Idempotency-Created-At"))
			require.Equal(t, "2026-03-02T00:00:00Z", r.header.Get("X-Idempotency-Expires-At"))
			require.Equal(t, fmt.Sprintf("%x", sha256.Sum256([]byte(withSession))), r.header.Get("X-Idempotency-Fingerprint"))
		}
		requests := server.Requests()
		require.Equal(t, 200, requests[1].Status)
	})
	t.Run("24 hours", func(t *testing.T) {
		server := newServer(t)
		send(t, server, "PUT", sessionPath, withSession, key, "k")
		server.SetTime(start.Add(24 * time.Hour))
		send(t, server, "PUT", sessionPath, withSession, key, "k")
		require.Equal(t, 2, updates(t, server))
		server.SetTime(start.Add(25 * time.Hour))
		send(t, server, "PUT", sessionPath, withSession, key, "k")
		require.Equal(t, 2, updates(t, server), "kept again since then")
	})
	t.Run("no key", func(t *testing.T) {
		server := newServer(t)
		for _, header := range [][]string{nil, {key, ""}, {key, "a"}, {key, "b"}} {
			r := send(t, server, "PUT", sessionPath, withSession, header...)
			if len(header) == 0 || header[1] == "" {
				require.Empty(t, r.header.Values("Idempotent-Replayed"))
			}
		}
		require.Equal(t, 4, updates(t, server))
	})
	t.Run("of another session", func(t *testing.T) {
		server := newServer(t)
		send(t, server, "PUT", sessionPath, withSession, key, "k")
		send(t, server, "PUT", "/v2/customer_sessions/order-2", withSession, key, "k")
		_, ok := server.Session("order-2")
		require.True(t, ok)
	})
	t.Run("of another operation", func(t *testing.T) {
		server := newServer(t)
		closing := `{"customerSession":{"state":"closed","cartItems":[{"sku":"A","quantity":2,"price":1}]}}`
		require.Equal(t, 200, send(t, server, "PUT", sessionPath, closing, key, "k").status)
		reopened := send(t, server, "PUT", sessionPath+"/reopen", "", key, "k")
		require.Equal(t, `{"effects":[]}`, reopened.text)
		require.Equal(t, reopened.text, send(t, server, "PUT", sessionPath+"/reopen", "", key, "k").text)

		send(t, server, "PUT", sessionPath, closing, key, "k2")
		giveBack := `{"return":{"returnedCartItems":[{"position":0,"quantity":1}]}}`
		first := send(t, server, "POST", sessionPath+"/returns", giveBack, key, "k")
		require.Equal(t, 200, first.status, first.text)
		require.Equal(t, first.text, send(t, server, "POST", sessionPath+"/returns", giveBack, key, "k").text)
		session, _ := server.Session("order-1")
		require.Equal(t, 1, *session.CartItems[0].ReturnedQuantity)
	})
	t.Run("for another request", func(t *testing.T) {
		server := newServer(t)
		send(t, server, "PUT", sessionPath, withSession, key, "k")
		for _, r := range []reply{
			send(t, server, "PUT", sessionPath, emptyUpdate, key, "k"),
			send(t, server, "PUT", sessionPath+"?dry=true", withSession, key, "k"),
		} {
			require.Equal(t, 400, r.status)
			title, _, _ := r.problem(t)
			require.Equal(t, key, title)
		}
		require.Equal(t, 1, updates(t, server))
		require.Equal(t, 200, send(t, server, "PUT", sessionPath, withSession, key, "k").status)
	})
	t.Run("errors are not kept", func(t *testing.T) {
		server := newServer(t)
		require.Equal(t, 404, send(t, server, "PUT", sessionPath+"/reopen", "", key, "k").status)
		server.SetSession(talonone.CustomerSessionV2{IntegrationID: "order-1", State: talonone.StateClosed})
		require.Equal(t, 200, send(t, server, "PUT", sessionPath+"/reopen", "", key, "k").status)
	})
	t.Run("faults are not kept", func(t *testing.T) {
		server := newServer(t)
		server.FailNext(1, 500, nil)
		server.FailNext(1, 200, nil)
		require.Equal(t, 500, send(t, server, "PUT", sessionPath, emptyUpdate, key, "k").status)
		require.Equal(t, 200, send(t, server, "PUT", sessionPath, emptyUpdate, key, "k").status)
		require.Zero(t, updates(t, server))
		require.NotEmpty(t, send(t, server, "PUT", sessionPath, emptyUpdate, key, "k").text)
		require.Equal(t, 1, updates(t, server))
		// After another fault, the next answer is the kept one.
		server.FailNext(1, 500, nil)
		require.Equal(t, 500, send(t, server, "PUT", sessionPath, emptyUpdate, key, "k").status)
		require.Equal(t, 200, send(t, server, "PUT", sessionPath, emptyUpdate, key, "k").status)
		require.Equal(t, 1, updates(t, server))
	})
	t.Run("its length", func(t *testing.T) {
		server := newServer(t)
		require.Equal(t, 200, send(t, server, "PUT", sessionPath, emptyUpdate, key, strings.Repeat("k", 255)).status)
		require.Equal(t, 400, send(t, server, "PUT", sessionPath, emptyUpdate, key, strings.Repeat("k", 256)).status)
	})
}

// TestRepeatWhileTheFirstIsUnderWay: the repeat waits and gets the answer to the first request.
func TestRepeatWhileTheFirstIsUnderWay(t *testing.T) {
	server := integrationtest.NewServer(t)
	server.Delay(20 * time.Millisecond)
	var wg sync.WaitGroup
	replies := make([]reply, 3)
	for i := range replies {
		wg.Go(func() { replies[i] = send(t, server, "PUT", sessionPath, emptyUpdate, "Idempotency-Key", "k") })
	}
	wg.Wait()
	for _, r := range replies {
		require.Equal(t, replies[0].text, r.text)
		require.Equal(t, 200, r.status)
	}
	session, _ := server.Session("order-1")
	require.EqualValues(t, 1, session.UpdateCount)
}

// TestFourthParallelUpdate: one update is running, two wait, and the fourth is refused.
func TestFourthParallelUpdate(t *testing.T) {
	server := integrationtest.NewServer(t)
	working, goOn := make(chan struct{}), make(chan struct{})
	var order []string
	server.OnEffects(func(e integrationtest.Evaluation) []integration.Effect {
		order = append(order, e.Session.CouponCodes[0]) // needs no lock: one update runs at a time
		if len(order) == 1 {
			close(working)
			<-goOn
		}
		return nil
	})
	var wg sync.WaitGroup
	update := func(name string) {
		wg.Go(func() {
			body := fmt.Sprintf(`{"customerSession":{"couponCodes":[%q]}}`, name)
			assert.Equal(t, 200, send(t, server, "PUT", sessionPath, body).status)
		})
	}
	update("first")
	<-working
	for i, name := range []string{"second", "third"} {
		update(name)
		waitUnderWay(t, server, i+2)
	}

	r := send(t, server, "PUT", sessionPath, emptyUpdate)
	require.Equal(t, 409, r.status)
	require.Equal(t, 409, r.body.StatusCode)
	require.Equal(t, "Too many requests are updating this session at the same time", r.body.Message)
	var text string
	require.NotEmpty(t, r.body.Errors)
	require.NoError(t, jsonString(r.body.Errors[0], &text), "a 409 has texts")
	require.Equal(t, 404, send(t, server, "GET", sessionPath, "").status, "reading waits for nothing")
	wg.Go(func() { // only updates have the limit: a reopening waits behind them, and then finds the session open
		assert.Equal(t, 400, send(t, server, "PUT", sessionPath+"/reopen", "").status)
	})
	waitUnderWay(t, server, 4)
	require.Equal(t, 409, send(t, server, "PUT", sessionPath, emptyUpdate).status)

	close(goOn)
	wg.Wait()
	require.Equal(t, []string{"first", "second", "third"}, order)
	require.Equal(t, 200, send(t, server, "PUT", sessionPath, `{"customerSession":{"couponCodes":["fourth"]}}`).status)
}

// waitUnderWay waits until n requests for order-1 are running or waiting.
func waitUnderWay(t *testing.T, server *integrationtest.Server, n int) {
	t.Helper()
	require.Eventually(t, func() bool { return server.UnderWay("order-1") == n }, 10*time.Second, time.Millisecond)
}

func jsonString(text []byte, s *string) error {
	if !bytes.HasPrefix(text, []byte(`"`)) {
		return errors.New("no string: " + string(text))
	}
	*s = string(bytes.Trim(text, `"`))
	return nil
}

// TestParallel: no update is lost, and sessions do not wait for each other.
func TestParallel(t *testing.T) {
	const callers, sessions = 200, 20
	server := integrationtest.NewServer(t)
	var evaluations atomic.Int64
	server.OnEffects(func(e integrationtest.Evaluation) []integration.Effect {
		evaluations.Add(1)
		if _, ok := server.Session("no such session"); ok { // the server's methods may be called
			t.Error("a session that was never created")
		}
		return []integration.Effect{{CampaignID: -1, Props: &integration.AcceptCoupon{Value: e.Session.IntegrationID}}}
	})
	client := server.Client()
	var wg sync.WaitGroup
	for i := range callers {
		id := fmt.Sprintf("order-%d", i%sessions)
		wg.Go(func() {
			state, err := client.UpdateCustomerSession(t.Context(), id, withSession(talonone.CustomerSessionUpdate{
				ProfileID: new("customer-1"), CartItems: []talonone.CartItem{item("A", 1+i, "1.10")},
			}))
			if assert.NoError(t, err) {
				assert.NoError(t, state.CustomerSession.CheckTotals())
			}
			_, err = client.GetCustomerSession(t.Context(), id)
			assert.NoError(t, err)
			server.Requests()
			server.Session(id)
		})
	}
	wg.Wait()
	require.EqualValues(t, callers, evaluations.Load())
	ids, firsts := map[int64]bool{}, 0
	for i := range sessions {
		session, ok := server.Session(fmt.Sprintf("order-%d", i))
		require.True(t, ok)
		require.EqualValues(t, callers/sessions, session.UpdateCount)
		ids[session.ID] = true
		if session.FirstSession {
			firsts++
		}
	}
	require.Len(t, ids, sessions)
	require.Equal(t, 1, firsts)
	require.Len(t, server.Requests(), 2*callers)
}

func TestDelay(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(once)
	server.Delay(30 * time.Millisecond)
	start := time.Now()
	_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
	require.NoError(t, err)
	_, err = client.GetCustomerSession(t.Context(), "order-1")
	require.NoError(t, err)
	require.GreaterOrEqual(t, time.Since(start), 60*time.Millisecond)

	// The server has acted on the request of a client that stops waiting. The next client does not wait for it.
	server.Delay(time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := client.UpdateCustomerSession(ctx, "order-1", integration.UpdateRequest{})
		assert.ErrorIs(t, err, context.Canceled)
	})
	require.Eventually(t, func() bool {
		session, _ := server.Session("order-1")
		return session.UpdateCount == 2
	}, 10*time.Second, time.Millisecond)
	cancel()
	wg.Wait()
	server.Delay(0)
	_, err = client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
	require.NoError(t, err)
	require.Zero(t, server.Requests()[2].Status, "there was nobody to answer")
}

// TestGoneWhileWaiting: a request in the queue has no effect if its client disconnects.
func TestGoneWhileWaiting(t *testing.T) {
	server := integrationtest.NewServer(t)
	client := server.Client(once, integration.WithParallelUpdates())
	working, goOn := make(chan struct{}), make(chan struct{})
	server.OnEffects(func(integrationtest.Evaluation) []integration.Effect {
		working <- struct{}{}
		<-goOn
		return nil
	})
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
		assert.NoError(t, err)
	})
	<-working
	ctx, cancel := context.WithCancel(t.Context())
	wg.Go(func() {
		_, err := client.UpdateCustomerSession(ctx, "order-1", integration.UpdateRequest{})
		assert.ErrorIs(t, err, context.Canceled)
	})
	waitUnderWay(t, server, 2)
	cancel()
	waitUnderWay(t, server, 1)
	close(goOn)
	wg.Wait()
	require.Zero(t, server.Requests()[1].Status)
	session, _ := server.Session("order-1")
	require.EqualValues(t, 1, session.UpdateCount)
}

// TestClose: nothing is left running, even if clients still wait.
func TestClose(t *testing.T) {
	http.DefaultClient.CloseIdleConnections()
	before := goroutines()
	server := integrationtest.Start()
	client := server.Client(once, integration.WithParallelUpdates())
	_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
	require.NoError(t, err)
	server.Delay(time.Hour)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			_, err := client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
			assert.Error(t, err)
		})
	}
	waitUnderWay(t, server, 3)
	start := time.Now()
	server.Close()
	server.Close()
	require.Less(t, time.Since(start), 3*time.Second)
	wg.Wait()
	_, err = client.UpdateCustomerSession(t.Context(), "order-1", integration.UpdateRequest{})
	require.Error(t, err)
	_, ok := server.Session("order-1")
	require.True(t, ok, "the stored sessions can still be read")
	require.Eventually(t, func() bool { return len(goroutines()) <= len(before) }, 5*time.Second, 10*time.Millisecond,
		"left: %s", strings.Join(goroutines(), "\n\n"))
}

// goroutines returns the stacks of the goroutines of net/http and of a Server.
func goroutines() []string {
	buf := make([]byte, 1<<20)
	stacks := strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n")
	return slices.DeleteFunc(stacks, func(stack string) bool {
		return !strings.Contains(stack, "net/http") && !strings.Contains(stack, "integrationtest.(*Server)")
	})
}
