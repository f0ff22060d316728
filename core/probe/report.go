package probe

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/answer"
)

// A Report is what a probe has found, at its end or on the way. As JSON it has these members:
//
//	profile   the name of the profile that the probe began with
//	model     the model
//	done      true when all was asked that was to be asked
//	end       why it ended before that: stopped, key-refused, no-model, too-many, no-control, silent; missing otherwise
//	account   a sentence on how it went
//	budget    {requests, tokens, all}: what it could cost at most, and the requests that all fields would take
//	asked     the number of requests that were answered
//	rows      [{field, about, rule, verdict, reason, expected, evidence}]: see Row
//	requests  [{id, why, body, answer}]: see Evidence
type Report struct {
	Base     string     `json:"profile"`
	Model    string     `json:"model"`
	Done     bool       `json:"done"`
	End      End        `json:"end,omitempty"`
	Account  string     `json:"account"`
	Budget   Budget     `json:"budget"`
	Asked    int        `json:"asked"`
	Rows     []Row      `json:"rows"`
	Requests []Evidence `json:"requests"`

	check *core.Validator // for it
}

// A Row is the verdict on one field, on one of its values, or on one combination.
type Row struct {
	// Field is the field of the request; "" for fields that no server knows.
	Field string `json:"field"`
	// About says what of it: "" for the field as such, "above 2" for such values, "with stream" for the combination.
	About string `json:"about,omitempty"`
	// Rule is the code of the rule across fields, as in core/codes.md, that the row answers; "" for none.
	Rule    string  `json:"rule,omitempty"`
	Verdict Verdict `json:"verdict"`
	// Reason is a clause for people: what in the answers says so.
	Reason string `json:"reason"`
	// Expected is what the profile says of the request that decides; "" where it was not asked, or the profile does not
	// say.
	Expected Verdict `json:"expected,omitempty"`
	// Evidence are the ids of the requests that count, the deciding one first. All of them were answered.
	Evidence []string `json:"evidence"`

	// taken says that the deciding request was answered with a completion.
	taken bool
	told  bool // see under
	kind  bool // the deciding request has a value of the wrong kind
}

// Differs reports whether the profile says something else than was found. Of what is unknown, and of what the profile does
// not speak about, it does not.
func (r Row) Differs() bool { return r.Expected != "" && r.Verdict != Unknown && !r.agrees() }

// Key names a row: the field, and what of it.
func (r Row) Key() string { return strings.TrimSpace(r.Field + " " + r.About) }

// Evidence is a request with a short form of its answer.
type Evidence struct {
	ID     string          `json:"id"`
	Why    string          `json:"why"`
	Body   json.RawMessage `json:"body"`
	Answer string          `json:"answer"` // such as: 200, 1 choice, "and then", length, 4 tokens
}

// Report returns what has been found so far. It shares nothing with the session.
func (s *Session) Report() *Report {
	r := &Report{
		Base: s.check.Profile().Name, Model: s.model, Done: s.end == "" && s.Done(), End: s.end, Budget: s.Budget(), Asked: len(s.order),
		Rows: []Row{}, Requests: []Evidence{}, check: s.check,
	}
	r.Account = s.summary(r.Done)
	for _, q := range s.questions {
		r.Rows = append(r.Rows, s.row(&q))
	}
	for _, id := range s.order {
		step := s.stepOf(id)
		r.Requests = append(r.Requests, Evidence{ID: id, Why: step.why, Body: step.body(s).json(), Answer: brief(s.answers[id])})
	}
	return r
}

func (s *Session) summary(done bool) string {
	switch {
	case done:
		return requests(len(s.order)) + " answered, and that is all"
	case s.end != "":
		return fmt.Sprintf("it ended after %s: %s", requests(len(s.order)), s.account)
	}
	return requests(len(s.order)) + " answered so far"
}

func requests(n int) string {
	if n == 1 {
		return "1 request"
	}
	return fmt.Sprintf("%d requests", n)
}

