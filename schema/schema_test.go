package schema_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type object = map[string]any

// decode keeps numbers as they are written, which is how v5 takes them.
func decode(t *testing.T, text []byte) object {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var o object
	require.NoError(t, d.Decode(&o))
	return o
}

// merge is RFC 7396 once more, so that the profiles do not depend on the core's reading of it.
func merge(target, patch any) any {
	p, ok := patch.(object)
	if !ok {
		return patch
	}
	t, ok := target.(object)
	if !ok {
		t = object{}
	}
	for name, v := range p {
		if v == nil {
			delete(t, name)
			continue
		}
		t[name] = merge(t[name], v)
	}
	return t
}

func compile(t *testing.T, doc any) *jsonschema.Schema {
	t.Helper()
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	require.NoError(t, c.AddResource("urn:test", bytes.NewReader(text)))
	s, err := c.Compile("urn:test")
	require.NoError(t, err)
	return s
}

func profiles(t *testing.T) map[string]core.Profile {
	t.Helper()
	files, err := fs.Glob(schema.Profiles, "profiles/*.json")
	require.NoError(t, err)
	list := map[string]core.Profile{}
	for _, file := range files {
		text, err := fs.ReadFile(schema.Profiles, file)
		require.NoError(t, err)
		p, err := core.ParseProfile(text)
		require.NoError(t, err, file)
		require.Equal(t, strings.TrimSuffix(path.Base(file), ".json"), p.Name)
		list[p.Name] = p
	}
	return list
}

// merged returns the request schema as a profile's server sees it.
func merged(t *testing.T, p core.Profile) object {
	t.Helper()
	return merge(decode(t, schema.Request), decode(t, p.Schema)).(object)
}

func properties(o object) map[string]object {
	list := map[string]object{}
	for name, p := range o["properties"].(object) {
		list[name] = p.(object)
	}
	return list
}

var camel = regexp.MustCompile(`_[a-z]`)

func camelCase(name string) string {
	return camel.ReplaceAllStringFunc(name, func(s string) string { return strings.ToUpper(s[1:]) })
}

func TestProfilesAreAllThere(t *testing.T) {
	names := slices.Sorted(maps.Keys(profiles(t)))
	assert.Equal(t, []string{"atoma", "demo", "fireworks", "koboldcpp", "llamacpp", "ollama", "openai", "openrouter", "portable", "sglang", "tgi", "together", "vllm"}, names)
}

// What a form needs stands on every property.
func TestProperties(t *testing.T) {
	doc := decode(t, schema.Request)
	groups := map[string]bool{}
	for _, g := range doc["x-groups"].([]any) {
		g := g.(object)
		groups[g["name"].(string)] = true
		assert.NotEmpty(t, g["title"])
		assert.NotEmpty(t, g["description"])
	}
	controls := []string{"model", "prompts", "text", "switch", "integer", "slider", "tags", "bias", "object"}
	var check func(t *testing.T, props map[string]object, top bool)
	check = func(t *testing.T, props map[string]object, top bool) {
		orders := map[json.Number]string{}
		for name, p := range props {
			t.Run(name, func(t *testing.T) {
				assert.NotEmpty(t, p["title"])
				assert.NotEmpty(t, p["description"])
				assert.Contains(t, controls, p["x-control"])
				order, ok := p["x-order"].(json.Number)
				require.True(t, ok, "x-order is a number")
				assert.Empty(t, orders[order], "x-order %s is taken", order)
				orders[order] = name
				if top {
					assert.True(t, groups[p["x-group"].(string)], "group %v", p["x-group"])
				}
				examples, _ := p["examples"].([]any)
				assert.NotEmpty(t, examples)
				s := compile(t, p)
				for _, e := range examples {
					assert.NoError(t, s.Validate(e))
				}
				if def, ok := p["default"]; ok {
					assert.NoError(t, s.Validate(def))
				}
				if sub, ok := p["properties"]; ok {
					check(t, properties(object{"properties": sub}), false)
				}
			})
		}
	}
	check(t, properties(doc), true)
	for name := range groups {
		assert.True(t, slices.ContainsFunc(slices.Collect(maps.Values(properties(doc))), func(p object) bool { return p["x-group"] == name }), "group %s is empty", name)
	}
}

