package client

import (
	"bytes"
	"encoding/json"

	"github.com/completion-playground/playground/core"
)

// A Chunk is one piece of an answer: an event of a stream, or a whole answer that came in one piece. Servers leave
// members out, send null for them or add their own, so every field may be zero, and a chunk may have no choices.
type Chunk struct {
	ID      string // the server's name for the answer; Ollama's are not unique and TGI's are empty
	Object  string // "text_completion" from most servers
	Created int64  // Unix time in seconds
	Model   string
	Choices []ChoiceDelta
	Usage   *Usage // nil if the chunk counts nothing
	// Extra holds the members that no other field has taken in whole, as they came.
	Extra map[string]json.RawMessage
}

// A ChoiceDelta is what a chunk adds to one choice. The deltas of several choices come interleaved.
type ChoiceDelta struct {
	// Index is the number of the choice. With several prompts, those of prompt p are p*n to p*n+n-1. A missing index
	// is the delta's place in the chunk.
	Index int
	// Text continues the choice. It is read from text, or where that is missing from the delta or message of a chat
	// answer.
	Text     string
	Logprobs []Token
	Finish   FinishReason
	// RawFinish is the finish reason in the server's word, "" while the choice goes on.
	RawFinish string
	// Extra holds the members that no other field has taken in whole, as they came.
	Extra map[string]json.RawMessage
}

// Usage counts the tokens of a request. Some servers send it with each chunk; the last one counts.
type Usage struct {
	PromptTokens     int `json:"prompt_tokens"`
	CompletionTokens int `json:"completion_tokens"`
	TotalTokens      int `json:"total_tokens"`
}

// A FinishReason says why a choice ended, in one word for all servers.
type FinishReason string

// The finish reasons. Servers' own words stand in RawFinish.
const (
	Unfinished     FinishReason = ""         // null, "" or missing
	FinishStop     FinishReason = "stop"     // a natural end or a stop text: stop, eos, eos_token, stop_sequence
	FinishLength   FinishReason = "length"   // max_tokens or the context is used up
	FinishFiltered FinishReason = "filtered" // the server withheld the rest
	FinishTool     FinishReason = "tool"     // tool_calls, function_call
	FinishAborted  FinishReason = "aborted"  // the server gave the choice up: abort, cancelled
	FinishError    FinishReason = "error"    // the server failed
	FinishOther    FinishReason = "other"    // a word that is none of these
)

// NormalizeFinish maps a server's word for a finish reason.
func NormalizeFinish(raw string) FinishReason {
	switch raw {
	case "":
		return Unfinished
	case "stop", "eos", "eos_token", "stop_sequence":
		return FinishStop
	case "length":
		return FinishLength
	case "content_filter":
		return FinishFiltered
	case "tool_calls", "function_call":
		return FinishTool
	case "abort", "cancelled":
		return FinishAborted
	case "error":
		return FinishError
	}
	return FinishOther
}

// object is a JSON object whose members are taken out one by one; what is left is extra.
type object map[string]json.RawMessage

// parseObject returns false for everything that is not a JSON object.
func parseObject(raw []byte) (object, bool) {
	var o object
	if json.Unmarshal(raw, &o) != nil || o == nil {
		return nil, false
	}
	return o, true
}

// takeMember removes a member and returns its value. A member that is null or missing gives false; one of another
// type too, but stays where it is, so that nothing a server says is lost.
func takeMember[T any](o object, name string) (v T, ok bool) {
	raw, there := o[name]
	if !there {
		return v, false
	}
	if isNull(raw) {
		delete(o, name)
		return v, false
	}
	if json.Unmarshal(raw, &v) != nil {
		var zero T
		return zero, false
	}
	delete(o, name)
	return v, true
}

func isNull(raw json.RawMessage) bool { return string(bytes.TrimSpace(raw)) == "null" }

// rest returns what has not been taken, nil instead of an empty map.
func (o object) rest() map[string]json.RawMessage {
	if len(o) == 0 {
		return nil
	}
	return o
}

// chunk reads a completion or a part of one. It takes what it knows out of o.
func (o object) chunk() Chunk {
	var c Chunk
	c.ID, _ = takeMember[string](o, "id")
	c.Object, _ = takeMember[string](o, "object")
	c.Created, _ = takeMember[int64](o, "created")
	c.Model, _ = takeMember[string](o, "model")
	if u, ok := takeMember[Usage](o, "usage"); ok {
		c.Usage = &u
	}
	choices, _ := takeMember[[]object](o, "choices")
	for i, choice := range choices {
		c.Choices = append(c.Choices, choice.delta(i))
	}
	if len(c.Choices) == 1 {
		o.together(&c.Choices[0])
	}
	c.Extra = o.rest()
	return c
}

func (o object) delta(place int) ChoiceDelta {
	d := ChoiceDelta{Index: place}
	if i, ok := takeMember[int](o, "index"); ok {
		d.Index = i
	}
	d.Text, _ = takeMember[string](o, "text")
	for _, name := range []string{"delta", "message"} {
		if part, ok := parseObject(o[name]); ok && d.Text == "" {
			d.Text, _ = takeMember[string](part, "content")
		}
	}
	d.Logprobs = o.logprobs()
	d.finish(o)
	d.Extra = o.rest()
	return d
}

func (d *ChoiceDelta) finish(o object) {
	d.RawFinish, _ = takeMember[string](o, "finish_reason")
	d.Finish = NormalizeFinish(d.RawFinish)
}

// together adds what Together AI puts beside the only choice of a chunk: the token and the finish reason.
func (o object) together(d *ChoiceDelta) {
	if d.Finish == Unfinished {
		d.finish(o)
	}
	token, ok := parseObject(o["token"])
	if !ok {
		return
	}
	text, _ := takeMember[string](token, "text")
	if d.Text == "" {
		d.Text = text
	}
	logprob, ok := takeMember[float64](token, "logprob")
	if ok && d.Logprobs == nil {
		id := takeOpt[int64](token, "id")
		d.Logprobs = []Token{{Text: text, ID: id, Logprob: core.Some(logprob)}}
	}
}
