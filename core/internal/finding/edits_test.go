package finding

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What a Rewrite gathers does the same as the edits by themselves, however many there are.
func TestRewriteIsBounded(t *testing.T) {
	src := []byte(strings.Repeat("abc\"", 3000))
	for _, n := range []int{0, 1, MostOfRewrite, MostOfRewrite + 1, 3000} {
		random := rand.New(rand.NewPCG(1, uint64(n)))
		var all []Edit
		w := NewRewrite(src)
		for k := range n {
			e := Edit{Start: 4*k + 1, End: 4*k + 1 + random.IntN(3), Text: strings.Repeat("x", random.IntN(3))}
			all = append(all, e)
			w.Add(e)
		}
		edits := w.Edits()
		assert.LessOrEqual(t, len(edits), MostOfRewrite)
		if n <= MostOfRewrite {
			assert.Equal(t, all, edits)
		}
		want, err := Apply(src, all)
		require.NoError(t, err)
		for _, edits := range [][]Edit{edits, Few(src, all, 10)} {
			got, err := Apply(src, edits)
			require.NoError(t, err)
			assert.Equal(t, string(want), string(got))
		}
	}
}

func TestRemovedShowsBothEnds(t *testing.T) {
	for words, want := range map[string]string{
		"":                               "",
		"a\n\t b":                        "a b",
		"a\x00\x7f\xffb":                 "a\ufffd\ufffd\ufffdb",
		`"user": "someone"`:              `"user": "someone"`,
		strings.Repeat("é", MostRemoved): strings.Repeat("é", MostRemoved),
		"start " + strings.Repeat("word ", 1_000_000) + "end": "",
	} {
		got := Removed(words)
		if len(words) < 1000 {
			assert.Equal(t, want, got)
		}
		assert.LessOrEqual(t, utf8.RuneCountInString(got), MostRemoved+1)
		assert.Equal(t, strings.HasSuffix(words, "end"), strings.HasSuffix(got, "end"))
	}
	assert.Equal(t, `removes 3 characters: a b`, Removing("a b"))
	assert.Regexp(t, `^removes 1000 characters: x+…x+$`, Removing(strings.Repeat("x", 1000)))
}
