// Command build makes, serves and tests the playground. It is the only tool a contributor runs:
//
//	go run ./build help
//
// A program that uses the library never needs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"sync/atomic"
	"syscall"
)

// command is one word after "go run ./build".
type command struct {
	name, summary string
	run           func(ctx context.Context, p *project, args []string) error
}

func commands() []command {
	return []command{
		{"build", "compile the core to WebAssembly, bundle and compress the page into web/dist", runBuild},
		{"dist", "build, and make .cache/dist, for any host of static files (-base), and one program with the page in it", runDist},
		{"serve", "serve web/dist and the demo model, or a gateway (-addr, -upstream, -expose)", runServe},
		{"dev", "serve, and rebuild and reload the page when a source changes (-addr)", runDev},
		{"test", "run every check: Go, WebAssembly, TypeScript, browser", runTest},
		{"packages", "pack the two npm packages into .cache/packages, out of what build made", runPackages},
		{"docs", "make the documentation site in .cache/docs/site; web/dist has to be there (-base, -addr)", runDocs},
		{"screenshots", "photograph every state of the built page into .cache/screenshots", runScreenshots},
		{"lint", "run staticcheck, the type checker, Biome and the vulnerability checks", runLint},
		{"bench", "run the benchmarks of every Go package", runBench},
		{"fuzz", "fuzz every target for a while (-time)", runFuzz},
		{"api", "tell how the exported Go API differs from the last tag (-ref)", runAPI},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "build:", err)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		fmt.Fprintln(out, "usage: go run ./build COMMAND")
		for _, c := range commands() {
			fmt.Fprintf(out, "  %-11s %s\n", c.name, c.summary)
		}
		return nil
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		p, err := findProject(out)
		if err != nil {
			return err
		}
		return c.run(ctx, p, args[1:])
	}
	return fmt.Errorf("unknown command %q; \"go run ./build help\" lists them", args[0])
}

// project is the checkout the commands work on.
type project struct {
	root string
	out  io.Writer // what people read: progress and results
	// Whether the steps of this run have compiled the core, which is enough for all of them; nil where sources may change
	// meanwhile.
	compiled *atomic.Bool
	brief    bool // this run of the tests is to be over soon
}

// findProject looks for the checkout from the working directory upwards.
func findProject(out io.Writer) (*project, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for {
		_, goMod := os.Stat(filepath.Join(dir, "go.mod"))
		_, web := os.Stat(filepath.Join(dir, "web", "package.json"))
		if goMod == nil && web == nil {
			return &project{root: dir, out: out}, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return nil, errors.New("run this inside a checkout of the playground")
		}
		dir = up
	}
}

// path joins names below the checkout's root.
func (p *project) path(names ...string) string {
	return filepath.Join(append([]string{p.root}, names...)...)
}
