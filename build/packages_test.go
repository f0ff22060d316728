package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestVersionIsThatOfTheChangelog(t *testing.T) {
	for changelog, want := range map[string]string{
		"# Changelog\n\n## [Unreleased]\n":                                        "0.0.0",
		"# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-01-02\n\n## [1.1.9]": "1.2.0",
	} {
		p := &project{root: t.TempDir()}
		require.NoError(t, os.WriteFile(p.path("CHANGELOG.md"), []byte(changelog), 0o644))
		got, err := p.version()
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	_, err := (&project{root: t.TempDir()}).version()
	require.Error(t, err)
}

// A version of their own would be a second place for it, and an address of a registry would be somebody's mirror.
func TestPackagesSayNothingTwice(t *testing.T) {
	for _, name := range []string{corePackage, elementPackage} {
		text, err := os.ReadFile(filepath.Join("../web/packages", name, "package.json"))
		require.NoError(t, err)
		var told map[string]any
		require.NoError(t, json.Unmarshal(text, &told))
		assert.Equal(t, "@completion-playground/"+name, told["name"])
		assert.NotContains(t, told, "version")
		assert.NotContains(t, told, "dependencies")
	}
	lock, err := os.ReadFile("../" + nodePackages + "/package-lock.json")
	require.NoError(t, err)
	assert.NotContains(t, string(lock), `"resolved"`)
}

func TestBundlersFindTheFilesOfThePackage(t *testing.T) {
	files, err := testWeb(t).forBundlers()
	require.NoError(t, err)
	require.Contains(t, files, embedScript)
	worker, _ := onlyFile(t, files, "worker-", ".js")
	var all strings.Builder
	for name, data := range files {
		assert.Equal(t, ".js", filepath.Ext(name))
		all.Write(data)
	}
	for _, name := range []string{worker, "core.wasm", "rest.wasm", "plain.wasm"} {
		assert.Contains(t, all.String(), `new URL("./`+name+`",import.meta.url)`)
	}
	assert.NotContains(t, all.String(), "sha256-")
}

func TestDeclarationsNameSiblingsAsScripts(t *testing.T) {
	text := `export * from "./a.ts";
import type { B } from "../model/b.ts";
import "./main.ts";
export declare const c: import("./c.ts").C;
import type { D } from "react";
`
	assert.Equal(t, `export * from "./a.js";
import type { B } from "../model/b.js";
import "./main.js";
export declare const c: import("./c.js").C;
import type { D } from "react";
`, sibling.ReplaceAllString(text, `$1$2.js"`))
}

func TestTarballsOverBudget(t *testing.T) {
	limit := budget{groupCorePackage: 10, groupElementPackage: 10}
	require.NoError(t, limit.checkTarballs([]tarball{{group: groupCorePackage, bytes: 10}}))
	err := limit.checkTarballs([]tarball{{group: groupCorePackage, bytes: 1}, {group: groupElementPackage, bytes: 11}})
	require.ErrorContains(t, err, "package-element has 11 bytes, at most 10 are allowed")
}

func TestPackagesNeedWhatWasBuilt(t *testing.T) {
	_, err := (&project{root: t.TempDir()}).packages(t.Context())
	require.ErrorContains(t, err, `what "make build" makes`)
}

func TestNoticesNameWhatOthersWrote(t *testing.T) {
	p := &project{root: ".."}
	text, err := p.notices(t.Context(), false)
	require.NoError(t, err)
	assert.Contains(t, string(text), "The Go Authors")
	assert.Contains(t, string(text), "github.com/santhosh-tekuri/jsonschema/v5\n")
	names, err := p.shippedModules()
	require.NoError(t, err)
	assert.Contains(t, names, "node_modules/lit")
	assert.Contains(t, names, "node_modules/@codemirror/view")
	assert.NotContains(t, names, "node_modules/ajv", "what is only tested with is in no package")
	_, err = license(t.TempDir())
	require.ErrorContains(t, err, "there is no license in")
}
