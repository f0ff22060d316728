package demo

import (
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
	assert.Len(t, models, int(refusesUnknown))
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
