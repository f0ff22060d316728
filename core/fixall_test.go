package core

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

func TestFixAllTakesEveryRound(t *testing.T) {
	for src, want := range map[string]string{
		// The last member's removal needs the comma that its neighbour's removal takes.
		`{"model":"m","prompt":["x"],"max_tokens":5,"timeout":1,"maxRetries":2}`: `{"model":"m","prompt":["x"],"max_tokens":5}`,
		// What was wrong with a value shows only once its name is right.
		`{"model":"m","prompt":["x"],"max_tokens":5,"temprature":"0.5"}`: `{"model":"m","prompt":["x"],"max_tokens":5,"temperature":0.5}`,
		`{"model":"m","prompt":["x"],"max_tokens":5,"stream":True,`:      `{"model":"m","prompt":["x"],"max_tokens":5,"stream":true}`,
		// Removing or renaming the last of several would bring an earlier one to life.
		`{"model":"m","prompt":["x"],"max_tokens":5,"logprobs":true,"logprobs":0}`: `{"model":"m","prompt":["x"],"max_tokens":5}`,
		`{"model":"m","promt":5,"max_tokens":5,"promt":["x"]}`:                     `{"model":"m","max_tokens":5,"prompt":["x"]}`,
		// A member that is not properly ended is mended before it goes.
		`{"model":"m","prompt":["x"],"max_tokens":5,"timeout":[1}}`: `{"model":"m","prompt":["x"],"max_tokens":5}`,
	} {
		assert.Equal(t, want, fixAll(t, Default(), src, WithRemovals()))
	}
}

// What somebody wrote is not taken away or replaced unless the caller asks for it.
func TestFixAllKeepsWhatWasWritten(t *testing.T) {
	for src, want := range map[string]string{
		`{"model":"m","prompt":["x"],"max_tokens":5,"timeout":1,"temprature":"0.5"}`:     `{"model":"m","prompt":["x"],"max_tokens":5,"timeout":1,"temperature":0.5}`,
		`{"model":"m","prompt":["x"],"max_tokens":"5","n":2,"n":3}`:                      `{"model":"m","prompt":["x"],"max_tokens":5,"n":2,"n":3}`,
		`{"model":"m","prompt":["x"],"max_tokens":5,"n":3,"best_of":2,"echo":"True"}`:    `{"model":"m","prompt":["x"],"max_tokens":5,"n":3,"best_of":2,"echo":true}`,
		`{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":[5]}`:      `{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":5}`,
		`{"model":"m","prompt":["a\ud83d"],"max_tokens":5,"logprobs":true,"user":7}`:     `{"model":"m","prompt":["a\ud83d"],"max_tokens":5,"logprobs":true,"user":"7"}`,
		`{"model":"m","prompt":["x"],"max_tokens":5,"stream_options":{},"stream":false}`: `{"model":"m","prompt":["x"],"max_tokens":5,"stream_options":{},"stream":false}`,
	} {
		assert.Equal(t, want, fixAll(t, Default(), src))
	}
}

// The title of a fix that is not safe says what goes, and Removes has the words.
func TestUnsafeFixesSayWhatGoes(t *testing.T) {
	long := strings.Repeat("word ", 5000)
	for src, want := range map[string]Fix{
		`{"model":"m","prompt":["x"],"max_tokens":5,"n":3,"best_of":2}`:        {Title: "use 3 instead of 2", Removes: "2"},
		`{"model":"m","prompt":["x"],"max_tokens":5,"maxRetries":2}`:           {Title: "remove maxRetries", Removes: "maxRetries and its value"},
		`{"model":"m","prompt":["x"],"max_tokens":5,"apiKey":"sk-0123456789"}`: {Title: "remove apiKey", Removes: "apiKey and its value"},
		`{"model":"m","prompt":["x"],"max_tokens":5,"logprobs":true}`:          {Title: "use 1 instead of true", Removes: "true"},
		`{"model":"m","user":"a","prompt":["x"],"max_tokens":5,"user":"b"}`:    {Title: `remove "user":"a", keep the last`, Removes: `"user":"a"`},
		`{"model":"m","prompt":["\udc00 \udc01"],"max_tokens":5}`:              {Title: `write \ufffd, the mark for a character that was lost`, Removes: `\udc00 \udc01`},
		`{"model":"m","user":"` + long + `","prompt":["x"],"max_tokens":5,"user":"b"}`: {
			Title:   `remove user, keep the last; removes 25009 characters: "user":"word word word wor…d word word "`,
			Removes: `"user":"` + strings.Repeat("word ", 14) + `wo…ord ` + strings.Repeat("word ", 7) + `"`},
	} {
		fixes := 0
		for _, i := range Check([]byte(src)).Issues {
			if i.Fix != nil {
				fixes++
				assert.Equal(t, want.Title, i.Fix.Title)
				assert.Equal(t, want.Removes, i.Fix.Removes)
				assert.False(t, i.Fix.Safe())
			}
		}
		assert.Equal(t, 1, fixes, src)
	}
}

func fixAll(t testing.TB, v *Validator, src string, options ...FixOption) string {
	t.Helper()
	edits, err := v.FixAll([]byte(src), options...)
	require.NoError(t, err)
	fixed, err := Apply([]byte(src), edits)
	require.NoError(t, err)
	return string(fixed)
}

