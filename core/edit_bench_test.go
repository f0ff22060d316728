package core

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkEdit measures one form edit and a layout in texts with a megabyte of prompt, strict and with comments.
func BenchmarkEdit(b *testing.B) {
	prompt := strings.Repeat("All work and no play makes a dull prompt. ", 1<<20/42)
	for name, src := range map[string]string{
		"strict": fmt.Sprintf(`{"model":"m","prompt":[%q],"temperature":0.5,"n":1}`, prompt),
		"loose":  fmt.Sprintf("{\n  model: 'm', // who\n  prompt: [%q],\n  temperature: 0.5,\n  n: 1,\n}", prompt),
	} {
		for _, op := range []string{"set /temperature 0.7", "set /echo true", "unset /n", "format"} {
			verb, _, _ := strings.Cut(op, " ")
			path := strings.TrimPrefix(strings.TrimPrefix(op, verb), " ")
			b.Run(name+"/"+strings.ReplaceAll(strings.TrimSpace(verb+path), "/", "-"), func(b *testing.B) {
				text := []byte(src)
				b.SetBytes(int64(len(src)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := operate(text, op); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
