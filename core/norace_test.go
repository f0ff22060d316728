//go:build !race

package core

// slowdown widens time limits on busy machines; what they guard against is quadratic time, which is slower by thousands.
const slowdown = 10

// raceDetector tells whether the race detector is on.
const raceDetector = false
