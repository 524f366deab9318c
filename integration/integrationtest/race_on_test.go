//go:build race

package integrationtest

// raceEnabled makes tests do less work: the race detector makes them about ten times slower.
const raceEnabled = true
