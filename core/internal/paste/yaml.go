package paste

import (
	"bytes"
	"strings"

	"github.com/completion-playground/playground/core/internal/utf"
)

// yaml reads what requests are written in of YAML 1.2: maps and lists in blocks or in brackets, scalars with and without
// quotes, block scalars, comments, anchors, and merged maps (yaml.org/type/merge.html). Tags and the like are named as
// unreadable. Anchors are the names of the program.
type yaml struct {
	*program
	lines []row
	n     int  // the line to be read
	told  bool // what stopped it is surely YAML
}

// refuse stops at what surely means to be YAML, and is none.
func (y *yaml) refuse(start, end int, message string) {
	y.told = true
	y.stop(start, end, message)
}

// row is a line that is not blank.
type row struct {
	start, end int // without the indent and the line break
	indent     int
	number     int // of the line in the text
}

func looksLikeYAML(src []byte) bool {
	t := bytes.TrimSpace(src)
	if startsJSON(t) || strings.IndexByte("<`('", t[0]) >= 0 {
		return false
	}
	for _, name := range []string{"prompt", "inputs", "messages"} {
		if n := bytes.Index(t, []byte(name)); n >= 0 {
			rest := bytes.TrimLeft(t[n+len(name):], "\"'")
			if len(rest) > 0 && rest[0] == ':' {
				return true
			}
		}
	}
	return false
}

// parseYAML reads the first document of a text, nil where it is no map.
func parseYAML(src []byte, d *Draft) (*yaml, *value) {
	y := &yaml{program: newProgram(&yamlTongue, src, d)}
	number := 0
	for i := 0; i < len(src); number++ {
		end := i + utf.LineLen(src[i:])
		start := i
		for start < end && src[start] == ' ' {
			start++
		}
		line := bytes.TrimSpace(src[start:end])
		switch {
		case len(line) == 0 || len(y.lines) == 0 && line[0] == '%': // a directive
		case string(line) != "---" && string(line) != "...":
			y.lines = append(y.lines, row{start, end, start - i, number})
		case len(y.lines) > 0:
			d.Notes = append(d.Notes, Note{Left, start, len(src), "a second document"})
			end = len(src)
		}
		i = end + max(utf.BreakLen(src[end:]), 1)
	}
	y.comments()
	if y.n >= len(y.lines) {
		return y, nil
	}
	first := y.lines[y.n]
	if _, _, ok := y.mapKey(first); !ok {
		return y, nil
	}
	v := y.block(first.indent, 0)
	if y.n < len(y.lines) && !y.stopped {
		l := y.lines[y.n]
		y.unreadable(l.start, l.end, "this line belongs to no map and no list")
	}
	return y, v
}

func readYAML(src []byte, d *Draft) bool {
	y, v := parseYAML(src, d)
	switch {
	case v == nil || y.stopped && !y.told: // members without their brackets look like YAML up to the first comma
		return false
	case y.stopped:
		return true
	case v.form != anObject:
		return false
	case v.first("prompt", "inputs", "messages", "input") == nil:
		outer := v
		if v = v.first(holders...); v == nil || v.form != anObject || v.get("prompt") == nil {
			return false
		}
		if len(outer.items) > 1 {
			y.say(Left, outer, "what else the object holds")
		}
	}
	y.request, y.rules = v, sentAsIs
	v.below = append(v.below, y.taken()...)
	return y.finish()
}

// yamlTongue reads what stands in brackets.
var yamlTongue = tongue{
	hash:   true,
	words:  yamlWords,
	texts:  (*program).yamlFlowText,
	number: (*program).yamlFlowText,
	called: func(*program, *value) {},
	set:    func(*program, string, *value) {},
}

var yamlWords = map[string]string{"true": "true", "True": "true", "TRUE": "true", "false": "false", "False": "false", "FALSE": "false",
	"null": "null", "Null": "null", "NULL": "null", "~": "null"}

// comments keeps the lines of comments before the line to be read.
func (y *yaml) comments() {
	for y.n < len(y.lines) && y.src[y.lines[y.n].start] == '#' {
		l := y.lines[y.n]
		y.remarks = append(y.remarks, remark{"//" + strings.TrimRight(string(y.src[l.start+1:l.end]), " \t"), false, l.start})
		y.n++
	}
}

// mapKey returns the key with which a line begins, and where its value does.
func (y *yaml) mapKey(l row) (key string, rest int, ok bool) {
	if c := y.src[l.start]; c == '"' || c == '\'' {
		y.i = l.start
		v := y.quotedScalar(l.end)
		if v == nil || v.form != aText {
			return "", 0, false
		}
		i := utf.SkipBlank(y.src, y.i, l.end)
		return v.text, i + 1, i < l.end && y.src[i] == ':'
	} else if strings.IndexByte("-?[{&*!|>%@`#", c) >= 0 && !(c == '-' && l.start+1 < l.end && y.src[l.start+1] > ' ') {
		return "", 0, false
	}
	line := y.src[l.start:l.end]
	for i, c := range line {
		if c == ':' && (i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\t') {
			return string(bytes.TrimSpace(line[:i])), l.start + i + 1, i > 0
		}
		if c == '#' && i > 0 && line[i-1] == ' ' {
			break
		}
	}
	return "", 0, false
}

