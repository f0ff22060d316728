package snippet

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// lineWidth is how long a list or an object may be on one line.
const lineWidth = 72

// dialect is how a language writes values.
type dialect struct {
	null, yes, no string
	// bare names need no quotes as keys.
	bare bool
	// camel names are in camelCase.
	camel bool
	// indent is one level.
	indent string
	// read is an expression that reads a file, with the name of the file in place of %.
	read string
}

var (
	pythonDialect = dialect{null: "None", yes: "True", no: "False", indent: "    ", read: `open(%, encoding="utf-8", newline="").read()`}
	scriptDialect = dialect{null: "null", yes: "true", no: "false", bare: true, indent: "  ", read: `await readFile(%, "utf8")`}
)

// rounding tells whether a program that holds numbers as this language does would send another value than the body has.
type rounding func(number string) bool

// scriptRounds is for JavaScript, in which all numbers are floats of 64 bits.
func scriptRounds(number string) bool {
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return true
	}
	whole, exact := jsontape.IntegerToken(number)
	return exact && (f >= 1<<53 || f <= -1<<53) && strconv.FormatFloat(f, 'f', -1, 64) != whole
}

// pythonRounds is for Python, whose integers have any size.
func pythonRounds(number string) bool {
	_, err := strconv.ParseFloat(number, 64)
	return err != nil && strings.ContainsAny(number, ".eE")
}

// rounds reports whether any number of the body would change.
func (w *writer) rounds(changes rounding) bool {
	return slices.ContainsFunc(w.t.Nodes, func(n jsontape.Node) bool {
		return n.Kind == jsontape.Number && changes(string(w.t.Src[n.Start:n.End]))
	})
}

// value writes node i, whose first line starts behind column at, with its further lines at the given level.
func (w *writer) value(d dialect, i uint32, level, at int) {
	n := &w.t.Nodes[i]
	switch n.Kind {
	case jsontape.Object, jsontape.Array:
		w.list(d, i, level, at)
	case jsontape.String:
		raw := w.t.Src[n.Start+1 : n.End-1]
		if len(raw) > Longest {
			if text := w.t.Text(i); !strings.ContainsRune(text, utf8.RuneError) {
				w.b.WriteString(strings.Replace(d.read, "%", quote(w.apart(w.fileName(i), ".txt", text)), 1))
				return
			}
		}
		w.b.WriteString(literal(raw))
	default:
		w.b.WriteString(d.scalar(w, i))
	}
}

// fileName names a file after the field that its text stands in.
func (w *writer) fileName(i uint32) string {
	field := "text"
	for c := uint32(1); c < w.t.Nodes[0].Next; c = w.t.Nodes[c].Next {
		if c <= i && i < w.t.Nodes[c].Next {
			field = w.t.Key(c)
		}
	}
	if !identifier(field) {
		return "text"
	}
	return field
}

func (d dialect) scalar(w *writer, i uint32) string {
	switch w.t.Nodes[i].Kind {
	case jsontape.True:
		return d.yes
	case jsontape.False:
		return d.no
	case jsontape.Number:
		return w.t.Number(i)
	}
	return d.null
}

// list writes an object or an array: on one line where it is short, otherwise one member a line with a comma behind each.
func (w *writer) list(d dialect, i uint32, level, at int) {
	n := &w.t.Nodes[i]
	signs := "[]"
	if n.Kind == jsontape.Object {
		signs = "{}"
	}
	w.b.WriteString(signs[:1])
	long := int(n.End-n.Start)+at > lineWidth
	for c := i + 1; c < n.Next; c = w.t.Nodes[c].Next {
		key := ""
		if n.Kind == jsontape.Object {
			key = w.name(d, c) + ": "
		}
		if long {
			w.b.WriteString("\n" + strings.Repeat(d.indent, level+1))
		}
		w.b.WriteString(key)
		w.value(d, c, level+1, (level+1)*len(d.indent)+len(key))
		if long || w.t.Nodes[c].Next < n.Next {
			w.b.WriteByte(',')
		}
		if !long && w.t.Nodes[c].Next < n.Next {
			w.b.WriteByte(' ')
		}
	}
	if long {
		w.b.WriteString("\n" + strings.Repeat(d.indent, level))
	}
	w.b.WriteString(signs[1:])
}

// name writes the key of node c.
func (w *writer) name(d dialect, c uint32) string {
	key := w.t.Key(c)
	n := &w.t.Nodes[c]
	switch quoted := literal(w.t.Src[n.KeyStart+1 : n.KeyEnd-1]); {
	case !d.bare:
		return quoted
	case key == "__proto__":
		return "[" + quoted + "]" // which is a member like others, and otherwise the object's prototype
	case identifier(key) && d.camel:
		return camelCase(key)
	case identifier(key):
		return key
	default:
		return quoted
	}
}

