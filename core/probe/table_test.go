package probe

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/answer"
	"github.com/completion-playground/playground/schema"
)

func begin(t *testing.T) *Session { return beginWith(t, "demo") }

func beginWith(t *testing.T, profile string) *Session {
	t.Helper()
	v, err := core.ForProfile(profile)
	require.NoError(t, err)
	return New(v, "m", Options{})
}

// said is a completion with a text.
func said(text string) answer.Answer {
	return answer.Answer{Status: 200, Complete: true, Choices: []answer.Choice{{Text: text, Finish: "length"}}}
}

// refusal is a server's no.
var refusal = answer.Answer{Status: 400, Error: "no"}

func members(t *testing.T, text json.RawMessage) map[string]string {
	t.Helper()
	var raw map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &raw), "%s", text)
	m := map[string]string{}
	for name, value := range raw {
		m[name] = string(value)
	}
	return m
}

// A request differs from its control in one member; in that of its id where that is a field.
func TestControls(t *testing.T) {
	for _, profile := range []string{"demo", "vllm", "llamacpp", "sglang", "koboldcpp"} {
		testControls(t, profile)
	}
}

func testControls(t *testing.T, profile string) {
	s := beginWith(t, profile)
	for _, id := range []string{"plain", "zero", "two", "seeded", "unknown"} {
		s.take(id, said("x"))
	}
	s.take("long", said(" one and two and three"))
	s.take("biased", said("x x x"))
	s.take("stop", said(" one"))
	ids := map[string]bool{}
	for i := range s.steps {
		st := &s.steps[i]
		assert.False(t, ids[st.id], "%s stands there twice", st.id)
		assert.NotEmpty(t, st.why)
		ids[st.id] = true
		if st.id == "plain" {
			continue
		}
		require.True(t, ids[st.control], "the control of %s is asked before it: %q", st.id, st.control)
		mine, other := members(t, st.body(s).json()), members(t, s.stepOf(st.control).body(s).json())
		var differ []string
		for name := range mine {
			if mine[name] != other[name] {
				differ = append(differ, name)
			}
		}
		for name := range other {
			if _, ok := mine[name]; !ok {
				differ = append(differ, name)
			}
		}
		most := 1
		if st.id == "hot.1.again" || st.id == "hot.1.third" || st.id == "long.again" {
			most = 0
		}
		assert.Len(t, differ, most, "%s and %s differ in %v", st.id, st.control, differ)
	}
}

// The bodies ask for no more tokens than the budget says.
func TestBudget(t *testing.T) {
	for _, profile := range []string{"demo", "vllm", "llamacpp", "sglang", "koboldcpp"} {
		testBudget(t, profile)
	}
}

func testBudget(t *testing.T, profile string) {
	s := beginWith(t, profile)
	s.take("plain", said("x"))
	number := func(raw string, without int) int {
		n := without
		if raw != "" {
			require.NoError(t, json.Unmarshal([]byte(raw), &n), raw)
		}
		return n
	}
	for i := range s.steps {
		m := members(t, s.steps[i].body(s).json())
		prompts := 1
		if strings.HasPrefix(m["prompt"], "[\"") || strings.HasPrefix(m["prompt"], "[[") {
			var list []json.RawMessage
			require.NoError(t, json.Unmarshal([]byte(m["prompt"]), &list))
			prompts = len(list)
		}
		most := prompts * number(m["max_tokens"], -1) * max(number(m["n"], 1), number(m["best_of"], 1), 1)
		assert.Equal(t, most, s.steps[i].tokens, s.steps[i].id)
	}
	b := s.Budget()
	t.Logf("%s: at most %d requests with %d tokens", profile, b.Requests, b.Tokens)
	assert.GreaterOrEqual(t, b.Requests, 40)
	assert.LessOrEqual(t, b.Requests, 80)
	assert.LessOrEqual(t, b.Tokens, 800)
}

