package probe

import (
	"slices"
	"strings"
	"unicode"

	"github.com/completion-playground/playground/core/answer"
)

// reading is what an answer is good for.
type reading int

const (
	missing reading = iota // not asked, or not answered yet
	lost                   // no answer that could be judged: the connection broke, a gateway failed
	refused                // the server said no
	given                  // a completion
)

// read returns what the answer to a request is good for.
func (s *Session) read(id string) reading {
	a, ok := s.answers[id]
	if !ok {
		return missing
	}
	return readingOf(a)
}

func readingOf(a answer.Answer) reading {
	switch {
	case a.Status == 0, a.Status/100 == 3, slices.Contains(passing, a.Status):
		return lost
	case a.Status >= 400:
		return refused
	case a.Error != "" && !slices.ContainsFunc(a.Choices, func(c answer.Choice) bool { return c.Text != "" }):
		return refused // a failure wrapped into success
	case !a.Complete:
		return lost
	}
	return given
}

// passing are statuses that say nothing about the request: a timeout, too many requests, a gateway without a server.
var passing = []int{408, 429, 502, 503, 504}

// allGiven reports whether all of some requests were answered with completions.
func (s *Session) allGiven(ids ...string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool { return s.read(id) != given })
}

// choices returns how many choices came.
func (s *Session) choices(id string) int { return len(s.answers[id].Choices) }

// text returns the text of the first choice.
func (s *Session) text(id string) string {
	if c := s.answers[id].Choices; len(c) > 0 {
		return c[0].Text
	}
	return ""
}

// texts returns those of several requests.
func (s *Session) texts(ids ...string) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = s.text(id)
	}
	return list
}

// tokens returns the tokens of the first choice's logprobs.
func (s *Session) tokens(id string) []answer.Token {
	if c := s.answers[id].Choices; len(c) > 0 {
		return c[0].Tokens
	}
	return nil
}

// most returns the greatest number of alternatives that any token has.
func (s *Session) most(id string) int {
	n := 0
	for _, t := range s.tokens(id) {
		n = max(n, len(t.Top))
	}
	return n
}

// completionTokens returns the server's count, and false if it gives none.
func (s *Session) completionTokens(id string) (int64, bool) {
	if u := s.answers[id].Usage; u != nil && u.CompletionTokens != nil {
		return *u.CompletionTokens, true
	}
	return 0, false
}

func (s *Session) promptTokens(id string) (int64, bool) {
	if u := s.answers[id].Usage; u != nil && u.PromptTokens != nil {
		return *u.PromptTokens, true
	}
	return 0, false
}

// steady reports whether the server says the same to the same request at temperature 0 with a seed, and says anything.
func (s *Session) steady() bool {
	return s.allGiven("long", "long.again") && s.text("long") == s.text("long.again") && s.text("long") != ""
}

// seedWorks reports whether one seed gives one text, and others give others.
func (s *Session) seedWorks() bool {
	return s.allGiven("hot.1", "hot.1.again", "hot.1.third") && distinct(s.texts("hot.1", "hot.1.again", "hot.1.third")) < 3 && s.varied()
}

// varied reports whether different seeds gave different texts where they should.
func (s *Session) varied() bool { return distinct(s.given("hot.1", "hot.2", "hot.3")) > 1 }

// given returns the texts of those requests that were answered.
func (s *Session) given(ids ...string) []string {
	var list []string
	for _, id := range ids {
		if s.read(id) == given {
			list = append(list, s.text(id))
		}
	}
	return list
}

// distinct counts how many different texts there are.
func distinct(texts []string) int {
	sorted := slices.Sorted(slices.Values(texts))
	return len(slices.Compact(sorted))
}

// repetitive reports whether a text is one piece again and again, at least three times, the last of which may be cut.
func repetitive(text string) bool {
	text = strings.TrimSpace(text)
	for size := 1; size*3 <= len(text); size++ {
		if period(text, size) {
			return true
		}
	}
	return false
}

// period reports whether each byte is the same as the one a number of places before it.
func period(text string, size int) bool {
	for i := size; i < len(text); i++ {
		if text[i] != text[i-size] {
			return false
		}
	}
	return true
}

// returns reports whether a word of a text comes twice.
func returns(text string) bool {
	words := strings.FieldsFunc(text, unicode.IsSpace)
	return distinct(words) < len(words) || repetitive(text)
}

// biasShows reports whether a token with a bias of 100 is seen to come again and again, or to have ended the text.
func (s *Session) biasShows(id string) bool {
	text := s.text(id)
	return repetitive(text) || strings.TrimSpace(text) == "" && s.text("long") != "" || s.steady() && text != s.text("long")
}

// biasWorks reports whether a bias has been seen to work.
func (s *Session) biasWorks() bool {
	return s.read("bias") == given && s.biasShows("bias") || s.read("bias.other") == given && s.biasShows("bias.other")
}

// penaltyShows reports whether a penalty has changed a text that would have been the same without it.
func (s *Session) penaltyShows(field string) bool {
	if s.read(field) != given {
		return false
	}
	control := "biased"
	if s.read("biased") != given {
		return s.steady() && !strings.HasPrefix(s.text("long"), s.text(field))
	}
	if repetitive(s.text(control)) && !repetitive(s.text(field)) {
		return true
	}
	return s.steady() && s.text(control) != s.text(field)
}
