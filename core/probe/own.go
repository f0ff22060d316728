package probe

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core"
)

// mostRequests is how many requests a probe sends in all, unless Options says otherwise: what the schema has comes first, and
// the server's own fields get what is left.
const mostRequests = 80

// ownField is a field that the profile knows and the schema does not.
type ownField struct {
	name string
	// wrong is a value of a kind that the field does not take; nil where it takes all.
	wrong any
	// written says that its values are texts, where others take objects.
	written bool
	// fine is a value that it takes and that changes little; nil where none is known.
	fine any
}

// ownRule is how the effect of some fields of the same meaning is seen. Fields without a rule are asked by kind.
type ownRule struct {
	fields []string
	how    string // for people
	steps  func(ownField) []step
	with   func(field string) []string // other requests that judge reads
	judge  func(*Session, string) (Verdict, string)
}

// byKind is the way of fields without a rule of their own.
const byKind = "A value of the wrong kind: refused by those who read the field. Taken by a server that refuses one of temperature, it is not read."

// ownRules are in the order of use: where the requests do not suffice, the last ones are left out.
func ownRules() []ownRule {
	return []ownRule{
		narrow(1, "top_k"), narrow(1, "min_p"),
		{[]string{"repetition_penalty", "repeat_penalty", "rep_pen"}, "2 where biases let twenty tokens compete, at temperature 0; else in the likeliest text: the text has to change.",
			repetitionSteps, func(string) []string { return []string{"biased", "long", "long.again"} }, judgeRepetition},
		form("One choice, zebra7, at temperature 0: the text has to begin with it.", judgeForm,
			formValue{"structured_outputs", map[string][]string{"choice": {formWord}}}, formValue{"guided_choice", []string{formWord}}),
		form("A pattern or grammar that has only the word zebra7, at temperature 0: the text has to begin with it.", judgeForm,
			formValue{"guided_regex", formWord}, formValue{"regex", formWord}, formValue{"grammar", grammar}, formValue{"guided_grammar", grammar}, formValue{"ebnf", grammar}),
		form("JSON at temperature 0: the text has to begin as an object does.", judgeJSONForm,
			formValue{"response_format", map[string]string{"type": "json_object"}}, formValue{"guided_json", object}, formValue{"json_schema", object}),
		{[]string{"stop_token_ids"}, "A token that a bias lets come again and again: the text has to end at it.", stopIDSteps, ownWith("bias", "bias.other"), judgeStopIDs},
		{[]string{"min_tokens"}, "As many as max_tokens, beside a stop text that is known to come: the text has to go on past it. If it does not, a value of the wrong kind says whether the field is read.",
			minTokensSteps, ownWith("stop", ownKind), judgeMinTokens},
		{[]string{"bad_words"}, "A word that the model has just said: the likeliest text has to do without it.", badWordsSteps, ownWith("long", "long.again"), judgeBadWords},
		{[]string{"allowed_token_ids"}, "One token: nothing else comes.", allowedSteps, ownWith("long", "long.again"), judgeAllowed},
		{[]string{"include_stop_str_in_output", "no_stop_trim"}, "With a stop text that is known to come: the text has to end with it instead of before it.", keepStopSteps, ownWith("stop"), judgeKeepStop},
		{[]string{"truncate_prompt_tokens"}, "2: usage has to count two tokens of the prompt.", truncateSteps, ownWith("plain"), judgeTruncate},
		narrow(0.01, "top_n_sigma"), narrow(0.01, "typical_p", "typical"),
	}
}

// ownKind is the control of values of the wrong kind: one of a field that every server reads.
const ownKind = "own.kind"

func ownWith(ids ...string) func(string) []string { return func(string) []string { return ids } }

