package schema

import (
	_ "embed"
	"sync"
)

// DifferencesJSON holds what is said of an answer beside its request, and of the scores of a text. README.md describes
// its members; Differences reads it.
//
//go:embed differences.json
var DifferencesJSON []byte

// DifferenceFacts are the facts of differences.json.
type DifferenceFacts struct {
	Differences map[string]DifferenceFact `json:"differences"` // by code
	AnyModel    []string                  `json:"anyModel"`    // names that stand for whatever model the server has
	Scoring     map[string]string         `json:"scoring"`     // why a text has no score, by code, with {placeholders}
	Needs       map[string]NeedFact       `json:"needs"`       // of an evaluation, by name
}

// A DifferenceFact is one way in which an answer is not as asked.
type DifferenceFact struct {
	Field string   `json:"field"` // of the request, or the member of the answer that it is about
	Also  []string `json:"also"`  // further fields whose notes in a profile may explain it
	Mild  bool     `json:"mild"`  // it may well be as asked
	// Says is a sentence with {placeholders}; "" for a code that answers.json has among its notes, whose sentence counts.
	Says string `json:"says"`
}

// A NeedFact is something that an evaluation needs of a server, with a sentence for each verdict.
type NeedFact struct {
	Title  string `json:"title"`
	Yes    string `json:"yes"`
	No     string `json:"no"`
	Unsure string `json:"unsure"`
}

// Differences returns the facts of differences.json. They are shared and must not be changed.
func Differences() *DifferenceFacts { return differences() }

var differences = sync.OnceValue(func() *DifferenceFacts {
	var facts DifferenceFacts
	mustParse(DifferencesJSON, &facts)
	return &facts
})

// Sentence returns what is said of a difference with its placeholders filled in: values are names and texts in turn.
func (f *DifferenceFacts) Sentence(code string, values ...string) string {
	if says := f.Differences[code].Says; says != "" {
		return fill(says, values)
	}
	return Answers().Note(code, values...)
}

// Why returns why a text has no score, with its placeholders filled in.
func (f *DifferenceFacts) Why(code string, values ...string) string {
	return fill(f.Scoring[code], values)
}

// Need returns what is said of a need under a verdict, "yes", "no" or "unsure", with its placeholders filled in.
func (f *DifferenceFacts) Need(name, verdict string, values ...string) string {
	need := f.Needs[name]
	return fill(map[string]string{"yes": need.Yes, "no": need.No, "unsure": need.Unsure}[verdict], values)
}
