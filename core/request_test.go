package core

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/jsontape"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// filled returns a request with every field set, each to a value that is not its zero.
func filled() CompletionRequest {
	return CompletionRequest{
		Model: "m", Prompt: Prompt{Texts: []string{"Hello!", "<&>\u2028\x00"}}, Suffix: Some("s"), Echo: Some(true),
		MaxTokens: Some[int64](5), Stop: Some([]string{"a", "b"}), Temperature: Some(0.7), TopP: Some(1.0),
		FrequencyPenalty: Some(-0.5), PresencePenalty: Some(1e-7), LogitBias: Some(LogitBias{{50256, -100}, {9999999999999999999, 0.5}}),
		Seed: Some[int64](9007199254740993), N: Some[int64](1), BestOf: Some[int64](1), Logprobs: Some[int64](2),
		Stream: Some(true), StreamOptions: Some(StreamOptions{IncludeUsage: Some(true)}), User: Some("u"),
	}
}

func TestRequestHasTheFieldsOfTheSchemaInItsOrder(t *testing.T) {
	v, err := Compile(nil, Options{})
	require.NoError(t, err)
	var fields []string
	for _, f := range v.check.Fields {
		fields = append(fields, f.Name)
	}
	require.Len(t, fields, 18)

	var tags []string
	typ := reflect.TypeFor[CompletionRequest]()
	for i := range typ.NumField() {
		f := typ.Field(i)
		if f.Name == "Extra" {
			continue
		}
		tags = append(tags, f.Tag.Get("json"))
		assert.Equal(t, f.Name != "Model" && f.Name != "Prompt", strings.HasPrefix(f.Type.Name(), "Opt["), f.Name)
	}
	assert.ElementsMatch(t, fields, tags)

	r := filled()
	body, err := r.MarshalJSON()
	require.NoError(t, err)
	var written jsontape.Tape
	require.True(t, written.Scan(body, jsontape.Limits{}.WithDefaults()))
	var names []string
	for c := uint32(1); c < written.Nodes[0].Next; c = written.Nodes[c].Next {
		names = append(names, written.Key(c))
	}
	assert.Equal(t, fields, names)

	options := reflect.TypeFor[StreamOptions]()
	for _, property := range v.check.Fields[v.check.Index("stream_options")].Plan.Properties {
		name := property.Name
		found := false
		for i := range options.NumField() {
			found = found || options.Field(i).Tag.Get("json") == name
		}
		assert.True(t, found, name)
	}
}

func TestMarshalIsCanonicalAndKeepsAbsentApartFromZero(t *testing.T) {
	r := CompletionRequest{Model: "m", Prompt: Prompt{Texts: []string{"<Hello>"}}}
	body, err := r.MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, `{"model":"m","prompt":["<Hello>"]}`, string(body))

	r.Temperature, r.Seed, r.Stop = Some(0.0), Some(int64(math.MinInt64)), Some([]string{})
	r.LogitBias, r.StreamOptions, r.Echo = Some(LogitBias{}), Some(StreamOptions{}), Some(false)
	body, err = r.MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, `{"model":"m","prompt":["<Hello>"],"echo":false,"stop":[],"temperature":0,"logit_bias":{},"seed":-9223372036854775808,"stream_options":{}}`, string(body))

	r = CompletionRequest{Model: "m", Prompt: Prompt{Tokens: [][]int64{{1, 2}, {}}}, Extra: []Member{{"top_k", json.RawMessage(` 4 `)}, {"max_tokens", json.RawMessage(`"many"`)}}}
	body, err = r.MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, `{"model":"m","prompt":[[1,2],[]],"top_k":4,"max_tokens":"many"}`, string(body))
}

func TestMarshalRefusesWhatIsNoRequest(t *testing.T) {
	for want, r := range map[string]CompletionRequest{
		"temperature: got NaN":                       {Temperature: Some(math.NaN())},
		"logit_bias: got +Inf":                       {LogitBias: Some(LogitBias{{1, math.Inf(1)}})},
		"got texts and tokens":                       {Prompt: Prompt{Texts: []string{"a"}, Tokens: [][]int64{{1}}}},
		`"top_k" is no JSON: unexpected end of JSON`: {Extra: []Member{{"top_k", json.RawMessage(`[1`)}}},
		`"n" is a field that is set`:                 {N: Some[int64](1), Extra: []Member{{"n", json.RawMessage(`1`)}}},
	} {
		_, err := r.MarshalJSON()
		assert.ErrorContains(t, err, want)
	}
}

