package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// layer is a place in the order of imports.
type layer struct {
	folders []string // with what lies below them, unless that is a layer of its own
	why     string
	imports []string // folders of other layers; nil in Go, where it is every layer further up in the list
}

// goLayers goes from low to high. A package imports packages of layers before its own; those of one layer stand apart.
var goLayers = []layer{
	{folders: []string{"core/internal/effort"}, why: "what tests count, for tests of every package"},
	{folders: []string{"schema"}, why: "data with its Go shapes: the schema, the profiles, what servers' errors mean"},
	{folders: []string{"core/internal/utf"}, why: "bytes, runes, UTF-16 and lines; knows no JSON"},
	{folders: []string{"core/internal/baseurl"}, why: "the rules of a base URL"},
	{folders: []string{"core/internal/jsontape"}, why: "strict JSON on a tape: values, pointers, numbers"},
	{folders: []string{"core/internal/jsontape/tapetest"}, why: "what holds of every tape, for tests of its readers"},
	{folders: []string{"core/internal/finding"}, why: "what is found in a text: codes, places, fixes, wording"},
	{folders: []string{"core/internal/loose", "core/internal/paste"}, why: "any text onto a tape; commands and programs that hold a request"},
	{folders: []string{"core/internal/plan"}, why: "the compiled schema, and what it tells a reader of broken texts"},
	{folders: []string{"core/internal/edit"}, why: "changing a text without touching what need not change"},
	{folders: []string{"core/internal/check"}, why: "fields, violations, unknown names and rules"},
	{folders: []string{"core"}, why: "the face: what a program that uses the library sees"},
	{folders: []string{"core/answer"}, why: "an answer, whoever read it, against its request"},
	{folders: []string{"core/probe"}, why: "what to ask a server to find out what it does, and what its answers say"},
	{folders: []string{"core/detect"}, why: "what a server is, by what it says of itself"},
	{folders: []string{"core/client", "core/demo", "core/guard"}, why: "sending and streaming; the demo model; a handler in front of a server"},
	{folders: []string{"core/serve"}, why: "the page, the demo model and the gateway over HTTP"},
	{folders: []string{"core/batch"}, why: "files of many requests: checking and sending them"},
	{folders: []string{"core/cmd/completions"}, why: "the core as a command"},
	{folders: []string{"wasm"}, why: "the core behind WebAssembly exports"},
	{folders: []string{"build"}, why: "makes, serves and tests all others"},
}

// webLayers are the folders of web/src; files directly in it belong to "element".
var webLayers = []layer{
	{folders: []string{"model"}, why: "shapes and words that all others share"},
	{folders: []string{"net", "core", "editor"}, why: "streams, the Worker, the editing widget; none knows another",
		imports: []string{"model"}},
	{folders: []string{"headless"}, why: "the core and the streams for programs without a page",
		imports: []string{"model", "net", "core"}},
	{folders: []string{"state"}, why: "the store and the actions on it",
		imports: []string{"model", "net", "core", "editor"}},
	{folders: []string{"ui"}, why: "what views are made of: icons, popovers, theme",
		imports: []string{"model", "net", "core", "editor", "state"}},
	{folders: []string{"keep"}, why: "what is stored in the browser: records, their place, tabs",
		imports: []string{"model", "net", "core", "state"}},
	{folders: []string{"form", "text", "answer", "endpoint"}, why: "views; none knows another",
		imports: []string{"model", "net", "core", "editor", "state", "ui"}},
	{folders: []string{"session"}, why: "what goes on beyond one view's life; knows no view",
		imports: []string{"model", "net", "core", "editor", "state", "keep"}},
	{folders: []string{"element"}, why: "the custom element, which puts views and sessions together",
		imports: []string{"model", "net", "core", "editor", "state", "ui", "form", "text", "answer", "endpoint", "session"}},
}

// graph holds what each file or package imports.
type graph map[string][]string

