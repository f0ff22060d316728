package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
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

// The two npm packages. Each folder of web/packages has what a package says of itself; the rest is built.
const (
	corePackage    = "core"
	elementPackage = "element"
)

// tarball is a package as it would be published.
type tarball struct {
	group group
	file  string
	bytes int
}

func runPackages(ctx context.Context, p *project, args []string) error {
	flags := flag.NewFlagSet("packages", flag.ContinueOnError)
	if err := flags.Parse(args); err != nil {
		return err
	}
	made, err := p.packages(ctx)
	if err != nil {
		return err
	}
	for _, t := range made {
		fmt.Fprintf(p.out, "%9d bytes  %s\n", t.bytes, t.file)
	}
	return nil
}

// packages writes the tarballs of both packages into .cache/packages, out of what "build" has left. Nothing is published.
func (p *project) packages(ctx context.Context) ([]tarball, error) {
	if _, err := os.Stat(p.path("web", "dist", embedScript)); err != nil {
		return nil, errors.New(`the packages hold what "make build" makes, and there is no web/dist`)
	}
	if err := p.ensureModules(ctx); err != nil {
		return nil, err
	}
	version, err := p.version()
	if err != nil {
		return nil, err
	}
	if err := os.RemoveAll(p.packageFolder()); err != nil {
		return nil, err
	}
	var made []tarball
	for _, one := range []struct {
		name  string
		group group
		files func(*project, context.Context) (map[string][]byte, error)
	}{{corePackage, groupCorePackage, (*project).coreFiles}, {elementPackage, groupElementPackage, (*project).elementFiles}} {
		files, err := one.files(p, ctx)
		if err != nil {
			return nil, fmt.Errorf("package %s: %w", one.name, err)
		}
		file, err := p.pack(ctx, one.name, version, files)
		if err != nil {
			return nil, fmt.Errorf("package %s: %w", one.name, err)
		}
		info, err := os.Stat(file)
		if err != nil {
			return nil, err
		}
		made = append(made, tarball{one.group, file, int(info.Size())})
	}
	return made, nil
}

func (p *project) packageFolder() string { return p.path(".cache", "packages") }

var released = regexp.MustCompile(`(?m)^## \[(\d+\.\d+\.\d+)\]`)

// version is that of the newest release that the changelog tells of, and 0.0.0 before there is one.
func (p *project) version() (string, error) {
	text, err := os.ReadFile(p.path("CHANGELOG.md"))
	if err != nil {
		return "", err
	}
	if m := released.FindSubmatch(text); m != nil {
		return string(m[1]), nil
	}
	return "0.0.0", nil
}

