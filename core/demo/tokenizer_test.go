package demo

import (
	"encoding/hex"
	"hash/fnv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Ids are keys of logit_bias in saved requests and shared links. If this test fails after a change of the training
// text or of newTokenizer, the vocabulary has become another one: say so in the changelog.
func TestVocabularyIsFixed(t *testing.T) {
	tk := Default().tokenizer
	sum := fnv.New64a()
	for _, entry := range tk.entries {
		sum.Write([]byte(entry + "\x00"))
	}
	assert.Equal(t, 2785, len(tk.entries))
	assert.Equal(t, "69e6f95647826242", hex.EncodeToString(sum.Sum(nil)))

	assert.Equal(t, []Token{{589, "Hello"}, {1240, " world"}}, Tokenize("Hello world"))
	assert.Equal(t, []Token{{'\n', "\n"}, {'a', "a"}}, Tokenize("\na"))
	assert.Equal(t, endOfText, tk.label(256))
}

func TestVocabularyHasNoDuplicates(t *testing.T) {
	tk := Default().tokenizer
	seen := map[string]int{}
	for id, entry := range tk.entries {
		other, twice := seen[entry]
		require.Falsef(t, twice, "%q is both %d and %d", entry, other, id)
		seen[entry] = id
	}
}

func TestTokenizeTakesTheLongestEntry(t *testing.T) {
	texts := func(text string) []string {
		var list []string
		for _, token := range Tokenize(text) {
			list = append(list, token.Text)
		}
		return list
	}
	assert.Equal(t, []string{"Once", " upon", " a", " time", ","}, texts("Once upon a time,"))
	assert.Equal(t, []string{"return", " a", " +", " b", "\n"}, texts("return a + b\n"))
	assert.Equal(t, []string{" 1", "2"}, texts(" 12"))
	assert.Equal(t, []string{"caf", `bytes:\xc3`, `bytes:\xa9`}, texts("café"))
	assert.Equal(t, []string{"<", "|", "end", "of", "text", "|", ">"}, texts(endOfText),
		"the end of text cannot be smuggled in as text")
	assert.Equal(t, []string{" moon", "light"}, texts(" moonlight"), "an unknown word is split into known ones")
}

func TestDetokenize(t *testing.T) {
	text, err := Detokenize([]int{'H', 'i', idEndOfText, '!'})
	require.NoError(t, err)
	assert.Equal(t, "Hi!", text)

	for _, id := range []int{-1, len(Default().base)} {
		_, err = Detokenize([]int{'a', id})
		assert.ErrorContains(t, err, "token 1: got id")
	}
}

func TestPartnersAreMutual(t *testing.T) {
	tk := Default().tokenizer
	pairs := 0
	for id, other := range tk.partner {
		if other == none {
			continue
		}
		pairs++
		assert.Equal(t, id, tk.partner[other])
		bare, spaced := min(len(tk.entries[id]), len(tk.entries[other])), max(len(tk.entries[id]), len(tk.entries[other]))
		assert.Equal(t, bare+1, spaced)
	}
	assert.Greater(t, pairs, 2000)
}

func FuzzTokenize(f *testing.F) {
	for _, seed := range []string{
		"", "Hello world", " ", "  \t\n", "café 180 °C", "\xff\xfe\xc3", "日本語 🦊", "don't", strings.Repeat("a", 300), endOfText, "\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tokens := Tokenize(text)
		ids := make([]int, len(tokens))
		for i, token := range tokens {
			ids[i] = token.ID
		}
		back, err := Detokenize(ids)
		require.NoError(t, err)
		require.Equal(t, text, back)
		require.LessOrEqual(t, len(tokens), len(text))
		require.NotContains(t, ids, idEndOfText)
	})
}
