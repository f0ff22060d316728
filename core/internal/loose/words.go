package loose

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// startsItem reports whether a key or a value can start at r.i, in the widest sense.
func (r *reader) startsItem() bool {
	c := r.src[r.i]
	if c == '%' {
		return r.placeholderEnd(r.i) > r.i
	}
	if c >= utf8.RuneSelf {
		ch, _ := utf8.DecodeRune(r.src[r.i:])
		return isWordRune(ch) || smartClass(ch) != 0
	}
	return wordByte(c) || strings.IndexByte("\"'`{[(+<@", c) >= 0 || c == '\\' && r.bareKeyEnd(r.i) > r.i
}

// wordByte tells ASCII characters that words and numbers consist of.
func wordByte(c byte) bool {
	return c|0x20-'a' < 26 || c-'0' < 10 || c == '_' || c == '$' || c == '-' || c == '.'
}

func isWordRune(ch rune) bool {
	return ch != utf8.RuneError && (unicode.IsLetter(ch) || unicode.IsMark(ch) || unicode.IsDigit(ch) || unicode.Is(unicode.So, ch))
}

// wordEnd returns the end of the word at i.
func (r *reader) wordEnd(i int) int {
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

// bareKeyEnd returns the end of the name without quotes at i, which may hold escapes as JavaScript has them.
func (r *reader) bareKeyEnd(i int) int {
	for {
		end := r.wordEnd(i)
		if end == len(r.src) || r.src[end] != '\\' {
			return end
		}
		text, n, kind := jsEscape(r.src[end:min(len(r.src), end+12)])
		if kind > escapeLoose || r.src[end+1] != 'u' || strings.IndexFunc(text, isWordRune) != 0 && text != "_" && text != "$" {
			return end
		}
		i = end + n
	}
}

// pythonLiterals are words of other languages that have one clear meaning.
var pythonLiterals = map[string]string{
	"True": "true", "TRUE": "true", "False": "false", "FALSE": "false", "None": "null", "NULL": "null", "Null": "null", "nil": "null",
}

// wordValue reads a value that starts with a letter or the like.
func (r *reader) wordValue(k *literal) {
	start := r.i
	end := r.wordEnd(start)
	word := string(r.src[start:end])
	at := int32(len(r.t.Nodes))
	bare := r.endsValue(end)
	switch {
	case bare && r.plainWord(word, start, end, k):
		return
	case bare && pythonLiterals[word] != "":
		want := pythonLiterals[word]
		r.reportAt(at, finding.PythonLiteral, start, end, "write "+want, one(start, end, want), "got %s, which JSON writes %s", word, want)
		r.scalar(map[string]jsontape.Kind{"true": jsontape.True, "false": jsontape.False, "null": jsontape.Null}[want], start, end, k)
		return
	case bare && notANumber(word):
		r.reportAt(at, finding.NotANumber, start, end, "", nil, "JSON has no %s", word)
		r.scalar(jsontape.Bad, start, end, k)
		return
	case end < len(r.src) && (r.src[end] == '"' || r.src[end] == '\'') && stringPrefix(word):
		r.prefixedString(start, end, k)
		return
	}
	if end < len(r.src) && (r.src[end] == '(' || r.src[end] == '[') || r.isProgram(word, start, end) {
		stop := max(r.expression(start), end)
		r.reportAt(at, finding.UnsupportedExpression, start, stop, "", nil, "this cannot be read without running it: %s", finding.Excerpt(r.src[start:stop]))
		r.scalar(jsontape.Bad, start, stop, k)
		return
	}
	stop := r.unquotedEnd(start)
	if stop == end && r.plainWord(word, start, end, k) {
		return
	}
	if r.atEnd(stop) && r.parent != jsontape.NoNode && !r.braces {
		r.cutWord(start, stop, k)
		return
	}
	r.unquoted(start, stop, k)
}

// plainWord pushes the words that JSON and JavaScript know.
func (r *reader) plainWord(word string, start, end int, k *literal) bool {
	switch word {
	case "true":
		r.scalar(jsontape.True, start, end, k)
	case "false":
		r.scalar(jsontape.False, start, end, k)
	case "null":
		r.scalar(jsontape.Null, start, end, k)
	case "undefined":
		r.scalar(jsontape.Null, start, end, k)
		r.relax(looseUndefined, finding.Edit{Start: start, End: end, Text: "null"})
	default:
		return false
	}
	return true
}

// endsValue reports whether a value may end at i: nothing of an expression or a longer text follows on its line.
func (r *reader) endsValue(i int) bool {
	for i < len(r.src) && (r.src[i] == ' ' || r.src[i] == '\t') {
		i++
	}
	if i >= len(r.src) || strings.IndexByte(",;:}])\n\r/\"'`{[#", r.src[i]) >= 0 || r.src[i] >= utf8.RuneSelf && utf.SpaceLen(r.src, i) > 0 {
		return true
	}
	if ch, _ := utf8.DecodeRune(r.src[i:]); plainPunctuation(ch) != 0 {
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

// isProgram recognises code by what only code contains.
func (r *reader) isProgram(word string, start, end int) bool {
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
		if utf.HasPrefix(line, op) {
			return true
		}
	}
	return false
}

// unquotedEnd returns the end of the words at i that would be a string had they quotes.
func (r *reader) unquotedEnd(i int) int {
	end := i
	word := i // start of the last word
	for i < len(r.src) {
		c := r.src[i]
		if c >= utf8.RuneSelf {
			ch, n := utf8.DecodeRune(r.src[i:])
			if plainPunctuation(ch) != 0 {
				return end
			}
			if utf.SpaceLen(r.src, i) == 0 {
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
			if i+2 < len(r.src) && (utf.HasPrefix(r.src[i+1:], "//") || utf.HasPrefix(r.src[i+1:], "/*") || r.src[i+1] == '#') {
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
func (r *reader) cutWord(start, end int, k *literal) {
	word := string(r.src[start:end])
	r.tail = tail{cut: true, start: start, edits: one(start, start, `"`), append: `"`}
	for _, w := range []string{"true", "false", "null"} {
		if strings.HasPrefix(w, word) {
			r.tail.edits, r.tail.append = nil, w[len(word):]
		}
	}
	if strings.ContainsAny(word, "\\") || !utf8.ValidString(word) {
		r.tail.edits, r.tail.append = []finding.Edit{{Start: start, End: end, Text: "null"}}, ""
	}
	r.scalar(jsontape.Bad, start, end, k)
}

func sorted(word string) string {
	b := []byte(word)
	slices.Sort(b)
	return string(b)
}

// unquoted reads words as the string they stand for.
func (r *reader) unquoted(start, end int, k *literal) {
	if end <= start {
		_, n := utf8.DecodeRune(r.src[start:])
		end = start + n
	}
	text := strings.ToValidUTF8(string(r.src[start:end]), "\uFFFD")
	at := int32(len(r.t.Nodes))
	if end < len(r.src) && r.src[end] == '"' && r.endsValue(end+1) && (end+1 == len(r.src) || r.src[end+1] != '"') {
		r.reportAt(at, finding.UnclosedString, start, end+1, "insert the quote", one(start, start, `"`), "the string %s has no opening quote", finding.Quote(text))
		end++
	} else {
		lower := strings.ToLower(text)
		for _, w := range []string{"true", "false", "null"} {
			mixed := len(lower) == len(w) && sorted(lower) == sorted(w)
			if len(lower) >= 2 && strings.HasPrefix(w, lower) || mixed {
				r.reportAt(at, finding.UnquotedString, start, end, "write "+w, one(start, end, w), "got %s, want %s or a string in quotes", text, w)
				if n := len(r.found) - 1; mixed && r.found[n].Fix != nil {
					r.found[n].Fix.Removes = text
				}
				r.scalar(jsontape.Bad, start, end, k)
				return
			}
		}
		r.reportAt(at, finding.UnquotedString, start, end, "put quotes around it", one(start, end, string(jsontape.AppendQuoted(nil, text))), "%s has no quotes around it", finding.Quote(text))
	}
	r.push(jsontape.Node{Kind: jsontape.String, Start: uint32(start), End: uint32(end)}, text, true, k)
	r.after(end)
}
