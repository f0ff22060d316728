package core

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

const plantedKey = "sk-planted-0123456789abcdef"

// plants put a key into each kind of place that a text of a language has for one.
var plants = []struct {
	name  string
	kinds string // those with such a place
	plant func(text string) string
}{
	{"header", "curl cmd", behind(`\bcurl(\.exe)? `, `-H "X-Api-Key: `+plantedKey+`" `)},
	{"bearer", "curl cmd", behind(`\bcurl(\.exe)? `, `-H "Authorization: Bearer `+plantedKey+`" `)},
	{"user and password", "curl cmd", behind(`\bcurl(\.exe)? `, `-u me:`+plantedKey+` `)},
	{"user alone", "curl cmd", behind(`\bcurl(\.exe)? `, `-u `+plantedKey+`: `)},
	{"basic authentication", "curl cmd", behind(`\bcurl(\.exe)? `, `-H "Authorization: Basic `+base64.StdEncoding.EncodeToString([]byte("me:"+plantedKey))+`" `)},
	{"cookie", "curl cmd", behind(`\bcurl(\.exe)? `, `-H "Cookie: a=b; api_key=`+plantedKey+`" `)},
	{"cookie option", "curl cmd", behind(`\bcurl(\.exe)? `, `-b "token=`+plantedKey+`" `)},
	{"query", "curl cmd wget httpie http python javascript go java csharp php ruby", behind(`https?://[a-z0-9.:]+/v1/completions`, `?key=`+plantedKey)},
	{"user of an address", "curl cmd wget http python javascript", behind(`https?://`, `me:`+plantedKey+`@`)},
	{"environment", "curl", before("OPENAI_API_KEY=" + plantedKey + "\n")},
	{"exported", "curl wget", before("export API_KEY='" + plantedKey + "'\n")},
	{"header line", "http", behind(`HTTP/1\.1\r?\n`, "X-Api-Key: "+plantedKey+"\n")},
	{"header of wget", "wget", behind(`\bwget `, `--header="Authorization: Bearer `+plantedKey+`" `)},
	{"item", "httpie", func(text string) string { return strings.TrimRight(text, " \n") + " X-Api-Key:" + plantedKey + "\n" }},
	{"environment of Python", "python", before("os.environ[\"OPENAI_API_KEY\"] = \"" + plantedKey + "\"\n")},
	{"default of Python", "python", before("key = os.environ.get(\"MY_KEY\", '" + plantedKey + "')\n")},
	{"alternative of Python", "python", before("key = os.getenv('API_TOKEN') or '" + plantedKey + "'\n")},
	{"variable of Python", "python", before("API_KEY = '" + plantedKey + "'\n")},
	{"module of Python", "python", before("openai.api_key = '" + plantedKey + "'\n")},
	{"client of Python", "python", before("c = OpenAI(api_key='" + plantedKey + "')\n")},
	{"environment of JavaScript", "javascript", before("const key = process.env.API_KEY ?? '" + plantedKey + "';\n")},
	{"variable of JavaScript", "javascript", before("const apiKey = \"" + plantedKey + "\";\n")},
	{"client of JavaScript", "javascript", before("const c = new OpenAI({ apiKey: `" + plantedKey + "` });\n")},
}

func before(line string) func(string) string {
	return func(text string) string { return line + text }
}

// behind puts a text behind the place that a pattern fits, if there is but one: another may be that of another request.
func behind(pattern, more string) func(string) string {
	re := regexp.MustCompile(pattern)
	return func(text string) string {
		at := re.FindAllStringIndex(text, 2)
		if len(at) != 1 {
			return ""
		}
		return text[:at[0][1]] + more + text[at[0][1]:]
	}
}

// golden returns all texts whose reading the tests of imports tell.
func golden(t testing.TB) (texts []string) {
	for _, c := range importCases(t) {
		texts = append(texts, c.input)
	}
	files, err := filepath.Glob("internal/paste/testdata/*.txtar")
	require.NoError(t, err)
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		require.NoError(t, err)
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".in") {
				texts = append(texts, string(f.Data))
			}
		}
	}
	require.Greater(t, len(texts), 300)
	return texts
}

// everywhere is all that is handed back about a text, but for the key itself.
func everywhere(t testing.TB, text string, r Imported) string {
	r.Key = Secret{}
	report := Check([]byte(text))
	marshalled, err := json.Marshal(report)
	require.NoError(t, err)
	var b strings.Builder
	fmt.Fprintf(&b, "%+v %#v %s %s %v", r, r, r.Text, marshalled, report.Err())
	for _, i := range report.Issues {
		b.WriteString(i.String())
		if i.Fix != nil {
			fmt.Fprintf(&b, "%+v", *i.Fix)
		}
	}
	return b.String()
}

// A key stands in what an import hands back as its key, and nowhere else, whatever place it was found in.
func TestKeysAreHandedBackApart(t *testing.T) {
	tried, found := map[string]int{}, map[string]int{}
	for _, text := range golden(t) {
		was, ok := Import([]byte(text))
		if !ok {
			continue
		}
		if key := was.Key.Reveal(); len(key) >= 12 { // the key that stands there, each time it does
			planted := strings.ReplaceAll(text, key, plantedKey)
			if r, ok := Import([]byte(planted)); ok && planted != text {
				tried["in its own place"]++
				found["in its own place"]++
				assert.Equal(t, plantedKey, r.Key.Reveal(), "%s", planted)
				assert.NotContains(t, everywhere(t, planted, r), plantedKey, "%s", planted)
			}
		}
		for _, p := range plants {
			if !slices.Contains(strings.Fields(p.kinds), was.Kind) {
				continue
			}
			if strings.Contains(text, "```") || strings.Contains(text, "<<END\n") || strings.Contains(text, "sh -c") || strings.Contains(text, "InferenceClient(") {
				continue // the place would be outside of the command, or within its quotes
			}
			planted := p.plant(text)
			r, ok := Import([]byte(planted))
			if planted == "" || !ok || r.Kind != was.Kind {
				continue
			}
			tried[p.name]++
			if r.Key.Reveal() == plantedKey {
				found[p.name]++
			} else {
				assert.NotEmpty(t, r.Key.Reveal(), "%s: %s", p.name, planted)
			}
			assert.NotContains(t, everywhere(t, planted, r), plantedKey, "%s: %s", p.name, planted)
		}
	}
	for _, p := range plants {
		t.Logf("%-26s %3d planted %3d handed back, where no other key was", p.name, tried[p.name], found[p.name])
		assert.Positive(t, found[p.name], p.name)
	}
	assert.Greater(t, tried["in its own place"], 30)
}
