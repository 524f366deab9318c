package codec

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShape(t *testing.T) {
	var names []string
	for i := range maxMembers {
		names = append(names, "n"+strconv.Itoa(i)+"x") // most of which have one of a few hashes
	}
	s := NewShape(names...)
	for i, name := range names {
		require.Equal(t, i, s.find([]byte(name)))
		require.Equal(t, name, s.name(i))
	}
	for _, name := range []string{"", "n", "x", "n64x", "N0x", "n0y", "n0x "} {
		require.Equal(t, -1, s.find([]byte(name)), "%q", name)
	}
	require.True(t, Declares(s, map[string]json.RawMessage{"a": nil, "n63x": nil}))
	require.False(t, Declares(s, map[string]json.RawMessage{"a": nil}))
	require.False(t, Declares(s, nil))
	require.Panics(t, func() { NewShape(append(names, "one more")...) })

	// Names whose hashes are all the same, at the end of the table, so that most places are at its start.
	first := byte('A')
	for hash([]byte{first, 0, 'y'}) < 250 {
		first++
	}
	names = names[:0]
	for b := range maxMembers {
		names = append(names, string([]byte{first, '0' + byte(b), 'y'}))
	}
	s = NewShape(names...)
	for i, name := range names {
		require.Equal(t, i, s.find([]byte(name)))
	}
	require.Equal(t, -1, s.find([]byte{first, 0, 'y'}))
}