// The facts of the origin's type, restated by hand.
func TestRanges(t *testing.T) {
	props := properties(decode(t, schema.Request))
	assert.Equal(t, []string{
		"best_of", "echo", "frequency_penalty", "logit_bias", "logprobs", "max_tokens", "model", "n", "presence_penalty", "prompt",
		"seed", "stop", "stream", "stream_options", "suffix", "temperature", "top_p", "user",
	}, slices.Sorted(maps.Keys(props)))
	assert.Equal(t, []any{"model", "prompt"}, decode(t, schema.Request)["required"])
	number := func(low, high string) object {
		return object{"minimum": json.Number(low), "maximum": json.Number(high)}
	}
	for _, c := range []struct {
		name string
		want object
	}{
		{"frequency_penalty", number("-2", "2")},
		{"presence_penalty", number("-2", "2")},
		{"logprobs", number("0", "20")},
		{"temperature", number("0", "2")},
		{"seed", number("-9223372036854775808", "9223372036854775807")},
		{"stop", object{"type": "array", "maxItems": json.Number("4"), "items": object{"type": "string"}}},
		{"prompt", object{"type": "array", "items": object{"type": "string"}}},
		{"max_tokens", object{"type": "integer", "default": json.Number("16")}},
		{"best_of", object{"type": "integer", "default": json.Number("1")}},
		{"n", object{"type": "integer", "default": nil}},
		{"echo", object{"type": "boolean", "default": false}},
		{"stream", object{"type": "boolean", "default": nil}},
	} {
		for keyword, want := range c.want {
			assert.Equal(t, want, props[c.name][keyword], "%s of %s", keyword, c.name)
		}
	}
	bias := props["logit_bias"]["additionalProperties"].(object)
	assert.Equal(t, "number", bias["type"])
	assert.Equal(t, json.Number("-100"), bias["minimum"])
	assert.Equal(t, json.Number("100"), bias["maximum"])
}

// Descriptions are the project's own; these turns of phrase are those of the origin and its relatives.
func TestDescriptionsAreOwn(t *testing.T) {
	foreign := []string{
		"positive values penalize", "existing frequency in the", "whether they appear in the text so far",
		"modify the likelihood of specified", "mathematically, the bias", "maximum number of tokens to generate",
		"number of most likely tokens to return", "id of the model to use", "how many chat completion choices",
		"prompt to generate completions for", "make a best effort to sample", "stop generating further tokens",
		"stream back partial progress", "suffix that comes after", "what sampling temperature to use",
		"alternative to sampling with temperature", "unique identifier representing",
	}
	for name, p := range profiles(t) {
		text, err := json.Marshal(merged(t, p))
		require.NoError(t, err)
		for _, phrase := range foreign {
			assert.NotContains(t, strings.ToLower(string(text)), phrase, name)
		}
	}
}

var (
	mark    = regexp.MustCompile(`\[[SDIKUM](/[SDIKUM])?\]`)
	wire    = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	stopped = regexp.MustCompile(`\.$`)
)

