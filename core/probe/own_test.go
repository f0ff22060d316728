package probe_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/completion-playground/playground/core/probe"
)

// enough are requests for all fields of any profile.
const enough = 200

// known are the fields of vLLM that demo-own-fields takes and whose effect shows; it also reads ignore_eos.
var known = []string{
	"top_k", "min_p", "repetition_penalty", "structured_outputs", "guided_choice", "stop_token_ids", "min_tokens", "bad_words",
	"allowed_token_ids", "include_stop_str_in_output", "truncate_prompt_tokens",
}

// ownVerdict is what should be found of a field of vLLM's own.
func ownVerdict(model, field string) probe.Verdict {
	read := slices.Contains(known, field)
	switch {
	case model == "demo-own-fields" && read:
		return probe.Honoured
	case model == "demo-deaf-own-fields" && field == "min_tokens":
		return probe.Unknown // stop texts may not have to wait for it
	case strings.HasSuffix(model, "-own-fields") && field == "ignore_eos":
		return probe.Taken
	case model == "demo-refuses-unknown":
		return probe.Refused
	}
	return probe.Ignored
}

// TestOwnFields asks models that take the fields of vLLM's own, that read them and do nothing, that do not know them and
// that refuse them.
func TestOwnFields(t *testing.T) {
	seeds := uint64(min(effort.Rounds(2), 20))
	schemaRows := len(honest)
	wrong, unknown, judged := 0, 0, 0
	for _, model := range []string{"demo-own-fields", "demo-deaf-own-fields", "demo-fast", "demo-ignores-seed", "demo-drops-logprobs", "demo-no-usage", "demo-refuses-unknown"} {
		for seed := range seeds {
			s := probe.New(validator(t, "vllm"), model, probe.Options{Seed: seed, Requests: enough})
			r := demoServer(seed*7919+1).run(t, s)
			require.True(t, r.Done, r.Account)
			require.Greater(t, len(r.Rows), schemaRows+35)
			for _, row := range r.Rows[schemaRows:] {
				want := ownVerdict(model, row.Field)
				if model == "demo-no-usage" && row.Field == "truncate_prompt_tokens" || model == "demo-refuses-unknown" && len(row.Evidence) == 0 {
					want = probe.Unknown // it counts nothing; no value that it might take is known
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
				if seed == 0 && (slices.Contains(known, row.Field) || row.Field == "ignore_eos") {
					t.Logf("%-22s %-28s %-9s %s", model, row.Field, row.Verdict, row.Reason)
				}
			}
			requireAgrees(t, r)
		}
	}
	t.Logf("%d verdicts with %d seeds: %d wrong, %d unknown", judged, seeds, wrong, unknown)
	assert.LessOrEqual(t, unknown*100, judged, "more than one in a hundred is unknown")
}

// Without more room, the whole probe keeps to its 80 requests, and those fields come first whose effect shows.
func TestOwnFieldsWithinTheBudget(t *testing.T) {
	for _, profile := range []string{"vllm", "llamacpp", "sglang", "koboldcpp", "atoma", "fireworks"} {
		for _, model := range []string{"demo-own-fields", "demo-ignores-penalties"} {
			s := probe.New(validator(t, profile), model, probe.Options{})
			assert.Equal(t, 80, s.Budget().Requests)
			r := demoServer(3).run(t, s)
			require.True(t, r.Done, r.Account)
			assert.LessOrEqual(t, r.Asked, 80)
			top := rowOf(t, r, "top_k")
			assert.NotEmpty(t, top.Evidence, "%s: the most useful is asked about", profile)
			spent := 0
			for _, row := range r.Rows {
				if strings.Contains(row.Reason, "the 80 requests of the probe are spent") {
					assert.Equal(t, probe.Unknown, row.Verdict)
					spent++
				}
			}
			t.Logf("%s, %s: %d asked, %d fields left out", profile, model, r.Asked, spent)
		}
	}
}

// What a server does with kinds decides what a value of the wrong kind says.
func TestFieldsByKind(t *testing.T) {
	refusal := `{"error":{"message":"no","type":"invalid_request_error"}}`
	refusing := func(names ...string) handler {
		write := demoServer(1)
		return func(body []byte) (int, [][2]string, []byte) {
			for _, name := range names {
				if strings.Contains(string(body), fmt.Sprintf("%q:{", name)) {
					return 400, [][2]string{{"Content-Type", "application/json"}}, []byte(refusal)
				}
			}
			if strings.Contains(string(body), `"temperature":{`) { // it does not look
				body = []byte(strings.Replace(string(body), `"temperature":{"zz_unknown":1}`, `"temperature":1`, 1))
			}
			return write(body)
		}
	}
	for what, c := range map[string]struct {
		refused []string
		want    probe.Verdict
	}{
		"read":                           {[]string{"temperature", "ignore_eos"}, probe.Taken},
		"not read":                       {[]string{"temperature"}, probe.Ignored},
		"of a server that does not look": {nil, probe.Unknown},
		"read, of one that seldom looks": {[]string{"ignore_eos"}, probe.Taken},
	} {
		r := refusing(c.refused...).run(t, probe.New(validator(t, "vllm"), "demo-fast", probe.Options{Requests: enough}))
		row := rowOf(t, r, "ignore_eos")
		assert.Equal(t, c.want, row.Verdict, "%s: %s", what, row.Reason)
		assert.Equal(t, probe.Honoured, row.Expected, "the profile says nothing against it")
		assert.Equal(t, c.want == probe.Ignored, row.Differs())
	}
}

// The page tells how each of them is judged.
func TestOwnDocumented(t *testing.T) {
	page, err := os.ReadFile("../../web/docs/probe.md")
	require.NoError(t, err)
	for _, line := range probe.OwnRules() {
		assert.True(t, strings.Contains(string(page), line), "want this line in the page: %s", line)
	}
	all := map[string]bool{}
	for _, profile := range []string{"vllm", "llamacpp", "sglang", "koboldcpp", "atoma", "fireworks", "together", "openrouter", "tgi"} {
		for _, row := range probe.New(validator(t, profile), "m", probe.Options{}).Report().Rows {
			all[row.Field] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		assert.NotEqual(t, "max_completion_tokens", name, "two limits at once are a fault of the request")
	}
	for _, field := range probe.RuledFields() {
		assert.True(t, all[field], "no profile has %s", field)
	}
}
