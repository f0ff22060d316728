package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/completion-playground/playground/core/client"
	"github.com/completion-playground/playground/core/probe"
)

func setupProbe(f *flag.FlagSet) runner {
	rules := addRules(f)
	t := addTarget(f)
	model := f.String("model", "", "the `model` to ask; without it none is sent, for servers that have only one")
	requests := f.Int("requests", 0, "how many requests may be sent, a `number`; 0 stands for 80")
	seed := f.Uint64("seed", 0, "a `number` that chooses the seeds that are sent")
	asJSON := f.Bool("json", false, "print the report as JSON")
	write := f.String("write", "", "write what was found as a profile into a `file` for -profile")
	return func(ctx context.Context, c *console, args []string) int {
		if len(args) > 0 {
			return c.misused("probe", "it takes no arguments")
		}
		v, err := rules.validator(c)
		if err != nil {
			return c.misused("probe", "%v", err)
		}
		e, err := t.endpoint(c, nil)
		if err != nil {
			return c.misused("probe", "%v", err)
		}
		if *requests < 0 {
			return c.misused("probe", "-requests is at least 0")
		}
		if err := absent(*write); err != nil {
			return c.fail("-write %s: %v", *write, err)
		}
		o := client.ProbeOptions{Validator: v, Model: *model, Options: probe.Options{Seed: *seed, Requests: *requests}}
		report, err := (&client.Client{Endpoint: e}).Probe(ctx, o, c.probing())
		if isTerminal(c.err) {
			fmt.Fprint(c.err, "\r\x1b[K")
		}
		text := probeTable(report)
		if *asJSON {
			quoted, err := json.MarshalIndent(report, "", "  ")
			if err != nil {
				return c.fail("%v", err)
			}
			text = line(quoted)
		}
		if code := c.print(text); code != exitOK {
			return code
		}
		if *write != "" {
			text, err := json.MarshalIndent(report.Profile(), "", "  ")
			if err == nil {
				err = create(*write, []byte(line(text)), 0o666)
			}
			if err != nil {
				return c.fail("-write %s: %v", *write, err)
			}
		}
		switch {
		case err != nil:
			return c.fail("stopped; what stands above was found until then")
		case !report.Done || report.End != "":
			return c.fail("%s", report.Account)
		}
		return exitOK
	}
}

// probing returns what shows on a terminal how far a probe is; nil where nobody looks.
func (c *console) probing() func(client.ProbeProgress) {
	if !isTerminal(c.err) {
		return nil
	}
	return func(p client.ProbeProgress) {
		fmt.Fprintf(c.err, "\r\x1b[K%d of %d requests: %s", p.Asked, p.Most, visible(p.Last))
		if p.Waiting > 0 {
			fmt.Fprintf(c.err, ", waiting %s for the rate limit", p.Waiting.Round(time.Second))
		}
	}
}

// probeTable lists the verdicts. A star marks what the profile says otherwise.
func probeTable(r *probe.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", visible(r.Account))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "FIELD\tVERDICT\t%s\tREASON\n", strings.ToUpper(visible(r.Base)))
	for _, row := range r.Rows {
		field := row.Field
		if field == "" {
			field = "(unknown field)"
		}
		if row.About != "" {
			field += " " + row.About
		}
		mark := ""
		if row.Differs() {
			mark = " *"
		}
		fmt.Fprintf(w, "%s\t%s\t%s%s\t%s\n", visible(field), row.Verdict, row.Expected, mark, visible(row.Reason))
	}
	if err := w.Flush(); err != nil {
		panic(err) // a builder takes all
	}
	return b.String()
}
