package core

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core/internal/jsontape"

	"github.com/completion-playground/playground/schema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryProfileCompiles(t *testing.T) {
	for _, p := range Profiles() {
		_, err := ForProfile(p.Name)
		require.NoError(t, err, p.Name)
	}
	_, err := ForProfile("nobody")
	require.EqualError(t, err, `no profile "nobody"`)
	assert.Equal(t, DefaultProfile, Profiles()[0].Name)
}

func TestExamplesAreValid(t *testing.T) {
	entries, err := schema.Examples.ReadDir("examples")
	require.NoError(t, err)
	require.NotEmpty(t, entries)
	for _, e := range entries {
		text, err := schema.Examples.ReadFile("examples/" + e.Name())
		require.NoError(t, err)
		r := Check(text)
		assert.NoError(t, r.Err(), e.Name())
	}
}

func TestTypedRequestKeepsAbsentApart(t *testing.T) {
	r := Check([]byte(`{"model":"m","prompt":["a","b"],"temperature":0,"seed":9007199254740993,"logit_bias":{"5":-1.5},
		"streamOptions":{"includeUsage":false},"stream":true,"max_tokens":1e1,"stop":"x","top_k":3}`))
	require.NoError(t, r.Err())
	want := &CompletionRequest{
		Model: "m", Prompt: Prompt{Texts: []string{"a", "b"}},
		Temperature: Some(0.0), Seed: Some[int64](9007199254740993), LogitBias: Some(LogitBias{{5, -1.5}}),
		StreamOptions: Some(StreamOptions{IncludeUsage: Some(false)}), Stream: Some(true), MaxTokens: Some[int64](10),
		Stop: Some([]string{"x"}), Extra: []Member{{Name: "top_k", Value: json.RawMessage("3")}},
	}
	assert.Equal(t, want, r.Request)
	assert.False(t, r.Request.TopP.Set)
}

// The body is a fixed point: checking it changes nothing and gives the same request.
func TestBodyIsCanonical(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.txtar")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		_, rest, ok := bytes.Cut(text, []byte("-- body --\n"))
		if !ok || bytes.Contains(text, []byte("-- profile --")) {
			continue
		}
		body, _, _ := bytes.Cut(rest, []byte("\n"))
		r := Check(body)
		require.NoError(t, r.Err(), file)
		assert.Empty(t, r.Changes, file)
		assert.Equal(t, string(body), string(Body(body)), file)
	}
}

// What a check of a valid request leaves to the garbage collector: nothing, and of a report the typed request and
// the texts that it holds.
func TestAllocations(t *testing.T) {
	v := Default()
	assert.Zero(t, testing.AllocsPerRun(200, func() { v.Valid(benchRequest) }))
	assert.LessOrEqual(t, testing.AllocsPerRun(200, func() { v.Check(benchRequest) }), 2.0)
}

// What is wrong with values goes to the server as it is, and the rest as in any body; a text that has to be guessed does not.
func TestDraftBody(t *testing.T) {
	for text, want := range map[string]string{
		`{prompt: 'x', model: "m", temperature: 9, /* hot */}`:               `{"model":"m","prompt":["x"],"temperature":9}`,
		`{"maxTokens":1.5,"prompt":"x","n":null,"seed":9223372036854775808}`: `{"prompt":["x"],"max_tokens":1.5,"seed":9223372036854775808}`,
		`{"model":5,"stop":"a","stop":{"b":[]},"x":01}`:                      "",
		`{"model":5,"stop":"a","stop":{"b":[]},"x":"\ud83d"}`:                `{"model":5,"stop":{"b":[]},"x":"\ud83d"}`,
		"[1, 2,]":                    "[1,2]",
		"'a'":                        `"a"`,
		`{"model":"m","prompt":["x}`: "",
		"curl https://x.example":     "",
		"":                           "",
	} {
		assert.Equal(t, want, string(DraftBody([]byte(text))), text)
	}
}

func TestReportDoesNotAliasTheText(t *testing.T) {
	src := []byte(`{"model":"model-name","prompt":["prompt-text"],"max_tokens":5,"foo":[1,2],"temperature":"hot"}`)
	r := Check(src)
	before := fmt.Sprint(r)
	ok := bytes.Replace(src, []byte(`"hot"`), []byte(`0.25 `), 1)
	r2 := Check(ok)
	body := Body(ok)
	before2 := fmt.Sprint(*r2.Request, string(body))
	for _, b := range [][]byte{src, ok} {
		for i := range b {
			b[i] = '#'
		}
	}
	assert.Equal(t, before, fmt.Sprint(r))
	assert.Equal(t, before2, fmt.Sprint(*r2.Request, string(body)))
}

