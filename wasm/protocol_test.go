package main

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/snippet"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const valid = `{"model":"m","prompt":["x"],"max_tokens":5}`

// host does what web/src/core/engine.ts does around each call.
type host struct {
	*session
	t *testing.T
}

func newHost(t *testing.T, text string) *host {
	h := &host{session: newSession(), t: t}
	copy(h.reserveText(len(text)), text)
	h.commitText(len(text))
	return h
}

func (h *host) argument(text string) int { return copy(h.reserveArgs(len(text)), text) }

func (h *host) json(result []byte, into any) {
	h.t.Helper()
	require.NoError(h.t, json.Unmarshal(result, into))
}

// refusal returns the message of a result that is an error.
func (h *host) refusal(result []byte) string {
	h.t.Helper()
	var r struct {
		Error string `json:"error"`
	}
	h.json(result, &r)
	require.NotEmpty(h.t, r.Error)
	return r.Error
}

type wireMember struct {
	Field string    `json:"field"`
	Span  core.Span `json:"span"`
	JSON  *string   `json:"json"`
}

type wireResult struct {
	OK      bool              `json:"ok"`
	Issues  []json.RawMessage `json:"issues"`
	Changes []core.Change     `json:"changes"`
	Dialect core.Dialect      `json:"dialect"`
}

// verdict reads the result of a check.
func (h *host) verdict() (r wireResult) {
	h.t.Helper()
	if result := h.check(); result != nil {
		h.json(result, &r)
		return r
	}
	return wireResult{OK: true, Dialect: "json"}
}

func TestNothingToSay(t *testing.T) {
	h := newHost(t, valid)
	assert.Nil(t, h.check())
	for _, text := range []string{`{"model":"m","prompt":["x"]}`, `{"model":"m","prompt":"x","max_tokens":5}`, valid + "//", "{" + valid} {
		h.commitText(copy(h.reserveText(len(text)), text))
		assert.NotNil(t, h.check(), text)
	}
}

func TestMembersAreThoseOfTheCheckedText(t *testing.T) {
	h := newHost(t, valid)
	h.refusal(h.members())
	h.check()
	assert.Contains(t, string(h.members()), `"max_tokens"`)
	for _, change := range []func(){
		func() { h.splice(0, 0, h.argument(" ")) }, func() { h.commitText(3) }, func() { h.reserveText(1) },
		func() { h.profile(h.argument("vllm")) },
	} {
		h.check()
		change()
		h.refusal(h.members())
	}
	h.reserveText(maxText + 1)
	h.check()
	assert.Equal(t, "[]", string(h.members()))
}

// The hand-written JSON holds what encoding/json would have written of the same inspection.
func TestCheckMatchesInspection(t *testing.T) {
	for _, text := range []string{
		valid, "", "null", "{", `{"model":"\u0000\"\\é漢😀","prompt":["a\nb"],"temperature":"0.7","n":0,"unknown":[1]}`,
		"// hi\n{maxTokens: 5, max_tokens: 6, prompt: 'x', model: 'm',}",
		"{\"model\":\"\xff\",\"prompt\":[\"x\"]}",
	} {
		h := newHost(t, text)
		got := h.verdict()
		inspector := core.Default().NewInspector()
		want := inspector.Inspect([]byte(text))
		assert.Equal(t, !slices.ContainsFunc(want.Issues, isError), got.OK, text)
		assert.Equal(t, want.Dialect, got.Dialect, text)
		require.Len(t, got.Issues, len(want.Issues), text)
		for i := range want.Issues {
			text, err := json.Marshal(want.Issues[i])
			require.NoError(t, err)
			assert.JSONEq(t, string(text), string(got.Issues[i]))
		}
		assert.Equal(t, len(want.Changes), len(got.Changes), text)
		for i := range want.Changes {
			assert.Equal(t, want.Changes[i], got.Changes[i])
		}
		var members []wireMember
		h.json(h.members(), &members)
		fields := inspector.Fields()
		require.Len(t, members, len(fields), text)
		for i, f := range fields {
			m := members[i]
			assert.Equal(t, f.Field, m.Field)
			assert.Equal(t, f.Span, m.Span)
			require.Equal(t, f.JSON == nil, m.JSON == nil)
			if m.JSON != nil {
				assert.Equal(t, strings.ToValidUTF8(string(f.JSON), "\ufffd"), *m.JSON)
			}
		}
	}
}

