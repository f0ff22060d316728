package main

import (
	"context"
	"flag"
	"fmt"

	"github.com/completion-playground/playground/core/batch"
	"github.com/completion-playground/playground/core/client"
)

func setupBatch(f *flag.FlagSet) runner {
	rules := addRules(f)
	t := addTarget(f)
	var files batch.Files
	f.StringVar(&files.Output, "out", "", "the `file` for the answers, a line each")
	f.StringVar(&files.Errors, "errors", "", "the `file` for requests without an answer; without it they stand among the answers")
	f.StringVar(&files.Journal, "journal", "", "the `file` that says what is done; without it that of -out with .journal behind its name")
	var o batch.RunOptions
	f.IntVar(&o.Concurrency, "concurrency", 8, "how many requests are under way at the same time, a `number`")
	f.IntVar(&o.RequestsPerMinute, "rpm", 0, "the most requests in a minute, a `number`; 0 for no limit")
	f.IntVar(&o.TokensPerMinute, "tpm", 0, "the most tokens that are asked for in a minute, a `number`; 0 for no limit")
	f.IntVar(&o.Attempts, "attempts", 6, "how often a request is sent at most, a `number`")
	quiet := f.Bool("quiet", false, "write no summary and no progress")
	return func(ctx context.Context, c *console, args []string) int {
		switch {
		case len(args) != 1:
			return c.misused("batch", "name one file of JSON Lines, or - for the standard input")
		case files.Output == "":
			return c.misused("batch", "name the file for the answers with -out")
		case o.Concurrency < 1 || o.Attempts < 1 || o.RequestsPerMinute < 0 || o.TokensPerMinute < 0:
			return c.misused("batch", "-concurrency and -attempts are at least 1, -rpm and -tpm at least 0")
		}
		if files.Journal == "" {
			files.Journal = files.Output + ".journal"
		}
		v, err := rules.validator(c)
		if err != nil {
			return c.misused("batch", "%v", err)
		}
		e, err := t.endpoint(c, nil)
		if err != nil {
			return c.misused("batch", "%v", err)
		}
		in, err := c.open(args[0])
		if err != nil {
			return c.fail("%s: %v", args[0], err)
		}
		defer in.close()
		o.Validator, o.Client = v, &client.Client{Endpoint: e}
		p := newProgress(c, in, *quiet)
		o.Progress = func(batch.RunTotals) { p.step() }
		totals, err := batch.Run(ctx, in, files, o)
		p.end()
		if !*quiet {
			fmt.Fprintf(c.err, "%s: %d answered, %d without success, %d invalid, %d done before\n", counted(int(totals.Lines), "request"),
				totals.Answered, totals.Failed, totals.Invalid, totals.Before)
		}
		switch {
		case ctx.Err() != nil:
			return c.fail("stopped; the same command goes on from here")
		case err != nil:
			return c.fail("%v; the same command goes on from here", err)
		case totals.Failed > 0:
			return exitFailed
		case totals.Invalid > 0:
			return exitFound
		}
		return exitOK
	}
}
