package clients

import (
	"encoding/json"
	"maps"
)

// A request is a body in the words of the API.
type request map[string]any

// testCase is one request, the same for all clients.
type testCase struct {
	name string
	body request
}

// cases returns all cases. Each has a seed, so that the same request has the same answer.
func cases() []testCase {
	var list []testCase
	add := func(name string, change request) {
		body := request{"model": "demo-fast", "prompt": "The lighthouse keeper", "max_tokens": 12, "seed": 7}
		maps.Copy(body, change)
		list = append(list, testCase{name, body})
	}
	kinds := []testCase{
		{"plain", nil},
		{"n", request{"n": 3}},
		{"best of", request{"n": 2, "best_of": 4}},
		{"sampling", request{"temperature": 0.5, "top_p": 0.75, "frequency_penalty": 0.5, "presence_penalty": -0.5,
			"logit_bias": request{"11": -100}, "user": "me"}},
		{"logprobs", request{"logprobs": 3}},
		{"logprobs 0", request{"logprobs": 0}},
		{"echo", request{"echo": true}},
		{"score", request{"echo": true, "logprobs": 1, "max_tokens": 0}},
		{"stop", request{"stop": []string{" the", "."}, "max_tokens": 64}},
		{"suffix", request{"suffix": " and went home."}},
		{"two prompts", request{"prompt": []string{"The lighthouse keeper", "The sea"}, "n": 2}},
		{"characters", request{"prompt": "Ein Wärter – 灯台 🗼", "echo": true, "logprobs": 2}},
	}
	for _, k := range kinds {
		add(k.name, k.body)
	}
	for _, k := range kinds {
		if k.name == "best of" {
			continue // cannot be streamed
		}
		streamed := request{"stream": true}
		maps.Copy(streamed, k.body)
		add("stream "+k.name, streamed)
	}
	add("stream usage", request{"stream": true, "stream_options": request{"include_usage": true}})
	for name, change := range map[string]request{
		"refused key":     {"model": "demo-401"},
		"rate limit":      {"model": "demo-429"},
		"no model":        {"model": "demo-nobody"},
		"too hot":         {"temperature": 3},
		"page of html":    {"model": "demo-500-html"},
		"error on way":    {"model": "demo-error-midstream", "stream": true},
		"ends early":      {"model": "demo-cut", "stream": true},
		"broken off":      {"model": "demo-reset", "stream": true},
		"never says done": {"model": "demo-no-done", "stream": true},
		"empty":           {"model": "demo-empty", "stream": true},
		"empty whole":     {"model": "demo-empty"},
		"refused stream":  {"model": "demo-401", "stream": true},
	} {
		add(name, change)
	}
	return list
}

func (c testCase) streams() bool { return c.body["stream"] == true }

func (c testCase) json() []byte {
	text, err := json.Marshal(c.body)
	if err != nil {
		panic(err) // the cases above can be written
	}
	return text
}
