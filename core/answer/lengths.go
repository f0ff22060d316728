package answer

import (
	"strconv"
	"strings"
)

// made returns the tokens of a choice that the server made, without those of an echoed prompt. ok is false where they
// cannot be told apart, or some are known to be left out.
func (c *comparison) made(choice *Choice) (tokens []Token, ok bool) {
	if choice.Tokens == nil || c.noted("token-skipped") {
		return nil, false
	}
	if !c.asked.echo || c.bare[choice.Index] {
		return choice.Tokens, true
	}
	prompt, ok := c.asked.prompt(choice.Index)
	if !ok {
		return nil, false
	}
	count, _, ok := cover(choice.Tokens, prompt)
	return choice.Tokens[count:], ok
}

// counted returns the server's own count of the tokens that it made, if there is one.
func (c *comparison) counted() (int64, bool) {
	if u := c.answer.Usage; u != nil && u.CompletionTokens != nil {
		return *u.CompletionTokens, true
	}
	return 0, false
}

// candidates is how many texts the server was to make, those that it throws away included; 0 if not known.
func (c *comparison) candidates() int64 {
	each := int64(c.asked.each)
	if best, ok := c.asked.whole("best_of"); ok && each > 0 {
		each = max(each, best)
	}
	return each * int64(c.asked.count)
}

// tokens holds the lengths to max_tokens.
func (c *comparison) tokens() {
	most, ok := c.asked.most()
	if !ok {
		return
	}
	over, early := int64(-1), int64(-1)
	for i := range c.answer.Choices {
		choice := &c.answer.Choices[i]
		n := int64(-1)
		if tokens, ok := c.made(choice); ok {
			n = int64(len(tokens))
			if n > most {
				over = max(over, n)
			}
		}
		if FinishKind(choice.Finish) != "length" || c.asked.has("t_max_predict_ms") {
			continue
		}
		// Tokens that are not the whole text are too few to say that it is short.
		if n >= 0 && (joined(choice.Tokens) != choice.Text || choice.Reasoning != "") {
			n = -1
		}
		if counted, ok := c.counted(); ok && len(c.answer.Choices) == 1 && c.candidates() == 1 {
			n = max(n, counted)
		}
		// Servers do not agree on whether the mark for the end counts.
		if n >= 0 && n+1 < most {
			early = max(early, n)
		}
	}
	if counted, ok := c.counted(); ok && over < 0 {
		all := most * c.candidates()
		if c.asked.echo {
			// Some count the prompt that they return as made.
			if u := c.answer.Usage; u.PromptTokens == nil {
				all = 0
			} else {
				all += *u.PromptTokens
			}
		}
		if all > 0 && counted > all || most == 0 && !c.asked.echo && counted > 0 {
			over, most = counted, all
		}
	}
	if over >= 0 {
		c.add("tokens-over", "asked", strconv.FormatInt(most, 10), "got", strconv.FormatInt(over, 10))
	} else if early >= 0 {
		c.add("length-early", "asked", strconv.FormatInt(most, 10), "got", plural(int(early), "token"))
	}
}

func joined(tokens []Token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(spelled(t))
	}
	return b.String()
}

// stops looks for the stop texts in what the server made.
func (c *comparison) stops() {
	if c.asked.has("min_tokens") { // until then a stop text is text
		return
	}
	kept := c.asked.flag("include_stop_str_in_output") || c.asked.flag("no_stop_trim")
	code, found := "", ""
	for i := range c.answer.Choices {
		text, ok := c.withoutPrompt(&c.answer.Choices[i])
		if !ok {
			continue
		}
		for _, stop := range c.asked.stops {
			at := strings.Index(text, stop)
			switch {
			case stop == "" || at < 0:
			case at+len(stop) < len(text):
				code, found = "stop-passed", stop
			case !kept && code == "":
				code, found = "stop-kept", stop
			}
		}
	}
	if code != "" {
		c.add(code, "stop", quote(found))
	}
}

// withoutPrompt returns the text that the server made, if it can be told from an echoed prompt.
func (c *comparison) withoutPrompt(choice *Choice) (string, bool) {
	if !c.asked.echo || c.bare[choice.Index] || c.noted("echo-apart") {
		return choice.Text, true
	}
	prompt, ok := c.asked.prompt(choice.Index)
	if !ok {
		return "", false
	}
	return strings.CutPrefix(choice.Text, prompt)
}

// suffix compares a long suffix with the server's count of what it has read. A token seldom has more than one word.
func (c *comparison) suffix() {
	const fewest = 12
	suffix, _ := c.asked.text("suffix")
	words := len(strings.Fields(suffix))
	u := c.answer.Usage
	if words < fewest || c.asked.count != 1 || u == nil || u.PromptTokens == nil || *u.PromptTokens*2 >= int64(words) {
		return
	}
	c.add("suffix-unread", "got", plural(int(*u.PromptTokens), "token"), "words", strconv.Itoa(words))
}

// ends looks for choices that do not say why they ended.
func (c *comparison) ends() {
	if !c.answer.Complete {
		return
	}
	for _, choice := range c.answer.Choices {
		if choice.Finish != "" {
			continue
		}
		if c.noted("done-without-reason") {
			c.add("done-without-reason")
		} else {
			c.add("reason-missing")
		}
		return
	}
}
