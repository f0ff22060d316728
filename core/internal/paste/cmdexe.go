package paste

import (
	"bytes"
	"strings"

	"github.com/completion-playground/playground/core/internal/utf"
)

// cmdReader yields the characters of a command line as cmd.exe hands them to a program: carets taken away, lines joined.
type cmdReader struct {
	src     []byte
	i       int
	quoted  bool              // a caret is only a caret
	over    bool              // the command has ended
	vars    map[string]string // set in lines before, by their names in upper case
	instead string            // what is left of the value of a variable
	from    int               // where it is used
	room    int               // for the values of variables
	batch   bool              // a percent sign is written twice
}

// ended reports whether nothing is left to be read.
func (r *cmdReader) ended() bool { return r.instead == "" && r.i >= len(r.src) }

// take returns a character, of the value of a variable in its place, and where it stands. cmd.exe puts values in before it
// looks at quotes and carets.
func (r *cmdReader) take() (c byte, at int) {
	if r.instead == "" && r.src[r.i] == '%' {
		if r.batch && utf.HasPrefix(r.src[r.i:], "%%") {
			r.i += 2
			return '%', r.i - 1
		}
		n := nameLen(r.src[r.i+1:])
		end := r.i + 1 + n
		if n > 0 && end < len(r.src) && r.src[end] == '%' {
			if value, set := r.vars[strings.ToUpper(string(r.src[r.i+1:end]))]; set && value != "" && len(value) <= r.room {
				r.room -= len(value)
				r.instead, r.from, r.i = value, r.i, end+1
			}
		}
	}
	if r.instead != "" {
		c, r.instead = r.instead[0], r.instead[1:]
		return c, r.from
	}
	r.i++
	return r.src[r.i-1], r.i - 1
}

// next returns a character and where it stands; -1 at the end of the command.
func (r *cmdReader) next() (c byte, at int) {
	if r.over || r.ended() {
		r.over = true
		return 0, -1
	}
	c, at = r.take()
	switch {
	case c == '"':
		r.quoted = !r.quoted
	case c == '^' && !r.quoted:
		if r.instead == "" {
			r.i += utf.BreakLen(r.src[r.i:])
		}
		if r.ended() {
			r.over = true
			return 0, -1
		}
		// What follows stands for itself, a line break too.
		c, at = r.take()
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
func cmdWords(src []byte, call cmdCall, d *Draft) []word {
	r := cmdReader{src: src, i: call.start, vars: call.vars, batch: call.batch, room: 4*len(src) + 1<<10}
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
			if n := nameLen(src[at+1:]); n > 0 && at+1+n < len(src) && src[at+1+n] == '%' && src[max(at-1, 0)] != '^' && call.vars[strings.ToUpper(string(src[at+1:at+1+n]))] == "" {
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

// looksCmd tells a command for cmd.exe from one for a shell: by carets, by its prompt, by doubled quotes, or by the lines
// before it.
func looksCmd(src []byte) bool {
	c, ok := cmdStart(src)
	if !ok {
		return false
	}
	rest := src[c.start:]
	if bytes.Contains(rest, []byte("'{")) || bytes.Contains(rest, []byte("`\"")) || bytes.Contains(rest, []byte("\\\n")) {
		return false
	}
	return c.batch || c.start > 0 && (src[c.start-1] == '>' || src[c.start-1] == '@') || bytes.Contains(rest, []byte("^\n")) || bytes.Contains(rest, []byte("^\r")) ||
		bytes.Contains(rest, []byte(`^"`)) || bytes.Contains(rest, []byte(`{""`)) || bytes.Contains(rest, []byte(`"{ ""`)) ||
		utf.HasPrefix(rest, "curl.exe") && bytes.Contains(rest, []byte(`{\"`))
}

// batchLines are the words that lines of a batch file start with before a command, in lower case.
var batchLines = nameSet("set echo rem :: setlocal cd chcp title")

// cmdCall is where a text calls curl for cmd.exe.
type cmdCall struct {
	start int
	vars  map[string]string // set in lines before
	batch bool              // lines of a batch file stand before it
}

// cmdStart finds the first line that calls curl, perhaps behind a prompt such as C:\>. Before it there are only lines that
// a batch file begins with.
func cmdStart(src []byte) (c cmdCall, ok bool) {
	c.vars = map[string]string{}
	for i := 0; i < len(src); i = lineEnd(src, i) {
		line := bytes.TrimRight(src[i:lineEnd(src, i)], "\r\n")
		at := len(line) - len(bytes.TrimLeft(line, " \t@"))
		prompted := false
		if n := bytes.IndexByte(line[at:], '>'); n > 1 && n < 200 && line[at+1] == ':' {
			at, prompted = at+n+1, true
			at += len(line[at:]) - len(bytes.TrimLeft(line[at:], " "))
		}
		first := strings.ToLower(string(line[at : at+wordLen(line[at:])]))
		switch {
		case len(line) == at:
		case first == "curl" || first == "curl.exe":
			if c.start = i + at; prompted {
				c.start = i + bytes.IndexByte(line, '>') + 1
			}
			return c, true
		case batchLines[first]:
			if first == "set" && !c.set(line[at+len("set"):]) {
				return c, false
			}
			c.batch = c.batch || first != "echo" && first != "cd" || at > 0 && line[at-1] == '@'
		default:
			return c, false
		}
	}
	return c, false
}

// set keeps what "set NAME=value" or set "NAME=value" says, and reports whether it is one. Blanks at the end are a part
// of the value without quotes.
func (c *cmdCall) set(line []byte) bool {
	line = bytes.TrimLeft(line, " \t")
	if end := bytes.LastIndexByte(line, '"'); end > 0 && line[0] == '"' {
		line = line[1:end]
	}
	r := cmdReader{src: line, vars: c.vars, room: 4*len(line) + 1<<10}
	var text []byte
	for {
		char, at := r.next()
		if at < 0 {
			break
		}
		text = append(text, char)
	}
	name, value, ok := strings.Cut(string(text), "=")
	if ok = ok && nameLen([]byte(name)) == len(name) && name != ""; ok {
		c.vars[strings.ToUpper(name)] = value
	}
	return ok
}

func readCmd(src []byte, d *Draft) bool {
	call, _ := cmdStart(src)
	words := cmdWords(src, call, d)
	if len(words) == 0 || baseName(string(words[0].text)) != "curl" {
		return false
	}
	c := curl{src: src, d: d}
	c.readArguments(words[1:])
	return true
}
