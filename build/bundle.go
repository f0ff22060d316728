package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
)

// bundler turns web/src into browser files with esbuild.
//
// Four import prefixes and one suffix are ours (web/src/modules.d.ts declares them to the type checker):
//
//	import url from "worker:./worker.ts"  a bundle of its own, as a classic script; gives its file name
//	import url from "wasm:core"           a form of the compiled core: core, rest or plain; gives its file name
//	import { goScope } from "go:wasm_exec" the toolchain's JavaScript half of the Go runtime, and what it takes for globals
//	import css from "./theme.css"         the minified style sheet as a string
//	import files from "build:files"       the hashes of the other files; none where they are not published
//
// File names are relative to the importing file ("./worker-HASH.js"), all outputs lie in one folder, and importers
// resolve them against import.meta.url, so the page works from any folder of any origin.
type bundler struct {
	web      string // absolute path of web/
	wasm     string // absolute path of the folder with the compiled core
	wasmExec string // absolute path of wasm_exec.js
	outdir   string // absolute; names the place, nothing is written there
	minify   bool
	// addressed has "worker:" and "wasm:" imports give whole addresses, written as new URL("./file", import.meta.url): bundlers
	// of others look for that, and take the file along.
	addressed bool
}

// bundle is what one run made, in memory.
type bundle struct {
	files   map[string][]byte // by name, flat
	meta    metafile
	entries map[string]bool // paths relative to web/
}

// metafile is the part of esbuild's metafile that we read.
type metafile struct {
	Outputs map[string]struct {
		EntryPoint string `json:"entryPoint"`
		Imports    []struct {
			Path     string `json:"path"`
			Kind     string `json:"kind"`
			External bool   `json:"external"`
		} `json:"imports"`
	} `json:"outputs"`
}

func (b *bundler) options() api.BuildOptions {
	return api.BuildOptions{
		AbsWorkingDir:     b.web,
		Bundle:            true,
		Metafile:          true,
		Target:            api.ES2022,
		Outdir:            b.outdir,
		EntryNames:        "[name]-[hash]",
		ChunkNames:        "[name]-[hash]",
		AssetNames:        "[name]-[hash]",
		Sourcemap:         api.SourceMapLinked,
		LegalComments:     api.LegalCommentsEndOfFile,
		MinifyWhitespace:  b.minify,
		MinifyIdentifiers: b.minify,
		MinifySyntax:      b.minify,
		Loader:            map[string]api.Loader{".wasm": api.LoaderFile, ".svg": api.LoaderFile},
		LogLevel:          api.LogLevelSilent,
	}
}

// pageOptions are the options for the entry points of the page. Workers made on the way land in extra.
func (b *bundler) pageOptions(entries []string, extra *outputs) api.BuildOptions {
	o := b.options()
	o.EntryPoints = entries
	o.Format = api.FormatESModule
	o.Splitting = true
	o.Plugins = []api.Plugin{b.workerPlugin(extra), b.runtimePlugin(), b.cssPlugin(), filesPlugin(hashTable{})}
	return o
}

// finish gathers the files of one build and of the workers it made.
func finish(r api.BuildResult, extra *outputs, entries []string) (*bundle, error) {
	if err := failure(r.Errors); err != nil {
		return nil, err
	}
	out := &bundle{files: map[string][]byte{}, entries: map[string]bool{}}
	for _, entry := range entries {
		out.entries[entry] = true
	}
	if err := json.Unmarshal([]byte(r.Metafile), &out.meta); err != nil {
		return nil, fmt.Errorf("reading esbuild's metafile: %w", err)
	}
	for _, f := range r.OutputFiles {
		out.files[filepath.Base(f.Path)] = f.Contents
	}
	extra.mu.Lock()
	defer extra.mu.Unlock()
	for name, contents := range extra.files {
		out.files[name] = contents
	}
	return out, nil
}

// outputs collects files made inside plugins, which esbuild runs concurrently.
type outputs struct {
	mu    sync.Mutex
	files map[string][]byte
}

func newOutputs() *outputs { return &outputs{files: map[string][]byte{}} }

