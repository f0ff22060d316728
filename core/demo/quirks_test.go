package demo

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each quirk belongs to one model. What they do is seen by the probe, whose test tells them apart.
func TestQuirksAreListedOnce(t *testing.T) {
	models := map[quirk]string{}
	for _, b := range behaviours {
		if b.quirk == honest {
			continue
		}
		assert.Empty(t, models[b.quirk], "%s has it too", b.id)
		models[b.quirk] = b.id
		assert.Zero(t, b.first+b.each, "%s has no delay", b.id)
	}
	assert.Len(t, models, int(deafOwnFields))
}

func TestQuirksOfWhatIsTaken(t *testing.T) {
	refuses := func(f fields) bool { return Complete(encode(t, f), Options{}).Status != 200 }
	for _, model := range []string{"demo-fast", "demo-clamps-temperature", "demo-refuses-unknown"} {
		assert.Equal(t, model != "demo-clamps-temperature", refuses(fields{"model": model, "temperature": 5}), model)
		assert.Equal(t, model == "demo-refuses-unknown", refuses(fields{"model": model, "zz": 5}), model)
		assert.True(t, refuses(fields{"model": model, "top_p": 5}), model)
	}
}

// A stream without a count of tokens is still complete.
func TestNoUsage(t *testing.T) {
	body, _, _ := play(Complete(encode(t, fields{"model": "demo-no-usage", "stream": true, "stream_options": fields{"include_usage": true}}), Options{}))
	data, _ := events(t, body)
	require.NotEmpty(t, data)
	assert.Equal(t, "[DONE]", data[len(data)-1])
	assert.NotContains(t, string(body), `"completion_tokens"`)
	assert.Contains(t, string(body), `"finish_reason":"length"`)
}

// The model with fields of its own refuses what is too much or of the wrong kind; the others do not look.
func TestOwnFields(t *testing.T) {
	status := func(model, name string, value any) int {
		return Complete(encode(t, fields{"model": model, "max_tokens": 3, name: value}), Options{}).Status
	}
	for name, bad := range map[string]any{
		"top_k": "x", "min_p": 1.5, "stop_token_ids": make([]int, 65), "bad_words": []string{strings.Repeat("x", 201)},
		"structured_outputs": fields{"choice": 1}, "ignore_eos": 1,
	} {
		for _, model := range []string{"demo-own-fields", "demo-deaf-own-fields"} {
			assert.Equal(t, 400, status(model, name, bad), "%s: %s", model, name)
		}
		assert.Equal(t, 200, status("demo-fast", name, bad), name)
	}
	for name, fine := range map[string]any{"top_k": -1, "allowed_token_ids": []int{-5, 1 << 40}, "stop_token_ids": []int{}, "truncate_prompt_tokens": 0, "bad_words": []string{""}} {
		assert.Equal(t, 200, status("demo-own-fields", name, fine), name)
	}
}

// Models that misbehave stand behind all others, and the page knows how many those are.
func TestMisbehavingModelsComeLast(t *testing.T) {
	first := slices.IndexFunc(behaviours, func(b behaviour) bool { return b.quirk != honest && b.quirk != hasOwnFields })
	for _, b := range behaviours[first:] {
		assert.NotEqual(t, honest, b.quirk, b.id)
	}
	page, err := os.ReadFile("../../web/src/answer/empty.ts")
	require.NoError(t, err)
	assert.Contains(t, string(page), fmt.Sprintf("const plain = %d;", first))
}
