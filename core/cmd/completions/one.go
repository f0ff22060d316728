package main

import (
	"bytes"
	"flag"
	"fmt"
	"strings"

	"github.com/completion-playground/playground/core"
)

// chosen are the flags that say which request of which file a command is about.
type chosen struct {
	*rules
	as     *string
	number int
	draft  bool
}

func addChosen(f *flag.FlagSet) *chosen {
	o := chosen{rules: addRules(f), as: choose(f, "as", "the language of the file, whatever its name says", asLanguages...)}
	f.IntVar(&o.number, "request", 0, "the request to take, a `number` from 1, where the file holds several")
	f.BoolVar(&o.draft, "draft", false, "take it as it is, in spite of errors in its values")
	return &o
}

// one is a request with what is known of it.
type one struct {
	v    *core.Validator
	body []byte
	request
}

// read reads the request that the arguments name, and says what is wrong with it. ok is false where nothing can be made of
// it; code is then the exit code.
func (o *chosen) read(c *console, command string, args []string) (r one, code int, ok bool) {
	if len(args) != 1 {
		return r, c.misused(command, "name one file, or - for the standard input"), false
	}
	v, err := o.validator(c)
	if err != nil {
		return r, c.misused(command, "%v", err), false
	}
	name := args[0]
	text, err := c.load(name)
	if err != nil {
		return r, c.fail("%s: %v", name, err), false
	}
	language := *o.as
	if language == "auto" {
		language = languageOf(strings.TrimSuffix(name, ".gz"))
	}
	find := languages[language]
	if find == nil {
		find = findWhole
	}
	found := find(piece{text: text})
	switch {
	case len(found) == 0:
		return r, c.fail("%s: it holds no request of completions", name), false
	case o.number < 0 || o.number > len(found):
		return r, c.misused(command, "-request %d: %s holds %s", o.number, name, counted(len(found), "request")), false
	case o.number == 0 && len(found) > 1:
		return r, c.misused(command, "%s holds %d requests; choose one with -request", name, len(found)), false
	}
	r = one{v: v, request: found[max(o.number, 1)-1]}
	r.body = v.Body(r.request.body)
	if o.draft && r.body == nil {
		r.body = v.DraftBody(r.request.body)
	}
	h := host{text: text, line: 1}
	var issues []core.Issue
	if r.request.body != nil {
		issues = v.Check(r.request.body).Issues
	}
	report := textReport{out: &errWriter{w: c.err}, colours: c.colours(c.err)}
	if name == "-" {
		name = stdinName
	}
	told := checked{file: name, found: findings(&h, &r.request, issues)}
	for n := range told.found {
		told.found[n].File = name
	}
	if r.body == nil {
		report.request(told)
		return r, exitFound, false
	}
	told.found = above(told.found, core.Warning)
	report.request(told)
	return r, exitOK, true
}

// above returns the findings of at least a severity.
func above(found []finding, least core.Severity) (worse []finding) {
	for _, f := range found {
		if f.Severity >= least {
			worse = append(worse, f)
		}
	}
	return worse
}

// line returns a text with one line break at its end.
func line(text []byte) string { return fmt.Sprintf("%s\n", bytes.TrimRight(text, "\n")) }
