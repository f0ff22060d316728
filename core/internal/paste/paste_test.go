package paste

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// samples returns the texts that package core tells the meaning of.
func samples(t testing.TB) (texts []string) {
	files, err := filepath.Glob("../../testdata/imports/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		require.NoError(t, err)
		for _, f := range a.Files {
			if name := f.Name; name != "body" && !strings.HasSuffix(name, ".body") && !strings.HasSuffix(name, ".read") {
				texts = append(texts, string(f.Data))
			}
		}
	}
	return texts
}

// requireSound holds a draft to what is promised of each.
func requireSound(t testing.TB, src []byte, d Draft) {
	place := 0
	for _, n := range d.Notes {
		require.True(t, 0 <= n.Start && n.Start <= n.End && n.End <= len(src), "%+v in %q", n, src)
		require.LessOrEqual(t, place, n.Start, "notes in the order of places")
		require.NotEmpty(t, n.Message)
		require.True(t, utf8.ValidString(n.Message))
		place = n.Start
	}
	require.LessOrEqual(t, len(d.Notes), mostNotes)
	require.NotEmpty(t, d.Kind)
	require.NotEmpty(t, d.Name)
	if d.Key == "" {
		return
	}
	for _, h := range d.Headers {
		require.NotEqual(t, d.Key, h.Value)
	}
	if key := d.Key; certain(key) {
		d.Key, d.hidden = "", nil
		require.NotContains(t, fmt.Sprintf("%+v %s", d, d.Body), key, "%q", src)
	}
}

// Of a text that breaks off anywhere, what is read is sound.
func TestBrokenOff(t *testing.T) {
	for _, text := range samples(t) {
		for n := range len(text) {
			if n > 200 && n%7 != 0 {
				continue
			}
			if d, ok := Read([]byte(text[:n])); ok {
				requireSound(t, []byte(text[:n]), d)
			}
		}
	}
}

// JSON is no language of this package, whatever is wrong with it, and neither is a literal of JavaScript.
func TestJSONIsNotClaimed(t *testing.T) {
	for _, text := range []string{
		"", " ", `{}`, `{"model":"m","prompt":["curl http://h -d '{}'"]}`, `{"prompt":"$ curl http://h/v1/completions -d x"`,
		"{\n  prompt: 'POST /v1/completions HTTP/1.1',\n}", "{\"prompt\": \"a\ncurl http://h -d '{}'\n\"}", `{"method":"POST","url":"x"}`,
		`{"prompt":"@{a=1} | ConvertTo-Json","model":"m"}`, `[1,2`, `"model": "m"`, "// a comment\n{model: 'm'}",
		"const body = {\n  model: 'm',\n  prompt: 'x; curl http://h'\n};",
		"def f():\n    '''\n    curl http://h\n    '''\n    return {\"a\": 1}", "```json\n{\"model\":\"m\"}\n```", "Here is what I have:\n{\"model\":\"m\"}",
		"prompt = \"\"\"\ncurl -d '{}' http://h\n\"\"\"\n", "curly braces { }", "POST it to me", "http is a protocol", "meta { x: 1 }",
	} {
		d, ok := Read([]byte(text))
		assert.False(t, ok, "%q is %s", text, d.Name)
	}
}

