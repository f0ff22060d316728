package effort

import (
	"os"
	"testing"
)

// DeepVariable names the environment variable that turns the deep mode on: any value but "" and "0". "make test DEEP=1"
// sets it.
const DeepVariable = "PLAYGROUND_DEEP"

// Deep tells whether tests should take the time that random tests and fuzzing can use, minutes rather than seconds.
func Deep() bool {
	value := os.Getenv(DeepVariable)
	return value != "" && value != "0"
}

// Rounds returns how often a random test tries something: the usual number, a tenth of it under "go test -short", a
// hundred times as many in the deep mode; never fewer than one.
func Rounds(usual int) int {
	switch {
	case testing.Short():
		return max(1, usual/10)
	case Deep():
		return 100 * usual
	}
	return usual
}

// Size returns how much the smaller of two inputs holds that are compared by RequireLinear: a quarter of the usual size, all
// of it in the deep mode; never less than one. What grows too fast shows in either.
func Size(usual int) int {
	if Deep() {
		return usual
	}
	return max(1, usual/4)
}
