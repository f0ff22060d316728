package loose

import (
	"strings"
	"testing"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
	"github.com/stretchr/testify/require"
)

// What the tape knows of strings makes positions quicker, not different.
func FuzzLocateInStrings(f *testing.F) {
	for _, seed := range []string{`{"a":"é日😀\n x","b":["plain",""]}`, "{\n\"k\":'é\n😀' \"日本\" \"\xff\"}", `["` + strings.Repeat("0123456789é", 9) + "\"]\r\n",
		"[\"\xe2\x82\", \"\xed\xa0\x80\"] // \n"} {
		f.Add([]byte(seed))
	}
	lim := jsontape.Limits{}.WithDefaults()
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1024 {
			return
		}
		var tp jsontape.Tape
		Read(&tp, src, lim, nil)
		l, again := utf.NewLocator(src), utf.NewLocator(src)
		l.LongStrings, l.ASCII = tp.LongStrings(1), tp.ASCII
		again.LongStrings, again.ASCII = tp.LongStrings(1), tp.ASCII
		for offset := 0; offset <= len(src); offset++ {
			want := utf.NewLocator(src).Position(offset)
			require.Equal(t, want, l.Position(offset), "offset %d", offset)
			if offset%5 == 0 {
				require.Equal(t, utf.Position{Line: 1, Column: 1}, again.Position(0))
				require.Equal(t, want, again.Position(offset), "offset %d from the start", offset)
			}
		}
	})
}
