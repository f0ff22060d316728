package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var fenced = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// blocks returns the fenced blocks of the README in one language.
func blocks(t *testing.T, language string) (found []string) {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	for _, m := range fenced.FindAllStringSubmatch(string(text), -1) {
		if m[1] == language {
			found = append(found, m[2])
		}
	}
	require.NotEmpty(t, found)
	return found
}

// The Go program of the README prints what the README says.
func TestReadmeProgram(t *testing.T) {
	dir, err := os.MkdirTemp(".", "readme") // inside the module, so that the import is this checkout
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(blocks(t, "go")[0]), 0o644))
	out, err := exec.Command("go", "run", "./"+dir).CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Equal(t, blocks(t, "text")[0], string(out))
}

// The request of the README streams from the demo model.
func TestReadmeRequest(t *testing.T) {
	var command string
	for _, b := range blocks(t, "sh") {
		if strings.HasPrefix(b, "curl ") {
			command = b
		}
	}
	body := regexp.MustCompile(`(?s)-d '(.*)'`).FindStringSubmatch(command)
	require.NotNil(t, body, command)
	require.Contains(t, command, "/v1/completions")
	server := httptest.NewServer(demoAPI())
	defer server.Close()
	answer, err := http.Post(server.URL+"/v1/completions", "application/json", strings.NewReader(body[1]))
	require.NoError(t, err)
	defer answer.Body.Close()
	assert.Equal(t, http.StatusOK, answer.StatusCode)
	var stream bytes.Buffer
	_, err = stream.ReadFrom(answer.Body)
	require.NoError(t, err)
	assert.Greater(t, strings.Count(stream.String(), "data: {"), 3)
	assert.True(t, strings.HasSuffix(stream.String(), "data: [DONE]\n\n"))
}

// What the README links to is there.
func TestReadmeLinks(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	links := regexp.MustCompile(`\]\(([^):]+)\)`).FindAllStringSubmatch(string(text), -1)
	require.NotEmpty(t, links)
	for _, l := range links {
		_, err := os.Stat(filepath.Join("..", l[1]))
		assert.NoError(t, err)
	}
}
