package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"html"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/completion-playground/playground/core/serve"
	"github.com/evanw/esbuild/pkg/api"
)

// What a folder for other hosts has beside the page: the element in an <iframe>, with its script, an example to copy, and
// the headers that a server should send, in the form that several hosts of static files read.
const (
	framePage, frameEntry, frameSheet = "frame.html", "src/in-frame.ts", "src/in-frame.css"

	snippetPage = "snippet.html"
	headersFile = "_headers"
)

func runDist(ctx context.Context, p *project, args []string) error {
	flags := flag.NewFlagSet("dist", flag.ContinueOnError)
	base := flags.String("base", "./", "address that the folder will have, for "+snippetPage)
	if err := flags.Parse(args); err != nil {
		return err
	}
	started := time.Now()
	if _, err := p.build(ctx); err != nil {
		return err
	}
	if err := p.dist(ctx, *base); err != nil {
		return err
	}
	program, err := p.binary(ctx)
	if err != nil {
		return err
	}
	info, err := os.Stat(program)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "made .cache/dist in %.1f s; .cache/dist/%s is what a page needs\n", time.Since(started).Seconds(), snippetPage)
	fmt.Fprintf(p.out, "made .cache/bin/completions, %.1f MB: the command, which serves the page by itself\n", float64(info.Size())/1e6)
	return nil
}

// dist makes .cache/dist of the built page.
func (p *project) dist(ctx context.Context, base string) error {
	b, err := p.bundler(ctx, true)
	if err != nil {
		return err
	}
	built, err := readFolder(p.path("web", "dist"))
	if err != nil {
		return err
	}
	files, err := b.dist(built, base)
	if err != nil {
		return err
	}
	fresh := map[string][]byte{}
	for name, data := range files {
		if built[name] == nil && name != headersFile {
			fresh[name] = data
		}
	}
	packed, err := compressAll(compressor{cache: p.path(".cache", "brotli")}, fresh)
	if err != nil {
		return err
	}
	maps.Copy(files, packed)
	return p.install(files, ".cache", "dist")
}

func readFolder(dir string) (map[string][]byte, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// dist adds to the built files what other hosts need.
func (b *bundler) dist(built map[string][]byte, base string) (map[string][]byte, error) {
	files := maps.Clone(built)
	// Maps are for whoever debugs, uncompressed.
	maps.DeleteFunc(files, func(name string, _ []byte) bool { return strings.Contains(name, ".map.") })
	o := b.options()
	o.EntryPoints = []string{frameEntry, frameSheet}
	o.Format, o.Sourcemap = api.FormatESModule, api.SourceMapNone
	made, err := finish(api.Build(o), newOutputs(), o.EntryPoints)
	if err != nil {
		return nil, err
	}
	maps.Copy(files, made.files)
	names := made.meta.entryOutputs()
	names[embedSheetSource] = hashedName(embedSheet, built[embedSheet])
	files[names[embedSheetSource]] = built[embedSheet]
	for name := range built {
		if path.Ext(name) == ".js" && bytes.Equal(built[name], built[embedScript]) && name != embedScript {
			names[embedEntry] = name
		}
	}
	if names[embedEntry] == "" {
		return nil, errors.New("the built page has no script with all hashes; \"make build\" makes it")
	}
	frame, err := os.ReadFile(filepath.Join(b.web, framePage))
	if err != nil {
		return nil, err
	}
	files[framePage] = []byte(withIntegrity(writePage(string(frame), names, nil), files))
	files[snippetPage] = []byte(embedSnippet(base, names[embedEntry], names[embedSheetSource], files))
	files[headersFile] = []byte(headersFor(files))
	return files, nil
}

// embedSnippet is a page that embeds the element, by names that a new version leaves alone.
func embedSnippet(base, script, sheet string, files map[string][]byte) string {
	address := func(name string) string { return html.EscapeString(strings.TrimSuffix(base, "/") + "/" + name) }
	return fmt.Sprintf(`<!doctype html>
<meta charset="utf-8">
<title>Completion Playground, embedded</title>
<!-- From here on, to copy. The hashes are of this version; it loads nothing that is not of it. -->
<link rel="stylesheet" href="%s" integrity="%s" crossorigin="anonymous">
<script type="module" src="%s" integrity="%s" crossorigin="anonymous"></script>
<completion-playground>
  <script type="application/json">
    {"model": "demo-small", "prompt": ["Once upon a time"], "max_tokens": 32}
  </script>
</completion-playground>
`, address(sheet), integrity(files[sheet]), address(script), integrity(files[script]))
}

// headersFor lists the headers that each file should be sent with. Names that hold a hash of what is in them never change.
func headersFor(files map[string][]byte) string {
	var b strings.Builder
	b.WriteString(`# The headers to send, in the form of Netlify and Cloudflare Pages; for other servers, to be read.
# Each file with .br or .gz beside it is best sent as that, with Content-Encoding: br or gzip and Vary: Accept-Encoding
# (nginx: brotli_static on; gzip_static on;). Keep the files of older versions while pages refer to them.

# Pages of other sites may load the element.
/*
  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer

# The page by itself: its own files, any endpoint, and no frame around it.
/
  Content-Security-Policy: ` + serve.ContentSecurityPolicy + `
/index.html
  Content-Security-Policy: ` + serve.ContentSecurityPolicy + `

`)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		kind := serve.ContentType(name)
		if kind == "" || path.Ext(name) == ".map" {
			continue
		}
		fmt.Fprintf(&b, "/%s\n  Content-Type: %s\n  Cache-Control: %s\n", name, kind, serve.CacheControl(name))
	}
	return b.String()
}
