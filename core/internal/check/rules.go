package check

import (
	"fmt"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// rules in the order of their evaluation, which is not that of the report.
var rules = []rule{
	{finding.BestOfBelowN, finding.Error, "OpenAI's API description of best_of; vLLM's sampling parameters", "best_of n", bestOfBelowN},
	{finding.BestOfWithStream, finding.Error, "OpenAI's API description of best_of", "best_of stream", bestOfWithStream},
	{finding.StreamOptionsWithoutStream, finding.Error, "OpenAI's API description; vLLM answers 400", "stream_options ?stream", streamOptionsWithoutStream},
	{finding.GreedyChoices, finding.Hint, "vLLM's sampling parameters refuse it, others repeat themselves", "n temperature", greedyChoices},
	{finding.NoTokens, finding.Hint, "vLLM and SGLang answer 400; useful only to score a prompt", "max_tokens ?echo", noTokens},
	{finding.EchoWithLogprobs, 0, "answers of OpenAI's current models", "echo logprobs", echoWithLogprobs},
	{finding.EchoWithSuffix, finding.Hint, "documented nowhere", "echo suffix", echoWithSuffix},
	{finding.MaxTokensUnset, finding.Hint, "defaults differ from 16 to no limit at all", "-max_tokens ?max_completion_tokens ?n_predict", maxTokensUnset},
	{finding.WideSeed, finding.Hint, "llama.cpp keeps 32 bits, TGI takes no negative ones", "seed", wideSeed},
	{finding.LogprobsZero, finding.Hint, "OpenAI's API description: the minimum is 0", "logprobs", logprobsZero},
	{finding.EmptyStop, finding.Hint, "vLLM answers 400, llama.cpp drops them", "stop", emptyStop},
	{finding.RepeatedStop, finding.Hint, "once stops as surely as twice, and servers bound how many there may be", "stop", repeatedStop},
	{finding.EmptyPrompt, finding.Hint, "vLLM, SGLang and llama.cpp refuse it", "prompt ?prompt_embeds", emptyPrompt},
	{finding.DocsArtefact, finding.Hint, "the example in the documentation of the Atoma SDK", "stop", docsArtefact},
	{finding.DocsArtefact, finding.Hint, "the example in the documentation of the Atoma SDK", "suffix", docsArtefact},
	{finding.MinAboveMaxTokens, 0, "vLLM's sampling parameters", "min_tokens max_tokens", minAboveMaxTokens},
	{finding.BeamSearchWithStream, 0, "vLLM answers 400", "use_beam_search stream", beamSearchWithStream},
	{finding.PromptLogprobsWithStream, 0, "vLLM answers 400", "prompt_logprobs stream", promptLogprobsWithStream},
	{finding.BothTokenLimits, 0, "Fireworks' API description", "max_tokens max_completion_tokens", bothTokenLimits},
	{finding.ContinuousUsage, 0, "vLLM and SGLang need include_usage for it", "stream_options", continuousUsage},
}

func bestOfBelowN(r *ruling) {
	bestOf, n := r.ids[0], r.ids[1]
	candidates, ok := r.number(bestOf)
	choices, ok2 := r.number(n)
	if !ok || !ok2 || candidates < 1 || candidates >= choices {
		return
	}
	least, _ := jsontape.IntegerToken(r.Number(r.States[n].At))
	fix := r.setTo(bestOf, bestOf, least)
	if fix == nil {
		fix = r.remove(bestOf, "")
	}
	r.fire(bestOf, fmt.Sprintf("%s, want at least n, which is %s", r.got(bestOf), least), fix)
}

func bestOfWithStream(r *ruling) {
	bestOf, stream := r.ids[0], r.ids[1]
	if candidates, ok := r.number(bestOf); ok && candidates > 1 && r.isTrue(stream) {
		r.fire(bestOf, r.got(bestOf)+" with stream: true; the best of several is known only at the end", r.remove(bestOf, ""))
	}
}

func streamOptionsWithoutStream(r *ruling) {
	i, stream := r.Node(r.ids[0]), r.ids[1]
	if i == 0 || stream < 0 || r.Nodes[i].Kind != jsontape.Object {
		return
	}
	if r.saysDefault(&r.checker.Fields[r.ids[0]], i) {
		return
	}
	var fix *finding.Fix
	if s := r.States[stream].At; s != 0 {
		if k := r.Nodes[s].Kind; k != jsontape.False && k != jsontape.Null {
			return // true, or nothing of which one could tell what was meant
		}
		fix = r.setTo(stream, r.ids[0], "true")
	} else if r.Syntax || r.States[stream].meant {
		return // it may only not have been read
	} else {
		fix = r.adding(stream, r.ids[0], "true")
	}
	if fix == nil {
		fix = r.remove(r.ids[0], "")
	}
	nd := &r.Nodes[i]
	r.fireIn(i, int(nd.KeyStart), int(nd.KeyEnd), "stream_options needs stream: true", fix)
}

func greedyChoices(r *ruling) {
	choices, ok := r.number(r.ids[0])
	temperature, ok2 := r.number(r.ids[1])
	if ok && ok2 && choices > 1 && temperature == 0 {
		r.fire(r.ids[0], r.got(r.ids[0])+" with temperature 0, which makes every choice the same", nil)
	}
}

func noTokens(r *ruling) {
	if n, ok := r.number(r.ids[0]); ok && n == 0 && !r.isTrue(r.ids[1]) {
		r.fire(r.ids[0], "got 0 without echo, which asks for an empty answer", nil)
	}
}

func echoWithLogprobs(r *ruling) {
	if _, ok := r.number(r.ids[1]); ok && r.isTrue(r.ids[0]) {
		r.fire(r.ids[0], "echo and logprobs together are not supported by current models", nil)
	}
}

func echoWithSuffix(r *ruling) {
	if r.Node(r.ids[1]) != 0 && r.isTrue(r.ids[0]) {
		r.fire(r.ids[0], "what echo does together with a suffix is documented nowhere", nil)
	}
}

func maxTokensUnset(r *ruling) {
	if r.Syntax || r.States[r.ids[0]].meant {
		return // it may only not have been read
	}
	for _, id := range r.ids {
		if r.Node(id) != 0 {
			return
		}
	}
	what := r.checker.Profile.DefaultMaxTokens
	if what == "" {
		what = "the server sets the limit itself"
	}
	brace := int(r.Nodes[0].Start)
	r.fireIn(0, brace, brace+1, "without max_tokens "+what, nil)
}

func wideSeed(r *ruling) {
	i := r.Node(r.ids[0])
	if i == 0 || r.Nodes[i].Kind != jsontape.Number {
		return
	}
	if seed, ok := r.Int(&r.States[r.ids[0]]); ok && (seed < 0 || seed > 1<<31-1) {
		r.fireAt(i, r.got(r.ids[0])+"; only 0 to 2147483647 mean the same everywhere, some servers keep 32 bits or take no negative seed", nil)
	}
}

func logprobsZero(r *ruling) {
	if n, ok := r.number(r.ids[0]); ok && n == 0 {
		r.fire(r.ids[0], "0 is not off: the chosen token's log probability is still returned",
			r.remove(r.ids[0], ", which turns it off"))
	}
}

func emptyStop(r *ruling) { eachEmpty(r, "an empty stop text stops nothing") }

// repeatedStop compares each with each, and leaves lists alone that are longer than any server takes.
func repeatedStop(r *ruling) {
	const longest = 64
	i := r.Node(r.ids[0])
	if i == 0 || r.Nodes[i].Kind != jsontape.Array || r.Nodes[i].N > longest {
		return
	}
	for c, end := i+1, r.Nodes[i].Next; c < end && !r.out.Full(); c = r.Nodes[c].Next {
		for d := i + 1; d < c; d = r.Nodes[d].Next {
			if r.sameText(c, d) {
				r.fireAt(c, "this stop text stands in the list already", r.cutting(i, c, ", which is there already"))
				break
			}
		}
	}
}

func emptyPrompt(r *ruling) {
	if r.Node(r.ids[1]) == 0 { // else there is something to continue
		eachEmpty(r, "an empty prompt gives the model nothing to continue")
	}
}

func eachEmpty(r *ruling, message string) {
	i := r.Node(r.ids[0])
	if i == 0 {
		return
	}
	for c, end := r.texts(i); c < end; c = r.Nodes[c].Next {
		if nd := &r.Nodes[c]; nd.Kind == jsontape.String && nd.End-nd.Start <= 2 && r.Text(c) == "" {
			r.fireAt(c, message, nil)
		}
	}
}

func minAboveMaxTokens(r *ruling) {
	least, ok := r.number(r.ids[0])
	most, ok2 := r.number(r.ids[1])
	if ok && ok2 && least > most {
		r.fire(r.ids[0], fmt.Sprintf("%s, want at most max_tokens, which is %s", r.got(r.ids[0]), finding.QuoteRaw(r.Raw(r.States[r.ids[1]].At))), nil)
	}
}

func beamSearchWithStream(r *ruling) {
	if r.isTrue(r.ids[0]) && r.isTrue(r.ids[1]) {
		r.fire(r.ids[0], "beam search cannot be streamed", nil)
	}
}

func promptLogprobsWithStream(r *ruling) {
	if n, ok := r.number(r.ids[0]); ok && n != 0 && r.isTrue(r.ids[1]) {
		r.fire(r.ids[0], "log probabilities of the prompt cannot be streamed", nil)
	}
}

func bothTokenLimits(r *ruling) {
	if r.Node(r.ids[0]) != 0 && r.Node(r.ids[1]) != 0 {
		r.fire(r.ids[1], "got max_tokens and max_completion_tokens, want one of them", r.remove(r.ids[1], ""))
	}
}

func continuousUsage(r *ruling) {
	i := r.Node(r.ids[0])
	if i == 0 || r.Nodes[i].Kind != jsontape.Object {
		return
	}
	c, ok := r.Member(i, "continuous_usage_stats")
	if !ok || r.Nodes[c].Kind != jsontape.True {
		return
	}
	if u, ok := r.Member(i, "include_usage"); !ok || r.Nodes[u].Kind != jsontape.True {
		r.fireAt(c, "continuous_usage_stats needs include_usage: true", nil)
	}
}
