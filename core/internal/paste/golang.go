package paste

import (
	"bytes"
	"strconv"
	"strings"
)

// golang is read for what is made into JSON by encoding/json, and for the fields of client libraries.
var golang = tongue{
	kind: hostOf("go").kind, name: hostOf("go").name, typed: true,
	words:     map[string]string{"true": "true", "false": "false", "nil": "null"},
	prefix:    nameSet("return go defer range"),
	texts:     textsOf(hostOf("go")),
	number:    (*program).numeral,
	composite: (*program).goComposite,
	result:    (*program).goResult,
	called:    (*program).goCall,
	set:       (*program).setting,
}

// goMarks stand in programs that make JSON of values, or give them to a client library.
var goMarks = []string{"map[string]", "CompletionRequest{", "CompletionNewParams{", "json.Marshal"}

// goType returns the end of the type at i, -1 for none, and where the fields of a struct stand that is written out.
func (p *program) goType(i int) (end, fields int) {
	for i < len(p.src) && p.src[i] == '[' {
		n := bytes.IndexByte(p.src[i:min(len(p.src), i+80)], ']')
		if n < 0 {
			return -1, 0
		}
		i += n + 1
	}
	for i < len(p.src) && p.src[i] == '*' {
		i++
	}
	n := p.word(i)
	switch word := string(p.src[i : i+n]); {
	case n == 0:
		return -1, 0
	case word == "map" && i+n < len(p.src) && p.src[i+n] == '[':
		return p.goType(i + n)
	case word == "struct" || word == "interface":
		if end = i + n; end < len(p.src) && p.src[end] == ' ' {
			end++
		}
		if end == len(p.src) || p.src[end] != '{' {
			return -1, 0
		}
		stop := bytes.IndexByte(p.src[end:], '}') // tags of encoding/json have none
		if stop < 0 {
			return -1, 0
		}
		return end + stop + 1, end
	}
	for i += n; i+1 < len(p.src) && p.src[i] == '.' && p.word(i+1) > 0; i += n {
		n = 1 + p.word(i+1)
	}
	return i, 0
}

// goComposite reads &T{…}, T{…} and T(…), where T is a type that a name alone is not.
func (p *program) goComposite() *value {
	start := p.i
	i := start
	if p.peek() == '&' {
		i++
	}
	end, fields := p.goType(i)
	if end < 0 || end >= len(p.src) {
		return nil
	}
	typed := strings.TrimLeft(string(p.src[i:end]), "*")
	plain := typed[0] != '[' && !strings.HasPrefix(typed, "map[") && fields == 0
	switch {
	case p.src[end] == '(' && !plain && p.depth < mostDepth: // a conversion
		p.i = end
		if v := p.bracket('(').at(0); v != nil {
			return v
		}
		return &value{start: start, end: p.i}
	case p.src[end] != '{' || p.depth >= mostDepth:
		if i > start && plain { // the address of a variable
			p.i = i
			if v := p.operand(); v.known() {
				return v.pointed(v)
			}
			return &value{start: start, end: p.i}
		}
		return nil
	}
	p.i = end
	var v *value
	switch {
	case typed[0] == '[':
		v = p.bracket(listed)
	case strings.HasPrefix(typed, "map["):
		v = p.bracket('{')
		for n := range v.items {
			it := &v.items[n]
			if it.keyed && p.word(it.start) > 0 { // a variable or a constant
				key := p.lookup(&value{text: it.key, start: it.start, end: it.start + len(it.key)})
				if it.key, it.keyed = key.plain(); !it.keyed {
					it.of = key
				}
			}
		}
	default:
		v = p.bracket('{')
		p.goFields(v, typed, fields)
	}
	for n := range v.items { // elements of a list of lists, without their type
		if inner := v.items[n].value; strings.HasPrefix(typed, "[][]") && inner.form == opaque && len(inner.items) > 0 {
			inner.form = aList
		}
	}
	if v.form == anObject && p.depth == 0 && p.made == nil && v.get("prompt") != nil {
		p.made, p.used = v, true
	}
	v.start, v.end = start, p.i
	return v
}

// goFields gives the fields of a struct the names that they have in JSON: those of its tags, or those of the field. A
// struct whose type stands elsewhere is not known.
func (p *program) goFields(v *value, typed string, fields int) {
	name := last(typed)
	tags := map[string]string{}
	library := strings.HasSuffix(name, "CompletionRequest") || strings.HasSuffix(name, "CompletionNewParams") || strings.HasSuffix(name, "StreamOptions") || strings.HasSuffix(name, "StreamOptionsParam")
	union := strings.HasSuffix(name, "Union") || name == "Prompt" && len(v.items) == 1
	if fields > 0 {
		p.goTags(fields, tags)
	} else if n := bytes.Index(p.src, []byte("type "+name+" struct {")); n >= 0 && !strings.Contains(typed, ".") {
		library = false
		p.goTags(n+len("type  struct ")+len(name), tags)
	} else if !library && !union {
		v.start, v.end = v.start-len(typed), p.i
		p.unnamed(v, typed)
		return
	}
	kept := v.items[:0]
	for _, it := range v.items {
		if !it.keyed || it.value.start == it.start {
			v.form, v.text = opaque, typed // fields without their names
			return
		}
		if union { // one of several types
			*v = *it.value
			return
		}
		tag, tagged := tags[it.key]
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case library:
			if name = snake(it.key); name == "log_probs" {
				name = "logprobs"
			}
			options = "omitempty"
		case tag == "-", !tagged && (it.key == "" || it.key[0]-'A' >= 26):
			continue // not exported
		case name == "":
			name = it.key
		}
		if strings.Contains(options, "omitempty") && it.value.zero() && name != "model" && name != "prompt" {
			p.say(Left, it.value, it.key+": a zero is not sent")
			continue
		}
		it.key = name
		kept = append(kept, it)
	}
	v.items = kept
}

// zero reports whether a value is one that encoding/json leaves out if it is told to leave out empty ones.
func (v *value) zero() bool {
	if v.base != nil {
		return false
	}
	switch v.form {
	case aText:
		return v.text == "" && len(v.holes) == 0
	case aToken:
		f, err := strconv.ParseFloat(v.text, 64)
		return v.text == "false" || v.text == "null" || err == nil && f == 0
	case aList:
		return len(v.items) == 0
	}
	return false
}

// goTags reads the tags in the struct whose brace is at i.
func (p *program) goTags(i int, tags map[string]string) {
	stop := bytes.IndexByte(p.src[i:], '}')
	if stop < 0 {
		return
	}
	for line := range bytes.FieldsFuncSeq(p.src[i+1:i+stop], func(r rune) bool { return r == '\n' || r == ';' }) {
		field := string(bytes.TrimSpace(line))
		n := nameLen([]byte(field))
		tag := ""
		if _, rest, ok := strings.Cut(field, `json:"`); ok {
			if tag, _, ok = strings.Cut(rest, `"`); !ok {
				continue
			}
		}
		if n > 0 {
			tags[field[:n]] = tag
		}
	}
}
