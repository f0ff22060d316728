package probe

import "strconv"

// fieldSteps ask about the fields whose effect a single request shows.
func fieldSteps() []step {
	return []step{
		on("plain", "limit", "fewer tokens", "max_tokens", 1).atMost(1),
		{id: "n", why: "two choices", control: "one.1", after: settings, tokens: 2 * short,
			body: func(s *Session) body { return s.at(1, 1).with("n", 2) }},
		on("plain", "echo", "whether the prompt comes back", "echo", true),
		on("plain", "logprobs.1", "one alternative", "logprobs", 1),
		on("plain", "logprobs.5", "five alternatives", "logprobs", 5),
		long16("suffix", "a text to lead to", "long", func(s *Session) body { return s.greedy(long).with("suffix", suffix) }),
		on("plain", "user", "a name of the person", "user", "probe"),
		on("plain", "user.number", "a number for that name, to see whether it is read", "user", 5),
		on("plain", "unknown", "a field that no server knows", unknownField, 1),
		on("plain", "stream", "a stream", "stream", true),
		on("stream", "usage", "the count of tokens at the end of a stream", "stream", true).but(
			func(b body) body { return b.with("stream_options", map[string]bool{"include_usage": true}) }),
		bestOf(1), bestOf(2), bestOf(3),
		long16("stop", "a word that the model is known to say", "long", func(s *Session) body {
			return s.greedy(long).with("stop", []string{s.stopText()})
		}).more(hasStopText, "long"),
	}
}

// bestOf asks for the best of some where the plain draw is known.
func bestOf(n int) step {
	number := "." + strconv.Itoa(n)
	return draw("best_of"+number, "the best of four", "hot"+number, func(s *Session) body { return s.hot(n).with("best_of", 4) }).atMost(4 * short)
}

// but is the step with another body, made from its own.
func (st step) but(change func(body) body) step {
	make := st.body
	st.body = func(s *Session) body { return change(make(s)) }
	return st
}

// biasSteps ask about biases, and with their help about penalties.
func biasSteps() []step {
	return []step{
		long16("bias", "a token that outweighs all others", "long", func(s *Session) body {
			return s.greedy(long).with("logit_bias", map[string]int{biasToken: 100})
		}),
		long16("bias.other", "another one, as the first showed nothing", "long", func(s *Session) body {
			return s.greedy(long).with("logit_bias", map[string]int{otherToken: 100})
		}).more(func(s *Session) bool { return s.read("bias") == given && !s.biasShows("bias") }, "long", "bias"),
		long16("biased", "a few tokens that outweigh all others", "long", (*Session).biased).more((*Session).biasWorks, "long", "bias", "bias.other"),
		penalty("frequency_penalty"), penalty("presence_penalty"),
		warm(1), warm(2),
		penaltyWarm("frequency_penalty", 1), penaltyWarm("frequency_penalty", 2),
		penaltyWarm("presence_penalty", 1), penaltyWarm("presence_penalty", 2),
	}
}

// penalty asks for a penalty where few tokens compete; without biases, for the likeliest text.
func penalty(field string) step {
	return long16(field, "a penalty on what has come before", "biased", func(s *Session) body {
		if s.read("biased") == given {
			return s.biased().with(field, 2)
		}
		return s.greedy(long).with(field, 2)
	}).more(nil, "long", "bias", "bias.other", "biased")
}

// unshown reports whether a penalty was taken and has changed nothing yet, or nothing that counts.
func unshown(field string) func(*Session) bool {
	return func(s *Session) bool { return s.read(field) == given && !s.penaltyShows(field) }
}

func warm(n int) step {
	number := "." + strconv.Itoa(n)
	control := map[int]string{1: "one.1", 2: "hot.2"}[n]
	return long16("warm"+number, "a longer text that is drawn", control, func(s *Session) body { return s.warm(n) }).more(func(s *Session) bool {
		return unshown("frequency_penalty")(s) || unshown("presence_penalty")(s)
	}, "frequency_penalty", "presence_penalty", control)
}

// penaltyWarm asks for a reward of what has come before, in a text that is drawn.
func penaltyWarm(field string, n int) step {
	number := "." + strconv.Itoa(n)
	return long16(field+".warm"+number, "a reward for what has come before", "warm"+number, func(s *Session) body {
		return s.warm(n).with(field, -2)
	}).more(unshown(field), field, "warm"+number)
}

