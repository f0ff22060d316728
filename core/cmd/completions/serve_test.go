package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core/serve"
)

// The gateway adds the key of the environment, says nowhere what it is, and ends with its context as with Ctrl-C.
func TestServe(t *testing.T) {
	s := completionServer(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out bytes.Buffer
	told, errs := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		args := []string{"serve", "-addr", "127.0.0.1:0", "-upstream", s.URL}
		env := map[string]string{serve.KeyVariable: secret}
		ended <- run(ctx, args, strings.NewReader(""), &out, errs, func(name string) string { return env[name] })
		errs.Close()
	}()
	lines := bufio.NewReader(told)
	line, err := lines.ReadString('\n')
	require.NoError(t, err)
	base, ok := strings.CutPrefix(strings.TrimSpace(line), "serving the API, without the page, at ")
	require.True(t, ok, line)
	line, err = lines.ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, "forwarding /v1 to "+s.URL+"\n", line)

	get := func(r *http.Response, err error) string {
		require.NoError(t, err)
		defer r.Body.Close()
		require.Equal(t, http.StatusOK, r.StatusCode)
		assert.Equal(t, serve.ContentSecurityPolicy, r.Header.Get("Content-Security-Policy"))
		text, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		return string(text)
	}
	assert.Equal(t, serve.NoPage, get(http.Get(base)))
	assert.Contains(t, get(http.Post(base+"/v1/completions", "application/json", strings.NewReader(`{"model":"m","prompt":"Hello"}`))), ", world!")
	headers, _ := s.seen()
	require.Len(t, headers, 1)
	assert.Equal(t, "Bearer "+secret, headers[0].Get("Authorization"))

	stop()
	rest, err := io.ReadAll(lines)
	require.NoError(t, err)
	assert.Equal(t, exitOK, <-ended)
	assert.Empty(t, string(rest)+out.String())
}

// An address that is taken is no mistake of the command line's form, and is told in one sentence.
func TestServeOnATakenAddress(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	r := runIn(t, t.TempDir(), "", nil, "serve", "-addr", taken.Addr().String())
	assert.Equal(t, exitFailed, r.code)
	assert.Contains(t, r.err, taken.Addr().String()+" is in use by another program; choose another with -addr")
	assert.Equal(t, 1, strings.Count(r.err, "\n"), r.err)
	assert.Empty(t, r.out)
}
