//go:build unix

package effort

import (
	"syscall"
	"time"
)

// least is the processor time below which nothing is said: memory that is touched for the first time may decide there, and
// what else runs on the machine, which takes the caches.
const least = 15 * time.Millisecond

// processorTime is what all threads of the process have used, which other programs do not add to.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err) // the arguments are constants that every Unix knows
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
