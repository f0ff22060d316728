package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// benchText stands before the figures of build/bench/RESULTS.md.
const benchText = `# Results

Written by "go run ./build bench" ("make bench"), which measures everything anew: the core beside what else checks a
request, in Go, in Node and in Chromium. In each round all peers take a turn on the same text, so trust the ratios: they
are taken within a round, and their median is shown. Absolute times are those of one machine on one day.

- **core Check** finds every issue with its place and fix, every change, and the typed request; **core Check and Body**
  makes the bytes to send as well; **core Inspector** is what the page asks for, all issues and changes; **core Valid**
  gives the verdict alone.
- In JavaScript, **core, whole text** hands the text over, checks it and reads what there is to say; **core, whole text and
  fields** reads the places and values of all fields too, as the page does for its form; **one letter changed** sends the
  change only, as the page does at every keystroke.
- What is left: at 600 B about half of Check is the verdict; the better part of the rest is memory for the typed request,
  written for the first time. At 1 MB decoding the prompt into fresh memory takes as long as all else. In the browser
  no text reaches WebAssembly but through TextEncoder, which takes most of the time that a megabyte takes as a whole.
- A sample is taken when memory is in a steady state: after a collection, each peer runs for a while first.
- **FixAll** has nothing to be compared with: its table shows that a megabyte of anything is mended in linear time, and how
  much memory that takes for each byte of the text.
- Everybody gives the same verdict on every input, or the run fails. The JSON Schema libraries have the core's schema,
  Zod the SDK's shape with the same ranges; "encoding/json, struct" looks at types alone.
- The inputs are made by build/bench/inputs.go, the same bytes on every run.
- **Files of requests** are checked by a process for each peer, start included, on one file. Processor time is what a process
  and its threads used, which the rest of the machine adds little to; lines/s and MB/s are by the clock, and on a machine
  that does other things a second processor shows less than it gives. core/batch gives a report and the typed request for
  each line, in order; the loops give a verdict. Memory is what the process has from the system in all, program included.
- **Pages** are loaded beside each other from one server, all files at brotli 11: first in a fresh profile, then again in
  the same one. Ready is the first verdict, where there is one. The slow line is the server's, so that Workers have it too.
  "kB" are the bodies that were sent until the page was ready. No page has headers of its own: the
  one that keeps other windows out lets a browser begin in a new process, before any page. Memory is the PSS of the page's process.
`

// benchParts are the sections of RESULTS.md, in their order, by the names that -part takes.
var benchParts = []struct {
	name, title string
	run         func(p *project, ctx context.Context, out io.Writer, only string) error
}{
	{"go", "Go", (*project).benchGo},
	{"batch", "Files of requests", (*project).benchBatch},
	{"node", "Node", (*project).benchNode},
	{"chromium", "Chromium", (*project).benchChromium},
	{"pages", "Pages", (*project).benchPages},
}

// runBench measures the core and its peers, shows the figures and keeps them in RESULTS.md. With -part it measures one
// section anew and keeps the others. With -only it looks at some of the inputs, or pages, and keeps nothing.
func runBench(ctx context.Context, p *project, args []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := flags.String("only", "", "measure only inputs or pages whose name contains this, and leave RESULTS.md alone")
	part := flags.String("part", "", "measure only this: go, node, chromium or pages")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := p.ensureModules(ctx); err != nil {
		return err
	}
	file := p.path("build", "bench", "RESULTS.md")
	have, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	results, measured := benchText, false
	for _, b := range benchParts {
		text := section(string(have), b.title)
		if *part == "" || *part == b.name {
			measured = true
			var fresh bytes.Buffer
			fmt.Fprintf(p.out, "\n## %s\n\n", b.title)
			if err := b.run(p, ctx, io.MultiWriter(p.out, &fresh), *only); err != nil {
				return err
			}
			text = fresh.String()
		}
		results += fmt.Sprintf("\n## %s\n\n%s", b.title, text)
	}
	if !measured {
		return fmt.Errorf("there is no part %q of the benchmarks", *part)
	}
	if *only != "" {
		return nil
	}
	return os.WriteFile(file, []byte(results), 0o644)
}

// section returns the text below a heading of the second level, up to the next one; none where there is no such heading.
func section(text, title string) string {
	_, rest, _ := strings.Cut(text, "\n## "+title+"\n\n")
	own, _, _ := strings.Cut(rest, "\n## ")
	return own
}

func (p *project) benchInputs() string { return p.path(".cache", "bench", "inputs") }

func (p *project) benchEnv(only string) []string {
	cache := p.path(".cache", "bench")
	return []string{"BENCH_INPUTS=" + p.benchInputs(), "BENCH_PAGE=" + filepath.Join(cache, "page"), "BENCH_AJV=" + filepath.Join(cache, "ajv"),
		"BENCH_DIST=" + p.path("web", "dist"), "BENCH_MODULES=" + p.path(pagesModules, "node_modules"),
		"PLAYGROUND_WASM=" + p.wasmFile(), "PLAYGROUND_CACHE=" + p.path(".cache"), "BENCH_ONLY=" + only}
}

func (p *project) benchGo(ctx context.Context, out io.Writer, only string) error {
	return p.showTo(ctx, out, p.path("build", "bench"), nil, "go", "run", ".", "-only", only)
}

// batchModules holds the program of sourcemeta.
const batchModules = "web/bench/batch"