// seedSteps ask how much of a seed counts.
func seedSteps() []step {
	return []step{
		seedStep("seed.32", "a seed that has the same lower 32 bits", func(s *Session) int64 { return s.seed(1) + 1<<32 }),
		seedStep("seed.53", "a seed of 54 bits", func(*Session) int64 { return 1 << 53 }),
		seedStep("seed.53.next", "the next one, the same to those who read it as a fraction", func(*Session) int64 { return 1<<53 + 1 }),
		seedStep("seed.minus", "a seed below 0", func(s *Session) int64 { return -s.seed(1) - 1 }),
		seedStep("seed.minus.again", "the same once more", func(s *Session) int64 { return -s.seed(1) - 1 }),
	}
}

func seedStep(id, why string, seed func(*Session) int64) step {
	return draw(id, why, "hot.1", func(s *Session) body { return s.hot(1).with("seed", seed(s)) }).more(func(s *Session) bool { return s.read("seeded") == given }, "seeded")
}

// valueSteps ask for values at and beyond the bounds.
func valueSteps() []step {
	return []step{
		on("plain", "temperature.2.1", "a temperature beyond 2", "temperature", 2.1),
		hotter(1), hotter(2), hotter(3),
		draw("top_p.0", "top_p 0", "hot.1", func(s *Session) body { return s.hot(1).with("top_p", 0) }),
		draw("top_p.1.1", "top_p beyond 1", "hot.1", func(s *Session) body { return s.hot(1).with("top_p", 1.1) }),
		on("plain", "frequency_penalty.2.1", "a penalty beyond 2", "frequency_penalty", 2.1),
		on("plain", "presence_penalty.2.1", "a penalty beyond 2", "presence_penalty", 2.1),
		on("plain", "logit_bias.101", "a bias beyond 100", "logit_bias", map[string]int{biasToken: 101}),
		on("plain", "n.0", "no choices", "n", 0),
		on("plain", "logprobs.6", "six alternatives", "logprobs", 6),
		on("plain", "logprobs.21", "more alternatives than most servers give", "logprobs", 21),
		on("plain", "model", "a model that there is not", "model", noModel),
		on("plain", "prompts", "two prompts", "prompt", []string{prompt, second}).atMost(2 * short),
		on("plain", "prompt.tokens", "a prompt of token ids", "prompt", []int{400, 401, 402}),
		on("plain", "prompts.tokens", "two prompts of token ids", "prompt", [][]int{{400, 401}, {402}}).atMost(2 * short),
		long16("stop.5", "five stop texts, the last of them known to come", "stop", func(s *Session) body {
			return s.greedy(long).with("stop", []string{"\x01\x02", "\x01\x03", "\x01\x04", "\x01\x05", s.stopText()})
		}).more(func(s *Session) bool { return hasStopText(s) && s.read("stop") == given }, "long", "stop"),
	}
}

// hotter goes on where a temperature beyond 2 is not refused.
func hotter(n int) step {
	number := "." + strconv.Itoa(n)
	return draw("hotter"+number, "a temperature far beyond 2, as 2.1 was taken", "hot"+number, func(s *Session) body {
		return s.hot(n).with("temperature", 9)
	}).more(func(s *Session) bool { return s.read("temperature.2.1") == given && s.read("two") == given }, "temperature.2.1")
}

// ruleSteps ask about what is odd only together, or only in itself.
func ruleSteps() []step {
	return []step{
		draw("n.greedy", "two choices at temperature 0", "zero.1", func(s *Session) body { return s.at(0, 1).with("n", 2) }).atMost(2 * short),
		{id: "best_of.below", why: "fewer candidates than choices", control: "n", after: settings, tokens: 2 * short,
			body: func(s *Session) body { return s.at(1, 1).with("n", 2).with("best_of", 1) }},
		on("plain", "best_of.stream", "the best of two as a stream", "stream", true).but(func(b body) body { return b.with("best_of", 2) }).atMost(2 * short).under("stream"),
		on("plain", "usage.whole", "options of a stream without one", "stream_options", map[string]bool{"include_usage": true}),
		on("plain", "limit.0", "no tokens at all", "max_tokens", 0).atMost(0),
		on("plain", "echo.logprobs", "the log probabilities of the prompt", "echo", true).but(func(b body) body { return b.with("logprobs", 1) }).under("echo"),
		on("plain", "echo.score", "those of the prompt alone", "echo", true).but(
			func(b body) body { return b.with("logprobs", 1).with("max_tokens", 0) }).atMost(0).under("echo.logprobs"),
		on("plain", "echo.suffix", "the prompt back with a suffix", "echo", true).but(func(b body) body { return b.with("suffix", suffix) }).under("echo"),
		on("plain", "logprobs.0", "no alternatives", "logprobs", 0),
		long16("stop.empty", "an empty stop text", "long", func(s *Session) body { return s.greedy(long).with("stop", []string{""}) }),
		on("plain", "prompt.empty", "an empty prompt", "prompt", ""),
	}
}

// under names another control.
func (st step) under(control string) step {
	st.control = control
	return st
}
