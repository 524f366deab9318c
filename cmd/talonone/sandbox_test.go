package main

import (
	"bytes"
	"context"
	"debug/elf"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// lockedBuffer is an output that a test can read while the program writes to it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

var announcement = regexp.MustCompile(`(?m)^URL +(http://\S+)\nAPI key +(\S+)$`)

// connect waits until the sandbox has printed its URL and key, and returns a client for it.
func connect(t *testing.T, stdout *lockedBuffer) *integration.Client {
	t.Helper()
	var found []string
	require.Eventually(t, func() bool {
		found = announcement.FindStringSubmatch(stdout.String())
		return found != nil
	}, 10*time.Second, time.Millisecond)
	client, err := integration.NewClient(found[1], found[2], integration.WithRetry(integration.Retry{MaxAttempts: 1}))
	require.NoError(t, err)
	return client
}

// serve runs the sandbox. stop ends it and returns its exit code and its standard error.
func serve(t *testing.T, args ...string) (client *integration.Client, stop func() (int, string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var stdout, stderr lockedBuffer
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, append([]string{"sandbox", "-addr", "127.0.0.1:0"}, args...), strings.NewReader(""), &stdout, &stderr)
	}()
	return connect(t, &stdout), func() (int, string) {
		cancel()
		return <-code, stderr.String()
	}
}

func cart(state talonone.State) integration.UpdateRequest {
	return integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{
			State:       state,
			ProfileID:   new("anna"),
			CouponCodes: []string{"TEN", "OLD"},
			CartItems: []talonone.CartItem{
				{SKU: "SHOE", Quantity: 2, Price: new(decimal.RequireFromString("49.95"))},
			},
		},
		ResponseContent: []integration.ResponseContent{integration.ContentCustomerSession},
	}
}

func total(t *testing.T, state *integration.IntegrationState) string {
	t.Helper()
	receipt, err := integration.NewReceipt(state.CustomerSession, state.Effects)
	require.NoError(t, err)
	return receipt.Total.StringFixed(4)
}

func TestSandboxGivesEffects(t *testing.T) {
	client, stop := serve(t, "-rules", "rules.json", "-key", "the-key")
	state, err := client.UpdateCustomerSession(t.Context(), "a/b//c", cart(""))
	require.NoError(t, err)
	var types []string
	for _, e := range state.Effects {
		types = append(types, e.Type)
	}
	assert.Equal(t, []string{
		"acceptCoupon", "rejectCoupon", "setDiscount", "setDiscountPerItem", "setDiscountPerItem", "addFreeItem", "addLoyaltyPoints",
	}, types)
	assert.Equal(t, "79.9100", total(t, state)) // 99.90 minus 10 percent, minus 5.00 for each of two shoes
	code, stderr := stop()
	assert.Equal(t, exitOK, code)
	assert.Empty(t, stderr)
	_, err = client.GetCustomerSession(t.Context(), "a/b//c")
	require.Error(t, err) // the listener is closed
}

func TestSandboxWithoutRules(t *testing.T) {
	client, stop := serve(t)
	state, err := client.UpdateCustomerSession(t.Context(), "order-1", cart(""))
	require.NoError(t, err)
	assert.Empty(t, state.Effects)
	code, _ := stop()
	assert.Equal(t, exitOK, code)
}

// TestSandboxKeepsSessions restarts the sandbox without rules. Sessions of every state must come back with their effects.
func TestSandboxKeepsSessions(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	client, stop := serve(t, "-rules", "rules.json", "-state", file)
	ids := []string{"open", "closed", "cancelled", "returned", "<&>/é"}
	for _, id := range ids {
		state := talonone.StateClosed
		if id == "open" {
			state = talonone.StateOpen
		}
		_, err := client.UpdateCustomerSession(t.Context(), id, cart(state))
		require.NoError(t, err)
	}
	_, err := client.UpdateCustomerSession(t.Context(), "cancelled", integration.UpdateRequest{
		CustomerSession: talonone.CustomerSessionUpdate{State: talonone.StateCancelled},
	})
	require.NoError(t, err)
	_, err = client.ReturnCartItems(t.Context(), "returned", integration.ReturnRequest{
		ReturnedCartItems: []integration.ReturnedCartItem{{Position: new(0), Quantity: new(1)}},
	})
	require.NoError(t, err)
	before := map[string]*integration.IntegrationState{}
	for _, id := range ids {
		before[id], err = client.GetCustomerSession(t.Context(), id)
		require.NoError(t, err)
	}
	require.NotEmpty(t, before["closed"].Effects)
	code, stderr := stop()
	require.Equal(t, exitOK, code, stderr)

	for range 2 { // the second time, it reads the file that the restarted sandbox wrote
		client, stop = serve(t, "-state", file)
		for _, id := range ids {
			after, err := client.GetCustomerSession(t.Context(), id)
			require.NoError(t, err)
			assert.True(t, after.Equal(*before[id]), id)
		}
		_, err = client.UpdateCustomerSession(t.Context(), "new", integration.UpdateRequest{})
		require.NoError(t, err)
		code, stderr = stop()
		require.Equal(t, exitOK, code, stderr)
	}
	files, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	for _, f := range files {
		assert.NotContains(t, f.Name(), ".tmp", "no temporary file is left")
	}
}

