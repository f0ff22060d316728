package paste

import (
	"bytes"
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// jq reads a filter of jq that makes a value out of literals and of what --arg and --argjson say: the manual of jq 1.7,
// "Types and Values" and "Invoking jq".
type jq struct {
	s     []byte // the filter
	i     int
	args  map[string]word // variables, each as JSON
	out   word
	depth int
}

// jqFlags are options that do not change what is made; those with a value of their own are read by made.
const jqFlags = "ncCrSjMae"

// made returns what a call of jq prints, and nil where that depends on more than is written there. In that case at is where
// the filter stands.
func made(args []word, in *word) (out *word, at *word) {
	j := jq{args: map[string]word{}}
	null := false
	list := arguments{words: args}
	for list.next() {
		switch text := list.text; {
		case text == "--arg" || text == "--argjson":
			name, value := list.value(0), list.value(0)
			if text == "--arg" {
				value = quotedWord(value)
			} else if _, ok := scanned(value.text); !ok {
				return nil, &value
			}
			j.args[string(name.text)] = value
		case text == "--null-input" || text == "--compact-output" || text == "--raw-output" || text == "--sort-keys" || text == "--monochrome-output" || text == "--indent" || text == "--tab":
			null = null || text == "--null-input"
			if text == "--indent" {
				list.value(0)
			}
		case len(text) > 1 && text[0] == '-' && strings.Trim(text[1:], jqFlags) == "":
			null = null || strings.Contains(text, "n")
		case len(text) > 1 && text[0] == '-': // input that is no JSON, values out of files
			return nil, &list.word
		case at == nil:
			filter := list.word
			at = &filter
		default: // a file to be read
			return nil, at
		}
	}
	if at == nil || len(at.holes) > 0 || at.broken {
		return nil, at
	}
	if string(bytes.TrimSpace(at.text)) == "." && !null {
		return in, at
	}
	j.s, j.out = at.text, word{start: at.start, end: at.end}
	ok := j.value()
	if j.space(); ok && j.i == len(j.s) {
		return &j.out, at
	}
	if n := at.end - at.start; n == len(at.text)+2 { // in quotes, without escapes: the place within is known
		return nil, &word{start: at.start + 1 + j.i, end: at.end - 1}
	}
	return nil, at
}

// quotedWord returns a word as a text of JSON. What only a program knows stands in it as it is typed.
func quotedWord(w word) word {
	out := word{start: w.start, end: w.end, broken: w.broken, text: []byte{'"'}}
	var add writer
	from := 0
	piece := func(to int) {
		add.out = append(add.out[:0], '"')
		add.piece(string(w.text[from:to]))
		out.text = append(out.text, add.out[1:]...)
		from = to
	}
	for _, h := range w.holes {
		piece(h.at)
		out.holes = append(out.holes, h.moved(len(out.text)-h.at))
	}
	piece(len(w.text))
	out.text = append(out.text, '"')
	return out
}

func (j *jq) space() {
	for j.i < len(j.s) {
		switch j.s[j.i] {
		case ' ', '\t', '\n', '\r':
			j.i++
		case '#':
			j.i = lineEnd(j.s, j.i)
		default:
			return
		}
	}
}

// eat moves over a sign, where it stands.
func (j *jq) eat(c byte) bool {
	j.space()
	if j.i < len(j.s) && j.s[j.i] == c {
		j.i++
		return true
	}
	return false
}

// name moves over a name and returns it.
func (j *jq) name() string {
	start := j.i
	j.i += nameLen(j.s[j.i:])
	return string(j.s[start:j.i])
}

// value reads one that needs nothing to be run, and reports false at the place of any other.
func (j *jq) value() bool {
	if j.depth++; j.depth > mostDepth {
		return false
	}
	defer func() { j.depth-- }()
	j.space()
	if j.i == len(j.s) {
		return false
	}
	start := j.i
	switch c := j.s[j.i]; {
	case c == '{':
		return j.list('}', j.member)
	case c == '[':
		return j.list(']', j.value)
	case c == '(':
		j.i++
		return j.value() && j.eat(')')
	case c == '"':
		return j.text()
	case c == '$':
		j.i++
		w, ok := j.args[j.name()]
		if !ok || j.i < len(j.s) && (j.s[j.i] == '.' || j.s[j.i] == '[') {
			j.i = start
			return false
		}
		j.out.add(w)
		return true
	case c == '-' || c-'0' < 10:
		for j.i++; j.i < len(j.s) && (j.s[j.i]-'0' < 10 || strings.IndexByte(".eE", j.s[j.i]) >= 0 || strings.IndexByte("+-", j.s[j.i]) >= 0 && j.s[j.i-1]|0x20 == 'e'); {
			j.i++
		}
	default:
		switch j.name() {
		case "true", "false", "null":
		default:
			j.i = start
			return false
		}
	}
	if _, ok := scanned(j.s[start:j.i]); !ok {
		j.i = start
		return false
	}
	j.out.text = append(j.out.text, j.s[start:j.i]...)
	return true
}

// list reads what stands in brackets.
func (j *jq) list(end byte, item func() bool) bool {
	j.out.text = append(j.out.text, j.s[j.i])
	j.i++
	for first := true; !j.eat(end); first = false {
		if !first {
			if !j.eat(',') {
				return false
			}
			j.out.text = append(j.out.text, ',')
			if end == '}' && j.eat(end) { // jq allows a comma there
				j.out.text = j.out.text[:len(j.out.text)-1]
				break
			}
		}
		if !item() {
			return false
		}
	}
	j.out.text = append(j.out.text, end)
	return true
}

// member reads a key and its value, or a variable that is both.
func (j *jq) member() bool {
	j.space()
	switch start := j.i; {
	case j.i < len(j.s) && j.s[j.i] == '"':
		if !j.text() {
			return false
		}
	case j.eat('$'):
		name := j.name()
		w, ok := j.args[name]
		if !ok {
			j.i = start
			return false
		}
		j.out.text = append(append(append(j.out.text, '"'), name...), `":`...)
		j.out.add(w)
		return true
	default:
		name := j.name()
		if name == "" {
			return false
		}
		j.out.text = append(append(append(j.out.text, '"'), name...), '"')
	}
	if !j.eat(':') {
		return false
	}
	j.out.text = append(j.out.text, ':')
	return j.value()
}

// text reads one in quotes, with variables that are texts in it: "a \($b)".
func (j *jq) text() bool {
	start := j.i
	end, _, _ := jsontape.ScanString(j.s, start)
	if end >= 0 {
		j.out.text = append(j.out.text, j.s[start:end]...)
		j.i = end
		return true
	}
	j.out.text = append(j.out.text, '"')
	for j.i++; j.i < len(j.s); {
		switch c := j.s[j.i]; {
		case c == '"':
			j.i++
			j.out.text = append(j.out.text, '"')
			return true
		case c == '\\' && bytes.HasPrefix(j.s[j.i:], []byte(`\($`)):
			at := j.i
			j.i += len(`\($`)
			w, ok := j.args[j.name()]
			if n := len(w.text); !ok || n < 2 || w.text[0] != '"' || !j.eat(')') {
				j.i = at
				return false
			} else {
				inner := w.cut(1)
				inner.text = inner.text[:n-2]
				j.out.add(inner)
			}
		case c == '\\' && j.i+1 < len(j.s):
			j.out.text = append(j.out.text, c, j.s[j.i+1])
			j.i += 2
		case c < ' ': // jq takes them as they are
			escaped := jsontape.AppendQuoted(nil, string(rune(c)))
			j.out.text = append(j.out.text, escaped[1:len(escaped)-1]...)
			j.i++
		default:
			j.out.text = append(j.out.text, c)
			j.i++
		}
	}
	j.i = start
	return false
}
