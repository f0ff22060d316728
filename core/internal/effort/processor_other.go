//go:build !unix

package effort

import "time"

var start = time.Now()

// processorTime is elapsed time here; the best of several attempts has to do.
func processorTime() time.Duration { return time.Since(start) }
