package client_test

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
)

// chunkOf returns the chunk that an event with this data is read as.
func chunkOf(t *testing.T, data string) client.Chunk {
	t.Helper()
	c := serve(t, says("data: "+data+"\n\ndata: [DONE]\n\n"))
	var chunks []client.Chunk
	for chunk, err := range c.StreamBody(t.Context(), []byte(helloSSE)) {
		require.NoError(t, err)
		chunks = append(chunks, chunk)
	}
	require.NotEmpty(t, chunks)
	for _, later := range chunks[1:] {
		require.Equal(t, client.Chunk{Notes: later.Notes}, later, "only notes follow")
	}
	return chunks[0]
}

func TestChunkKeepsEverything(t *testing.T) {
	got := chunkOf(t, `{"id":"cmpl-1","object":"text_completion","created":1760000000,"model":"m","provider":"P","error":null,`+
		`"choices":[{"index":3,"text":"a","finish_reason":null,"logprobs":null,"stop_reason":128001,"native_finish_reason":null}],`+
		`"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"prompt_tokens_details":null},"timings":{"ms":1.50}}`)
	assert.Equal(t, client.Chunk{
		ID: "cmpl-1", Object: "text_completion", Created: 1760000000, Model: "m",
		Choices: []client.ChoiceDelta{{
			Index: 3, Text: "a",
			Extra: map[string]json.RawMessage{"stop_reason": json.RawMessage("128001"), "native_finish_reason": json.RawMessage("null")},
		}},
		Usage: &client.Usage{PromptTokens: 1, CompletionTokens: 2, TotalTokens: 3},
		Extra: map[string]json.RawMessage{
			"provider": json.RawMessage(`"P"`), "error": json.RawMessage("null"), "timings": json.RawMessage(`{"ms":1.50}`),
		},
	}, got)
}

// TestChunkOfOddTypes reads members of types that they should not have: they stay where they can be seen.
func TestChunkOfOddTypes(t *testing.T) {
	got := chunkOf(t, `{"id":7,"created":1.5,"model":null,"usage":"none","choices":[{"index":"first","text":["a"],"finish_reason":{"type":"stop"},"logprobs":-0.5},null]}`)
	assert.Equal(t, client.Chunk{
		Choices: []client.ChoiceDelta{{Extra: map[string]json.RawMessage{
			"index": json.RawMessage(`"first"`), "text": json.RawMessage(`["a"]`),
			"finish_reason": json.RawMessage(`{"type":"stop"}`), "logprobs": json.RawMessage("-0.5"),
		}}},
		Notes: got.Notes,
		Extra: map[string]json.RawMessage{"id": json.RawMessage("7"), "created": json.RawMessage("1.5"), "usage": json.RawMessage(`"none"`)},
	}, got)
	assert.Equal(t, []string{"index-odd", "text-skipped", "choice-skipped"}, codes(got.Notes))

	got = chunkOf(t, `{"choices":7}`)
	assert.Equal(t, client.Chunk{Notes: got.Notes, Extra: map[string]json.RawMessage{"choices": json.RawMessage("7")}}, got)
	assert.Equal(t, []string{"choices-skipped"}, codes(got.Notes))
}

func codes(notes []client.Note) (list []string) {
	for _, n := range notes {
		list = append(list, n.Code)
	}
	return list
}

func TestNormalizeFinish(t *testing.T) {
	for raw, want := range map[string]client.FinishReason{
		"":               client.Unfinished,
		"stop":           client.FinishStop,
		"eos":            client.FinishStop,
		"eos_token":      client.FinishStop,
		"stop_sequence":  client.FinishStop,
		"length":         client.FinishLength,
		"content_filter": client.FinishFiltered,
		"tool_calls":     client.FinishTool,
		"function_call":  client.FinishTool,
		"abort":          client.FinishAborted,
		"cancelled":      client.FinishAborted,
		"Stop":           client.FinishStop,
		"error":          client.FinishError,
		"bored":          client.FinishOther,
	} {
		assert.Equal(t, want, client.NormalizeFinish(raw), raw)
		if want == client.FinishAborted || want == client.FinishError {
			continue // the answer fails, which the scenarios show
		}
		got := chunkOf(t, `{"choices":[{"finish_reason":"`+raw+`"}]}`).Choices[0]
		assert.Equal(t, want, got.Finish)
		assert.Equal(t, raw, got.RawFinish)
	}
}