// What the type has room for is read back as it was, also where the default profile refuses it; other mistakes are not.
func TestRequestsRoundTrip(t *testing.T) {
	for _, want := range []CompletionRequest{
		{Model: "m", Prompt: Prompt{Tokens: [][]int64{{1, 2}}}},
		{Model: "m", Prompt: Prompt{Tokens: [][]int64{{1, 2}, {3}}}, MaxTokens: Some[int64](5)},
		{Prompt: Prompt{Texts: []string{"x"}}, N: Some[int64](2)},
		{Prompt: Prompt{Tokens: [][]int64{{1}}}, Temperature: Some(0.5), Extra: []Member{{"top_k", json.RawMessage("3")}}},
	} {
		body, err := json.Marshal(want)
		require.NoError(t, err)
		var got CompletionRequest
		require.NoError(t, json.Unmarshal(body, &got), "%s", body)
		assert.Equal(t, want, got)
		want.N = Some[int64](0)
		if body, err = json.Marshal(want); err == nil {
			require.Error(t, json.Unmarshal(body, &got), "%s", body)
		}
	}
}

// The typed request of a valid text says the same as its body, whatever the profile, and a report is read back as written.
func TestReportsRoundTrip(t *testing.T) {
	texts := fixableTexts(t)
	for _, member := range []string{`"seed":9223372036854775808`, `"logprobs":9223372036854775808`, `"top_k":1e30`, `"stop":[1]`, `"prompt":[1.0,2e0]`,
		`"prompt":{"a":1}`, `"stop_token_ids":[1.0]`, `"logit_bias":[[1,2]]`, `"n":-9223372036854775809`, `"stream_options":{"x":1}`, `"user":null`, `"stop":null`, `"max_tokens":1e2`} {
		texts = append(texts, []byte(`{"model":"m","prompt":"x",`+member+`}`))
	}
	valid := 0
	for _, p := range Profiles() {
		v, err := ForProfile(p.Name)
		require.NoError(t, err)
		for _, src := range texts {
			want := v.Check(src)
			text, err := json.Marshal(want)
			require.NoError(t, err, "%s: %s", p.Name, src)
			var got Report
			require.NoError(t, json.Unmarshal(text, &got), "%s: %s", p.Name, src)
			require.Equal(t, want.Issues, got.Issues)
			require.Equal(t, want.Changes, got.Changes)
			if want.Request == nil {
				require.Nil(t, got.Request)
				continue
			}
			valid++
			request, err := json.Marshal(want.Request)
			require.NoError(t, err)
			again, err := json.Marshal(got.Request)
			require.NoError(t, err)
			require.JSONEq(t, string(request), string(again), "%s: %s", p.Name, src) // extras stand in the order of the text
			if p.PromptAs != "string" {                                              // there the body has no list
				requireSameBody(t, v.Body(src), request)
			}
		}
	}
	assert.Greater(t, valid, 300)
	text, err := json.Marshal(Report{})
	require.NoError(t, err)
	assert.Equal(t, `{"request":null,"issues":[],"changes":[]}`, string(text))
}

// requireSameBody compares a body with a typed request: numbers as doubles, which is what that has for those with a
// fraction, and a prompt of token ids with a list of one such prompt.
func requireSameBody(t *testing.T, body, request []byte) {
	t.Helper()
	var x, y map[string]any
	require.NoError(t, json.Unmarshal(body, &x))
	require.NoError(t, json.Unmarshal(request, &y))
	if list, ok := x["prompt"].([]any); ok && len(list) > 0 && !slices.ContainsFunc(list, func(id any) bool { _, ok := id.(float64); return !ok }) {
		x["prompt"] = []any{list}
	}
	require.Equal(t, x, y)
}

func TestSeverityRoundTrips(t *testing.T) {
	for _, want := range []Severity{0, Hint, Warning, Error} {
		text, err := json.Marshal(want)
		require.NoError(t, err)
		got := Severity(99)
		require.NoError(t, json.Unmarshal(text, &got))
		assert.Equal(t, want, got)
	}
	var s Severity
	require.ErrorContains(t, json.Unmarshal([]byte(`"fatal"`), &s), `"fatal", want error`)
}

