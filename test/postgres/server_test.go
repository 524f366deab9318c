//go:build unix

package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
)

// server is the server that the tests connect to.
var server struct {
	dsn     string
	missing error // why there is no server
}

func TestMain(m *testing.M) {
	os.Exit(func() int {
		server.dsn = os.Getenv("POSTGRES_DSN")
		if server.dsn == "" {
			s, err := start()
			if err != nil && !errors.Is(err, errNoPostgres) {
				fmt.Fprintln(os.Stderr, "start PostgreSQL:", err)
				return 1
			}
			defer s.stop()
			server.dsn, server.missing = s.dsn, err
		}
		if server.missing != nil && os.Getenv("POSTGRES_REQUIRED") != "" {
			fmt.Fprintln(os.Stderr, "POSTGRES_REQUIRED is set:", server.missing)
			return 1
		}
		return m.Run()
	}())
}

// open connects to the server. The mode decides how pgx sends values.
func open(t *testing.T, mode pgx.QueryExecMode) *sql.Conn {
	t.Helper()
	if server.missing != nil {
		t.Skip(server.missing)
	}
	config, err := pgx.ParseConfig(server.dsn)
	require.NoError(t, err)
	config.DefaultQueryExecMode = mode
	db := stdlib.OpenDB(*config)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	conn, err := db.Conn(t.Context()) // temporary tables exist only in one connection
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	return conn
}

var errNoPostgres = errors.New("PostgreSQL is not installed: install it, or set POSTGRES_DSN to a server")

// find returns the path of a program of the newest installed PostgreSQL.
func find(name string) (string, error) {
	installed, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil {
		return "", err
	}
	slices.SortFunc(installed, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) // version 9 is older than 15
	})
	if len(installed) > 0 {
		return installed[len(installed)-1], nil
	}
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return "", errNoPostgres
}

// A process is a server that the tests started.
type process struct {
	dir string // has its data and its socket
	cmd *exec.Cmd
	dsn string
}

func start() (s process, err error) {
	initdb, err := find("initdb")
	if err != nil {
		return s, err
	}
	postgres, err := find("postgres")
	if err != nil {
		return s, err
	}
	if s.dir, err = os.MkdirTemp("", "postgres"); err != nil {
		return s, err
	}
	defer func() {
		if err != nil {
			s.stop()
			s = process{}
		}
	}()
	run := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(name, args...)
		cmd.Dir = s.dir
		return cmd
	}
	credential := &syscall.SysProcAttr{}
	if os.Getuid() == 0 {
		// PostgreSQL refuses to run as root.
		if credential.Credential, err = credentialOf("postgres", "nobody"); err != nil {
			return s, err
		}
		if err = os.Chown(s.dir, int(credential.Credential.Uid), int(credential.Credential.Gid)); err != nil {
			return s, err
		}
	}
	data := filepath.Join(s.dir, "data")
	initCmd := run(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initCmd.SysProcAttr = credential
	if out, err := initCmd.CombinedOutput(); err != nil {
		return s, fmt.Errorf("%w: %s", err, out)
	}
	// A Unix socket in a separate folder needs no free port.
	s.cmd = run(postgres, "-D", data, "-k", s.dir, "-h", "", "-F")
	s.cmd.SysProcAttr = credential
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return s, err
	}
	defer log.Close()
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return s, err
	}
	s.dsn = "host=" + s.dir + " user=postgres dbname=postgres"
	if err := s.ready(); err != nil {
		text, _ := os.ReadFile(log.Name())
		return s, fmt.Errorf("%w: %s", err, text)
	}
	return s, nil
}

// ready waits until the server answers.
func (s process) ready() error {
	db, err := sql.Open("pgx", s.dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		err := db.PingContext(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (s process) stop() {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Signal(os.Interrupt) // also closes open connections
		_ = s.cmd.Wait()
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}

// credentialOf returns the credential of the first of these users that exists.
func credentialOf(names ...string) (*syscall.Credential, error) {
	var last error
	for _, name := range names {
		u, err := user.Lookup(name)
		if err != nil {
			last = err
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, last
}
