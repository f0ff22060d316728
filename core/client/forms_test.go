package client_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
	"github.com/completion-playground/playground/core/client/faulty"
	"github.com/completion-playground/playground/core/demo"
)

// scriptText is what a script writes, where it does nothing else.
func scriptText(s faulty.Script) (string, bool) {
	var b strings.Builder
	for _, step := range s.Steps {
		if step.Then != "" || step.Repeat > 0 || s.Status/100 != 2 && s.Status != 0 {
			return "", false
		}
		b.WriteString(step.Data)
		b.Write(step.Raw)
	}
	return b.String(), true
}

// streamed writes an answer in one piece as the stream that servers make of the same: each choice's text in two chunks, its
// log probabilities with the first, its finish reason in an event of its own, and the usage at the end.
func streamed(t *testing.T, text string) string {
	t.Helper()
	var whole map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(text), &whole))
	var choices []map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(whole["choices"], &choices))
	var b strings.Builder
	event := func(change map[string]any) {
		o := map[string]any{}
		for name, value := range whole {
			if name != "usage" {
				o[name] = value
			}
		}
		for name, value := range change {
			o[name] = value
		}
		line, err := json.Marshal(o)
		require.NoError(t, err)
		b.WriteString("data: " + string(line) + "\n\n")
	}
	for n, choice := range choices {
		index := any(n)
		if choice["index"] != nil {
			index = choice["index"]
		}
		var text string
		_ = json.Unmarshal(choice["text"], &text)
		half := len([]rune(text)) / 2
		first := map[string]any{}
		for name, value := range choice {
			first[name] = value
		}
		first["index"], first["text"], first["finish_reason"] = index, string([]rune(text)[:half]), nil
		event(map[string]any{"choices": []any{first}})
		event(map[string]any{"choices": []any{map[string]any{"index": index, "text": string([]rune(text)[half:]), "finish_reason": nil}}})
		last := map[string]any{"index": index, "text": "", "finish_reason": choice["finish_reason"]}
		event(map[string]any{"choices": []any{last}})
	}
	if whole["usage"] != nil {
		event(map[string]any{"choices": []any{}, "usage": whole["usage"]})
	}
	return b.String() + "data: [DONE]\n\n"
}

// Both forms of an answer give the same: each scenario that is one JSON object is played as a stream of it too.
func TestBothFormsGiveOneAnswer(t *testing.T) {
	played := 0
	for _, s := range faulty.Scenarios() {
		text, ok := scriptText(s.Script)
		if text = strings.TrimSpace(text); !ok || s.Want.End != string(client.Complete) || !strings.HasPrefix(text, "{") || !json.Valid([]byte(text)) || !strings.Contains(text, `"choices"`) {
			continue
		}
		played++
		t.Run(s.Name, func(t *testing.T) {
			got := [2]*client.Completion{}
			for form, body := range []string{text, streamed(t, text)} {
				c := client.Client{Endpoint: core.Endpoint{Base: "http://a.test"}, HTTP: &http.Client{Transport: &replies{list: []any{answering(200, body)}}}}
				answer, err := client.Collect(c.StreamBody(t.Context(), s.Request))
				require.NoError(t, err, body)
				answer.Notes = nil // they tell of the form
				got[form] = answer
			}
			assert.Equal(t, got[0], got[1])
			assert.Equal(t, got[0].Answer(false, nil).Choices, got[1].Answer(true, nil).Choices)
			assert.Equal(t, s.Want.Texts[0], got[0].Choices[0].Text)
		})
	}
	require.GreaterOrEqual(t, played, 5)
}

// seededDemo answers as the demo model does.
type seededDemo struct{}

func (seededDemo) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	answer := demo.Complete(body, demo.Options{Created: 1})
	var b bytes.Buffer
	for step, ok := answer.Next(); ok; step, ok = answer.Next() {
		b.Write(step.Data)
	}
	return answering(answer.Status, b.String(), answer.Header[0][0], answer.Header[0][1])(), nil
}

// The demo model gives one answer in both forms, with all that can be asked for.
func TestDemoGivesOneAnswerInBothForms(t *testing.T) {
	c := client.Client{Endpoint: core.Endpoint{Base: "http://a.test"}, HTTP: &http.Client{Transport: seededDemo{}}}
	for _, req := range []core.CompletionRequest{
		{Seed: core.Some[int64](7)},
		{Seed: core.Some[int64](7), N: core.Some[int64](3), Logprobs: core.Some[int64](2)},
		{Seed: core.Some[int64](8), Echo: core.Some(true), Stop: core.Some([]string{"."})},
	} {
		req.Model, req.Prompt, req.MaxTokens = "demo", core.Prompt{Texts: []string{"Once upon a time", "The sea"}}, core.Some[int64](24)
		req.StreamOptions = core.Some(core.StreamOptions{IncludeUsage: core.Some(true)})
		whole, err := c.Complete(t.Context(), req)
		require.NoError(t, err)
		stream, err := client.Collect(c.Stream(t.Context(), req))
		require.NoError(t, err)
		whole.ID, stream.ID = "", ""
		require.NotEmpty(t, whole.Choices[0].Text)
		assert.Equal(t, whole, stream)
	}
}

// Collect hands out what came before an error, and nothing where nothing came.
func TestCollect(t *testing.T) {
	c := client.Client{Endpoint: core.Endpoint{Base: "http://a.test"}, HTTP: &http.Client{Transport: &replies{list: []any{
		errors.New("down"), broken(`data: {"choices":[{"index":0,"text":"Hel"}]}` + "\n\n"),
	}}}}
	got, err := client.Collect(c.Stream(t.Context(), hello))
	require.Error(t, err)
	assert.Nil(t, got)
	got, err = client.Collect(c.Stream(t.Context(), hello))
	require.Error(t, err)
	assert.Equal(t, "Hel", got.Choices[0].Text)
}
