package core

import (
	"fmt"
	"strings"
	"testing"
)

// benchRequest is about 600 bytes with most of the fields, valid and without hints.
var benchRequest = []byte(fmt.Sprintf(`{"model": "meta-llama/Llama-3.3-70B-Instruct", "prompt": [%q], "max_tokens": 256, "temperature": 0.7, "top_p": 0.95, "n": 1, "stream": true, "stream_options": {"include_usage": true}, "logprobs": 5, "echo": false, "stop": ["\n\n", "###"], "presence_penalty": 0.1, "frequency_penalty": -0.25, "best_of": 1, "logit_bias": {"50256": -100, "198": 5.5, "628": 1}, "user": "user-1234", "seed": 42}`,
	strings.Repeat("the quick brown fox jumps over a lazy dog while validation happens live ", 3)))

func BenchmarkCheck(b *testing.B) {
	big := []byte(fmt.Sprintf(`{"model": "m", "max_tokens": 5, "prompt": [%q]}`, strings.Repeat("the quick \"brown\" fox jumps over\na lazy dog while validation happens live in the memory of a browser, over and over again ", 11_000)))
	var bias strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&bias, `,"%d":%d`, 100_000+i*7, i%200-100)
	}
	for _, c := range []struct {
		name string
		src  []byte
	}{
		{"typical", benchRequest},
		{"three-mistakes", []byte(strings.NewReplacer(`"temperature": 0.7`, `"temperature": 3`, `"n": 1`, `"n": "x"`, `"top_p"`, `"topp"`).Replace(string(benchRequest)))},
		{"1MB", big},
		{"10k-bias", []byte(`{"model":"m","prompt":["x"],"max_tokens":5,"logit_bias":{` + bias.String()[1:] + `}}`)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.src)))
			b.ReportAllocs()
			for b.Loop() {
				Check(c.src)
			}
		})
		b.Run(c.name+"/valid", func(b *testing.B) {
			b.SetBytes(int64(len(c.src)))
			b.ReportAllocs()
			for b.Loop() {
				Default().Valid(c.src)
			}
		})
	}
}
