package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/internal/effort"
)

// hosts say how a request stands in a file, between texts that are nobody's business. %d is the number of the text, so that
// each is there once.
var hosts = map[string]struct{ text, before, after string }{
	"a.md":    {"\n## Part %d é\tof a “guide”\n\nIt's {\"model\": 1,, and `\"prompt\"`.\r\n\n", "```json\n", "\n```\n"},
	"b.md":    {"\n* item %d\n\n", "  > ```json\n  > ", "\n  > ```\n"},
	"c.md":    {"\n%d. step's\n\n", "```sh\necho 'a' # it's\ncurl http://h/v1/completions -d '", "' | jq '.x'\n```\n"},
	"a.http":  {"### part %d\n# a comment's \"quote\nPOST http://h/v1/completions?x=1\nContent-Type: application/json\n\n", "", "\n\n"},
	"a.sh":    {"# it's part %d\nX=\"{model: 1}\"\n", "curl -s http://h/v1/completions -H 'X-A: b' -d '", "' -o /dev/null; echo \"$X\"\n"},
	"b.sh":    {"echo {%d,,\n", "curl http://h/v1/completions -d @- <<'EOF'\n", "\nEOF\n"},
	"a.jsonl": {"\n \t\n{\"text\":%d,,\r\n", "", "\r\n"},
}

// law is requests to break, with something of everything that a fix may touch.
var law = []string{
	`{"model":"m","prompt":"x","max_tokens":5}`,
	`{"model":"m","prompt":["é😀","y"],"max_token":5,"topP":0.5,"logit_bias":{"50256":-100},"stop":["\n"]}`,
	`{ "model" : "m", "prompt" : "Say \"hi\"", "temperature" : 3, "n" : "2", "stream" : "true", "seed" : 1.0, "echo" : null }`,
}

var slips = []rune("\":,[]{}\\'# \t0a”\u00a0\u2028")

// broken returns a text with some faults of a hand, all on one line.
func broken(random *rand.Rand, text string) string {
	runes := []rune(text)
	for range random.IntN(4) {
		i := random.IntN(len(runes))
		switch random.IntN(4) {
		case 0:
			runes = slices.Delete(runes, i, i+1)
		case 1:
			runes = slices.Insert(runes, i, runes[i])
		case 2:
			runes = slices.Insert(runes, i, slips[random.IntN(len(slips))])
		default:
			runes[i], runes[0] = runes[0], runes[i]
		}
	}
	return string(runes)
}

// Whatever is wrong with its requests, -fix changes no byte of a file outside them, makes no request worse, keeps the number of
// requests, and leaves nothing to a second one. Where the texts are is known here from how the file was made.
func TestFixKeepsToRequests(t *testing.T) {
	seed := uint64(1)
	if effort.Deep() {
		seed = rand.Uint64()
	}
	random := rand.New(rand.NewPCG(seed, 0))
	mended := map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(hosts)) {
		host := hosts[name]
		for range effort.Rounds(15) {
			var texts []string
			file := ""
			for n := range 1 + random.IntN(3) {
				text := fmt.Sprintf(host.text, n) + host.before
				if n > 0 {
					text = host.after + text
				}
				texts = append(texts, text)
				file += text + broken(random, law[random.IntN(len(law))])
			}
			texts, file = append(texts, host.after), file+host.after
			requireKept(t, seed, name, file, texts, mended)
		}
	}
	for name := range hosts {
		if testing.Short() {
			break // one file of each is too few to say
		}
		assert.Positive(t, mended[name], "%s: nothing was ever mended", name)
	}
}

func requireKept(t *testing.T, seed uint64, name, before string, texts []string, mended map[string]int) {
	t.Helper()
	dir := folder(t, file(name, before))
	first := runIn(t, dir, "", nil, "check", "-format", "json", name)
	runIn(t, dir, "", nil, "check", "-fix", name)
	after := read(t, dir, name)
	second := runIn(t, dir, "", nil, "check", "-format", "json", name)
	told := fmt.Sprintf("seed %d, %s:\n%s\nbecame:\n%s", seed, name, before, after)
	if after != before {
		mended[name]++
	}
	rest := after
	for n, text := range texts {
		at := strings.Index(rest, text)
		require.False(t, at < 0 || n == 0 && at > 0, "%q is not there any more; %s", text, told)
		rest = rest[at+len(text):]
	}
	require.Empty(t, rest, told)
	find := languages[languageOf(name)]
	require.Len(t, find(piece{text: []byte(after)}), len(find(piece{text: []byte(before)})), told)
	known := errorsOf(t, first.out)
	for request, count := range errorsOf(t, second.out) {
		require.LessOrEqual(t, count, known[request], "request %d has more errors than before:\n%s\n%s", request, second.out, told)
	}
	runIn(t, dir, "", nil, "check", "-fix", name)
	require.Equal(t, after, read(t, dir, name), told)
	require.Equal(t, []string{name}, only(t, filepath.Clean(dir)))
}

// errorsOf counts the errors of a report by request. Where a text cannot be read to its end, another code may be told of what
// is left once something else in it is mended.
func errorsOf(t *testing.T, report string) map[int]int {
	count := map[int]int{}
	for line := range strings.Lines(report) {
		var f finding
		require.NoError(t, json.Unmarshal([]byte(line), &f))
		if f.Severity == core.Error {
			count[f.Request]++
		}
	}
	return count
}
