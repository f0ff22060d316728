package demo

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBadBodies(t *testing.T) {
	for body, want := range map[string]struct {
		status int
		code   string
	}{
		``:                                      {400, "invalid_json"},
		`{"model":"demo-fast","prompt":["a"]`:   {400, "invalid_json"},
		`{model:"demo-fast",prompt:["a"]}`:      {400, "invalid_json"},
		`{"model":"demo-fast","prompt":["a"],}`: {400, "invalid_json"},
		`{"model":"demo-fast","prompt":["a"],"topP":1}`: {400, "unknown_parameter"},
	} {
		a := Complete([]byte(body), Options{})
		assert.Equal(t, want.status, a.Status, body)
		assert.Equal(t, want.code, *errorOf(t, a).Code, body)
	}

	a := Complete(make([]byte, maxBody+1), Options{})
	assert.Equal(t, 413, a.Status)
	errorOf(t, a)
}

func TestMistakesAreListed(t *testing.T) {
	a := Complete([]byte(`{"model":"demo-fast","prompt":["a"],"temperature":3,"top_p":2,"n":0,"logprobs":-1,"frequency_penalty":9}`), Options{})
	assert.Equal(t, 400, a.Status)
	e := errorOf(t, a)
	assert.Equal(t, "invalid_request_error", e.Type)
	assert.Equal(t, "temperature", *e.Param)
	assert.Contains(t, e.Message, "temperature: ")
	assert.Contains(t, e.Message, "top_p: ")
	assert.Contains(t, e.Message, "; and 2 more")

	for _, body := range []string{`null`, `[]`, `{}`, `{"model":"demo-fast","prompt":[[1,2]]}`, `{"model":"demo-fast","prompt":[]}`} {
		a := Complete([]byte(body), Options{})
		assert.Equal(t, 400, a.Status, body)
		errorOf(t, a)
	}
}

func TestBounds(t *testing.T) {
	long := strings.Repeat(" the", contextSize)
	for name, c := range map[string]struct {
		fields fields
		code   string // "" is accepted
	}{
		"full context":          {fields{"prompt": long[4:]}, ""},
		"no room":               {fields{"prompt": long}, "context_length_exceeded"},
		"no room needed":        {fields{"prompt": long, "max_tokens": 0, "echo": true}, ""},
		"too long":              {fields{"prompt": long + " the", "max_tokens": 0}, "context_length_exceeded"},
		"far too long":          {fields{"prompt": strings.Repeat("a", 1<<19)}, "context_length_exceeded"},
		"long suffix":           {fields{"suffix": long}, "context_length_exceeded"},
		"far too long suffix":   {fields{"suffix": strings.Repeat(" ", 1<<19)}, "context_length_exceeded"},
		"128 choices":           {fields{"n": maxChoices, "max_tokens": 1}, ""},
		"129 choices":           {fields{"n": maxChoices + 1}, "too_many_choices"},
		"choices of all":        {fields{"prompt": []string{"a", "b"}, "n": 65}, "too_many_choices"},
		"candidates":            {fields{"best_of": maxChoices + 1}, "too_many_choices"},
		"largest n":             {fields{"n": math.MaxInt32}, "too_many_choices"},
		"largest max_tokens":    {fields{"max_tokens": math.MaxInt32}, ""},
		"work":                  {fields{"n": 5, "max_tokens": math.MaxInt32}, "too_much_work"},
		"work of scoring":       {fields{"prompt": strings.Split(strings.Repeat(long[:2000*4]+"|", 9), "|"), "echo": true, "logprobs": 1, "max_tokens": 0}, "too_much_work"},
		"work of the suffix":    {fields{"suffix": "a b c d", "max_tokens": 3000}, "too_much_work"},
		"ten thousand biases":   {fields{"logit_bias": manyBiases(10000)}, ""},
		"ten thousand prompts":  {fields{"prompt": make([]string, 10000)}, "too_many_choices"},
		"half a megabyte stops": {fields{"stop": []string{strings.Repeat("a", 1<<18) + "b", strings.Repeat("a", 1<<18) + "c"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := Complete(encode(t, c.fields), Options{})
			if c.code != "" {
				assert.Equal(t, 400, a.Status)
				assert.Equal(t, c.code, *errorOf(t, a).Code)
				return
			}
			body, _, _ := play(a)
			assert.Equal(t, 200, a.Status, "%.200s", body)
			assert.True(t, json.Valid(body))
		})
	}
}

func manyBiases(n int) map[string]float64 {
	biases := map[string]float64{}
	for i := range n {
		biases[fmt.Sprint(i)] = -100
	}
	return biases
}

// A full context with everything that slows a step down. The most expensive request has some sixteen times the steps.
func TestHeavyRequestGrowsWithItsTokens(t *testing.T) {
	biases := manyBiases(200)
	biases["256"] = -100
	f := fields{"prompt": strings.Repeat(" the", contextSize-1000), "max_tokens": contextSize, "logprobs": 20, "temperature": 1.9, "top_p": 0.99, "logit_bias": biases,
		"frequency_penalty": 0.5, "presence_penalty": 0.5, "stop": []string{strings.Repeat("a", 9999)}}
	assert.Equal(t, contextSize, ask(t, f).Usage.TotalTokens)
	of := func(tokens int) func() {
		quarter := maps.Clone(f)
		quarter["prompt"], quarter["max_tokens"] = strings.Repeat(" the", tokens*3/4), tokens/4
		return func() { ask(t, quarter) }
	}
	effort.RequireLinear(t, "a context", of(contextSize/4), of(contextSize))
}

func FuzzComplete(f *testing.F) {
	for _, seed := range []string{
		`{"model":"demo-fast","prompt":["Hello!"]}`,
		`{"model":"demo-fast","prompt":["Once upon a ","def "],"n":2,"best_of":3,"logprobs":2,"echo":true,"temperature":2}`,
		`{"model":"demo-small","prompt":"The","stream":true,"stream_options":{"include_usage":true},"stop":["e","th"],"seed":-5}`,
		`{"model":"x","prompt":["a"],"suffix":" the sea","logit_bias":{"195":100,"9999999999":-1},"max_tokens":9}`,
		`{"model":"demo-no-done","prompt":[""],"stream":true,"top_p":0,"presence_penalty":2,"frequency_penalty":-2}`,
		`{"model":"demo-reset","prompt":["\ud83d"],"stream":true,"logprobs":0,"echo":true,"max_tokens":0}`,
		`{"model":"demo-401","prompt":["x"]}`, `{"model":"demo-what","prompt":["x"]}`, `[1e999999]`, `{`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a := Complete(body, Options{Created: 1, Entropy: 2})
		require.Contains(t, []int{200, 400, 401, 404, 413, 429, 500}, a.Status)
		require.Equal(t, "Content-Type", a.Header[0][0])
		var all []byte
		steps := 0
		for step, ok := a.Next(); ok; step, ok = a.Next() {
			all = append(all, step.Data...)
			steps++
			require.GreaterOrEqual(t, step.Delay, time.Duration(0))
			require.LessOrEqual(t, steps, 2*maxWork+4*maxChoices)
			if step.Cut {
				_, more := a.Next()
				require.False(t, more)
				return
			}
		}
		_, more := a.Next()
		require.False(t, more, "the end stays the end")
		switch {
		case strings.HasPrefix(a.Header[0][1], contentStream):
			data, _ := events(t, all)
			for _, d := range data {
				require.True(t, d == "[DONE]" || json.Valid([]byte(d)), "%q", d)
			}
		case a.Status != 200 && a.Header[0][1] == contentJSON:
			require.True(t, json.Valid(all))
		}
	})
}
