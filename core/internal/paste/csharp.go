package paste

import (
	"bytes"
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// csharp is read for anonymous objects, dictionaries and lists that become JSON.
var csharp = tongue{
	kind: hostOf("csharp").kind, name: hostOf("csharp").name, typed: true, equals: true,
	words:     map[string]string{"true": "true", "false": "false", "null": "null"},
	prefix:    nameSet("return new await throw in out ref"),
	infix:     nameSet("is as"),
	texts:     textsOf(hostOf("csharp")),
	number:    (*program).numeral,
	composite: (*program).sharpNew,
	result:    (*program).sharpResult,
	called:    (*program).sharpCall,
	set: func(p *program, path string, v *value) {
		if v.text != "AuthenticationHeaderValue" { // which was read as a call
			p.setting(path, v)
		}
	},
}

// sharpMarks stand in programs that make JSON of values.
var sharpMarks = []string{"JsonSerializer.Serialize", "SerializeObject(", "new Dictionary<", "new JsonObject", "new JObject", "PostAsJsonAsync", "JsonContent.Create"}

// looksSharp reports whether one of them stands in a text, or an anonymous object.
func looksSharp(src []byte) bool {
	for rest := src; ; {
		n := bytes.Index(rest, []byte("new"))
		if n < 0 {
			return containsAny(src, sharpMarks)
		}
		rest = rest[n+len("new"):]
		if i := jsontape.SkipSpace(rest, 0); i > 0 && i < len(rest) && rest[i] == '{' {
			return true
		}
	}
}

// sharpNew reads new {…}, new[] {…} and new T {…}.
func (p *program) sharpNew() *value {
	if v := p.cast(); v != nil {
		return v
	}
	if !p.ahead("new") || p.word(p.i) != len("new") {
		return nil
	}
	start := p.i
	p.i += len("new")
	p.space()
	typed := ""
	if p.ahead("[]") {
		p.i += 2
		typed = "[]"
	} else if end := p.typeEnd(p.i); end > 0 {
		typed = string(p.src[p.i:end])
		p.i = end
	}
	named := p.i
	p.space()
	if p.ahead("()") { // nothing but the members counts
		back := p.i
		p.i += 2
		if p.space(); p.peek() != '{' {
			p.i = back
		}
	}
	if p.peek() != '{' || p.depth >= mostDepth {
		p.i = start
		if named > start+len("new") && p.src[start+len("new")] <= ' ' { // a constructor, read as the call of a function
			p.i += len("new")
			p.space()
		}
		if p.i == start {
			p.i = named
			return &value{start: start, end: named}
		}
		return nil
	}
	var v *value
	switch short, _, _ := strings.Cut(typed, "<"); {
	case typed == "":
		v = p.bracket('{')
		for n := range v.items { // new { a.b } has the name b
			if it := &v.items[n]; !it.keyed && !it.all && it.value.form != aText && it.value.text != "" {
				it.key, it.keyed = last(it.value.text), true
			}
		}
	case strings.HasSuffix(typed, "[]"), short == "List", short == "HashSet", short == "JsonArray", short == "JArray":
		v = p.bracket(listed)
	case strings.HasSuffix(short, "Dictionary"), short == "JsonObject", short == "JObject", short == "ExpandoObject":
		v = p.dictionary()
	default:
		v = p.bracket('{')
		v.start, v.end = start, p.i
		p.unnamed(v, typed)
	}
	v.start, v.end = start, p.i
	return v
}

// dictionary reads { ["name"] = value, { "name", value } }.
func (p *program) dictionary() *value {
	v := &value{form: anObject, start: p.i}
	p.i++
	p.depth++
	for !p.stopped {
		p.space()
		before, above := p.i, p.taken()
		switch c := p.peek(); {
		case p.i >= len(p.src):
			p.stop(v.start, v.start+1, "this { is not closed")
		case c == '}':
			p.i++
			p.depth--
			v.below = above
			return v
		case c == ',':
			p.i++
			p.remarks = append(above, p.remarks...)
		case c == '{' && p.depth < mostDepth:
			pair := p.bracket(listed)
			if pair.form != aList || len(pair.items) != 2 {
				v.items = append(v.items, item{start: before, above: above, value: &value{start: before, end: p.i}})
				continue
			}
			pair.items[0].above = above
			v.put(pair.items[0], pair.items[1].value)
		case c == '[' && p.depth < mostDepth:
			key := p.bracket('[').at(0)
			if p.space(); p.peek() != '=' || key == nil {
				p.stop(p.i, p.i+1, "here a = is missing")
				continue
			}
			p.i++
			v.put(item{start: before, above: above, value: key}, p.expression())
		default:
			p.stop(p.i, p.i+1, "this belongs to no member")
		}
	}
	return v
}

func (p *program) sharpResult(c *value) *value {
	arg := c.at(0)
	switch name := last(c.text); {
	case (name == "Serialize" || name == "SerializeObject" || name == "SerializeToUtf8Bytes") && arg != nil:
		return c.json(arg)
	case (name == "StringContent" || name == "Uri" || name == "GetBytes" || name == "ByteArrayContent" || name == "FromObject") && arg.known():
		p.sharpBody(arg)
		return arg
	case name == "Create" && strings.HasPrefix(c.text, "JsonContent") && arg != nil:
		arg = p.camel(arg)
		p.sharpBody(arg)
		return arg
	case (name == "ToString" || name == "ToJsonString") && len(c.items) == 0 && c.base.known() && c.base.form == anObject:
		return c.json(c.base)
	case (name == "Dictionary" || name == "JsonObject" || name == "JObject") && len(c.items) == 0:
		return &value{form: anObject, start: c.start, end: c.end}
	case name == "Add" && len(c.items) == 2 && c.base.known() && c.base.form == anObject:
		c.base.put(c.items[0], c.items[1].value)
		return c.base
	}
	return nil
}

func (p *program) sharpBody(v *value) {
	if plausible(v) {
		p.sends(nil, v, nil, "POST")
	}
}

// camel returns an object whose names are spelled as the defaults for the web spell them: what is upper case at the start
// is not.
func (p *program) camel(v *value) *value {
	if v.form != anObject || !p.asks() {
		return v
	}
	p.asked += len(v.items) // which are copied
	out := *v
	out.items = append([]item(nil), v.items...)
	for n := range out.items {
		key := out.items[n].key
		i := 0
		for i < len(key) && key[i]-'A' < 26 && (i == 0 || i+1 == len(key) || key[i+1]-'A' < 26) {
			i++
		}
		out.items[n].key = strings.ToLower(key[:i]) + key[i:]
		out.items[n].value = p.camel(out.items[n].value)
	}
	return &out
}

func (p *program) sharpCall(c *value) {
	path, arg := c.text, c.at(0)
	name := last(path)
	switch {
	case name == "PostAsJsonAsync" && c.at(1) != nil:
		p.sends(arg, p.camel(c.at(1)), nil, "POST")
	case name == "PostAsync" || name == "PutAsync":
		p.sends(nil, c.at(1), nil, "POST")
		p.goes(arg)
	case name == "HttpRequestMessage":
		p.goes(c.at(1))
		if arg != nil {
			p.d.Method = strings.ToUpper(last(arg.text))
		}
	case name == "RestClient" || name == "RestRequest":
		p.goes(arg)
	case name == "AuthenticationHeaderValue" && c.at(1) != nil:
		p.member(item{key: "api_key", value: c.at(1)})
	case (name == "Add" || name == "TryAddWithoutValidation") && strings.Contains(path, "Headers") || name == "AddHeader":
		if n, ok := arg.plain(); ok {
			p.oneHeader(n, c.at(1))
		}
	case name == "AddJsonBody" && plausible(arg):
		p.take(arg, sentAsIs)
	case name == "ApiKeyCredential" || name == "OpenAIClient":
		if arg != nil && arg.form == aText {
			p.member(item{key: "api_key", value: arg})
		}
	default:
		p.offer(arg)
	}
}
