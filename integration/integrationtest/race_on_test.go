//go:build race

package integrationtest

// raceEnabled: the race detector makes everything about ten times as slow.
const raceEnabled = true
