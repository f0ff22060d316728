package client

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"

	"github.com/completion-playground/playground/core"
	shape "github.com/completion-playground/playground/core/answer"
	"github.com/completion-playground/playground/schema"
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
	// Logprob is the natural logarithm of the token's probability. The first token of an echoed prompt has none, nor
	// has one whose number cannot be read. Minus infinity stands for a probability of 0; vLLM writes -9999 for it. Where
	// a server sends probabilities, as llama.cpp does with post_sampling_probs, it is their logarithm.
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

// tokens takes the tokens of a choice from the member logprobs if it has one of the three shapes, else from the token
// beside the choices. What has none of these shapes stays.
func (r *chunkReader) tokens(o, beside object) []Token {
	logprobs := o["logprobs"]
	if isNothing(logprobs) {
		delete(o, "logprobs")
	}
	part, _ := parseObject(logprobs)
	var tokens []Token
	switch {
	case isList(part["content"]):
		tokens = r.listed(list(part["content"]))
	case isList(part["tokens"]):
		tokens = r.parallel(part)
	default:
		return r.besideToken(beside, logprobs)
	}
	if tokens != nil {
		delete(o, "logprobs")
	}
	return tokens
}

// listed reads a content list, as chat answers have it.
func (r *chunkReader) listed(content []json.RawMessage) []Token {
	var tokens []Token
	for _, item := range content {
		o, _ := parseObject(item)
		if !isText(o["token"]) {
			r.add("token-skipped")
			continue
		}
		t := Token{Text: plainText(o["token"]), ID: count(o["id"]), Logprob: r.probability(o), Bytes: byteList(o["bytes"])}
		for _, name := range []string{"top_logprobs", "top_probs"} {
			if t.Top == nil {
				t.Top = r.candidates(o[name])
			}
		}
		tokens = append(tokens, t)
	}
	return tokens
}

// parallel reads parallel arrays. Arrays that are shorter than the tokens leave the rest untold.
func (r *chunkReader) parallel(o object) []Token {
	logprobs, top := list(o["token_logprobs"]), list(o["top_logprobs"])
	ids, offsets := list(o["token_ids"]), list(o["text_offset"])
	var tokens []Token
	for i, text := range list(o["tokens"]) {
		if !isText(text) {
			r.add("token-skipped")
			continue
		}
		t := Token{Text: plainText(text), ID: count(at(ids, i)), Offset: count(at(offsets, i)), Logprob: r.logprob(at(logprobs, i)), Top: r.candidates(at(top, i))}
		t.Bytes = shape.EscapedBytes(t.Text)
		tokens = append(tokens, t)
	}
	return tokens
}

// besideToken reads the token that Together AI puts beside a lone choice. Its log probability may stand bare where
// others have an object. The token's own is 0 when none was asked for, which must not be taken for certainty.
func (r *chunkReader) besideToken(beside object, bare json.RawMessage) []Token {
	o, ok := parseObject(beside["token"])
	if !ok || !isText(o["text"]) {
		return nil
	}
	logprob := core.Opt[float64]{}
	if v, ok := number(bare); ok && !isText(bare) {
		logprob = core.Some(v)
	} else if v, ok := number(o["logprob"]); ok && v != 0 {
		logprob = r.logprob(o["logprob"])
	}
	if !logprob.Set {
		return nil
	}
	return []Token{{Text: plainText(o["text"]), ID: count(o["id"]), Logprob: logprob}}
}

// probability reads the log probability of an entry, or else its probability.
func (r *chunkReader) probability(o object) core.Opt[float64] {
	if isNothing(o["logprob"]) && !isNothing(o["prob"]) {
		v, ok := number(o["prob"])
		if !ok || !(v >= 0 && v <= 1) {
			r.add("logprob-unreadable")
			return core.Opt[float64]{}
		}
		r.add("probabilities")
		return core.Some(math.Log(v))
	}
	return r.logprob(o["logprob"])
}

// logprob reads a log probability. One that is missing or null is not known; so is one that is no number, of which a
// note tells.
func (r *chunkReader) logprob(raw json.RawMessage) core.Opt[float64] {
	if isNothing(raw) {
		return core.Opt[float64]{}
	}
	v, ok := number(raw)
	if !ok || math.IsNaN(v) || math.IsInf(v, 1) {
		r.add("logprob-unreadable")
		return core.Opt[float64]{}
	}
	return core.Some(v)
}

// candidates reads a map of token to log probability, or a list of objects with token and logprob or prob. Those
// without a number are left out: they must not be taken for certain.
func (r *chunkReader) candidates(raw json.RawMessage) []Candidate {
	var found []Candidate
	if entries := list(raw); entries != nil {
		for _, entry := range entries {
			o, _ := parseObject(entry)
			if p := r.probability(o); p.Set && isText(o["token"]) {
				found = append(found, Candidate{Text: plainText(o["token"]), Logprob: p.Value})
			}
		}
	} else if all, ok := parseObject(raw); ok {
		for text, value := range all {
			if p := r.logprob(value); p.Set {
				found = append(found, Candidate{Text: text, Logprob: p.Value})
			}
		}
	}
	slices.SortFunc(found, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Logprob, a.Logprob), cmp.Compare(a.Text, b.Text))
	})
	return found
}

// byteList reads a list of numbers, which encoding/json would not read into a []byte. What is no list of bytes, or
// longer than a token can be, gives nil.
func byteList(raw json.RawMessage) []byte {
	items := list(raw)
	if len(items) > schema.Answers().Limits.TokenBytes {
		return nil
	}
	var bytes []byte
	for _, item := range items {
		v, ok := wholeNumber(item)
		if !ok || v > 0xff {
			return nil
		}
		bytes = append(bytes, byte(v))
	}
	return bytes
}

func at(list []json.RawMessage, i int) json.RawMessage {
	if i < len(list) {
		return list[i]
	}
	return nil
}

func count(raw json.RawMessage) core.Opt[int64] {
	v, ok := wholeNumber(raw)
	return core.Opt[int64]{Value: v, Set: ok}
}
