//go:build race

package test

// raceEnabled: the race detector makes sync.Pool forget things at random, and allocates itself.
const raceEnabled = true