// The core's default limit and ours are the same, and both answer alike.
func TestTextTooLong(t *testing.T) {
	long := slices.Repeat([]byte{' '}, maxText+1)
	inspector := core.Default().NewInspector()
	own := inspector.Inspect(long)
	require.Len(t, own.Issues, 1)
	require.Equal(t, core.CodeTooLarge, own.Issues[0].Code)
	for _, i := range inspector.Inspect(long[:maxText]).Issues {
		require.NotEqual(t, core.CodeTooLarge, i.Code)
	}

	h := newHost(t, valid)
	require.Nil(t, h.reserveText(maxText+1))
	got := h.verdict()
	require.False(t, got.OK)
	require.Len(t, got.Issues, 1)
	var issue struct {
		Code core.Code
		Rule string
	}
	require.NoError(t, json.Unmarshal(got.Issues[0], &issue))
	assert.Equal(t, own.Issues[0].Code, issue.Code)
	assert.Equal(t, own.Issues[0].Rule, issue.Rule)
	assert.Contains(t, h.refusal(h.body(true)), "longer than 16 MiB")
	assert.Contains(t, h.refusal(h.edit(h.argument(`{"op":"format"}`))), "longer than 16 MiB")
	assert.False(t, h.splice(0, 0, 0))
}

func TestSpliceNeverGrowsBeyondTheLimit(t *testing.T) {
	h := &host{session: newSession(), t: t}
	h.reserveText(maxText)
	h.commitText(maxText)
	n := h.argument("xy")
	assert.False(t, h.splice(0, 1, n))
	assert.True(t, h.splice(0, 2, n))
	assert.Equal(t, "xy", string(h.text[:2]))
}

func TestReserveKeepsWhatWasWritten(t *testing.T) {
	h := &host{session: newSession(), t: t}
	copy(h.reserveText(3), "abc")
	copy(h.reserveText(100_000)[3:], "def")
	h.commitText(6)
	assert.Equal(t, "abcdef", string(h.text))
}

func TestSplice(t *testing.T) {
	for _, c := range []struct {
		text     string
		from, to int
		insert   string
		want     string // "" where the splice is declined
	}{
		{"abc", 1, 2, "X", "aXc"},
		{"abc", 0, 0, "X", "Xabc"},
		{"abc", 3, 3, "X", "abcX"},
		{"é漢😀z", 1, 4, "", "éz"},
		{"é漢😀z", 2, 3, "", ""},
		{"é漢😀z", 3, 4, "", ""},
		{"abc", 2, 1, "X", ""},
		{"abc", 0, 4, "X", ""},
		{"abc", -1, 1, "X", ""},
	} {
		h := newHost(t, c.text)
		ok := h.splice(c.from, c.to, h.argument(c.insert))
		assert.Equal(t, c.want != "", ok, c)
		if want := c.want; ok {
			assert.Equal(t, want, string(h.text))
		} else {
			assert.Equal(t, c.text, string(h.text))
		}
	}
}

func TestBody(t *testing.T) {
	var got struct{ Body string }
	h := newHost(t, `{prompt:'x',model:"m",}`)
	h.json(h.body(false), &got)
	assert.Equal(t, `{"model":"m","prompt":["x"]}`, got.Body)

	h = newHost(t, "{\"n\":0}\r\n")
	assert.Equal(t, "the request still has errors", h.refusal(h.body(false)))
	h.json(h.body(true), &got)
	assert.Equal(t, `{"n":0}`, got.Body, "a wrong value goes out as JSON")

	h = newHost(t, "{\"n\":0\r\n")
	h.json(h.body(true), &got)
	assert.Equal(t, "{\"n\":0\r\n", got.Body, "what cannot be read goes out as typed")
}

// The page adds the key itself; not even the place of it may come from here, or it would be sent.
func TestBuildLeavesTheKeyOut(t *testing.T) {
	for _, hasKey := range []string{"false", "true"} {
		h := newHost(t, valid)
		var got struct {
			Method, URL, Body string
			Headers           []struct{ Name, Value string }
		}
		h.json(h.build(h.argument(`{"base":"https://api.example.com/v1/","hasKey":`+hasKey+`}`)), &got)
		assert.Equal(t, "POST", got.Method)
		assert.Equal(t, "https://api.example.com/v1/completions", got.URL)
		require.Len(t, got.Headers, 2)
		assert.Equal(t, "Content-Type", got.Headers[0].Name)
		assert.Equal(t, "Accept", got.Headers[1].Name)
		assert.JSONEq(t, valid, got.Body)

		for _, language := range snippet.Languages() {
			var code snippet.Snippet
			h.json(h.snippet(h.argument(`{"base":"https://api.example.com","hasKey":`+hasKey+`,"language":"`+language.Name+`"}`)), &code)
			assert.Equal(t, hasKey == "true", strings.Contains(code.Text, core.KeyVariable), language.Name)
			assert.NotContains(t, code.Text, "placeholder", language.Name)
		}
	}
	h := newHost(t, valid)
	assert.NotEmpty(t, h.refusal(h.build(h.argument(`{"base":"ftp://x"}`))))
	assert.NotEmpty(t, h.refusal(h.snippet(h.argument(`{"base":""}`))))
	assert.NotEmpty(t, h.refusal(h.snippet(h.argument(`{"base":"https://api.example.com","language":"none"}`))))
	assert.NotEmpty(t, h.refusal(h.build(h.argument(`{`))))
}

