package paste

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// looksLikeLines reports whether two lines that are objects begin the text.
func looksLikeLines(src []byte) bool {
	t := bytes.TrimSpace(src)
	n := utf.LineLen(t)
	if n == len(t) || t[0] != '{' || t[n-1] != '}' && t[n-1] != ' ' {
		return false
	}
	rest := bytes.TrimSpace(t[n:])
	return len(rest) > 0 && rest[0] == '{'
}

// readLines reads JSON Lines: the first line that is a request, each of them being a value of its own.
func readLines(src []byte, d *Draft) bool {
	found, others := -1, 0
	first, last := 0, 0
	for i := 0; i < len(src); {
		end := i + utf.LineLen(src[i:])
		line := bytes.TrimSpace(src[i:end])
		if len(line) > 0 {
			t, ok := scanned(line)
			if !ok || t.Nodes[0].Kind != jsontape.Object {
				if found < 0 && others == 0 || !ok && end < len(src) && len(bytes.TrimSpace(src[end:])) > 0 {
					return false // one value over many lines
				}
			}
			if found < 0 && ok && d.inner(src, i, end) {
				found = i
			} else {
				if others == 0 {
					first = i
				}
				last = end
				others++
			}
		}
		i = end + max(utf.BreakLen(src[end:]), 1)
	}
	if found < 0 || others == 0 {
		return false
	}
	message := strconv.Itoa(others) + " other lines, each with a value of its own"
	if others == 1 {
		message = "another line, with a value of its own"
	}
	d.Notes = append(d.Notes, Note{Left, first, last, message})
	return true
}

func looksLikeEvents(src []byte) bool {
	t := bytes.TrimSpace(src)
	for _, field := range []string{"data:", "event:", "id:", ":"} {
		if utf.HasPrefix(t, field) {
			return bytes.Contains(t, []byte("data:"))
		}
	}
	return false
}

// readEvents reads the first server-sent event whose data is a request. Several lines of data are one text.
func readEvents(src []byte, d *Draft) bool {
	var data []byte
	start, end := -1, 0
	single := true
	for i := 0; i <= len(src); {
		stop := i + utf.LineLen(src[i:])
		line := src[i:stop]
		if rest, ok := bytes.CutPrefix(line, []byte("data:")); ok {
			from := stop - len(bytes.TrimPrefix(rest, []byte(" ")))
			if start < 0 {
				start = from
			} else {
				data = append(data, '\n')
				single = false
			}
			data = append(data, src[from:stop]...)
			end = stop
		} else if len(line) == 0 && start >= 0 || stop == len(src) && start >= 0 {
			break
		}
		if stop == len(src) {
			break
		}
		i = stop + utf.BreakLen(src[stop:])
	}
	if start < 0 {
		return false
	}
	ok := single && d.strict(src, start, end)
	if t, valid := scanned(data); !ok && valid && requests(&t) {
		d.Body = bytes.TrimSpace(data)
		d.shape(&t, 0, span{start, end})
		ok = true
	}
	return ok
}

// looksLikeLog reports whether an object stands somewhere in the text, and not first.
func looksLikeLog(src []byte) bool {
	t := bytes.TrimSpace(src)
	return (!startsJSON(t) || labelled(t)) && bytes.IndexByte(t, '{') > 0
}

// labelled tells a line that begins with [INFO] or [12:00:01] from a list.
func labelled(t []byte) bool {
	end := bytes.IndexByte(t, ']')
	if len(t) == 0 || t[0] != '[' || end < 2 || end+1 == len(t) || strings.IndexByte(" :-[(", t[end+1]) < 0 {
		return false
	}
	label := t[1:end]
	rest := bytes.TrimSpace(t[end+1:])
	return len(rest) > 0 && rest[0] != ',' && rest[0] != ']' && !bytes.ContainsAny(label, "\"'`{[,\n") && bytes.ContainsAny(label, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz:/")
}

// readLog reads the first object that is a request, with text around it that is no program: strict JSON, or a dict as
// Python prints it.
func readLog(src []byte, d *Draft) bool {
	for i := 0; i < len(src); {
		n := bytes.IndexByte(src[i:], '{')
		if n < 0 {
			return false
		}
		start := i + n
		quote := jsontape.SkipSpace(src, start+1)
		if quote == len(src) || src[quote] != '"' && src[quote] != '\'' {
			i = start + 1 // some bracket in a sentence
			continue
		}
		end := objectEnd(src, start)
		if end < 0 {
			return false
		}
		if src[quote] == '"' && (d.strict(src, start, end) || d.heldIn(src, start, end)) || src[quote] == '\'' && d.printed(src, start, end) {
			return !wrappedInCode(src[:start], src[end:])
		}
		i = end
		d.Body, d.Notes, d.Key = nil, nil, ""
	}
	return false
}

func (d *Draft) heldIn(src []byte, start, end int) bool {
	t, ok := scanned(src[start:end])
	return ok && d.held(&t, start)
}

// objectEnd returns the index after the bracket that closes the one at i, -1 for none.
func objectEnd(src []byte, i int) int {
	depth := 0
	for i < len(src) {
		switch c := src[i]; c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"', '\'':
			if c == '\'' && src[i-1]|0x20 >= 'a' && src[i-1]|0x20 <= 'z' {
				break // an apostrophe
			}
			for i++; i < len(src) && src[i] != c && src[i] != '\n'; i++ {
				if src[i] == '\\' {
					i++
				}
			}
		}
		i++
	}
	return -1
}

// printed takes over a dict as Python's repr writes it.
func (d *Draft) printed(src []byte, start, end int) bool {
	before := d.Notes
	p := newProgram(&python, src[:end], d)
	p.i = start
	v := p.bracket('{')
	if p.stopped || p.i != end || v.form != anObject {
		d.Notes = before
		return false
	}
	if body := v.first(holders...); !plausible(v) && plausible(body) {
		p.headers(v.get("headers"))
		if url, ok := v.get("url").plain(); ok && strings.Contains(url, "://") {
			p.goes(v.get("url"))
		}
		p.say(Left, v, "what else the object holds")
		v = body
	}
	if !plausible(v) {
		d.Notes = before
		return false
	}
	p.request, p.rules = v, sentAsIs
	return p.finish()
}

// wrappedInCode tells `const body = {…};`, and a block of Markdown, from a line of a log.
func wrappedInCode(before, after []byte) bool {
	before = bytes.TrimSpace(before)
	if utf.HasPrefix(before, "```") || utf.HasPrefix(before, "~~~") {
		return true
	}
	if len(bytes.Trim(after, " \t\r\n;)")) > 0 {
		return false
	}
	first, _, several := bytes.Cut(before, []byte(" "))
	switch string(first) {
	case "const", "let", "var", "export", "return", "await", "import", "module.exports":
		return true
	}
	return !several && len(before) > 0 && strings.IndexByte("=(:", before[len(before)-1]) >= 0 || bytes.HasSuffix(before, []byte(" =")) && bytes.Count(before, []byte(" ")) == 1
}
