package test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

var (
	soakUpdates    = flag.Int("soak.updates", 60, "how many updates TestSoak makes")
	soakSessions   = flag.Int("soak.sessions", 30, "over how many sessions")
	soakGoroutines = flag.Int("soak.goroutines", 16, "from how many goroutines")
	soakFaults     = flag.Float64("soak.faults", 0.3, "the share of attempts that run into a fault")
	soakTimeout    = flag.Duration("soak.timeout", time.Second, "how long the client waits for an answer; give a slow machine more")
	soakSeed       = flag.Uint64("soak.seed", 0, "what the faults are drawn from; 0: the clock")
)

// TestSoak makes many updates through a gateway where three of ten attempts go wrong, in every way there is, and compares
// what the callers were told with what the server has. By default it is so short that some faults may not come, and that what
// stays on the heap says nothing. CONTRIBUTING.md has the command for the long run.
func TestSoak(t *testing.T) {
	seed := *soakSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-soak.seed %d", seed)
	timeout := *soakTimeout
	if raceEnabled {
		timeout *= 3
	}
	goroutines := runtime.NumGoroutine()
	g := newGateway(seed, *soakFaults)
	httpClient := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: *soakGoroutines}}
	const key = "soak-api-key"
	client, err := integration.NewClient(g.URL, "",
		integration.WithAPIKeyFunc(func(context.Context) (string, error) { return key, nil }),
		integration.WithResponseContent(integration.ContentCustomerSession),
		integration.WithHTTPClient(httpClient),
		integration.WithTimeout(timeout),
		integration.WithRetry(integration.Retry{BaseDelay: time.Millisecond, MaxDelay: 20 * time.Millisecond}),
	)
	require.NoError(t, err)

	// The client is the same all along. Each run has a server of its own, which keeps all that it was sent: when that is
	// gone, what is left is what the client keeps.
	heap := func() int64 {
		g.upstream.CloseIdleConnections()
		httpClient.CloseIdleConnections()
		var m runtime.MemStats
		for range 3 { // pools need two
			runtime.GC()
			time.Sleep(10 * time.Millisecond) // connections end in goroutines of their own
		}
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	run := func(name string, updates, sessions int) {
		t.Run(name, func(t *testing.T) {
			g.server = integrationtest.NewServer(t, integrationtest.WithAPIKey(key))
			defer func() { g.server = nil }()
			s := newSoak(g, client, sessions)
			s.run(updates, min(*soakGoroutines, updates))
			s.check(t)
			if name == "soak" {
				s.report(t)
			}
		})
	}
	if !soakIsLong() {
		run("soak", *soakUpdates, *soakSessions)
	} else {
		run("warm-up", min(300, *soakUpdates), min(30, *soakSessions))
		before := heap()
		run("soak", *soakUpdates, *soakSessions)
		grown := heap() - before
		t.Logf("the heap has %d KiB, %d KiB more than before", (before+grown)>>10, grown>>10)
		// The runtime keeps some 450 bytes of every goroutine that ended, for the next one: with 64 callers there are a few
		// hundred more at a time than in the warm-up, which made 190 KiB. The margin is 10 bytes an update in the long run.
		assert.Less(t, grown, int64(512<<10), "bytes that stay")
		runtime.KeepAlive(client)
	}

	httpClient.CloseIdleConnections()
	g.Close()
	for range 500 {
		if runtime.NumGoroutine() <= goroutines {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<20)
	t.Errorf("%d goroutines before, %d after:\n%s", goroutines, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
}

// soakIsLong reports whether every fault comes so often that a client which cannot deal with it is seen.
func soakIsLong() bool { return float64(*soakUpdates)**soakFaults > 10*float64(len(faults)) }

// A soak is one run against one server.
type soak struct {
	gateway  *gateway
	client   *integration.Client
	sessions []*soakSession

	mu      sync.Mutex
	applied map[string][]int // what the server did, in order: the numbers of a session's updates
	// What the callers saw.
	errors   []string       // what must not be
	survived map[string]int // faults in calls that succeeded
	told     map[string]int // calls by how they ended
	replayed int            // calls whose answer the server had given before
	slowest  time.Duration
}

// A soakSession is a session as its callers know it. They take turns, so that it has a last update.
type soakSession struct {
	id string

	mu   sync.Mutex
	told []bool // of each update, whether its caller was told that it succeeded
}

func newSoak(g *gateway, client *integration.Client, sessions int) *soak {
	s := &soak{gateway: g, client: client, applied: map[string][]int{}, survived: map[string]int{}, told: map[string]int{}}
	g.attempts, g.stray, g.injected = 0, 0, map[string]int{}
	for i := range sessions {
		s.sessions = append(s.sessions, &soakSession{id: fmt.Sprintf("session %d/ü", i)})
	}
	// It is called once for each operation that the server carries out, and not for an answer that it repeats.
	g.server.OnEffects(func(e integrationtest.Evaluation) []integration.Effect {
		number, _ := e.Session.Attributes.Int64("number")
		s.mu.Lock()
		defer s.mu.Unlock()
		s.applied[e.Session.IntegrationID] = append(s.applied[e.Session.IntegrationID], int(number))
		return []integration.Effect{{Props: &integration.SetDiscount{Name: "number", Value: decimal.NewFromInt(number)}}}
	})
	return s
}

// run makes the updates.
func (s *soak) run(updates, goroutines int) {
	turns := make(chan *soakSession)
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for session := range turns {
				s.update(session)
			}
		})
	}
	random := rand.New(rand.NewPCG(s.gateway.seed, 0))
	for range updates {
		turns <- s.sessions[random.IntN(len(s.sessions))]
	}
	close(turns)
	wg.Wait()
}

