package paste

import (
	"bytes"
	"slices"
	"strings"
)

// rust is read for serde's json!, whose values are spelled as in JSON, with variables among them.
var rust = tongue{
	kind: hostOf("rust").kind, name: hostOf("rust").name,
	words:  map[string]string{"true": "true", "false": "false", "null": "null", "None": "null"},
	prefix: nameSet("return let mut await move"),
	infix:  nameSet("as"),
	texts:  textsOf(hostOf("rust")),
	number: func(p *program) *value {
		v := p.numeral()
		if n := p.word(p.i); n > 1 && strings.IndexByte("iuf", p.src[p.i]) >= 0 { // 5u32
			p.i += n
			v.end = p.i
		}
		return v
	},
	composite: (*program).rustValue,
	result:    (*program).rustResult,
	called:    (*program).rustCall,
	set:       (*program).setting,
}

var rustMarks = []string{"json!(", "CompletionRequest {", "CompletionRequestArgs"}

// rustValue reads &value, vec![…] and Type::from(…).
func (p *program) rustValue() *value {
	start := p.i
	switch {
	case p.depth >= mostDepth:
	case p.peek() == '&' && !p.ahead("&&"):
		p.i++
		return p.operand()
	case p.ahead("vec!["):
		p.i += len("vec!")
		return p.bracket('[')
	case p.word(p.i) > 0 && bytes.HasPrefix(p.src[p.i+p.word(p.i):], []byte("::")) && !p.ahead("String::from("):
		return p.rustPath()
	case p.rustLiteral():
		v := p.bracket('{')
		v.items = slices.DeleteFunc(v.items, func(it item) bool { return it.all && strings.HasSuffix(it.value.text, "efault.default") })
		if v.start = start; v.form == anObject && p.made == nil && plausible(v) {
			p.made, p.used = v, true
		}
		return v
	case p.ahead("String::from("):
		p.i += len("String::from")
		if v := p.bracket('(').at(0); v != nil {
			return v
		}
		return &value{start: start, end: p.i}
	}
	return nil
}

// rustPath reads a path such as Type::default, which dots part in a value.
func (p *program) rustPath() *value {
	v := &value{start: p.i}
	i := p.i + p.word(p.i)
	v.text = string(p.src[p.i:i])
	for bytes.HasPrefix(p.src[i:], []byte("::")) && p.word(i+2) > 0 {
		n := p.word(i + 2)
		v.text += "." + string(p.src[i+2:i+2+n])
		i += 2 + n
	}
	if i < len(p.src) && p.src[i] == '!' { // a macro
		return nil
	}
	p.i, v.end = i, i
	return v
}

// rustLiteral moves to the brace of a request's literal that names its type.
func (p *program) rustLiteral() bool {
	n := p.word(p.i)
	end := p.i + n
	for end < len(p.src) && p.src[end] == ' ' {
		end++
	}
	if n == 0 || end == len(p.src) || p.src[end] != '{' || !bytes.HasSuffix(p.src[p.i:p.i+n], []byte("CompletionRequest")) {
		return false
	}
	p.i = end
	return true
}

func (p *program) rustResult(c *value) *value {
	switch name, arg := last(c.text), c.at(0); {
	case name == "build":
		return p.built(c)
	case c.text == "Some" && arg != nil:
		return arg
	case name == "json" && arg != nil && len(c.text) == len("json"):
		if p.made == nil && plausible(arg) {
			p.made, p.used = arg, true
		}
		return arg
	case (name == "to_string" || name == "into" || name == "to_owned" || name == "clone") && len(c.items) == 0 && c.base.known():
		if c.base.form == anObject && name == "to_string" {
			return c.json(c.base)
		}
		return c.base
	}
	return nil
}

func (p *program) rustCall(c *value) {
	arg := c.at(0)
	switch name := last(c.text); name {
	case "post":
		p.d.Method = "POST"
		p.goes(arg)
	case "bearer_auth":
		p.member(item{key: name, value: arg})
	case "header":
		if n, ok := arg.plain(); ok {
			p.oneHeader(n, c.at(1))
		}
	case "json", "body":
		if plausible(arg) {
			p.take(arg, sentAsIs)
		}
	}
}
