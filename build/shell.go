package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// shellEntry draws what the page shows first. It is run here and loaded by no browser.
const shellEntry = "src/shell.ts"

// shellSheet names the shell's style sheet, before its hash.
const shellSheet = "shell.css"

// shell is what the page shows before any script has run, as the scripts would draw it.
type shell struct {
	HTML string `json:"html"`
	CSS  string `json:"css"`
}

// shell draws the page in Node, with the templates and the schema that the scripts draw it with.
func (b *bundler) shell(ctx context.Context) (shell, error) {
	o := b.options()
	o.EntryPoints = []string{shellEntry}
	o.Platform, o.Format, o.Sourcemap = api.PlatformNode, api.FormatCommonJS, api.SourceMapNone
	o.Metafile, o.MinifyIdentifiers = false, false
	// The same wherever it is built: keys are named as most keyboards name them, and no address is the page's own.
	o.Banner = map[string]string{"js": `Object.defineProperty(globalThis, "navigator", {value: {platform: "", userAgent: "", vendor: ""}});
globalThis.location = {origin: ""};`}
	o.Plugins = []api.Plugin{b.cssPlugin()}
	made := api.Build(o)
	if err := failure(made.Errors); err != nil {
		return shell{}, err
	}
	dir, err := os.MkdirTemp("", "shell-")
	if err != nil {
		return shell{}, err
	}
	defer os.RemoveAll(dir)
	script := filepath.Join(dir, "shell.cjs")
	if err := os.WriteFile(script, made.OutputFiles[0].Contents, 0o644); err != nil {
		return shell{}, err
	}
	printed, err := (tool{dir: dir}).run(ctx, "node", script)
	if err != nil {
		return shell{}, err
	}
	var out shell
	if err := json.Unmarshal([]byte(printed), &out); err != nil {
		return shell{}, fmt.Errorf("what %s printed is no JSON: %w", shellEntry, err)
	}
	return out, nil
}

// into puts the shell into the element of a page, with its style sheet under the given name. The page asks for the sheet
// at once, and for its scripts after it.
func (s shell) into(html, sheet string) string {
	html = strings.Replace(html, "></completion-playground>", fmt.Sprintf(
		"><template shadowrootmode=\"open\"><link rel=\"stylesheet\" href=\"./%s\">%s</template></completion-playground>", sheet, s.HTML), 1)
	return strings.Replace(html, "<link rel=\"stylesheet\"", fmt.Sprintf("<link rel=\"preload\" href=\"./%s\" as=\"style\">\n<link rel=\"stylesheet\"", sheet), 1)
}
