package docs

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const repository = "https://example.com/o/n"

func pages(t *testing.T) map[string]Page {
	t.Helper()
	list, err := Pages(os.DirFS("../.."), repository)
	require.NoError(t, err)
	found := map[string]Page{}
	for _, p := range list {
		require.NotContains(t, found, p.Path)
		assert.NotEmpty(t, p.About, p.Path)
		found[p.Path] = p
	}
	return found
}

// Each field has a page with its facts, and a request that is free of errors with the field in it.
func TestFieldPages(t *testing.T) {
	all := pages(t)
	f, err := readFacts(os.DirFS("../.."))
	require.NoError(t, err)
	require.Len(t, f.fields, 18)
	for i := range f.fields {
		p := &f.fields[i]
		text := all["fields/"+p.name+".md"].Text
		require.NotEmpty(t, text, p.name)
		assert.Contains(t, text, "| Type | "+p.kind()+" |")
		assert.Contains(t, text, "CompletionRequest."+goField(p.name))
		assert.Contains(t, text, `fields="`+p.name+`"`)
		assert.NotEmpty(t, goField(p.name), p.name)
		report := core.Check(f.sample(p))
		assert.NoError(t, report.Err(), p.name)
		assert.Contains(t, string(f.sample(p)), `"`+p.name+`":`)
		assert.NotEmpty(t, f.mistakes(p), "%s has no value that anything is said of", p.name)
		camel := strings.Replace(string(f.sample(p)), `"`+p.name+`"`, `"`+camelCase(p.name)+`"`, 1)
		assert.NoError(t, core.Check([]byte(camel)).Err(), camel)
	}
	assert.Contains(t, all["fields/max_tokens.md"].Text, "| Range | 0 to 2,147,483,647 |\n| Default | `16` |")
	assert.Contains(t, all["fields/seed.md"].Text, "| Range | −9,223,372,036,854,775,808 to 9,223,372,036,854,775,807 |")
	assert.Contains(t, all["fields/suffix.md"].Text, "vLLM answers 400 to any suffix")
	assert.Contains(t, all["fields/best_of.md"].Text, "[`best-of-below-n`](../codes.md#best-of-below-n)")
}

// Each profile has a page with all rows of evidence.
func TestServerPages(t *testing.T) {
	all := pages(t)
	root := os.DirFS("../..")
	for _, p := range core.Profiles() {
		text := all["servers/"+p.Name+".md"].Text
		require.NotEmpty(t, text, p.Name)
		rows := 0
		for _, folder := range []string{"measured", "read"} {
			e, err := readEvidence(root, "schema/"+folder+"/"+p.Name+".json")
			require.NoError(t, err)
			if e != nil {
				rows += len(e.Rows)
				for _, r := range e.Rows {
					assert.NotEmpty(t, outcomes[r.Outcome], r.Outcome)
					assert.Contains(t, text, code(r.Request))
				}
			}
		}
		if p.Name != "demo" && p.Name != "portable" {
			assert.Positive(t, rows, p.Name)
		}
	}
	assert.Contains(t, all["servers/index.md"].Text, "| M | measured")
}

// The library's page shows every example of core, core/client and core/guard, with what it prints.
func TestLibraryPage(t *testing.T) {
	text := pages(t)["library.md"].Text
	written, err := os.ReadFile("../../web/docs/library.md")
	require.NoError(t, err)
	for _, file := range []string{"core/example_test.go", "core/example_edit_test.go", "core/example_types_test.go", "core/guard/example_test.go", "core/client/example_test.go", "core/client/compare_test.go"} {
		source, err := os.ReadFile("../../" + file)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`(?m)^func (Example\w+)`).FindAllSubmatch(source, -1) {
			assert.Contains(t, string(written), "["+string(m[1])+"](../../"+file+")")
		}
	}
	assert.Contains(t, text, "```text\n2 errors in the request:\n  1:51 temperature: got 3, want at most 2; fix: use 2 instead of 3\n")
	assert.NotContains(t, text, "_test.go)")
}

func TestSecurityPage(t *testing.T) {
	assert.Contains(t, pages(t)["security.md"].Text, "| `default-src 'none'` | Whatever is not named below is forbidden")
}

// Links lead to pages where there are some, and to files on the web where there are none.
func TestLinks(t *testing.T) {
	all := pages(t)
	assert.Contains(t, all["embed.md"].Text, "["+"probe](probe.md)")
	assert.Contains(t, all["embed.md"].Text, "[schema/profiles](servers/index.md)")
	assert.Contains(t, all["probe.md"].Text, repository+"/blob/main/core/probe/report.go")
	assert.Contains(t, all["versions.md"].Text, "(codes.md)")
	for name, broken := range map[string]string{
		"no file":    "[x](nowhere.md)",
		"no heading": "[x](#nowhere)",
	} {
		assert.Error(t, checkLinks([]Page{{Path: "a.md", Text: "# A\n\n" + broken}}), name)
	}
	assert.NoError(t, checkLinks([]Page{{Path: "a.md", Text: "# A b\n\n[x](b/c.md#c-d) [y](#a-b) `[z](no.md)`\n\n```\n[z](no.md)\n```\n"}, {Path: "b/c.md", Text: "## C d\n[up](../a.md)"}}))
}

func TestSlug(t *testing.T) {
	for title, want := range map[string]string{
		"Where it may come from, and what a page must allow": "where-it-may-come-from-and-what-a-page-must-allow",
		"`max_tokens` above 2":                               "max_tokens-above-2",
		"[Unreleased](x.md)":                                 "unreleased",
		"Of the text as JSON (again)":                        "of-the-text-as-json-again",
	} {
		assert.Equal(t, want, Slug(title))
	}
}

// What is shown as prose or code is that, whatever it holds.
func TestMarkdownOfTexts(t *testing.T) {
	assert.Equal(t, `a\|b &lt;c&gt; \_d\_ \[e\] &#123;&#123;f}}`, prose("a|b <c> _d_ [e] {{f}}"))
	assert.Equal(t, "`a\\|b`", code("a|b"))
	assert.Equal(t, "`` a`b ``", code("a`b"))
	assert.Equal(t, `{"a": [1, "b:,c"]}`, compact([]byte(`{"a":[1,"b:,c"]}`)))
}

func TestDigest(t *testing.T) {
	list, full := Digest([]Page{{Path: "a.md", Group: "Use", Title: "A", About: "about a", Text: "---\ntitle: \"A\"\n---\n\n# A\n<completion-playground v-pre fields=\"n\"></completion-playground>\nText.\n"}}, "Short.")
	assert.Contains(t, list, "# Completion Playground\n\n> Short.\n")
	assert.Contains(t, list, "- [A](a.md): About a.\n")
	assert.Equal(t, "# A\nText.\n\n", full)
}

func TestSchemasArePublishedUnderTheirNames(t *testing.T) {
	files, err := Schemas()
	require.NoError(t, err)
	assert.Len(t, files, len(core.Profiles())+1)
	bodies := map[string]string{}
	for name, text := range files {
		var told struct {
			ID string `json:"$id"`
		}
		require.NoError(t, json.Unmarshal(text, &told))
		assert.Equal(t, schema.Address(strings.TrimSuffix(name, ".json")), told.ID)
		v, err := core.Compile(text, core.Options{})
		require.NoError(t, err, name)
		assert.True(t, v.Valid([]byte(`{"model": "m", "prompt": ["p"], "max_tokens": 1}`)), name)
		assert.False(t, v.Valid([]byte(`{"model": 1}`)), name)
		bodies[string(text)] = name
	}
	assert.Len(t, bodies, len(files))
}
