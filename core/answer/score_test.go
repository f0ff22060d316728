package answer_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/answer"
	"github.com/completion-playground/playground/schema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func bare(text string) answer.Token { return answer.Token{Text: text} }

func TestScoreOf(t *testing.T) {
	// Two of four bytes with 1 and 3 nats.
	a := tokens(whole("abcd"), bare("ab"), token("c", -1), token("d", -3))
	s, err := answer.ScoreOf("abcd", 0, a)
	require.NoError(t, err)
	assert.Equal(t, 2, s.Counted)
	assert.Equal(t, 2, s.Bytes)
	assert.Equal(t, 0, s.Made)
	assert.InDelta(t, -4, s.Sum, 1e-12)
	assert.InDelta(t, -2, s.Mean, 1e-12)
	assert.InDelta(t, 4/math.Ln2/2, s.BitsPerByte, 1e-12)
	assert.InDelta(t, math.Exp(2), s.Perplexity, 1e-9)
}

func TestScoreOfLeavesOutWhatWasMade(t *testing.T) {
	for about, c := range map[string]struct {
		text  string
		made  int64
		a     answer.Answer
		count int // tokens of the text
		bytes int
		sum   float64
	}{
		"told by the text":           {"ab", 1, tokens(whole("abx"), bare("a"), token("b", -1), token("x", -9)), 2, 1, -1},
		"nothing was made":           {"ab", 1, tokens(whole("ab"), bare("a"), token("b", -1)), 2, 1, -1},
		"a mark before the text":     {"ab", 1, tokens(whole("ab x"), bare("<s>"), token("a", -2), token("b", -1), token(" x", -9)), 3, 2, -3},
		"a space before the text":    {"ab", 0, tokens(whole(" ab"), bare(" a"), token("b", -1)), 2, 1, -1},
		"the first has one":          {"ab", 0, tokens(whole("ab"), token("a", -2), token("b", -1)), 2, 2, -3},
		"parts of a character":       {"aé", 0, tokens(whole("aé"), bare("a"), token(`bytes:\xc3`, -1), token(`bytes:\xa9`, -1)), 3, 2, -2},
		"spelled otherwise, counted": {"ab", 1, used(tokens(whole("abx"), token("token_id:7", -1), token("token_id:8", -1), token("token_id:9", -9)), 2, 1), 2, 2, -2},
		"spelled otherwise, none":    {"ab", 0, tokens(whole("ab"), token("token_id:7", -1), token("token_id:8", -1)), 2, 2, -2},
		"what cannot be":             {"ab", 0, tokens(whole("ab"), bare("a"), token("b", math.Inf(-1))), 2, 1, -math.MaxFloat64},
	} {
		s, err := answer.ScoreOf(c.text, c.made, c.a)
		require.NoError(t, err, about)
		assert.Len(t, s.Tokens, c.count, about)
		assert.Equal(t, len(c.a.Choices[0].Tokens)-c.count, s.Made, about)
		assert.Equal(t, c.bytes, s.Bytes, about)
		assert.InDelta(t, c.sum, s.Sum, 1e-9, about)
		assert.False(t, math.IsInf(s.Perplexity, 0) || math.IsNaN(s.BitsPerByte), about)
	}
}

func TestScoreOfChecksTheShape(t *testing.T) {
	good := tokens(whole("abc"), bare("a"), token("b", -1), token("c", -1))
	seen := map[string]bool{}
	for _, c := range []struct {
		text string
		made int64
		a    answer.Answer
		code string
	}{
		{"", 0, good, "empty-text"},
		{"abc", 0, unfinished(good), "incomplete"},
		{"abc", 0, answer.Answer{Status: 400}, "incomplete"},
		{"abc", 0, whole("abc"), "logprobs-missing"},
		{"abc", 0, tokens(whole("abc"), bare("a"), bare("bc")), "logprobs-missing"},
		{"xyz", 0, good, "echo-missing"},
		{"abc", 0, tokens(whole("abc"), bare("a"), bare("b"), token("c", -1)), "gaps"},
		{"abc", 0, tokens(whole("abc"), bare("abc")), "one-token"},
		{"abc", 1, tokens(whole("abcx"), token("token_id:1", -1), token("token_id:2", -1)), "uncovered"},
		{"abc", 1, used(tokens(whole("abcx"), token("token_id:1", -1), token("token_id:2", -1), token("token_id:3", -1)), 1, 1), "uncovered"},
	} {
		s, err := answer.ScoreOf(c.text, c.made, c.a)
		assert.Nil(t, s)
		var none *answer.ScoreError
		require.ErrorAs(t, err, &none, c.code)
		assert.Equal(t, c.code, none.Code)
		assert.NotRegexp(t, `^$|\{`, none.Message)
		seen[c.code] = true
	}
	for code := range schema.Differences().Scoring {
		assert.True(t, seen[code] || code == "server-cannot", "no case for %s", code)
	}
}