// Every field of the schema is asked about, every question reads requests that there are, and every rule is known.
func TestQuestions(t *testing.T) {
	v, err := core.Compile(nil, core.Options{})
	require.NoError(t, err)
	var schema struct{ Properties map[string]json.RawMessage }
	require.NoError(t, json.Unmarshal(v.Schema(), &schema))
	for field := range schema.Properties {
		assert.True(t, slices.ContainsFunc(fieldQuestions(), func(q question) bool { return q.field == field }), field)
	}
	keys, read := map[string]bool{}, map[string]bool{}
	rules := map[string]string{}
	for _, q := range questions() {
		assert.False(t, keys[q.key()], q.key())
		keys[q.key()] = true
		assert.NotEmpty(t, q.how)
		for _, id := range append([]string{q.main}, q.with...) {
			assert.True(t, id == "" || begin(t).stepOf(id) != nil, "%s reads %q", q.key(), id)
			read[id] = true
		}
		if q.rule != "" {
			rules[q.rule] = "off"
		}
	}
	for key := range bounds {
		assert.True(t, keys[key], "there is no row %q", key)
	}
	text, err := json.Marshal(core.Profile{Unknown: "ignored", Rules: rules})
	require.NoError(t, err)
	_, err = core.ParseProfile(text)
	assert.NoError(t, err, "each rule is one of the core's")
	for i := range steps() {
		assert.True(t, read[steps()[i].id] || slices.ContainsFunc(steps(), func(st step) bool { return st.control == steps()[i].id }), "nobody reads %s", steps()[i].id)
	}
}

// The page that tells people how a verdict comes about has the table of this package.
func TestDocumented(t *testing.T) {
	page, err := os.ReadFile("../../web/docs/probe.md")
	require.NoError(t, err)
	var want strings.Builder
	for _, q := range questions() {
		name := "`" + q.field + "`"
		if q.field == "" {
			name = "an unknown field"
		}
		if q.about != "" {
			name += " " + q.about
		}
		fmt.Fprintf(&want, "| %s | %s |\n", name, q.how)
	}
	b := begin(t).Budget()
	assert.Contains(t, string(page), want.String(), "want this table in the page:\n%s", want.String())
	assert.Contains(t, string(page), fmt.Sprintf("at most %d requests", b.Requests))
	assert.Contains(t, string(page), fmt.Sprintf("%d tokens", b.Tokens))
}

func TestNextHandsOutTwoAtOnce(t *testing.T) {
	s := begin(t)
	first := s.Next()
	require.Len(t, first, 1, "all depends on the control")
	assert.Equal(t, "plain", first[0].ID)
	assert.Empty(t, s.Next())
	assert.False(t, s.Done())
	assert.Error(t, s.Answered("stop", said("x")), "it was not asked")
	require.NoError(t, s.Answered("plain", said(" there lived an old man")))
	assert.Error(t, s.Answered("plain", said("x")), "it is answered")
	for asked := 1; !s.Done(); {
		next := s.Next()
		assert.LessOrEqual(t, len(s.open), AtOnce)
		assert.Empty(t, s.Next(), "two are open, or nothing else can be made")
		for _, r := range next {
			asked++
			require.Less(t, asked, 100)
			assert.Equal(t, strings.Contains(string(r.Body), `"stream":true`), r.Stream)
			require.NoError(t, s.Answered(r.ID, said(" there lived an old man")))
		}
	}
	assert.True(t, s.Report().Done)
}

func TestLostIsHandedOutAgain(t *testing.T) {
	s := begin(t)
	first := s.Next()
	s.Lost("plain")
	assert.Equal(t, first, s.Next())
}

// A session that was written down goes on as it was, and what was open is asked again.
func TestResume(t *testing.T) {
	whole, cut := begin(t), begin(t)
	reply := func(r Request) answer.Answer {
		if len(r.ID)%5 == 0 {
			return refusal
		}
		return said(" there lived an old man " + r.ID)
	}
	for n := 0; !cut.Done(); n++ {
		require.Less(t, n, 200)
		next := cut.Next()
		if n%3 == 1 {
			text, err := json.Marshal(cut)
			require.NoError(t, err)
			cut, err = Resume(cut.check, text)
			require.NoError(t, err)
			assert.Equal(t, next, cut.Next())
		}
		for _, r := range next {
			require.NoError(t, cut.Answered(r.ID, reply(r)))
		}
	}
	for !whole.Done() {
		for _, r := range whole.Next() {
			require.NoError(t, whole.Answered(r.ID, reply(r)))
		}
	}
	want, err := json.Marshal(whole.Report())
	require.NoError(t, err)
	got, err := json.Marshal(cut.Report())
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))

	text, err := json.Marshal(begin(t).stopped())
	require.NoError(t, err)
	again, err := Resume(cut.check, text)
	require.NoError(t, err)
	assert.Equal(t, Stopped, again.Report().End)
	for _, bad := range []string{`{`, `{"answers":[{"id":"no"}]}`} {
		_, err = Resume(cut.check, []byte(bad))
		assert.Error(t, err)
	}
}

