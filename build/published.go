package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// What the page loads is known by its hashes, so that nothing runs that is not what was built. The scripts are bundled in
// two steps, since the hashes have to be in one of them: first all that is loaded on demand, in which every import() asks
// the element for the part (web/src/model/parts.ts), then the element by itself, with the hashes of all others as data
// (web/src/published.ts). Whoever loads that one file with its hash has verified all of it.

// partsModule is the source that every import() goes through.
const partsModule = "src/model/parts.ts"

// published bundles the entry points, which are paths relative to web/, and the element's own with the hashes of all others.
func (b *bundler) published(entries []string) (*bundle, error) {
	inner := slices.Clone(entries)
	for n, entry := range inner {
		if entry == embedEntry {
			inner[n] = viewEntry
		}
	}
	inner = append(inner, checkerEntry)
	extra := newOutputs()
	o := b.pageOptions(inner, extra)
	o.Plugins = append([]api.Plugin{b.partsPlugin()}, o.Plugins...)
	made, err := finish(api.Build(o), extra, inner)
	if err != nil {
		return nil, err
	}
	table, err := made.hashes()
	if err != nil {
		return nil, err
	}
	entry := b.options()
	entry.EntryPointsAdvanced = []api.EntryPoint{{InputPath: embedEntry, OutputPath: strings.TrimSuffix(embedScript, ".js")}}
	entry.Format = api.FormatESModule
	entry.Plugins = []api.Plugin{
		filesPlugin(table), outerPlugin(path.Base(viewEntry), made.meta.entryOutputs()[viewEntry]),
		outerPlugin(path.Base(checkerEntry), made.meta.entryOutputs()[checkerEntry]), b.cssPlugin(),
	}
	outer, err := finish(api.Build(entry), newOutputs(), []string{embedEntry})
	if err != nil {
		return nil, err
	}
	maps.Copy(made.files, outer.files)
	maps.Copy(made.meta.Outputs, outer.meta.Outputs)
	made.entries[embedEntry] = true
	return made, nil
}

// hashTable has, for each part that is loaded on demand, by its source, the files that it takes beside those of the view,
// its own first; and, under "", those that are no modules. Each file has its SHA-256 in base64.
type hashTable map[string]fileHashes

// fileHashes keep the order of files.
type fileHashes struct {
	names  []string
	hashes map[string]string
}

func (f fileHashes) MarshalJSON() ([]byte, error) {
	members := make([]string, len(f.names))
	for n, name := range f.names {
		members[n] = fmt.Sprintf("%q:%q", name, f.hashes[name])
	}
	return []byte("{" + strings.Join(members, ",") + "}"), nil
}

func (h hashTable) add(part, name string, data []byte) {
	group := h[part]
	if group.hashes == nil {
		group.hashes = map[string]string{}
	}
	sum := sha256.Sum256(data)
	group.names, group.hashes[name] = append(group.names, name), base64.StdEncoding.EncodeToString(sum[:])
	h[part] = group
}

// hashes makes the table of a bundle. It is an error if a file that a browser runs is in none of its groups.
func (b *bundle) hashes() (hashTable, error) {
	table, seen := hashTable{}, map[string]bool{}
	view := b.meta.startChunks(viewEntry)
	for source, output := range b.meta.entryOutputs() {
		if path.Ext(output) != ".js" {
			continue
		}
		for n, name := range b.meta.startChunks(source) {
			seen[name] = true
			if source == viewEntry || n == 0 || !slices.Contains(view, name) {
				table.add(source, name, b.files[name])
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.files)) {
		loaded := path.Ext(name) == ".js" || path.Ext(name) == ".wasm"
		if !loaded || seen[name] {
			continue
		}
		if strings.HasPrefix(name, "chunk-") {
			return nil, fmt.Errorf("%s belongs to no part, so its hash would be nowhere", name)
		}
		table.add("", name, b.files[name])
	}
	return table, nil
}

// dynamic finds each import() of a file beside a source, and what before it makes it a type or a method.
var dynamic = regexp.MustCompile(`(\btypeof\s+|\.)?\bimport\(\s*("\.[^"]+")\s*\)`)

// partsPlugin writes each import() of the page's sources as a call of part(), with the source as its name.
func (b *bundler) partsPlugin() api.Plugin {
	return api.Plugin{Name: "parts", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: `\.ts$`, Namespace: "file"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			source, err := os.ReadFile(a.Path)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			contents := b.throughParts(a.Path, string(source))
			return api.OnLoadResult{Contents: &contents, Loader: api.LoaderTS}, nil
		})
	}}
}

func (b *bundler) throughParts(file, source string) string {
	dir, changed := filepath.Dir(file), false
	relative := func(from, to string) string {
		name, err := filepath.Rel(from, to)
		if err != nil {
			return to // on another disk; the bundler will say that there is no such file
		}
		return filepath.ToSlash(name)
	}
	source = dynamic.ReplaceAllStringFunc(source, func(call string) string {
		m := dynamic.FindStringSubmatch(call)
		if m[1] != "" {
			return call
		}
		changed = true
		name := relative(b.web, filepath.Join(dir, filepath.FromSlash(strings.Trim(m[2], `"`))))
		return fmt.Sprintf("__part(%q, () => import(%s))", name, m[2])
	})
	if !changed {
		return source
	}
	// At the end, so that lines keep their numbers.
	parts := relative(dir, filepath.Join(b.web, filepath.FromSlash(partsModule)))
	if !strings.HasPrefix(parts, ".") {
		parts = "./" + parts
	}
	return source + fmt.Sprintf("\nimport { part as __part } from %q;\n", parts)
}

// filesPlugin resolves "build:files" to the table.
func filesPlugin(table hashTable) api.Plugin {
	return api.Plugin{Name: "files", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `^build:files$`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: a.Path, Namespace: "files"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "files"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			data, err := json.Marshal(table)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			contents := "export default " + string(data)
			return api.OnLoadResult{Contents: &contents, Loader: api.LoaderJS}, nil
		})
	}}
}

// unpublishedPlugin leaves out what loads published files: bundlers would take its addresses for modules of theirs.
func unpublishedPlugin() api.Plugin {
	return api.Plugin{Name: "unpublished", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: `/src/published\.ts$`}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			contents := "export const published = undefined;"
			return api.OnLoadResult{Contents: &contents, Loader: api.LoaderJS}, nil
		})
	}}
}

// outerPlugin leaves the import() of a source as one of the file that was made of it.
func outerPlugin(source, file string) api.Plugin {
	return api.Plugin{Name: "outer", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `/` + regexp.QuoteMeta(source) + `$`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			if a.Kind != api.ResolveJSDynamicImport {
				return api.OnResolveResult{}, nil
			}
			return api.OnResolveResult{Path: "./" + file, External: true}, nil
		})
	}}
}

// ownFile finds a tag that loads a file of the build as a script or a style sheet.
var ownFile = regexp.MustCompile(`<(?:script [^>]*src|link rel="(?:stylesheet|modulepreload|preload)" href)="\./([^"]+\.(?:js|css))"`)

// withIntegrity says in a page of the build what each script and style sheet that it names has to be.
func withIntegrity(html string, files map[string][]byte) string {
	return ownFile.ReplaceAllStringFunc(html, func(tag string) string {
		data, ok := files[ownFile.FindStringSubmatch(tag)[1]]
		if !ok {
			return tag
		}
		return tag + fmt.Sprintf(` integrity="%s"`, integrity(data))
	})
}

// integrity is the value of the attribute of that name.
func integrity(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
