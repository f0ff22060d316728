package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/completion-playground/playground/build/docs"
	"github.com/completion-playground/playground/core/serve"
)

// docsFolder has the documentation site: pages, settings, and the lock file of its generator, which is not among the
// page's own packages. The site is made in docsMade, where these are copied to and the packages lie, since VitePress writes
// beside its settings, and looks for packages beside the pages.
const docsFolder, docsMade = "web/docs", ".cache/docs"

// docsAddr is where the site is served. Like serve.DefaultAddr, it is no server's of the list.
const docsAddr = "127.0.0.1:7421"

func runDocs(ctx context.Context, p *project, args []string) error {
	flags := flag.NewFlagSet("docs", flag.ContinueOnError)
	base := flags.String("base", "/", "path of the site on its host, such as /playground/")
	addr := flags.String("addr", "", "serve the site there when it is built, such as "+docsAddr)
	if err := flags.Parse(args); err != nil {
		return err
	}
	started := time.Now()
	if err := p.buildDocs(ctx, *base); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "built .cache/docs/site in %.1f s\n", time.Since(started).Seconds())
	if *addr == "" {
		return nil
	}
	listener, err := serve.Listen(ctx, *addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "serving the documentation at http://%s%s\n", listener.Addr(), *base)
	return serve.Until(ctx, listener, newDocsServer(*addr, *base, p.path(docsMade, "site")))
}

// buildDocs makes the site in .cache/docs/site, with the built page's files for its live elements below "playground".
func (p *project) buildDocs(ctx context.Context, base string) error {
	if !strings.HasPrefix(base, "/") || !strings.HasSuffix(base, "/") {
		return fmt.Errorf("-base is %q, want a path such as /playground/", base)
	}
	dist := p.path("web", "dist")
	if _, err := os.Stat(filepath.Join(dist, embedScript)); err != nil {
		return errors.New("web/dist is missing; \"make build\" makes it")
	}
	repository, err := p.repository()
	if err != nil {
		return err
	}
	pages, err := docs.Pages(os.DirFS(p.root), repository)
	if err != nil {
		return err
	}
	made := p.path(docsMade)
	for _, old := range []string{"pages", "site", ".vitepress"} {
		if err := os.RemoveAll(filepath.Join(made, old)); err != nil {
			return err
		}
	}
	files, err := p.docsInputs(pages, base, repository)
	if err != nil {
		return err
	}
	if err := writeAll(made, files); err != nil {
		return err
	}
	if err := p.installModules(ctx, docsMade); err != nil {
		return err
	}
	if _, err := (tool{dir: made}).run(ctx, "node", "node_modules/vitepress/bin/vitepress.js", "build", "."); err != nil {
		return err
	}
	site := filepath.Join(made, "site")
	if err := os.CopyFS(filepath.Join(site, "playground"), withoutMaps{os.DirFS(dist)}); err != nil {
		return err
	}
	return finishDocs(site, base)
}

// docsInputs are the files that VitePress reads, below .cache/docs.
func (p *project) docsInputs(pages []docs.Page, base, repository string) (map[string][]byte, error) {
	type entry struct {
		Title string `json:"title"`
		Path  string `json:"path"`
	}
	type group struct {
		Title string  `json:"title"`
		Pages []entry `json:"pages"`
	}
	var menu []group
	files := map[string][]byte{}
	for _, name := range docs.Groups {
		g := group{Title: name}
		for _, page := range pages {
			if page.Group == name {
				g.Pages = append(g.Pages, entry{page.Title, page.Path})
			}
		}
		menu = append(menu, g)
	}
	sources := os.DirFS(p.path(docsFolder))
	for _, pattern := range []string{"package*.json", ".npmrc", ".vitepress/*.*ts", ".vitepress/theme/*.*"} {
		names, err := fs.Glob(sources, pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if files[name], err = fs.ReadFile(sources, name); err != nil {
				return nil, err
			}
		}
	}
	for _, page := range pages {
		files["pages/"+page.Path] = []byte(page.Text)
		if page.Group != "" {
			files["pages/public/"+page.Path] = []byte(docs.Plain(page.Text))
		}
	}
	list, full := docs.Digest(pages, pages[0].About)
	files["pages/public/llms.txt"], files["pages/public/llms-full.txt"] = []byte(list), []byte(full)
	schemas, err := docs.Schemas()
	if err != nil {
		return nil, err
	}
	for name, text := range schemas {
		files["pages/public/schema/"+name] = text
	}
	if files["site.json"], err = json.Marshal(map[string]any{"base": base, "repository": repository, "menu": menu}); err != nil {
		return nil, err
	}
	if files["pages/public/icon.svg"], err = os.ReadFile(p.path("web", "src", "icon.svg")); err != nil {
		return nil, err
	}
	sheet, err := os.ReadFile(p.path("web", "src", "ui", "styles", "tokens.css"))
	if err != nil {
		return nil, err
	}
	files["tokens.css"], err = siteTokens(string(sheet))
	return files, err
}

// token is the definition of a custom property.
var token = regexp.MustCompile(`(?s)\n  (--[\w-]+:[^;]+;)`)

// siteTokens gives the colours, sizes and fonts of the page to all of a document.
func siteTokens(sheet string) ([]byte, error) {
	var out strings.Builder
	out.WriteString(":root {\n")
	found := token.FindAllStringSubmatch(sheet, -1)
	if len(found) < 20 {
		return nil, errors.New("tokens.css has hardly any custom properties")
	}
	for _, m := range found {
		out.WriteString("  " + m[1] + "\n")
	}
	return []byte(out.String() + "}\n"), nil
}

// repository is where the checkout's files are shown on the web: the module's path is its address.
func (p *project) repository() (string, error) {
	text, err := os.ReadFile(p.path("go.mod"))
	if err != nil {
		return "", err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return "https://" + strings.TrimPrefix(first, "module "), nil
}

// withoutMaps leaves out what only a debugger reads.
type withoutMaps struct{ fs.FS }

func (w withoutMaps) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(w.FS, name)
	kept := entries[:0]
	for _, e := range entries {
		if !strings.Contains(e.Name(), ".map") {
			kept = append(kept, e)
		}
	}
	return kept, err
}

func writeAll(dir string, files map[string][]byte) error {
	for name, data := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// testDocs builds the site from the page that was built, and looks at it in a browser. It fetches packages that nothing else
// needs, and takes a minute.
func (p *project) testDocs(ctx context.Context) error {
	const base = "/"
	if err := p.buildDocs(ctx, base); err != nil {
		return noRegistry(err)
	}
	handler := func(address string) http.Handler { return newDocsServer(address, base, p.path(docsMade, "site")) }
	return serving(ctx, handler, func(ctx context.Context, at string) error {
		return p.testNode(ctx, "docs", pageAddress+at)
	})
}

// newDocsServer serves the built site. Its pages bring their policy themselves.
func newDocsServer(addr, base, site string) http.Handler {
	files := http.StripPrefix(strings.TrimSuffix(base, "/"), http.FileServer(http.Dir(site)))
	return serve.Guard(addr, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		if kind := serve.ContentType(r.URL.Path); kind != "" {
			h.Set("Content-Type", kind)
		}
		files.ServeHTTP(w, r)
	}))
}