func (s *Session) row(q *question) Row {
	r := Row{Field: q.field, About: q.about, Rule: q.rule, Evidence: []string{}, kind: q.how == byKind}
	r.Verdict, r.Reason = s.verdict(q)
	main := q.main
	if main == "" {
		main = q.with[0]
	}
	for _, id := range append([]string{main}, q.with...) {
		if r.kind && !s.settled(main) {
			break // the others say nothing by themselves
		}
		if s.settled(id) && !slices.Contains(r.Evidence, id) {
			r.Evidence = append(r.Evidence, id)
		}
	}
	if control := s.stepOf(main).control; s.settled(main) && s.settled(control) && !slices.Contains(r.Evidence, control) {
		r.Evidence = append(r.Evidence, control)
	}
	r.taken = s.read(main) == given
	if s.settled(main) {
		r.Expected, r.told = r.under(s.check, s.stepOf(main).body(s).json())
	}
	return r
}

func (s *Session) verdict(q *question) (Verdict, string) {
	switch s.read(q.main) {
	case missing:
		if q.main != "" {
			return Unknown, s.unasked(q.main)
		}
	case lost:
		return Unknown, "the answer did not come whole" + saying(s.answers[q.main])
	case refused:
		a := s.answers[q.main]
		if a.Status >= 500 {
			return Refused, fmt.Sprintf("the server fails with status %d", a.Status) + saying(a)
		}
		return Refused, "the server refuses it" + saying(a)
	}
	return q.judge(s)
}

// unasked says why there is no answer to a request.
func (s *Session) unasked(id string) string {
	if s.end == "" && s.stepOf(id).own && !s.hasRoom() {
		return fmt.Sprintf("not asked: the %d requests of the probe are spent", s.limit())
	}
	if s.end == "" && !s.passed(id) {
		return "not asked yet"
	}
	if s.end != "" {
		return "not asked: the probe had ended"
	}
	return "not asked: other answers leave nothing to compare it with"
}

// under returns what a profile says of a row's deciding request, in the words of verdicts; "" for what profiles do not
// tell. told says that the row's rule has something to say of it.
func (r Row) under(check *core.Validator, body []byte) (_ Verdict, told bool) {
	switch r.Field {
	case "":
		return map[string]Verdict{"refused": Refused, "ignored": Ignored}[check.Profile().Unknown], false
	case "model":
		return "", false
	}
	if r.kind {
		return noted(check.Profile().Fields[r.Field]), false
	}
	worst, ignored := core.Severity(0), false
	for _, issue := range check.Check(body).Issues {
		if issue.Field != r.Field && string(issue.Code) != r.Rule && issue.Severity != core.Error {
			continue
		}
		told = told || r.Rule != "" && string(issue.Code) == r.Rule
		ignored = ignored || issue.Code == core.CodeIgnoredField
		worst = max(worst, issue.Severity)
	}
	switch {
	case worst == core.Error:
		return Refused, told
	case ignored:
		return Ignored, told
	case worst == core.Warning:
		return Changed, told
	}
	return Honoured, told
}

// noted is what a profile's word on a field says of it as such.
func noted(f core.FieldNote) Verdict {
	switch {
	case f.With != "" || f.Without != "":
		return ""
	case f.Use == "refused":
		return Refused
	case f.Use == "ignored":
		return Ignored
	}
	return Honoured
}

// shown is how much of a text the short form of an answer has, in characters.
const shown = 60

// brief returns an answer on one line.
func brief(a answer.Answer) string {
	var parts []string
	if a.Status != 0 {
		parts = append(parts, fmt.Sprint(a.Status))
	}
	if a.Error != "" {
		parts = append(parts, cut(a.Error, 200))
	}
	if n := len(a.Choices); n == 1 {
		parts = append(parts, "1 choice")
	} else if n > 1 || a.Error == "" {
		parts = append(parts, fmt.Sprintf("%d choices", n))
	}
	for _, c := range a.Choices {
		parts = append(parts, fmt.Sprintf("%q", cut(c.Text, shown)))
		if c.Finish != "" {
			parts = append(parts, c.Finish)
		}
		if len(c.Tokens) > 0 {
			parts = append(parts, fmt.Sprintf("%d tokens with log probabilities", len(c.Tokens)))
		}
	}
	if a.Usage != nil && a.Usage.CompletionTokens != nil {
		parts = append(parts, fmt.Sprintf("%d tokens counted", *a.Usage.CompletionTokens))
	}
	if a.Streamed {
		parts = append(parts, "as a stream")
	}
	if !a.Complete && a.Error == "" {
		parts = append(parts, "not whole")
	}
	return strings.Join(parts, ", ")
}