func TestLogprobs(t *testing.T) {
	some := core.Some[float64]
	for name, c := range map[string]struct {
		data string
		want []client.Token
	}{
		"parallel arrays": {
			`{"tokens":["a"," b","c"],"token_logprobs":[null,-0.5,-9999.0],"top_logprobs":[null,{" b":-0.5," z":-0.25,"a":-0.5}],"text_offset":[0,1]}`,
			[]client.Token{
				{Text: "a", Offset: core.Some[int64](0)},
				{Text: " b", Logprob: some(-0.5), Offset: core.Some[int64](1), Top: []client.Candidate{{" z", -0.25}, {" b", -0.5}, {"a", -0.5}}},
				{Text: "c", Logprob: some(-9999)},
			},
		},
		"parallel arrays, logprobs: 0": {
			`{"tokens":["a"],"token_logprobs":[-0.5],"top_logprobs":null,"text_offset":[0]}`,
			[]client.Token{{Text: "a", Logprob: some(-0.5), Offset: core.Some[int64](0)}},
		},
		"tokens named like members": {
			`{"tokens":["logprob"],"token_logprobs":[-1],"top_logprobs":[{"logprob":-1,"token":-2}]}`,
			[]client.Token{{Text: "logprob", Logprob: some(-1), Top: []client.Candidate{{"logprob", -1}, {"token", -2}}}},
		},
		"content list": {
			`{"content":[{"id":7,"token":"\ufffd","bytes":[240,159],"logprob":-0.5,"top_logprobs":[{"id":8,"token":"","bytes":[],"logprob":-0.75}]},{"token":"b","logprob":-1,"bytes":null}],"refusal":null}`,
			[]client.Token{
				{Text: "\ufffd", ID: core.Some[int64](7), Bytes: []byte{240, 159}, Logprob: some(-0.5), Top: []client.Candidate{{"", -0.75}}},
				{Text: "b", Logprob: some(-1)},
			},
		},
		"arrays with ids": {
			`{"token_ids":[5,6],"tokens":["a","b"],"token_logprobs":[-0.5,null],"top_logprobs":[{"a":-0.5}]}`,
			[]client.Token{
				{Text: "a", ID: core.Some[int64](5), Logprob: some(-0.5), Top: []client.Candidate{{"a", -0.5}}},
				{Text: "b", ID: core.Some[int64](6)},
			},
		},
		"nothing":        {`{"tokens":[],"content":null}`, nil},
		"something else": {`[1,2]`, nil},
	} {
		got := chunkOf(t, `{"choices":[{"text":"x","logprobs":`+c.data+`}]}`).Choices[0]
		assert.Equal(t, c.want, got.Logprobs, name)
		_, kept := got.Extra["logprobs"]
		assert.Equal(t, c.want == nil, kept, "%s: what was not understood stays", name)
	}
	got := chunkOf(t, `{"choices":[{"index":0}],"token":{"id":5,"text":"Hi","logprob":-0.5}}`).Choices[0]
	assert.Equal(t, []client.Token{{Text: "Hi", ID: core.Some[int64](5), Logprob: some(-0.5)}}, got.Logprobs)
	assert.Equal(t, "Hi", got.Text)
}

func TestAccumulator(t *testing.T) {
	var a client.Accumulator
	assert.Equal(t, client.End(""), a.End())
	assert.Equal(t, &client.Completion{}, a.Completion())

	a.Add(client.Chunk{ID: "1", Model: "m", Usage: &client.Usage{TotalTokens: 1}, Choices: []client.ChoiceDelta{
		{Index: 7, Text: "x", Logprobs: []client.Token{{Text: "x"}}}, {Index: 0, Text: "a"}, {Index: -1, Text: "odd"},
	}})
	early := a.Completion()
	a.Add(client.Chunk{Choices: []client.ChoiceDelta{
		{Index: 0, Text: "b", Finish: client.FinishStop, RawFinish: "eos"}, {Index: 7, Text: "y", Logprobs: []client.Token{{Text: "y"}}},
	}})
	a.Add(client.Chunk{ID: "2", Usage: &client.Usage{TotalTokens: 5}, Choices: []client.ChoiceDelta{{Index: 0}}})

	assert.Equal(t, &client.Completion{
		ID: "2", Model: "m", Usage: &client.Usage{TotalTokens: 5},
		Choices: []client.Choice{
			{Index: -1, Text: "odd"},
			{Index: 0, Text: "ab", Finish: client.FinishStop, RawFinish: "eos"},
			{Index: 7, Text: "xy", Logprobs: []client.Token{{Text: "x"}, {Text: "y"}}},
		},
	}, a.Completion())
	assert.Equal(t, "a", early.Choices[1].Text, "what was handed out does not change")
	assert.Equal(t, 1, early.Usage.TotalTokens)
	assert.Len(t, early.Choices[2].Logprobs, 1)
}

func TestAccumulatorIsLinear(t *testing.T) {
	var a client.Accumulator
	const chunks = 100_000
	for range chunks {
		a.Add(client.Chunk{Choices: []client.ChoiceDelta{{Text: "token "}}})
	}
	assert.Equal(t, strings.Repeat("token ", chunks), a.Completion().Choices[0].Text)
	allocs := testing.AllocsPerRun(1000, func() { a.Add(client.Chunk{Choices: []client.ChoiceDelta{{Text: "token "}}}) })
	assert.Less(t, allocs, 3.0, "a chunk costs the same however much came before it")
}

func TestEndOf(t *testing.T) {
	assert.Equal(t, client.Complete, client.EndOf(nil))
	assert.Equal(t, client.EndedEarly, client.EndOf(client.ErrEndedEarly))
	assert.Equal(t, client.Empty, client.EndOf(client.ErrEmpty))
	assert.Equal(t, client.Stopped, client.EndOf(&client.TransportError{Err: context.Canceled}))
	assert.Equal(t, client.Stopped, client.EndOf(&client.TransportError{Err: context.DeadlineExceeded}))
	assert.Equal(t, client.Failed, client.EndOf(&client.TransportError{Err: io.ErrUnexpectedEOF}))
	assert.Equal(t, client.Failed, client.EndOf(&client.StreamError{}))
}
