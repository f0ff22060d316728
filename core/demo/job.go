package demo

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/completion-playground/playground/core"
)

// Bounds of one request. They keep the longest answer to a few seconds of work.
const (
	maxBody     = 1 << 20
	contextSize = 4096  // tokens of prompt, suffix and completion together
	maxChoices  = 128   // completions, best_of counted
	maxWork     = 16384 // distributions computed
)

// defaultMaxTokens is what the API has when max_tokens is absent.
const defaultMaxTokens = 16

// job is a request that was found valid and within bounds, prepared for the model.
type job struct {
	model      *Model
	sampler    *sampler
	seed       uint64
	prompts    []prompt
	suffix     []int // the first tokens of the suffix; empty without one
	stops      []pattern
	choices    int // per prompt, returned
	candidates int // per prompt, made
	echo       bool
	wantLogs   bool // logprobs were asked for
	wantScores bool // they are computed, be it for best_of
	stream     bool
	usage      bool // the stream ends with usage
	uncounted  bool // but nothing is counted

	promptTokens int
}

// prompt is one of the texts to continue.
type prompt struct {
	tokens      []int
	context     []int // what the model sees before the first completion token
	endsInSpace bool  // see predictor.afterSpace
	room        int   // tokens that a completion may have
	scores      []score
}

// score returns what logprobs tells about token i; nothing about the first, before which the model saw nothing.
func (p *prompt) score(i int) *score {
	if i == 0 || p.scores == nil {
		return nil
	}
	return &p.scores[i-1]
}

// newJob prepares a request. The problem is one that the client has caused.
func newJob(m *Model, r *core.CompletionRequest, entropy uint64) (*job, *problem) {
	n := or(r.N.Set, r.N.Value, 1)
	j := &job{
		model:      m,
		seed:       entropy,
		choices:    int(min(n, maxChoices+1)),
		candidates: int(min(max(n, or(r.BestOf.Set, r.BestOf.Value, 1)), maxChoices+1)),
		echo:       or(r.Echo.Set, r.Echo.Value, false),
		wantLogs:   r.Logprobs.Set,
		stops:      newPatterns(or(r.Stop.Set, r.Stop.Value, nil)),
		stream:     or(r.Stream.Set, r.Stream.Value, false),
		usage:      r.StreamOptions.Set && or(r.StreamOptions.Value.IncludeUsage.Set, r.StreamOptions.Value.IncludeUsage.Value, false),
	}
	if r.Seed.Set {
		j.seed = uint64(r.Seed.Value)
	}
	if len(r.Prompt.Texts) == 0 {
		return nil, badRequest("prompt", "token_prompt_unsupported", "prompt: this model takes texts, not token ids")
	}
	if total := len(r.Prompt.Texts) * j.candidates; total > maxChoices {
		return nil, badRequest("n", "too_many_choices", fmt.Sprintf(
			"%d prompts with %d completions each are too many: want at most %d completions in total",
			len(r.Prompt.Texts), max(n, or(r.BestOf.Set, r.BestOf.Value, 1)), maxChoices))
	}
	j.wantScores = j.wantLogs || j.candidates > j.choices

	suffixTokens := 0
	if suffix := or(r.Suffix.Set, r.Suffix.Value, ""); suffix != "" {
		ids, ok := m.fit(suffix)
		if !ok {
			return nil, tooLong("suffix")
		}
		suffixTokens = len(ids)
		j.suffix = ids[:min(len(ids), infillReach)]
	}
	work, problem := j.addPrompts(r, suffixTokens)
	if problem != nil {
		return nil, problem
	}
	if work > maxWork {
		return nil, badRequest("max_tokens", "too_much_work", fmt.Sprintf(
			"the request asks for %d model steps, want at most %d: lower max_tokens, n, best_of or the number of prompts",
			work, maxWork))
	}

	j.sampler = newSampler(m, sampling{
		temperature:      or(r.Temperature.Set, r.Temperature.Value, 1),
		topP:             or(r.TopP.Set, r.TopP.Value, 1),
		frequencyPenalty: or(r.FrequencyPenalty.Set, r.FrequencyPenalty.Value, 0),
		presencePenalty:  or(r.PresencePenalty.Set, r.PresencePenalty.Value, 0),
		bias:             knownBiases(or[[]core.TokenBias](r.LogitBias.Set, r.LogitBias.Value, nil), len(m.base)),
		logprobs:         int(or(r.Logprobs.Set, r.Logprobs.Value, 0)),
	})
	return j, nil
}

