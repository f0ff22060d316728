package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core/serve"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var fenced = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// withPrograms are the documents with a Go program and what it prints, and a request to the demo server.
var withPrograms = []string{"../README.md", "../web/docs/start.md"}

// blocks returns the fenced blocks of a document in one language.
func blocks(t *testing.T, file, language string) (found []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, m := range fenced.FindAllStringSubmatch(string(text), -1) {
		if m[1] == language {
			found = append(found, m[2])
		}
	}
	require.NotEmpty(t, found)
	return found
}

// The Go programs of the documents print what these say.
func TestReadmeProgram(t *testing.T) {
	for _, file := range withPrograms {
		t.Run(filepath.Base(file), func(t *testing.T) { runProgram(t, file) })
	}
}

func runProgram(t *testing.T, file string) {
	// A module of its own with this checkout in it, because a test writes nothing into the source tree.
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	module, err := os.ReadFile("../go.mod")
	require.NoError(t, err)
	sums, err := os.ReadFile("../go.sum")
	require.NoError(t, err)
	const path = "github.com/completion-playground/playground"
	text := strings.Replace(string(module), "module "+path, "module readme", 1) +
		fmt.Sprintf("\nrequire %s v0.0.0\n\nreplace %s => %s\n", path, path, strconv.Quote(root))
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": text, "go.sum": string(sums), "main.go": blocks(t, file, "go")[0]} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	command := exec.Command("go", "run", "-mod=mod", ".")
	command.Dir = dir
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Equal(t, blocks(t, file, "text")[0], string(out))
}

// The requests of the documents stream from the demo model.
func TestReadmeRequest(t *testing.T) {
	for _, file := range withPrograms {
		t.Run(filepath.Base(file), func(t *testing.T) { sendRequest(t, file) })
	}
}

func sendRequest(t *testing.T, file string) {
	var command string
	for _, b := range blocks(t, file, "sh") {
		if strings.HasPrefix(b, "curl ") {
			command = b
		}
	}
	body := regexp.MustCompile(`(?s)-d '(.*)'`).FindStringSubmatch(command)
	require.NotNil(t, body, command)
	require.Contains(t, command, "/v1/completions")
	server := httptest.NewServer(serve.Demo())
	defer server.Close()
	answer, err := http.Post(server.URL+"/v1/completions", "application/json", strings.NewReader(body[1]))
	require.NoError(t, err)
	defer answer.Body.Close()
	assert.Equal(t, http.StatusOK, answer.StatusCode)
	var stream bytes.Buffer
	_, err = stream.ReadFrom(answer.Body)
	require.NoError(t, err)
	assert.Positive(t, strings.Count(stream.String(), "data: {")) // without a seed, the model may end at once
	assert.True(t, strings.HasSuffix(stream.String(), "data: [DONE]\n\n"))
}
