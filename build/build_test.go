package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/completion-playground/playground/core/serve"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// testWeb makes a small web/ folder and a bundler for it.
func testWeb(t *testing.T) *bundler {
	t.Helper()
	root := t.TempDir()
	for name, source := range map[string]string{
		"web/index.html": `<html><head>
<link rel="icon" href="src/icon.svg">
<link rel="stylesheet" href="src/page.css">
<script type="module" src="/src/main.ts"></script>
<a href="https://example.com">out</a>
</head><completion-playground page></completion-playground></html>`,
		"web/src/main.ts":     `import files from "build:files"; import css from "./style.css"; console.log(files, css); import("./view.ts"); import("./core/hub.ts");`,
		"web/src/core/hub.ts": `console.log("hub");`,
		"web/src/view.ts": `import { shared } from "./shared.ts"; import css from "./style.css"; import worker from "worker:./worker.ts"; import core from "wasm:core"; import rest from "wasm:rest"; import plain from "wasm:plain";
console.log(shared, css, worker, core, rest, plain);
let late: typeof import("./deep/late.ts"); import("./deep/late.ts");`,
		"web/src/deep/late.ts":   `import { shared } from "../shared.ts"; import("./later.ts"); console.log("late", shared); export {};`,
		"web/src/deep/later.ts":  `console.log("later"); export {};`,
		"web/src/model/parts.ts": `export const part = (name: string, load: () => Promise<unknown>) => (console.log(name), load());`,
		"web/src/shared.ts":      `export const shared: string = "shared-text";`,
		"web/src/worker.ts":      `import "go:wasm_exec"; import { shared } from "./shared.ts"; postMessage(shared);`,
		"web/src/style.css":      `:host { color : red ; }`,
		"web/src/page.css":       `body { margin : 0 }`,
		"web/src/embed.css":      `a{}`,
		"web/src/icon.svg":       `<svg/>`,
		"core.wasm":              "wasm-bytes",
		"rest.wasm":              "rest-bytes",
		"plain.wasm":             "plain-bytes",
		"wasm_exec.js":           `globalThis.Go = class {};`,
	} {
		file := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(source), 0o644))
	}
	return &bundler{
		web: filepath.Join(root, "web"), wasm: root, wasmExec: filepath.Join(root, "wasm_exec.js"),
		outdir: filepath.Join(root, "web", "dist"), minify: true,
	}
}

// assembled builds testWeb's page.
func assembled(t *testing.T, b *bundler) (*bundle, map[string][]byte) {
	t.Helper()
	html, err := os.ReadFile(filepath.Join(b.web, "index.html"))
	require.NoError(t, err)
	entries, copied := pageEntries(b.web, string(html))
	assert.Equal(t, []string{"src/page.css", "src/main.ts"}, entries)
	assert.Equal(t, []string{"src/icon.svg"}, copied)
	made, err := b.published(entries)
	require.NoError(t, err)
	files, err := assemble(b.web, string(html), made, shell{HTML: "<p>first</p>", CSS: "p{}"})
	require.NoError(t, err)
	return made, files
}

// onlyFile returns the one file with a prefix and suffix.
func onlyFile(t *testing.T, files map[string][]byte, prefix, suffix string) (name, contents string) {
	t.Helper()
	for n, data := range files {
		if strings.HasPrefix(n, prefix) && strings.HasSuffix(n, suffix) {
			require.Empty(t, name, "two files %s*%s", prefix, suffix)
			name, contents = n, string(data)
		}
	}
	require.NotEmpty(t, name, "no file %s*%s", prefix, suffix)
	return name, contents
}

