package client

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/completion-playground/playground/schema"
)

// An Explanation says in words for people what went wrong and what to do about it. It holds no key, and of what the
// server said no more than a part.
type Explanation struct {
	ID     string // of the entry in schema/failures.json, such as "atoma-credit" or "ended-early"
	Title  string // a few words
	Detail string // what happened
	Advice []string
}

// Explain explains an error that a Client has returned, in the light of what is known about a kind of server: the name
// of a profile, such as "vllm", or "" for any. It returns false for other errors, for no error, and where the caller
// has left, which needs no explanation.
func Explain(err error, profile string) (Explanation, bool) {
	var told explainable
	if EndOf(err) == Stopped || !errors.As(err, &told) {
		return Explanation{}, false
	}
	f := told.told()
	if f.id == "" {
		return Explanation{}, false
	}
	if f.id == refusal {
		return f.refusal(profile), true
	}
	entry := schema.Failures().Answers[f.id].For(profile, f.flags(), f.values()...)
	return Explanation{ID: f.id, Title: entry.Title, Detail: entry.Detail, Advice: entry.Advice}, true
}

// explainable is an error with what its explanation needs to know.
type explainable interface {
	error
	told() *facts
}

// facts is what is known about a failure beside what its error says.
type facts struct {
	id         string // of schema/failures.json, or refusal
	problem    Problem
	status     int
	label      string // the declared type
	origin     string // of the endpoint
	target     string // of a redirect
	reason     string // a word for being given up
	words      string // of the system, or of a fault
	limit      int    // bytes
	expected   int    // choices
	unfinished int    // choices
	keyed      bool   // a key was sent
	streamed   bool   // a stream was asked for
	text       bool   // some text came
}

const refusal = "refusal"

func (f *facts) told() *facts { return f }

// explained gives an error what its explanation needs.
func (a *answer) explained(err error) error {
	told, ok := err.(explainable)
	if !ok {
		return err
	}
	f := told.told()
	f.status, f.label = a.status, a.label
	f.origin, f.keyed = a.asked.origin, a.asked.keyed
	f.expected, f.streamed, f.text = a.asked.choices, a.asked.stream, a.ending.text
	switch err := err.(type) {
	case *APIError:
		f.problem = err.Problem
		f.id = cmp.Or(f.id, refusal)
	case *StreamError:
		f.problem = err.Problem
	case *RedirectError:
		f.id, f.target = "redirect", err.Location
	case *SizeError:
		f.id, f.limit = "too-large", err.Limit
	case *TransportError:
		f.words = printable(err.Err.Error())
		if a.status == 0 {
			f.id = cmp.Or(f.id, "unreachable")
		}
		f.id = cmp.Or(f.id, "broken")
	}
	return err
}

// flags are the conditions of variants.
func (f *facts) flags() map[string]bool {
	return map[string]bool{
		"text":     f.text,
		"streamed": f.streamed,
		"upstream": f.problem.Upstream != "",
		"html":     strings.HasPrefix(f.label, "text/html"),
		"target":   f.target != "",
	}
}

// values are the placeholders with their texts.
func (f *facts) values() []string {
	phrase := schema.Failures().Phrase
	optional := func(name, placeholder, text string) string {
		if text == "" {
			return ""
		}
		return phrase(name, placeholder, text)
	}
	code := ""
	if clientOrServerError.MatchString(f.problem.Code) {
		code = phrase("code", "code", f.problem.Code)
	}
	which := phrase("no-reason")
	if f.expected > 1 {
		which = phrase("some-reasons", "unfinished", strconv.Itoa(f.unfinished), "expected", strconv.Itoa(f.expected))
	}
	return []string{
		"status", strconv.Itoa(f.status),
		"says", f.says(),
		"code", code,
		"reason", f.reason,
		"target", optional("target", "url", f.target),
		"title", optional("page-title", "title", printable(pageTitle(f.problem.Raw))),
		"type", optional("type", "type", printable(cut(f.label, 100))),
		"which", which,
		"limit", size(f.limit),
		"origin", f.origin,
		"words", f.words,
		"fault", sentence(f.words),
	}
}

var clientOrServerError = regexp.MustCompile(`^[45][0-9][0-9]$`)

// says quotes the server and the provider behind it, as a continuation of a sentence.
func (f *facts) says() string {
	phrase := schema.Failures().Phrase
	s := ""
	if words := f.problem.Message; words != "" {
		about := ""
		if f.problem.Param != "" {
			about = phrase("field", "field", f.problem.Param)
		}
		s = phrase("says", "words", words, "about", about)
	}
	if f.problem.Upstream != "" {
		s += phrase("upstream", "words", f.problem.Upstream)
	}
	return s
}

// refusal finds what is known about a status: the first entry that fits.
func (f *facts) refusal(profile string) Explanation {
	body := f.problem.Raw
	html := isPage(body)
	p := Problem{}
	o, isObject := parseObject([]byte(body))
	if isObject {
		p, _ = o.problem()
	}
	words := f.says()
	phrase := schema.Failures().Phrase
	switch {
	case p.Message != "" || p.Upstream != "":
	case strings.TrimSpace(body) == "":
		words = phrase("no-body")
	case html:
		words = phrase("html")
		if title := printable(pageTitle(body)); title != "" {
			words += phrase("page-title", "title", title)
		}
	case isObject:
		words = ""
	}
	list := schema.Failures().Refusals
	i := slices.IndexFunc(list, func(r schema.Refusal) bool {
		switch {
		case f.status < r.Status.From || f.status > r.Status.To,
			r.Profiles != nil && !slices.Contains(r.Profiles, profile),
			r.Says != nil && !r.Says.MatchString(p.Code) && !r.Says.MatchString(p.Type),
			r.Message != nil && !r.Message.MatchString(p.Message) && !r.Message.MatchString(p.Code),
			r.Key != nil && *r.Key != f.keyed,
			r.Body == "empty" && strings.TrimSpace(body) != "",
			r.Body == "html" && !html:
			return false
		}
		return true
	})
	r := list[max(i, 0)]
	return Explanation{ID: r.ID, Title: r.Title, Detail: fmt.Sprintf("HTTP %d. %s%s", f.status, r.Detail, words), Advice: r.Advice}
}

// size writes a number of bytes for people.
func size(bytes int) string {
	switch {
	case bytes >= 1<<20:
		return strconv.Itoa(bytes>>20) + " MiB"
	case bytes >= 1<<10:
		return strconv.Itoa(bytes>>10) + " KiB"
	}
	return strconv.Itoa(bytes) + " bytes"
}

// sentence makes a sentence of an error's text.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// originOf returns the scheme and host of a base, "" if it has none.
func originOf(base string) string {
	u, err := url.Parse(strings.TrimSpace(base))
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// incomplete is ErrEmpty or ErrEndedEarly with what its explanation needs.
type incomplete struct {
	facts
	cause error
	torn  bool // within an event
}

// Error says that the answer is incomplete.
func (e *incomplete) Error() string {
	if e.torn {
		return e.cause.Error() + ", within an event"
	}
	return e.cause.Error()
}

// Unwrap returns ErrEmpty or ErrEndedEarly.
func (e *incomplete) Unwrap() error { return e.cause }

// unsendable is a key that cannot be sent.
type unsendable struct {
	facts
	cause error
}

// Error says what is wrong with the key, without the key.
func (e *unsendable) Error() string { return e.cause.Error() }

// Unwrap returns the error of core.Build.
func (e *unsendable) Unwrap() error { return e.cause }