func (s *Session) stopped() *Session {
	s.Stop()
	return s
}

// Before anything is asked, nothing is known, and the report says so in each row.
func TestReportAtAnyTime(t *testing.T) {
	s := begin(t)
	for n := 0; ; n++ {
		r := s.Report()
		require.Len(t, r.Rows, len(questions()))
		for _, row := range r.Rows {
			assert.NotEmpty(t, row.Reason, row.Key())
			assert.NotEmpty(t, row.Verdict, row.Key())
			if n == 0 {
				assert.Equal(t, Unknown, row.Verdict, row.Key())
			}
			for _, id := range row.Evidence {
				assert.True(t, slices.ContainsFunc(r.Requests, func(e Evidence) bool { return e.ID == id }), id)
			}
		}
		done := s.Done()
		if n%10 == 0 || done {
			_, err := core.Compile(nil, core.Options{Profile: r.Profile()})
			require.NoError(t, err)
		}
		if done {
			break
		}
		for _, next := range s.Next() {
			require.NoError(t, s.Answered(next.ID, said(" there lived an old man")))
		}
	}
}

// A server that refuses all but the simplest request is told to do so, field by field.
func TestServerThatRefusesEverything(t *testing.T) {
	s := begin(t)
	for !s.Done() {
		for _, r := range s.Next() {
			a := refusal
			if r.ID == "plain" {
				a = said(" there lived an old man")
			}
			require.NoError(t, s.Answered(r.ID, a))
		}
	}
	r := s.Report()
	assert.True(t, r.Done)
	for _, row := range r.Rows {
		switch {
		case row.About != "" || row.Field == "prompt" || row.Field == "stop" || row.Field == "max_tokens":
		case row.Field == "model":
			assert.Equal(t, Honoured, row.Verdict)
		default:
			assert.Equal(t, Refused, row.Verdict, "%s: %s", row.Key(), row.Reason)
		}
	}
}

// A server that always says the same shows little, and nothing is taken for ignored that might only not show.
func TestServerThatAlwaysSaysTheSame(t *testing.T) {
	s := begin(t)
	for !s.Done() {
		for _, r := range s.Next() {
			require.NoError(t, s.Answered(r.ID, said(" there lived an old man")))
		}
	}
	verdict := map[string]Verdict{}
	for _, row := range s.Report().Rows {
		verdict[row.Key()] = row.Verdict
	}
	for _, field := range []string{"temperature", "top_p", "seed", "frequency_penalty", "presence_penalty", "best_of", "seed below 0", "top_p 0"} {
		assert.Equal(t, Unknown, verdict[field], field)
	}
	for _, field := range []string{"stop", "echo", "logprobs", "n", "stream", "logit_bias"} {
		assert.Equal(t, Ignored, verdict[field], field)
	}
}

// What stands before an echoed prompt, such as a mark for the beginning, is no reason to call it changed.
func TestEchoBehindAMark(t *testing.T) {
	for text, want := range map[string]Verdict{
		"<s> " + prompt + " by": Honoured,
		prompt:                  Honoured,
		" by the river":         Ignored,
		strings.Repeat("and so it went on, ", 9) + prompt: Changed,
	} {
		s := begin(t)
		s.take("echo", said(text))
		got, reason := judgeEcho(s)
		assert.Equal(t, want, got, "%q: %s", text, reason)
	}
}

// The rows about the schema's own bounds ask beyond them wherever they are: a bound that moves must move here too.
func TestBoundsAreThoseOfTheSchema(t *testing.T) {
	var base struct {
		Properties map[string]map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(schema.Request), &base))
	servers := []string{"logprobs 6", "seed beyond 32 bits", "seed below 0"} // what some servers have, and the schema has not
	held := 0
	for key, b := range bounds {
		field, _, _ := strings.Cut(key, " ")
		member := base.Properties[field]
		require.NotNil(t, member, key)
		if b.within != "" {
			member, _ = member[b.within].(map[string]any)
		}
		if at, ok := member[b.keyword].(float64); ok && !slices.Contains(servers, key) {
			assert.Equal(t, at, b.at, key)
			held++
		}
	}
	assert.Equal(t, 8, held)
}
