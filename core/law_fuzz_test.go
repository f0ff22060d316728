package core

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

// FuzzLaw holds FixAll to its law on texts that slips have broken: every run of letters and digits within a value stands
// in the result, once for each time that it stood in the text, unless a fix that says so takes it away; and such a fix is
// not applied unasked.
func FuzzLaw(f *testing.F) {
	corpus := faultCorpus(f)
	for n := range corpus {
		f.Add(n, 10, 200, byte('"'), byte('}'))
		f.Add(n, 57, 58, byte(','), byte('\\'))
		f.Add(n, 31, 90, byte(0), byte(':'))
	}
	f.Add(53, -63, 290, byte('"'), byte('['))
	f.Add(-150, 334, 281, byte(','), byte(':'))
	f.Fuzz(func(t *testing.T, n, first, second int, put, other byte) {
		src := bytes.TrimSuffix(corpus[uint(n)%uint(len(corpus))].Data, []byte("\n"))
		places := structural(src)
		text := slipped(src, places[uint(first)%uint(len(places))], put)
		if places = structural(src); second != first {
			text = slipped(text, min(places[uint(second)%uint(len(places))], len(text)-1), other)
		}
		edits, err := Default().FixAll(text)
		require.NoError(t, err)
		fixed, err := Apply(text, edits)
		require.NoError(t, err)
		requireWordsOf(t, text, fixed)
	})
}

// slipped makes one slip at i: a zero byte deletes, the byte that stands there doubles, any other structural one replaces.
func slipped(src []byte, i int, put byte) []byte {
	switch {
	case put == 0:
		return replaced(src, i, i+1, "")
	case strings.IndexByte(`":,[]{}\`, src[i]) < 0: // the first slip moved it
	case put == src[i]:
		return replaced(src, i, i, string(rune(put)))
	case strings.IndexByte(`":,[]{}\`, put) >= 0:
		return replaced(src, i, i+1, string(rune(put)))
	}
	return src
}

// requireWordsOf finds each word of text in fixed, as often as it stands there.
func requireWordsOf(t *testing.T, text, fixed []byte) {
	t.Helper()
	for word, times := range wordsOf(text) {
		require.GreaterOrEqual(t, bytes.Count(fixed, []byte(word)), times, "%q of %q is lost in %q", word, text, fixed)
	}
}

// wordsOf counts the runs of letters and digits, of three characters at least. Escapes are read where the text is JSON as
// it stands; otherwise the letters of an escape would join the word that follows it.
func wordsOf(text []byte) map[string]int {
	words := map[string]int{}
	plain := strings.NewReplacer(`\n`, " ", `\t`, " ", `\r`, " ", `\"`, " ", `\\`, " ").Replace(string(text))
	for _, word := range strings.FieldsFunc(plain, func(ch rune) bool { return !unicode.IsLetter(ch) && !unicode.IsDigit(ch) }) {
		if len(word) > 2 {
			words[word]++
		}
	}
	return words
}

// TestLawOnPairsOfSlips tries two slips at once over the corpus, at places that a fixed stride picks: nothing is lost, and
// what becomes valid is what was meant or at least holds all of its words.
func TestLawOnPairsOfSlips(t *testing.T) {
	tried, restored, invalid := 0, 0, 0
	for _, f := range faultCorpus(t) {
		src := bytes.TrimSuffix(f.Data, []byte("\n"))
		want := Default().Body(allFixed(t, Default(), src))
		if want == nil {
			continue // for another profile
		}
		places := structural(src)
		for n := 0; n < len(places); n += 4 {
			i, k := places[n], places[(n*7+11)%len(places)]
			if k <= i {
				continue
			}
			for _, puts := range []string{"\x00\x00", `",`, "}\x00", `\"`, ":]"} {
				text := slipped(slipped(src, k, puts[1]), i, puts[0])
				if json.Valid(text) {
					continue
				}
				tried++
				fixed := allFixed(t, Default(), text)
				requireWordsOf(t, text, fixed)
				switch got := Default().Body(fixed); {
				case got == nil:
					invalid++
				case bytes.Equal(got, want):
					restored++
				default:
					if testing.Verbose() {
						t.Logf("different: %s and %s became %s", around(text, i), around(text, k), got)
					}
				}
			}
		}
	}
	t.Logf("two slips: %d tried, %d restored, %d still invalid, %d different", tried, restored, invalid, tried-restored-invalid)
	require.Positive(t, tried)
	require.GreaterOrEqual(t, 3*restored, tried)
}
