package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/completion-playground/playground/core/client/faulty"
	"github.com/completion-playground/playground/core/serve"
	"github.com/evanw/esbuild/pkg/api"
)

// goFolders hold all Go sources of the module.
var goFolders = []string{"build", "core", "schema", "wasm"}

// runTest runs every check, or the steps named; without ALL=1 and a name those that people run between two changes, which
// leaves out the race detector and the longer stories in the browser, and says so. The lanes take about the same time and
// share nothing that is written: what
// is made for the page is made in the second. The fuzzer is for those who ask, since it draws other inputs in every run;
// what its targets start from is tried in the step "go".
func runTest(ctx context.Context, p *project, args []string) error {
	if err := collectLate(); err != nil {
		return err
	}
	p.compiled = new(atomic.Bool)
	p.brief = len(args) == 0 && !switchedOn("PLAYGROUND_ALL") && !deep()
	err := p.runSteps(ctx, [][]step{{
		{name: "gofmt", run: (*project).testFormat},
		{name: "go", run: (*project).testGo},
		{name: "race", run: (*project).testRace, asked: p.brief},
		{name: "fuzz", run: (*project).testFuzz, asked: !deep()},
		{name: "staticcheck", run: (*project).lintStatic},
		{name: "bench", run: (*project).testBench},
		{name: "streams", run: (*project).testStreams, asked: !deep()},
	}, {
		{name: "style", run: (*project).testStyle},
		{name: "types", run: (*project).testTypes},
		{name: "build", run: (*project).testBuild},
		{name: "vet", run: (*project).testVet},
		{name: "unit", run: func(p *project, ctx context.Context) error { return p.testNode(ctx, "unit") }},
		{name: "net", run: (*project).testNet},
		{name: "wasm", run: func(p *project, ctx context.Context) error { return p.testNode(ctx, "wasm") }},
		{name: "browser", run: (*project).testBrowser},
		{name: "snippets", run: (*project).testSnippets},
		{name: "packages", run: (*project).testPackages, asked: !deep()},
		{name: "binary", run: (*project).testBinary},
		{name: "frameworks", run: (*project).testFrameworks, asked: !deep()},
		{name: "generators", run: (*project).testGenerators, asked: !deep()},
		{name: "docs", run: (*project).testDocs, asked: !deep()},
		{name: "clients", run: (*project).testClients, asked: true},
	}}, args)
	if err == nil && p.brief {
		fmt.Fprintln(p.out, "left to ALL=1: the race detector, and browser tests as told above")
	}
	return err
}

