package core

import (
	"os"
	"path/filepath"
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
		edits, err := Default().FixAll([]byte(src))
		require.NoError(t, err)
		got, err := Apply([]byte(src), edits)
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}
}

// After FixAll no issue with a fix is left in any of the cases, and a second one changes nothing.
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
				edits, err := v.FixAll(f.Data)
				require.NoError(t, err)
				fixed, err := Apply(f.Data, edits)
				require.NoError(t, err)
				for _, i := range v.Check(fixed).Issues {
					assert.Nil(t, i.Fix, "%s: %s is left in %s", file, i, fixed)
				}
			}
		}
	}
}
