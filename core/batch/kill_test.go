package batch

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
	"github.com/completion-playground/playground/core/demo"
	"github.com/completion-playground/playground/core/internal/effort"
)

// childVariable makes the test program a run of the files in a folder, against the server in serverVariable.
const (
	childVariable  = "PLAYGROUND_BATCH_CHILD"
	serverVariable = "PLAYGROUND_BATCH_SERVER"
	childSenders   = 4
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		if err := runChild(dir, os.Getenv(serverVariable)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func runChild(dir, base string) error {
	input, err := os.Open(filepath.Join(dir, "input"))
	if err != nil {
		return err
	}
	defer input.Close()
	_, err = Run(context.Background(), input, filesIn(dir), RunOptions{
		Client:      &client.Client{Endpoint: core.Endpoint{Base: base, Key: core.NewSecret(key)}},
		Concurrency: childSenders,
	})
	return err
}

func filesIn(dir string) Files {
	return Files{Output: filepath.Join(dir, "output"), Errors: filepath.Join(dir, "errors"), Journal: filepath.Join(dir, "journal")}
}

// counter is a server of the demo's model that counts what it is asked, and tells when it has answered so many.
type counter struct {
	mu     sync.Mutex
	times  map[string]int // by prompt
	all    int
	at     int // of all, when reached is closed
	killed chan struct{}
}

// watch returns a channel that is closed when so many more requests have been answered.
func (c *counter) watch(more int) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.killed = c.all+more, make(chan struct{})
	return c.killed
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client was killed
	}
	var request struct{ Prompt []string }
	_ = json.Unmarshal(body, &request) // what cannot be read shows as a prompt that nobody knows
	c.mu.Lock()
	c.times[strings.Join(request.Prompt, "")]++
	c.mu.Unlock()
	answer := demo.Complete(body, demo.Options{})
	for _, h := range answer.Header {
		w.Header().Set(h[0], h[1])
	}
	w.WriteHeader(answer.Status)
	for step, ok := answer.Next(); ok; step, ok = answer.Next() {
		_, _ = w.Write(step.Data) // the client may be gone
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all++; c.all == c.at {
		close(c.killed)
	}
}

func (c *counter) counts() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	counts := map[string]int{}
	for prompt, n := range c.times {
		counts[prompt] = n
	}
	return counts
}

// whole returns the custom_ids of the whole lines of a file that may end within one.
func whole(t *testing.T, path string) (ids []string) {
	text, err := os.ReadFile(path)
	if !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasSuffix(line, "\n") {
			var l outputLine
			require.NoError(t, json.Unmarshal([]byte(line), &l))
			ids = append(ids, l.CustomID)
		}
	}
	return ids
}

func TestKilledRunsLoseNothingAndSendNothingTwice(t *testing.T) {
	const n, kills = 300, 6
	var input strings.Builder
	for i := range n {
		fmt.Fprintf(&input, `{"custom_id":"p%d","method":"POST","url":"/v1/completions",`+
			`"body":{"model":"demo-small","prompt":["p%d"],"max_tokens":3,"seed":%d}}`+"\n", i, i, i)
	}
	for range effort.Rounds(1) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "input"), input.String())
		c := &counter{times: map[string]int{}}
		server := httptest.NewServer(c)
		defer server.Close()
		child := func() *exec.Cmd {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), childVariable+"="+dir, serverVariable+"="+server.URL)
			cmd.Stderr = os.Stderr
			require.NoError(t, cmd.Start())
			return cmd
		}
		answered := map[string]int{} // by custom_id, how often it had been sent when its answer was seen in the output
		for range kills {
			reached := c.watch(n / (kills + 2))
			cmd := child()
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			select {
			case <-reached:
			case err := <-ended:
				require.FailNow(t, "the run ended by itself", "%v", err)
			}
			require.NoError(t, cmd.Process.Kill())
			require.Error(t, <-ended, "it was killed")
			counts := c.counts()
			for _, id := range whole(t, filesIn(dir).Output) {
				if answered[id] == 0 {
					answered[id] = counts[id]
				}
			}
		}
		assert.NotEmpty(t, answered)
		assert.Less(t, len(answered), n)
		require.NoError(t, child().Wait())

		output := lines(t, filesIn(dir).Output) // each once
		assert.Len(t, output, n)
		assert.Empty(t, lines(t, filesIn(dir).Errors))
		for i := range n {
			id := fmt.Sprintf("p%d", i)
			require.NotNil(t, output[id].Response, id)
			assert.Equal(t, 200, output[id].Response.Status, id)
		}
		counts := c.counts()
		for id, times := range answered {
			assert.Equal(t, times, counts[id], "%s was sent again although its answer was there", id)
		}
		sent := 0
		for _, times := range counts {
			sent += times
		}
		assert.Len(t, counts, n)
		assert.LessOrEqual(t, sent, n+kills*childSenders)
		t.Logf("%d requests sent for %d lines in %d runs", sent, n, kills+1)
	}
}
