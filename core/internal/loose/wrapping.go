package loose

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// maxParens bounds the parentheses around a value, so that hostile text cannot make the closing of them long.
const maxParens = 64

// start finds the outermost value, reads its beginning and reports whether there is one. Code around it is read over;
// prose before it is an error.
func (r *reader) start() bool {
	begin := r.i
	first := r.skipTrivia(begin)
	if first >= len(r.src) {
		r.i = begin
		r.space()
		if r.counts[looseComment] > 0 {
			r.counts, r.dialect, r.loose = [looseKinds]int{}, JSON, nil // nothing was read as anything
		}
		r.odd = nil
		r.report(finding.EmptyDocument, 0, len(r.src), "", nil, "the text is empty")
		return false
	}
	main, parens, ok := r.wrapping(begin)
	if ok && main == first {
		r.space()
		r.open(nil)
		return true
	}
	if !ok {
		if main, parens, ok = r.program(begin, first); !ok {
			return r.unwrapped(begin, first)
		}
	}
	r.wrapped(begin, main, parens)
	r.open(nil)
	return true
}

// wrapped notes the code that stands before the value at main.
func (r *reader) wrapped(begin, main, parens int) {
	r.relax(looseWrapping, finding.Edit{Start: begin, End: main, Text: ""})
	r.i, r.last, r.parens = main, main, parens
}

// unwrapped handles text that starts neither with a bracket nor with code.
func (r *reader) unwrapped(begin, first int) bool {
	if r.keyAhead(first) && !r.proseLabel(first) {
		r.i = begin
		r.space()
		r.braces = true
		r.last = r.i
		r.enter(r.push(jsontape.Node{Kind: jsontape.Object, Start: uint32(r.i), End: uint32(r.i)}, "", false, nil))
		return true
	}
	alone := r.src[first] < utf8.RuneSelf && r.quoteStarts(first) && r.atEnd(r.quotedEnd(first)) // one string, whatever is in it
	if main := r.bracketAhead(r.pastImports(first)); main >= 0 && !alone {
		// Prose, then perhaps a fenced block with code in it.
		stray := main
		if fence := bytes.Index(r.src[first:main], []byte("```")); fence >= 0 {
			if m, parens, ok := r.wrapping(first + fence); ok {
				stray = first + fence
				r.wrapped(stray, m, parens)
				main = m
			}
		}
		r.report(finding.StrayText, first, r.trimEnd(stray), "remove it", one(begin, stray, ""), "text stands before the value: %s", finding.Excerpt(r.src[first:stray]))
		r.i, r.last = main, main
		r.open(nil)
		return true
	}
	// A value without brackets, or nothing that could be read.
	r.i = begin
	r.space()
	c := r.src[r.i]
	word := string(r.src[r.i:r.wordEnd(r.i)])
	known := pythonLiterals[word] != "" || word == "true" || word == "false" || word == "null" || word == "undefined" || notANumber(word)
	if c < 0x80 && !known && (r.quoteStarts(r.i) || c-'0' < 10 || c == '-' || c == '+') || known || c >= 0x80 && r.startsItem() && r.quoteStarts(r.i) {
		r.value(nil)
		return true
	}
	end := r.trimEnd(len(r.src))
	r.report(finding.UnexpectedText, r.i, end, "", nil, "no JSON value in this text: %s", finding.Excerpt(r.src[r.i:end]))
	r.i, r.last, r.skipped = len(r.src), len(r.src), true
	return false
}

// pastImports skips import statements, whose braces hold no value.
func (r *reader) pastImports(i int) int {
	for end := r.wordEnd(i); string(r.src[i:end]) == "import"; end = r.wordEnd(i) {
		i = r.skipTrivia(r.importEnd(end))
	}
	return i
}

