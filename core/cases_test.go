package core

import (
	"bytes"
	goflag "flag" // the tape has a type of that name
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

var update = goflag.Bool("update", false, "rewrite the expected parts of testdata/cases")

// TestCases runs testdata/cases: an input and all that Check and FixAll make of it. The same files run through the
// WebAssembly binary.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			a := txtar.Parse(text)
			got := txtar.Archive{Comment: a.Comment}
			v := Default()
			var input []byte
			for _, f := range a.Files {
				switch f.Name {
				case "profile":
					v, err = ForProfile(strings.TrimSpace(string(f.Data)))
					require.NoError(t, err)
				case "input":
					input = f.Data
				default:
					continue
				}
				got.Files = append(got.Files, f)
			}
			got.Files = append(got.Files, render(t, v, input)...)
			if *update {
				require.NoError(t, os.WriteFile(file, txtar.Format(&got), 0o644))
				return
			}
			require.Equal(t, string(text), string(txtar.Format(&got)))
		})
	}
}

// render writes a verdict as the sections of a case file, those that are empty left out.
func render(t *testing.T, v *Validator, input []byte) []txtar.File {
	t.Helper()
	r := v.Check(input)
	var issues, changes bytes.Buffer
	for _, i := range r.Issues {
		issues.WriteString(i.String() + "\n")
		if i.Fix != nil {
			issues.WriteString("  fix: " + i.Fix.Title + "\n")
		}
	}
	for _, c := range r.Changes {
		changes.WriteString(strings.TrimPrefix(c.Path, "/") + ": " + c.Message + " [" + string(c.Kind) + "]\n")
	}
	edits, err := v.FixAll(input)
	require.NoError(t, err)
	fixed, err := Apply(input, edits)
	require.NoError(t, err)
	var files []txtar.File
	add := func(name string, data []byte) {
		if len(data) > 0 {
			files = append(files, txtar.File{Name: name, Data: data})
		}
	}
	add("issues", issues.Bytes())
	add("changes", changes.Bytes())
	if body := v.Body(input); body != nil {
		add("body", append(body, '\n'))
	}
	if !bytes.Equal(fixed, input) {
		if !bytes.HasSuffix(fixed, []byte("\n")) {
			fixed = append(fixed, '\n')
		}
		add("fixed", fixed)
	}
	return files
}
