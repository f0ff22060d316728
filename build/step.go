package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// step is one part of "test" or "lint".
type step struct {
	name string
	run  func(ctx context.Context) error
}

// skipped is an error that says why a step could not be done here. It is told and does not fail the run.
type skipped string

func (s skipped) Error() string { return string(s) }

// runSteps runs steps in order, names each with its time, and stops at the first that fails. With names, it runs those
// steps alone.
func (p *project) runSteps(ctx context.Context, steps []step, names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(steps, func(s step) bool { return s.name == name }) {
			var known []string
			for _, s := range steps {
				known = append(known, s.name)
			}
			return fmt.Errorf("no step %q; there are %s", name, strings.Join(known, ", "))
		}
	}
	started := time.Now()
	var left []string
	for _, s := range steps {
		if len(names) > 0 && !slices.Contains(names, s.name) {
			continue
		}
		began := time.Now()
		err := s.run(ctx)
		took := time.Since(began).Seconds()
		var skip skipped
		switch {
		case errors.As(err, &skip):
			left = append(left, s.name)
			fmt.Fprintf(p.out, "skip  %-12s %6.1f s  %s\n", s.name, took, skip)
		case err != nil:
			fmt.Fprintf(p.out, "FAIL  %-12s %6.1f s\n", s.name, took)
			return fmt.Errorf("%s: %w", s.name, err)
		default:
			fmt.Fprintf(p.out, "ok    %-12s %6.1f s\n", s.name, took)
		}
	}
	if took := time.Since(started).Seconds(); len(left) > 0 {
		fmt.Fprintf(p.out, "everything else passed in %.0f s; skipped: %s\n", took, strings.Join(left, ", "))
	} else {
		fmt.Fprintf(p.out, "everything passed in %.0f s\n", took)
	}
	return nil
}

// tool is a program to run quietly: its output is shown only when it fails.
type tool struct {
	dir string
	env []string // added to our own
}

// run runs a program and returns what it printed; the error of a failure holds that too.
func (t tool) run(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = t.dir
	cmd.Env = append(os.Environ(), t.env...)
	// Interrupted rather than killed, so that it ends the programs it started; and not waited for if it does not.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	output, err := cmd.CombinedOutput()
	text := string(bytes.TrimSpace(output))
	if err != nil {
		return text, fmt.Errorf("%s: %w\n%s", strings.Join(append([]string{name}, args...), " "), err, text)
	}
	return text, nil
}
