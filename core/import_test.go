package core

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// importCase is one text of testdata/imports, with what is to be read from it. The same files run through the
// WebAssembly binary.
type importCase struct {
	file, name string
	input      string
	body       string // the canonical body of the request; "" where there is none
	read       string // all else, one fact a line
}

func importCases(t testing.TB) (cases []importCase) {
	files, err := filepath.Glob("testdata/imports/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		require.NoError(t, err)
		parts := map[string]string{}
		for _, f := range a.Files {
			parts[f.Name] = string(f.Data)
		}
		for _, f := range a.Files {
			if name := f.Name; name != "body" && !strings.HasSuffix(name, ".body") && !strings.HasSuffix(name, ".read") {
				body, own := parts[name+".body"]
				if !own {
					body = parts["body"]
				}
				cases = append(cases, importCase{file, name, parts[name], strings.TrimSpace(body), parts[name+".read"]})
			}
		}
	}
	return cases
}

// renderImport writes all of an import but its text, whose canonical body is compared.
func renderImport(text string, r Imported) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	line("kind", r.Kind)
	line("method", r.Method)
	line("url", r.URL)
	line("base", r.Base)
	line("host", r.Host)
	line("path", r.Path)
	line("profile", r.Profile)
	for _, h := range r.Headers {
		line("header", h.Name+": "+h.Value)
	}
	line("key", r.Key.Reveal())
	line("in header", r.KeyHeader)
	for _, n := range r.Notes {
		at := text[n.Span.Start.Byte:n.Span.End.Byte]
		if len(at) > 40 {
			at = at[:40] + "…"
		}
		quoted, _ := json.Marshal(strings.ToValidUTF8(at, ""))
		line("note", fmt.Sprintf("%s at %d:%d to %d:%d %s: %s", n.Code, n.Span.Start.Line, n.Span.Start.Column, n.Span.End.Line, n.Span.End.Column, quoted, n.Message))
	}
	return b.String()
}

// decoded returns what JSON says, numbers as they are written.
func decoded(text string) (value any) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if d.Decode(&value) != nil {
		return text
	}
	return value
}

// TestImports runs testdata/imports. Run with -update to rewrite the sections .read; the bodies are by hand.
func TestImports(t *testing.T) {
	got := map[string]string{}
	tried, right := map[string]int{}, map[string]int{}
	var kinds []string
	for _, c := range importCases(t) {
		t.Run(filepath.Base(c.file)+"/"+c.name, func(t *testing.T) {
			r, ok := Import([]byte(c.input))
			require.True(t, ok)
			if tried[r.Kind]++; tried[r.Kind] == 1 {
				kinds = append(kinds, r.Kind)
			}
			v, err := Compile(nil, Options{Unknown: "allow"})
			require.NoError(t, err)
			if assert.Equal(t, decoded(c.body), decoded(string(v.Body(r.Text))), "%s", r.Text) {
				right[r.Kind]++
			}
			read := renderImport(c.input, r)
			if got[c.file+c.name] = read; !*update {
				assert.Equal(t, c.read, read)
			}
			if key := r.Key.Reveal(); key != "" {
				r.Key = Secret{}
				assert.NotContains(t, fmt.Sprintf("%+v %s", r, r.Text), key)
				for _, i := range Check([]byte(c.input)).Issues {
					assert.NotContains(t, i.Message, key)
					if i.Fix != nil {
						assert.NotContains(t, i.Fix.Title, key)
					}
				}
			}
		})
	}
	for _, kind := range kinds {
		t.Logf("%-12s %3d tried %3d read right", kind, tried[kind], right[kind])
	}
	if *update {
		updateImports(t, got)
	}
}

func updateImports(t *testing.T, got map[string]string) {
	files, err := filepath.Glob("testdata/imports/*.txtar")
	require.NoError(t, err)
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		require.NoError(t, err)
		out := txtar.Archive{Comment: a.Comment}
		for i, f := range a.Files {
			if strings.HasSuffix(f.Name, ".read") {
				continue
			}
			out.Files = append(out.Files, f)
			name, ownBody := strings.CutSuffix(f.Name, ".body")
			last := ownBody || i+1 == len(a.Files) || a.Files[i+1].Name != f.Name+".body"
			if read, ok := got[file+name]; ok && last {
				out.Files = append(out.Files, txtar.File{Name: name + ".read", Data: []byte(read)})
			}
		}
		require.NoError(t, os.WriteFile(file, txtar.Format(&out), 0o644))
	}
}

// The list for people has every kind that is read.
func TestKindsAreListed(t *testing.T) {
	list, err := os.ReadFile("../web/docs/architecture.md")
	require.NoError(t, err)
	for _, text := range golden(t) {
		if r, ok := Import([]byte(text)); ok {
			require.Contains(t, string(list), "`"+r.Kind+"`")
		}
	}
}

// A request that only a program knows in full is not taken for the whole of it unless somebody asks for that.
func TestImportOfAPartIsNotSafe(t *testing.T) {
	for text, removes := range map[string]string{
		"client.completions.create(model='m', prompt=question, max_tokens=5)":                               "question",
		`json.Marshal(map[string]any{"model": "m", "prompt": "x", "max_tokens": most(5)})`:                  "most(5)",
		"fetch('/v1/completions', {method: 'POST', body: JSON.stringify({model: 'm', prompt: a ? b : c})})": "a ? b : c",
	} {
		issues := Check([]byte(text)).Issues
		require.Len(t, issues, 1, text)
		require.NotNil(t, issues[0].Fix, text)
		assert.False(t, issues[0].Fix.Safe(), text)
		assert.Equal(t, removes, issues[0].Fix.Removes)
		assert.Equal(t, text, fixAll(t, Default(), text))
	}
}

// What is quoted in another language is not edited in place.
func TestEditsOfAnImport(t *testing.T) {
	for _, c := range importCases(t) {
		if strings.HasPrefix(strings.TrimSpace(c.input), "{") {
			continue // JSON can be edited, whatever it is
		}
		_, err := Default().Set([]byte(c.input), "/user", []byte(`"it's"`))
		require.ErrorContains(t, err, "first", c.name)
		_, err = Default().Format([]byte(c.input))
		require.ErrorContains(t, err, "first", c.name)
	}
}

// A text that holds a request is told in one issue, and its fix is the request.
func TestCheckOfAnImport(t *testing.T) {
	for _, c := range importCases(t) {
		r, ok := Import([]byte(c.input))
		require.True(t, ok, c.name)
		issues := Check([]byte(c.input)).Issues
		require.Len(t, issues, 1, c.name)
		require.Equal(t, CodePastedRequest, issues[0].Code, c.name)
		if r.Text == nil {
			require.Nil(t, issues[0].Fix, c.name)
			continue
		}
		if issues[0].Fix == nil { // what cannot be read is no better without what stands around it
			require.True(t, slices.ContainsFunc(Check(r.Text).Issues, func(i Issue) bool { return i.Code == CodeMismatchedBracket || i.Code == CodeUnsupportedExpression }), c.name)
			continue
		}
		text, err := Apply([]byte(c.input), issues[0].Fix.Edits)
		require.NoError(t, err)
		require.Equal(t, string(r.Text), string(text), c.name)
	}
}
