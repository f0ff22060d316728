package loose

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/utf"
)

// skipTrivia returns the index after white space and comments at i, and reports nothing.
func (r *reader) skipTrivia(i int) int {
	end, _ := r.gap(i)
	return end
}

// gap returns where the white space and the comments at i end, and how many comments there are.
func (r *reader) gap(i int) (end, comments int) {
	for i < len(r.src) {
		if n := utf.SpaceLen(r.src, i); n > 0 {
			i += n
			continue
		}
		next, _ := r.commentEnd(i)
		if next == i {
			break
		}
		i = next
		comments++
	}
	return i, comments
}

// commentEnd returns the end of the comment at i, or i, and whether it is closed.
func (r *reader) commentEnd(i int) (end int, closed bool) {
	rest := r.src[i:]
	switch {
	case utf.HasPrefix(rest, "//") || rest[0] == '#':
		return i + utf.LineLen(rest), true
	case utf.HasPrefix(rest, "/*"):
		if n := bytes.Index(rest[2:], []byte("*/")); n >= 0 {
			return i + n + 4, true
		}
		return len(r.src), false
	}
	return i, false
}

// space moves r.i over white space and comments and notes what of them is not strict JSON.
func (r *reader) space() {
	for r.i < len(r.src) {
		c := r.src[r.i]
		if c == ' ' || c == '\n' || c == '\r' || c == '\t' {
			r.i++
			continue
		}
		if n := utf.SpaceLen(r.src, r.i); n > 0 {
			if k := len(r.odd) - 1; k >= 0 && r.odd[k].End == r.i {
				r.odd[k].End += n
			} else {
				r.odd = append(r.odd, finding.Edit{Start: r.i, End: r.i + n, Text: " "})
			}
			r.i += n
			continue
		}
		end, closed := r.commentEnd(r.i)
		if end == r.i {
			return
		}
		r.relax(looseComment, finding.Edit{Start: r.i, End: end, Text: ""})
		if !closed {
			r.report(finding.UnexpectedText, r.i, r.i+2, "close it", one(end, end, "*/"), "the comment is never closed")
		}
		r.i = end
	}
}

// junk skips characters that fit nowhere.
func (r *reader) junk() {
	start := r.i
	for r.i < len(r.src) {
		c := r.src[r.i]
		if r.i > start && (utf.SpaceLen(r.src, r.i) > 0 || strings.IndexByte(",{}[];\"'`", c) >= 0 || r.startsItem()) {
			break
		}
		_, n := utf8.DecodeRune(r.src[r.i:])
		r.i += n
	}
	r.report(finding.UnexpectedText, start, r.i, "remove it", one(start, r.i, ""), "%s fits nowhere here", finding.Excerpt(r.src[start:r.i]))
}

// trimEnd returns i without the white space before it.
func (r *reader) trimEnd(i int) int {
	for i > 0 && (r.src[i-1] == ' ' || r.src[i-1] == '\n' || r.src[i-1] == '\r' || r.src[i-1] == '\t') {
		i--
	}
	return i
}

// atEnd reports whether only white space follows i.
func (r *reader) atEnd(i int) bool { return i >= r.stop }
