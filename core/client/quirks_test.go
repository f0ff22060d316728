package client_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/answer"
	"github.com/completion-playground/playground/core/client"
	"github.com/completion-playground/playground/core/demo"
)

// shown are the demo's models whose misbehaviour shows in one answer, or in two to the same request, with a request that
// brings it about and what is found.
var shown = map[string]struct{ ask, code string }{
	"demo-ignores-seed":        {`"temperature":2,"max_tokens":40`, "seed-differs"},
	"demo-ignores-temperature": {`"temperature":0,"logprobs":2,"max_tokens":60`, "not-greedy"},
	"demo-ignores-stop":        {`"stop":[" "],"max_tokens":40`, "stop-passed"},
	"demo-no-echo":             {`"echo":true`, "echo-missing"},
	"demo-drops-logprobs":      {`"logprobs":1`, "logprobs-missing"},
	"demo-few-logprobs":        {`"logprobs":5`, "alternatives-fewer"},
	"demo-one-choice":          {`"n":3`, "choices-missing"},
	"demo-one-prompt":          {`"prompt":["Once","Twice"]`, "choices-missing"},
	"demo-more-tokens":         {`"max_tokens":3,"logit_bias":{"256":-100}`, "tokens-over"},
	"demo-no-stream":           {`"stream":true`, "one-piece"},
	"demo-no-usage":            {`"stream":true,"stream_options":{"include_usage":true}`, "usage-missing"},
}

// Each of the demo's models that answers at all is asked for everything. What is found is what its name says, and
// nothing is found in the answers of those that do as they are asked.
func TestDemoModelsAreToldApart(t *testing.T) {
	server := demoServer(nil)
	defer server.Close()
	c := client.Client{Endpoint: core.Endpoint{Base: server.URL}}
	v, err := core.ForProfile("demo")
	require.NoError(t, err)
	ask := func(model, more string) (body []byte, came answer.Answer) {
		body = fmt.Appendf(nil, `{"model":%q,"prompt":["Once upon a time"],"seed":3,%s}`, model, more)
		var a client.Accumulator
		var err error
		for _, err = range a.Follow(c.StreamBody(t.Context(), body)) {
			continue
		}
		return body, a.Completion().Answer(strings.Contains(more, `"stream":true`), err)
	}
	compared := 0
	for _, model := range demo.Models() {
		for name, quirk := range shown {
			body, now := ask(model.ID, quirk.ask)
			if !now.Complete {
				continue // it refuses, or breaks off
			}
			compared++
			_, again := ask(model.ID, quirk.ask)
			var found []string
			for _, d := range append(answer.Compare(body, v, now), answer.CompareRuns(body, v, now, again)...) {
				found = append(found, d.Code)
			}
			if name == model.ID {
				assert.Contains(t, found, quirk.code, "%s, %s", model.ID, quirk.ask)
			} else if _, odd := shown[model.ID]; !odd {
				assert.Empty(t, found, "%s, %s", model.ID, quirk.ask)
			}
		}
	}
	assert.GreaterOrEqual(t, compared, 3*len(shown))
}
