package snippet

import (
	"bytes"
	"encoding/json"
	"go/format"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
)

const canary = "sk-canary-0123456789"

func request(t *testing.T, body string) core.HTTPRequest {
	t.Helper()
	endpoint := core.Endpoint{
		Base:    "https://api.example.com/o'k/v1?a=b%20c",
		Key:     core.NewSecret(canary),
		Headers: []core.Header{{Name: "api-key", Value: core.NewSecret(canary + "-2")}},
	}
	r, err := core.Build(endpoint, []byte(body))
	require.NoError(t, err)
	return r
}

// hard are texts that the quoting of one language or another may lose.
var hard = []string{
	"x", "it's", `"`, `'"'"'`, `'\''`, "`id` $(id) $HOME ${A} $ ${process.env.A}", "\\ \\\\ \\n \\' \\\" \\u0041", "two\nlines\r\n\ttab",
	"é 日本 😀 \u2028 \ufeff \u202e", "\x00\x01\x7f\b\f", "!history %PATH% %% ^caret & | < >", "{{user}} {% if %} }}}", "@file", "###", "-d x",
	"EOF\nEND_OF_BODY", "\"\"\"", "'''", "//", "/*", "#", "\\", "\\\\\"", "‘curly’ “quotes”", "a/b", "$env:PATH `n", "{0}", "f\"{x}\"", "</script>",
}

// half is half of a surrogate pair, which JSON can write and Go's texts cannot hold.
const half = `\ud83d`

// bodies are requests whose values are hard in one language or another.
func bodies(t *testing.T) []string {
	list := []string{
		`{"model":"m","prompt":["x"],"max_tokens":5,"seed":9223372036854775807,"stream":true}`,
		`{"model":"m","prompt":["x"],"seed":-9223372036854775808}`,
		`{"model":"m","prompt":["x"],"temperature":0.30000000000000004,"top_p":1e-7,"logit_bias":{"50256":-100,"7":0.5},"stop":["\n","END"]}`,
		`{"model":"m","prompt":["x"],"echo":true,"best_of":2,"n":1,"suffix":"s","user":"u","logprobs":3,"stream":true,"stream_options":{"include_usage":true}}`,
		`{"model":"m","prompt":[[1,2],[3]]}`,
		`{"model":"m","prompt":[1,2,3]}`,
		`{"model":"m","prompt":"lone ` + half + ` half"}`,
		`{"model":"m","prompt":["x"],"top_k":5,"min_p":0.1,"guided_json":{"type":"object","a.b":{"c":[null,false,{"__proto__":1}]}},"repetition_penalty":1}`,
	}
	for _, text := range hard {
		body, err := json.Marshal(map[string]any{"model": "m" + text, "prompt": []string{text, "b"}, "stop": text})
		require.NoError(t, err)
		list = append(list, string(body))
	}
	return list
}

// TestImportGivesTheSameBody has the core's own reader of languages, which was written for what people paste, read every
// snippet. A body in a file is not looked up.
func TestImportGivesTheSameBody(t *testing.T) {
	for _, l := range Languages() {
		t.Run(l.Name, func(t *testing.T) {
			for _, body := range bodies(t) {
				requireRoundTrip(t, l.Name, body)
			}
		})
	}
}

func requireRoundTrip(t *testing.T, language, body string) {
	t.Helper()
	if language == "go-openai" && strings.Contains(body, half) {
		return // it stands as json.RawMessage, which only a program that runs knows
	}
	s, err := Write(request(t, body), language)
	require.NoError(t, err)
	require.NotContains(t, s.Text, canary)
	require.True(t, strings.HasSuffix(s.Text, "\n"))
	if len(s.Files) > 0 {
		return // what stands in files is looked at by TestLongTextsStandInFiles
	}
	got, ok := core.Import([]byte(s.Text))
	require.True(t, ok, "%s\n%s", body, s.Text)
	want := core.DraftBody([]byte(body))
	if language == "typescript-atoma" && len(s.Notes) > 0 {
		want = withoutOthers(t, want)
	}
	// Numbers are compared digit by digit: a seed of 64 bits is beyond what a float holds.
	require.Equal(t, exact(t, want), exact(t, core.DraftBody(got.Text)), "%s\n%v", s.Text, got.Notes)
}