// pack adds what a package says of itself to its files, and makes the tarball.
func (p *project) pack(ctx context.Context, name, version string, files map[string][]byte) (string, error) {
	source := p.path("web", "packages", name)
	text, err := os.ReadFile(filepath.Join(source, "package.json"))
	if err != nil {
		return "", err
	}
	const start = "{\n"
	if !strings.HasPrefix(string(text), start) {
		return "", errors.New("package.json does not begin with a line of its own")
	}
	files["package.json"] = []byte(fmt.Sprintf("%s  \"version\": %q,\n%s", start, version, text[len(start):]))
	if files["README.md"], err = os.ReadFile(filepath.Join(source, "README.md")); err != nil {
		return "", err
	}
	if files["LICENSE"], err = os.ReadFile(p.path("LICENSE")); err != nil {
		return "", err
	}
	if files["THIRD-PARTY.txt"], err = p.notices(ctx, name == elementPackage); err != nil {
		return "", err
	}
	folder := filepath.Join(p.packageFolder(), name)
	for file, data := range files {
		to := filepath.Join(folder, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(to, data, 0o644); err != nil {
			return "", err
		}
	}
	printed, err := (tool{dir: folder}).run(ctx, "npm", "pack", "--json", "--silent", "--ignore-scripts", "--pack-destination", p.packageFolder())
	if err != nil {
		return "", err
	}
	var told []struct{ Filename string }
	if err := json.Unmarshal([]byte(printed), &told); err != nil || len(told) != 1 {
		return "", fmt.Errorf("what npm pack printed names no file: %s", printed)
	}
	return filepath.Join(p.packageFolder(), told[0].Filename), nil
}

// coreFiles are the headless core: scripts for files that are fetched and for those that are read, one core for both, and
// the types, which are those of the sources.
func (p *project) coreFiles(ctx context.Context) (map[string][]byte, error) {
	b, err := p.bundler(ctx, true)
	if err != nil {
		return nil, err
	}
	extra := newOutputs()
	o := b.pageOptions([]string{"src/headless/index.ts", "src/headless/node.ts", "src/headless/stream.ts"}, extra)
	o.EntryNames, o.Sourcemap = "[name]", api.SourceMapNone
	o.External = []string{"node:*"}
	made, err := finish(api.Build(o), extra, o.EntryPoints)
	if err != nil {
		return nil, err
	}
	files := maps.Clone(made.files)
	if files["core.wasm"], err = os.ReadFile(p.wasmFile()); err != nil {
		return nil, err
	}
	types, err := p.declarations(ctx, corePackage, "headless/index.d.ts", "headless/stream.d.ts")
	maps.Copy(files, types)
	return files, err
}

// elementFiles are what the element is made of, below files/, with its types and its manifest. It knows no hashes: whoever
// bundles it makes other files of these.
func (p *project) elementFiles(ctx context.Context) (map[string][]byte, error) {
	b, err := p.bundler(ctx, true)
	if err != nil {
		return nil, err
	}
	made, err := b.forBundlers()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{"index.js": []byte("import \"./files/" + embedScript + "\";\n")}
	for name, data := range made {
		files["files/"+name] = data
	}
	for name, from := range map[string]string{
		embedSheet:   p.path("web", "dist", embedSheet),
		"core.wasm":  filepath.Join(p.wasmFolder(), "core.wasm"),
		"rest.wasm":  filepath.Join(p.wasmFolder(), "rest.wasm"),
		"plain.wasm": filepath.Join(p.wasmFolder(), "plain.wasm"),
	} {
		if files["files/"+name], err = os.ReadFile(from); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"react.js", "react.d.ts"} {
		if files[name], err = os.ReadFile(p.path("web", "packages", elementPackage, name)); err != nil {
			return nil, err
		}
	}
	if files["custom-elements.json"], err = p.manifest(ctx); err != nil {
		return nil, err
	}
	types, err := p.declarations(ctx, elementPackage, "npm.d.ts")
	maps.Copy(files, types)
	return files, err
}

// forBundlers bundles the element for whoever bundles it once more, without the compiled core.
func (b *bundler) forBundlers() (map[string][]byte, error) {
	b.addressed = true
	extra := newOutputs()
	o := b.pageOptions(nil, extra)
	o.EntryPointsAdvanced = []api.EntryPoint{{InputPath: embedEntry, OutputPath: strings.TrimSuffix(embedScript, ".js")}}
	o.EntryNames, o.Sourcemap = "[name]", api.SourceMapNone
	o.Plugins = append([]api.Plugin{unpublishedPlugin()}, o.Plugins...)
	made, err := finish(api.Build(o), extra, []string{embedEntry})
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(made.files, func(name string, _ []byte) bool { return path.Ext(name) == ".map" })
	return made.files, nil
}

// manifest runs web/packages/element/print-manifest.ts.
func (p *project) manifest(ctx context.Context) ([]byte, error) {
	b, err := p.bundler(ctx, false)
	if err != nil {
		return nil, err
	}
	o := b.pageOptions([]string{"packages/element/print-manifest.ts"}, newOutputs())
	o.Platform, o.Format, o.Splitting, o.Sourcemap = api.PlatformNode, api.FormatCommonJS, false, api.SourceMapNone
	o.External = []string{"*/view.ts", "*/core/hub.ts"} // what the element loads is not looked at
	made := api.Build(o)
	if err := failure(made.Errors); err != nil {
		return nil, err
	}
	script := filepath.Join(p.packageFolder(), "print-manifest.cjs")
	if err := os.MkdirAll(filepath.Dir(script), 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(script, made.OutputFiles[0].Contents, 0o644); err != nil {
		return nil, err
	}
	printed, err := (tool{}).run(ctx, "node", script, p.path("web", "docs", "embed.md"))
	return []byte(printed + "\n"), err
}

// sibling matches the address of another source in a declaration.
var sibling = regexp.MustCompile(`((?:from|import)\s*\(?\s*")(\.[^"]+)\.ts"`)

// declarations has the type checker write the declarations of a package, and returns those that the entries need, at any
// depth, below types/. What else it comes across, such as the views behind the element, need not be declarable; whether
// types are right is for the step "types" to say.
func (p *project) declarations(ctx context.Context, name string, entries ...string) (map[string][]byte, error) {
	out := filepath.Join(p.packageFolder(), name+"-types")
	config := p.path("web", "packages", name)
	_, told := tool{dir: p.path("web")}.run(ctx, "node", "node_modules/typescript/bin/tsc", "-p", config, "--outDir", out)
	found := map[string][]byte{}
	for queue := slices.Clone(entries); len(queue) > 0; queue = queue[1:] {
		file := "types/" + queue[0]
		if found[file] != nil {
			continue
		}
		text, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(queue[0])))
		if err != nil {
			return nil, errors.Join(err, told)
		}
		for _, m := range sibling.FindAllSubmatch(text, -1) {
			queue = append(queue, path.Join(path.Dir(queue[0]), string(m[2])+".d.ts"))
		}
		found[file] = sibling.ReplaceAll(text, []byte(`$1$2.js"`))
	}
	return found, nil
}
