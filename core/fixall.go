package core

import (
	"slices"

	"github.com/completion-playground/playground/core/internal/edit"
	"github.com/completion-playground/playground/core/internal/finding"
)

// maxFixRounds bounds FixAll: a fix may bring to light what it hid, but only so often.
const maxFixRounds = 8

// maxFixes bounds the work on texts with thousands of mistakes: it is how many issues a round looks at. What is left is
// for the next call.
const maxFixes = 1_000

// FixOption changes which fixes FixAll applies.
type FixOption func(*fixOptions)

type fixOptions struct{ removals bool }

// WithRemovals makes FixAll apply those fixes too that are not safe: they take away or replace what somebody wrote. See
// Fix.Removes, which says what.
func WithRemovals() FixOption { return func(o *fixOptions) { o.removals = true } }

// FixAll returns the edits that apply all safe fixes of src, see Fix.Safe. Where two fixes touch the same bytes the more
// severe one is taken first, and the other in a further look at the text, as is one that a fix made possible; so
// afterwards no issue with such a fix is left, save where fixes contradict each other or there are many thousands. Many edits
// become one. It fails only for a text beyond Limits.Bytes, with
// ErrTooLarge.
func (v *Validator) FixAll(src []byte, options ...FixOption) ([]TextEdit, error) {
	v = v.ready()
	var o fixOptions
	for _, option := range options {
		option(&o)
	}
	if len(src) > v.check.Limits.Bytes {
		return nil, edit.TooLarge(len(src), v.check.Limits)
	}
	limits := v.check.Limits
	limits.Issues = max(limits.Issues, maxFixes) // many of one kind take one round, though a report would not show them
	pieces := []edit.Piece{{End: len(src)}}
	s := v.sessions.Get().(*session)
	defer v.end(s)
	last, before := pieces, state{}
	var rooms [2][]byte
	for text, round := src, 0; round < maxFixRounds; round++ {
		s.work.Check(text, finding.Hint, &limits)
		s.work.Findings.Settle(&s.work.Tape)
		now := s.state(o.removals)
		if round > 0 && len(s.work.Findings.All) < limits.Issues && now.values == before.values && now.unread == before.unread && slices.Equal(now.fixable, before.fixable) {
			pieces = last // what was done did not help
			break
		}
		before = now
		edits := edit.CompatibleFixes(s.work.Findings.All, o.removals)
		if len(edits) == 0 {
			break
		}
		last, pieces = pieces, edit.EditPieces(pieces, edits)
		text = edit.Assemble(rooms[round%2], src, pieces) // beside the text that is being read
		rooms[round%2] = text
	}
	return textEdits(src, edit.EditsOf(src, pieces)), nil
}

// state is what FixAll sees of a text from round to round. A round that leaves it as it was did nothing but add text.
type state struct {
	values  int
	unread  int
	fixable []finding.Code // of the findings that there is a fix for, in the order of the text
}

func (s *session) state(removals bool) state {
	now := state{values: len(s.work.Nodes), unread: s.work.Unread()}
	for i := range s.work.Findings.All {
		if fix := s.work.Findings.All[i].Fix; fix != nil && (removals || fix.Removes == "") {
			now.fixable = append(now.fixable, s.work.Findings.All[i].Code)
		}
	}
	return now
}
