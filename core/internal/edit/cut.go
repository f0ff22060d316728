package edit

import (
	"bytes"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/utf"
)

// CutMember takes child c out of parent, as cutChildren does, but so that the edits for neighbours do not overlap and a
// list of fixes can be made at once. The exception is the last child without a comma: it needs the one before it.
// It returns nil where anything but comments stands between the child and what ends it: that is a mistake to be mended
// first.
//
// The time it takes does not depend on the number of children, but for the last one.
func CutMember(t *jsontape.Tape, parent, c uint32) (edits []finding.Edit) {
	switch g := gapBehind(t, parent, c); {
	case g.other < 0 && g.last && (g.comma < 0 || t.Nodes[parent].N == 1):
		edits, _ = cutChildren(t, parent, []uint32{c})
	case g.comma >= 0: // what stands in front may be the neighbour's to cut
		edits = []finding.Edit{cut(t.Src, head(t, c), head(t, c), g)}
	}
	return edits
}

// cutChildren returns the edits that take children, in document order, out of container p, or where text stands next to
// one of them that belongs to no value, -1 if nowhere.
//
// Each goes with the comma behind it, its line where it has one of its own, and the comment at the end of that line;
// comments on other lines stay. The last child often has no comma; if it goes, the comma behind the last child that
// stays goes as well.
func cutChildren(t *jsontape.Tape, p uint32, gone []uint32) (edits []finding.Edit, unread int) {
	open, shut := opening(t, p), closing(t, p)
	if len(gone) == int(t.Nodes[p].N) && blankBetween(t, p) {
		if shut == int(t.Nodes[p].End) { // no closing bracket: what follows the text stays where it is
			shut = open + len(bytes.TrimRight(t.Src[open:shut], " \t\r\n"))
		}
		return []finding.Edit{{Start: open, End: shut}}, -1
	}
	before, from, kept := open, open, jsontape.NoNode
	for c := p + 1; len(gone) > 0; c = t.Nodes[c].Next {
		if c != gone[0] {
			before, kept = int(t.Nodes[c].End), c
			continue
		}
		gone = gone[1:]
		start, g := head(t, c), gapBehind(t, p, c)
		switch {
		case g.other >= 0:
			return nil, g.other
		case before > start || g.from > g.limit:
			return nil, before
		}
		if n := len(edits) - 1; n >= 0 && edits[n].End == start { // one stretch with the child before, which goes too
			start, edits = edits[n].Start, edits[:n]
		} else {
			from = before
		}
		edits = append(edits, cut(t.Src, from, start, g))
		if g.last && g.comma < 0 && kept != jsontape.NoNode {
			if comma := gapBehind(t, p, kept).comma; comma >= 0 {
				edits = append(edits, finding.Edit{Start: comma, End: comma + 1})
			}
		}
		before = int(t.Nodes[c].End)
	}
	return finding.Tidy(edits), -1
}

// cut returns the edit that removes the children of one container that start at head and end with the gap g, with their
// comma and the white space that they need no more. Of what stands in front it takes white space from the byte before
// on, but for the indentation of a line that goes.
func cut(src []byte, before, head int, g gap) finding.Edit {
	stop := g.afterComma()
	tail, lineEnds := lineTail(src, stop, g.limit)
	start, lineStarts := utf.BlankStart(src, head)
	switch {
	case lineEnds && lineStarts: // whole lines
		after := utf.SkipBlank(src, tail, len(src))
		if n := utf.BreakLen(src[after:]); n > 0 {
			tail = after + n
		}
		return finding.Edit{Start: start, End: tail}
	case lineEnds:
		return finding.Edit{Start: max(start, before), End: tail}
	case !g.last || before == head:
		return finding.Edit{Start: head, End: utf.SkipBlank(src, stop, g.limit)}
	}
	// What precedes the white space before the last child must not be a comment to the end of its line.
	from := before
	for i := before; i < head; {
		piece, after := loose.TriviaAt(src, i, head)
		switch piece {
		case loose.TriviaBlock, loose.TriviaComma:
			from = after
		case loose.TriviaLine, loose.TriviaColon, loose.TriviaOther:
			from = head
		}
		i = after
	}
	return finding.Edit{Start: from, End: stop}
}