// members writes members of an object, a line each.
func (w *writer) members(d dialect, members []uint32, indent, between string, level int) {
	for _, c := range members {
		name := w.name(d, c)
		if between == "=" {
			name = w.t.Key(c)
		}
		w.b.WriteString(indent + name + between)
		w.value(d, c, level, len(indent)+len(name)+len(between))
		w.line(",")
	}
}

// fields deals the members out: fields of the request type, which packages name, and others.
func (w *writer) fields() (known, others []uint32) {
	names := core.FieldNames()
	for c := uint32(1); c < w.t.Nodes[0].Next; c = w.t.Nodes[c].Next {
		if key := w.t.Key(c); slices.Contains(names, key) && (key != "prompt" || w.usualPrompt(c)) {
			known = append(known, c)
		} else {
			others = append(others, c)
		}
	}
	return known, others
}

// usualPrompt reports whether a prompt has one of the four shapes of OpenAI's API: a text, texts, token ids, lists of them.
func (w *writer) usualPrompt(i uint32) bool {
	n := &w.t.Nodes[i]
	if n.Kind != jsontape.Array {
		return n.Kind == jsontape.String
	}
	for c := i + 1; c < n.Next; c = w.t.Nodes[c].Next {
		switch kind := w.t.Nodes[c].Kind; {
		case kind != w.t.Nodes[i+1].Kind:
			return false
		case kind == jsontape.String, kind == jsontape.Number:
		case kind == jsontape.Array:
			for d := c + 1; d < w.t.Nodes[c].Next; d++ {
				if w.t.Nodes[d].Kind != jsontape.Number {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// camelCase turns top_p into topP.
func camelCase(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] == '_' && i+1 < len(name) && 'a' <= name[i+1] && name[i+1] <= 'z' {
			i++
			b.WriteByte(name[i] - 'a' + 'A')
			continue
		}
		b.WriteByte(name[i])
	}
	return b.String()
}

// identifier reports whether a name is an ASCII identifier of every language here.
func identifier(name string) bool {
	for i, c := range []byte(name) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

// literal writes the inside of a strict JSON string as a string literal that means the same in Python, JavaScript and,
// where it has no half of a surrogate pair, Go: in double quotes, with escapes that all of them know. What cannot be seen, or
// changes the order of what is seen, is escaped.
func literal(raw []byte) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			r, size := utf8.DecodeRune(raw[i:])
			writeRune(&b, r)
			i += size
			continue
		}
		if raw[i+1] != 'u' {
			if raw[i+1] != '/' {
				b.WriteByte('\\')
			}
			b.WriteByte(raw[i+1])
			i += 2
			continue
		}
		r, size := jsontape.SurrogateAware(raw, i)
		if r == utf8.RuneError && jsontape.NamesSurrogate(raw[i:]) {
			b.Write(raw[i : i+6]) // half of a pair
			i += 6
			continue
		}
		writeRune(&b, r)
		i += size
	}
	b.WriteByte('"')
	return b.String()
}

// quote is literal for a text.
func quote(s string) string {
	return literal(trimQuotes(jsontape.AppendQuoted(nil, s)))
}

func trimQuotes(quoted []byte) []byte { return quoted[1 : len(quoted)-1] }

func writeRune(b *strings.Builder, r rune) {
	switch {
	case r == '"' || r == '\\':
		b.WriteByte('\\')
		b.WriteByte(byte(r))
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\r':
		b.WriteString(`\r`)
	case r == '\t':
		b.WriteString(`\t`)
	case invisible(r):
		writeEscape(b, r)
	default:
		b.WriteRune(r)
	}
}

// writeEscape writes a rune below U+10000 as \uXXXX.
func writeEscape(b *strings.Builder, r rune) {
	const digits = "0123456789abcdef"
	b.WriteString(`\u`)
	for shift := 12; shift >= 0; shift -= 4 {
		b.WriteByte(digits[r>>shift&0xf])
	}
}

// invisible reports control characters, spaces without width, line separators, and the characters that turn the direction
// of a text, by which code can be made to look like other code.
func invisible(r rune) bool {
	switch {
	case r < ' ', 0x7f <= r && r < 0xa0, r == 0xad, r == 0x61c, r == 0x180e, r == 0xfeff:
		return true
	case 0x200b <= r && r <= 0x200f, 0x2028 <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f:
		return true
	}
	return 0xfff9 <= r && r <= 0xfffb
}
