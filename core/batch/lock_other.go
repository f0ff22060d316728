//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package batch

import "os"

// lock does nothing here: the standard library has no lock for this system.
func lock(*os.File) error { return nil }
