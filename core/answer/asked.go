package answer

import (
	"encoding/json"
	"strconv"
	"strings"
)

// asked is what a request body asks for, as far as an answer can be held to it. What cannot be read counts as not
// asked for: the check of the request tells of it.
type asked struct {
	fields  map[string]json.RawMessage
	model   string
	prompts []string // nil where one of them is no text
	count   int      // of prompts, 0 if not known
	each    int      // choices for each prompt, 0 if not known
	echo    bool
	stops   []string
}

// mostStops is how many stop texts are looked for; more are not worth the time.
const mostStops = 64

func read(body []byte) *asked {
	r := &asked{}
	if json.Unmarshal(body, &r.fields) != nil {
		return r
	}
	r.model, _ = r.text("model")
	r.readPrompts()
	r.each = 1
	if r.has("n") {
		n, ok := r.whole("n")
		r.each = int(min(n, 1<<20))
		if !ok || n < 1 {
			r.each = 0
		}
	}
	if r.has("n_cmpl") { // llama.cpp's other name for n
		r.each = 0
	}
	r.echo = r.flag("echo")
	if stop, ok := r.text("stop"); ok {
		r.stops = []string{stop}
	} else if json.Unmarshal(r.fields["stop"], &r.stops) != nil {
		r.stops = nil
	}
	r.stops = r.stops[:min(len(r.stops), mostStops)]
	return r
}

// readPrompts tells texts from token ids. A list that holds a number is one prompt.
func (r *asked) readPrompts() {
	if text, ok := r.text("prompt"); ok {
		r.prompts, r.count = []string{text}, 1
		return
	}
	var list []json.RawMessage
	if json.Unmarshal(r.fields["prompt"], &list) != nil || len(list) == 0 {
		return
	}
	if json.Unmarshal(r.fields["prompt"], &r.prompts) == nil {
		r.count = len(list)
		return
	}
	r.prompts, r.count = nil, len(list)
	for _, item := range list {
		switch item[0] {
		case '"', '[':
		case '{':
			r.count = 0
			return
		default:
			r.count = 1
		}
	}
}

// choices is how many choices were asked for, 0 if that is not known.
func (r *asked) choices() int { return r.count * r.each }

// prompt returns the text that a choice continues, if it is known.
func (r *asked) prompt(index int) (string, bool) {
	if r.each == 0 || index < 0 || index/r.each >= len(r.prompts) {
		return "", false
	}
	return r.prompts[index/r.each], true
}

func (r *asked) has(names ...string) bool {
	for _, name := range names {
		if raw, ok := r.fields[name]; ok && string(raw) != "null" {
			return true
		}
	}
	return false
}

func (r *asked) flag(name string) bool { return string(r.fields[name]) == "true" }

func (r *asked) text(name string) (string, bool) {
	var text string
	raw := r.fields[name]
	return text, len(raw) > 0 && raw[0] == '"' && json.Unmarshal(raw, &text) == nil
}

func (r *asked) number(name string) (float64, bool) {
	v, err := strconv.ParseFloat(string(r.fields[name]), 64)
	return v, err == nil
}

// whole returns a whole number; 3.0 is one.
func (r *asked) whole(name string) (int64, bool) {
	v, ok := r.number(name)
	n := int64(v)
	return n, ok && float64(n) == v && v < 1<<53 && v > -1<<53
}

// most returns the most tokens that a choice may have, if the request says so and nothing else in it does.
func (r *asked) most() (int64, bool) {
	most, ok := r.whole("max_tokens")
	return most, ok && most >= 0 && !r.has("n_predict", "max_completion_tokens")
}

// wantsUsage reports whether the request asks a stream for token counts.
func (r *asked) wantsUsage() bool {
	var options struct {
		IncludeUsage bool `json:"include_usage"`
	}
	return r.flag("stream") && json.Unmarshal(r.fields["stream_options"], &options) == nil && options.IncludeUsage
}

// plainSampling reports whether nothing in the request moves the choice of a token away from the model's own
// probabilities but the temperature.
func (r *asked) plainSampling() bool {
	for name, raw := range r.fields {
		switch name {
		case "model", "prompt", "echo", "max_tokens", "stop", "temperature", "top_p", "seed", "n", "logprobs", "stream", "stream_options", "user":
		case "frequency_penalty", "presence_penalty":
			if v, ok := r.number(name); !ok || v != 0 {
				return false
			}
		default:
			if text := strings.TrimSpace(string(raw)); text != "null" && text != "{}" {
				return false
			}
		}
	}
	return true
}
