package answer_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/answer"
	"github.com/completion-playground/playground/schema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ptr[T any](v T) *T { return &v }

// token is a token with a log probability and its alternatives, each a tenth less likely than the one before.
func token(text string, logprob float64, others ...string) answer.Token {
	t := answer.Token{Text: text, Logprob: &logprob}
	for i, other := range others {
		t.Top = append(t.Top, answer.Candidate{Text: other, Logprob: logprob - float64(i)/10})
	}
	return t
}

// whole is a complete answer with these texts.
func whole(texts ...string) answer.Answer {
	a := answer.Answer{Status: 200, Complete: true, Model: "m"}
	for i, text := range texts {
		a.Choices = append(a.Choices, answer.Choice{Index: i, Text: text, Finish: "stop"})
	}
	return a
}

func with(a answer.Answer, change func(*answer.Answer)) answer.Answer {
	change(&a)
	return a
}

func tokens(a answer.Answer, list ...answer.Token) answer.Answer {
	return with(a, func(a *answer.Answer) { a.Choices[0].Tokens = list })
}

func finished(a answer.Answer, reason string) answer.Answer {
	return with(a, func(a *answer.Answer) { a.Choices[0].Finish = reason })
}

func used(a answer.Answer, prompt, completion int64) answer.Answer {
	return with(a, func(a *answer.Answer) {
		a.Usage = &answer.Usage{PromptTokens: &prompt, CompletionTokens: &completion}
	})
}

func noted(a answer.Answer, notes ...string) answer.Answer {
	return with(a, func(a *answer.Answer) { a.Notes = notes })
}

func unfinished(a answer.Answer) answer.Answer {
	return with(a, func(a *answer.Answer) { a.Complete = false; a.Choices[0].Finish = "" })
}

func named(model string) answer.Answer {
	return with(whole("x"), func(a *answer.Answer) { a.Model = model })
}

func codes(found []answer.Difference) (codes []string) {
	for _, d := range found {
		codes = append(codes, d.Code)
	}
	return codes
}

