package core

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// allTexts are the texts of the cases, of the faults and of the corpora that fuzzing has left, with the profiles that the
// cases name.
func allTexts(t testing.TB) map[string]*Validator {
	t.Helper()
	texts := map[string]*Validator{}
	files, err := filepath.Glob("testdata/cases/*.txtar")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		v := Default()
		for _, f := range txtar.Parse(text).Files {
			switch f.Name {
			case "profile":
				v, err = ForProfile(strings.TrimSpace(string(f.Data)))
				require.NoError(t, err)
			case "input":
				texts[string(f.Data)] = v
			}
		}
	}
	for _, f := range faultCorpus(t) {
		texts[string(f.Data)] = Default()
	}
	files, err = filepath.Glob("testdata/fuzz/Fuzz*/*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			for _, kind := range []string{"[]byte(", "string("} {
				if quoted, ok := strings.CutPrefix(strings.TrimSuffix(strings.TrimSpace(line), ")"), kind); ok {
					text, err := strconv.Unquote(quoted)
					require.NoError(t, err, file)
					texts[text] = Default()
				}
			}
		}
	}
	for _, c := range reported {
		v, err := ForProfile(c.profile)
		require.NoError(t, err)
		texts[c.text] = v
	}
	return texts
}

// What is written of a report is read back as it was, however it is nested, and what is said in one way is said in the
// others: Canonicalize is Check and Body, Decode is Check and what DraftBody says, CheckRequest is Check of what
// is marshalled.
func TestLawsOfReportsAndRequests(t *testing.T) {
	seen, texts, valid := map[ChangeKind]bool{}, allTexts(t), 0
	for text, v := range texts {
		src := []byte(text)
		want := v.Check(src)
		for _, c := range want.Changes {
			seen[c.Kind] = true
		}
		requireReadBack(t, escaped(want))
		in := v.NewInspector().Inspect(src)
		requireReadBack(t, in)

		body, r := v.Canonicalize(src)
		require.Equal(t, string(v.Body(src)), string(body), "%q", text)
		require.Equal(t, want, r, "%q", text)
		requireDecodes(t, v, src, want)
		if want.Valid() {
			valid++
		}
	}
	t.Logf("%d texts, %d of them valid", len(texts), valid)
	require.Greater(t, valid, 50)
	require.Greater(t, len(texts)-valid, 50)
	for _, kind := range []ChangeKind{ChangeRenamed, ChangeWrapped, ChangeUnwrapped, ChangeDroppedNull, ChangeOmitted, ChangeInteger, ChangeDialect} {
		assert.True(t, seen[kind], "no text has a change of the kind %s", kind)
		delete(seen, kind)
	}
	assert.Empty(t, seen, "kinds without a constant")
}

// escaped spells the values of Extra as encoding/json does, which escapes some characters.
func escaped(r Report) Report {
	if r.Request == nil || len(r.Request.Extra) == 0 {
		return r
	}
	request := *r.Request
	request.Extra = slices.Clone(request.Extra)
	for i, m := range request.Extra {
		var b bytes.Buffer
		json.HTMLEscape(&b, m.Value)
		request.Extra[i].Value = b.Bytes()
	}
	r.Request = &request
	return r
}

func requireDecodes(t *testing.T, v *Validator, src []byte, want Report) {
	t.Helper()
	req, r := v.Decode(src)
	require.Equal(t, want, r, "%q", src)
	draft := v.DraftBody(src)
	if draft == nil || draft[0] != '{' {
		require.Equal(t, CompletionRequest{}, req, "%q", src)
		return
	}
	marshalled, err := req.MarshalJSON()
	require.NoError(t, err, "%q", src)
	require.Equal(t, v.Check(marshalled), v.CheckRequest(req), "%q", src)
	if want.Valid() {
		require.Equal(t, *want.Request, req)
	}
	if leadingZero.Match(draft) {
		return // two spellings of one token id are one bias of the typed request
	}
	require.Equal(t, valueOf(t, draft), valueOf(t, marshalled), "%q\n%s\n%s", src, draft, marshalled)
}

var leadingZero = regexp.MustCompile(`"0[0-9]+":`)

