package paste

import (
	"bytes"
	"slices"
	"strings"
)

// psCall is a command that sends a request: where the values of its parameters stand.
type psCall struct {
	parameters map[string]int // less than 0: the value stands in a table, as an expression with its pipe
	words      []word         // the arguments of curl.exe, which has its own rules
	curl       bool
	fed        bool // what stands at input is piped into it
	input      int
}

// psFetchers are the commands that send requests, and their aliases.
var psFetchers = strings.Fields("invoke-restmethod invoke-webrequest irm iwr curl.exe curl wget")

// psParameters are the parameters that matter, and those that take no value after "|".
var (
	psParameters = strings.Fields("uri method headers body contenttype infile token authentication useragent timeoutsec outfile websession credential")
	psSwitches   = strings.Fields("usebasicparsing skipcertificatecheck skiphttperrorcheck skipheadervalidation verbose debug passthru disablekeepalive usedefaultcredentials allowunencryptedauthentication noproxy resume preserveauthorizationonredirect")
)

// looksPowerShell tells whether the words of PowerShell are in a text.
func looksPowerShell(src []byte) bool {
	if startsObject(src) {
		return false
	}
	lower := bytes.ToLower(src)
	for _, name := range []string{"invoke-restmethod", "invoke-webrequest", "convertto-json", "curl.exe"} {
		if bytes.Contains(lower, []byte(name)) {
			return true
		}
	}
	alias := func(name string) bool {
		n := bytes.Index(lower, []byte(name))
		return n == 0 || n > 0 && strings.IndexByte(" \t\n(={", lower[n-1]) >= 0
	}
	joined := bytes.Contains(src, []byte(" `\n")) || bytes.Contains(src, []byte(" `\r\n")) || bytes.Contains(src, []byte("@'\n")) ||
		bytes.Contains(src, []byte("@\"\n")) || bytes.HasPrefix(bytes.TrimSpace(src), []byte("PS "))
	for _, name := range []string{" -uri ", " -body ", " -method ", " -headers "} {
		joined = joined || bytes.Contains(lower, []byte(name))
	}
	return alias("irm ") || alias("iwr ") || joined && alias("curl ")
}

// readPowerShell reads the statements of a text: variables, tables that grow, and calls.
func readPowerShell(src []byte, d *Draft) bool {
	p := newPowerShell(src, d)
	var calls []psCall
	converted := -1 // a table that is made JSON
	for p.lines(); p.i < len(p.src) && p.calls < mostWords; p.lines() {
		p.calls++
		start := p.i
		c := p.src[p.i]
		switch {
		case p.feedsCurl():
			call := p.call(true)
			call.fed, call.input = true, start
			calls = append(calls, call)
		case c == '$':
			p.statement(&converted)
		case c == '@' && (p.at("@{") || p.hereString()):
			p.whole(&converted)
		case strings.IndexByte("(){}&", c) >= 0:
			p.i++
		case c == '[':
			p.skip()
		default:
			if name := strings.ToLower(p.bare()); contains(psFetchers, name) {
				calls = append(calls, p.call(strings.HasPrefix(name, "curl")))
			} else if name == "ps" && bytes.IndexByte(p.src[p.i:lineEnd(p.src, p.i)], '>') > 0 {
				p.i += bytes.IndexByte(p.src[p.i:], '>') + 1 // a prompt
			}
		}
		if p.i == start {
			p.skip()
		}
	}
	if len(calls) == 0 && converted >= 0 {
		p.i = converted
		d.take(src, p.value().word)
		return true
	}
	return d.choose(len(calls), func(n int, d *Draft) {
		p.d = d
		if call := &calls[n]; call.curl && call.parameters == nil {
			c := curl{src: src, d: d}
			if call.fed {
				p.i = call.input
				w := p.operand().word
				c.in.command = &command{stdin: &w}
			}
			c.readArguments(call.words)
		} else {
			p.request(call.parameters)
		}
	})
}

// statement reads one that starts with a variable.
func (p *powerShell) statement(converted *int) {
	start := p.i
	name, end := p.name(p.i)
	p.i = max(end, p.i+1)
	p.blank()
	key := word{}
	switch {
	case p.at(".Add("):
		if p.i += len(".Add("); p.blankString(&key) && p.peek() == ',' {
			p.i++
			p.blank()
			p.added[name] = append(p.added[name], member{string(key.text), p.i})
		}
		p.rest()
		return
	case p.peek() == '[':
		p.i++
		if !p.blankString(&key) || p.peek() != ']' {
			p.rest()
			return
		}
		p.i++
	case p.peek() == '.':
		if p.i++; p.isString() {
			p.text(&key)
		} else {
			key.text = []byte(p.bare())
		}
	}
	p.blank()
	if p.peek() != '=' || p.at("==") || name == "" {
		p.i = start
		p.whole(converted)
		return
	}
	p.i++
	p.lines()
	if p.fetches() {
		return // the call is read as a statement
	}
	from := p.i
	if p.rest(); len(key.text) > 0 {
		p.added[name] = append(p.added[name], member{string(key.text), from})
		return
	}
	p.vars[name] = append(p.vars[name], binding{from, p.i})
	if *converted < 0 && bytes.Contains(bytes.ToLower(p.src[from:p.i]), []byte("convertto-json")) {
		*converted = from
	}
}