// folderOf finds the layer folder that holds a package.
func folderOf(pkg string, layers []layer) (folder string, level int) {
	for n, l := range layers {
		for _, f := range l.folders {
			if (pkg == f || strings.HasPrefix(pkg, f+"/")) && len(f) > len(folder) {
				folder, level = f, n
			}
		}
	}
	if strings.HasPrefix(pkg, folder+"/internal/") {
		return "", 0 // the layer around it does not speak for it
	}
	return folder, level
}

// goProblems names the imports that lead up or to the side.
func goProblems(g graph) (problems []string) {
	for _, pkg := range slices.Sorted(maps.Keys(g)) {
		folder, level := folderOf(pkg, goLayers)
		if folder == "" {
			problems = append(problems, pkg+" has no place: name it in the layers")
			continue
		}
		for _, imported := range g[pkg] {
			other, below := folderOf(imported, goLayers)
			if other != "" && other != folder && below >= level {
				problems = append(problems, fmt.Sprintf("%s imports %s, which is not below it (%s)", pkg, imported, goLayers[level].why))
			}
		}
	}
	return problems
}

// webProblems names the imports between files of web/src that the layers do not allow.
func webProblems(g graph) (problems []string) {
	mine := func(file string) (string, *layer) {
		folder := "element"
		if first, _, ok := strings.Cut(file, "/"); ok {
			folder = first
		}
		for n := range webLayers {
			if slices.Contains(webLayers[n].folders, folder) {
				return folder, &webLayers[n]
			}
		}
		return folder, nil
	}
	for _, file := range slices.Sorted(maps.Keys(g)) {
		folder, layer := mine(file)
		if layer == nil {
			problems = append(problems, fmt.Sprintf("%s has no place: name it in the layers (%s)", folder, file))
			continue
		}
		for _, imported := range g[file] {
			if _, ok := g[imported]; !ok {
				problems = append(problems, fmt.Sprintf("%s imports %s, which is not there", file, imported))
			} else if other, _ := mine(imported); other != folder && !slices.Contains(layer.imports, other) {
				problems = append(problems, fmt.Sprintf("%s imports %s, but %s may not import %s (%s)", file, imported, folder, other, layer.why))
			}
		}
	}
	return problems
}

// circle returns one circle of a graph, its first node at the end again, or nothing.
func (g graph) circle() []string {
	var path []string
	done := map[string]bool{}
	var walk func(node string) []string
	walk = func(node string) []string {
		if n := slices.Index(path, node); n >= 0 {
			return append(slices.Clone(path[n:]), node)
		}
		if done[node] {
			return nil
		}
		path = append(path, node)
		for _, next := range g[node] {
			if found := walk(next); found != nil {
				return found
			}
		}
		path = path[:len(path)-1]
		done[node] = true
		return nil
	}
	for _, node := range slices.Sorted(maps.Keys(g)) {
		if found := walk(node); found != nil {
			return found
		}
	}
	return nil
}

// folders sums a graph of files up: what each top folder imports.
func (g graph) folders() graph {
	sum := graph{}
	top := func(file string) string {
		if first, _, ok := strings.Cut(file, "/"); ok {
			return first
		}
		return "element"
	}
	for file, imports := range g {
		from := top(file)
		sum[from] = append(sum[from], nil...)
		for _, imported := range imports {
			if to := top(imported); to != from && !slices.Contains(sum[from], to) {
				sum[from] = append(sum[from], to)
			}
		}
	}
	return sum
}

func (g graph) String() string {
	var b strings.Builder
	for _, node := range slices.Sorted(maps.Keys(g)) {
		fmt.Fprintf(&b, "  %-24s → %s\n", node, strings.Join(slices.Sorted(slices.Values(g[node])), ", "))
	}
	return b.String()
}

// requireNoCircle fails at a circle, and prints the summary of a graph without one.
func requireNoCircle(t *testing.T, g, summary graph) {
	t.Helper()
	t.Logf("%d nodes\n%s", len(g), summary)
	if assert.Empty(t, strings.Join(g.circle(), " → "), "a circle") {
		t.Log("no circle")
	}
}

