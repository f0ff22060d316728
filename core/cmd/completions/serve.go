package main

import (
	"context"
	"errors"
	"flag"

	"github.com/completion-playground/playground/core/serve"
)

func setupServe(f *flag.FlagSet) runner {
	var options serve.Options
	options.Flags(f)
	return func(ctx context.Context, c *console, args []string) int {
		if len(args) > 0 {
			return c.misused("serve", "it takes no arguments")
		}
		options.Key = c.env(serve.KeyVariable)
		var err error
		if options.Files, err = page(); err == nil {
			err = serve.Run(ctx, c.err, options)
		}
		var misuse serve.Misuse
		switch {
		case errors.As(err, &misuse):
			return c.misused("serve", "%v", err)
		case err != nil:
			return c.fail("%v", err)
		}
		return exitOK
	}
}
