package core

import (
	"os"
	"path/filepath"
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
		`{"model":"m","prompt":["x"],"max_tokens":5,"timeout":[1]]}`: `{"model":"m","prompt":["x"],"max_tokens":5}`,
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
