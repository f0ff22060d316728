// Package docs makes the pages of the documentation site as Markdown, which VitePress turns into HTML: those that are
// written in web/docs, and those that are made from the schema, the profiles, what is known of servers, and the core.
package docs

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Page is one page of the site.
type Page struct {
	Path   string // below the site, such as "fields/max_tokens.md"
	Source string // the file of the checkout it is written in; "" where it is made
	Group  string // where the menu has it; "" for nowhere
	Title  string // in the menu
	About  string // one sentence for lists of pages
	Text   string // Markdown with front matter
}

// Groups are the parts of the menu, in order.
var Groups = []string{"Use", "Reference", "Fields", "Servers", "Background"}

// reference is the order of that part; pages of others stay as they are.
var reference = []string{"fields/index.md", "codes.md", "servers/index.md", "probe.md"}

// written lists the pages that are no more than a file of the checkout.
var written = []Page{
	{Path: "index.md", Source: "web/docs/index.md", Title: "Completion Playground", About: "Checks a request to POST /v1/completions before it is sent: every mistake at its place, in words, with its fix."},
	{Path: "start.md", Source: "web/docs/start.md", Group: "Use", Title: "Getting started", About: "The first minutes in a browser, in a page of your own and in Go."},
	{Path: "embed.md", Source: "web/docs/embed.md", Group: "Use", Title: "The element", About: "Attributes, methods, events, and what a page must allow."},
	{Path: "library.md", Source: "web/docs/library.md", Group: "Use", Title: "The Go library", About: "Checking, mending, building, sending and reading, by examples that are tests."},
	{Path: "command.md", Source: "core/cmd/completions/commands.md", Group: "Use", Title: "The command", About: "Checking, converting and sending requests at a terminal and in CI."},
	{Path: "editors.md", Source: "web/docs/editors.md", Group: "Use", Title: "In an editor", About: "The JSON Schema of each server, for editors that know JSON Schema."},
	{Path: "streams.md", Source: "web/docs/streams.md", Group: "Use", Title: "Streams", About: "Requests checked on their way through Benthos or Redpanda Connect."},
	{Path: "codes.md", Source: "core/codes.md", Group: "Reference", Title: "Issue codes", About: "Every code with a text that has it, what is said, and the text after the fix."},
	{Path: "probe.md", Source: "web/docs/probe.md", Group: "Reference", Title: "The probe", About: "How it is found out what a server does with each field."},
	{Path: "architecture.md", Source: "web/docs/architecture.md", Group: "Background", Title: "Architecture", About: "How the parts fit together, and what was rejected."},
	{Path: "security.md", Source: "web/docs/security.md", Group: "Background", Title: "Security model", About: "Who is trusted with what, and what holds it."},
	{Path: "versions.md", Source: "web/docs/versions.md", Group: "Background", Title: "Versions", About: "What stays the same from version to version."},
	{Path: "changelog.md", Source: "CHANGELOG.md", Group: "Background", Title: "Changelog", About: "What has changed."},
}

// Pages returns all pages of the site. root is the checkout; repository is the address of its files on the web, such as
// "https://github.com/owner/name". It fails where a page links to what is not there.
func Pages(root fs.FS, repository string) ([]Page, error) {
	facts, err := readFacts(root)
	if err != nil {
		return nil, err
	}
	pages := make([]Page, 0, 50)
	for _, p := range written {
		text, err := fs.ReadFile(root, p.Source)
		if err != nil {
			return nil, err
		}
		if p.Text, err = insertions(root, p.Source, string(text)); err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	pages = append(pages, facts.fieldPages()...)
	servers, err := facts.serverPages(root)
	if err != nil {
		return nil, err
	}
	pages = append(pages, servers...)
	l := linker{root: root, repository: repository, bySource: map[string]string{
		"schema/completion-request.json": "fields/index.md",
		"schema/profiles":                "servers/index.md",
	}}
	for _, p := range pages {
		if p.Source != "" {
			l.bySource[p.Source] = p.Path
		}
	}
	slices.SortStableFunc(pages, func(a, b Page) int { return slices.Index(reference, a.Path) - slices.Index(reference, b.Path) })
	for i := range pages {
		p := &pages[i]
		if p.Source != "" {
			if p.Text, err = l.rewrite(p.Source, p.Path, p.Text); err != nil {
				return nil, err
			}
		}
		if !strings.HasPrefix(p.Text, "---\n") {
			p.Text = frontMatter(p.Title, p.About) + p.Text
		}
	}
	return pages, checkLinks(pages)
}

// frontMatter starts a page. JSON texts are YAML too.
func frontMatter(title, about string, more ...string) string {
	quote := func(text string) string {
		quoted, _ := json.Marshal(text) // a text has no error
		return string(quoted)
	}
	lines := append([]string{"title: " + quote(title), "description: " + quote(about)}, more...)
	return "---\n" + strings.Join(lines, "\n") + "\n---\n\n"
}

// linker changes links between files of the checkout into links between pages, or to the file on the web.
type linker struct {
	root       fs.FS
	repository string
	bySource   map[string]string // paths of pages by the files that they come from
}

func (l linker) rewrite(source, page, text string) (string, error) {
	var failed error
	text = eachLink(text, func(target string) string {
		address, anchor, _ := strings.Cut(target, "#")
		if address == "" || strings.Contains(address, ":") {
			return target
		}
		if anchor != "" {
			anchor = "#" + anchor
		}
		file := path.Join(path.Dir(source), address)
		if to, ok := l.bySource[file]; ok {
			return relative(page, to) + anchor
		}
		info, err := fs.Stat(l.root, file)
		if err != nil {
			failed = fmt.Errorf("%s links to %s, which is not there", source, target)
			return target
		}
		kind := "blob"
		if info.IsDir() {
			kind = "tree"
		}
		return l.repository + "/" + kind + "/main/" + file + anchor
	})
	return text, failed
}

// relative is the link from one page to another.
func relative(from, to string) string {
	return strings.Repeat("../", strings.Count(from, "/")) + to
}

// checkLinks fails on a link to a page, or to a heading, that is not there.
func checkLinks(pages []Page) error {
	anchors := map[string]map[string]bool{}
	for _, p := range pages {
		anchors[p.Path] = Anchors(p.Text)
	}
	var failed error
	for _, p := range pages {
		eachLink(p.Text, func(target string) string {
			address, anchor, _ := strings.Cut(target, "#")
			if strings.Contains(address, ":") {
				return target
			}
			to := p.Path
			if address != "" {
				to = path.Join(path.Dir(p.Path), address)
			}
			switch have, ok := anchors[to]; {
			case !ok:
				failed = fmt.Errorf("%s links to %s, which is not there", p.Path, target)
			case anchor != "" && !have[anchor]:
				failed = fmt.Errorf("%s links to %s, which has no such heading", p.Path, target)
			}
			return target
		})
	}
	return failed
}
