package core

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// literal is a string, or a word that serves as one, as read by recovery.
type literal struct {
	start, end int // as written
	next       int // where reading goes on
	text       string
	strict     bool // a JSON string as it stands
	escapes    flag // strict: flagEscaped, flagSurrogate
	delim      byte // the closing quote; 0 for a word
	missing    bool // the closing quote is missing
	atEnd      bool // and so is everything after it
	template   bool // it has ${}
	broken     bool // in other quotes than strict ones
	cut        []byteEdit
}

// skipTrivia returns the index after white space and comments at i, and reports nothing.
func (r *recovery) skipTrivia(i int) int {
	for i < len(r.src) {
		if n := spaceLen(r.src, i); n > 0 {
			i += n
			continue
		}
		end, _ := r.commentEnd(i)
		if end == i {
			break
		}
		i = end
	}
	return i
}

// spaceLen returns the length of the white space character at i in the widest sense, 0 if there is none.
func spaceLen(src []byte, i int) int {
	c := src[i]
	if c < utf8.RuneSelf {
		if c == ' ' || c >= '\t' && c <= '\r' {
			return 1
		}
		return 0
	}
	ch, n := utf8.DecodeRune(src[i:])
	if unicode.IsSpace(ch) || ch == '\uFEFF' || ch >= '\u200B' && ch <= '\u200D' || ch == '\u2060' {
		return n
	}
	return 0
}

// commentEnd returns the end of the comment at i, or i, and whether it is closed.
func (r *recovery) commentEnd(i int) (end int, closed bool) {
	rest := r.src[i:]
	switch {
	case hasPrefix(rest, "//") || rest[0] == '#':
		return i + lineLen(rest), true
	case hasPrefix(rest, "/*"):
		if n := bytes.Index(rest[2:], []byte("*/")); n >= 0 {
			return i + n + 4, true
		}
		return len(r.src), false
	}
	return i, false
}

// lineLen returns the length of the line that s starts with, without its break.
func lineLen(s []byte) int {
	if n := bytes.IndexAny(s, "\r\n"); n >= 0 {
		return n
	}
	return len(s)
}

// space moves r.i over white space and comments and notes what of them is not strict JSON.
func (r *recovery) space() {
	for r.i < len(r.src) {
		c := r.src[r.i]
		if c == ' ' || c == '\n' || c == '\r' || c == '\t' {
			r.i++
			continue
		}
		if n := spaceLen(r.src, r.i); n > 0 {
			if k := len(r.odd) - 1; k >= 0 && r.odd[k].end == r.i {
				r.odd[k].end += n
			} else {
				r.odd = append(r.odd, byteEdit{r.i, r.i + n, " "})
			}
			r.i += n
			continue
		}
		end, closed := r.commentEnd(r.i)
		if end == r.i {
			return
		}
		r.relax(looseComment, byteEdit{r.i, end, ""})
		if !closed {
			r.report(CodeUnexpectedText, r.i, r.i+2, "close it", one(end, end, "*/"), "the comment is never closed")
		}
		r.i = end
	}
}

// junk skips characters that fit nowhere.
func (r *recovery) junk() {
	start := r.i
	for r.i < len(r.src) {
		c := r.src[r.i]
		if r.i > start && (spaceLen(r.src, r.i) > 0 || strings.IndexByte(",{}[];\"'`", c) >= 0 || r.startsItem()) {
			break
		}
		_, n := utf8.DecodeRune(r.src[r.i:])
		r.i += n
	}
	r.report(CodeUnexpectedText, start, r.i, "remove it", one(start, r.i, ""), "%s fits nowhere here", excerpt(r.src[start:r.i]))
}

// startsItem reports whether a key or a value can start at r.i, in the widest sense.
func (r *recovery) startsItem() bool {
	c := r.src[r.i]
	if c >= utf8.RuneSelf {
		ch, _ := utf8.DecodeRune(r.src[r.i:])
		return isWordRune(ch) || smartClass(ch) != 0
	}
	return wordByte(c) || strings.IndexByte("\"'`{[(+<@", c) >= 0
}

// wordByte tells ASCII characters that words and numbers consist of.
func wordByte(c byte) bool {
	return c|0x20-'a' < 26 || c-'0' < 10 || c == '_' || c == '$' || c == '-' || c == '.'
}

func isWordRune(ch rune) bool {
	return ch != utf8.RuneError && (unicode.IsLetter(ch) || unicode.IsMark(ch) || unicode.IsDigit(ch) || unicode.Is(unicode.So, ch))
}

// wordEnd returns the end of the word at i.
func (r *recovery) wordEnd(i int) int {
	for i < len(r.src) {
		if r.src[i] < utf8.RuneSelf {
			if !wordByte(r.src[i]) {
				break
			}
			i++
			continue
		}
		ch, n := utf8.DecodeRune(r.src[i:])
		if !isWordRune(ch) {
			break
		}
		i += n
	}
	return i
}

// keyAhead reports whether a key and its colon stand at i, on one line.
func (r *recovery) keyAhead(i int) bool {
	if i >= len(r.src) {
		return false
	}
	end := i
	switch c := r.src[i]; {
	case c == '"' || c == '\'':
		for end++; ; end++ {
			if end >= len(r.src) || r.src[end] == '\n' {
				return false
			}
			if r.src[end] == '\\' {
				end++
			} else if r.src[end] == c {
				break
			}
		}
		end++
	default:
		if end = r.wordEnd(i); end == i {
			return false
		}
	}
	for end < len(r.src) && (r.src[end] == ' ' || r.src[end] == '\t') {
		end++
	}
	return end < len(r.src) && r.src[end] == ':' && !(end+1 < len(r.src) && r.src[end+1] == '/')
}

// Classes of typographic quotes.
const (
	smartDouble = '"'
	smartSingle = '\''
)

func smartClass(ch rune) byte {
	switch ch {
	case '“', '”', '„', '‟', '«', '»', '″', '＂':
		return smartDouble
	case '‘', '’', '‚', '‛', '′', '‹', '›', '＇':
		return smartSingle
	}
	return 0
}