// benchBatch measures how files of requests are checked; with only, where that is a part of its name.
func (p *project) benchBatch(ctx context.Context, out io.Writer, only string) error {
	if !strings.Contains("batch", only) {
		return nil
	}
	if err := p.showTo(ctx, io.Discard, p.path("build", "bench"), nil, "go", "run", ".", "-write", p.benchInputs()); err != nil {
		return err
	}
	scripts, err := p.bundleBench(ctx, p.benchEnv(only))
	if err != nil {
		return err
	}
	args := []string{"run", ".", "-batch", filepath.Join(scripts, "lines.mjs")}
	if err := p.installModules(ctx, batchModules); err == nil {
		args = append(args, "-sourcemeta", p.path(batchModules, "node_modules", ".bin", "jsonschema"))
	} else { // there is not one for every system
		fmt.Fprintf(p.out, "without sourcemeta's jsonschema: %v\n", err)
	}
	return p.showTo(ctx, out, p.path("build", "bench"), nil, "go", args...)
}

func (p *project) benchNode(ctx context.Context, out io.Writer, only string) error {
	return p.benchScript(ctx, out, only, "node.mjs")
}

func (p *project) benchChromium(ctx context.Context, out io.Writer, only string) error {
	return p.benchScript(ctx, out, only, "chromium.mjs")
}

// pagesModules holds the pages of others that ours is compared with.
const pagesModules = "web/bench"

func (p *project) benchPages(ctx context.Context, out io.Writer, only string) error {
	if err := p.installModules(ctx, pagesModules); err != nil {
		return err
	}
	if _, err := p.build(ctx); err != nil {
		return err
	}
	return p.benchScript(ctx, out, only, "pages.mjs")
}

// benchScript runs one of the scripts of web/bench in Node.
func (p *project) benchScript(ctx context.Context, out io.Writer, only, name string) error {
	if err := p.showTo(ctx, io.Discard, p.path("build", "bench"), nil, "go", "run", ".", "-write", p.benchInputs()); err != nil {
		return err
	}
	env := p.benchEnv(only)
	scripts, err := p.bundleBench(ctx, env)
	if err != nil {
		return err
	}
	return p.showTo(ctx, out, p.path("web"), env, "node", filepath.Join(scripts, name))
}

// bundleBench bundles web/bench: the scripts for Node into the folder that it returns, below web/node_modules as those of
// the tests, and the page for Chromium into .cache/bench/page. The validators that both contain are compiled first.
func (p *project) bundleBench(ctx context.Context, env []string) (string, error) {
	if err := p.compileWasm(ctx); err != nil {
		return "", err
	}
	b, err := p.bundler(ctx, false)
	if err != nil {
		return "", err
	}
	scripts := p.path("web", "node_modules", ".cache", "bench")
	bundle := func(outdir string, platform api.Platform, extra *outputs, names ...string) (*bundle, error) {
		b.outdir = outdir
		o := b.pageOptions(names, extra)
		o.EntryNames = "[name]"
		o.Sourcemap = api.SourceMapNone
		o.Platform = platform
		o.External = []string{"playwright-core", "@sparticuz/chromium"} // they start programs of their own
		o.Plugins = append(o.Plugins, p.validatorsPlugin())
		if platform == api.PlatformNode {
			o.Target = api.ESNext
			o.OutExtension = map[string]string{".js": ".mjs"}
			// Ajv's standalone code asks for its helpers with require.
			o.Banner = map[string]string{"js": `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`}
		}
		return finish(api.Build(o), extra, nil)
	}
	made, err := bundle(scripts, api.PlatformNode, newOutputs(), "bench/ajv.ts")
	if err != nil {
		return "", err
	}
	if err := writeFiles(scripts, made.files); err != nil {
		return "", err
	}
	if _, err := (tool{dir: p.path("web"), env: env}).run(ctx, "node", filepath.Join(scripts, "ajv.mjs")); err != nil {
		return "", err
	}
	made, err = bundle(scripts, api.PlatformNode, newOutputs(), "bench/node.ts", "bench/lines.ts", "bench/chromium.ts", "bench/pages.ts")
	if err != nil {
		return "", err
	}
	if err := writeFiles(scripts, made.files); err != nil {
		return "", err
	}
	page := p.path(".cache", "bench", "page")
	if made, err = bundle(page, api.PlatformBrowser, newOutputs(), "bench/page.ts"); err != nil {
		return "", err
	}
	if err := writeFiles(page, made.files); err != nil {
		return "", err
	}
	b.minify = true
	other := p.path(".cache", "bench", "ajv")
	if made, err = bundle(other, api.PlatformBrowser, newOutputs(), "bench/ajv-page.ts"); err != nil {
		return "", err
	}
	return scripts, writeFiles(other, made.files)
}

// validatorsPlugin resolves "bench:validators" to what web/bench/ajv.ts wrote.
func (p *project) validatorsPlugin() api.Plugin {
	return api.Plugin{Name: "validators", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `^bench:validators$`}, func(api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: p.path(".cache", "bench", "inputs", "validators.mjs")}, nil
		})
		// The generated code lies outside of web/, where its imports would not be found.
		build.OnResolve(api.OnResolveOptions{Filter: `^ajv/dist/runtime/`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: p.path("web", "node_modules", a.Path+".js")}, nil
		})
	}}
}

// writeFiles puts files into a folder of their own, emptied first.
func writeFiles(dir string, files map[string][]byte) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// showTo runs a program in a folder, with more in its environment, and passes what it prints on as it comes.
func (p *project) showTo(ctx context.Context, out io.Writer, dir string, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, args[0], err)
	}
	return nil
}