// collectLate has the Go programs of the steps collect garbage when there is five times as much as is needed, where usual is
// twice, which takes a sixth of the processor from the tests and an eighth from staticcheck; as usual from a gigabyte a
// program on. Who sets one of the variables has it his way.
func collectLate() error {
	for name, value := range map[string]string{"GOGC": "400", "GOMEMLIMIT": "1GiB"} {
		if _, set := os.LookupEnv(name); set {
			continue
		}
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}

func (p *project) testFormat(ctx context.Context) error {
	listed, err := tool{dir: p.root}.run(ctx, "gofmt", append([]string{"-l"}, goFolders...)...)
	if err != nil {
		return err
	}
	if listed != "" {
		return fmt.Errorf("not formatted; run gofmt -w on\n%s", listed)
	}
	return nil
}

func (p *project) testVet(ctx context.Context) error {
	if _, err := (tool{dir: p.root}).run(ctx, "go", "vet", "./..."); err != nil {
		return err
	}
	args := append(append([]string{"vet"}, wasmFlags()...), "./wasm")
	_, err := tool{dir: p.root, env: []string{"GOOS=js", "GOARCH=wasm"}}.run(ctx, "go", args...)
	return err
}

// farAway bounds a test that hangs, and no other: it is beyond what any machine needs.
const farAway = "-timeout=30m"

// novet leaves out what the step "vet" does in full.
const novet = "-vet=off"

// deep tells whether "make test DEEP=1" was asked for: minutes of random tests and fuzzing rather than seconds. Tests read
// the same variable in core/internal/effort and in web/test/rounds.ts.
func deep() bool { return switchedOn("PLAYGROUND_DEEP") }

// switchedOn tells whether a variable of the environment is set to anything but 0.
func switchedOn(name string) bool {
	value := os.Getenv(name)
	return value != "" && value != "0"
}

// testGo runs the Go tests. Growth and memory are measured here, so there is no race detector, which changes both.
func (p *project) testGo(ctx context.Context) error {
	timeout := farAway
	if deep() {
		timeout = "-timeout=6h"
	}
	_, err := tool{dir: p.root}.run(ctx, "go", "test", novet, timeout, "./...")
	return err
}

// testRace runs the tests of what is concurrent under the race detector, where there is a C compiler to link it with.
// The core starts no goroutine; its one test here shares a Validator. What only measures, asks hundreds of things one after
// the other or starts programs is left to the step "go", and so are the large scenarios, which "-short" leaves out: they bound
// what is kept, with the goroutines of all others.
func (p *project) testRace(ctx context.Context) error {
	if cgo, err := (tool{dir: p.root}).run(ctx, "go", "env", "CGO_ENABLED"); err != nil || cgo != "1" {
		return skipped("no C compiler was found")
	}
	for _, args := range [][]string{
		{"-run=Concurrent", "./core"},
		{"-short", "-skip=Cost|ToldApart", "./core/client/...", "./core/batch", "./core/guard", "./core/serve"},
		{"-skip=Readme|Layers|Links|Document|Sizes|OfTheCommand|EmptyModule|Docker|Notices", "./build"},
	} {
		if _, err := (tool{dir: p.root}).run(ctx, "go", append([]string{"test", "-race", novet, farAway}, args...)...); err != nil {
			return err
		}
	}
	return nil
}

// testFuzz gives every fuzz target a thousand inputs, or a minute in the deep mode.
func (p *project) testFuzz(ctx context.Context) error {
	span := "1000x"
	if deep() {
		span = "1m"
	}
	return p.eachFuzzTarget(ctx, func(f fuzzTarget) error {
		_, err := tool{dir: f.dir}.run(ctx, f.program, f.args(span)...)
		return err
	})
}

// testBench compiles, vets and tests the benchmarks' own module, so that they still run when somebody wants figures.
func (p *project) testBench(ctx context.Context) error {
	for _, args := range [][]string{{"vet", "./..."}, {"test", novet, farAway, "./..."}} {
		if _, err := (tool{dir: p.path("build", "bench")}).run(ctx, "go", args...); err != nil {
			return err
		}
	}
	return nil
}

// testStreams tests the processor for Benthos in the module of its own, in which it is since it takes Benthos to compile.
func (p *project) testStreams(ctx context.Context) error {
	for _, args := range [][]string{{"vet", "./..."}, {"test", novet, farAway, "-v", "-run=.", "./..."}} {
		printed, err := tool{dir: p.path("core", "benthos")}.run(ctx, "go", args...)
		if err != nil {
			return err
		}
		for line := range strings.Lines(printed) {
			if strings.Contains(line, "requests through") { // the figures
				fmt.Fprintf(p.out, "      %s\n", strings.TrimSpace(line))
			}
		}
	}
	return nil
}

func (p *project) testBuild(ctx context.Context) error {
	limit, err := readBudget(p.path("build", "budget.json"))
	if err != nil {
		return err
	}
	made, err := p.build(ctx)
	if err != nil {
		return err
	}
	return limit.check(made)
}

func (p *project) testTypes(ctx context.Context) error {
	if err := p.ensureModules(ctx); err != nil {
		return err
	}
	for _, config := range []string{".", "test", "bench", "packages/core"} {
		if _, err := (tool{dir: p.path("web")}).run(ctx, "node", "node_modules/typescript/bin/tsc", "--noEmit", "-p", config); err != nil {
			return err
		}
	}
	return nil
}

func (p *project) testStyle(ctx context.Context) error {
	if err := p.ensureModules(ctx); err != nil {
		return err
	}
	_, err := tool{dir: p.path("web")}.run(ctx, "node", "node_modules/@biomejs/biome/bin/biome", "ci", "--colors=off", "--error-on-warnings", ".")
	return err
}

// testNet runs the page's reader of streams, without the page, against the server of package faulty.
func (p *project) testNet(ctx context.Context) error {
	faults, err := startFaults()
	if err != nil {
		return err
	}
	defer faults.Close()
	return p.testNode(ctx, "net", faultsAddress+faults.URL)
}

// faultsAddress tells tests where the server of package faulty is.
const faultsAddress = "PLAYGROUND_FAULTS="

func startFaults() (*faulty.Server, error) {
	return faulty.Start("127.0.0.1:0", faulty.NewHandler(faulty.Scenarios()), nil)
}

// testBrowser runs two kinds of clients against the served page: OpenAI's package, and the browser tests. Some of these serve
// the folder for other hosts themselves.
func (p *project) testBrowser(ctx context.Context) error {
	if err := p.dist(ctx, "./"); err != nil {
		return err
	}
	return p.whileServed(ctx, func(ctx context.Context, addresses []string) error {
		if err := p.testNode(ctx, "sdk", addresses...); err != nil {
			return err
		}
		return p.testNode(ctx, "browser", addresses...)
	})
}

// whileServed serves the built page and the server of package faulty, each on a port of its own, while work runs. It gives
// work their addresses as variables of the environment.
func (p *project) whileServed(ctx context.Context, work func(ctx context.Context, addresses []string) error) error {
	pages, err := p.site()
	if err != nil {
		return err
	}
	faults, err := startFaults()
	if err != nil {
		return err
	}
	defer faults.Close()
	handler := func(address string) http.Handler { return serve.Handler(address, pages, serve.Demo()) }
	return serving(ctx, handler, func(ctx context.Context, base string) error {
		return work(ctx, []string{pageAddress + base, faultsAddress + faults.URL})
	})
}

// pageAddress tells tests where the page, or whatever they look at, is served.
const pageAddress = "PLAYGROUND_URL="

// serving serves what handler makes for an address, on a free port, while work runs. It gives work the base URL, without a
// slash at the end.
func serving(ctx context.Context, handler func(address string) http.Handler, work func(ctx context.Context, base string) error) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	address := listener.Addr().String()
	served := make(chan error, 1)
	go func() { served <- serve.Until(ctx, listener, handler(address)) }()
	err = work(ctx, "http://"+address)
	stop()
	return errors.Join(err, <-served)
}

