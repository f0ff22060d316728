package core

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLoneSurrogates(t *testing.T) {
	text := func(member string) []byte {
		return []byte(`{"model":"m","prompt":["x"],"max_tokens":5,` + member + `}`)
	}
	for member, want := range map[string]string{
		`"user":"\ud83d"`:                `"user":"\ufffd"`,
		`"user":"a\uDE00\ud83d\uDE00"`:   `"user":"a\ufffd\ud83d\uDE00"`,
		`"\udc00":1`:                     `"\ufffd":1`,
		`"x":[{"y":"\ud800\ud800"}]`:     `"x":[{"y":"\ufffd\ufffd"}]`,
		`"user":"\\ud83d \ud83d\ude00"`:  "",
		`"user":"\ufffd"`:                "",
		`"user":'\ud83d \u{41}'`:         `"user":"� A"`,
		"\"user\":`\\ud83d`":             `"user":"�"`,
		`"user":"a\u{D800}b\u{000dfff}"`: `"user":"a\ufffdb\ufffd"`,
		`"user":'\u{1F600}\u{fffd}'`:     "",
	} {
		src := text(member)
		r := Check(src)
		reported := false
		for _, i := range r.Issues {
			if i.Code == CodeLoneSurrogate {
				assert.False(t, reported, "%s: one issue for each text", member)
				assert.Equal(t, Error, i.Severity)
				assert.Regexp(t, `^\\u(....|\{.*\})$`, string(src[i.Span.Start.Byte:i.Span.End.Byte]), member)
				reported = true
			}
		}
		require.Equal(t, want != "", reported, "%s: %v", member, r.Issues)
		if want != "" {
			fixed := fixAll(t, Default(), string(src), WithRemovals())
			assert.Equal(t, string(text(want)), fixed)
			assert.False(t, Default().Valid(src))
			assert.True(t, Default().Valid([]byte(fixed)))
		}
	}
}
