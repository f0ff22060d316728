package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/completion-playground/playground/core"
)

// bodies returns what is found in a text of a language.
func bodies(language, text string) (bodies []string) {
	for _, r := range languages[language](piece{text: []byte(text)}) {
		bodies = append(bodies, string(r.body))
	}
	return bodies
}

const small = `{"model":"m","prompt":"x"}`

func TestFindInShell(t *testing.T) {
	for script, want := range map[string]int{
		"curl localhost:8000/v1/completions -d '" + small + "'":                                                  1,
		"curl localhost:8000/v1/chat/completions -d '" + small + "'":                                             0,
		"curl localhost:8000/v1/models":                                                                          0,
		"echo curl localhost:8000/v1/completions -d '" + small + "'":                                             0,
		"# curl localhost:8000/v1/completions -d '" + small + "'":                                                0,
		"$ curl localhost:8000/v1/completions -d '" + small + "'\n{\"choices\": []}\n":                           1,
		"cat <<'X' | curl localhost:8000/v1/completions -d @-\n" + small + "\nX\necho":                           1,
		"cat <<X\ncurl localhost:8000/v1/completions -d '" + small + "'\nX\n":                                    0,
		"a=$(curl localhost:8000/v1/completions -d '" + small + "' | jq .)\n":                                    1,
		"a=\"$(curl localhost:8000/v1/completions -d '" + small + "')\"; b=`curl h/v1/completions -d '{}'`":      2,
		"time curl localhost:8000/v1/completions -d '" + small + "' && curl h/v1/completions -d '" + small + "'": 2,
		"if curl localhost:8000/v1/completions -d '" + small + "'; then echo ')'; fi":                            1,
		"for i in 1 2; do\n  curl \\\n  localhost:8000/v1/completions \\\n  -d '" + small + "'\ndone":            1,
		"http POST localhost:8000/v1/completions model=m prompt=x":                                               1,
		"U=http://h/v1/completions\nexport D='" + small + "'\ncurl $U -d \"$D\"\n":                               1,
		"'unclosed\ncurl localhost:8000/v1/completions -d '" + small + "'":                                       0,
	} {
		assert.Len(t, bodies("sh", script), want, script)
	}
	assert.Equal(t, []string{small}, bodies("sh", "U=http://h/v1/completions\nD='"+small+"'\ncurl $U -d \"$D\"\n"), "the values of variables")
}

func TestFindInPython(t *testing.T) {
	for program, want := range map[string]int{
		"client.completions.create(model='m', prompt='x')":                                             1,
		"client.chat.completions.create(model='m', messages=[])":                                       0,
		"# client.completions.create(model='m', prompt='x')":                                           0,
		"s = 'client.completions.create(model=1)'":                                                     0,
		"await c.completions.create(**a)\nx = c.completions.with_raw_response.create(prompt='(')":      2,
		"requests.post('http://h/v1/completions', json={'model': 'm', 'prompt': 'x'})":                 1,
		"requests.post('http://h/v1/embeddings', json={'model': 'm', 'input': 'x'})":                   0,
		"p = {'model': 'm', 'prompt': 'x'}\nhttpx.post('http://h/v1/completions', json=p)\nprint(p)\n": 1,
		"x = \"\"\"\nclient.completions.create(model='m')\n\"\"\"":                                     0,
	} {
		assert.Len(t, bodies("py", program), want, program)
	}
}

func TestFindInMarkdown(t *testing.T) {
	for text, want := range map[string]int{
		"```json\n" + small + "\n```":                                          1,
		"~~~~ jsonc\n" + small + "\n~~~\n~~~~\n":                               1,
		"```json\n{\"name\":\"x\"}\n```":                                       0,
		"    " + small:                                                         0,
		"> ```json\n> " + small + "\n> ```\n":                                  1,
		"<!-- completions: ignore -->\n\n```json\n" + small + "\n```":          0,
		"```json\n" + small:                                                    1,
		"```\n```\n```text\nhello\n```\n``` a`b\n":                             0,
		"```go\npackage main\n```":                                             0,
		"```jsonl\n" + small + "\n{\"a\":1}\n" + small + "\n```":               2,
		"- x\n\n  ```py\n  c.completions.create(model='m', prompt='x')\n  ```": 1,
	} {
		assert.Len(t, bodies("md", text), want, text)
	}
}

