package paste

import (
	"bytes"
	"strings"
)

// block is one of a file of Bruno: a name, and the lines between its braces.
type block struct {
	name       string
	start, end int
}

// brunoBlocks splits a file into its blocks, of which each ends with a brace at the start of a line.
func brunoBlocks(src []byte) (blocks []block) {
	for i := 0; i < len(src); {
		next := lineEnd(src, i)
		name, ok := bytes.CutSuffix(bytes.TrimRight(src[i:next], " \t\r\n"), []byte("{"))
		if i = next; !ok || len(name) == 0 || name[0] == ' ' || name[0] == '\t' {
			continue
		}
		b := block{name: string(bytes.TrimSpace(name)), start: next, end: next}
		for i < len(src) && src[i] != '}' {
			i = lineEnd(src, i)
			b.end = i
		}
		blocks = append(blocks, b)
	}
	return blocks
}

func looksBruno(src []byte) bool {
	text := bytes.TrimLeft(src, " \t\r\n")
	return len(text) > 0 && text[0]|0x20-'a' < 26 && (bytes.Contains(src, []byte("\nbody:json {")) || bytes.HasPrefix(text, []byte("meta {")))
}

// readBruno reads a .bru file.
func readBruno(src []byte, d *Draft) bool {
	blocks := brunoBlocks(src)
	vars := map[string]string{}
	entries := func(b block, read func(name, value string, at place)) {
		for i := b.start; i < b.end; i = lineEnd(src, i) {
			line := bytes.TrimSpace(src[i:lineEnd(src, i)])
			name, value, ok := strings.Cut(string(line), ":")
			if ok && !strings.HasPrefix(name, "~") { // switched off
				value = strings.TrimSpace(value)
				end := i + len(bytes.TrimRight(src[i:lineEnd(src, i)], " \t\r\n"))
				read(strings.TrimSpace(name), value, place{end - len(value), end, true})
			}
		}
	}
	for _, b := range blocks {
		if b.name == "vars" || b.name == "vars:pre-request" {
			entries(b, func(name, value string, _ place) { vars[name] = value })
		}
	}
	found := false
	for _, b := range blocks {
		switch method := strings.ToUpper(b.name); {
		case contains(methods, method):
			found = true
			d.Method = method
			entries(b, func(name, value string, at place) {
				if name == "url" {
					d.address(src, template([]byte(value), at, vars))
				}
			})
		case b.name == "headers":
			entries(b, func(name, value string, at place) {
				w := template([]byte(value), at, vars)
				d.pair(src, name, string(w.text), w)
			})
		case strings.HasPrefix(b.name, "auth:"):
			entries(b, func(name, value string, at place) {
				if name == "token" || name == "value" || name == "password" {
					w := template([]byte(value), at, vars)
					d.secret(string(w.text), span{w.start, w.end}, len(w.holes) > 0)
				}
			})
		case b.name == "body" || b.name == "body:json" || b.name == "body:text":
			found = true
			d.take(src, template(outdented(src[b.start:b.end]), place{start: b.start, end: b.end}, vars))
		case strings.HasPrefix(b.name, "body:"):
			found = true
			d.note(Left, b.start, b.end, "the body is no JSON")
		}
	}
	return found
}

// outdented returns lines without the two spaces that a block puts before each.
func outdented(lines []byte) (out []byte) {
	for i := 0; i < len(lines); {
		next := lineEnd(lines, i)
		out = append(out, bytes.TrimPrefix(lines[i:next], []byte("  "))...)
		i = next
	}
	return bytes.TrimRight(out, "\r\n")
}
