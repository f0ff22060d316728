package core

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// TestNoFixMakesThingsWorse applies each fix of each text by itself, under every profile: its issue is gone, there is no
// error that was not there, and every other member of the request is as it was. The texts are the inputs of all cases, an
// example of each code, requests whose fields get in each other's way, and random mixtures of all their members.
func TestNoFixMakesThingsWorse(t *testing.T) {
	texts := fixableTexts(t)
	random := rand.New(rand.NewPCG(5, 9))
	members := membersOf(texts)
	for range effort.Rounds(500) {
		texts = append(texts, mixture(random, members))
	}
	tried := map[Code]int{}
	for _, p := range Profiles() {
		v, err := ForProfile(p.Name)
		require.NoError(t, err)
		for _, src := range texts {
			issues := v.Check(src).Issues
			for i := range issues {
				if issues[i].Fix != nil && issues[i].Rule != "syntax" {
					tried[issues[i].Code]++
					requireNoWorse(t, v, src, issues, i)
				}
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(tried)) {
		t.Logf("%-30s %6d fixes", code, tried[code])
	}
	assert.Greater(t, len(tried), 14, "%v", tried)
}

func requireNoWorse(t *testing.T, v *Validator, src []byte, issues []Issue, i int) {
	t.Helper()
	issue := issues[i]
	fixed, err := Apply(src, issue.Fix.Edits)
	require.NoError(t, err)
	after := v.Check(fixed).Issues
	type mistake struct {
		code Code
		path string
	}
	// A fix may give the member that it is about another name.
	path := func(i Issue) string {
		name, _, _ := strings.Cut(strings.TrimPrefix(i.Path, "/"), "/")
		return name
	}
	count := func(issues []Issue, least Severity) map[mistake]int {
		found := map[mistake]int{}
		for _, i := range issues {
			if i.Severity >= least {
				found[mistake{i.Code, path(i)}]++
			}
		}
		return found
	}
	own := mistake{issue.Code, path(issue)}
	before, left := count(issues, Hint), count(after, Hint)
	require.Less(t, left[own], before[own], "%s: %q does not help: %s\n%s", v.Profile().Name, issue.Fix.Title, src, fixed)
	for m, n := range count(after, Error) {
		require.LessOrEqual(t, n, count(issues, Error)[m], "%s: %q brings %v\n%s\n%s", v.Profile().Name, issue.Fix.Title, m, src, fixed)
	}
	// All other members are there still, byte for byte.
	others := func(src []byte) (list []string) {
		var tape jsontape.Tape
		loose.Read(&tape, src, jsontape.Limits{}.WithDefaults(), v.check.Request)
		if len(tape.Nodes) == 0 || tape.Nodes[0].Kind != jsontape.Object {
			return nil
		}
		for c := uint32(1); c < tape.Nodes[0].Next; c = tape.Nodes[c].Next {
			list = append(list, tape.Key(c)+": "+string(tape.Raw(c)))
		}
		return list
	}
	was, is := others(src), others(fixed)
	changed := 0
	for _, m := range was {
		if !slices.Contains(is, m) {
			changed++
		}
	}
	require.LessOrEqual(t, changed, 1, "%s: %q\n%s\n%s", v.Profile().Name, issue.Fix.Title, src, fixed)
}

// fixableTexts are the inputs of the cases and the examples of the codes, and requests whose fields get in each other's way.
func fixableTexts(t *testing.T) (texts [][]byte) {
	t.Helper()
	files, err := filepath.Glob("testdata/cases/*.txtar")
	require.NoError(t, err)
	for _, file := range append(files, "testdata/codes.txtar") {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, f := range txtar.Parse(text).Files {
			if f.Name != "profile" && (file == "testdata/codes.txtar" || f.Name == "input") && len(f.Data) < 2000 {
				texts = append(texts, bytes.TrimSuffix(f.Data, []byte("\n")))
			}
		}
	}
	for _, members := range []string{
		`"n":2,"best_of":1`, `"n":2,"best_of":1,"stream":true`, `"best_of":2,"stream_options":{}`, `"best_of":2,"stream_options":{},"stream":false`,
		`"top":0.9`, `"top":["x"]`, `"stp":"x"`, `"temprature":3`, `"temprature":"0.5"`, `"temprature":[0.5]`, `"temprature":"hot"`, `"steam":true,"best_of":3`,
		`"bestof":1,"n":3`, `"n":"2","best_of":1`, `"stream":"true","best_of":2`, `"stream":1,"use_beam_search":true`, `"echo":1`, `"echo":"yes"`, `"logprobs":true`,
		`"logprobs":true,"stream":true`, `"logprobs":false`, `"min_token":9`, `"mintokens":9,"max_tokens":"3"`, `"max_completion_tokens":5`, `"max_completion_tokens":0.5`,
		`"stream":true,"stream_options":{"include_usge":"yes"}`, `"stream":true,"stream_options":{"includ_usage":true}`, `"stream":true,"stream_options":{"continuous_usage_stat":true}`,
		`"promt":5`, `"messages":[{"role":"user","content":"a","name":"b"}]`, `"max_length":80,"rep_pen":1.1`, `"repeat_penalty":0`, `"num_predict":-2`, `"suffx":""`,
		`"top_p":1,"topP":0.5`, `"top_p":1`, `"user":7,"user":8`, `"timeout":3,"apiKey":"k"`, `"logit_bias":{"1":"5","2":101}`, `"stop":["a","b",5]`, `"seed":"7"`, `"seed":1.5`,
	} {
		for _, rest := range []string{`"model":"m","prompt":["x"],"max_tokens":5,`, `"model":"m",`, `"prompt":"x",`} {
			texts = append(texts, []byte("{"+rest+members+"}"))
		}
		texts = append(texts, []byte("{\n  // by hand\n  model: 'm',\n  prompt: 'x',\n  "+strings.ReplaceAll(members, `,"`, ",\n  \"")+",\n}"))
	}
	return texts
}

// membersOf returns the members of texts that are strict JSON.
func membersOf(texts [][]byte) (members []string) {
	for _, src := range texts {
		var tape jsontape.Tape
		if !tape.Scan(src, jsontape.Limits{}.WithDefaults()) || tape.Nodes[0].Kind != jsontape.Object {
			continue
		}
		for c := uint32(1); c < tape.Nodes[0].Next; c = tape.Nodes[c].Next {
			members = append(members, string(src[tape.Nodes[c].KeyStart:tape.Nodes[c].End]))
		}
	}
	slices.Sort(members)
	return slices.Compact(members)
}

func mixture(r *rand.Rand, members []string) []byte {
	list := []string{`"model": "m"`, `"prompt": ["x"]`, `"max_tokens": 5`}[r.IntN(2):]
	for range 1 + r.IntN(8) {
		list = append(list, members[r.IntN(len(members))])
	}
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return []byte("{" + strings.Join(list, ", ") + "}")
}