func TestLimits(t *testing.T) {
	v, err := Compile(nil, Options{Limits: Limits{Bytes: 100, Depth: 3, Issues: 2}})
	require.NoError(t, err)
	codes := func(src string) (list []Code) {
		for _, i := range v.Check([]byte(src)).Issues {
			list = append(list, i.Code)
		}
		return list
	}
	assert.Equal(t, []Code{CodeTooLarge}, codes(strings.Repeat(" ", 101)))
	assert.Contains(t, codes(`{"model":"m","prompt":[[[["x"]]]]}`), CodeTooDeep)
	for _, text := range []string{`{"model":"m","max_tokens":1,"prompt":["x"%s]}`, `{model:"m","max_tokens":1,prompt:["x"%s]}`} {
		v, err := Compile(nil, Options{Limits: Limits{Values: 6}})
		require.NoError(t, err)
		src := fmt.Appendf(nil, text, `,"y"`)
		assert.NoError(t, v.Check(src).Err(), "six values")
		src = fmt.Appendf(nil, text, `,"y","z"`)
		r := v.Check(src)
		require.Len(t, r.Issues, 1, "seven values")
		assert.Equal(t, CodeTooLarge, r.Issues[0].Code)
		assert.Equal(t, "limits/values", r.Issues[0].Rule)
		assert.Equal(t, bytes.Index(src, []byte(`"z"`)), r.Issues[0].Span.Start.Byte)
		comma := fmt.Appendf(nil, text, `,"y",`)
		assert.NotContains(t, fmt.Sprint(v.Check(comma).Issues), "too many", "six values and a comma")
		for _, edit := range []func() ([]TextEdit, error){
			func() ([]TextEdit, error) { return v.Format(src) },
			func() ([]TextEdit, error) { return v.Unset(src, "/prompt") },
		} {
			_, err := edit()
			assert.ErrorContains(t, err, "at most 6")
		}
		edits, err := v.FixAll(src)
		assert.NoError(t, err)
		assert.Empty(t, edits)
		_, err = v.Set([]byte(`{}`), "/prompt", []byte(`[1,2,3,4,5,6]`))
		assert.ErrorContains(t, err, "too large")
	}
	assert.Equal(t, []Code{CodeTooManyItems, CodeTooManyIssues}, codes(`{"stop":[1,2,3,4,5],"model":1,"n":0,"prompt":5}`))
}

func TestCompileForeignSchema(t *testing.T) {
	v, err := Compile([]byte(`{"type":"object","required":["name"],"properties":{
		"name":{"type":"string","minLength":2,"maxLength":4},"big_number":{"$ref":"#/$defs/big"},"kind":{"enum":["a","b"]}},
		"$defs":{"big":{"type":"integer","minimum":10}},
		"if":{"properties":{"kind":{"const":"a"}},"required":["kind"]},"then":{"required":["big_number"]}}`), Options{})
	require.NoError(t, err)
	for src, want := range map[string]string{
		`{"name":"abc"}`:                                "",
		`{"name":"abc","kind":"b"}`:                     "",
		`{"name":"abc","kind":"a","bigNumber":12}`:      "",
		`{"name":"abc","kind":"a"}`:                     "missing-field",
		`{"name":"abc","kind":"c"}`:                     "schema",
		`{"name":"a"}`:                                  "too-short",
		`{"name":"abcde"}`:                              "too-long",
		`{"name":"abc","big_number":3,"other":[1,{}]}`:  "out-of-range",
		`{"name":"abc","kind":"a","big_number":"many"}`: "wrong-type",
	} {
		r := v.Check([]byte(src))
		var codes []string
		for _, i := range r.Issues {
			if i.Severity == Error {
				codes = append(codes, string(i.Code))
			}
		}
		assert.Equal(t, want, strings.Join(codes, " "), src)
	}
	_, err = Compile([]byte(`{"type":"strin"}`), Options{})
	assert.ErrorContains(t, err, "schema")
	_, err = Compile([]byte(`{"$ref":"https://example.com/x.json"}`), Options{})
	assert.ErrorContains(t, err, "only references within it")
	_, err = Compile([]byte(`[]`), Options{})
	assert.Error(t, err)
	_, err = Compile(nil, Options{Unknown: "maybe"})
	assert.ErrorContains(t, err, "maybe")
}