// proseLabel tells "Answer: {" from a member without braces.
func (r *reader) proseLabel(i int) bool {
	if r.quoteStarts(i) {
		return false
	}
	i = r.wordEnd(i)
	if n := bytes.IndexByte(r.src[i:], ':'); n >= 0 {
		i = r.skipTrivia(i + n + 1)
	}
	return i >= len(r.src) || r.src[i] == '{' || r.src[i] == '`'
}

// bracketAhead returns where the first object starts, failing that the first array, or -1.
func (r *reader) bracketAhead(i int) int {
	for _, bracket := range []byte{'{', '['} {
		if n := bytes.IndexByte(r.src[i:], bracket); n >= 0 {
			return i + n
		}
	}
	return -1
}

// program finds the request in code of several statements.
func (r *reader) program(begin, first int) (main, parens int, ok bool) {
	rest := r.src[first:]
	for _, call := range []string{".create(", "JSON.stringify("} {
		if n := bytes.Index(rest, []byte(call)); n >= 0 {
			i := r.skipTrivia(first + n + len(call))
			if i < len(r.src) && r.src[i] == '{' {
				return i, 1, true
			}
		}
	}
	return 0, 0, false
}

// wrapping reads code that commonly stands before a pasted literal: imports, declarations, assignments, calls, fences.
// It returns where the literal starts and how many parentheses are open there.
func (r *reader) wrapping(i int) (main, parens int, ok bool) {
	if n := bytes.Index(r.src[i:], []byte(".create(")); n >= 0 && r.codeAhead(i) {
		return 0, 0, false // several statements, of which that call matters
	}
	for {
		i = r.skipTrivia(i)
		if i >= len(r.src) || parens > maxParens {
			return 0, 0, false
		}
		switch c := r.src[i]; {
		case c == '{' || c == '[':
			return i, parens, true
		case c == '(':
			parens++
			i++
			continue
		case c == ';':
			i++
			continue
		case utf.HasPrefix(r.src[i:], "```"):
			i += utf.LineLen(r.src[i:])
			continue
		case c == '"' || c == '\'':
			end := r.quotedEnd(i)
			if i = r.skipTrivia(end); i < len(r.src) && (r.src[i] == ';' || r.src[i] == ',' && parens > 0) {
				i++
				continue
			}
			return 0, 0, false
		}
		end := r.wordEnd(i)
		if end == i {
			return 0, 0, false
		}
		word := string(r.src[i:end])
		i = r.skipTrivia(end)
		switch word {
		case "import":
			i = r.importEnd(i)
			continue
		case "export", "default", "return", "await", "async", "declare", "new":
			continue
		case "const", "let", "var":
			if end = r.wordEnd(i); end == i {
				return 0, 0, false
			}
			i = r.skipTrivia(end)
			if i < len(r.src) && r.src[i] == ':' {
				n := bytes.IndexByte(r.src[i:i+utf.LineLen(r.src[i:])], '=')
				if n < 0 {
					return 0, 0, false
				}
				i += n
			}
			if i >= len(r.src) || r.src[i] != '=' {
				return 0, 0, false
			}
			i++
			continue
		}
		switch {
		case i >= len(r.src):
			return 0, 0, false
		case r.src[i] == '(':
			parens++
			i++
		case r.src[i] == '=' && !utf.HasPrefix(r.src[i:], "==") && !utf.HasPrefix(r.src[i:], "=>"):
			i++
		case r.src[i] == ',' && parens > 0:
			i++
		default:
			return 0, 0, false
		}
	}
}

// codeAhead reports whether the text at i begins with a statement rather than with a value.
func (r *reader) codeAhead(i int) bool {
	i = r.skipTrivia(i)
	if i >= len(r.src) {
		return false
	}
	c := r.src[i]
	return c != '{' && c != '[' && c != '"' && c != '\''
}

