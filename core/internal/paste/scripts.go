package paste

import (
	"bytes"
	"strings"
)

var laxWords = map[string]string{"true": "true", "TRUE": "true", "True": "true", "false": "false", "FALSE": "false", "False": "false",
	"null": "null", "NULL": "null", "nil": "null"}

// php and ruby are read for arrays and hashes that become JSON.
var (
	php = tongue{
		kind: hosts[0].kind, name: hosts[0].name,
		arguments: true, rockets: true, dots: true, words: laxWords, prefix: nameSet("return new echo print yield"),
		infix: nameSet("instanceof and or xor"), number: (*program).numeral, called: (*program).laxCall, set: (*program).laxSetting,
		texts: func(p *program) *value { return p.source(&hosts[0].quoting) },
	}
	ruby = tongue{
		kind: hosts[1].kind, name: hosts[1].name,
		hash: true, arguments: true, rockets: true, words: laxWords, prefix: nameSet("return puts p not"),
		infix: nameSet("and or if unless"), number: (*program).numeral, called: (*program).laxCall, set: (*program).laxSetting,
		texts: (*program).rubyText,
	}
)

func (p *program) rubyText() *value {
	if n := p.word(p.i + 1); p.peek() == ':' && n > 0 {
		v := &value{form: aText, start: p.i, end: p.i + 1 + n, text: string(p.src[p.i+1 : p.i+1+n])}
		p.i = v.end
		return v
	}
	return p.source(&hosts[1].quoting)
}

// looksLikeScript reports whether a text may be a program of a language with a request in it.
func looksLikeScript(src []byte, h *host) bool {
	return !startsJSON(src) && containsAny(src, h.marks) && (bytes.Contains(src, []byte("prompt")) || bytes.Contains(src, []byte("model")))
}

// laxCall takes the first argument that may be a request, in whatever call it stands, and what options say.
func (p *program) laxCall(c *value) {
	if last(c.text) == "array" {
		return
	}
	for _, it := range c.items {
		v := it.value
		if constant := c.at(1); constant != nil && constant.form == opaque && strings.HasPrefix(constant.text, "CURLOPT_") {
			p.option(constant.text, c.at(2))
			return
		}
		switch {
		case v.form == anObject && it.key == "parameters":
			p.take(v, sdkCall)
		case v.form == anObject && it.key == "headers":
			p.headers(v)
		case plausible(v) && (v.form == anObject || v.form == asJSON):
			if p.take(v, sentAsIs); c.at(0) != nil && c.at(0) != v {
				p.goes(c.at(0))
			}
		case v.form == anObject:
			for _, m := range v.items {
				if m.of != nil {
					p.option(m.of.text, m.value)
				}
			}
			p.settings(v)
			if body := v.first("json", "body"); plausible(body) {
				p.take(body, sentAsIs)
				p.goes(c.at(0))
			}
		case last(c.text) == "curl_init":
			p.goes(v)
		}
	}
	if last(c.text) == "new" || last(c.text) == "configure" {
		p.settings(c)
	}
}

// option takes over what is set for PHP's curl.
func (p *program) option(name string, v *value) {
	switch {
	case v == nil:
	case name == "CURLOPT_URL":
		p.goes(v)
	case name == "CURLOPT_POSTFIELDS":
		if plausible(v) {
			p.take(v, sentAsIs)
			p.d.Method = "POST"
		}
	case name == "CURLOPT_HTTPHEADER":
		for _, it := range v.items {
			if name, said, ok := strings.Cut(it.value.text, ":"); ok && it.value.form == aText {
				p.oneHeader(strings.TrimSpace(name), &value{form: aText, text: strings.TrimSpace(said), holes: it.value.holes, start: it.value.start, end: it.value.end})
			}
		}
	}
}

// laxSetting takes over `request.body = …` and `request["Authorization"] = …`.
func (p *program) laxSetting(path string, v *value) {
	switch name := last(path); {
	case name == path:
	case name == "body" && plausible(v):
		p.take(v, sentAsIs)
	case namesKey(name):
		p.oneHeader(name, v)
	}
}