// keyLiteral reads the key at r.i, which startsItem.
func (r *recovery) keyLiteral() literal {
	start := r.i
	if r.quoteStarts(start) {
		return r.stringLiteral(start, true)
	}
	end := r.wordEnd(start)
	if end == start { // a character that may start a value only
		_, n := utf8.DecodeRune(r.src[start:])
		end = max(r.wordEnd(start+n), start+n)
	}
	if end < len(r.src) && (r.src[end] == '"' || r.src[end] == '\'') && stringPrefix(string(r.src[start:end])) {
		r.report(CodePythonLiteral, start, end, "remove the prefix", one(start, end, ""), "got the string prefix %s of Python", r.src[start:end])
		return r.stringLiteral(end, true)
	}
	k := literal{start: start, end: end, next: end, text: strings.ToValidUTF8(string(r.src[start:end]), "\uFFFD")}
	if end < len(r.src) && (r.src[end] == '"' || r.src[end] == '\'') {
		if i := skipSpace(r.src, end+1); i < len(r.src) && r.src[i] == ':' {
			r.report(CodeUnclosedString, start, end+1, "insert the quote", one(start, start, string(r.src[end])), "the key %s has no opening quote", quote(k.text))
			k.end, k.next = end+1, end+1
			k.delim = r.src[end]
		}
	}
	return k
}

// looseKey notes a key that is no JSON string.
func (r *recovery) looseKey(k *literal) {
	if k.delim == 0 && !k.strict {
		r.relax(looseKey, byteEdit{k.start, k.end, string(appendQuoted(nil, k.text))})
	}
}

// reportMissingQuote complains about a string that does not end, once it is known what has to follow the quote.
func (r *recovery) reportMissingQuote(k *literal, then string) {
	if k.missing {
		edits := append(slices.Clone(k.cut), byteEdit{k.end, k.end, string(k.delim) + then})
		r.report(CodeUnclosedString, k.start, k.end, "insert the quote", edits, "the string %s is never closed", quote(k.text))
	}
}

func (r *recovery) quoteStarts(i int) bool {
	c := r.src[i]
	if c < utf8.RuneSelf {
		return c == '"' || c == '\'' || c == '`'
	}
	ch, _ := utf8.DecodeRune(r.src[i:])
	return smartClass(ch) != 0
}

// value reads the value at r.i, which startsItem.
func (r *recovery) value(k *literal) {
	switch c := r.src[r.i]; {
	case c == '{' || c == '[':
		r.open(k)
		return
	case r.quoteStarts(r.i):
		r.stringValue(r.stringLiteral(r.i, false), k)
	case c-'0' < 10 || strings.IndexByte("+-.", c) >= 0:
		r.numberValue(k)
	default:
		r.wordValue(k)
	}
	if r.parent != noNode {
		r.trailing()
	}
}

// stringValue pushes a string.
func (r *recovery) stringValue(s literal, k *literal) {
	if s.template {
		r.reportAt(int32(len(r.t.nodes)), CodeUnsupportedExpression, s.start, s.end, "", nil, "a template with ${…} cannot be read without running it")
		r.scalar(kindBad, s.start, s.end, k)
		return
	}
	if s.missing && s.atEnd {
		r.tail = tail{cut: true, start: s.start, quote: true, edits: s.cut, append: string(s.delim)}
		r.scalar(kindBad, s.start, s.end, k)
		r.i = s.next
		return
	}
	r.reportMissingQuote(&s, "")
	v := node{kind: kindString, flags: s.escapes, start: uint32(s.start), end: uint32(s.end)}
	r.push(v, s.text, !s.strict, k)
	r.after(s.end)
	r.i = s.next
}

// trailing reads what TypeScript and expressions put after a value.
func (r *recovery) trailing() {
	i := r.skipTrivia(r.i)
	if i >= len(r.src) || r.parent == noNode {
		return
	}
	c := r.src[i]
	if i > r.i {
		if w := r.src[i:r.wordEnd(i)]; string(w) == "as" || string(w) == "satisfies" {
			r.space()
			end := r.typeEnd(r.i)
			r.relax(looseType, byteEdit{r.i, end, ""})
			r.i = end
			return
		}
	}
	operator := strings.IndexByte("+*%?|&<>^.!", c) >= 0 || c == '-' && i+1 < len(r.src) && r.src[i+1] == ' ' || c == '=' && r.isObject()
	if !operator || c == '.' && i > r.i {
		return
	}
	end := r.expression(i)
	r.i = i
	r.report(CodeUnsupportedExpression, i, end, "", nil, "this cannot be read without running it: %s", excerpt(r.src[i:end]))
	if at := len(r.t.nodes) - 1; int(r.t.nodes[at].end) == r.last && r.t.nodes[at].kind < kindArray {
		r.t.nodes[at].kind = kindBad
		r.t.nodes[at].flags &^= flagLoose | flagEscaped
		if n := len(r.t.loose) - 1; n >= 0 && r.t.loose[n].node == uint32(at) {
			r.t.loose = r.t.loose[:n]
		}
		r.t.nodes[at].end = uint32(end)
	}
	r.i, r.last = end, end
}

// typeEnd returns the end of `as T` or `satisfies T` at i.
func (r *recovery) typeEnd(i int) int {
	depth := 0
	for ; i < len(r.src); i++ {
		switch c := r.src[i]; c {
		case '<', '(':
			depth++
		case '>', ')':
			if depth == 0 {
				return i
			}
			depth--
		case ',', ';', '}', ']', '\n', '\r', '{', '"', '\'', '`', '/', ':':
			if depth == 0 || c == '\n' || c == '\r' || c == '}' {
				return i
			}
		case '[':
			if i+1 < len(r.src) && r.src[i+1] == ']' {
				i++
			} else {
				return i
			}
		}
	}
	return i
}