// valueOf reads JSON with numbers as they compare, and a lone prompt or stop text as the list of one that it stands for.
func valueOf(t *testing.T, text []byte) any {
	t.Helper()
	var o map[string]any
	require.NoError(t, json.Unmarshal(text, &o), "%s", text)
	for _, name := range []string{"prompt", "stop"} {
		if s, ok := o[name].(string); ok {
			o[name] = []any{s}
		}
		if list, ok := o[name].([]any); ok && len(list) > 0 {
			if _, ok := list[0].(float64); ok {
				o[name] = []any{list}
			}
		}
	}
	return o
}

func requireReadBack[T any](t *testing.T, want T) {
	t.Helper()
	text, err := json.Marshal(want)
	require.NoError(t, err)
	require.NotContains(t, string(text), `"edits":null`)
	require.NotContains(t, string(text), `"issues":null`)
	require.NotContains(t, string(text), `"changes":null`)
	var got T
	require.NoError(t, json.Unmarshal(text, &got), "%s", text)
	again, err := json.Marshal(got)
	require.NoError(t, err)
	require.Equal(t, string(text), string(again))
	if !strings.Contains(string(text), "\ufffd") && !strings.Contains(string(text), `\ufffd`) { // bytes that no JSON can hold
		require.Equal(t, want, got)
	}
}

// The parts of a request are JSON on their own as they are within it, in both ways.
func TestPartsOfRequests(t *testing.T) {
	for want, value := range map[string]any{
		`["a","<b>"]`:               &Prompt{Texts: []string{"a", "<b>"}},
		`[[1,2],[]]`:                &Prompt{Tokens: [][]int64{{1, 2}, {}}},
		`{"50256":-100,"7":0.5}`:    &LogitBias{{50256, -100}, {7, 0.5}},
		`{"include_usage":false}`:   &StreamOptions{IncludeUsage: Some(false)},
		`{}`:                        &StreamOptions{},
		`0`:                         ptr(Some(0.0)),
		`9007199254740993`:          ptr(Some[int64](9007199254740993)),
		`["x"]`:                     ptr(Some([]string{"x"})),
		`[]`:                        ptr(Some([]string{})),
		`null`:                      ptr(Opt[int64]{}),
		`{"1":2}`:                   ptr(Some(LogitBias{{1, 2}})),
		`{"include_usage":true}`:    ptr(Some(StreamOptions{IncludeUsage: Some(true)})),
		`[{"a":{"include":false}}]`: ptr(Some(json.RawMessage(`[{"a":{"include":false}}]`))),
	} {
		text, err := json.Marshal(value)
		require.NoError(t, err)
		plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(text))
		assert.Equal(t, want, plain)
		switch value := value.(type) {
		case *Prompt:
			requireRead(t, text, *value)
		case *LogitBias:
			requireRead(t, text, *value)
		case *StreamOptions:
			requireRead(t, text, *value)
		case *Opt[float64]:
			requireRead(t, text, *value)
		case *Opt[int64]:
			requireRead(t, text, *value)
		case *Opt[[]string]:
			requireRead(t, text, *value)
		case *Opt[LogitBias]:
			requireRead(t, text, *value)
		case *Opt[StreamOptions]:
			requireRead(t, text, *value)
		case *Opt[json.RawMessage]:
			requireRead(t, text, *value)
		default:
			t.Fatalf("%T", value)
		}
	}
	text, err := json.Marshal(Some([]string(nil)))
	require.NoError(t, err)
	assert.Equal(t, "[]", string(text), "a list that is set is never null")
	for text, want := range map[string]Prompt{
		`"a"`:    {Texts: []string{"a"}},
		`[1, 2]`: {Tokens: [][]int64{{1, 2}}},
		` null `: {},
	} {
		var got Prompt
		require.NoError(t, got.UnmarshalJSON([]byte(text)))
		assert.Equal(t, want, got, text)
	}
}

func ptr[T any](v T) *T { return &v }

func requireRead[T any](t *testing.T, text []byte, want T) {
	t.Helper()
	var got T
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, want, got)
}

