package main

import (
	"context"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// frameworks holds pages that React, Vue and Svelte draw, with packages of its own.
const frameworks = "web/test/frameworks"

// testFrameworks opens pages of React, Vue and Svelte with the element in them. It runs when it is named, or in the deep mode,
// because it fetches packages that nothing else needs.
func (p *project) testFrameworks(ctx context.Context) error {
	if err := p.installModules(ctx, frameworks); err != nil {
		return noRegistry(err)
	}
	made := api.Build(api.BuildOptions{
		EntryPoints: []string{p.path(frameworks, "react.jsx"), p.path(frameworks, "vue.js"), p.path(frameworks, "svelte.js")},
		Outdir:      p.path(".cache", "frameworks"), Write: true, Bundle: true, Format: api.FormatESModule, Target: api.ES2022,
		JSX: api.JSXAutomatic, Plugins: []api.Plugin{p.sveltePlugin(ctx)}, Conditions: []string{"browser", "svelte"},
		Define: map[string]string{
			"process.env.NODE_ENV": `"production"`, "__VUE_OPTIONS_API__": "true", "__VUE_PROD_DEVTOOLS__": "false",
			"__VUE_PROD_HYDRATION_MISMATCH_DETAILS__": "false",
		},
	})
	if err := failure(made.Errors); err != nil {
		return err
	}
	return p.whileServed(ctx, func(ctx context.Context, addresses []string) error {
		return p.testNode(ctx, "frameworks", addresses...)
	})
}

// generators are the smallest sites of generators of documentation, each with packages of its own below web/test/generators,
// and how they are built into a folder.
var generators = []struct {
	name  string
	build func(out string) []string
}{
	{"vitepress", func(out string) []string {
		return []string{"node_modules/vitepress/bin/vitepress.js", "build", ".", "--outDir", out}
	}},
	{"docusaurus", func(out string) []string {
		return []string{"node_modules/@docusaurus/core/bin/docusaurus.mjs", "build", "--out-dir", out}
	}},
	{"starlight", func(out string) []string { return []string{"node_modules/astro/astro.js", "build", "--outDir", out} }},
}

// testGenerators builds a site with each generator and opens it, with the folder for other hosts beside it. It runs when it is
// named, or in the deep mode: it fetches hundreds of megabytes of packages.
func (p *project) testGenerators(ctx context.Context) error {
	for _, g := range generators {
		folder := "web/test/generators/" + g.name
		if err := p.installModules(ctx, folder); err != nil {
			return noRegistry(err)
		}
		quiet := tool{dir: p.path(folder), env: []string{"ASTRO_TELEMETRY_DISABLED=1", "CI=1"}}
		if _, err := quiet.run(ctx, "node", g.build(p.path(".cache", "generators", g.name))...); err != nil {
			return err
		}
	}
	if err := p.dist(ctx, "./"); err != nil {
		return err
	}
	return p.whileServed(ctx, func(ctx context.Context, addresses []string) error {
		return p.testNode(ctx, "generators", addresses...)
	})
}

// sveltePlugin has Svelte compile its components.
func (p *project) sveltePlugin(ctx context.Context) api.Plugin {
	return api.Plugin{Name: "svelte", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: `\.svelte$`}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			code, err := tool{dir: p.path(frameworks)}.run(ctx, "node", "compile.mjs", filepath.Base(a.Path))
			return api.OnLoadResult{Contents: &code, Loader: api.LoaderJS}, err
		})
	}}
}
