package paste

import (
	"bytes"
	"strings"
)

// requestNames are members that only a request has.
var requestNames = nameSet("prompt messages inputs input")

// plausible reports whether a value may be what is sent to a completion endpoint.
func plausible(v *value) bool {
	for v != nil && v.form == asJSON {
		v = v.items[0].value
	}
	switch {
	case v == nil:
		return false
	case v.form == anObject:
		for _, it := range v.items[:min(len(v.items), mostOptions)] {
			if it.keyed && (requestNames[it.key] || it.key == "model") || it.all && it.value != v && it.value.form == anObject && it.value.items != nil && it.value.get("prompt") != nil {
				return true
			}
		}
		return false
	case v.form == aText || v.form == asTyped:
		return strings.Contains(v.text, "prompt") || strings.Contains(v.text, "messages") || strings.Contains(v.text, "inputs")
	}
	return false
}

// sends takes over an HTTP call: whether it is one for a completion is told by what it sends.
func (p *program) sends(url, body, headers *value, method string) {
	if body != nil && body.form == aCall && plausible(body.at(0)) { // new URLSearchParams({…})
		body = body.at(0)
	}
	known := plausible(body)
	if !known && (!body.named() || p.request != nil) {
		return
	}
	if known && p.request != nil && p.rules == sentAsIs && !plausible(p.request) {
		p.request = nil // that one could not be read
	}
	again := p.request != nil
	if p.take(body, sentAsIs); again {
		return
	}
	p.d.Method = strings.ToUpper(method)
	p.goes(url)
	p.headers(headers)
}

// named reports whether a value is that of a variable or a call, perhaps as JSON.
//
//go:noinline
func (v *value) named() bool {
	for v != nil && v.form == asJSON {
		v = v.items[0].value
	}
	return v != nil && !v.known() && v.text != ""
}

// goes takes over the address of a call, which may go on where a client's begins.
func (p *program) goes(url *value) {
	if url == nil || url.form == aCall {
		return
	}
	said, known := url.plain()
	switch {
	case !known:
		if p.d.URL == "" {
			p.say(NotLiteral, url, "the address is known only to the program")
		}
	case strings.HasPrefix(said, "/"):
		if p.d.URL != "" {
			p.d.goesTo(strings.TrimRight(p.d.URL, "/")+said, url)
		}
	default:
		p.d.goesTo(said, url)
	}
}

// member is get, or for objects latest.
//
//go:noinline
func (v *value) member(name string) *value {
	if v != nil && v.form == anObject {
		return v.latest(name)
	}
	return v.get(name)
}

// first returns the first of several members that is there.
//
//go:noinline
func (v *value) first(names ...string) *value {
	for _, name := range names {
		if found := v.member(name); found != nil {
			return found
		}
	}
	return nil
}

