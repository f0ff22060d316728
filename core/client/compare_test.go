package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/answer"
	"github.com/completion-playground/playground/core/client"
	"github.com/completion-playground/playground/core/client/faulty"
	"github.com/completion-playground/playground/core/demo"
)

// demoServer serves the demo model without its delays. tamper, if not nil, changes the answers. Without a seed no two
// answers are alike.
func demoServer(tamper func([]byte) []byte) *httptest.Server {
	var asked atomic.Uint64
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client has gone
		}
		a := demo.Complete(body, demo.Options{Entropy: asked.Add(1)})
		for _, h := range a.Header {
			w.Header().Set(h[0], h[1])
		}
		w.WriteHeader(a.Status)
		for step, ok := a.Next(); ok; step, ok = a.Next() {
			if tamper != nil {
				step.Data = tamper(step.Data)
			}
			_, _ = w.Write(step.Data)
		}
	}))
}

func ExampleCompare() {
	// A server that leaves out what it does not know.
	server := demoServer(func(answer []byte) []byte {
		var members map[string]any
		if err := json.Unmarshal(answer, &members); err != nil {
			log.Fatal(err)
		}
		choices := members["choices"].([]any)
		choices[0].(map[string]any)["logprobs"] = nil
		members["choices"] = choices[:1]
		answer, _ = json.Marshal(members)
		return answer
	})
	defer server.Close()

	ollama, err := core.ForProfile("ollama")
	if err != nil {
		log.Fatal(err)
	}
	req := core.CompletionRequest{
		Model: "demo-fast", Prompt: core.Prompt{Texts: []string{"Once upon a time"}},
		N: core.Some[int64](3), Logprobs: core.Some[int64](2),
	}
	c := client.Client{Endpoint: core.Endpoint{Base: server.URL}}
	completion, err := c.Complete(context.Background(), req)
	body, _ := json.Marshal(req)
	for _, d := range client.Compare(body, ollama, completion, err) {
		fmt.Println(d.Field, d.Code)
		fmt.Println("  " + d.Message)
		fmt.Println("  " + strings.Join(d.Known, "; "))
	}
	// Output:
	// n choices-missing
	//   3 choices were asked for and 1 came: the server may not support `n` or several prompts.
	//   Ollama makes one choice whatever n says
	// logprobs logprobs-missing
	//   Log probabilities were asked for and came for 0 of 1 choice.
	//   Ollama accepts it here and returns no log probabilities
}

// Which of two continuations is likelier?
func ExampleClient_Score() {
	server := demoServer(nil)
	defer server.Close()
	demo, err := core.ForProfile("demo")
	if err != nil {
		log.Fatal(err)
	}
	c := client.Client{Endpoint: core.Endpoint{Base: server.URL}}
	for _, s := range c.Score(context.Background(), demo, "demo-fast", "Once upon a time", "Once upon a tomato") {
		if s.Err != nil {
			log.Fatal(s.Err)
		}
		fmt.Printf("%-20s %3d tokens, %.1f bits per byte\n", s.Text, s.Score.Counted, s.Score.BitsPerByte)
	}
	// Output:
	// Once upon a time       3 tokens, 0.0 bits per byte
	// Once upon a tomato     3 tokens, 1.9 bits per byte
}

func TestScore(t *testing.T) {
	server := demoServer(nil)
	defer server.Close()
	c := client.Client{Endpoint: core.Endpoint{Base: server.URL}}
	demo, err := core.ForProfile("demo")
	require.NoError(t, err)

	texts := []string{"The lighthouse keeper opened the door", "Grüße, 漢字!", ""}
	scored := c.Score(t.Context(), demo, "demo-fast", texts...)
	require.Len(t, scored, 3)
	for i, s := range scored[:2] {
		require.NoError(t, s.Err)
		assert.Equal(t, texts[i], s.Text)
		assert.Equal(t, texts[i], s.Completion.Choices[0].Text)
		assert.Equal(t, "yes", s.Preflight.Verdict)
		assert.Len(t, s.Score.Tokens, s.Score.Counted+1, "the first has no log probability")
		assert.Less(t, s.Score.Sum, 0.0)
		assert.Less(t, s.Score.Bytes, len(texts[i]))
		assert.Positive(t, s.Score.BitsPerByte)
		assert.Greater(t, s.Score.Perplexity, 1.0)
	}
	assert.EqualError(t, scored[2].Err, "There is no text to score.")

	// What the profile rules out is not sent, and what the server refuses is told as it is.
	ollama, err := core.ForProfile("ollama")
	require.NoError(t, err)
	nowhere := client.Client{Endpoint: core.Endpoint{Base: "http://127.0.0.1:1"}}
	none := nowhere.Score(t.Context(), ollama, "m", "x")[0]
	var ruled *answer.ScoreError
	require.ErrorAs(t, none.Err, &ruled)
	assert.Equal(t, "server-cannot", ruled.Code)
	assert.Equal(t, "no", none.Preflight.Verdict)

	var refused *client.APIError
	require.ErrorAs(t, c.Score(t.Context(), demo, "demo-401", "x")[0].Err, &refused)

	gone, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, c.Score(gone, demo, "demo-fast", "x")[0].Err, context.Canceled)
}

