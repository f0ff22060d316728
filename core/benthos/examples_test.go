package benthos

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/completion-playground/playground/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// connect builds the command, once for all tests of a run that need it.
func connect(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "completions-connect")
	output, err := exec.Command("go", "build", "-o", program, "./cmd/completions-connect").CombinedOutput()
	require.NoError(t, err, "%s", output)
	return program
}

func TestExamples(t *testing.T) {
	program := connect(t)
	t.Run("lint", func(t *testing.T) {
		files, err := filepath.Glob("examples/*.yaml")
		require.NoError(t, err)
		require.NotEmpty(t, files)
		cmd := exec.Command(program, append([]string{"lint"}, files...)...)
		cmd.Env = append(os.Environ(), "REQUESTS=r", "VALID=v", "INVALID=i", "ADDRESS=127.0.0.1:1", "SERVER=http://127.0.0.1:1")
		output, err := cmd.CombinedOutput()
		assert.NoError(t, err, "%s", output)
	})
	t.Run("files", func(t *testing.T) { runFiles(t, program) })
	t.Run("http", func(t *testing.T) { runHTTP(t, program) })
}

func runFiles(t *testing.T, program string) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.WriteFile(in("requests"), []byte(`{"model": "m", "prompt": "one"}
{"model": "m", "prompt": ["two"], "max_tokens": -1}
{"model": "m", "prompt": ["three"],}
no request
`), 0o644))
	cmd := exec.Command(program, "run", "examples/files.yaml")
	cmd.Env = append(os.Environ(), "REQUESTS="+in("requests"), "VALID="+in("valid"), "INVALID="+in("invalid"))
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", output)

	valid, err := os.ReadFile(in("valid"))
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{`{"model":"m","prompt":["one"]}`, `{"model":"m","prompt":["three"]}`}, compact(t, valid))
	invalid, err := os.ReadFile(in("invalid"))
	require.NoError(t, err)
	reasons := map[string][]core.Code{}
	for line := range bytes.Lines(invalid) {
		var told struct {
			Request, Reason string
			Issues          []core.Issue
		}
		require.NoError(t, json.Unmarshal(line, &told))
		assert.NotEmpty(t, told.Reason)
		for _, issue := range told.Issues {
			reasons[told.Request] = append(reasons[told.Request], issue.Code)
		}
	}
	require.Len(t, reasons, 2)
	for _, request := range []string{`{"model": "m", "prompt": ["two"], "max_tokens": -1}`, "no request"} {
		var want []core.Code
		vllm, err := core.ForProfile("vllm")
		require.NoError(t, err)
		for _, issue := range vllm.Check([]byte(request)).Issues {
			want = append(want, issue.Code)
		}
		assert.Equal(t, want, reasons[request])
	}
}

func compact(t *testing.T, lines []byte) []string {
	t.Helper()
	var all []string
	for line := range bytes.Lines(lines) {
		var out bytes.Buffer
		require.NoError(t, json.Compact(&out, line))
		all = append(all, strings.TrimSpace(out.String()))
	}
	return all
}

func runHTTP(t *testing.T, program string) {
	var reached []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		reached = append(reached, r.URL.Path+" "+string(body))
		_, _ = io.WriteString(w, `{"choices": [{"text": "!"}]}`)
	}))
	defer server.Close()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := free.Addr().String()
	require.NoError(t, free.Close())
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	cmd := exec.CommandContext(ctx, program, "run", "examples/http.yaml")
	cmd.Env = append(os.Environ(), "ADDRESS="+address, "SERVER="+server.URL)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	require.NoError(t, cmd.Start())
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	defer func() { stop(); <-ended }()

	post := func(body string) (int, string) {
		for {
			answer, err := http.Post("http://"+address+"/v1/completions", "application/json", strings.NewReader(body))
			if err != nil { // it does not listen yet
				select {
				case <-ended:
					require.Fail(t, "the program has ended", output.String())
				case <-time.After(10 * time.Millisecond):
				}
				continue
			}
			text, err := io.ReadAll(answer.Body)
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())
			return answer.StatusCode, string(text)
		}
	}
	status, text := post(`{"model": "m", "prompt": "p", "seed": 9007199254740993}`)
	assert.Equal(t, 200, status, text)
	assert.JSONEq(t, `{"choices": [{"text": "!"}]}`, text)
	require.Len(t, reached, 1)
	assert.True(t, strings.HasPrefix(reached[0], "/v1/completions {"), reached[0])
	assert.Contains(t, reached[0], "9007199254740993")

	status, text = post(`{"model": "m", "prompt": ["p"], "max_tokens": -1}`)
	assert.Equal(t, 400, status)
	var refused struct {
		Error struct{ Message, Type, Param, Code string }
	}
	require.NoError(t, json.Unmarshal([]byte(text), &refused), text)
	assert.Equal(t, "/max_tokens", refused.Error.Param)
	assert.NotEmpty(t, refused.Error.Message)
	assert.NotEmpty(t, refused.Error.Code)
	assert.Len(t, reached, 1, "what is wrong does not get through")
}