// What is none of a part is refused, and leaves what was there.
func TestPartsOfRequestsAreRefused(t *testing.T) {
	for _, text := range []string{`{}`, `3`, `[["a"]]`, `["a",1]`, `true`, `["a"],"n":1`, `"` + strings.Repeat("x", 100), ``} {
		got := Prompt{Texts: []string{"kept"}}
		require.Error(t, got.UnmarshalJSON([]byte(text)), text)
		assert.Equal(t, []string{"kept"}, got.Texts)
	}
	for _, text := range []string{`[]`, `{"a":1}`, `{"1":"a"}`, `{"99999999999999999999":1}`} {
		got := LogitBias{{1, 1}}
		require.Error(t, got.UnmarshalJSON([]byte(text)), text)
		assert.Equal(t, LogitBias{{1, 1}}, got)
	}
	for _, text := range []string{`[]`, `{"include_usage":1}`, `{"other":true}`} {
		got := StreamOptions{IncludeUsage: Some(true)}
		require.Error(t, got.UnmarshalJSON([]byte(text)), text)
		assert.Equal(t, Some(true), got.IncludeUsage)
	}
	number := Some[int64](1)
	require.Error(t, json.Unmarshal([]byte(`"a"`), &number))
	assert.Equal(t, Some[int64](1), number)
	for _, value := range []any{LogitBias{{1, math.NaN()}}, Prompt{Texts: []string{}, Tokens: [][]int64{}}, Some(math.Inf(1))} {
		_, err := json.Marshal(value)
		require.Error(t, err, "%v", value)
	}
	err := new(Prompt).UnmarshalJSON([]byte(`{"` + strings.Repeat("x", 1000) + `":1}`))
	assert.Less(t, len(err.Error()), 200)
}

func TestPartsOfRequestsKnowTheirZero(t *testing.T) {
	text, err := json.Marshal(struct {
		Prompt  Prompt             `json:"prompt,omitzero"`
		Bias    LogitBias          `json:"bias,omitzero"`
		Options StreamOptions      `json:"options,omitzero"`
		N       Opt[int64]         `json:"n,omitzero"`
		Zero    Opt[int64]         `json:"zero,omitzero"`
		Inner   Opt[StreamOptions] `json:"inner,omitzero"`
		Empty   LogitBias          `json:"empty,omitzero"`
	}{Zero: Some[int64](0), Inner: Some(StreamOptions{}), Empty: LogitBias{}})
	require.NoError(t, err)
	assert.Equal(t, `{"zero":0,"inner":{},"empty":{}}`, string(text))
}

// A request that JSON cannot say has an error for each reason.
func TestCheckRequestTellsWhatJSONCannotSay(t *testing.T) {
	r := CheckRequest(CompletionRequest{
		Model: "m", Prompt: Prompt{Texts: []string{"a"}, Tokens: [][]int64{{1}}}, Temperature: Some(math.NaN()), N: Some[int64](1),
		Extra: []Member{{"n", json.RawMessage("1")}, {"a/b", json.RawMessage("[")}},
	})
	var got []string
	for _, i := range r.Issues {
		got = append(got, fmt.Sprintf("%s %s %q", i.Code, i.Path, i.Field))
		assert.Equal(t, Error, i.Severity)
		assert.Equal(t, Position{Line: 1, Column: 1}, i.Span.Start)
	}
	assert.Equal(t, []string{`wrong-type /prompt "prompt"`, `not-a-number /temperature "temperature"`, `duplicate-key /n "n"`, `unexpected-text /a~1b ""`}, got)
	assert.Nil(t, r.Request)
	assert.ErrorContains(t, r.Err(), "1:1 temperature: got NaN, want a finite number")

	ok := CheckRequest(CompletionRequest{Model: "m", Prompt: Prompt{Texts: []string{"a"}}, MaxTokens: Some[int64](3)})
	require.NoError(t, ok.Err())
	assert.Equal(t, int64(3), ok.Request.MaxTokens.Value)
}

// What Decode reads of a wrong request is there to be looked at.
func TestDecodeKeepsWhatIsWrong(t *testing.T) {
	r, report := Decode([]byte(`{"model":"m","prompt":"x","temperature":3,"n":"two","other":[1.50]}`))
	require.False(t, report.Valid())
	assert.Nil(t, report.Request)
	assert.Equal(t, Some(3.0), r.Temperature)
	assert.Equal(t, Prompt{Texts: []string{"x"}}, r.Prompt)
	assert.Equal(t, []Member{{"n", json.RawMessage(`"two"`)}, {"other", json.RawMessage(`[1.50]`)}}, r.Extra)
}

