package answer

import (
	"strconv"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
)

// A Preflight says in words whether a server returns what an evaluation harness needs that scores texts by their log
// probabilities, as lm-evaluation-harness does with its local-completions model.
type Preflight struct {
	// Verdict is "yes", "no" where a need is surely not met that every harness has, or "unsure".
	Verdict string `json:"verdict"`
	Needs   []Need `json:"needs"`
}

// A Need is one thing that a harness needs.
type Need struct {
	Name    string `json:"name"`    // one of the names under "needs" in schema/differences.json; it does not change
	Title   string `json:"title"`   // what is needed
	Verdict string `json:"verdict"` // "yes", "no" or "unsure"
	Message string `json:"message"` // a sentence: why
}

// needed are the needs without which no text has a score.
var needed = map[string]bool{"echo": true, "logprobs": true, "first-null": true, "boundary": true}

// PreflightOf tells by a server's profile, and by its answer to a ScoreRequest for the text where there is one: what an
// answer shows goes before what a profile says. a is nil without an answer, v nil without a profile, which is then
// core.Default's. made is the max_tokens of the request.
func PreflightOf(v *core.Validator, text string, made int64, a *Answer) Preflight {
	if v == nil {
		v = core.Default()
	}
	p := Preflight{Verdict: "yes"}
	if a != nil && a.Complete && len(a.Choices) > 0 {
		p.measured(text, made, a)
	} else {
		p.promised(v)
	}
	ids := "yes"
	if !v.Valid([]byte(`{"model":"m","prompt":[1,2],"max_tokens":1}`)) {
		ids = "no"
	}
	p.add("token-ids", ids)
	for _, n := range p.Needs {
		switch {
		case !needed[n.Name]:
		case n.Verdict == "no":
			p.Verdict = "no"
		case n.Verdict == "unsure" && n.Name != "first-null" && p.Verdict == "yes":
			p.Verdict = "unsure"
		}
	}
	return p
}

func (p *Preflight) add(name, verdict string, values ...string) {
	facts := schema.Differences()
	p.Needs = append(p.Needs, Need{name, facts.Needs[name].Title, verdict, facts.Need(name, verdict, values...)})
}

// promised tells by the profile alone.
func (p *Preflight) promised(v *core.Validator) {
	clauses := knowledge(v, []byte(`{"model":"m","prompt":["Once upon"],"echo":true,"logprobs":1,"max_tokens":1}`))
	for _, field := range []string{"echo", "logprobs"} {
		note, verdict := v.Profile().Fields[field], "unsure"
		if note.Use == "ignored" || note.Use == "refused" {
			verdict = "no"
		}
		p.add(field, verdict)
		if len(clauses[field]) > 0 {
			p.Needs[len(p.Needs)-1].Message = clauses[field][0] + "."
		}
	}
}

// measured tells by an answer.
func (p *Preflight) measured(text string, made int64, a *Answer) {
	choice := &a.Choices[0]
	echo := map[verdict]string{yes: "yes", no: "no", unsure: "unsure"}[begins(choice.Text, text, true)]
	p.add("echo", echo)
	if !known(choice.Tokens) {
		p.add("logprobs", "no")
		return
	}
	with := 0
	for _, t := range choice.Tokens {
		if t.Logprob != nil {
			with++
		}
	}
	p.add("logprobs", "yes", "got", strconv.Itoa(with))
	count, _, err := boundary(text, made, a)
	if err != nil {
		p.add("boundary", "no")
		return
	}
	if _, _, ok := cover(choice.Tokens, text); ok {
		p.add("boundary", "yes", "made", strconv.Itoa(len(choice.Tokens)-count))
	} else {
		p.add("boundary", "unsure")
	}
	bare, alone, unplaced := 0, 0, 0
	for i, t := range choice.Tokens[:count] {
		if t.Offset == nil {
			unplaced++
		}
		if i == 0 {
			continue
		}
		if t.Logprob == nil {
			bare++
		}
		if len(t.Top) == 0 {
			alone++
		}
	}
	switch {
	case bare > 0:
		p.add("first-null", "no", "got", strconv.Itoa(bare), "asked", strconv.Itoa(count))
	case choice.Tokens[0].Logprob != nil:
		p.add("first-null", "unsure")
	default:
		p.add("first-null", "yes")
	}
	p.add("alternatives", told(alone == 0), "got", strconv.Itoa(alone))
	p.add("offsets", told(unplaced == 0))
}

func told(ok bool) string {
	if ok {
		return "yes"
	}
	return "no"
}