// own makes the steps and questions about the fields that the profile alone knows.
func (s *Session) ownTable() (all []step, rows []question) {
	fields := ownFields(s.check)
	taken := map[string]bool{}
	for _, rule := range ownRules() {
		for _, name := range rule.fields {
			i := slices.IndexFunc(fields, func(f ownField) bool { return f.name == name })
			if i < 0 {
				continue
			}
			taken[name] = true
			steps := rule.steps(fields[i])
			var more []string
			for _, st := range steps[1:] {
				more = append(more, st.id)
			}
			all = append(all, steps...)
			rows = append(rows, question{field: name, how: rule.how, main: ownID(name), with: append(more, rule.with(name)...),
				judge: func(s *Session) (Verdict, string) { return rule.judge(s, name) }})
		}
	}
	for _, f := range fields {
		if name := f.name; !taken[name] && (f.wrong != nil || f.fine != nil) {
			all = append(all, kindStep(f))
			rows = append(rows, question{field: name, how: byKind, with: []string{ownID(name), ownKind, "unknown"},
				judge: func(s *Session) (Verdict, string) { return judgeKind(s, name) }})
		}
	}
	if len(all) > 0 {
		strict := on("plain", ownKind, "a temperature of the wrong kind, to see whether kinds are looked at", "temperature", wrongKind).more(takesUnknown, "unknown")
		all = slices.Insert(all, 0, strict)
	}
	for i := range all {
		all[i].own = true
	}
	return all, rows
}

func ownID(field string) string { return "own." + field }

// wrongKind is a value that is no text, number, list or truth value.
var wrongKind = map[string]int{unknownField: 1}

// ownFields reads the fields from the profile's schema, in the order of their names.
func ownFields(v *core.Validator) (fields []ownField) {
	var schema struct {
		Properties map[string]struct {
			Type     any   `json:"type"`
			Enum     []any `json:"enum"`
			Examples []any `json:"examples"`
		} `json:"properties"`
	}
	if json.Unmarshal(v.Schema(), &schema) != nil {
		return nil // it has been compiled, so it is a schema, be it one that says nothing of its properties
	}
	for name, p := range schema.Properties {
		// Two limits at once are a fault of the request.
		if name == "max_completion_tokens" || slices.ContainsFunc(questions(), func(q question) bool { return q.field == name }) {
			continue
		}
		kinds := string(encoded(p.Type))
		f := ownField{name: name, written: kinds == `"string"`}
		switch {
		case p.Type == nil:
		case !strings.Contains(kinds, `"object"`):
			f.wrong = wrongKind
		case !strings.Contains(kinds, `"boolean"`):
			f.wrong = true
		}
		switch {
		case len(p.Examples) > 0:
			f.fine = p.Examples[0]
		case len(p.Enum) > 0:
			f.fine = p.Enum[0]
		case kinds == `"boolean"`:
			f.fine = false
		}
		fields = append(fields, f)
	}
	slices.SortFunc(fields, func(a, b ownField) int { return strings.Compare(a.name, b.name) })
	return fields
}

// takesUnknown reports whether a field that no server knows is taken: only then a refused value says that a field is read.
func takesUnknown(s *Session) bool { return s.read("unknown") == given }

// kindStep asks about a field without a rule.
func kindStep(f ownField) step {
	st := step{id: ownID(f.name), control: "plain", after: []string{"plain", "unknown", ownKind}, tokens: short,
		why: "a value that the field " + f.name + " does not take, or where unknown fields are refused, one that it takes"}
	st.body = func(s *Session) body {
		if s.read("unknown") == refused && f.fine != nil || f.wrong == nil {
			return s.plain().with(f.name, f.fine)
		}
		return s.plain().with(f.name, f.wrong)
	}
	st.wanted = func(s *Session) bool {
		switch s.read("unknown") {
		case refused:
			return f.fine != nil
		case given:
			return f.wrong != nil
		}
		return false
	}
	return st
}

// narrow is the rule of fields that leave one token to choose.
func narrow(value float64, fields ...string) ownRule {
	return ownRule{fields, "Such that one token is left, at the highest temperature: with other seeds the text is the same.",
		func(f ownField) []step {
			field, first, second := f.name, ownID(f.name), ownID(f.name)+".2"
			return []step{
				draw(first, "one token left to choose by "+field, "hot.1", func(s *Session) body { return s.hot(1).with(field, value) }),
				draw(second, "the same with another seed", "hot.2", func(s *Session) body { return s.hot(2).with(field, value) }).more(func(s *Session) bool {
					return s.read(first) == given && s.varied() && !(s.seedWorks() && s.text(first) == s.text("hot.1"))
				}, first),
			}
		}, ownWith("hot.1", "hot.2", "hot.3"), judgeNarrow}
}

