package paste

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fuzzReader holds the readers of a kind to what is so of every draft, for any bytes.
func fuzzReader(f *testing.F, kinds ...Kind) {
	for _, c := range pastedCases(f) {
		f.Add([]byte(c.in))
	}
	for _, h := range hostilePrograms {
		f.Add(grown(h.start, h.item, h.end, 3))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<14 {
			return
		}
		before := slices.Clone(src)
		for name, read := range programReaders() {
			if _, kind, _ := strings.Cut(name, " "); !slices.Contains(kinds, Kind(kind)) {
				continue
			}
			if d, ok := read(src); ok {
				d.seal()
				requireSoundDraft(t, src, &d)
			}
		}
		require.Equal(t, before, src, "the text was changed")
	})
}

func FuzzPython(f *testing.F)     { fuzzReader(f, "python") }
func FuzzJavaScript(f *testing.F) { fuzzReader(f, "javascript") }
func FuzzLiterals(f *testing.F) {
	fuzzReader(f, "literal", "php", "ruby", "go", "java", "kotlin", "csharp", "rust", "swift", "dart")
}
func FuzzYAML(f *testing.F) { fuzzReader(f, "yaml") }
func FuzzEncoded(f *testing.F) {
	fuzzReader(f, "markdown", "events", "encoded", "form", "jsonl", "json", "log")
}
