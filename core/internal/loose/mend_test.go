package loose

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/jsontape/tapetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fewNames are the names that the tests here know.
type fewNames map[string]Kinds

func (n fewNames) Takes(name []byte) Kinds { return n[string(name)] }

var knownNames = fewNames{"model": Texts, "prompt": Texts | Lists | ItemTexts, "stop": Texts | Lists | ItemTexts, "max_tokens": Numbers, "n": Numbers,
	"seed": Numbers, "temperature": Numbers, "user": Texts, "suffix": Texts, "stream": Booleans, "logit_bias": Objects, "stream_options": Objects}

// mendings are texts with slips in their structure, and what was meant.
var mendings = []struct{ name, src, fixed string }{
	{"quote behind a key, on one line", `{"model":"m","n:5,"temperature":0.7}`, `{"model":"m","n":5,"temperature":0.7}`},
	{"quote behind the last item", `{"prompt":["x],"max_tokens":5}`, `{"prompt":["x"],"max_tokens":5}`},
	{"quote and bracket", "{\n  \"prompt\": [\"x\n  ],\n  \"n\": 5\n}", "{\n  \"prompt\": [\"x\"\n  ],\n  \"n\": 5\n}"},
	{"colon before a number", `{"model":"m","n" 5, "user": "u"}`, `{"model":"m","n": 5, "user": "u"}`},
	{"comma without a space", `{"model":"m""prompt":["x"]}`, `{"model":"m","prompt":["x"]}`},
	{"comma between items", `{"stop":["a" "b"],"n":1}`, `{"stop":["a", "b"],"n":1}`},
	{"brace too many before a key", `{"model":"m","prompt":["x"],{"n":1}`, `{"model":"m","prompt":["x"],"n":1}`},
	{"opening bracket of a list", `{"model":"m","prompt":"a", "b"],"n":1}`, `{"model":"m","prompt":["a", "b"],"n":1}`},
	{"opening brace of an object", `{"model":"m","logit_bias":"5":1},"n":1}`, `{"model":"m","logit_bias":{"5":1},"n":1}`},
	{"closing brace of an inner object", `{"stream_options":{"include_usage":true,"n":1,"seed":2}`, `{"stream_options":{"include_usage":true},"n":1,"seed":2}`},
	{"brace too early", `{"model":"m"},"n":1,"seed":2}`, `{"model":"m","n":1,"seed":2}`},
	{"colon behind a value", `{"model":"m","user":"u":,"n":1}`, `{"model":"m","user":"u","n":1}`},
	{"swapped at a quote", `{m"odel":"x","n":1}`, `{"model":"x","n":1}`},
	{"swapped at a number", `{"n":1,6"seed":2}`, `{"n":16,"seed":2}`},
	{"backslash before the closing quote", `{"model":"m\","n":1}`, `{"model":"m","n":1}`},
	{"backslash before the opening quote", `{"model":\"m","n":1}`, `{"model":"m","n":1}`},
	{"list around all", `[{"model":"m","n":1}`, `{"model":"m","n":1}`},
	{"two slips", `{"model":"m","prompt:["x],"n":5,"seed":1,"user":"u"}`, `{"model":"m","prompt":["x"],"n":5,"seed":1,"user":"u"}`},

	{"code in a prompt", `{"n":5,"prompt":["f(){return "x"+b["z"]}; g(1)"]}`, `{"n":5,"prompt":["f(){return \"x\"+b[\"z\"]}; g(1)"]}`},
	{"JSON in a prompt", `{"prompt":"Explain {"model":"x","n":1} briefly","n":5}`, `{"prompt":"Explain {\"model\":\"x\",\"n\":1} briefly","n":5}`},
	{"JSON at the end of a prompt", `{"prompt":"Go on: {"a":["b","c"]}","n":5}`, `{"prompt":"Go on: {\"a\":[\"b\",\"c\"]}","n":5}`},
	{"dialogue", `{"prompt":"He said "no", she said "yes, and now".","n":5}`, `{"prompt":"He said \"no\", she said \"yes, and now\".","n":5}`},
	{"PHP", `{"prompt":["<?php echo "Hi, $name"; $a = ["k" => "v"]; ?>"],"n":5}`, `{"prompt":["<?php echo \"Hi, $name\"; $a = [\"k\" => \"v\"]; ?>"],"n":5}`},
	{"cells of a table", "{\"prompt\":[\"id\tname\n1\t\"A, B\"\n2\t\"C\"\"],\"n\":5}", `{"prompt":["id\tname\n1\t\"A, B\"\n2\t\"C\""],"n":5}`},

	{"texts over two lines", "{\"prompt\": \"one \"\n  \"two\", \"n\": 5}", `{"prompt": "one two", "n": 5}`},
	{"texts side by side", `{"prompt": 'a' 'b' 'c', "n": 5}`, `{"prompt": 'abc', "n": 5}`},
	{"texts with plus signs", `{"prompt": "a" + "b" + "c", "n": 5}`, `{"prompt": "abc", "n": 5}`},
	{"full-width punctuation", `{"model"："m"，"prompt"：["你好"，"x"]，"n"：5｝`, `{"model":"m","prompt":["你好","x"],"n":5}`},
}

