package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// toolsModule pins the linters in a module of their own, so that the library's go.mod lists what the library needs.
const toolsModule = "-modfile=build/tools/go.mod"

func runLint(ctx context.Context, p *project, args []string) error {
	return p.runSteps(ctx, [][]step{{
		{name: "gofmt", run: (*project).testFormat},
		{name: "vet", run: (*project).testVet},
		{name: "staticcheck", run: (*project).lintStatic},
		{name: "types", run: (*project).testTypes},
		{name: "style", run: (*project).testStyle},
		{name: "govulncheck", run: (*project).lintGoVulnerabilities},
		{name: "npm-audit", run: (*project).lintNpmVulnerabilities},
	}}, args)
}

func (p *project) lintStatic(ctx context.Context) error {
	// Built rather than run by "go tool", because GOOS and GOARCH below are for the code that it reads, not for itself.
	program := p.path(".cache", "bin", executable("staticcheck"))
	if _, err := (tool{dir: p.root}).run(ctx, "go", "build", toolsModule, "-o", program, "honnef.co/go/tools/cmd/staticcheck"); err != nil {
		return err
	}
	if _, err := (tool{dir: p.root}).run(ctx, program, "./..."); err != nil {
		return err
	}
	// U1000, unused code, does not know that go:wasmexport uses a function.
	env := []string{"GOOS=js", "GOARCH=wasm", "GOFLAGS=" + strings.Join(wasmFlags(), " ")}
	_, err := tool{dir: p.root, env: env}.run(ctx, program, "-checks=inherit,-U1000", "./wasm")
	return err
}

// lintGoVulnerabilities asks the Go vulnerability database about the code that is really called.
func (p *project) lintGoVulnerabilities(ctx context.Context) error {
	output, err := tool{dir: p.root}.run(ctx, "go", "tool", toolsModule, "govulncheck", "./...")
	var exit *exec.ExitError
	if err == nil || errors.As(err, &exit) && exit.ExitCode() == 3 {
		return err // 3: something was found
	}
	if strings.Contains(output, "vuln.go.dev") {
		return skipped("the Go vulnerability database cannot be reached from here")
	}
	return err
}

// lintNpmVulnerabilities asks the registry about the packages of the lock file.
func (p *project) lintNpmVulnerabilities(ctx context.Context) error {
	output, err := tool{dir: p.path("web")}.run(ctx, "npm", "audit", "--json")
	var report struct {
		Version         int `json:"auditReportVersion"`
		Vulnerabilities map[string]struct {
			Severity string `json:"severity"`
		} `json:"vulnerabilities"`
	}
	start := strings.IndexByte(output, '{')
	if start < 0 || json.NewDecoder(strings.NewReader(output[start:])).Decode(&report) != nil || report.Version == 0 {
		return skipped("the npm registry's audit data cannot be had from here")
	}
	if len(report.Vulnerabilities) == 0 {
		return err
	}
	var lines []string
	for name, v := range report.Vulnerabilities {
		lines = append(lines, fmt.Sprintf("%s (%s)", name, v.Severity))
	}
	return fmt.Errorf("npm audit names %s", strings.Join(lines, ", "))
}
