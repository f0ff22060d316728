package paste

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// pasted is a text with what is read in it.
type pasted struct {
	kind, name, in, json, says string
}

func pastedCases(t testing.TB) (cases []*pasted) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(t, err)
		byName := map[string]*pasted{}
		for _, f := range archive.Files {
			ext := filepath.Ext(f.Name)
			name := strings.TrimSuffix(f.Name, ext)
			c := byName[name]
			if c == nil {
				kind := strings.TrimSuffix(filepath.Base(file), ".txtar")
				if k, n, ok := strings.Cut(name, ": "); ok {
					kind, name = k, n
				}
				c = &pasted{kind: kind, name: name}
				byName[f.Name[:len(f.Name)-len(ext)]] = c
				cases = append(cases, c)
			}
			switch data := string(f.Data); ext {
			case ".in":
				c.in = strings.TrimSuffix(data, "\n")
			case ".json":
				c.json = strings.TrimSpace(data)
			case ".says":
				c.says = strings.TrimSpace(data)
			default:
				require.Fail(t, "what is this?", f.Name)
			}
		}
	}
	return cases
}

// said lists what a draft says beside the request, in the form of the cases.
func said(src string, d *Draft) string {
	var b strings.Builder
	line := func(word, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%s %s\n", word, text)
		}
	}
	line("url", d.URL)
	line("method", d.Method)
	for _, h := range d.Headers {
		line("header", h.Name+": "+h.Value)
	}
	line("key", d.Key)
	line("in header", d.KeyHeader)
	for _, n := range d.Notes {
		place := src[n.Start:n.End]
		if first, _, several := strings.Cut(place, "\n"); several {
			place = first + " …"
		}
		line(string(n.Code), place)
	}
	return strings.TrimSpace(b.String())
}

// withoutComments makes strict JSON of the text of a request.
func withoutComments(text []byte) []byte {
	var out []byte
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			end := i + 1
			for ; text[end] != '"'; end++ {
				if text[end] == '\\' {
					end++
				}
			}
			out = append(out, text[i:end+1]...)
			i = end
		case bytes.HasPrefix(text[i:], []byte("//")):
			n := bytes.IndexByte(text[i:], '\n')
			i += n - 1
		case bytes.HasPrefix(text[i:], []byte("/*")):
			i += bytes.Index(text[i:], []byte("*/")) + 1
		default:
			out = append(out, text[i])
		}
	}
	return out
}

// canonical orders the members and drops white space; tokens of numbers and escapes of lone surrogates stay.
func canonical(t testing.TB, text []byte) string {
	t.Helper()
	tape, ok := scanned(text)
	require.True(t, ok, "no strict JSON: %s", text)
	return string(tape.AppendJSON(nil, 0))
}

// equalJSON compares values; escapes are compared as what they stand for, and numbers as they are spelled.
func equalJSON(t testing.TB, want, got string) bool {
	t.Helper()
	read := func(s string) any {
		d := json.NewDecoder(strings.NewReader(strings.ReplaceAll(s, `\ud83d"`, `<lone>"`)))
		d.UseNumber()
		var v any
		require.NoError(t, d.Decode(&v), "%s", s)
		return v
	}
	return assert.Equal(t, read(want), read(got))
}

// Every kind of text is read right in every variant; the table says how many there are.
func TestKinds(t *testing.T) {
	tried, right := map[string]int{}, map[string]int{}
	for _, c := range pastedCases(t) {
		tried[c.kind]++
		if t.Run(c.kind+"/"+c.name, func(t *testing.T) {
			d, ok := Read([]byte(c.in))
			if c.json == "" {
				require.False(t, ok && d.Body != nil, "%s: %s", d.Kind, d.Body)
				if c.says == "" {
					require.False(t, ok)
				}
			} else {
				require.True(t, ok)
				require.NotNil(t, d.Body, "%+v", d)
				equalJSON(t, c.json, canonical(t, withoutComments(d.Body)))
			}
			if slices.Contains([]Kind{"python", "javascript", "go", "java", "csharp", "rust", "php", "ruby", "yaml", "jsonl", "events", "form"}, Kind(c.kind)) && ok {
				assert.Contains(t, []Kind{Kind(c.kind), "json"}, d.Kind)
			}
			assert.Equal(t, c.says, said(c.in, &d))
			requireSoundDraft(t, []byte(c.in), &d)
		}) {
			right[c.kind]++
		}
	}
	t.Log("kind              tried  read right")
	for _, kind := range slices.Sorted(maps.Keys(tried)) {
		t.Logf("%-18s %4d  %10d", kind, tried[kind], right[kind])
		least := 5
		if kind == "python" || kind == "javascript" {
			least = 10
		}
		assert.GreaterOrEqual(t, tried[kind], least, "variants of %s", kind)
	}
}

// requireSoundDraft holds a draft to what is so of every one.
func requireSoundDraft(t testing.TB, src []byte, d *Draft) {
	last := 0
	for _, n := range d.Notes {
		require.LessOrEqual(t, last, n.Start, "notes stand by place")
		require.LessOrEqual(t, n.Start, n.End)
		require.LessOrEqual(t, n.End, len(src))
		last = n.Start
	}
	require.LessOrEqual(t, len(d.Notes), 2*mostSaid)
	require.LessOrEqual(t, len(d.Body), 32*len(src)+2*mostSpent)
	if !certain(d.Key) {
		return
	}
	require.NotContains(t, string(d.Body), d.Key)
	require.NotContains(t, d.URL, d.Key)
	for _, h := range d.Headers {
		require.NotContains(t, h.Name+h.Value, d.Key)
	}
	for _, n := range d.Notes {
		require.NotContains(t, n.Message, d.Key)
	}
}
