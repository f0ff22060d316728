package paste

import (
	"bytes"

	"github.com/completion-playground/playground/core/internal/utf"
)

// cmdReader yields the characters of a command line as cmd.exe hands them to a program: carets taken away, lines joined.
type cmdReader struct {
	src    []byte
	i      int
	quoted bool // a caret is only a caret
	over   bool // the command has ended
}

// next returns a character and where it stands; -1 at the end of the command.
func (r *cmdReader) next() (c byte, at int) {
	if r.over || r.i >= len(r.src) {
		r.over = true
		return 0, -1
	}
	at = r.i
	c = r.src[at]
	r.i++
	switch {
	case c == '"':
		r.quoted = !r.quoted
	case c == '^' && !r.quoted:
		if n := utf.BreakLen(r.src[r.i:]); n > 0 {
			r.i += n
		}
		if r.i >= len(r.src) {
			r.over = true
			return 0, -1
		}
		// What follows stands for itself, a line break too.
		at, c = r.i, r.src[r.i]
		r.i++
		if c == '\r' && r.i < len(r.src) && r.src[r.i] == '\n' {
			c = '\n'
			r.i++
		}
	case c == '\n' || c == '\r', (c == '&' || c == '|' || c == '<' || c == '>') && !r.quoted:
		r.over = true
		return 0, -1
	}
	return c, at
}

// cmdWords splits a command line as the C runtime of Windows does: a quote ends and starts quoting, \" is a quote, and so
// is "" within quotes; backslashes count only before a quote.
func cmdWords(src []byte, start int, d *Draft) []word {
	r := cmdReader{src: src, i: start}
	var words []word
	var w word
	inWord, quoted := false, false
	slashes, opened, last := 0, 0, 0
	flush := func() {
		for ; slashes > 0; slashes-- {
			w.text = append(w.text, '\\')
		}
	}
	for {
		c, at := r.next()
		if at < 0 {
			break
		}
		last = r.i
		if !inWord {
			if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
				continue
			}
			w, inWord = word{start: at}, true
		}
		switch {
		case c == '\\':
			slashes++
		case c == '"':
			literal := slashes%2 == 1
			slashes /= 2
			flush()
			if literal {
				w.text = append(w.text, '"')
				break
			}
			back := r
			if again, _ := r.next(); quoted && again == '"' {
				w.text = append(w.text, '"')
				break
			}
			r = back
			if quoted = !quoted; quoted {
				opened = at
			}
		case !quoted && (c == ' ' || c == '\t'):
			flush()
			w.end, inWord = at, false
			if words = append(words, w); len(words) > mostWords {
				return words
			}
		case c == '%':
			flush()
			if n := nameLen(src[at+1:]); n > 0 && at+1+n < len(src) && src[at+1+n] == '%' && src[max(at-1, 0)] != '^' {
				w.holes = append(w.holes, hole{at: len(w.text), start: at, end: at + n + 2})
			}
			w.text = append(w.text, c)
		default:
			flush()
			w.text = append(w.text, c)
		}
	}
	if inWord {
		flush()
		if w.end = last; quoted {
			w.broken = true
			d.openEnded(opened, opened+1, "the text in double quotes")
		}
		words = append(words, w)
	}
	return words
}

// looksCmd tells a command for cmd.exe from one for a shell: by carets, by its prompt, or by doubled quotes.
func looksCmd(src []byte) bool {
	start, ok := cmdStart(src)
	if !ok {
		return false
	}
	rest := src[start:]
	if bytes.Contains(rest, []byte("'{")) || bytes.Contains(rest, []byte("`\"")) || bytes.Contains(rest, []byte("\\\n")) {
		return false
	}
	return start > 0 && (src[start-1] == '>' || src[start-1] == '@') || bytes.Contains(rest, []byte("^\n")) || bytes.Contains(rest, []byte("^\r")) ||
		bytes.Contains(rest, []byte(`^"`)) || bytes.Contains(rest, []byte(`{""`)) || bytes.Contains(rest, []byte(`"{ ""`)) ||
		utf.HasPrefix(rest, "curl.exe") && bytes.Contains(rest, []byte(`{\"`))
}

// cmdStart returns where curl is called: at the start of the text, or behind a prompt such as C:\>.
func cmdStart(src []byte) (start int, ok bool) {
	start = len(src) - len(bytes.TrimLeft(src, " \t\r\n@"))
	if n := bytes.IndexByte(src[start:start+utf.LineLen(src[start:])], '>'); n > 1 && n < 200 && src[start+1] == ':' {
		start += n + 1
		if rest := bytes.TrimLeft(src[start:], " "); utf.HasPrefix(rest, "curl") {
			return start, true
		}
		return 0, false
	}
	name := string(src[start : start+wordLen(src[start:])])
	return start, name == "curl" || name == "curl.exe"
}

func readCmd(src []byte, d *Draft) bool {
	start, _ := cmdStart(src)
	words := cmdWords(src, start, d)
	if len(words) == 0 || baseName(string(words[0].text)) != "curl" {
		return false
	}
	c := curl{src: src, d: d}
	c.readArguments(words[1:])
	return true
}
