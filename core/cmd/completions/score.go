package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/completion-playground/playground/core/answer"
	"github.com/completion-playground/playground/core/client"
)

// scoredText is what -json writes of a text.
type scoredText struct {
	File      string           `json:"file"`
	Score     *answer.Score    `json:"score"` // null where there is an error
	Error     string           `json:"error,omitempty"`
	Preflight answer.Preflight `json:"preflight"`
}

func setupScore(f *flag.FlagSet) runner {
	rules := addRules(f)
	t := addTarget(f)
	model := f.String("model", "", "the `model` to ask")
	asJSON := f.Bool("json", false, "print a line of JSON for each text, with its tokens")
	return func(ctx context.Context, c *console, args []string) int {
		if len(args) == 0 {
			return c.misused("score", "name files of text, or - for the standard input")
		}
		v, err := rules.validator(c)
		if err != nil {
			return c.misused("score", "%v", err)
		}
		e, err := t.endpoint(c, nil)
		if err != nil {
			return c.misused("score", "%v", err)
		}
		var texts []string
		for _, name := range args {
			text, err := c.load(name)
			if err != nil {
				return c.fail("%s: %v", name, err)
			}
			texts = append(texts, string(text))
		}
		code := exitOK
		var b strings.Builder
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(w, "TOKENS\tLOGPROB\tPER TOKEN\tPERPLEXITY\tBITS PER BYTE\t  TEXT\n")
		for n, scored := range (&client.Client{Endpoint: e}).Score(ctx, v, *model, texts...) {
			out := scoredText{File: args[n], Score: scored.Score, Preflight: scored.Preflight}
			if scored.Err != nil {
				out.Error = scored.Err.Error()
				code = c.fail("%s: %s", args[n], out.Error)
				for _, need := range scored.Preflight.Needs {
					if need.Verdict == "no" {
						fmt.Fprintf(c.err, "completions: %s\n", visible(need.Message))
					}
				}
			}
			if *asJSON {
				e := &errWriter{w: c.out}
				if writeLine(e, out); e.err != nil {
					return c.fail("cannot write: %v", e.err)
				}
			} else if s := scored.Score; s != nil {
				fmt.Fprintf(w, "%d\t%.3f\t%.3f\t%.3f\t%.3f\t  %s\n", s.Counted, s.Sum, s.Mean, s.Perplexity, s.BitsPerByte, visible(args[n]))
			}
		}
		if err := w.Flush(); err != nil {
			panic(err) // a builder takes all
		}
		if !*asJSON && strings.Count(b.String(), "\n") > 1 {
			if printed := c.print(b.String()); printed != exitOK {
				return printed
			}
		}
		return code
	}
}
