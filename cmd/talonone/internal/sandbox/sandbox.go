// Package sandbox serves the in-memory Integration API of package integrationtest on a listener of the program's, with rules that
// say which effects come when, and with sessions that may outlive the process.
//
// Beside the API it can serve other pages on the same listener: [Sandbox.ServeHTTP] is where requests are told apart.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

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
}

// A Sandbox is the Integration API in memory. It is safe for concurrent use.
type Sandbox struct {
	// APIKey is the key that requests must carry.
	APIKey string

	server *integrationtest.Server
	api    http.Handler
	log    *log.Logger
	file   string        // where the sessions are kept, or empty
	dirty  chan struct{} // full while the file lacks something

	mu  sync.Mutex
	ids map[string]struct{} // the integration IDs of the sessions
}

// New makes a sandbox with the sessions of the state file, if there is one.
func New(c Config) (*Sandbox, error) {
	var options []integrationtest.Option
	if c.Log != nil {
		options = append(options, integrationtest.WithLogger(slog.New(slog.NewTextHandler(c.Log.Writer(), nil))))
	}
	if c.APIKey != "" {
		options = append(options, integrationtest.WithAPIKey(c.APIKey))
	}
	server := integrationtest.Start(options...)
	defer server.Close() // its own listener: the handler is served on another
	s := &Sandbox{
		APIKey: server.APIKey,
		server: server,
		api:    server.Handler(),
		log:    c.Log,
		file:   c.StateFile,
		dirty:  make(chan struct{}, 1),
		ids:    map[string]struct{}{},
	}
	if s.file != "" {
		if err := s.load(); err != nil {
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

// ServeHTTP answers a request. It is no [http.ServeMux], which redirects requests whose path it would write in another way: the
// API's must arrive as they were sent.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		// Also where the connection is to break, which the handler does by a panic.
		defer s.changed(r.URL.EscapedPath())
	}
	s.api.ServeHTTP(w, r)
}

// changed takes note that a request may have changed the session in its path.
func (s *Sandbox) changed(path string) {
	rest, ok := strings.CutPrefix(path, "/v2/customer_sessions/")
	escaped, _, _ := strings.Cut(rest, "/")
	id, err := url.PathUnescape(escaped)
	if !ok || err != nil {
		return
	}
	if _, ok := s.server.Session(id); !ok {
		return
	}
	s.mu.Lock()
	s.ids[id] = struct{}{}
	s.mu.Unlock()
	select {
	case s.dirty <- struct{}{}:
	default: // the file is to be written already
	}
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
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: readTimeout,
		BaseContext:       func(net.Listener) context.Context { return requests },
		ErrorLog:          s.log,
	}
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
