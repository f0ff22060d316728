package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// runBench runs all Go benchmarks and shows them as they come.
func runBench(ctx context.Context, p *project, args []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	if err := flags.Parse(args); err != nil {
		return err
	}
	return p.show(ctx, "go", "test", "-run", "^$", "-bench", ".", "-benchmem", "./...")
}

// runFuzz fuzzes every target in turn; the first failure ends it, and Go has then written the input into testdata.
func runFuzz(ctx context.Context, p *project, args []string) error {
	flags := flag.NewFlagSet("fuzz", flag.ContinueOnError)
	duration := flags.Duration("time", 0, "how long to fuzz each target; default 1m")
	if err := flags.Parse(args); err != nil {
		return err
	}
	span := "1m"
	if *duration > 0 {
		span = duration.String()
	}
	return p.eachFuzzTarget(ctx, func(pkg, target string) error {
		fmt.Fprintf(p.out, "%s %s for %s\n", pkg, target, span)
		return p.show(ctx, "go", fuzzArgs(pkg, target, span)...)
	})
}

func fuzzArgs(pkg, target, span string) []string {
	return []string{"test", "-run", "^$", "-fuzz", "^" + target + "$", "-fuzztime", span, pkg}
}

// eachFuzzTarget calls f for every fuzz target of the module, until one fails.
func (p *project) eachFuzzTarget(ctx context.Context, f func(pkg, target string) error) error {
	packages, err := tool{dir: p.root}.run(ctx, "go", "list", "./...")
	if err != nil {
		return err
	}
	for _, pkg := range strings.Fields(packages) {
		listed, err := tool{dir: p.root}.run(ctx, "go", "test", "-list", "^Fuzz", pkg)
		if err != nil {
			return err
		}
		for _, target := range fuzzTargets(listed) {
			if err := f(pkg, target); err != nil {
				return err
			}
		}
	}
	return nil
}

// fuzzTargets picks the targets out of what "go test -list" printed.
func fuzzTargets(listed string) []string {
	var targets []string
	for line := range strings.Lines(listed) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "Fuzz") {
			targets = append(targets, line)
		}
	}
	return targets
}

// show runs a program whose output people want to watch.
func (p *project) show(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = p.root
	cmd.Stdout, cmd.Stderr = p.out, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, args[0], err)
	}
	return nil
}
