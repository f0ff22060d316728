package demo

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// events returns the data of the events in a stream, and checks the framing: nothing but data and comments.
func events(t testing.TB, body []byte) (data []string, comments int) {
	t.Helper()
	if len(body) == 0 {
		return nil, 0
	}
	require.True(t, strings.HasSuffix(string(body), "\n\n"), "%q", body)
	for _, block := range strings.Split(strings.TrimSuffix(string(body), "\n\n"), "\n\n") {
		if strings.HasPrefix(block, ":") {
			comments++
			continue
		}
		value, ok := strings.CutPrefix(block, "data: ")
		require.True(t, ok, "%q", block)
		require.NotContains(t, value, "\n")
		data = append(data, value)
	}
	return data, comments
}

// gather adds up the chunks of a stream that ends in [DONE].
func gather(t testing.TB, f fields) (r response, chunks []response) {
	t.Helper()
	f = maps.Clone(f)
	f["stream"] = true
	a := Complete(encode(t, f), Options{Entropy: 7})
	body, _, cut := play(a)
	require.Equal(t, 200, a.Status, "%s", body)
	require.False(t, cut)
	data, _ := events(t, body)
	require.Equal(t, "[DONE]", data[len(data)-1])
	byIndex := map[int]*responseChoice{}
	for _, d := range data[:len(data)-1] {
		var chunk response
		require.NoError(t, json.Unmarshal([]byte(d), &chunk))
		chunks = append(chunks, chunk)
		if chunk.Usage != nil {
			r.Usage = chunk.Usage
		}
		for _, c := range chunk.Choices {
			sum := byIndex[c.Index]
			if sum == nil {
				sum = &responseChoice{Index: c.Index}
				byIndex[c.Index] = sum
			}
			require.Nil(t, sum.FinishReason, "nothing follows a finish reason")
			sum.Text += c.Text
			sum.FinishReason = c.FinishReason
			if c.Logprobs != nil {
				if sum.Logprobs == nil {
					sum.Logprobs = &responseLogprobs{}
				}
				sum.Logprobs.Tokens = append(sum.Logprobs.Tokens, c.Logprobs.Tokens...)
				sum.Logprobs.TokenLogprobs = append(sum.Logprobs.TokenLogprobs, c.Logprobs.TokenLogprobs...)
				sum.Logprobs.TopLogprobs = append(sum.Logprobs.TopLogprobs, c.Logprobs.TopLogprobs...)
				sum.Logprobs.TextOffset = append(sum.Logprobs.TextOffset, c.Logprobs.TextOffset...)
			}
		}
	}
	for i := range len(byIndex) {
		require.Contains(t, byIndex, i)
		r.Choices = append(r.Choices, *byIndex[i])
	}
	return r, chunks
}

func TestStreamAddsUpToTheWhole(t *testing.T) {
	for name, f := range map[string]fields{
		"plain":     {},
		"choices":   {"prompt": []string{"Hello!", "def "}, "n": 3, "max_tokens": 50, "logprobs": 2, "temperature": 1.5},
		"echo":      {"prompt": []string{"Hello! 🦊", ""}, "n": 2, "echo": true, "logprobs": 1},
		"echo only": {"prompt": []string{"Hello!", ""}, "echo": true, "max_tokens": 0, "logprobs": 0},
		"stop":      {"prompt": []string{"The", "In"}, "n": 4, "max_tokens": 80, "stop": []string{"the s", "e t", ". I", "\n\n"}, "logprobs": 0},
		"suffix":    {"n": 3, "max_tokens": 30, "suffix": " the sea.", "logprobs": 0},
		"bytes":     {"max_tokens": 20, "temperature": 2, "logprobs": 1, "logit_bias": map[string]int{"195": 99, "169": 99, "240": 99, "159": 98, "120": 98}},
		"bytes stop": {"n": 20, "max_tokens": 20, "temperature": 2, "logprobs": 1, "stop": []string{"é", "x\ufffd"},
			"logit_bias": map[string]int{"195": 99, "169": 97, "240": 99, "120": 98}},
		"end": {"logit_bias": map[string]int{"256": 100}, "logprobs": 1},
	} {
		t.Run(name, func(t *testing.T) {
			whole, _ := ask(t, f), 0
			streamed, _ := gather(t, f)
			for i := range whole.Choices {
				if l := whole.Choices[i].Logprobs; l != nil && len(l.Tokens) == 0 {
					whole.Choices[i].Logprobs = nil // a stream has no chunk to say so
				}
			}
			assert.Equal(t, whole.Choices, streamed.Choices)
		})
	}
}

