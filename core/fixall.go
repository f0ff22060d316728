package core

import (
	"github.com/completion-playground/playground/core/internal/edit"
	"github.com/completion-playground/playground/core/internal/finding"
)

// maxFixRounds bounds FixAll: a fix may bring to light what it hid, but only so often.
const maxFixRounds = 8

// maxFixes bounds the work on texts with thousands of mistakes: how many issues a round looks at, and after how many fixes
// there is no further round. What is left is for the next call.
const maxFixes = 1_000

// FixAll returns the edits that apply all fixes of src. Where two fixes touch the same bytes the more severe one is
// taken first, and the other in a further look at the text, as is one that a fix made possible; so afterwards no issue
// with a fix is left, save where fixes contradict each other or there are thousands. It fails only for a text beyond
// Limits.Bytes.
func (v *Validator) FixAll(src []byte) ([]TextEdit, error) {
	if len(src) > v.check.Limits.Bytes {
		return nil, edit.TooLarge(len(src), v.check.Limits)
	}
	limits := v.check.Limits
	limits.Issues = max(limits.Issues, maxFixes) // many of one kind take one round, though a report would not show them
	pieces := []edit.Piece{{End: len(src)}}
	fixes := 0
	for text, round := src, 0; round < maxFixRounds && fixes < maxFixes; round++ {
		s := v.sessions.Get().(*session)
		s.work.Check(text, finding.Hint, &limits)
		s.work.Findings.Settle(&s.work.Tape)
		edits := edit.CompatibleFixes(s.work.Findings.All)
		v.end(s)
		fixes += len(edits)
		if len(edits) == 0 {
			break
		}
		pieces = edit.EditPieces(pieces, edits)
		text = edit.Assemble(src, pieces)
	}
	return textEdits(src, edit.EditsOf(src, pieces)), nil
}