// feedsCurl moves behind a variable or a text that is piped into curl, and behind the name of that. Elsewhere it moves nowhere.
func (p *powerShell) feedsCurl() bool {
	start := p.i
	switch name, end := p.name(p.i); {
	case name != "":
		p.i = end
	case p.isString():
		p.skipString()
	default:
		return false
	}
	if p.blank(); p.peek() == '|' {
		p.i++
		p.lines()
		if name := strings.ToLower(p.bare()); name == "curl" || name == "curl.exe" {
			return true
		}
	}
	p.i = start
	return false
}

// blankString reads a string and the blanks around it.
func (p *powerShell) blankString(w *word) bool {
	p.blank()
	if !p.isString() {
		return false
	}
	p.text(w)
	p.blank()
	return true
}

// whole moves over a statement that may be a table made JSON.
func (p *powerShell) whole(converted *int) {
	from := p.i
	if p.rest(); *converted < 0 && bytes.Contains(bytes.ToLower(p.src[from:p.i]), []byte("convertto-json")) {
		*converted = from
	}
}

// rest moves to the end of a statement: a line break or a semicolon, unless a pipe or a comma stands before it.
func (p *powerShell) rest() {
	open := false
	for p.blank(); p.i < len(p.src); p.blank() {
		switch c := p.src[p.i]; {
		case c == ';', c == '\n' && !open, c == ')', c == '}':
			return
		case c == '\n':
			p.i++
		default:
			open = c == '|' || c == ',' || c == '+' || c == '='
			p.skip()
		}
	}
}

// fetches reports whether a call that sends a request starts at i.
func (p *powerShell) fetches() bool {
	back := p.i
	for p.peek() == '(' || p.peek() == '&' || p.peek() == ' ' {
		p.i++
	}
	is := contains(psFetchers, strings.ToLower(p.bare()))
	p.i = back
	return is
}

// call reads the arguments of a call up to the end of its statement.
func (p *powerShell) call(curl bool) psCall {
	c := psCall{curl: curl}
	set := func(name string, at int) {
		if c.parameters == nil {
			c.parameters = map[string]int{}
		}
		if _, ok := c.parameters[name]; !ok {
			c.parameters[name] = at
		}
	}
	if back := p.i; curl {
		for p.inCall() {
			w := p.argument()
			w.unslash()
			c.words = append(c.words, w)
		}
		if !slices.ContainsFunc(c.words, func(w word) bool {
			return contains([]string{"-uri", "-body", "-method", "-headers", "-infile"}, strings.ToLower(string(w.text)))
		}) {
			return c
		}
		p.i = back
	}
	positional := -1
	for p.inCall() {
		switch name := p.parameter(); {
		case name != "" && contains(psSwitches, name):
		case name != "":
			p.blank()
			set(name, p.i)
			p.argumentEnd()
		case p.at("@") && nameLen(p.src[p.i+1:]) > 0:
			p.splat(set)
		default:
			if positional < 0 {
				positional = p.i
			}
			p.argumentEnd()
		}
	}
	set("", 0)
	if positional >= 0 {
		set("uri", positional)
	}
	return c
}

// unslash takes off the backslashes that Windows PowerShell wants before the quotes in an argument of a program.
func (w *word) unslash() {
	if n := bytes.IndexByte(w.text, '"'); n < 1 || w.text[n-1] != '\\' {
		return
	}
	text := w.text
	w.text = nil
	slashes, cut, next := 0, 0, 0
	for i, c := range text {
		for ; next < len(w.holes) && w.holes[next].at <= i; next++ {
			w.holes[next].at -= cut
		}
		if c == '"' && slashes > 0 {
			half := (slashes + 1) / 2
			w.text = w.text[:len(w.text)-half]
			cut += half
		}
		if w.text = append(w.text, c); c == '\\' {
			slashes++
		} else {
			slashes = 0
		}
	}
}

// inCall moves to the next argument, and reports whether there is one.
func (p *powerShell) inCall() bool {
	p.blank()
	p.calls++
	return p.i < len(p.src) && p.calls < mostWords && strings.IndexByte("\n;|)}", p.src[p.i]) < 0
}

// splat reads @name, whose table holds parameters.
func (p *powerShell) splat(set func(name string, at int)) {
	at := p.i
	p.i++
	table := strings.ToLower(p.bare())
	if !p.visit(table, at, func(binding) {
		if p.casts(); p.at("@{") {
			p.table(func(key string) bool {
				set(strings.ToLower(key), -p.i)
				p.pipeEnd()
				return true
			})
		}
	}) {
		p.d.note(NotLiteral, at, p.i, "only a program that runs knows what stands here")
	}
	for _, m := range p.added[table] {
		set(strings.ToLower(m.key), -m.value)
	}
}

