package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core/serve"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	makeTarget   = regexp.MustCompile(`(?m)^([a-z]+):`)
	makeVariable = regexp.MustCompile(`(?m)^([A-Z]+) \?=`)
)

// What the documents tell people to type exists: targets of the Makefile with its variables, its steps, and folders of Go.
func TestDocumentedCommands(t *testing.T) {
	text, err := os.ReadFile("../Makefile")
	require.NoError(t, err)
	first := func(found [][]string) (names []string) {
		for _, m := range found {
			names = append(names, m[1])
		}
		return names
	}
	targets, variables := first(makeTarget.FindAllStringSubmatch(string(text), -1)), first(makeVariable.FindAllStringSubmatch(string(text), -1))
	seen := 0
	for _, file := range documents(t, ".md") {
		document, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range fenced.FindAllStringSubmatch(string(document), -1) {
			if m[1] != "sh" {
				continue
			}
			for line := range strings.Lines(strings.ReplaceAll(m[2], "\\\n", " ")) {
				line, _, _ = strings.Cut(line, " #")
				words := strings.Fields(line)
				words = slices.DeleteFunc(words, func(word string) bool { return strings.HasPrefix(word, "PLAYGROUND_KEY=") })
				if len(words) == 0 {
					continue
				}
				seen++
				switch words[0] {
				case "make":
					for _, word := range words[1:] {
						if name, _, set := strings.Cut(word, "="); set {
							assert.Contains(t, variables, name, "%s: %s", file, line)
						} else {
							assert.Contains(t, targets, word, "%s: %s", file, line)
						}
					}
				case "go":
					assert.Contains(t, []string{"test", "get", "install"}, words[1], "%s: %s", file, line)
					for _, word := range words[2:] {
						word, _, _ = strings.Cut(word, "@")
						folder, local := strings.CutPrefix(strings.TrimSuffix(word, "/..."), "./")
						if rest, ours := strings.CutPrefix(word, "github.com/completion-playground/playground/"); ours {
							folder, local = rest, true
						}
						if local {
							assert.DirExists(t, "../"+folder, "%s: %s", file, line)
						}
					}
				case "completions": // its flags are tested beside its help
					assert.FileExists(t, "../core/cmd/completions/help/"+words[1]+".txt", "%s: %s", file, line)
				case "npm": // the packages' own test installs it
					assert.Regexp(t, `^npm install \./completion-playground-(core|element)-[\d.]+\.tgz$`, strings.TrimSpace(line), file)
				case "curl": // its request is sent by another test
					assert.Contains(t, line, "http://"+serve.DefaultAddr+"/v1/completions", file)
				default:
					assert.Fail(t, "a command that no test knows", "%s: %s", file, line)
				}
			}
		}
	}
	assert.Greater(t, seen, 15)
}

// Lines of steps name steps that there are.
func TestDocumentedSteps(t *testing.T) {
	source, err := os.ReadFile("test.go")
	require.NoError(t, err)
	seen := 0
	for _, file := range documents(t, ".md") {
		document, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`make test STEP=([a-z,]+)`).FindAllStringSubmatch(string(document), -1) {
			for name := range strings.SplitSeq(m[1], ",") {
				assert.Contains(t, string(source), `{name: "`+name+`",`, file)
				seen++
			}
		}
	}
	assert.Positive(t, seen)
}