// testNode bundles web/test/GROUP/**/*.test.ts and runs the result in Node's test runner: in one process or few, since to start
// one costs more than most files do, and so that tests share what takes long to make: a browser, the compiled core. Each file
// of the unit tests is a suite of its own, so that what it sets up before its tests is gone after them.
//
// The tests find the checkout in $PLAYGROUND_ROOT, the compiled core in $PLAYGROUND_WASM and a folder for downloads and
// unpacked files in $PLAYGROUND_CACHE.
func (p *project) testNode(ctx context.Context, group string, env ...string) error {
	if err := p.ensureModules(ctx); err != nil {
		return err
	}
	sources, err := testSources(p.path("web", "test", group))
	if err != nil {
		return err
	}
	if len(sources) == 0 {
		return fmt.Errorf("there are no tests in web/test/%s", group)
	}
	if group == "browser" && p.brief {
		all := len(sources)
		sources = slices.DeleteFunc(sources, func(source string) bool { return !slices.Contains(briefTests, testName(source)) })
		fmt.Fprintf(p.out, "      %d of %d files; ALL=1 or STEP=browser runs the others\n", len(sources), all)
	}
	rounds, err := p.bundleTests(ctx, group, sources)
	if err != nil {
		return err
	}
	cache := p.path(".cache")
	env = append(env, "PLAYGROUND_ROOT="+p.root, "PLAYGROUND_WASM="+p.wasmFile(), "PLAYGROUND_CACHE="+cache)
	var log strings.Builder
	for _, scripts := range rounds {
		args := []string{"--enable-source-maps", "--test", "--test-reporter=spec", fmt.Sprintf("--test-concurrency=%d", len(scripts))}
		output, err := tool{dir: p.path("web"), env: env}.run(ctx, "node", append(args, scripts...)...)
		if err != nil {
			return err
		}
		p.showDiagnostics(output)
		log.WriteString(output + "\n")
	}
	// With how long each test took, for whoever wonders where the time goes.
	return os.WriteFile(filepath.Join(cache, "test-"+group+".log"), []byte(log.String()), 0o644)
}

// showDiagnostics prints what tests had to say although they passed: measured figures, tables, and how many they were.
func (p *project) showDiagnostics(output string) {
	for line := range strings.Lines(output) {
		text, ok := strings.CutPrefix(strings.TrimSpace(line), "ℹ ")
		if name, _, _ := strings.Cut(text, " "); ok && !slices.Contains([]string{"suites", "cancelled", "skipped", "todo", "duration_ms"}, name) {
			fmt.Fprintf(p.out, "      %s\n", text)
		}
	}
}

// compileOnce compiles the core for the first step of a run that needs it.
func (p *project) compileOnce(ctx context.Context) error {
	if p.compiled != nil && p.compiled.Load() {
		return nil
	}
	if err := p.compileWasm(ctx); err != nil {
		return err
	}
	if p.compiled != nil {
		p.compiled.Store(true)
	}
	return nil
}

