package client

import "github.com/completion-playground/playground/schema"

// A Note tells of a peculiarity of an answer that costs nothing, or little: an event that was skipped, a number that
// could not be read, a connection that broke when all had come. Each code comes at most once in an answer.
type Note struct {
	Code    string // of the notes in schema/answers.json, such as "event-skipped"
	Message string // a sentence
}

// String returns the sentence.
func (n Note) String() string { return n.Message }

// notes collects what is to be noted, each code once.
type notes struct {
	seen  map[string]bool
	fresh []Note // not handed out yet
}

// add notes a code of schema/answers.json. values are names of placeholders and their texts, in turn.
func (n *notes) add(code string, values ...string) {
	if n.seen[code] {
		return
	}
	if n.seen == nil {
		n.seen = map[string]bool{}
	}
	n.seen[code] = true
	n.fresh = append(n.fresh, Note{Code: code, Message: schema.Answers().Note(code, values...)})
}

// take hands out what has been noted since the last time.
func (n *notes) take() []Note {
	fresh := n.fresh
	n.fresh = nil
	return fresh
}
