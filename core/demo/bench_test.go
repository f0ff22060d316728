package demo

import "testing"

func BenchmarkTrain(b *testing.B) {
	documents, _ := corpus()
	b.ReportAllocs()
	for b.Loop() {
		train(documents)
	}
}

func BenchmarkTokenize(b *testing.B) {
	documents, _ := corpus()
	text := documents[0]
	tk := Default().tokenizer
	ids := make([]int, 0, len(text))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		ids = tk.encode(ids[:0], text)
	}
}

func BenchmarkGenerate(b *testing.B) {
	for name, f := range map[string]fields{
		"plain":     {},
		"greedy":    {"temperature": 0},
		"adjusted":  {"temperature": 1.4, "top_p": 0.9, "frequency_penalty": 0.5},
		"logprobs5": {"logprobs": 5},
	} {
		f["max_tokens"], f["logit_bias"] = 1000, noEnd
		body := encode(b, f)
		b.Run(name, func(b *testing.B) {
			Default()
			for b.Loop() {
				play(Complete(body, Options{}))
			}
			b.ReportMetric(float64(b.N)*1000/b.Elapsed().Seconds(), "tokens/s")
		})
	}
}
