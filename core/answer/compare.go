package answer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
)

// A Difference is something that a request asked for and its answer does not have.
type Difference struct {
	// Field is the request's field, or the answer's member, that it is about.
	Field string `json:"field"`
	// Code is one of schema/differences.json; it does not change.
	Code string `json:"code"`
	// Message is a sentence with what was asked and what came.
	Message string `json:"message"`
	// Known is what the server's profile says about it, in clauses: "Ollama does not return the prompt".
	Known []string `json:"known,omitempty"`
	// Mild says that it may well be as asked.
	Mild bool `json:"mild,omitempty"`
}

// Compare holds an answer to the body of its request. v knows the server; nil where nobody does. The order is that in
// which a reader looks: the model, the choices, their texts, what stands beside them.
//
// It says what is certain and keeps quiet about the rest. A refusal is no answer, and has no differences. Of an answer
// that is not complete only what has come counts, and nothing is missing in it. A prompt of token ids is not looked
// for in the text, and a length not told from tokens that nobody counts.
func Compare(body []byte, v *core.Validator, a Answer) []Difference {
	c := comparison{body: body, validator: v, asked: read(body), answer: &a}
	if a.Status/100 != 2 || len(a.Choices) == 0 && !a.Complete {
		return nil
	}
	c.model()
	c.choices()
	c.echo()
	c.tokens()
	c.stops()
	c.suffix()
	c.ends()
	c.logprobs()
	c.greedy()
	c.form()
	c.explain()
	return c.found
}

// CompareRuns holds an answer to that of the same request, sent before: with one seed both should be alike. Two
// requests that differ, or have no seed, have nothing to be held to.
func CompareRuns(body []byte, v *core.Validator, previous, now Answer) []Difference {
	c := comparison{body: body, validator: v, asked: read(body), answer: &now}
	if _, ok := c.asked.whole("seed"); !ok {
		return nil
	}
	if before, after := previous.Fingerprint, now.Fingerprint; before != "" && after != "" && before != after {
		c.add("fingerprint-changed", "before", quote(before), "after", quote(after))
	}
	if previous.Complete && now.Complete && len(previous.Choices) == len(now.Choices) && !sameTexts(previous, now) {
		c.add("seed-differs")
	}
	c.explain()
	return c.found
}

func sameTexts(a, b Answer) bool {
	return slices.EqualFunc(a.Choices, b.Choices, func(a, b Choice) bool { return a.Text == b.Text && a.Reasoning == b.Reasoning })
}

// comparison is one answer beside its request, and what was found.
type comparison struct {
	body      []byte
	validator *core.Validator
	asked     *asked
	answer    *Answer
	found     []Difference
	bare      map[int]bool // choices whose text does not begin with their prompt although that was asked for
}

// add adds a difference. values are names of placeholders and their texts in turn.
func (c *comparison) add(code string, values ...string) {
	facts := schema.Differences()
	fact := facts.Differences[code]
	c.found = append(c.found, Difference{Field: fact.Field, Code: code, Message: facts.Sentence(code, values...), Mild: fact.Mild})
}

func (c *comparison) noted(codes ...string) bool {
	return slices.ContainsFunc(c.answer.Notes, func(note string) bool { return slices.Contains(codes, note) })
}

// explain adds what the profile knows about the fields of what was found.
func (c *comparison) explain() {
	if len(c.found) == 0 || c.validator == nil {
		return
	}
	known := knowledge(c.validator, c.body)
	for i := range c.found {
		d := &c.found[i]
		for _, field := range append([]string{d.Field}, schema.Differences().Differences[d.Code].Also...) {
			d.Known = append(d.Known, known[field]...)
		}
	}
}

// knowledge returns what a profile says about the fields of a request, by field.
func knowledge(v *core.Validator, body []byte) map[string][]string {
	known := map[string][]string{}
	profile := v.Profile()
	for _, issue := range v.Check(body).Issues {
		own := strings.HasPrefix(issue.Rule, "profile/")
		if issue.Field == "" || issue.Severity == core.Hint && !own {
			continue
		}
		clause := issue.Message
		for _, limit := range profile.Limits { // without the value, which the difference tells
			if own && limit.Field == issue.Field && strings.HasSuffix(clause, "; "+limit.Why) {
				clause = limit.Why
			}
		}
		known[issue.Field] = append(known[issue.Field], clause)
	}
	return known
}

func (c *comparison) model() {
	want, got := c.asked.model, c.answer.Model
	if want == "" || got == "" || want == got || len(got) >= schema.Answers().Limits.ModelUnits {
		return
	}
	code := "model-other"
	if sameModel(want, got) || slices.Contains(schema.Differences().AnyModel, want) {
		code = "model-named"
	}
	c.add(code, "asked", quote(want), "got", quote(got))
}

// sameModel reports whether two names may well mean one model: another case, with or without the maker's name before
// it or a version, a tag or a date behind it, or the name of its file.
func sameModel(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	last := func(name string) string {
		name = name[strings.LastIndexAny(name, `/\`)+1:]
		return strings.TrimSuffix(name, ".gguf")
	}
	begins := func(long, short string) bool {
		return strings.HasPrefix(long, short) && (len(long) == len(short) || strings.ContainsAny(long[len(short):len(short)+1], "-:@._"))
	}
	a, b = last(a), last(b)
	return a != "" && b != "" && (begins(a, b) || begins(b, a))
}

func (c *comparison) choices() {
	want, got := c.asked.choices(), len(c.answer.Choices)
	switch values := []string{"asked", strconv.Itoa(want), "got", strconv.Itoa(got)}; {
	case want == 0 || c.noted("choices-left-out", "choice-skipped", "choices-skipped"):
	case got > want:
		c.add("choices-extra", values...)
	case got == 0:
		c.add("no-text")
	case got < want && c.answer.Complete:
		c.add("choices-missing", values...)
	}
}

// echo looks for the prompts at the beginning of the texts.
func (c *comparison) echo() {
	if !c.asked.echo || c.asked.has("suffix", "truncate_prompt_tokens") || c.asked.prompts == nil {
		return
	}
	if c.noted("echo-apart") {
		c.add("echo-apart")
		return
	}
	with, without := 0, map[int]bool{}
	for _, choice := range c.answer.Choices {
		prompt, ok := c.asked.prompt(choice.Index)
		if !ok || choice.Reasoning != "" {
			continue
		}
		switch begins(choice.Text, prompt, c.answer.Complete) {
		case yes:
			with++
		case no:
			without[choice.Index] = true
		}
	}
	if len(without) > 0 {
		c.bare = without
		c.add("echo-missing", "got", strconv.Itoa(with), "choices", plural(with+len(without), "choice"))
	}
}

// form tells of a stream that was asked for and did not come, or the other way round, and of counts that did not come.
func (c *comparison) form() {
	for _, code := range []string{"one-piece", "stream-unasked"} {
		if c.noted(code) {
			c.add(code)
		}
	}
	// What broke off at the very end may have been the counts.
	if c.answer.Complete && c.answer.Usage == nil && c.asked.wantsUsage() && !c.noted("usage-unreadable", "broke-after-end", "cut-after-end") {
		c.add("usage-missing")
	}
}

// quote returns a text as it can stand in a sentence: in quotation marks, on one line, and not too long.
func quote(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return strconv.QuoteToGraphic(text)
}

func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}
