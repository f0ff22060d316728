package schema

import (
	_ "embed"
	"encoding/json"
	"strings"
	"sync"
)

// AnswersJSON holds what readers of answers have to agree on: outcomes, words for finish reasons, limits, and the
// sentences for peculiarities. README.md describes its members; Answers reads it.
//
//go:embed answers.json
var AnswersJSON []byte

// AnswerFacts are the facts of answers.json.
type AnswerFacts struct {
	Outcomes []Outcome `json:"outcomes"`
	// FinishReasons lists the servers' words, in lower case, by the kind of end that they stand for.
	FinishReasons map[string][]string `json:"finishReasons"`
	Reasoning     []string            `json:"reasoning"` // members that hold reasoning, the first with a text counts
	Limits        AnswerLimits        `json:"limits"`
	Notes         map[string]string   `json:"notes"` // sentences by code, with {placeholders}
}

// An Outcome is one of the ways in which an answer can end.
type Outcome struct {
	Name  string `json:"name"`
	About string `json:"about"`
}

// AnswerLimits bounds what is read and kept of an answer. A unit is a UTF-16 code unit.
type AnswerLimits struct {
	EventBytes   int `json:"eventBytes"`   // one event, or an answer that is not streamed
	RefusalBytes int `json:"refusalBytes"` // read of the body of a refusal
	RawUnits     int `json:"rawUnits"`     // shown of a body or an event as it came
	MessageUnits int `json:"messageUnits"` // of a server's message
	FinishUnits  int `json:"finishUnits"`  // of a server's word for a finish reason
	ModelUnits   int `json:"modelUnits"`   // of a model's name
	Choices      int `json:"choices"`
	Notes        int `json:"notes"`
	TokenBytes   int `json:"tokenBytes"`  // of one token's bytes
	AfterDoneMS  int `json:"afterDoneMs"` // milliseconds in which an error may still follow [DONE]
}

// Answers returns the facts of answers.json. They are shared and must not be changed.
func Answers() *AnswerFacts { return answers() }

var answers = sync.OnceValue(func() *AnswerFacts {
	var facts AnswerFacts
	mustParse(AnswersJSON, &facts)
	return &facts
})

// Note returns the sentence for a code with its placeholders filled in: values are names and texts in turn. A code that
// is not in answers.json gives "".
func (f *AnswerFacts) Note(code string, values ...string) string { return fill(f.Notes[code], values) }

// fill replaces {name} by the text that follows that name in values.
func fill(sentence string, values []string) string {
	pairs := make([]string, len(values))
	for i, value := range values {
		if i%2 == 0 {
			value = "{" + value + "}"
		}
		pairs[i] = value
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}

// mustParse reads an embedded file, which the tests have read before.
func mustParse(text []byte, facts any) {
	if err := json.Unmarshal(text, facts); err != nil {
		panic(err)
	}
}