func testSources(dir string) ([]string, error) {
	var sources []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() && e.Name() == "node_modules" {
			return fs.SkipDir
		}
		if err == nil && strings.HasSuffix(path, ".test.ts") {
			sources = append(sources, path)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return sources, err
}

// testBundle is the tests of one process of Node.
type testBundle struct {
	name    string
	sources []string
}

// bundleTests writes the bundles below web/node_modules, where Node finds the npm packages they import: those that
// start programs of their own, such as playwright-core, cannot be bundled. It returns the scripts by rounds: those of a round
// run beside each other.
func (p *project) bundleTests(ctx context.Context, group string, sources []string) ([][]string, error) {
	b, err := p.bundler(ctx, false)
	if err != nil {
		return nil, err
	}
	if err := p.compileOnce(ctx); err != nil {
		return nil, err
	}
	b.outdir = p.path("web", "node_modules", ".cache", "tests", group)
	if err := os.RemoveAll(b.outdir); err != nil {
		return nil, err
	}
	plan := [][]testBundle{{{"all", sources}}}
	if group == "browser" {
		plan = browserRounds(sources, runtime.NumCPU())
	}
	var rounds [][]string
	for _, round := range plan {
		var scripts []string
		for _, part := range round {
			written, err := b.bundleTest(p.path("web", "test", group), part, group == "unit")
			if err != nil {
				return nil, err
			}
			scripts = append(scripts, written...)
		}
		rounds = append(rounds, scripts)
	}
	return rounds, nil
}

// bundleTest writes one script that imports all tests of a bundle, file by file; apart, each file is a suite.
func (b *bundler) bundleTest(base string, part testBundle, apart bool) ([]string, error) {
	o := b.pageOptions(part.sources, newOutputs())
	var suites strings.Builder
	if apart {
		suites.WriteString("import { describe } from \"node:test\";\n")
	}
	for _, source := range part.sources {
		name, err := filepath.Rel(base, source)
		if err != nil {
			return nil, err
		}
		line := "import %[2]q;\n"
		if apart {
			line = "describe(%[1]q, () => import(%[2]q));\n"
		}
		fmt.Fprintf(&suites, line, filepath.ToSlash(name), filepath.ToSlash(source))
	}
	o.EntryPoints = nil
	o.Stdin = &api.StdinOptions{Contents: suites.String(), ResolveDir: b.web, Sourcefile: part.name + ".ts"}
	o.EntryNames = part.name + ".test"
	o.Splitting = false
	o.OutExtension = map[string]string{".js": ".mjs"}
	o.Platform = api.PlatformNode
	o.Target = api.ESNext
	o.Packages = api.PackagesExternal
	o.Sourcemap = api.SourceMapInline
	o.Write = true
	r := api.Build(o)
	if err := failure(r.Errors); err != nil {
		return nil, err
	}
	var scripts []string
	for _, f := range r.OutputFiles {
		if strings.HasSuffix(f.Path, ".test.mjs") {
			scripts = append(scripts, f.Path)
		}
	}
	slices.Sort(scripts)
	return scripts, nil
}

// briefTests are the browser tests of a brief run: a story from each part of the page, as far as a minute goes.
var briefTests = []string{
	"base", "code", "core", "drafts", "editing", "embed", "endpoint", "findings", "form", "frames", "import", "readme", "safety",
	"sending", "typing", "wire",
}

// testName is what a file of tests is called here.
func testName(source string) string { return strings.TrimSuffix(filepath.Base(source), ".test.ts") }

// Browser tests that do not belong to the first process, by the names of their files. Those beside it take about half of
// the time; all that ask the server of package faulty what it played are in one. Those that come after print figures, for
// which the browser is to be alone.
var (
	besideTests = []string{"code", "dist", "editing", "endpoint", "faults", "findings", "form", "frames", "hosts", "import", "looks", "probe", "safety", "sending", "typing", "wire"}
	afterTests  = []string{"latency", "load", "prompts"}
)

// browserRounds deals the browser tests out: two processes beside each other where there are processors for them, and one
// after them.
func browserRounds(sources []string, processors int) [][]testBundle {
	first, beside, after := testBundle{name: "first"}, testBundle{name: "beside"}, testBundle{name: "after"}
	for _, source := range sources {
		part := &first
		switch name := testName(source); {
		case slices.Contains(afterTests, name):
			part = &after
		case slices.Contains(besideTests, name):
			part = &beside
		}
		part.sources = append(part.sources, source)
	}
	rounds := [][]testBundle{{first, beside}, {after}}
	if processors == 1 {
		rounds = [][]testBundle{{first}, {beside}, {after}}
	}
	for i := range rounds {
		rounds[i] = slices.DeleteFunc(rounds[i], func(b testBundle) bool { return len(b.sources) == 0 })
	}
	return slices.DeleteFunc(rounds, func(round []testBundle) bool { return len(round) == 0 })
}
