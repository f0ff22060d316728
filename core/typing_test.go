package core

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// TestTyping checks every prefix of the examples and cases: a person who types has made one mistake at most, which is
// not to be ready yet, and what is not typed yet is neither missing nor misspelled.
func TestTyping(t *testing.T) {
	unfinished := []Code{CodeUnclosedBracket, CodeUnclosedString, CodeMissingValue, CodeEmptyDocument, CodeUnexpectedText}
	for name, text := range typedTexts(t) {
		type mistake struct {
			code Code
			path string
		}
		final := map[mistake]bool{}
		for _, i := range Check([]byte(text)).Issues {
			final[mistake{i.Code, i.Path}] = true
		}
		for end := range text {
			var syntax []Issue
			for _, i := range Check([]byte(text[:end])).Issues {
				switch {
				case i.Rule != "syntax":
					assert.True(t, final[mistake{i.Code, i.Path}], "%s: %s in %q", name, i, text[:end])
				case i.Severity == Error:
					syntax = append(syntax, i)
					assert.Contains(t, unfinished, i.Code, "%s: %s in %q", name, i, text[:end])
				}
			}
			assert.LessOrEqual(t, len(syntax), 1, "%s: %v in %q", name, syntax, text[:end])
		}
	}
}

// typedTexts are the examples and those inputs of the cases that have no syntax error when they are complete.
func typedTexts(t *testing.T) map[string]string {
	texts := map[string]string{}
	examples, err := filepath.Glob("../schema/examples/*.json")
	require.NoError(t, err)
	cases, err := filepath.Glob("testdata/cases/*.txtar")
	require.NoError(t, err)
	for _, file := range append(examples, cases...) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		if filepath.Ext(file) == ".txtar" {
			files := txtar.Parse(text).Files
			if files[0].Name != "input" {
				continue // of a profile of its own
			}
			text = files[0].Data
		}
		broken := false
		for _, i := range Check(text).Issues {
			broken = broken || i.Rule == "syntax" && i.Severity == Error
		}
		if len(text) < 2000 && !broken {
			texts[filepath.Base(file)] = string(text)
		}
	}
	require.Greater(t, len(texts), 30)
	return texts
}