func TestStreamChunks(t *testing.T) {
	f := fields{"prompt": []string{"Once upon a", "The quick brown"}, "temperature": 0, "max_tokens": 3,
		"stream_options": fields{"include_usage": true}}
	r, chunks := gather(t, f)
	var order []int
	for _, c := range chunks[:len(chunks)-1] {
		require.Len(t, c.Choices, 1)
		order = append(order, c.Choices[0].Index)
		assert.Equal(t, chunks[0].ID, c.ID)
		assert.Equal(t, "text_completion", c.Object)
		assert.Nil(t, c.Usage)
	}
	assert.Equal(t, []int{0, 1, 0, 1, 0, 0, 1, 1}, order, "a token of each in turn; then an empty chunk with the finish reason")
	assert.Empty(t, chunks[len(chunks)-1].Choices)
	assert.Equal(t, &usage{6, 6, 12}, r.Usage)
	assert.Equal(t, " time there was", r.Choices[0].Text)

	f["stream"] = true
	body, _, _ := play(Complete(encode(t, f), Options{}))
	data, _ := events(t, body)
	assert.Contains(t, data[0], `"usage":null`)
	assert.Contains(t, data[len(data)-2], `"choices":[],"usage":{"prompt_tokens":6,"completion_tokens":6,"total_tokens":12}`)

	delete(f, "stream_options")
	a := Complete(encode(t, f), Options{})
	assert.Equal(t, [2]string{"Content-Type", "text/event-stream; charset=utf-8"}, a.Header[0])
	body, _, _ = play(a)
	assert.NotContains(t, string(body), `"usage"`)
}

// Text comes a token at a time, unless a stop sequence holds it back.
func TestStreamIsGradual(t *testing.T) {
	f := fields{"prompt": "The quick brown", "temperature": 0, "max_tokens": 6}
	texts := func(f fields) (list []string) {
		_, chunks := gather(t, f)
		for _, c := range chunks[:len(chunks)-1] {
			list = append(list, c.Choices[0].Text)
		}
		return list
	}
	assert.Equal(t, []string{" fox", " jumps", " over", " the", " lazy", " dog"}, texts(f))
	f["stop"] = []string{" jumps over a", "lazy dog"}
	assert.Equal(t, []string{" fox", " jumps over the", " "}, texts(f))
	f["suffix"], f["stop"] = " dog", []string{}
	assert.Equal(t, []string{" fox", " jumps", " over", " the", " lazy"}, texts(f), "a suffix, too, arrives gradually")
}

func TestPace(t *testing.T) {
	delays := func(model string, stream bool) (list []time.Duration) {
		a := Complete(encode(t, fields{"model": model, "prompt": []string{"Hello!", "The"}, "max_tokens": 3,
			"stream": stream, "logit_bias": noEnd}), Options{})
		for step, ok := a.Next(); ok; step, ok = a.Next() {
			list = append(list, step.Delay)
		}
		return list
	}
	first, each := typingFirst, typingEach
	assert.Equal(t, []time.Duration{first, 0, each, 0, each, 0, 0, 0, 0}, delays("demo-small", true))
	assert.Equal(t, []time.Duration{first + 3*each}, delays("demo-small", false))
	for _, d := range delays("demo-fast", true) {
		assert.Zero(t, d)
	}
	assert.Greater(t, delays("demo-slow", true)[2], 200*time.Millisecond)
	assert.LessOrEqual(t, delays("demo-slow", false)[0], time.Second+mostDelay)
}
