package check

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/completion-playground/playground/core/internal/effort"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/schema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The fast acceptance may never say yes where v5 says no, and a report has an error of the schema exactly where v5
// finds one.
func TestVerdictIsThatOfV5(t *testing.T) {
	t.Parallel()
	for _, name := range []string{schema.DefaultProfile, "openai", "vllm", "llamacpp", "tgi", "unions"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := unions()
			if name != "unions" {
				v = forProfile(t, name)
			}
			random := rand.New(rand.NewPCG(1, 2))
			rounds, accepted := effort.Rounds(5_000), 0
			for range rounds {
				src := randomRequest(random, v)
				compareWithV5(t, v, src)
				w := NewWork(v)
				if w.Check(src, finding.Error, &v.Limits); !w.Findings.Failed {
					accepted++
				}
			}
			assert.Greater(t, accepted, rounds/50)
			assert.Greater(t, rounds-accepted, rounds/40)
		})
	}
}

func FuzzVerdict(f *testing.F) {
	random := rand.New(rand.NewPCG(3, 4))
	atoma := forProfile(f, schema.DefaultProfile)
	for range 20 {
		f.Add(randomRequest(random, atoma))
	}
	for range 20 {
		f.Add(randomRequest(random, unions()))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		compareWithV5(t, atoma, src)
		compareWithV5(t, unions(), src)
	})
}

// forProfile compiles the embedded schema with a built-in profile.
func forProfile(t testing.TB, name string) *Checker {
	t.Helper()
	for _, p := range schema.BuiltinProfiles() {
		if p.Name == name {
			p.Fields = maps.Clone(p.Fields)
			for field, note := range p.Fields { // what a server does not look at goes unsaid, where v5 says it
				note.Mild = maps.Clone(note.Mild)
				maps.DeleteFunc(note.Mild, func(_ string, m schema.Mild) bool { return m.Severity == "off" })
				p.Fields[field] = note
			}
			v, err := NewChecker(nil, nil, p, "", jsontape.Limits{})
			require.NoError(t, err)
			return v
		}
	}
	t.Fatalf("no profile %q", name)
	return nil
}

// unions has a schema of unions, bounds of all kinds and containers that are tied by more than their items.
var unions = sync.OnceValue(func() *Checker {
	v, err := NewChecker([]byte(`{"type":"object","properties":{
		"model":{"anyOf":[{"type":"string","minLength":2},{"type":"integer","exclusiveMinimum":1}]},
		"prompt":{"anyOf":[{"type":"string"},{"type":"array","items":{"type":["string","integer"],"minimum":0},"minItems":2}]},
		"n":{"anyOf":[{"maximum":1},{"minimum":5,"exclusiveMinimum":5},{"type":"null"}]},
		"temperature":{"const":true},
		"stop":{"type":"array","items":{"type":"string"},"minItems":2,"uniqueItems":true},
		"logit_bias":{"type":["object","array"],"propertyNames":{"minLength":2},"additionalProperties":{"anyOf":[{"type":"number","exclusiveMaximum":1},{"type":"boolean"}]}},
		"stream_options":{"type":"object","required":["include_usage"],"properties":{"include_usage":{"type":"boolean"}},"additionalProperties":{"type":"integer"}},
		"seed":{"type":"integer","multipleOf":2},"user":{"enum":["x",1,null]}}}`), nil, schema.Profile{}, "allow", jsontape.Limits{})
	if err != nil {
		panic(err)
	}
	return v
})

// compareWithV5 checks a strict document against v5 alone, which sees the canonical instance.
func compareWithV5(t *testing.T, v *Checker, src []byte) {
	t.Helper()
	w := NewWork(v)
	w.Check(src, finding.Hint, &v.Limits)
	if len(w.Nodes) == 0 || w.Nodes[0].Kind != jsontape.Object || w.Syntax {
		return
	}
	wantErr := plan.Validate(v.Schema, canonicalInstance(w))
	got := false
	for _, f := range w.Findings.All {
		if strings.HasPrefix(f.Rule, "#/") && f.Rule != "#/additionalProperties" || strings.HasSuffix(f.Message, " is required") {
			got = true
		}
	}
	require.Equal(t, wantErr != nil, got, "%s\nv5: %v\nfound: %+v", src, wantErr, w.Findings.All)
}

// canonicalInstance is what v5 would see of the body: without names that are no field, which the profile judges.
func canonicalInstance(w *Work) map[string]any {
	m := w.explain.instance()
	for _, c := range w.Unknown {
		delete(m, w.Key(c))
	}
	for id := range w.checker.Fields {
		if o, ok := m[w.checker.Fields[id].Name].(map[string]any); ok && w.States[id].form == formRenamed {
			for _, property := range w.checker.Fields[id].Plan.Properties {
				from := plan.CamelCase(property.Name)
				if x, ok := o[from]; ok && from != property.Name {
					delete(o, from)
					o[property.Name] = x
				}
			}
		}
	}
	return m
}

var randomValues = strings.Fields(`1 0 -1 2 2.0 2.0000000000000001 1.99999999999999999999 1e0 10e-1 1E+1 -0 -0.0 0.5 1e22 1e-30
	9223372036854775807 9223372036854775808 -9223372036854775809 9.223372036854775807e18 1e18 20 21 5 100 100.5 -100 -100.000000000000001
	2147483647 2147483648 null true false "" "x" "\u0041" "a\nb" [] {} ["a"] ["a","b","c","d"] ["a","b","c","d","e"] [1,2] [[1],[2]] [1,"a"] [1.5]
	[1.0] [-1] [null] {"1":1} {"1":101} {"a":1} {"1":1,"1":200} {"include_usage":true} {"includeUsage":true} {"include_usage":1} {"x":1} {"":1}
	{"1\u0030":1} "\ud83d\ude00" [[]] [[1.0e0]] [[[]]] [""] 1e400 0.1 0.30000000000000004`)

func randomRequest(r *rand.Rand, v *Checker) []byte {
	var b strings.Builder
	b.WriteByte('{')
	add := func(key, value string) {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", key, value)
	}
	any := func() string { return randomValues[r.IntN(len(randomValues))] }
	if r.IntN(12) > 0 {
		add("model", `"m"`)
	}
	if r.IntN(12) > 0 {
		add("prompt", []string{`["x"]`, `"x"`, `["x","y"]`, any()}[r.IntN(4)])
	}
	for range r.IntN(4) {
		f := v.Fields[r.IntN(min(len(v.Fields), 24))]
		name := f.Name
		switch r.IntN(12) {
		case 0:
			name = f.Camel
		case 1:
			name = "colour"
		}
		add(name, any())
	}
	b.WriteByte('}')
	return []byte(b.String())
}