func TestBase(t *testing.T) {
	h := newHost(t, "")
	var got core.Addresses
	h.json(h.base(h.argument("api.example.com/v1/chat/completions?a=b")), &got)
	assert.Equal(t, core.Addresses{
		Base:        "https://api.example.com/v1?a=b",
		Completions: "https://api.example.com/v1/completions?a=b",
		Models:      "https://api.example.com/v1/models?a=b",
		Origin:      "https://api.example.com",
		Host:        "api.example.com",
		Notes:       got.Notes,
	}, got)
	assert.Len(t, got.Notes, 2)

	var refused struct{ Fault string }
	h.json(h.base(h.argument("https://u:canary@h.example")), &refused)
	assert.Contains(t, refused.Fault, "password")
	assert.NotContains(t, refused.Fault, "canary")
}

func TestImport(t *testing.T) {
	s := newSession()
	give := func(text string) int {
		copy(s.reserveArgs(len(text)), text)
		return len(text)
	}
	require.Equal(t, "null", string(s.importText(give(`{"model":"m"}`))))
	var got struct {
		Kind, Name, URL, Base, Host, Path, Method, Profile, Key string

		Text    *string
		Headers []core.ImportedHeader
		Notes   []core.ImportNote
	}
	text := "curl \"https://api.openai.com/v1/completions\" -H 'Authorization: Bearer sk-1' -H 'X-Title: é' -d \"{\\\"model\\\":\\\"$M\\\"}\"\n"
	require.NoError(t, json.Unmarshal(s.importText(give(text)), &got))
	want, ok := core.Import([]byte(text))
	require.True(t, ok)
	require.NotNil(t, got.Text)
	assert.Equal(t, `{"model":"$M"}`, *got.Text)
	assert.Equal(t, [...]string{want.Kind, want.Name, want.URL, want.Base, want.Host, want.Path, want.Method, want.Profile, "sk-1"},
		[...]string{got.Kind, got.Name, got.URL, got.Base, got.Host, got.Path, got.Method, got.Profile, got.Key})
	assert.Equal(t, want.Headers, got.Headers)
	assert.Equal(t, want.Notes, got.Notes)
	require.NoError(t, json.Unmarshal(s.importText(give("curl http://h/v1/completions -d @f")), &got))
	assert.Nil(t, got.Text)
	require.NotEmpty(t, got.Notes)
}

func TestEdit(t *testing.T) {
	for op, want := range map[string]string{
		`{"op":"set","path":"/max_tokens","value":"9007199254740993"}`: `{"model":"m","prompt":["x"],"max_tokens":9007199254740993}`,
		`{"op":"unset","path":"/max_tokens"}`:                          `{"model":"m","prompt":["x"]}`,
		`{"op":"fix-all"}`:                                             valid,
	} {
		h := newHost(t, valid)
		var edits []core.TextEdit
		h.json(h.edit(h.argument(op)), &edits)
		got, err := core.Apply([]byte(valid), edits)
		require.NoError(t, err)
		assert.Equal(t, want, string(got), op)
	}
	h := newHost(t, valid)
	var edits []core.TextEdit
	h.json(h.edit(h.argument(`{"op":"format"}`)), &edits)
	assert.NotEmpty(t, edits)
	assert.Equal(t, `unknown edit "jump"`, h.refusal(h.edit(h.argument(`{"op":"jump"}`))))
	assert.NotEmpty(t, h.refusal(h.edit(h.argument(`{"op":"set","path":"/n","value":"{"}`))))
	assert.NotEmpty(t, h.refusal(h.edit(h.argument(`no JSON`))))
}

func TestProfile(t *testing.T) {
	h := newHost(t, valid)
	assert.Equal(t, "{}", string(h.profile(h.argument("openai"))))
	assert.Equal(t, "openai", h.validator.Profile().Name)
	assert.NotEmpty(t, h.refusal(h.profile(h.argument("nobody"))))
	assert.Equal(t, "openai", h.validator.Profile().Name, "a refused name changes nothing")
}

