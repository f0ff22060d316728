package probe_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/probe"
)

// requireAgrees holds the overlay of a report to the report: a request that was refused is an error under it, one that
// was answered is none, and one of which the server made something else, or nothing, is not passed in silence.
func requireAgrees(t *testing.T, r *probe.Report) {
	t.Helper()
	text, err := json.Marshal(r.Profile())
	require.NoError(t, err)
	p, err := core.ParseProfile(text)
	require.NoError(t, err, "%s", text)
	v, err := core.Compile(nil, core.Options{Profile: p})
	require.NoError(t, err, "%s", text)
	ignored := map[string]bool{}
	for _, row := range r.Rows {
		ignored[row.Field] = ignored[row.Field] || row.About == "" && row.Verdict == probe.Ignored
	}
	for _, row := range r.Rows {
		if row.Field == "model" || row.Verdict == probe.Taken || len(row.Evidence) == 0 || row.About != "" && row.Verdict == probe.Ignored && ignored[row.Field] {
			continue // of a field that does nothing, a value that is the default need not be told
		}
		i := slices.IndexFunc(r.Requests, func(e probe.Evidence) bool { return e.ID == row.Evidence[0] })
		require.GreaterOrEqual(t, i, 0)
		body := r.Requests[i].Body
		if strings.HasPrefix(r.Requests[i].ID, "own.") && row.Verdict == probe.Ignored {
			assert.Equal(t, "ignored", p.Fields[row.Field].Use, "%s: %s", r.Model, row.Key()) // the value may be of the wrong kind
			continue
		}
		report := v.Check(body)
		worst := core.Severity(0)
		for _, issue := range report.Issues {
			if issue.Field == row.Field || string(issue.Code) == row.Rule || issue.Severity == core.Error || row.Field == "" ||
				strings.Contains(row.About, "with ") && issue.Code != core.CodeMaxTokensUnset {
				worst = max(worst, issue.Severity)
			}
		}
		said := "%s: %s is %s, and its profile says of %s: %v"
		switch row.Verdict {
		case probe.Refused:
			assert.Equal(t, core.Error, worst, said, r.Model, row.Key(), row.Verdict, body, report.Issues)
		case probe.Honoured:
			assert.NotEqual(t, core.Error, worst, said, r.Model, row.Key(), row.Verdict, body, report.Issues)
		case probe.Ignored, probe.Changed:
			assert.Contains(t, []core.Severity{core.Hint, core.Warning}, worst, said, r.Model, row.Key(), row.Verdict, body, report.Issues)
		}
	}
}

// The overlay says what was found, whatever it was laid over.
func TestOverlay(t *testing.T) {
	for base, models := range map[string][]string{
		"demo":     {"demo-fast", "demo-ignores-seed", "demo-clamps-temperature", "demo-one-prompt", "demo-refuses-unknown", "demo-few-logprobs", "demo-more-tokens"},
		"portable": {"demo-fast"}, "vllm": {"demo-fast"}, "openai": {"demo-fast"}, "llamacpp": {"demo-drops-logprobs"}, "fireworks": {"demo-no-echo"},
		"ollama": {"demo-fast"}, "tgi": {"demo-fast"}, "sglang": {"demo-fast"}, "together": {"demo-fast"},
	} {
		for _, model := range models {
			t.Run(base+"/"+model, func(t *testing.T) {
				s := probe.New(validator(t, base), model, probe.Options{})
				r := demoServer(1).run(t, s)
				requireAgrees(t, r)
				p := r.Profile()
				assert.Equal(t, base+"-probed", p.Name)
				assert.Empty(t, p.Hosts, "the hosts belong to the profile that it was made from")
				assert.NotEqual(t, base+"-probed", validator(t, base).Profile().Name)
			})
		}
	}
}

// What the profile says already stays in its words.
func TestOverlayKeepsWhatAgrees(t *testing.T) {
	base := validator(t, "demo")
	s := probe.New(base, "demo-fast", probe.Options{})
	p := demoServer(1).run(t, s).Profile()
	assert.Empty(t, p.Fields)
	assert.Empty(t, p.Limits)
	assert.JSONEq(t, `{"properties":{}}`, string(p.Schema))
	assert.Equal(t, base.Profile().Rules, p.Rules)
}
