package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// documents returns the files with one of the endings among those that people read first: at the root, in web/docs and
// in .github.
func documents(t *testing.T, endings ...string) (found []string) {
	t.Helper()
	top, err := filepath.Glob("../*.md")
	require.NoError(t, err)
	found = append(found, top...)
	for _, dir := range []string{"../web/docs", "../.github"} {
		require.NoError(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			found = append(found, path)
			return err
		}))
	}
	found = slices.DeleteFunc(found, func(path string) bool { return !slices.Contains(endings, filepath.Ext(path)) })
	require.NotEmpty(t, found)
	return found
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// relativeLinks returns what a Markdown text links to within the repository, without the part after "#".
func relativeLinks(text string) (targets []string) {
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		target, _, _ := strings.Cut(m[1], "#")
		if target != "" && !strings.Contains(target, ":") {
			targets = append(targets, target)
		}
	}
	return targets
}

func TestRelativeLinks(t *testing.T) {
	assert.Equal(t, []string{"a.md", "../b"}, relativeLinks("[x](a.md#part) ![y](../b) [z](https://example.com/c) [w](#here) [m](mailto:a@b.c)"))
}

// What the documents link to is there.
func TestDocumentLinks(t *testing.T) {
	for _, file := range documents(t, ".md") {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, target := range relativeLinks(string(text)) {
			_, err := os.Stat(filepath.Join(filepath.Dir(file), filepath.FromSlash(target)))
			assert.NoError(t, err, "%s links to %s", file, target)
		}
	}
}

// Workflows, forms and the like are read by machines that tell nobody about a slip before it matters.
func TestDocumentsInYAML(t *testing.T) {
	for _, file := range documents(t, ".yml") {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.NotContains(t, string(text), "\t", file)
		assert.YAMLEq(t, string(text), string(text), file)
	}
}

// A module that asks for a newer Go than the README names makes the README wrong.
func TestDocumentedGoVersion(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	named := regexp.MustCompile(`Go (\d+\.\d+) or newer`).FindSubmatch(readme)
	require.NotNil(t, named)
	for _, file := range []string{"../go.mod", "bench/go.mod", "clients/go.mod", "tools/go.mod"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		line := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(text)
		require.NotNil(t, line, file)
		assert.Equal(t, string(named[1]), string(line[1]), file)
	}
}