func TestScoreRequest(t *testing.T) {
	for profile, want := range map[string]string{
		"demo":      `{"model":"m","prompt":["a text"],"echo":true,"max_tokens":0,"logprobs":1}`,
		"vllm":      `{"model":"m","prompt":["a text"],"echo":true,"max_tokens":0,"logprobs":1}`,
		"sglang":    `{"model":"m","prompt":["a text"],"echo":true,"max_tokens":1,"logprobs":1}`,
		"together":  `{"model":"m","prompt":"a text","echo":true,"max_tokens":0,"logprobs":1}`,
		"fireworks": `{"model":"m","prompt":["a text"],"echo":true,"max_tokens":0,"logprobs":1}`,
	} {
		v, err := core.ForProfile(profile)
		require.NoError(t, err)
		body, err := answer.ScoreRequest("a text", "m", v)
		require.NoError(t, err, profile)
		assert.JSONEq(t, want, string(body), profile)
		assert.True(t, v.Valid(body), profile)
	}
	for profile, why := range map[string]string{
		"ollama":   "Ollama cannot score a text: Ollama does not return the prompt.",
		"llamacpp": "llama.cpp cannot score a text: llama.cpp does not return the prompt, and builds up to June 2026 refuse true.",
		"tgi":      "does not return the prompt",
		"portable": "cannot score a text",
	} {
		v, err := core.ForProfile(profile)
		require.NoError(t, err)
		body, err := answer.ScoreRequest("a text", "m", v)
		assert.Nil(t, body, profile)
		assert.ErrorContains(t, err, why, profile)
	}
	_, err := answer.ScoreRequest("", "m", nil)
	assert.EqualError(t, err, "There is no text to score.")
}

// verdicts of the needs, by name.
func verdicts(p answer.Preflight) map[string]string {
	all := map[string]string{"": p.Verdict}
	for _, n := range p.Needs {
		all[n.Name] = n.Verdict
	}
	return all
}

func TestPreflight(t *testing.T) {
	vllm, err := core.ForProfile("vllm")
	require.NoError(t, err)
	ollama, err := core.ForProfile("ollama")
	require.NoError(t, err)
	openai, err := core.ForProfile("openai")
	require.NoError(t, err)

	assert.Equal(t, map[string]string{"": "unsure", "echo": "unsure", "logprobs": "unsure", "token-ids": "yes"},
		verdicts(answer.PreflightOf(vllm, "ab", 0, nil)))
	promised := answer.PreflightOf(ollama, "ab", 0, nil)
	assert.Equal(t, map[string]string{"": "no", "echo": "no", "logprobs": "no", "token-ids": "no"}, verdicts(promised))
	assert.Equal(t, "Ollama does not return the prompt.", promised.Needs[0].Message)
	assert.Equal(t, "echo and logprobs together are not supported by current models.", answer.PreflightOf(openai, "ab", 0, nil).Needs[0].Message)

	full := tokens(whole("abx"), answer.Token{Text: "a", Offset: ptr(int64(0))}, token("b", -1, "b"), token("x", -1, "x"))
	full.Choices[0].Tokens[1].Offset = ptr(int64(1))
	for about, c := range map[string]struct {
		a    answer.Answer
		want map[string]string
	}{
		"all that is needed": {full, map[string]string{"": "yes", "echo": "yes", "logprobs": "yes", "boundary": "yes", "first-null": "yes", "alternatives": "yes", "offsets": "yes", "token-ids": "yes"}},
		"no extras": {tokens(whole("ab"), token("a", -1), token("b", -1)),
			map[string]string{"": "yes", "echo": "yes", "logprobs": "yes", "boundary": "yes", "first-null": "unsure", "alternatives": "no", "offsets": "no", "token-ids": "yes"}},
		"no echo":            {whole("x"), map[string]string{"": "no", "echo": "no", "logprobs": "no", "token-ids": "yes"}},
		"logprobs elsewhere": {tokens(whole("ab"), token("x", -1)), map[string]string{"": "no", "echo": "yes", "logprobs": "yes", "boundary": "no", "token-ids": "yes"}},
		"gaps":               {tokens(whole("abc"), bare("a"), bare("b"), token("c", -1, "c")), map[string]string{"": "no", "echo": "yes", "logprobs": "yes", "boundary": "yes", "first-null": "no", "alternatives": "no", "offsets": "no", "token-ids": "yes"}},
	} {
		got := answer.PreflightOf(vllm, "ab", 1, &c.a)
		if about == "gaps" {
			got = answer.PreflightOf(vllm, "abc", 1, &c.a)
		}
		assert.Equal(t, c.want, verdicts(got), about)
		for _, n := range got.Needs {
			assert.NotEmpty(t, n.Title)
			assert.NotRegexp(t, `^$|\{`, n.Message)
		}
	}
}

// The page hands answers over as JSON, and gets scores back as such.
func TestJSON(t *testing.T) {
	a := used(tokens(whole("ab"), bare("a"), token("b", -1, "b")), 2, 0)
	text, err := json.Marshal(a)
	require.NoError(t, err)
	var back answer.Answer
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, a, back)
	s, err := answer.ScoreOf("ab", 0, tokens(whole("ab"), bare("a"), token("b", math.Inf(-1))))
	require.NoError(t, err)
	s.Tokens = nil
	_, err = json.Marshal(s)
	assert.NoError(t, err)
}
