package main

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

func runBuild(ctx context.Context, p *project, args []string) error {
	flags := flag.NewFlagSet("build", flag.ContinueOnError)
	if err := flags.Parse(args); err != nil {
		return err
	}
	started := time.Now()
	sizes, err := p.build(ctx)
	if err != nil {
		return err
	}
	sizes.print(p.out)
	fmt.Fprintf(p.out, "built web/dist in %.1f s\n", time.Since(started).Seconds())
	return nil
}

// build makes web/dist from nothing but the sources.
func (p *project) build(ctx context.Context) (sizes, error) {
	if err := p.ensureModules(ctx); err != nil {
		return nil, err
	}
	if err := p.compileOnce(ctx); err != nil {
		return nil, err
	}
	b, err := p.bundler(ctx, true)
	if err != nil {
		return nil, err
	}
	html, err := os.ReadFile(p.path("web", "index.html"))
	if err != nil {
		return nil, err
	}
	entries, _ := pageEntries(b.web, string(html))
	made, err := b.published(entries)
	if err != nil {
		return nil, err
	}
	first, err := b.shell(ctx)
	if err != nil {
		return nil, err
	}
	files, err := assemble(b.web, string(html), made, first)
	if err != nil {
		return nil, err
	}
	compressed, err := compressAll(compressor{cache: p.path(".cache", "brotli")}, files)
	if err != nil {
		return nil, err
	}
	table := measure(made, files, compressed)
	maps.Copy(files, compressed)
	return table, p.install(files, "web", "dist")
}

func (p *project) bundler(ctx context.Context, minify bool) (*bundler, error) {
	exec, err := wasmExec(ctx)
	if err != nil {
		return nil, err
	}
	return &bundler{web: p.path("web"), wasm: p.wasmFolder(), wasmExec: exec, outdir: p.path("web", "dist"), minify: minify}, nil
}

// embedScript is the one script whose name stays the same from build to build, for pages that embed the element.
const embedScript = "playground.js"

// embedSheet is the style sheet that gives the element its size before its script is there; its name stays the same too.
const embedSheet, embedSheetSource = "playground.css", "src/embed.css"

// assemble adds the page itself, with what it shows first in it, and the files it refers to to the bundle's.
func assemble(web, html string, made *bundle, first shell) (files map[string][]byte, err error) {
	files = maps.Clone(made.files)
	entries, copied := pageEntries(web, html)
	names := made.meta.entryOutputs()
	for _, name := range copied {
		data, err := os.ReadFile(filepath.Join(web, name))
		if err != nil {
			return nil, err
		}
		hashed := hashedName(name, data)
		names[name] = hashed
		files[hashed] = data
	}
	var preload []string
	for _, entry := range entries {
		if path.Ext(entry) == ".ts" && strings.Contains(html, entry) {
			preload = append(preload, made.meta.startChunks(entry)[1:]...)
		}
	}
	if names[viewEntry] != "" {
		preload = append(preload, made.meta.startChunks(viewEntry)...)
	}
	// By itself where it knows the hashes of all others; in pieces while somebody works on it.
	files[embedScript] = files[names[embedEntry]]
	if len(made.meta.startChunks(embedEntry)) > 1 {
		files[embedScript] = fmt.Appendf(nil, "import \"./%s\";\n", names[embedEntry])
	}
	if files[embedSheet], err = os.ReadFile(filepath.Join(web, embedSheetSource)); err != nil {
		return nil, err
	}
	slices.Sort(preload)
	sheet := hashedName(shellSheet, []byte(first.CSS))
	files[sheet] = []byte(first.CSS)
	html = writePage(html, names, slices.Compact(preload))
	files["index.html"] = []byte(withIntegrity(first.into(html, sheet), files))
	return files, nil
}

// hashedName names a copied file as esbuild names its own: "icon.svg" becomes "icon-ABCDEFGH.svg".
func hashedName(name string, data []byte) string {
	sum := sha256.Sum256(data)
	ext := path.Ext(name)
	return strings.TrimSuffix(path.Base(name), ext) + "-" + base32.StdEncoding.EncodeToString(sum[:5]) + ext
}

// compressAll gives each file a .gz and a .br neighbour.
func compressAll(c compressor, files map[string][]byte) (map[string][]byte, error) {
	var (
		mu    sync.Mutex
		group sync.WaitGroup
		out   = map[string][]byte{}
		errs  []error
		slots = make(chan struct{}, runtime.NumCPU())
	)
	for name, data := range files {
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			br, brErr := c.brotli(name, data)
			gz, gzErr := c.gzip(data)
			mu.Lock()
			defer mu.Unlock()
			out[name+".br"], out[name+".gz"] = br, gz
			errs = append(errs, brErr, gzErr)
		})
	}
	group.Wait()
	return out, errors.Join(errs...)
}

// install replaces a folder of the checkout by the files in one step, so that a server never reads a mixture.
func (p *project) install(files map[string][]byte, folder ...string) error {
	if err := os.MkdirAll(p.path(".cache"), 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(p.path(".cache"), "new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(fresh, name), data, 0o644); err != nil {
			return err
		}
	}
	if err := os.Chmod(fresh, 0o755); err != nil {
		return err
	}
	dist := p.path(folder...)
	if err := os.RemoveAll(dist); err != nil {
		return err
	}
	return os.Rename(fresh, dist)
}