// Whatever a profile says names something that exists, gives people a reason and says where it was read.
func TestProfiles(t *testing.T) {
	base := properties(decode(t, schema.Request))
	for name, p := range profiles(t) {
		t.Run(name, func(t *testing.T) {
			doc := merged(t, p)
			compile(t, doc)
			props := properties(doc)
			assert.NotEmpty(t, p.Title)
			assert.Regexp(t, `\.$`, p.Summary)
			assert.NotEmpty(t, p.DefaultMaxTokens)
			assert.NotEmpty(t, p.Evidence)

			for field, n := range p.Fields {
				assert.Contains(t, props, field, "note")
				if n.Use != "" {
					assert.NotEmpty(t, n.Why, "note on %s", field)
					assert.NotRegexp(t, stopped, n.Why)
					assert.Regexp(t, mark, n.Evidence, "note on %s", field)
				}
				if n.With != "" {
					assert.Contains(t, props, n.With, "with of %s", field)
				}
				for kind, m := range n.Mild {
					if m.Severity == "off" {
						assert.NotEmpty(t, n.Evidence)
						continue
					}
					assert.NotRegexp(t, stopped, m.Why)
					assert.Regexp(t, mark, m.Evidence, "%s of %s", kind, field)
				}
			}
			for kind, m := range p.Mild {
				assert.NotRegexp(t, stopped, m.Why)
				assert.Regexp(t, mark, m.Evidence, kind)
			}
			for _, l := range p.Limits {
				assert.Contains(t, props, l.Field, "limit")
				assert.NotEmpty(t, l.Why, "limit on %s", l.Field)
				assert.NotRegexp(t, stopped, l.Why)
				assert.Regexp(t, mark, l.Evidence, "limit on %s", l.Field)
				compile(t, decode(t, l.Schema))
			}
			for _, r := range p.Versions {
				assert.Regexp(t, mark, r.Evidence, "versions until %s", r.Until)
				for field, n := range r.Fields {
					assert.Contains(t, props, field, "note for versions until %s", r.Until)
					assert.NotRegexp(t, stopped, n.Why)
				}
				for _, l := range r.Limits {
					assert.Contains(t, props, l.Field, "limit for versions until %s", r.Until)
					assert.NotEmpty(t, l.Why)
				}
				compile(t, merged(t, p.At(cmp.Or(r.Since, "0"))))
			}
			for rule, severity := range p.Rules {
				if severity == "off" {
					assert.NotEmpty(t, p.Evidence[rule], "rule %s", rule)
					continue
				}
				assert.Regexp(t, mark, p.Evidence[rule], "rule %s", rule)
			}

			for field, prop := range props {
				if _, ok := base[field]; ok {
					continue
				}
				assert.Regexp(t, wire, field)
				assert.NotEmpty(t, prop["title"], field)
				assert.Regexp(t, stopped, prop["description"], field)
				assert.NotEmpty(t, prop["type"], field)
				assert.Equal(t, "server", prop["x-group"], field)
				for other := range base {
					assert.NotEqual(t, camelCase(other), camelCase(field))
				}
			}
		})
	}
}

// A host leads to one profile.
func TestHosts(t *testing.T) {
	seen := map[string]string{}
	for name, p := range profiles(t) {
		assert.NotEmpty(t, p.Hosts, name)
		for _, h := range p.Hosts {
			assert.Regexp(t, `^(:\d+|\.?[a-z0-9-]+(\.[a-z0-9-]+)+)$`, h)
			assert.Empty(t, seen[h], "%s is named twice", h)
			seen[h] = name
		}
	}
	for host, want := range map[string]string{
		"api.openai.com": "openai", "api.openai.com:8000": "openai", "n.openai.azure.com": "openai", "localhost:11434": "ollama",
		"[::1]:8000": "vllm", "[::1]": "", "api.example.com": "", "openai.com": "", "": "", "xapi.openai.com": "",
	} {
		assert.Equal(t, want, schema.ProfileAt(host), host)
	}
}

// A field that two servers share means the same on both, so that it reads the same.
func TestSharedFieldsHaveOneTitle(t *testing.T) {
	base := properties(decode(t, schema.Request))
	titles := map[string]any{}
	for name, p := range profiles(t) {
		for field, prop := range properties(merged(t, p)) {
			if _, ok := base[field]; ok {
				continue
			}
			if titles[field] == nil {
				titles[field] = prop["title"]
			}
			assert.Equal(t, titles[field], prop["title"], "%s of %s", field, name)
		}
	}
}

// What the portable profile lets pass, every other profile lets pass, apart from the form of a lone prompt.
func TestPortableIsTheStrictest(t *testing.T) {
	all := profiles(t)
	strict := compile(t, merged(t, all["portable"]))
	for _, text := range []string{
		`{"model":"m","prompt":["a"]}`,
		`{"model":"m","prompt":["a"],"max_tokens":1,"temperature":2,"top_p":0.01,"seed":2147483647,"stop":["a","b","c","d"]}`,
		`{"model":"m","prompt":["a"],"frequency_penalty":-2,"presence_penalty":2,"n":1,"stream":true,"stream_options":{"include_usage":true}}`,
		`{"model":"m","prompt":["a"],"logprobs":5,"logit_bias":{"11":-100},"user":"u"}`,
	} {
		require.NoError(t, strict.Validate(decode(t, []byte(text))), text)
		for name, p := range all {
			assert.NoError(t, compile(t, merged(t, p)).Validate(decode(t, []byte(text))), "%s: %s", name, text)
		}
	}
	limits := []string{
		`{"prompt":["a","b"]}`, `{"max_tokens":0}`, `{"top_p":0}`, `{"top_p":1}`, `{"seed":-1}`, `{"seed":2147483648}`,
		`{"n":2}`, `{"logprobs":6}`, `{"logit_bias":{"11":0.5}}`, `{"temperature":2.1}`, `{"stop":["a","b","c","d","e"]}`, `{"top_k":1}`,
	}
	for _, text := range limits {
		body := decode(t, []byte(`{"model":"m","prompt":["a"]}`))
		maps.Copy(body, decode(t, []byte(text)))
		assert.Error(t, strict.Validate(body), text)
	}
}

