// Package sandbox serves the in-memory Integration API of package integrationtest on a listener. Rules decide which effects a
// session gets, and a state file can keep the sessions when the program restarts. The same listener serves pages that show the
// sessions and the requests.
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

// Config configures a sandbox.
type Config struct {
	// APIKey is the key that requests must have. If it is empty, the default key applies.
	APIKey string
	// Rules decide which effects a session gets. If Rules is nil, no session gets effects.
	Rules *rules.Rules
	// StateFile is the name of the file that keeps the sessions. If it is empty, they are only in memory.
	StateFile string
	// Log receives the errors that occur while the sandbox runs.
	Log *log.Logger
	// Host is a host name under which browsers may open the pages. IP addresses and localhost are always allowed.
	Host string
}

// A Sandbox is the Integration API in memory. It is safe for concurrent use.
type Sandbox struct {
	// APIKey is the key that requests must have.
	APIKey string

	server    *integrationtest.Server
	api       http.Handler
	pages     map[string]http.Handler // by path
	traffic   *traffic
	rules     *rules.Rules
	log       *log.Logger
	host      string        // a host name that browsers may use, or empty
	chosenKey bool          // Config sets APIKey
	stopping  chan struct{} // closed when the sandbox begins to stop
	file      string        // the state file, or empty
	dirty     chan struct{} // has an element while the file lacks a change
	unlock    func()        // releases the lock of the file

	mu      sync.Mutex
	changes int            // the number of changes of sessions
	ids     map[string]int // by the integration ID of a session, the number of its last change
}

// ErrStateFileInUse is the error if another sandbox uses the state file.
var ErrStateFileInUse = errors.New("another sandbox keeps its sessions in this file: stop it, or use another file")

// New makes a sandbox with the sessions of the state file, if that exists. The file is locked until [Sandbox.Serve] returns. The
// error wraps [ErrStateFileInUse] if another sandbox has the lock.
func New(c Config) (_ *Sandbox, err error) {
	options := []integrationtest.Option{integrationtest.WithRequestLimit(0)} // traffic keeps the last requests
	if c.Log != nil {
		options = append(options, integrationtest.WithLogger(slog.New(slog.NewTextHandler(c.Log.Writer(), nil))))
	}
	if c.APIKey != "" {
		options = append(options, integrationtest.WithAPIKey(c.APIKey))
	}
	server := integrationtest.Start(options...)
	defer server.Close() // closes only its own listener, which nothing uses; Serve serves the handler on another one
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

// evaluation returns the function that the server calls to get effects.
func evaluation(r *rules.Rules) func(integrationtest.Evaluation) []integration.Effect {
	if r == nil {
		return nil
	}
	return func(e integrationtest.Evaluation) []integration.Effect { return r.Effects(e.Session) }
}

// Len returns the number of sessions.
func (s *Sandbox) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.ids)
}

// recent returns the integration IDs of at most n sessions. The session that changed last comes first.
func (s *Sandbox) recent(n int) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := slices.SortedFunc(maps.Keys(s.ids), func(a, b string) int { return cmp.Compare(s.ids[b], s.ids[a]) })
	return ids[:min(n, len(ids))]
}

// stored returns a session and the effects that apply to it. ok is false if there is no such session.
func (s *Sandbox) stored(id string) (session talonone.CustomerSessionV2, effects []integration.Effect, ok bool) {
	session, ok = s.server.Session(id)
	effects, _ = s.server.Effects(id)
	return session, effects, ok
}

// ServeHTTP answers a request for a page or to the API. It does not use an [http.ServeMux], because that redirects paths that are
// not in its canonical form, but the API must get each path as the client sent it.
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

// sessionID returns the integration ID in a path of the API, or "".
func sessionID(path string) string {
	rest, ok := strings.CutPrefix(path, "/v2/customer_sessions/")
	escaped, _, _ := strings.Cut(rest, "/")
	id, err := url.PathUnescape(escaped)
	if !ok || err != nil {
		return ""
	}
	return id
}

// changed records that a request may have changed a session.
func (s *Sandbox) changed(id string) {
	if _, ok := s.server.Session(id); !ok {
		return
	}
	s.touch(id)
	select {
	case s.dirty <- struct{}{}:
	default: // a write of the file is already due
	}
}

// touch gives a session the number of the next change, so that it counts as the one that changed last.
func (s *Sandbox) touch(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes++
	s.ids[id] = s.changes
}

const (
	// patience is how long running requests may take when the sandbox stops.
	patience = 5 * time.Second
	// readTimeout limits the time in which a client must send the header fields of a request.
	readTimeout = 10 * time.Second
)

// Serve answers requests on the listener until ctx ends. Running requests then have five seconds to end. Serve closes the listener.
// It returns nil if the server stopped without an error and the state file has all changes.
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
		err = errors.Join(err, fmt.Errorf("the sessions were not saved: %w", kept))
	}
	return err
}
