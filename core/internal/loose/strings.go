package loose

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// literal is a string, or a word that serves as one, as read by recovery.
type literal struct {
	start, end int // as written
	next       int // where reading goes on
	text       string
	strict     bool          // a JSON string as it stands
	escapes    jsontape.Flag // strict: flagEscaped, flagSurrogate
	delim      byte          // the closing quote; 0 for a word
	missing    bool          // the closing quote is missing
	atEnd      bool          // and so is everything after it
	template   bool          // it has ${}
	broken     bool          // in other quotes than strict ones
	cut        []finding.Edit
}

func (r *reader) quoteStarts(i int) bool {
	c := r.src[i]
	if c < utf8.RuneSelf {
		return c == '"' || c == '\'' || c == '`'
	}
	ch, _ := utf8.DecodeRune(r.src[i:])
	return smartClass(ch) != 0
}

// stringValue pushes a string.
func (r *reader) stringValue(s literal, k *literal) {
	if s.template {
		r.reportAt(int32(len(r.t.Nodes)), finding.UnsupportedExpression, s.start, s.end, "", nil, "a template with ${…} cannot be read without running it")
		r.scalar(jsontape.Bad, s.start, s.end, k)
		return
	}
	if s.missing && s.atEnd {
		r.tail = tail{cut: true, start: s.start, quote: true, edits: s.cut, append: string(s.delim)}
		r.scalar(jsontape.Bad, s.start, s.end, k)
		r.i = s.next
		return
	}
	r.reportMissingQuote(&s, "")
	v := jsontape.Node{Kind: jsontape.String, Flags: s.escapes, Start: uint32(s.start), End: uint32(s.end)}
	r.push(v, s.text, !s.strict, k)
	r.after(s.end)
	r.i = s.next
}

// quotedEnd returns the end of the quoted text at i, at most the end of its line.
func (r *reader) quotedEnd(i int) int {
	delim := r.src[i]
	for i++; i < len(r.src); i++ {
		switch c := r.src[i]; {
		case c == '\\':
			i++
		case c == delim:
			return i + 1
		case c == '\n' && delim != '`':
			return i
		}
	}
	return len(r.src)
}

// prefixedString reads u"…" and its kin. Raw strings mean their backslashes.
func (r *reader) prefixedString(start, quote int, k *literal) {
	prefix := string(r.src[start:quote])
	if end := r.quotedEnd(quote); strings.ContainsAny(prefix, "fF") && bytes.IndexByte(r.src[quote:end], '{') >= 0 {
		r.reportAt(int32(len(r.t.Nodes)), finding.UnsupportedExpression, start, end, "", nil, "a string with {…} cannot be read without running it: %s", finding.Excerpt(r.src[start:end]))
		r.scalar(jsontape.Bad, start, end, k)
		return
	}
	if raw := strings.ContainsAny(prefix, "rR"); raw {
		end := r.quotedEnd(quote)
		if end-quote >= 2 && r.src[end-1] == r.src[quote] {
			text := strings.ToValidUTF8(string(r.src[quote+1:end-1]), "\uFFFD")
			r.reportAt(int32(len(r.t.Nodes)), finding.PythonLiteral, start, end, "write it as JSON", one(start, end, string(jsontape.AppendQuoted(nil, text))), "got a raw string of Python")
			r.push(jsontape.Node{Kind: jsontape.String, Start: uint32(start), End: uint32(end)}, text, true, k)
			r.after(end)
			return
		}
	}
	r.reportAt(int32(len(r.t.Nodes)), finding.PythonLiteral, start, quote, "remove the prefix", one(start, quote, ""), "got the string prefix %s of Python", prefix)
	r.stringValue(r.stringLiteral(quote, false), k)
}

// stringLiteral reads the string at i in whatever quotes, and complains about what is in it. A missing closing quote is
// left to the caller, who knows what follows.
func (r *reader) stringLiteral(i int, key bool) literal {
	if r.src[i] >= utf8.RuneSelf {
		return r.smartString(i, key)
	}
	delim := r.src[i]
	if delim != '`' && i+2 < len(r.src) && r.src[i+1] == delim && r.src[i+2] == delim {
		if s, ok := r.tripleQuoted(i); ok {
			return s
		}
	}
	if w := i + 1; key && w < r.openUntil && delim == r.openDelim { // no closing quote; do not look again
		if w = r.wordEnd(w); w > i+1 && w < len(r.src) && r.src[w] == ':' {
			return r.decode(literal{start: i, delim: delim, missing: true, end: w, next: w}, i+1, w, nil)
		}
	}
	if delim == '"' {
		if end, escapes, _ := jsontape.ScanString(r.src, i); end >= 0 && r.endsString(end, key) && !r.smartKey(i+1, end-1, key) {
			s := literal{start: i, end: end, next: end, strict: true, escapes: escapes, delim: delim}
			if key {
				s.text = jsontape.Unescape(r.src[i+1 : end-1])
			}
			return s
		}
	}
	s := literal{start: i, delim: delim}
	end, inner := r.stringEnd(&s, key)
	return r.decode(s, s.start+1, end, inner)
}

