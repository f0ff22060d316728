package client

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"

	shape "github.com/completion-playground/playground/core/answer"
	"github.com/completion-playground/playground/schema"
)

// A Chunk is one piece of an answer: an event of a stream, or a whole answer that came in one piece. Servers leave
// members out, send null for them or add their own, so every field may be zero, and a chunk may have no choices. One that
// holds nothing but Notes may come anywhere, at the end too.
type Chunk struct {
	ID      string // the server's name for the answer; Ollama's are not unique and TGI's are empty
	Object  string // "text_completion" from most servers
	Created int64  // Unix time in seconds
	Model   string
	Choices []ChoiceDelta
	Usage   *Usage // nil if the chunk counts nothing
	// Notes tell what is peculiar about the answer and has shown since the chunk before.
	Notes []Note
	// Extra holds the members that no other field has taken in whole, as they came.
	Extra map[string]json.RawMessage
}

func (c Chunk) onlyNotes() bool {
	return c.Notes != nil && c.ID == "" && c.Object == "" && c.Created == 0 && c.Model == "" &&
		c.Choices == nil && c.Usage == nil && c.Extra == nil
}

// A ChoiceDelta is what a chunk adds to one choice. The deltas of several choices come interleaved.
type ChoiceDelta struct {
	// Index is the number of the choice. With several prompts, those of prompt p are p*n to p*n+n-1. A missing index
	// is the delta's place in the chunk.
	Index int
	// Text continues the choice. It is read from text, or where that is missing from the delta or message of a chat
	// answer.
	Text string
	// Reasoning continues what the model thought before or beside the text, where the server tells it apart.
	Reasoning string
	Logprobs  []Token
	Finish    FinishReason
	// RawFinish is the finish reason in the server's word, "" while the choice goes on.
	RawFinish string
	// Extra holds the members that no other field has taken in whole, as they came.
	Extra map[string]json.RawMessage
}

// Usage counts the tokens of a request. Some servers send it with each chunk; the last one counts. A count that the
// server does not tell, or not as a whole number, is UnknownCount.
type Usage struct {
	PromptTokens     int `json:"prompt_tokens"`
	CompletionTokens int `json:"completion_tokens"`
	TotalTokens      int `json:"total_tokens"`
}

// UnknownCount stands for a count that is not known.
const UnknownCount = -1

// A FinishReason says why a choice ended, in one word for all servers.
type FinishReason string

// The finish reasons, which are the kinds of schema/answers.json. Servers' own words stand in RawFinish.
const (
	Unfinished     FinishReason = ""         // null, "" or missing
	FinishStop     FinishReason = "stop"     // a natural end or a stop text
	FinishLength   FinishReason = "length"   // max_tokens or the context is used up
	FinishFiltered FinishReason = "filtered" // the server withheld the rest
	FinishTool     FinishReason = "tool"     // the model asks for a tool
	FinishAborted  FinishReason = "aborted"  // the server gave the choice up
	FinishError    FinishReason = "error"    // the server failed
	FinishOther    FinishReason = "other"    // a word that is none of these
)

// NormalizeFinish maps a server's word for a finish reason, in whatever case.
func NormalizeFinish(raw string) FinishReason { return FinishReason(shape.FinishKind(raw)) }

// chunkReader reads the chunks of one answer. It remembers what one of them leaves for the next.
type chunkReader struct {
	notes
	waiting map[place]*half
	indexes map[int]bool // of the choices that have come
}

// place is where a text grows: the text or the reasoning of a choice.
type place struct {
	index     int
	reasoning bool
}

// chunk reads a completion or a part of one. It takes what it knows out of o.
func (r *chunkReader) chunk(o object) Chunk {
	var c Chunk
	c.ID, _ = takeMember[string](o, "id")
	c.Object, _ = takeMember[string](o, "object")
	c.Created, _ = takeMember[int64](o, "created")
	c.Model, _ = takeMember[string](o, "model")
	c.Usage = r.usage(o)
	choices := o["choices"]
	if isList(choices) {
		items := list(choices)
		for i, item := range items {
			if d, ok := r.delta(item, i, o, len(items) == 1); ok {
				c.Choices = append(c.Choices, d)
			}
		}
	} else if !isNothing(choices) {
		r.add("choices-skipped")
	}
	if isList(choices) || isNothing(choices) {
		delete(o, "choices")
	}
	if len(list(o["prompt"])) > 0 {
		r.add("echo-apart")
	}
	c.Extra = o.rest()
	return c
}