func TestOverlay(t *testing.T) {
	v, err := Compile(nil, Options{Overlay: []byte(`{"properties":{"temperature":{"maximum":1},"tenant":{"type":"string"}}}`), Unknown: "error"})
	require.NoError(t, err)
	r := v.Check([]byte(`{"model":"m","prompt":"x","temperature":1.5,"tenant":5,"colour":1}`))
	var got []string
	for _, i := range r.Issues {
		if i.Severity == Error {
			got = append(got, i.Path+" "+string(i.Code))
		}
	}
	assert.Equal(t, []string{"/temperature out-of-range", "/tenant wrong-type", "/colour unknown-field"}, got)
}

// What the plan takes apart and what only v5 knows end in the same verdict.
func TestOwnSchemasAreLeftToV5(t *testing.T) {
	for _, c := range []struct{ schema, value, want string }{
		{`{"anyOf":[{"maximum":1},{"minimum":5}]}`, `3`, `/anyOf/`},
		{`{"anyOf":[{"type":"string"},{"type":"integer"}]}`, `1.5`, `not-integer`},
		{`{"anyOf":[{"type":"string"},{"type":"integer"}]}`, `{}`, `wrong-type`},
		{`{"anyOf":[{"type":"object","required":["a"]},{"type":"integer"}]}`, `{}`, `wrong-type`},
		{`{"const":true}`, `{}`, `/const`},
		{`{"const":true}`, `[1]`, `/const`},
		{`{"const":true}`, `1`, `/const`},
		{`{"type":"array","items":{"type":"string"},"minItems":2}`, `"a"`, `too-few-items`},
		{`{"propertyNames":{"type":"integer"}}`, `{"a":1}`, `/propertyNames`},
		{`{"type":"number","minimum":2,"exclusiveMinimum":2}`, `2`, `more than 2`},
		{`{"type":"number","maximum":2,"exclusiveMaximum":2}`, `2.0`, `less than 2`},
		{`{"type":"number","maximum":2,"exclusiveMaximum":3}`, `2.5`, `at most 2`},
	} {
		v, err := Compile([]byte(`{"type":"object","properties":{"x":`+c.schema+`}}`), Options{})
		require.NoError(t, err)
		src := []byte(`{"x":` + c.value + `}`)
		r := v.Check(src)
		assert.False(t, v.Valid(src), "%s %s", c.schema, c.value)
		require.Len(t, r.Issues, 1, "%s %s", c.schema, c.value)
		assert.Contains(t, r.Issues[0].String()+r.Issues[0].Rule, c.want, "%s %s", c.schema, c.value)
		assert.NotRegexp(t, `[;,] *$`, r.Issues[0].Message)
	}
}

// Sixty-four fields can be told apart by a bit; what stands beyond is looked at all the same.
func TestManySoftLimits(t *testing.T) {
	p := Profile{Name: "own", Unknown: "refused"}
	var properties []string
	for i := range 70 {
		name := fmt.Sprintf("f%d", i)
		properties = append(properties, `"`+name+`":{"type":"integer"}`)
		p.Limits = append(p.Limits, SoftLimit{Field: name, Schema: json.RawMessage(`{"maximum":1}`), Severity: "error", Why: "it is so", Evidence: "this test"})
	}
	p.Schema = json.RawMessage(`{"properties":{` + strings.Join(properties, ",") + `}}`)
	v, err := Compile(nil, Options{Profile: p})
	require.NoError(t, err)
	for i := range 70 {
		src := fmt.Appendf(nil, `{"model":"m","prompt":["x"],"max_tokens":5,"f%d":%%d}`, i)
		assert.True(t, v.Valid(fmt.Appendf(nil, string(src), 1)), i)
		assert.False(t, v.Valid(fmt.Appendf(nil, string(src), 2)), i)
		assert.Empty(t, v.Check(fmt.Appendf(nil, string(src), 1)).Issues)
	}
}

// A text that only begins says no more than an empty one.
func TestEmptyTextThatIsNotClosed(t *testing.T) {
	for _, text := range []string{`{"model":""}`, `{"model":"}`, `{model:''}`} {
		var messages []string
		for _, i := range Check([]byte(text)).Issues {
			if i.Code == CodeTooShort {
				messages = append(messages, i.Message)
			}
		}
		assert.Equal(t, []string{"got an empty text"}, messages, text)
	}
}