func TestPromptForms(t *testing.T) {
	forms := map[string]string{
		"texts": `["a","b"]`, "ids": `[1,2]`, "lists of ids": `[[1,2],[3]]`,
		"empty": `[]`, "negative id": `[-1]`, "mixed": `["a",1]`, "empty list of ids": `[[]]`, "a lone id": `1`,
	}
	takes := func(more ...string) []string { return more }
	tokens := takes("ids", "lists of ids", "texts")
	want := map[string][]string{
		"atoma": takes("texts"), "demo": takes("texts"), "tgi": takes("texts"), "ollama": nil, "together": nil, "portable": nil, "koboldcpp": nil,
		"openai": tokens, "vllm": tokens, "llamacpp": takes("empty list of ids", "ids", "lists of ids", "mixed", "texts"), "sglang": tokens, "fireworks": tokens, "openrouter": tokens,
	}
	for name, p := range profiles(t) {
		s := compile(t, merged(t, p))
		var got []string
		for form, prompt := range forms {
			if s.Validate(decode(t, []byte(`{"model":"m","prompt":`+prompt+`}`))) == nil {
				got = append(got, form)
			}
		}
		slices.Sort(got)
		assert.Equal(t, want[name], got, name)
	}
}

func TestForeign(t *testing.T) {
	var doc struct {
		Names []struct {
			Name, From, Means, Note string
			Secret                  bool
		}
	}
	d := json.NewDecoder(bytes.NewReader(schema.Foreign))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&doc))
	base := properties(decode(t, schema.Request))
	known := map[string]bool{}
	elsewhere := map[string]bool{} // KoboldCpp reads the names of its own endpoint on this one too
	for name, p := range profiles(t) {
		for field := range properties(merged(t, p)) {
			known[field] = true
			elsewhere[field] = elsewhere[field] || name != "koboldcpp"
		}
	}
	seen := map[string]bool{}
	for _, n := range doc.Names {
		assert.False(t, seen[n.Name], "%s stands twice", n.Name)
		seen[n.Name] = true
		assert.NotContains(t, base, n.Name)
		assert.Contains(t, []string{"chat", "responses", "sdk", "native"}, n.From, n.Name)
		assert.NotEmpty(t, n.Note, n.Name)
		assert.NotRegexp(t, stopped, n.Note, n.Name)
		if n.Means != "" {
			assert.True(t, known[n.Means], "%s means %s", n.Name, n.Means)
		}
		if n.From == "native" && n.Means == "" {
			assert.False(t, elsewhere[n.Name], "%s is a field of some server", n.Name)
		}
		if n.Secret {
			assert.Equal(t, "sdk", n.From, n.Name)
		}
	}
	assert.True(t, seen["messages"] && seen["api_key"] && seen["max_new_tokens"] && seen["input"])
}

// The examples are what a good request looks like: nothing to mend, nothing to convert.
func TestExamples(t *testing.T) {
	files, err := fs.Glob(schema.Examples, "examples/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	s := compile(t, decode(t, schema.Request))
	for _, file := range files {
		text, err := fs.ReadFile(schema.Examples, file)
		require.NoError(t, err)
		assert.NoError(t, s.Validate(decode(t, text)), file)
		report := core.Check(text)
		assert.Empty(t, report.Issues, file)
		assert.Empty(t, report.Changes, file)

		var pretty bytes.Buffer
		require.NoError(t, json.Indent(&pretty, text, "", "  "))
		assert.Equal(t, pretty.String(), string(text), "%s: two spaces a level", file)
	}
}