// safe applies the fixes that take nothing away.
func safe(t *testing.T, src []byte, found []finding.Finding) []byte {
	return repaired(t, src, slices.DeleteFunc(slices.Clone(found), func(f finding.Finding) bool {
		return f.Fix == nil || f.Fix.Removes != "" || f.Code == finding.LooseJSON
	}))
}

func TestTheBestReadingOfABrokenTextWins(t *testing.T) {
	for _, c := range mendings {
		t.Run(c.name, func(t *testing.T) {
			text := []byte(c.src)
			for range 3 { // a fix may bring to light what it hid
				var tp jsontape.Tape
				found, _ := readAny(&tp, text, generous, knownNames)
				tapetest.Require(t, &tp)
				text = safe(t, text, found)
			}
			assert.Equal(t, c.fixed, string(text))
		})
	}
}

// The tape has what was meant, at the places of the text as it was typed.
func TestAMendedTextIsReadAtItsOwnPlaces(t *testing.T) {
	src := `{"model":"m","prompt":["say "hi" now"],"stop":["a","b"],"seed":1,"n:5,"suffix":"s","user":"é" + "b"}`
	var tp jsontape.Tape
	found, _ := readAny(&tp, []byte(src), generous, knownNames)
	tapetest.Require(t, &tp)
	assert.Equal(t, "unescaped-quote unclosed-string unsupported-expression", codesOf(found))
	assert.Equal(t, `{"model":"m","prompt":["say \"hi\" now"],"stop":["a","b"],"seed":1,"n":5,"suffix":"s","user":"éb"}`, string(tp.AppendJSON(nil, 0)))
	for pointer, raw := range map[string]string{"/model": `"m"`, "/prompt/0": `"say "hi" now"`, "/n": `5`, "/user": `"é" + "b"`} {
		at, ok := tp.At(pointer)
		require.True(t, ok, pointer)
		assert.Equal(t, raw, string(tp.Raw(at)), pointer)
	}
}

// Where two readings make as much sense, the mistake is told and nothing is mended.
func TestNoFixWhereTwoReadingsAreAsGood(t *testing.T) {
	for name, src := range map[string]string{
		"text or two quotes":     `{"stop":["""],"n":1}`,
		"list or its item":       `{"x":["a","n":1}`,
		"colon in or out":        `{"stop":["Two":,"b"],"n":1}`,
		"line break in or out":   "{\"user\":\"a\n\"}",
		"swapped or raw":         `{"user":"a\:nb"}`,
		"doubled or raw":         `{"user":"C:\\\Users"}`,
		"prefix or swapped":      `{"user":u"ser"}`,
		"inches or two items":    `{"prompt":["a board of 5", 6" wide"],"n":5}`,
		"token list or two":      `{"x":[[1,2],"n":1}`,
		"request before another": `{"n":1}{"n":2}`,
	} {
		t.Run(name, func(t *testing.T) {
			found, _ := readAny(new(jsontape.Tape), []byte(src), generous, knownNames)
			require.NotEmpty(t, found)
			assert.False(t, json.Valid(safe(t, []byte(src), found)))
		})
	}
}

// What a fix cuts is named by it, and such a fix is not applied unasked.
func TestFixesSayWhatTheyRemove(t *testing.T) {
	for src, removes := range map[string]string{
		`{"n":1} and that is all`: "and that is all",
		"{\"n\":1}\n{\"seed\":2}": "seed 2",
		`Sure: {"n":1}`:           "Sure",
		`{"n":1}}`:                "",
		`{"n":1,,"seed":2}`:       "",
		`{"user":u"ser"}`:         "u",
		`{"stream":ture}`:         "ture",
	} {
		found, _ := readAny(new(jsontape.Tape), []byte(src), generous, knownNames)
		require.NotEmpty(t, found, src)
		require.NotNil(t, found[0].Fix, src)
		assert.Equal(t, removes, found[0].Fix.Removes, src)
		assert.Equal(t, removes != "" && removes != "ture", strings.HasPrefix(found[0].Fix.Title, "removes "), found[0].Fix.Title)
	}
}

