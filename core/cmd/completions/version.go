package main

import (
	"context"
	"flag"
	"runtime"
	"runtime/debug"
)

// version returns the version of the module, "(devel)" of what was built from a checkout.
func version() string {
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		return b.Main.Version
	}
	return "(devel)"
}

func setupVersion(*flag.FlagSet) runner {
	return func(_ context.Context, c *console, args []string) int {
		if len(args) > 0 {
			return c.misused("version", "it takes no arguments")
		}
		text := "completions " + version()
		if b, ok := debug.ReadBuildInfo(); ok {
			for _, s := range b.Settings {
				if s.Key == "vcs.revision" {
					text += " " + s.Value
				}
			}
		}
		return c.print(text + " " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH + "\n")
	}
}
