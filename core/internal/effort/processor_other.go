//go:build !unix

package effort

import "time"

// least is the time below which nothing is said: clocks of some systems tick every 16 ms.
const least = 50 * time.Millisecond

var start = time.Now()

// processorTime is elapsed time here; the best of several attempts has to do.
func processorTime() time.Duration { return time.Since(start) }
