package probe

import (
	"slices"
	"sync"
)

// A Verdict is what a server does with a field, a value or a combination.
type Verdict string

// The verdicts.
const (
	Honoured Verdict = "honoured" // what was asked for was done
	Ignored  Verdict = "ignored"  // it was taken, and nothing came of it
	Changed  Verdict = "changed"  // it was taken, and something else came of it
	Refused  Verdict = "refused"  // the request failed
	Unknown  Verdict = "unknown"  // the answers leave it open, or there are none
	Taken    Verdict = "taken"    // of a server's own field: it is read, and what it does does not show
)

// question is one row of the report.
type question struct {
	field string // of the request; "" for unknown fields
	about string // what of it: "" for the field as such, else a value or a combination, as a short text
	rule  string // the code of the rule across fields that it answers; "" for none
	how   string // for people: how the verdict comes about
	// main is the request that decides: refused, the verdict is refused; without an answer, unknown. "" leaves all to
	// judge. with are the others that judge reads.
	main  string
	with  []string
	judge func(*Session) (Verdict, string)
}

// key names the row.
func (q *question) key() string {
	if q.about == "" {
		return q.field
	}
	return q.field + " " + q.about
}

var hots = []string{"hot.1", "hot.2", "hot.3"}

// questions are in the order of the report's rows. Most programs that link them never probe, so they are made when asked for.
var questions = sync.OnceValue(func() []question { return slices.Concat(fieldQuestions(), valueQuestions(), ruleQuestions()) })

func fieldQuestions() []question {
	return []question{
		{"model", "", "", "A model that there is not: its refusal shows that the name counts.", "", []string{"model"}, judgeModel},
		{"prompt", "", "", "A list of two texts; the choices are counted.", "prompts", nil, judgePrompts},
		{"suffix", "", "", "The likeliest text with and without it, and the count of the prompt's tokens.", "suffix", []string{"long", "long.again"}, judgeSuffix},
		{"echo", "", "", "The text has to begin with the prompt.", "echo", nil, judgeEcho},
		{"max_tokens", "", "", "A limit of 1: the tokens are counted by usage, by log probabilities, or by the length of the text.", "limit", []string{"plain", "logprobs.1", "long"}, judgeLimit},
		{"stop", "", "", "A word that the model has just said is made the stop text; the text has to end before it.", "stop", []string{"long", "long.again"}, judgeStop},
		{"temperature", "", "", "0, 1 and 2 with three seeds each: at 0 all texts are the same, at 2 they differ, and differ from those at 1.", "", []string{"zero", "two", "zero.1", "zero.2", "zero.3", "one.1", "one.2", "one.3", "hot.1", "hot.2", "hot.3"}, judgeTemperature},
		{"top_p", "", "", "0.01 at the highest temperature with three seeds: all texts are the same.", "top_p.1", []string{"top_p.2", "top_p.3", "hot.1", "hot.2", "hot.3"}, judgeTopP},
		{"frequency_penalty", "", "", "2 where biases let twenty tokens compete, at temperature 0; else −2 in drawn texts with one seed. Either has to change the text.", "frequency_penalty", penaltyEvidence("frequency_penalty"), judgePenalty("frequency_penalty")},
		{"presence_penalty", "", "", "The same way as frequency_penalty.", "presence_penalty", penaltyEvidence("presence_penalty"), judgePenalty("presence_penalty")},
		{"logit_bias", "", "", "A bias of 100 on some token, and on another one if the first shows nothing: the token comes again and again, whatever it is.", "bias", []string{"bias.other", "long", "long.again"}, judgeBias},
		{"seed", "", "", "One seed three times and two others, at the highest temperature: same seed, same text.", "seeded", []string{"hot.1", "hot.1.again", "hot.1.third", "hot.2", "hot.3"}, judgeSeed},
		{"n", "", "", "Two choices are asked for and counted.", "n", nil, judgeN},
		{"best_of", "", "", "The best of four: usage counts all candidates, or the text differs from the first of them under the same seed.", "best_of.1", []string{"best_of.2", "best_of.3", "hot.1", "hot.2", "hot.3"}, judgeBestOf},
		{"logprobs", "", "", "One and five alternatives are asked for and counted.", "logprobs.1", []string{"logprobs.5"}, judgeLogprobs},
		{"stream", "", "", "The answer has to come as events.", "stream", nil, judgeStream},
		{"stream_options", "", "", "include_usage: the stream has to count the tokens.", "usage", []string{"stream"}, judgeUsage},
		{"user", "", "", "A text and a number: a number is refused by those who read the field, and an unknown field by those who know all fields.", "user", []string{"user.number", "unknown"}, judgeUser},
		{"", "", "", "A field zz_unknown.", "unknown", nil, judgeUnknown},
	}
}