func TestFindInNotebook(t *testing.T) {
	for text, want := range map[string]int{
		`{"cells":[{"source":["client.completions.create(model='m', ", "prompt='x')"],"cell_type":"code"}]}`:         1,
		`{"cells":[{"cell_type":"raw","source":"client.completions.create(model='m')"}]}`:                            0,
		`{"cells":[{"cell_type":"code","metadata":{"source":"client.completions.create(model='m')"},"source":"1"}]}`: 0,
		`{"metadata":{"cells":[[{"source":"client.completions.create(model='m')"}]]}}`:                               0,
		`{"cells":[{"cell_type":"markdown","source":"~~~json\n{\"prompt\":\"\u00e9\ud83d\ude00\"}\n~~~"}]}`:          1,
		`{"cells":[{"cell_type":"code","source":"%%bash\ncurl h:1/v1/completions -d '{\"prompt\":\"x\"}'"}]}`:        1,
		`{"cells":[{"cell_type":"code","source":"client.completions.create(model='m', prompt='x')"}`:                 1,
		`[]`: 0, `{"cells":1}`: 0, ``: 0, `"`: 0, `{"cells":[{"cell_type":"code","source":"\u12`: 0,
	} {
		assert.Len(t, bodies("ipynb", text), want, text)
	}
}

// A place in a notebook is that of the character in the file, also behind escapes.
func TestPlacesInNotebook(t *testing.T) {
	text := "{\"cells\":[{\"cell_type\":\"markdown\",\"source\":[\"\\u00e9\\n\",\n\"```json\\n\",\n\"{\\\"model\\\":\\\"é\\\",\\\"prompt\\\":\\\"x\\\",\\\"n\\\":0}\"]}]}"
	found := languages["ipynb"](piece{text: []byte(text)})
	require.Len(t, found, 1)
	h := host{text: []byte(text), line: 1}
	list := findings(&h, &found[0], core.Check(found[0].body).Issues)
	n := slices.IndexFunc(list, func(f finding) bool { return f.Field == "n" })
	require.GreaterOrEqual(t, n, 0)
	lines := strings.Split(text, "\n")
	assert.Equal(t, 3, list[n].Line)
	assert.Equal(t, "0", string([]rune(lines[2])[list[n].Column-1]))
}

// FuzzFind holds every finder to what the rest relies on: parts of the text in their order of offsets, and bodies that are
// where they are said to be.
func FuzzFind(f *testing.F) {
	var names []string
	for name := range languages {
		names = append(names, name)
	}
	slices.Sort(names)
	files, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range txtar.Parse(text).Files {
			language := strings.TrimPrefix(filepath.Ext(file.Name), ".")
			f.Add(uint8(max(slices.Index(names, language), 0)), string(file.Data))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		name := names[int(which)%len(names)]
		h := host{text: []byte(text), line: 1}
		for _, r := range languages[name](piece{text: []byte(text)}) {
			for i := range len(r.in.text) + 1 {
				if at := r.in.offset(i); at < 0 || at > len(text) || i > 0 && at < r.in.offset(i-1) {
					t.Fatalf("%s: byte %d of a piece is at %d of %d", name, i, at, len(text))
				}
			}
			if r.at >= 0 && r.body != nil && string(r.in.text[r.at:r.at+len(r.body)]) != string(r.body) {
				t.Fatalf("%s: a body is not at %d", name, r.at)
			}
			for _, found := range findings(&h, &r, core.Check(r.body).Issues) {
				if found.Line < 1 || found.Column < 1 || found.EndLine < found.Line || found.Line == found.EndLine && found.EndColumn < found.Column {
					t.Fatalf("%s: %+v", name, found)
				}
			}
		}
	})
}
