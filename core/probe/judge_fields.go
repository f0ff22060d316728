package probe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/answer"
)

func judgeModel(s *Session) (Verdict, string) {
	switch s.read("model") {
	case refused:
		return Honoured, "a model that there is not is refused" + saying(s.answers["model"])
	case given:
		return Ignored, "a model that there is not was answered all the same"
	}
	return Unknown, "a model that there is not was not answered"
}

func judgePrompts(s *Session) (Verdict, string) { return countChoices(s, "prompts", 2) }

// countChoices judges by the number of choices; a single one is what comes without the field.
func countChoices(s *Session, id string, want int) (Verdict, string) {
	switch got := s.choices(id); got {
	case want:
		return Honoured, fmt.Sprintf("%d choices came, as asked", got)
	case 1:
		return Ignored, fmt.Sprintf("one choice came, %d were asked for", want)
	default:
		return Changed, fmt.Sprintf("%d choices came, %d were asked for", got, want)
	}
}

func judgeSuffix(s *Session) (Verdict, string) {
	with, ok := s.promptTokens("suffix")
	without, ok2 := s.promptTokens("long")
	switch {
	case ok && ok2 && with > without:
		return Honoured, fmt.Sprintf("the suffix counts: %d tokens of the prompt became %d", without, with)
	case !s.steady():
		return Unknown, "the text changes by itself, so the suffix cannot be seen in it"
	case s.text("suffix") != s.text("long"):
		return Honoured, "the likeliest text changed with the suffix"
	}
	return Ignored, "the likeliest text is the same with a suffix as without"
}

func judgeEcho(s *Session) (Verdict, string) {
	switch {
	case s.echoes("echo"):
		return Honoured, "the text begins with the prompt"
	case s.notes("echo", "echo-apart"):
		return Changed, "the prompt came back apart from the text"
	case strings.Contains(s.text("echo"), prompt):
		return Changed, "the prompt stands in the text, but not at its beginning"
	}
	return Ignored, "the text does not begin with the prompt"
}

// echoes reports whether a text begins with the prompt.
func (s *Session) echoes(id string) bool {
	begun, _ := answer.Begins(s.text(id), prompt)
	return begun
}

func judgeLimit(s *Session) (Verdict, string) {
	got, ok := s.completionTokens("limit")
	most := int64(1)
	if !ok && len(s.tokens("logprobs.1")) > 0 {
		got, most, ok = int64(len(s.tokens("logprobs.1"))), short, true
	}
	if !ok {
		if one, more := len(s.text("limit")), len(s.text("long")); more > 0 && one*2 <= more {
			return Honoured, "a limit of 1 gave less than half of the text that a limit of 16 gave"
		}
		return Unknown, "the server counts no tokens, and the texts do not tell"
	}
	without, counted := s.completionTokens("long")
	switch {
	case got <= most:
		return Honoured, fmt.Sprintf("%d of at most %d tokens came", got, most)
	case most == 1 && counted && got >= without:
		return Ignored, fmt.Sprintf("%d tokens came with a limit of 1, %d with a limit of %d", got, without, long)
	}
	return Changed, fmt.Sprintf("%d tokens came, at most %d were asked for", got, most)
}

func judgeStop(s *Session) (Verdict, string) {
	stop, full, got := s.stopText(), s.text("long"), s.text("stop")
	before := full[:max(strings.Index(full, stop), 0)]
	switch {
	case strings.Contains(got, stop) && strings.HasSuffix(strings.TrimSpace(got), stop) && s.steady() && got != full:
		return Changed, fmt.Sprintf("the text ends with %q instead of before it", stop)
	case strings.Contains(got, stop):
		return Ignored, fmt.Sprintf("the text goes on past %q", stop)
	case !s.steady():
		return Unknown, "the text changes by itself, so it may not have come to the stop text"
	case strings.TrimSpace(got) == strings.TrimSpace(before):
		return Honoured, fmt.Sprintf("the text ends before %q", stop)
	}
	return Unknown, "the text is another one, without the stop text"
}

func judgeTemperature(s *Session) (Verdict, string) {
	if s.read("zero") == refused && s.read("two") == refused && s.read("one.1") == refused {
		return Refused, "0, 1 and 2 are refused" + saying(s.answers["zero"])
	}
	cold, warm, hot := s.given("zero.1", "zero.2", "zero.3"), s.given("one.1", "one.2", "one.3"), s.given(hots...)
	if s.read("zero") != given || s.read("two") != given || len(cold) < 3 || len(hot) < 3 {
		return Unknown, "not enough was answered to compare 0 with 2"
	}
	same := cold[0] == hot[0] && cold[1] == hot[1] && cold[2] == hot[2]
	switch c, h := distinct(cold), distinct(hot); {
	case c == 1 && h == 1 && same:
		return Unknown, "the text is the same at 0 as at 2, whatever the seed: the model may be too sure of it"
	case same:
		return Ignored, "0 and 2 give the same texts with the same seeds"
	case c > 1 && s.seedWorks():
		return Changed, "at 0 the text still changes with the seed"
	case c == 3:
		return Ignored, "at 0 the text changes from draw to draw"
	case c == 2:
		return Unknown, "at 0 the text changes now and then, which servers under load do too"
	case len(warm) == 3 && s.seedWorks() && warm[0] == hot[0] && warm[1] == hot[1] && warm[2] == hot[2]:
		return Changed, "2 gives the same texts as 1 with the same seeds: it was lowered"
	}
	return Honoured, "at 0 the text is always the same, at 2 it is another one"
}

