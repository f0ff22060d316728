package paste

import (
	"encoding/json"
	"math"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// expressions are random ones of a language, each with what the language itself makes of it.
func expressions(t *testing.T, program, script string, count int) (list []struct{ Source, Want string }) {
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("%s is not on this machine, which is the judge here: %v", program, err)
	}
	out, err := exec.Command(path, script, "7", strconv.Itoa(count)).Output()
	require.NoError(t, err)
	for line := range strings.Lines(string(out)) {
		var one struct{ Source, Want string }
		require.NoError(t, json.Unmarshal([]byte(line), &one))
		list = append(list, one)
	}
	require.Greater(t, len(list), count/2)
	return list
}

// judged compares a draft with what the language makes of the expression that is the prompt.
func judged(t *testing.T, source, program, want string) bool {
	d, ok := Read([]byte(program))
	if !assert.True(t, ok && d.Body != nil, "%s", source) || !assert.Empty(t, d.Notes, "%s", source) {
		return false
	}
	read := func(s string) any {
		decoder := json.NewDecoder(strings.NewReader(s))
		decoder.UseNumber()
		var v any
		require.NoError(t, decoder.Decode(&v), "%s", s)
		return numbersOf(v)
	}
	return assert.Equal(t, read(`{"model":"m","prompt":`+want+`}`), read(string(withoutComments(d.Body))), "%s", source)
}

// numbersOf writes numbers of the same value alike, and integers with all their digits.
func numbersOf(v any) any {
	switch v := v.(type) {
	case json.Number:
		if f, err := v.Float64(); err == nil && (strings.ContainsAny(v.String(), ".eE") || math.Abs(f) < 1<<53) {
			return f + 0
		}
	case []any:
		for i := range v {
			v[i] = numbersOf(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = numbersOf(v[k])
		}
	}
	return v
}

func TestLiteralsAsPython(t *testing.T) {
	list := expressions(t, "python3", "testdata/oracle.py", effort.Rounds(600))
	right := 0
	for n, one := range list {
		program := "client.completions.create(model='m', prompt=" + one.Source + ")"
		if n%2 == 1 {
			program = "body = {'model': 'm', 'prompt': " + one.Source + "}\nrequests.post('http://h/v1/completions', json=body)"
		}
		if judged(t, one.Source, program, one.Want) {
			right++
		}
	}
	t.Logf("%d of %d expressions mean what Python makes of them", right, len(list))
}

func TestLiteralsAsJavaScript(t *testing.T) {
	list := expressions(t, "node", "testdata/oracle.mjs", effort.Rounds(600))
	right := 0
	for n, one := range list {
		program := "client.completions.create({ model: 'm', prompt: " + one.Source + " })"
		if n%2 == 1 {
			program = "const prompt = " + one.Source + ";\nfetch('http://h/v1/completions', { body: JSON.stringify({ model: 'm', prompt }) })"
		}
		if judged(t, one.Source, program, one.Want) {
			right++
		}
	}
	t.Logf("%d of %d expressions mean what JavaScript makes of them", right, len(list))
}
