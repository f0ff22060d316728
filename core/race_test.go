//go:build race

package core

// slowdown widens time limits where the race detector slows everything down.
const slowdown = 60