// Two spellings of a name may take the same number of bytes.
func TestSpellingsOfOneLength(t *testing.T) {
	v, err := Compile(nil, Options{Overlay: []byte(`{"properties":{"a_ɐ":{"type":"integer"}}}`)})
	require.NoError(t, err)
	src := []byte(`{"model":"m","prompt":["x"],"aⱯ":1}`)
	r := v.Check(src)
	require.NoError(t, r.Err())
	require.Len(t, r.Changes, 1)
	assert.Equal(t, ChangeRenamed, r.Changes[0].Kind)
	assert.Contains(t, string(v.Body(src)), `"a_ɐ":1`)
}

// Names of more than sixteen bytes are compared as a whole.
func TestLongNamesThatLookAlike(t *testing.T) {
	r := Check([]byte(`{"model":"m","prompt":["x"],"max_tokens":5,"frequencZ_penalty":1}`))
	require.Len(t, r.Issues, 1)
	assert.Equal(t, CodeUnknownField, r.Issues[0].Code)
	assert.False(t, r.Request.FrequencyPenalty.Set)
}

func TestListsOfARequestAreApart(t *testing.T) {
	r := Check([]byte(`{"model":"m","prompt":["a"],"max_tokens":5,"stop":["b"],"logit_bias":{"1":1}}`)).Request
	_ = append(r.Prompt.Texts, "changed")
	_ = append(r.Stop.Value, "changed")
	_ = append(r.LogitBias.Value, TokenBias{Token: 9})
	assert.Equal(t, []string{"a"}, r.Prompt.Texts)
	assert.Equal(t, []string{"b"}, r.Stop.Value)
	assert.Equal(t, LogitBias{{1, 1}}, r.LogitBias.Value)
}

// What has no room in the typed request stands in Extra in the order in which it is sent.
func TestExtraIsInOrder(t *testing.T) {
	v, err := Compile(nil, Options{Overlay: []byte(`{"properties":{"n":{"type":["integer","string"]},"a_first":{"x-order":0},"user":{"type":["string","integer"]},"stop":{"type":["array","integer"]}}}`)})
	require.NoError(t, err)
	src := []byte(`{"model":"m","prompt":["x"],"user":7,"a_first":1,"n":"two","stop":3}`)
	r := v.Check(src)
	require.NoError(t, r.Err())
	var names []string
	for _, m := range r.Request.Extra {
		names = append(names, m.Name)
	}
	assert.Equal(t, []string{"stop", "n", "user", "a_first"}, names)
	assert.Equal(t, `{"model":"m","prompt":["x"],"stop":3,"n":"two","user":7,"a_first":1}`, string(v.Body(src)))
}

func TestSchemaIsWhatIsChecked(t *testing.T) {
	v, err := Compile(nil, Options{Overlay: []byte(`{"properties":{"temperature":{"maximum":1},"user":null}}`)})
	require.NoError(t, err)
	text := v.Schema()
	var doc struct {
		Properties map[string]struct{ Maximum json.Number }
	}
	require.NoError(t, json.Unmarshal(text, &doc))
	assert.Equal(t, json.Number("1"), doc.Properties["temperature"].Maximum)
	assert.Equal(t, json.Number("9223372036854775807"), doc.Properties["seed"].Maximum)
	assert.NotContains(t, doc.Properties, "user")
	again, err := Compile(text, Options{})
	require.NoError(t, err)
	assert.Equal(t, string(text), string(again.Schema()))
	text[0] = '#'
	assert.NotEqual(t, text, v.Schema())
}

// Servers see the last of several members with one name; so does whoever reads the body or the typed request.
func TestBodyHoldsNoDuplicates(t *testing.T) {
	v, err := ForProfile("vllm")
	require.NoError(t, err)
	for members, want := range map[string]string{
		`"logit_bias":{"1":200,"2":1,"1":3}`:                                                `"logit_bias":{"2":1,"1":3}`,
		`"stream":true,"streamOptions":{"includeUsage":1,"includeUsage":true}`:              `"stream":true,"stream_options":{"include_usage":true}`,
		`"x":{"a":1,"a":{"b":1,"\u0062":[{"c":1,"c":2}]}}`:                                  `"x":{"a":{"\u0062":[{"c":2}]}}`,
		`"top_k":5,"x":1,"top_k":6,"x":2`:                                                   `"top_k":6,"x":2`,
		`"stream":true,"stream_options":{"continuousUsageStats":true,"include_usage":true}`: `"stream":true,"stream_options":{"continuous_usage_stats":true,"include_usage":true}`,
	} {
		const head = `{"model":"m","prompt":["x"],"max_tokens":5,`
		src := []byte(head + members + "}")
		r := v.Check(src)
		require.NoError(t, r.Err(), members)
		assert.Equal(t, head+want+"}", string(v.Body(src)))
		typed, err := json.Marshal(r.Request)
		require.NoError(t, err)
		assert.JSONEq(t, string(v.Body(src)), string(typed))
	}
}

