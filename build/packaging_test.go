package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func contents(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

// What runs the command elsewhere, on a machine of a person or a CI service, is run here with the same command.
func TestPackagesOfTheCommand(t *testing.T) {
	dir := t.TempDir()
	_, err := tool{dir: ".."}.run(t.Context(), "go", "build", "-o", filepath.Join(dir, executable("completions")), "./core/cmd/completions")
	require.NoError(t, err)
	t.Run("hooks", func(t *testing.T) { testHooks(t, dir) })
	t.Run("action", func(t *testing.T) { testAction(t, dir) })
}

// testHooks: the hooks of pre-commit call the command with flags that it has, on files that it reads.
func testHooks(t *testing.T, folder string) {
	hooks := contents(t, "../.pre-commit-hooks.yaml")
	assert.YAMLEq(t, hooks, hooks)
	for _, hook := range strings.Split(hooks, "- id: ")[1:] {
		for _, member := range []string{"name", "description", "entry", "language", "files"} {
			assert.Regexp(t, `(?m)^  `+member+`: \S`, hook)
		}
	}
	entries := regexp.MustCompile(`(?m)^  entry: completions (.*)$`).FindAllStringSubmatch(hooks, -1)
	require.Len(t, entries, 2)
	program := filepath.Join(folder, executable("completions"))
	name := filepath.Join(t.TempDir(), "a.jsonl")
	for _, entry := range entries {
		require.NoError(t, os.WriteFile(name, []byte(`{"model":"m","prompt":["x"],"max_token":5}`+"\n"), 0o666))
		out, err := exec.Command(program, append(strings.Fields(entry[1]), name)...).CombinedOutput()
		require.NoError(t, err, "%s", out)
		if strings.Contains(entry[1], "-fix") {
			assert.Contains(t, contents(t, name), "max_tokens")
		} else {
			assert.Contains(t, string(out), "[unknown-field]")
		}
	}
	files := regexp.MustCompile(`(?m)^  files: '(.*)'$`).FindStringSubmatch(hooks)
	require.NotNil(t, files)
	for name, want := range map[string]bool{"a.jsonl": true, "b/c.md": true, "d.py": true, "package.json": false, "a.md.bak": false} {
		assert.Equal(t, want, regexp.MustCompile(files[1]).MatchString(name), name)
	}
}

// testAction: the script of the action is run as GitHub runs it, with inputs that a shell would take apart if it could.
func testAction(t *testing.T, folder string) {
	action := contents(t, "../.github/actions/check/action.yml")
	assert.YAMLEq(t, action, action)
	runs := strings.Split(action, "      run: |\n")
	require.Len(t, runs, 2)
	script := strings.ReplaceAll(runs[1], "\n        ", "\n")
	for _, part := range append(regexp.MustCompile(`(?m)^      run: .*$`).FindAllString(action, -1), script) {
		assert.NotContains(t, part, "${{", "an input within a script is a part of it")
	}
	bash, err := exec.LookPath("bash")
	git, gitErr := exec.LookPath("git")
	if err != nil || gitErr != nil || runtime.GOOS == "windows" {
		t.Skip("no bash or git here")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"a b.jsonl": `{"model":"m","prompt":["x"],"n":0}`, "-fix.md": "```json\n{\"model\":\"m\",\"prompt\":[\"x\"],\"n\":0}\n```\n", "other.json": "{}"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666))
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}} {
		_, err := tool{dir: dir}.run(t.Context(), git, args...)
		require.NoError(t, err)
	}
	run := func(files, output string) (string, error) {
		c := exec.Command(bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", strings.TrimPrefix(script, "        "))
		c.Dir = dir
		c.Env = append(os.Environ(), "RUNNER_TEMP="+folder, "FILES="+files, "PROFILE=atoma", "SCHEMA=", "FORMAT=github", "OUTPUT="+output, "FAIL=error")
		out, err := c.CombinedOutput()
		return string(out), err
	}
	out, err := run("*.jsonl\n*.md\n", "")
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, out)
	assert.Equal(t, 1, exit.ExitCode(), out)
	assert.Contains(t, out, "::error file=./a b.jsonl,line=1,")
	assert.Contains(t, out, "::error file=./-fix.md,line=2,")
	assert.NotContains(t, out, "other.json")
	out, err = run("$(touch made).jsonl\n`touch made`", "")
	require.ErrorAs(t, err, &exit, out)
	assert.Equal(t, 2, exit.ExitCode())
	assert.NoFileExists(t, filepath.Join(dir, "made"))
	out, err = run("*.jsonl", filepath.Join(folder, "report"))
	require.Error(t, err)
	assert.Empty(t, out)
	assert.Contains(t, contents(t, filepath.Join(folder, "report")), "::error")
}

// The image holds a program that is linked with nothing, made of no more than the folders that are copied, by a Go that is
// new enough, and does not run it as root.
func TestDockerfile(t *testing.T) {
	dockerfile := contents(t, "Dockerfile")
	module := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(contents(t, "../go.mod"))
	require.NotNil(t, module)
	made, image, ok := strings.Cut(dockerfile, "\nFROM scratch\n")
	require.True(t, ok)
	assert.Contains(t, made, "\nFROM golang:"+module[1]+" AS build\n")
	assert.Contains(t, made, "\nRUN CGO_ENABLED=0 go build ")
	assert.Regexp(t, `(?m)^USER [1-9]\d*:[1-9]\d*$`, image)
	for line := range strings.SplitSeq(dockerfile, "\n") {
		assert.Regexp(t, `^(|#.*|(FROM|WORKDIR|COPY|RUN|USER|ENTRYPOINT|CMD) \S.*)$`, line)
	}
	copied := strings.Fields(strings.Join(regexp.MustCompile(`(?m)^COPY (.*) \S+$`).FindAllString(made, -1), " "))
	packages, err := tool{dir: ".."}.run(t.Context(), "go", "list", "-deps", "./core/cmd/completions")
	require.NoError(t, err)
	for name := range strings.FieldsSeq(packages) {
		if ours, ok := strings.CutPrefix(name, modulePath); ok {
			folder, _, _ := strings.Cut(ours, "/")
			assert.Contains(t, copied, folder)
		}
	}
}
