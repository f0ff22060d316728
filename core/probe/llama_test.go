package probe_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core/probe"
)

// llamaServer does with a request what schema/measured/llamacpp.json says that a llama-server did; the demo model writes
// the texts.
func llamaServer(entropy uint64) handler {
	write := demoServer(entropy)
	return func(body []byte) (int, [][2]string, []byte) {
		var r map[string]any
		if err := json.Unmarshal(body, &r); err != nil {
			panic(err) // the probe has written it
		}
		for name := range maps.Clone(r) {
			switch name {
			case "echo", "suffix", "best_of", "user", "zz_unknown":
				delete(r, name)
			}
		}
		r["model"] = "demo-fast"
		if n, ok := r["n"].(float64); ok && (n < 1 || n > 2) {
			return 400, nil, []byte(fmt.Sprintf(`{"error":{"code":400,"type":"invalid_request_error","message":"Field 'n': Value must be between 1 <= value <= 2, but got %v"}}`, n))
		}
		if list, ok := r["prompt"].([]any); ok {
			r["prompt"] = texts(list)
		}
		if seed, ok := r["seed"].(float64); ok {
			r["seed"] = uint32(int64(seed)) // the lower 32 bits, of a negative one too
			if t, ok := r["temperature"].(float64); ok && t > 2 {
				r["temperature"], r["seed"] = 2, uint32(int64(seed))+99 // the demo goes no further; it is another text
			}
		}
		for name, most := range map[string]float64{"temperature": 2, "top_p": 1, "frequency_penalty": 2, "presence_penalty": 2, "logprobs": 20} {
			if v, ok := r[name].(float64); ok {
				r[name] = min(v, most)
			}
		}
		if r["logprobs"] == 0.0 {
			delete(r, "logprobs")
		}
		if biases, ok := r["logit_bias"].(map[string]any); ok {
			for id, bias := range biases {
				biases[id] = min(bias.(float64), 100)
			}
		}
		if stops, ok := r["stop"].([]any); ok {
			r["stop"] = stops[max(len(stops)-4, 0):]
			if stops[0] == "" {
				r["max_tokens"] = 0
			}
		}
		if r["stream"] != true {
			delete(r, "stream_options")
		}
		changed, err := json.Marshal(r)
		if err != nil {
			panic(err)
		}
		return write(changed)
	}
}

// texts turns prompts of token ids into texts with as many words.
func texts(list []any) any {
	var words []string
	for _, item := range list {
		switch item := item.(type) {
		case float64:
			words = append(words, " the")
		case string:
			words = append(words, item)
		case []any:
			words = append(words, " the")
		}
	}
	if _, one := list[0].(float64); one {
		return " the the the"
	}
	return words
}

// The profile of llama.cpp is held to what was measured, and so is this server: the probe of it finds what the profile
// says.
func TestServerAsMeasured(t *testing.T) {
	for seed := range uint64(3) {
		s := probe.New(validator(t, "llamacpp"), "any", probe.Options{Seed: seed})
		r := llamaServer(seed+1).run(t, s)
		require.True(t, r.Done, r.Account)
		unknown := 0
		base := probe.New(validator(t, "demo"), "any", probe.Options{}).Report() // without fields of the server's own
		for _, row := range r.Rows {
			t.Logf("%-40s %-9s %-9s %s", row.Key(), row.Verdict, row.Expected, row.Reason)
			if row.Verdict == probe.Unknown && slices.ContainsFunc(base.Rows, func(r probe.Row) bool { return r.Key() == row.Key() }) {
				unknown++
			}
		}
		assert.LessOrEqual(t, unknown, 5)
		for key, want := range map[string]probe.Verdict{
			"model": probe.Ignored, "suffix": probe.Ignored, "echo": probe.Ignored, "best_of": probe.Ignored, "user": probe.Ignored, "": probe.Ignored,
			"prompt as token ids": probe.Honoured, "prompt as lists of token ids": probe.Honoured, "temperature above 2": probe.Honoured,
			"seed beyond 32 bits": probe.Changed, "top_p above 1": probe.Changed, "n 0": probe.Refused, "logprobs 0": probe.Ignored,
			"stop empty": probe.Changed, "stop five texts": probe.Honoured, "max_tokens 0": probe.Honoured, "prompt empty": probe.Honoured,
			"stream_options without stream": probe.Ignored, "logprobs": probe.Honoured, "seed": probe.Honoured, "stop": probe.Honoured,
		} {
			row := rowOf(t, r, key)
			assert.Equal(t, want, row.Verdict, "%s: %s", key, row.Reason)
		}
		requireAgrees(t, r)
	}
}

func rowOf(t *testing.T, r *probe.Report, key string) probe.Row {
	t.Helper()
	for _, row := range r.Rows {
		if row.Key() == key {
			return row
		}
	}
	t.Fatalf("there is no row %q", key)
	return probe.Row{}
}
