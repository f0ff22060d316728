package demo

import (
	"slices"
	"sync"

	"github.com/completion-playground/playground/core"
)

// quirk is what a model does otherwise than it says, as servers do that drop a field without a word. The zero quirk
// does nothing.
type quirk struct {
	bend    func(*core.CompletionRequest)   // changes the request that was taken; nil leaves it
	rules   func() (*core.Validator, error) // what is taken; nil is the demo's own profile
	noUsage bool                            // counts no tokens
}

// quirky is a model without delay that has a quirk.
func quirky(id, description string, q quirk) behaviour {
	return behaviour{ModelInfo: ModelInfo{id, description}, quirk: q}
}

// without is a model that lacks a part of what it should do.
func without(id, description string, bend func(*core.CompletionRequest)) behaviour {
	return quirky(id, description, quirk{bend: bend})
}

var quirks = []behaviour{
	without("demo-ignores-seed", "Takes a seed and draws as if there were none.", func(r *core.CompletionRequest) { r.Seed.Set = false }),
	without("demo-short-seed", "Keeps the lower 32 bits of a seed.", func(r *core.CompletionRequest) { r.Seed.Value &= 1<<32 - 1 }),
	without("demo-ignores-temperature", "Takes a temperature and draws at 1.", func(r *core.CompletionRequest) { r.Temperature.Set = false }),
	quirky("demo-clamps-temperature", "Takes any temperature and lowers it to 1.", quirk{
		bend:  func(r *core.CompletionRequest) { r.Temperature.Value = min(r.Temperature.Value, 1) },
		rules: rulesWith(core.Options{Overlay: []byte(`{"properties":{"temperature":{"maximum":null}}}`)}),
	}),
	without("demo-ignores-top-p", "Takes top_p and draws from all tokens.", func(r *core.CompletionRequest) { r.TopP.Set = false }),
	without("demo-ignores-penalties", "Takes both penalties and applies neither.", func(r *core.CompletionRequest) {
		r.FrequencyPenalty.Set, r.PresencePenalty.Set = false, false
	}),
	without("demo-ignores-bias", "Takes logit_bias and biases nothing.", func(r *core.CompletionRequest) { r.LogitBias.Set = false }),
	without("demo-ignores-stop", "Takes stop texts and goes on past them.", func(r *core.CompletionRequest) { r.Stop.Set = false }),
	without("demo-ignores-suffix", "Takes a suffix and does not lead to it.", func(r *core.CompletionRequest) { r.Suffix.Set = false }),
	without("demo-ignores-best-of", "Takes best_of and makes no more than n candidates.", func(r *core.CompletionRequest) { r.BestOf.Set = false }),
	without("demo-no-echo", "Takes echo and returns the completion alone.", func(r *core.CompletionRequest) { r.Echo.Set = false }),
	without("demo-drops-logprobs", "Takes logprobs and returns none.", func(r *core.CompletionRequest) { r.Logprobs.Set = false }),
	without("demo-few-logprobs", "Returns two alternatives at most.", func(r *core.CompletionRequest) { r.Logprobs.Value = min(r.Logprobs.Value, 2) }),
	without("demo-one-choice", "Returns one choice, whatever n says.", func(r *core.CompletionRequest) { r.N.Set = false }),
	without("demo-one-prompt", "Answers the first prompt of a list.", func(r *core.CompletionRequest) { r.Prompt.Texts = r.Prompt.Texts[:min(len(r.Prompt.Texts), 1)] }),
	without("demo-more-tokens", "Gives two tokens more than max_tokens.", func(r *core.CompletionRequest) {
		r.MaxTokens.Value = r.MaxTokens.Or(defaultMaxTokens) + 2
		r.MaxTokens.Set = true
	}),
	without("demo-no-stream", "Answers in one piece though a stream is asked for.", func(r *core.CompletionRequest) { r.Stream.Set = false }),
	quirky("demo-no-usage", "Counts no tokens, asked or not.", quirk{noUsage: true}),
	quirky("demo-refuses-unknown", "Refuses fields that it does not know.", quirk{rules: rulesWith(core.Options{Unknown: "error"})}),
}

// rulesWith are those of the demo's own profile with changes, compiled at first use.
func rulesWith(o core.Options) func() (*core.Validator, error) {
	return sync.OnceValues(func() (*core.Validator, error) {
		all := core.Profiles()
		o.Profile = all[slices.IndexFunc(all, func(p core.Profile) bool { return p.Name == "demo" })]
		return core.Compile(nil, o)
	})
}
