package client

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/completion-playground/playground/core"
)

// A Token is one token of a choice with its log probability.
//
// Servers tell log probabilities in three shapes, all read into this one: the parallel arrays tokens, token_logprobs,
// top_logprobs and text_offset of OpenAI's completions, vLLM and SGLang; the content list of OpenAI's chat answers,
// which llama.cpp uses here as well; and Together's arrays with token_ids.
type Token struct {
	// Text is the token as the server spells it. It need not be a part of the choice's text: a token may hold a part
	// of a character, and vLLM can send "token_id:42" instead.
	Text string
	ID   core.Opt[int64] // number in the model's vocabulary
	// Bytes is the token's UTF-8, possibly a part of a character; nil if not told.
	Bytes []byte
	// Logprob is the natural logarithm of the token's probability. The first token of an echoed prompt has none. vLLM
	// writes -9999 for minus infinity.
	Logprob core.Opt[float64]
	// Offset is where the token starts. Servers disagree on the unit and on whether the prompt counts, so it is good
	// for display and not for cutting the text.
	Offset core.Opt[int64]
	// Top lists the likeliest tokens at this place, likeliest first. It may have one entry more than was asked for,
	// the chosen token.
	Top []Candidate
}

// A Candidate is a token that could have been chosen.
type Candidate struct {
	Text    string
	Logprob float64
}

// chatToken is an entry of a content list and of its top_logprobs. Bytes is a list of numbers on the wire, which
// encoding/json would not read into a []byte.
type chatToken struct {
	Token   *string           `json:"token"`
	Logprob *float64          `json:"logprob"`
	Bytes   []uint16          `json:"bytes"`
	ID      *int64            `json:"id"`
	Top     []json.RawMessage `json:"top_logprobs"`
}

// logprobs takes the member of that name if it has one of the three shapes.
func (o object) logprobs() []Token {
	if isNull(o["logprobs"]) {
		delete(o, "logprobs")
		return nil
	}
	part, ok := parseObject(o["logprobs"])
	if !ok {
		return nil
	}
	tokens := part.chatTokens()
	if tokens == nil {
		tokens = part.arrayTokens()
	}
	if tokens != nil {
		delete(o, "logprobs")
	}
	return tokens
}

func (o object) chatTokens() []Token {
	content, _ := takeMember[[]chatToken](o, "content")
	tokens := make([]Token, 0, len(content))
	for _, c := range content {
		t := Token{Text: opt(c.Token).Value, ID: opt(c.ID), Logprob: opt(c.Logprob)}
		for _, b := range c.Bytes {
			t.Bytes = append(t.Bytes, byte(b))
		}
		for _, raw := range c.Top {
			t.Top = append(t.Top, candidates(raw)...)
		}
		tokens = append(tokens, t)
	}
	if len(tokens) == 0 {
		return nil
	}
	return tokens
}

// arrayTokens reads parallel arrays. Arrays that are shorter than the tokens leave the rest untold.
func (o object) arrayTokens() []Token {
	texts, _ := takeMember[[]string](o, "tokens")
	logprobs, _ := takeMember[[]*float64](o, "token_logprobs")
	ids, _ := takeMember[[]*int64](o, "token_ids")
	offsets, _ := takeMember[[]*int64](o, "text_offset")
	top, _ := takeMember[[]json.RawMessage](o, "top_logprobs")
	var tokens []Token
	for i, text := range texts {
		tokens = append(tokens, Token{
			Text:    text,
			ID:      opt(at(ids, i)),
			Logprob: opt(at(logprobs, i)),
			Offset:  opt(at(offsets, i)),
			Top:     candidates(at(top, i)),
		})
	}
	return tokens
}

// candidates reads a map of token to log probability, or an object with token and logprob.
func candidates(raw json.RawMessage) []Candidate {
	var one chatToken
	if json.Unmarshal(raw, &one) == nil && one.Logprob != nil && one.Token != nil {
		return []Candidate{{Text: *one.Token, Logprob: *one.Logprob}}
	}
	var all map[string]float64
	if json.Unmarshal(raw, &all) != nil {
		return nil
	}
	var list []Candidate
	for text, logprob := range all {
		list = append(list, Candidate{Text: text, Logprob: logprob})
	}
	slices.SortFunc(list, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Logprob, a.Logprob), cmp.Compare(a.Text, b.Text))
	})
	return list
}

func at[T any](list []T, i int) (v T) {
	if i < len(list) {
		v = list[i]
	}
	return v
}

func opt[T any](p *T) core.Opt[T] {
	if p == nil {
		return core.Opt[T]{}
	}
	return core.Some(*p)
}

func takeOpt[T any](o object, name string) core.Opt[T] {
	v, ok := takeMember[T](o, name)
	return core.Opt[T]{Value: v, Set: ok}
}
