package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// server answers requests of completions with a short text, and keeps their headers and bodies.
type server struct {
	*httptest.Server
	mutex   sync.Mutex
	headers []http.Header
	bodies  []string
	half    bool // a stream ends before its last part, and the connection stays until the client leaves
}

func (s *server) took(h http.Header, body string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.headers, s.bodies = append(s.headers, h), append(s.bodies, body)
}

// seen returns the headers and bodies of the requests so far.
func (s *server) seen() ([]http.Header, []string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.headers), slices.Clone(s.bodies)
}

func completionServer(t *testing.T) *server {
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Model     string
			Prompt    any
			N         int
			Stream    bool
			Echo      bool
			MaxTokens *int `json:"max_tokens"`
		}
		var body json.RawMessage
		if !assert.NoError(t, json.NewDecoder(r.Body).Decode(&body)) || !assert.NoError(t, json.Unmarshal(body, &asked)) {
			return
		}
		s.took(r.Header, string(body))
		if asked.Model == "missing" {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprintf(w, `{"error":{"message":"no such model, %s","code":"model_not_found"}}`, r.Header.Get("Authorization"))
			return
		}
		if asked.Echo {
			scored(w, asked.Prompt)
			return
		}
		n := max(asked.N, 1)
		if !asked.Stream {
			w.Header().Set("Content-Type", "application/json")
			choices := ""
			for i := range n {
				choices += fmt.Sprintf(`,{"index":%d,"text":", world!","finish_reason":"stop"}`, i)
			}
			fmt.Fprintf(w, `{"object":"text_completion","model":%q,"choices":[%s],"usage":{"prompt_tokens":1,"completion_tokens":3,"total_tokens":4}}`, asked.Model, choices[1:])
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		for part, text := range []string{", ", "world", "!"} {
			for i := range n {
				finish := "null"
				if part == 2 {
					finish = `"stop"`
				}
				fmt.Fprintf(w, "data: {\"object\":\"text_completion\",\"model\":%q,\"choices\":[{\"index\":%d,\"text\":%q,\"finish_reason\":%s}]}\n\n", asked.Model, i, text, finish)
			}
			_ = http.NewResponseController(w).Flush() // the client has gone, or reads what comes
			if s.half && part == 1 {
				<-r.Context().Done()
				return
			}
		}
		fmt.Fprint(w, "data: [DONE]\n\n")
	}))
	t.Cleanup(s.Close)
	return s
}

// scored answers with the prompt and a log probability for each of its characters but the first.
func scored(w http.ResponseWriter, prompt any) {
	text, ok := prompt.(string)
	if list, is := prompt.([]any); is && len(list) > 0 {
		text, ok = list[0].(string)
	}
	if !ok {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	var tokens []string
	var logprobs []any
	var offsets []int
	for n, c := range text {
		tokens, offsets = append(tokens, string(c)), append(offsets, utf8.RuneCountInString(text[:n]))
		if n == 0 {
			logprobs = append(logprobs, nil)
		} else {
			logprobs = append(logprobs, -0.5)
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{
		"index": 0, "text": text, "finish_reason": "length",
		"logprobs": map[string]any{"tokens": tokens, "token_logprobs": logprobs, "text_offset": offsets, "top_logprobs": nil},
	}}})
}