// workerPlugin bundles "worker:" imports. The result is a classic script rather than a module, because a classic
// worker can also be started from a blob: URL on a page whose policy forbids the script's own origin.
func (b *bundler) workerPlugin(extra *outputs) api.Plugin {
	return api.Plugin{Name: "worker", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `^worker:`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			return b.locate("worker", a.ResolveDir, strings.TrimPrefix(a.Path, "worker:"))
		})
		build.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "worker"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			o := b.options()
			o.EntryPoints = []string{a.PluginData.(string)}
			o.Format = api.FormatIIFE
			o.Plugins = []api.Plugin{b.runtimePlugin()}
			r := api.Build(o)
			if len(r.Errors) > 0 {
				return api.OnLoadResult{Errors: r.Errors}, nil
			}
			result := api.OnLoadResult{Loader: api.LoaderJS}
			extra.mu.Lock()
			defer extra.mu.Unlock()
			for _, f := range r.OutputFiles {
				name := filepath.Base(f.Path)
				extra.files[name] = f.Contents
				if strings.HasSuffix(name, ".js") {
					contents := b.addressOf(name)
					result.Contents = &contents
				}
			}
			return result, nil
		})
	}}
}

// addressOf is a module that says where a file of the bundle lies.
func (b *bundler) addressOf(name string) string {
	if b.addressed {
		return fmt.Sprintf("export default new URL(%q, import.meta.url).href;", "./"+name)
	}
	return fmt.Sprintf("export default %q;", "./"+name)
}

// locate names a source relative to web/, as it will stand in source maps; where it really lies goes along as data.
func (b *bundler) locate(namespace, dir, path string) (api.OnResolveResult, error) {
	file := filepath.Join(dir, path)
	name, err := filepath.Rel(b.web, file)
	return api.OnResolveResult{Path: filepath.ToSlash(name), Namespace: namespace, PluginData: file}, err
}

// runtimePlugin resolves "wasm:core", "wasm:rest", "wasm:plain" and "go:wasm_exec".
func (b *bundler) runtimePlugin() api.Plugin {
	return api.Plugin{Name: "runtime", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `^wasm:(core|rest|plain)$`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			file := strings.TrimPrefix(a.Path, "wasm:") + ".wasm"
			if b.addressed {
				return api.OnResolveResult{Path: file, Namespace: "wasm"}, nil
			}
			return api.OnResolveResult{Path: filepath.Join(b.wasm, file)}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "wasm"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			contents := b.addressOf(a.Path)
			return api.OnLoadResult{Contents: &contents, Loader: api.LoaderJS}, nil
		})
		build.OnResolve(api.OnResolveOptions{Filter: `^go:wasm_exec$`}, func(api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: "wasm_exec.js", Namespace: "go"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "go"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			source, err := os.ReadFile(b.wasmExec)
			contents := scoped(string(source))
			return api.OnLoadResult{Contents: &contents, Loader: api.LoaderJS}, err
		})
	}}
}

// scoped gives wasm_exec.js an object to take for globalThis. It would leave Go, fs, process and path among the globals of
// whoever uses the core, and in Node find the real process. Beside what it makes itself a Go program asks for no others.
func scoped(wasmExec string) string {
	return `export const goScope = {
  Object, Array, Uint8Array, Date, Error, TextEncoder, TextDecoder,
  crypto: globalThis.crypto, performance: globalThis.performance,
};
(function (globalThis) {
` + wasmExec + `
})(goScope);
`
}

// cssPlugin gives a style sheet as text, for CSSStyleSheet.replaceSync. Entry points stay style sheets.
func (b *bundler) cssPlugin() api.Plugin {
	return api.Plugin{Name: "css-text", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `\.css$`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			if a.Kind == api.ResolveEntryPoint {
				return api.OnResolveResult{}, nil
			}
			return b.locate("css-text", a.ResolveDir, a.Path)
		})
		build.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "css-text"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			source, err := os.ReadFile(a.PluginData.(string))
			if err != nil {
				return api.OnLoadResult{}, err
			}
			r := api.Transform(string(source), api.TransformOptions{
				Loader: api.LoaderCSS, Target: api.ES2022, Sourcefile: a.Path,
				MinifyWhitespace: b.minify, MinifySyntax: b.minify,
			})
			text := string(r.Code)
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderText, Errors: r.Errors}, nil
		})
	}}
}

// failure puts esbuild's messages into one error: file:line:column: text, one a line.
func failure(messages []api.Message) error {
	var lines []string
	for _, m := range messages {
		if m.Location == nil {
			lines = append(lines, m.Text)
			continue
		}
		lines = append(lines, fmt.Sprintf("web/%s:%d:%d: %s", m.Location.File, m.Location.Line, m.Location.Column+1, m.Text))
	}
	if len(lines) == 0 {
		return nil
	}
	return errors.New("bundling the page:\n" + strings.Join(lines, "\n"))
}
