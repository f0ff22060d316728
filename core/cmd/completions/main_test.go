package main

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected outputs")

// result is what a run of the program gave.
type result struct {
	out, err string
	code     int
}

// runIn runs the program in a folder, with a text to read and variables of the environment.
func runIn(t *testing.T, dir, stdin string, env map[string]string, args ...string) result {
	t.Helper()
	t.Chdir(dir)
	var out, errs bytes.Buffer
	code := run(t.Context(), args, strings.NewReader(stdin), &out, &errs, func(name string) string { return env[name] })
	return result{out.String(), errs.String(), code}
}

// folder makes a folder with files.
func folder(t *testing.T, files ...txtar.File) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
		require.NoError(t, os.WriteFile(name, f.Data, 0o666))
	}
	return dir
}

func file(name, text string) txtar.File { return txtar.File{Name: name, Data: []byte(text)} }

// words splits a command line as a shell does where there are no quotes but double ones.
func words(line string) (words []string) {
	quoted := false
	word := ""
	for _, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case c == ' ' && !quoted:
			words, word = append(words, word), ""
		default:
			word += string(c)
		}
	}
	return append(words, word)
}

// combined runs the program with one stream for both outputs, as a terminal shows them.
func combined(t *testing.T, dir, line string) (string, int) {
	t.Helper()
	t.Chdir(dir)
	var out bytes.Buffer
	code := run(t.Context(), words(line), strings.NewReader(""), &out, &out, func(string) string { return "" })
	return out.String(), code
}

// The examples of the help texts print what these say. Run with -update to rewrite them.
func TestHelpExamples(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/examples.txtar")
	require.NoError(t, err)
	server := completionServer(t)
	names, err := filepath.Glob("help/*.txt")
	require.NoError(t, err)
	seen := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		before, examples, ok := strings.Cut(string(text), "\nEXAMPLES\n")
		if !ok {
			continue
		}
		home, err := os.Getwd()
		require.NoError(t, err)
		dir := folder(t, archive.Files...)
		rewritten := before + "\nEXAMPLES\n"
		for n, example := range strings.Split(examples, "    $ completions ")[1:] {
			line, _, _ := strings.Cut(example, "\n")
			out, _ := combined(t, dir, strings.ReplaceAll(line, "http://localhost:8000", server.URL))
			if n > 0 {
				rewritten += "\n"
			}
			rewritten += "    $ completions " + line + "\n"
			for shown := range strings.Lines(out) {
				rewritten += strings.TrimRight("    "+shown, " \n") + "\n"
			}
			seen++
		}
		t.Chdir(home)
		rewritten = strings.ReplaceAll(rewritten, server.URL, "http://localhost:8000")
		if *update {
			require.NoError(t, os.WriteFile(name, []byte(rewritten), 0o644))
			continue
		}
		assert.Equal(t, string(text), rewritten)
	}
	assert.Greater(t, seen, 8)
}

// TestCases runs the commands of testdata/cases and compares what they print: the comment of each archive is the command
// line, and its section "want" what is printed, with the exit code. Run with -update to rewrite it.
func TestCases(t *testing.T) {
	names, err := filepath.Glob("testdata/cases/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	home, err := os.Getwd()
	require.NoError(t, err)
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(filepath.Join(home, name))
			require.NoError(t, err)
			var files []txtar.File
			want := ""
			for _, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
				} else {
					files = append(files, f)
				}
			}
			line, ok := strings.CutPrefix(strings.TrimSpace(string(archive.Comment)), "$ completions ")
			require.True(t, ok, "the comment is a command line")
			out, code := combined(t, folder(t, files...), line)
			got := out + "exit code " + string(rune('0'+code)) + "\n"
			if *update {
				archive.Files = append(files, file("want", got))
				require.NoError(t, os.WriteFile(filepath.Join(home, name), txtar.Format(archive), 0o644))
				return
			}
			assert.Equal(t, want, got)
		})
	}
}

// Every command has a summary and a text, and its page names each of its flags; no text is of no command.
func TestHelp(t *testing.T) {
	overview := runIn(t, t.TempDir(), "", nil, "help")
	assert.Equal(t, exitOK, overview.code)
	for _, m := range commands {
		summary, text := m.text()
		require.NotEmpty(t, summary, m.name)
		assert.NotContains(t, summary, "\n", m.name)
		assert.NotEmpty(t, text, m.name)
		assert.Contains(t, overview.out, summary)
		for _, args := range [][]string{{"help", m.name}, {m.name, "-h"}, {m.name, "--help"}} {
			page := runIn(t, t.TempDir(), "", nil, args...)
			assert.Equal(t, exitOK, page.code, args)
			assert.Contains(t, page.out, "completions "+m.name+" - "+summary, args)
		}
		m.flags().VisitAll(func(f *flag.Flag) {
			assert.Contains(t, m.help(), "    -"+f.Name)
			assert.NotEmpty(t, f.Usage, f.Name)
		})
	}
	texts, err := helpTexts.ReadDir("help")
	require.NoError(t, err)
	assert.Len(t, texts, len(commands))
}

