package main

import (
	"context"
	"flag"
)

func setupBody(f *flag.FlagSet) runner {
	o := addChosen(f)
	return func(_ context.Context, c *console, args []string) int {
		r, code, ok := o.read(c, "body", args)
		if !ok {
			return code
		}
		return c.print(line(r.body))
	}
}