func exact(t *testing.T, body []byte) any {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	require.NoError(t, d.Decode(&value), "%s", body)
	return value
}

// FuzzImportGivesTheSameBody does the same for texts of all kinds.
func FuzzImportGivesTheSameBody(f *testing.F) {
	for i, text := range hard {
		f.Add(text, hard[len(hard)-1-i], int64(9007199254740993))
	}
	f.Fuzz(func(t *testing.T, prompt, other string, seed int64) {
		if len(prompt)+len(other) > 1<<12 || !utf8.ValidString(prompt+other) || prompt == "" {
			return
		}
		members := map[string]any{
			"model": "m" + other, "prompt": []string{prompt, other}, "stop": other + "x", "seed": seed,
			"vendor": map[string]any{"a" + other: []any{nil, true, other}},
		}
		if seed%2 == 0 {
			members["stream"] = true // false is what openai-go's method says by itself
		}
		body, err := json.Marshal(members)
		require.NoError(t, err)
		for _, l := range Languages() {
			requireRoundTrip(t, l.Name, string(body))
		}
	})
}

// withoutOthers leaves the fields of the request type.
func withoutOthers(t *testing.T, body []byte) []byte {
	var members map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(body, &members))
	for name := range members {
		if !slices.Contains(core.FieldNames(), name) {
			delete(members, name)
		}
	}
	left, err := json.Marshal(members)
	require.NoError(t, err)
	return left
}

func TestGoIsFormatted(t *testing.T) {
	for _, l := range Languages() {
		if !strings.HasSuffix(l.File, ".go") {
			continue
		}
		for _, body := range bodies(t) {
			s, err := Write(request(t, body), l.Name)
			require.NoError(t, err)
			formatted, err := format.Source([]byte(s.Text))
			require.NoError(t, err, s.Text)
			require.Equal(t, string(formatted), s.Text)
		}
	}
}

func TestEachLanguageHasAWriter(t *testing.T) {
	var names []string
	for _, l := range Languages() {
		names = append(names, l.Name)
		assert.NotEmpty(t, l.Label)
		assert.NotEmpty(t, l.File)
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(writers)), names)
}

// TestGoOpenAIKnowsEachField holds the one table of fields that a language needs to the request type.
func TestGoOpenAIKnowsEachField(t *testing.T) {
	assert.ElementsMatch(t, core.FieldNames(), slices.Collect(maps.Keys(goFields)))
}

func TestWriteRefuses(t *testing.T) {
	_, err := Write(request(t, `{"model":"m","prompt":["x"]}`), "cobol")
	assert.EqualError(t, err, `snippet: there is no language "cobol"`)
	for _, body := range []string{"", "[]", "{", `"x"`, "null"} {
		_, err := Write(request(t, body), "python")
		assert.EqualError(t, err, "snippet: the body is no JSON object", body)
		s, err := Write(request(t, body), "curl")
		assert.NoError(t, err, body)
		assert.Equal(t, core.Curl(request(t, body)), s.Text)
	}
}

// TestLongTextsStandInFiles has a prompt of a megabyte: no program holds it, and its file does, byte for byte.
func TestLongTextsStandInFiles(t *testing.T) {
	prompt := strings.Repeat("a line, it's \"long\" é\r\n", 40_000)
	body, err := json.Marshal(map[string]any{"model": "m", "prompt": []string{prompt}})
	require.NoError(t, err)
	for _, l := range Languages() {
		s, err := Write(request(t, string(body)), l.Name)
		require.NoError(t, err)
		assert.Less(t, len(s.Text), 2000, l.Name)
		require.Len(t, s.Files, 1, l.Name)
		assert.Contains(t, s.Text, s.Files[0].Name, l.Name)
		content := s.Files[0].Content
		if strings.HasSuffix(s.Files[0].Name, ".json") {
			var read any
			require.NoError(t, json.Unmarshal([]byte(content), &read), l.Name)
			if whole, ok := read.(map[string]any); ok {
				read = whole["prompt"]
			}
			assert.Equal(t, []any{prompt}, read, l.Name)
		} else {
			assert.Equal(t, prompt, content, l.Name)
		}
	}
}