// usage takes the usage, each count by itself. A usage without a count is none.
func (r *chunkReader) usage(o object) *Usage {
	counts, ok := takeMember[object](o, "usage")
	if !ok {
		return nil
	}
	known := false
	count := func(name string) int {
		if isNothing(counts[name]) {
			return UnknownCount
		}
		n, ok := wholeNumber(counts[name])
		if !ok {
			r.add("usage-unreadable")
			return UnknownCount
		}
		known = true
		return int(n)
	}
	u := Usage{PromptTokens: count("prompt_tokens"), CompletionTokens: count("completion_tokens"), TotalTokens: count("total_tokens")}
	if !known {
		return nil
	}
	return &u
}

// delta reads a choice, which stands at a place among those of its chunk. What Together AI puts beside the choices, a
// token and a finish reason, can only be meant for a lone one.
func (r *chunkReader) delta(item json.RawMessage, at int, chunk object, lone bool) (ChoiceDelta, bool) {
	o, ok := parseObject(item)
	if !ok {
		r.add("choice-skipped")
		return ChoiceDelta{}, false
	}
	d := ChoiceDelta{Index: at}
	if i, ok := wholeNumber(o["index"]); ok {
		d.Index = int(i)
		delete(o, "index")
	} else if isNothing(o["index"]) {
		delete(o, "index")
	} else {
		r.add("index-odd")
	}
	if !r.indexes[d.Index] {
		if most := schema.Answers().Limits.Choices; len(r.indexes) == most {
			r.add("choices-left-out", "limit", strconv.Itoa(most))
			return ChoiceDelta{}, false
		}
		if r.indexes == nil {
			r.indexes = map[int]bool{}
		}
		r.indexes[d.Index] = true
	}
	var beside object
	if lone {
		beside = chunk
	}
	d.RawFinish, _ = takeMember[string](o, "finish_reason")
	if d.RawFinish == "" {
		d.RawFinish, _ = takeMember[string](beside, "finish_reason")
	}
	d.Finish = NormalizeFinish(d.RawFinish)
	d.RawFinish = cut(d.RawFinish, schema.Answers().Limits.FinishUnits)
	text, reasoning := r.texts(o, beside)
	d.Text = r.join(place{index: d.Index}, text, d.Finish)
	d.Reasoning = r.join(place{index: d.Index, reasoning: true}, reasoning, d.Finish)
	if d.Reasoning != "" {
		r.add("reasoning")
	}
	d.Logprobs = r.tokens(o, beside)
	d.Extra = o.rest()
	return d, true
}

// texts takes the text and the reasoning of a choice as JSON strings. One server may say the same text in several
// places, so the first that is not empty counts.
func (r *chunkReader) texts(o, beside object) (text, reasoning json.RawMessage) {
	plain := o["text"]
	switch {
	case isText(plain) || isNothing(plain):
		delete(o, "text")
	default:
		r.add("text-skipped")
	}
	delta, _ := parseObject(o["delta"])
	message, _ := parseObject(o["message"])
	for _, name := range schema.Answers().Reasoning {
		for _, part := range []object{o, delta, message} {
			if reasoning == nil && hasText(part[name]) {
				reasoning = part[name]
			}
		}
		if isText(o[name]) {
			delete(o, name)
		}
	}
	if hasText(plain) {
		return plain, reasoning
	}
	for _, part := range []object{delta, message} {
		if hasText(part["content"]) {
			if !isText(plain) {
				r.add("chat-form")
			}
			return part["content"], reasoning
		}
	}
	if token, ok := parseObject(beside["token"]); ok && hasText(token["text"]) {
		return token["text"], reasoning
	}
	return nil, reasoning
}

func isText(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '"' }

func hasText(raw json.RawMessage) bool { return isText(raw) && string(raw) != `""` }

// join continues a text. With a finish reason nothing is waited for any more.
func (r *chunkReader) join(at place, raw json.RawMessage, finish FinishReason) string {
	h := r.waiting[at]
	if h == nil {
		h = new(half)
	}
	text, lone := h.join(raw)
	if finish != Unfinished {
		end := h.end()
		text, lone = text+end, lone || end != ""
	}
	if lone {
		r.add("half-character")
	}
	if *h == 0 {
		delete(r.waiting, at)
		return text
	}
	if r.waiting == nil {
		r.waiting = map[place]*half{}
	}
	r.waiting[at] = h
	return text
}

// last returns a chunk of what is still waiting when the answer is over.
func (r *chunkReader) last() Chunk {
	var c Chunk
	for at, h := range r.waiting {
		d := ChoiceDelta{Index: at.index}
		if at.reasoning {
			d.Reasoning = h.end()
		} else {
			d.Text = h.end()
		}
		c.Choices = append(c.Choices, d)
		r.add("half-character")
	}
	slices.SortFunc(c.Choices, func(a, b ChoiceDelta) int {
		return cmp.Or(cmp.Compare(a.Index, b.Index), cmp.Compare(a.Text, b.Text))
	})
	r.waiting = nil
	c.Notes = r.take()
	return c
}
