package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// notices puts together the licenses of what others wrote and the packages hold: Go's own code, the modules that the core is
// compiled with, and, where they are in it, the npm packages of the page.
func (p *project) notices(ctx context.Context, npm bool) ([]byte, error) {
	env := []string{"GOOS=js", "GOARCH=wasm"}
	root, err := tool{dir: p.root}.run(ctx, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	folders := map[string]string{"Go": root}
	modules, err := tool{dir: p.root, env: env}.run(ctx, "go", "list", "-deps",
		"-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Dir}}{{end}}{{end}}", "./wasm")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(modules) {
		if name, dir, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			folders[name] = dir
		}
	}
	if npm {
		names, err := p.shippedModules()
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			folders[name] = p.path("web", filepath.FromSlash(name))
		}
	}
	var out strings.Builder
	out.WriteString("What others wrote, under their licenses.\n")
	for _, name := range slices.Sorted(maps.Keys(folders)) {
		text, err := license(folders[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(&out, "\n%s\n%s\n\n%s\n", strings.Repeat("-", 40), strings.TrimPrefix(name, "node_modules/"), strings.TrimSpace(text))
	}
	return []byte(out.String()), nil
}

// shippedModules lists the folders below web/ of the npm packages that are part of the page, by the lock file.
func (p *project) shippedModules() (names []string, err error) {
	text, err := os.ReadFile(p.path("web", "package-lock.json"))
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Dev bool `json:"dev"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		return nil, err
	}
	for name, one := range lock.Packages {
		// Types alone are in no script.
		if name != "" && !one.Dev && !strings.Contains(name, "/@types/") {
			names = append(names, name)
		}
	}
	return names, nil
}

// license reads the license of what lies in a folder; of an npm package that brings no text it is the name alone.
func license(folder string) (string, error) {
	for _, name := range []string{"LICENSE", "LICENSE.md", "LICENSE.txt", "license", "License"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err == nil {
			return string(text), nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	var told struct{ License, Author string }
	text, err := os.ReadFile(filepath.Join(folder, "package.json"))
	if err == nil {
		err = json.Unmarshal(text, &told)
	}
	if err != nil || told.License == "" {
		return "", fmt.Errorf("there is no license in %s", folder)
	}
	return told.License + ", " + told.Author, nil
}