var differences = []struct {
	about, request string
	answer         answer.Answer
	code           string // "" where nothing may be said
	message        string // a part of it
}{
	{"a choice for each prompt and n", `{"prompt":["a","b"],"n":2}`, whole("1", "2", "3"), "choices-missing", "4 choices were asked for and 3 came"},
	{"enough of them", `{"prompt":["a","b"],"n":2}`, whole("1", "2", "3", "4"), "", ""},
	{"a list of token ids is one prompt", `{"prompt":[1,2,3]}`, whole("1"), "", ""},
	{"a list of lists is several", `{"prompt":[[1],[2]]}`, whole("1"), "choices-missing", "2 choices were asked for and 1 came"},
	{"a list with a number is one", `{"prompt":["a",1,"b"]}`, whole("1"), "", ""},
	{"of a part nothing is missing", `{"prompt":["a"],"n":2}`, unfinished(whole("1")), "", ""},
	{"a prompt of another kind is not counted", `{"prompt":{"prompt_string":"a"}}`, whole("1", "2"), "", ""},
	{"nor embeddings in its place", `{"prompt_embeds":"AAAA"}`, whole("1", "2"), "", ""},
	{"n as a text is not counted", `{"prompt":["a"],"n":"3"}`, whole("1"), "", ""},
	{"n_cmpl counts on llama.cpp", `{"prompt":["a"],"n_cmpl":2}`, whole("1", "2"), "", ""},
	{"none", `{"prompt":["a"]}`, whole(), "no-text", "sent no text"},
	{"too many", `{"prompt":["a"]}`, whole("1", "2"), "choices-extra", "2 choices came; the request asks for 1"},
	{"n: null is one", `{"prompt":["a"],"n":null}`, whole("1"), "", ""},

	{"no log probabilities", `{"prompt":"a","logprobs":0}`, whole("x"), "logprobs-missing", "for 0 of 1 choice"},
	{"log probabilities that are all null", `{"prompt":"a","logprobs":0}`, tokens(whole("xy"), answer.Token{Text: "x"}, answer.Token{Text: "y"}), "logprobs-missing", ""},
	{"there they are", `{"prompt":"a","logprobs":0}`, tokens(whole("x"), token("x", -1)), "", ""},
	{"true asks for them", `{"prompt":"a","logprobs":true}`, whole("x"), "logprobs-missing", ""},
	{"false does not", `{"prompt":"a","logprobs":false}`, whole("x"), "", ""},
	{"null does not", `{"prompt":"a","logprobs":null}`, whole("x"), "", ""},
	{"without a text there are none", `{"prompt":"a","logprobs":1}`, whole(""), "", ""},
	{"they may still come", `{"prompt":"a","logprobs":1}`, unfinished(whole("x")), "", ""},
	{"they came and could not be read", `{"prompt":"a","logprobs":1}`, noted(whole("x"), "token-skipped"), "", ""},
	{"an echoed token alone has none", `{"prompt":"a","logprobs":1,"echo":true,"max_tokens":0}`, tokens(whole("a"), answer.Token{Text: "a"}), "", ""},

	{"fewer alternatives everywhere", `{"prompt":"a","logprobs":3}`, tokens(whole("x"), token("x", -1, "x", "y")), "alternatives-fewer", "3 alternatives were asked for beside each token; at most 2 came"},
	{"fewer at one place", `{"prompt":"a","logprobs":2}`, tokens(whole("xy"), token("x", -1, "x"), token("y", -1, "y", "z")), "", ""},
	{"none at all", `{"prompt":"a","logprobs":1}`, tokens(whole("x"), token("x", -1)), "alternatives-fewer", "at most 0 came"},
	{"the chosen one beside them", `{"prompt":"a","logprobs":1}`, tokens(whole("x"), token("x", -1, "y", "x")), "", ""},
	{"more alternatives", `{"prompt":"a","logprobs":1}`, tokens(whole("x"), token("x", -1, "x", "y", "z")), "alternatives-more", "up to 3 came"},
	{"a part with more", `{"prompt":"a","logprobs":1}`, unfinished(tokens(whole("x"), token("x", -1, "x", "y", "z"))), "alternatives-more", ""},
	{"unreadable ones were left out", `{"prompt":"a","logprobs":3}`, noted(tokens(whole("x"), token("x", -1, "x")), "logprob-unreadable"), "", ""},
	{"what was sampled from may be less", `{"prompt":"a","logprobs":3,"post_sampling_probs":true}`, tokens(whole("x"), token("x", -1, "x")), "", ""},

	{"no echo", `{"prompt":"Once upon","echo":true}`, whole(" a time"), "echo-missing", "in 0 of 1 choice"},
	{"no echo in one of two", `{"prompt":["Once","Twice"],"echo":true}`, whole("Once more", "more"), "echo-missing", "in 1 of 2 choices"},
	{"an echo", `{"prompt":"Once upon","echo":true}`, whole("Once upon a time"), "", ""},
	{"an echo with other white space", `{"prompt":"Once  upon ,\n","echo":true}`, whole(" Once upon, a time"), "", ""},
	{"an echo behind a mark", `{"prompt":"Once upon","echo":true}`, whole("<s> Once upon a time"), "", ""},
	{"token ids cannot be looked for", `{"prompt":[[1,2]],"echo":true}`, whole("more"), "", ""},
	{"a cut prompt neither", `{"prompt":"Once upon","echo":true,"truncate_prompt_tokens":1}`, whole(" upon a"), "", ""},
	{"an echo that has only begun", `{"prompt":"Once upon a time in the west","echo":true}`, unfinished(whole("Once up")), "", ""},
	{"a prompt without anything to see", `{"prompt":" ","echo":true}`, whole("more"), "", ""},
	{"echo: false", `{"prompt":"Once","echo":false}`, whole("more"), "", ""},
	{"an echo apart", `{"prompt":"Once","echo":true}`, noted(whole("more"), "echo-apart"), "echo-apart", "apart from the choices"},

	{"more tokens", `{"prompt":"a","max_tokens":1}`, tokens(whole("xy"), token("x", -1), token("y", -1)), "tokens-over", "2 tokens came; the request allows 1"},
	{"a part with more tokens", `{"prompt":"a","max_tokens":1}`, unfinished(tokens(whole("xy"), token("x", -1), token("y", -1))), "tokens-over", ""},
	{"as many", `{"prompt":"a","max_tokens":2}`, tokens(whole("xy"), token("x", -1), token("y", -1)), "", ""},
	{"the echo's do not count", `{"prompt":"ab","max_tokens":1,"echo":true}`, tokens(whole("abx"), answer.Token{Text: "a"}, token("b", -1), token("x", -1)), "", ""},
	{"behind it they do", `{"prompt":"ab","max_tokens":1,"echo":true}`, tokens(whole("abxy"), answer.Token{Text: "ab"}, token("x", -1), token("y", -1)), "tokens-over", "2 tokens came"},
	{"an echo spelled otherwise is not counted", `{"prompt":"ab","max_tokens":1,"echo":true}`, tokens(whole("abxy"), token("token_id:1", -1), token("token_id:2", -1)), "", ""},
	{"counted by the server", `{"prompt":["a","b"],"n":2,"max_tokens":5}`, used(whole("1", "2", "3", "4"), 2, 21), "tokens-over", "21 tokens came; the request allows 20"},
	{"as many for each choice", `{"prompt":["a","b"],"n":2,"max_tokens":5}`, used(whole("1", "2", "3", "4"), 2, 20), "", ""},
	{"candidates count", `{"prompt":"a","best_of":3,"max_tokens":5}`, used(whole("1"), 2, 15), "", ""},
	{"an echo may be counted", `{"prompt":"abc","echo":true,"max_tokens":5}`, used(whole("abc1"), 3, 8), "", ""},
	{"no tokens asked for", `{"prompt":"a","max_tokens":0}`, used(whole("x"), 1, 1), "tokens-over", "allows 0"},
	{"-1 is no bound", `{"prompt":"a","max_tokens":-1}`, used(whole("x"), 1, 99), "", ""},
	{"n_predict counts instead", `{"prompt":"a","max_tokens":1,"n_predict":9}`, used(whole("x"), 1, 9), "", ""},

	{"length before its time", `{"prompt":"a","max_tokens":9}`, used(finished(whole("x"), "length"), 1, 4), "length-early", "after 4 tokens, where 9 were allowed"},
	{"by the tokens that came", `{"prompt":"a","max_tokens":9}`, finished(tokens(whole("xy"), token("x", -1), token("y", -1)), "MAX_TOKENS"), "length-early", "after 2 tokens"},
	{"tokens that are not the whole text", `{"prompt":"a","max_tokens":9}`, finished(tokens(whole("xyz"), token("x", -1), token("y", -1)), "length"), "", ""},
	{"length in time", `{"prompt":"a","max_tokens":9}`, used(finished(whole("x"), "length"), 1, 9), "", ""},
	{"the mark for the end may not count", `{"prompt":"a","max_tokens":9}`, used(finished(whole("x"), "length"), 1, 8), "", ""},
	{"stopped earlier", `{"prompt":"a","max_tokens":9}`, used(whole("x"), 1, 2), "", ""},
	{"a count of several choices", `{"prompt":"a","n":2,"max_tokens":9}`, used(finished(whole("x", "y"), "length"), 1, 11), "", ""},
	{"no bound asked for", `{"prompt":"a"}`, used(finished(whole("x"), "length"), 1, 4), "", ""},

	{"text behind the stop text", `{"prompt":"a","stop":["\n\n","END"]}`, whole("one END two"), "stop-passed", `the stop text "END"`},
	{"a lone stop text", `{"prompt":"a","stop":"END"}`, unfinished(whole("one END two")), "stop-passed", ""},
	{"the stop text at the end", `{"prompt":"a","stop":["\n"]}`, whole("one\n"), "stop-kept", `the stop text "\n"`},
	{"kept as was asked", `{"prompt":"a","stop":["\n"],"include_stop_str_in_output":true}`, whole("one\n"), "", ""},
	{"not in it", `{"prompt":"a","stop":["\n",""]}`, whole("one"), "", ""},
	{"in the prompt", `{"prompt":"a\nb","echo":true,"stop":["\n"]}`, whole("a\nbc"), "", ""},
	{"in the prompt, spelled otherwise", `{"prompt":"a \nb","echo":true,"stop":["\n"]}`, whole("a\nbc"), "", ""},
	{"behind the prompt", `{"prompt":"a\nb","echo":true,"stop":["\n"]}`, whole("a\nbc\nd"), "stop-passed", ""},
	{"not before min_tokens", `{"prompt":"a","stop":["\n"],"min_tokens":5}`, whole("one\ntwo"), "", ""},

	{"no counts in a stream", `{"prompt":"a","stream":true,"stream_options":{"include_usage":true}}`, whole("x"), "usage-missing", "did not come"},
	{"counts", `{"prompt":"a","stream":true,"stream_options":{"include_usage":true}}`, used(whole("x"), 1, 1), "", ""},
	{"counts that broke off", `{"prompt":"a","stream":true,"stream_options":{"include_usage":true}}`, noted(whole("x"), "broke-after-end"), "", ""},
	{"counts not asked for", `{"prompt":"a","stream":true}`, whole("x"), "", ""},
	{"counts that may still come", `{"prompt":"a","stream":true,"stream_options":{"include_usage":true}}`, unfinished(whole("x")), "", ""},

	{"another model", `{"model":"gpt-x","prompt":"a"}`, named("llama"), "model-other", `"gpt-x" was asked for and the server says that "llama" has answered`},
	{"the same model", `{"model":"llama","prompt":"a"}`, named("llama"), "", ""},
	{"a snapshot", `{"model":"gpt-3.5-turbo-instruct","prompt":"a"}`, named("gpt-3.5-turbo-instruct-0914"), "model-named", "may well be the same"},
	{"without its maker", `{"model":"meta/Llama-3","prompt":"a"}`, named("llama-3:latest"), "model-named", ""},
	{"a file", `{"model":"q","prompt":"a"}`, named("/models/Q.gguf"), "model-named", ""},
	{"whatever there is", `{"model":"tgi","prompt":"a"}`, named("meta/Llama-3"), "model-named", ""},
	{"a longer word is another", `{"model":"llama","prompt":"a"}`, named("llamalike"), "model-other", ""},
	{"no name", `{"model":"llama","prompt":"a"}`, named(""), "", ""},

	{"no reason", `{"prompt":"a"}`, finished(whole("x"), ""), "reason-missing", "no finish reason"},
	{"done without a reason", `{"prompt":"a"}`, noted(finished(whole("x"), ""), "done-without-reason"), "done-without-reason", "declared the answer done"},
	{"a reason may still come", `{"prompt":"a"}`, unfinished(whole("x")), "", ""},

	{"a stream in one piece", `{"prompt":"a","stream":true}`, noted(whole("x"), "one-piece"), "one-piece", "in one piece"},
	{"a stream that nobody asked for", `{"prompt":"a"}`, noted(whole("x"), "stream-unasked"), "stream-unasked", "none was asked for"},

	{"a suffix that was not read", `{"prompt":"a","suffix":"` + strings.Repeat("word ", 40) + `"}`, used(whole("x"), 1, 3), "suffix-unread", "counts 1 token for"},
	{"a suffix that was", `{"prompt":"a","suffix":"` + strings.Repeat("word ", 40) + `"}`, used(whole("x"), 41, 3), "", ""},
	{"a short suffix does not show", `{"prompt":"a","suffix":"the end"}`, used(whole("x"), 1, 3), "", ""},

	{"temperature 0 and another token", `{"prompt":"a","temperature":0,"logprobs":1}`, tokens(whole("x"), token("x", -3, "x"), answer.Token{Text: "y", Logprob: ptr(-2.0), Top: []answer.Candidate{{Text: "z", Logprob: -0.5}}}), "not-greedy", `"y" was taken where "z" is likelier`},
	{"nearly as likely", `{"prompt":"a","temperature":0,"logprobs":1}`, tokens(whole("y"), answer.Token{Text: "y", Logprob: ptr(-0.55), Top: []answer.Candidate{{Text: "z", Logprob: -0.5}}}), "", ""},
	{"a penalty", `{"prompt":"a","temperature":0,"presence_penalty":1,"logprobs":1}`, tokens(whole("y"), answer.Token{Text: "y", Logprob: ptr(-2.0), Top: []answer.Candidate{{Text: "z", Logprob: -0.5}}}), "", ""},
	{"another sampler", `{"prompt":"a","temperature":0,"xtc_probability":1,"logprobs":1}`, tokens(whole("y"), answer.Token{Text: "y", Logprob: ptr(-2.0), Top: []answer.Candidate{{Text: "z", Logprob: -0.5}}}), "", ""},
	{"warmer", `{"prompt":"a","temperature":1,"logprobs":1}`, tokens(whole("y"), answer.Token{Text: "y", Logprob: ptr(-2.0), Top: []answer.Candidate{{Text: "z", Logprob: -0.5}}}), "", ""},
	{"the prompt is not drawn", `{"prompt":"y","temperature":0,"logprobs":1,"echo":true,"max_tokens":0}`, tokens(whole("y"), answer.Token{Text: "y", Logprob: ptr(-2.0), Top: []answer.Candidate{{Text: "z", Logprob: -0.5}}}), "", ""},

	{"a refusal", `{"prompt":"a","n":3,"echo":true}`, answer.Answer{Status: 400, Error: "no"}, "", ""},
	{"no response", `{"prompt":"a","n":3}`, answer.Answer{Error: "no connection"}, "", ""},
	{"no request", `[`, whole("x"), "", ""},
}

