package probe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/answer"
)

// taken judges a request that says all by being answered.
func taken(reason string) func(*Session) (Verdict, string) {
	return func(*Session) (Verdict, string) { return Honoured, reason }
}

// takenOnly judges a value whose effect does not show.
func takenOnly(*Session) (Verdict, string) {
	return Unknown, "it is taken; whether it is lowered does not show"
}

func judgePrompts2(s *Session) (Verdict, string) { return countChoices(s, "prompts.tokens", 2) }

func judgeTokenPrompt(s *Session) (Verdict, string) {
	// A tokenizer may put a token for the beginning in front.
	if n, ok := s.promptTokens("prompt.tokens"); ok && n != 3 && n != 4 {
		return Changed, fmt.Sprintf("three ids were counted as %d tokens", n)
	}
	return Honoured, "three ids were completed"
}

func judgeHotter(s *Session) (Verdict, string) {
	if s.read("hotter.1") == refused {
		return Changed, "2.1 is taken, 9 is refused" + saying(s.answers["hotter.1"])
	}
	far, two := s.given("hotter.1", "hotter.2", "hotter.3"), s.given(hots...)
	switch {
	case len(far) < 3 || len(two) < 3 || !s.seedWorks():
		return Unknown, "it is taken; whether it is lowered does not show"
	case far[0] == two[0] && far[1] == two[1] && far[2] == two[2]:
		return Changed, "9 gives the same texts as 2 with the same seeds: it was lowered"
	}
	return Honoured, "9 gives other texts than 2 with the same seeds"
}

func judgeTopPZero(s *Session) (Verdict, string) {
	got := s.text("top_p.0")
	if verdict, _ := judgeTopP(s); s.read("top_p.1") == given && verdict != Honoured {
		return verdict, "top_p does nothing that shows"
	}
	switch {
	case s.read("top_p.1") != given || s.read("hot.1") != given || s.text("top_p.1") == s.text("hot.1"):
		return Unknown, "there is nothing to compare it with"
	case got == s.text("top_p.1"):
		return Honoured, "0 gives the same text as 0.01"
	case got == s.text("hot.1"):
		return Changed, "0 gives the same text as 1"
	}
	return Unknown, "0 gives neither the text of 0.01 nor that of 1"
}

func judgeTopPAbove(s *Session) (Verdict, string) {
	if s.seedWorks() && s.text("top_p.1.1") == s.text("hot.1") {
		return Changed, "1.1 gives the same text as 1: it was lowered"
	}
	return Unknown, "it is taken; what it does does not show"
}

func judgeWideSeed(s *Session) (Verdict, string) {
	for _, id := range []string{"seed.53", "seed.53.next"} {
		if s.read(id) == refused {
			return Refused, "a seed of 54 bits is refused" + saying(s.answers[id])
		}
	}
	if verdict, _ := judgeSeed(s); verdict != Honoured {
		return verdict, "seeds do not decide the text"
	}
	switch {
	case !s.allGiven("seed.53", "seed.53.next"):
		return Unknown, "not enough was answered to compare"
	case s.text("seed.32") == s.text("hot.1"):
		return Changed, "only the lower 32 bits count"
	case s.text("seed.53") == s.text("seed.53.next"):
		return Changed, "seeds beyond 53 bits are rounded"
	}
	return Honoured, "all 64 bits count"
}

func judgeMinusSeed(s *Session) (Verdict, string) {
	if verdict, _ := judgeSeed(s); verdict != Honoured {
		return verdict, "seeds do not decide the text"
	}
	switch {
	case s.read("seed.minus.again") != given:
		return Unknown, "it was not answered twice"
	case s.text("seed.minus") == s.text("seed.minus.again"):
		return Honoured, "a seed below 0 gives one text"
	}
	return Changed, "a seed below 0 gave two texts, as if there were none"
}

func judgeNoChoices(s *Session) (Verdict, string) {
	if n := s.choices("n.0"); n > 0 {
		return Changed, fmt.Sprintf("%d came all the same", n)
	}
	return Honoured, "no choice came"
}