func TestBundle(t *testing.T) {
	_, files := assembled(t, testWeb(t))
	for name := range files {
		assert.True(t, name == "index.html" || name == embedScript || name == embedSheet || strings.Contains(serve.CacheControl(name), "immutable"), "%s has no hash", name)
		assert.NotContains(t, name, "/")
	}
	main, _ := onlyFile(t, files, "playground-", ".js")
	view, script := onlyFile(t, files, "view-", ".js")
	worker, workerScript := onlyFile(t, files, "worker-", ".js")
	wasm, _ := onlyFile(t, files, "core-", ".wasm")
	plain, _ := onlyFile(t, files, "plain-", ".wasm")
	late, _ := onlyFile(t, files, "late-", ".js")
	page, _ := onlyFile(t, files, "page-", ".css")
	icon, _ := onlyFile(t, files, "icon-", ".svg")
	assert.Contains(t, script, worker)
	assert.Contains(t, script, wasm)
	assert.Contains(t, script, plain)
	assert.Contains(t, script, late)
	assert.Contains(t, script, ":host{color:red}", "a style sheet arrives as minified text")
	assert.Contains(t, script, "//# sourceMappingURL="+view+".map")
	assert.Contains(t, files, worker+".map")
	assert.Contains(t, workerScript, ".Go=class", "the worker brings the Go runtime along")
	assert.NotContains(t, workerScript, "globalThis.Go", "and keeps it to itself")
	assert.Contains(t, workerScript, "shared-text")
	assert.NotContains(t, workerScript, "import ", "a classic script has no imports")

	assert.Equal(t, string(files[main]), string(files[embedScript]))
	html := string(files["index.html"])
	for _, want := range []string{
		`src="./` + main + `" integrity="` + integrity(files[main]) + `"`,
		`href="./` + page + `" integrity="` + integrity(files[page]) + `"`, `href="./` + icon + `">`, `href="https://example.com"`,
		`<link rel="modulepreload" href="./` + view + `" integrity="` + integrity(files[view]) + `">`,
	} {
		assert.Contains(t, html, want)
	}
	sheet, _ := onlyFile(t, files, "shell-", ".css")
	assert.Contains(t, html, `<completion-playground page><template shadowrootmode="open"><link rel="stylesheet" href="./`+sheet+`" integrity="`+integrity(files[sheet])+`"><p>first</p></template></completion-playground>`)
	assert.Contains(t, html, `<link rel="preload" href="./`+sheet+`" integrity="`+integrity(files[sheet])+`" as="style">`)
	assert.NotContains(t, html, late, "what is loaded on demand is not preloaded")
	assert.NotContains(t, html, "src/")
}

func TestBundleIsReproducible(t *testing.T) {
	_, first := assembled(t, testWeb(t))
	_, second := assembled(t, testWeb(t))
	for name, data := range first {
		assert.Equal(t, string(data), string(second[name]), "%s shows the folder of the checkout", name)
	}
	assert.Len(t, second, len(first))
}

func TestBundlingErrorsNameThePlace(t *testing.T) {
	for file, source := range map[string]string{"main.ts": "let 1", "worker.ts": "\nlet 1", "style.css": ""} {
		b := testWeb(t)
		path := filepath.Join(b.web, "src", file)
		if file == "style.css" {
			require.NoError(t, os.Remove(path))
		} else {
			require.NoError(t, os.WriteFile(path, []byte(source), 0o644))
		}
		_, err := b.published([]string{"src/main.ts"})
		require.Error(t, err)
		assert.Contains(t, err.Error(), map[string]string{
			"main.ts": "web/src/main.ts:1:5: ", "worker.ts": "web/src/worker.ts:2:5: ", "style.css": "style.css",
		}[file])
	}
}

func TestCompression(t *testing.T) {
	c := compressor{cache: t.TempDir()}
	data := []byte(strings.Repeat("compress me ", 1000))
	packed, err := compressAll(c, map[string][]byte{"a.js": data, "a.js.map": data})
	require.NoError(t, err)
	assert.Len(t, packed, 4)
	for _, name := range []string{"a.js", "a.js.map"} {
		z, err := gzip.NewReader(bytes.NewReader(packed[name+".gz"]))
		require.NoError(t, err)
		got, err := io.ReadAll(z)
		require.NoError(t, err)
		assert.Equal(t, data, got)
		got, err = io.ReadAll(brotli.NewReader(bytes.NewReader(packed[name+".br"])))
		require.NoError(t, err)
		assert.Equal(t, data, got)
	}
	again, err := compressAll(c, map[string][]byte{"a.js": data})
	require.NoError(t, err)
	assert.Equal(t, packed["a.js.br"], again["a.js.br"])
	kept, err := filepath.Glob(filepath.Join(c.cache, "*"))
	require.NoError(t, err)
	assert.Len(t, kept, 2, "one for each quality, nothing half written")
	require.NoError(t, os.WriteFile(kept[0], []byte("from the cache"), 0o644))
	require.NoError(t, os.WriteFile(kept[1], []byte("from the cache"), 0o644))
	again, err = compressAll(c, map[string][]byte{"a.js": data})
	require.NoError(t, err)
	assert.Equal(t, "from the cache", string(again["a.js.br"]))
}

