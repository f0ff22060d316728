package demo

import (
	"encoding/json"
	"maps"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fields is a request; ask fills in what every request needs.
type fields map[string]any

// response is an answer in one piece, or what the chunks of a stream add up to.
type response struct {
	ID, Object, Model string
	Created           int64
	Choices           []responseChoice
	Usage             *usage
	SystemFingerprint string `json:"system_fingerprint"`
}

type responseChoice struct {
	Text         string
	Index        int
	FinishReason *string `json:"finish_reason"`
	Logprobs     *responseLogprobs
}

type responseLogprobs struct {
	Tokens        []string
	TokenLogprobs []*float64           `json:"token_logprobs"`
	TopLogprobs   []map[string]float64 `json:"top_logprobs"`
	TextOffset    []int                `json:"text_offset"`
}

func encode(t testing.TB, f fields) []byte {
	t.Helper()
	request := fields{"model": "demo-fast", "prompt": []string{"Once upon a time"}, "seed": 1}
	maps.Copy(request, f)
	body, err := json.Marshal(request)
	require.NoError(t, err)
	return body
}

// play returns all that an answer writes.
func play(a *Answer) (body []byte, delay time.Duration, cut bool) {
	for step, ok := a.Next(); ok; step, ok = a.Next() {
		body = append(body, step.Data...)
		delay += step.Delay
		cut = step.Cut
	}
	return body, delay, cut
}

// ask returns the answer in one piece to a request that is in order.
func ask(t testing.TB, f fields) response {
	t.Helper()
	a := Complete(encode(t, f), Options{Entropy: 7})
	body, _, _ := play(a)
	require.Equal(t, 200, a.Status, "%s", body)
	var r response
	require.NoError(t, json.Unmarshal(body, &r))
	return r
}

func text(t testing.TB, f fields) string { return ask(t, f).Choices[0].Text }

func TestAnswerShape(t *testing.T) {
	a := Complete([]byte(`{"model":"demo-fast","prompt":["Once upon a"],"max_tokens":1,"temperature":0,"user":"u"}`),
		Options{Created: 1700000000})
	body, _, _ := play(a)
	assert.Equal(t, [][2]string{{"Content-Type", "application/json"}}, a.Header)

	var r map[string]any
	require.NoError(t, json.Unmarshal(body, &r))
	assert.Regexp(t, `^cmpl-[0-9a-f]{16}$`, r["id"])
	assert.Regexp(t, `^fp_[0-9a-f]{10}$`, r["system_fingerprint"])
	delete(r, "id")
	delete(r, "system_fingerprint")
	assert.Equal(t, map[string]any{
		"object": "text_completion", "created": 1.7e9, "model": "demo-fast",
		"choices": []any{map[string]any{"text": " time", "index": 0.0, "logprobs": nil, "finish_reason": "length"}},
		"usage":   map[string]any{"prompt_tokens": 3.0, "completion_tokens": 1.0, "total_tokens": 4.0},
	}, r)
}

func TestPromptsAndChoices(t *testing.T) {
	prompts := []string{"The weather for", "return a", "Dear"}
	r := ask(t, fields{"prompt": prompts, "n": 2, "echo": true, "max_tokens": 4, "temperature": 0})
	require.Len(t, r.Choices, 6)
	for i, c := range r.Choices {
		assert.Equal(t, i, c.Index)
		assert.True(t, strings.HasPrefix(c.Text, prompts[i/2]), "choice %d is about prompt %d: %q", i, i/2, c.Text)
	}
	assert.Equal(t, r.Choices[0].Text, r.Choices[1].Text, "temperature 0 leaves nothing to chance")
	assert.Equal(t, &usage{6, 24, 30}, r.Usage)

	assert.Equal(t, text(t, fields{}), text(t, fields{"prompt": "Once upon a time"}), "a lone string is a list of one")
	assert.NotEqual(t, text(t, fields{"prompt": "Dear"}), text(t, fields{}))

	several := ask(t, fields{"n": 8, "max_tokens": 40})
	different := map[string]bool{}
	for _, c := range several.Choices {
		different[c.Text] = true
	}
	assert.Greater(t, len(different), 4, "choices are drawn independently")
}

func TestMaxTokens(t *testing.T) {
	assert.Equal(t, 16, ask(t, fields{"logit_bias": noEnd}).Usage.CompletionTokens, "the default")
	for _, most := range []int{0, 1, 7, 100} {
		r := ask(t, fields{"max_tokens": most, "logit_bias": noEnd})
		assert.Equal(t, most, r.Usage.CompletionTokens)
		assert.Equal(t, "length", *r.Choices[0].FinishReason)
	}
	r := ask(t, fields{"max_tokens": 4096, "logit_bias": noEnd})
	assert.Equal(t, contextSize, r.Usage.TotalTokens, "no further than the context reaches")
	assert.Equal(t, "length", *r.Choices[0].FinishReason)
}

// noEnd bans the end of text.
var noEnd = map[string]int{"256": -100}

func TestEndOfText(t *testing.T) {
	r := ask(t, fields{"prompt": "It was a very old", "max_tokens": 400, "temperature": 0})
	assert.Equal(t, "stop", *r.Choices[0].FinishReason)
	assert.Less(t, r.Usage.CompletionTokens, 400)
	assert.NotContains(t, r.Choices[0].Text, endOfText)
	assert.Empty(t, text(t, fields{"logit_bias": map[string]int{"256": 100}}), "the end can be forced, too")
}

func TestTemperatureOfARequest(t *testing.T) {
	different := func(temperature float64) int {
		r := ask(t, fields{"prompt": "The", "n": 30, "max_tokens": 6, "temperature": temperature})
		texts := map[string]bool{}
		for _, c := range r.Choices {
			texts[c.Text] = true
		}
		return len(texts)
	}
	assert.Equal(t, 1, different(0))
	cool, warm := different(0.2), different(1.5)
	assert.Greater(t, warm, cool)
	assert.Greater(t, warm, 25)

	r := ask(t, fields{"temperature": 0, "logprobs": 1, "max_tokens": 30})
	for i, top := range r.Choices[0].Logprobs.TopLogprobs {
		require.Len(t, top, 1, "at temperature 0 token %d is the likeliest", i)
		assert.Contains(t, top, r.Choices[0].Logprobs.Tokens[i])
	}
	assert.Equal(t, text(t, fields{"temperature": 0}), text(t, fields{"top_p": 0}), "top_p 0 is greedy as well")
}

func TestPenaltiesChangeRepetition(t *testing.T) {
	repeats := func(f fields) (total int) {
		f["prompt"], f["max_tokens"], f["n"] = "The", 80, 8
		f["logprobs"], f["logit_bias"] = 0, noEnd
		for _, c := range ask(t, f).Choices {
			seen := map[string]bool{}
			for _, token := range c.Logprobs.Tokens {
				if seen[token] {
					total++
				}
				seen[token] = true
			}
		}
		return total
	}
	plain := repeats(fields{})
	assert.Less(t, repeats(fields{"frequency_penalty": 2}), plain)
	assert.Less(t, repeats(fields{"presence_penalty": 2}), plain)
	assert.Greater(t, repeats(fields{"frequency_penalty": -2}), plain)
	assert.Greater(t, repeats(fields{"presence_penalty": -2}), plain)
}

func TestLogitBias(t *testing.T) {
	fox := Tokenize(" fox")[0].ID
	key := func(id, bias int) fields {
		return fields{"max_tokens": 3, "logit_bias": map[int]int{id: bias}}
	}
	assert.Equal(t, " fox fox fox", text(t, key(fox, 100)))
	assert.Equal(t, text(t, fields{"max_tokens": 3}), text(t, key(1234567890, 100)), "ids of other tokenizers do nothing")

	for seed := range 20 {
		f := key(Tokenize(" there")[0].ID, -100)
		f["seed"] = seed
		assert.NotContains(t, text(t, f), " there")
	}
}

func TestLogprobs(t *testing.T) {
	assert.Nil(t, ask(t, fields{}).Choices[0].Logprobs)

	for _, n := range []int{0, 1, 20} {
		c := ask(t, fields{"logprobs": n, "max_tokens": 60, "temperature": 1.3}).Choices[0]
		l := c.Logprobs
		require.NotNil(t, l)
		require.Len(t, l.TokenLogprobs, len(l.Tokens))
		require.Len(t, l.TopLogprobs, len(l.Tokens))
		require.Len(t, l.TextOffset, len(l.Tokens))
		assert.Equal(t, c.Text, strings.Join(l.Tokens, ""))
		offset := 0
		for i, token := range l.Tokens {
			assert.Equal(t, offset, l.TextOffset[i])
			offset += utf8.RuneCountInString(token)
			assert.Equal(t, *l.TokenLogprobs[i], l.TopLogprobs[i][token], "the chosen token stands in the list")
			assert.GreaterOrEqual(t, len(l.TopLogprobs[i]), max(n, 1))
			assert.LessOrEqual(t, len(l.TopLogprobs[i]), n+1)
			total := 0.0
			for _, logprob := range l.TopLogprobs[i] {
				assert.LessOrEqual(t, logprob, 1e-6)
				total += math.Exp(logprob)
			}
			assert.LessOrEqual(t, total, 1+1e-5)
		}
	}

	cold := ask(t, fields{"logprobs": 3, "max_tokens": 1, "temperature": 0}).Choices[0].Logprobs.TopLogprobs
	hot := ask(t, fields{"logprobs": 3, "max_tokens": 1, "temperature": 2}).Choices[0].Logprobs.TopLogprobs
	for token, logprob := range cold[0] {
		assert.Equal(t, logprob, hot[0][token], "temperature does not change what the model thinks")
	}
	forced := ask(t, fields{"logprobs": 0, "max_tokens": 1, "logit_bias": map[string]int{"88": 100}}).Choices[0].Logprobs
	assert.Equal(t, []string{"X"}, forced.Tokens)
	assert.InDelta(t, 0, *forced.TokenLogprobs[0], 1e-6, "a bias does")
}

func TestEcho(t *testing.T) {
	const prompt = "Hello! 🦊 café"
	r := ask(t, fields{"prompt": prompt, "echo": true, "logprobs": 2, "max_tokens": 5})
	c := r.Choices[0]
	assert.Equal(t, prompt+text(t, fields{"prompt": prompt, "max_tokens": 5}), c.Text)
	assert.Nil(t, c.Logprobs.TokenLogprobs[0], "before the first token the model has seen nothing")
	assert.Nil(t, c.Logprobs.TopLogprobs[0])
	for i, logprob := range c.Logprobs.TokenLogprobs[1:] {
		assert.NotNil(t, logprob, "token %d", i+1)
	}
	completion := r.Usage.CompletionTokens
	assert.Equal(t, len(c.Logprobs.Tokens), len(Tokenize(prompt))+completion)
	assert.Equal(t, utf8.RuneCountInString(prompt), c.Logprobs.TextOffset[len(c.Logprobs.Tokens)-completion],
		"offsets count code points, so the fox is one")

	scored := ask(t, fields{"prompt": "Once upon a time", "echo": true, "logprobs": 0, "max_tokens": 0})
	assert.Equal(t, "Once upon a time", scored.Choices[0].Text)
	assert.Equal(t, 0, scored.Usage.CompletionTokens)
	assert.Equal(t, "length", *scored.Choices[0].FinishReason)
	likely := scored.Choices[0].Logprobs.TokenLogprobs
	odd := ask(t, fields{"prompt": "Once upon a soup", "echo": true, "logprobs": 0, "max_tokens": 0}).Choices[0].Logprobs.TokenLogprobs
	assert.Greater(t, *likely[3], *odd[3], "a prompt can be scored")
}

func TestBestOf(t *testing.T) {
	mean := func(c responseChoice) float64 {
		total := 0.0
		for _, l := range c.Logprobs.TokenLogprobs {
			total += *l
		}
		return total / float64(len(c.Logprobs.TokenLogprobs))
	}
	f := fields{"prompt": "The", "logprobs": 0, "max_tokens": 10, "logit_bias": noEnd}
	f["n"], f["best_of"] = 10, 10
	all := ask(t, f)
	f["n"], f["best_of"] = 3, 10
	best := ask(t, f)
	require.Len(t, best.Choices, 3)
	assert.Equal(t, all.Usage, best.Usage, "candidates that are thrown away are counted")

	better := 0
	for _, c := range all.Choices {
		if mean(c) > mean(best.Choices[2]) {
			better++
		}
	}
	assert.Equal(t, 2, better, "no more than the two before it beat the third")
	assert.GreaterOrEqual(t, mean(best.Choices[0]), mean(best.Choices[1]))

	delete(f, "logprobs")
	plain := ask(t, f)
	assert.Nil(t, plain.Choices[0].Logprobs, "they decide without being shown")
	assert.Equal(t, best.Choices[0].Text, plain.Choices[0].Text)
}

func TestStop(t *testing.T) {
	f := fields{"prompt": "The quick brown", "temperature": 0, "max_tokens": 12}
	whole := text(t, f)
	require.True(t, strings.HasPrefix(whole, " fox jumps over the lazy dog."), whole)

	for stop, want := range map[string]string{
		" over":      " fox jumps",
		"ps ov":      " fox jum", // begins and ends inside tokens
		"lazy":       " fox jumps over the ",
		"no such":    whole,
		" fox":       "",
		"x jumps ov": " fo",
	} {
		f["stop"], f["logprobs"] = []string{"never", stop}, 0
		c := ask(t, f).Choices[0]
		assert.Equal(t, want, c.Text, "stop %q", stop)
		assert.Equal(t, want, strings.Join(c.Logprobs.Tokens, ""))
		if want != whole {
			assert.Equal(t, "stop", *c.FinishReason)
		}
	}

	f["stop"], f["echo"] = []string{"quick"}, true
	assert.Equal(t, "The quick brown"+whole, text(t, f), "the prompt is not searched")
}

func TestSeed(t *testing.T) {
	body := func(seed string) []byte {
		return []byte(`{"model":"demo-fast","prompt":["The"],"max_tokens":30,"temperature":1.2` + seed + `}`)
	}
	answer := func(b []byte, entropy uint64) string {
		raw, _, _ := play(Complete(b, Options{Entropy: entropy}))
		var r response
		require.NoError(t, json.Unmarshal(raw, &r))
		return r.Choices[0].Text
	}
	assert.Equal(t, answer(body(`,"seed":123`), 1), answer(body(`,"seed":123`), 2))
	assert.NotEqual(t, answer(body(`,"seed":123`), 1), answer(body(`,"seed":124`), 1))
	assert.NotEqual(t, answer(body(`,"seed":9007199254740992`), 1), answer(body(`,"seed":9007199254740993`), 1),
		"all 64 bits count")
	assert.NotEqual(t, answer(body(`,"seed":-1`), 1), answer(body(`,"seed":1`), 1))
	assert.NotEqual(t, answer(body(""), 1), answer(body(""), 2), "without a seed the caller's entropy decides")
	assert.Equal(t, answer(body(""), 1), answer(body(""), 1))
}

func TestSuffix(t *testing.T) {
	f := fields{"prompt": "Once upon a time there was", "max_tokens": 40, "temperature": 0.7}
	fit := func(completion, suffix string) float64 {
		ids := Default().tokenizer.encode(nil, suffix)
		j := &job{model: Default(), suffix: ids[:min(len(ids), infillReach)]}
		j.sampler = newSampler(Default(), sampling{})
		return j.suffixFit(append([]int{idEndOfText}, j.model.tokenizer.encode(nil, f["prompt"].(string)+completion)...))
	}
	free := text(t, f)
	for _, suffix := range []string{" who could not sleep.", "\n", " the sea", ", and he was glad."} {
		f["suffix"] = suffix
		r := ask(t, f)
		c := r.Choices[0]
		assert.NotEmpty(t, c.Text)
		assert.LessOrEqual(t, r.Usage.CompletionTokens, 40)
		assert.Greater(t, fit(c.Text, suffix), fit(free, suffix), "%q leads into %q", c.Text, suffix)
		assert.Equal(t, c.Text, text(t, f), "the seed holds for it, too")
	}
	f["suffix"], f["logprobs"] = " who could not sleep.", 0
	c := ask(t, f).Choices[0]
	assert.Equal(t, "stop", *c.FinishReason)
	assert.Equal(t, c.Text, strings.Join(c.Logprobs.Tokens, ""))
	assert.Regexp(t, `\w$`, c.Text, "the suffix goes on in the middle of a sentence")

	f["suffix"] = ""
	assert.Equal(t, free, text(t, f), "an empty suffix is none")
}

func TestTokensThatAreNoCharacters(t *testing.T) {
	r := ask(t, fields{"max_tokens": 3, "logprobs": 0, "logit_bias": map[string]int{"195": 100}})
	c := r.Choices[0]
	assert.Equal(t, []string{`bytes:\xc3`, `bytes:\xc3`, `bytes:\xc3`}, c.Logprobs.Tokens)
	assert.Equal(t, "\ufffd\ufffd\ufffd", c.Text)
	assert.Equal(t, []int{0, 1, 2}, c.Logprobs.TextOffset)
}
