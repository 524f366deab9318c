//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows

package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/cmd/talonone/internal/sandbox"
)

// TestSandboxesShareNoFile starts a second sandbox with the file of the first. It must be refused, because each sandbox would
// overwrite what the other one writes.
func TestSandboxesShareNoFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	_, stop := serve(t, "-state", file)
	code, stdout, stderr := program(t.Context(), "", "sandbox", "-addr", "127.0.0.1:0", "-state", file)
	assert.Equal(t, exitFailed, code)
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, sandbox.ErrStateFileInUse.Error())
	code, _ = stop()
	require.Equal(t, exitOK, code)
	_, stop = serve(t, "-state", file)
	code, _ = stop()
	assert.Equal(t, exitOK, code)
}