// pipeEnd moves over an expression and what it is piped into.
func (p *powerShell) pipeEnd() {
	p.element(nil)
	for p.blank(); p.peek() == '|' || p.peek() == ','; p.blank() {
		p.i++
		p.lines()
		p.expressionEnd()
	}
}

// parameter reads -Name or -Name: and returns the whole name in lower case, "" where none stands.
func (p *powerShell) parameter() string {
	if p.peek() != '-' {
		return ""
	}
	back := p.i
	p.i++
	n := nameLen(p.src[p.i:])
	name := strings.ToLower(string(p.src[p.i : p.i+n]))
	p.i += n
	if p.peek() == ':' {
		p.i++
	} else if p.i < len(p.src) && strings.IndexByte(" \t\r\n`;|)}", p.src[p.i]) < 0 {
		name = ""
	}
	if name != "" && !contains(psSwitches, name) {
		for _, whole := range psParameters {
			if strings.HasPrefix(whole, name) {
				return whole
			}
		}
	}
	if name == "" {
		p.i = back
	}
	return name
}

// argumentEnd moves over an argument.
func (p *powerShell) argumentEnd() {
	start := p.i
	for p.i < len(p.src) && strings.IndexByte(" \t\r\n;|)}", p.src[p.i]) < 0 {
		if p.src[p.i] == '`' && p.i+1 < len(p.src) && strings.IndexByte("\r\n", p.src[p.i+1]) >= 0 {
			return
		}
		p.skip()
	}
	if p.i == start && p.i < len(p.src) {
		p.i++
	}
}

// argument reads an argument as a text. Without quotes, variables in it are read too.
func (p *powerShell) argument() word {
	if c := p.peek(); p.isString() || c == '(' || c == '[' || p.at("@{") || p.at("@(") {
		return p.operand().word
	}
	w := word{start: p.i}
	if name, end := p.name(p.i); name != "" && (end >= len(p.src) || strings.IndexByte(" \t\r\n;|)}`", p.src[end]) >= 0) {
		w = p.operand().word
		return w
	}
	for p.i < len(p.src) && strings.IndexByte(" \t\r\n;|)}", p.src[p.i]) < 0 {
		if p.isString() {
			p.text(&w)
		} else {
			p.expand(&w, false)
		}
	}
	if p.i == w.start && p.i < len(p.src) {
		p.i++
	}
	w.end = p.i
	return w
}

// request reads the parameters of a call.
func (p *powerShell) request(parameters map[string]int) {
	expression := false
	at := func(name string, read func()) {
		if i, ok := parameters[name]; ok {
			expression = i < 0
			p.i = max(i, -i)
			read()
		}
	}
	at("uri", func() { p.d.address(p.src, p.argument()) })
	at("method", func() { p.d.Method = strings.ToUpper(string(p.argument().text)) })
	at("headers", func() { p.headers() })
	at("token", func() {
		w := p.argument()
		place := span{w.start, w.end}
		if _, plain, ok := strings.Cut(string(w.text), "ConvertTo-SecureString "); ok { // its first text is the key
			if parts := strings.FieldsFunc(plain, func(r rune) bool { return r == '"' || r == '\'' }); len(parts) > 1 {
				p.d.spare(parts[0], place)
				return
			}
		}
		p.d.secret(string(w.text), place, len(w.holes) > 0)
	})
	at("infile", func() { w := p.argument(); p.d.note(OtherFile, w.start, w.end, "the body stands in another file") })
	at("body", func() {
		var v psValue
		if c := p.peek(); expression {
			v = p.value()
		} else if c == '$' || c == '(' || c == '[' || p.at("@") {
			v = p.operand()
		} else {
			v.word = p.argument()
		}
		if v.table && !v.converted {
			p.d.note(Left, v.start, v.end, "without ConvertTo-Json the table is sent as a form")
		}
		p.d.take(p.src, v.word)
	})
}

// headers reads the table of headers at i.
func (p *powerShell) headers() {
	each := func(key string) bool {
		p.blank()
		w := p.value().word
		p.d.pair(p.src, key, string(w.text), w)
		return true
	}
	p.casts()
	if p.at("@{") {
		p.table(each)
		return
	}
	start := p.i
	name, end := p.name(p.i)
	p.visit(name, start, func(binding) {
		if p.casts(); p.at("@{") {
			p.table(each)
		}
	})
	for _, m := range p.added[name] {
		p.i = m.value
		each(m.key)
	}
	if _, ok := p.lookup(name, start); name != "" && !ok {
		p.d.note(NotLiteral, start, end, "only a program that runs knows these headers")
	}
}
