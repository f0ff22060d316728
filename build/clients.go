package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/completion-playground/playground/core/serve"
	"github.com/evanw/esbuild/pkg/api"
)

// nodeClients holds the clients for Node, with packages of its own.
const nodeClients = "web/test/clients"

// testClients has the clients that people use talk to the demo server, and holds what they read against what the Go client
// reads: see build/clients. It runs when it is named, because it fetches packages that nothing else needs.
func (p *project) testClients(ctx context.Context) error {
	driver, err := p.nodeDriver(ctx)
	if err != nil {
		return noRegistry(err)
	}
	module := tool{dir: p.path("build", "clients")}
	if _, err := module.run(ctx, "go", "mod", "download"); err != nil {
		return noRegistry(err)
	}
	if _, err := module.run(ctx, "go", "vet", "./..."); err != nil {
		return err
	}
	python, err := p.pythonWithOpenAI(ctx)
	if err != nil {
		fmt.Fprintf(p.out, "      skipped: openai for Python, %v\n", err)
	}
	handler := func(address string) http.Handler { return serve.Handler(address, http.NotFoundHandler(), serve.Demo()) }
	var output string
	err = serving(ctx, handler, func(ctx context.Context, base string) (err error) {
		module.env = []string{pageAddress + base, "PLAYGROUND_NODE_DRIVER=" + driver, "PLAYGROUND_PYTHON=" + python}
		output, err = module.run(ctx, "go", "test", novet, farAway, "-count=1", "-v", ".")
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range logged.FindAllStringSubmatch(output, -1) {
		fmt.Fprintf(p.out, "      %s\n", m[1])
	}
	return nil
}

// logged finds what a Go test had to say.
var logged = regexp.MustCompile(`(?m)^\s+\w+_test\.go:\d+: (.+)$`)

// nodeDriver makes the script that carries out cases with the clients for Node, and returns its path. It lies where Node
// finds their packages.
func (p *project) nodeDriver(ctx context.Context) (string, error) {
	if err := p.ensureModules(ctx); err != nil { // the type checker's
		return "", err
	}
	if err := p.installModules(ctx, nodeClients); err != nil {
		return "", err
	}
	types := []string{"node_modules/typescript/bin/tsc", "--noEmit", "-p", p.path(nodeClients)}
	if _, err := (tool{dir: p.path("web")}).run(ctx, "node", types...); err != nil {
		return "", err
	}
	driver := p.path(nodeClients, "node_modules", ".cache", "drive.mjs")
	made := api.Build(api.BuildOptions{
		EntryPoints: []string{p.path(nodeClients, "drive.ts")}, Outfile: driver, Write: true, Bundle: true,
		Platform: api.PlatformNode, Format: api.FormatESModule, Target: api.ESNext, Packages: api.PackagesExternal,
	})
	return driver, failure(made.Errors)
}

// pythonWithOpenAI returns a Python that has OpenAI's package in the version of build/clients/requirements.txt. It is that
// of a virtual environment in .cache, made when it is missing, or whichever $PLAYGROUND_PYTHON names.
func (p *project) pythonWithOpenAI(ctx context.Context) (string, error) {
	if own := os.Getenv("PLAYGROUND_PYTHON"); own != "" {
		return own, nil
	}
	system, err := exec.LookPath("python3")
	if err != nil {
		return "", errors.New("no python3 was found")
	}
	wanted := p.path("build", "clients", "requirements.txt")
	text, err := os.ReadFile(wanted)
	if err != nil {
		return "", err
	}
	home := p.path(".cache", "clients", "python")
	python := filepath.Join(home, "bin", "python")
	if os.PathSeparator == '\\' {
		python = filepath.Join(home, "Scripts", "python.exe")
	}
	stamp := filepath.Join(home, "installed.txt")
	if have, err := os.ReadFile(stamp); err == nil && string(have) == string(text) {
		return python, nil
	}
	if _, err := (tool{}).run(ctx, system, "-m", "venv", "--clear", home); err != nil {
		return "", errors.New("python3 cannot make a virtual environment here")
	}
	if _, err := (tool{}).run(ctx, python, "-m", "pip", "install", "--quiet", "--retries", "1", "-r", wanted); err != nil {
		return "", errors.New("the package index of Python cannot be reached from here, or does not have it")
	}
	return python, os.WriteFile(stamp, text, 0o644)
}

// unreachable finds in what npm or Go says that a registry could not be reached.
var unreachable = regexp.MustCompile(`ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|` +
	`dial tcp|no such host|module lookup disabled`)

// noRegistry puts an error into one sentence if that is why.
func noRegistry(err error) error {
	if found := unreachable.FindString(err.Error()); found != "" {
		return fmt.Errorf("what this needs comes from the npm registry and the Go module proxy, and one of them cannot be reached from here (%s)",
			strings.ToLower(found))
	}
	return err
}