// packageGraph asks Go for the packages of this module and what they and their tests import of it, natively and, for
// ./wasm, as it is compiled for the page.
func packageGraph(t *testing.T) graph {
	t.Helper()
	p := &project{root: ".."}
	g := graph{}
	for _, list := range []struct {
		env     []string
		pattern string
	}{{nil, "./..."}, {[]string{"GOOS=js", "GOARCH=wasm"}, "./wasm"}} {
		out, err := tool{dir: p.root, env: list.env}.run(t.Context(), "go", "list", "-json=ImportPath,Imports,TestImports", list.pattern)
		require.NoError(t, err)
		for packages := json.NewDecoder(strings.NewReader(out)); packages.More(); {
			var pkg struct {
				ImportPath           string
				Imports, TestImports []string
			}
			require.NoError(t, packages.Decode(&pkg))
			name := strings.TrimPrefix(pkg.ImportPath, modulePath)
			g[name] = append(g[name], nil...)
			for _, imported := range append(pkg.Imports, pkg.TestImports...) {
				if short, ok := strings.CutPrefix(imported, modulePath); ok && !slices.Contains(g[name], short) {
					g[name] = append(g[name], short)
				}
			}
		}
	}
	return g
}

var (
	// A clause may run over lines, but holds no quote and no semicolon.
	staticImport  = regexp.MustCompile(`(?m)^\s*(?:import|export)\b(?:[^"';]*?\bfrom)?\s*["']([^"']+)["']`)
	dynamicImport = regexp.MustCompile(`\bimport\(\s*["'\x60]([^"'\x60]+)["'\x60]`)
	commentLine   = regexp.MustCompile(`(?m)^\s*(?://|/?\*).*$`)
)

// relativeImports returns the specifiers in a TypeScript source that begin with a dot, type imports and imports at run
// time included. What stands before a colon, as in "worker:./worker.ts", tells the bundler how to load it.
func relativeImports(source string) (specifiers []string) {
	source = commentLine.ReplaceAllString(source, "")
	for _, pattern := range []*regexp.Regexp{staticImport, dynamicImport} {
		for _, m := range pattern.FindAllStringSubmatch(source, -1) {
			specifier := m[1]
			if kind, rest, ok := strings.Cut(specifier, ":"); ok && strings.HasPrefix(rest, ".") && kind != "" {
				specifier = rest
			}
			if strings.HasPrefix(specifier, ".") && !slices.Contains(specifiers, specifier) {
				specifiers = append(specifiers, specifier)
			}
		}
	}
	return specifiers
}

// scriptGraph reads the imports between the TypeScript files of a folder. Imports of other kinds of files, and of files
// outside of the folder, are data and do not count.
func scriptGraph(t *testing.T, source fs.FS) graph {
	t.Helper()
	g := graph{}
	require.NoError(t, fs.WalkDir(source, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(name) != ".ts" {
			return err
		}
		text, err := fs.ReadFile(source, name)
		g[name] = append(g[name], nil...)
		for _, specifier := range relativeImports(string(text)) {
			imported := path.Join(path.Dir(name), specifier)
			if path.Ext(imported) == ".ts" && !strings.HasPrefix(imported, "../") {
				g[name] = append(g[name], imported)
			}
		}
		return err
	}))
	require.NotEmpty(t, g)
	return g
}

func TestGoLayers(t *testing.T) {
	g := packageGraph(t)
	assert.Empty(t, strings.Join(goProblems(g), "\n"))
	requireNoCircle(t, g, g)
}

func TestTypeScriptLayers(t *testing.T) {
	g := scriptGraph(t, os.DirFS("../web/src"))
	assert.Empty(t, strings.Join(webProblems(g), "\n"))
	requireNoCircle(t, g, g.folders())
}

