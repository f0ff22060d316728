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

// sveltePlugin has Svelte compile its components.
func (p *project) sveltePlugin(ctx context.Context) api.Plugin {
	return api.Plugin{Name: "svelte", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: `\.svelte$`}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			code, err := tool{dir: p.path(frameworks)}.run(ctx, "node", "compile.mjs", filepath.Base(a.Path))
			return api.OnLoadResult{Contents: &code, Loader: api.LoaderJS}, err
		})
	}}
}