// endsString reports whether what follows at i suits the end of a string.
func (r *reader) endsString(i int, key bool) bool {
	for i < len(r.src) && (r.src[i] == ' ' || r.src[i] == '\t') {
		i++
	}
	if i >= len(r.src) {
		return true
	}
	if c := r.src[i]; c == '"' && i > 0 && r.src[i-1] == '"' {
		return false
	} else if c == '\'' && r.src[i-1] == '\'' {
		return false
	} else if strings.IndexByte(",:}]\n\r;)=+.\"'`{[#!?|", c) >= 0 {
		return true
	} else if c == '/' {
		return i+1 < len(r.src) && (r.src[i+1] == '/' || r.src[i+1] == '*')
	}
	if w := r.src[i:r.wordEnd(i)]; string(w) == "as" || string(w) == "satisfies" {
		return true
	}
	return !key && r.src[i-1] != '"' && r.src[i-1] != '\'' && r.keyAhead(i) || utf.SpaceLen(r.src, i) > 0
}

// stringEnd finds where the content of the string that starts at s.start ends, sets s.end, s.next, s.missing and
// s.atEnd, and returns quotes within the content that lack a backslash.
func (r *reader) stringEnd(s *literal, key bool) (end int, inner []finding.Edit) {
	start := s.start + 1
	j := start
	for j < len(r.src) {
		c := r.src[j]
		switch {
		case c == '\\':
			if j += 2; j < len(r.src) && r.src[j-1] == '\r' && r.src[j] == '\n' {
				j++
			}
			continue
		case c == s.delim:
			return r.stringQuote(s, j, key)
		case (c == '\n' || c == '\r') && s.delim != '`' && !r.atEnd(j) && r.endsAtLine(j, s.delim):
			s.missing = true
			r.openUntil, r.openDelim = j, s.delim
			end = r.lineContent(start, j, key, true)
			s.end, s.next = end, end
			return end, nil
		}
		j++
	}
	s.missing = true
	r.openUntil, r.openDelim = len(r.src), s.delim
	if end = r.lineContent(start, len(r.src), key, false); end < r.trimEnd(len(r.src)) {
		s.end, s.next = end, end
		return end, nil
	}
	s.atEnd = true
	end = max(start, r.trimEnd(len(r.src)))
	s.end, s.next = end, len(r.src)
	return end, nil
}

// stringQuote decides whether the quote at j closes the string.
func (r *reader) stringQuote(s *literal, j int, key bool) (end int, inner []finding.Edit) {
	start := s.start + 1
	s.end, s.next = j+1, j+1
	if s.delim == '`' || r.endsString(j+1, key) && !r.smartKey(start, j, key) {
		return j, nil
	}
	if s.delim == '"' {
		if n, size := r.smartEnd(start, j); n >= 0 {
			r.report(finding.SmartQuote, n, n+size, `write "`, one(n, n+size, `"`), "got the typographic quote %s, want \"", r.src[n:n+size])
			s.end, s.next, s.broken = n+size, n+size, true
			return n, nil
		}
	}
	// "m, "prompt": the quote opens the next string.
	e := r.trimEnd(j)
	if e > start && (r.src[e-1] == ',' && !key || r.src[e-1] == ':' && key) && (key || r.opensNext(j)) {
		end = max(start, r.trimEnd(e-1))
		s.missing, s.end, s.next = true, end, end
		return end, nil
	}
	// ""model"": doubled quotes.
	if j == start && j+1 < len(r.src) && wordByte(r.src[j+1]) {
		line := r.src[j+1 : min(len(r.src), j+1024)]
		line = line[:utf.LineLen(line)]
		two := string([]byte{s.delim, s.delim})
		if n := strings.Index(string(line), two); n > 0 && strings.IndexByte(string(line[:n]), s.delim) < 0 && !bytes.ContainsRune(line[:n], '\\') && r.endsString(j+n+3, key) {
			stop := j + 1 + n
			r.report(finding.UnescapedQuote, s.start, stop+2, "remove the doubled quotes", []finding.Edit{{Start: s.start, End: s.start + 1, Text: ""}, {Start: stop + 1, End: stop + 2, Text: ""}}, "the quotes stand twice")
			s.start, s.end, s.next = s.start+1, stop+2, stop+2
			s.broken = true
			return stop, nil
		}
	}
	if closing, quotes := r.innerQuotes(j, s.delim, key); closing > 0 {
		s.end, s.next = closing+1, closing+1
		return closing, quotes
	}
	return j, nil
}

// tripleQuoted reads Python's """…""" at i.
func (r *reader) tripleQuoted(i int) (literal, bool) {
	three := r.src[i : i+3]
	n := bytes.Index(r.src[i+3:], three)
	if n < 0 {
		return literal{}, false
	}
	s := literal{start: i, end: i + n + 6, next: i + n + 6, delim: r.src[i]}
	quiet := reader{src: r.src, lim: r.lim, t: r.t, parent: jsontape.NoNode}
	s.text = quiet.decode(literal{delim: '`'}, i+3, i+3+n, nil).text
	r.report(finding.PythonLiteral, s.start, s.end, "write it as JSON", one(s.start, s.end, string(jsontape.AppendQuoted(nil, s.text))), "got a string in triple quotes")
	return s, true
}
