package main

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/completion-playground/playground/core"
)

// input is one text that every peer gets.
type input struct {
	name, title string
	profile     string // whose schema applies
	valid       bool
	text        func() []byte
}

var (
	//go:embed testdata/typical.json
	typical []byte // most of the fields, as a person would set them
	//go:embed testdata/mistakes.json
	mistakes []byte // the same with a value out of range, one of the wrong type and a misspelt name
)

// inputs lists the texts, smallest first. The large ones are made by each call: the same bytes on every run.
func inputs() []input {
	const vllm = "vllm" // takes token ids
	def := core.DefaultProfile
	return []input{
		{"typical", "600 B, valid", def, true, func() []byte { return typical }},
		{"mistakes", "600 B, three mistakes", def, false, func() []byte { return mistakes }},
		{"ascii-100k", "100 kB, ASCII", def, true, func() []byte { return withPrompt(100_000, false) }},
		{"cjk-100k", "100 kB, some CJK", def, true, func() []byte { return withPrompt(100_000, true) }},
		{"ascii-1m", "1 MB, ASCII", def, true, func() []byte { return withPrompt(1_000_000, false) }},
		{"cjk-1m", "1 MB, some CJK", def, true, func() []byte { return withPrompt(1_000_000, true) }},
		{"ascii-10m", "10 MB, ASCII", def, true, func() []byte { return withPrompt(10_000_000, false) }},
		{"cjk-10m", "10 MB, some CJK", def, true, func() []byte { return withPrompt(10_000_000, true) }},
		{"bias-10k", "10,000 logit_bias entries", def, true, func() []byte { return withBias(10_000) }},
		{"tokens-10k", "prompt of 10,000 token ids", vllm, true, func() []byte { return withTokens(10_000) }},
	}
}

var words = strings.Fields(`the keeper of the lighthouse climbs stairs every evening and counts them although their number
	never changes while the sea below tells the same story in other words to anyone who listens long enough`)

// withPrompt returns a request of about size bytes, nearly all of them prompt: words with an escaped line break or
// quotation here and there, and in one word of a hundred what is not ASCII.
func withPrompt(size int, wide bool) []byte {
	random := rand.New(rand.NewPCG(1, uint64(size)))
	var b strings.Builder
	b.WriteString(`{"model":"meta-llama/Llama-3.3-70B-Instruct","prompt":["`)
	const rest = `"],"max_tokens":256,"temperature":0.7,"top_p":0.95,"seed":42,"user":"user-1234"}`
	for b.Len()+len(rest) < size {
		word := words[random.IntN(len(words))]
		switch n := random.IntN(1000); {
		case n < 20:
			word += `\n`
		case n < 25:
			word = `\"` + word + `\"`
		case n < 30 && wide:
			word = "é"
		case n < 40 && wide:
			word = "灯台"
		}
		b.WriteString(word)
		b.WriteByte(' ')
	}
	return []byte(b.String() + rest)
}

func withBias(n int) []byte {
	random := rand.New(rand.NewPCG(2, uint64(n)))
	b := []byte(`{"model":"m","prompt":["x"],"max_tokens":16,"logit_bias":{`)
	for i := range n {
		b = fmt.Appendf(b, `"%d":%.2f,`, 10*i+random.IntN(10), 200*random.Float64()-100)
	}
	return append(b[:len(b)-1], "}}"...)
}

func withTokens(n int) []byte {
	random := rand.New(rand.NewPCG(3, uint64(n)))
	b := []byte(`{"model":"m","max_tokens":16,"prompt":[`)
	for range n {
		b = fmt.Appendf(b, "%d,", random.IntN(128_000))
	}
	return append(b[:len(b)-1], "]}"...)
}
