package edit

import (
	"bytes"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/utf"
)

// gap is what stands between a child and the next one, or the end of the container.
type gap struct {
	from, limit int  // src[from:limit]
	last        bool // no child follows
	comma       int  // where the first comma stands, -1 without one
	other       int  // where the first thing starts that is neither white space, comment nor that comma, -1 without one
}

// gapBehind looks through what follows child c of container p.
func gapBehind(t *jsontape.Tape, p, c uint32) gap {
	next := t.Nodes[c].Next
	g := gap{from: int(t.Nodes[c].End), last: next >= t.Nodes[p].Next, comma: -1, other: -1}
	if g.last {
		g.limit = closing(t, p)
	} else {
		g.limit = head(t, next)
	}
	for i := g.from; ; {
		piece, after := loose.TriviaAt(t.Src, i, g.limit)
		switch {
		case piece == loose.TriviaEnd:
			return g
		case piece == loose.TriviaComma && g.comma < 0:
			g.comma = i
		case piece >= loose.TriviaComma:
			g.other = i
			return g
		}
		i = after
	}
}

// afterComma returns where the child ends with its comma, if it has one.
func (g *gap) afterComma() int {
	if g.comma >= 0 {
		return g.comma + 1
	}
	return g.from
}

// blankBetween reports whether nothing but white space and commas stands around the children of container p.
func blankBetween(t *jsontape.Tape, p uint32) bool {
	from := opening(t, p)
	for c := p + 1; c < t.Nodes[p].Next; c = t.Nodes[c].Next {
		if commasIn(t.Src, from, head(t, c)) < 0 {
			return false
		}
		from = int(t.Nodes[c].End)
	}
	return commasIn(t.Src, from, closing(t, p)) >= 0
}

// commasIn counts the commas in src[i:end], or returns -1 where something else stands there but white space.
func commasIn(src []byte, i, end int) int {
	for n := 0; ; {
		var piece loose.Trivia
		switch piece, i = loose.TriviaAt(src, i, end); piece {
		case loose.TriviaEnd:
			return n
		case loose.TriviaComma:
			n++
		case loose.TriviaSpace, loose.TriviaBreak:
		default:
			return -1
		}
	}
}

// lineTail returns where a line's last comment behind i ends, i itself if there is none, and whether nothing but white
// space follows it on the line. Comments that go on to the next line count as something that follows.
func lineTail(src []byte, i, end int) (tail int, last bool) {
	for at := i; ; {
		piece, after := loose.TriviaAt(src, at, end)
		switch piece {
		case loose.TriviaSpace:
		case loose.TriviaBreak:
			return i, true
		case loose.TriviaEnd:
			return i, end == len(src)
		case loose.TriviaLine:
			i = after
		case loose.TriviaBlock:
			if bytes.ContainsAny(src[at:after], "\n\r") {
				return i, false
			}
			i = after
		default:
			return i, false
		}
		at = after
	}
}

// head returns where a child starts: its key, or its value in a list.
func head(t *jsontape.Tape, c uint32) int {
	if nd := &t.Nodes[c]; nd.KeyEnd != 0 {
		return int(nd.KeyStart)
	} else {
		return int(nd.Start)
	}
}

// opening returns where the content of a container starts.
func opening(t *jsontape.Tape, i uint32) int {
	nd := &t.Nodes[i]
	if int(nd.Start) < len(t.Src) && (t.Src[nd.Start] == '{' || t.Src[nd.Start] == '[') {
		return int(nd.Start) + 1
	}
	return int(nd.Start) // the bracket is missing
}

// closing returns where the content of a container ends: at its closing bracket, or where it ends without one.
func closing(t *jsontape.Tape, i uint32) int {
	nd := &t.Nodes[i]
	inner := opening(t, i)
	if nd.N > 0 {
		inner = int(t.Nodes[t.LastChild(i)].End)
	}
	if last := int(nd.End) - 1; last >= inner && (t.Src[last] == '}' || t.Src[last] == ']') {
		return last
	}
	return int(nd.End)
}

// lineIndent returns the spaces and tabs at the start of the line that holds the offset.
func lineIndent(src []byte, at int) string {
	line := at
	for line > 0 && !utf.IsBreak(src[line-1]) {
		line--
	}
	text := line
	for text < len(src) && (src[text] == ' ' || src[text] == '\t') {
		text++
	}
	return string(src[line:text])
}