// expression returns the end of the program code at i: the next comma, semicolon or closing bracket on its own level, or
// the end of its last line. When
// the text ends within it, nothing further is said about what else is open: closing that would only lengthen the code.
func (r *recovery) expression(i int) int {
	depth := 0
	single := byte(0) // a kind of quote of which the line has no second one: it quotes nothing
	for i < len(r.src) {
		switch c := r.src[i]; c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth == 0 {
				return r.trimEnd(i)
			}
			depth--
		case ',', ';':
			if depth == 0 {
				return r.trimEnd(i)
			}
		case '"', '\'', '`':
			if c == single {
				break
			}
			end := r.quotedEnd(i)
			if end-i >= 2 && r.src[end-1] == c {
				i = end
				continue
			}
			single = c
		case '\n', '\r':
			if depth == 0 {
				return r.trimEnd(i)
			}
			single = 0
		}
		i++
	}
	r.skipped = r.skipped || depth > 0
	return r.trimEnd(i)
}

// trimEnd returns i without the white space before it.
func (r *recovery) trimEnd(i int) int {
	for i > 0 && (r.src[i-1] == ' ' || r.src[i-1] == '\n' || r.src[i-1] == '\r' || r.src[i-1] == '\t') {
		i--
	}
	return i
}

// quotedEnd returns the end of the quoted text at i, at most the end of its line.
func (r *recovery) quotedEnd(i int) int {
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

// balanced returns the end of the bracketed text at i.
func (r *recovery) balanced(i int) int {
	depth := 0
	for i < len(r.src) {
		switch r.src[i] {
		case '[', '{', '(':
			depth++
		case ']', '}', ')':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"':
			i = r.quotedEnd(i)
			continue
		}
		i++
	}
	return i
}

// atEnd reports whether only white space follows i.
func (r *recovery) atEnd(i int) bool { return i >= r.stop }

// pythonLiterals are words of other languages that have one clear meaning.
var pythonLiterals = map[string]string{
	"True": "true", "TRUE": "true", "False": "false", "FALSE": "false", "None": "null", "NULL": "null", "Null": "null", "nil": "null",
}

// wordValue reads a value that starts with a letter or the like.
func (r *recovery) wordValue(k *literal) {
	start := r.i
	end := r.wordEnd(start)
	word := string(r.src[start:end])
	at := int32(len(r.t.nodes))
	bare := r.endsValue(end)
	switch {
	case bare && r.plainWord(word, start, end, k):
		return
	case bare && pythonLiterals[word] != "":
		want := pythonLiterals[word]
		r.reportAt(at, CodePythonLiteral, start, end, "write "+want, one(start, end, want), "got %s, which JSON writes %s", word, want)
		r.scalar(map[string]kind{"true": kindTrue, "false": kindFalse, "null": kindNull}[want], start, end, k)
		return
	case bare && notANumber(word):
		r.reportAt(at, CodeNotANumber, start, end, "", nil, "JSON has no %s", word)
		r.scalar(kindBad, start, end, k)
		return
	case end < len(r.src) && (r.src[end] == '"' || r.src[end] == '\'') && stringPrefix(word):
		r.prefixedString(start, end, k)
		return
	}
	if end < len(r.src) && (r.src[end] == '(' || r.src[end] == '[') || r.isProgram(word, start, end) {
		stop := max(r.expression(start), end)
		r.reportAt(at, CodeUnsupportedExpression, start, stop, "", nil, "this cannot be read without running it: %s", excerpt(r.src[start:stop]))
		r.scalar(kindBad, start, stop, k)
		return
	}
	stop := r.unquotedEnd(start)
	if stop == end && r.plainWord(word, start, end, k) {
		return
	}
	if r.atEnd(stop) && r.parent != noNode && !r.braces {
		r.cutWord(start, stop, k)
		return
	}
	r.unquoted(start, stop, k)
}

// plainWord pushes the words that JSON and JavaScript know.
func (r *recovery) plainWord(word string, start, end int, k *literal) bool {
	switch word {
	case "true":
		r.scalar(kindTrue, start, end, k)
	case "false":
		r.scalar(kindFalse, start, end, k)
	case "null":
		r.scalar(kindNull, start, end, k)
	case "undefined":
		r.scalar(kindNull, start, end, k)
		r.relax(looseUndefined, byteEdit{start, end, "null"})
	default:
		return false
	}
	return true
}

// endsValue reports whether a value may end at i: nothing of an expression or a longer text follows on its line.
func (r *recovery) endsValue(i int) bool {
	for i < len(r.src) && (r.src[i] == ' ' || r.src[i] == '\t') {
		i++
	}
	if i >= len(r.src) || strings.IndexByte(",;:}])\n\r/\"'`{[#", r.src[i]) >= 0 || r.src[i] >= utf8.RuneSelf && spaceLen(r.src, i) > 0 {
		return true
	}
	w := string(r.src[i:r.wordEnd(i)])
	return w == "as" || w == "satisfies" || w == "" && r.src[i] < utf8.RuneSelf && !strings.ContainsRune("(<@", rune(r.src[i])) || r.keyAhead(i)
}

func notANumber(word string) bool {
	switch strings.ToLower(strings.TrimLeft(word, "+-")) {
	case "nan", "infinity", "inf", "math.inf", "math.nan", "number.nan":
		return true
	}
	return false
}

// stringPrefix tells the letters that Python puts before strings.
func stringPrefix(word string) bool {
	switch strings.ToLower(word) {
	case "u", "r", "b", "f", "rb", "br", "fr", "rf":
		return true
	}
	return false
}

// prefixedString reads u"…" and its kin. Raw strings mean their backslashes.
func (r *recovery) prefixedString(start, quote int, k *literal) {
	prefix := string(r.src[start:quote])
	if raw := strings.ContainsAny(prefix, "rR"); raw {
		end := r.quotedEnd(quote)
		if end-quote >= 2 && r.src[end-1] == r.src[quote] {
			text := strings.ToValidUTF8(string(r.src[quote+1:end-1]), "\uFFFD")
			r.reportAt(int32(len(r.t.nodes)), CodePythonLiteral, start, end, "write it as JSON", one(start, end, string(appendQuoted(nil, text))), "got a raw string of Python")
			r.push(node{kind: kindString, start: uint32(start), end: uint32(end)}, text, true, k)
			r.after(end)
			return
		}
	}
	r.reportAt(int32(len(r.t.nodes)), CodePythonLiteral, start, quote, "remove the prefix", one(start, quote, ""), "got the string prefix %s of Python", prefix)
	r.stringValue(r.stringLiteral(quote, false), k)
}

// isProgram recognises code by what only code contains.
func (r *recovery) isProgram(word string, start, end int) bool {
	switch word {
	case "new", "await", "function", "async", "typeof", "lambda", "not":
		return end < len(r.src) && r.src[end] == ' '
	}
	for _, p := range []string{"process.env", "os.environ", "import.meta", "this.", "self."} {
		if strings.HasPrefix(word, p) {
			return true
		}
	}
	line := r.src[end:min(len(r.src), end+8)]
	line = bytes.TrimLeft(line, " ")
	for _, op := range []string{"+ ", "|| ", "?? ", "? ", "&& ", "=> ", "=>{", "* ", "=== "} {
		if hasPrefix(line, op) {
			return true
		}
	}
	return false
}

// unquotedEnd returns the end of the words at i that would be a string had they quotes.
func (r *recovery) unquotedEnd(i int) int {
	end := i
	word := i // start of the last word
	for i < len(r.src) {
		c := r.src[i]
		if c >= utf8.RuneSelf {
			_, n := utf8.DecodeRune(r.src[i:])
			if spaceLen(r.src, i) == 0 {
				end = i + n
			}
			i += n
			continue
		}
		switch {
		case c < ' ' && c != '\t' || strings.IndexByte(",;{}[]()\"`", c) >= 0:
			return end
		case c == ' ' || c == '\t':
			word = i + 1
			if i+2 < len(r.src) && (hasPrefix(r.src[i+1:], "//") || hasPrefix(r.src[i+1:], "/*") || r.src[i+1] == '#') {
				return end
			}
		case c == ':' && (i+1 >= len(r.src) || strings.IndexByte(" \t\r\n\"'[{", r.src[i+1]) >= 0):
			if word > end-1 || word == i {
				return end
			}
			if before := r.trimEnd(word); before < end && before > 0 && word > before {
				return before
			}
			return end
		default:
			end = i + 1
		}
		i++
	}
	return end
}

// cutWord handles words at which the text ends.
func (r *recovery) cutWord(start, end int, k *literal) {
	word := string(r.src[start:end])
	r.tail = tail{cut: true, start: start, edits: one(start, start, `"`), append: `"`}
	for _, w := range []string{"true", "false", "null"} {
		if strings.HasPrefix(w, word) {
			r.tail.edits, r.tail.append = nil, w[len(word):]
		}
	}
	if strings.ContainsAny(word, "\\") || !utf8.ValidString(word) {
		r.tail.edits, r.tail.append = []byteEdit{{start, end, "null"}}, ""
	}
	r.scalar(kindBad, start, end, k)
}

// unquoted reads words as the string they stand for.
func (r *recovery) unquoted(start, end int, k *literal) {
	if end <= start {
		_, n := utf8.DecodeRune(r.src[start:])
		end = start + n
	}
	text := strings.ToValidUTF8(string(r.src[start:end]), "\uFFFD")
	at := int32(len(r.t.nodes))
	if end < len(r.src) && r.src[end] == '"' && r.endsValue(end+1) && (end+1 == len(r.src) || r.src[end+1] != '"') {
		r.reportAt(at, CodeUnclosedString, start, end+1, "insert the quote", one(start, start, `"`), "the string %s has no opening quote", quote(text))
		end++
	} else {
		lower := strings.ToLower(text)
		for _, w := range []string{"true", "false", "null"} {
			if len(lower) >= 2 && strings.HasPrefix(w, lower) {
				r.reportAt(at, CodeUnquotedString, start, end, "write "+w, one(start, end, w), "got %s, want %s or a string in quotes", text, w)
				r.scalar(kindBad, start, end, k)
				return
			}
		}
		r.reportAt(at, CodeUnquotedString, start, end, "put quotes around it", one(start, end, string(appendQuoted(nil, text))), "%s has no quotes around it", quote(text))
	}
	r.push(node{kind: kindString, start: uint32(start), end: uint32(end)}, text, true, k)
	r.after(end)
}

// numberValue reads a value that starts like a number.
func (r *recovery) numberValue(k *literal) {
	start := r.i
	end := r.numberEnd(start)
	at := int32(len(r.t.nodes))
	lit := string(r.src[start:end])
	if end == start || strings.Trim(lit, "+-.") == "" && !r.atEnd(end) {
		if e := r.unquotedEnd(start); e > end {
			r.unquoted(start, e, k)
			return
		}
		end = max(end, start+1)
		r.reportAt(at, CodeBadNumber, start, end, "write null", one(start, end, "null"), "%s is not a number", excerpt(r.src[start:end]))
		r.scalar(kindBad, start, end, k)
		return
	}
	if notANumber(lit) {
		r.reportAt(at, CodeNotANumber, start, end, "", nil, "JSON has no %s", lit)
		r.scalar(kindBad, start, end, k)
		return
	}
	token, strict, ok := r.canonicalNumber(lit)
	if !ok {
		zeros := strings.TrimLeft(strings.TrimLeft(lit, "-"), "0")
		sign := lit[:len(lit)-len(strings.TrimLeft(lit, "-"))]
		if zeros == "" || zeros[0]-'0' > 9 {
			zeros = "0" + zeros
		}
		if t, s, good := r.canonicalNumber(sign + zeros); good && s && strings.HasPrefix(lit[len(sign):], "0") {
			if r.numberTooLarge(t, start, end, k) {
				return
			}
			r.reportAt(at, CodeBadNumber, start, end, "write "+t, one(start, end, t), "%s has leading zeros", quote(lit))
			r.numberNode(start, end, t, false, k)
			return
		}
		if r.atEnd(end) && r.parent != noNode { // 1e, 0x or - while it is being typed
			if _, _, good := r.canonicalNumber(lit + "0"); good {
				r.tail = tail{cut: true, start: start, append: "0"}
				if strings.HasPrefix(lit, "+") || strings.Contains(lit, "_") || strings.HasPrefix(strings.TrimLeft(lit, "+-"), "0") || strings.Contains(lit, ".") {
					r.tail.edits, r.tail.append = one(start, end, "0"), ""
				}
				r.scalar(kindBad, start, end, k)
				return
			}
		}
		if e := r.unquotedEnd(start); e > end && !r.atEnd(e) {
			r.unquoted(start, e, k)
			return
		}
		r.reportAt(at, CodeBadNumber, start, end, "put quotes around it", one(start, end, string(appendQuoted(nil, strings.ToValidUTF8(lit, "\uFFFD")))), "%s is not a number", quote(lit))
		r.scalar(kindBad, start, end, k)
		return
	}
	if r.numberTooLarge(token, start, end, k) {
		return
	}
	if e, fixed, ok := r.decimalComma(lit, end); ok && strict {
		if r.numberTooLarge(fixed, start, e, k) {
			return
		}
		r.reportAt(at, CodeBadNumber, start, e, "write "+fixed, one(start, e, fixed), "%s has a comma in the number", excerpt(r.src[start:e]))
		r.numberNode(start, e, fixed, false, k)
		return
	}
	if next := skipSpace(r.src, end); !r.endsValue(end) && r.src[next]-'0' > 9 && r.src[next] != '-' { // 3 apples, 2024-01-01 10:00
		if e := r.unquotedEnd(start); e > end && !r.isProgram("", start, end) && (r.parent == noNode || !r.atEnd(e)) {
			r.unquoted(start, e, k)
			return
		}
	}
	if !strict {
		r.relax(looseNumber, byteEdit{start, end, token})
	}
	r.numberNode(start, end, token, strict, k)
}

// numberTooLarge reports a number whose token is beyond the limits, and moves behind it.
func (r *recovery) numberTooLarge(token string, start, end int, k *literal) bool {
	if scanNumber([]byte(token), 0, &r.lim) == len(token) {
		return false
	}
	r.reportAt(int32(len(r.t.nodes)), CodeNumberTooLarge, start, end, "", nil, "a number with more than %d digits or an exponent beyond %d", r.lim.Digits, r.lim.Exponent)
	r.scalar(kindBad, start, end, k)
	return true
}

func (r *recovery) numberNode(start, end int, token string, strict bool, k *literal) {
	r.push(node{kind: kindNumber, start: uint32(start), end: uint32(end)}, token, !strict, k)
	r.after(end)
}

// numberEnd returns the end of what looks like one number at i.
func (r *recovery) numberEnd(i int) int {
	start := i
	if r.src[i] == '+' {
		i++
	}
	for i < len(r.src) {
		c := r.src[i]
		if c == '+' && i > start && r.src[i-1]|0x20 == 'e' {
			i++
			continue
		}
		if !wordByte(c) {
			break
		}
		i++
	}
	return i
}

// decimalComma recognises 0,7 in an object, and 1,000, which means a thousand.
func (r *recovery) decimalComma(lit string, end int) (int, string, bool) {
	if !r.isObject() || end >= len(r.src) || r.src[end] != ',' || strings.ContainsAny(lit, ".eE") {
		return 0, "", false
	}
	stop := skipDigits(r.src, end+1)
	if stop == end+1 || stop-end > 20 {
		return 0, "", false
	}
	i := skipSpace(r.src, stop)
	if i < len(r.src) && strings.IndexByte(",}\n", r.src[i]) < 0 {
		return 0, "", false
	}
	digits := string(r.src[end+1 : stop])
	if len(digits) == 3 && strings.TrimLeft(lit, "-") != "0" {
		return stop, lit + digits, true
	}
	return stop, lit + "." + digits, true
}

// canonicalNumber turns a JSON or JavaScript number into its JSON token.
func (r *recovery) canonicalNumber(lit string) (token string, strict, ok bool) {
	wide := Limits{Digits: len(lit) + 1, Exponent: mostExponent}
	if c := lit[0]; (c == '-' || c-'0' < 10) && scanNumber([]byte(lit), 0, &wide) == len(lit) {
		return lit, true, true
	}
	sign, s := "", lit
	switch s[0] {
	case '-':
		sign, s = "-", s[1:]
	case '+':
		s = s[1:]
	}
	if strings.Contains(s, "_") {
		if strings.HasPrefix(s, "_") || strings.HasSuffix(s, "_") || strings.Contains(s, "__") {
			return "", false, false
		}
		s = strings.ReplaceAll(s, "_", "")
	}
	whole := strings.TrimSuffix(s, "n")
	if len(whole) > 2 && whole[0] == '0' && strings.IndexByte("xXoObB", whole[1]) >= 0 {
		base := map[byte]int{'x': 16, 'o': 8, 'b': 2}[whole[1]|0x20]
		if base != 16 {
			whole = strings.TrimSuffix(s, "n")
		}
		if len(whole) > 4*r.lim.Digits+2 { // at most this many binary digits for one decimal one
			for _, c := range []byte(whole[2:]) {
				if d := hexDigit(c); d < 0 || int(d) >= base {
					return "", false, false
				}
			}
			return strings.Repeat("9", r.lim.Digits+1), false, true
		}
		n, good := new(big.Int).SetString(whole[2:], base)
		if !good || whole[2] == '+' || whole[2] == '-' {
			return "", false, false
		}
		return sign + n.String(), false, true
	}
	if whole != s && strings.Trim(whole, "0123456789") != "" { // a bigint has no fraction
		return "", false, false
	}
	s = whole
	if strings.HasPrefix(s, ".") {
		s = "0" + s
	}
	if dot := strings.IndexByte(s, '.'); dot >= 0 && (dot+1 == len(s) || s[dot+1]|0x20 == 'e') {
		s = s[:dot] + s[dot+1:]
		if lit == "." || strings.TrimLeft(lit, "+-")[0] == '.' {
			return "", false, false
		}
	}
	if s == "" || s[0]-'0' > 9 || scanNumber([]byte(s), 0, &wide) != len(s) {
		return "", false, false
	}
	return sign + s, false, true
}

// stringLiteral reads the string at i in whatever quotes, and complains about what is in it. A missing closing quote is
// left to the caller, who knows what follows.
func (r *recovery) stringLiteral(i int, key bool) literal {
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
		if end, escapes, _ := scanString(r.src, i); end >= 0 && r.endsString(end, key) && !r.smartKey(i+1, end-1, key) {
			s := literal{start: i, end: end, next: end, strict: true, escapes: escapes, delim: delim}
			if key {
				s.text = unescape(r.src[i+1 : end-1])
			}
			return s
		}
	}
	s := literal{start: i, delim: delim}
	end, inner := r.stringEnd(&s, key)
	return r.decode(s, s.start+1, end, inner)
}

