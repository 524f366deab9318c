// Package sandbox serves the in-memory Integration API of package integrationtest on a listener of the program's, with rules that
// say which effects come when, and with sessions that may outlive the process. Beside the API it serves pages that show what is
// there and what comes in: [Sandbox.ServeHTTP] tells their requests apart.
package sandbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/cmd/talonone/internal/rules"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// Config is what a sandbox is made of.
type Config struct {
	// APIKey is the key that requests must carry. Empty takes the default.
	APIKey string
	// Rules say which effects come when. Nil gives no effects.
	Rules *rules.Rules
	// StateFile is where the sessions are kept. Empty keeps them only in memory.
	StateFile string
	// Log gets what goes wrong while the sandbox runs.
	Log *log.Logger
	// Host is a name that browsers may use for the sandbox, beside its addresses and localhost. Empty allows no name.
	Host string
}

// A Sandbox is the Integration API in memory. It is safe for concurrent use.
type Sandbox struct {
	// APIKey is the key that requests must carry.
	APIKey string

	server    *integrationtest.Server
	api       http.Handler
	pages     map[string]http.Handler // by path
	traffic   *traffic
	rules     *rules.Rules
	log       *log.Logger
	host      string        // a name that browsers may use, or empty
	chosenKey bool          // APIKey is not the default
	stopping  chan struct{} // closed when the sandbox is about to stop
	file      string        // where the sessions are kept, or empty
	dirty     chan struct{} // full while the file lacks something
	unlock    func()        // gives the file back

	mu      sync.Mutex
	changes int            // how often a session has changed
	ids     map[string]int // the integration IDs of the sessions, with the number of the last change
}

// ErrStateFileInUse says that another sandbox keeps its sessions in the state file.
var ErrStateFileInUse = errors.New("another sandbox keeps its sessions in this file: stop it, or take another file")

// New makes a sandbox with the sessions of the state file, if there is one. The file is this sandbox's until [Sandbox.Serve] returns.
func New(c Config) (_ *Sandbox, err error) {
	options := []integrationtest.Option{integrationtest.WithRequestLimit(0)} // the traffic has the last ones
	if c.Log != nil {
		options = append(options, integrationtest.WithLogger(slog.New(slog.NewTextHandler(c.Log.Writer(), nil))))
	}
	if c.APIKey != "" {
		options = append(options, integrationtest.WithAPIKey(c.APIKey))
	}
	server := integrationtest.Start(options...)
	defer server.Close() // its own listener: the handler is served on another
	s := &Sandbox{
		APIKey:    server.APIKey,
		server:    server,
		api:       server.Handler(),
		traffic:   newTraffic(),
		rules:     c.Rules,
		log:       c.Log,
		host:      c.Host,
		chosenKey: c.APIKey != "",
		stopping:  make(chan struct{}),
		file:      c.StateFile,
		dirty:     make(chan struct{}, 1),
		unlock:    func() {},
		ids:       map[string]int{},
	}
	s.pages = s.routes()
	if s.file != "" {
		if s.unlock, err = lock(s.file); err != nil {
			return nil, fmt.Errorf("%s: %w", s.file, err)
		}
		if err := s.load(); err != nil {
			s.unlock()
			return nil, err
		}
	}
	server.OnEffects(evaluation(c.Rules))
	return s, nil
}

// evaluation returns the function that the server asks for effects.
func evaluation(r *rules.Rules) func(integrationtest.Evaluation) []integration.Effect {
	if r == nil {
		return nil
	}
	return func(e integrationtest.Evaluation) []integration.Effect { return r.Effects(e.Session) }
}

// Len returns how many sessions there are.
func (s *Sandbox) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.ids)
}

// recent returns the integration IDs of at most n sessions, those that changed last first.
func (s *Sandbox) recent(n int) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := slices.SortedFunc(maps.Keys(s.ids), func(a, b string) int { return cmp.Compare(s.ids[b], s.ids[a]) })
	return ids[:min(n, len(ids))]
}

// stored returns a session and the effects that hold for it. ok is false if there is none.
func (s *Sandbox) stored(id string) (session talonone.CustomerSessionV2, effects []integration.Effect, ok bool) {
	session, ok = s.server.Session(id)
	effects, _ = s.server.Effects(id)
	return session, effects, ok
}

// ServeHTTP answers a request for a page or to the API. It is no [http.ServeMux], which redirects requests whose path it would
// write in another way: the API's must arrive as they were sent.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if page, ok := s.pages[r.URL.EscapedPath()]; ok {
		page.ServeHTTP(w, r)
		return
	}
	id := sessionID(r.URL.EscapedPath())
	s.traffic.record(s.api, w, r, id, func() {
		if r.Method != http.MethodGet {
			s.changed(id)
		}
	})
}

// sessionID returns the ID of the session that a path of the API is about, or "".
func sessionID(path string) string {
	rest, ok := strings.CutPrefix(path, "/v2/customer_sessions/")
	escaped, _, _ := strings.Cut(rest, "/")
	id, err := url.PathUnescape(escaped)
	if !ok || err != nil {
		return ""
	}
	return id
}

// changed takes note that a request may have changed a session.
func (s *Sandbox) changed(id string) {
	if _, ok := s.server.Session(id); !ok {
		return
	}
	s.restored(id)
	select {
	case s.dirty <- struct{}{}:
	default: // the file is to be written already
	}
}

// restored takes note of a session that the server has now.
func (s *Sandbox) restored(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes++
	s.ids[id] = s.changes
}

const (
	// patience is how long requests may take that are under way when the sandbox is stopped.
	patience = 5 * time.Second
	// readTimeout bounds how long a client may take to send the header fields of a request.
	readTimeout = 10 * time.Second
)

// Serve answers requests on the listener, which it closes, until ctx ends. Requests that are under way then have five seconds to
// end. It returns nil if everything ended in order and the sessions were kept.
func (s *Sandbox) Serve(ctx context.Context, l net.Listener) error {
	requests, abandon := context.WithCancel(context.Background())
	defer abandon()
	unused := unused{conns: map[net.Conn]struct{}{}}
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: readTimeout,
		BaseContext:       func(net.Listener) context.Context { return requests },
		ErrorLog:          s.log,
		ConnState:         unused.note,
	}
	server.RegisterOnShutdown(func() {
		close(s.stopping) // the streams of events would never end by themselves
		unused.close()
	})
	defer s.unlock()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	keeping := make(chan struct{})
	kept := make(chan error, 1)
	go func() { kept <- s.keep(keeping) }()

	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		waiting, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		err = server.Shutdown(waiting)
		if errors.Is(err, context.DeadlineExceeded) {
			abandon()
			err = server.Close()
		}
	}
	close(keeping)
	if kept := <-kept; kept != nil {
		err = errors.Join(err, fmt.Errorf("the sessions were not kept: %w", kept))
	}
	return err
}
