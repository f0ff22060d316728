package core

import (
	"unicode/utf8"
)

// Format returns the edits that lay the text out: two spaces a level, a line for each member of an object, lists on one
// line where they fit into 80 columns. Only white space changes: tokens, quotes, order and comments stay, as does the kind
// of line break; of several empty lines one stays. A statement around the object is left alone. Formatting twice is
// formatting once.
//
// Text with mistakes is laid out too, except where there is something between values that belongs to none; then the
// error names the line to mend first.
func (v *Validator) Format(src []byte) ([]TextEdit, error) {
	e, err := v.edit(src, "")
	if err != nil || len(e.t.nodes) == 0 {
		return nil, err
	}
	f := formatter{editor: e, newline: newlineOf(src)}
	root := &e.t.nodes[0]
	base := ""
	if before, isBlank := blankOnly(src[:root.start]); isBlank {
		f.space(before, int(root.start), "")
	} else {
		base = e.indent(0)
	}
	if err := f.value(0, base, len(base)); err != nil {
		return nil, err
	}
	if _, isBlank := blankOnly(src[root.end:]); isBlank && len(src) > int(root.end) {
		end := ""
		if n := len(src); src[n-1] == '\n' || src[n-1] == '\r' {
			end = f.newline
		}
		f.space(int(root.end), len(src), end)
	}
	e.aim.spaces = true
	return e.finish(nil)
}

// blankOnly reports whether a text is white space alone, and where that starts: behind a byte order mark.
func blankOnly(text []byte) (start int, ok bool) {
	const mark = "\ufeff"
	if len(text) >= len(mark) && string(text[:len(mark)]) == mark {
		start = len(mark)
	}
	for i := start; i < len(text); {
		piece, after := triviaAt(text, i, len(text))
		if piece != triviaSpace && piece != triviaBreak {
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
		f.edits = append(f.edits, byteEdit{from, to, want})
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
	nd := &f.t.nodes[i]
	if nd.kind != kindArray && nd.kind != kindObject {
		return nil
	}
	broken := f.t.room(i, lineWidth-column) < 0
	g := gapLayout{broken: broken, inner: base, outer: base}
	from, before := f.t.opening(i), tokenOpen
	switch bracket := from > int(nd.start); {
	case !bracket:
		before = tokenNone
	case broken:
		g.inner += "  "
	}
	for c := i + 1; c < nd.next; c = f.t.nodes[c].next {
		child := &f.t.nodes[c]
		column := len(g.inner)
		if child.keyEnd != 0 {
			if err := f.gap(from, int(child.keyStart), before, tokenKey, g); err != nil {
				return err
			}
			from, before = int(child.keyEnd), tokenKey
			column += utf8.RuneCount(f.src[child.keyStart:child.keyEnd]) + len(": ")
		}
		if child.start == child.end {
			continue // the value is missing
		}
		if err := f.gap(from, int(child.start), before, tokenValue, g); err != nil {
			return err
		}
		if err := f.value(c, g.inner, column); err != nil {
			return err
		}
		from, before = int(child.end), tokenValue
	}
	shut := f.t.closing(i)
	if shut == int(nd.end) {
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
	left := triviaEnd // the piece to the left; triviaEnd stands for the token before
	for {
		// White space up to the next piece.
		breaks, at := 0, from
		piece, end := triviaAt(f.src, at, to)
		for piece == triviaSpace || piece == triviaBreak {
			if piece == triviaBreak {
				breaks++
			}
			at = end
			piece, end = triviaAt(f.src, at, to)
		}
		if piece == triviaOther {
			return f.unreadable(at)
		}
		f.space(from, at, f.between(left, piece, before, after, breaks, g))
		if piece == triviaEnd {
			return nil
		}
		left, from = piece, end
	}
}

// between returns the white space that belongs between two neighbours, which are pieces of a gap or, as triviaEnd, the
// tokens at its ends. breaks counts the line breaks that stand there now.
func (f *formatter) between(left, right trivia, before, after token, breaks int, g gapLayout) string {
	if before == tokenNone && left == triviaEnd && right == triviaEnd {
		return ""
	}
	line := f.newline + g.inner
	if breaks > 1 && !(left == triviaEnd && before == tokenOpen) {
		line = f.newline + line // one empty line stays
	}
	closes := right == triviaEnd && after == tokenClose
	if closes {
		line = f.newline + g.outer
	}
	switch {
	case right == triviaLine || right == triviaBlock:
		// A comment stays on the line that it is on.
		if breaks > 0 {
			return line
		}
		return " "
	case left == triviaLine:
		return line
	case left == triviaBlock && breaks > 0:
		return line
	case right == triviaComma || right == triviaColon:
		return ""
	case left == triviaBlock && !closes:
		return " "
	case left == triviaColon && !closes, left == triviaEnd && before == tokenKey:
		return " "
	case closes && left == triviaEnd && before == tokenOpen:
		return ""
	case g.broken:
		return line
	case closes, left == triviaEnd && before == tokenOpen:
		return ""
	}
	return " "
}
