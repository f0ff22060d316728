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

// An empty module that imports the library gets jsonschema v5 with it, and nothing else. What is needed is in Go's cache,
// since the tests of this module need more; nothing is fetched.
func TestAnEmptyModuleGetsJSONSchemaAlone(t *testing.T) {
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	module := strings.TrimSuffix(modulePath, "/")
	source := "package main\n\nimport (\n"
	for _, pkg := range publicPackages {
		source += "\t_ \"" + modulePath + pkg + "\"\n"
	}
	at := tool{dir: t.TempDir(), env: []string{"GOFLAGS=-mod=mod", "GOPROXY=off", "GOSUMDB=off", "GOWORK=off"}}
	require.NoError(t, os.WriteFile(filepath.Join(at.dir, "main.go"), []byte(source+")\n\nfunc main() {}\n"), 0o644))
	for _, args := range [][]string{
		{"mod", "init", "example.com/empty"},
		{"mod", "edit", "-replace=" + module + "=" + root, "-require=" + module + "@v0.0.0"},
		{"mod", "tidy"},
	} {
		_, err := at.run(t.Context(), "go", args...)
		require.NoError(t, err)
	}
	text, err := at.run(t.Context(), "go", "mod", "edit", "-json")
	require.NoError(t, err)
	var file struct{ Require []struct{ Path string } }
	require.NoError(t, json.Unmarshal([]byte(text), &file))
	const v5 = "github.com/santhosh-tekuri/jsonschema/v5"
	var required []string
	for _, r := range file.Require {
		required = append(required, r.Path)
	}
	assert.ElementsMatch(t, []string{module, v5}, required)
	linked, err := at.run(t.Context(), "go", "list", "-deps", "-f", "{{if not .Standard}}{{.Module.Path}}{{end}}", ".")
	require.NoError(t, err)
	for path := range strings.FieldsSeq(linked) {
		assert.Contains(t, []string{"example.com/empty", module, v5}, path)
	}
}