// block reads the map or the list whose lines have an indent.
func (y *yaml) block(indent, depth int) *value {
	first := y.lines[y.n]
	v := &value{form: anObject, start: first.start}
	if y.dash(first) {
		v.form = aList
	}
	if depth > mostDepth {
		y.stop(first.start, first.end, "values stand in each other more deeply than a request can use")
	}
	for !y.stopped {
		y.comments()
		if y.n >= len(y.lines) || y.lines[y.n].indent != indent {
			break
		}
		l := y.lines[y.n]
		if y.src[l.start] == '\t' {
			y.refuse(l.start, l.start+1, "a tab cannot indent a line of YAML; want spaces")
			break
		}
		it := item{start: l.start, above: y.taken()}
		rest := l.start + 1
		if v.form == anObject {
			key, at, ok := y.mapKey(l)
			if !ok {
				y.stop(l.start, l.end, "this line has no key")
				break
			}
			it.key, it.keyed, rest = key, true, at
			it.all = key == mergeKey
		} else if !y.dash(l) {
			break
		} else if inner := utf.SkipBlank(y.src, rest, l.end); inner < l.end {
			// What stands behind the dash is a block of its own, if it begins one.
			sub := row{inner, l.end, l.indent + inner - l.start, l.number}
			if _, _, ok := y.mapKey(sub); ok || y.dash(sub) {
				if tab := bytes.IndexByte(y.src[rest:inner], '\t'); tab >= 0 {
					y.refuse(rest+tab, rest+tab+1, "a tab cannot indent what stands behind a dash; want spaces")
					break
				}
				y.lines[y.n] = sub
				it.value = y.block(sub.indent, depth+1)
				v.items = append(v.items, it)
				continue
			}
		}
		it.value = y.scalar(rest, l, depth)
		if it.all && it.keyed {
			v.merge(it)
			continue
		}
		v.items = append(v.items, it)
	}
	v.end = y.readTo()
	return v
}

// mergeKey is the key of the maps that are merged into a map.
const mergeKey = "<<"

// merge puts the members of other maps before those of a map, which count for more. Of several maps the first counts most.
func (v *value) merge(it item) {
	it.key, it.keyed = "", false
	maps := []item{it}
	if list := it.value; list.form == aList {
		maps = maps[:0]
		for n := len(list.items) - 1; n >= 0; n-- {
			maps = append(maps, item{all: true, start: it.start, value: list.items[n].value})
		}
	}
	v.items = append(maps, v.items...)
	v.text = mergeKey
}

func (y *yaml) readTo() int { return y.lines[max(y.n-1, 0)].end }

// dash reports whether a line is an item of a list.
func (y *yaml) dash(l row) bool {
	return y.src[l.start] == '-' && (l.start+1 == l.end || y.src[l.start+1] == ' ' || y.src[l.start+1] == '\t')
}

// scalar reads the value that begins at i in line l, or in the lines below it.
func (y *yaml) scalar(i int, l row, depth int) *value {
	i = utf.SkipBlank(y.src, i, l.end)
	if name := y.anchor(i, l.end); name != "" {
		v := y.scalar(i+1+len(name), l, depth)
		y.names[name] = bound{v, 0}
		return v
	}
	y.n++
	if i == l.end || y.src[i] == '#' {
		y.comment(i, l.end)
		y.comments()
		if y.n < len(y.lines) {
			next := y.lines[y.n]
			if next.indent > l.indent || next.indent == l.indent && y.dash(next) && !y.dash(l) {
				if _, _, ok := y.mapKey(next); ok || y.dash(next) {
					return y.block(next.indent, depth+1)
				}
				if next.indent > l.indent {
					y.n++
					return y.started(next.start, next, l.indent)
				}
			}
		}
		return &value{form: aToken, text: "null", start: i, end: i}
	}
	return y.started(i, l, l.indent)
}

// anchor returns the name in &name at i, "" for none.
func (y *yaml) anchor(i, end int) string {
	if i == end || y.src[i] != '&' {
		return ""
	}
	return string(y.src[i+1 : i+1+anchorLen(y.src[i+1:end])])
}

func anchorLen(s []byte) int {
	if n := bytes.IndexAny(s, " \t\r\n,[]{}"); n >= 0 {
		return n
	}
	return len(s)
}

// alias returns what *name at i stands for.
func (p *program) alias(i int) *value {
	n := anchorLen(p.src[i+1:])
	p.i = i + 1 + n
	if b, ok := p.names[string(p.src[i+1:p.i])]; ok {
		return b.value
	}
	p.unreadable(i, p.i, "nothing before has this name")
	return &value{start: i, end: p.i}
}

func (y *yaml) comment(i, end int) {
	if i < end {
		y.remarks = append(y.remarks, remark{"//" + strings.TrimRight(string(y.src[i+1:end]), " \t"), true, i})
	}
}