func TestCompare(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range differences {
		found := answer.Compare([]byte(c.request), nil, c.answer)
		if c.code == "" {
			assert.Empty(t, found, c.about)
			continue
		}
		require.Equal(t, []string{c.code}, codes(found), c.about)
		assert.Contains(t, found[0].Message, c.message, c.about)
		assert.NotRegexp(t, `\{[a-z]+\}`, found[0].Message, "a placeholder is left")
		assert.NotEmpty(t, found[0].Field, c.about)
		assert.Empty(t, found[0].Known, "nobody knows the server")
		seen[c.code] = true
	}
	for code := range schema.Differences().Differences {
		assert.True(t, seen[code] || code == "fingerprint-changed" || code == "seed-differs", "no case for %s", code)
	}
}

func TestCompareTellsWhatTheProfileKnows(t *testing.T) {
	for profile, want := range map[string][]string{
		"ollama":   {"Ollama makes one choice whatever n says", "Ollama does not return the prompt", "Ollama accepts it here and returns no log probabilities"},
		"llamacpp": {"llama-server makes at most as many choices as it has slots (--parallel), older versions only one", "llama.cpp does not return the prompt, and builds up to June 2026 refuse true", ""},
		"demo":     {"", "", ""},
	} {
		v, err := core.ForProfile(profile)
		require.NoError(t, err)
		found := answer.Compare([]byte(`{"model":"m","prompt":["Once"],"n":2,"echo":true,"logprobs":3}`), v, whole("more"))
		require.Equal(t, []string{"choices-missing", "echo-missing", "logprobs-missing"}, codes(found))
		for i, d := range found {
			assert.Equal(t, want[i], strings.Join(d.Known, "|"), "%s on %s", d.Code, profile)
		}
	}
}

