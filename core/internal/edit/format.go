package edit

import (
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/core/internal/utf"
)

// Format returns the edits that lay a text out; see Validator.Format.
func Format(r *plan.Request, lim jsontape.Limits, src []byte) ([]finding.Edit, error) {
	e, err := newEditor(r, lim, src, "")
	if err != nil || len(e.t.Nodes) == 0 {
		return nil, err
	}
	f := formatter{editor: e, newline: utf.Newline(src)}
	root := &e.t.Nodes[0]
	base := ""
	if before, isBlank := blankOnly(src[:root.Start]); isBlank {
		f.space(before, int(root.Start), "")
	} else {
		base = e.indent(0)
	}
	if err := f.value(0, base, len(base)); err != nil {
		return nil, err
	}
	if _, isBlank := blankOnly(src[root.End:]); isBlank && len(src) > int(root.End) {
		end := ""
		if n := len(src); src[n-1] == '\n' || src[n-1] == '\r' {
			end = f.newline
		}
		f.space(int(root.End), len(src), end)
	}
	e.change.spaces = true
	return e.finish(nil)
}

// blankOnly reports whether a text is white space alone, and where that starts: behind a byte order mark.
func blankOnly(text []byte) (start int, ok bool) {
	const mark = "\ufeff"
	if len(text) >= len(mark) && string(text[:len(mark)]) == mark {
		start = len(mark)
	}
	for i := start; i < len(text); {
		piece, after := loose.TriviaAt(text, i, len(text))
		if piece != loose.TriviaSpace && piece != loose.TriviaBreak {
			return start, false
		}
		i = after
	}
	return start, true
}

// formatter collects the edits of Format.
type formatter struct {
	*editor
	newline string
}

// space makes src[from:to], which is white space, read want.
func (f *formatter) space(from, to int, want string) {
	if string(f.src[from:to]) != want {
		f.edits = append(f.edits, finding.Edit{Start: from, End: to, Text: want})
	}
}

// token is what stands at one end of a gap.
type token uint8

const (
	tokenNone token = iota // the container lacks its opening bracket
	tokenOpen
	tokenClose // of the container
	tokenKey
	tokenValue
)

// value lays out what is inside the value at node i, whose line has the indentation base and column characters before it.
func (f *formatter) value(i uint32, base string, column int) error {
	nd := &f.t.Nodes[i]
	if nd.Kind != jsontape.Array && nd.Kind != jsontape.Object {
		return nil
	}
	broken := room(f.t, i, lineWidth-column) < 0
	g := gapLayout{broken: broken, inner: base, outer: base}
	from, before := opening(f.t, i), tokenOpen
	switch bracket := from > int(nd.Start); {
	case !bracket:
		before = tokenNone
	case broken:
		g.inner += "  "
	}
	for c := i + 1; c < nd.Next; c = f.t.Nodes[c].Next {
		child := &f.t.Nodes[c]
		column := len(g.inner)
		if child.KeyEnd != 0 {
			if err := f.gap(from, int(child.KeyStart), before, tokenKey, g); err != nil {
				return err
			}
			from, before = int(child.KeyEnd), tokenKey
			column += utf8.RuneCount(f.src[child.KeyStart:child.KeyEnd]) + len(": ")
		}
		if child.Start == child.End {
			continue // the value is missing
		}
		if err := f.gap(from, int(child.Start), before, tokenValue, g); err != nil {
			return err
		}
		if err := f.value(c, g.inner, column); err != nil {
			return err
		}
		from, before = int(child.End), tokenValue
	}
	shut := closing(f.t, i)
	if shut == int(nd.End) {
		return nil // there is no closing bracket, and what follows is not this value's
	}
	return f.gap(from, shut, before, tokenClose, g)
}

// gapLayout is how the children of a container stand.
type gapLayout struct {
	broken       bool
	inner, outer string // indentation of the children and of the closing bracket
}

// gap lays out what stands between two tokens: comments, a comma, a colon, and the white space around them.
func (f *formatter) gap(from, to int, before, after token, g gapLayout) error {
	if from > to {
		return f.unreadable(to)
	}
	left := loose.TriviaEnd // the piece to the left; triviaEnd stands for the token before
	for {
		// White space up to the next piece.
		breaks, at := 0, from
		piece, end := loose.TriviaAt(f.src, at, to)
		for piece == loose.TriviaSpace || piece == loose.TriviaBreak {
			if piece == loose.TriviaBreak {
				breaks++
			}
			at = end
			piece, end = loose.TriviaAt(f.src, at, to)
		}
		if piece == loose.TriviaOther {
			return f.unreadable(at)
		}
		f.space(from, at, f.between(left, piece, before, after, breaks, g))
		if piece == loose.TriviaEnd {
			return nil
		}
		left, from = piece, end
	}
}

// between returns the white space that belongs between two neighbours, which are pieces of a gap or, as triviaEnd, the
// tokens at its ends. breaks counts the line breaks that stand there now.
func (f *formatter) between(left, right loose.Trivia, before, after token, breaks int, g gapLayout) string {
	if before == tokenNone && left == loose.TriviaEnd && right == loose.TriviaEnd {
		return ""
	}
	line := f.newline + g.inner
	if breaks > 1 && !(left == loose.TriviaEnd && before == tokenOpen) {
		line = f.newline + line // one empty line stays
	}
	closes := right == loose.TriviaEnd && after == tokenClose
	if closes {
		line = f.newline + g.outer
	}
	switch {
	case right == loose.TriviaLine || right == loose.TriviaBlock:
		// A comment stays on the line that it is on.
		if breaks > 0 {
			return line
		}
		return " "
	case left == loose.TriviaLine:
		return line
	case left == loose.TriviaBlock && breaks > 0:
		return line
	case right == loose.TriviaComma || right == loose.TriviaColon:
		return ""
	case left == loose.TriviaBlock && !closes:
		return " "
	case left == loose.TriviaColon && !closes, left == loose.TriviaEnd && before == tokenKey:
		return " "
	case closes && left == loose.TriviaEnd && before == tokenOpen:
		return ""
	case g.broken:
		return line
	case closes, left == loose.TriviaEnd && before == tokenOpen:
		return ""
	}
	return " "
}
