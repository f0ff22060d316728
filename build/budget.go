package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"text/tabwriter"
)

// group is a part of the download that a person waits for at one time.
type group string

const (
	groupEmbed  group = "embed"  // what a page that embeds the element loads before anybody comes near it
	groupStart  group = "start"  // what the page loads, beside that, before it shows anything: HTML, style sheet, scripts
	groupLater  group = "later"  // scripts loaded on demand: the editor, the core without a Worker
	groupWorker group = "worker" // the Worker's script
	groupWasm   group = "wasm"   // the half of the core that checks
	groupRest   group = "rest"   // the other half

	groupCorePackage    group = "package-core" // the tarballs of the npm packages, in bytes as they are
	groupElementPackage group = "package-element"
)

// size is one built file.
type size struct {
	name              string
	group             group
	raw, gzip, brotli int
}

type sizes []size

// spare tells whether a file is the form of the core that a page loads only where the other does not start.
func spare(name string) bool { return strings.HasPrefix(name, "plain-") }

// measure puts every file that a browser loads into its group. Source maps, pictures and the spare core are not counted.
func measure(made *bundle, files, compressed map[string][]byte) sizes {
	start, embed := map[string]bool{"index.html": true}, map[string]bool{embedSheet: true}
	later := map[string]bool{}
	for output, o := range made.meta.Outputs {
		switch {
		case strings.HasSuffix(output, ".css"):
			start[path.Base(output)] = true
		case strings.HasSuffix(output, ".js"):
			later[path.Base(output)] = true
		}
		if path.Ext(o.EntryPoint) != ".ts" || !strings.HasSuffix(output, ".js") || (!made.entries[o.EntryPoint] && o.EntryPoint != viewEntry) {
			continue
		}
		in := start
		if o.EntryPoint == embedEntry {
			in = embed
		}
		for _, name := range made.meta.startChunks(o.EntryPoint) {
			in[name] = true
		}
	}
	var out sizes
	for name, data := range files {
		if name == embedScript { // another name of the script that is counted already, or an import of it
			continue
		}
		s := size{name: name, raw: len(data), gzip: len(compressed[name+".gz"]), brotli: len(compressed[name+".br"])}
		switch {
		case embed[name]:
			s.group = groupEmbed
		case start[name], strings.HasPrefix(name, "shell-"):
			s.group = groupStart
		case later[name]:
			s.group = groupLater
		case path.Ext(name) == ".js":
			s.group = groupWorker
		case strings.HasPrefix(name, "rest-"):
			s.group = groupRest
		case path.Ext(name) == ".wasm" && !spare(name):
			s.group = groupWasm
		default:
			continue
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b size) int {
		if a.group != b.group {
			return slices.Index(groups, a.group) - slices.Index(groups, b.group)
		}
		return b.raw - a.raw
	})
	return out
}

var groups = []group{groupEmbed, groupStart, groupLater, groupWorker, groupWasm, groupRest}

func (s sizes) print(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "group\tbytes\tgzip\tbrotli\t file")
	for _, f := range s {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t %s\n", f.group, f.raw, f.gzip, f.brotli, f.name)
	}
	t.Flush()
}

// budget is the most bytes that each group may have: brotli, and for packages those of the tarball.
type budget map[group]int

func readBudget(file string) (budget, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var b budget
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for _, g := range append(slices.Clone(groups), groupCorePackage, groupElementPackage) {
		if b[g] <= 0 {
			return nil, fmt.Errorf("%s: no budget for group %q", file, g)
		}
	}
	return b, nil
}

// checkTarballs names the packages that are over their budget.
func (b budget) checkTarballs(made []tarball) error {
	for _, t := range made {
		if t.bytes > b[t.group] {
			return fmt.Errorf("over the size budget of build/budget.json: %s has %d bytes, at most %d are allowed", t.group, t.bytes, b[t.group])
		}
	}
	return nil
}

// check names the groups that are over their budget.
func (b budget) check(s sizes) error {
	var over []string
	for _, g := range groups {
		sum := 0
		for _, f := range s {
			if f.group == g {
				sum += f.brotli
			}
		}
		if sum > b[g] {
			over = append(over, fmt.Sprintf("%s has %d bytes, at most %d are allowed", g, sum, b[g]))
		}
	}
	if len(over) > 0 {
		return fmt.Errorf("over the size budget of build/budget.json (brotli): %s", strings.Join(over, "; "))
	}
	return nil
}