// Zero values work: as the default, or as something empty.
func TestZeroValues(t *testing.T) {
	src := []byte(`{"model":"m","prompt":"x","max_tokens":"5"}`)
	var v Validator
	assert.Equal(t, Check(src), v.Check(src))
	assert.False(t, v.Valid(src))
	assert.Nil(t, v.Body(src))
	assert.Equal(t, Default().Profile(), v.Profile())
	assert.Equal(t, Default().Schema(), v.Schema())
	assert.Equal(t, `{"model":"m","prompt":"x","max_tokens":5}`, fixAll(t, &v, string(src)))
	edits, err := v.Set(src, "/n", []byte("2"))
	require.NoError(t, err)
	assert.NotEmpty(t, edits)
	edits, err = v.Unset(src, "/prompt")
	require.NoError(t, err)
	assert.NotEmpty(t, edits)
	_, err = v.Format(src)
	require.NoError(t, err)
	assert.NotEmpty(t, v.NewInspector().Inspect(src).Issues)
	var n Inspector
	assert.Nil(t, n.Fields())
	assert.Equal(t, Check(src).Issues, n.Inspect(src).Issues)
	assert.Len(t, n.Fields(), 3)
	assert.NoError(t, Report{}.Err())
	assert.Equal(t, "0:0: unknown:  []", Issue{}.String())
	assert.True(t, (&Fix{}).Safe())
	_, err = Build(Endpoint{}, nil)
	assert.Error(t, err)
	assert.NotPanics(t, func() { _ = Curl(HTTPRequest{}); _ = HTTPRequest{}.String(); _ = Secret{}.Reveal() })
	text, err := json.Marshal(CompletionRequest{})
	require.NoError(t, err)
	assert.Equal(t, `{}`, string(text))
}

func TestUnmarshalValidates(t *testing.T) {
	want := filled()
	body, err := json.Marshal(want)
	require.NoError(t, err)
	var got CompletionRequest
	require.NoError(t, json.Unmarshal(body, &got))
	assert.Equal(t, want, got)

	kept := got
	err = json.Unmarshal([]byte("{\"model\": \"m\",\n \"prompt\": [\"p\"], \"temperature\": 3, \"n\": 0}"), &got)
	var invalid *InvalidError
	require.True(t, errors.As(err, &invalid))
	require.Len(t, invalid.Issues, 2)
	assert.Equal(t, CodeOutOfRange, invalid.Issues[0].Code)
	assert.Equal(t, "2 errors in the request:\n  2:34 temperature: "+invalid.Issues[0].Message+"; fix: use 2 instead of 3\n  2:42 n: "+invalid.Issues[1].Message+"; fix: use 1 instead of 0", err.Error())
	assert.Equal(t, kept, got)

	require.True(t, errors.As(json.Unmarshal([]byte(`null`), &got), &invalid))
}

func TestIssueAndErrorsReadWell(t *testing.T) {
	i := Issue{Code: "out-of-range", Severity: Error, Path: "/stop/2", Message: "got 3, want 2", Span: Span{Start: Position{Line: 3, Column: 17}}}
	assert.Equal(t, "3:17: error: stop/2: got 3, want 2 [out-of-range]", i.String())
	assert.Equal(t, "1 error in the request: 3:17 stop/2: got 3, want 2", (&InvalidError{Issues: []Issue{i}}).Error())
	i.Path = ""
	assert.Equal(t, "3:17: error: got 3, want 2 [out-of-range]", i.String())
	i.Path = "/a\nb"
	assert.Equal(t, `3:17: error: "a\nb": got 3, want 2 [out-of-range]`, i.String())
	i.Path = "/" + strings.Repeat("é", 1<<20)
	assert.Equal(t, "3:17: error: "+strings.Repeat("é", 80)+"…: got 3, want 2 [out-of-range]", i.String())
	many := (&InvalidError{Issues: make([]Issue, 10)}).Error()
	assert.True(t, strings.HasPrefix(many, "10 errors in the request:\n"), many)
	assert.True(t, strings.HasSuffix(many, "\n  and 2 more"), many)

	valid := Report{Issues: []Issue{{Severity: Warning}, {Severity: Hint}}}
	assert.NoError(t, valid.Err())
}

func TestOpt(t *testing.T) {
	v, ok := Opt[int]{Value: 7}.Get()
	assert.False(t, ok)
	assert.Zero(t, v)
	v, ok = Some(0).Get()
	assert.True(t, ok)
	assert.Zero(t, v)
	assert.Equal(t, 3, Opt[int]{}.Or(3))
	assert.Equal(t, 0, Some(0).Or(3))
}

// Two keys may name one token: servers read them as numbers.
func TestOneBiasForOneToken(t *testing.T) {
	r := Check([]byte(`{"model":"m","prompt":["x"],"max_tokens":5,"logit_bias":{"1":2,"7":1,"01":3}}`)).Request
	require.NotNil(t, r)
	assert.Equal(t, Some(LogitBias{{1, 2}, {7, 1}, {1, 3}}), r.LogitBias)
	text, err := r.MarshalJSON()
	require.NoError(t, err)
	assert.Contains(t, string(text), `"logit_bias":{"7":1,"1":3}`)
}