var javaScriptTexts = []struct{ name, src, want string }{
	{"numbers as names", `{0x10: 1, 1e3: 2, .5: 3, 1_0: 4, 7n: 5, 1e21: 6, 50256: 7, 1e-7: 8}`, `{"16":1,"1000":2,"0.5":3,"10":4,"7":5,"1e+21":6,"50256":7,"1e-7":8}`},
	{"escapes in names", `{sig\u03A3ma: 1, \u{61}b: 2}`, `{"sigΣma":1,"ab":2}`},
	{"line breaks in a template", "{a: `x\ry\r\nz`}", `{"a":"x\ny\nz"}`},
	{"half an escape at the end of a template", "{a: `path C:\\u`}", `{"a":"path C:\\u"}`},
}

func TestNamesAndTemplatesOfJavaScript(t *testing.T) {
	for _, c := range javaScriptTexts {
		var tp jsontape.Tape
		_, _ = readAny(&tp, []byte(c.src), generous, nil)
		tapetest.Require(t, &tp)
		assert.Equal(t, c.want, string(tp.AppendJSON(nil, 0)), c.name)
	}
	found, _ := readAny(new(jsontape.Tape), []byte(javaScriptTexts[3].src), generous, nil)
	assert.Contains(t, codesOf(found), "bad-escape")
	found, _ = readAny(new(jsontape.Tape), []byte(`{"a": f"Hello {name}"}`), generous, nil)
	assert.Equal(t, "unsupported-expression", codesOf(found))
	assert.Nil(t, found[0].Fix)
}

func TestMendingGrowsWithHostileText(t *testing.T) {
	kb := effort.Size(64 << 10)
	for name, text := range map[string]func(n int) string{
		"cells":               func(n int) string { return `{"prompt":["` + strings.Repeat("-\t\"\"", n*kb/4) + `"]}` },
		"words in quotes":     func(n int) string { return `{"prompt":["` + strings.Repeat(`a "b" `, n*kb/6) + `"],"n":1}` },
		"lone surrogates":     func(n int) string { return "{a:`" + strings.Repeat(`\ud800`, n*kb/6) + `"}` },
		"objects in quotes":   func(n int) string { return `{"prompt":"` + strings.Repeat(`{"n":1,"a":"b"},`, n*kb/16) + `"}` },
		"commas missing":      func(n int) string { return `{"stop":[` + strings.Repeat(`"a" `, n*kb/4) + `]}` },
		"colons missing":      func(n int) string { return `{` + strings.Repeat(`"a" 1,`, n*kb/6) + `"n":1}` },
		"quotes missing":      func(n int) string { return `{"n":1,` + strings.Repeat(`"a:1,`, n*kb/5) + `"n":1}` },
		"texts side by side":  func(n int) string { return `{"prompt":` + strings.Repeat(`"a" `, n*kb/4) + `,"n":1}` },
		"texts added":         func(n int) string { return `{"prompt":` + strings.Repeat(`"a"+`, n*kb/4) + `"","n":1}` },
		"openers":             func(n int) string { return `{"prompt":` + strings.Repeat(`{"a":[`, n*kb/6) + `,"n":1}` },
		"closers":             func(n int) string { return `{"prompt":` + strings.Repeat(`"a"]`, n*kb/4) + `,"n":1}` },
		"full-width signs":    func(n int) string { return `{"stop":[` + strings.Repeat(`1，`, n*kb/4) + `2]}` },
		"comments and quotes": func(n int) string { return `{"stop":[` + strings.Repeat("#\"\n", n*kb/3) + `2]}` },
	} {
		t.Run(name, func(t *testing.T) {
			read := func(src []byte) func() {
				return func() {
					found, _ := readAny(new(jsontape.Tape), src, jsontape.Limits{}.WithDefaults(), knownNames)
					for _, f := range found {
						if f.Fix != nil && f.Code != finding.LooseJSON {
							assert.LessOrEqual(t, len(f.Fix.Edits), 2*mostEdits, f.Message)
						}
					}
				}
			}
			if small := read([]byte(text(1))); testing.Short() {
				small()
			} else {
				effort.RequireLinear(t, name, small, read([]byte(text(4))))
			}
		})
	}
}
