package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// An End says how an answer ended.
type End string

// The ends of an answer. The zero End belongs to an answer that has not ended.
const (
	Complete   End = "complete"    // all of it is there
	EndedEarly End = "ended-early" // the stream ended properly, the answer did not
	Empty      End = "empty"       // success, and nothing in it
	Failed     End = "failed"      // an error of the server, the connection, or the request
	Stopped    End = "stopped"     // the caller broke out of the loop, or its context ended
)

// A Completion is an answer put together.
type Completion struct {
	ID      string
	Object  string
	Created int64
	Model   string
	Choices []Choice // by Index
	Usage   *Usage   // nil if the server did not count
}

// A Choice is one of the texts of a completion.
type Choice struct {
	Index     int
	Text      string
	Logprobs  []Token
	Finish    FinishReason // Unfinished if the answer ended before the choice did
	RawFinish string
}

// An Accumulator puts the chunks of an answer together. The zero Accumulator is ready for use; it is not safe for
// concurrent use. Its cost is linear in what is added.
type Accumulator struct {
	completion Completion
	choices    map[int]*growing
	chunks     int
	end        End
}

type growing struct {
	Choice
	text strings.Builder
}

// Add adds a chunk.
func (a *Accumulator) Add(c Chunk) {
	a.chunks++
	whole := &a.completion
	whole.ID = cmp.Or(c.ID, whole.ID)
	whole.Object = cmp.Or(c.Object, whole.Object)
	whole.Created = cmp.Or(c.Created, whole.Created)
	whole.Model = cmp.Or(c.Model, whole.Model)
	whole.Usage = cmp.Or(c.Usage, whole.Usage)
	for _, d := range c.Choices {
		choice := a.choices[d.Index]
		if choice == nil {
			choice = &growing{Choice: Choice{Index: d.Index}}
			if a.choices == nil {
				a.choices = map[int]*growing{}
			}
			a.choices[d.Index] = choice
		}
		choice.text.WriteString(d.Text)
		choice.Logprobs = append(choice.Logprobs, d.Logprobs...)
		if d.Finish != Unfinished {
			choice.Finish, choice.RawFinish = d.Finish, d.RawFinish
		}
	}
}

// Follow returns a sequence that yields what seq yields, while the Accumulator adds the chunks and notes the end:
//
//	var a client.Accumulator
//	for chunk, err := range a.Follow(c.Stream(ctx, req)) {
//		…
//	}
//	switch a.End() { … }
func (a *Accumulator) Follow(seq iter.Seq2[Chunk, error]) iter.Seq2[Chunk, error] {
	return func(yield func(Chunk, error) bool) {
		for chunk, err := range seq {
			if err != nil {
				a.end = EndOf(err)
				yield(chunk, err)
				return
			}
			a.Add(chunk)
			if !yield(chunk, nil) {
				a.end = Stopped
				return
			}
		}
		a.end = Complete
	}
}

// End returns how the sequence that was followed has ended, and the zero End until it has.
func (a *Accumulator) End() End { return a.end }

// Completion returns what has been added so far. It shares nothing that later chunks change.
func (a *Accumulator) Completion() *Completion {
	whole := a.completion
	if a.completion.Usage != nil {
		usage := *a.completion.Usage
		whole.Usage = &usage
	}
	for _, index := range slices.Sorted(maps.Keys(a.choices)) {
		choice := a.choices[index].Choice
		choice.Text = a.choices[index].text.String()
		choice.Logprobs = slices.Clone(choice.Logprobs)
		whole.Choices = append(whole.Choices, choice)
	}
	return &whole
}

// EndOf returns the end that an error stands for; no error stands for Complete.
func EndOf(err error) End {
	switch {
	case err == nil:
		return Complete
	case errors.Is(err, ErrEndedEarly):
		return EndedEarly
	case errors.Is(err, ErrEmpty):
		return Empty
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Stopped
	}
	return Failed
}

// ending watches the chunks for what the rule at the end of an answer needs.
type ending struct {
	expected  int // choices that were asked for
	open      map[int]bool
	finished  int
	delivered bool
	failure   error
}

func (e *ending) add(c Chunk) {
	for _, d := range c.Choices {
		e.delivered = e.delivered || d.Text != "" || d.Finish != Unfinished
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
		if d.Finish == FinishAborted || d.Finish == FinishError {
			message := fmt.Sprintf("the server gave up choice %d with finish reason %q", d.Index, d.RawFinish)
			e.failure = &StreamError{Problem{Message: message}}
		}
	}
}

// end is the rule in the package documentation. done says that the server has marked the end itself, with [DONE] or
// the closing brace of an answer in one piece.
func (e *ending) end(done bool) error {
	switch {
	case e.failure != nil:
		return e.failure
	case done:
		return nil
	case !e.delivered:
		return ErrEmpty
	case e.finished < max(e.expected, len(e.open)):
		return ErrEndedEarly
	}
	return nil
}
