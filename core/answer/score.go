package answer

import (
	"math"
	"strconv"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
)

// A Score is what a model thinks of a text: how likely each of its tokens is behind those before it.
type Score struct {
	// Tokens are those of the text, in order, without what the server made behind them. The first has no log
	// probability on most servers, and is then no part of the figures.
	Tokens []Token `json:"tokens,omitempty"`
	// Made is how many tokens the server made behind the text.
	Made int `json:"made"`
	// Counted is how many tokens have a log probability, and Bytes how many bytes of UTF-8 they are; both above 0.
	Counted int `json:"counted"`
	Bytes   int `json:"bytes"`
	// Sum is that of the natural logarithms, at most 0, and Mean the same for each counted token.
	Sum  float64 `json:"sum"`
	Mean float64 `json:"mean"`
	// BitsPerByte is -Sum in bits for each byte, which can be compared between models with different tokens. Like the
	// others it is finite, also where a token cannot be.
	BitsPerByte float64 `json:"bitsPerByte"`
	// Perplexity is e to -Mean, at least 1, not above the largest float64.
	Perplexity float64 `json:"perplexity"`
}

// A ScoreError says why a text has no score.
type ScoreError struct {
	Code    string `json:"code"`    // one of the codes under "scoring" in schema/differences.json
	Message string `json:"message"` // a sentence
}

// Error returns the sentence.
func (e *ScoreError) Error() string { return e.Message }

func noScore(code string, values ...string) *ScoreError {
	return &ScoreError{Code: code, Message: schema.Differences().Why(code, values...)}
}

// ScoreRequest returns the body of a request whose answer scores a text: with echo, one alternative at each token, and
// no token to be made, or one where the server makes at least one. v knows the server; nil stands for core.Default().
// The error is a *ScoreError where the text is empty or the server's profile says that it does not return what is needed.
func ScoreRequest(text, model string, v *core.Validator) ([]byte, error) {
	if text == "" {
		return nil, noScore("empty-text")
	}
	if v == nil {
		v = core.Default()
	}
	profile := v.Profile()
	for _, field := range []string{"echo", "logprobs"} {
		if note := profile.Fields[field]; note.Use == "ignored" || note.Use == "refused" {
			return nil, noScore("server-cannot", "title", profile.Title, "why", note.Why)
		}
	}
	var why string
	for _, most := range []int64{0, 1} {
		// Put into an interface or into generic code, these types would bring all of their methods into the page's core.
		body, err := core.CompletionRequest{
			Model: model, Prompt: core.Prompt{Texts: []string{text}},
			Echo: core.Opt[bool]{Value: true, Set: true}, Logprobs: core.Opt[int64]{Value: 1, Set: true}, MaxTokens: core.Opt[int64]{Value: most, Set: true},
		}.MarshalJSON()
		if err != nil {
			return nil, err
		}
		if objection := objection(v, body); objection != "" {
			why = objection
		} else if sent := v.Body(body); sent != nil {
			return sent, nil
		}
	}
	return nil, noScore("server-cannot", "title", profile.Title, "why", why)
}

// objection returns why a server would not take a scoring request, or not its max_tokens.
func objection(v *core.Validator, body []byte) string {
	for _, issue := range v.Check(body).Issues {
		if issue.Severity == core.Error || issue.Severity == core.Warning && issue.Field == "max_tokens" {
			return issue.Field + ": " + issue.Message
		}
	}
	return ""
}

// ScoreOf reads the score of a text from the answer to its ScoreRequest, or to any request for that text with echo and
// logprobs. made is the max_tokens of that request. The shape is checked first: the error is a *ScoreError if the answer
// is not complete, lacks the text or a log probability of any token but the first, or does not tell where the text ends.
func ScoreOf(text string, made int64, a Answer) (*Score, error) {
	count, first, err := boundary(text, made, &a)
	if err != nil {
		return nil, err
	}
	all := a.Choices[0].Tokens
	s := &Score{Tokens: all[:count], Made: len(all) - count, Bytes: len(text)}
	missing := 0
	for i, t := range s.Tokens {
		switch {
		case t.Logprob != nil:
			s.Counted++
			s.Sum += *t.Logprob
		case i == 0:
			s.Bytes -= first
		default:
			missing++
		}
	}
	switch {
	case missing > 0:
		return nil, noScore("gaps", "got", strconv.Itoa(missing), "asked", strconv.Itoa(count))
	case s.Counted == 0 || s.Bytes <= 0:
		return nil, noScore("one-token")
	}
	s.Sum = max(s.Sum, -math.MaxFloat64) // of what cannot be, which JSON has no number for
	s.Mean = s.Sum / float64(s.Counted)
	s.BitsPerByte = min(-s.Sum/math.Ln2/float64(s.Bytes), math.MaxFloat64)
	s.Perplexity = min(math.Exp(-s.Mean), math.MaxFloat64)
	return s, nil
}

// boundary returns how many of the first choice's tokens are the text, and how many bytes of it the first of them is.
func boundary(text string, made int64, a *Answer) (count, first int, _ error) {
	switch {
	case text == "":
		return 0, 0, noScore("empty-text")
	case !a.Complete || len(a.Choices) == 0:
		return 0, 0, noScore("incomplete")
	case !known(a.Choices[0].Tokens) && len(a.Choices[0].Tokens) != 1:
		return 0, 0, noScore("logprobs-missing")
	}
	choice := &a.Choices[0]
	if begins(choice.Text, text, true) == no {
		return 0, 0, noScore("echo-missing")
	}
	if count, first, ok := cover(choice.Tokens, text); ok {
		return count, first, nil
	}
	// Tokens in a spelling of the server's own: its count says where the text ends.
	count = len(choice.Tokens)
	if u := a.Usage; made > 0 && u != nil && u.PromptTokens != nil {
		count = int(*u.PromptTokens)
	} else if made > 0 {
		count = 0
	}
	if count < 1 || count > len(choice.Tokens) || int64(len(choice.Tokens)-count) > made {
		return 0, 0, noScore("uncovered")
	}
	if piece := spelled(choice.Tokens[0]); strings.HasPrefix(text, piece) {
		first = len(piece)
	}
	return count, first, nil
}