// One mistake, one message: what only follows from another is not reported.
func TestNoEchoes(t *testing.T) {
	for _, c := range []struct{ profile, members, want string }{
		{"atoma", `"stream_options":{"include_usage":true},"stream":"true"`, "wrong-type"},
		{"atoma", `"stream_options":5`, "wrong-type"},
		{"openai", `"n":129,"best_of":2`, "out-of-range"},
		{"openai", `"n":0.5,"temperature":0`, "not-integer"},
		{"llamacpp", `"suffix":5`, "ignored-field"},
		{"llamacpp", `"best_of":"x"`, "ignored-field"},
		{"vllm", `"suffix":5`, "refused-field"},
		{"llamacpp", `"best_of":1.0`, ""},
		{"ollama", `"best_of":1.0`, ""},
		{"atoma", `"logit_bias":{"1":200,"1":"x","1":3}`, "duplicate-key duplicate-key"},
		{"atoma", `"prompt":[1,2,`, "duplicate-key token-prompt unclosed-bracket"},
	} {
		v, err := ForProfile(c.profile)
		require.NoError(t, err)
		end := "}"
		if strings.HasSuffix(c.members, ",") {
			end = ""
		}
		var codes []string
		for _, i := range v.Check([]byte(`{"model":"m","prompt":["x"],"max_tokens":5,` + c.members + end)).Issues {
			codes = append(codes, string(i.Code))
		}
		slices.Sort(codes)
		assert.Equal(t, c.want, strings.Join(codes, " "), c.members)
	}
}

// A field of another server is never taken for a misspelled one of this server, however it is spelt.
func TestFieldsOfOtherServersAreKnown(t *testing.T) {
	v, err := ForProfile("openai")
	require.NoError(t, err)
	for _, name := range []string{"top_k", "topK", "min_p", "minP"} {
		issues := v.Check([]byte(`{"model":"m","prompt":["x"],"max_tokens":5,"` + name + `":1}`)).Issues
		require.Len(t, issues, 1)
		assert.Nil(t, issues[0].Fix, name)
		assert.Contains(t, issues[0].Message, "not of OpenAI")
	}
}

// A schema of one's own need not have any of the fields that rules look at.
func TestForeignSchemaWithForeignNames(t *testing.T) {
	v, err := Compile([]byte(`{"type":"object","properties":{"name":{"type":"string"}},"additionalProperties":false}`), Options{})
	require.NoError(t, err)
	for name := range schema.ForeignNames() {
		assert.NotPanics(t, func() {
			v.Check([]byte(`{"` + name + `":[{"role":"user","content":"x"}]}`))
			v.Check([]byte(`{"` + name + `":1,"nam":"x"}`))
		}, name)
	}
}

func TestCompileRefusesProfilesThatMeanNothing(t *testing.T) {
	for _, p := range []Profile{
		{Unknown: "maybe"},
		{PromptAs: "list"},
		{Rules: map[string]string{"no-such-rule": "error"}},
		{Rules: map[string]string{"greedy-choices": "loud"}},
		{Fields: map[string]FieldNote{"echo": {Use: "hated"}}},
		{Limits: []SoftLimit{{Field: "n", Severity: "loud", Schema: []byte(`{}`)}}},
		{Limits: []SoftLimit{{Field: "nobody", Severity: "hint", Schema: []byte(`{}`)}}},
	} {
		_, err := Compile(nil, Options{Profile: p})
		assert.Error(t, err, p)
	}
}

// A thousand warnings do not hide a secret behind them.
func TestErrorsAreFoundBehindTheLimit(t *testing.T) {
	src := []byte(`{"model":"m","prompt":["x"],"max_tokens":5,` + strings.Repeat(`"user":"u",`, 1200) + strings.Repeat(`"colour":1,`, 3) + `"apiKey":"sk-canary"}`)
	r := Check(src)
	assert.False(t, r.Valid())
	assert.False(t, Default().Valid(src))
	assert.Nil(t, Body(src))
	assert.Len(t, r.Issues, jsontape.Limits{}.WithDefaults().Issues)
	assert.True(t, slices.ContainsFunc(r.Issues, func(i Issue) bool { return i.Code == CodeSDKOption && i.Severity == Error }))
}