func TestErrorsAreOfAKind(t *testing.T) {
	var v Validator
	small, err := Compile(nil, Options{Limits: Limits{Bytes: 10, Depth: 2}})
	require.NoError(t, err)
	for _, c := range []struct {
		v                 *Validator
		text, path, value string
		want              error
	}{
		{&v, `{"n":1}`, "/n", `x`, ErrNotJSON},
		{&v, `{"n":1}`, "n", `1`, ErrPath},
		{&v, `{"n":1}`, "/n/a", `1`, ErrPath},
		{&v, `{"n":1}`, "/\xff", `1`, ErrPath},
		{&v, `{"stop":[]}`, "/stop/7", `"a"`, ErrPath},
		{&v, `{"a":`, "/n/3", `1`, ErrUnreadable},
		{&v, `curl http://a/v1/completions -d '{"model":"m"}'`, "/n", `1`, ErrUnreadable},
		{small, `{"model":"m"}`, "/n", `1`, ErrTooLarge},
		{small, `{}`, "/a/b/c/d", `1`, ErrTooLarge},
	} {
		_, err := c.v.Set([]byte(c.text), c.path, []byte(c.value))
		require.ErrorIs(t, err, c.want, "%s %s", c.text, c.path)
		for _, other := range []error{ErrNotJSON, ErrPath, ErrUnreadable, ErrTooLarge} {
			assert.Equal(t, other == c.want, errors.Is(err, other))
		}
	}
	_, err = v.Unset([]byte(`{}`), "")
	require.ErrorIs(t, err, ErrPath)
	_, err = small.FixAll([]byte(`{"model":"m"}`))
	require.ErrorIs(t, err, ErrTooLarge)
	_, err = ForProfile("nobody")
	require.ErrorIs(t, err, ErrNoProfile)
}

// A Validator, an Inspector and none at all do what the default ones do.
func TestZeroValuesAreTheDefault(t *testing.T) {
	src := []byte(`{"model":"m","prompt":"x","max_tokens":"7"}`)
	var zero Validator
	for _, v := range []*Validator{&zero, nil} {
		assert.Equal(t, Check(src), v.Check(src))
		assert.Equal(t, Body(src), v.Body(src))
		assert.Equal(t, DraftBody(src), v.DraftBody(src))
		assert.False(t, v.Valid(src))
		body, r := v.Canonicalize(src)
		assert.Nil(t, body)
		assert.Equal(t, Check(src), r)
		req, _ := v.Decode(src)
		assert.Equal(t, "m", req.Model)
		assert.Equal(t, CheckRequest(req), v.CheckRequest(req))
		assert.Equal(t, DefaultProfile, v.Profile().Name)
		assert.Equal(t, Default().Schema(), v.Schema())
		assert.Equal(t, 16<<20, v.Limits().Bytes)
		edits, err := v.FixAll(src)
		require.NoError(t, err)
		assert.NotEmpty(t, edits)
		_, err = v.Set(src, "/n", []byte("1"))
		require.NoError(t, err)
		assert.Equal(t, Check(src).Issues, v.NewInspector().Inspect(src).Issues)
	}
	var n Inspector
	assert.Empty(t, n.Fields())
	assert.Equal(t, Check(src).Issues, n.Inspect(src).Issues)
	assert.Len(t, n.Fields(), 3)
}

func TestCompileRefusesWhatCannotBe(t *testing.T) {
	for _, text := range []string{
		`{"type":"array"}`, `{"allOf":[{},{"type":"array"}]}`, `{"anyOf":[{"type":"array"},{"const":3}]}`, `{"oneOf":[false]}`,
		`{"minProperties":3,"maxProperties":2}`, `{"required":["a","b"],"maxProperties":1}`, `{"required":["a"],"properties":{"a":false}}`,
		`{"$ref":"#/$defs/a","$defs":{"a":{"allOf":[{"type":"string"}]}}}`, `{"not":true}`,
	} {
		_, err := Compile([]byte(text), Options{})
		assert.ErrorContains(t, err, "takes no object", text)
	}
	for _, text := range []string{`{"anyOf":[{"type":"array"},{}]}`, `{"properties":{"a":{"anyOf":[{"$ref":"#"}]}}}`, `{"not":{"required":["a"]}}`} {
		_, err := Compile([]byte(text), Options{})
		assert.NoError(t, err, text)
	}
	for _, l := range []Limits{{Bytes: 1<<30 + 1}, {Depth: 1001}, {Values: 1<<26 + 1}, {Digits: 4001}, {Exponent: 4001}, {Issues: 1<<20 + 1}} {
		_, err := Compile(nil, Options{Limits: l})
		assert.ErrorContains(t, err, "want at most", "%v", l)
	}
}