func TestDemo(t *testing.T) {
	h := newHost(t, "")
	var tokens []struct {
		ID   int
		Text string
	}
	h.json(h.tokens(h.argument("Once upon a time")), &tokens)
	joined := ""
	for _, token := range tokens {
		joined += token.Text
	}
	assert.Equal(t, "Once upon a time", joined)

	var head struct {
		ID      int32
		Status  int
		Headers [][2]string
	}
	h.json(h.demoOpen(h.argument(`{"model":"demo-fast","prompt":["Hello"],"max_tokens":3,"stream":true}`), 7), &head)
	assert.Equal(t, 200, head.Status)
	assert.Equal(t, "Content-Type", head.Headers[0][0])
	var body []byte
	for {
		step := h.demoNext(head.ID)
		if binary.LittleEndian.Uint32(step) == stepDone {
			break
		}
		body = append(body, step[8:]...)
	}
	assert.True(t, strings.HasSuffix(string(body), "data: [DONE]\n\n"), string(body))
	h.demoClose(head.ID)
	assert.Empty(t, h.answers)
	assert.EqualValues(t, stepDone, binary.LittleEndian.Uint32(h.demoNext(head.ID)))
}

// Nothing but the caller's number makes two answers differ.
func TestDemoEntropy(t *testing.T) {
	answer := func(entropy uint64) (body string) {
		h := newHost(t, "")
		var head struct{ ID int32 }
		h.json(h.demoOpen(h.argument(`{"model":"demo-fast","prompt":["Once"],"max_tokens":40,"temperature":1}`), entropy), &head)
		for {
			step := h.demoNext(head.ID)
			if binary.LittleEndian.Uint32(step) == stepDone {
				_, text, _ := strings.Cut(body, `"choices"`)
				return text
			}
			body += string(step[8:])
		}
	}
	assert.Equal(t, answer(1), answer(1))
	assert.NotEqual(t, answer(1), answer(2))
}

func TestSettledSessionIsAsNew(t *testing.T) {
	s := newSession()
	s.settle()
	assert.Equal(t, core.Default(), s.validator)
	assert.Nil(t, s.text)
	assert.Equal(t, `{"error":"the text has not been checked"}`, string(s.members()))
}

func TestDemoCut(t *testing.T) {
	h := newHost(t, "")
	var head struct{ ID int32 }
	h.json(h.demoOpen(h.argument(`{"model":"demo-reset","prompt":["Hello"],"stream":true}`), 7), &head)
	for {
		switch binary.LittleEndian.Uint32(h.demoNext(head.ID)) {
		case stepCut:
			return
		case stepDone:
			t.Fatal("the answer ended properly")
		}
	}
}

func TestBuffersAreGivenBack(t *testing.T) {
	h := newHost(t, valid)
	h.tokens(h.argument(strings.Repeat("word ", keptBuffer)))
	h.reserveArgs(1)
	assert.LessOrEqual(t, cap(h.args), keptBuffer)
	h.profile(h.argument("openai"))
	assert.LessOrEqual(t, cap(h.out), keptBuffer)
}

func BenchmarkCheckValid(b *testing.B) {
	s := newSession()
	text := `{"model":"meta-llama/Llama-3.3-70B-Instruct","prompt":["` + strings.Repeat("word ", 90) + `"],"max_tokens":64,"temperature":0.7,"top_p":1,"n":1,"stream":true}`
	s.commitText(copy(s.reserveText(len(text)), text))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		s.check()
	}
}

// Whatever numbers the page passes, and in whatever order it calls, nothing panics.
func TestOddNumbers(t *testing.T) {
	for _, n := range []int{math.MinInt32, -1, 0, 1, 5, 1 << 20, math.MaxInt32} {
		s := newSession()
		assert.NotPanics(t, func() {
			s.commitText(n)
			s.check()
			s.reserveText(3)
			s.commitText(n)
			s.reserveArgs(min(n, 1<<20))
			for _, to := range []int{math.MinInt32, -1, 0, 2, math.MaxInt32} {
				s.splice(n, to, n)
				s.splice(0, to, n)
			}
			s.edit(n)
			s.profile(n)
			s.base(n)
			s.build(n)
			s.snippet(n)
			s.detect(n)
			s.importText(n)
			s.compare(n)
			s.score(n)
			s.tokens(min(n, 100))
			s.demoNext(int32(n))
			s.demoClose(int32(n))
			s.body(false)
			s.members()
			s.check()
			s.members()
		}, n)
	}
}
