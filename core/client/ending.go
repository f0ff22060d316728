package client

import (
	"fmt"
	"strconv"
)

// ending watches the chunks for what the rule at the end of an answer needs.
type ending struct {
	expected  int // choices that were asked for
	open      map[int]bool
	finished  int
	delivered bool // something to show for: text, reasoning, or a choice that ended without any
	text      bool
	reasoning bool
	failure   *StreamError
}

func (e *ending) add(c Chunk) {
	for _, d := range c.Choices {
		e.text = e.text || d.Text != ""
		e.reasoning = e.reasoning || d.Reasoning != ""
		e.delivered = e.delivered || e.text || e.reasoning || d.Finish != Unfinished
		open, seen := e.open[d.Index]
		if !seen {
			open = true
		}
		if open && d.Finish != Unfinished {
			open = false
			e.finished++
		}
		if e.open == nil {
			e.open = map[int]bool{}
		}
		e.open[d.Index] = open
		if e.failure == nil && (d.Finish == FinishAborted || d.Finish == FinishError) {
			message := fmt.Sprintf("the server gave up choice %d with finish reason %q", d.Index, d.RawFinish)
			e.failure = &StreamError{Problem: Problem{Message: message}, facts: facts{id: "aborted", reason: d.RawFinish}}
		}
	}
}

// unfinished counts the choices without a finish reason among those that were asked for and any others that came.
func (e *ending) unfinished() int {
	n := e.expected
	for index := range e.open {
		if index >= e.expected {
			n++
		}
	}
	return n - e.finished
}

// A close is the way in which the bytes of an answer ended.
type close int

const (
	marked   close = iota // the server said [DONE]
	ended                 // properly
	torn                  // properly, but within an event
	broken                // the connection broke
	onePiece              // with the closing brace of an answer in one piece
)

// over is the rule in the package documentation, for an answer of which cause is why it could not be read on, nil if
// it ended properly. It notes what is odd about an end that it lets pass.
func (a *answer) over(how close, cause error) error {
	e := &a.ending
	for at := range a.waiting { // half of a character is something too
		e.delivered, e.text, e.reasoning = true, e.text || !at.reasoning, e.reasoning || at.reasoning
	}
	a.noteForm(how)
	switch {
	case e.failure != nil:
		p := a.redact.problem(e.failure.Problem)
		return &StreamError{Problem: p, facts: e.failure.facts}
	case !e.delivered && how == marked:
		a.add("no-text")
		return nil
	case !e.delivered && cause != nil:
		return cause
	case !e.delivered:
		return a.nothing(how)
	}
	if how == onePiece && cause != nil {
		a.add("broke-after-end")
	}
	if e.reasoning && !e.text {
		a.add("only-reasoning")
	}
	if got := len(e.open); got < e.expected {
		a.add("choices-missing", "asked", strconv.Itoa(e.expected), "got", strconv.Itoa(got))
	}
	unfinished := e.unfinished()
	switch {
	case how == marked && unfinished > 0:
		a.add("done-without-reason")
	case how == onePiece && e.finished < len(e.open):
		a.add("reason-missing")
	case how == marked || how == onePiece:
	case unfinished == 0 && how == broken:
		a.add("broke-after-end")
	case unfinished == 0 && how == torn:
		a.add("cut-after-end")
	case unfinished == 0:
	case how == broken:
		return cause
	case how == torn:
		return &incomplete{cause: ErrEndedEarly, torn: true, facts: facts{id: "truncated"}}
	default:
		return &incomplete{cause: ErrEndedEarly, facts: facts{id: "ended-early", unfinished: unfinished}}
	}
	return nil
}

// nothing says why an answer that ended properly has delivered nothing.
func (a *answer) nothing(how close) error {
	switch {
	case how == torn:
		return &incomplete{cause: ErrEmpty, torn: true, facts: facts{id: "truncated"}}
	case a.native:
		return a.odd("ollama-native", "got Ollama's own format, want a completion")
	case how == onePiece && !a.completion, how != onePiece && a.unframed():
		return a.odd("unreadable", "")
	}
	return &incomplete{cause: ErrEmpty, facts: facts{id: "empty"}}
}

// noteForm notes in what the answer is not of the form that was asked for.
func (a *answer) noteForm(how close) {
	switch {
	case how == onePiece:
		if a.asked.stream && a.ending.delivered {
			a.add("one-piece")
		}
		return
	case a.bare > 0:
		a.add("lines")
	case a.events == 0:
		return
	case a.label == "":
		a.add("label-missing")
	case !isEventStream(a.label):
		a.add("label-odd", "type", printable(cut(a.label, 100)))
	}
	if !a.asked.stream {
		a.add("stream-unasked")
	}
}