// soakUpdate returns the update of a session that has this number. No two are the same.
func soakUpdate(number int) talonone.CustomerSessionUpdate {
	u := talonone.CustomerSessionUpdate{
		ProfileID:   new(fmt.Sprintf("customer %d", number%7)),
		CouponCodes: slices.Repeat([]string{"CODE"}, number%3),
		CartItems:   []talonone.CartItem{},
		Attributes:  talonone.Attributes{"number": number},
	}
	for i := range number % 5 {
		u.CartItems = append(u.CartItems, talonone.CartItem{
			SKU: fmt.Sprintf("sku %d", i), Quantity: 1 + number%9, Price: new(decimal.New(int64(number), -2)),
		})
	}
	return u
}

// update makes the next update of a session.
func (s *soak) update(session *soakSession) {
	session.mu.Lock()
	defer session.mu.Unlock()
	number := len(session.told)
	name := fmt.Sprintf("%x.%d", session.id, number)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s.gateway.begin(name, cancel)
	start := time.Now()
	var resp integration.Response
	state, err := s.client.UpdateCustomerSession(ctx, session.id, integration.UpdateRequest{
		CustomerSession: soakUpdate(number),
	}, integration.WithHeader(callHeader, name), integration.WithResponse(&resp))
	took := time.Since(start)
	met := s.gateway.end(name)
	session.told = append(session.told, err == nil)

	s.mu.Lock()
	defer s.mu.Unlock()
	s.slowest = max(s.slowest, took)
	ending := soakEnding(err)
	if resp.Replayed {
		s.replayed++
	}
	if want := soakStatus(err); want >= 0 && resp.StatusCode != want || resp.Attempts < len(met) {
		s.errors = append(s.errors, fmt.Sprintf("%s: status %d and %d attempts of a call that met %q and ended with %v",
			session.id, resp.StatusCode, resp.Attempts, met, err))
	}
	if err == nil {
		if len(met) > 0 {
			ending += ", after faults"
		}
		for _, fault := range met {
			s.survived[fault]++
		}
		got := int64(-1)
		if state.CustomerSession != nil && state.CustomerSession.IntegrationID == session.id {
			got, _ = state.CustomerSession.Attributes.Int64("number")
		}
		if int(got) != number {
			s.errors = append(s.errors, fmt.Sprintf("%s: the answer to update %d is another", session.id, number))
		}
	} else if ending == "" {
		s.errors = append(s.errors, fmt.Sprintf("%s: an error of no kind: %v", session.id, err))
	}
	s.told[ending]++
}

