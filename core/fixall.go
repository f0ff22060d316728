package core

import (
	"slices"

	"github.com/completion-playground/playground/core/internal/edit"
	"github.com/completion-playground/playground/core/internal/finding"
)

// maxFixRounds bounds FixAll: a fix may bring to light what it hid, but only so often.
const maxFixRounds = 8

// maxFixes bounds the work on texts with thousands of mistakes: how many issues a round looks at, and after how many edits
// there is no further round. What is left is for the next call.
const maxFixes = 1_000

// FixOption changes which fixes FixAll applies.
type FixOption func(*fixOptions)

type fixOptions struct{ removals bool }

// WithRemovals makes FixAll apply those fixes too that are not safe: they take away or replace what somebody wrote. See
// Fix.Removes, which says what.
func WithRemovals() FixOption { return func(o *fixOptions) { o.removals = true } }

// FixAll returns the edits that apply all safe fixes of src, see Fix.Safe. Where two fixes touch the same bytes the more
// severe one is taken first, and the other in a further look at the text, as is one that a fix made possible; so
// afterwards no issue with such a fix is left, save where fixes contradict each other or there are thousands. Many edits
// become one. It fails only for a text beyond Limits.Bytes.
func (v *Validator) FixAll(src []byte, options ...FixOption) ([]TextEdit, error) {
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
	var before []finding.Code
	last := pieces
	fixes := 0
	for text, round := src, 0; round < maxFixRounds && fixes < maxFixes; round++ {
		s.work.Check(text, finding.Hint, &limits)
		s.work.Findings.Settle(&s.work.Tape)
		if now := s.fixable(o.removals); slices.Equal(now, before) {
			pieces = last // what was done did not help
			break
		} else {
			before = now
		}
		edits := edit.CompatibleFixes(s.work.Findings.All, o.removals)
		fixes += len(edits)
		if len(edits) == 0 {
			break
		}
		last, pieces = pieces, edit.EditPieces(pieces, edits)
		text = edit.Assemble(src, pieces)
	}
	return textEdits(src, edit.EditsOf(src, pieces)), nil
}

// fixable returns the codes of the findings that there is a fix for, in the order of the text.
func (s *session) fixable(removals bool) (codes []finding.Code) {
	for i := range s.work.Findings.All {
		if fix := s.work.Findings.All[i].Fix; fix != nil && (removals || fix.Removes == "") {
			codes = append(codes, s.work.Findings.All[i].Code)
		}
	}
	return codes
}