func TestCompareRuns(t *testing.T) {
	print := func(fingerprint, text string) answer.Answer {
		return with(whole(text), func(a *answer.Answer) { a.Fingerprint = fingerprint })
	}
	seeded := []byte(`{"model":"m","prompt":["a"],"seed":7}`)
	for _, c := range []struct {
		about       string
		body        []byte
		before, now answer.Answer
		want        []string
	}{
		{"alike", seeded, print("f", "x"), print("f", "x"), nil},
		{"another fingerprint", seeded, print("f", "x"), print("g", "x"), []string{"fingerprint-changed"}},
		{"another text", seeded, print("", "x"), print("", "y"), []string{"seed-differs"}},
		{"both", seeded, print("f", "x"), print("g", "y"), []string{"fingerprint-changed", "seed-differs"}},
		{"no seed", []byte(`{"model":"m","prompt":["a"]}`), print("f", "x"), print("g", "y"), nil},
		{"a part is not another text", seeded, unfinished(print("f", "x")), print("f", "xy"), nil},
		{"no fingerprint", seeded, print("", "x"), print("g", "x"), nil},
	} {
		found := answer.CompareRuns(c.body, nil, c.before, c.now)
		assert.Equal(t, c.want, codes(found), c.about)
		for _, d := range found {
			assert.Equal(t, "seed", d.Field)
			assert.NotRegexp(t, `\{[a-z]+\}`, d.Message)
		}
	}
}

// Whatever a server sends, a text of it stands on one line of a sentence, and not at length.
func TestMessagesQuote(t *testing.T) {
	found := answer.Compare([]byte(`{"model":"m","prompt":["a"]}`), nil, named("\x1b[31m\u202e\n"+strings.Repeat("long", 100)))
	require.Len(t, found, 1)
	assert.Less(t, len(found[0].Message), 300)
	assert.False(t, strings.ContainsAny(found[0].Message, "\x1b\n\u202e"))
	assert.False(t, slices.Contains([]byte(found[0].Message), 0x1b))
}
