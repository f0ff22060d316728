package demo

import (
	"math"
	"math/rand/v2"
	"slices"
)

// finish_reason of a choice.
const (
	reasonStop   = "stop"
	reasonLength = "length"
)

// candidate is one completion in the making.
type candidate struct {
	job     *job
	prompt  *prompt
	random  *rand.Rand
	context []int       // what the model sees: prompt and completion
	used    map[int]int // tokens of the completion and how often each was drawn
	out     output
	stops   stopper
	echoed  int // tokens of the prompt at the front of out
	body    int // byte offset of the completion in out
	drawn   int // tokens drawn, the end of text not counted
	reason  string
}

// newCandidate begins the completion number index of the request.
func (j *job) newCandidate(index int) *candidate {
	p := &j.prompts[index/j.candidates]
	c := &candidate{
		job:     j,
		prompt:  p,
		random:  rand.New(rand.NewPCG(j.seed, uint64(index))),
		context: append([]int(nil), p.context...),
		used:    map[int]int{},
		out:     output{tokenizer: j.model.tokenizer},
		stops:   newStopper(j.stops),
	}
	if j.echo {
		for i, id := range p.tokens {
			c.out.add(id, p.score(i))
		}
		c.out.close()
		c.echoed, c.body = len(c.out.tokens), len(c.out.text)
	}
	if p.room == 0 {
		c.reason = reasonLength
	}
	return c
}

// step draws one token. It does nothing once there is a reason to be finished.
func (c *candidate) step() {
	if c.reason != "" {
		return
	}
	s := c.job.sampler
	if c.drawn == 0 && c.prompt.endsInSpace {
		s.afterSpace(s.scores, c.context)
	} else {
		s.logits(s.scores, c.context)
	}
	s.adjust(c.used)
	c.strike()

	id := s.draw(c.random)
	if len(s.own.Choice) > 0 {
		forced, end := c.forced()
		if end {
			c.finish(reasonStop)
			return
		}
		id = forced
	}
	var sc *score
	if c.job.wantScores {
		normaliser := s.normaliser()
		sc = &score{logprob: s.scores[id] - normaliser}
		if s.logprobs > 0 {
			sc.top = s.top(s.logprobs, normaliser)
		}
	}
	if id == idEndOfText || slices.Contains(s.own.StopIDs, id) {
		c.finish(reasonStop)
		return
	}
	c.drawn++
	c.used[id]++
	c.context = c.job.model.extend(c.context, id)
	from := len(c.out.text)
	c.out.add(id, sc)
	if c.stopAfter(from) {
		return
	}
	if c.drawn == c.prompt.room {
		c.finish(reasonLength)
	}
}

// finish ends the completion, unless its last bytes complete a stop sequence, which then is the reason.
func (c *candidate) finish(reason string) {
	from := len(c.out.text)
	c.out.close()
	if !c.stopAfter(from) {
		c.reason = reason
	}
}

// stopAfter looks for a stop sequence that ends in the text after from, and cuts the text before it.
func (c *candidate) stopAfter(from int) bool {
	end, length, found := c.stops.feed(c.out.text[from:])
	own := &c.job.sampler.own
	switch {
	case !found:
	case c.drawn < own.MinTokens:
		c.stops = newStopper(c.job.stops)
		return false
	case own.KeepStop:
		c.out.cut(from + end)
		c.reason = reasonStop
	default:
		c.out.cut(from + end - length)
		c.reason = reasonStop
	}
	return found
}

// run draws tokens until the completion is finished.
func (c *candidate) run() {
	for c.reason == "" {
		c.step()
	}
}

// mean returns the mean log probability of the completion's tokens; a completion without any is the least likely.
func (c *candidate) mean() float64 {
	tokens := c.out.tokens[c.echoed:]
	if len(tokens) == 0 {
		return math.Inf(-1)
	}
	sum := 0.0
	for _, t := range tokens {
		sum += t.score.logprob
	}
	return sum / float64(len(tokens))
}