func TestGoLayersFindWhatIsWrong(t *testing.T) {
	assert.Empty(t, goProblems(graph{
		"core": {"core/internal/check", "schema"}, "core/internal/check": {"core/internal/edit"}, "core/internal/edit": {"core/internal/utf"},
		"core/client": {"core", "core/client/faulty"}, "core/client/faulty": {"core"}, "build": {"core/client", "wasm"}, "wasm": {"core/demo"},
	}))
	problems := goProblems(graph{
		"core/internal/loose": {"core/internal/plan"}, "core/internal/utf": {"core"}, "core/internal/new": {"schema"}, "other": nil,
		"core/demo": {"core/client/faulty"},
	})
	require.Len(t, problems, 5)
	assert.Contains(t, problems[0], "core/demo imports core/client/faulty, which is not below it")
	assert.Contains(t, problems[1], "core/internal/loose imports core/internal/plan")
	assert.Equal(t, "core/internal/new has no place: name it in the layers", problems[2])
	assert.Contains(t, problems[3], "core/internal/utf imports core")
	assert.Equal(t, "other has no place: name it in the layers", problems[4])
}

func TestTypeScriptLayersFindWhatIsWrong(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	good := scriptGraph(t, fstest.MapFS{
		"main.ts":         file(`import "./state/store.ts"; import "../outside.ts"; import data from "./model/data.json";`),
		"state/store.ts":  file(`import type { A } from "../model/a.ts";`),
		"model/a.ts":      file(`export type { B } from "./b.ts";`),
		"model/b.ts":      file(`export const b = 1;`),
		"session/runs.ts": file(`import { s } from "../state/store.ts";`),
	})
	assert.Empty(t, webProblems(good))
	assert.Empty(t, good.circle())
	assert.Equal(t, graph{"element": {"state"}, "state": {"model"}, "model": nil, "session": {"state"}}, good.folders())

	bad := scriptGraph(t, fstest.MapFS{
		"session/runs.ts": file("import type { V } from \"../answer/view.ts\";"),
		"answer/view.ts":  file("let x: import('../form/form.ts').F;\nimport type { R } from \"../session/runs.ts\";"),
		"form/form.ts":    file(`import { gone } from "./gone.ts";`),
		"misc/x.ts":       file(``),
	})
	problems := strings.Join(webProblems(bad), "\n")
	assert.Contains(t, problems, "answer may not import form (views; none knows another)")
	assert.Contains(t, problems, "answer may not import session")
	assert.Contains(t, problems, "session may not import answer")
	assert.Contains(t, problems, "form/form.ts imports form/gone.ts, which is not there")
	assert.Contains(t, problems, "misc has no place: name it in the layers (misc/x.ts)")
	assert.Equal(t, []string{"answer/view.ts", "session/runs.ts", "answer/view.ts"}, bad.circle())
}

func TestRelativeImports(t *testing.T) {
	for source, want := range map[string][]string{
		`import { a } from "./a.ts";`:                                  {"./a.ts"},
		`import type { A } from '../a.ts'`:                             {"../a.ts"},
		"import {\n  a,\n  type B,\n} from \"./a.ts\";":                {"./a.ts"},
		`import a, { type b } from "./a.ts";import "./b.ts";`:          {"./a.ts"},
		"import \"./side.ts\";\nimport * as x from \"./x.ts\";":        {"./side.ts", "./x.ts"},
		`export * from "./a.ts";`:                                      {"./a.ts"},
		`export { a } from "./a.ts";`:                                  {"./a.ts"},
		`import url from "worker:./worker.ts";`:                        {"./worker.ts"},
		"const a = await import(\n  \"./a.ts\"\n);":                    {"./a.ts"},
		`let x: import("./a.ts").A;`:                                   {"./a.ts"},
		"// import { a } from \"./a.ts\";\n * import(\"./b.ts\")":      nil,
		`import { html } from "lit";`:                                  nil,
		"export const a = 1;\nconst from = \"./a.ts\";":                nil,
		"export function f() {\n  return `x`;\n}\nf(\"./not-one.ts\")": nil,
	} {
		assert.Equal(t, want, relativeImports(source), source)
	}
}
