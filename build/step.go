package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// step is one part of "test" or "lint".
type step struct {
	name  string
	run   func(p *project, ctx context.Context) error
	asked bool // runs only when it is named
}

// skipped is an error that says why a step could not be done here. It is told and does not fail the run.
type skipped string

func (s skipped) Error() string { return string(s) }

// runSteps runs lanes of steps beside each other, the steps of a lane in order, and stops at the first that fails. What a
// step prints is shown when it has ended, below a line with its name and time. Names, apart by spaces or commas, choose
// steps. A machine with one processor takes lane after lane.
func (p *project) runSteps(ctx context.Context, lanes [][]step, args []string) error {
	chosen, err := chooseSteps(lanes, args)
	if err != nil {
		return err
	}
	if runtime.NumCPU() == 1 {
		chosen = [][]step{slices.Concat(chosen...)}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var (
		began = time.Now()
		all   sync.WaitGroup
		mu    sync.Mutex // guards what follows, and the output
		left  []string
		first error
	)
	for _, lane := range chosen {
		all.Go(func() {
			for _, s := range lane {
				var notes bytes.Buffer
				own := *p
				own.out = &notes
				began := time.Now()
				err := s.run(&own, ctx)
				verdict, note := "ok", ""
				mu.Lock()
				var skip skipped
				switch {
				case errors.As(err, &skip):
					verdict, note = "skip", "  "+skip.Error()
					left = append(left, s.name)
				case err != nil && first != nil:
					verdict = "stop" // another step failed, which ended this one
				case err != nil:
					verdict = "FAIL"
					first = fmt.Errorf("%s: %w", s.name, err)
				}
				fmt.Fprintf(p.out, "%-5s %-12s %6.1f s%s\n%s", verdict, s.name, time.Since(began).Seconds(), note, notes.Bytes())
				failed := first != nil
				mu.Unlock()
				if failed {
					stop()
					return
				}
			}
		})
	}
	all.Wait()
	if first != nil {
		return first
	}
	if took := time.Since(began).Seconds(); len(left) > 0 {
		fmt.Fprintf(p.out, "everything else passed in %.0f s; skipped: %s\n", took, strings.Join(left, ", "))
	} else {
		fmt.Fprintf(p.out, "everything passed in %.0f s\n", took)
	}
	return nil
}

// chooseSteps returns the lanes with the named steps alone, or as they are when none is named.
func chooseSteps(lanes [][]step, args []string) ([][]step, error) {
	names := strings.FieldsFunc(strings.Join(args, " "), func(r rune) bool { return r == ' ' || r == ',' })
	var known []string
	for _, s := range slices.Concat(lanes...) {
		known = append(known, s.name)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("no step %q; there are %s", name, strings.Join(known, ", "))
		}
	}
	left := func(s step) bool { return s.asked }
	if len(names) > 0 {
		left = func(s step) bool { return !slices.Contains(names, s.name) }
	}
	var chosen [][]step
	for _, lane := range lanes {
		chosen = append(chosen, slices.DeleteFunc(slices.Clone(lane), left))
	}
	return chosen, nil
}

// executable is the name of a program as a build leaves it on this system.
func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
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
