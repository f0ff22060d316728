package jsontape_test

import (
	"strings"
	"testing"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/jsontape/tapetest"
)

func BenchmarkScan(b *testing.B) {
	for name, src := range map[string]string{
		"typical": tapetest.TypicalRequest,
		"1MB":     `{"model":"m","prompt":["` + strings.Repeat("The keeper counted the steps, as always. ", 1<<20/41) + `"]}`,
		"1MB-cjk": `{"model":"m","prompt":["` + strings.Repeat("灯台守は階段を数えた。", 1<<20/33) + `"]}`,
	} {
		b.Run(name, func(b *testing.B) {
			var t jsontape.Tape
			lim := jsontape.Limits{}.WithDefaults()
			text := []byte(src)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if !t.Scan(text, lim) {
					b.Fatal("not read")
				}
			}
		})
	}
}