// Four times the text costs about four times as much, whatever it holds.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("this measures for seconds")
	}
	for _, c := range []struct{ name, start, item, end string }{
		{"words", "curl ", `a "b" 'c' $d `, ""},
		{"open quotes", "curl ", `'a'\''b" `, ""},
		{"open substitutions", "curl ", `$(a "`, ""},
		{"nested substitutions", "curl ", `"$(`, ""},
		{"open backquotes", "curl ", "`a", ""},
		{"here-documents without end", "curl ", "$(cat <<E\n", ""},
		{"here-documents with one end", "curl ", "$(cat <<E\n)", "\nE\n"},
		{"here-documents with ends", "curl ", "$(cat <<E\nx\nE\n)", ""},
		{"here-documents of one line", "curl ", "<<E ", "\nE\n"},
		{"variables", "a=b\ncurl ", `"$a" `, ""},
		{"variables that grow", "", "a=$a$a\n", "\ncurl $a"},
		{"variables in commands", "curl x\n", "a=1 b\n", ""},
		{"data", "curl ", "-d x ", ""},
		{"pipes", "curl x", "| cat ", "| curl -d @-"},
		{"calls", "", "curl -H 'a: b' http://h\n", ""},
		{"comments", "", "# curl\n", "curl x"},
		{"prose", "", "so it is\n", "curl x"},
		{"carets", "curl ^\n", "^\" ^^ ", ""},
		{"backslashes", "curl ^\n\"", `\\\`, "\""},
		{"tables", "$a = ", "@{a=", " | ConvertTo-Json"},
		{"lists", "$a = @(", "1,", "2) | ConvertTo-Json"},
		{"lists of strings", "irm -Body (@{a=", "'x',", "'y'} | ConvertTo-Json) -Uri x"},
		{"PowerShell's variables", "$a = 'x'\nirm -Uri \"", "$a", "\""},
		{"PowerShell's variables that grow", "$a = @('x')\n", "$a = @($a, $a)\n", "irm -Body ($a | ConvertTo-Json) -Uri x"},
		{"PowerShell's expressions", "irm -Body (@{a=", "$(", "} | ConvertTo-Json) -Uri x"},
		{"members", "$h = @{}\n", "$h.Add('a','b')\n", "irm -Headers $h -Uri x"},
		{"here-strings", "irm x -Body ", "@'\nx\n", ""},
		{"parameters", "irm ", "-Uri x ", ""},
		{"headers", "POST / HTTP/1.1\n", "a: b\n", "\n{}"},
		{"templates", "POST / HTTP/1.1\n\n", "{{a}}", ""},
		{"open templates", "POST / HTTP/1.1\n\n", "{{", ""},
		{"variables of requests", "@a = x\nPOST / HTTP/1.1\n\n", "{{a}}", ""},
		{"requests", "", "POST / HTTP/1.1\n\n{}\n###\n", ""},
		{"blocks", "meta {\n}\n", "a {\n}\n", ""},
		{"fences", "", "```\n", ""},
		{"records", `{"log":{"entries":[{"request":{"method":"POST","url":"x"}}`, `,{"request":{"method":"POST","url":"x"}}`, `]}}`},
		{"records in records", `{"method":"","url":"",`, `"item":[{`, ""},
		{"fields", "http POST x ", "a=b ", ""},
		{"keys", "curl x -H 'api-key: 0123456789abcdef' -d '", "0123456789abcdef ", "'"},
		{"queries", "curl 'http://h/?", "key=a&b=c&", "'"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := func(n int) []byte { return []byte(c.start + strings.Repeat(c.item, n/len(c.item)) + c.end) }
			size := effort.Size(1 << 16)
			if c.name == "members" {
				size = 1 << 18 // beyond what PowerShell's reader follows, which others then look at
			}
			small, large := text(size), text(4*size)
			cost := effort.RequireLinear(t, c.name, func() { Read(small) }, func() { Read(large) })
			assert.Less(t, cost.Bytes, uint64(240*len(large)+24<<20))
		})
	}
}

// FuzzRead holds what is read to its promises, and JSON to be none of it.
func FuzzRead(f *testing.F) {
	for _, text := range samples(f) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<14 {
			return
		}
		d, ok := Read(src)
		if !ok {
			return
		}
		requireSound(t, src, d)
		var request struct{ Model, Prompt *string }
		if json.Unmarshal(src, &request) == nil {
			require.False(t, request.Model != nil && request.Prompt != nil, "a request is claimed: %q", src)
		}
	})
}
