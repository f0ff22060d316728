package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"github.com/completion-playground/playground/core/serve"
)

// binary makes .cache/bin/completions, the command with the built page in it, for this machine. It needs nothing beside it.
func (p *project) binary(ctx context.Context) (string, error) {
	dist := p.path("web", "dist")
	entries, err := os.ReadDir(dist)
	if err != nil {
		return "", err
	}
	// The compiler sees the page as a folder of the command's, where nothing is written.
	replace := map[string]string{}
	for _, e := range entries {
		if !strings.Contains(e.Name(), ".map") {
			replace[p.path("core", "cmd", "completions", "page", e.Name())] = filepath.Join(dist, e.Name())
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	listed := p.path(".cache", "overlay.json")
	if err := writeAtomically(listed, overlay); err != nil {
		return "", err
	}
	program := p.path(".cache", "bin", executable("completions"))
	at := tool{dir: p.root, env: []string{"CGO_ENABLED=0"}}
	_, err = at.run(ctx, "go", "build", "-overlay", listed, "-tags=page", "-trimpath", "-ldflags=-s -w", "-o", program, "./core/cmd/completions")
	return program, err
}

// testBinary makes the program and uses it as somebody who has nothing else: no Node, no Go, no checkout.
func (p *project) testBinary(ctx context.Context) error {
	program, err := p.binary(ctx)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, program, "serve", "-addr", "127.0.0.1:0")
	cmd.Dir, cmd.Env = filepath.Dir(program), []string{"PATH="}
	told, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := func() error {
		if cmd.Process.Signal(syscall.SIGTERM) == nil {
			return cmd.Wait()
		}
		_ = cmd.Process.Kill() // Windows has no such signal
		_ = cmd.Wait()         // killed, it has no exit code that says anything
		return nil
	}
	line, err := bufio.NewReader(told).ReadString('\n')
	base, ok := strings.CutPrefix(strings.TrimSpace(line), "serving the playground at ")
	if err != nil || !ok {
		return errors.Join(fmt.Errorf("the program says %q", line), err, ended())
	}
	return errors.Join(asVisitor(ctx, base), ended())
}

// asVisitor loads the page and its largest script, and asks the demo model.
func asVisitor(ctx context.Context, base string) error {
	get := func(method, path, body string, headers ...string) (*http.Response, string, error) {
		r, err := http.NewRequestWithContext(ctx, method, base+path, strings.NewReader(body))
		if err != nil {
			return nil, "", err
		}
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return nil, "", err
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err == nil && answer.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s %s: %s", method, path, answer.Status)
		}
		return answer, string(text), err
	}
	page, html, err := get(http.MethodGet, "/", "")
	if err != nil {
		return err
	}
	if policy := page.Header.Get("Content-Security-Policy"); policy != serve.ContentSecurityPolicy {
		return fmt.Errorf("the page has the policy %q", policy)
	}
	script := regexp.MustCompile(`modulepreload" href="\.(/view-[^"]+)"`).FindStringSubmatch(html)
	if script == nil {
		return errors.New("the page names no script of the view")
	}
	packed, _, err := get(http.MethodGet, script[1], "", "Accept-Encoding", "br")
	if err != nil {
		return err
	}
	for name, want := range map[string]string{
		"Content-Encoding": "br", "Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": serve.ContentSecurityPolicy,
	} {
		if got := packed.Header.Get(name); got != want {
			return fmt.Errorf("%s comes with %s: %q", script[1], name, got)
		}
	}
	_, answer, err := get(http.MethodPost, "/v1/completions", `{"model":"demo-fast","prompt":"Hi","max_tokens":4}`)
	// Without a seed each answer is another one, and may end by itself.
	if err == nil && !strings.Contains(answer, `"completion_tokens":`) {
		err = fmt.Errorf("the demo model answers %s", answer)
	}
	return err
}
