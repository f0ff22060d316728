package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var reference = regexp.MustCompile(`\b(src|href)="([^":#?]+)"`)

// embedEntry defines the element. viewEntry is what it loads when somebody comes near, which on its own page is at once: after
// the first paint, and fetched before. Paths of entry points are relative to web/.
const (
	embedEntry = "src/main.ts"
	viewEntry  = "src/view.ts"
	// checkerEntry starts the Worker that checks, beside the view.
	checkerEntry = "src/core/hub.ts"
)

// pageEntries lists the files of web/ that web/index.html refers to: scripts and style sheets to bundle, and others to
// copy. The script for other pages is bundled too. Paths are relative to web/.
func pageEntries(web, html string) (bundled, copied []string) {
	for _, m := range reference.FindAllStringSubmatch(html, -1) {
		name := path.Clean(strings.TrimPrefix(m[2], "/"))
		if info, err := os.Stat(filepath.Join(web, name)); err != nil || info.IsDir() {
			continue
		}
		switch path.Ext(name) {
		case ".ts", ".css":
			bundled = append(bundled, name)
		default:
			copied = append(copied, name)
		}
	}
	if !slices.Contains(bundled, embedEntry) {
		bundled = append(bundled, embedEntry)
	}
	return bundled, copied
}

// writePage rewrites the references of web/index.html to the names in outputs (source path → file name) and asks the
// browser to fetch the chunks that the scripts import straight away together with them.
func writePage(html string, outputs map[string]string, preload []string) string {
	html = reference.ReplaceAllStringFunc(html, func(attribute string) string {
		m := reference.FindStringSubmatch(attribute)
		if name, ok := outputs[path.Clean(strings.TrimPrefix(m[2], "/"))]; ok {
			return fmt.Sprintf(`%s="./%s"`, m[1], name)
		}
		return attribute
	})
	var links strings.Builder
	for _, name := range preload {
		fmt.Fprintf(&links, "<link rel=\"modulepreload\" href=\"./%s\">\n", name)
	}
	return strings.Replace(html, "</head>", links.String()+"</head>", 1)
}

// entryOutputs maps each entry point to the name of its bundle.
func (m *metafile) entryOutputs() map[string]string {
	names := map[string]string{}
	for output, o := range m.Outputs {
		if o.EntryPoint != "" && !strings.HasSuffix(output, ".map") {
			names[o.EntryPoint] = path.Base(output)
		}
	}
	return names
}

// startChunks lists the names of all files that an entry point loads before it runs: itself first, then what it imports
// statically, at any depth, in order of name.
func (m *metafile) startChunks(entry string) []string {
	seen := map[string]bool{}
	var visit func(output string)
	visit = func(output string) {
		if seen[output] {
			return
		}
		seen[output] = true
		for _, i := range m.Outputs[output].Imports {
			if i.Kind == "import-statement" && !i.External {
				visit(i.Path)
			}
		}
	}
	var first string
	for output, o := range m.Outputs {
		if o.EntryPoint == entry {
			first = output
			visit(output)
		}
	}
	var rest []string
	for output := range seen {
		if output != first {
			rest = append(rest, path.Base(output))
		}
	}
	slices.Sort(rest)
	return append([]string{path.Base(first)}, rest...)
}
