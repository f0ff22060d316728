package core

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// faultKinds are the slips of a hand at one character of the structure: what stands at src[i] becomes something else.
var faultKinds = []struct {
	name string
	make func(src []byte, i int) [][]byte
}{
	{"deleted", func(src []byte, i int) [][]byte { return [][]byte{replaced(src, i, i+1, "")} }},
	{"doubled", func(src []byte, i int) [][]byte { return [][]byte{replaced(src, i, i, string(src[i]))} }},
	{"swapped", func(src []byte, i int) (list [][]byte) {
		if i > 0 && src[i-1] < 0x80 {
			list = append(list, replaced(src, i-1, i+1, string([]byte{src[i], src[i-1]})))
		}
		if i+1 < len(src) && src[i+1] < 0x80 {
			list = append(list, replaced(src, i, i+2, string([]byte{src[i+1], src[i]})))
		}
		return list
	}},
	{"inserted", func(src []byte, i int) (list [][]byte) {
		for _, c := range `":,[]{}\` {
			if byte(c) != src[i] {
				list = append(list, replaced(src, i, i, string(c)))
			}
		}
		return list
	}},
}

func replaced(src []byte, from, to int, text string) []byte {
	return bytes.Join([][]byte{src[:from], []byte(text), src[to:]}, nil)
}

// structural yields the places of the characters that hold a strict JSON text together: brackets, colons, commas, the
// quotes around texts, and the backslashes that begin an escape.
func structural(src []byte) (places []int) {
	quoted := false
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case quoted && c == '\\':
			places = append(places, i)
			i++
		case c == '"':
			quoted = !quoted
			places = append(places, i)
		case !quoted && strings.IndexByte("{}[]:,", c) >= 0:
			places = append(places, i)
		}
	}
	return places
}

// faultCorpus are valid requests by name.
func faultCorpus(t testing.TB) []txtar.File {
	text, err := os.ReadFile("testdata/faults.txtar")
	require.NoError(t, err)
	files := txtar.Parse(text).Files
	require.GreaterOrEqual(t, len(files), 12)
	return files
}

// TestSingleFaults breaks each request of the corpus by one slip of each kind at each place, applies all fixes that are
// applied without being asked for, and compares what would be sent with what would have been sent. A silent wrong is worse
// than any error: no text may turn into another valid request.
//
// A slip that leaves JSON behind is left out: that text says something else, which no checker can know.
func TestSingleFaults(t *testing.T) {
	const least = 0.97
	type tally struct{ tried, restored, invalid, different int }
	var table [4]tally
	var all tally
	for _, f := range faultCorpus(t) {
		src := bytes.TrimSuffix(f.Data, []byte("\n"))
		v := Default()
		if _, profile, ok := strings.Cut(f.Name, " for "); ok {
			var err error
			v, err = ForProfile(profile)
			require.NoError(t, err)
		}
		require.NotNil(t, v.Body(src), "%s is not valid: %v", f.Name, v.Check(src).Issues)
		want := v.Body(allFixed(t, v, src)) // what there is to say about the request is no matter of the slip
		seen := map[string]bool{}
		for k, kind := range faultKinds {
			for _, i := range structural(src) {
				for _, broken := range kind.make(src, i) {
					if json.Valid(broken) || seen[string(broken)] {
						continue
					}
					seen[string(broken)] = true
					fixed := allFixed(t, v, broken)
					n := &table[k]
					n.tried++
					switch got := v.Body(fixed); {
					case got == nil:
						n.invalid++
						if testing.Verbose() {
							t.Logf("still invalid: %s at %d of %q: %s", kind.name, i, f.Name, around(broken, i))
						}
					case bytes.Equal(got, want):
						n.restored++
					default:
						n.different++
						t.Errorf("%s at %d of %q: %s\nbecame %s\nfixed %s", kind.name, i, f.Name, around(broken, i), got, fixed)
					}
				}
			}
		}
	}
	var b strings.Builder
	row := func(name string, n tally) {
		fmt.Fprintf(&b, "\n%-9s %6d %6.2f %% %8d %10d", name, n.tried, 100*float64(n.restored)/float64(n.tried), n.invalid, n.different)
	}
	for k, kind := range faultKinds {
		row(kind.name, table[k])
		all.tried += table[k].tried
		all.restored += table[k].restored
		all.invalid += table[k].invalid
		all.different += table[k].different
	}
	row("all", all)
	t.Logf("one fault   tried restored  invalid  different%s", &b)
	assert.Zero(t, all.different, "different but valid")
	assert.GreaterOrEqual(t, float64(all.restored), least*float64(all.tried))
}

func allFixed(t testing.TB, v *Validator, src []byte) []byte {
	edits, err := v.FixAll(src)
	require.NoError(t, err)
	fixed, err := Apply(src, edits)
	require.NoError(t, err)
	return fixed
}

// around shows the neighbourhood of a place.
func around(src []byte, i int) string {
	return fmt.Sprintf("%q", src[max(0, i-30):min(len(src), i+30)])
}