func judgeTopP(s *Session) (Verdict, string) {
	narrow, wide := s.given("top_p.1", "top_p.2", "top_p.3"), s.given(hots...)
	if len(narrow) < 3 || len(wide) < 3 {
		return Unknown, "not enough was answered to compare"
	}
	switch n := distinct(narrow); {
	case distinct(wide) == 1:
		return Unknown, "the text is the same without it, whatever the seed"
	case n == 1:
		return Honoured, "with top_p 0.01 the text is the same, whatever the seed"
	case n == 3, narrow[0] == wide[0] && narrow[1] == wide[1] && narrow[2] == wide[2]:
		return Ignored, "with top_p 0.01 the texts differ as they do without it"
	}
	return Unknown, "with top_p 0.01 two of three texts are the same"
}

func judgePenalty(field string) func(*Session) (Verdict, string) {
	return func(s *Session) (Verdict, string) {
		if s.penaltyShows(field) {
			return Honoured, "what had come before came less often"
		}
		drawn, control := s.texts(field+".warm.1", field+".warm.2"), s.texts("warm.1", "warm.2")
		compared := s.allGiven(field+".warm.1", field+".warm.2", "warm.1", "warm.2") && s.seedWorks()
		hot, _ := judgeTemperature(s)
		switch {
		case compared && (drawn[0] != control[0] || drawn[1] != control[1]):
			return Honoured, "with the same seed, what had come before came more often"
		case s.steady() && s.read("biased") == given && returns(s.text("biased")):
			return Ignored, "the same tokens came again in spite of it"
		case compared && hot == Honoured && (returns(control[0]) || returns(control[1])):
			return Ignored, "neither the likeliest text nor two drawn ones changed"
		}
		return Unknown, "nothing came twice that it could have changed"
	}
}

func judgeBias(s *Session) (Verdict, string) {
	switch {
	case s.biasWorks():
		return Honoured, "a token with a bias of 100 pushed all others out"
	case s.read("bias.other") != given:
		return Unknown, "a second token was not asked for"
	case s.steady():
		return Ignored, "the likeliest text is the same with a bias of 100 on either of two tokens"
	}
	return Ignored, "no token came again and again with a bias of 100 on either of two"
}

func judgeSeed(s *Session) (Verdict, string) {
	if !s.allGiven("hot.1", "hot.1.again", "hot.1.third", "hot.2", "hot.3") {
		return Unknown, "not enough was answered to compare"
	}
	repeats := distinct(s.texts("hot.1", "hot.1.again", "hot.1.third"))
	switch {
	case !s.varied():
		return Unknown, "the text is the same with other seeds too"
	case repeats == 1:
		return Honoured, "one seed gives one text, another seed another"
	case repeats == 2 && distinct(s.texts(hots...)) == 3:
		return Honoured, "one seed gave the same text two times of three, other seeds never: mostly"
	case repeats == 3:
		return Ignored, "one seed gave three different texts"
	}
	return Unknown, "some texts are the same, with one seed and with others"
}

func judgeN(s *Session) (Verdict, string) { return countChoices(s, "n", 2) }

func judgeBestOf(s *Session) (Verdict, string) {
	with, ok := s.completionTokens("best_of.1")
	if ok && with > short {
		return Honoured, fmt.Sprintf("usage counts %d tokens where one candidate has at most %d", with, short)
	}
	best, first := s.given("best_of.1", "best_of.2", "best_of.3"), s.given(hots...)
	if len(best) < 3 || len(first) < 3 || !s.seedWorks() {
		return Unknown, "usage does not count more than one candidate, and without seeds the texts cannot be compared"
	}
	for i := range best {
		if best[i] != first[i] {
			return Honoured, "another candidate than the first was chosen"
		}
	}
	if ok {
		return Ignored, "with three seeds the first candidate came, and no other was counted"
	}
	return Unknown, "with three seeds the first candidate came, which may be chance"
}

func judgeLogprobs(s *Session) (Verdict, string) {
	switch {
	case len(s.tokens("logprobs.1")) == 0:
		return Ignored, "no log probabilities came"
	case s.most("logprobs.1") == 0:
		return Changed, "the tokens came without alternatives"
	case s.read("logprobs.5") == refused:
		return Changed, "one alternative is given, five are refused" + saying(s.answers["logprobs.5"])
	case s.read("logprobs.5") != given:
		return Unknown, "five alternatives were not answered"
	case s.most("logprobs.5") < 5:
		return Changed, fmt.Sprintf("at most %d alternatives came, five were asked for", s.most("logprobs.5"))
	}
	return Honoured, "as many alternatives came as were asked for"
}

func judgeStream(s *Session) (Verdict, string) {
	if s.answers["stream"].Streamed {
		return Honoured, "the answer came as events"
	}
	return Ignored, "the answer came in one piece"
}

func judgeUsage(s *Session) (Verdict, string) {
	switch {
	case s.answers["usage"].Usage == nil:
		return Ignored, "the tokens were not counted"
	case s.read("stream") == given && s.answers["stream"].Usage != nil:
		return Honoured, "the tokens were counted, as they are without it"
	}
	return Honoured, "the tokens were counted"
}

func judgeUser(s *Session) (Verdict, string) {
	switch {
	case s.read("user.number") == refused:
		return Honoured, "the field is read: a number in it is refused"
	case s.read("unknown") == refused:
		return Honoured, "the field is known: others are refused"
	case s.read("user.number") == given:
		return Ignored, "a number is taken too, as in any field that the server does not know"
	}
	return Unknown, "what a number does was not answered"
}

func judgeUnknown(*Session) (Verdict, string) {
	return Ignored, "a field that no server knows was taken"
}

// notes reports whether an answer has a note.
func (s *Session) notes(id, code string) bool { return slices.Contains(s.answers[id].Notes, code) }