// importEnd returns the end of the import whose keyword ended before i.
func (r *reader) importEnd(i int) int {
	for i < len(r.src) {
		switch c := r.src[i]; c {
		case '"', '\'':
			if i = r.skipTrivia(r.quotedEnd(i)); i < len(r.src) && r.src[i] == ';' {
				i++
			}
			return i
		case '{':
			n := bytes.IndexByte(r.src[i:], '}')
			if n < 0 {
				return len(r.src)
			}
			i += n + 1
		case '\n', ';', '=', '(':
			return i + 1
		default:
			i++
		}
	}
	return i
}

// onlyClosersFrom reports whether nothing but the end of the wrapping call stands at i.
func (r *reader) onlyClosersFrom(i int) bool {
	if i < r.notClosers {
		return false
	}
	for i = r.skipTrivia(i); i < len(r.src) && strings.IndexByte(");`", r.src[i]) >= 0; i = r.skipTrivia(i) {
		i++
	}
	r.notClosers = i
	return i >= len(r.src)
}

// end reads what follows the outermost value: the rest of the code around it, or text that does not belong there.
func (r *reader) end() {
	if r.parent != jsontape.NoNode { // the text is over, or the call around the value closes
		if r.i < len(r.src) && r.src[r.i] == ')' && !r.full() {
			r.closeBefore()
		} else {
			return
		}
	}
	begin := r.i
	i := r.i
	code := false // something other than white space and comments was read over
	for !r.full() {
		i = r.skipTrivia(i)
		if i >= len(r.src) {
			break
		}
		c := r.src[i]
		end := i
		switch {
		case c == ')' && r.parens > 0:
			r.parens--
			end = i + 1
		case c == ',' && r.parens > 0:
			end = r.arguments(i)
		case c == ';':
			end = i + 1
		case utf.HasPrefix(r.src[i:], "```"):
			end = i + 3
		default:
			if w := string(r.src[i:r.wordEnd(i)]); w == "as" || w == "satisfies" {
				end = r.typeEnd(i + len(w))
			}
		}
		if end > i {
			code = true
			i = end
			begin = r.noteCode(begin, i)
			continue
		}
		if c == '}' || c == ']' || c == ')' {
			r.space()
			r.report(finding.MismatchedBracket, i, i+1, "remove it", one(i, i+1, ""), "this %c closes nothing", c)
			i++
			begin = i
			r.i = i
			continue
		}
		if !code {
			r.space()
		}
		stop := r.trimEnd(len(r.src))
		next := i
		if c == ',' {
			next = r.skipTrivia(i + 1)
		}
		if next < len(r.src) && (r.src[next] == '{' || r.src[next] == '[') {
			r.report(finding.StrayText, i, stop, "remove it", one(i, stop, ""), "a second value follows, want one request")
		} else {
			r.report(finding.StrayText, i, stop, "remove it", one(i, stop, ""), "text stands after the value: %s", finding.Excerpt(r.src[i:stop]))
		}
		r.i = len(r.src)
		return
	}
	if r.i = begin; !code {
		r.space()
	}
	r.i = len(r.src)
}

// noteCode notes src[begin:end] as code behind the value. Pieces that follow each other are one piece.
func (r *reader) noteCode(begin, end int) int {
	if n := len(r.loose) - 1; n >= 0 && r.loose[n].End == begin && r.loose[n].Text == "" && r.counts[looseWrapping] > 0 {
		r.loose[n].End = end
		return end
	}
	r.relax(looseWrapping, finding.Edit{Start: begin, End: end, Text: ""})
	return end
}

// arguments returns the end of the further arguments of a call, of which the first comma is at i.
func (r *reader) arguments(i int) int {
	depth := 0
	for i < len(r.src) {
		switch c := r.src[i]; c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth == 0 {
				return i
			}
			depth--
		case '"', '\'', '`':
			i = r.quotedEnd(i)
			continue
		}
		i++
	}
	return i
}

// closeBefore closes the containers that are open where the call around the value ends.
func (r *reader) closeBefore() {
	levels := 0
	for at := r.parent; at != jsontape.NoNode; at = r.t.Nodes[at].Next {
		levels++
	}
	place := r.i
	r.closeInner(levels)
	r.i = place
}