// After FixAll no issue with a fix is left in any of the cases, or no safe one where it may not remove anything.
func TestFixAllLeavesNoFix(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.txtar")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		v := Default()
		for _, f := range txtar.Parse(text).Files {
			switch f.Name {
			case "profile":
				v, err = ForProfile(string(f.Data[:len(f.Data)-1]))
				require.NoError(t, err)
			case "input":
				fixed := fixAll(t, v, string(f.Data), WithRemovals())
				for _, i := range v.Check([]byte(fixed)).Issues {
					assert.Nil(t, i.Fix, "%s: %s is left in %s", file, i, fixed)
				}
				fixed = fixAll(t, v, string(f.Data))
				for _, i := range v.Check([]byte(fixed)).Issues {
					assert.False(t, i.Fix != nil && i.Fix.Safe(), "%s: %s is left in %s", file, i, fixed)
				}
			}
		}
	}
}

// What is added stands where a person would have written it: a bracket on a line of its own where its opener ends a line.
func TestFixAllKeepsTheLayout(t *testing.T) {
	for text, want := range map[string]string{
		"{\n  \"model\": \"m\",\n  \"prompt\": [\n    \"a\"":   "{\n  \"model\": \"m\",\n  \"prompt\": [\n    \"a\"\n  ]\n}",
		"{\r\n\t\"prompt\": [\"a\", \"b\r\n":                   "{\r\n\t\"prompt\": [\"a\", \"b\"]\r\n}\r\n",
		"{\n\t\"prompt\": [\n\t\t\"a\"\n\t\"model\": \"m\"\n}": "{\n\t\"prompt\": [\n\t\t\"a\"\n\t],\n\t\"model\": \"m\"\n}",
		"{\"model\": \"m\",\n\"prompt\": \"a\"":                "{\"model\": \"m\",\n\"prompt\": \"a\"}",
		"{\"prompt\": [ \n \"a\", // one":                      "{\"prompt\": [ \n \"a\"\n]} // one",
		"{\n":                                                  "{}\n",
	} {
		assert.Equal(t, want, fixAll(t, Default(), text), text)
	}
}

// A mistake is told once and with the fix that helps, or without one.
func TestOneMistakeOneIssue(t *testing.T) {
	const request = `{"model":"m","prompt":["x"],"max_tokens":5,`
	for _, c := range []struct{ profile, members, issue, fix string }{
		{"atoma", `"stream":flase`, "stream: got flase, want false or a string in quotes", "write false"},
		{"atoma", `"echo":on`, "echo: got on, want true or false", ""},
		{"atoma", `"n":three`, "n: got three, want a whole number of at least 1", ""},
		{"atoma", `"topp":1.5`, `topp: nothing is called "topp" here; it resembles top_p`, ""},
		{"atoma", `"top":0.5`, `top: nothing is called "top" here; it resembles stop, top_p, top_k`, ""},
		{"atoma", `"stop":["\u0041","b","A"]`, "stop/2: this stop text stands in the list already", `remove "A", which is there already`},
		{"demo", `"stream":tru`, "stream: got tru, want true or a string in quotes", "write true"},
		{"demo", `"n":tr`, "n: got tr, want true or a string in quotes", ""},
		{"demo", `"temperature":-`, `temperature: "-" is not a number`, ""},
		{"demo", `"temperature":1e`, `temperature: "1e" is not a number`, ""},
		{"demo", `"temperature":1e5x`, `temperature: "1e5x" is not a number`, "put quotes around it"},
		{"demo", `"min_p":0.1`, "min_p: min_p is a field of Atoma, Fireworks AI, KoboldCpp, llama.cpp, SGLang, Together AI, vLLM, not of the demo model", ""},
		{"demo", `"suffix":"z"`, "", ""},
		{"atoma", `"seed"`, `"seed" has no value`, "write null"},
		{"atoma", `"see"`, `"see" has no value`, ""},
		{"atoma", `"logit_bias":{"seed"}`, `"seed" has no value`, ""},
		{"tgi", `"top_p":1.00`, "top_p: got 1.00; TGI refuses 1; without the field it draws from all tokens", `remove "top_p":1.00, which means the same`},
		{"vllm", `"echo":0`, "echo: got 0, want true or false; vLLM takes it for what is meant", "use false instead of 0"},
		{"openai", `"best_of":1,"n":3`, "best_of: got 1, want at least n, which is 3", `use 3 instead of 1`},
		{"vllm", `"stream_options":{ },"n":1`, "", ""},
		{"openrouter", `"best_of":3,"stream_options":{"include_usage":true}`, "stream_options: stream_options needs stream: true", `remove "stream_options":{"include_usage":true}`},
		{"openrouter", `"best_of":1,"stream_options":{"include_usage":true}`, "stream_options: stream_options needs stream: true", "add stream: true"},
		{"portable", `"min_p":0.1`, "min_p: min_p is a field of Atoma, Fireworks AI, KoboldCpp, llama.cpp, SGLang, Together AI, vLLM, not of every server", ""},
	} {
		v, err := ForProfile(c.profile)
		require.NoError(t, err)
		issues := v.Check([]byte(request + c.members + "}")).Issues
		issues = slices.DeleteFunc(issues, func(i Issue) bool {
			return i.Code == CodeIgnoredField || i.Field == "model" || i.Severity == Hint && i.Code != CodeRepeatedStop
		})
		if c.issue == "" {
			assert.Empty(t, issues, c.members)
			continue
		}
		require.Len(t, issues, 1, "%s: %v", c.members, issues)
		assert.Contains(t, issues[0].String(), ": "+c.issue+" [")
		if c.fix == "" {
			assert.Nil(t, issues[0].Fix, c.members)
		} else if assert.NotNil(t, issues[0].Fix, c.members) {
			assert.Equal(t, c.fix, issues[0].Fix.Title)
		}
	}
}