//go:noinline
func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// completes reports whether a path calls a client library for a completion.
//
//go:noinline
func completes(path string) bool {
	for _, end := range []string{"ompletions.create", "ompletion.create", "ompletion.acreate", "Complete.create", "_response.create",
		"ompletions.createStream", "ompletions.create_stream", "ompletions.create_async", "ompletions.create_stream_async",
		"createCompletion", "createChatCompletion"} {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	return false
}

// asks are methods that send what they are given to a model that the client knows.
var asks = nameSet("invoke ainvoke predict apredict stream astream complete acomplete generate agenerate call __call__")

// chain takes over clients that know their model, and what they are asked.
func (p *program) chain(c, options *value) {
	name := last(c.text)
	if options != nil && name != "" && name[0] >= 'A' && name[0] <= 'Z' {
		p.settings(c)
		if options.first("model", "model_name", "modelName", "model_id") == nil {
			return
		}
		if options.get("prompt") != nil && name != "URLSearchParams" {
			p.take(options, sdkCall)
		} else if p.maker == nil {
			p.maker = c
		}
		return
	}
	variable, _, dotted := strings.Cut(c.text, ".")
	asked := c.base
	if b, ok := p.names[variable]; ok && (!dotted || asks[name]) {
		asked = b.value
	}
	switch {
	case asked == nil || asked.form != aCall:
	case asked == p.maker && p.prompt == nil && (asks[name] || !dotted):
		p.prompt = c.at(0)
		if how := c.at(1); how != nil && how.base != nil && how.base.form == aCall {
			how = how.base // a variable that holds what SamplingParams(…) makes
			p.options = how.items
		}
	case asked.text == "Llama" && !dotted && p.indents:
		p.takeNamed(c, sdkCall)
	}
}

func (p *program) pythonCall(c *value) {
	path := c.text
	name := last(path)
	switch {
	case name == "":
	case completes(path):
		if p.takeNamed(c, sdkCall); strings.Contains(name, "stream") {
			p.rules = &calling{names: sdkCall.names, lifted: sdkCall.lifted, stream: true}
		}
	case strings.HasSuffix("."+path, ".completion") || strings.HasSuffix(name, "text_completion") || name == "acompletion",
		name == "generate" && c.get("prompt") != nil:
		if c.first("model", "prompt", "messages") != nil {
			p.takeNamed(c, sdkCall)
		}
	case name == "create_completion":
		p.takeNamed(c, sdkCall)
	case name == "text_generation":
		p.takeNamed(c, generateCall)
	case strings.HasSuffix(path, "headers.update"):
		p.headers(c.at(0))
	case name == "HTTPSConnection" || name == "HTTPConnection":
		if host, ok := c.at(0).plain(); ok {
			p.d.goesTo(strings.ToLower(strings.TrimSuffix(name, "Connection"))+"://"+host, c.at(0))
		}
	case name == "post" || name == "request" || name == "Request" || name == "stream" && c.at(1) != nil || name == "put" || name == "urlopen":
		n := 1
		method := name
		if at, ok := c.at(0).plain(); name == "request" && ok || name == "stream" {
			n, method = 2, at
		} else if name == "Request" || name == "urlopen" {
			method = "POST"
		}
		url, body := c.first("url"), c.first("json", "data", "content", "body")
		if url == nil {
			url = c.at(n - 1)
		}
		if body == nil {
			body = c.at(n)
		}
		headers := c.get("headers")
		if headers == nil {
			headers = c.at(n + 1)
		}
		if !strings.HasPrefix(path, "axios.") {
			p.sends(url, body, headers, method)
		}
	default:
		p.offer(c.at(0))
		p.chain(c, c)
	}
}

// offer keeps what is given to a function of the program's own, should it be all that looks like a request.
func (p *program) offer(v *value) {
	if p.made == nil && v != nil && v.form == anObject && v.first("prompt", "inputs") != nil {
		p.made, p.used = v, true
	}
}

// takeNamed takes over arguments that have names; the first without one is the prompt.
func (p *program) takeNamed(c *value, how *calling) {
	v := &value{form: anObject, start: c.start, end: c.end, below: c.below}
	for _, it := range c.items {
		if !it.keyed && !it.all && len(v.items) == 0 && it.value.form != anObject {
			it.key, it.keyed, it.start, it.end = "prompt", true, it.value.start, 0
		}
		if it.keyed || it.all && it.value.form != aList {
			v.items = append(v.items, it)
		}
	}
	if len(v.items) > 0 {
		p.take(v, how)
	}
}

func (p *program) scriptCall(c *value) {
	path, arg := c.text, c.at(0)
	name := last(path)
	switch {
	case name == "":
	case completes(path):
		if arg != nil && (arg.form == anObject || arg.form == opaque && arg.text != "") {
			how := sdkCall
			if strings.HasSuffix(name, "Stream") {
				how = streamCall
			} else if p.request == nil && p.atoma() {
				how = camelCall
			}
			if p.request == nil {
				p.settings(&value{items: c.items[1:]})
			}
			p.takeScript(arg, how)
		}
	case name == "generateText" || name == "generateObject":
		p.takeScript(arg, agentCall)
	case name == "streamText" || name == "streamObject":
		p.takeScript(arg, agentStreamCall)
	case name == "fetch" || name == "Request":
		if o := c.at(1); o != nil {
			method, _ := o.get("method").plain()
			body := o.first("body", "payload", "json")
			if body == nil && o.form == opaque {
				body = o
			}
			p.sends(arg, body, o.get("headers"), method)
		}
	case (name == "post" || name == "put") && c.at(1) != nil:
		body, headers := c.at(1), c.at(2).get("headers")
		if inner := body.first("json", "body", "data"); inner != nil && !plausible(body) {
			body, headers = inner, c.at(1).get("headers")
		}
		p.sends(arg, body, headers, name)
	case name == "open" && c.at(1) != nil:
		if method, ok := arg.plain(); ok && strings.EqualFold(method, "post") {
			p.goes(c.at(1))
		}
	case name == "setRequestHeader" || (name == "append" || name == "set") && strings.Contains(path, "eaders."):
		if n, ok := arg.plain(); ok {
			p.oneHeader(n, c.at(1))
		}
	case name == "send" || name == "write" || name == "end":
		if plausible(arg) {
			method := p.d.Method
			if method == "" {
				method = "POST"
			}
			p.sends(nil, arg, nil, method)
		}
	case name == "request" && arg.first("hostname", "host") != nil:
		scheme := "https"
		if strings.HasPrefix(path, "http.") {
			scheme = "http"
		}
		host, known := arg.first("hostname", "host").plain()
		if where, ok := arg.get("path").plain(); ok && known {
			if port := arg.get("port"); port != nil && port.form == aToken {
				host += ":" + port.text
			}
			p.d.goesTo(scheme+"://"+host+where, arg)
		}
		p.d.Method, _ = arg.get("method").plain()
		p.headers(arg.get("headers"))
	case arg != nil && arg.form == anObject && plausible(arg.first("data", "body", "json", "payload")):
		method, _ := arg.first("method", "type").plain()
		p.sends(arg.first("url", "uri"), arg.first("data", "body", "json", "payload"), arg.get("headers"), method)
	case name == "create" || strings.HasPrefix(name, "createOpenAI"):
		p.settings(c)
	default:
		if arg != nil && arg.form != anObject {
			arg = nil
		}
		p.offer(arg)
		p.chain(c, arg)
	}
}

func (p *program) takeScript(arg *value, how *calling) {
	if arg != nil && arg.form == anObject {
		p.take(arg, how)
	} else if arg != nil && arg.text != "" && p.request == nil {
		p.take(arg, sentAsIs)
	}
}

// atoma reports whether the program uses the library that spells the wire's names as JavaScript does.
func (p *program) atoma() bool {
	return bytes.Contains(p.src, []byte("atoma")) || bytes.Contains(p.src, []byte("Atoma"))
}

// setting takes over what is assigned to a member of a module or a client.
func (p *program) setting(path string, v *value) {
	if name := last(path); name == path {
		if key, ok := v.plain(); ok && namesKey(name) && certain(key) {
			p.d.spare(key, span{v.start, v.end})
		}
	} else {
		if name == "headers" {
			p.headers(v)
		} else if headerNames[strings.ToLower(name)] {
			p.oneHeader(name, v)
		} else if addressNames[snake(name)] || namesKey(name) {
			p.member(item{key: name, value: v})
		}
	}
}
