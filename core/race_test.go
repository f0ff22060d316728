//go:build race

package core

// slowdown widens time limits where the race detector slows everything down.
const slowdown = 60

// raceDetector tells whether the race detector is on.
const raceDetector = true
