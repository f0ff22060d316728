//go:build unix

package effort

import (
	"syscall"
	"time"
)

// processorTime is what all threads of the process have used, which other programs do not add to.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err) // the arguments are constants that every Unix knows
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