// What is wrong with a command line is told on the standard error, with the exit code for it, and nothing is read.
func TestMisuse(t *testing.T) {
	dir := folder(t, file("a.json", "{}"), file("two.md", "```json\n{\"prompt\":\"x\"}\n```\n```json\n{\"prompt\":\"x\"}\n```\n"))
	for line, want := range map[string]string{
		"nothing":                         `there is no command "nothing"`,
		"check":                           "name a file",
		"check -nothing a.json":           "-nothing",
		"check -format xml a.json":        "it is one of text, json",
		"check -fix -diff a.json":         "do not go together",
		"check -diff -format json a.json": "which is no json",
		"check -profile none a.json":      `there is no profile "none"; there are atoma`,
		"check -profile none.json a.json": "there is no such file",
		"check -schema none.json a.json":  "there is no such file",
		"body":                            "name one file",
		"body a.json a.json":              "name one file",
		"body two.md":                     "holds 2 requests; choose one with -request",
		"body -request 3 two.md":          "holds 2 requests",
		"convert -to perl a.json":         "it is one of json, curl",
		"codes none":                      `there is no code "none"`,
		"completion csh":                  "bash, zsh or fish",
		"version x":                       "no arguments",
		"help none":                       `there is no command "none"`,
		"schema x":                        "no arguments",
		"serve x":                         "no arguments",
		"serve -upstream api.example":     "a base URL such as",
		"serve -upstream http://a:b@c":    "put the key into $PLAYGROUND_KEY",
		"serve -embed *":                  "not the origin of a site",
		"serve -addr :0 -upstream http://a.example": "add -expose",
		"batch a.json":                    "-out",
		"batch -out x a.json":             "name the server with -base",
		"batch -out x -attempts 0 a.json": "at least 1",
		"probe":                           "name the server with -base",
		"probe x":                         "no arguments",
		"score":                           "name files",
		"score a.json":                    "name the server with -base",
	} {
		r := runIn(t, dir, "", nil, words(line)...)
		assert.Equal(t, exitUsage, r.code, line)
		assert.Contains(t, r.err, want, line)
		assert.Empty(t, r.out, line)
	}
	var out bytes.Buffer
	assert.Equal(t, exitUsage, run(context.Background(), nil, nil, io.Discard, &out, os.Getenv))
	assert.Contains(t, out.String(), "Usage:")
}

// Flags may stand behind other arguments, and what follows "--" is none.
func TestParse(t *testing.T) {
	f := flag.NewFlagSet("", flag.ContinueOnError)
	a := f.String("a", "", "")
	b := f.Bool("b", false, "")
	rest, err := parse(f, []string{"x", "-a", "1", "-", "y", "-b", "--", "-a", "--"})
	require.NoError(t, err)
	assert.Equal(t, []string{"x", "-", "y", "-a", "--"}, rest)
	assert.Equal(t, "1", *a)
	assert.True(t, *b)
}

// What a terminal would obey is shown as an escape, in names of files and commands too.
func TestNothingReachesTheTerminalRaw(t *testing.T) {
	assert.Equal(t, `a\u001b[2J\u202e\xffé`, visible("a\x1b[2J\u202e\xffé"))
	assert.Equal(t, "a\n\tb", escaped("a\n\tb", "\n\t"))
	const evil = "\x1b]0;x\x07\u009b\u202e"
	dir := folder(t, file("a.json", `{"model":"m","prompt":"x","`+"\\u001b[2J"+`":1,"temperature":"`+"\x7f\u009b"+`"}`))
	for _, args := range [][]string{
		{"check", "a.json"}, {"check", evil}, {evil}, {"check", "-" + evil}, {"check", "-profile", evil, "a.json"}, {"codes", evil},
		{"help", evil}, {"check", "-format", "github", "a.json"}, {"check", "-format", "junit", "a.json"}, {"body", evil}, {"send", "-base", evil, "a.json"},
	} {
		r := runIn(t, dir, "", nil, args...)
		for _, c := range r.out + r.err {
			assert.False(t, c != '\n' && unsafe(c), "%q prints %q", args, r.out+r.err)
		}
		assert.NotEqual(t, exitOK, r.code, "%q", args)
	}
}
