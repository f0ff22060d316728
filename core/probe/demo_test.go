package probe_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/answer"
	"github.com/completion-playground/playground/core/client"
	"github.com/completion-playground/playground/core/demo"
	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/completion-playground/playground/core/probe"
)

// handler answers the body of a request.
type handler func(body []byte) (status int, header [][2]string, answer []byte)

// RoundTrip plays a handler without a network.
func (h handler) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	status, header, text := h(body)
	resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(text)), Request: r}
	for _, pair := range header {
		resp.Header.Set(pair[0], pair[1])
	}
	return resp, nil
}

// demoServer answers as the demo does, with another draw for each request that has no seed.
func demoServer(entropy uint64) handler {
	return func(body []byte) (int, [][2]string, []byte) {
		entropy += 0x9e3779b97f4a7c15
		a := demo.Complete(body, demo.Options{Entropy: entropy})
		var text []byte
		for step, ok := a.Next(); ok; step, ok = a.Next() {
			text = append(text, step.Data...)
		}
		return a.Status, a.Header, text
	}
}

// ask sends a request as the client does.
func (h handler) ask(t *testing.T, r probe.Request) answer.Answer {
	t.Helper()
	c := client.Client{Endpoint: core.Endpoint{Base: "http://probe.invalid/v1"}, HTTP: &http.Client{Transport: h}}
	var a client.Accumulator
	var err error
	for _, err = range a.Follow(c.StreamBody(t.Context(), r.Body)) {
		continue
	}
	return a.Completion().Answer(r.Stream, err)
}

// run plays a whole probe.
func (h handler) run(t *testing.T, s *probe.Session) *probe.Report {
	t.Helper()
	for !s.Done() {
		next := s.Next()
		require.NotEmpty(t, next, "nothing to send, and not done")
		for _, r := range next {
			require.NoError(t, s.Answered(r.ID, h.ask(t, r)))
		}
	}
	return s.Report()
}

func validator(t *testing.T, profile string) *core.Validator {
	t.Helper()
	v, err := core.ForProfile(profile)
	require.NoError(t, err)
	return v
}

// honest is what the demo model does with everything.
var honest = map[string]probe.Verdict{
	"model": probe.Ignored, "prompt": probe.Honoured, "suffix": probe.Honoured, "echo": probe.Honoured, "max_tokens": probe.Honoured,
	"stop": probe.Honoured, "temperature": probe.Honoured, "top_p": probe.Honoured, "frequency_penalty": probe.Honoured,
	"presence_penalty": probe.Honoured, "logit_bias": probe.Honoured, "seed": probe.Honoured, "n": probe.Honoured,
	"best_of": probe.Honoured, "logprobs": probe.Honoured, "stream": probe.Honoured, "stream_options": probe.Honoured,
	"user": probe.Honoured, "": probe.Ignored,
	"prompt as token ids": probe.Refused, "prompt as lists of token ids": probe.Refused, "prompt empty": probe.Honoured,
	"temperature 0": probe.Honoured, "temperature above 2": probe.Refused, "top_p 0": probe.Honoured, "top_p above 1": probe.Refused,
	"frequency_penalty above 2": probe.Refused, "presence_penalty above 2": probe.Refused, "logit_bias above 100": probe.Refused,
	"seed beyond 32 bits": probe.Honoured, "seed below 0": probe.Honoured, "n 0": probe.Refused, "logprobs 0": probe.Honoured,
	"logprobs 6": probe.Honoured, "logprobs 21": probe.Refused, "stop five texts": probe.Refused, "stop empty": probe.Ignored,
	"max_tokens 0": probe.Honoured, "best_of below n": probe.Refused, "best_of with stream": probe.Refused,
	"stream_options without stream": probe.Refused, "n at temperature 0": probe.Honoured, "echo with logprobs": probe.Honoured,
	"echo with logprobs and max_tokens 0": probe.Honoured, "echo with suffix": probe.Honoured,
}

