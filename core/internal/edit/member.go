package edit

import (
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/utf"
)

// CutMember takes child c out of parent, with exactly one comma and with its line where it has one of its own. Edits for
// neighbours do not overlap, except for the last one's, which needs the comma before it. It returns nil where anything
// but comments stands between the child and what ends it: that is a mistake to be mended first.
func CutMember(t *jsontape.Tape, parent, c uint32, title string) *finding.Fix {
	nd := &t.Nodes[c]
	start, end := int(nd.Start), int(nd.End)
	if nd.KeyEnd > 0 {
		start = int(nd.KeyStart)
	}
	limit := int(t.Nodes[parent].End)
	if comma := commaAfter(t, end, limit); comma >= 0 {
		end = utf.SkipBlank(t.Src, comma+1, limit)
		if from, first := utf.BlankStart(t.Src, start); first {
			if n := utf.BreakLen(t.Src[end:]); n > 0 {
				return &finding.Fix{Title: title, Edits: []finding.Edit{{Start: from, End: end + n}}}
			}
		}
		return &finding.Fix{Title: title, Edits: []finding.Edit{{Start: start, End: end}}}
	}
	if !endsAfter(t, end, limit) {
		return nil
	}
	if previous := t.SiblingBefore(parent, c); previous != 0 {
		if comma := commaAfter(t, int(t.Nodes[previous].End), start); comma >= 0 {
			start = comma
		}
	}
	return &finding.Fix{Title: title, Edits: []finding.Edit{{Start: start, End: end}}}
}

// commaAfter returns where the comma stands that follows at i, behind white space and comments only, or -1.
func commaAfter(t *jsontape.Tape, i, end int) int {
	if kind, at := pastTrivia(t, i, end); kind == loose.TriviaComma {
		return at
	}
	return -1
}

// endsAfter reports whether a container that ends at end is over behind i: its bracket follows, or nothing where it has
// none.
func endsAfter(t *jsontape.Tape, i, end int) bool {
	kind, at := pastTrivia(t, i, end)
	return kind == loose.TriviaEnd || kind == loose.TriviaOther && at == end-1 && (t.Src[at] == '}' || t.Src[at] == ']')
}

// pastTrivia skips white space and comments and returns what follows, and where.
func pastTrivia(t *jsontape.Tape, i, end int) (loose.Trivia, int) {
	for {
		kind, next := loose.TriviaAt(t.Src, i, end)
		switch kind {
		case loose.TriviaSpace, loose.TriviaBreak, loose.TriviaLine, loose.TriviaBlock:
			i = next
		default:
			return kind, i
		}
	}
}

// InsertBefore is the edit that puts a member in front of member c: on a line of its own if c has one, with c's
// indentation.
func InsertBefore(t *jsontape.Tape, c uint32, key, value string) finding.Edit {
	at := int(t.Nodes[c].KeyStart)
	text := key + ": " + value + ","
	if from, first := utf.BlankStart(t.Src, at); first && from > 0 {
		text += utf.Newline(t.Src) + string(t.Src[from:at])
	} else {
		text += " "
	}
	return finding.Edit{Start: at, End: at, Text: text}
}
