package demo

import "math"

const (
	// infillTries is the number of completions from which the one that leads into the suffix best is taken.
	infillTries = 4
	// infillReach is the number of tokens of the suffix that have to follow naturally.
	infillReach = 3
)

// infill returns a finished candidate that bridges prompt and suffix.
//
// A model of this kind sees only what stands before a token. So it writes several completions, and after every token
// of each the suffix is given its probability, as if it came next; the completion with the likeliest joint wins and
// ends there.
func (j *job) infill(index int) *candidate {
	first := j.newCandidate(index)
	best, bestEnd, bestFit := first, 0, math.Inf(-1)
	for try := range infillTries {
		c := first
		if try > 0 {
			c = j.newCandidate(index)
			c.random = first.random // the tries share one sequence of random numbers
		}
		c.run()
		context := append([]int(nil), c.prompt.context...)
		for i := c.echoed; i < len(c.out.tokens); i++ {
			context = j.model.extend(context, c.out.tokens[i].id)
			if fit := j.suffixFit(context); fit > bestFit {
				best, bestEnd, bestFit = c, i+1, fit
			}
		}
	}
	if bestEnd > 0 && bestEnd < len(best.out.tokens) {
		best.out.cut(best.out.tokens[bestEnd].start)
		best.reason = reasonStop
		best.drawn = bestEnd - best.echoed
	}
	return best
}

// suffixFit returns the mean log probability of the first tokens of the suffix after context.
func (j *job) suffixFit(context []int) float64 {
	sum := 0.0
	context = append([]int(nil), context[max(0, len(context)-depth):]...)
	for _, id := range j.suffix {
		j.sampler.logits(j.sampler.scores, context)
		sum += j.sampler.scores[id]
		context = append(context, id)
	}
	return sum / float64(len(j.suffix))
}
