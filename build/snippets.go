package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
	"github.com/completion-playground/playground/core/serve"
	"github.com/completion-playground/playground/core/snippet"
	"github.com/evanw/esbuild/pkg/api"
)

// The secrets that snippets read from the environment.
const (
	snippetKey    = "sk-0123456789"
	snippetHeader = "own-0123456789"
)

// snippetBodies are sent by every snippet: their answers are the same each time, whatever the language.
var snippetBodies = []string{
	`{"model":"demo-small","prompt":["It's \"late\" at $HOME, %PATH% é 日本 😀\n"],"max_tokens":8,"temperature":0.9,"seed":9007199254740993}`,
	`{"model":"demo-small","prompt":["It's \"late\" at $HOME, %PATH% é 日本 😀\n"],"max_tokens":8,"temperature":0.9,"seed":9007199254740993,"stream":true}`,
}

// testSnippets has each language's own tool read what package snippet writes, where the machine has it, and sends it to the
// demo server where it can be run: the answer has to be the one that the Go client gets.
func (p *project) testSnippets(ctx context.Context) error {
	handler := func(address string) http.Handler {
		return serve.Handler(address, http.NotFoundHandler(), keyed(serve.Demo()))
	}
	return serving(ctx, handler, p.runSnippets)
}

// keyed refuses requests without the secrets.
func keyed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+snippetKey || r.Header.Get("x-own") != snippetHeader {
			serve.APIError(w, http.StatusUnauthorized, "invalid_api_key", "the key or the own header is missing")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (p *project) runSnippets(ctx context.Context, base string) error {
	endpoint := core.Endpoint{Base: base, Key: core.NewSecret(snippetKey), Headers: []core.Header{{Name: "x-own", Value: core.NewSecret(snippetHeader)}}}
	folder := p.path(".cache", "snippets")
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	rows := [][]string{{"snippet", "answer", "checked by", "run against the demo server"}}
	var wrong []error
	for _, body := range snippetBodies {
		r, err := core.Build(endpoint, []byte(body))
		if err != nil {
			return err
		}
		want, err := clientText(ctx, endpoint, body)
		if err != nil {
			return err
		}
		for _, l := range snippet.Languages() {
			s, err := snippet.Write(r, l.Name)
			if err != nil {
				return err
			}
			how := "whole"
			if r.Stream {
				how = "streamed"
			}
			dir := filepath.Join(folder, l.Name, how)
			if strings.HasPrefix(l.Name, "typescript") {
				dir = p.path("web", "node_modules", ".cache", "snippets", l.Name, how) // where the packages are found
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			file := filepath.Join(dir, l.File)
			if err := os.WriteFile(file, []byte(s.Text), 0o644); err != nil {
				return err
			}
			checked, run, err := p.trySnippet(ctx, l.Name, file, want)
			if err != nil {
				wrong = append(wrong, fmt.Errorf("%s, %s: %w\n%s", l.Name, how, err, s.Text))
			}
			rows = append(rows, []string{l.Name, how, checked, run})
		}
	}
	for _, row := range rows {
		fmt.Fprintf(p.out, "      %-18s %-9s %-38s %s\n", row[0], row[1], row[2], row[3])
	}
	return errors.Join(wrong...)
}

// clientText is what the Go client gets.
func clientText(ctx context.Context, endpoint core.Endpoint, body string) (string, error) {
	var text strings.Builder
	for chunk, err := range (&client.Client{Endpoint: endpoint}).StreamBody(ctx, []byte(body)) {
		if err != nil {
			return "", err
		}
		for _, choice := range chunk.Choices {
			text.WriteString(choice.Text)
		}
	}
	return text.String(), nil
}

// trySnippet tells by what a snippet was read, and what came of running it.
func (p *project) trySnippet(ctx context.Context, language, file, want string) (checked, run string, err error) {
	const asIs = "not run here"
	env := []string{core.KeyVariable + "=" + snippetKey, "HEADER_X_OWN=" + snippetHeader}
	same := func(t tool, name string, args ...string) (string, error) {
		t.env = append(env, t.env...)
		output, err := t.run(ctx, name, args...)
		if err != nil {
			return "failed", err
		}
		if got := answerIn(output); got != strings.TrimSpace(want) {
			return "differs", fmt.Errorf("got %q, want %q", got, want)
		}
		return "the same answer", nil
	}
	has := func(name string) bool { _, err := exec.LookPath(name); return err == nil }
	switch language {
	case "curl":
		if !has("sh") || !has("curl") {
			return "the core's reader; no sh and curl here", asIs, nil
		}
		// Without how far it has come, which curl tells beside the answer.
		run, err = same(tool{dir: filepath.Dir(file)}, "sh", "-c", `sh "$0" 2>/dev/null`, file)
		return "sh", run, err
	case "powershell":
		if !has("pwsh") {
			return "the core's reader; no pwsh here", asIs, nil
		}
		_, err = tool{}.run(ctx, "pwsh", "-NoProfile", "-Command", "[ScriptBlock]::Create((Get-Content -Raw '"+file+"')) | Out-Null")
		return "pwsh", asIs, err
	case "python", "python-httpx", "python-openai":
		if !has("python3") {
			return "the core's reader; no python3 here", asIs, nil
		}
		if _, err := (tool{}).run(ctx, "python3", "-c", "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read())", file); err != nil {
			return "python3", asIs, err
		}
		if module, ok := strings.CutPrefix(language, "python-"); ok {
			if _, err := (tool{}).run(ctx, "python3", "-c", "import "+module); err != nil {
				return "python3", "not run: no " + module + " for Python here", nil
			}
		}
		run, err = same(tool{env: []string{"PYTHONIOENCODING=utf-8"}}, "python3", file)
		return "python3", run, err
	case "typescript", "typescript-openai", "typescript-atoma":
		if err := p.ensureModules(ctx); err != nil {
			return "", "", err
		}
		script := strings.TrimSuffix(file, ".ts") + ".mjs"
		made := api.Build(api.BuildOptions{EntryPoints: []string{file}, Outfile: script, Write: true, Format: api.FormatESModule, Target: api.ESNext})
		if err := failure(made.Errors); err != nil {
			return "esbuild", asIs, err
		}
		if language == "typescript-atoma" {
			return "esbuild", "not run: atoma-sdk 0.1.1 on npm has no completions", nil
		}
		run, err = same(tool{}, "node", script)
		return "esbuild", run, err
	case "go", "go-client":
		run, err = same(tool{dir: p.root}, "go", "run", file)
		return "go", run, err
	case "go-openai":
		module := p.path("build", "clients")
		if _, err := (tool{dir: module, env: []string{"GOFLAGS=-mod=mod", "GOPROXY=off"}}).run(ctx, "go", "list", "github.com/openai/openai-go/v3"); err != nil {
			return "gofmt", "not run: openai-go is fetched by the step clients", nil
		}
		run, err = same(tool{dir: module}, "go", "run", file)
		return "go", run, err
	}
	return "the core's reader", asIs, nil
}

// answerIn takes the text out of what a snippet printed: the text itself, an answer in JSON, or a stream of them.
func answerIn(output string) string {
	type completion struct{ Choices []struct{ Text string } }
	var text strings.Builder
	add := func(source string) bool {
		var c completion
		if json.Unmarshal([]byte(source), &c) != nil {
			return false
		}
		for _, choice := range c.Choices {
			text.WriteString(choice.Text)
		}
		return true
	}
	if start := strings.Index(output, `{"`); start >= 0 && !strings.Contains(output, "data:") && add(output[start:]) {
		return strings.TrimSpace(text.String())
	}
	streamed := false
	for line := range strings.Lines(output) {
		if data, ok := strings.CutPrefix(line, "data:"); ok {
			streamed = true
			add(data)
		}
	}
	if streamed {
		return strings.TrimSpace(text.String())
	}
	return strings.TrimSpace(output)
}