func TestInstallReplacesEverything(t *testing.T) {
	p := &project{root: t.TempDir(), out: io.Discard}
	require.NoError(t, os.MkdirAll(p.path("web", "dist"), 0o755))
	require.NoError(t, os.WriteFile(p.path("web", "dist", "old.js"), nil, 0o644))
	require.NoError(t, p.install(map[string][]byte{"new.js": []byte("new")}, "web", "dist"))
	entries, err := os.ReadDir(p.path("web", "dist"))
	require.NoError(t, err)
	require.Len(t, entries, 1)
	assert.Equal(t, "new.js", entries[0].Name())
	left, err := filepath.Glob(p.path(".cache", "*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestSizesAndBudget(t *testing.T) {
	made, files := assembled(t, testWeb(t))
	packed, err := compressAll(compressor{cache: t.TempDir()}, files)
	require.NoError(t, err)
	measured := measure(made, files, packed)
	in := map[group][]string{}
	for _, s := range measured {
		name, _, _ := strings.Cut(s.name, "-")
		in[s.group] = append(in[s.group], name)
		assert.Positive(t, s.brotli)
	}
	assert.ElementsMatch(t, []string{"playground", "playground.css"}, in[groupEmbed])
	assert.ElementsMatch(t, []string{"view", "hub", "chunk", "page", "shell", "index.html"}, in[groupStart])
	assert.ElementsMatch(t, []string{"late", "later"}, in[groupLater])
	assert.Equal(t, []string{"worker"}, in[groupWorker])
	assert.Equal(t, []string{"core"}, in[groupWasm])
	assert.Equal(t, []string{"rest"}, in[groupRest])

	var table strings.Builder
	measured.print(&table)
	assert.Contains(t, table.String(), "brotli")

	roomy := budget{groupEmbed: 1 << 20, groupStart: 1 << 20, groupLater: 1 << 20, groupWorker: 1 << 20, groupWasm: 1 << 20, groupRest: 1 << 20}
	require.NoError(t, roomy.check(measured))
	roomy[groupWasm] = 3
	require.ErrorContains(t, roomy.check(measured), "wasm has ")
}

func TestCommittedBudgetIsWhole(t *testing.T) {
	_, err := readBudget("budget.json")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "budget.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"embed": 5, "start": 5}`), 0o644))
	_, err = readBudget(file)
	require.ErrorContains(t, err, `no budget for group "later"`)
}

func TestNodeVersions(t *testing.T) {
	for version, ok := range map[string]bool{"v20.20.2": true, "v22.0.0-rc.1": true, "v18.19.0": false, "nonsense": false} {
		err := acceptNode(version)
		if ok {
			require.NoError(t, err)
		} else {
			require.EqualError(t, err, "this needs Node.js 20 or newer, found "+version)
		}
	}
}

func TestMissingNodeIsOneClearSentence(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	require.EqualError(t, checkNode(t.Context()), "this needs Node.js 20 or newer, which was not found; see https://nodejs.org")
}

func TestSteps(t *testing.T) {
	var out strings.Builder
	p := &project{out: &out}
	var ran []string
	make := func(name string, err error) step {
		return step{name: name, run: func(p *project, _ context.Context) error {
			ran = append(ran, name)
			fmt.Fprintf(p.out, "      of %s\n", name)
			return err
		}}
	}
	lanes := [][]step{{make("one", nil), make("two", skipped("no network")), make("three", errors.New("broken")), make("four", nil)}}
	require.EqualError(t, p.runSteps(t.Context(), lanes, nil), "three: broken")
	assert.Equal(t, []string{"one", "two", "three"}, ran, "nothing runs after a failure")
	assert.Regexp(t, `ok +one .*\n +of one\nskip +two .* no network\n +of two\nFAIL +three .*\n +of three\n`, out.String())

	require.NoError(t, p.runSteps(t.Context(), lanes, []string{"one,two"}))
	assert.Regexp(t, `everything else passed in \d+ s; skipped: two\n$`, out.String())

	ran = nil
	require.NoError(t, p.runSteps(t.Context(), lanes, []string{"four one"}))
	assert.Equal(t, []string{"one", "four"}, ran, "in their order")
	assert.Regexp(t, `everything passed in \d+ s\n$`, out.String())
	require.EqualError(t, p.runSteps(t.Context(), lanes, []string{"one", "five"}), `no step "five"; there are one, two, three, four`)

	ran = nil
	lanes[0][3].asked = true
	lanes[0][2] = make("three", nil)
	require.NoError(t, p.runSteps(t.Context(), lanes, nil))
	assert.Equal(t, []string{"one", "two", "three"}, ran)
	require.NoError(t, p.runSteps(t.Context(), lanes, []string{"four"}))
	assert.Equal(t, []string{"one", "two", "three", "four"}, ran, "what runs only when it is named")
}

// A failure ends what runs beside it, and is the one that is told.
func TestStepsBesideEachOther(t *testing.T) {
	if runtime.NumCPU() == 1 {
		t.Skip("one processor takes lane after lane")
	}
	var out strings.Builder
	p := &project{out: &out}
	waiting := make(chan struct{})
	err := p.runSteps(t.Context(), [][]step{
		{{name: "long", run: func(_ *project, ctx context.Context) error { close(waiting); <-ctx.Done(); return ctx.Err() }}},
		{{name: "short", run: func(*project, context.Context) error { <-waiting; return errors.New("broken") }}},
	}, nil)
	require.EqualError(t, err, "short: broken")
	assert.Regexp(t, `FAIL +short .*\nstop +long`, out.String())
}

func TestToolShowsWhatFailed(t *testing.T) {
	_, err := tool{dir: t.TempDir()}.run(t.Context(), "go", "nonsense")
	require.ErrorContains(t, err, "go nonsense")
	require.ErrorContains(t, err, "unknown command")
}

func TestFuzzTargets(t *testing.T) {
	dir := t.TempDir()
	source := "package x\n\nfunc FuzzOne(f *testing.F) {\n}\n\nfunc TestTwo(t *testing.T) {}\nfunc FuzzThree(f *testing.F) {}\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x_test.go"), []byte(source), 0o644))
	targets, err := fuzzTargets(dir, []string{"x_test.go"})
	require.NoError(t, err)
	assert.Equal(t, []string{"FuzzOne", "FuzzThree"}, targets)
	_, err = fuzzTargets(dir, []string{"gone_test.go"})
	assert.Error(t, err)
}