func TestCodesAreAllCodes(t *testing.T) {
	var want []Code
	for _, group := range codeConstants(t) {
		for _, c := range group.codes {
			want = append(want, Code(c.value))
		}
	}
	got := Codes()
	assert.ElementsMatch(t, want, got)
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(got))), len(got))
	got[0] = "changed"
	assert.NotEqual(t, got[0], Codes()[0])
}

// Printing shows the fix where there is room for it, and Go syntax and odd verbs recurse into nothing.
func TestPrintedIssues(t *testing.T) {
	err := Check([]byte(`{"model":"m","prompt":"x","max_tokens":"7","n":0}`)).Err()
	assert.Equal(t, "2 errors in the request:\n  1:40 max_tokens: got the text \"7\", want a whole number of at least 0; fix: use 7\n  1:48 n: got 0, want at least 1; fix: use 1 instead of 0", err.Error())
	assert.Equal(t, err.Error(), fmt.Sprint(err))
	assert.Equal(t, err.Error(), fmt.Sprintf("%s", err))
	assert.Equal(t, strconv.Quote(err.Error()), fmt.Sprintf("%q", err))
	assert.Equal(t, "1:40: error: max_tokens: got the text \"7\", want a whole number of at least 0 [wrong-type]\n    fix: use 7\n"+
		"1:48: error: n: got 0, want at least 1 [out-of-range]\n    fix: use 1 instead of 0", fmt.Sprintf("%+v", err))
	var invalid *InvalidError
	require.ErrorAs(t, err, &invalid)
	i := invalid.Issues[1]
	assert.Equal(t, i.String(), fmt.Sprintf("%v", i))
	assert.Equal(t, "  "+i.String(), fmt.Sprintf("%*v", len(i.String())+2, i))
	assert.Contains(t, fmt.Sprintf("%#v", i), `Code:"out-of-range"`)
	assert.Contains(t, fmt.Sprintf("%#v", err), `Code:"out-of-range"`)
	assert.Contains(t, fmt.Sprintf("%d", i), "48")
	assert.Equal(t, "<nil>", fmt.Sprint((*InvalidError)(nil)))
}

// A log says where and which, and shows neither a key nor a word of a prompt.
func TestLogsShowNothingOfTheText(t *testing.T) {
	const secret = "sk-never-to-be-shown"
	text := []byte(`{"model":"m","prompt":["` + secret + `"],"max_tokens":"` + secret + `","` + secret + `":1}`)
	request, report := Decode(text)
	imported, ok := Import([]byte(`curl http://localhost:8000/v1/completions -H 'Authorization: Bearer ` + secret + `' -d '{"model":"m","prompt":"` + secret + `"}'`))
	require.True(t, ok)
	endpoint := Endpoint{Base: "http://localhost:8000", Key: NewSecret(secret), Headers: []Header{{"api-key", NewSecret(secret)}}}
	built, err := Build(endpoint, text)
	require.NoError(t, err)
	for _, newHandler := range []func(*bytes.Buffer) slog.Handler{
		func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
		func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
	} {
		var b bytes.Buffer
		log := slog.New(newHandler(&b))
		log.Info("a", "request", request, "report", report, "err", report.Err(), "issue", report.Issues[0], "imported", imported,
			"endpoint", endpoint, "built", built, "bad", Endpoint{Base: "http://a:" + secret + "@b"})
		assert.NotContains(t, b.String(), secret)
		for _, word := range []string{"wrong-type", "max-tokens-unset", "localhost", "api-key", "curl"} {
			if word != "max-tokens-unset" {
				assert.Contains(t, b.String(), word)
			}
		}
	}
}
