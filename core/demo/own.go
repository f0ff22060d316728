package demo

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core"
)

// ownFields are fields that some servers have and the schema has not, for the model that takes them as vLLM does. The zero
// value is a request without them.
type ownFields struct {
	TopK       int      `json:"top_k"`              // draw from so many of the likeliest; 0 or −1 from all
	MinP       float64  `json:"min_p"`              // and from those as likely as this share of the likeliest
	Repetition float64  `json:"repetition_penalty"` // above 1, what has come is less likely to come again; 0 stands for 1
	StopIDs    []int    `json:"stop_token_ids"`     // end at any of them
	Allowed    []int    `json:"allowed_token_ids"`  // draw from these alone
	MinTokens  int      `json:"min_tokens"`         // no end before so many
	BadWords   []string `json:"bad_words"`          // not to be in the text
	KeepStop   bool     `json:"include_stop_str_in_output"`
	Truncate   int      `json:"truncate_prompt_tokens"` // keep so many tokens at the end of the prompt; 0 keeps all
	Choice     []string `json:"guided_choice"`          // the text is one of them: here the first
	Structured struct {
		Choice []string `json:"choice"`
	} `json:"structured_outputs"`
}

// ownOverlay says which values they take, in numbers that keep the work small, and knows one more that does nothing, as this model hardly ever ends by itself.
const ownOverlay = `{"properties":{
	"top_k":{"title":"Top k","type":"integer","minimum":-1,"maximum":64},
	"min_p":{"title":"Min p","type":"number","minimum":0,"maximum":1},
	"repetition_penalty":{"title":"Repetition penalty","type":"number","exclusiveMinimum":0},
	"stop_token_ids":{"title":"Stop token ids","type":"array","maxItems":64,"items":{"type":"integer"}},
	"allowed_token_ids":{"title":"Allowed token ids","type":"array","maxItems":64,"items":{"type":"integer"}},
	"min_tokens":{"title":"Min tokens","type":"integer","minimum":0},
	"bad_words":{"title":"Bad words","type":"array","maxItems":64,"items":{"type":"string","maxLength":200}},
	"include_stop_str_in_output":{"title":"Keep the stop text","type":"boolean"},
	"truncate_prompt_tokens":{"title":"Truncate the prompt","type":"integer","minimum":0},
	"guided_choice":{"title":"Guided choice","type":"array","maxItems":64,"items":{"type":"string","maxLength":200}},
	"structured_outputs":{"title":"Structured outputs","type":"object","properties":{"choice":{"type":"array","maxItems":64,"items":{"type":"string","maxLength":200}}}},
	"ignore_eos":{"title":"Ignore the end","type":"boolean"}}}`

// readOwn reads them from a body that was found valid, and cuts the prompts.
func (m *Model) readOwn(body []byte, r *core.CompletionRequest) (ownFields, error) {
	var own ownFields
	if err := json.Unmarshal(body, &own); err != nil {
		return own, err
	}
	for i, text := range r.Prompt.Texts {
		if ids, ok := m.fit(text); ok && own.Truncate > 0 && own.Truncate < len(ids) {
			var kept strings.Builder
			for _, id := range ids[len(ids)-own.Truncate:] {
				kept.WriteString(m.tokenizer.bytes(id))
			}
			r.Prompt.Texts[i] = kept.String()
		}
	}
	own.Choice = append(own.Choice, own.Structured.Choice...)
	return own, nil
}

// struckOut is the score of a token that must not come. JSON has no infinity.
const struckOut = -1e6

// strike strikes out what must not come after what has.
func (c *candidate) strike() {
	s := c.job.sampler
	strike := func(id int) {
		if id >= 0 && id < len(s.scores) {
			s.scores[id] = struckOut
			s.touched = append(s.touched, int32(id))
		}
	}
	if s.own.Repetition > 0 {
		for id := range c.used {
			if s.scores[id] > 0 {
				s.scores[id] /= s.own.Repetition
			} else {
				s.scores[id] *= s.own.Repetition
			}
			s.touched = append(s.touched, int32(id))
		}
	}
	if c.drawn < s.own.MinTokens {
		strike(idEndOfText)
		for _, id := range s.own.StopIDs {
			strike(id)
		}
	}
	if len(s.own.Allowed) == 0 && len(s.own.BadWords) == 0 {
		return
	}
	for id := range s.scores {
		if len(s.own.Allowed) > 0 && !slices.Contains(s.own.Allowed, id) || c.bad(id) {
			strike(id)
		}
	}
}

// bad reports whether a token would complete a word that must not come.
func (c *candidate) bad(id int) bool {
	for _, word := range c.job.sampler.own.BadWords {
		from := max(c.body, len(c.out.text)-len(word)+1)
		if word != "" && strings.Contains(string(c.out.text[from:])+c.job.model.tokenizer.bytes(id), word) {
			return true
		}
	}
	return false
}

// forced returns the token that has to come where the text is given, and whether that is at an end.
func (c *candidate) forced() (id int, end bool) {
	ids := c.job.model.tokenizer.encode(nil, c.job.sampler.own.Choice[0])
	if c.drawn >= len(ids) {
		return 0, true
	}
	return ids[c.drawn], false
}

// narrow leaves the weights of those tokens that top_k and min_p leave, and returns their total.
func (s *sampler) narrow(total float64) float64 {
	least := s.own.MinP
	if k := s.own.TopK; k > 0 && k < len(s.weights) {
		best := s.top(k, 0)
		least = max(least, s.weights[best[k-1].id])
	}
	if least == 0 {
		return total
	}
	for id, w := range s.weights {
		if w < least {
			s.weights[id] = 0
		}
	}
	return sum(s.weights)
}