func judgeLogprobsZero(s *Session) (Verdict, string) {
	switch {
	case len(s.tokens("logprobs.0")) == 0:
		return Ignored, "no log probabilities came"
	case s.most("logprobs.0") > 1:
		return Changed, fmt.Sprintf("%d alternatives came", s.most("logprobs.0"))
	}
	return Honoured, "each token came with its own log probability"
}

// alternatives judges how many alternatives come where a number is asked for.
func alternatives(id string, want int) func(*Session) (Verdict, string) {
	return func(s *Session) (Verdict, string) {
		switch n := s.most(id); {
		case len(s.tokens(id)) == 0:
			return Ignored, "no log probabilities came"
		case n < want:
			return Changed, fmt.Sprintf("at most %d came", n)
		}
		return Honoured, "as many came"
	}
}

func judgeFiveStops(s *Session) (Verdict, string) {
	stop := s.stopText()
	switch verdict, _ := judgeStop(s); {
	case verdict != Honoured:
		return verdict, "a single stop text does not end the text"
	case s.text("stop.5") == s.text("stop"):
		return Honoured, "the fifth text ends the completion"
	case strings.Contains(s.text("stop.5"), stop):
		return Changed, "the fifth text was left out"
	}
	return Unknown, "the text is another one"
}

func judgeEmptyStop(s *Session) (Verdict, string) {
	switch {
	case s.text("stop.empty") == "":
		return Changed, "an empty stop text ends the completion at once"
	case s.steady() && s.text("stop.empty") == s.text("long"):
		return Ignored, "an empty stop text stops nothing"
	case len(s.text("stop.empty"))*2 > len(s.text("long")):
		return Ignored, "an empty stop text did not end the completion"
	}
	return Unknown, "the text is another one"
}

func judgeNoTokens(s *Session) (Verdict, string) {
	if s.text("limit.0") == "" {
		return Honoured, "an empty text came"
	}
	return Changed, "a text came all the same"
}

func judgeBestOfBelow(s *Session) (Verdict, string) {
	if s.choices("best_of.below") == 2 {
		return Ignored, "two choices came: best_of gave way"
	}
	return Changed, fmt.Sprintf("%d came of two choices", s.choices("best_of.below"))
}

func judgeBestOfStream(s *Session) (Verdict, string) {
	verdict, _ := judgeBestOf(s)
	switch {
	case s.read("best_of.1") == given && verdict == Ignored:
		return Ignored, "best_of does nothing, with a stream as without"
	case !s.answers["best_of.stream"].Streamed:
		return Changed, "the answer came in one piece"
	}
	return Honoured, "both are taken together"
}

func judgeUsageWhole(*Session) (Verdict, string) {
	return Ignored, "the options are taken and mean nothing"
}

func judgeGreedyChoices(s *Session) (Verdict, string) { return countChoices(s, "n.greedy", 2) }

func judgeEchoLogprobs(s *Session) (Verdict, string) {
	switch tokens := s.tokens("echo.logprobs"); {
	case len(tokens) == 0:
		return Ignored, "no log probabilities came"
	case len(tokens) > short+2 && s.promptScored("echo.logprobs"):
		return Honoured, "the prompt's tokens came with log probabilities"
	case len(tokens) > short+2:
		return Changed, "the prompt's tokens came without log probabilities"
	}
	return Changed, "only the completion's tokens came with log probabilities"
}

// promptScored reports whether the second or third token, which are the prompt's where it is echoed, has a log probability.
func (s *Session) promptScored(id string) bool {
	return slices.ContainsFunc(s.tokens(id)[1:3], func(t answer.Token) bool { return t.Logprob != nil })
}

func judgeScore(s *Session) (Verdict, string) {
	switch score, err := answer.ScoreOf(prompt, 0, s.answers["echo.score"]); {
	case len(s.tokens("echo.score")) == 0:
		return Ignored, "no log probabilities came"
	case err != nil:
		return Changed, "the answer is no score of the prompt: " + err.Error()
	case score.Made > 0:
		return Changed, "more than the prompt came back"
	}
	return Honoured, "the prompt came back alone, each token with its log probability"
}

func judgeEchoSuffix(s *Session) (Verdict, string) {
	if s.echoes("echo.suffix") {
		return Honoured, "the text begins with the prompt"
	}
	return Ignored, "the text does not begin with the prompt"
}
