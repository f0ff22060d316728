package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// runFuzz fuzzes every target in turn; the first failure ends it.
func runFuzz(ctx context.Context, p *project, args []string) error {
	flags := flag.NewFlagSet("fuzz", flag.ContinueOnError)
	duration := flags.Duration("time", time.Minute, "how long to fuzz each target")
	if err := flags.Parse(args); err != nil {
		return err
	}
	return p.eachFuzzTarget(ctx, func(f fuzzTarget) error {
		fmt.Fprintf(p.out, "%s for %s\n", f.name, duration)
		return p.showTo(ctx, p.out, f.dir, nil, f.program, f.args(duration.String())...)
	})
}

// fuzzTarget is one fuzz test, compiled with what guides the fuzzer.
type fuzzTarget struct {
	name    string
	program string // the test program of its package
	dir     string // where it runs: a copy of what it reads, where a failing input is written without a change to a source
	cache   string // of the inputs found
}

// args are those of the program; span is a time such as "1m" or a number of inputs such as "3000x".
func (f fuzzTarget) args(span string) []string {
	return []string{"-test.run=^$", "-test.fuzz=^" + f.name + "$", "-test.fuzztime=" + span, "-test.fuzzcachedir=" + f.cache, "-test.paniconexit0"}
}

// eachFuzzTarget calls f for every fuzz target of the module, until one fails. A package is compiled once for all of its
// targets, which "go test -fuzz" would do for each.
func (p *project) eachFuzzTarget(ctx context.Context, f func(fuzzTarget) error) error {
	listed, err := tool{dir: p.root}.run(ctx, "go", "list", "-json=Dir,ImportPath,TestGoFiles,XTestGoFiles", "./...")
	if err != nil {
		return err
	}
	work := p.path(".cache", "fuzz", "work")
	if err := p.copyTestdata(work); err != nil {
		return err
	}
	packages := json.NewDecoder(strings.NewReader(listed))
	for packages.More() {
		var pkg struct {
			Dir, ImportPath           string
			TestGoFiles, XTestGoFiles []string
		}
		if err := packages.Decode(&pkg); err != nil {
			return err
		}
		targets, err := fuzzTargets(pkg.Dir, append(pkg.TestGoFiles, pkg.XTestGoFiles...))
		if err != nil {
			return err
		}
		if len(targets) == 0 {
			continue
		}
		folder, err := filepath.Rel(p.root, pkg.Dir)
		if err != nil {
			return err
		}
		t := fuzzTarget{
			program: p.path(".cache", "fuzz", "bin", executable(strings.ReplaceAll(filepath.ToSlash(folder), "/", "-")+".test")),
			dir:     filepath.Join(work, folder),
			cache:   p.path(".cache", "fuzz", "inputs", folder),
		}
		if _, err := (tool{dir: p.root}).run(ctx, "go", "test", "-c", "-fuzz=.", "-o", t.program, pkg.ImportPath); err != nil {
			return err
		}
		if err := errors.Join(os.MkdirAll(t.dir, 0o755), os.MkdirAll(t.cache, 0o755)); err != nil {
			return err
		}
		for _, t.name = range targets {
			if err := f(t); err != nil {
				return fmt.Errorf("%s of %s (a failing input lies below %s): %w", t.name, pkg.ImportPath, t.dir, err)
			}
		}
	}
	return nil
}

// fuzzTargets names the fuzz tests in a package's test files.
func fuzzTargets(dir string, files []string) (targets []string, _ error) {
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(text)) {
			if rest, ok := strings.CutPrefix(line, "func Fuzz"); ok {
				name, _, _ := strings.Cut(rest, "(")
				targets = append(targets, "Fuzz"+name)
			}
		}
	}
	return targets, nil
}

// copyTestdata makes every folder named testdata anew below a folder, in its place.
func (p *project) copyTestdata(to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	for _, folder := range goFolders {
		err := filepath.WalkDir(p.path(folder), func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.IsDir() || e.Name() != "testdata" {
				return err
			}
			rel, err := filepath.Rel(p.root, path)
			if err != nil {
				return err
			}
			if err := os.CopyFS(filepath.Join(to, rel), os.DirFS(path)); err != nil {
				return err
			}
			return fs.SkipDir
		})
		if err != nil {
			return err
		}
	}
	return nil
}
