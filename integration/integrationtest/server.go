package integrationtest

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// A Server serves the Integration API's customer sessions from memory, as a real HTTP server on a loopback address. It
// is safe for concurrent use. [NewServer] makes one for a test, [Start] for a program.
type Server struct {
	// URL is the base URL for a client, such as "http://127.0.0.1:40961". It has no path and no slash at its end.
	URL string
	// APIKey is the key that requests must carry.
	APIKey string

	t            testing.TB // nil for a server that Start made
	logger       *slog.Logger
	known        definitions
	catalog      map[string]decimal.Decimal
	requestLimit int // how many requests are kept; negative: all
	http         *httptest.Server
	abandon      context.CancelFunc // ends the context of every request

	mu       sync.Mutex // guards the fields below; never held while a function of the user runs
	sessions map[string]*stored
	profiles map[string]profile
	queues   map[string]*queue
	answers  map[idempotent]storedAnswer
	lastID   struct{ session, ret, profile int64 }
	now      time.Time // zero: the real time
	delay    time.Duration
	faults   []fault
	requests []*Request

	onEffects  func(Evaluation) []integration.Effect
	onRollback func(talonone.Operation, talonone.CustomerSessionV2, []integration.Effect) []integration.Effect
	onAnswer   func(talonone.Operation, *integration.IntegrationState)
}

// NewServer starts a server and closes it when the test ends. A request for a path or with a method that the server does
// not serve fails the test. So does an effect that the API would not give: see [Server.OnEffects]. If the test has failed by its
// end, its log has a [Server.Dump].
func NewServer(t testing.TB, opts ...Option) *Server {
	s := start(t, opts)
	t.Cleanup(func() {
		s.Close()
		if t.Failed() {
			t.Logf("integrationtest: the server at the end of the test\n%s", s.Dump())
		}
	})
	return s
}

// Start starts a server for a program, which must close it. The server logs what would fail a test: see [WithLogger]. Start
// panics if there is no loopback address to listen on.
func Start(opts ...Option) *Server { return start(nil, opts) }

func start(t testing.TB, opts []Option) *Server {
	s := newServer(t, opts)
	var ctx context.Context
	ctx, s.abandon = context.WithCancel(context.Background())
	s.http = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.http.Config.BaseContext = func(net.Listener) context.Context { return ctx }
	s.http.Start()
	s.URL = s.http.URL
	return s
}

// newServer returns a server that does not listen yet.
func newServer(t testing.TB, opts []Option) *Server {
	s := &Server{
		APIKey:       defaultAPIKey,
		t:            t,
		logger:       slog.Default(),
		requestLimit: -1,
		sessions:     map[string]*stored{},
		profiles:     map[string]profile{},
		queues:       map[string]*queue{},
		answers:      map[idempotent]storedAnswer{},
	}
	for _, opt := range opts {
		if opt != nil {
			opt(s)
		}
	}
	return s
}

// Close stops the server: it breaks the connections that are still open, and returns when the server has finished all requests.
// [Server.Session] and the other methods can still read what the server stores. A second call does nothing.
func (s *Server) Close() {
	s.abandon()
	s.http.CloseClientConnections()
	s.http.Close()
}

// Client returns a new client of the server. An option that [integration.NewClient] refuses ends the test, or panics under
// [Start].
func (s *Server) Client(opts ...integration.Option) *integration.Client {
	if s.t != nil {
		s.t.Helper()
	}
	c, err := integration.NewClient(s.URL, s.APIKey, opts...)
	if err != nil {
		s.misuse("Client: %v", err)
	}
	return c
}

// misuse ends the test, or panics under [Start], because of a wrong argument.
func (s *Server) misuse(format string, args ...any) {
	text := "integrationtest: " + fmt.Sprintf(format, args...)
	if s.t == nil {
		panic(text)
	}
	s.t.Helper()
	s.t.Fatal(text)
}

// Session returns a copy of the session with this integration ID. ok is false if there is none.
func (s *Server) Session(id string) (session talonone.CustomerSessionV2, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.sessions[id]
	if !ok {
		return session, false
	}
	return known.session.Clone(), true
}

// Effects returns a copy of the effects that apply to the session with this integration ID. A GET returns the same effects, unless
// the function of [Server.OnAnswer] changes its answer. ok is false if there is no such session.
func (s *Server) Effects(id string) (effects []integration.Effect, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.sessions[id]
	if !ok {
		return nil, false
	}
	return clone(known.effects), true
}

// SetSession stores a copy of a session under its IntegrationID, in any state and without a check. It saves the several requests
// that such a session can need. The session replaces an earlier one with that ID. The effects and returns of the earlier one are
// kept.
//
// Fields that are set are stored unchanged. SetSession fills in fields that the server calculates if they are zero: ID,
// ApplicationID, Created, Updated, UpdateCount, the positions of the items, and the totals if all are zero. A session without
// an IntegrationID ends the test, or panics under [Start].
func (s *Server) SetSession(session talonone.CustomerSessionV2) {
	if s.t != nil {
		s.t.Helper()
	}
	if session.IntegrationID == "" {
		s.misuse("SetSession: a session without an IntegrationID")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	session = session.Clone()
	known := s.sessions[session.IntegrationID]
	if known == nil {
		known = new(stored)
		s.sessions[session.IntegrationID] = known
	}
	if session.ID == 0 {
		session.ID = s.lastID.session + 1
	}
	s.lastID.session = max(s.lastID.session, session.ID)
	s.addProfile(session.ProfileID, session.IntegrationID)
	fill(&session, s.time())
	known.session = session
}

// SetTime sets the server's clock and stops it: sessions are created and updated at that time, and idempotency keys expire by
// it. A zero time makes the server use the real time again.
func (s *Server) SetTime(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = t
}

// time returns the time of the server's clock. s.mu is held.
func (s *Server) time() time.Time {
	if s.now.IsZero() {
		return time.Now().UTC()
	}
	return s.now
}