// soakEnding says how a call ended; nothing for an error that is none of those that a caller is to expect.
func soakEnding(err error) string {
	apiErr, isAnswer := errors.AsType[*integration.APIError](err)
	netErr, isNetErr := errors.AsType[net.Error](err)
	switch {
	case err == nil:
		return "succeeded"
	case errors.Is(err, context.Canceled):
		return "failed: canceled by the caller"
	case isAnswer:
		return fmt.Sprintf("failed: status %d", apiErr.StatusCode)
	case errors.Is(err, integration.ErrInvalidResponse):
		return "failed: unusable answer"
	case isNetErr && netErr.Timeout():
		return "failed: timeout"
	case isNetErr:
		return "failed: connection"
	}
	return ""
}

// soakStatus returns the status that a call ended with, or -1 if an answer may have come or not.
func soakStatus(err error) int {
	apiErr, isAnswer := errors.AsType[*integration.APIError](err)
	switch {
	case errors.Is(err, context.Canceled):
		return -1
	case err == nil, errors.Is(err, integration.ErrInvalidResponse):
		return http.StatusOK
	case isAnswer:
		return apiErr.StatusCode
	}
	return -1
}

// check compares what the callers were told with what the server did.
func (s *soak) check(t *testing.T) {
	assert.Empty(t, s.errors)
	for _, session := range s.sessions {
		applied := s.applied[session.id]
		for i := 1; i < len(applied); i++ {
			assert.Less(t, applied[i-1], applied[i], "%s: applied twice, or after a later one", session.id)
		}
		lastTold := -1
		for number, succeeded := range session.told {
			if succeeded {
				lastTold = number
				assert.Contains(t, applied, number, "%s: its caller was told that it succeeded", session.id)
			}
		}
		got, ok := s.gateway.server.Session(session.id)
		if len(applied) == 0 {
			assert.False(t, ok, "%s: the server has a session that nobody made", session.id)
			continue
		}
		last := applied[len(applied)-1]
		assert.GreaterOrEqual(t, last, lastTold, "%s: the last update that succeeded is gone", session.id)
		if !assert.True(t, ok, session.id) {
			continue
		}
		assert.EqualValues(t, len(applied), got.UpdateCount, session.id)
		assert.NoError(t, got.CheckTotals(), session.id)
		update := got.Update()
		update.State = "" // open, which no update said
		assert.True(t, update.Equal(soakUpdate(last)), "%s: the server has not what update %d said", session.id, last)
	}
	for _, r := range s.gateway.server.Requests() {
		assert.Contains(t, []int{200, 503}, r.Status, "%s", r.Path) // the fault, and what is served
	}
}

// report logs the counts, and fails if the run was too tame to say anything.
func (s *soak) report(t *testing.T) {
	calls, failed, injected, survived := 0, 0, 0, 0
	for _, ending := range slices.Sorted(maps.Keys(s.told)) {
		calls += s.told[ending]
		if strings.HasPrefix(ending, "failed") {
			failed += s.told[ending]
		}
		t.Logf("%6d %s", s.told[ending], ending)
	}
	for _, f := range faults {
		n := s.gateway.injected[f.name]
		injected, survived = injected+n, survived+s.survived[f.name]
		t.Logf("%6d times %s, %d survived", n, f.name, s.survived[f.name])
		if f.final {
			// Some may come from a machine so slow that the client had given the attempt up.
			assert.LessOrEqual(t, s.survived[f.name], max(1, n/10), "%s: the call must end with it", f.name)
		} else if soakIsLong() {
			assert.NotZero(t, s.survived[f.name], "%s: no call outlived it", f.name)
		}
	}
	applied := 0
	for _, numbers := range s.applied {
		applied += len(numbers)
	}
	t.Logf("%d updates of %d sessions: %d succeeded, %d failed, %d applied; %d attempts, %d of them repeats; %d faults, %d survived; "+
		"%d attempts that came too late; the slowest call took %v", calls, len(s.sessions), calls-failed, failed, applied,
		s.gateway.attempts, s.gateway.attempts-calls, injected, survived, s.gateway.stray, s.slowest)
	assert.Equal(t, *soakUpdates, calls)
	if soakIsLong() {
		assert.NotZero(t, failed)
		assert.NotZero(t, s.replayed)
		assert.Greater(t, calls-failed, calls/2)
		assert.Greater(t, applied, calls-failed, "no update was applied whose caller was told that it failed")
	}
}
