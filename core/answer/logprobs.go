package answer

import "strconv"

// logprobs holds log probabilities and alternatives to what was asked for.
func (c *comparison) logprobs() {
	if !c.asked.flag("logprobs") {
		if k, ok := c.asked.whole("logprobs"); !ok || k < 0 {
			return
		}
	}
	with, without, unreadable := 0, 0, c.noted("token-skipped", "logprob-unreadable", "no-json-numbers")
	for _, choice := range c.answer.Choices {
		switch {
		case known(choice.Tokens) || len(choice.Tokens) == 1 && c.asked.echo:
			with++
		case choice.Text != "":
			without++
		}
	}
	if without > 0 && c.answer.Complete && !unreadable {
		c.add("logprobs-missing", "got", strconv.Itoa(with), "choices", plural(with+without, "choice"))
	}
	if with > 0 && !unreadable {
		c.alternatives()
	}
}

// known reports whether a token has a log probability.
func known(tokens []Token) bool {
	for _, t := range tokens {
		if t.Logprob != nil {
			return true
		}
	}
	return false
}

// alternatives counts them. The chosen token may stand among them or beside them, so that one more is as asked. At
// single places there may be fewer, as two tokens that are spelled alike count once in an object.
func (c *comparison) alternatives() {
	want, ok := c.asked.whole("logprobs")
	if !ok || c.asked.has("post_sampling_probs", "top_logprobs", "n_probs") {
		return
	}
	places, got := 0, int64(0)
	for _, choice := range c.answer.Choices {
		for _, t := range choice.Tokens {
			if t.Logprob != nil {
				places++
				got = max(got, int64(len(t.Top)))
			}
		}
	}
	values := []string{"asked", strconv.FormatInt(want, 10), "got", strconv.FormatInt(got, 10)}
	if places > 0 && got < want {
		c.add("alternatives-fewer", values...)
	} else if got > want+1 {
		c.add("alternatives-more", values...)
	}
}

// closeBy is how far apart two log probabilities may be that a server takes for the same: it may compute twice.
const closeBy = 0.1

// impossible is what vLLM writes for the log probability of what cannot be.
const impossible = -9999

// greedy looks whether temperature 0 took the likeliest tokens.
func (c *comparison) greedy() {
	if t, ok := c.asked.number("temperature"); !ok || t != 0 || !c.asked.plainSampling() {
		return
	}
	for i := range c.answer.Choices {
		tokens, _ := c.made(&c.answer.Choices[i])
		for _, t := range tokens {
			if t.Logprob == nil || len(t.Top) == 0 {
				continue
			}
			likeliest := t.Top[0]
			if likeliest.Logprob-*t.Logprob > closeBy && *t.Logprob > impossible {
				c.add("not-greedy", "token", quote(t.Text), "likeliest", quote(likeliest.Text))
				return
			}
		}
	}
}
