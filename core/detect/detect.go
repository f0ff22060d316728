// Package detect recognises a server by what it answers to a few GET requests: its kind, version, models, context length
// and limits. It sends nothing. Whoever does begins with Next(nil, false), asks those paths, and goes on until Next names
// no more; the facts stand in schema/servers.json.
package detect

import (
	"slices"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
)

// ModelsPath stands for the server's list of models, wherever that is.
const ModelsPath = "models"

// Answer is what came of a GET.
type Answer struct {
	Path    string            // as Next named it
	Status  int               // 0 where nobody answered
	Headers map[string]string // by their names in lower case
	Body    []byte
}

// Found is what answers tell of a server. All of it is what the server says of itself, and fit to be shown.
type Found struct {
	// Title names the kind, such as "vLLM"; "" where it is not known.
	Title string
	// Profile is the name of the rules that fit, the argument of core.ForProfile; "" where the kind is not known.
	Profile string
	// Version is as the server writes it, such as "0.12.0" or "b6500-1a2b3c4", without a "v" before it; "" if not told.
	Version string
	// Models are those that the server lists, each once, in its order; at most 5,000.
	Models []Model
	// Context is how many tokens prompt and answer may have together, for all models alike; 0 if not told.
	Context int
	// Limits are the most that fields of a request may have, in the order of schema/servers.json.
	Limits []Limit
	// Listed says that the server has a list of models, and Refused that it wanted a key for something, or another one.
	Listed, Refused bool
}

// Model is an entry of a server's list.
type Model struct {
	ID      string
	Context int // tokens; 0 if not told
}

// Limit is the most that a field may have: n choices, entries of stop, prompts, alternatives of logprobs.
type Limit struct {
	Field string
	Most  int
}

// Next returns the paths to ask after these answers, none when there is no more to learn. First that is the list of
// models; then what the kind has more to tell by, or with all, where the kind is not known, what kinds have in common.
func Next(answers []Answer, all bool) []string {
	facts := schema.Servers()
	wanted := []string{ModelsPath}
	if len(answers) > 0 {
		read := readAnswers(answers)
		kind, sure := kindOf(facts, read)
		switch {
		case kind != nil:
			wanted = append(wanted, kind.Ask...)
		case all:
			wanted = append(wanted, facts.All...)
		}
		if !sure && kind != nil && all {
			wanted = append(wanted, facts.All...)
		}
	}
	var next []string
	for _, path := range wanted {
		asked := slices.ContainsFunc(answers, func(a Answer) bool { return a.Path == path })
		if !asked && !slices.Contains(next, path) && len(answers)+len(next) < facts.Limits.Asks {
			next = append(next, path)
		}
	}
	return next
}

// URL returns where a path of Next is asked; "" where the server's root is not known from its base.
func URL(to core.Addresses, path string) string {
	if path == ModelsPath {
		return to.Models
	}
	models, _, _ := strings.Cut(to.Models, "?")
	root, ok := strings.CutSuffix(models, "/v1/models")
	if !ok {
		return ""
	}
	return root + path
}

// Recognise returns what the answers tell. A server can say what it likes; nothing here is more than a suggestion.
func Recognise(answers []Answer) Found {
	facts := schema.Servers()
	read := readAnswers(answers)
	found := Found{Models: models(facts, read[ModelsPath].value)}
	for _, a := range answers {
		if a.Path == ModelsPath {
			found.Listed = a.Status/100 == 2 && found.Models != nil
		}
		found.Refused = found.Refused || a.Status == 401 || a.Status == 403
	}
	kind, sure := kindOf(facts, read)
	if !sure {
		return found
	}
	found.Title, found.Profile = kind.Title, kind.Profile
	for _, mark := range kind.Version {
		if version := read.text(mark); version != "" && found.Version == "" && len(version) <= facts.Limits.VersionBytes {
			found.Version = strings.TrimPrefix(version, "v")
		}
	}
	for _, mark := range kind.Context {
		if n := read.number(mark.Path, mark.At); n > 0 && found.Context == 0 {
			found.Context = n
		}
	}
	if found.Context == 0 && len(found.Models) == 1 {
		found.Context = found.Models[0].Context
	}
	for _, limit := range kind.Limits {
		if n := read.number(limit.Path, limit.At); n > 0 {
			found.Limits = append(found.Limits, Limit{limit.Field, n})
		}
	}
	return found
}

// kindOf returns the kind that the answers show, or only hint at.
func kindOf(facts *schema.ServerFacts, read reading) (kind *schema.ServerKind, sure bool) {
	for i := range facts.Kinds {
		if slices.ContainsFunc(facts.Kinds[i].Marks, read.has) {
			return &facts.Kinds[i], true
		}
	}
	for i := range facts.Kinds {
		if slices.ContainsFunc(facts.Kinds[i].Hints, read.has) {
			return &facts.Kinds[i], false
		}
	}
	return nil, false
}
