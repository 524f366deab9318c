package browser

import (
	"bufio"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
)

// unavailable skips the test, or fails it if BROWSER_REQUIRED is set.
func unavailable(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("BROWSER_REQUIRED") != "" {
		t.Fatalf("BROWSER_REQUIRED is set: %s", what)
	}
	t.Skip(what)
}

// All tests share one program and one browser, because building and starting them takes seconds.
var shared struct {
	dir     string
	program string
	browser context.Context
}

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(func() int {
		var err error
		if shared.dir, err = os.MkdirTemp("", "browser"); err != nil {
			panic(err)
		}
		defer os.RemoveAll(shared.dir)
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium()), chromedp.NoSandbox)
		browser, stop := chromedp.NewExecAllocator(context.Background(), options...)
		defer stop()
		shared.browser, stop = chromedp.NewContext(browser)
		defer stop()
		return m.Run()
	}())
}

// sandbox starts the program with the example rules, and returns its URL and a client of it.
func sandbox(t *testing.T) (address string, client *integration.Client) {
	t.Helper()
	address, key, _ := start(t, "127.0.0.1:0", "../../cmd/talonone/rules.json")
	client, err := integration.NewClient(address, key, integration.WithRetry(integration.Retry{MaxAttempts: 1}))
	require.NoError(t, err)
	return address, client
}

// start starts the program, which stop ends, or else the end of the test.
func start(t *testing.T, addr, rules string) (address, key string, stop func()) {
	t.Helper()
	if shared.program == "" {
		binary := filepath.Join(shared.dir, "talonone")
		build := exec.Command("go", "build", "-o", binary, "./cmd/talonone")
		build.Dir = "../.."
		out, err := build.CombinedOutput()
		require.NoError(t, err, "%s", out)
		shared.program = binary
	}
	program := exec.Command(shared.program, "sandbox", "-addr", addr, "-rules", rules)
	stdout, err := program.StdoutPipe()
	require.NoError(t, err)
	program.Stderr = os.Stderr
	require.NoError(t, program.Start())
	stop = sync.OnceFunc(func() {
		_ = program.Process.Signal(os.Interrupt)
		if err := program.Wait(); err != nil {
			t.Errorf("the sandbox ended with an error: %v", err)
		}
	})
	t.Cleanup(stop)
	said := map[string]string{}
	for lines := bufio.NewScanner(stdout); len(said) < 3 && lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), "  ")
		said[name] = strings.TrimSpace(value)
	}
	require.Len(t, said, 3, "the sandbox announces itself")
	return said["URL"], said["API key"], stop
}

// nothing allows no error message on a page.
func nothing(string) bool { return false }

// open opens a tab. The test fails if a page opens a dialog, or if its console has an error for which allowed returns false.
func open(t *testing.T, allowed func(text string) bool) context.Context {
	t.Helper()
	if chromium() == "" {
		unavailable(t, "there is no Chromium here")
	}
	require.NoError(t, chromedp.Do(shared.browser)) // the first call starts the browser
	ctx, stop := chromedp.NewContext(shared.browser)
	t.Cleanup(stop)
	require.NoError(t, chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("an exception on the page: %s", e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError && !allowed(e.Entry.Text) {
				t.Errorf("an error on the page: %s", e.Entry.Text)
			}
		case *page.EventJavascriptDialogOpening:
			t.Error("a dialog was opened")
		}
	}))
	call(t, ctx, log.Enable, cdp.Empty{})
	return ctx
}

// chromium returns the path of the browser, or "" if there is none.
func chromium() string {
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"}
	if name := os.Getenv("CHROMIUM"); name != "" {
		names = []string{name}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// axe returns the script of axe-core.
func axe(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		unavailable(t, "there is no npm here")
	}
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
	npm.Dir = dir
	out, err := npm.CombinedOutput()
	require.NoError(t, err, "%s", out)
	text, err := os.ReadFile(filepath.Join(dir, "node_modules/axe-core/axe.min.js"))
	require.NoError(t, err)
	return string(text)
}

// do runs actions on the page.
func do(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	require.NoError(t, chromedp.Do(ctx, actions...))
}

// call sends a command to the browser.
func call[P, R any](t *testing.T, ctx context.Context, command cdp.Command[P, R], params P) {
	t.Helper()
	_, err := chromedp.Call(ctx, command, params)
	require.NoError(t, err)
}

// watch opens a page and waits until it listens to events.
func watch(t *testing.T, ctx context.Context, url string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(url))
	until(t, ctx, `document.getElementById("live").innerText === "Live"`)
}

// value evaluates a JavaScript expression.
func value[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(t, err, expression)
	return v
}

// until waits until a JavaScript expression is true. Errors are ignored, because a page that is still loading can cause them.
func until(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		is, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		if err == nil && is {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the page never fulfilled %s (%v):\n%s", expression, err, value[string](t, ctx, `document.body.innerText`))
		}
	}
}