func penaltyEvidence(field string) []string {
	return []string{"biased", "long", "long.again", field + ".warm.1", field + ".warm.2", "warm.1", "warm.2"}
}

func valueQuestions() []question {
	return []question{
		{"prompt", "as token ids", "", "Three ids, which usage has to count as three or four tokens.", "prompt.tokens", nil, judgeTokenPrompt},
		{"prompt", "as lists of token ids", "", "Two lists; the choices are counted.", "prompts.tokens", nil, judgePrompts2},
		{"prompt", "empty", "empty-prompt", "An empty text.", "prompt.empty", nil, taken("an empty prompt is completed")},
		{"temperature", "0", "", "Whether 0 is taken.", "zero", nil, taken("0 is taken")},
		{"temperature", "above 2", "", "2.1; if that is taken, 9 with three seeds is compared with 2.", "temperature.2.1", []string{"hotter.1", "hotter.2", "hotter.3", "hot.1", "hot.2", "hot.3"}, judgeHotter},
		{"top_p", "0", "", "0 at the highest temperature: the likeliest text, or that of top_p 1.", "top_p.0", []string{"top_p.1", "hot.1"}, judgeTopPZero},
		{"top_p", "above 1", "", "1.1 at the highest temperature, compared with 1.", "top_p.1.1", []string{"hot.1"}, judgeTopPAbove},
		{"frequency_penalty", "above 2", "", "2.1; taken, its effect cannot be told from that of 2.", "frequency_penalty.2.1", nil, takenOnly},
		{"presence_penalty", "above 2", "", "2.1; taken, its effect cannot be told from that of 2.", "presence_penalty.2.1", nil, takenOnly},
		{"logit_bias", "above 100", "", "101; taken, its effect cannot be told from that of 100.", "logit_bias.101", nil, takenOnly},
		{"seed", "beyond 32 bits", "wide-seed", "Seeds with the same lower 32 bits, and neighbours beyond 53 bits, have to give different texts.", "seed.32", []string{"hot.1", "seed.53", "seed.53.next"}, judgeWideSeed},
		{"seed", "below 0", "wide-seed", "One twice: it has to give the same text.", "seed.minus", []string{"seed.minus.again"}, judgeMinusSeed},
		{"n", "0", "", "No choices; what comes is counted.", "n.0", nil, judgeNoChoices},
		{"logprobs", "0", "logprobs-zero", "The tokens have to come with their own log probability.", "logprobs.0", nil, judgeLogprobsZero},
		{"logprobs", "21", "", "21 alternatives are counted.", "logprobs.21", nil, alternatives("logprobs.21", 21)},
		{"logprobs", "6", "", "Six alternatives are counted.", "logprobs.6", nil, alternatives("logprobs.6", 6)},
		{"stop", "five texts", "", "The last of five is known to come.", "stop.5", []string{"stop", "long"}, judgeFiveStops},
		{"stop", "empty", "empty-stop", "An empty text among the stop texts: the likeliest text is compared with that without.", "stop.empty", []string{"long", "long.again"}, judgeEmptyStop},
		{"max_tokens", "0", "no-tokens", "The text has to be empty.", "limit.0", nil, judgeNoTokens},
	}
}

func ruleQuestions() []question {
	return []question{
		{"best_of", "below n", "best-of-below-n", "best_of 1 with n 2; the choices are counted.", "best_of.below", nil, judgeBestOfBelow},
		{"best_of", "with stream", "best-of-with-stream", "best_of 2 as a stream.", "best_of.stream", []string{"best_of.1"}, judgeBestOfStream},
		{"stream_options", "without stream", "stream-options-without-stream", "The options without a stream.", "usage.whole", nil, judgeUsageWhole},
		{"n", "at temperature 0", "greedy-choices", "Two choices at temperature 0 are counted.", "n.greedy", nil, judgeGreedyChoices},
		{"echo", "with logprobs", "echo-with-logprobs", "The tokens of the prompt have to be among those with log probabilities.", "echo.logprobs", []string{"echo"}, judgeEchoLogprobs},
		{"echo", "with logprobs and max_tokens 0", "", "The tokens of the prompt, and nothing else: what scoring a text needs.", "echo.score", []string{"echo.logprobs"}, judgeScore},
		{"echo", "with suffix", "echo-with-suffix", "The text has to begin with the prompt.", "echo.suffix", []string{"echo"}, judgeEchoSuffix},
	}
}
