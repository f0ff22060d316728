package core

import (
	"os"
	"testing"
)

func BenchmarkZZ(b *testing.B) {
	src, err := os.ReadFile("/work/main/.cache/bench/inputs/ascii-1m.json")
	if err != nil {
		b.Skip()
	}
	b.Run("check", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		for b.Loop() {
			Check(src)
		}
	})
	b.Run("valid", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		for b.Loop() {
			Default().Valid(src)
		}
	})
}

var ballast = make([]byte, 40<<20)