// addPrompts tokenizes the prompts and returns how many distributions the whole request takes.
func (j *job) addPrompts(r *core.CompletionRequest, suffixTokens int) (work int, _ *problem) {
	limit := or(r.MaxTokens.Set, r.MaxTokens.Value, defaultMaxTokens)
	for _, text := range r.Prompt.Texts {
		ids, ok := j.model.fit(text)
		room := contextSize - len(ids) - suffixTokens
		if !ok || room < 0 || room == 0 && limit > 0 {
			return 0, tooLong("prompt")
		}
		p := prompt{
			tokens:      ids,
			context:     []int{idEndOfText}, // a prompt begins a document
			endsInSpace: len(ids) > 0 && ids[len(ids)-1] == idSpace,
			room:        int(min(limit, int64(room))),
		}
		for _, id := range ids {
			p.context = j.model.extend(p.context, id)
		}
		perToken := 1
		if len(j.suffix) > 0 {
			perToken = infillTries * (1 + len(j.suffix))
		}
		work += j.candidates * p.room * perToken
		if j.echo && j.wantLogs {
			work += len(ids)
		}
		j.promptTokens += len(ids) + suffixTokens
		j.prompts = append(j.prompts, p)
	}
	return work, nil
}

// fit tokenizes a text unless it is surely longer than the context.
func (m *Model) fit(text string) ([]int, bool) {
	if len(text) > contextSize*slices.Max(m.tokenizer.longest[:]) {
		return nil, false
	}
	ids := m.tokenizer.encode(nil, text)
	return ids, len(ids) <= contextSize
}

// knownBiases keeps the last bias of each token that exists, in the order of ids.
func knownBiases(biases core.LogitBias, vocabulary int) []tokenBias {
	last := map[int]float64{}
	for _, b := range biases {
		if b.Token < uint64(vocabulary) {
			last[int(b.Token)] = b.Bias
		}
	}
	known := make([]tokenBias, 0, len(last))
	for id, bias := range last {
		known = append(known, tokenBias{id, bias})
	}
	slices.SortFunc(known, func(a, b tokenBias) int { return cmp.Compare(a.id, b.id) })
	return known
}

// scorePrompts computes the log probabilities of the prompt tokens where the answer shows them. Penalties do not
// apply there, biases do.
func (j *job) scorePrompts() {
	if !j.echo || !j.wantLogs {
		return
	}
	s := j.sampler
	for k := range j.prompts {
		p := &j.prompts[k]
		context := []int{idEndOfText}
		for i, id := range p.tokens {
			if i > 0 {
				s.logits(s.scores, context)
				s.adjust(nil)
				normaliser := s.normaliser()
				p.scores = append(p.scores, score{s.scores[id] - normaliser, s.top(s.logprobs, normaliser)})
			}
			context = j.model.extend(context, id)
		}
	}
}

// complete makes the candidates of every prompt and returns those to be sent, by index, and the number of tokens drawn.
func (j *job) complete() (choices []*candidate, drawn int) {
	j.scorePrompts()
	for k := range j.prompts {
		made := make([]*candidate, j.candidates)
		for i := range made {
			made[i] = j.begin(k*j.candidates + i)
			made[i].run()
			drawn += made[i].drawn
		}
		if j.candidates > j.choices {
			slices.SortStableFunc(made, func(a, b *candidate) int { return cmp.Compare(b.mean(), a.mean()) })
		}
		choices = append(choices, made[:j.choices]...)
	}
	return choices, drawn
}

// begin returns candidate number index: fresh, or finished where a suffix decides about its end.
func (j *job) begin(index int) *candidate {
	if len(j.suffix) > 0 {
		return j.infill(index)
	}
	return j.newCandidate(index)
}

// or returns the value of an Opt in its two parts, or def when there is none. It is not Opt.Or, since generic code that works
// on an Opt makes the linker keep the readers and writers of its JSON, for which the page's core has no use.
func or[T any](set bool, value, def T) T {
	if set {
		return value
	}
	return def
}