// What a text is held to.
const (
	formWord = "zebra7" // what no text begins with by itself
	grammar  = `root ::= "` + formWord + `"`
)

var object = map[string]string{"type": "object"}

// formValue is a field with a value that says which form the text has to have.
type formValue struct {
	field string
	value any
}

func form(how string, judge func(*Session, string) (Verdict, string), values ...formValue) ownRule {
	rule := ownRule{how: how, with: ownWith("zero.1"), judge: judge}
	for _, v := range values {
		rule.fields = append(rule.fields, v.field)
	}
	rule.steps = func(f ownField) []step {
		value := values[slices.Index(rule.fields, f.name)].value
		if _, is := value.(string); f.written && !is {
			value = string(encoded(value))
		}
		return []step{draw(ownID(f.name), "a form that the text is held to", "zero.1", func(s *Session) body { return s.at(0, 1).with(f.name, value) })}
	}
	return rule
}

func repetitionSteps(f ownField) []step {
	return []step{long16(ownID(f.name), "a penalty on what has come before", "biased", func(s *Session) body {
		if s.read("biased") == given {
			return s.biased().with(f.name, 2)
		}
		return s.greedy(long).with(f.name, 2)
	})}
}

// repeatedToken is the token that a bias lets come again and again; "" for none.
func (s *Session) repeatedToken() string {
	switch {
	case s.read("bias") == given && repetitive(s.text("bias")):
		return biasToken
	case s.read("bias.other") == given && repetitive(s.text("bias.other")):
		return otherToken
	}
	return ""
}

func stopIDSteps(f ownField) []step {
	return []step{long16(ownID(f.name), "the end at a token that is known to come", "bias", func(s *Session) body {
		token := s.repeatedToken()
		if token == "" {
			token = biasToken
		}
		return s.greedy(long).with("logit_bias", map[string]int{token: 100}).with(f.name, []json.Number{json.Number(token)})
	}).more(func(s *Session) bool { return s.repeatedToken() != "" })}
}

// stops reports whether a stop text is seen to work.
func stops(s *Session) bool {
	if !hasStopText(s) || s.read("stop") != given {
		return false
	}
	verdict, _ := judgeStop(s)
	return verdict == Honoured
}

func (s *Session) stopping() body { return s.greedy(long).with("stop", []string{s.stopText()}) }

func minTokensSteps(f ownField) []step {
	id, kind := ownID(f.name), kindStep(f)
	kind.id = id + ".kind"
	kind.after = append(kind.after, id)
	kind.wanted = func(s *Session) bool {
		return takesUnknown(s) && s.read(id) == given && s.text(id) == s.text("stop")
	}
	return []step{
		long16(id, "no end before so many tokens", "stop", func(s *Session) body { return s.stopping().with(f.name, long) }).more(stops),
		kind,
	}
}

func badWordsSteps(f ownField) []step {
	return []step{long16(ownID(f.name), "the likeliest text without one of its words", "long", func(s *Session) body {
		return s.greedy(long).with(f.name, []string{s.stopText()})
	}).more(hasStopText)}
}

func allowedSteps(f ownField) []step {
	return []step{long16(ownID(f.name), "one token and no other", "long", func(s *Session) body {
		return s.greedy(long).with(f.name, []json.Number{biasToken})
	})}
}

func keepStopSteps(f ownField) []step {
	return []step{long16(ownID(f.name), "the stop text at the end of the text", "stop", func(s *Session) body { return s.stopping().with(f.name, true) }).more(stops)}
}

func truncateSteps(f ownField) []step {
	return []step{on("plain", ownID(f.name), "two tokens of the prompt", f.name, 2).more(func(s *Session) bool {
		_, counted := s.promptTokens("plain")
		return counted
	})}
}
