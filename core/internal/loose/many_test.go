package loose

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// Fixes that rewrite a stretch of text, because they have so many edits, keep out of each other's way, and look by look
// they mend all of it.
func TestManyEditsKeepApart(t *testing.T) {
	const many = 3 * finding.MostOfRewrite
	broken := strings.Repeat("a\xff", many)
	for name, c := range map[string]struct{ text, want string }{
		"invalid bytes around a literal": {`{"a":"` + broken + `","b":None,"c":"` + broken + `"}`,
			`{"a":"` + strings.Repeat("a\uFFFD", many) + `","b":null,"c":"` + strings.Repeat("a\uFFFD", many) + `"}`},
		"invalid bytes within other quotes": {`{"a":"` + broken + `","b":'` + broken + `',"c":True}`,
			`{"a":"` + strings.Repeat("a\uFFFD", many) + `","b":"` + strings.Repeat("a\uFFFD", many) + `","c":true}`},
		"escapes and line breaks": {`{"a":"` + strings.Repeat("\\q\n", many) + `."}`, `{"a":"` + strings.Repeat(`\\q\n`, many) + `."}`},
		"breaks of two signs":     {`{"a":"` + strings.Repeat("x\r\n\x01", many) + `."}`, `{"a":"` + strings.Repeat(`x\n\u0001`, many) + `."}`},
	} {
		t.Run(name, func(t *testing.T) {
			text := []byte(c.text)
			for range 6 {
				var edits []finding.Edit
				for _, f := range Read(new(jsontape.Tape), text, jsontape.Limits{}.WithDefaults(), knownNames) {
					if f.Fix != nil {
						require.LessOrEqual(t, len(f.Fix.Edits), finding.MostOfRewrite, f.Message)
						edits = append(edits, f.Fix.Edits...)
					}
				}
				slices.SortFunc(edits, finding.ByPlace)
				var err error
				text, err = finding.Apply(text, edits)
				require.NoError(t, err)
			}
			assert.Equal(t, c.want, string(text))
		})
	}
}