// endsString reports whether what follows at i suits the end of a string.
func (r *recovery) endsString(i int, key bool) bool {
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
	return !key && r.src[i-1] != '"' && r.src[i-1] != '\'' && r.keyAhead(i) || spaceLen(r.src, i) > 0
}

// stringEnd finds where the content of the string that starts at s.start ends, sets s.end, s.next, s.missing and
// s.atEnd, and returns quotes within the content that lack a backslash.
func (r *recovery) stringEnd(s *literal, key bool) (end int, inner []byteEdit) {
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
func (r *recovery) stringQuote(s *literal, j int, key bool) (end int, inner []byteEdit) {
	start := s.start + 1
	s.end, s.next = j+1, j+1
	if s.delim == '`' || r.endsString(j+1, key) && !r.smartKey(start, j, key) {
		return j, nil
	}
	if s.delim == '"' {
		if n, size := r.smartEnd(start, j); n >= 0 {
			r.report(CodeSmartQuote, n, n+size, `write "`, one(n, n+size, `"`), "got the typographic quote %s, want \"", r.src[n:n+size])
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
		line = line[:lineLen(line)]
		two := string([]byte{s.delim, s.delim})
		if n := strings.Index(string(line), two); n > 0 && strings.IndexByte(string(line[:n]), s.delim) < 0 && !bytes.ContainsRune(line[:n], '\\') && r.endsString(j+n+3, key) {
			stop := j + 1 + n
			r.report(CodeUnescapedQuote, s.start, stop+2, "remove the doubled quotes", []byteEdit{{s.start, s.start + 1, ""}, {stop + 1, stop + 2, ""}}, "the quotes stand twice")
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

// smartEnd finds in src[from:to] a typographic quote that ends a string which a plain one began, or returns -1.
func (r *recovery) smartEnd(from, to int) (at, size int) {
	for n := from; n < to; n += size {
		var ch rune
		ch, size = utf8.DecodeRune(r.src[n:to])
		if smartClass(ch) == smartDouble {
			if c := skipSpace(r.src, n+size); c < to && strings.IndexByte(",:}]", r.src[c]) >= 0 {
				return n, size
			}
		}
	}
	return -1, 0
}

// smartKey reports whether src[from:to] cannot be a key, since no colon follows, and holds the end of one.
func (r *recovery) smartKey(from, to int, key bool) bool {
	if i := skipSpace(r.src, to+1); !key || r.t.ascii || i < len(r.src) && r.src[i] == ':' {
		return false
	}
	n, _ := r.smartEnd(from, to)
	return n >= 0
}

// opensNext reports whether the quote at j opens a key or an element.
func (r *recovery) opensNext(j int) bool {
	end := r.quotedEnd(j)
	if end >= len(r.src) || r.src[end-1] != r.src[j] {
		return false
	}
	for end < len(r.src) && (r.src[end] == ' ' || r.src[end] == '\t') {
		end++
	}
	if end >= len(r.src) {
		return false
	}
	if r.isObject() {
		return r.src[end] == ':'
	}
	return strings.IndexByte(",]\n\r", r.src[end]) >= 0
}

// innerQuotes looks on the line of the quote at j for a later one that ends the string for certain. The quotes before it
// lack a backslash. One sweep a line: what was found missing is remembered.
func (r *recovery) innerQuotes(j int, delim byte, key bool) (closing int, quotes []byteEdit) {
	if j < r.noClose {
		return 0, nil
	}
	quotes = one(j, j, `\`)
	for n := j + 1; ; n++ {
		if n >= len(r.src) || r.src[n] == '\n' || r.src[n] == '\r' {
			r.noClose = n
			return 0, nil
		}
		if r.src[n] == '\\' {
			n++
			continue
		}
		if r.src[n] != delim {
			continue
		}
		i := n + 1
		for i < len(r.src) && (r.src[i] == ' ' || r.src[i] == '\t') {
			i++
		}
		if want := ",]}\n\r"; i >= len(r.src) || key && r.src[i] == ':' || !key && strings.IndexByte(want, r.src[i]) >= 0 {
			return n, quotes
		}
		quotes = append(quotes, byteEdit{n, n, `\`})
	}
}

// endsAtLine decides whether a string that meets the line break at j lost its closing quote; otherwise it goes on in the
// next line. A key or bracket that follows, and an even number of quotes in the rest of the text, speak for the former.
func (r *recovery) endsAtLine(j int, delim byte) bool {
	k := j + 1
	if r.src[j] == '\r' && k < len(r.src) && r.src[k] == '\n' {
		k++
	}
	for k < len(r.src) && (r.src[k] == ' ' || r.src[k] == '\t') {
		k++
	}
	if k < len(r.src) && (r.src[k] == '"' || delim == '\'') && r.keyAhead(k) {
		return true
	}
	if delim == '\'' { // apostrophes make counting useless
		return bytes.IndexByte(r.src[k:k+lineLen(r.src[k:])], delim) < 0
	}
	return r.quotesAfter(j)%2 == 0
}

// quotesAfter counts the double quotes without a backslash from j on. Calls come with ascending j.
func (r *recovery) quotesAfter(j int) int {
	if r.parity < 0 || j < r.parityAt {
		r.parity, r.parityAt = countQuotes(r.src[j:]), j
	}
	r.parity -= countQuotes(r.src[r.parityAt:j])
	r.parityAt = j
	return r.parity
}

func countQuotes(s []byte) (n int) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			n++
		}
	}
	return n
}

// lineContent returns the end of a string's content that runs up to stop because its quote is missing: commas and
// brackets that close what is open are not part of it.
func (r *recovery) lineContent(start, stop int, key, more bool) int {
	end := max(start, r.trimEnd(stop))
	if key {
		if w := r.wordEnd(start); w > start && w < end && r.src[w] == ':' {
			return w
		}
	}
	e := end
	if r.parens > 0 { // the end of the wrapping call
		for e > start && strings.IndexByte("); \t\r\n", r.src[e-1]) >= 0 {
			e--
		}
		if e = max(start, r.trimEnd(e)); e > start && strings.IndexByte("}]", r.src[e-1]) < 0 {
			e = end
		}
	}
	if more && e > start && r.src[e-1] == ',' {
		e = max(start, r.trimEnd(e-1))
		end = e
	}
	// Closing brackets, from the innermost container outwards.
	first := e
	for first > start && strings.IndexByte("]} \t\r\n", r.src[first-1]) >= 0 {
		first--
	}
	at := r.parent
	for i := first; i < e; i++ {
		if c := r.src[i]; c != ']' && c != '}' {
			continue
		} else if at == noNode || c != r.closing(at) {
			return end
		}
		at = r.t.nodes[at].next
	}
	if first < e && (more || at == noNode) {
		return max(start, r.trimEnd(first))
	}
	return end
}

// tripleQuoted reads Python's """…""" at i.
func (r *recovery) tripleQuoted(i int) (literal, bool) {
	three := r.src[i : i+3]
	n := bytes.Index(r.src[i+3:], three)
	if n < 0 {
		return literal{}, false
	}
	s := literal{start: i, end: i + n + 6, next: i + n + 6, delim: r.src[i]}
	quiet := recovery{src: r.src, lim: r.lim, t: r.t, parent: noNode}
	s.text = quiet.decode(literal{delim: '`'}, i+3, i+3+n, nil).text
	r.report(CodePythonLiteral, s.start, s.end, "write it as JSON", one(s.start, s.end, string(appendQuoted(nil, s.text))), "got a string in triple quotes")
	return s, true
}

// smartString reads a string that begins with a typographic quote.
func (r *recovery) smartString(i int, key bool) literal {
	opening, size := utf8.DecodeRune(r.src[i:])
	class := smartClass(opening)
	s := literal{start: i, delim: '"'}
	end := -1
	var inner []byteEdit
	n := i + size
	for n < len(r.src) && r.src[n] != '\n' && r.src[n] != '\r' {
		ch, w := utf8.DecodeRune(r.src[n:])
		if ch == '\\' {
			n += 2
			continue
		}
		if smartClass(ch) == class || ch == rune(class) {
			next, _ := utf8.DecodeRune(r.src[min(n+w, len(r.src)):])
			if !isWordRune(next) {
				end = n
				s.end, s.next = n+w, n+w
				break
			}
		}
		if ch == '"' {
			inner = append(inner, byteEdit{n, n, `\`})
		}
		n += w
	}
	edits := one(i, i+size, `"`)
	if end < 0 {
		end = r.lineContent(i+size, min(n, len(r.src)), key, n < len(r.src))
		end = max(end, i+size)
		s.end, s.next = end, end
		inner = slices.DeleteFunc(inner, func(e byteEdit) bool { return e.start >= end })
		edits = append(edits, inner...)
		if s.missing = r.atEnd(end); s.missing {
			s.atEnd, s.next = true, len(r.src)
		} else {
			edits = append(edits, byteEdit{end, end, `"`})
		}
	} else {
		edits = append(append(edits, inner...), byteEdit{end, s.end, `"`})
	}
	r.report(CodeSmartQuote, i, s.end, `write "`, edits, "got the typographic quote %c, want \"", opening)
	from := s.start
	s.start = i + size - 1 // decode expects the content right after a one-byte quote
	s = r.decode(s, i+size, end, nil)
	s.start, s.strict = from, false
	return s
}

// decode reads the content src[from:to] of s, and complains about what it should not contain.
func (r *recovery) decode(s literal, from, to int, inner []byteEdit) literal {
	var (
		b             strings.Builder
		loose         bool
		broken        = s.broken
		bad, controls []byteEdit
		what          byte
		breaks        int
	)
	b.Grow(to - from)
	plain := from
	flush := func(i int) { b.Write(r.src[plain:i]) }
	i := from
	for i < to {
		c := r.src[i]
		if c >= ' ' && c != '\\' && c < utf8.RuneSelf && !(c == '$' && s.delim == '`') {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			_, n := utf8.DecodeRune(r.src[i:to])
			if n == 1 {
				flush(i)
				b.WriteRune(utf8.RuneError)
				broken = true
				plain = i + 1
			}
			i += n
			continue
		}
		flush(i)
		switch {
		case c == '$':
			b.WriteByte('$')
			s.template = s.template || i+1 < to && r.src[i+1] == '{'
			i++
		case c == '\\':
			text, n, kind := jsEscape(r.src[i:to])
			switch {
			case kind == escapeCut && (s.missing || s.delim == '`'):
				s.cut = append(s.cut, byteEdit{i, to, ""})
			case kind == escapeBad || kind == escapeCut:
				n = 1
				text = `\`
				bad = append(bad, byteEdit{i, i, `\`})
			case kind == escapeLoose:
				loose = true
			default:
				if s.escapes |= flagEscaped; n >= 6 && namesSurrogate(r.src[i:]) {
					s.escapes |= flagSurrogate
				}
			}
			b.WriteString(text)
			i += n
		default: // a control character
			end := i
			var text strings.Builder
			for end < to && r.src[end] < ' ' {
				c := r.src[end]
				if c == '\r' && end+1 < to && r.src[end+1] == '\n' {
					end++
					c = '\n'
				}
				if end++; len(controls) == 0 && text.Len() == 0 {
					what = c
				}
				breaks++
				b.WriteByte(c)
				text.Write(controlEscape(c))
			}
			if s.delim == '`' {
				loose = true
			} else {
				controls = append(controls, byteEdit{i, end, text.String()})
			}
			i = end
		}
		plain = i
	}
	if i < to || plain < to {
		flush(to)
	}
	s.text = b.String()
	if s.template {
		return s
	}
	for n := range inner {
		broken = true
		if n == 0 {
			r.report(CodeUnescapedQuote, inner[0].start, inner[0].start+1, `write \`+string(s.delim), inner, "a quote inside of the string ends it too early")
		}
	}
	if len(bad) > 0 {
		at := bad[0].start
		width := min(2, to-at)
		for at+width < to && continues(r.src[at+width]) {
			width++
		}
		r.report(CodeBadEscape, at, at+width, `write \\`, r.joined(bad), "%s is no escape", excerpt(r.src[at:at+width]))
	}
	if len(controls) > 0 {
		message := controlName(what) + " inside of a string"
		if breaks > 1 {
			message += fmt.Sprintf(" (and %d more)", breaks-1)
		}
		r.report(CodeControlCharacter, controls[0].start, controls[0].end, "write "+quote(controls[0].text), r.joined(controls), "%s", message)
	}
	clean := !broken && len(bad) == 0 && len(controls) == 0 && !s.missing
	s.strict = clean && !loose && s.delim == '"'
	if s.strict || s.missing && s.atEnd {
		return s
	}
	s.escapes = 0
	if r.src[s.start] == s.delim {
		switch {
		case s.delim != '"' && (clean || len(bad)+len(controls) > 0 || broken):
			r.relax(looseQuotes, byteEdit{s.start, s.end, string(appendQuoted(nil, s.text))})
		case loose:
			r.relax(looseEscape, byteEdit{s.start, s.end, string(appendQuoted(nil, s.text))})
		}
	}
	return s
}

// joined makes one edit of very many within one string, so that hostile text does not cost megabytes of them.
func (r *recovery) joined(edits []byteEdit) []byteEdit {
	if len(edits) <= 1000 {
		return edits
	}
	at := edits[0].start
	var b strings.Builder
	for _, e := range edits {
		b.Write(r.src[at:e.start])
		b.WriteString(e.text)
		at = e.end
	}
	return one(edits[0].start, at, b.String())
}

// escapeKind grades an escape sequence.
type escapeKind uint8

const (
	escapeStrict escapeKind = iota // JSON
	escapeLoose                    // JavaScript
	escapeBad                      // neither
	escapeCut                      // neither, because the text ends
)

// jsEscape decodes the escape that s starts with, and returns its length.
func jsEscape(s []byte) (text string, n int, k escapeKind) {
	if len(s) < 2 {
		return "", len(s), escapeCut
	}
	digits := func(from, count int) (rune, escapeKind) {
		for i := from; i < from+count; i++ {
			if i >= len(s) {
				return 0, escapeCut
			}
			if hexDigit(s[i]) < 0 {
				return 0, escapeBad
			}
		}
		v, _ := hexRune(s, from, count)
		return v, escapeStrict
	}
	switch c := s[1]; c {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return string(simpleEscape(c)), 2, escapeStrict
	case 'u':
		if len(s) > 2 && s[2] == '{' {
			v := rune(0)
			for i := 3; ; i++ {
				switch {
				case i >= len(s):
					return "", len(s), escapeCut
				case s[i] == '}' && i > 3:
					return string(v), i + 1, escapeLoose
				case hexDigit(s[i]) < 0 || v > unicode.MaxRune>>4:
					return "", 1, escapeBad
				}
				v = v<<4 | hexDigit(s[i])
			}
		}
		if _, k := digits(2, 4); k != escapeStrict {
			return "", len(s), k
		}
		v, size := surrogateAware(s, 0)
		return string(v), size, escapeStrict
	case 'x':
		v, k := digits(2, 2)
		if k != escapeStrict {
			return "", len(s), k
		}
		return string(v), 4, escapeLoose
	case '0':
		if len(s) > 2 && s[2]-'0' < 10 {
			return "", 1, escapeBad
		}
		return "\x00", 2, escapeLoose
	case 'v':
		return "\v", 2, escapeLoose
	case '\'', '`', '$':
		return string(c), 2, escapeLoose
	case '\n':
		return "", 2, escapeLoose
	case '\r':
		if len(s) > 2 && s[2] == '\n' {
			return "", 3, escapeLoose
		}
		return "", 2, escapeLoose
	}
	return "", 1, escapeBad
}

func controlEscape(c byte) []byte {
	quoted := appendQuoted(nil, string(c))
	return quoted[1 : len(quoted)-1]
}

func controlName(c byte) string {
	switch c {
	case '\n', '\r':
		return "a line break"
	case '\t':
		return "a tab"
	}
	return fmt.Sprintf("the control character U+%04X", c)
}

// invalidRuns returns an edit for each run of bytes in src that are not UTF-8.
func invalidRuns(src []byte) (runs []byteEdit) {
	for i := 0; i < len(src); {
		if n := plainRun(src[i:], false); n > 0 {
			i += n
			continue
		}
		start := i
		for i < len(src) && src[i] >= utf8.RuneSelf {
			ch, n := utf8.DecodeRune(src[i:])
			if ch != utf8.RuneError || n > 1 {
				break
			}
			i++
		}
		if i > start {
			runs = append(runs, byteEdit{start, i, strings.Repeat("\uFFFD", i-start)})
			continue
		}
		size, _ := runeAt(src, i)
		i += size
	}
	return runs
}

// fromUTF16 decodes UTF-16 text with or without a byte order mark.
func fromUTF16(src []byte, big bool) string {
	var order binary.ByteOrder = binary.LittleEndian
	if big {
		order = binary.BigEndian
	}
	units := make([]uint16, 0, len(src)/2)
	for i := 0; i+1 < len(src); i += 2 {
		units = append(units, order.Uint16(src[i:]))
	}
	return strings.TrimPrefix(string(utf16.Decode(units)), "\uFEFF")
}

// excerpt quotes source text for a message, cut to a readable length.
func excerpt(s []byte) string {
	return quote(string(s[:min(len(s), utf8.UTFMax*mostQuoted+1)]))
}

// quoteAt names the token at i for a message.
func (r *recovery) quoteAt(i int) string {
	end := i + 1
	switch {
	case r.quoteStarts(i):
		end = min(i+60, r.quotedEnd(i), i+lineLen(r.src[i:min(len(r.src), i+200)]))
	case r.wordEnd(i) > i:
		end = r.wordEnd(i)
	}
	return excerpt(r.src[i:max(end, i+1)])
}
