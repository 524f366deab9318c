//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows

package sandbox

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLock(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state.json")
	require.NoError(t, os.WriteFile(name+".lock", nil, 0o600)) // as a sandbox leaves it that ended or was killed
	for range 2 {
		unlock, err := lock(name)
		require.NoError(t, err)
		_, err = lock(name)
		require.ErrorIs(t, err, ErrStateFileInUse)
		unlock()
	}
	_, err := lock(filepath.Join(t.TempDir(), "gone", "state.json"))
	require.ErrorIs(t, err, os.ErrNotExist)
}
