package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// nodePackages holds what looks at the npm packages, with packages of its own, and the project that uses them.
const nodePackages = "web/test/packages"

// testPackages packs both npm packages, lets those look at them who know what is usually wrong with packages, installs them
// into a project of somebody else, and uses them there: in Node, by the type checker, and bundled in a browser.
func (p *project) testPackages(ctx context.Context) error {
	limit, err := readBudget(p.path("build", "budget.json"))
	if err != nil {
		return err
	}
	made, err := p.packages(ctx)
	if err != nil {
		return err
	}
	for _, t := range made {
		fmt.Fprintf(p.out, "      %s has %d bytes of %d\n", t.group, t.bytes, limit[t.group])
	}
	if err := limit.checkTarballs(made); err != nil {
		return err
	}
	if err := p.installModules(ctx, nodePackages); err != nil {
		if unreachable.MatchString(err.Error()) {
			return errors.New("what looks at the packages comes from the npm registry, which cannot be reached from here")
		}
		return err
	}
	if err := p.lintPackages(ctx, made); err != nil {
		return err
	}
	consumer, err := p.consumer(ctx, made)
	if err != nil {
		return err
	}
	for _, name := range []string{"deno", "bun"} {
		if err := p.useElsewhere(ctx, consumer, name); err != nil {
			return err
		}
	}
	return p.whileServed(ctx, func(ctx context.Context, addresses []string) error {
		return p.testNode(ctx, "packages", append(addresses, "PLAYGROUND_CONSUMER="+consumer)...)
	})
}

// lintPackages has publint and "Are the types wrong?" look at the tarballs. Both packages are ES modules, which nothing
// older than that imports.
func (p *project) lintPackages(ctx context.Context, made []tarball) error {
	at := tool{dir: p.path(nodePackages)}
	for _, t := range made {
		if _, err := at.run(ctx, "node", "node_modules/publint/src/cli.js", "run", "--strict", t.file); err != nil {
			return err
		}
		entries := []string{"--entrypoints", "."}
		switch t.group {
		case groupCorePackage:
			entries = append(entries, "stream")
		case groupElementPackage:
			entries = append(entries, "react")
		}
		args := append([]string{"node_modules/@arethetypeswrong/cli/dist/index.js", t.file, "--profile", "esm-only", "--no-definitely-typed"}, entries...)
		if _, err := at.run(ctx, "node", args...); err != nil {
			return err
		}
	}
	return nil
}

// consumer makes a project with the tarballs installed, without a network, and with what a bundler makes of its page in
// out/. It returns its folder.
func (p *project) consumer(ctx context.Context, made []tarball) (string, error) {
	folder := filepath.Join(p.packageFolder(), "consumer")
	if err := os.CopyFS(folder, os.DirFS(p.path(nodePackages, "consumer"))); err != nil {
		return "", err
	}
	args := []string{"install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"}
	for _, t := range made {
		args = append(args, t.file)
	}
	if _, err := (tool{dir: folder}).run(ctx, "npm", args...); err != nil {
		return "", err
	}
	// React's types are its own; of React nothing is run.
	for _, name := range []string{"@types/react", "csstype"} {
		if err := os.CopyFS(filepath.Join(folder, "node_modules", filepath.FromSlash(name)), os.DirFS(p.path(nodePackages, "node_modules", name))); err != nil {
			return "", err
		}
	}
	return folder, errors.Join(bundlePage(folder), p.bundleElsewhere(ctx, folder))
}

// bundleElsewhere has other bundlers make what the project's index.html needs, as they do when nobody tells them more than
// where: into out-vite/, with an index.html, and out-webpack/, whose script is main.js.
func (p *project) bundleElsewhere(ctx context.Context, folder string) error {
	at := tool{dir: folder}
	modules := p.path(nodePackages, "node_modules")
	_, err := at.run(ctx, "node", filepath.Join(modules, "vite", "bin", "vite.js"), "build", "--base", "./", "--outDir", "out-vite", "--logLevel", "warn")
	if err != nil {
		return err
	}
	at.env = []string{"LOADERS=" + modules}
	_, err = at.run(ctx, "node", filepath.Join(modules, "webpack-cli", "bin", "cli.js"), "--config", "webpack.config.cjs")
	return err
}

// bundlePage bundles the page of the project and its Worker as their own bundler would, and puts beside them what the
// packages' documents say.
func bundlePage(folder string) error {
	out := filepath.Join(folder, "out")
	made := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(folder, "page.ts"), filepath.Join(folder, "worker.ts")}, Outdir: out, Write: true,
		Bundle: true, Splitting: true, Format: api.FormatESModule, Target: api.ES2022, LogLevel: api.LogLevelSilent,
	})
	if err := errors.Join(failure(made.Errors), failure(made.Warnings)); err != nil {
		return err
	}
	packages := filepath.Join(folder, "node_modules", "@completion-playground")
	core, err := os.ReadFile(filepath.Join(packages, corePackage, "core.wasm"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "core.wasm"), core, 0o644); err != nil {
		return err
	}
	files := os.DirFS(filepath.Join(packages, elementPackage, "files"))
	return fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, name)
		return errors.Join(err, os.WriteFile(filepath.Join(out, name), data, 0o644))
	})
}

// useElsewhere runs a program with the core in another runtime, where it is installed.
func (p *project) useElsewhere(ctx context.Context, consumer, name string) error {
	program, err := exec.LookPath(name)
	if err != nil {
		fmt.Fprintf(p.out, "      %s is not on this machine, so that nothing was tried in it\n", name)
		return nil
	}
	args := []string{"run", "smoke.mjs"}
	if name == "deno" {
		args = []string{"run", "--allow-read", "--node-modules-dir=manual", "smoke.mjs"}
	}
	printed, err := (tool{dir: consumer}).run(ctx, program, args...)
	if err == nil && strings.TrimSpace(printed) != "ok" {
		err = fmt.Errorf("%s printed %q", name, printed)
	}
	return err
}
