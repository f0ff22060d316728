package core

import (
	"strings"
	"testing"
)

// typicalRequest is the 600 byte request that the speed figures of this package refer to.
const typicalRequest = `{
  "model": "meta-llama/Llama-3.3-70B-Instruct",
  "prompt": ["Write a short story about a lighthouse keeper who finds a message in a bottle."],
  "best_of": 1,
  "echo": false,
  "frequency_penalty": 0.25,
  "logit_bias": {"1234567890": 0.5, "1234567891": -0.5, "50256": -100},
  "logprobs": 1,
  "max_tokens": 256,
  "n": 1,
  "presence_penalty": 0,
  "seed": 9007199254740993,
  "stop": ["\n\n", "THE END", "json([\"stop\", \"halt\"])"],
  "stream": true,
  "stream_options": {"include_usage": true},
  "suffix": "\n",
  "temperature": 0.7,
  "top_p": 0.95,
  "user": "user-1234"
}
`

func BenchmarkScan(b *testing.B) {
	for name, src := range map[string]string{
		"typical": typicalRequest,
		"1MB":     `{"model":"m","prompt":["` + strings.Repeat("The keeper counted the steps, as always. ", 1<<20/41) + `"]}`,
		"1MB-cjk": `{"model":"m","prompt":["` + strings.Repeat("灯台守は階段を数えた。", 1<<20/33) + `"]}`,
	} {
		b.Run(name, func(b *testing.B) {
			var t tape
			lim := Limits{}.withDefaults()
			text := []byte(src)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if !t.scan(text, lim) {
					b.Fatal("not read")
				}
			}
		})
	}
}
