package demo

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// completion is the answer's JSON, and a chunk's.
type completion struct {
	ID                string   `json:"id"`
	Object            string   `json:"object"`
	Created           int64    `json:"created"`
	Model             string   `json:"model"`
	Choices           []choice `json:"choices"`
	Usage             *usage   `json:"usage"`
	SystemFingerprint string   `json:"system_fingerprint"`
}

// plainChunk is a chunk of a stream for which usage was not asked: it has no such member.
type plainChunk struct {
	completion
	Usage *usage `json:"usage,omitempty"` // hides the embedded one
}

type choice struct {
	Text         string      `json:"text"`
	Index        int         `json:"index"`
	Logprobs     *tokenStats `json:"logprobs"`
	FinishReason *string     `json:"finish_reason"` // null until the choice is finished
}

// tokenStats is the legacy shape of log probabilities: four lists with one entry per token.
type tokenStats struct {
	Tokens        []string       `json:"tokens"`
	TokenLogprobs []*logprob     `json:"token_logprobs"`
	TopLogprobs   []*topLogprobs `json:"top_logprobs"`
	TextOffset    []int          `json:"text_offset"`
}

// topLogprobs is an object of token → log probability in falling order.
type topLogprobs []labelled

type labelled struct {
	label   string
	logprob logprob
}

func (t topLogprobs) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, l := range t {
		if i > 0 {
			b = append(b, ',')
		}
		key, err := json.Marshal(l.label)
		if err != nil {
			return nil, err
		}
		b = append(append(b, key...), ':')
		b = appendFloat32(b, float64(l.logprob))
	}
	return append(b, '}'), nil
}

type usage struct {
	PromptTokens     int `json:"prompt_tokens"`
	CompletionTokens int `json:"completion_tokens"`
	TotalTokens      int `json:"total_tokens"`
}

// logprob is written with the precision of a 32-bit float: further digits differ between platforms.
type logprob float64

func (l logprob) MarshalJSON() ([]byte, error) { return appendFloat32(nil, float64(l)), nil }

func appendFloat32(b []byte, f float64) []byte { return strconv.AppendFloat(b, f, 'f', -1, 32) }

// marshal writes v as JSON on one line, without the escapes that only HTML needs.
func marshal(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("demo: " + err.Error()) // cannot happen: the types hold nothing that JSON lacks
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// stats returns the log probabilities of tokens from up to to.
func (c *candidate) stats(from, to int) *tokenStats {
	s := &tokenStats{
		Tokens:        make([]string, 0, to-from),
		TokenLogprobs: make([]*logprob, 0, to-from),
		TopLogprobs:   make([]*topLogprobs, 0, to-from),
		TextOffset:    make([]int, 0, to-from),
	}
	for i := from; i < to; i++ {
		t := &c.out.tokens[i]
		s.Tokens = append(s.Tokens, c.out.label(i))
		s.TextOffset = append(s.TextOffset, t.offset)
		if t.score == nil {
			s.TokenLogprobs = append(s.TokenLogprobs, nil)
			s.TopLogprobs = append(s.TopLogprobs, nil)
			continue
		}
		l := logprob(t.score.logprob)
		s.TokenLogprobs = append(s.TokenLogprobs, &l)
		top := make(topLogprobs, 0, len(t.score.top)+1)
		chosen := false
		for _, a := range t.score.top {
			chosen = chosen || a.id == t.id
			top = append(top, labelled{c.out.tokenizer.label(a.id), logprob(a.logprob)})
		}
		if !chosen { // it always stands in the list, as an addition if it is not among the likeliest
			top = append(top, labelled{c.out.tokenizer.label(t.id), l})
		}
		s.TopLogprobs = append(s.TopLogprobs, &top)
	}
	return s
}