func TestLogitBiasGet(t *testing.T) {
	b := LogitBias{{1, 0.5}, {2, 1}, {1, -0.5}}
	v, ok := b.Get(1)
	assert.True(t, ok)
	assert.Equal(t, -0.5, v)
	_, ok = b.Get(3)
	assert.False(t, ok)
}

// FuzzRoundTrip writes a request and reads it back.
func FuzzRoundTrip(f *testing.F) {
	f.Add("m", "Hello!", "stop", 0.7, 0.5, int64(math.MaxInt64), uint64(50256), int64(3), uint32(math.MaxUint32))
	f.Add("org/model", "\x00\u2028\U0001F600\"\\", "", 1e-9, -2.0, int64(9007199254740993), uint64(0), int64(0), uint32(0))
	f.Fuzz(func(t *testing.T, model, prompt, text string, share, penalty float64, seed int64, token uint64, count int64, set uint32) {
		if model == "" || !utf8.ValidString(model) || !utf8.ValidString(prompt) || !utf8.ValidString(text) ||
			!(share >= 0 && share <= 1) || !(penalty >= -2 && penalty <= 2) || token > 9999999999999999999 {
			return
		}
		count = count & math.MaxInt64 % 20
		r := CompletionRequest{Model: model, Prompt: Prompt{Texts: []string{prompt, text}}}
		on := func(bit int) bool { return set>>bit&1 != 0 }
		r.Suffix = Opt[string]{text, on(0)}
		r.Echo = Opt[bool]{on(1), on(2)}
		r.MaxTokens = Opt[int64]{count, on(3)}
		r.Stop = Opt[[]string]{[]string{prompt}, on(4)}
		r.Temperature = Opt[float64]{2 * share, on(5)}
		r.TopP = Opt[float64]{share, on(6)}
		r.FrequencyPenalty = Opt[float64]{penalty, on(7)}
		r.PresencePenalty = Opt[float64]{-penalty, on(8)}
		r.LogitBias = Opt[LogitBias]{LogitBias{{token, 50 * penalty}}, on(9)}
		r.Seed = Opt[int64]{seed, on(10)}
		r.N = Opt[int64]{count + 1, on(11)}
		r.BestOf = Opt[int64]{count + 2, on(12)}
		r.Logprobs = Opt[int64]{count, on(13)}
		r.User = Opt[string]{text, on(14)}
		if !on(12) && on(15) {
			r.Stream = Some(true)
			r.StreamOptions = Opt[StreamOptions]{StreamOptions{Opt[bool]{on(16), on(17)}}, on(18)}
		}
		body, err := r.MarshalJSON()
		require.NoError(t, err)
		var again CompletionRequest
		err = again.UnmarshalJSON(body)
		require.NoError(t, err, "%s", body)
		second, err := again.MarshalJSON()
		require.NoError(t, err)
		require.Equal(t, string(body), string(second))
	})
}

// An empty model is left out: where a server needs none, an empty name is worse than no name.
func TestMarshalLeavesAnEmptyModelOut(t *testing.T) {
	v, err := ForProfile("tgi")
	require.NoError(t, err)
	r := v.Check([]byte(`{"prompt":["x"],"max_tokens":5}`))
	require.NoError(t, r.Err())
	text, err := json.Marshal(r.Request)
	require.NoError(t, err)
	assert.Equal(t, `{"prompt":["x"],"max_tokens":5}`, string(text))
}

// Messages stay short whatever a text holds.
func TestMessagesAreCut(t *testing.T) {
	for _, long := range []string{strings.Repeat("k", 1<<20), strings.Repeat("\U0001F600", 1<<18), strings.Repeat("\\u0001", 1<<16)} {
		for _, src := range []string{`{"` + long + `":1}`, `{"model":"` + long + `","prompt":{"` + long + `":1},"logit_bias":{"` + long + `":1},"temperature":"` + long + `"}`, long, "{" + long + " " + long, `{"max_tokens":1e300}`} {
			r := Check([]byte(src))
			for _, i := range r.Issues {
				assert.Less(t, len(i.String()), 1200)
			}
			for _, c := range r.Changes {
				assert.Less(t, len(c.Message), 1000)
			}
		}
	}
}

// A path too long to repeat in a thousand issues ends at the nearest parent, and resolves all the same.
func TestPathsAreBounded(t *testing.T) {
	for _, key := range []string{strings.Repeat("k", 1<<16), strings.Repeat("~/", 3000)} {
		src := []byte(`{"model":"m","prompt":["x"],"max_tokens":5,"a":{"` + key + `":{"b":1,"b":2}}}`)
		r := Check(src)
		require.Len(t, r.Issues, 2)
		assert.Equal(t, CodeDuplicateKey, r.Issues[1].Code)
		assert.Equal(t, "/a", r.Issues[1].Path)
	}
}
