package effort

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

const (
	// times is how much more the larger input holds.
	times = 4
	// most is how much more it may cost. Quadratic work costs sixteen times as much; linear work four times, or somewhat
	// more where the larger input no longer fits the processor's caches.
	most = 12
	// attempts bounds the measuring. Only what costs too much in each of them fails.
	attempts = 12
	// freeBytes may be allocated whatever the input.
	freeBytes = 1 << 20
)

// Cost is what a call took.
type Cost struct {
	Processor time.Duration // of all threads of the process; elapsed time where the system does not tell it
	Bytes     uint64        // allocated, freed or not
}

// collectAt is the memory in bytes at which garbage is collected even while something is measured.
const collectAt = 1 << 30

// little is how much memory, in bytes, may be in use before a call without a collection: most calls take less time than one.
const little = 32 << 20

// Measure returns the cost of a call. Nothing else may run in the process: no parallel test.
//
// Garbage is collected before, where there is much, and not meanwhile: the collector works on processors that have nothing
// else to do, so that what it takes depends on the machine more than on the call.
func Measure(call func()) Cost {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(collectAt))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if before.HeapAlloc > little {
		runtime.GC()
		runtime.ReadMemStats(&before)
	}
	start := processorTime()
	call()
	took := processorTime() - start
	runtime.ReadMemStats(&after)
	return Cost{took, after.TotalAlloc - before.TotalAlloc}
}

// RequireLinear fails a test if the large call, whose input is four times the small one's, costs twelve times as much in
// processor time or in bytes. Both are measured in one run, in turns, and the best of several attempts counts, so that
// neither the machine nor what else runs on it decides. Where the large call costs too little to say anything, the small one
// is not made. It returns the cost of the large call.
func RequireLinear(t testing.TB, name string, small, large func()) Cost {
	t.Helper()
	b := Measure(large)
	if linear(Cost{}, b) {
		return b
	}
	a := Measure(small)
	for range attempts - 1 {
		if linear(a, b) {
			return b
		}
		s, l := Measure(small), Measure(large)
		a = Cost{min(a.Processor, s.Processor), min(a.Bytes, s.Bytes)}
		b = Cost{min(b.Processor, l.Processor), min(b.Bytes, l.Bytes)}
	}
	if linear(a, b) {
		return b
	}
	t.Errorf("%s: %v and %d bytes for an input, %v and %d bytes for one %d times as large", name, a.Processor, a.Bytes, b.Processor, b.Bytes, times)
	return a
}

// linear tells whether what the large call cost is within bounds.
func linear(small, large Cost) bool {
	return (large.Processor < most*small.Processor || large.Processor < least) && large.Bytes < most*small.Bytes+freeBytes
}
