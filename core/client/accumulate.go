package client

import (
	"cmp"
	"context"
	"errors"
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
	// Fingerprint is system_fingerprint, the server's name for its model and setup; "" if it gives none.
	Fingerprint string
	Choices     []Choice // by Index
	Usage       *Usage   // nil if the server did not count
	Notes       []Note   // what is peculiar about the answer, in the order in which it showed
}

// A Choice is one of the texts of a completion.
type Choice struct {
	Index     int
	Text      string
	Reasoning string // what the model thought before or beside the text, where the server tells it apart
	Logprobs  []Token
	Finish    FinishReason // Unfinished if the answer ended before the choice did
	RawFinish string
}

// An Accumulator puts the chunks of an answer together. The zero Accumulator is ready for use; it is not safe for
// concurrent use. Its cost is linear in what is added.
type Accumulator struct {
	completion Completion
	choices    map[int]*growing
	began      bool // a chunk has come that holds more than notes
	end        End
}

type growing struct {
	Choice
	text, reasoning strings.Builder
}

// Add adds a chunk.
func (a *Accumulator) Add(c Chunk) {
	whole := &a.completion
	whole.Notes = append(whole.Notes, c.Notes...)
	a.began = a.began || !c.onlyNotes()
	whole.ID = cmp.Or(c.ID, whole.ID)
	whole.Object = cmp.Or(c.Object, whole.Object)
	whole.Created = cmp.Or(c.Created, whole.Created)
	whole.Model = cmp.Or(c.Model, whole.Model)
	if fingerprint := c.Extra["system_fingerprint"]; isText(fingerprint) {
		whole.Fingerprint = plainText(fingerprint)
	}
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
		choice.reasoning.WriteString(d.Reasoning)
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

// Collect ranges over an answer to its end and returns it in one piece, so that a stream and an answer that came whole
// give the same. It is nil if the answer never began, and what came until then if there is an error.
func Collect(seq iter.Seq2[Chunk, error]) (*Completion, error) {
	var a Accumulator
	var err error
	for _, err = range a.Follow(seq) {
		continue // Follow keeps the chunks, and an error is the last thing to come
	}
	if err != nil && !a.began {
		return nil, err
	}
	return a.Completion(), err
}

// End returns how the sequence that was followed has ended, and the zero End until it has.
func (a *Accumulator) End() End { return a.end }

// Completion returns what has been added so far. It shares nothing that later chunks change.
func (a *Accumulator) Completion() *Completion {
	whole := a.completion
	whole.Notes = slices.Clone(whole.Notes)
	if a.completion.Usage != nil {
		usage := *a.completion.Usage
		whole.Usage = &usage
	}
	for _, index := range slices.Sorted(maps.Keys(a.choices)) {
		choice := a.choices[index].Choice
		choice.Text = a.choices[index].text.String()
		choice.Reasoning = a.choices[index].reasoning.String()
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
