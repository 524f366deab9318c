package integration

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// isReady reports whether it is the call's turn.
func (t *turn) isReady() bool {
	select {
	case <-t.ready:
		return true
	default:
		return false
	}
}

// Calls leave from every place, in a random order. At each moment only the oldest remaining call has its turn.
func TestQueueKeepsOrder(t *testing.T) {
	t.Parallel()
	const size = 200
	random := rand.New(rand.NewPCG(1, 2))
	q := newQueue()
	var line []*turn
	for range size {
		line = append(line, q.join("session"))
	}
	for len(line) > 0 {
		for i, turn := range line {
			require.Equal(t, i == 0, turn.isReady(), "place %d of %d", i, len(line))
		}
		i := random.IntN(len(line))
		line[i].leave()
		line = append(line[:i], line[i+1:]...)
		if len(line) < size/2 && random.IntN(3) == 0 {
			line = append(line, q.join("session"))
		}
	}
	require.Empty(t, q.lines)
}

// The time for a call to leave must not depend on the length of its queue, because all cancelled calls of a session leave under
// one lock.
func BenchmarkQueueLeave(b *testing.B) {
	for _, waiting := range []int{1, 100, 10_000, 100_000} {
		b.Run("waiting="+strconv.Itoa(waiting), func(b *testing.B) {
			q := newQueue()
			for range waiting {
				q.join("session")
			}
			for b.Loop() {
				q.join("session").leave()
			}
		})
	}
}