// quirks are what the misbehaving models do otherwise.
var quirks = map[string]map[string]probe.Verdict{
	"demo-fast":                {},
	"demo-no-done":             {},
	"demo-ignores-seed":        {"seed": probe.Ignored, "seed beyond 32 bits": probe.Ignored, "seed below 0": probe.Ignored},
	"demo-short-seed":          {"seed beyond 32 bits": probe.Changed},
	"demo-ignores-temperature": {"temperature": probe.Ignored},
	"demo-clamps-temperature":  {"temperature": probe.Changed, "temperature above 2": probe.Changed},
	"demo-ignores-top-p":       {"top_p": probe.Ignored, "top_p 0": probe.Ignored},
	"demo-ignores-penalties":   {"frequency_penalty": probe.Ignored, "presence_penalty": probe.Ignored},
	"demo-ignores-bias":        {"logit_bias": probe.Ignored},
	"demo-ignores-stop":        {"stop": probe.Ignored},
	"demo-ignores-suffix":      {"suffix": probe.Ignored},
	"demo-ignores-best-of":     {"best_of": probe.Ignored},
	"demo-no-echo": {
		"echo": probe.Ignored, "echo with logprobs": probe.Changed, "echo with logprobs and max_tokens 0": probe.Ignored, "echo with suffix": probe.Ignored,
	},
	"demo-drops-logprobs": {
		"logprobs": probe.Ignored, "logprobs 0": probe.Ignored, "logprobs 6": probe.Ignored,
		"echo with logprobs": probe.Ignored, "echo with logprobs and max_tokens 0": probe.Ignored,
	},
	"demo-few-logprobs":    {"logprobs": probe.Changed, "logprobs 6": probe.Changed},
	"demo-one-choice":      {"n": probe.Ignored, "n at temperature 0": probe.Ignored},
	"demo-one-prompt":      {"prompt": probe.Ignored},
	"demo-more-tokens":     {"max_tokens": probe.Changed, "max_tokens 0": probe.Changed, "echo with logprobs and max_tokens 0": probe.Changed},
	"demo-no-stream":       {"stream": probe.Ignored},
	"demo-no-usage":        {"stream_options": probe.Ignored},
	"demo-refuses-unknown": {"": probe.Refused},
}

// TestDemoModels has the probe tell each misbehaving model from the others, whatever the seed.
func TestDemoModels(t *testing.T) {
	seeds := uint64(min(effort.Rounds(2), 20))
	models := []string{}
	for _, m := range demo.Models() {
		if quirks[m.ID] != nil {
			models = append(models, m.ID)
		}
	}
	require.Len(t, models, len(quirks), "a model is not listed")

	wrong, unknown, judged := 0, 0, 0
	tables := map[string]*probe.Report{}
	for _, model := range models {
		for seed := range seeds {
			s := probe.New(validator(t, "demo"), model, probe.Options{Seed: seed})
			report := demoServer(seed*7919+1).run(t, s)
			require.True(t, report.Done, report.Account)
			assert.LessOrEqual(t, report.Asked, report.Budget.Requests)
			tables[model] = report
			require.Len(t, report.Rows, len(honest))
			for _, row := range report.Rows {
				want, special := quirks[model][row.Key()]
				if !special {
					require.Contains(t, honest, row.Key())
					want = honest[row.Key()]
				}
				judged++
				switch row.Verdict {
				case want:
				case probe.Unknown:
					unknown++
					t.Logf("%s, seed %d: %q is unknown: %s", model, seed, row.Key(), row.Reason)
				default:
					wrong++
					t.Errorf("%s, seed %d: %q is %s, want %s: %s", model, seed, row.Key(), row.Verdict, want, row.Reason)
				}
				assert.False(t, special && row.Verdict == probe.Unknown, "what is special about %s shows: %s", model, row.Reason)
			}
		}
	}
	t.Logf("%d verdicts on %d models with %d seeds: %d wrong, %d unknown\n%s", judged, len(models), seeds, wrong, unknown, table(models, tables))
	assert.LessOrEqual(t, unknown*100, judged, "more than one in a hundred is unknown")
}

// table shows the rows of reports side by side, one letter a verdict.
func table(models []string, reports map[string]*probe.Report) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 1, ' ', 0)
	for i, m := range models {
		fmt.Fprintf(w, "%d: %s, %d requests\n", i+1, m, reports[m].Asked)
	}
	fmt.Fprint(w, "(h honoured, i ignored, c changed, r refused, ? unknown)")
	for i := range models {
		fmt.Fprintf(w, "\t%d", i+1)
	}
	fmt.Fprintln(w)
	for n, row := range reports[models[0]].Rows {
		name := row.Key()
		if name == "" {
			name = "(an unknown field)"
		}
		fmt.Fprint(w, name)
		for _, m := range models {
			letter := string(reports[m].Rows[n].Verdict[0])
			if reports[m].Rows[n].Verdict == probe.Unknown {
				letter = "?"
			}
			fmt.Fprintf(w, "\t%s", letter)
		}
		fmt.Fprintln(w)
	}
	_ = w.Flush() // into memory
	return b.String()
}
