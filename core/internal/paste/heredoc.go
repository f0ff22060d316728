package paste

import (
	"bytes"

	"github.com/completion-playground/playground/core/internal/utf"
)

// announce reads what follows << and leaves a word that the text of the here-document will be.
func (s *shell) announce(tabs bool) *word {
	into := &word{}
	h := s.mark(tabs)
	h.into = into
	s.here = append(s.here, &h)
	return into
}

// mark reads the word that ends a here-document. A quote in it turns expansions off.
func (s *shell) mark(tabs bool) hereDocument {
	for s.i < len(s.src) && (s.src[s.i] == ' ' || s.src[s.i] == '\t') {
		s.i++
	}
	start := s.i
	vars := s.vars
	s.vars = nil // no expansions here
	w := s.word()
	s.vars = vars
	return hereDocument{mark: string(w.text), literal: bytes.ContainsAny(s.src[start:s.i], `'"\`), tabs: tabs}
}

// documents reads the here-documents that were announced on the line before i.
func (s *shell) documents() {
	for _, h := range s.here {
		s.document(h, false)
	}
	s.here = nil
}

// document reads one here-document, whose first line is at i. inside: a bracket may follow its mark.
func (s *shell) document(h *hereDocument, inside bool) {
	w := h.into
	w.start = s.i
	end, after := s.documentEnd(h, inside)
	if end < 0 {
		s.d.openEnded(min(w.start, len(s.src)), min(w.start, len(s.src)), "the here-document up to "+h.mark)
		s.i, w.end, w.broken = len(s.src), len(s.src), true
		return
	}
	all := s.src
	s.src = all[:end]
	for s.i < end {
		if h.tabs && (s.i == w.start || s.src[s.i-1] == '\n') {
			for s.i < end && s.src[s.i] == '\t' {
				s.i++
			}
			if s.i == end {
				break
			}
		}
		if h.literal {
			next := lineEnd(s.src, s.i)
			w.text = append(w.text, s.src[s.i:next]...)
			s.i = next
		} else {
			s.quoted(w, 0)
		}
	}
	s.src, s.i, w.end = all, after, end
}

// documentEnd returns where the line of the mark starts and ends, -1 without one.
func (s *shell) documentEnd(h *hereDocument, inside bool) (start, after int) {
	for i := s.i; i < len(s.src); i = lineEnd(s.src, i) {
		line := s.src[i : i+utf.LineLen(s.src[i:])]
		if h.tabs {
			line = bytes.TrimLeft(line, "\t")
		}
		if rest, ok := bytes.CutPrefix(line, []byte(h.mark)); ok {
			if len(rest) == 0 {
				return i, lineEnd(s.src, i)
			}
			if inside && rest[0] == ')' {
				return i, i + bytes.IndexByte(s.src[i:], ')')
			}
		}
	}
	return -1, 0
}

// hereInside reads $(cat <<MARK …), the usual way to hold a longer text in a variable or an argument.
func (s *shell) hereInside(w *word) bool {
	back := s.i
	s.i += 2
	s.spaces()
	if !s.at("cat") {
		s.i = back
		return false
	}
	s.i += len("cat")
	s.spaces()
	if !s.at("<<") || s.at("<<<") {
		s.i = back
		return false
	}
	s.i += 2
	tabs := s.at("-")
	if tabs {
		s.i++
	}
	h := s.mark(tabs)
	for s.i < len(s.src) && (s.src[s.i] == ' ' || s.src[s.i] == '\t' || s.src[s.i] == '\r') {
		s.i++
	}
	if !s.at("\n") || h.mark == "" {
		s.i = back
		return false
	}
	s.i++
	var text word
	h.into = &text
	s.document(&h, true)
	s.spaces()
	if !s.at(")") { // something is done with the text
		if !text.broken {
			s.i = s.bracketed(s.i, ')', 0)
		}
		s.hole(w, back)
		return true
	}
	s.i++
	text.text = bytes.TrimRight(text.text, "\n")
	w.add(text)
	return true
}

// output returns what the commands in $(…) print, without line breaks at the end, nil where only a shell knows.
func (s *shell) output(start, end int) *word {
	const mostInside = 3
	if s.inside >= mostInside || end <= start || s.src[end] != ')' {
		return nil
	}
	inner := *s
	inner.src, inner.i, inner.here, inner.inside = s.src[:end], start, nil, s.inside+1
	inner.d = &Draft{}
	all := inner.commands()
	if s.room = inner.room; len(all) == 0 {
		return nil
	}
	last := all[len(all)-1]
	for n, c := range all {
		if next := n + 1; next < len(all) && all[next].source != c {
			return nil // several commands print
		}
	}
	w := last.printed()
	if w == nil || w.unread || w.broken {
		return nil
	}
	w.text = bytes.TrimRight(w.text, "\n")
	return w
}

func (s *shell) spaces() {
	for s.i < len(s.src) && (s.src[s.i] == ' ' || s.src[s.i] == '\t' || utf.BreakLen(s.src[s.i:]) > 0) {
		s.i++
	}
}
