package main

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/completion-playground/playground/core/serve"
	"github.com/evanw/esbuild/pkg/api"
)

// pollInterval is how often dev looks for changes. Reading a few hundred file times costs a millisecond; a notification
// library would be one more dependency and still differ from one system to the next.
const pollInterval = 300 * time.Millisecond

// reloadScript reloads the page after each build, and after the server came back. It is a file of its own because the
// page's policy forbids inline scripts.
const reloadScript = `const events = new EventSource("/dev/events");
let open = false;
events.addEventListener("open", () => { if (open) location.reload(); open = true; });
events.addEventListener("built", () => location.reload());
`

func runDev(ctx context.Context, p *project, args []string) error {
	flags := flag.NewFlagSet("dev", flag.ContinueOnError)
	addr := flags.String("addr", serve.DefaultAddr, "address to listen on")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := p.ensureModules(ctx); err != nil {
		return err
	}
	b, err := p.bundler(ctx, false)
	if err != nil {
		return err
	}
	d := &dev{project: p, bundler: b, built: newBell()}
	defer d.dispose()
	seen := d.snapshot()
	if err := d.rebuild(ctx, true); err != nil {
		return err
	}
	listener, err := serve.Listen(ctx, *addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "serving the playground at http://%s, rebuilding on change\n", listener.Addr())
	go d.watch(ctx, seen)
	mux := http.NewServeMux()
	mux.HandleFunc("/dev/reload.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", serve.ContentType(".js"))
		_, _ = w.Write([]byte(reloadScript)) // the client has gone; there is nobody to tell
	})
	mux.HandleFunc("/dev/events", d.events)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { (*d.pages.Load()).ServeHTTP(w, r) })
	return serve.Until(ctx, listener, serve.Handler(*addr, mux, serve.Demo()))
}

// dev is a page that follows its sources.
type dev struct {
	project *project
	bundler *bundler
	pages   atomic.Pointer[serve.Site]
	built   *bell

	// The bundling context is kept for its cache; it is renewed when web/index.html names other entry points.
	context api.BuildContext
	entries string
	workers *outputs
}

// rebuild brings the page up to date; core says that Go sources changed.
func (d *dev) rebuild(ctx context.Context, core bool) error {
	if core {
		if err := d.project.compileWasm(ctx); err != nil {
			return err
		}
	}
	html, err := os.ReadFile(d.project.path("web", "index.html"))
	if err != nil {
		return err
	}
	entries, _ := pageEntries(d.bundler.web, string(html))
	if joined := strings.Join(entries, "\n"); d.context == nil || joined != d.entries {
		d.dispose()
		d.workers, d.entries = newOutputs(), joined
		fresh, problem := api.Context(d.bundler.pageOptions(entries, d.workers))
		if problem != nil {
			return failure(problem.Errors)
		}
		d.context = fresh
	}
	made, err := finish(d.context.Rebuild(), d.workers, entries)
	if err != nil {
		return err
	}
	first, err := d.bundler.shell(ctx)
	if err != nil {
		return err
	}
	files, err := assemble(d.bundler.web, string(html), made, first)
	if err != nil {
		return err
	}
	pages, err := serve.NewSite(files, func(html string) string {
		return strings.Replace(html, "</head>", "<script type=\"module\" src=\"/dev/reload.js\"></script>\n</head>", 1)
	})
	if err != nil {
		return err
	}
	d.pages.Store(&pages)
	return nil
}

func (d *dev) dispose() {
	if d.context != nil {
		d.context.Dispose()
		d.context = nil
	}
}

// watch rebuilds whenever a source changed since seen. A source that does not compile leaves the last page standing.
func (d *dev) watch(ctx context.Context, seen map[string]time.Time) {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := d.snapshot()
		changed, core := difference(seen, now)
		if !changed {
			continue
		}
		seen = now
		started := time.Now()
		if err := d.rebuild(ctx, core); err != nil {
			if ctx.Err() == nil {
				fmt.Fprintln(d.project.out, err)
			}
			continue
		}
		fmt.Fprintf(d.project.out, "rebuilt in %.1f s\n", time.Since(started).Seconds())
		d.built.ring()
	}
}

// snapshot notes when each source was last written.
func (d *dev) snapshot() map[string]time.Time {
	times := map[string]time.Time{}
	for _, folder := range []string{"core", "schema", "wasm", filepath.Join("web", "src"), filepath.Join("web", "index.html")} {
		_ = filepath.WalkDir(d.project.path(folder), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return nil // a file that vanishes while we look is a change that the next look shows
			}
			if info, err := e.Info(); err == nil {
				times[path] = info.ModTime()
			}
			return nil
		})
	}
	return times
}

// difference reports whether anything changed, and whether that concerns the core: Go sources and what they embed.
func difference(old, now map[string]time.Time) (changed, core bool) {
	note := func(path string) {
		changed = true
		core = core || !strings.Contains(filepath.ToSlash(path), "/web/")
	}
	for path, t := range now {
		if was, ok := old[path]; !ok || !was.Equal(t) {
			note(path)
		}
	}
	for path := range old {
		if _, ok := now[path]; !ok {
			note(path)
		}
	}
	return changed, core
}

// events tells the page of each build, for as long as it listens.
func (d *dev) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	for {
		rung := d.built.wait()
		if err := control.Flush(); err != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-rung:
		}
		if _, err := fmt.Fprint(w, "event: built\ndata:\n\n"); err != nil {
			return
		}
	}
}

// bell wakes everybody who waits.
type bell struct {
	mu   sync.Mutex
	next chan struct{}
}

func newBell() *bell { return &bell{next: make(chan struct{})} }

// wait returns a channel that is closed at the next ring.
func (b *bell) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.next
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.next)
	b.next = make(chan struct{})
}