// What the demo does as asked is as asked, whole and streamed.
func TestNothingDiffersOnTheDemo(t *testing.T) {
	server := demoServer(nil)
	defer server.Close()
	c := client.Client{Endpoint: core.Endpoint{Base: server.URL}}
	demo, err := core.ForProfile("demo")
	require.NoError(t, err)
	for _, more := range []string{
		`"max_tokens":5`, `"n":3`, `"prompt":["a","b"],"n":2,"logprobs":2`, `"echo":true,"logprobs":3,"max_tokens":4`,
		`"echo":true,"logprobs":0,"max_tokens":0`, `"stop":["."," the"],"max_tokens":60`, `"temperature":0,"logprobs":5`,
		`"temperature":0,"logprobs":2,"echo":true,"logit_bias":{"256":-100}`, `"best_of":4,"n":2,"max_tokens":9`,
		`"suffix":" the end of the long and winding road that leads to the door of the house","max_tokens":9`,
	} {
		for _, stream := range []string{`,"stream":true,"stream_options":{"include_usage":true}`, ``} {
			if stream != "" && strings.Contains(more, "best_of") {
				continue // the demo refuses both together
			}
			body := []byte(`{"model":"demo-fast","prompt":["Once upon a time"],"seed":3,` + more + stream + `}`)
			var a client.Accumulator
			for _, err := range a.Follow(c.StreamBody(t.Context(), body)) {
				require.NoError(t, err, "%s", body)
			}
			assert.Empty(t, client.Compare(body, demo, a.Completion(), nil), "%s", body)
		}
	}
}

// Each scenario of a faulty server can be compared, whatever came of it. What is found in those that end well is what
// their notes say, or what their servers did not do.
func TestScenariosCompare(t *testing.T) {
	server, err := faulty.Start("127.0.0.1:0", faulty.NewHandler(faulty.Scenarios()), nil)
	require.NoError(t, err)
	defer server.Close()
	compared := 0
	for _, s := range faulty.Scenarios() {
		if s.Want.End == string(client.Stopped) || large(s) {
			continue // they never end by themselves, or take their time
		}
		c := client.Client{Endpoint: core.Endpoint{Base: server.URL + "/" + s.Name}}
		var a client.Accumulator
		var err error
		for _, err = range a.Follow(c.StreamBody(t.Context(), s.Request)) {
			continue
		}
		v := core.Default()
		if s.Profile != "" {
			v, _ = core.ForProfile(s.Profile)
		}
		found := client.Compare(s.Request, v, a.Completion(), err)
		compared++
		for _, d := range found {
			assert.NotEmpty(t, d.Message, s.Name)
			t.Logf("%s: %s: %s", s.Name, d.Code, d.Message)
		}
		if err != nil {
			missing := slices.ContainsFunc(found, func(d answer.Difference) bool { return strings.HasSuffix(d.Code, "-missing") })
			assert.False(t, missing, "%s: of a part nothing is missing", s.Name)
		}
		var refused *client.APIError
		if errors.As(err, &refused) {
			assert.Empty(t, found, s.Name)
		}
		_, _ = answer.ScoreOf("Say hello", 1, a.Completion().Answer(true, err))
		assert.NotEmpty(t, answer.PreflightOf(v, "Say hello", 1, nil).Needs)
	}
	assert.Greater(t, compared, 100)
}