// TestSandboxWritesInOneStep reads the file while sessions change. It must be complete each time.
func TestSandboxWritesInOneStep(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	client, stop := serve(t, "-state", file)
	seen := map[string]bool{}
	for len(seen) < 3 {
		_, err := client.UpdateCustomerSession(t.Context(), "order-1", cart(""))
		require.NoError(t, err)
		text, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		require.NoError(t, err)
		require.True(t, bytes.HasSuffix(text, []byte("}]}")), string(text))
		seen[string(text)] = true
	}
	code, _ := stop()
	assert.Equal(t, exitOK, code)
}

func TestSandboxThatCannotKeep(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	require.NoError(t, os.Mkdir(dir, 0o777))
	client, stop := serve(t, "-state", filepath.Join(dir, "state.json"))
	require.NoError(t, os.RemoveAll(dir))
	_, err := client.UpdateCustomerSession(t.Context(), "order-1", cart(""))
	require.NoError(t, err)
	code, stderr := stop()
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, stderr, "the sessions were not saved")
}

func TestSandboxRefuses(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	write := func(text string) string {
		file := filepath.Join(t.TempDir(), "state.json")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
		return file
	}
	for _, test := range []struct {
		name string
		args []string
	}{
		{"an address in use", []string{"-addr", taken.Addr().String()}},
		{"no address", []string{"-addr", "nowhere"}},
		{"a key that cannot be sent", []string{"-key", "a\nb"}},
		{"no state file", []string{"-state", write("")}},
		{"a state file of another version", []string{"-state", write(`{"version":2,"sessions":[]}`)}},
		{"a session without an ID", []string{"-state", write(`{"version":1,"sessions":[{"session":{},"effects":[]}]}`)}},
		{"a state file that is a directory", []string{"-state", t.TempDir()}},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := program(t.Context(), "", append([]string{"sandbox"}, test.args...)...)
			assert.Equal(t, exitFailed, code)
			assert.Empty(t, stdout)
			assert.NotEmpty(t, stderr)
		})
	}
}

func TestSandboxWarns(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for addr, warns := range map[string]bool{"127.0.0.1:0": false, "localhost:0": false, "0.0.0.0:0": true, ":0": true} {
		code, stdout, stderr := program(ctx, "", "sandbox", "-addr", addr)
		assert.Equal(t, exitOK, code, stderr)
		assert.Equal(t, warns, strings.Contains(stderr, "warning: "), addr)
		assert.Regexp(t, `URL +http://(127\.0\.0\.1|\[::1\]):\d+\n`, stdout)
	}
}

// TestDockerfile builds the program with the command in the Dockerfile, checks that it needs no shared library, and stops it with
// a signal.
func TestDockerfile(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the image is for Linux")
	}
	text, err := os.ReadFile("Dockerfile")
	require.NoError(t, err)
	build := regexp.MustCompile(`(?m)^RUN (.*)$`).FindStringSubmatch(string(text))
	require.NotNil(t, build)
	binary := filepath.Join(t.TempDir(), "talonone")
	require.Contains(t, build[1], " -o /talonone ")
	command := exec.Command("sh", "-c", strings.Replace(build[1], " -o /talonone ", " -o '"+binary+"' ", 1))
	command.Dir = "../.."
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
	file, err := elf.Open(binary)
	require.NoError(t, err)
	defer file.Close()
	libraries, err := file.ImportedLibraries()
	require.NoError(t, err)
	assert.Empty(t, libraries)

	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		state := filepath.Join(t.TempDir(), "state.json")
		program := exec.Command(binary, "sandbox", "-addr", "127.0.0.1:0", "-state", state)
		var stdout lockedBuffer
		program.Stdout, program.Stderr = &stdout, io.Discard
		require.NoError(t, program.Start())
		client := connect(t, &stdout)
		_, err = client.UpdateCustomerSession(t.Context(), "order-1", cart(""))
		require.NoError(t, err)
		require.NoError(t, program.Process.Signal(signal))
		require.NoError(t, program.Wait(), signal)
		kept, err := os.ReadFile(state)
		require.NoError(t, err)
		assert.Contains(t, string(kept), `"integrationId":"order-1"`)
	}
}