func TestCommandLine(t *testing.T) {
	var out strings.Builder
	require.NoError(t, run(t.Context(), nil, &out))
	for _, c := range commands() {
		assert.Contains(t, out.String(), c.name)
	}
	require.ErrorContains(t, run(t.Context(), []string{"fly"}, &out), `unknown command "fly"`)
	t.Chdir(t.TempDir())
	require.ErrorContains(t, run(t.Context(), []string{"build"}, &out), "inside a checkout")
}

func TestDifference(t *testing.T) {
	now := time.Now()
	old := map[string]time.Time{"/p/web/src/a.ts": now, "/p/core/a.go": now}
	for _, c := range []struct {
		name          string
		now           map[string]time.Time
		changed, core bool
	}{
		{"nothing", map[string]time.Time{"/p/web/src/a.ts": now, "/p/core/a.go": now}, false, false},
		{"a script", map[string]time.Time{"/p/web/src/a.ts": now.Add(1), "/p/core/a.go": now}, true, false},
		{"a Go source", map[string]time.Time{"/p/web/src/a.ts": now, "/p/core/a.go": now.Add(1)}, true, true},
		{"a new file", map[string]time.Time{"/p/web/src/a.ts": now, "/p/core/a.go": now, "/p/web/src/b.ts": now}, true, false},
		{"a file less", map[string]time.Time{"/p/web/src/a.ts": now}, true, true},
	} {
		changed, core := difference(old, c.now)
		assert.Equal(t, [2]bool{c.changed, c.core}, [2]bool{changed, core}, c.name)
	}
}

func TestBellWakesEverybody(t *testing.T) {
	b := newBell()
	first, second := b.wait(), b.wait()
	b.ring()
	<-first
	<-second
	select {
	case <-b.wait():
		t.Fatal("it rang once")
	default:
	}
}
